import { randomBytes } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { LRUCache } from 'lru-cache';
import type { Family } from '../cache/ages.js';
import type { Place, SharedReads } from '../cache/read-cache.js';
import type { Clock } from '../clock.js';
import type { Cipher } from '../auth/cipher.js';
import { cipherFor, hashOf } from './cipher.js';
import type { RedisConnection } from './connect.js';
import { nullIfUnreachable, type RedisLink, type Script } from './link.js';

/** Larger values stay in their process: they would delay the commands after them. */
const MAX_VALUE_BYTES = 2 * 1_024 * 1_024;
/** Values up to this size do not delay the commands after them. */
const SMALL_BYTES = 64 * 1_024;
/** Maximum size of the values of one process. */
const MAX_BYTES = 64 * 1_024 * 1_024;
/** A generation outlives every value stored under the one before, and every load that could still store one. */
const GENERATION_SLACK_MS = 3_600_000;
/** Maximum wait of a write for its invalidation. Other processes may return older data once it is over. */
const INVALIDATION_MS = 2_000;

/**
 * Reads generations, and creates those that are missing: Redis may have lost them, together with the writes that they stand
 * for. Those in use are kept. ARGV: lifetime in milliseconds, then a new generation for each key.
 */
const GENERATIONS = `
local found = redis.call('MGET', unpack(KEYS))
for i, key in ipairs(KEYS) do
  if not found[i] then
    found[i] = ARGV[i + 1]
    redis.call('SET', key, found[i], 'PX', ARGV[1])
  elseif redis.call('PTTL', key) < ARGV[1] / 2 then
    redis.call('PEXPIRE', key, ARGV[1])
  end
end
return found
`;

/**
 * Stores a value, unless a newer one is stored: a hash of the value and of when it was read, by the clock of Redis. ARGV:
 * value, age and remaining lifetime in milliseconds.
 */
const SAVE = `
local t = redis.call('TIME')
local at = t[1] * 1000 + math.floor(t[2] / 1000) - ARGV[2]
local known = tonumber(redis.call('HGET', KEYS[1], 'at') or '')
if known and known > at then return 0 end
redis.call('HSET', KEYS[1], 'at', string.format('%.0f', at), 'value', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
`;

/** A value as it is stored. */
interface Stored {
  value: unknown;
  /** Age and remaining lifetime when it was stored. */
  ageMs: number;
  lifeMs: number;
  /** When it was read, by the clock of its process. A writer to Redis can extend the life of a value, but not change this. */
  readAt: number;
}

/**
 * Cache in Redis. Each family of each owner has a generation, which a write replaces; values are stored under the
 * generations in which their load began. So a value loaded before a write is never found after it, in any process,
 * however late it is stored. A server that starts again may have lost the latest writes, so its run is a part of every
 * generation.
 */
export class RedisReads implements SharedReads {
  readonly #generationLifeMs: number;
  readonly #cipher: Cipher | null;
  /** Sizes of the values that this process has stored, by key. Evicted values are deleted. */
  readonly #sizes: LRUCache<string, number>;
  /** Generations to replace, each with the number of its last invalidation: while Redis is unreachable they wait for its return. */
  readonly #pending = new Map<string, number>();
  #invalidations = 0;
  readonly #generations: Script;
  readonly #save: Script;
  /** The run of the Redis server. */
  #run = '';

  /**
   * @param longestMs maximum time that a value is kept, in milliseconds
   * @param scope values are shared only among processes of the same release and the same REST API, because their format may
   * change; generations are shared among all, because a write of one release concerns the others
   * @param secret 32 bytes that encrypt the values
   */
  constructor(
    private readonly link: RedisLink,
    private readonly clock: Clock,
    longestMs: number,
    private readonly scope: string,
    secret: Buffer | null,
  ) {
    this.#generationLifeMs = longestMs + GENERATION_SLACK_MS;
    this.#cipher = cipherFor(secret, 'references');
    this.#sizes = new LRUCache<string, number>({
      maxSize: MAX_BYTES,
      sizeCalculation: (bytes) => bytes,
      ttl: 1,
      dispose: (_bytes, key, why) => {
        if (why === 'evict') link.run((redis) => redis.unlink(link.prefix + key)).catch(nullIfUnreachable);
      },
    });
    this.#generations = link.script('readsGenerations', GENERATIONS);
    this.#save = link.script('readsSave', SAVE);
    link.join({
      returned: ({ run }) => {
        this.#run = run;
        return this.#flush(true);
      },
      beat: () => this.#flush(false),
    });
  }

  async generations(owner: string, families: readonly Family[]): Promise<readonly string[] | null> {
    const keys = families.map((family) => this.#generationKey(owner, family));
    if (keys.some((key) => this.#pending.has(key))) return null;
    const args = [this.#generationLifeMs, ...keys.map(newGeneration)];
    const found = (await this.#generations(keys, args).catch(nullIfUnreachable)) as string[] | null;
    return found && found.map((generation) => `${this.#run}-${generation}`);
  }

  async load(place: Place, generation: string): Promise<{ value: unknown; ageMs: number } | null> {
    const key = this.#valueKey(place, generation);
    const { prefix } = this.link;
    const get = (redis: RedisConnection) =>
      redis
        .multi()
        .hgetBuffer(prefix + key, 'value')
        .pttl(prefix + key)
        .exec();
    const answers = await this.link.run(get, { isLarge: true }).catch(nullIfUnreachable);
    const bytes = answers?.[0]?.[1] as Buffer | null | undefined;
    const leftMs = Number(answers?.[1]?.[1]);
    if (!bytes || !(leftMs > 0)) return null;
    try {
      const { value, ageMs, lifeMs, readAt } = deserialize(this.#cipher?.open(bytes, key) ?? bytes) as Stored;
      // The greater one, because clocks of processes differ.
      return { value, ageMs: Math.max(ageMs + lifeMs - leftMs, ageMs, this.clock.now() - readAt) };
    } catch {
      // A value written with another key, or damaged, counts as missing.
      return null;
    }
  }

  save(place: Place, generation: string, { value, ageMs, lifeMs }: Omit<Stored, 'readAt'>): void {
    const key = this.#valueKey(place, generation);
    const stored = {
      value,
      ageMs: Math.round(ageMs),
      lifeMs: Math.ceil(lifeMs),
      readAt: this.clock.now() - ageMs,
    };
    // A value that cannot be stored is missing, but nevertheless replaces an older one.
    const plain = serializeOrNull(stored) ?? serialize({ ...stored, value: undefined } satisfies Stored);
    const bytes = this.#cipher?.seal(plain, key) ?? plain;
    this.#sizes.set(key, bytes.length, { ttl: stored.lifeMs });
    const isLarge = bytes.length > SMALL_BYTES;
    this.#save([key], [bytes, stored.ageMs, stored.lifeMs], { isLarge }).catch(nullIfUnreachable);
  }

  async claim(place: Place, generation: string, ms: number): Promise<boolean> {
    const key = `${this.link.prefix}${this.#valueKey(place, generation)}:ahead`;
    const set = this.link.run((redis) => redis.set(key, '', 'PX', Math.ceil(ms), 'NX'));
    return (await set.catch(nullIfUnreachable)) === 'OK';
  }

  async invalidate(owner: string, families: readonly Family[]): Promise<void> {
    for (const family of families) {
      this.#pending.set(this.#generationKey(owner, family), (this.#invalidations += 1));
    }
    await this.#flush(false).catch(nullIfUnreachable);
  }

  /** Replaces the generations that are due. */
  async #flush(anyway: boolean): Promise<void> {
    const due = [...this.#pending];
    if (due.length === 0) return;
    const life = this.#generationLifeMs;
    const { prefix } = this.link;
    await this.link.run(
      async (redis) => {
        const batch = redis.multi();
        for (const [key] of due) batch.set(prefix + key, newGeneration(), 'PX', life);
        const failure = (await batch.exec())?.find(([error]) => error)?.[0];
        if (failure) throw failure;
      },
      { anyway, timeoutMs: INVALIDATION_MS },
    );
    for (const [key, number] of due) if (this.#pending.get(key) === number) this.#pending.delete(key);
  }

  /** Without the prefix. */
  #generationKey(owner: string, family: Family): string {
    return `generation:${hashOf(owner, family)}`;
  }

  /** Without the prefix. */
  #valueKey({ owner, families, variant }: Place, generation: string): string {
    return `reference:${hashOf(this.scope, owner, families[0], variant)}:${generation}`;
  }
}

function newGeneration(): string {
  return randomBytes(12).toString('base64url');
}

/** Null for a value that is too large, or cannot be serialized, such as a function. */
function serializeOrNull(stored: Stored): Buffer | null {
  try {
    const plain = serialize(stored);
    return plain.length > MAX_VALUE_BYTES ? null : plain;
  } catch {
    return null;
  }
}
