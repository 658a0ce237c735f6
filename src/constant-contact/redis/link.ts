import { Cluster } from 'ioredis';
import { TimeUp } from '../abort.js';
import { Stop } from '../stop.js';
import { parseRedisUrl, RedisUnusable, type RedisAddress } from './address.js';
import { connectionProblemOf, openConnection, problemOf, type RedisConnection } from './connect.js';
import { certificateErrorOf, certificateHintOf, tlsProblemOf } from './tls-problem.js';

/** A Redis command failed or timed out. Has neither the command nor the address: both can contain secrets. */
export class RedisUnreachable extends Error {
  override readonly name = 'RedisUnreachable';
}

/** For `catch`: null while Redis is unreachable. */
export function nullIfUnreachable(error: unknown): null {
  if (error instanceof RedisUnreachable) return null;
  throw error;
}

export interface RedisStatus {
  /** True while this process shares its state through Redis. */
  connected: boolean;
  /** Start of that state. */
  since: Date;
  /** True if Redis has an append-only file; null until Redis was asked. */
  appendOnly: boolean | null;
  /** Reason why it cannot be reached, in one word: `ECONNREFUSED`, `WRONGPASS`, `TIMEOUT`. Null while it can, or when unknown. */
  reason: string | null;
  /** Advice when a certificate error prevents the connection; else null. */
  hint: string | null;
  /** Configuration error, when Redis responds but cannot be used. */
  problem: string | null;
}

/** State of Redis when it becomes reachable again. */
export interface Reconnection {
  /** Identifies this run of the Redis server; a new one may have lost its data. */
  run: string;
  /** Duration of the outage in milliseconds; for the first connection, since the process started. */
  outageMs: number;
}

/** Component with state in Redis, notified when Redis goes and returns. If it rejects, Redis cannot be used yet. */
export interface RedisClient {
  returned?(how: Reconnection): Promise<void>;
  /** Called every second while Redis is reachable. */
  beat?(): Promise<void>;
}

/** @param keys without the prefix */
export type Script = (
  keys: readonly string[],
  args: readonly (string | number | Buffer)[],
  options?: RunOptions,
) => Promise<unknown>;

export interface RunOptions {
  /** Longest wait in milliseconds. */
  timeoutMs?: number;
  /** A value that may be large is sent or received: it and the commands after it on the connection may take longer. */
  isLarge?: boolean;
  /** Tries the command although Redis counts as unreachable, if there is a connection. */
  anyway?: boolean;
}

/** Maximum wait for one command: a query must not be delayed noticeably when Redis hangs. */
export const COMMAND_MS = 200;
/** Maximum wait while a value that may be large is in transit. */
const LARGE_MS = 2_000;
const BEAT_MS = 1_000;
const PROBE_MS = 250;
/** A connection without responses for this long is opened again: its other end may have disappeared. */
const SILENCE_MS = 5_000;
/** Time after which Redis is reported as unreachable at the start. */
const START_MS = 2_000;

/** A cluster has a server per node: this asks the one with our keys. */
const INFO = `return redis.call('INFO')`;

/** The connection to Redis: every command has a time limit, and only this class knows whether Redis is reachable. */
export class RedisLink {
  /** Begins every key. The braces keep all keys of a namespace in one slot of a cluster, so that a script can use several. */
  readonly prefix: string;
  readonly #address: RedisAddress;
  readonly #redis: RedisConnection;
  readonly #info: Script;
  readonly #components: RedisClient[] = [];
  /** Written by this class only, as are the next two. */
  up = false;
  /** When the present state began, in milliseconds since the epoch. */
  since = Date.now();
  /** Fires when the current outage ends; has already fired when there is none. */
  back = new Stop();
  #appendOnly: boolean | null = null;
  #reason: string | null = null;
  #hint: string | null = null;
  #problem: RedisUnusable | null = null;
  #startOver: (problem?: RedisUnusable) => void = () => undefined;
  /**
   * Resolves when Redis was reached for the first time, or when it could not be for a while. Rejects with `RedisUnusable`
   * when it is not what the configuration says.
   */
  readonly started = new Promise<void>((resolve, reject) => {
    this.#startOver = (problem) => {
      if (problem) reject(problem);
      else resolve();
    };
  });
  /** Number of values in transit that may be large, and the time by which they must have arrived. */
  #large = 0;
  #largeUntil = 0;
  /** Time of the last response, or of the connection. */
  #respondedAt = Date.now();
  #timer: NodeJS.Timeout | undefined;
  #busy = false;
  #closed = false;

  /**
   * @param ca certificates (PEM) to trust instead of the system's
   * @param onChange called when Redis becomes unreachable or reachable
   */
  constructor(
    url: string,
    private readonly ca: string | null,
    namespace: string,
    private readonly onChange: (status: RedisStatus) => void,
  ) {
    this.prefix = `constant-contact:{${namespace}}:`;
    const address = parseRedisUrl(url);
    if (!address) throw new RedisUnusable('REDIS_URL has none of the forms that docs/redis.md lists.');
    this.#address = address;
    this.#redis = openConnection(address, ca);
    this.#info = this.script('linkInfo', INFO);
    this.started.catch(() => undefined);
    // Its errors quote the command, which can be AUTH with the password; what they mean shows in `close` anyway.
    this.#redis.on('error', (error: Error) => {
      this.#fail(error);
      const problem = connectionProblemOf(address, error);
      if (!problem) return;
      this.#refuse(problem);
      // ioredis would continue in database 0 when it cannot select the configured one.
      if (this.#redis.status === 'connect') this.#redis.disconnect(true);
    });
    this.#redis.on('close', () => this.#markDown());
    this.#redis.on('connect', () => {
      this.#respondedAt = Date.now();
    });
    this.#redis.on('ready', () => void this.#check());
    this.#plan(PROBE_MS);
    const began = this.since;
    const start = setTimeout(() => {
      if (this.since === began && !this.#closed) void this.#startWithout();
    }, START_MS);
    start.unref();
  }

  status(): RedisStatus {
    return {
      connected: this.up,
      since: new Date(this.since),
      appendOnly: this.#appendOnly,
      reason: this.up ? null : this.#reason,
      hint: this.up ? null : this.#hint,
      problem: this.#problem?.message ?? null,
    };
  }

  join(component: RedisClient): void {
    this.#components.push(component);
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
   * Runs commands. When they fail, Redis counts as unreachable until it responds again.
   * @throws RedisUnreachable at once while Redis cannot be reached, else within the time limit
   */
  async run<T>(
    work: (redis: RedisConnection) => Promise<T>,
    { timeoutMs = COMMAND_MS, isLarge = false, anyway = false }: RunOptions = {},
  ): Promise<T> {
    if ((!this.up && !anyway) || this.#redis.status !== 'ready') {
      throw new RedisUnreachable('Redis cannot be reached.');
    }
    const now = performance.now();
    if (isLarge) {
      this.#large += 1;
      this.#largeUntil = now + LARGE_MS;
    }
    const limitMs = this.#large > 0 ? Math.max(timeoutMs, this.#largeUntil - now) : timeoutMs;
    try {
      const answer = await bounded(work(this.#redis), limitMs);
      this.#respondedAt = Date.now();
      return answer;
    } catch (error) {
      this.#fail(error as Error);
      this.#markDown();
      throw new RedisUnreachable(`Redis command failed: ${String(this.#reason)}.`);
    } finally {
      if (isLarge) this.#large -= 1;
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
      if (this.up) for (const component of this.#components) await component.beat?.();
      else await this.#return();
    } catch {
      this.#markDown();
      this.#renew();
    } finally {
      this.#busy = false;
      this.#plan(this.up ? BEAT_MS : PROBE_MS);
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
      // After a failover the same name, or the sentinels, can lead to another server.
      this.#redis.disconnect(true);
      throw problem ?? new RedisUnreachable('Redis is read-only.');
    }
    this.#problem = null;
    this.#hint = null;
    this.#appendOnly = /^aof_enabled:1/m.test(info);
    const how: Reconnection = {
      run: /^run_id:(\w+)/m.exec(info)?.[1] ?? '',
      outageMs: Date.now() - this.since,
    };
    for (const component of this.#components) await component.returned?.(how);
    if (this.#redis.status !== 'ready' || this.#closed) return;
    this.up = true;
    this.since = Date.now();
    this.#startOver();
    this.back.abort();
    this.onChange(this.status());
  }

  /** Redis could not be reached at the start. */
  async #startWithout(): Promise<void> {
    const problem = this.#problem ?? (await tlsProblemOf(this.#address));
    const error = problem ? undefined : await certificateErrorOf(this.#address, this.ca);
    if (this.up || this.#closed) return;
    if (error) this.#fail(error);
    if (problem) {
      this.#refuse(problem);
      return;
    }
    this.#startOver();
    this.onChange(this.status());
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
    if (isNew && !this.#closed) this.onChange(this.status());
  }

  #markDown(): void {
    if (!this.up) return;
    this.up = false;
    this.since = Date.now();
    this.back = new Stop();
    if (this.#closed) return;
    this.onChange(this.status());
    if (!this.#busy) this.#plan(PROBE_MS);
  }

  #renew(): void {
    const { status } = this.#redis;
    if (status !== 'ready' && status !== 'connect') return;
    if (Date.now() - this.#respondedAt >= SILENCE_MS) this.#redis.disconnect(true);
  }
}

/** A safe word for a failure: the code of the system or of Redis. Everything else may quote the command. */
function reasonOf(error: unknown): string {
  if (error instanceof TimeUp) return 'TIMEOUT';
  const { code, message = '' } = error as { code?: unknown; message?: string };
  if (typeof code === 'string') return code;
  return /^[A-Z]{2,}(?= )/.exec(message)?.[0] ?? 'FAILED';
}

/**
 * Settles as `promise` does, or rejects after `ms`. A busy process checks once more before that, because the response may
 * already be there.
 */
function bounded<T>(promise: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      setImmediate(() => {
        setImmediate(() => reject(new TimeUp(`No response within ${String(ms)} ms.`)));
      });
    }, ms);
    promise.finally(() => clearTimeout(timer)).then(resolve, reject);
  });
}
