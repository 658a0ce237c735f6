import type { Clock } from '../clock.js';
import { ConstantContactError } from '../errors.js';
import { lockTimeoutError, newerTokensError } from '../auth/login-errors.js';
import { applicationOf, LOGGED_OUT, type TokenCodec } from '../auth/token-codec.js';
import type { TokenStore } from '../auth/token-store.js';
import { RedisUnusable } from './address.js';
import { redisLeases } from './leases.js';
import { RedisUnreachable, type RedisLink } from './link.js';

const PATIENCE_MS = 75_000;
/** Tokens justify a longer wait than budgets and caches. */
const COMMAND_MS = 2_000;
/** Time that a save waits for a replica; other commands of this process wait behind it. */
const REPLICA_MS = 100;

/**
 * Stores a grant unless a later one of the same login is there. ARGV: id of the login, revision, record.
 * A lease runs out when its owner is stopped for long; what it stores then must not replace what came after.
 * Answers how many replicas there are, -1 when it stored nothing.
 */
const SAVE = `
local old = redis.call('HMGET', KEYS[1], 'id', 'revision')
if old[1] == ARGV[1] and tonumber(old[2]) > tonumber(ARGV[2]) then return -1 end
redis.call('HSET', KEYS[1], 'id', ARGV[1], 'revision', ARGV[2], 'record', ARGV[3])
return tonumber(string.match(redis.call('INFO', 'replication'), 'connected_slaves:(%d+)') or '0')
`;

/**
 * Stores the grant of one application in Redis, for all processes with the same namespace. It is as durable as Redis: with an
 * append-only file that is flushed at every write (`appendfsync always`), it survives a power cut; with an up-to-date replica,
 * the loss of the master.
 */
export function redisTokenStore(
  link: RedisLink,
  clientId: string,
  codec: TokenCodec,
  clock: Clock,
): TokenStore {
  const application = applicationOf(clientId);
  const grant = `login:${application}`;
  const grantKey = link.prefix + grant;
  const saveScript = link.script('loginSave', SAVE);
  const options = { timeoutMs: COMMAND_MS, anyway: true };
  // Earlier releases take any value for a held lock, so a free one must be gone at once.
  const acquireLease = redisLeases(link, clock, 1);

  const acquire = () => {
    const deadline = clock.now() + PATIENCE_MS;
    return acquireLease(`login-lock:${application}`, () => {
      if (clock.now() >= deadline) throw lockTimeoutError();
    });
  };

  const place = `Redis, ${grantKey}`;

  /** A save is lost with a master that fails right after it, unless a replica has it. */
  const awaitReplica = () =>
    link.run((redis) => redis.pipeline().exists(grantKey).wait(1, REPLICA_MS).exec(), options);

  return {
    place,
    load: () =>
      guarded(link, async () => {
        const text = await link.run((redis) => redis.hget(grantKey, 'record'), options);
        return text === null ? undefined : codec.decode(text, place);
      }),
    save: (next) =>
      guarded(link, async () => {
        const args = [next.id, next.revision, codec.encode(next)];
        const replicas = Number(await saveScript([grant], args, options));
        if (replicas < 0) throw newerTokensError();
        if (replicas > 0) await awaitReplica();
      }),
    clear: () =>
      guarded(link, async () => {
        await link.run(
          (redis) => redis.hset(grantKey, 'id', '', 'revision', 0, 'record', LOGGED_OUT),
          options,
        );
      }),
    exclusively: (work) =>
      guarded(link, async () => {
        const lease = await acquire();
        try {
          return await work();
        } finally {
          await lease.release();
        }
      }),
  };
}

async function guarded<T>(link: RedisLink, work: () => Promise<T>): Promise<T> {
  try {
    await link.started;
    return await work();
  } catch (error) {
    if (!(error instanceof RedisUnreachable || error instanceof RedisUnusable)) throw error;
    throw new ConstantContactError('unavailable', 'Redis, which stores the tokens, cannot be reached.', {
      cause: error,
    });
  }
}
