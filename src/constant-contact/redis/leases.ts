import { randomUUID } from 'node:crypto';
import { sleep, throwIfAborted } from '../abort.js';
import type { Clock } from '../clock.js';
import type { Signal } from '../stop.js';
import { nullIfUnreachable, type RedisLink, type RunOptions } from './link.js';

/** Time after which the lock of a dead process is free. */
const LEASE_MS = 8_000;
const RENEW_MS = 2_000;
const POLL_MS = 30;
/** Writes and refreshes of tokens that are done without their lock do harm, so they wait longer for a slow Redis than a query does. */
const OPTIONS: RunOptions = { timeoutMs: 2_000, anyway: true };

/**
 * The value of a lock is the token of its holder, or `free`, the time of the release, and the process that released it. KEYS:
 * the lock. ARGV: token, time in milliseconds for which the value is kept, process.
 */
const PRELUDE = `
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local key = KEYS[1]
local held = redis.call('GET', key)
local at, by
if held then at, by = string.match(held, '^free (%d+) (.+)$') end
`;
/** Takes it. Returns the time since its release, -1 without a recent one, -2 when another holds it. */
const TAKE = `${PRELUDE}
if held and not at and held ~= ARGV[1] then return -2 end
redis.call('SET', key, ARGV[1], 'PX', ARGV[2])
if not at or by == ARGV[3] then return -1 end
return math.max(0, now - tonumber(at))
`;
/** Extends it, also after Redis lost it. A renewal that arrives after the release of its own lease must not take it again. */
const RENEW = `${PRELUDE}
if held and held ~= ARGV[1] then return 0 end
redis.call('SET', key, ARGV[1], 'PX', ARGV[2])
return 1
`;
const RELEASE = `${PRELUDE}
if held ~= ARGV[1] then return 0 end
redis.call('SET', key, string.format('free %d %s', now, ARGV[3]), 'PX', ARGV[2])
return 1
`;

/** A lock that is held. Renewed until its release, because a lease is shorter than the work. */
export interface Lease {
  /** Time at which another process released it; -Infinity without a recent release. */
  readonly freedAt: number;
  release(): Promise<void>;
}

/**
 * Takes a lock.
 *
 * @param onWait called each time another process holds the lock
 * @throws RedisUnreachable, ConstantContactError `aborted` when the signal fires
 */
export type AcquireLease = (key: string, onWait: () => void, signal?: Signal) => Promise<Lease>;

/**
 * Locks in Redis, each held by one process at a time.
 *
 * @param rememberMs time for which a release is remembered
 */
export function redisLeases(link: RedisLink, clock: Clock, rememberMs: number): AcquireLease {
  const me = randomUUID();
  const take = link.script('leaseTake', TAKE);
  const renew = link.script('leaseRenew', RENEW);
  const release = link.script('leaseRelease', RELEASE);

  /** Resolves with the time of its last release when the lock is taken. */
  const taken = async (key: string, token: string, onWait: () => void, signal?: Signal): Promise<number> => {
    for (;;) {
      throwIfAborted(signal);
      const agoMs = Number(await take([key], [token, LEASE_MS, me], OPTIONS));
      if (agoMs === -1) return -Infinity;
      if (agoMs >= 0) return clock.now() - agoMs;
      onWait();
      await sleep(clock, POLL_MS * (1 + Math.random()), signal);
    }
  };

  return async (key, onWait, signal) => {
    const token = randomUUID();
    const free = () => release([key], [token, rememberMs, me], OPTIONS).catch(nullIfUnreachable);
    const freedAt = await taken(key, token, onWait, signal).catch((error: unknown) => {
      // It may have been taken, because the response is unknown.
      void free();
      throw error;
    });
    // Leases end by the clock of Redis.
    const renewal = setInterval(() => {
      renew([key], [token, LEASE_MS, me], OPTIONS).catch(nullIfUnreachable);
    }, RENEW_MS).unref();
    return {
      freedAt,
      release: async () => {
        clearInterval(renewal);
        await free();
      },
    };
  };
}
