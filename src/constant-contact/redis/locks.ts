import type { Clock } from '../clock.js';
import type { Signal } from '../stop.js';
import type { Held, SharedLocks } from '../writes/object-locks.js';
import { hashOf } from './cipher.js';
import { RedisLeases } from './leases.js';
import { nullIfUnreachable, type RedisLink } from './link.js';

const REMEMBER_MS = 120_000;
/** Longest wait for a response. A write without its lock can undo another one, so it waits for a slow Redis longer than a query does. */
const LOCK_MS = 2_000;

/** Locks in Redis, for writes of one object in several processes. Without Redis each process serializes only its own writes. */
export class RedisLocks implements SharedLocks {
  readonly #leases: RedisLeases;

  constructor(link: RedisLink, clock: Clock) {
    this.#leases = new RedisLeases(link, clock, REMEMBER_MS, { timeoutMs: LOCK_MS, anyway: true });
  }

  async acquire(key: string, signal: Signal, onWait: () => void): Promise<Held> {
    const lease = await this.#leases.acquire(`write:${hashOf(key)}`, onWait, signal).catch(nullIfUnreachable);
    return {
      wasHeldAfter: ({ at }) => lease !== null && lease.freedAt >= at,
      release: () => void lease?.release(),
    };
  }
}
