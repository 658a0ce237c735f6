import { DAY_MS, dayOf, type DayStatus } from './rate.js';
import { RecentCalls } from './recent-calls.js';
import { Shares } from './shares.js';
import type { Party } from './turn.js';

/**
 * Part of the day's calls that is available at any hour; the rest becomes available evenly. Without it, the first call after
 * midnight would be above the pace.
 */
const BURST = 1 / 4;
/** Time for which reads of a caller over its share are held back above the pace. Short, because a read that waits too long is refused. */
const HOLD_MS = 2_000;

/**
 * Background work: `refresh` renews cached data before it expires, below half of the pace; `poll` reads watched objects, below
 * the pace.
 */
export type BackgroundWork = 'refresh' | 'poll';

/** Rate at which the day's calls are used. */
export interface PaceStatus {
  /** Calls left that are reserved for mutations. */
  reservedForMutations: number;
  /** At the rate of the last hour. */
  callsPerHour: number;
  /** Calls allowed by now so that the quota lasts the day. Null without a daily limit. */
  allowedByNow: number | null;
  /** True if so many calls were made that reads of callers over their share are held back. */
  isAbovePace: boolean;
  /** Time at which the quota is exhausted at the rate of the last hour; null if it lasts. */
  runsOutAt: Date | null;
}

/** Makes the calls of one API key last the day. The governor reports the calls, all by the clock that decides when the day ends. */
export class Pacing {
  readonly #perDay: number;
  readonly #reserve: number;
  readonly #shares = new Shares();
  readonly #recent: RecentCalls;

  /**
   * @param perDay calls per day, 0 for no limit
   * @param reserve calls of the day reserved for mutations
   */
  constructor(perDay: number, reserve: number, now: number) {
    this.#perDay = perDay;
    this.#reserve = reserve;
    this.#recent = new RecentCalls(now);
  }

  /** Calls of the day that any operation may make. */
  get unreserved(): number {
    return this.#perDay - this.#reserve;
  }

  /** Returns true if only mutations may call the API. */
  refusesReads(used: number): boolean {
    return this.#reserve > 0 && this.#perDay > 0 && used >= this.unreserved;
  }

  /** Milliseconds for which a party is held back: 0 unless it is a read of a caller over its share, above the pace. */
  holdMs({ isForMutation = false, caller = '' }: Party, now: number, used: number): number {
    if (isForMutation || used < this.#allowedBy(now)) return 0;
    return this.#shares.isOver(caller, dayOf(now), this.unreserved) ? HOLD_MS : 0;
  }

  /**
   * Above the pace there is no background work, and `refresh` stops at half of it. A poll is allowed when reads are refused: it
   * fails without a call, and its subscribers get the reason.
   */
  allowsBackground(work: BackgroundWork, now: number, { usedToday, exhausted }: DayStatus): boolean {
    if (exhausted || this.refusesReads(usedToday)) return work === 'poll';
    const allowed = this.#allowedBy(now);
    return usedToday < (work === 'refresh' ? allowed / 2 : allowed);
  }

  /** Counts a call of this caller. */
  sent(caller: string | undefined, now: number): void {
    if (this.#perDay > 0) this.#shares.count(caller ?? '', dayOf(now));
  }

  /** Sets the calls of this caller in all processes today, and the number of callers. */
  learn(caller: string, calls: number, callers: number, now: number): void {
    this.#shares.learn(caller, dayOf(now), calls, callers);
  }

  /** Sets the number of calls of today, after each call or as soon as it is known. */
  note(now: number, used: number): void {
    this.#recent.note(now, used);
  }

  status(now: number, { usedToday, remainingToday }: DayStatus, resetsAt: Date): PaceStatus {
    const allowed = this.#allowedBy(now);
    const callsPerHour = this.#recent.perHour(now);
    return {
      reservedForMutations: Math.min(this.#reserve, remainingToday ?? 0),
      callsPerHour,
      allowedByNow: this.#perDay === 0 ? null : allowed,
      isAbovePace: usedToday >= allowed,
      runsOutAt: runsOutAt(now, remainingToday, callsPerHour, resetsAt),
    };
  }

  #allowedBy(now: number): number {
    if (this.#perDay === 0) return Infinity;
    const elapsed = now / DAY_MS - dayOf(now);
    return Math.floor(this.unreserved * (BURST + (1 - BURST) * elapsed));
  }
}

function runsOutAt(now: number, left: number | null, callsPerHour: number, resetsAt: Date): Date | null {
  if (left === null) return null;
  if (left === 0) return new Date(now);
  // Infinite before the first call.
  const at = now + (left / callsPerHour) * 3_600_000;
  return at < resetsAt.getTime() ? new Date(at) : null;
}
