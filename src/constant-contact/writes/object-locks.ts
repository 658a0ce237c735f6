import { LRUCache } from 'lru-cache';
import { abortable, throwIfAborted } from '../abort.js';
import type { Clock } from '../clock.js';
import { upTo } from '../entries.js';
import type { Signal } from '../stop.js';

/** A point in time, and in the order of events in this process. */
export interface Moment {
  /** Milliseconds since the epoch. */
  at: number;
  order: number;
}

/** A lock that is held. */
export interface Held {
  /** Returns true if another holder had it after that moment. */
  wasHeldAfter(moment: Moment): boolean;
  release(): void;
}

/** Locks that several processes share. */
export interface SharedLocks {
  /**
   * Takes the lock of a key among all processes; `wasHeldAfter` refers to the others. While they are unreachable, it resolves
   * without a lock, after a short wait.
   *
   * @param onWait called when another process holds it
   * @throws ConstantContactError `aborted` when the signal fires
   */
  acquire(key: string, signal: Signal, onWait: () => void): Promise<Held>;
}

/** A read that may overlap with a hold ends within this time, or is too old anyway. */
const REMEMBER_MS = 120_000;
const MAX_REMEMBERED = 10_000;

/**
 * Serializes the writes of an object: first come, first served within this process, and one process at a time where processes
 * share their locks.
 */
export class ObjectLocks {
  /** By key: settles when the last waiter has left. */
  readonly #lines = new Map<string, Promise<void>>();
  /** Time of the last release, by key. */
  readonly #freed: LRUCache<string, Moment>;
  #order = 0;

  constructor(
    private readonly clock: Clock,
    private readonly shared: SharedLocks | null,
  ) {
    this.#freed = new LRUCache({ ...upTo(MAX_REMEMBERED), ttl: REMEMBER_MS, ttlResolution: 0, perf: clock });
  }

  moment(): Moment {
    return { at: this.clock.now(), order: (this.#order += 1) };
  }

  /**
   * @param onWait called when the lock is not free
   * @throws ConstantContactError `aborted` when the signal fires before the lock is taken
   */
  async acquire(key: string, signal: Signal, onWait: () => void): Promise<Held> {
    const before = this.#lines.get(key);
    let leave = () => {};
    const gone = new Promise<void>((resolve) => (leave = resolve));
    // A cancelled waiter leaves a gap, which closes when those before it have left.
    const line = before ? before.then(() => gone) : gone;
    this.#lines.set(key, line);
    void line.then(() => {
      if (this.#lines.get(key) === line) this.#lines.delete(key);
    });
    try {
      throwIfAborted(signal);
      if (before) {
        onWait();
        await abortable(before, signal);
      }
      const shared = await this.shared?.acquire(key, signal, onWait);
      const freed = this.#freed.get(key);
      return {
        wasHeldAfter: (moment) =>
          (freed !== undefined && freed.order > moment.order) || (shared?.wasHeldAfter(moment) ?? false),
        release: () => {
          this.#freed.set(key, this.moment());
          shared?.release();
          leave();
        },
      };
    } catch (error) {
      leave();
      throw error;
    }
  }
}
