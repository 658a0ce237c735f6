import { setMaxListeners } from 'node:events';
import type { Api, CallOptions, CallParams, Sent, Watched } from './api.js';
import type { Credentials } from './auth/credentials.js';
import type { Coalescer } from './budget/coalescer.js';
import type { Governor, GovernorStatus } from './budget/governor.js';
import { InFlightTracker } from './budget/in-flight.js';
import { Meter } from './budget/meter.js';
import type { PaceStatus } from './budget/pacing.js';
import type { Priority } from './budget/turn.js';
import type { FinishedActivities } from './bulk-activities.js';
import { AccountSizes, type SizesByAccount } from './cache/account-sizes.js';
import type { Ages, Family } from './cache/ages.js';
import type { ExportFile, ExportFiles } from './cache/export-files.js';
import { INVALIDATED_BY, invalidatedBy } from './cache/families.js';
import { ANEW, ANY_AGE, type Freshness } from './cache/freshness.js';
import {
  notCachedError,
  type Found,
  type Generation,
  type Place,
  type Read,
  type ReadCache,
} from './cache/read-cache.js';
import { SessionReads } from './cache/session-reads.js';
import type { Clock } from './clock.js';
import {
  operations,
  type OperationFacts,
  type OperationId,
  type ResponseBody,
} from './contract/operations.js';
import { ConstantContactError } from './errors.js';
import type { Answer } from './http/answer.js';
import { hasResults, listsErrors } from './http/error-body.js';
import type { PageSizes } from './http/page-sizes.js';
import { checkForm, checkPosition } from './http/paging.js';
import { buildRequest, type RawParams } from './http/request.js';
import { resumed } from './http/resumed.js';
import type { Job, Sender } from './http/sender.js';
import { inUtf8 } from './http/utf8.js';
import { Stop, type Signal } from './stop.js';
import type { Watches } from './watch.js';
import { bodyWithoutUndeclared } from './writes/declared.js';
import { Exchange } from './writes/exchange.js';
import type { ObjectLocks } from './writes/object-locks.js';
import { objectsOf } from './writes/objects.js';
import { readAfter } from './writes/read-after.js';

export interface SessionOptions {
  credentials: Credentials | null;
  partner: Credentials | null;
  signal: Signal;
  meter?: Meter | undefined;
  /** Caller for fair queuing; default: the owner of the credentials. */
  caller?: string | undefined;
  /** Maximum age of data; any by default. */
  freshness?: Freshness | undefined;
  /** True if nobody waits for it: its calls come after those of others. */
  isBackground?: boolean | undefined;
}

const BULK_ACTIVITIES = 'Bulk Activities';

/** Key of identical reads in flight. */
function readKey({ retry, request }: Job): string {
  return `${retry} ${request.path}`;
}

/**
 * Returns true if an answer may be cached. Errors are not, nor values that the API is still computing. Rows beside errors are:
 * their readers request the missing ones again.
 */
function isCacheable({ status, body }: Answer): boolean {
  return status === 200 && (!listsErrors(body) || hasResults(body));
}

function bodyOf<Id extends OperationId>({ body }: Sent<Id>): ResponseBody<Id> {
  return body;
}

/** State that the sessions of a client share. */
export interface Shared {
  clock: Clock;
  governor: Governor;
  basePath: string;
  coalescer: Coalescer;
  exportFiles: ExportFiles;
  watches: Watches;
  locks: ObjectLocks;
  ages: Ages;
  cache: ReadCache;
  finished: FinishedActivities;
  pageSizes: PageSizes;
  sizes: SizesByAccount;
  sender: Sender;
  random: () => number;
}

/** The API for one request, with the credentials of its caller. */
export class Session implements Api {
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
  readonly #reads: SessionReads;

  constructor(
    shared: Shared,
    {
      credentials,
      partner,
      signal,
      meter,
      caller,
      freshness = ANY_AGE,
      isBackground = false,
    }: SessionOptions,
  ) {
    this.#shared = shared;
    this.#credentials = credentials;
    this.#partner = partner;
    this.#caller = caller;
    this.pageSizes = shared.pageSizes;
    this.sizes = credentials
      ? shared.sizes.of(credentials.fingerprint)
      : new AccountSizes(shared.clock, shared.pageSizes);
    this.meter = meter ?? new Meter();
    this.signal = signal;
    this.clock = shared.clock;
    this.#reads = new SessionReads(shared.cache, shared.ages, shared.clock, this.meter, signal, freshness);
    this.#reads.isBackground = isBackground;
    this.#began = this.#reads.since;
    // Each call in flight listens once; Node warns of a leak from the eleventh on.
    if (signal instanceof AbortSignal) setMaxListeners(0, signal);
  }

  get #priority(): Priority {
    return this.#reads.isBackground ? 'prefetch' : 'interactive';
  }

  get credentials(): Credentials {
    if (this.#credentials) return this.#credentials;
    throw new ConstantContactError(
      'unauthenticated',
      'This server has no Constant Contact access token. Send your own in the header "Authorization: Bearer <access token>".',
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
    if (this.#reads.freshness.onlyIfCached && (!isRead || job.exchange))
      return Promise.reject(notCachedError());
    const objects = isRead && !job.exchange ? [] : objectsOf(id, params);
    const isFurtherPage = options?.isFurtherPage ?? (params as RawParams).page !== undefined;
    const sent = isRead
      ? this.#read(job, objects, isFurtherPage)
      : this.#inOrder(job, objects, (error) => {
          const { body, ...others } = params as RawParams;
          const declared = options?.exchange && bodyWithoutUndeclared(id, body, error);
          return declared === undefined
            ? undefined
            : this.#job(id, { ...others, body: declared } as CallParams<Id>, options);
        });
    return sent as Promise<Sent<Id>>;
  }

  #read(job: Job, objects: readonly string[], isFurtherPage: boolean): Promise<unknown> {
    const { exchange } = job;
    // A read that another caller began may be older than the last write.
    if (exchange) return this.#readFor(exchange, job, objects);
    const place = this.#reads.placeOf(job.id, job.credentials.fingerprint, job.request.path);
    if (place) return this.#readThrough(place, job, isFurtherPage);
    if (this.#reads.freshness.onlyIfCached) return Promise.reject(notCachedError());
    this.meter.keepMs = 0;
    const { cache, sender } = this.#shared;
    const start = (shared: Job) =>
      operations[job.id].tag === BULK_ACTIVITIES ? this.#readActivities(shared) : sender.send(shared);
    return this.#coalesced(job, isFurtherPage, readKey(job), start, cache.noticesWrites(undefined));
  }

  /** Reads states of bulk activities. What has finished since has changed the account after its start was answered. */
  async #readActivities(job: Job): Promise<Answer> {
    const { sender, finished } = this.#shared;
    const answer = await sender.send(job);
    const owner = job.credentials.fingerprint;
    if (finished.hasNews(owner, answer.body)) await this.#stale(owner, INVALIDATED_BY[BULK_ACTIVITIES]);
    return answer;
  }

  /** Reads through the cache. */
  async #readThrough(place: Place, job: Job, isFurtherPage: boolean): Promise<Answer> {
    const { cache } = this.#shared;
    const note = (found: Found<Answer>) => {
      this.#reads.note(place, found);
      if (listsErrors(found.value.body)) this.meter.keepMs = 0;
      return found.value;
    };
    const generation = await cache.generationOf(place);
    const found = (await cache.find(place, this.#reads, generation)) as Found<Answer> | undefined;
    if (found) {
      this.#refreshAhead(place, found, (session) => session.#refetch(place, job));
      return note(found);
    }
    if (this.#reads.freshness.onlyIfCached) throw notCachedError();
    try {
      const value = await this.#fetch(place, generation, job, isFurtherPage);
      return note({ value, readAt: value.readAt ?? this.clock.now(), isCached: false });
    } catch (error) {
      const stale = await cache.findStale(place, this.#reads, error);
      if (!stale) throw error;
      // No part of it can be read again.
      return { ...note(stale as Found<Answer>), isCached: false };
    }
  }

  /** Reads from the API, and caches the response. */
  #fetch(place: Place, generation: Generation, job: Job, isFurtherPage: boolean): Promise<Answer> {
    // A read of an older generation may not know of another process's write.
    const key = `${readKey(job)} ${String(generation)}`;
    const { cache } = this.#shared;
    const start = async (shared: Job) => {
      const keep = cache.begin(place, generation);
      try {
        const answer = await this.#shared.sender.send(shared);
        answer.readAt = shared.sentAt ?? this.clock.now();
        if (isCacheable(answer) && !this.#reads.freshness.noStore)
          keep({ value: { ...answer, isCached: true }, readAt: answer.readAt });
        return answer;
      } catch (error) {
        const isGone = error instanceof ConstantContactError && error.kind === 'notFound';
        if (isGone) keep({ value: undefined, readAt: shared.sentAt ?? this.clock.now() });
        throw error;
      }
    };
    return this.#coalesced(job, isFurtherPage, key, start, cache.noticesWrites(generation));
  }

  async #refetch(place: Place, job: Job): Promise<void> {
    const { signal, meter } = this;
    const urgency = { priority: this.#priority, isForMutation: false };
    const generation = await this.#shared.cache.generationOf(place);
    await this.#fetch(place, generation, { ...job, signal, meter, urgency }, false);
  }

  /** Refreshes a read that is about to expire in the background, if the budget allows it. */
  #refreshAhead(place: Place, found: Found, refresh: (session: Session) => Promise<unknown>): void {
    const { cache, governor } = this.#shared;
    const { onlyIfCached, noStore } = this.#reads.freshness;
    if (onlyIfCached || noStore || !cache.isDue(place, found)) return;
    if (!governor.allowsBackground('refresh')) return;
    const session = () =>
      new Session(this.#shared, {
        credentials: this.#credentials,
        partner: this.#partner,
        signal: new Stop(),
        caller: this.#caller,
        // Another refresh may have read a part of it just now.
        freshness: { ...ANEW, maxAgeMs: cache.aheadMs(place) },
        isBackground: true,
      });
    // If this refresh fails, the cached value is used until it expires.
    cache.refreshAhead(place, () => refresh(session())).catch(() => undefined);
  }

  async #readFor(exchange: Exchange, job: Job, objects: readonly string[]): Promise<unknown> {
    // A repeated read, because the last one was too old, is not in the query cost.
    if (!exchange.isInFlight) this.meter.begin(job.id, { isWrite: false, isFurtherPage: false });
    await exchange.hold(objects);
    exchange.lastRead = job;
    return exchange.read(() => this.#shared.sender.send(job));
  }

  /**
   * @param start receives the job as it is when several callers wait for it
   * @param joinsEarlier false to join no read that left before this session started
   */
  #coalesced<T>(
    job: Job,
    isFurtherPage: boolean,
    key: string,
    start: (shared: Job) => Promise<T>,
    joinsEarlier = true,
  ): Promise<T> {
    const { coalescer } = this.#shared;
    const { freshness, startedAt } = this.#reads;
    const joiner = {
      signal: this.signal,
      urgency: job.urgency,
      accepts: (sentAt: number) =>
        sentAt >= startedAt ||
        (joinsEarlier && freshness.maxAgeMs > 0 && this.clock.now() - sentAt <= freshness.maxAgeMs),
      onJoin: (sentAt: number | undefined) => {
        this.meter.coalesced += 1;
        if (sentAt !== undefined) this.#reads.noteAge(sentAt);
      },
    };
    if (!coalescer.has(job.credentials.fingerprint, key, joiner)) {
      try {
        this.meter.begin(job.id, { isWrite: false, isFurtherPage });
      } catch (error) {
        if (!isFurtherPage) this.sizes.noteLongLists();
        const reason = error as ConstantContactError;
        return Promise.reject(reason);
      }
    }
    return coalescer.run(job.credentials.fingerprint, key, joiner, (read) => {
      const { signal, urgency } = read;
      const shared: Job = { ...job, signal, urgency };
      read.sentAt = () => shared.sentAt;
      return start(shared);
    });
  }

  /**
   * A write waits for other writes of the same objects, those of an exchange until its end.
   * @param insteadOf returns the write that follows a refused one, if any
   */
  async #inOrder(
    job: Job,
    objects: readonly string[],
    insteadOf: (error: unknown) => Job | undefined,
  ): Promise<unknown> {
    const exchange = job.exchange ?? this.#newExchange(job.credentials.fingerprint);
    try {
      await exchange.hold(objects);
      const write = (one: Job) => exchange.write(this.#write(one), () => one.isInFlight === true);
      const sent = await write(job).catch((error: unknown) => {
        const other = insteadOf(error);
        if (!other) throw error;
        return write(other);
      });
      exchange.written();
      return sent;
    } finally {
      if (!job.exchange) exchange.end();
    }
  }

  /**
   * Data that was read before the write is outdated in all processes from the moment its request leaves: this process may end before
   * the response arrives. A write that never left, or that the API refused, changed nothing.
   */
  async #write(job: Job): Promise<unknown> {
    const { sender } = this.#shared;
    const families = invalidatedBy(job.id);
    const invalidate = () => this.#stale(job.credentials.fingerprint, families);
    this.meter.begin(job.id, { isWrite: true, isFurtherPage: false });
    job.onSent = () => void invalidate();
    let mayBeDone = true;
    try {
      return await sender.send(job);
    } catch (error) {
      if (!(error instanceof ConstantContactError)) throw error;
      const isDone = error.kind === 'doneUnread';
      mayBeDone = isDone || error.mayBeDone;
      if (!isDone) throw error;
      const answer = await readAfter(sender, job, error);
      this.unread.push(error);
      return answer;
    } finally {
      if (mayBeDone && job.sentAt !== undefined) await invalidate();
    }
  }

  async exchange<T>(work: (exchange: Exchange) => Promise<T>): Promise<T> {
    return this.#newExchange(this.credentials.fingerprint).run(work);
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
    this.meter.keepMs = 0;
    const known = exportFiles.get(key);
    if (known && this.#reads.accepts(known.readAt)) {
      this.meter.noteCached(known.readAt);
      return known;
    }
    if (this.#reads.freshness.onlyIfCached) throw notCachedError();
    return this.#coalesced(job, false, `file ${job.request.path}`, (shared) =>
      exportFiles.add(key, !this.#reads.freshness.noStore, async () => {
        // An API that does not respond must be reported before a file is created.
        const first = await sender.stream(shared);
        let isFirst = true;
        const open = () => {
          if (!isFirst) return sender.stream(shared);
          isFirst = false;
          return Promise.resolve(first);
        };
        return inUtf8(resumed(open, { id: shared.id, clock, random, signal: shared.signal }));
      }),
    );
  }

  reference<T>(family: Family, variant: string, load: (api: Api) => Promise<T>): Promise<T> {
    const place = this.#place(family, variant);
    return this.inFlight.track(place ? this.#loadThrough(place, load) : load(this));
  }

  async #loadThrough<T>(place: Place, load: (api: Api) => Promise<T>): Promise<T> {
    const { cache } = this.#shared;
    const loadIn = (session: Session) =>
      cache.load(place, session.#reads, async (): Promise<Read<T>> => {
        const startedAt = this.clock.now();
        const value = await load(session);
        const readAt = Math.min(startedAt, session.#reads.readAt(place.families[0], startedAt));
        return { value, readAt };
      });
    const found = await loadIn(this);
    this.#refreshAhead(place, found, loadIn);
    this.#reads.note(place, found);
    return found.value;
  }

  peek<T>(family: Family, variant: string): T | undefined {
    const place = this.#place(family, variant);
    return (place ? this.#shared.cache.peek(place, this.#reads)?.value : undefined) as T | undefined;
  }

  remember(family: Family, variant: string, value: unknown): void {
    const place = this.#place(family, variant);
    if (!place || this.#reads.freshness.noStore) return;
    this.#shared.cache.remember(place, { value, readAt: this.#reads.readAt(family) }, this.#began);
  }

  renew(): void {
    this.#reads.renew();
  }

  duringWrite<T>(work: () => Promise<T>): Promise<T> {
    return this.#reads.duringWrite(work);
  }

  watch<T>(watched: Watched<T>): AsyncIterableIterator<T> {
    const credentials = this.credentials;
    if (this.#reads.freshness.onlyIfCached) throw notCachedError();
    return this.#shared.watches.open(watched, {
      owner: credentials.fingerprint,
      signal: this.signal,
      meter: this.meter,
      reader: this.#reads,
      invalidate: (families) => this.#stale(credentials.fingerprint, families),
      session: (options) =>
        new Session(this.#shared, {
          ...options,
          credentials,
          partner: null,
          caller: this.#caller,
          // Another refresh may have read a part of it just now.
          freshness: { ...ANEW, maxAgeMs: cache.aheadMs(place) },
        }),
    });
  }

  beginMutation(): void {
    this.#reads.isForMutation = true;
  }

  budget(): GovernorStatus & PaceStatus {
    this.meter.keepMs = 0;
    const { governor } = this.#shared;
    return { ...governor.status(), ...governor.pace() };
  }

  async #stale(owner: string, families: readonly Family[]): Promise<void> {
    const everywhere = this.#shared.cache.invalidate(owner, families);
    this.#shared.coalescer.split(owner);
    await everywhere;
  }

  /** Place in the cache; null without credentials. */
  #place(family: Family, variant: string): Place | null {
    const owner = (family === 'partner' ? this.#partner : this.#credentials)?.fingerprint;
    return owner === undefined ? null : this.#reads.referencePlace(owner, family, variant);
  }

  #job<Id extends OperationId>(id: Id, params: CallParams<Id>, options: CallOptions = {}): Job {
    const raw = params as RawParams;
    if (raw.page !== undefined) (options.isFromLink ? checkForm : checkPosition)(id, raw.page);
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
        priority: options.exchange?.isInFlight ? 'continuation' : (options.priority ?? this.#priority),
        isForMutation:
          this.#reads.isForMutation || operations[id].method !== 'GET' || options.exchange !== undefined,
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
      'Partner operations require CONSTANT_CONTACT_PARTNER_API_KEY and CONSTANT_CONTACT_PARTNER_TOKEN, which are not set.',
      { operationId: id },
    );
  }
}
