import { throwIfAborted } from '../abort.js';
import type { Clock } from '../clock.js';
import type { ConstantContactError } from '../errors.js';
import { FairQueue } from './fair-queue.js';
import { Pacing, type BackgroundWork, type PaceStatus } from './pacing.js';
import {
  dayOf,
  dayStatus,
  isSpentAt,
  nextMidnight,
  quotaExhaustedError,
  reservedError,
  spentUntil,
  type DayStatus,
} from './rate.js';
import type { Ticket } from './ticket.js';
import type { Party, Turn } from './turn.js';

export interface GovernorStatus extends DayStatus {
  /** Requests per second; 0 means no limit. */
  requestsPerSecond: number;
  /** Time at which the day's count restarts. */
  resetsAt: Date;
  /** Requests that wait for a slot. */
  waiting: number;
}

/** Keeps all requests of one API key within its limits. One per key and process. */
export interface Governor {
  /**
   * @throws ConstantContactError `rateLimited` when the wait exceeds the allowed one, `quotaExhausted` when the quota of the
   * day or all but the reserve is used, `aborted` when the signal fires
   */
  acquire(turn: Turn): Promise<Ticket>;
  /**
   * Notes that the API reported an exhausted quota, whatever was counted here (another process may use the same key).
   * @param sentAt time at which that request left; a report of yesterday does not apply to today
   * @param apiTime now, by the clock of the API
   */
  quotaSpent(sentAt?: number, apiTime?: number): void;
  status(): GovernorStatus;
  /** Rate of use of the day's calls, and how long they last. */
  pace(): PaceStatus;
  /** Returns true if enough of the day is left for background work. Must be checked before each call. */
  allowsBackground(work: BackgroundWork): boolean;
}

/** Time after the permit of a read for which its write has precedence over all others. */
export const FOLLOW_MS = 500;

export interface GovernorOptions {
  /** Maximum requests in any one second, 0 for no limit. */
  perSecond: number;
  /** Maximum requests from 00:00 to 00:00 UTC, 0 for no limit. */
  perDay: number;
  /** Requests of the day that are reserved for mutations. */
  reserve?: number;
  clock: Clock;
}

/** Base of the governors: the limits of the day, and a queue for the requests that wait for a slot. */
export abstract class QueueingGovernor implements Governor {
  protected readonly perSecond: number;
  protected readonly perDay: number;
  protected readonly clock: Clock;
  protected readonly pacing: Pacing;
  protected readonly queue: FairQueue;
  readonly #reserve: number;
  /** Time until which the API refuses all requests, by the clock of the day. */
  #spentUntil = 0;

  constructor({ perSecond, perDay, reserve = 0, clock }: GovernorOptions) {
    this.perSecond = perSecond;
    this.perDay = perDay;
    this.clock = clock;
    this.#reserve = reserve;
    this.pacing = new Pacing(perDay, reserve, clock.now());
    this.queue = new FairQueue(clock, (party, now) => this.#holdMs(party, now));
  }

  abstract acquire(turn: Turn): Promise<Ticket>;

  /** Calls of today. */
  protected abstract get used(): number;

  quotaSpent(sentAt = this.clock.now(), apiTime?: number): void {
    const now = this.dayTime(this.clock.now());
    if (dayOf(this.dayTime(sentAt)) === dayOf(now)) this.refuseUntil(spentUntil(now, apiTime));
  }

  /** @param time by the clock of the day; one that has passed allows requests again */
  protected refuseUntil(time: number): void {
    this.#spentUntil = time;
    if (this.isSpent(this.clock.now())) this.queue.failAll(() => this.quotaError());
  }

  /** A moment of this process's clock by the clock that decides when the day ends. */
  protected dayTime(now: number): number {
    return now;
  }

  status(): GovernorStatus {
    const now = this.clock.now();
    // Assigned, because on Node 20 adding new keys after a spread makes it five times as slow.
    return Object.assign(this.dayStatus(now), {
      requestsPerSecond: this.perSecond,
      resetsAt: this.#resetsAt(now),
      waiting: this.queue.size,
    });
  }

  pace(): PaceStatus {
    const now = this.clock.now();
    return this.pacing.status(this.dayTime(now), this.dayStatus(now), this.#resetsAt(now));
  }

  allowsBackground(work: BackgroundWork): boolean {
    const now = this.clock.now();
    return this.pacing.allowsBackground(work, this.dayTime(now), this.dayStatus(now));
  }

  /**
   * @returns true if the turn is held back
   * @throws the error of a turn that is cancelled or that the rest of the day is not for
   */
  protected admit(turn: Turn, now: number): boolean {
    throwIfAborted(turn.signal);
    if (this.dayStatus(now).exhausted) throw this.quotaError();
    const parties: readonly Party[] = turn.parties ? [...turn.parties] : [turn];
    if (this.pacing.refusesReads(this.used) && !parties.some((one) => one.isForMutation))
      throw this.reservedError();
    return parties.every((party) => this.#holdMs(party, now) > 0);
  }

  #holdMs(party: Party, now: number): number {
    return this.pacing.holdMs(party, this.dayTime(now), this.used);
  }

  protected dayStatus(now: number): DayStatus {
    return dayStatus(this.perDay, this.used, this.isSpent(now));
  }

  /** True if the API reported an exhausted quota, whatever was counted here. */
  protected isSpent(now: number): boolean {
    return isSpentAt(this.dayTime(now), this.#spentUntil);
  }

  protected quotaError(retryAt = this.#resetsAt().getTime()): ConstantContactError {
    return quotaExhaustedError(retryAt);
  }

  protected reservedError(): ConstantContactError {
    return reservedError(this.#resetsAt().getTime(), this.#reserve);
  }

  #resetsAt(now = this.clock.now()): Date {
    return new Date(this.isSpent(now) ? this.#spentUntil : nextMidnight(this.dayTime(now)));
  }
}
