import type { Clock } from '../../src/constant-contact/clock.js';
import { isInTransit } from './in-transit.js';

/** A clock that only tests advance. */
export interface ManualClock extends Clock {
  /** Advances time; sleepers that are due wake in order, and each one's work runs before the next wakes. */
  advance(ms: number): Promise<void>;
  /** Corrects a clock that was ahead. Sleepers are not affected, as with timers. */
  setBack(ms: number): void;
  pending(): number;
  /**
   * Advances to the next sleeper whenever the program is idle, until the promise settles. Sleepers beyond
   * `patienceMs` are taken for timeouts and never awaited.
   */
  run<T>(promise: Promise<T>, patienceMs?: number): Promise<T>;
}

interface Sleeper {
  at: number;
  ms: number;
  wake: () => void;
}

/** @param start milliseconds since the epoch; default: noon, so that midnight is far */
export function manualClock(start = Date.UTC(2026, 0, 15, 12)): ManualClock {
  let now = start;
  let sleepers: Sleeper[] = [];

  const next = (which: (sleeper: Sleeper) => boolean): Sleeper | undefined =>
    sleepers
      .filter(which)
      .reduce<Sleeper | undefined>((first, one) => (first && first.at <= one.at ? first : one), undefined);

  const moveTo = async (target: number): Promise<void> => {
    await settle();
    for (let due = next(({ at }) => at <= target); due; due = next(({ at }) => at <= target)) {
      now = Math.max(now, due.at);
      due.wake();
      await settle();
    }
    now = Math.max(now, target);
  };

  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason);
          return;
        }
        const leave = () => {
          sleepers = sleepers.filter((one) => one !== sleeper);
          signal?.removeEventListener('abort', onAbort);
        };
        const onAbort = () => {
          leave();
          if (signal) reject(signal.reason);
        };
        const sleeper: Sleeper = {
          at: now + ms,
          ms,
          wake: () => {
            leave();
            resolve();
          },
        };
        sleepers.push(sleeper);
        signal?.addEventListener('abort', onAbort, { once: true });
      }),
    after: (ms, callback) => {
      const leave = () => {
        sleepers = sleepers.filter((one) => one !== sleeper);
      };
      const sleeper: Sleeper = {
        at: now + ms,
        ms,
        wake: () => {
          leave();
          callback();
        },
      };
      sleepers.push(sleeper);
      return leave;
    },
    advance: (ms) => moveTo(now + ms),
    setBack: (ms) => {
      now -= ms;
      for (const sleeper of sleepers) sleeper.at -= ms;
    },
    pending: () => sleepers.length,
    async run<T>(promise: Promise<T>, patienceMs = 20_000): Promise<T> {
      let over = false;
      const end = () => {
        over = true;
      };
      promise.then(end, end);
      await settle();
      while (!over) {
        const due = next(({ ms }) => ms <= patienceMs);
        if (due) await moveTo(due.at);
        else await settle();
      }
      return promise;
    },
  };
}

/** Turns of the event loop after which nothing follows: the HTTP client sends some requests a turn late. */
const IDLE_TURNS = 3;

/**
 * Runs everything that is ready: promise callbacks, what is sent between sockets of this process, and operations on files.
 * Those end after any number of turns of the event loop, and time that passes meanwhile would expire locks.
 */
export async function settle(): Promise<void> {
  for (let idle = 0; idle < IDLE_TURNS; idle += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    if (isInTransit() || process.getActiveResourcesInfo().some((name) => name.includes('Req'))) idle = -1;
  }
}
