import type { Meter } from '../budget/meter.js';
import type { Clock } from '../clock.js';
import type { OperationId } from '../contract/operations.js';
import type { Signal } from '../stop.js';
import type { Ages } from './ages.js';
import { askingPath } from './asking-field.js';
import { type Family } from './ages.js';
import { familiesOf } from './families.js';
import type { Freshness } from './freshness.js';
import type { Found, Mark, Place, ReadCache, Reader } from './read-cache.js';

/** Reads of one session from the cache, and their report. */
export class SessionReads implements Reader {
  since: Mark;
  startedAt: number;
  caller: string | undefined;
  isForMutation = false;
  isBackground = false;
  /** When the oldest of what was read of a family was read. */
  #oldest: Map<Family, number> | undefined;
  /** When the oldest read of any family left that the session has joined. */
  #oldestJoined = Infinity;

  constructor(
    private readonly cache: ReadCache,
    private readonly ages: Ages,
    private readonly clock: Clock,
    readonly meter: Meter,
    readonly signal: Signal,
    public freshness: Freshness,
  ) {
    this.since = cache.mark();
    this.startedAt = clock.now();
  }

  /** Where the answer to a read is kept; null where it is not. */
  placeOf(id: OperationId, owner: string, path: string): Place | null {
    if (!this.cache.keeps(0) && !this.ages.hasReads) return null;
    const families = familiesOf(id, path);
    if (!families) return null;
    const ttlMs = this.ages.read(families[0]);
    return this.cache.keeps(ttlMs) ? { owner, families, variant: path, ttlMs } : null;
  }

  /** Where reference data is kept. */
  referencePlace(owner: string, family: Family, variant: string): Place {
    const ttlMs = this.ages.reference(family);
    return { owner, families: [family], variant: `reference ${variant}`, ttlMs, isReference: true };
  }

  /** Notes what was found or read. */
  note({ families: [family] }: Place, { value, isCached, because, readAt }: Found): void {
    const { meter } = this;
    this.#oldest ??= new Map();
    this.#oldest.set(family, Math.min(readAt, this.#oldest.get(family) ?? Infinity));
    if (isCached) meter.noteCached(readAt);
    else this.noteAge(readAt);
    // Null is an object that the API does not know.
    const mayBeKept = because === undefined && value !== null;
    meter.keepMs = Math.min(meter.keepMs, mayBeKept ? this.ages.read(family) : 0);
    if (because !== undefined) meter.stale.push({ path: askingPath(), readAt, because });
  }

  /** Returns true if data that was read at this time is recent enough for the caller. */
  accepts(readAt: number): boolean {
    const { maxAgeMs } = this.freshness;
    return readAt >= this.startedAt || (maxAgeMs > 0 && this.clock.now() - readAt <= maxAgeMs);
  }

  /** Notes when something was read that others may have asked for earlier. */
  noteAge(readAt: number): void {
    if (readAt >= this.startedAt) return;
    this.#oldestJoined = Math.min(this.#oldestJoined, readAt);
    this.meter.noteOlder(readAt);
  }

  /**
   * When the oldest part of something of this family was read that was made of what the session has read.
   * @param startedAt when the first of these reads may have started: not all of them are noted
   */
  readAt(family: Family, startedAt = this.startedAt): number {
    return Math.min(this.#oldest?.get(family) ?? startedAt, this.#oldestJoined);
  }

  /** From now on only later reads count as new. */
  renew(): void {
    this.since = this.cache.mark();
    this.startedAt = this.clock.now();
    this.#oldest = undefined;
    this.#oldestJoined = Infinity;
  }

  /** Runs a write with the reads that it is based on, which do not use earlier entries of the cache. */
  async duringWrite<T>(work: () => Promise<T>): Promise<T> {
    const { freshness } = this;
    this.renew();
    this.freshness = { ...freshness, maxAgeMs: 0, staleIfErrorMs: 0 };
    try {
      return await work();
    } finally {
      this.freshness = freshness;
    }
  }
}
