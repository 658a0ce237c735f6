import { randomBytes } from 'node:crypto';
import type { SharedPoll, SharedWatches } from '../shared-watches.js';
import { cipherFor, hashOf } from './cipher.js';
import { nullIfUnreachable, type RedisLink } from './link.js';

/**
 * A process without a heartbeat for this long is gone, and another takes over. All processes also learn the last value of a
 * finished object in this time.
 */
const LEASE_MS = 5_000;
/** Larger values are not shared: they would delay the commands after them. Each process reads such an object itself. */
const MAX_VALUE_BYTES = 256 * 1_024;

/**
 * The reading process, in `watch:H:lease`, and the last value read, in `watch:H:record`: a version, a space, and the
 * value. A process takes a free lease, and gets a value that is new to it. ARGV: process, lease in milliseconds,
 * known version.
 */
const TURN = `
local lease, record = KEYS[1], KEYS[2]
local holder = redis.call('GET', lease)
local ours = 0
if not holder or holder == ARGV[1] then
  redis.call('SET', lease, ARGV[1], 'PX', ARGV[2])
  redis.call('PEXPIRE', record, ARGV[2])
  ours = 1
end
local value = redis.call('GET', record)
if value and string.sub(value, 1, #ARGV[3] + 1) == ARGV[3] .. ' ' then value = false end
return { ours, value }
`;

/** Only the polling process may publish a value. ARGV: process, lease in milliseconds, record. */
const SHARE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[2])
return 1
`;

/** ARGV: process. */
const LEAVE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
`;

/**
 * Watches that one process polls for all. While Redis is unreachable, each process polls for itself.
 *
 * @param scope as for `RedisReads`, as is the secret
 */
export function redisWatches(link: RedisLink, scope: string, secret: Buffer | null): SharedWatches {
  const cipher = cipherFor(secret, 'watches');
  const member = randomBytes(12).toString('base64url');
  const takeTurn = link.script('watchTurn', TURN);
  const share = link.script('watchShare', SHARE);
  const leave = link.script('watchLeave', LEAVE);
  /** Keys of the watches that this process polls, by ID. */
  const held = new Map<string, string[]>();
  link.join({
    beat: async () => {
      // A read may take longer than a lease.
      for (const keys of held.values()) await takeTurn(keys, [member, LEASE_MS, '-']);
    },
  });

  /** Empty for a value that is too large. */
  const seal = (id: string, poll: SharedPoll): string => {
    const plain = Buffer.from(JSON.stringify(poll));
    return plain.length > MAX_VALUE_BYTES ? '' : (cipher?.seal(plain, id) ?? plain).toString('base64');
  };
  const open = (id: string, sealed: string): SharedPoll | undefined => {
    try {
      const bytes = Buffer.from(sealed, 'base64');
      return JSON.parse(String(cipher?.open(bytes, id) ?? bytes)) as SharedPoll;
    } catch {
      return undefined;
    }
  };

  return {
    join: (owner, key) => {
      const id = hashOf(scope, owner, key);
      const keys = [`watch:${id}:lease`, `watch:${id}:record`];
      let known = '-';
      let hasLeft = false;
      return {
        turn: async () => {
          const answer = await takeTurn(keys, [member, LEASE_MS, known]).catch(nullIfUnreachable);
          if (answer === null) return null;
          const [isHolder, record] = answer as [number, string | null];
          const isOurs = isHolder === 1;
          if (!isOurs) held.delete(id);
          // The response to a turn may arrive after this process has left: the heartbeat would take the lease again.
          else if (!hasLeft) held.set(id, keys);
          if (record === null) return { isOurs };
          const [version = '', sealed = ''] = record.split(' ');
          known = version;
          const news = open(id, sealed);
          // A value that cannot be read here, because it is large or encrypted with another key, must be read again.
          return news ? { isOurs, news } : { isOurs: true };
        },
        share: async (poll) => {
          known = randomBytes(6).toString('base64url');
          const record = `${known} ${seal(id, poll)}`;
          await share(keys, [member, LEASE_MS, record]).catch(nullIfUnreachable);
        },
        leave: (isOver) => {
          hasLeft = true;
          held.delete(id);
          if (!isOver) void leave(keys, [member]).catch(nullIfUnreachable);
        },
      };
    },
  };
}
