import type { Clock } from '../clock.js';
import type { SharedLocks } from '../writes/object-locks.js';
import { hashOf } from './cipher.js';
import { RedisLeases } from './leases.js';
import { nullIfUnreachable, type RedisLink } from './link.js';

const REMEMBER_MS = 120_000;
/** Longest wait for a response. A write without its lock can undo another one, so it waits for a slow Redis longer than a query does. */
const LOCK_MS = 2_000;

/** Locks in Redis, for writes of one object in several processes. Without Redis each process serializes only its own writes. */
export function redisLocks(link: RedisLink, clock: Clock): SharedLocks {
  const leases = new RedisLeases(link, clock, REMEMBER_MS, { timeoutMs: LOCK_MS, anyway: true });
  return {
    acquire: async (key, signal, onWait) => {
      const lease = await leases.acquire(`write:${hashOf(key)}`, onWait, signal).catch(nullIfUnreachable);
      return {
        wasHeldAfter: ({ at }) => lease !== null && lease.freedAt >= at,
        release: () => void lease?.release(),
      };
    },
  };
}
