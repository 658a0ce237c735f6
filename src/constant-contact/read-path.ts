import type { Api } from './api.js';
import type { Coalescer } from './budget/coalescer.js';
import type { Governor } from './budget/governor.js';
import type { FinishedActivities } from './bulk-activities.js';
import type { SizesByAccount } from './cache/account-sizes.js';
import type { Ages, Family } from './cache/ages.js';
import type { ExportFile, ExportFiles } from './cache/export-files.js';
import { INVALIDATED_BY } from './cache/families.js';
import { ANEW, type Freshness } from './cache/freshness.js';
import {
  notCachedError,
  type Found,
  type Generation,
  type Place,
  type Read,
  type ReadCache,
} from './cache/read-cache.js';
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
  const { reader, meter, clock, shared } = session;
  const { cache } = shared;
  const note = (found: Found<Answer>) => {
    reader.note(place, found);
    if (listsErrors(found.value.body)) meter.keepMs = 0;
    return found.value;
  };
  const generation = await cache.generationOf(place);
  const found = (await cache.find(place, reader, generation)) as Found<Answer> | undefined;
  if (found) {
    refreshAhead(session, place, found, (background) => refetch(background, place, job));
    return note(found);
  }
  if (reader.freshness.onlyIfCached) throw notCachedError();
  try {
    const value = await fetch(session, place, generation, job, isFurtherPage);
    return note({ value, readAt: value.readAt ?? clock.now(), isCached: false });
  } catch (error) {
    const stale = await cache.findStale(place, reader, error);
    if (!stale) throw error;
    // No part of it can be read again.
    return { ...note(stale as Found<Answer>), isCached: false };
  }
}

/** Reads from the API, and caches the response. */
function fetch(
  session: ReadingSession,
  place: Place,
  generation: Generation,
  job: Job,
  isFurtherPage: boolean,
): Promise<Answer> {
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
  return coalesced(session, job, isFurtherPage, key, start, cache.noticesWrites(generation));
}

async function refetch(background: ReadingSession, place: Place, job: Job): Promise<void> {
  const { signal, meter, shared } = background;
  const generation = await shared.cache.generationOf(place);
  const party = { ...job.party, priority: 'prefetch', isForMutation: false } as const;
  await fetch(background, place, generation, { ...job, signal, meter, party }, false);
}

/** Refreshes a read that is about to expire in the background, if the budget allows it. */
function refreshAhead(
  session: ReadingSession,
  place: Place,
  found: Found,
  refresh: (background: ReadingSession) => Promise<unknown>,
): void {
  const { cache, governor } = session.shared;
  const { onlyIfCached, noStore } = session.reader.freshness;
  if (onlyIfCached || noStore || !cache.isDue(place, found)) return;
  if (!governor.allowsBackground('refresh')) return;
  // Another refresh may have read a part of it just now.
  const freshness = { ...ANEW, maxAgeMs: cache.aheadMs(place) };
  // If this refresh fails, the cached value is used until it expires.
  cache.refreshAhead(place, () => refresh(session.background(freshness))).catch(() => undefined);
}

/** Answers a read of reference data from the cache, from a load in flight, or with `load`. */
export async function loadThrough<T>(
  session: ReadingSession,
  place: Place,
  load: (api: Api) => Promise<T>,
): Promise<T> {
  const { cache, clock } = session.shared;
  const loadIn = (own: ReadingSession) =>
    cache.load(place, own.reader, async (): Promise<Read<T>> => {
      const startedAt = clock.now();
      const value = await load(own);
      const readAt = Math.min(startedAt, own.reader.readAt(place.families[0], startedAt));
      return { value, readAt };
    });
  const found = await loadIn(session);
  refreshAhead(session, place, found, loadIn);
  session.reader.note(place, found);
  return found.value;
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
