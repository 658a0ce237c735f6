import { abortedError } from '../abort.js';
import type { ConstantContactError } from '../errors.js';
import type { Signal } from '../stop.js';
import type { Ticket } from './ticket.js';
import type { Priority, Turn } from './turn.js';

const RANKS: Readonly<Record<Priority, number>> = { continuation: 2, interactive: 1, prefetch: 0 };

/** A request that waits for a slot. Both of its functions take it out of the queue. */
export interface Waiter {
  readonly turn: Turn;
  readonly since: number;
  readonly deadline: number;
  grant(ticket: Ticket): void;
  fail(error: ConstantContactError): void;
}

/** Somebody whose requests wait. */
export interface WaitingCaller {
  caller: string;
  requests: number;
  /** Whether the next of them wants the slot of a write along with its own. */
  isFollowed: boolean;
}

/** The requests that wait for a slot. What is most urgent goes first; within that, callers take turns. */
export class FairQueue {
  #waiters: Waiter[] = [];
  /** Those who have something waiting, in the order in which they are served next. */
  #callers: string[] = [];

  get size(): number {
    return this.#waiters.length;
  }

  /** When the first of the waiting has waited long enough. */
  get earliestDeadline(): number {
    return Math.min(...this.#waiters.map(({ deadline }) => deadline));
  }

  /** Settles when the request is granted or fails; it fails by itself when its signal fires. */
  add(turn: Turn, now: number): Promise<Ticket> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        turn.signal?.removeEventListener('abort', onAbort);
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        if (!this.#waiters.some(isOf(callerOf(waiter))))
          this.#callers = this.#callers.filter((one) => one !== callerOf(waiter));
      };
      const waiter: Waiter = {
        turn,
        since: now,
        deadline: now + turn.maxWaitMs,
        grant: (ticket) => {
          // Whoever had a turn comes after the others.
          const caller = callerOf(waiter);
          this.#callers = [...this.#callers.filter((one) => one !== caller), caller];
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
      this.#waiters.push(waiter);
      if (!this.#callers.includes(callerOf(waiter))) this.#callers.push(callerOf(waiter));
    });
  }

  /**
   * The oldest request of the caller whose turn it is.
   * @param preferred the caller who goes first if there is something of theirs
   */
  next(preferred?: string): Waiter | undefined {
    const waiting = this.#first();
    const order = preferred === undefined ? this.#callers : [preferred, ...this.#callers];
    const caller = order.find((one) => waiting.some(isOf(one)));
    return caller === undefined ? undefined : waiting.find(isOf(caller));
  }

  /** Who may go next, in the order of their turns. */
  callers(most: number): { priority: Priority; callers: WaitingCaller[] } {
    const waiting = this.#first();
    const counts = new Map<string, number>();
    for (const waiter of waiting) counts.set(callerOf(waiter), (counts.get(callerOf(waiter)) ?? 0) + 1);
    const callers = this.#callers
      .filter((caller) => counts.has(caller))
      .slice(0, most)
      .map((caller) => ({
        caller,
        requests: counts.get(caller) ?? 0,
        isFollowed: waiting.find(isOf(caller))?.turn.isFollowed ?? false,
      }));
    return { priority: waiting[0]?.turn.priority ?? 'interactive', callers };
  }

  /** How many go before a newcomer, if nobody else comes. */
  before({ priority, caller = '' }: Turn): number {
    const rank = RANKS[priority];
    const hurried = this.#waiters.filter((one) => rankOf(one) > rank);
    const rivals = this.#waiters.filter((one) => rankOf(one) === rank);
    const own = rivals.filter(isOf(caller)).length;
    const at = this.#callers.indexOf(caller);
    const others = this.#callers.filter((one) => one !== caller);
    const shares = others.map((other, place) => {
      const rounds = at === -1 || place < at ? own + 1 : own;
      return Math.min(rounds, rivals.filter(isOf(other)).length);
    });
    return hurried.length + own + shares.reduce((sum, one) => sum + one, 0);
  }

  /** Fails those whose time is up by then. */
  expire(then: number, errorOf: (waiter: Waiter) => ConstantContactError): void {
    for (const waiter of this.#waiters.filter(({ deadline }) => deadline <= then))
      waiter.fail(errorOf(waiter));
  }

  failAll(errorOf: () => ConstantContactError): void {
    for (const waiter of [...this.#waiters]) waiter.fail(errorOf());
  }

  /** What is most urgent. */
  #first(): readonly Waiter[] {
    const highest = Math.max(...this.#waiters.map(rankOf));
    return this.#waiters.filter((one) => rankOf(one) === highest);
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
