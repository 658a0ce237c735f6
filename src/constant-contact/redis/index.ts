import { Ages, type CacheSeconds } from '../cache/ages.js';
import type { SharedReads } from '../cache/read-cache.js';
import { systemClock, type Clock } from '../clock.js';
import { fingerprintOf } from '../auth/credentials.js';
import type { Governor } from '../budget/governor.js';
import { createTokenCodec } from '../auth/token-codec.js';
import type { TokenStore } from '../auth/token-store.js';
import type { SharedWatches } from '../shared-watches.js';
import type { SharedLocks } from '../writes/object-locks.js';
import { SharedGovernor } from './governor.js';
import { RedisLink, type RedisStatus } from './link.js';
import { redisLocks } from './locks.js';
import { RedisReads } from './reads.js';
import { redisTokenStore } from './token-store.js';
import { redisWatches } from './watches.js';

export interface SharedStateOptions {
  /** A valid URL for `parseRedisUrl`; may contain a password. */
  url: string;
  /** Certificates (PEM) to trust instead of the system's. */
  ca?: string | null | undefined;
  /** Processes with the same one share budget, cache and login: one for each API key. */
  namespace: string;
  /** Maximum number of processes. */
  processes: number;
  requestsPerSecond: number;
  requestsPerDay: number;
  /** Number of the day's requests that are reserved for mutations. */
  reservedForMutations?: number;
  /** See `ClientOptions`, as are the next two. */
  cacheSeconds?: CacheSeconds | undefined;
  referenceCacheSeconds: number;
  staleSeconds?: number | undefined;
  /** See `RedisReads`. */
  scope: string;
  /** 32 bytes that encrypt cached data; null stores it in plain text. */
  secret: Buffer | null;
  clock?: Clock | undefined;
  /** Called when Redis becomes unreachable or reachable. */
  onChange?: ((status: SharedStatus) => void) | undefined;
}

export interface SharedStatus extends RedisStatus {
  /** Requests per second that this process may send now; 0 for no limit. */
  requestsPerSecond: number;
}

/** State that processes with the same API key share. */
export interface SharedState {
  readonly governor: Governor;
  readonly reads: SharedReads;
  readonly watches: SharedWatches;
  /** Serializes writes of one object. */
  readonly locks: SharedLocks;
  /** Keeps the login of an application, encrypted when there is a key. */
  tokenStore(account: { clientId: string; tokenKey: Buffer | null }): TokenStore;
  status(): SharedStatus;
  /**
   * Resolves when Redis was reached for the first time, or could not be for a while. Rejects with `RedisUnusable` when
   * it is not what the configuration says.
   */
  readonly started: Promise<void>;
  close(): Promise<void>;
}

/** Connects to Redis, now and after each outage; never fails because Redis is unreachable. */
export function connectSharedState(options: SharedStateOptions): SharedState {
  const { url, ca, namespace, processes, requestsPerSecond, requestsPerDay, scope, secret } = options;
  const clock = options.clock ?? systemClock;
  const link = new RedisLink(url, ca ?? null, namespace, () => {
    options.onChange?.(status());
  });
  const governor = new SharedGovernor({
    link,
    perSecond: requestsPerSecond,
    perDay: requestsPerDay,
    reserve: options.reservedForMutations ?? 0,
    processes,
    clock,
  });
  const { longestMs } = new Ages(options.cacheSeconds ?? {}, options.referenceCacheSeconds);
  const keptMs = longestMs + (options.staleSeconds ?? 0) * 1_000;
  const status = (): SharedStatus => ({ ...link.status(), requestsPerSecond: governor.requestsPerSecond });
  return {
    governor,
    // A process that caches nothing still invalidates what the others have cached.
    reads: new RedisReads(link, clock, keptMs, fingerprintOf(scope), secret),
    watches: redisWatches(link, fingerprintOf(scope), secret),
    locks: redisLocks(link, clock),
    tokenStore: ({ clientId, tokenKey }) =>
      redisTokenStore(link, clientId, createTokenCodec(tokenKey, clientId), clock),
    status,
    started: link.started,
    close: () => link.close(),
  };
}
