/** An embedded, stateful, deterministic Constant Contact account over real HTTP. */
export { createSandbox, type Sandbox, type SandboxOptions } from './server.js';
export type { Account, AccountOptions } from './account.js';
export type { EditFault, Fault, Faults, FaultScript, StatusFault } from './faults.js';
export type { Journal, JournalEntry } from './journal.js';
export type { OAuthEntry, OAuthSettings, SandboxOAuth } from './oauth.js';
export type { Violation } from './validate.js';
