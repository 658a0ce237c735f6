import type { Meter } from './budget/meter.js';
import type { GovernorStatus } from './budget/governor.js';
import type { PaceStatus } from './budget/pacing.js';
import type { Priority } from './budget/turn.js';
import type { InFlightTracker } from './budget/in-flight.js';
import type { AccountSizes } from './cache/account-sizes.js';
import type { ExportFile } from './cache/export-files.js';
import type { Family } from './cache/ages.js';
import type { Clock } from './clock.js';
import type {
  operations,
  OperationId,
  PathParams,
  QueryParams,
  RequestBody,
  ResponseBody,
} from './contract/operations.js';
import type { Credentials } from './auth/credentials.js';
import type { ConstantContactError } from './errors.js';
import type { Form } from './http/form.js';
import type { PageSizes } from './http/page-sizes.js';
import type { Signal } from './stop.js';
import type { Exchange } from './writes/exchange.js';

export type { ExportFile } from './cache/export-files.js';
export type { Family } from './cache/ages.js';

/** A property that is required if its type has required properties, optional if it has only optional ones, and absent otherwise. */
type Part<Key extends string, Value> = [Value] extends [undefined]
  ? { [K in Key]?: undefined }
  : object extends Value
    ? { [K in Key]?: Value | undefined }
    : undefined extends Value
      ? { [K in Key]?: Value | undefined }
      : { [K in Key]: Value };

type Body<Id extends OperationId> = (typeof operations)[Id]['body'] extends 'multipart'
  ? Form
  : RequestBody<Id>;

/** Parameters of an operation, as in its contract. */
export type CallParams<Id extends OperationId> = Part<'path', PathParams<Id>> &
  Part<'query', QueryParams<Id>> &
  Part<'body', Body<Id>> & {
    /** A position returned by `nextPage`; replaces `query`. */
    page?: string | undefined;
  };

export interface CallOptions {
  /** Interactive work has priority over prefetching. Default: interactive. */
  priority?: Priority;
  /** True for a read that a response can end before, like a further page: by default one with `page`. */
  isFurtherPage?: boolean | undefined;
  /** True if `page` is from a link of the API, or was checked: a link may have parameters that nobody knows of. */
  isFromLink?: boolean | undefined;
  /** `never` disables retries. */
  retry?: 'auto' | 'never';
  /** The read-merge-write that the call is part of; see `Api.exchange`. */
  exchange?: Exchange | undefined;
}

/** Response of an operation. */
export interface Sent<Id extends OperationId> {
  status: number;
  body: ResponseBody<Id>;
  /** True if it comes from the cache and is fresh. */
  isCached?: boolean;
}

/** An object that is polled until it no longer changes. */
export interface Watched<T> {
  /** Identifies the object among all that these credentials watch. */
  readonly key: string;
  /** Families of the cache that are outdated when it changes. Their writes may change it. */
  readonly families?: readonly Family[];
  /** Reads it with one call, made with these options. */
  read(api: Api, options: CallOptions): Promise<T>;
  /** True if the value can no longer change by itself. */
  isFinished(value: T): boolean;
}

/**
 * The REST client of one request: its credentials, its signal, its meter. Calls throw only `ConstantContactError`, except for a
 * `TypeError` on parameters that the operation does not have. Results of reads may be shared with other callers and must not be
 * changed.
 */
export interface Api {
  /** Calls an operation and returns its body: parsed JSON, the text of a CSV, or undefined without a body. */
  call<Id extends OperationId>(
    id: Id,
    params: CallParams<Id>,
    options?: CallOptions,
  ): Promise<ResponseBody<Id>>;
  /** The same with the HTTP status, for operations with several kinds of success (201 and 200, 207, 202). */
  send<Id extends OperationId>(id: Id, params: CallParams<Id>, options?: CallOptions): Promise<Sent<Id>>;
  /**
   * Runs a read and the write based on it; both must use the exchange that `work` receives. The write follows its read
   * directly, and nothing in this program writes the object in between. If that fails, or another writer was faster, `work`
   * runs again, so its steps before the write must have no side effects.
   */
  exchange<T>(work: (exchange: Exchange) => Promise<T>): Promise<T>;
  /** Streams an export file. Read it to its end or leave its loop: until then it keeps a connection busy. */
  download(
    id: 'getContactsExport',
    params: CallParams<'getContactsExport'>,
    options?: CallOptions,
  ): Promise<{ body: AsyncIterable<Uint8Array> }>;
  /**
   * Stores an export file on disk, for these credentials and some minutes. It can be read while it is received, and continues
   * to be received when the caller has left.
   */
  exportFile(params: CallParams<'getContactsExport'>): Promise<ExportFile>;
  /**
   * Reads reference data from the cache, from a load in flight, or with `load`. It is cached for these credentials only, for a
   * short time, until a write through the facade invalidates its family.
   * @param load receives the session to read with: this one, or a background session that refreshes the cache
   */
  reference<T>(family: Family, variant: string, load: (api: Api) => Promise<T>): Promise<T>;
  /** The cached value, or undefined. Never loads, and does not check for invalidations by other processes. */
  peek<T>(family: Family, variant: string): T | undefined;
  /** Resets the time at which the session began to read: with `no-cache`, earlier reads do not count as new. */
  renew(): void;
  /** Runs a write with the reads that it is based on, without the cache. */
  duringWrite<T>(work: () => Promise<T>): Promise<T>;
  /** Caches data included in another response, unless its family was invalidated since this session began. */
  remember(family: Family, variant: string, value: unknown): void;
  /**
   * Returns the current value, then each new one. See `Watches.open`: callers with the same credentials that watch the same
   * object share the reads, which end with this session's signal.
   */
  watch<T>(watched: Watched<T>): AsyncIterableIterator<T>;
  /** From now on all calls, reads included, belong to a mutation and may use the reserve. */
  beginMutation(): void;
  /** Remaining requests of the API key and their rate of use. Makes no call. */
  budget(): GovernorStatus & PaceStatus;
  readonly meter: Meter;
  /** Measured sizes of the account's collections, for query costs. */
  readonly sizes: AccountSizes;
  /** Page sizes that the API has refused. */
  readonly pageSizes: PageSizes;
  /** Writes that were carried out and whose responses could not be read. The reporter of the errors removes them. */
  readonly unread: ConstantContactError[];
  /** The session's work in flight: each call, each load of reference data. */
  readonly inFlight: InFlightTracker;
  /** Ends the session's work when it fires. */
  readonly signal: Signal;
  /** @throws ConstantContactError `unauthenticated` when the session has none */
  readonly credentials: Credentials;
  readonly clock: Clock;
}
