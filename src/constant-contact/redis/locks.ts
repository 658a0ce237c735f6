import { randomUUID } from 'node:crypto';
import { sleep, throwIfAborted } from '../abort.js';
import type { Clock } from '../clock.js';
import type { Signal } from '../stop.js';
import type { Held, SharedLocks } from '../writes/object-locks.js';
import { hashOf } from './cipher.js';
import { nullIfUnreachable, type RedisLink, type Script } from './link.js';

/** Time after which the lock of a dead process is free. */
const LEASE_MS = 8_000;
const RENEW_MS = 2_000;
const POLL_MS = 30;
/** Time for which the release of a lock is remembered. */
const REMEMBER_MS = 120_000;

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
/** Returns the time since its release, -1 without a recent one, -2 when it is held. */
const TAKE = `${PRELUDE}
if held and not at and held ~= ARGV[1] then return -2 end
redis.call('SET', key, ARGV[1], 'PX', ARGV[2])
if not at or by == ARGV[3] then return -1 end
return math.max(0, now - tonumber(at))
`;
/** Extends it, and takes it again if Redis has lost it. */
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

interface Lock {
  keys: readonly string[];
  token: string;
}

/** Locks in Redis, for writes of one object in several processes. Without Redis each process serializes only its own writes. */
export class RedisLocks implements SharedLocks {
  readonly #clock: Clock;
  readonly #me = randomUUID();
  readonly #take: Script;
  readonly #renew: Script;
  readonly #release: Script;

  constructor(link: RedisLink, clock: Clock) {
    this.#clock = clock;
    this.#take = link.script('lockTake', TAKE);
    this.#renew = link.script('lockRenew', RENEW);
    this.#release = link.script('lockRelease', RELEASE);
  }

  async acquire(key: string, signal: Signal, onWait: () => void): Promise<Held> {
    const lock: Lock = { keys: [`write:${hashOf(key)}`], token: randomUUID() };
    const agoMs = await this.#wait(lock, signal, onWait);
    if (agoMs === null) return { wasHeldAfter: () => false, release: () => undefined };
    const freedAt = agoMs < 0 ? -Infinity : this.#clock.now() - agoMs;
    let cancel = () => {};
    const renewLater = () => {
      cancel = this.#clock.after(RENEW_MS, () => {
        this.#renew(lock.keys, [lock.token, LEASE_MS]).catch(nullIfUnreachable);
        renewLater();
      });
    };
    renewLater();
    return {
      wasHeldAfter: ({ at }) => freedAt >= at,
      release: () => {
        cancel();
        this.#release(lock.keys, [lock.token, REMEMBER_MS, this.#me]).catch(nullIfUnreachable);
      },
    };
  }

  /** Resolves with the result of TAKE when the lock is taken; null when Redis cannot be reached. */
  async #wait(lock: Lock, signal: Signal, onWait: () => void): Promise<number | null> {
    for (;;) {
      throwIfAborted(signal);
      try {
        const agoMs = Number(await this.#take(lock.keys, [lock.token, LEASE_MS, this.#me]));
        if (agoMs !== -2) return agoMs;
      } catch (error) {
        nullIfUnreachable(error);
        // It may have been taken, because the response is unknown.
        this.#release(lock.keys, [lock.token, REMEMBER_MS, this.#me]).catch(nullIfUnreachable);
        return null;
      }
      onWait();
      await sleep(this.#clock, POLL_MS * (1 + Math.random()), signal);
    }
  }
}
