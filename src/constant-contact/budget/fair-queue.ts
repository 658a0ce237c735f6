import { abortedError } from '../abort.js';
import type { ConstantContactError } from '../errors.js';
import type { Signal } from '../stop.js';
import type { Ticket } from './ticket.js';
import type { Turn } from './turn.js';

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
}

/** The requests that wait for a slot. What is interactive goes first; within that, callers take turns. */
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
   * The oldest request of the caller whose turn it is, who has had it then.
   * @param preferred the caller who goes first if there is something of theirs
   */
  next(preferred?: string): Waiter | undefined {
    const waiting = this.#first();
    const order = preferred === undefined ? this.#callers : [preferred, ...this.#callers];
    const caller = order.find((one) => waiting.some(isOf(one)));
    if (caller === undefined) return undefined;
    this.#callers = [...this.#callers.filter((one) => one !== caller), caller];
    return waiting.find(isOf(caller));
  }

  /** Who may go next, in the order of their turns. */
  callers(most: number): { isInteractive: boolean; callers: WaitingCaller[] } {
    const waiting = this.#first();
    const counts = new Map<string, number>();
    for (const waiter of waiting) counts.set(callerOf(waiter), (counts.get(callerOf(waiter)) ?? 0) + 1);
    const callers = this.#callers
      .filter((caller) => counts.has(caller))
      .slice(0, most)
      .map((caller) => ({ caller, requests: counts.get(caller) ?? 0 }));
    return { isInteractive: waiting.some(isInteractive), callers };
  }

  /** How many go before a newcomer, if nobody else comes. */
  before({ priority, caller = '' }: Turn): number {
    const hurried = this.#waiters.filter(isInteractive);
    const rivals = priority === 'interactive' ? hurried : this.#waiters.filter((one) => !isInteractive(one));
    const own = rivals.filter(isOf(caller)).length;
    const at = this.#callers.indexOf(caller);
    const others = this.#callers.filter((one) => one !== caller);
    const shares = others.map((other, place) => {
      const rounds = at === -1 || place < at ? own + 1 : own;
      return Math.min(rounds, rivals.filter(isOf(other)).length);
    });
    return (
      (priority === 'interactive' ? 0 : hurried.length) + own + shares.reduce((sum, one) => sum + one, 0)
    );
  }

  /** Fails those whose time is up by then. */
  expire(then: number, errorOf: (waiter: Waiter) => ConstantContactError): void {
    for (const waiter of this.#waiters.filter(({ deadline }) => deadline <= then))
      waiter.fail(errorOf(waiter));
  }

  failAll(errorOf: () => ConstantContactError): void {
    for (const waiter of [...this.#waiters]) waiter.fail(errorOf());
  }

  /** What is interactive, or everything where nothing is. */
  #first(): readonly Waiter[] {
    const hurried = this.#waiters.filter(isInteractive);
    return hurried.length > 0 ? hurried : this.#waiters;
  }
}

function callerOf({ turn }: Waiter): string {
  return turn.caller ?? '';
}

function isOf(caller: string) {
  return (waiter: Waiter): boolean => callerOf(waiter) === caller;
}

function isInteractive({ turn }: Waiter): boolean {
  return turn.priority === 'interactive';
}
