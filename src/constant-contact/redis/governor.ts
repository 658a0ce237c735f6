import { randomUUID } from 'node:crypto';
import { abortable, sleep, throwIfAborted } from '../abort.js';
import type { Clock } from '../clock.js';
import type { ConstantContactError } from '../errors.js';
import { createGovernor, type Governor, type GovernorStatus, type Turn } from '../budget/governor.js';
import {
  dayOf,
  dayStatus,
  freeAt,
  GUARD_MS,
  LONGEST_WAY_MS,
  MIDNIGHT_GRACE_MS,
  quotaExhaustedError,
  rateLimitedError,
  WINDOW_MS,
} from '../budget/rate.js';
import { createTicket, type Ticket } from '../budget/ticket.js';
import { ANSWERED, CANCEL, RETURN, SENT, SPENT, STATE, TAKE } from './governor-scripts.js';
import { COMMAND_MS, RECONNECT_MS, RedisUnreachable, type RedisLink, type Return } from './link.js';
import { Stop } from '../stop.js';

/** A slot that was taken and never used, because its process died, is free after this. Every attempt is over sooner. */
const HOLD_MS = 45_000;
/** Nothing is sent without Redis before all that was sent with it has arrived and its second is over. */
const PAUSE_MS = LONGEST_WAY_MS + WINDOW_MS + GUARD_MS;
/** After an outage nothing is granted until every process had time to connect and what they sent alone is past. */
const QUIET_MS = PAUSE_MS + RECONNECT_MS + 500;
/** A grant within this time before a return shows that others had Redis all along. */
const LIVE_MS = 1_000;
/** A slot may become free sooner than foreseen, when its answer comes. */
const LONGEST_NAP_MS = 100;
const JITTER_MS = 10;

export interface SharedGovernorOptions {
  link: RedisLink;
  /** The key's limits, for all processes together; 0 for none. */
  perSecond: number;
  perDay: number;
  /** How many processes share the key, at most: without Redis each one keeps to its part. */
  processes: number;
  clock: Clock;
}

/** A slot of the second. */
interface Slot {
  id: string;
  /** The day that it was counted in over there; null when it was granted without Redis. */
  day: number | null;
  /** The local grant that it rests on without Redis. */
  ticket?: Ticket;
}

/** A slot of what left. */
interface Sent {
  id: string;
  freeAt: number;
}

/**
 * Keeps all processes that use one API key within the key's limits, through Redis. Each process has its own queue, as
 * without Redis; who is at its head then takes a slot from Redis and holds it until the request has left, arrived, and
 * is a second old. Without Redis each process sends its part of the budget.
 */
export class SharedGovernor implements Governor {
  readonly #link: RedisLink;
  readonly #perSecond: number;
  readonly #perDay: number;
  readonly #processes: number;
  readonly #clock: Clock;
  /** Who is next in this process. */
  readonly #queue: Governor;
  /** What this process may send while there is no Redis. */
  readonly #alone: Governor;
  readonly #me = randomUUID();
  readonly #scripts;
  #number = 0;
  #atGate = 0;
  /** Settles when whoever went to the gate last has left it. */
  #gate: Promise<void> = Promise.resolve();
  /** Clock of Redis minus ours, in milliseconds. */
  #ahead = 0;
  #seen = { day: 0, used: 0 };
  /** Slots taken and not yet used. */
  readonly #held = new Map<string, Slot>();
  /** What left within the last moments. */
  #departures: Sent[] = [];
  /** Slots that Redis may still believe to be ours, with the day to give back or -1. */
  readonly #dropped = new Map<string, number>();
  /** Requests that Redis has not counted, by day. */
  readonly #uncounted = new Map<number, number>();
  #untold: number | undefined;

  constructor({ link, perSecond, perDay, processes, clock }: SharedGovernorOptions) {
    this.#link = link;
    this.#perSecond = perSecond;
    this.#perDay = perDay;
    this.#processes = processes;
    this.#clock = clock;
    this.#queue = createGovernor({ perSecond, perDay: 0, clock });
    this.#alone = createGovernor({ perSecond: shareOf(perSecond, processes), perDay: 0, clock });
    this.#scripts = {
      take: link.script('governorTake', TAKE),
      sent: link.script('governorSent', SENT),
      answered: link.script('governorAnswered', ANSWERED),
      cancel: link.script('governorCancel', CANCEL),
      spent: link.script('governorSpent', SPENT),
      state: link.script('governorState', STATE),
      back: link.script('governorReturn', RETURN),
    };
    link.join({ returned: (how) => this.#returned(how), beat: () => this.#beat() });
  }

  async acquire(turn: Turn): Promise<Ticket> {
    const began = this.#clock.now();
    throwIfAborted(turn.signal);
    if (this.status().exhausted) throw this.#quotaError();
    const place = await this.#queue.acquire(turn);
    this.#atGate += 1;
    // One after the other: who comes just when a slot is free would else always be before those who look again in a while.
    const before = this.#gate;
    let leave = () => {};
    const gone = new Promise<void>((resolve) => (leave = resolve));
    this.#gate = before.then(() => gone);
    try {
      await (turn.signal ? abortable(before, turn.signal) : before);
      const isLast = this.status().remainingToday === 1;
      const wanted = place.next && !isLast ? 2 : 1;
      const [slot, following] = await this.#slots(turn, wanted, began + turn.maxWaitMs);
      if (!following) place.next?.cancel();
      const next = following && place.next && this.#ticket(following, place.next, 0);
      return this.#ticket(slot, place, this.#clock.now() - began, next);
    } catch (error) {
      place.next?.cancel();
      place.cancel();
      throw error;
    } finally {
      leave();
      this.#atGate -= 1;
    }
  }

  quotaSpent(sentAt = this.#clock.now()): void {
    this.#queue.quotaSpent(sentAt);
    this.#untold = sentAt;
    this.#tellSpent().catch(ignoreOutage);
  }

  status(): GovernorStatus {
    const queue = this.#queue.status();
    return {
      ...queue,
      ...dayStatus(this.#perDay, this.#usedToday(), queue.exhausted),
      waiting: queue.waiting + this.#atGate,
    };
  }

  /** Requests per second that this process allows itself at present: the key's, or its part without Redis. */
  get pace(): number {
    return this.#link.up ? this.#perSecond : shareOf(this.#perSecond, this.#processes);
  }

  /** A slot and, where two are wanted and can be had at once, the one for what follows. */
  async #slots(turn: Turn, wanted: number, deadline: number): Promise<[Slot, Slot?]> {
    for (;;) {
      throwIfAborted(turn.signal);
      const slots = this.#link.up
        ? await this.#takeShared(turn, wanted, deadline)
        : await this.#takeAlone(turn, wanted, deadline);
      if (slots && turn.signal?.aborted) for (const slot of slots) this.#giveBack(slot);
      else if (slots) {
        for (const slot of slots) this.#held.set(slot.id, slot);
        return slots as [Slot, Slot?];
      }
    }
  }

  #newId(): string {
    return `${this.#me}:${String((this.#number += 1))}`;
  }

  /** One attempt to take slots from Redis, and the wait after it when there were none; null to try again. */
  async #takeShared(turn: Turn, wanted: number, deadline: number): Promise<Slot[] | null> {
    const ids = Array.from({ length: wanted }, () => this.#newId());
    try {
      const args = [this.#perSecond, this.#perDay, HOLD_MS, this.#lastMoment(), LIVE_MS, ...ids];
      const [what, , , detail] = this.#see(await this.#scripts.take(args));
      if (what === 'granted') return ids.map((id) => ({ id, day: detail }));
      if (what === 'spent') throw this.#quotaError(detail - this.#ahead);
      if (what === 'wait') await this.#nap(turn, deadline, detail);
      return null;
    } catch (error) {
      if (!(error instanceof RedisUnreachable)) throw error;
      // It may have been granted for all we know.
      for (const id of ids) this.#dropped.set(id, this.#today());
      return null;
    }
  }

  async #nap(turn: Turn, deadline: number, ms: number): Promise<void> {
    const now = this.#clock.now();
    const nap = Math.min(ms, LONGEST_NAP_MS) + Math.random() * JITTER_MS;
    if (now + nap > deadline) throw rateLimitedError(now + ms);
    await (turn.signal ? sleep(this.#clock, nap, turn.signal) : this.#clock.sleep(nap));
  }

  /** Slots of this process's own part; null when Redis has come back meanwhile. */
  async #takeAlone(turn: Turn, wanted: number, deadline: number): Promise<Slot[] | null> {
    const off = new Stop();
    const unlink = [turn.signal, this.#link.back].map((source) => off.follow(source));
    try {
      const now = this.#clock.now();
      const pause = Math.min(PAUSE_MS, this.#link.since + PAUSE_MS - now);
      if (pause > 0) {
        if (now + pause > deadline) throw rateLimitedError(now + pause);
        await this.#clock.sleep(pause, off);
      }
      if (this.#partLeft() <= 0) throw this.#quotaError();
      const ticket = await this.#alone.acquire({
        signal: off,
        priority: turn.priority,
        caller: turn.caller,
        isFollowed: wanted > 1 && this.#partLeft() > 1,
        maxWaitMs: Math.max(0, deadline - this.#clock.now()),
      });
      const tickets = ticket.next ? [ticket, ticket.next] : [ticket];
      return tickets.map((one) => ({ id: this.#newId(), day: null, ticket: one }));
    } catch (error) {
      throwIfAborted(turn.signal);
      if (off.aborted) return null;
      throw error;
    } finally {
      for (const one of unlink) one();
    }
  }

  #ticket(slot: Slot, place: Ticket, waitedMs: number, next?: Ticket): Ticket {
    let sentAt = 0;
    const on = {
      sent: () => {
        sentAt = this.#clock.now();
        place.sent();
        slot.ticket?.sent();
        this.#leave(slot, sentAt);
      },
      answered: () => {
        place.answered();
        slot.ticket?.answered();
        this.#arrive(slot, sentAt);
      },
      cancel: () => {
        place.cancel();
        this.#giveBack(slot);
      },
    };
    return createTicket(waitedMs, on, next);
  }

  #leave(slot: Slot, now: number): void {
    this.#held.delete(slot.id);
    const sent = { id: slot.id, freeAt: freeAt({ at: now }) };
    this.#departures = this.#departures.filter((other) => other.freeAt > now);
    this.#departures.push(sent);
    if (slot.day === null) this.#notCounted(this.#today(), 1);
    this.#scripts.sent([slot.id, sent.freeAt - now], { anyway: true }).catch((error: unknown) => {
      ignoreOutage(error);
      if (slot.day !== null) this.#dropped.set(slot.id, -1);
    });
  }

  #arrive(slot: Slot, sentAt: number): void {
    const now = this.#clock.now();
    const free = freeAt({ at: sentAt, arrivedBy: now });
    const sent = this.#departures.find(({ id }) => id === slot.id);
    if (!sent || free >= sent.freeAt) return;
    sent.freeAt = free;
    this.#scripts.answered([slot.id, free - now], { anyway: true }).catch(ignoreOutage);
  }

  #giveBack(slot: Slot): void {
    this.#held.delete(slot.id);
    slot.ticket?.cancel();
    const { id } = slot;
    const day = slot.day ?? -1;
    this.#scripts.cancel([id, day]).catch((error: unknown) => {
      ignoreOutage(error);
      this.#dropped.set(id, day);
    });
  }

  async #tellSpent(): Promise<void> {
    if (this.#untold === undefined) return;
    const sentAt = this.#untold;
    await this.#scripts.spent([this.#clock.now() - sentAt, MIDNIGHT_GRACE_MS], { anyway: true });
    if (this.#untold === sentAt) this.#untold = undefined;
  }

  async #returned(how: Return): Promise<void> {
    this.#see(await this.#scripts.state(['inf', '[]'], { anyway: true }));
    const now = this.#clock.now();
    const dropped = [...this.#dropped];
    const held = [
      ...[...this.#held.keys()].map((id): [string, number] => [id, HOLD_MS]),
      ...this.#departures.map(({ id, freeAt }): [string, number] => [id, freeAt - now]),
    ].filter(([, ms]) => ms > 0);
    const args = [
      this.#lastMoment(),
      how.run,
      how.outageMs,
      QUIET_MS,
      PAUSE_MS,
      JSON.stringify(dropped),
      JSON.stringify(held),
    ];
    const [what] = this.#see(await this.#scripts.back(args, { anyway: true }));
    if (what !== 'ok') throw new RedisUnreachable('Redis answered too late.');
    for (const [id] of dropped) this.#dropped.delete(id);
    await this.#beat();
  }

  /** Hands in what is not counted yet, and sees what others have used. */
  async #beat(): Promise<void> {
    await this.#tellSpent();
    const counts = [...this.#uncounted];
    const args = [this.#lastMoment(), JSON.stringify(counts)];
    const [what] = this.#see(await this.#scripts.state(args, { anyway: true }));
    if (what === 'ok') for (const [day, n] of counts) this.#notCounted(day, -n);
  }

  #notCounted(day: number, by: number): void {
    const left = (this.#uncounted.get(day) ?? 0) + by;
    if (left > 0) this.#uncounted.set(day, left);
    else this.#uncounted.delete(day);
  }

  /** Reads an answer: sets our idea of the clock over there, of what is used, and of a day that is spent. */
  #see(answer: unknown): [what: string, now: number, used: number, detail: number] {
    const [what, theirs, used, detail] = answer as [string, number, number, number];
    const now = this.#clock.now();
    this.#ahead = theirs - now;
    if (what === 'late') return [what, theirs, used, detail];
    this.#seen = { day: dayOf(theirs), used };
    const isUsedUp = dayStatus(this.#perDay, used, false).exhausted;
    const isSpent = (what === 'ok' && detail > theirs) || (what === 'spent' && !isUsedUp);
    if (isSpent && !this.#queue.status().exhausted) this.#queue.quotaSpent(now);
    return [what, theirs, used, detail];
  }

  /** By the clock of Redis. */
  #today(): number {
    return dayOf(this.#clock.now() + this.#ahead);
  }

  /** What all processes sent today, as far as Redis has said. */
  #seenToday(): number {
    return this.#seen.day === this.#today() ? this.#seen.used : 0;
  }

  #usedToday(): number {
    return this.#seenToday() + (this.#uncounted.get(this.#today()) ?? 0);
  }

  /** How many requests more this process may send today without Redis. */
  #partLeft(): number {
    if (this.#perDay === 0) return Infinity;
    const part = Math.floor(Math.max(0, this.#perDay - this.#seenToday()) / this.#processes);
    const underWay = [...this.#held.values()].filter(({ day }) => day === null).length;
    return part - (this.#uncounted.get(this.#today()) ?? 0) - underWay;
  }

  /** When, by the clock of Redis, an answer to a command of now would come too late. */
  #lastMoment(): number {
    return Math.round(this.#clock.now() + this.#ahead + COMMAND_MS);
  }

  #quotaError(retryAt = this.#queue.status().resetsAt.getTime()): ConstantContactError {
    return quotaExhaustedError(retryAt);
  }
}

/** What one process may use of a limit while it cannot know what the others do; at least 1, unless there is no limit. */
export function shareOf(limit: number, processes: number): number {
  return limit === 0 ? 0 : Math.max(1, Math.floor(limit / processes));
}

function ignoreOutage(error: unknown): void {
  if (!(error instanceof RedisUnreachable)) throw error;
}
