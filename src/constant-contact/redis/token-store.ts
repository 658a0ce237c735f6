import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.js';
import { ConstantContactError } from '../errors.js';
import { applicationOf, LoginUnreadable, type TokenCodec } from '../auth/token-codec.js';
import type { TokenStore } from '../auth/token-store.js';
import { RedisUnreachable, type RedisLink } from './link.js';

/** Longest time that a lock outlives the process that held it. Work has to take less. */
const LEASE_MS = 60_000;
const PATIENCE_MS = 75_000;
const POLL_MS = 50;
/** Tokens are worth waiting for longer than budgets and caches. */
const COMMAND_MS = 2_000;

/** Lets the lock go if it is ours. ARGV: application, token. */
const RELEASE = `
if redis.call('GET', KEYS[1] .. 'login-lock:' .. ARGV[1]) ~= ARGV[2] then return 0 end
return redis.call('DEL', KEYS[1] .. 'login-lock:' .. ARGV[1])
`;

/**
 * Stores a grant unless a later one of the same login is there. ARGV: application, id of the login, revision, record.
 * A lease runs out when its owner is stopped for long; what it stores then must not replace what came after.
 */
const SAVE = `
local key = KEYS[1] .. 'login:' .. ARGV[1]
local old = redis.call('HMGET', key, 'id', 'revision')
if old[1] == ARGV[2] and tonumber(old[2]) > tonumber(ARGV[3]) then return 0 end
redis.call('HSET', key, 'id', ARGV[2], 'revision', ARGV[3], 'record', ARGV[4])
return 1
`;

/**
 * Keeps the grant of one application in Redis, for all processes that use the same namespace. It survives what Redis
 * survives: with an append-only file that is flushed at every write (`appendfsync always`), a power cut.
 */
export function redisTokenStore({
  link,
  clientId,
  codec,
  clock,
}: {
  link: RedisLink;
  clientId: string;
  codec: TokenCodec;
  clock: Clock;
}): TokenStore {
  const application = applicationOf(clientId);
  const grantKey = `${link.prefix}login:${application}`;
  const lockKey = `${link.prefix}login-lock:${application}`;
  const scripts = {
    release: link.script('loginRelease', RELEASE),
    save: link.script('loginSave', SAVE),
  };
  const options = { timeoutMs: COMMAND_MS, anyway: true };

  const acquire = async (token: string): Promise<void> => {
    const deadline = clock.now() + PATIENCE_MS;
    for (;;) {
      const taken = await link.run((redis) => redis.set(lockKey, token, 'PX', LEASE_MS, 'NX'), options);
      if (taken === 'OK') return;
      if (clock.now() >= deadline) {
        throw new ConstantContactError(
          'unavailable',
          'Another process holds the stored tokens and does not let go.',
        );
      }
      await clock.sleep(POLL_MS);
    }
  };

  const place = `Redis, ${grantKey}`;
  return {
    place,
    load: () =>
      guarded(link, async () => {
        const text = await link.run((redis) => redis.hget(grantKey, 'record'), options);
        try {
          return text === null ? null : codec.decode(text);
        } catch (error) {
          throw error instanceof LoginUnreadable ? error.at(place) : error;
        }
      }),
    save: (grant) =>
      guarded(link, async () => {
        const args = [application, grant.id, grant.revision, codec.encode(grant)];
        if ((await scripts.save(args, options)) !== 1) {
          throw new ConstantContactError('unavailable', 'Another process has stored later tokens.');
        }
      }),
    clear: () =>
      guarded(link, async () => {
        await link.run((redis) => redis.del(grantKey), options);
      }),
    exclusively: (work) =>
      guarded(link, async () => {
        const token = randomUUID();
        await acquire(token);
        try {
          return await work();
        } finally {
          await scripts.release([application, token], options).catch(() => undefined);
        }
      }),
  };
}

async function guarded<T>(link: RedisLink, work: () => Promise<T>): Promise<T> {
  await link.started;
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RedisUnreachable)) throw error;
    throw new ConstantContactError(
      'unavailable',
      'Redis, which keeps the stored tokens, cannot be reached.',
      {
        cause: error,
      },
    );
  }
}
