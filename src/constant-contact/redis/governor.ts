import { randomUUID } from 'node:crypto';
import { throwIfAborted } from '../abort.js';
import type { Clock } from '../clock.js';
import { type ConstantContactError } from '../errors.js';
import { FairQueue } from '../budget/fair-queue.js';
import { createGovernor, FOLLOW_MS, type Governor, type GovernorStatus } from '../budget/governor.js';
import {
  dayOf,
  dayStatus,
  freeAt,
  GUARD_MS,
  LONGEST_WAY_MS,
  MIDNIGHT_GRACE_MS,
  nextMidnight,
  quotaExhaustedError,
  rateLimitedError,
  spentUntil,
  WINDOW_MS,
} from '../budget/rate.js';
import { createTicket, type Ticket } from '../budget/ticket.js';
import type { Priority, Turn } from '../budget/turn.js';
import { Stop } from '../stop.js';
import { hashOf } from './cipher.js';
import { RECONNECT_MS } from './connect.js';
import { ANSWERED, CANCEL, KEYS, RETURN, SENT, SPENT, STATE, TAKE } from './governor-scripts.js';
import { COMMAND_MS, RedisUnreachable, type RedisLink, type Return, type RunOptions } from './link.js';

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
/** So that processes with requests of the same caller do not always come in the same order. */
const JITTER_MS = 10;
/** A caller who is not named again within this time has gone, or its process has. */
const WAITING_MS = 3 * LONGEST_NAP_MS;
/** As many callers as one process names to Redis at a time. */
const MOST_CALLERS = 32;
/** Puts the turns of a write that follows its read before those of everything else, and those of what can wait behind. */
const DELAY_MS: Readonly<Record<Priority, number>> = { continuation: -1e13, interactive: 0, prefetch: 1e13 };

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
  /** Whose turn it is; without Redis that is for this process to say. */
  caller?: string | undefined;
  /** The day that it was counted in over there; null when it was granted without Redis. */
  day: number | null;
  /** The local grant that it rests on without Redis. */
  ticket?: Ticket;
  /** The slot that was taken along with it, for the write that follows. */
  following?: Slot;
}

/** A slot of what left. */
interface Sent {
  id: string;
  freeAt: number;
}

/**
 * Keeps all processes that use one API key within the key's limits, through Redis. Each process has its own queue, and
 * asks Redis for one slot at a time, for any of the callers in it; Redis says whose turn it is. A slot is held until the
 * request has left, arrived, and is a second old. Without Redis each process sends its part of the budget.
 */
export class SharedGovernor implements Governor {
  readonly #link: RedisLink;
  readonly #perSecond: number;
  readonly #perDay: number;
  readonly #processes: number;
  readonly #clock: Clock;
  readonly #queue = new FairQueue();
  /** What this process may send while there is no Redis. */
  readonly #alone: Governor;
  readonly #me = randomUUID();
  readonly #scripts;
  #number = 0;
  /** Slots are being asked for, one after the other. */
  #isServing = false;
  /** Settles when the write that follows a read has left, or does not come: nothing else goes before it. */
  #followed: Promise<void> = Promise.resolve();
  /** Until when the API refuses everything, by our clock. */
  #spentUntil = 0;
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
    this.#alone = createGovernor({ perSecond: shareOf(perSecond, processes), perDay: 0, clock });
    const script = (name: string, lua: string) => {
      const run = link.script(name, lua);
      return (args: (string | number)[], options?: RunOptions) => run(KEYS, args, options);
    };
    this.#scripts = {
      take: script('governorTake', TAKE),
      sent: script('governorSent', SENT),
      answered: script('governorAnswered', ANSWERED),
      cancel: script('governorCancel', CANCEL),
      spent: script('governorSpent', SPENT),
      state: script('governorState', STATE),
      back: script('governorReturn', RETURN),
    };
    link.join({ returned: (how) => this.#returned(how), beat: () => this.#beat() });
  }

  async acquire(turn: Turn): Promise<Ticket> {
    const now = this.#clock.now();
    throwIfAborted(turn.signal);
    if (this.status().exhausted) throw this.#quotaError();
    const wait = this.#foreseeableWait(turn);
    if (wait > turn.maxWaitMs) throw rateLimitedError(now + wait);
    const ticket = this.#queue.add(turn, now);
    void this.#serve();
    return ticket;
  }

  quotaSpent(sentAt = this.#clock.now()): void {
    this.#refuseAll(sentAt);
    this.#untold = sentAt;
    this.#tellSpent().catch(ignoreOutage);
  }

  status(): GovernorStatus {
    const now = this.#clock.now();
    const isSpent = now < this.#spentUntil;
    return {
      ...dayStatus(this.#perDay, this.#usedToday(), isSpent),
      requestsPerSecond: this.#perSecond,
      resetsAt: new Date(isSpent ? this.#spentUntil : nextMidnight(now)),
      waiting: this.#queue.size,
    };
  }

  /** Requests per second that this process allows itself at present: the key's, or its part without Redis. */
  get pace(): number {
    return this.#link.up ? this.#perSecond : shareOf(this.#perSecond, this.#processes);
  }

  /** Asks for slots for as long as anything waits. */
  async #serve(): Promise<void> {
    if (this.#isServing) return;
    this.#isServing = true;
    try {
      while (this.#queue.size > 0) {
        await this.#followed;
        if (this.#queue.size === 0) break;
        const slot = this.#link.up ? await this.#takeShared() : await this.#takeAlone();
        if (slot) this.#use(slot);
      }
    } catch (error) {
      this.#queue.failAll(() => error as ConstantContactError);
    } finally {
      this.#isServing = false;
    }
  }

  /** Gives the slot to whoever is to have it; those for whom it was taken may have left meanwhile. */
  #use(slot: Slot): void {
    const waiter = this.#queue.next(slot.caller);
    const { following } = slot;
    const isFollowed = waiter?.turn.isFollowed ?? false;
    if (following && !isFollowed) this.#giveBack(following);
    if (!waiter) {
      this.#giveBack(slot);
      return;
    }
    this.#held.set(slot.id, slot);
    const next = following && isFollowed ? this.#holdFor(following) : undefined;
    waiter.grant(this.#ticket(slot, this.#clock.now() - waiter.since, next));
  }

  /** The permit of a write that follows its read. Until it is used, or is not soon, no other is asked for. */
  #holdFor(slot: Slot): Ticket {
    this.#held.set(slot.id, slot);
    const over = new Stop();
    this.#followed = this.#clock.sleep(FOLLOW_MS, over).catch(() => undefined);
    return this.#ticket(slot, 0, undefined, () => {
      over.abort();
    });
  }

  /** One attempt to take a slot from Redis, and the wait after it when there was none; null to try again. */
  async #takeShared(): Promise<Slot | null> {
    const id = this.#nextId();
    const secondId = this.#nextId();
    const { priority, callers } = this.#queue.callers(MOST_CALLERS);
    const suffix = priority === 'interactive' ? '' : ` ${priority}`;
    const args = [
      id,
      this.#perSecond,
      this.#perDay,
      HOLD_MS,
      this.#lastMoment(),
      LIVE_MS,
      QUIET_MS,
      WAITING_MS,
      DELAY_MS[priority],
      secondId,
      ...callers.flatMap(({ caller, requests, isFollowed }) => [
        hashOf(caller) + suffix,
        requests > 1 ? 1 : 0,
        isFollowed ? 2 : 1,
      ]),
    ];
    try {
      const [what, , , detail, turn = 0, slots] = this.#see(await this.#scripts.take(args));
      if (what === 'granted') {
        const slot = { id, day: detail, caller: callers[turn]?.caller };
        return slots === 2 ? { ...slot, following: { id: secondId, day: detail } } : slot;
      }
      if (what === 'spent') throw this.#quotaError(detail - this.#ahead);
      if (what === 'wait') await this.#nap(detail);
      return null;
    } catch (error) {
      if (!(error instanceof RedisUnreachable)) throw error;
      // It may have been granted for all we know.
      for (const one of [id, secondId]) this.#dropped.set(one, this.#today());
      return null;
    }
  }

  /** Waits a moment for a slot that is free after `ms`, and fails those who do not have that long. */
  async #nap(ms: number, off?: Stop): Promise<void> {
    const now = this.#clock.now();
    const nap = Math.min(ms, LONGEST_NAP_MS) + Math.random() * JITTER_MS;
    this.#queue.expire(now + nap, () => rateLimitedError(now + ms));
    if (this.#queue.size > 0) await this.#clock.sleep(nap, off);
  }

  /** A slot of this process's own part; null to try again, as when Redis has come back meanwhile. */
  async #takeAlone(): Promise<Slot | null> {
    const off = new Stop();
    const unlink = off.follow(this.#link.back);
    try {
      const now = this.#clock.now();
      const pause = Math.min(PAUSE_MS, this.#link.since + PAUSE_MS - now);
      if (pause > 0) {
        this.#queue.expire(now + pause, () => rateLimitedError(now + pause));
        await this.#nap(pause, off);
        return null;
      }
      if (this.#partLeft() <= 0) throw this.#quotaError();
      const patience = this.#queue.earliestDeadline - now;
      const isFollowed = (this.#queue.next()?.turn.isFollowed ?? false) && this.#partLeft() > 1;
      const ticket = await this.#alone.acquire({
        signal: off,
        priority: 'interactive',
        maxWaitMs: patience,
        isFollowed,
      });
      const following = ticket.next && { id: this.#nextId(), day: null, ticket: ticket.next };
      return { id: this.#nextId(), day: null, ticket, ...(following && { following }) };
    } catch (error) {
      if (off.aborted) return null;
      const { kind, retryAt } = error as ConstantContactError;
      if (kind !== 'rateLimited') throw error;
      // Whoever has waited longest has run out of time; the others go on.
      this.#queue.expire(this.#queue.earliestDeadline, () => rateLimitedError(retryAt ?? 0));
      return null;
    } finally {
      unlink();
    }
  }

  /** How long a newcomer waits at least, if everybody before them leaves as soon as they may. */
  #foreseeableWait(turn: Turn): number {
    if (this.#perSecond === 0) return 0;
    return Math.floor(this.#queue.before(turn) / this.#perSecond) * (WINDOW_MS + GUARD_MS);
  }

  #nextId(): string {
    return `${this.#me}:${String((this.#number += 1))}`;
  }

  #ticket(slot: Slot, waitedMs: number, next?: Ticket, onUsed?: () => void): Ticket {
    let sentAt = 0;
    const on = {
      sent: () => {
        onUsed?.();
        sentAt = this.#clock.now();
        slot.ticket?.sent();
        this.#leave(slot, sentAt);
      },
      answered: () => {
        slot.ticket?.answered();
        this.#arrive(slot, sentAt);
      },
      cancel: () => {
        onUsed?.();
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
  #see(
    answer: unknown,
  ): [what: string, now: number, used: number, detail: number, turn?: number, slots?: number] {
    const seen = answer as [string, number, number, number, number?, number?];
    const [what, theirs, used, detail] = seen;
    const now = this.#clock.now();
    this.#ahead = theirs - now;
    if (what === 'late') return seen;
    this.#seen = { day: dayOf(theirs), used };
    const isUsedUp = dayStatus(this.#perDay, used, false).exhausted;
    const isSpent = (what === 'ok' && detail > theirs) || (what === 'spent' && !isUsedUp);
    if (isSpent && now >= this.#spentUntil) this.#refuseAll(now);
    return seen;
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

  /** The API said that the day is spent, to a request that left then. */
  #refuseAll(sentAt: number): void {
    const now = this.#clock.now();
    if (dayOf(sentAt) !== dayOf(now)) return;
    this.#spentUntil = spentUntil(now);
    this.#queue.failAll(() => this.#quotaError());
  }

  #quotaError(retryAt = this.status().resetsAt.getTime()): ConstantContactError {
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
