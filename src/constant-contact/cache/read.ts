import { ConstantContactError, type ErrorKind } from '../errors.js';
import type { Family } from './ages.js';
import type { Families } from './families.js';
import type { Freshness } from './freshness.js';

/** Where something is kept. */
export interface Place {
  /** Fingerprint of the credentials that it was read with. Nothing is ever answered to other ones. */
  owner: string;
  families: Families;
  /** Distinguishes the entries of one family. */
  variant: string;
  /** Time for which it is fresh. */
  ttlMs: number;
  /** True if several reads make it, such as a whole collection. */
  isReference?: boolean;
}

/** A point in the order of loads and invalidations, not in time. */
export type Mark = number;

/** The value that was read. */
export interface Read<T = unknown> {
  /** Undefined when the API no longer knows it: the entry answers nobody, and replaces what was kept before. */
  value: T;
  /** When the oldest part of it was read, in milliseconds since the epoch. */
  readAt: number;
}

/** A value from the cache. */
export interface Found<T = unknown> extends Read<T> {
  isCached: boolean;
  /** Why it is older than it should be. */
  because?: ErrorKind;
}

/** The caller of a read. */
export interface Reader {
  freshness: Freshness;
  /** When it began to ask: with a greatest age of 0 only what was read since is accepted. */
  since: Mark;
  startedAt: number;
  /** Caller for fair queuing. */
  caller?: string | undefined;
  /** True for a mutation, which must not join a read that the pace may delay or the reserve may refuse. */
  isForMutation: boolean;
  /** True for a refresh ahead, whose calls come after those of others. */
  isBackground?: boolean;
}

/** The generations of a place's families, among all processes: null when they cannot be had, undefined without other processes. */
export type Generation = string | null | undefined;

/** Values that several processes share. A value that does not arrive in time counts as missing; no method throws. */
export interface SharedReads {
  /** Generations of these families, in their order; one changes whenever a process invalidates the family. Null when they are not known. */
  generations(owner: string, families: readonly Family[]): Promise<readonly string[] | null>;
  /** A value that a load of this generation gave, and its age. */
  load(place: Place, generation: string): Promise<{ value: unknown; ageMs: number } | null>;
  /** Keeps for `lifeMs` what a load gave that began in this generation. */
  save(place: Place, generation: string, read: { value: unknown; ageMs: number; lifeMs: number }): void;
  /** Returns true if this process is to refresh a value of this generation, for so long. */
  claim(place: Place, generation: string, ms: number): Promise<boolean>;
  /** Resolves when no process is given older values any more. */
  invalidate(owner: string, families: readonly Family[]): Promise<void>;
}

export function notCachedError(): ConstantContactError {
  return new ConstantContactError(
    'notCached',
    'This is not in the cache, and `cache-control: only-if-cached` allows no REST call. Send the request without that directive.',
  );
}
