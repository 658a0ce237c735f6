import { randomBytes } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { LRUCache } from 'lru-cache';
import type { Family } from '../cache/ages.js';
import type { Place, SharedReads } from '../cache/read-cache.js';
import { Cipher, hashOf } from './cipher.js';
import { nullIfUnreachable, type RedisLink, type Script } from './link.js';

export interface RedisReadsOptions {
  link: RedisLink;
  /** Maximum time that a value is kept, in milliseconds. */
  longestMs: number;
  /**
   * Values are shared only among processes of the same release and the same REST API, because their format may change.
   * Generations are shared among all, because a write of one release concerns the others.
   */
  scope: string;
  /** 32 bytes that encrypt the values. */
  secret: Buffer | null;
}

/** Larger values stay in their process: they would delay the commands after them. */
const MAX_VALUE_BYTES = 2 * 1_024 * 1_024;
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

/** A value as it is stored. */
interface Stored {
  value: unknown;
  /** Age and remaining lifetime when it was stored. */
  ageMs: number;
  lifeMs: number;
}

/**
 * Cache in Redis. Each family of each owner has a generation, which a write replaces; values are stored under the
 * generations in which their load began. So a value loaded before a write is never found after it, in any process,
 * however late it is stored. A server that starts again may have lost the latest writes, so its run is a part of every
 * generation.
 */
export class RedisReads implements SharedReads {
  readonly #link: RedisLink;
  readonly #generationLifeMs: number;
  readonly #scope: string;
  readonly #cipher: Cipher | null;
  /** Sizes of the values that this process has stored, by key. Evicted values are deleted. */
  readonly #sizes: LRUCache<string, number>;
  /** Generations to replace, each with the number of its last invalidation: while Redis is unreachable they wait for its return. */
  readonly #pending = new Map<string, number>();
  #invalidations = 0;
  readonly #generations: Script;
  /** The run of the Redis server. */
  #run = '';

  constructor({ link, longestMs, scope, secret }: RedisReadsOptions) {
    this.#link = link;
    this.#generationLifeMs = longestMs + GENERATION_SLACK_MS;
    this.#scope = scope;
    this.#cipher = secret && new Cipher(secret, 'references');
    this.#sizes = new LRUCache<string, number>({
      maxSize: MAX_BYTES,
      sizeCalculation: (bytes) => bytes,
      ttl: 1,
      dispose: (_bytes, key, why) => {
        if (why === 'evict') link.run((redis) => redis.unlink(key)).catch(nullIfUnreachable);
      },
    });
    this.#generations = link.script('readsGenerations', GENERATIONS);
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
    const answers = await this.#link
      .run((redis) => redis.multi().getBuffer(key).pttl(key).exec())
      .catch(nullIfUnreachable);
    const bytes = answers?.[0]?.[1] as Buffer | null | undefined;
    const leftMs = Number(answers?.[1]?.[1]);
    if (!bytes || !(leftMs > 0)) return null;
    try {
      const { value, ageMs, lifeMs } = deserialize(this.#cipher?.open(bytes, key) ?? bytes) as Stored;
      return { value, ageMs: ageMs + Math.max(0, lifeMs - leftMs) };
    } catch {
      // A value written with another key, or damaged, counts as missing.
      return null;
    }
  }

  save(place: Place, generation: string, { value, ageMs, lifeMs }: Stored): void {
    const life = Math.ceil(lifeMs);
    const key = this.#valueKey(place, generation);
    const plain = serializeOrNull({ value, ageMs, lifeMs: life } satisfies Stored);
    if (!plain || plain.length > MAX_VALUE_BYTES) return;
    const bytes = this.#cipher?.seal(plain, key) ?? plain;
    this.#sizes.set(key, bytes.length, { ttl: life });
    this.#link.run((redis) => redis.set(key, bytes, 'PX', life)).catch(nullIfUnreachable);
  }

  async claim(place: Place, generation: string, ms: number): Promise<boolean> {
    const key = `${this.#valueKey(place, generation)}:ahead`;
    const set = this.#link.run((redis) => redis.set(key, '', 'PX', Math.ceil(ms), 'NX'));
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
    const { prefix } = this.#link;
    await this.#link.run(
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

  #valueKey({ owner, families, variant }: Place, generation: string): string {
    return `${this.#link.prefix}reference:${hashOf(this.#scope, owner, families[0], variant)}:${generation}`;
  }
}

function newGeneration(): string {
  return randomBytes(12).toString('base64url');
}

/** Null for a value that cannot be serialized, such as a function. */
function serializeOrNull(value: unknown): Buffer | null {
  try {
    return serialize(value);
  } catch {
    return null;
  }
}
