import type { Signal } from './stop.js';

/**
 * Time as the client sees it. Injected everywhere, so that tests can move it by hand.
 * All times are milliseconds; `now` counts from the Unix epoch.
 */
export interface Clock {
  now(): number;
  /** Resolves after `ms`, or rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal?: Signal): Promise<void>;
  /**
   * Calls back after `ms`, unless the returned function is called before. Cheaper than a sleep that is not awaited, and does
   * not keep the process alive.
   */
  after(ms: number, callback: () => void): () => void;
}

/** The longest time of a timer; a longer one would end at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The machine's clock. Its timers do not keep the process alive by themselves once aborted. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const onAbort = () => {
        clearTimeout(timer);
        if (signal) reject(signal.reason);
      };
      const timer = setTimeout(
        () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
        Math.min(ms, MAX_TIMER_MS),
      );
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
  after: (ms, callback) => {
    const timer = setTimeout(callback, Math.min(ms, MAX_TIMER_MS)).unref();
    return () => clearTimeout(timer);
  },
};
