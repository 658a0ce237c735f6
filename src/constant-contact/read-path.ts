import { throwIfAborted } from './abort.js';
import type { Api } from './api.js';
import type { Coalescer, SharedRead } from './budget/coalescer.js';
import type { Governor } from './budget/governor.js';
import type { Meter } from './budget/meter.js';
import type { FinishedActivities } from './bulk-activities.js';
import type { SizesByAccount } from './cache/account-sizes.js';
import type { Ages, Family } from './cache/ages.js';
import type { ExportFile, ExportFiles } from './cache/export-files.js';
import { INVALIDATED_BY } from './cache/families.js';
import { ANEW, type Freshness } from './cache/freshness.js';
import { notCachedError, type Found, type Generation, type Place, type Read } from './cache/read.js';
import type { ReadCache } from './cache/read-cache.js';
import type { SessionReads } from './cache/session-reads.js';
import type { Clock } from './clock.js';
import { operations } from './contract/operations.js';
import { ConstantContactError } from './errors.js';
import type { Answer } from './http/answer.js';
import { hasResults, listsErrors } from './http/error-body.js';
import type { PageSizes } from './http/page-sizes.js';
import { resumed } from './http/resumed.js';
import type { Job, Sender } from './http/sender.js';
import { inUtf8 } from './http/utf8.js';
import type { Watches } from './watch.js';
import type { ObjectLocks } from './writes/object-locks.js';

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

/** A session, as its reads see it. */
export interface ReadingSession extends Api {
  readonly shared: Shared;
  readonly reader: SessionReads;
  /** A session with the same credentials, for work that nobody waits for. */
  background(freshness: Freshness): ReadingSession;
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

/** Answers a read from the cache, from an identical read in flight, or by a call. */
export function read(session: ReadingSession, job: Job, isFurtherPage: boolean): Promise<Answer> {
  const { reader, meter, shared } = session;
  const place = reader.placeOf(job.id, job.credentials.fingerprint, job.request.path);
  if (place) return readThrough(session, place, job, isFurtherPage);
  if (reader.freshness.onlyIfCached) return Promise.reject(notCachedError());
  meter.keepMs = 0;
  const start = (own: Job) =>
    operations[job.id].tag === BULK_ACTIVITIES ? readActivities(shared, own) : shared.sender.send(own);
  return coalesced(session, job, isFurtherPage, readKey(job), start, shared.cache.noticesWrites(undefined));
}

/** Reads states of bulk activities. What has finished since has changed the account after its start was answered. */
async function readActivities(shared: Shared, job: Job): Promise<Answer> {
  const answer = await shared.sender.send(job);
  const owner = job.credentials.fingerprint;
  if (shared.finished.hasNews(owner, answer.body))
    await invalidate(shared, owner, INVALIDATED_BY[BULK_ACTIVITIES]);
  return answer;
}

/** Invalidates earlier reads of these families for this owner. Joins with reads in flight end, too. */
export async function invalidate(
  { cache, coalescer }: Shared,
  owner: string,
  families: readonly Family[],
): Promise<void> {
  const everywhere = cache.invalidate(owner, families);
  coalescer.split(owner);
  await everywhere;
}

async function readThrough(
  session: ReadingSession,
  place: Place,
  job: Job,
  isFurtherPage: boolean,
): Promise<Answer> {
  const { value, because } = await through(
    session,
    place,
    (generation) => fetch(session, place, generation, job, isFurtherPage),
    (background, generation) => {
      const { signal, meter } = background;
      const party = { ...job.party, priority: 'prefetch', isForMutation: false } as const;
      return fetch(background, place, generation, { ...job, signal, meter, party }, false);
    },
  );
  if (listsErrors(value.body)) session.meter.keepMs = 0;
  // No part of a stale answer can be read again.
  return because === undefined ? value : { ...value, isCached: false };
}

/** Answers from the cache, with `load`, or, if that fails in an outage, with stale data. */
async function through<T>(
  session: ReadingSession,
  place: Place,
  load: (generation: Generation) => Promise<Read<T>>,
  refresh: (background: ReadingSession, generation: Generation) => Promise<unknown>,
): Promise<Found<T>> {
  const { reader, shared } = session;
  const { cache } = shared;
  const generation = await cache.generationOf(place);
  let found = (await cache.find(place, reader, generation)) as Found<T> | undefined;
  if (found) refreshAhead(session, place, found, refresh);
  else if (reader.freshness.onlyIfCached) throw notCachedError();
  else
    try {
      found = { ...(await load(generation)), isCached: false };
    } catch (error) {
      const stale = await cache.findStale(place, reader, error);
      if (!stale) throw error;
      found = stale as Found<T>;
    }
  reader.note(place, found);
  return found;
}

/** Reads from the API, and caches the response. */
async function fetch(
  session: ReadingSession,
  place: Place,
  generation: Generation,
  job: Job,
  isFurtherPage: boolean,
): Promise<Read<Answer>> {
  const { cache, sender, clock } = session.shared;
  // A read of an older generation may not know of another process's write.
  const key = `${readKey(job)} ${String(generation)}`;
  const start = async (own: Job) => {
    const keep = cache.begin(place, generation);
    try {
      const answer = await sender.send(own);
      answer.readAt = own.sentAt ?? clock.now();
      if (isCacheable(answer) && !session.reader.freshness.noStore)
        keep({ value: { ...answer, isCached: true }, readAt: answer.readAt });
      return answer;
    } catch (error) {
      const isGone = error instanceof ConstantContactError && error.kind === 'notFound';
      if (isGone) keep({ value: undefined, readAt: own.sentAt ?? clock.now() });
      throw error;
    }
  };
  const answer = await coalesced(session, job, isFurtherPage, key, start, cache.noticesWrites(generation));
  return { value: answer, readAt: answer.readAt ?? clock.now() };
}

/** Refreshes a read that is about to expire in the background, if the budget allows it. */
function refreshAhead(
  session: ReadingSession,
  place: Place,
  found: Found,
  refresh: (background: ReadingSession, generation: Generation) => Promise<unknown>,
): void {
  const { cache, governor } = session.shared;
  const { onlyIfCached, noStore } = session.reader.freshness;
  if (onlyIfCached || noStore || !cache.isDue(place, found)) return;
  if (!governor.allowsBackground('refresh')) return;
  // Another refresh may have read a part of it just now.
  const freshness = { ...ANEW, maxAgeMs: cache.aheadMs(place) };
  // If this refresh fails, the cached value is used until it expires.
  cache
    .refreshAhead(place, (generation) => refresh(session.background(freshness), generation))
    .catch(() => undefined);
}

/** Answers a read of reference data from the cache, from a load in flight, or with `load`. */
export async function loadThrough<T>(
  session: ReadingSession,
  place: Place,
  load: (api: Api) => Promise<T>,
): Promise<T> {
  const { value } = await through(
    session,
    place,
    (generation) => loadOnce(session, place, generation, load),
    (background, generation) => loadOnce(background, place, generation, load),
  );
  return value;
}

const callsOf = ({ calls, coalesced }: Meter) => calls + coalesced;

/**
 * Loads reference data, and caches it. The calls are those of the session that began, so when that goes away, or has reached a
 * limit of its own, the next one that waits loads for itself and the rest.
 */
async function loadOnce<T>(
  session: ReadingSession,
  place: Place,
  generation: Generation,
  load: (api: Api) => Promise<T>,
): Promise<Read<T>> {
  const { reader, meter, signal, shared } = session;
  const { cache, clock, coalescer } = shared;
  const { owner, families } = place;
  const { caller = owner, isForMutation, isBackground } = reader;
  const start = async (flight: SharedRead): Promise<Read<T>> => {
    const startedAt = clock.now();
    const callsBefore = callsOf(meter);
    flight.sentAt = () => startedAt;
    // The calls of a load of its own join those in flight, with turns of their own.
    flight.isSlowerFor = (party) =>
      (party.isForMutation && !isForMutation) ||
      (party.priority !== 'prefetch' && isBackground) ||
      (party.caller !== caller && callsOf(meter) === callsBefore);
    const keep = cache.begin(place, generation);
    const value = await load(session).catch((error: unknown) => {
      throwIfAborted(signal);
      throw error;
    });
    const readAt = Math.min(startedAt, reader.readAt(families[0], startedAt));
    // Null is an object that the API does not know.
    if (value === null) keep({ value: undefined, readAt });
    else if (!reader.freshness.noStore) keep({ value, readAt });
    return { value, readAt };
  };
  let hasJoined = false;
  const joiner = {
    signal,
    party: { caller, isForMutation, priority: isBackground ? 'prefetch' : 'interactive' } as const,
    accepts: (startedAt: number) =>
      cache.noticesWrites(generation) ? reader.accepts(startedAt) : startedAt >= reader.startedAt,
    onJoin: () => {
      hasJoined = true;
      meter.coalesced += 1;
    },
  };
  // An invalidation of other families ends no joins.
  const key = [owner, families[0], place.variant, cache.invalidatedAt(owner, families)].join(' ');
  try {
    return await coalescer.run('', key, joiner, start);
  } catch (error) {
    if (!hasJoined || signal.aborted || !isOfOther(error)) throw error;
    return loadOnce(session, place, generation, load);
  }
}

/** Returns true for failures that concern only the caller whose call it was: it has left, or reached its query cost or its longest wait. */
function isOfOther(error: unknown): boolean {
  if (!(error instanceof ConstantContactError)) return false;
  const { kind, status } = error;
  return kind === 'aborted' || kind === 'overCost' || (kind === 'rateLimited' && status === undefined);
}

/** Answers with an export file on disk, which may still be arriving, or begins to store it. */
export async function readExportFile(session: ReadingSession, job: Job): Promise<ExportFile> {
  const { reader, meter } = session;
  const { exportFiles, sender, clock, random } = session.shared;
  const key = `${job.credentials.fingerprint} ${job.request.path}`;
  meter.keepMs = 0;
  const known = exportFiles.get(key);
  if (known && reader.accepts(known.readAt)) {
    meter.noteCached(known.readAt);
    return known;
  }
  if (reader.freshness.onlyIfCached) throw notCachedError();
  return coalesced(session, job, false, `file ${job.request.path}`, (own) =>
    exportFiles.add(key, !reader.freshness.noStore, async () => {
      // An API that does not respond must be reported before a file is created.
      let first: AsyncIterable<Uint8Array> | undefined = await sender.stream(own);
      const open = async () => {
        const body = first ?? (await sender.stream(own));
        first = undefined;
        return body;
      };
      return inUtf8(resumed(open, { id: own.id, clock, random, signal: own.signal }));
    }),
  );
}

/**
 * @param start receives the job as it is when several callers wait for it
 * @param joinsEarlier false to join no read that left before this session started
 */
function coalesced<T>(
  { reader, meter, signal, sizes, shared }: ReadingSession,
  job: Job,
  isFurtherPage: boolean,
  key: string,
  start: (own: Job) => Promise<T>,
  joinsEarlier = true,
): Promise<T> {
  const joiner = {
    signal,
    party: job.party,
    accepts: (sentAt: number) => (joinsEarlier ? reader.accepts(sentAt) : sentAt >= reader.startedAt),
    onJoin: (sentAt: number | undefined) => {
      meter.coalesced += 1;
      if (sentAt !== undefined) reader.noteAge(sentAt);
    },
  };
  try {
    return shared.coalescer.run(job.credentials.fingerprint, key, joiner, (flight) => {
      meter.begin(job.id, { isWrite: false, isFurtherPage });
      const own: Job = { ...job, signal: flight.signal, parties: flight.parties };
      flight.sentAt = () => own.sentAt;
      return start(own);
    });
  } catch (error) {
    if (!isFurtherPage) sizes.noteLongLists();
    const reason = error as ConstantContactError;
    return Promise.reject(reason);
  }
}
