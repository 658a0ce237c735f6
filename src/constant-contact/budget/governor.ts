import { abortedError } from '../abort.js';
import type { Clock } from '../clock.js';
import type { ConstantContactError } from '../errors.js';
import { Stop, type Signal } from '../stop.js';
import {
  DAY_MS,
  dayOf,
  dayStatus,
  freeAt,
  GUARD_MS,
  LONGEST_WAY_MS,
  MIDNIGHT_GRACE_MS,
  nextMidnight,
  quotaExhaustedError,
  rateLimitedError,
  WINDOW_MS,
  type DayStatus,
  type Departure,
} from './rate.js';
import { createTicket, type Ticket } from './ticket.js';

/** `continuation` is the write that follows a read: it goes before everything else. */
export type Priority = 'continuation' | 'interactive' | 'prefetch';

export interface Turn {
  signal?: Signal;
  /** Read again each time a slot is free, so that work may be hurried up while it waits. */
  readonly priority: Priority;
  /** Longest wait in milliseconds; a longer one fails, at once where it can be foreseen. */
  maxWaitMs: number;
  /** Whose work it is. Callers who wait at the same time take turns, however much each of them has waiting. */
  caller?: string;
  /** Whether a write follows, whose slot is wanted along with this one: `next` of the ticket. */
  isFollowed?: boolean;
}

export interface GovernorStatus extends DayStatus {
  /** Requests per second; 0 means no limit. */
  requestsPerSecond: number;
  /** When the day's count starts again. */
  resetsAt: Date;
  /** Requests that wait for a slot. */
  waiting: number;
}

/** Keeps everything that one API key sends within the key's limits. One per key and process. */
export interface Governor {
  /**
   * @throws ConstantContactError `rateLimited` when the wait is or gets longer than allowed, `quotaExhausted` when the
   * day is spent, `aborted` when the signal fires
   */
  acquire(turn: Turn): Promise<Ticket>;
  /**
   * The API says that the day is spent, whatever was counted here (another process may use the same key).
   * @param sentAt when the request left that was answered so; one of yesterday says nothing about today
   */
  quotaSpent(sentAt?: number): void;
  status(): GovernorStatus;
}

/** For so long after a read was let go, nobody goes before the write that follows it. */
const FOLLOW_MS = 500;
const RANKS: Readonly<Record<Priority, number>> = { continuation: 2, interactive: 1, prefetch: 0 };

interface Waiter {
  turn: Turn;
  since: number;
  deadline: number;
  grant(ticket: Ticket): void;
  fail(error: ConstantContactError): void;
}

/**
 * @param perSecond most requests in any one second, 0 for no limit
 * @param perDay most requests from 00:00 to 00:00 UTC, 0 for no limit
 */
export function createGovernor({
  perSecond,
  perDay,
  clock,
}: {
  perSecond: number;
  perDay: number;
  clock: Clock;
}): Governor {
  return new SlidingWindow(perSecond, perDay, clock);
}

class SlidingWindow implements Governor {
  readonly #perSecond: number;
  readonly #perDay: number;
  readonly #clock: Clock;
  /** Tickets given out and not yet sent. Each holds a slot, because it may leave at any moment. */
  #held = 0;
  /** The requests that may still count over there. */
  #departures: Departure[] = [];
  #day: number;
  #sentToday = 0;
  #spentUntil = 0;
  #queue: Waiter[] = [];
  /** Those who have something waiting, in the order in which they are served next. */
  #callers: string[] = [];
  /** Until when everybody waits for a write that follows its read; 0 when there is none. */
  #heldBackUntil = 0;
  #alarm: { at: number; off: Stop } | undefined;

  constructor(perSecond: number, perDay: number, clock: Clock) {
    this.#perSecond = perSecond;
    this.#perDay = perDay;
    this.#clock = clock;
    this.#day = dayOf(clock.now());
  }

  acquire(turn: Turn): Promise<Ticket> {
    return new Promise((resolve, reject) => {
      const now = this.#tidy();
      if (turn.signal?.aborted) {
        reject(abortedError(turn.signal));
        return;
      }
      if (this.#exhausted(now)) {
        reject(this.#quotaError());
        return;
      }
      // Nobody waits and there is room: the way of most requests, without a place in the queue.
      if (this.#queue.length === 0 && this.#hasRoom(turn, now)) {
        resolve(this.#grant(turn, 0, now));
        return;
      }
      const wait = this.#foreseeableWait(now, turn);
      if (wait > turn.maxWaitMs) {
        reject(rateLimitedError(now + wait));
        return;
      }
      const leave = () => {
        turn.signal?.removeEventListener('abort', onAbort);
        this.#queue = this.#queue.filter((other) => other !== waiter);
        if (!this.#queue.some(isOf(callerOf(waiter))))
          this.#callers = this.#callers.filter((one) => one !== callerOf(waiter));
      };
      const waiter: Waiter = {
        turn,
        since: now,
        deadline: now + turn.maxWaitMs,
        grant: (ticket) => {
          leave();
          resolve(ticket);
        },
        fail: (error) => {
          leave();
          reject(error);
        },
      };
      const onAbort = () => {
        waiter.fail(abortedError(turn.signal as Signal));
      };
      turn.signal?.addEventListener('abort', onAbort, { once: true });
      this.#queue.push(waiter);
      if (!this.#callers.includes(callerOf(waiter))) this.#callers.push(callerOf(waiter));
      this.#serve();
    });
  }

  quotaSpent(sentAt = this.#clock.now()): void {
    const now = this.#tidy();
    if (dayOf(sentAt) !== this.#day) return;
    const midnight = this.#day * DAY_MS;
    this.#spentUntil = now - midnight < MIDNIGHT_GRACE_MS ? midnight + MIDNIGHT_GRACE_MS : nextMidnight(now);
    this.#serve();
  }

  status(): GovernorStatus {
    const now = this.#tidy();
    return {
      ...this.#dayStatus(now),
      requestsPerSecond: this.#perSecond,
      resetsAt: this.#resetsAt(now),
      waiting: this.#queue.length,
    };
  }

  /** Forgets what is past: yesterday's count and departures that no longer matter. */
  #tidy(): number {
    const now = this.#clock.now();
    const today = dayOf(now);
    if (today !== this.#day) {
      this.#day = today;
      this.#sentToday = 0;
    }
    for (const departure of this.#departures) {
      // A wall clock that is set back must not close a slot for as long as it was set back.
      departure.at = Math.min(departure.at, now);
      if (departure.arrivedBy !== undefined) departure.arrivedBy = Math.min(departure.arrivedBy, now);
    }
    this.#departures = this.#departures.filter((departure) => now < freeAt(departure));
    return now;
  }

  #serve(): void {
    const now = this.#tidy();
    for (let next = this.#next(); next && !this.#exhausted(now); next = this.#next()) {
      if (!this.#hasRoom(next.turn, now)) break;
      this.#moveBack(callerOf(next));
      next.grant(this.#grant(next.turn, now - next.since, now));
    }
    if (this.#exhausted(now)) {
      for (const waiter of [...this.#queue]) waiter.fail(this.#quotaError());
    }
    for (const waiter of this.#queue.filter(({ deadline }) => deadline <= now)) {
      waiter.fail(rateLimitedError(now + this.#foreseeableWait(now, waiter.turn)));
    }
    this.#setAlarm();
  }

  /** The oldest of what the caller whose turn it is has waiting, among what is most urgent. */
  #next(): Waiter | undefined {
    const highest = Math.max(...this.#queue.map(rankOf));
    const waiting = this.#queue.filter((one) => rankOf(one) === highest);
    const caller = this.#callers.find((one) => waiting.some(isOf(one)));
    return caller === undefined ? undefined : waiting.find(isOf(caller));
  }

  /** A caller who had its turn comes after the others. */
  #moveBack(caller: string): void {
    this.#callers = [...this.#callers.filter((one) => one !== caller), caller];
  }

  #grant(turn: Turn, waitedMs: number, now: number): Ticket {
    if (this.#slotsFor(turn, now) === 1) return this.#issue(waitedMs);
    this.#heldBackUntil = now + FOLLOW_MS;
    const next = this.#issue(0, undefined, () => {
      this.#heldBackUntil = 0;
    });
    return this.#issue(waitedMs, next);
  }

  #issue(waitedMs: number, next?: Ticket, onUsed?: () => void): Ticket {
    this.#held += 1;
    const departure: Departure = { at: 0 };
    const on = {
      sent: () => {
        onUsed?.();
        this.#held -= 1;
        departure.at = this.#tidy();
        this.#sentToday += 1;
        if (this.#perSecond > 0) this.#departures.push(departure);
        this.#serve();
      },
      answered: () => {
        departure.arrivedBy = Math.min(this.#clock.now(), departure.at + LONGEST_WAY_MS);
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

  /** One alarm for all: when the next slot frees, or when the first of the waiting has waited long enough. */
  #setAlarm(): void {
    const at = Math.min(
      ...(this.#queue.length > 0 ? [...this.#departures.map(freeAt), ...this.#heldBack()] : []),
      ...this.#queue.map(({ deadline }) => deadline),
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

  /** How many slots a turn takes at once. Where one is all there is, the write gets the next. */
  #slotsFor({ isFollowed = false }: Turn, now: number): number {
    const left = this.#dayStatus(now).remainingToday ?? Infinity;
    return isFollowed && this.#perSecond !== 1 && left > 1 ? 2 : 1;
  }

  /** When those who wait for a write need to wait no longer. */
  #heldBack(): number[] {
    return this.#heldBackUntil > this.#clock.now() ? [this.#heldBackUntil] : [];
  }

  /** How long a newcomer waits at least, if everybody before him leaves as soon as he may. */
  #foreseeableWait(now: number, turn: Turn): number {
    if (this.#perSecond === 0) return 0;
    const before = this.#before(turn) + this.#slotsFor(turn, now) - 1;
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

  /** How many go before a newcomer, if nobody else comes. */
  #before({ priority, caller = '' }: Turn): number {
    const rank = RANKS[priority];
    const hurried = this.#queue.filter((one) => rankOf(one) > rank);
    const rivals = this.#queue.filter((one) => rankOf(one) === rank);
    const own = rivals.filter(isOf(caller)).length;
    const at = this.#callers.indexOf(caller);
    const others = this.#callers.filter((one) => one !== caller);
    const shares = others.map((other, place) => {
      const rounds = at === -1 || place < at ? own + 1 : own;
      return Math.min(rounds, rivals.filter(isOf(other)).length);
    });
    return hurried.length + own + shares.reduce((sum, one) => sum + one, 0);
  }

  #dayStatus(now: number): DayStatus {
    return dayStatus(this.#perDay, this.#sentToday + this.#held, now < this.#spentUntil);
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
}

function callerOf({ turn }: Waiter): string {
  return turn.caller ?? '';
}

function isOf(caller: string) {
  return (waiter: Waiter): boolean => callerOf(waiter) === caller;
}

function rankOf({ turn }: Waiter): number {
  return RANKS[turn.priority];
}
