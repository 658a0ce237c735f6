import type { Clock } from '../clock.js';
import type { SharedLocks } from '../writes/object-locks.js';
import { hashOf } from './cipher.js';
import { redisLeases } from './leases.js';
import { nullIfUnreachable, type RedisLink } from './link.js';

const REMEMBER_MS = 120_000;

/** Locks in Redis, for writes of one object in several processes. Without Redis each process serializes only its own writes. */
export function redisLocks(link: RedisLink, clock: Clock): SharedLocks {
  const acquire = redisLeases(link, clock, REMEMBER_MS);
  return {
    acquire: async (key, signal, onWait) => {
      const lease = await acquire(`write:${hashOf(key)}`, onWait, signal).catch(nullIfUnreachable);
      return {
        wasHeldAfter: ({ at }) => lease !== null && lease.freedAt >= at,
        release: () => void lease?.release(),
      };
    },
  };
}
