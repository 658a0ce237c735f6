import { Agent, type Dispatcher } from 'undici';
import type { Clock } from '../../src/constant-contact/clock.js';
import type { Signal } from '../../src/constant-contact/stop.js';

/** Turns of the event loop without a request in flight after which all work counts as settled. */
const IDLE_TURNS = 8;

interface Timer {
  at: number;
  wake: () => void;
}

/**
 * A clock that advances only when the program is idle: REST calls take no time, and a day passes as fast as
 * it is computed.
 */
export class DayClock implements Clock {
  /** Sends the requests of the facade and counts those in flight. */
  readonly dispatcher: Dispatcher;
  readonly #agent = new Agent();
  readonly #timers = new Set<Timer>();
  #now: number;
  #inFlight = 0;

  constructor(start: number) {
    this.#now = start;
    this.dispatcher = this.#agent.compose((dispatch) => (options, handler) => {
      this.#inFlight += 1;
      const over = () => {
        this.#inFlight -= 1;
      };
      return dispatch(options, {
        onRequestStart: (...args) => handler.onRequestStart?.(...args),
        onRequestUpgrade: (...args) => handler.onRequestUpgrade?.(...args),
        onResponseStart: (...args) => handler.onResponseStart?.(...args),
        onResponseData: (...args) => handler.onResponseData?.(...args),
        onResponseEnd: (...args) => {
          over();
          handler.onResponseEnd?.(...args);
        },
        onResponseError: (...args) => {
          over();
          handler.onResponseError?.(...args);
        },
      });
    });
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: Signal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const onAbort = () => {
        cancel();
        if (signal) reject(signal.reason);
      };
      const cancel = this.after(ms, () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      });
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  after(ms: number, wake: () => void): () => void {
    const timer = { at: this.#now + ms, wake };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** Advances to this time, in milliseconds since the epoch. */
  async moveTo(then: number): Promise<void> {
    await this.#settle();
    for (let next = this.#next(); next && next.at <= then; next = this.#next()) await this.#fire(next);
    this.#now = Math.max(this.#now, then);
  }

  /** Advances until the work is done. */
  async until<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const end = () => {
      isOver = true;
    };
    work.then(end, end);
    for (;;) {
      await this.#settle(() => isOver);
      if (isOver) return work;
      const next = this.#next();
      if (next) await this.#fire(next);
    }
  }

  close(): Promise<void> {
    return this.#agent.close();
  }

  async #fire(timer: Timer): Promise<void> {
    this.#timers.delete(timer);
    this.#now = Math.max(this.#now, timer.at);
    timer.wake();
    await this.#settle();
  }

  #next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) if (!first || timer.at < first.at) first = timer;
    return first;
  }

  /** Waits until only a sleeper can continue, or `isOver`. */
  async #settle(isOver = () => false): Promise<void> {
    for (let idle = 0; idle < IDLE_TURNS && !isOver(); idle = this.#inFlight > 0 ? 0 : idle + 1)
      await new Promise((resolve) => setImmediate(resolve));
  }
}
