import { Stop } from '../stop.js';
import { FOLLOW_MS, QueueingGovernor, type GovernorOptions } from './governor.js';
import {
  dayOf,
  freeAt,
  GUARD_MS,
  MAX_TRANSIT_MS,
  rateLimitedError,
  WINDOW_MS,
  type Departure,
} from './rate.js';
import { createTicket, type Ticket } from './ticket.js';
import type { Turn } from './turn.js';

/** The governor of a key that only this process uses: a sliding window of one second. */
export class LocalGovernor extends QueueingGovernor {
  /** Tickets issued and not yet sent. Each holds a slot, because it may leave at any moment. */
  #held = 0;
  /** Requests that may still count at the API. */
  #departures: Departure[] = [];
  #sent = { day: 0, requests: 0 };
  /** Time until which others wait for a write that follows its read; 0 when there is none. */
  #heldBackUntil = 0;
  #alarm: { at: number; off: Stop } | undefined;

  constructor(options: GovernorOptions) {
    super(options);
    this.pacing.note(this.clock.now(), 0);
  }

  async acquire(turn: Turn): Promise<Ticket> {
    const now = this.#tidy();
    const isHeld = this.admit(turn, now);
    // Fast path of most requests: the queue is empty and a slot is free.
    if (!isHeld && this.queue.size === 0 && this.#hasRoom(turn, now))
      return this.#grant(turn, turn.caller, 0, now);
    const wait = this.#foreseeableWait(now, turn, isHeld);
    if (wait > turn.maxWaitMs) throw rateLimitedError(now + wait);
    const ticket = this.queue.add(turn);
    this.#serve();
    return ticket;
  }

  override quotaSpent(sentAt?: number, apiTime?: number): void {
    super.quotaSpent(sentAt, apiTime);
    this.#setAlarm();
  }

  /** Includes issued tickets, which may leave at any moment. */
  protected get used(): number {
    return this.#sentToday + this.#held;
  }

  get #sentToday(): number {
    const { day, requests } = this.#sent;
    return day === dayOf(this.clock.now()) ? requests : 0;
  }

  /** Discards departures that no longer matter. */
  #tidy(): number {
    const now = this.clock.now();
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
    if (this.queue.size === 0 && !this.#alarm) return;
    for (;;) {
      if (this.dayStatus(now).exhausted) this.queue.failAll(() => this.quotaError());
      if (this.pacing.refusesReads(this.used)) this.queue.failReads(() => this.reservedError());
      const next = this.queue.next();
      if (!next || !this.#hasRoom(next.turn, now)) break;
      next.grant(this.#grant(next.turn, next.caller, now - next.since, now));
    }
    this.queue.expire(now, (turn) => rateLimitedError(now + this.#foreseeableWait(now, turn)));
    this.#setAlarm();
  }

  #grant(turn: Turn, caller: string | undefined, waitedMs: number, now: number): Ticket {
    if (this.#slotsFor(turn, now) === 1) return this.#issue(caller, waitedMs);
    this.#heldBackUntil = now + FOLLOW_MS;
    const next = this.#issue(caller, 0, undefined, () => {
      this.#heldBackUntil = 0;
    });
    return this.#issue(caller, waitedMs, next);
  }

  #issue(caller: string | undefined, waitedMs: number, next?: Ticket, onUsed?: () => void): Ticket {
    this.#held += 1;
    const departure: Departure = { at: 0 };
    const on = {
      sent: () => {
        onUsed?.();
        this.#held -= 1;
        const now = this.#tidy();
        departure.at = now;
        this.#sent = { day: dayOf(now), requests: this.#sentToday + 1 };
        this.pacing.sent(caller, now);
        this.pacing.note(now, this.#sentToday);
        if (this.perSecond > 0) this.#departures.push(departure);
        this.#serve();
      },
      answered: () => {
        departure.arrivedBy = Math.min(this.clock.now(), departure.at + MAX_TRANSIT_MS);
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
      ...(this.queue.size > 0 ? [...this.#departures.map(freeAt), ...this.#heldBack()] : []),
      this.queue.nextRelease(),
      this.queue.earliestDeadline,
    );
    if (this.#alarm?.at === at) return;
    this.#alarm?.off.abort();
    this.#alarm = undefined;
    if (at === Infinity) return;
    const alarm = { at, off: new Stop() };
    this.#alarm = alarm;
    this.clock.sleep(Math.max(1, at - this.clock.now()), alarm.off).then(
      () => {
        if (this.#alarm === alarm) this.#alarm = undefined;
        this.#serve();
      },
      () => undefined,
    );
  }

  #hasRoom(turn: Turn, now: number): boolean {
    if (this.perSecond === 0) return true;
    const taken = this.#held + this.#departures.length;
    return now >= this.#heldBackUntil && taken + this.#slotsFor(turn, now) <= this.perSecond;
  }

  /** Number of slots that a turn takes at once. With a limit of one, the write gets the next slot. */
  #slotsFor({ isFollowed = false }: Turn, now: number): number {
    if (!isFollowed || this.perSecond === 1) return 1;
    return (this.dayStatus(now).remainingToday ?? Infinity) > 1 ? 2 : 1;
  }

  /** End of the wait for a write. */
  #heldBack(): number[] {
    return this.#heldBackUntil > this.clock.now() ? [this.#heldBackUntil] : [];
  }

  /** Minimum wait of a new request, if every request before it leaves as soon as it may. */
  #foreseeableWait(now: number, turn: Turn, isPaced = false): number {
    if (this.perSecond === 0) return 0;
    const before = this.queue.before(turn, isPaced) + this.#slotsFor(turn, now) - 1;
    const round = WINDOW_MS + GUARD_MS;
    const free = Math.max(0, this.perSecond - this.#held - this.#departures.length);
    const slots = [
      ...Array<number>(free).fill(0),
      ...this.#departures
        .map((departure) => freeAt({ arrivedBy: now, ...departure }) - now)
        .sort((a, b) => a - b),
      ...Array<number>(this.#held).fill(round),
    ];
    return (slots[before % this.perSecond] ?? round) + Math.floor(before / this.perSecond) * round;
  }
}
