import { abortedError } from '../abort.js';
import type { ConstantContactError } from '../errors.js';
import type { Signal } from '../stop.js';
import type { Ticket } from './ticket.js';
import type { Priority, Turn } from './turn.js';

/** `paced` is a read that was held back, because its caller is over its share above the pace. */
export type Rank = Priority | 'paced';

const RANKS: Readonly<Record<Rank, number>> = { continuation: 3, interactive: 2, paced: 1, prefetch: 0 };

/** Maximum wait of a mutation that joins a held-back read. */
const RECHECK_MS = 100;

/** A request that waits for a slot. Both of its functions remove it from the queue. */
export interface Waiter {
  readonly turn: Turn;
  readonly since: number;
  /** Earliest time to grant it. */
  readonly heldUntil: number;
  readonly deadline: number;
  grant(ticket: Ticket): void;
  fail(error: ConstantContactError): void;
}

/** A caller with waiting requests. */
export interface WaitingCaller {
  caller: string;
  requests: number;
  /** True if the next one also reserves the slot of the write that follows it. */
  isFollowed: boolean;
  /** True if the next one belongs to a mutation. */
  isForMutation: boolean;
}

/** Requests that wait for a slot. The most urgent go first; within a rank, callers are served by round robin. */
export class FairQueue {
  #waiters: Waiter[] = [];
  /** Callers with waiting requests, in the order in which they are served. */
  #callers: string[] = [];

  get size(): number {
    return this.#waiters.length;
  }

  /** Time at which the first of the waiting requests fails. */
  get earliestDeadline(): number {
    return Math.min(...this.#waiters.map(({ deadline }) => deadline));
  }

  /** Time of the next check of held-back requests: the first may go, or a mutation may have joined one. */
  nextRelease(now: number): number {
    const held = this.#waiters.filter((one) => isHeld(one, now));
    return Math.min(...held.map(({ heldUntil }) => Math.min(heldUntil, now + RECHECK_MS)));
  }

  /**
   * Settles when the request is granted or fails; it fails when its own signal fires.
   * @param heldUntil earliest time to grant it
   */
  add(turn: Turn, now: number, heldUntil = now): Promise<Ticket> {
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
        heldUntil,
        deadline: heldUntil + turn.maxWaitMs,
        grant: (ticket) => {
          // A caller that was served moves to the end.
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
      const onAbort = () => waiter.fail(abortedError(turn.signal as Signal));
      turn.signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiters.push(waiter);
      if (!this.#callers.includes(callerOf(waiter))) this.#callers.push(callerOf(waiter));
    });
  }

  /**
   * The oldest request of the next caller.
   * @param preferred the caller that is served first if it has requests
   */
  next(now: number, preferred?: string): Waiter | undefined {
    const waiting = this.#first(now);
    const order = preferred === undefined ? this.#callers : [preferred, ...this.#callers];
    const caller = order.find((one) => waiting.some(isOf(one)));
    return caller === undefined ? undefined : waiting.find(isOf(caller));
  }

  /** Callers that may be served next, in order. */
  callers(now: number, most: number): { rank: Rank; callers: WaitingCaller[] } {
    const waiting = this.#first(now);
    const counts = new Map<string, number>();
    for (const waiter of waiting) counts.set(callerOf(waiter), (counts.get(callerOf(waiter)) ?? 0) + 1);
    const callers = this.#callers
      .filter((caller) => counts.has(caller))
      .slice(0, most)
      .map((caller) => {
        const { isFollowed = false, isForMutation = false } = waiting.find(isOf(caller))?.turn ?? {};
        return { caller, requests: counts.get(caller) ?? 0, isFollowed, isForMutation };
      });
    const [first] = waiting;
    return { rank: first ? rankOf(first) : 'interactive', callers };
  }

  /** Number of requests that are served before a new one, if no others arrive. */
  before({ priority, caller = '' }: Turn, isPaced = false): number {
    const rank = RANKS[isPaced && priority === 'interactive' ? 'paced' : priority];
    const moreUrgent = this.#waiters.filter((one) => RANKS[rankOf(one)] > rank);
    const sameRank = this.#waiters.filter((one) => RANKS[rankOf(one)] === rank);
    const own = sameRank.filter(isOf(caller)).length;
    const at = this.#callers.indexOf(caller);
    const others = this.#callers.filter((one) => one !== caller);
    const shares = others.map((other, place) => {
      const rounds = at === -1 || place < at ? own + 1 : own;
      return Math.min(rounds, sameRank.filter(isOf(other)).length);
    });
    return moreUrgent.length + own + shares.reduce((sum, one) => sum + one, 0);
  }

  /** Fails the requests whose time is up by then. */
  expire(then: number, errorOf: (waiter: Waiter) => ConstantContactError): void {
    for (const waiter of this.#waiters.filter(({ deadline }) => deadline <= then))
      waiter.fail(errorOf(waiter));
  }

  failAll(errorOf: () => ConstantContactError): void {
    for (const waiter of [...this.#waiters]) waiter.fail(errorOf());
  }

  /** Fails the requests that do not belong to a mutation. */
  failReads(errorOf: () => ConstantContactError): void {
    for (const waiter of this.#waiters.filter(({ turn }) => !turn.isForMutation)) waiter.fail(errorOf());
  }

  /** Most urgent requests that may be served. */
  #first(now: number): readonly Waiter[] {
    const free = this.#waiters.filter((one) => !isHeld(one, now));
    const highest = Math.max(...free.map((one) => RANKS[rankOf(one)]));
    return free.filter((one) => RANKS[rankOf(one)] === highest);
  }
}

function callerOf({ turn }: Waiter): string {
  return turn.caller ?? '';
}

function isOf(caller: string) {
  return (waiter: Waiter): boolean => callerOf(waiter) === caller;
}

/** A mutation may have joined the read in between. */
function isHeld({ turn, heldUntil }: Waiter, now: number): boolean {
  return now < heldUntil && !turn.isForMutation;
}

function rankOf({ turn, since, heldUntil }: Waiter): Rank {
  const isPaced = heldUntil > since && !turn.isForMutation && turn.priority === 'interactive';
  return isPaced ? 'paced' : turn.priority;
}
