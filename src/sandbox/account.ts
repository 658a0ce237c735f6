import type { Ids } from './ids.js';
import type { Jobs } from './jobs.js';
import type { Stores } from './stores/index.js';

export interface AccountOptions {
  /** Other seeds give other people and other ids. 1 when absent. */
  seed?: number;
  /** Live contacts to start with, 0 to 100,000. 1,000 when absent. */
  contacts?: number;
  /** Email campaigns to start with. 200 when absent. */
  campaigns?: number;
  /** Starts with an owner and nothing else. */
  empty?: boolean;
  /** Seconds a small bulk activity takes. 1 when absent. */
  activitySeconds?: number;
}

interface AccountBase {
  /** What the sandbox knows it by: a token, or `default`. */
  readonly name: string;
  readonly seed: number;
  /** How many live contacts the seed makes; other parts of the seed scale with it. */
  readonly size: number;
  /** How many email campaigns the seed makes. */
  readonly campaignCount: number;
  /** When it was made or last reset, in milliseconds: all seeded dates lie before. */
  readonly startedAt: number;
  readonly ids: Ids;
  readonly jobs: Jobs;
  /** Whether sign-ups have to confirm by mail: they become `pending_confirmation` instead of `explicit`. */
  confirmedOptIn: boolean;
  /** Whether statistics spell their keys with dots, as in the vendor's guide, instead of as in the contract. */
  dottedStats: boolean;
}

/**
 * One Constant Contact account: the state that operations read and change.
 * Tests find entities through its collections, such as `account.contacts.find((c) => c.deleted_at !== null)`.
 */
export type Account = AccountBase & Stores;
