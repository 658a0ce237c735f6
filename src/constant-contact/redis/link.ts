import { Cluster } from 'ioredis';
import { TimeUp } from '../abort.js';
import { Stop, type Signal } from '../stop.js';
import { parseRedisUrl, RedisUnusable, type RedisAddress } from './address.js';
import { connectionProblemOf, openConnection, problemOf, type RedisConnection } from './connect.js';
import { certificateErrorOf, certificateHintOf, tlsProblemOf } from './tls-problem.js';

/** Redis did not do what was asked of it in time. Holds neither the command nor the address: both can hold secrets. */
export class RedisUnreachable extends Error {
  override readonly name = 'RedisUnreachable';
}

export interface RedisStatus {
  /** Whether this process shares its state through Redis at present. */
  connected: boolean;
  /** Since when that is so. */
  since: Date;
  /** Whether Redis writes down every change (append-only file); null until it has been asked. */
  appendOnly: boolean | null;
  /** Why it cannot be reached, in one word: `ECONNREFUSED`, `WRONGPASS`, `TIMEOUT`. Null while it can, or when nothing is known. */
  reason: string | null;
  /** What to correct, while its certificate is why it cannot be reached. */
  hint: string | null;
  /** What is wrong with the configuration, when Redis answers and yet cannot be used. */
  problem: string | null;
}

/** How Redis was found when it could be reached again. */
export interface Return {
  /** Tells this run of the Redis server from others; a new one may have forgotten everything. */
  run: string;
  /** How long it could not be reached, in milliseconds; at first since this process began. */
  outageMs: number;
}

/** What keeps something in Redis, told when it goes and comes. Rejecting means that Redis cannot be used yet. */
export interface Tenant {
  returned?(how: Return): Promise<void>;
  /** Every second while Redis is there. */
  beat?(): Promise<void>;
}

/** @param keys without the prefix */
export type Script = (
  keys: readonly string[],
  args: readonly (string | number)[],
  options?: RunOptions,
) => Promise<unknown>;

export interface RunOptions {
  /** Longest wait in milliseconds. */
  timeoutMs?: number;
  /** Tries although Redis counts as unreachable, as long as there is a connection. */
  anyway?: boolean;
}

/** Longest wait for one command: a query must not notice that Redis hangs. */
export const COMMAND_MS = 200;
const BEAT_MS = 1_000;
const PROBE_MS = 250;
/** A connection on which nothing comes back for this long is made anew: its other end may be gone without a word. */
const SILENCE_MS = 5_000;
/** When Redis is not there from the start, this is reported after so long. */
const START_MS = 2_000;

/** A cluster has as many servers as nodes: this asks the one that has our keys. */
const INFO = `return redis.call('INFO')`;

/** The connection to Redis: every command bounded in time, and one place that knows whether Redis is there. */
export class RedisLink {
  /** Begins every key. The braces keep all keys of a namespace in one slot of a cluster, so that a script can use several. */
  readonly prefix: string;
  readonly #address: RedisAddress;
  readonly #ca: string | null;
  readonly #redis: RedisConnection;
  readonly #info: Script;
  readonly #tenants: Tenant[] = [];
  readonly #onChange: (status: RedisStatus) => void;
  #up = false;
  #since = Date.now();
  #appendOnly: boolean | null = null;
  #reason: string | null = null;
  #hint: string | null = null;
  #problem: RedisUnusable | null = null;
  /** Fires when Redis can be reached again; a new one for each outage. */
  #back = new Stop();
  #startOver: (problem?: RedisUnusable) => void = () => undefined;
  readonly #started = new Promise<void>((resolve, reject) => {
    this.#startOver = (problem) => {
      if (problem) reject(problem);
      else resolve();
    };
  });
  /** When something came back on the connection, or it was made. */
  #heardAt = Date.now();
  #timer: NodeJS.Timeout | undefined;
  #busy = false;
  #closed = false;

  /**
   * @param ca certificates (PEM) to trust instead of the system's
   * @param onChange told when Redis goes or comes
   */
  constructor({
    url,
    ca,
    namespace,
    onChange,
  }: {
    url: string;
    ca: string | null;
    namespace: string;
    onChange: (status: RedisStatus) => void;
  }) {
    this.prefix = `constant-contact:{${namespace}}:`;
    this.#onChange = onChange;
    const address = parseRedisUrl(url);
    if (!address) throw new RedisUnusable('REDIS_URL is in none of the forms that docs/production.md lists.');
    this.#address = address;
    this.#ca = ca;
    this.#redis = openConnection(address, ca);
    this.#info = this.script('linkInfo', INFO);
    this.#started.catch(() => undefined);
    // Its errors quote the command, which can be AUTH with the password; what they mean shows in `close` anyway.
    this.#redis.on('error', (error: Error) => {
      this.#fail(error);
      const problem = connectionProblemOf(address, error);
      if (!problem) return;
      this.#refuse(problem);
      // ioredis would go on in database 0 when it cannot select the one that was meant.
      if (this.#redis.status === 'connect') this.#redis.disconnect(true);
    });
    this.#redis.on('close', () => {
      this.#fall();
    });
    this.#redis.on('connect', () => {
      this.#heardAt = Date.now();
    });
    this.#redis.on('ready', () => void this.#check());
    this.#plan(PROBE_MS);
    const began = this.#since;
    const start = setTimeout(() => {
      if (this.#since === began && !this.#closed) void this.#startWithout();
    }, START_MS);
    start.unref();
  }

  /**
   * Resolves when Redis was reached for the first time, or when it could not be for a while. Rejects with `RedisUnusable`
   * when it is not what the configuration says.
   */
  get started(): Promise<void> {
    return this.#started;
  }

  get up(): boolean {
    return this.#up;
  }

  /** When the present state began, in milliseconds since the epoch. */
  get since(): number {
    return this.#since;
  }

  /** Fires when the outage that is going on ends; has fired already when there is none. */
  get back(): Signal {
    return this.#back;
  }

  status(): RedisStatus {
    return {
      connected: this.#up,
      since: new Date(this.#since),
      appendOnly: this.#appendOnly,
      reason: this.#up ? null : this.#reason,
      hint: this.#up ? null : this.#hint,
      problem: this.#problem?.message ?? null,
    };
  }

  join(tenant: Tenant): void {
    this.#tenants.push(tenant);
  }

  /** A Lua script. It may use no keys but those that it is called with: a cluster moves keys one by one. */
  script(name: string, lua: string): Script {
    this.#redis.defineCommand(name, { lua });
    const call = (this.#redis as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>)[name];
    return (keys, args, options) => {
      const named = keys.map((key) => this.prefix + key);
      return this.run(
        () => (call as NonNullable<typeof call>).call(this.#redis, named.length, ...named, ...args),
        options,
      );
    };
  }

  /**
   * Runs commands. When they fail, Redis counts as unreachable until it has answered again.
   * @throws RedisUnreachable at once while Redis cannot be reached, else within the time limit
   */
  async run<T>(
    work: (redis: RedisConnection) => Promise<T>,
    { timeoutMs = COMMAND_MS, anyway = false }: RunOptions = {},
  ): Promise<T> {
    if ((!this.#up && !anyway) || this.#redis.status !== 'ready') {
      throw new RedisUnreachable('Redis cannot be reached.');
    }
    try {
      const answer = await bounded(work(this.#redis), timeoutMs);
      this.#heardAt = Date.now();
      return answer;
    } catch (error) {
      this.#fail(error as Error);
      this.#fall();
      throw new RedisUnreachable(`Redis did not do what was asked of it: ${String(this.#reason)}.`);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    if (this.#redis.status === 'ready') {
      await bounded(this.#redis.quit(), COMMAND_MS).catch(() => undefined);
    }
    this.#redis.disconnect();
  }

  #plan(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.#check(), ms);
    this.#timer.unref();
  }

  async #check(): Promise<void> {
    if (this.#busy || this.#closed) return;
    this.#busy = true;
    try {
      if (this.#up) for (const tenant of this.#tenants) await tenant.beat?.();
      else await this.#return();
    } catch {
      this.#fall();
      this.#renew();
    } finally {
      this.#busy = false;
      this.#plan(this.#up ? BEAT_MS : PROBE_MS);
    }
  }

  async #return(): Promise<void> {
    const info =
      this.#redis instanceof Cluster
        ? String(await this.#info(['run'], [], { anyway: true }))
        : await this.run((redis) => redis.info(), { anyway: true });
    const problem = problemOf(this.#address, info);
    if (problem) this.#refuse(problem);
    if (problem || /^role:slave/m.test(info)) {
      // After a failover the same name, or the sentinels, lead to another server.
      this.#redis.disconnect(true);
      throw problem ?? new RedisUnreachable('Redis is read-only.');
    }
    this.#problem = null;
    this.#hint = null;
    this.#appendOnly = /^aof_enabled:1/m.test(info);
    const how: Return = {
      run: /^run_id:(\w+)/m.exec(info)?.[1] ?? '',
      outageMs: Date.now() - this.#since,
    };
    for (const tenant of this.#tenants) await tenant.returned?.(how);
    if (this.#redis.status !== 'ready' || this.#closed) return;
    this.#up = true;
    this.#since = Date.now();
    this.#startOver();
    this.#back.abort();
    this.#onChange(this.status());
  }

  /** Redis could not be reached at the start. */
  async #startWithout(): Promise<void> {
    const problem = this.#problem ?? (await tlsProblemOf(this.#address));
    const error = problem ? undefined : await certificateErrorOf(this.#address, this.#ca);
    if (this.#up || this.#closed) return;
    if (error) this.#fail(error);
    if (problem) {
      this.#refuse(problem);
      return;
    }
    this.#startOver();
    this.#onChange(this.status());
  }

  #fail(error: Error): void {
    const { lastNodeError = error, code } = error as { lastNodeError?: Error; code?: unknown };
    const hint = certificateHintOf(lastNodeError);
    // Sentinels and clusters report a failed handshake in words only: what was found about it stays.
    if (hint === null && this.#hint !== null && typeof code !== 'string') return;
    this.#hint = hint;
    this.#reason = reasonOf(hint === null ? error : lastNodeError);
  }

  #refuse(problem: RedisUnusable): void {
    const isNew = this.#problem?.message !== problem.message;
    this.#problem = problem;
    this.#startOver(problem);
    if (isNew && !this.#closed) this.#onChange(this.status());
  }

  #fall(): void {
    if (!this.#up) return;
    this.#up = false;
    this.#since = Date.now();
    this.#back = new Stop();
    if (this.#closed) return;
    this.#onChange(this.status());
    if (!this.#busy) this.#plan(PROBE_MS);
  }

  #renew(): void {
    const { status } = this.#redis;
    if (status !== 'ready' && status !== 'connect') return;
    if (Date.now() - this.#heardAt >= SILENCE_MS) this.#redis.disconnect(true);
  }
}

/** One harmless word about a failure: the code of the system or of Redis. Everything else can quote what was sent. */
function reasonOf(error: unknown): string {
  if (error instanceof TimeUp) return 'TIMEOUT';
  const { code, message = '' } = error as { code?: unknown; message?: string };
  if (typeof code === 'string') return code;
  return /^[A-Z]{2,}(?= )/.exec(message)?.[0] ?? 'FAILED';
}

/**
 * Settles as `promise` does, or rejects after `ms`. A process that was too busy to look gets one look more before that:
 * the answer may lie there already.
 */
function bounded<T>(promise: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      setImmediate(() => {
        setImmediate(() => {
          reject(new TimeUp(`Nothing within ${String(ms)} ms.`));
        });
      });
    }, ms);
    promise
      .finally(() => {
        clearTimeout(timer);
      })
      .then(resolve, reject);
  });
}
