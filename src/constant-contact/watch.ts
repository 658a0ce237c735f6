import { abortedError, sleep } from './abort.js';
import type { Api, Watched } from './api.js';
import type { Clock } from './clock.js';
import { ConstantContactError, type ErrorKind } from './errors.js';
import { Meter } from './budget/meter.js';
import { Stop, type Signal } from './stop.js';

/** A caller that waits for changes. */
export interface WatchCaller {
  /** Fingerprint of the credentials; callers with others never get values read with them. */
  readonly owner: string;
  /** Ends it with `aborted`. */
  readonly signal: Signal;
  /** Meter of the calls made for this caller. */
  readonly meter: Meter;
  /** A session with this caller's credentials. */
  session(options: { signal: Signal; meter: Meter }): Api;
}

/** Watches of several processes, of which one polls for all. Values that do not arrive in time count as missing; nothing here throws. */
export interface SharedWatches {
  join(owner: string, key: string): SharedWatch;
}

/** The part of one process in a watch. */
export interface SharedWatch {
  /** Takes the turn to poll. A process keeps it until it leaves or dies. Null when the others cannot be reached. */
  turn(): Promise<Turn | null>;
  /** Publishes a value to the other processes. */
  share(value: unknown): Promise<void>;
  /** @param isOver true if the last value is final and the others have yet to receive it */
  leave(isOver: boolean): void;
}

export interface Turn {
  isOurs: boolean;
  /** Value that another process has read since the last turn. */
  news?: { value: unknown };
}

const ALONE: Turn = { isOurs: true };
/** Interval at which a process checks for values of another one, and that the other one still polls. */
const TURN_MS = 1_000;

const MIN_PAUSE_MS = 1_000;
const MAX_PAUSE_WHILE_CHANGING_MS = 15_000;
const MAX_PAUSE_MS = 30_000;
/** A watch ends when all polls have failed for this long. */
const PATIENCE_MS = 300_000;
/** Maximum number of watches with the same credentials. With that many, one second has more reads than the published limit allows. */
export const MAX_WATCHES = 100;

/** Temporary failures that do not depend on the watched object. */
const PASSING: ReadonlySet<ErrorKind> = new Set([
  'rateLimited',
  'timeout',
  'unavailable',
  'notReady',
  'invalidResponse',
]);

/**
 * Pause before the next poll, in milliseconds: a tenth of the time watched while the object changes, from 1 to 15
 * seconds, and half as long again, up to 30 seconds, for each poll in a row without news. So short jobs are followed
 * closely, and long ones cost at most 240 reads an hour after the first minutes.
 * @param idle reads in a row that brought nothing new
 */
export function pauseBeforeRead(watchedMs: number, idle: number): number {
  const pace = Math.min(MAX_PAUSE_WHILE_CHANGING_MS, Math.max(MIN_PAUSE_MS, watchedMs / 10));
  return Math.min(MAX_PAUSE_MS, pace * 1.5 ** idle);
}

/** All watches of one client. Callers with the same credentials share the polls of an object. */
export class Watches {
  readonly #clock: Clock;
  readonly #shared: SharedWatches | null;
  readonly #mayPoll: () => boolean;
  readonly #owners = new Map<string, Map<string, Watch<unknown>>>();

  /**
   * @param shared watches shared with other processes
   * @param mayPoll returns true if the budget allows polls; reads that a caller waits for are made anyway
   */
  constructor(clock: Clock, shared: SharedWatches | null, mayPoll: () => boolean) {
    this.#clock = clock;
    this.#shared = shared;
    this.#mayPoll = mayPoll;
  }

  /**
   * Returns the current value, then each new one, until the object is finished. Values that arrive faster than they are
   * consumed are skipped for the latest. Polls stop when the last viewer leaves.
   *
   * The iterator throws a `ConstantContactError`: `aborted` when the caller's signal fires, any other when a read fails
   * permanently, or has failed for five minutes.
   *
   * @throws ConstantContactError `rateLimited` when these credentials already watch `MAX_WATCHES` other objects
   */
  open<T>(watched: Watched<T>, caller: WatchCaller): AsyncIterableIterator<T> {
    const watches = this.#owners.get(caller.owner) ?? new Map<string, Watch<unknown>>();
    // Watches with the same key come from the same line of code, so they have the same type.
    let watch = watches.get(watched.key) as Watch<T> | undefined;
    if (!watch) {
      if (watches.size >= MAX_WATCHES) {
        throw new ConstantContactError(
          'rateLimited',
          `At most ${String(MAX_WATCHES)} objects can be watched at a time. End a subscription first.`,
        );
      }
      const shared = this.#shared?.join(caller.owner, watched.key) ?? null;
      watch = new Watch(watched, this.#clock, shared, this.#mayPoll, () => {
        watches.delete(watched.key);
        if (watches.size === 0) this.#owners.delete(caller.owner);
      });
      this.#owners.set(caller.owner, watches.set(watched.key, watch));
    }
    return watch.join(caller);
  }

  /** Ends all of them with `aborted`. */
  close(): void {
    for (const watches of [...this.#owners.values()])
      for (const watch of [...watches.values()]) watch.close();
  }
}

class Watch<T> {
  /** Grows with each new value; 0 while there is none. */
  version = 0;
  value: T | undefined;
  /** Set once no new value will come. */
  end: { error?: unknown } | undefined;
  readonly #watched: Watched<T>;
  readonly #clock: Clock;
  readonly #shared: SharedWatch | null;
  readonly #mayPoll: () => boolean;
  readonly #forget: () => void;
  readonly #off = new Stop();
  readonly #viewers = new Set<Viewer<T>>();
  #print: string | undefined;

  /** @param forget called when no viewer may join any more */
  constructor(
    watched: Watched<T>,
    clock: Clock,
    shared: SharedWatch | null,
    mayPoll: () => boolean,
    forget: () => void,
  ) {
    this.#watched = watched;
    this.#clock = clock;
    this.#shared = shared;
    this.#mayPoll = mayPoll;
    this.#forget = forget;
  }

  join(caller: WatchCaller): Viewer<T> {
    const isFirst = this.#viewers.size === 0;
    const viewer = new Viewer(this, caller);
    this.#viewers.add(viewer);
    if (isFirst) void this.#run();
    return viewer;
  }

  leave(viewer: Viewer<T>): void {
    if (!this.#viewers.delete(viewer) || this.#viewers.size > 0 || this.end) return;
    this.close();
  }

  close(): void {
    this.#finish({ error: abortedError(this.#off) });
  }

  async #run(): Promise<void> {
    const began = this.#clock.now();
    let lastReadAt = began;
    let idle = 0;
    let dueAt = began;
    while (!this.end) {
      const turn = (await this.#shared?.turn()) ?? ALONE;
      if (this.end) return;
      const isTime = turn.isOurs && this.#clock.now() >= dueAt;
      // A caller waits for the first value.
      const isDue = isTime && (this.version === 0 || this.#mayPoll());
      if (isTime && !isDue) {
        lastReadAt = this.#clock.now();
        dueAt = lastReadAt + MAX_PAUSE_MS;
      }
      if (isDue || turn.news) {
        try {
          const isNew = this.#take(isDue ? await this.#read() : this.#given(turn.news as { value: T }));
          lastReadAt = this.#clock.now();
          idle = isNew ? 0 : idle + 1;
          if (isNew && isDue) await this.#shared?.share(this.value);
        } catch (error) {
          idle += 1;
          if (!mayPass(error) || this.#clock.now() - lastReadAt >= PATIENCE_MS) this.#finish({ error });
        }
        if (!this.end && this.version > 0 && this.#watched.isFinished(this.value as T)) this.#finish({});
        dueAt = this.#clock.now() + pauseBeforeRead(this.#clock.now() - began, idle);
      }
      if (!turn.isOurs) lastReadAt = this.#clock.now();
      if (this.end) return;
      const pause = turn.isOurs ? Math.max(0, dueAt - this.#clock.now()) : TURN_MS;
      await sleep(this.#clock, pause, this.#off).catch(() => undefined);
    }
  }

  /** A value that another process has read. */
  #given({ value }: { value: T }): T {
    for (const { caller } of this.#viewers) caller.meter.coalesced += 1;
    return value;
  }

  /** Reads on behalf of the oldest viewer; for the others it counts as a shared read. */
  async #read(): Promise<T> {
    const [payer] = this.#viewers;
    if (!payer) throw abortedError(this.#off);
    const meter = new Meter();
    try {
      // A caller waits for the first value. A failed read is repeated here after a pause, not by the client.
      const priority = this.version === 0 ? 'interactive' : 'prefetch';
      return await this.#watched.read(payer.caller.session({ signal: this.#off, meter }), {
        priority,
        retry: 'never',
      });
    } finally {
      payer.caller.meter.add(meter);
      for (const viewer of this.#viewers) if (viewer !== payer) viewer.caller.meter.coalesced += 1;
    }
  }

  /** @returns whether it is something new */
  #take(value: T): boolean {
    const print = JSON.stringify(value);
    const isNew = this.version === 0 || print !== this.#print;
    if (isNew) {
      this.#print = print;
      this.value = value;
      this.version += 1;
    }
    if (isNew) this.#notify();
    return isNew;
  }

  #finish(end: { error?: unknown }): void {
    if (this.end) return;
    this.end = end;
    this.#forget();
    this.#shared?.leave(!('error' in end));
    this.#off.abort();
    this.#notify();
  }

  #notify(): void {
    for (const viewer of this.#viewers) viewer.wake();
  }
}

/** One caller's view of a watch. An object instead of a generator, because `return` must end a pending `next`. */
class Viewer<T> implements AsyncIterableIterator<T> {
  readonly caller: WatchCaller;
  readonly #watch: Watch<T>;
  readonly #onAbort = () => {
    this.#leave();
  };
  #deliveredVersion = 0;
  #left = false;
  wake: () => void = () => undefined;

  constructor(watch: Watch<T>, caller: WatchCaller) {
    this.#watch = watch;
    this.caller = caller;
    caller.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    const watch = this.#watch;
    for (;;) {
      if (this.caller.signal.aborted && !this.#left) this.#leave();
      if (this.#left) {
        if (!this.caller.signal.aborted) return { value: undefined, done: true };
        throw abortedError(this.caller.signal);
      }
      if (watch.version > this.#deliveredVersion) {
        this.#deliveredVersion = watch.version;
        return { value: watch.value as T, done: false };
      }
      if (watch.end) {
        this.#leave();
        if ('error' in watch.end) throw watch.end.error;
        return { value: undefined, done: true };
      }
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#leave();
    return Promise.resolve({ value: undefined, done: true });
  }

  #leave(): void {
    this.#left = true;
    this.caller.signal.removeEventListener('abort', this.#onAbort);
    this.#watch.leave(this);
    this.wake();
  }
}

function mayPass(error: unknown): boolean {
  return error instanceof ConstantContactError && PASSING.has(error.kind);
}
