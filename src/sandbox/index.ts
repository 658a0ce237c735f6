/**
 * An embedded, stateful, deterministic Constant Contact account over real HTTP.
 *
 * How it grows: a domain has its rows in `stores/<domain>.ts` (spread into `stores/index.ts`), its handlers by
 * operation in `routes/<entity>.ts` (listed in `routes/index.ts`) and its believable content in `seed/<domain>.ts`
 * (listed in `seed/index.ts`). A handler gets the parsed request and the account, returns status and body, and
 * refuses by throwing; paging, error bodies, quota, journal, faults and the contract checks come from outside.
 */
export { createSandbox, type Sandbox, type SandboxOptions } from './server.js';
export type { Account, AccountOptions } from './account.js';
export type { EditFault, Fault, Faults, FaultScript, StatusFault } from './faults.js';
export type { Journal, JournalEntry } from './journal.js';
export type { OAuthEntry, OAuthSettings, SandboxOAuth } from './oauth.js';
export type { Violation } from './validate.js';
