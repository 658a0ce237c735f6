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

/** A property that has to be there when its type asks for something, may be there when nothing in it is required, and else is not. */
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

/** What an operation is called with, as its contract has it. */
export type CallParams<Id extends OperationId> = Part<'path', PathParams<Id>> &
  Part<'query', QueryParams<Id>> &
  Part<'body', Body<Id>> & {
    /** A position that `nextPage` gave; takes the place of `query`. */
    page?: string | undefined;
  };

export interface CallOptions {
  /** Interactive work goes before prefetching; interactive unless said. */
  priority?: Priority;
  /** `never` makes the first failure the last. */
  retry?: 'auto' | 'never';
  /** The read-merge-write that the call is part of; see `Api.exchange`. */
  exchange?: Exchange | undefined;
}

/** What an operation answered. */
export interface Sent<Id extends OperationId> {
  status: number;
  body: ResponseBody<Id>;
  /** Whether it comes from the cache and is fresh. */
  isCached?: boolean;
}

/** Something that is read again and again until it changes no more. */
export interface Watched<T> {
  /** Tells it apart from all else that these credentials watch. */
  readonly key: string;
  /** Reads it with one call, made with these options. */
  read(api: Api, options: CallOptions): Promise<T>;
  /** Whether it can no longer change by itself. */
  isOver(value: T): boolean;
}

/**
 * Constant Contact for one request: its credentials, its signal, its meter. Everything that a call throws is a
 * `ConstantContactError`, but for a `TypeError` when it names what the operation does not have. Answers of reads may be
 * shared with other callers, as cached values are: nobody may change them.
 */
export interface Api {
  /** Calls an operation and gives its body: parsed JSON, the text of a CSV, or undefined where there is none. */
  call<Id extends OperationId>(
    id: Id,
    params: CallParams<Id>,
    options?: CallOptions,
  ): Promise<ResponseBody<Id>>;
  /** The same, with the HTTP status, for operations where one success is not like the other (201 and 200, 207, 202). */
  send<Id extends OperationId>(id: Id, params: CallParams<Id>, options?: CallOptions): Promise<Sent<Id>>;
  /**
   * Runs a read and the write that is made of what it gave, both called with the exchange that `work` gets. Nothing else writes the
   * same object meanwhile, as far as this program can know, and the write follows its read at once. When it cannot, or when
   * somebody was faster, `work` runs again: all that it does before its write must be harmless.
   */
  exchange<T>(work: (exchange: Exchange) => Promise<T>): Promise<T>;
  /** An export file as it comes in. Read it to its end or leave its loop: until then it keeps a connection busy. */
  download(
    id: 'getContactsExport',
    params: CallParams<'getContactsExport'>,
    options?: CallOptions,
  ): Promise<{ body: AsyncIterable<Uint8Array> }>;
  /**
   * An export file on disk, which is kept for these credentials for some minutes. It can be read while it comes in; what
   * comes in goes on when the caller has left.
   */
  exportFile(params: CallParams<'getContactsExport'>): Promise<ExportFile>;
  /**
   * Reference data from the cache, from a load that is in flight, or from `load`. It is kept for these credentials
   * only, for a short time, until a write through the facade invalidates its family.
   *
   * @param load gets the session to read with: this one, or one in the background that refreshes what is kept
   */
  reference<T>(family: Family, variant: string, load: (api: Api) => Promise<T>): Promise<T>;
  /** The cached value, or undefined. Never loads, and never asks whether another process has made it stale. */
  peek<T>(family: Family, variant: string): T | undefined;
  /** Forgets when the session began to read: with `no-cache`, what it read before this does not count as new. */
  renew(): void;
  /** Runs a write with the reads that it is based on. None of these comes from the cache. */
  duringWrite<T>(work: () => Promise<T>): Promise<T>;
  /** Caches what came along with another answer, unless its family became stale since this session began. */
  remember(family: Family, variant: string, value: unknown): void;
  /** Makes families stale by hand; writes do it by themselves. */
  invalidate(...families: Family[]): void;
  /**
   * The latest value of something at once, then each new one. See `Watches.open`: the reads are shared with everybody
   * who watches the same with the same credentials, and end with this session's signal.
   */
  watch<T>(watched: Watched<T>): AsyncIterableIterator<T>;
  /** From now on all calls, reads included, are those of a mutation, for which a part of the day may be reserved. */
  beginMutation(): void;
  /** What is left of the API key's requests, and how fast they are spent. Makes no call. */
  budget(): GovernorStatus & PaceStatus;
  readonly meter: Meter;
  /** What is known of the sizes of the account's collections, for query costs. */
  readonly sizes: AccountSizes;
  /** Page sizes that the API has refused. */
  readonly pageSizes: PageSizes;
  /** Writes that were carried out and whose answers could not be read, since whoever reports them has taken them out. */
  readonly unread: ConstantContactError[];
  /** The session's work in flight: each call, each load of reference data. */
  readonly inFlight: InFlightTracker;
  /** Ends the session's work when it fires. */
  readonly signal: Signal;
  /** @throws ConstantContactError `unauthenticated` when the session has none */
  readonly credentials: Credentials;
  readonly clock: Clock;
}
