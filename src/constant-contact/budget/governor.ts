import { abortedError } from '../abort.js';
import type { Clock } from '../clock.js';
import type { ConstantContactError } from '../errors.js';
import { Stop } from '../stop.js';
import { FairQueue } from './fair-queue.js';
import { Pacing, type BackgroundWork, type PaceStatus } from './pacing.js';
import {
  dayOf,
  dayStatus,
  freeAt,
  GUARD_MS,
  MAX_TRANSIT_MS,
  nextMidnight,
  quotaExhaustedError,
  rateLimitedError,
  reservedError,
  spentUntil,
  WINDOW_MS,
  type DayStatus,
  type Departure,
} from './rate.js';
import { createTicket, type Ticket } from './ticket.js';
import type { Turn } from './turn.js';

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
   */
  quotaSpent(sentAt?: number): void;
  status(): GovernorStatus;
  /** Rate of use of the day's calls, and how long they last. */
  pace(): PaceStatus;
  /** Returns true if enough of the day is left for background work. Must be checked before each call. */
  allowsBackground(work: BackgroundWork): boolean;
}

/** Time after the permit of a read for which its write has precedence over all others. */
export const FOLLOW_MS = 500;

/**
 * @param perSecond maximum requests in any one second, 0 for no limit
 * @param perDay maximum requests from 00:00 to 00:00 UTC, 0 for no limit
 * @param reserve requests of the day that are reserved for mutations
 */
export function createGovernor({
  perSecond,
  perDay,
  reserve = 0,
  clock,
}: {
  perSecond: number;
  perDay: number;
  reserve?: number;
  clock: Clock;
}): Governor {
  return new SlidingWindow(perSecond, perDay, reserve, clock);
}

class SlidingWindow implements Governor {
  readonly #perSecond: number;
  readonly #perDay: number;
  readonly #clock: Clock;
  /** Tickets issued and not yet sent. Each holds a slot, because it may leave at any moment. */
  #held = 0;
  /** Requests that may still count at the API. */
  #departures: Departure[] = [];
  #day: number;
  #sentToday = 0;
  #spentUntil = 0;
  readonly #queue = new FairQueue();
  readonly #reserve: number;
  readonly #pacing: Pacing;
  /** Time until which others wait for a write that follows its read; 0 when there is none. */
  #heldBackUntil = 0;
  #alarm: { at: number; off: Stop } | undefined;

  constructor(perSecond: number, perDay: number, reserve: number, clock: Clock) {
    this.#perSecond = perSecond;
    this.#perDay = perDay;
    this.#reserve = reserve;
    this.#clock = clock;
    const now = clock.now();
    this.#day = dayOf(now);
    this.#pacing = new Pacing(perDay, reserve, now);
    this.#pacing.note(now, 0);
  }

  async acquire(turn: Turn): Promise<Ticket> {
    const now = this.#tidy();
    if (turn.signal?.aborted) throw abortedError(turn.signal);
    if (this.#exhausted(now)) throw this.#quotaError();
    if (!turn.isForMutation && this.#pacing.refusesReads(this.#used)) throw this.#reservedError();
    const heldUntil = this.#pacing.holdUntil(turn, now, this.#used);
    const isHeld = heldUntil > now;
    // Fast path of most requests: the queue is empty and a slot is free.
    if (!isHeld && this.#queue.size === 0 && this.#hasRoom(turn, now)) return this.#grant(turn, 0, now);
    const wait = this.#foreseeableWait(now, turn, isHeld);
    if (wait > turn.maxWaitMs) throw rateLimitedError(now + wait);
    const ticket = this.#queue.add(turn, now, heldUntil);
    this.#serve();
    return ticket;
  }

  quotaSpent(sentAt = this.#clock.now()): void {
    const now = this.#tidy();
    if (dayOf(sentAt) !== this.#day) return;
    this.#spentUntil = spentUntil(now);
    this.#serve();
  }

  status(): GovernorStatus {
    const now = this.#tidy();
    // Assigned, because on Node 20 adding new keys after a spread makes it five times as slow.
    return Object.assign(this.#dayStatus(now), {
      requestsPerSecond: this.#perSecond,
      resetsAt: this.#resetsAt(now),
      waiting: this.#queue.size,
    });
  }

  pace(): PaceStatus {
    const now = this.#tidy();
    return this.#pacing.status(now, this.#dayStatus(now), this.#resetsAt(now));
  }

  allowsBackground(work: BackgroundWork): boolean {
    const now = this.#tidy();
    return this.#pacing.allowsBackground(work, now, this.#dayStatus(now));
  }

  /** Calls of today, including issued tickets that may leave at any moment. */
  get #used(): number {
    return this.#sentToday + this.#held;
  }

  /** Discards yesterday's count and departures that no longer matter. */
  #tidy(): number {
    const now = this.#clock.now();
    const today = dayOf(now);
    if (today !== this.#day) {
      this.#day = today;
      this.#sentToday = 0;
    }
    for (const departure of this.#departures) {
      // A wall clock that is set back must not keep a slot occupied for that time.
      departure.at = Math.min(departure.at, now);
      if (departure.arrivedBy !== undefined) departure.arrivedBy = Math.min(departure.arrivedBy, now);
    }
    this.#departures = this.#departures.filter((departure) => now < freeAt(departure));
    return now;
  }

  #serve(): void {
    const now = this.#tidy();
    if (this.#queue.size === 0 && !this.#alarm) return;
    for (;;) {
      if (this.#exhausted(now)) this.#queue.failAll(() => this.#quotaError());
      if (this.#pacing.refusesReads(this.#used)) this.#queue.failReads(() => this.#reservedError());
      const next = this.#queue.next(now);
      if (!next || !this.#hasRoom(next.turn, now)) break;
      next.grant(this.#grant(next.turn, now - next.since, now));
    }
    this.#queue.expire(now, ({ turn }) => rateLimitedError(now + this.#foreseeableWait(now, turn)));
    this.#setAlarm();
  }

  #grant(turn: Turn, waitedMs: number, now: number): Ticket {
    if (this.#slotsFor(turn, now) === 1) return this.#issue(turn, waitedMs);
    this.#heldBackUntil = now + FOLLOW_MS;
    const next = this.#issue(turn, 0, undefined, () => {
      this.#heldBackUntil = 0;
    });
    return this.#issue(turn, waitedMs, next);
  }

  #issue({ caller }: Turn, waitedMs: number, next?: Ticket, onUsed?: () => void): Ticket {
    this.#held += 1;
    const departure: Departure = { at: 0 };
    const on = {
      sent: () => {
        onUsed?.();
        this.#held -= 1;
        departure.at = this.#tidy();
        this.#sentToday += 1;
        this.#pacing.sent(caller, departure.at);
        this.#pacing.note(departure.at, this.#sentToday);
        if (this.#perSecond > 0) this.#departures.push(departure);
        this.#serve();
      },
      answered: () => {
        departure.arrivedBy = Math.min(this.#clock.now(), departure.at + MAX_TRANSIT_MS);
        this.#serve();
      },
      cancel: () => {
        onUsed?.();
        this.#held -= 1;
        this.#serve();
      },
    };
    return createTicket(waitedMs, on, next);
  }

  /**
   * One alarm for all: when the next slot is free, when the next held-back request may go, or when the first waiting request
   * fails.
   */
  #setAlarm(): void {
    const at = Math.min(
      ...(this.#queue.size > 0 ? [...this.#departures.map(freeAt), ...this.#heldBack()] : []),
      this.#queue.nextRelease(this.#clock.now()),
      this.#queue.earliestDeadline,
    );
    if (this.#alarm?.at === at) return;
    this.#alarm?.off.abort();
    this.#alarm = undefined;
    if (at === Infinity) return;
    const alarm = { at, off: new Stop() };
    this.#alarm = alarm;
    this.#clock.sleep(Math.max(1, at - this.#clock.now()), alarm.off).then(
      () => {
        if (this.#alarm === alarm) this.#alarm = undefined;
        this.#serve();
      },
      () => undefined,
    );
  }

  #hasRoom(turn: Turn, now: number): boolean {
    if (this.#perSecond === 0) return true;
    const taken = this.#held + this.#departures.length;
    return now >= this.#heldBackUntil && taken + this.#slotsFor(turn, now) <= this.#perSecond;
  }

  /** Number of slots that a turn takes at once. With a limit of one, the write gets the next slot. */
  #slotsFor({ isFollowed = false }: Turn, now: number): number {
    if (!isFollowed || this.#perSecond === 1) return 1;
    return (this.#dayStatus(now).remainingToday ?? Infinity) > 1 ? 2 : 1;
  }

  /** End of the wait for a write. */
  #heldBack(): number[] {
    return this.#heldBackUntil > this.#clock.now() ? [this.#heldBackUntil] : [];
  }

  /** Minimum wait of a new request, if every request before it leaves as soon as it may. */
  #foreseeableWait(now: number, turn: Turn, isPaced = false): number {
    if (this.#perSecond === 0) return 0;
    const before = this.#queue.before(turn, isPaced) + this.#slotsFor(turn, now) - 1;
    const round = WINDOW_MS + GUARD_MS;
    const free = Math.max(0, this.#perSecond - this.#held - this.#departures.length);
    const slots = [
      ...Array<number>(free).fill(0),
      ...this.#departures
        .map((departure) => freeAt({ arrivedBy: now, ...departure }) - now)
        .sort((a, b) => a - b),
      ...Array<number>(this.#held).fill(round),
    ];
    return (slots[before % this.#perSecond] ?? round) + Math.floor(before / this.#perSecond) * round;
  }

  #dayStatus(now: number): DayStatus {
    return dayStatus(this.#perDay, this.#used, now < this.#spentUntil);
  }

  #exhausted(now: number): boolean {
    return this.#dayStatus(now).exhausted;
  }

  #resetsAt(now: number): Date {
    return new Date(now < this.#spentUntil ? this.#spentUntil : nextMidnight(now));
  }

  #quotaError(): ConstantContactError {
    return quotaExhaustedError(this.#resetsAt(this.#clock.now()).getTime());
  }

  #reservedError(): ConstantContactError {
    return reservedError(this.#resetsAt(this.#clock.now()).getTime(), this.#reserve);
  }
}
