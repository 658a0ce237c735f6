import type { Ids } from './ids.js';
import type { Jobs } from './jobs.js';
import type { Stores } from './stores/index.js';

export interface AccountOptions {
  /** Seed of the sample data and IDs. Default: 1. */
  seed?: number;
  /** Initial number of contacts that are not deleted, 0 to 1,000,000. Default: 1,000. */
  contacts?: number;
  /** Initial number of email campaigns. Default: 200. */
  campaigns?: number;
  /** Starts with an owner and no other data. */
  empty?: boolean;
  /** Duration of a small bulk activity in seconds. Default: 1. */
  activitySeconds?: number;
}

interface AccountBase {
  /** Key of the account: a token, or `default`. */
  readonly name: string;
  readonly seed: number;
  readonly size: number;
  readonly campaignCount: number;
  /** Time of creation or of the last reset, in milliseconds. All seeded dates are earlier. */
  readonly startedAt: number;
  readonly ids: Ids;
  readonly jobs: Jobs;
  /**
   * True if sign-ups must be confirmed by email: they become `pending_confirmation` instead of `explicit`.
   */
  confirmedOptIn: boolean;
  /** True if keys of statistics contain dots, as in the vendor's guide, instead of as in the contract. */
  dottedStats: boolean;
}

/**
 * One Constant Contact account: the state that operations read and change. Tests find entities through its
 * collections, such as `account.contacts.find((c) => c.deleted_at !== null)`.
 */
export type Account = AccountBase & Stores;
