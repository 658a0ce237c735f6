import { randomUUID } from 'node:crypto';
import type { ConstantContactError } from '../errors.js';
import type { Rank } from '../budget/fair-queue.js';
import { FOLLOW_MS, QueueingGovernor, type GovernorOptions } from '../budget/governor.js';
import { LocalGovernor } from '../budget/local-governor.js';
import {
  dayStatus,
  GUARD_MS,
  MAX_TRANSIT_MS,
  MIDNIGHT_GRACE_MS,
  rateLimitedError,
  WINDOW_MS,
} from '../budget/rate.js';
import type { Ticket } from '../budget/ticket.js';
import type { Turn } from '../budget/turn.js';
import { Stop } from '../stop.js';
import { hashOf } from './cipher.js';
import { RECONNECT_MS } from './connect.js';
import { DayCount } from './day-count.js';
import { governorScripts, type GovernorScripts, type BudgetState } from './governor-scripts.js';
import {
  COMMAND_MS,
  nullIfUnreachable,
  RedisUnreachable,
  type RedisLink,
  type Reconnection,
} from './link.js';
import { HOLD_MS, Slots, type Slot } from './slots.js';

/** Nothing is sent without Redis before all requests sent with it have arrived and their second is over. */
const PAUSE_MS = MAX_TRANSIT_MS + WINDOW_MS + GUARD_MS;
/**
 * After an outage nothing is granted until every process had time to connect, and the requests sent without Redis no longer
 * count.
 */
const QUIET_MS = PAUSE_MS + RECONNECT_MS + 500;
/** A grant within this time before the reconnection shows that other processes had Redis during the outage. */
const LIVE_MS = 1_000;
/** A slot may become free sooner than expected, when its response arrives. */
const MAX_SLEEP_MS = 100;
/** Random delay, so that processes with requests of the same caller ask in a varying order. */
const JITTER_MS = 10;
/** A caller that is not named again within this time has left, or its process has died. */
const WAITING_MS = 3 * MAX_SLEEP_MS;
/** Maximum number of callers that one process names to Redis at a time. */
const MAX_CALLERS = 32;
/** Priority of the write that follows its read over all others, and of all others over work that can wait. */
const DELAY_MS: Readonly<Record<Rank, number>> = {
  continuation: -1e13,
  interactive: 0,
  paced: 1e13,
  prefetch: 2e13,
};

/** The limits are those of the key, for all processes together. */
export interface SharedGovernorOptions extends GovernorOptions {
  link: RedisLink;
  /** Maximum number of processes that share the key: without Redis each one uses its share. */
  processes: number;
}

/**
 * Keeps all processes that use one API key within the key's limits, through Redis. Each process has its own queue, and requests
 * one slot at a time from Redis, for any of its callers; Redis decides on the order. A slot is held until the request has left,
 * arrived, and is a second old. Without Redis each process uses its share of the budget.
 */
export class SharedGovernor extends QueueingGovernor {
  readonly #link: RedisLink;
  readonly #processes: number;
  readonly #day: DayCount;
  /** Limits of this process while Redis is unreachable. */
  readonly #localGovernor: LocalGovernor;
  readonly #process = randomUUID();
  readonly #scripts: GovernorScripts;
  readonly #slots: Slots;
  #number = 0;
  /** True while slots are being requested. */
  #isServing = false;
  /** Settles when the write that follows a read has left or was cancelled: it has precedence over all others. */
  #followed: Promise<void> = Promise.resolve();
  #unreportedExhaustion: number | undefined;
  /** Ends the wait of held-back requests when one that is not held back arrives. */
  #wake = new Stop();

  constructor(options: SharedGovernorOptions) {
    super(options);
    const { link, perSecond, perDay, processes, clock } = options;
    this.#link = link;
    this.#processes = processes;
    this.#day = new DayCount(clock);
    this.#localGovernor = new LocalGovernor({ perSecond: shareOf(perSecond, processes), perDay: 0, clock });
    this.#scripts = governorScripts(link);
    this.#slots = new Slots(this.#scripts, clock, (slot) => this.#sent(slot), perDay > 0);
    link.join({ returned: (reconnection) => this.#returned(reconnection), beat: () => this.#beat() });
  }

  async acquire(turn: Turn): Promise<Ticket> {
    const now = this.clock.now();
    const isHeld = this.admit(turn, now);
    const wait = this.#foreseeableWait(turn, isHeld);
    if (wait > turn.maxWaitMs) throw rateLimitedError(now + wait);
    const ticket = this.queue.add(turn);
    if (!isHeld) this.#wake.abort();
    void this.#serve();
    return ticket;
  }

  override quotaSpent(sentAt = this.clock.now()): void {
    super.quotaSpent(sentAt);
    this.#unreportedExhaustion = sentAt;
    this.#tellSpent().catch(nullIfUnreachable);
  }

  protected get used(): number {
    return this.#day.used;
  }

  /** The day of all processes is that of Redis. */
  protected override dayTime(now: number): number {
    return this.#day.toRedisTime(now);
  }

  /** Requests per second that this process may send now: those of the key, or its share without Redis. */
  get requestsPerSecond(): number {
    return this.#link.up ? this.perSecond : shareOf(this.perSecond, this.#processes);
  }

  /** Requests slots while any request waits. */
  async #serve(): Promise<void> {
    if (this.#isServing) return;
    this.#isServing = true;
    try {
      while (this.queue.size > 0) {
        await this.#followed;
        if (this.dayStatus(this.clock.now()).exhausted) throw this.quotaError();
        if (this.pacing.refusesReads(this.#day.used)) this.queue.failReads(() => this.reservedError());
        if (this.queue.size === 0) break;
        if (!this.queue.next()) {
          await this.#sleepUntilRelease();
          continue;
        }
        const slot = this.#link.up ? await this.#takeShared() : await this.#takeLocally();
        if (slot) this.#use(slot);
      }
    } catch (error) {
      this.queue.failAll(() => error as ConstantContactError);
    } finally {
      this.#isServing = false;
    }
  }

  /** Gives the slot to a waiting request; those that it was requested for may have been cancelled. */
  #use(slot: Slot): void {
    const served = this.queue.next(slot.caller);
    const { following } = slot;
    const isFollowed = served?.turn.isFollowed ?? false;
    if (following && !isFollowed) this.#slots.giveBack(following);
    if (!served) {
      this.#slots.giveBack(slot);
      return;
    }
    const { caller, since } = served;
    slot.caller = caller;
    const next = following && isFollowed ? this.#holdFor({ ...following, caller }) : undefined;
    served.grant(this.#slots.ticket(slot, this.clock.now() - since, next));
  }

  /** Permit of a write that follows its read. Until it is used or expires, no other is requested. */
  #holdFor(slot: Slot): Ticket {
    const over = new Stop();
    this.#followed = this.clock.sleep(FOLLOW_MS, over).catch(() => undefined);
    return this.#slots.ticket(slot, 0, undefined, () => over.abort());
  }

  /** One attempt to take a slot from Redis, and the wait after it when there was none; null to try again. */
  async #takeShared(): Promise<Slot | null> {
    const id = this.#nextId();
    const secondId = this.#nextId();
    const { rank, callers } = this.queue.callers(MAX_CALLERS);
    const args = [
      id,
      this.perSecond,
      this.perDay,
      HOLD_MS,
      this.#lastMoment(),
      LIVE_MS,
      QUIET_MS,
      WAITING_MS,
      DELAY_MS[rank],
      secondId,
      this.pacing.unreserved,
      rank === 'interactive' ? '' : ` ${rank}`,
      ...this.#day.known,
      ...callers.flatMap(({ caller, requests, isFollowed, isForMutation }) => [
        hashOf(caller),
        requests > 1 ? 1 : 0,
        isFollowed ? 2 : 1,
        isForMutation ? 1 : 0,
      ]),
    ];
    try {
      const answer = this.#readState(await this.#scripts.take(args));
      const [status, , , detail, , turn = 0, slots, requests = 0, others = 0] = answer;
      if (status === 'granted') {
        const { caller = '' } = callers[turn] ?? {};
        this.pacing.learn(caller, requests, others, this.#day.now);
        const following = slots === 2 ? { id: secondId, day: detail } : undefined;
        return { id, day: detail, caller, following };
      }
      if (status === 'spent') throw this.quotaError(detail);
      if (status === 'wait') await this.#sleep(detail);
      return null;
    } catch (error) {
      if (!(error instanceof RedisUnreachable)) throw error;
      // It may have been granted, because the response is unknown.
      for (const one of [id, secondId]) this.#slots.drop(one, this.#day.today);
      return null;
    }
  }

  /** Waits for a slot that is free after `ms`, and fails requests whose time is up before. */
  async #sleep(ms: number, off?: Stop): Promise<void> {
    const now = this.clock.now();
    const sleepMs = Math.min(ms, MAX_SLEEP_MS) + Math.random() * JITTER_MS;
    this.queue.expire(now + sleepMs, () => rateLimitedError(now + ms));
    if (this.queue.size > 0) await this.clock.sleep(sleepMs, off);
  }

  /** Waits for the first held-back request, unless one that is not held back arrives. */
  async #sleepUntilRelease(): Promise<void> {
    const now = this.clock.now();
    this.#wake = new Stop();
    await this.clock.sleep(this.queue.nextRelease() - now, this.#wake).catch(() => undefined);
  }

  /** Takes a slot of this process's own share; null to try again, for example when Redis is reachable again. */
  async #takeLocally(): Promise<Slot | null> {
    const off = new Stop();
    const unlink = off.follow(this.#link.back);
    try {
      const now = this.clock.now();
      const pause = Math.min(PAUSE_MS, this.#link.since + PAUSE_MS - now);
      if (pause > 0) {
        this.queue.expire(now + pause, () => rateLimitedError(now + pause));
        await this.#sleep(pause, off);
        return null;
      }
      if (this.#partLeft(this.perDay) <= 0) throw this.quotaError();
      if (this.#partLeft(this.pacing.unreserved) <= 0) {
        this.queue.failReads(() => this.reservedError());
        if (!this.queue.next()) return null;
      }
      const patience = this.queue.earliestDeadline - now;
      const isFollowed = (this.queue.next()?.turn.isFollowed ?? false) && this.#partLeft(this.perDay) > 1;
      const ticket = await this.#localGovernor.acquire({
        signal: off,
        priority: 'interactive',
        maxWaitMs: patience,
        isFollowed,
      });
      const following = ticket.next && { id: this.#nextId(), day: null, ticket: ticket.next };
      return { id: this.#nextId(), day: null, ticket, following };
    } catch (error) {
      if (off.aborted) return null;
      const { kind, retryAt } = error as ConstantContactError;
      if (kind !== 'rateLimited') throw error;
      // The request that waited longest has timed out; the others continue.
      this.queue.expire(this.queue.earliestDeadline, () => rateLimitedError(retryAt ?? 0));
      return null;
    } finally {
      unlink();
    }
  }

  /** Minimum wait of a new request, if every request before it leaves as soon as it may. */
  #foreseeableWait(turn: Turn, isPaced: boolean): number {
    if (this.perSecond === 0) return 0;
    return Math.floor(this.queue.before(turn, isPaced) / this.perSecond) * (WINDOW_MS + GUARD_MS);
  }

  #nextId(): string {
    return `${this.#process}:${String((this.#number += 1))}`;
  }

  /** Counts requests sent without Redis until they can be reported to it. */
  #sent({ day, caller }: Slot): void {
    if (day !== null) return;
    this.#day.notCounted(this.#day.today, 1);
    this.pacing.sent(caller, this.#day.now);
    this.pacing.note(this.#day.now, this.#day.used);
  }

  async #tellSpent(): Promise<void> {
    if (this.#unreportedExhaustion === undefined) return;
    const sentAt = this.#unreportedExhaustion;
    await this.#scripts.spent([this.clock.now() - sentAt, MIDNIGHT_GRACE_MS], { anyway: true });
    if (this.#unreportedExhaustion === sentAt) this.#unreportedExhaustion = undefined;
  }

  async #returned(reconnection: Reconnection): Promise<void> {
    this.#readState(await this.#scripts.state(['inf', '[]', ...this.#day.known], { anyway: true }));
    const { dropped, kept } = this.#slots;
    const args = [
      this.#lastMoment(),
      reconnection.run,
      reconnection.outageMs,
      QUIET_MS,
      PAUSE_MS,
      ...this.#day.known.slice(1),
      JSON.stringify(dropped),
      JSON.stringify(kept),
    ];
    const [status] = this.#readState(await this.#scripts.back(args, { anyway: true }));
    if (status !== 'ok') throw new RedisUnreachable('Redis responded too late.');
    this.#slots.forget(dropped);
    await this.#beat();
  }

  /** Reports uncounted requests, and reads those of the other processes. */
  async #beat(): Promise<void> {
    await this.#tellSpent();
    const counts = this.#day.unreported;
    const args = [this.#lastMoment(), JSON.stringify(counts), ...this.#day.known];
    const [status] = this.#readState(await this.#scripts.state(args, { anyway: true }));
    if (status === 'ok') for (const [day, n] of counts) this.#day.notCounted(day, -n);
  }

  /** Reads a response: the clock of Redis, the number of requests used, and an exhausted quota. */
  #readState(answer: unknown): BudgetState {
    const state = answer as BudgetState;
    const [status, redisTime, used, detail, run] = state;
    this.#day.setReported(redisTime, used, status === 'late' ? undefined : run);
    if (status === 'late') return state;
    this.pacing.note(redisTime, this.#day.used);
    const isUsedUp = status === 'spent' && dayStatus(this.perDay, used, false).exhausted;
    // A refusal that Redis does not know of yet stays.
    if (isUsedUp || this.#unreportedExhaustion !== undefined) return state;
    this.refuseUntil(status === 'ok' || status === 'spent' ? detail : 0);
    return state;
  }

  /** Number of requests that this process may still send without Redis, of so many in the day. */
  #partLeft(ofDay: number): number {
    if (this.perDay === 0) return Infinity;
    const part = Math.floor(Math.max(0, ofDay - this.#day.counted) / this.#processes);
    return part - this.#day.uncounted - this.#slots.heldLocally;
  }

  /** Time by the clock of Redis from which a response to a command sent now would be too late. */
  #lastMoment(): number {
    return Math.round(this.#day.now + COMMAND_MS);
  }
}

/** Share of one process in a limit while it cannot know the usage of the others; at least 1, unless there is no limit. */
function shareOf(limit: number, processes: number): number {
  return limit === 0 ? 0 : Math.max(1, Math.floor(limit / processes));
}
