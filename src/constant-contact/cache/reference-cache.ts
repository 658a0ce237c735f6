import { LRUCache } from 'lru-cache';
import { abortable, throwIfAborted } from '../abort.js';
import type { Clock } from '../clock.js';
import type { operations, OperationId } from '../contract/operations.js';
import { isOverCost } from '../errors.js';
import type { Meter } from '../budget/meter.js';
import type { Signal } from '../stop.js';

/** What is kept together and becomes stale together. */
export type ReferenceFamily =
  | 'account'
  | 'lists'
  | 'tags'
  | 'customFields'
  | 'segments'
  | 'contacts'
  | 'campaigns'
  | 'events'
  | 'social'
  | 'automations'
  | 'partner';

type Tag = (typeof operations)[OperationId]['tag'];

/**
 * What a write may make stale, by the vendor's name for its group of operations. Writing a contact leaves lists and
 * tags alone: it changes only how many members they have, and what is kept with such counts belongs to `contacts`. A
 * bulk activity works after its answer; what is read before it has finished lives as long as any other entry.
 */
export const STALE_AFTER_WRITE: Readonly<Record<Tag, readonly ReferenceFamily[]>> = {
  'Account Services': ['account'],
  'Bulk Activities': ['contacts', 'lists', 'tags', 'customFields', 'segments'],
  Contacts: ['contacts'],
  'Contacts Custom Fields': ['customFields', 'contacts'],
  'Contact Lists': ['lists', 'contacts'],
  'Contact Tags': ['tags', 'contacts'],
  Segments: ['segments'],
  'Email Campaigns': ['campaigns'],
  'Email Campaigns AB Tests': ['campaigns'],
  'Email Scheduling': ['campaigns'],
  'Email Reporting': [],
  'Contacts Reporting': [],
  'Landing Pages Reporting': [],
  'SMS Reporting': [],
  Events: ['events', 'campaigns'],
  Social: ['social'],
  Automations: ['automations'],
  'Technology Partners': ['partner'],
  'Technology Partners Webhooks': ['partner'],
};

export interface Place {
  /** Fingerprint of the credentials that it was read with. Nothing is ever answered to other ones. */
  owner: string;
  family: ReferenceFamily;
  /** Tells apart what is kept of one family. */
  variant: string;
}

/** A point in the order of loads and invalidations, not in time. */
export type Mark = number;

/** Reference data that several processes have in common. What cannot be had in time counts as not there; nothing here throws. */
export interface SharedReferences {
  /** Changes whenever a process makes the family stale; null when it is not known. */
  generation(owner: string, family: ReferenceFamily): Promise<string | null>;
  /** A value that a load of this generation gave, and how long it lives yet. */
  load(place: Place, generation: string): Promise<{ value: unknown; ttlMs: number } | null>;
  /** Keeps what a load gave that began in this generation. */
  save(place: Place, generation: string, value: unknown): void;
  /** Resolves when no process is given older values any more. */
  invalidate(owner: string, families: readonly ReferenceFamily[]): Promise<void>;
}

interface Entry {
  value: unknown;
  mark: Mark;
}

interface Load {
  promise: Promise<unknown>;
  mark: Mark;
  /** Signal of the request whose load it is. */
  signal: Signal;
}

const MOST_ENTRIES = 5_000;
const MOST_ROWS = 100_000;
const MOST_INVALIDATIONS = 10_000;

/**
 * Keeps reference data for a short time, per credentials. Everything remembers the mark at which its load began; an
 * invalidation of the family sets a later one. So what was loaded before can neither be found nor stored after,
 * however late it comes in, and an invalidation costs the same whatever is kept.
 */
export class ReferenceCache {
  readonly #ttlMs: number;
  readonly #shared: SharedReferences | null;
  /** The generation of each family that the entries here belong to, as far as they are shared. */
  readonly #generations: LRUCache<string, string> | null;
  readonly #entries: LRUCache<string, Entry>;
  readonly #loads = new Map<string, Load>();
  readonly #invalidated: LRUCache<string, Mark>;
  /** Latest mark that was forgotten for want of room; families without a mark of their own count as invalidated then. */
  #floor: Mark = 0;
  #latest: Mark = 0;

  /**
   * @param ttlMs how long an entry lives; 0 keeps nothing, but loads under way are still shared
   * @param shared what other processes read and make stale
   */
  constructor({
    ttlMs,
    clock,
    shared = null,
  }: {
    ttlMs: number;
    clock: Clock;
    shared?: SharedReferences | null;
  }) {
    this.#ttlMs = ttlMs;
    this.#shared = ttlMs > 0 ? shared : null;
    // Room for all of them is taken at once, so none where nothing is shared.
    this.#generations = this.#shared && new LRUCache({ max: MOST_INVALIDATIONS });
    this.#entries = new LRUCache<string, Entry>({
      max: MOST_ENTRIES,
      maxSize: MOST_ROWS,
      sizeCalculation: ({ value }) => rowsIn(value),
      // 0 would mean "for ever" there.
      ttl: Math.max(1, ttlMs),
      ttlResolution: 0,
      perf: clock,
    });
    this.#invalidated = new LRUCache<string, Mark>({
      max: MOST_INVALIDATIONS,
      dispose: (mark, _key, why) => {
        if (why === 'evict') this.#floor = Math.max(this.#floor, mark);
      },
    });
  }

  /** The point from which on something is loaded, for `remember`. */
  mark(): Mark {
    return this.#latest;
  }

  /** The value kept here, or undefined; never loads. */
  peek(place: Place): unknown {
    const entry = this.#entries.get(keyOf(place));
    return entry && this.#valid(place, entry.mark) ? entry.value : undefined;
  }

  /** Keeps a value whose load began at `since`, unless its family was invalidated after that. */
  remember(place: Place, value: unknown, since: Mark, ttlMs = this.#ttlMs): void {
    if (this.#ttlMs === 0 || !this.#valid(place, since)) return;
    this.#entries.set(keyOf(place), { value, mark: since }, { ttl: Math.max(1, ttlMs) });
  }

  /**
   * The value kept here, that of a load under way, or that of `load`. A failed load is not kept. When the request
   * whose load it was goes away, the next one that waits loads for itself and the rest.
   * @throws ConstantContactError `aborted` as soon as the signal fires; otherwise what `load` throws
   */
  async load<T>(place: Place, caller: { signal: Signal; meter: Meter }, load: () => Promise<T>): Promise<T> {
    const { signal, meter } = caller;
    const key = keyOf(place);
    for (;;) {
      throwIfAborted(signal);
      const generation = this.#shared && (await this.#generationOf(this.#shared, place));
      const kept = this.peek(place);
      if (kept !== undefined) {
        meter.cached += 1;
        return kept as T;
      }
      const other = this.#loads.get(key);
      if (!other || !this.#valid(place, other.mark)) {
        return await abortable(this.#begin(place, key, caller, generation, load), signal);
      }
      meter.coalesced += 1;
      try {
        return (await abortable(other.promise, signal)) as T;
      } catch (error) {
        // What another operation may not pay for any more, this one may.
        if (signal.aborted || !(other.signal.aborted || isOverCost(error))) throw error;
      }
    }
  }

  /**
   * From now on nothing of these families that was loaded before is given to this owner here, and in other processes
   * once the promise resolves. It never rejects.
   */
  async invalidate(owner: string, families: readonly ReferenceFamily[]): Promise<void> {
    for (const family of families) this.#outdate(owner, family);
    await this.#shared?.invalidate(owner, families);
  }

  #outdate(owner: string, family: ReferenceFamily): void {
    this.#invalidated.set(familyKey(owner, family), (this.#latest += 1));
  }

  /** The family's generation among all processes; what is kept here of an older one is outdated with it. */
  async #generationOf(shared: SharedReferences, { owner, family }: Place): Promise<string | null> {
    const generation = await shared.generation(owner, family);
    const key = familyKey(owner, family);
    if (generation !== null && this.#generations?.get(key) !== generation) {
      this.#outdate(owner, family);
      this.#generations?.set(key, generation);
    }
    return generation;
  }

  #begin<T>(
    place: Place,
    key: string,
    { signal, meter }: { signal: Signal; meter: Meter },
    generation: string | null,
    load: () => Promise<T>,
  ): Promise<T> {
    const mark = this.mark();
    const run = async (): Promise<T> => {
      try {
        const found = generation === null ? null : await this.#shared?.load(place, generation);
        if (found) {
          meter.cached += 1;
          this.remember(place, found.value, mark, found.ttlMs);
          return found.value as T;
        }
        const value = await load();
        this.remember(place, value, mark);
        if (generation !== null && this.#valid(place, mark)) this.#shared?.save(place, generation, value);
        return value;
      } finally {
        if (this.#loads.get(key)?.promise === promise) this.#loads.delete(key);
      }
    };
    // Starts in a later microtask, so that `promise` is set before anything in it can look at it.
    const promise: Promise<T> = Promise.resolve().then(run);
    this.#loads.set(key, { promise, mark, signal });
    return promise;
  }

  #valid({ owner, family }: Place, mark: Mark): boolean {
    return (this.#invalidated.get(familyKey(owner, family)) ?? this.#floor) <= mark;
  }
}

function familyKey(owner: string, family: ReferenceFamily): string {
  return `${owner} ${family}`;
}

function keyOf({ owner, family, variant }: Place): string {
  return `${owner} ${family} ${variant}`;
}

/** A rough size: one for the entry itself, and the rows of the list or map that it is, or of those that it holds. */
function rowsIn(value: unknown): number {
  const own = rowCount(value);
  if (own !== null || typeof value !== 'object' || value === null) return 1 + (own ?? 0);
  return Object.values(value).reduce<number>((sum, part) => sum + (rowCount(part) ?? 0), 1);
}

function rowCount(value: unknown): number | null {
  if (Array.isArray(value)) return value.length;
  return value instanceof Map || value instanceof Set ? value.size : null;
}
