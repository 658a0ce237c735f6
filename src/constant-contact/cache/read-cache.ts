import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.js';
import { upTo } from '../entries.js';
import { ConstantContactError, type ErrorKind } from '../errors.js';
import type { Family } from './ages.js';
import { ANY_AGE } from './freshness.js';
import { heapBytes } from './heap-bytes.js';
import type { Found, Generation, Mark, Place, Read, Reader, SharedReads } from './read.js';

export { notCachedError, type Found, type Generation, type Mark, type Place, type Read } from './read.js';
export type { Reader, SharedReads } from './read.js';

interface Entry extends Read {
  mark: Mark;
}

const MAX_BYTES = 64 * 1_024 * 1_024;
const LARGEST_BYTES = 8 * 1_024 * 1_024;
/** Memory of an entry besides its key and its value. */
const ENTRY_BYTES = 400;
const MAX_INVALIDATIONS = 10_000;
/** In this last part of its life, what is asked for is refreshed ahead. */
const AHEAD = 0.1;

/** Failures after which a read is answered with older data. */
const OUTAGES: ReadonlySet<ErrorKind> = new Set(['quotaExhausted', 'rateLimited', 'timeout', 'unavailable']);

/**
 * Keeps what was read, per credentials. Everything remembers the mark at which its load began; an
 * invalidation of the family sets a later one. So what was loaded before can neither be found nor stored after,
 * however late it comes in, and an invalidation costs the same whatever is kept.
 */
export class ReadCache {
  readonly #staleMs: number;
  readonly #clock: Clock;
  readonly #shared: SharedReads | null;
  /** The generation of each family that the entries here belong to, as far as they are shared. */
  readonly #generations: LRUCache<string, string>;
  readonly #entries: LRUCache<string, Entry>;
  /** Until when values are not refreshed ahead again. */
  readonly #ahead = new LRUCache<string, number>(upTo(MAX_INVALIDATIONS));
  readonly #invalidated: LRUCache<string, Mark>;
  /** Latest mark that was forgotten for want of room; families without a mark of their own count as invalidated then. */
  #floor: Mark = 0;
  #latest: Mark = 0;

  /**
   * @param staleMs how long data is kept beyond its time, for when the API cannot be read
   * @param shared what other processes read and invalidate
   */
  constructor(options: { staleMs?: number; clock: Clock; shared?: SharedReads | null }) {
    const { staleMs = 0, clock, shared = null } = options;
    this.#staleMs = staleMs;
    this.#clock = clock;
    this.#shared = shared;
    this.#generations = new LRUCache(upTo(MAX_INVALIDATIONS));
    this.#entries = new LRUCache<string, Entry>({
      maxSize: MAX_BYTES,
      maxEntrySize: LARGEST_BYTES,
      sizeCalculation: ({ value }, key) => ENTRY_BYTES + key.length + heapBytes(value, LARGEST_BYTES),
      ttl: 1,
      ttlResolution: 0,
      perf: clock,
    });
    this.#invalidated = new LRUCache<string, Mark>({
      ...upTo(MAX_INVALIDATIONS),
      dispose: (mark, _key, why) => {
        if (why === 'evict') this.#floor = Math.max(this.#floor, mark);
      },
    });
  }

  /** A new point: what begins later has a greater one. */
  mark(): Mark {
    return (this.#latest += 1);
  }

  /** Returns true if values that are fresh for so long are cached. */
  keeps(ttlMs: number): boolean {
    return ttlMs + this.#staleMs > 0;
  }

  /**
   * Returns true if no process can write without changing this generation. Otherwise a read in flight may have left before a
   * write of another process.
   */
  noticesWrites(generation: Generation): boolean {
    return !this.#shared || typeof generation === 'string';
  }

  /** The fresh value kept here, or undefined; never loads. */
  peek(place: Place, reader: Reader): Read | undefined {
    return this.#own(place, reader);
  }

  #own(place: Place, reader: Reader, ttlMs = place.ttlMs): Read | undefined {
    const entry = this.#entries.get(keyOf(place));
    if (!entry || entry.value === undefined || !this.#valid(place, entry.mark)) return undefined;
    return this.isFresh(entry, reader, ttlMs) ? entry : undefined;
  }

  /** Keeps what was read by a load that began at `since`, unless one of its families was invalidated after that. */
  remember(place: Place, { value, readAt }: Read, since: Mark): void {
    const lifeMs = this.#lifeOf(place, readAt);
    const key = keyOf(place);
    if (lifeMs <= 0 || !this.#valid(place, since)) return;
    const known = this.#entries.get(key);
    const isNewer = known && known.readAt > readAt && known.readAt <= this.#clock.now();
    if (isNewer && this.#valid(place, known.mark)) return;
    this.#entries.set(key, { value, readAt, mark: since }, { ttl: lifeMs });
  }

  /** The generation of a place; what is kept here of an older one is outdated with it. */
  async generationOf({ owner, families, ttlMs }: Place): Promise<Generation> {
    if (!this.#shared || !this.keeps(ttlMs)) return undefined;
    const found = await this.#shared.generations(owner, families);
    if (!found) return null;
    families.forEach((family, at) => {
      const key = familyKey(owner, family);
      const generation = found[at] ?? '';
      if (this.#generations.get(key) === generation) return;
      this.#outdate(owner, family);
      this.#generations.set(key, generation);
    });
    return found.join('.');
  }

  /** A fresh value, kept here or by another process. */
  async find(place: Place, reader: Reader, generation: Generation): Promise<Found | undefined> {
    return this.#findOwn(place, reader, generation) ?? (await this.#findShared(place, reader, generation));
  }

  #findOwn(place: Place, reader: Reader, generation: Generation, ttlMs?: number): Found | undefined {
    // Another process may have written since. Reference data is used anyway, because it expires soon.
    if (generation === null && !place.isReference) return undefined;
    const own = this.#own(place, reader, ttlMs);
    return own && { value: own.value, readAt: own.readAt, isCached: true };
  }

  async #findShared(
    place: Place,
    reader: Reader,
    generation: Generation,
    ttlMs?: number,
  ): Promise<Found | undefined> {
    if (!this.#shared || typeof generation !== 'string' || reader.freshness.maxAgeMs === 0) return undefined;
    const mark = this.mark();
    const found = await this.#shared.load(place, generation);
    if (!found) return undefined;
    const read = { value: found.value, readAt: this.#clock.now() - found.ageMs };
    this.remember(place, read, mark);
    const isFound = read.value !== undefined && this.isFresh({ ...read, mark }, reader, ttlMs ?? place.ttlMs);
    return isFound ? { ...read, isCached: true } : undefined;
  }

  /** Begins a load. What it gives is kept for this process and others, unless one of its families is invalidated meanwhile. */
  begin(place: Place, generation: Generation): (read: Read) => void {
    const mark = this.mark();
    return (read) => {
      this.remember(place, read, mark);
      const lifeMs = this.#lifeOf(place, read.readAt);
      if (typeof generation !== 'string' || lifeMs <= 0 || !this.#valid(place, mark)) return;
      const ageMs = Math.max(0, this.#clock.now() - read.readAt);
      this.#shared?.save(place, generation, { value: read.value, ageMs, lifeMs });
    };
  }

  /** A stale value, where the failure of its read and the caller allow for it. */
  async findStale(place: Place, reader: Reader, error: unknown): Promise<Found | undefined> {
    const { staleIfErrorMs, maxAgeMs } = reader.freshness;
    const isOutage = error instanceof ConstantContactError && OUTAGES.has(error.kind);
    if (!isOutage || this.#staleMs === 0 || staleIfErrorMs === 0) return undefined;
    const generation = await this.generationOf(place);
    if (generation === null) return undefined;
    const beyondMs = Math.min(this.#staleMs, staleIfErrorMs ?? Infinity);
    const mostMs = Math.min(place.ttlMs + beyondMs, staleIfErrorMs === undefined ? maxAgeMs : Infinity);
    const any =
      this.#findOwn(place, ANY_READER, generation, mostMs) ??
      (await this.#findShared(place, ANY_READER, generation, mostMs));
    return any && { ...any, because: error.kind };
  }

  /** Time before its end from which a value is refreshed ahead. */
  aheadMs({ ttlMs }: Place): number {
    return ttlMs * AHEAD;
  }

  /** Returns true if a cached value is so near its end that it should be refreshed ahead. */
  isDue(place: Place, { isCached, because, readAt }: Found): boolean {
    return (
      isCached && because === undefined && this.#clock.now() - readAt > place.ttlMs - this.aheadMs(place)
    );
  }

  /** Runs `refresh`, unless this or another process does it already. */
  async refreshAhead(place: Place, refresh: (generation: Generation) => Promise<unknown>): Promise<void> {
    const key = keyOf(place);
    if (this.#clock.now() < (this.#ahead.get(key) ?? 0)) return;
    this.#ahead.set(key, Infinity);
    const ms = Math.max(1_000, this.aheadMs(place));
    try {
      const generation = await this.generationOf(place);
      if (generation === null) return;
      if (generation !== undefined && !(await this.#shared?.claim(place, generation, ms))) return;
      await refresh(generation);
    } finally {
      // If it failed, not every request must repeat it.
      this.#ahead.set(key, this.#clock.now() + ms);
    }
  }

  /**
   * Invalidates earlier reads of these families for this owner, here immediately and in other processes
   * once the promise resolves. It never rejects.
   */
  async invalidate(owner: string, families: readonly Family[]): Promise<void> {
    for (const family of families) this.#outdate(owner, family);
    await this.#shared?.invalidate(owner, families);
  }

  /**
   * Invalidates for a write whose request leaves now.
   * @returns undoes it for a write that was refused, unless other processes share the cache or another write has left since
   */
  invalidateForWrite(owner: string, families: readonly Family[]): () => void {
    const keys = families.map((family) => familyKey(owner, family));
    const before = keys.map((key) => this.#invalidated.get(key));
    void this.invalidate(owner, families);
    const own = keys.map((key) => this.#invalidated.get(key));
    return () => {
      if (this.#shared) return;
      for (const [at, key] of keys.entries()) {
        if (this.#invalidated.get(key) !== own[at]) continue;
        if (before[at] === undefined) this.#invalidated.delete(key);
        else this.#invalidated.set(key, before[at]);
      }
    };
  }

  #outdate(owner: string, family: Family): void {
    this.#invalidated.set(familyKey(owner, family), this.mark());
  }

  /** Returns true if what was read at this time, by a load that began at this mark, is recent enough for the reader. */
  isFresh(
    { readAt, mark }: Pick<Entry, 'readAt' | 'mark'>,
    { freshness, since, startedAt }: Reader,
    ttlMs: number,
  ): boolean {
    const ageMs = this.#clock.now() - readAt;
    // A clock that was set back must not keep it fresh.
    if (ageMs < 0 || ageMs >= ttlMs) return false;
    if (freshness.maxAgeMs > 0 && ageMs <= freshness.maxAgeMs) return true;
    return mark >= since && readAt >= startedAt;
  }

  #lifeOf({ ttlMs }: Place, readAt: number): number {
    const lifeMs = ttlMs + this.#staleMs;
    // A clock that was set back must not make it live longer.
    return Math.min(lifeMs, readAt + lifeMs - this.#clock.now());
  }

  #valid({ owner, families }: Place, mark: Mark): boolean {
    return this.invalidatedAt(owner, families) <= mark;
  }

  /** Mark of the last invalidation of these families for this owner, as far as this process knows. */
  invalidatedAt(owner: string, families: readonly Family[]): Mark {
    let latest: Mark = 0;
    for (const family of families)
      latest = Math.max(latest, this.#invalidated.get(familyKey(owner, family)) ?? this.#floor);
    return latest;
  }
}

/** A caller that accepts any cached value. */
const ANY_READER: Reader = { freshness: ANY_AGE, since: 0, startedAt: 0, isForMutation: false };

function familyKey(owner: string, family: Family): string {
  return `${owner} ${family}`;
}

function keyOf({ owner, families, variant }: Place): string {
  return `${owner} ${families[0]} ${variant}`;
}
