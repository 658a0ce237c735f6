import { ConstantContactError } from '../errors.js';

/** Window of the limit per second. */
export const WINDOW_MS = 1_000;
/** Margin for clocks that run at different speeds. */
export const GUARD_MS = 50;
/**
 * The API counts arrivals, but the time of arrival is unknown here: the request arrived before its response began. A response
 * that takes longer than this does not limit the time of arrival.
 */
export const MAX_TRANSIT_MS = 1_000;
export const DAY_MS = 86_400_000;
/** The API's midnight may be a little later than ours; an exhausted quota reported within this time belongs to the previous day. */
export const MIDNIGHT_GRACE_MS = 60_000;

/** A request that left. */
export interface Departure {
  at: number;
  /** Time by which the request had certainly arrived. */
  arrivedBy?: number;
}

/** Time from which a request no longer counts within the second of a new one. */
export function freeAt({ at, arrivedBy = at + MAX_TRANSIT_MS }: Departure): number {
  return Math.max(at + WINDOW_MS + GUARD_MS, arrivedBy + WINDOW_MS);
}

/** Number of the UTC day since the epoch. */
export function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS);
}

/** End of the UTC day of this moment. */
export function nextMidnight(ms: number): number {
  return (dayOf(ms) + 1) * DAY_MS;
}

/** A difference of clocks beyond this is an error of another kind. */
const MAX_AHEAD_MS = 3_600_000;

/**
 * Time of the next allowed request, after the API reported an exhausted quota at this moment.
 * @param apiTime the same moment by the clock of the API, if known: if ours is ahead, the day that is spent is the one before
 */
export function spentUntil(now: number, apiTime = now): number {
  const aheadMs = now - apiTime;
  if (aheadMs <= MAX_AHEAD_MS && dayOf(apiTime) < dayOf(now)) return nextMidnight(apiTime) + aheadMs;
  const midnight = dayOf(now) * DAY_MS;
  return now - midnight < MIDNIGHT_GRACE_MS ? midnight + MIDNIGHT_GRACE_MS : nextMidnight(now);
}

/** True until that time. If the day ends before it, the clock was set back, and the report was of another day. */
export function isSpentAt(now: number, until: number): boolean {
  return now < until && until <= nextMidnight(now);
}

/** State of the quota of a day. */
export interface DayStatus {
  /** Requests per day; 0 means no limit. */
  requestsPerDay: number;
  usedToday: number;
  /** Null without a daily limit. */
  remainingToday: number | null;
  /** No request may be sent until the day ends. */
  exhausted: boolean;
}

/** @param refused true if the API reported an exhausted quota, whatever was counted here */
export function dayStatus(requestsPerDay: number, usedToday: number, refused: boolean): DayStatus {
  const left = requestsPerDay === 0 ? null : Math.max(0, requestsPerDay - usedToday);
  const exhausted = refused || left === 0;
  return { requestsPerDay, usedToday, remainingToday: exhausted ? 0 : left, exhausted };
}

export function rateLimitedError(retryAt: number): ConstantContactError {
  return new ConstantContactError('rateLimited', 'Too many REST calls are waiting for the rate limit.', {
    retryAt,
  });
}

export function quotaExhaustedError(retryAt: number): ConstantContactError {
  return new ConstantContactError('quotaExhausted', 'The daily quota of REST calls is exhausted.', {
    retryAt,
  });
}

/** @param reserve number of calls reserved for mutations */
export function reservedError(retryAt: number, reserve: number): ConstantContactError {
  const when = new Date(retryAt).toISOString();
  return new ConstantContactError(
    'quotaExhausted',
    `The last ${reserve.toLocaleString('en-US')} calls of this day are reserved for mutations. Queries and subscriptions may call the API again at ${when}.`,
    { retryAt },
  );
}
