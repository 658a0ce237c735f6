import type { Dispatcher } from 'undici';
import type { Api } from './api.js';
import { Coalescer } from './budget/coalescer.js';
import type { Governor } from './budget/governor.js';
import { LocalGovernor } from './budget/local-governor.js';
import { FinishedActivities } from './bulk-activities.js';
import { SizesByAccount } from './cache/account-sizes.js';
import { Ages, type CacheSeconds } from './cache/ages.js';
import { ExportFiles } from './cache/export-files.js';
import { ReadCache, type SharedReads } from './cache/read-cache.js';
import { systemClock, type Clock } from './clock.js';
import type { OperationId } from './contract/operations.js';
import { Breaker, type Outage } from './http/breaker.js';
import { PageSizes, type RefusedPageSize } from './http/page-sizes.js';
import { Sender, type AttemptReport, type AttemptSpan } from './http/sender.js';
import { createTransport } from './http/transport.js';
import type { Shared } from './read-path.js';
import { Session, type SessionOptions } from './session.js';
import type { SharedWatches } from './shared-watches.js';
import { Watches } from './watch.js';
import { ObjectLocks, type SharedLocks } from './writes/object-locks.js';

export type { Outage } from './http/breaker.js';
export type { RefusedPageSize } from './http/page-sizes.js';
export type { AttemptReport, AttemptSpan } from './http/sender.js';

/** The client of one API key. One for the process; one session for each request. */
export interface ConstantContact {
  session(options: SessionOptions): Api;
  readonly governor: Governor;
  /** True if stale data may answer reads when the API fails. */
  readonly servesStale: boolean;
  /** Waits for calls in flight and closes the connections. */
  close(): Promise<void>;
}

export interface ClientOptions {
  /** Up to and with the version: `https://api.cc.email/v3`. */
  baseUrl: string;
  clock?: Clock | undefined;
  /** A number in [0, 1) for the jitter of retries. */
  random?: (() => number) | undefined;
  /** Replaces the client's own pool; the caller must close it. */
  dispatcher?: Dispatcher | undefined;
  /** Limits of the API key, 0 for none. The vendor's default is 4 a second and 10,000 a day. */
  requestsPerSecond?: number | undefined;
  requestsPerDay?: number | undefined;
  /** Number of the day's requests that are reserved for mutations. */
  reservedForMutations?: number | undefined;
  /** Cache ages by family; other families are not cached, except for reference data. */
  cacheSeconds?: CacheSeconds | undefined;
  /** Cache age of reference data of the other families; 0 for no caching. */
  referenceCacheSeconds?: number | undefined;
  /** Time for which expired data is kept for stale responses; 0 by default. */
  staleSeconds?: number | undefined;
  /** Maximum time of one attempt, from the permit to the end of its response. */
  attemptTimeoutMs?: number | undefined;
  /** Maximum wait for a slot under the rate limit. */
  maxWaitMs?: number | undefined;
  /** Replaces the client's own governor, to share one between clients of the same key. */
  governor?: Governor | undefined;
  /** Cache that processes share. */
  reads?: SharedReads | null | undefined;
  /** Watches that processes share. */
  watches?: SharedWatches | null | undefined;
  /** Serializes the writes of one object over several processes. */
  locks?: SharedLocks | null | undefined;
  /** Called after each attempt. */
  onAttempt?: ((report: AttemptReport) => void) | undefined;
  /** Traces each attempt that has its permit. */
  startAttempt?: ((operationId: OperationId, attempt: number) => AttemptSpan | undefined) | undefined;
  /** Called when the circuit breaker opens or closes. */
  onOutage?: ((outage: Outage) => void) | undefined;
  /** Called once for each collection whose default page size the API refuses. */
  onPageSizeRefused?: ((refused: RefusedPageSize) => void) | undefined;
}

export function createConstantContact(options: ClientOptions): ConstantContact {
  const { origin, pathname } = new URL(options.baseUrl);
  const clock = options.clock ?? systemClock;
  const governor =
    options.governor ??
    new LocalGovernor({
      perSecond: options.requestsPerSecond ?? 4,
      perDay: options.requestsPerDay ?? 10_000,
      reserve: options.reservedForMutations ?? 0,
      clock,
    });
  const transport = createTransport({ origin, clock, dispatcher: options.dispatcher });
  const random = options.random ?? Math.random;
  const pageSizes = new PageSizes(options.onPageSizeRefused);
  const ages = new Ages(options.cacheSeconds ?? {}, options.referenceCacheSeconds ?? 60);
  const staleMs = (options.staleSeconds ?? 0) * 1_000;
  const cache = new ReadCache({ staleMs, clock, shared: options.reads ?? null });
  const shared: Shared = {
    clock,
    random,
    governor,
    basePath: pathname.replace(/\/+$/, ''),
    coalescer: new Coalescer(),
    exportFiles: new ExportFiles(clock),
    watches: new Watches(clock, options.watches ?? null, () => governor.allowsBackground('poll'), cache),
    locks: new ObjectLocks(clock, options.locks ?? null),
    finished: new FinishedActivities(clock, ages.longestMs + staleMs),
    pageSizes,
    sizes: new SizesByAccount(clock, pageSizes),
    ages,
    cache,
    sender: new Sender({
      transport,
      governor,
      breaker: new Breaker({ clock, onOutage: options.onOutage }),
      clock,
      random,
      attemptTimeoutMs: options.attemptTimeoutMs ?? 30_000,
      maxWaitMs: options.maxWaitMs ?? 30_000,
      onAttempt: options.onAttempt,
      startAttempt: options.startAttempt,
    }),
  };
  return {
    governor,
    servesStale: (options.staleSeconds ?? 0) > 0,
    session: (session) => new Session(shared, session),
    close: () => {
      shared.watches.close();
      shared.exportFiles.close();
      return transport.close();
    },
  };
}
