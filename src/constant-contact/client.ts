import { setMaxListeners } from 'node:events';
import type { Dispatcher } from 'undici';
import { Breaker, type Outage } from './http/breaker.js';
import { ExportFiles, type ExportFile } from './cache/export-files.js';
import {
  ReferenceCache,
  STALE_AFTER_WRITE,
  type Place,
  type ReferenceFamily,
  type SharedReferences,
} from './cache/reference-cache.js';
import { AccountSizes, SizesByAccount } from './cache/account-sizes.js';
import { systemClock, type Clock } from './clock.js';
import { Coalescer } from './budget/coalescer.js';
import {
  operations,
  type OperationFacts,
  type OperationId,
  type ResponseBody,
} from './contract/operations.js';
import type { Credentials } from './auth/credentials.js';
import { ConstantContactError } from './errors.js';
import { createGovernor, type Governor, type GovernorStatus } from './budget/governor.js';
import type { PaceStatus } from './budget/pacing.js';
import { Meter } from './budget/meter.js';
import { checkPosition } from './http/paging.js';
import { InFlightTracker } from './budget/in-flight.js';
import { PageSizes, type RefusedPageSize } from './http/page-sizes.js';
import { buildRequest, type RawParams } from './http/request.js';
import { Sender, type AttemptReport, type AttemptSpan, type Job } from './http/sender.js';
import { resumed } from './http/resumed.js';
import { inUtf8 } from './http/utf8.js';
import { createTransport } from './http/transport.js';
import type { Api, CallOptions, CallParams, Sent, Watched } from './api.js';
import { Watches, type SharedWatches } from './watch.js';
import { Exchange, StaleRead } from './writes/exchange.js';
import { ObjectLocks, type SharedLocks } from './writes/object-locks.js';
import { objectsOf, readOf } from './writes/objects.js';
import type { Signal } from './stop.js';

export type { Outage } from './http/breaker.js';
export type { RefusedPageSize } from './http/page-sizes.js';
export type { AttemptReport, AttemptSpan } from './http/sender.js';

export interface SessionOptions {
  credentials: Credentials | null;
  partner: Credentials | null;
  signal: Signal;
  meter?: Meter | undefined;
  /** Whose work it is, for a fair share of the budget; unless said, that of whoever the credentials belong to. */
  caller?: string | undefined;
}

/** The client of one API key. One for the process; one session for each request. */
export interface ConstantContact {
  session(options: SessionOptions): Api;
  readonly governor: Governor;
  /** Waits for what is under way and closes the connections. */
  close(): Promise<void>;
}

export interface ClientOptions {
  /** Up to and with the version: `https://api.cc.email/v3`. */
  baseUrl: string;
  clock?: Clock | undefined;
  /** A number in [0, 1) for the jitter of retries. */
  random?: (() => number) | undefined;
  /** Sends in place of an own pool; stays the caller's to close. */
  dispatcher?: Dispatcher | undefined;
  /** The API key's limits, 0 for none; 4 a second and 10,000 a day are what the vendor gives everybody. */
  requestsPerSecond?: number | undefined;
  requestsPerDay?: number | undefined;
  /** How many requests of the day only mutations may use. */
  reservedForMutations?: number | undefined;
  /** How long reference data is kept; 0 keeps none. */
  referenceCacheSeconds?: number | undefined;
  /** Longest time of one attempt, from the leave to send to the end of its answer. */
  attemptTimeoutMs?: number | undefined;
  /** Longest wait for a slot under the rate limit. */
  maxWaitMs?: number | undefined;
  /** Most connections at a time. */
  connections?: number | undefined;
  /** An own governor, to share one between clients of the same key. */
  governor?: Governor | undefined;
  /** Reference data in common with other processes. */
  references?: SharedReferences | null | undefined;
  /** What other processes watch as well. */
  watches?: SharedWatches | null | undefined;
  /** Puts the writes of one object in order among several processes. */
  locks?: SharedLocks | null | undefined;
  /** Told after each attempt. */
  onAttempt?: ((report: AttemptReport) => void) | undefined;
  /** Follows each attempt that has its turn. */
  startAttempt?: ((operationId: OperationId, attempt: number) => AttemptSpan) | undefined;
  /** Told when the API is left alone because it does nothing but fail, and when it is back. */
  onOutage?: ((outage: Outage) => void) | undefined;
  /** Told once for each collection whose usual page size the API refuses. */
  onPageSizeRefused?: ((refused: RefusedPageSize) => void) | undefined;
}

export function createConstantContact(options: ClientOptions): ConstantContact {
  const { origin, pathname } = new URL(options.baseUrl);
  const clock = options.clock ?? systemClock;
  const governor =
    options.governor ??
    createGovernor({
      perSecond: options.requestsPerSecond ?? 4,
      perDay: options.requestsPerDay ?? 10_000,
      reserve: options.reservedForMutations ?? 0,
      clock,
    });
  const transport = createTransport({
    origin,
    clock,
    dispatcher: options.dispatcher,
    connections: options.connections ?? 64,
  });
  const random = options.random ?? Math.random;
  const pageSizes = new PageSizes(options.onPageSizeRefused);
  const shared: Shared = {
    clock,
    random,
    governor,
    basePath: pathname.replace(/\/+$/, ''),
    coalescer: new Coalescer(),
    exportFiles: new ExportFiles(clock),
    watches: new Watches(clock, options.watches ?? null, () => governor.allowsBackground('poll')),
    locks: new ObjectLocks(clock, options.locks ?? null),
    pageSizes,
    sizes: new SizesByAccount(clock, pageSizes),
    cache: new ReferenceCache({
      ttlMs: (options.referenceCacheSeconds ?? 60) * 1_000,
      clock,
      shared: options.references ?? null,
    }),
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
    session: (session) => new Session(shared, session),
    close: () => {
      shared.watches.close();
      shared.exportFiles.close();
      return transport.close();
    },
  };
}

/** How often an object is read for one write: it waits five times for a retry at most, and may meet others. */
const MOST_ROUNDS = 10;

function busyError(now: number): ConstantContactError {
  return new ConstantContactError('rateLimited', 'The object is being written by others all the time.', {
    retryAt: now + 1_000,
  });
}

function bodyOf<Id extends OperationId>({ body }: Sent<Id>): ResponseBody<Id> {
  return body;
}

interface Shared {
  clock: Clock;
  governor: Governor;
  basePath: string;
  coalescer: Coalescer;
  exportFiles: ExportFiles;
  watches: Watches;
  locks: ObjectLocks;
  cache: ReferenceCache;
  pageSizes: PageSizes;
  sizes: SizesByAccount;
  sender: Sender;
  random: () => number;
}

class Session implements Api {
  readonly meter: Meter;
  readonly inFlight = new InFlightTracker();
  readonly unread: ConstantContactError[] = [];
  readonly sizes: AccountSizes;
  readonly pageSizes: PageSizes;
  readonly signal: Signal;
  readonly clock: Clock;
  readonly #shared: Shared;
  readonly #credentials: Credentials | null;
  readonly #partner: Credentials | null;
  readonly #began: number;
  readonly #caller: string | undefined;
  #isMutation = false;

  constructor(shared: Shared, { credentials, partner, signal, meter, caller }: SessionOptions) {
    this.#shared = shared;
    this.#credentials = credentials;
    this.#partner = partner;
    this.#caller = caller;
    this.#began = shared.cache.mark();
    this.pageSizes = shared.pageSizes;
    this.sizes = credentials
      ? shared.sizes.of(credentials.fingerprint)
      : new AccountSizes(shared.clock, shared.pageSizes);
    this.meter = meter ?? new Meter();
    this.signal = signal;
    this.clock = shared.clock;
    // Each call under way listens once; Node warns of a leak from the eleventh on.
    if (signal instanceof AbortSignal) setMaxListeners(0, signal);
  }

  get credentials(): Credentials {
    if (this.#credentials) return this.#credentials;
    throw new ConstantContactError(
      'unauthenticated',
      'There is no access token to call Constant Contact with.',
    );
  }

  call<Id extends OperationId>(
    id: Id,
    params: CallParams<Id>,
    options?: CallOptions,
  ): Promise<ResponseBody<Id>> {
    return this.send(id, params, options).then(bodyOf<Id>);
  }

  send<Id extends OperationId>(id: Id, params: CallParams<Id>, options?: CallOptions): Promise<Sent<Id>> {
    return this.inFlight.track(this.#noted(this.#send(id, params, options)));
  }

  /** Notes a failure in the meter before the caller sees it. */
  #noted<T>(work: Promise<T>): Promise<T> {
    work.catch((error: unknown) => {
      if (error instanceof ConstantContactError) this.meter.noteFailure(error);
    });
    return work;
  }

  #send<Id extends OperationId>(id: Id, params: CallParams<Id>, options?: CallOptions): Promise<Sent<Id>> {
    let job: Job;
    try {
      job = this.#job(id, params, options);
    } catch (error) {
      const reason = error as ConstantContactError;
      return Promise.reject(reason);
    }
    const isRead = operations[id].method === 'GET';
    const objects = isRead && !job.exchange ? [] : objectsOf(id, params);
    const isFurtherPage = (params as RawParams).page !== undefined;
    const sent = isRead ? this.#read(job, objects, isFurtherPage) : this.#inOrder(job, objects);
    return sent as Promise<Sent<Id>>;
  }

  #read(job: Job, objects: readonly string[], isFurtherPage: boolean): Promise<unknown> {
    const { exchange } = job;
    // A read that somebody else began may be older than the last write.
    if (exchange) return this.#readFor(exchange, job, objects);
    return this.#coalesced(job, isFurtherPage, `${job.retry} ${job.request.path}`, (shared) =>
      this.#shared.sender.send(shared),
    );
  }

  async #readFor(exchange: Exchange, job: Job, objects: readonly string[]): Promise<unknown> {
    // One that is made again, because the last was too old, is not in the query cost.
    if (!exchange.isUnderWay) this.meter.begin(job.id, { isWrite: false, isFurtherPage: false });
    await exchange.hold(objects);
    exchange.lastRead = job;
    return exchange.read(() => this.#shared.sender.send(job));
  }

  /** @param start gets the job as it is when several wait for it */
  #coalesced<T>(
    job: Job,
    isFurtherPage: boolean,
    key: string,
    start: (shared: Job) => Promise<T>,
  ): Promise<T> {
    const { coalescer } = this.#shared;
    const joiner = {
      signal: this.signal,
      urgency: job.urgency,
      onJoin: () => {
        this.meter.coalesced += 1;
      },
    };
    if (!coalescer.has(job.credentials.fingerprint, key)) {
      try {
        this.meter.begin(job.id, { isWrite: false, isFurtherPage });
      } catch (error) {
        if (!isFurtherPage) this.sizes.noteLongLists();
        const reason = error as ConstantContactError;
        return Promise.reject(reason);
      }
    }
    return coalescer.run(job.credentials.fingerprint, key, joiner, (signal, urgency) =>
      start({ ...job, signal, urgency }),
    );
  }

  /** A write waits for those that go to the same objects, those of an exchange until its end. */
  async #inOrder(job: Job, objects: readonly string[]): Promise<unknown> {
    const exchange = job.exchange ?? this.#newExchange(job.credentials.fingerprint);
    try {
      await exchange.hold(objects);
      const sent = await exchange.write(this.#write(job), () => job.isInFlight === true);
      exchange.written();
      return sent;
    } finally {
      if (!job.exchange) exchange.end();
    }
  }

  async #write(job: Job): Promise<unknown> {
    const owner = job.credentials.fingerprint;
    const families = STALE_AFTER_WRITE[operations[job.id].tag];
    this.meter.begin(job.id, { isWrite: true, isFurtherPage: false });
    await this.#stale(owner, families);
    try {
      return await this.#shared.sender.send(job);
    } catch (error) {
      if (!(error instanceof ConstantContactError) || error.kind !== 'doneUnread') throw error;
      const answer = await this.#readAfter(job, error);
      this.unread.push(error);
      return answer;
    } finally {
      await this.#stale(owner, families);
    }
  }

  /**
   * What stands in the place of the answer to a write that was carried out, where it can be had: nothing where nothing was promised,
   * or the object as it is now. Like a retry, the read is not in the query cost.
   * @throws the write's own error where it cannot
   */
  async #readAfter(job: Job, unread: ConstantContactError): Promise<unknown> {
    const { response }: OperationFacts = operations[job.id];
    if (response === 'none') return { status: unread.status, body: undefined };
    const id = readOf(job.id);
    if (id === undefined) throw unread;
    const { lastRead } = job.exchange ?? {};
    const { method, path, headers } =
      lastRead?.id === id ? lastRead.request : { ...job.request, method: 'GET' as const };
    const request = { method, path, headers, body: null };
    return this.#shared.sender.send({ ...job, id, request, exchange: undefined, retry: 'auto' }).catch(() => {
      throw unread;
    });
  }

  async exchange<T>(work: (exchange: Exchange) => Promise<T>): Promise<T> {
    const exchange = this.#newExchange(this.credentials.fingerprint);
    try {
      for (let round = 1; ; round += 1) {
        try {
          return await work(exchange);
        } catch (error) {
          if (!(error instanceof StaleRead)) throw error;
          if (round === MOST_ROUNDS) throw busyError(this.clock.now());
        }
      }
    } finally {
      exchange.end();
    }
  }

  #newExchange(owner: string): Exchange {
    return new Exchange(this.#shared.locks, this.clock, owner, this.signal);
  }

  async download(
    id: 'getContactsExport',
    params: CallParams<'getContactsExport'>,
    options?: CallOptions,
  ): Promise<{ body: AsyncIterable<Uint8Array> }> {
    const job = this.#job(id, params, options);
    this.meter.begin(id, { isWrite: false, isFurtherPage: false });
    return { body: inUtf8(await this.#noted(this.#shared.sender.stream(job))) };
  }

  exportFile(params: CallParams<'getContactsExport'>): Promise<ExportFile> {
    return this.inFlight.track(this.#noted(this.#exportFile(params)));
  }

  async #exportFile(params: CallParams<'getContactsExport'>): Promise<ExportFile> {
    const { exportFiles, sender, clock, random } = this.#shared;
    const job = this.#job('getContactsExport', params);
    const key = `${job.credentials.fingerprint} ${job.request.path}`;
    const known = exportFiles.get(key);
    if (known) {
      this.meter.cached += 1;
      return known;
    }
    return this.#coalesced(job, false, `file ${job.request.path}`, async (shared) => {
      // What keeps the API from answering at all is told before there is a file.
      const first = await sender.stream(shared);
      let isFirst = true;
      const open = () => {
        if (!isFirst) return sender.stream(shared);
        isFirst = false;
        return Promise.resolve(first);
      };
      const body = resumed(open, { id: shared.id, clock, random, signal: shared.signal });
      return exportFiles.add(key, inUtf8(body));
    });
  }

  reference<T>(family: ReferenceFamily, variant: string, load: () => Promise<T>): Promise<T> {
    const place = this.#place(family, variant);
    return this.inFlight.track(place ? this.#shared.cache.load(place, this, load) : load());
  }

  peek<T>(family: ReferenceFamily, variant: string): T | undefined {
    const place = this.#place(family, variant);
    return (place ? this.#shared.cache.peek(place) : undefined) as T | undefined;
  }

  remember(family: ReferenceFamily, variant: string, value: unknown): void {
    const place = this.#place(family, variant);
    if (place) this.#shared.cache.remember(place, value, this.#began);
  }

  invalidate(...families: ReferenceFamily[]): void {
    for (const family of families) {
      const owner = this.#place(family, '')?.owner;
      if (owner !== undefined) void this.#stale(owner, [family]);
    }
  }

  watch<T>(watched: Watched<T>): AsyncIterableIterator<T> {
    const credentials = this.credentials;
    return this.#shared.watches.open(watched, {
      owner: credentials.fingerprint,
      signal: this.signal,
      meter: this.meter,
      session: (options) =>
        new Session(this.#shared, { ...options, credentials, partner: null, caller: this.#caller }),
    });
  }

  beginMutation(): void {
    this.#isMutation = true;
  }

  budget(): GovernorStatus & PaceStatus {
    const { governor } = this.#shared;
    return { ...governor.status(), ...governor.pace() };
  }

  async #stale(owner: string, families: readonly ReferenceFamily[]): Promise<void> {
    const everywhere = this.#shared.cache.invalidate(owner, families);
    this.#shared.coalescer.split(owner);
    await everywhere;
  }

  /** Where something of this session is cached; nowhere without credentials. */
  #place(family: ReferenceFamily, variant: string): Place | null {
    const owner = (family === 'partner' ? this.#partner : this.#credentials)?.fingerprint;
    return owner === undefined ? null : { owner, family, variant };
  }

  #job<Id extends OperationId>(id: Id, params: CallParams<Id>, options: CallOptions = {}): Job {
    const raw = params as RawParams;
    if (raw.page !== undefined) checkPosition(id, raw.page);
    const request = buildRequest(this.#shared.basePath, id, raw);
    const credentials = this.#credentialsFor(id);
    return {
      id,
      request,
      credentials,
      caller: this.#caller ?? credentials.fingerprint,
      signal: this.signal,
      meter: this.meter,
      urgency: {
        priority: options.exchange?.isUnderWay ? 'continuation' : (options.priority ?? 'interactive'),
        isForMutation: this.#isMutation || operations[id].method !== 'GET' || options.exchange !== undefined,
      },
      retry: options.retry ?? 'auto',
      exchange: options.exchange,
    };
  }

  #credentialsFor(id: OperationId): Credentials {
    const { auth }: OperationFacts = operations[id];
    if (auth === 'oauth') return this.credentials;
    if (this.#partner) return this.#partner;
    throw new ConstantContactError(
      'forbidden',
      'Partner operations need CONSTANT_CONTACT_PARTNER_API_KEY and CONSTANT_CONTACT_PARTNER_TOKEN, which are not set.',
      { operationId: id },
    );
  }
}
