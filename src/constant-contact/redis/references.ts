import { randomBytes } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import type { Place, ReferenceFamily, SharedReferences } from '../cache/reference-cache.js';
import { Cipher, hashOf } from './cipher.js';
import { RedisUnreachable, type RedisLink } from './link.js';

export interface RedisReferencesOptions {
  link: RedisLink;
  /** How long a value is kept, in milliseconds. */
  ttlMs: number;
  /** Values are shared only among processes of the same release and the same REST API: what they look like is not agreed upon. */
  scope: string;
  /** 32 bytes; with them values are stored encrypted. */
  secret: Buffer | null;
}

/** Larger values stay in the process that read them: they would hold up the commands behind them. */
const LARGEST_BYTES = 2 * 1_024 * 1_024;
/** A generation outlives every value that was ever kept under the one before, and every load that could still store one. */
const GENERATION_SLACK_MS = 3_600_000;
/** A load that began before an invalidation is over by then. */
const LONGEST_LOAD_MS = 120_000;
/** Generation of a family that was never made stale. */
const FIRST = '0';

/**
 * Reference data in Redis. Each family of each owner has a generation, which a write replaces; values are kept under
 * the generation in which their load began. So nothing that was loaded before a write can be found after it, in any
 * process, however late it is stored.
 */
export class RedisReferences implements SharedReferences {
  readonly #link: RedisLink;
  readonly #ttlMs: number;
  readonly #scope: string;
  readonly #cipher: Cipher | null;
  /** Generations that could not be replaced for want of Redis, with the time of the write. */
  readonly #pending = new Map<string, number>();

  constructor({ link, ttlMs, scope, secret }: RedisReferencesOptions) {
    this.#link = link;
    this.#ttlMs = ttlMs;
    this.#scope = scope;
    this.#cipher = secret && new Cipher(secret, 'references');
    link.join({ returned: () => this.#flush(true), beat: () => this.#flush(false) });
  }

  async generation(owner: string, family: ReferenceFamily): Promise<string | null> {
    const key = this.#generationKey(owner, family);
    if (this.#pending.has(key)) return null;
    return this.#link.run((redis) => redis.get(key)).then((found) => found ?? FIRST, noValue(null));
  }

  async load(place: Place, generation: string): Promise<{ value: unknown; ttlMs: number } | null> {
    const key = this.#valueKey(place, generation);
    const answers = await this.#link
      .run((redis) => redis.multi().getBuffer(key).pttl(key).exec())
      .catch(noValue(null));
    const bytes = answers?.[0]?.[1] as Buffer | null | undefined;
    const ttlMs = Number(answers?.[1]?.[1]);
    if (!bytes || !(ttlMs > 0)) return null;
    try {
      return { value: deserialize(this.#cipher?.open(bytes, key) ?? bytes), ttlMs };
    } catch {
      // Written with another key, or damaged: as good as not there.
      return null;
    }
  }

  save(place: Place, generation: string, value: unknown): void {
    const key = this.#valueKey(place, generation);
    const plain = serializeOrNull(value);
    if (!plain || plain.length > LARGEST_BYTES) return;
    const bytes = this.#cipher?.seal(plain, key) ?? plain;
    this.#link.run((redis) => redis.set(key, bytes, 'PX', this.#ttlMs)).catch(noValue(null));
  }

  async invalidate(owner: string, families: readonly ReferenceFamily[]): Promise<void> {
    for (const family of families) {
      const key = this.#generationKey(owner, family);
      this.#pending.delete(key);
      this.#pending.set(key, Date.now());
    }
    await this.#flush(false).catch(noValue(undefined));
  }

  /** Replaces the generations that are due. Forgets those of so long ago that nothing of before can be kept any more. */
  async #flush(anyway: boolean): Promise<void> {
    const oldest = Date.now() - this.#ttlMs - LONGEST_LOAD_MS;
    for (const [key, at] of this.#pending) {
      if (at >= oldest) break;
      this.#pending.delete(key);
    }
    const due = [...this.#pending];
    if (due.length === 0) return;
    const life = this.#ttlMs + GENERATION_SLACK_MS;
    await this.#link.run(
      async (redis) => {
        const batch = redis.multi();
        for (const [key] of due) batch.set(key, randomBytes(12).toString('base64url'), 'PX', life);
        const failure = (await batch.exec())?.find(([error]) => error)?.[0];
        if (failure) throw failure;
      },
      { anyway },
    );
    for (const [key, at] of due) if (this.#pending.get(key) === at) this.#pending.delete(key);
  }

  #generationKey(owner: string, family: ReferenceFamily): string {
    return `${this.#link.prefix}generation:${hashOf(this.#scope, owner, family)}`;
  }

  #valueKey({ owner, family, variant }: Place, generation: string): string {
    return `${this.#link.prefix}reference:${hashOf(this.#scope, owner, family, variant)}:${generation}`;
  }
}

/** Null for what cannot leave this process, such as a function. */
function serializeOrNull(value: unknown): Buffer | null {
  try {
    return serialize(value);
  } catch {
    return null;
  }
}

function noValue<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof RedisUnreachable) return value;
    throw error;
  };
}
