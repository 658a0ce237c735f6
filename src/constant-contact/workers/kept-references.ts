import { LRUCache } from 'lru-cache';
import type { Place, ReferenceFamily } from '../cache/reference-cache.js';
import type { Clock } from '../clock.js';
import type { KeptValue } from './protocol.js';

interface Entry {
  generation: string;
  bytes: Uint8Array;
}

/** Bytes of values that are kept for all workers together: lists and tags of a thousand accounts. */
const MOST_BYTES = 64 * 1_024 * 1_024;
const MOST_FAMILIES = 10_000;

/**
 * Reference data of all workers. Each family of each owner has a generation, which a write replaces; a value counts only
 * in the generation in which its load began.
 */
export class KeptReferences {
  readonly #ttlMs: number;
  readonly #generations: LRUCache<string, number>;
  readonly #values: LRUCache<string, Entry>;
  #latest = 0;
  /** Latest generation that was forgotten for want of room; what has none of its own is as young as that. */
  #floor = 0;

  /** @param ttlMs how long a value lives; 0 keeps nothing */
  constructor({ ttlMs, clock }: { ttlMs: number; clock: Clock }) {
    this.#ttlMs = ttlMs;
    this.#generations = new LRUCache({
      max: MOST_FAMILIES,
      dispose: (generation, _key, why) => {
        if (why === 'evict') this.#floor = Math.max(this.#floor, generation);
      },
    });
    this.#values = new LRUCache({
      maxSize: MOST_BYTES,
      sizeCalculation: ({ bytes }) => bytes.byteLength + 1,
      // 0 would mean "for ever" there.
      ttl: Math.max(1, ttlMs),
      ttlResolution: 0,
      perf: clock,
    });
  }

  generation(owner: string, family: ReferenceFamily): string {
    return String(this.#generations.get(`${owner} ${family}`) ?? this.#floor);
  }

  invalidate(owner: string, families: readonly ReferenceFamily[]): void {
    for (const family of families) this.#generations.set(`${owner} ${family}`, (this.#latest += 1));
  }

  keep(place: Place, generation: string, bytes: Uint8Array): void {
    if (this.#ttlMs === 0 || generation !== this.generation(place.owner, place.family)) return;
    this.#values.set(keyOf(place), { generation, bytes });
  }

  value(place: Place, generation: string): KeptValue | null {
    const entry = this.#values.get(keyOf(place));
    const current = this.generation(place.owner, place.family);
    if (!entry || entry.generation !== generation || generation !== current) return null;
    return { bytes: entry.bytes, ttlMs: this.#values.getRemainingTTL(keyOf(place)) };
  }
}

function keyOf({ owner, family, variant }: Place): string {
  return `${owner} ${family} ${variant}`;
}
