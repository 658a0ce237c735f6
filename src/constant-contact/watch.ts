import { abortedError, sleep } from './abort.js';
import type { Api, Watched } from './api.js';
import type { Family } from './cache/ages.js';
import type { Mark, ReadCache, Reader } from './cache/read-cache.js';
import type { Clock } from './clock.js';
import { ConstantContactError, type ErrorKind } from './errors.js';
import { Meter } from './budget/meter.js';
import type { SharedPoll, SharedWatch, SharedWatches, Turn } from './shared-watches.js';
import { Stop, type Signal } from './stop.js';
import { OUTDATED, Writes, type Poll } from './watched-writes.js';

/** A caller that waits for changes. */
export interface WatchCaller {
  /** Fingerprint of the credentials; callers with others never get values read with them. */
  readonly owner: string;
  /** Ends it with `aborted`. */
  readonly signal: Signal;
  /** Meter of the calls made for this caller. */
  readonly meter: Meter;
  /** Freshness that the caller accepts. */
  readonly reader: Reader & { noteAge(readAt: number): void };
  /** A session with this caller's credentials. */
  session(options: { signal: Signal; meter: Meter }): Api;
  /** Invalidates earlier reads of these families with these credentials. */
  invalidate(families: readonly Family[]): Promise<void>;
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
  readonly #owners = new Map<string, Map<string, Watch<unknown>>>();

  /**
   * @param shared watches shared with other processes
   * @param mayPoll returns true if the budget allows polls; reads that a caller waits for are made anyway
   * @param cache knows of writes
   */
  constructor(
    private readonly clock: Clock,
    private readonly shared: SharedWatches | null,
    private readonly mayPoll: () => boolean,
    private readonly cache: ReadCache,
  ) {}

  /**
   * Returns the current value, then each new one, until the object is finished. Values that arrive faster than they are
   * consumed are skipped for the latest. Polls stop when the last viewer leaves. A value that was read before the owner's last
   * write, or is older than the caller accepts, is read again.
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
      const shared = this.shared?.join(caller.owner, watched.key) ?? null;
      const writes = new Writes(this.cache, caller.owner, watched.families ?? []);
      watch = new Watch(watched, this.clock, shared, this.mayPoll, writes, () => {
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
  /** The latest value. */
  poll: Poll<T> | undefined;
  /** Set once no new value will come. */
  end: { error?: unknown } | undefined;
  readonly #off = new Stop();
  readonly #viewers = new Set<Viewer<T>>();
  #print: string | undefined;
  #dueAt = 0;
  #isReading = false;
  /** True if a viewer needs a value that no other process has. */
  #isAsked = false;
  #pause = new Stop();

  /** @param forget called when no viewer may join any more */
  constructor(
    private readonly watched: Watched<T>,
    private readonly clock: Clock,
    private readonly shared: SharedWatch | null,
    private readonly mayPoll: () => boolean,
    readonly writes: Writes,
    private readonly forget: () => void,
  ) {}

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

  /** Makes a poll due for a viewer that does not accept the latest value. */
  ask(): void {
    // The value of a read in flight is judged when it is there.
    if (this.#isReading) return;
    this.#isAsked = true;
    this.#dueAt = this.clock.now();
    this.#pause.abort();
  }

  async #run(): Promise<void> {
    const began = this.clock.now();
    let lastReadAt = began;
    let idle = 0;
    this.#dueAt = began;
    while (!this.end) {
      const turn = (await this.shared?.turn()) ?? ALONE;
      const news = turn.news && (await this.#judged(turn.news));
      if (this.end) return;
      const viewers = [...this.#viewers];
      // The first value of a viewer must be one that it accepts.
      const isUsable = news && (this.version > 0 || viewers.some((viewer) => viewer.accepts(news)));
      if (news && !isUsable) this.#isAsked = true;
      const isTime = this.clock.now() >= this.#dueAt && (turn.isOurs || this.#isAsked);
      const isDue = isTime && (viewers.some(({ isServed }) => !isServed) || this.mayPoll());
      if (isTime && !isDue) {
        lastReadAt = this.clock.now();
        this.#dueAt = lastReadAt + MAX_PAUSE_MS;
      }
      if (isDue || isUsable) {
        try {
          const isNew = isDue ? await this.#read(turn.isOurs) : this.#given(news as Poll<T>);
          lastReadAt = this.clock.now();
          idle = isNew ? 0 : idle + 1;
          if (this.poll && this.#isFinal(this.poll)) this.#finish({});
          this.#notify();
        } catch (error) {
          idle += 1;
          const mayPass = error instanceof ConstantContactError && PASSING.has(error.kind);
          if (!mayPass || this.clock.now() - lastReadAt >= PATIENCE_MS) this.#finish({ error });
        }
        this.#dueAt = this.clock.now() + pauseBeforeRead(this.clock.now() - began, idle);
      }
      if (!turn.isOurs) lastReadAt = this.clock.now();
      if (this.end) return;
      this.#pause = new Stop();
      const isOwn = turn.isOurs || this.#isAsked;
      const pause = isOwn ? Math.max(0, this.#dueAt - this.clock.now()) : TURN_MS;
      await sleep(this.clock, pause, this.#pause).catch(() => undefined);
    }
  }

  /** A value of another process, marked as outdated unless it was certainly read after the last write. */
  async #judged({ value, readAt, generation }: SharedPoll): Promise<Poll<T>> {
    const isCurrent = (await this.writes.learn()) === generation && generation !== null;
    return { value: value as T, readAt, mark: isCurrent ? this.writes.mark() : OUTDATED };
  }

  /** Returns true if no write, and no viewer, makes another poll necessary. */
  #isFinal(poll: Poll<T>): boolean {
    return (
      this.watched.isFinished(poll.value) &&
      poll.mark >= this.writes.last() &&
      [...this.#viewers].every((viewer) => viewer.accepts(poll))
    );
  }

  /** Takes a value of another process. @returns whether it is something new */
  #given(poll: Poll<T>): boolean {
    for (const { caller } of this.#viewers) caller.meter.coalesced += 1;
    return this.#take(poll, JSON.stringify(poll.value));
  }

  /**
   * Reads on behalf of the oldest viewer that waits for a value, or else of the oldest; for the others it counts as a shared read.
   *
   * @param isOurs true if other processes wait for the value
   * @returns whether it is something new
   */
  async #read(isOurs: boolean): Promise<boolean> {
    const viewers = [...this.#viewers];
    const payer = viewers.find(({ isServed }) => !isServed) ?? viewers[0];
    if (!payer) throw abortedError(this.#off);
    const { caller } = payer;
    const priority = payer.isServed ? 'prefetch' : 'interactive';
    const meter = new Meter();
    this.#isReading = true;
    try {
      let generation = await this.writes.learn();
      const readAt = this.clock.now();
      let mark = this.writes.mark();
      // A failed read is repeated here after a pause, not by the client. It is counted before any viewer can have the value.
      const value = await this.watched
        .read(caller.session({ signal: this.#off, meter }), { priority, retry: 'never' })
        .finally(() => {
          caller.meter.add(meter);
          for (const viewer of this.#viewers) if (viewer !== payer) viewer.caller.meter.coalesced += 1;
        });
      this.#isAsked = false;
      const print = JSON.stringify(value);
      const isNew = print !== this.#print;
      if (isNew && this.version > 0 && this.writes.families.length > 0) {
        await this.writes.learn();
        const isCurrent = mark >= this.writes.last();
        // Cached data of the object is older than this value.
        await caller.invalidate(this.writes.families);
        if (isCurrent) {
          generation = await this.writes.learn();
          mark = this.writes.mark();
        }
      }
      this.#take({ value, readAt, mark }, print);
      if (isNew && isOurs) await this.shared?.share({ value, readAt, generation });
      return isNew;
    } finally {
      this.#isReading = false;
    }
  }

  /** @returns whether it is something new */
  #take(poll: Poll<T>, print: string): boolean {
    const isNew = print !== this.#print;
    this.#print = print;
    this.poll = poll;
    if (isNew) this.version += 1;
    return isNew;
  }

  #finish(end: { error?: unknown }): void {
    if (this.end) return;
    this.end = end;
    this.forget();
    this.shared?.leave(!('error' in end));
    this.#off.abort();
    this.#pause.abort();
    this.#notify();
  }

  #notify(): void {
    for (const viewer of this.#viewers) viewer.wake();
  }
}

/** One caller's view of a watch. An object instead of a generator, because `return` must end a pending `next`. */
class Viewer<T> implements AsyncIterableIterator<T> {
  readonly #onAbort = () => this.#leave();
  /** Mark of the owner's last write before the viewer came. */
  #since: Mark;
  #deliveredVersion = 0;
  #left = false;
  wake: () => void = () => undefined;

  constructor(
    private readonly source: Watch<T>,
    readonly caller: WatchCaller,
  ) {
    this.#since = source.writes.last();
    caller.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** True once it has a value. */
  get isServed(): boolean {
    return this.#deliveredVersion > 0;
  }

  accepts(poll: Poll<T>): boolean {
    return this.isServed || this.source.writes.accepts(poll, this.#since, this.caller.reader);
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    const watch = this.source;
    if (!this.isServed) {
      await watch.writes.learn();
      this.#since = watch.writes.last();
    }
    for (;;) {
      if (this.caller.signal.aborted && !this.#left) this.#leave();
      if (this.#left) {
        if (!this.caller.signal.aborted) return { value: undefined, done: true };
        throw abortedError(this.caller.signal);
      }
      const { poll } = watch;
      if (poll && watch.version > this.#deliveredVersion) {
        if (watch.end || this.accepts(poll)) {
          this.#deliveredVersion = watch.version;
          this.caller.reader.noteAge(poll.readAt);
          return { value: poll.value, done: false };
        }
        watch.ask();
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
    this.source.leave(this);
    this.wake();
  }
}
