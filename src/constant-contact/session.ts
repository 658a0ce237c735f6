import { setMaxListeners } from 'node:events';
import type { Api, CallOptions, CallParams, Sent, Watched } from './api.js';
import type { Credentials } from './auth/credentials.js';
import type { GovernorStatus } from './budget/governor.js';
import { InFlightTracker } from './budget/in-flight.js';
import { Meter } from './budget/meter.js';
import type { PaceStatus } from './budget/pacing.js';
import { AccountSizes } from './cache/account-sizes.js';
import type { Family } from './cache/ages.js';
import type { ExportFile } from './cache/export-files.js';
import { invalidatedBy } from './cache/families.js';
import { ANEW, ANY_AGE, type Freshness } from './cache/freshness.js';
import { notCachedError, type Place } from './cache/read-cache.js';
import { SessionReads } from './cache/session-reads.js';
import type { Clock } from './clock.js';
import {
  operations,
  type OperationFacts,
  type OperationId,
  type ResponseBody,
} from './contract/operations.js';
import { ConstantContactError } from './errors.js';
import type { PageSizes } from './http/page-sizes.js';
import { checkForm, checkPosition } from './http/paging.js';
import { buildRequest, type RawParams } from './http/request.js';
import type { Job } from './http/sender.js';
import { inUtf8 } from './http/utf8.js';
import {
  invalidate,
  loadThrough,
  read,
  readExportFile,
  type ReadingSession,
  type Shared,
} from './read-path.js';
import { Stop, type Signal } from './stop.js';
import { bodyWithoutUndeclared } from './writes/declared.js';
import { Exchange } from './writes/exchange.js';
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

/** The API may apply a part of this write before it refuses it. */
const PARTLY_DONE_IF_REFUSED: OperationId = 'updateEmailCampaignActivityUsingPUT';

function bodyOf<Id extends OperationId>({ body }: Sent<Id>): ResponseBody<Id> {
  return body;
}

/** The API for one request, with the credentials of its caller. */
export class Session implements ReadingSession {
  readonly meter: Meter;
  readonly inFlight = new InFlightTracker();
  readonly unread: ConstantContactError[] = [];
  readonly sizes: AccountSizes;
  readonly pageSizes: PageSizes;
  readonly signal: Signal;
  readonly clock: Clock;
  readonly reader: SessionReads;
  readonly #credentials: Credentials | null;
  readonly #partner: Credentials | null;
  readonly #began: number;
  readonly #caller: string | undefined;

  constructor(
    readonly shared: Shared,
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
    this.reader = new SessionReads(shared.cache, shared.ages, shared.clock, this.meter, signal, freshness);
    this.reader.caller = caller;
    this.reader.isBackground = isBackground;
    this.#began = this.reader.since;
    // Each call in flight listens once; Node warns of a leak from the eleventh on.
    if (signal instanceof AbortSignal) setMaxListeners(0, signal);
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
    return this.inFlight.track(this.#send(id, params, options), this.#noteFailure);
  }

  /** Notes a failure in the meter before the caller sees it. */
  readonly #noteFailure = (error: unknown): void => {
    if (error instanceof ConstantContactError) this.meter.noteFailure(error);
  };

  #send<Id extends OperationId>(id: Id, params: CallParams<Id>, options?: CallOptions): Promise<Sent<Id>> {
    let job: Job;
    try {
      job = this.#job(id, params, options);
    } catch (error) {
      const reason = error as ConstantContactError;
      return Promise.reject(reason);
    }
    const { exchange } = job;
    const isRead = operations[id].method === 'GET';
    if (isRead && !exchange) {
      const isFurtherPage = options?.isFurtherPage ?? (params as RawParams).page !== undefined;
      return read(this, job, isFurtherPage) as Promise<Sent<Id>>;
    }
    if (this.reader.freshness.onlyIfCached) return Promise.reject(notCachedError());
    const objects = objectsOf(id, params);
    // A read that another caller began may be older than the last write.
    const sent =
      isRead && exchange
        ? this.#readFor(exchange, job, objects)
        : this.#inOrder(job, objects, (error) => {
            const { body, ...others } = params as RawParams;
            const declared = exchange && bodyWithoutUndeclared(id, body, error);
            return declared === undefined
              ? undefined
              : this.#job(id, { ...others, body: declared } as CallParams<Id>, options);
          });
    return sent as Promise<Sent<Id>>;
  }

  background(freshness: Freshness): Session {
    return this.#sibling({ signal: new Stop(), freshness, isBackground: true });
  }

  /** A session with the same credentials. */
  #sibling(options: Pick<SessionOptions, 'signal' | 'meter' | 'freshness' | 'isBackground'>): Session {
    const own = { credentials: this.#credentials, partner: this.#partner, caller: this.#caller };
    return new Session(this.shared, { ...own, ...options });
  }

  async #readFor(exchange: Exchange, job: Job, objects: readonly string[]): Promise<unknown> {
    // A repeated read, because the last one was too old, is not in the query cost.
    if (!exchange.hasRead) this.meter.begin(job.id, { isWrite: false, isFurtherPage: false });
    await exchange.hold(objects);
    exchange.lastRead = job;
    return exchange.read(() => this.shared.sender.send(job));
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
   * the response arrives. A write that never left, or that the API refused, changed nothing: what was invalidated for it is
   * valid again.
   */
  async #write(job: Job): Promise<unknown> {
    const { cache, coalescer, sender } = this.shared;
    const families = invalidatedBy(job.id);
    const owner = job.credentials.fingerprint;
    const undo: (() => void)[] = [];
    this.meter.begin(job.id, { isWrite: true, isFurtherPage: false });
    job.onSent = () => {
      undo.push(cache.invalidateForWrite(owner, families));
      coalescer.split(owner);
    };
    let mayBeDone = true;
    try {
      return await sender.send(job);
    } catch (error) {
      if (!(error instanceof ConstantContactError)) throw error;
      const isDone = error.kind === 'doneUnread';
      mayBeDone = isDone || error.mayBeDone || job.id === PARTLY_DONE_IF_REFUSED;
      // Of an object that is gone, nothing that was read is valid.
      if (!mayBeDone && error.kind !== 'notFound') for (const one of undo.reverse()) one();
      if (!isDone) throw error;
      const answer = await readAfter(sender, job, error);
      this.unread.push(error);
      return answer;
    } finally {
      if (mayBeDone && job.sentAt !== undefined) await invalidate(this.shared, owner, families);
    }
  }

  async exchange<T>(work: (exchange: Exchange) => Promise<T>): Promise<T> {
    return this.#newExchange(this.credentials.fingerprint).run(work);
  }

  #newExchange(owner: string): Exchange {
    return new Exchange(this.shared.locks, this.clock, owner, this.signal);
  }

  async download(
    id: 'getContactsExport',
    params: CallParams<'getContactsExport'>,
    options?: CallOptions,
  ): Promise<{ body: AsyncIterable<Uint8Array> }> {
    const job = this.#job(id, params, options);
    this.meter.begin(id, { isWrite: false, isFurtherPage: false });
    const stream = await this.shared.sender.stream(job).catch((error: unknown) => {
      this.#noteFailure(error);
      throw error;
    });
    return { body: inUtf8(stream) };
  }

  exportFile(params: CallParams<'getContactsExport'>): Promise<ExportFile> {
    const work = async () => readExportFile(this, this.#job('getContactsExport', params));
    return this.inFlight.track(work(), this.#noteFailure);
  }

  reference<T>(family: Family, variant: string, load: (api: Api) => Promise<T>): Promise<T> {
    const place = this.#place(family, variant);
    return this.inFlight.track(place ? loadThrough(this, place, load) : load(this));
  }

  peek<T>(family: Family, variant: string): T | undefined {
    const place = this.#place(family, variant);
    return (place ? this.shared.cache.peek(place, this.reader)?.value : undefined) as T | undefined;
  }

  remember(family: Family, variant: string, value: unknown): void {
    const place = this.#place(family, variant);
    if (!place || this.reader.freshness.noStore) return;
    this.shared.cache.remember(place, { value, readAt: this.reader.readAt(family) }, this.#began);
  }

  renew(): void {
    this.reader.renew();
  }

  duringWrite<T>(work: () => Promise<T>): Promise<T> {
    return this.reader.duringWrite(work);
  }

  watch<T>(watched: Watched<T>): AsyncIterableIterator<T> {
    const credentials = this.credentials;
    if (this.reader.freshness.onlyIfCached) throw notCachedError();
    return this.shared.watches.open(watched, {
      owner: credentials.fingerprint,
      signal: this.signal,
      meter: this.meter,
      reader: this.reader,
      invalidate: (families) => invalidate(this.shared, credentials.fingerprint, families),
      session: (options) => this.#sibling({ ...options, freshness: ANEW }),
    });
  }

  beginMutation(): void {
    this.reader.isForMutation = true;
  }

  budget(): GovernorStatus & PaceStatus {
    this.meter.keepMs = 0;
    const { governor } = this.shared;
    return { ...governor.status(), ...governor.pace() };
  }

  /** Place in the cache; null without credentials. */
  #place(family: Family, variant: string): Place | null {
    const owner = (family === 'partner' ? this.#partner : this.#credentials)?.fingerprint;
    return owner === undefined ? null : this.reader.referencePlace(owner, family, variant);
  }

  #job<Id extends OperationId>(id: Id, params: CallParams<Id>, options: CallOptions = {}): Job {
    const raw = params as RawParams;
    const { isBackground, isForMutation } = this.reader;
    const { exchange, priority = isBackground ? 'prefetch' : 'interactive' } = options;
    if (raw.page !== undefined) (options.isFromLink ? checkForm : checkPosition)(id, raw.page);
    const request = buildRequest(this.shared.basePath, id, raw);
    const credentials = this.#credentialsFor(id);
    return {
      id,
      request,
      credentials,
      signal: this.signal,
      meter: this.meter,
      parties: undefined,
      party: {
        caller: this.#caller ?? credentials.fingerprint,
        since: this.clock.now(),
        priority: exchange?.hasRead ? 'continuation' : priority,
        isForMutation: isForMutation || operations[id].method !== 'GET' || exchange !== undefined,
      },
      retry: options.retry ?? 'auto',
      exchange,
      isInFlight: false,
      sentAt: undefined,
      onSent: undefined,
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
