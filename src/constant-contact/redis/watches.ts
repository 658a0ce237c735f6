import { randomBytes } from 'node:crypto';
import type { Cipher } from '../auth/cipher.js';
import type { SharedPoll, SharedWatch, SharedWatches, Turn } from '../shared-watches.js';
import { cipherFor, hashOf } from './cipher.js';
import { nullIfUnreachable, type RedisLink, type Script } from './link.js';

export interface RedisWatchesOptions {
  link: RedisLink;
  /** As for `RedisReferencesOptions`. */
  scope: string;
  secret: Buffer | null;
}

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

const keysOf = (id: string): string[] => [`watch:${id}:lease`, `watch:${id}:record`];

/** Watches that one process polls for all. While Redis is unreachable, each process polls for itself. */
export class RedisWatches implements SharedWatches {
  readonly #scope: string;
  readonly #cipher: Cipher | null;
  readonly #process = randomBytes(12).toString('base64url');
  readonly #turn: Script;
  readonly #share: Script;
  readonly #leave: Script;
  /** Watches that this process polls, each with its lease. */
  readonly #held = new Set<string>();

  constructor({ link, scope, secret }: RedisWatchesOptions) {
    this.#scope = scope;
    this.#cipher = cipherFor(secret, 'watches');
    this.#turn = link.script('watchTurn', TURN);
    this.#share = link.script('watchShare', SHARE);
    this.#leave = link.script('watchLeave', LEAVE);
    link.join({
      beat: async () => {
        // A read may take longer than a lease.
        for (const id of this.#held) await this.#turn(keysOf(id), [this.#process, LEASE_MS, '-']);
      },
    });
  }

  join(owner: string, key: string): SharedWatch {
    const id = hashOf(this.#scope, owner, key);
    let known = '-';
    let hasLeft = false;
    const hold = () => {
      // The response to a turn may arrive after this process has left: the heartbeat would take the lease again.
      if (!hasLeft) this.#held.add(id);
    };
    return {
      turn: () => this.#turnOf(id, known, hold, (version) => (known = version)).catch(nullIfUnreachable),
      share: async (poll) => {
        const version = randomBytes(6).toString('base64url');
        const record = `${version} ${this.#seal(id, poll)}`;
        known = version;
        await this.#share(keysOf(id), [this.#process, LEASE_MS, record]).catch(nullIfUnreachable);
      },
      leave: (isOver) => {
        hasLeft = true;
        this.#held.delete(id);
        if (!isOver) void this.#leave(keysOf(id), [this.#process]).catch(nullIfUnreachable);
      },
    };
  }

  async #turnOf(
    id: string,
    known: string,
    hold: () => void,
    learn: (version: string) => void,
  ): Promise<Turn> {
    const answer = await this.#turn(keysOf(id), [this.#process, LEASE_MS, known]);
    const [isHolder, record] = answer as [number, string | null];
    const isOurs = isHolder === 1;
    if (isOurs) hold();
    else this.#held.delete(id);
    if (record === null) return { isOurs };
    const [version = '', sealed = ''] = record.split(' ');
    learn(version);
    const news = this.#open(id, sealed);
    // A value that cannot be read here, because it is large or encrypted with another key, must be read again.
    return news ? { isOurs, news } : { isOurs: true };
  }

  /** Null for a value that is too large. */
  #seal(id: string, poll: SharedPoll): string {
    const plain = Buffer.from(JSON.stringify(poll));
    if (plain.length > MAX_VALUE_BYTES) return '';
    return (this.#cipher?.seal(plain, id) ?? plain).toString('base64');
  }

  #open(id: string, sealed: string): SharedPoll | undefined {
    try {
      const bytes = Buffer.from(sealed, 'base64');
      return JSON.parse(String(this.#cipher?.open(bytes, id) ?? bytes)) as SharedPoll;
    } catch {
      return undefined;
    }
  }
}
