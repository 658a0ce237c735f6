import { sleep } from '../abort.js';
import type { Clock } from '../clock.js';
import type { OperationFacts, OperationId } from '../contract/operations.js';
import type { ConstantContactError } from '../errors.js';
import type { Signal } from '../stop.js';

/**
 * Possible effect of a failed attempt on the server:
 * - `unsent`   nothing: no byte of it left
 * - `refused`  nothing: rejected before it was processed
 * - `unknown`  perhaps everything: the answer was a 5xx, or there was none
 * - `final`    it was answered, and would be answered the same again
 */
export type AttemptEffect = 'unsent' | 'refused' | 'unknown' | 'final';

export interface Failure {
  error: ConstantContactError;
  fate: AttemptEffect;
  /** Pause that the API asks for, in milliseconds. The API is not known to send one today. */
  retryAfterMs?: number;
}

export type Outcome<T> = { value: T } | Failure;

interface Pace {
  /** Maximum number of retries of one call. */
  retries: number;
  /** Pause before the first retry in milliseconds; doubles with each one. */
  baseMs: number;
}

const PACE: Readonly<Record<Exclude<AttemptEffect, 'final'>, Pace>> = {
  unsent: { retries: 3, baseMs: 250 },
  refused: { retries: 5, baseMs: 1_000 },
  unknown: { retries: 3, baseMs: 500 },
};
const MAX_PAUSE_MS = 8_000;

/**
 * Operations whose 409 means that two writes of one contact collided and this one was not carried out (vendor guide: sign-up form). A
 * form cannot conflict in another way, because it updates a contact that exists. So a retry is safe.
 */
const WRITES_RETRIED_ON_CONFLICT: ReadonlySet<OperationId> = new Set<OperationId>(['createOrUpdateContact']);
const CONFLICT_BACKOFF: Pace = { retries: 2, baseMs: 250 };

/**
 * Pause before the same request is sent again, in milliseconds, or null when it must not be. Requests that were
 * certainly not carried out are repeated; requests that may have been carried out are repeated only if they are
 * reads.
 * @param retries how many there were before
 * @param random a number in [0, 1); spreads the pauses over half of their length
 */
export function pauseBeforeRetry(
  id: OperationId,
  method: OperationFacts['method'],
  failure: Failure,
  retries: number,
  random: () => number,
): number | null {
  const pace = paceOf(id, method, failure);
  if (!pace || retries >= pace.retries) return null;
  const pause = Math.min(MAX_PAUSE_MS, pace.baseMs * 2 ** retries) * (1 + random() / 2);
  return Math.max(pause, failure.retryAfterMs ?? 0);
}

function paceOf(id: OperationId, method: OperationFacts['method'], { error, fate }: Failure): Pace | null {
  switch (fate) {
    case 'unsent':
    case 'refused':
      return PACE[fate];
    case 'unknown':
      return method === 'GET' ? PACE.unknown : null;
    case 'final':
      return error.kind === 'conflict' && WRITES_RETRIED_ON_CONFLICT.has(id) ? CONFLICT_BACKOFF : null;
  }
}

export interface RetryOptions {
  id: OperationId;
  method: OperationFacts['method'];
  /** False disables retries. */
  enabled: boolean;
  /** True if the request changes nothing. */
  isRead: boolean;
  /** No attempt starts at or after this time. */
  deadline: number;
  clock: Clock;
  random: () => number;
  signal: Signal;
  /** Number of earlier retries; 0 unless the request was rebuilt. */
  retries?: number;
  /** Called before each pause, in milliseconds. */
  onPause: (ms: number) => void;
}

/**
 * Repeats attempts until one succeeds, a failure must not be retried, or time is up; then throws the error of the last failure.
 * @param attempt receives its number, starting with 1
 */
export async function withRetries<T>(
  attempt: (number: number) => Promise<Outcome<T>>,
  options: RetryOptions,
): Promise<T> {
  const { id, method, clock } = options;
  for (let { retries = 0 } = options; ; retries += 1) {
    const outcome = await attempt(retries + 1);
    if ('value' in outcome) return outcome.value;
    const mayRetry = options.enabled && !options.signal.aborted;
    const pause = mayRetry ? pauseBeforeRetry(id, method, outcome, retries, options.random) : null;
    if (pause === null || clock.now() + pause >= options.deadline) {
      throw outcome.fate === 'unknown' && !options.isRead ? outcome.error.afterWrite() : outcome.error;
    }
    options.onPause(pause);
    await sleep(clock, pause, options.signal);
  }
}
