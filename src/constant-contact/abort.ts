import type { Clock } from './clock.js';
import { ConstantContactError } from './errors.js';
import { Stop, type Signal } from './stop.js';

/**
 * Error of a cancelled call: the signal's reason if it is a `ConstantContactError`, otherwise a new one with the reason as its
 * cause.
 */
export function abortedError(signal: Signal): ConstantContactError {
  if (signal.reason instanceof ConstantContactError) return signal.reason;
  return new ConstantContactError('aborted', 'The caller cancelled the call before it was finished.', {
    cause: signal.reason,
  });
}

/** @throws ConstantContactError `aborted` when the signal already fired. */
export function throwIfAborted(signal: Signal | undefined): void {
  if (signal?.aborted) throw abortedError(signal);
}

/**
 * Settles as `promise` does, but rejects as soon as the signal fires. The work behind the promise continues.
 *
 * @param why called when the signal fires; returns the error, by default `aborted`
 * @param expose receives a function that rejects at once with another error, and undefined when the promise has settled
 */
export function abortable<T>(
  promise: PromiseLike<T>,
  signal: Signal,
  why: (signal: Signal) => Error = abortedError,
  expose?: (fail: ((error: Error) => void) | undefined) => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => fail(why(signal));
    const settled = () => {
      signal.removeEventListener('abort', onAbort);
      expose?.(undefined);
    };
    const fail = (error: Error) => {
      settled();
      reject(error);
    };
    expose?.(fail);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    promise.then((value) => {
      settled();
      resolve(value);
    }, fail);
  });
}

/** Sleeps on the clock; rejects with `aborted` as soon as the signal fires. */
export async function sleep(clock: Clock, ms: number, signal: Signal | undefined): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    throwIfAborted(signal);
    throw error;
  }
}

/** Marks a signal that fired because of a timeout, not because the caller cancelled. */
export class TimeUp extends Error {
  override readonly name = 'TimeUp';
}

/**
 * Runs `work` with a signal that fires when `parent` does, or with the reason `TimeUp` after `ms`. The result is that of the
 * work, which must end when its signal fires.
 */
export async function withTimeLimit<T>(
  clock: Clock,
  ms: number,
  parent: Signal,
  work: (signal: Signal) => Promise<T>,
): Promise<T> {
  throwIfAborted(parent);
  const limited = new Stop();
  const unlink = limited.follow(parent);
  const cancel = clock.after(ms, () => limited.abort(new TimeUp(`No response within ${String(ms)} ms.`)));
  try {
    return await work(limited);
  } finally {
    cancel();
    unlink();
  }
}
