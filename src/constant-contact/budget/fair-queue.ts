import { abortedError } from '../abort.js';
import type { Clock } from '../clock.js';
import type { ConstantContactError } from '../errors.js';
import type { Signal } from '../stop.js';
import type { Ticket } from './ticket.js';
import type { Party, Priority, Turn } from './turn.js';

/** `paced` is a read that was held back, because its caller is over its share above the pace. */
export type Rank = Priority | 'paced';

const RANKS: Readonly<Record<Rank, number>> = { continuation: 3, interactive: 2, paced: 1, prefetch: 0 };

/** Maximum wait of a more urgent party that joins a held-back read. */
const RECHECK_MS = 100;

/** A request that waits for a slot. Both of its functions remove it from the queue. */
interface Waiter {
  readonly turn: Turn;
  readonly since: number;
  /** The places of those who wait for it. */
  places: readonly Place[];
  grant(ticket: Ticket, caller: string): void;
  fail(error: ConstantContactError): void;
}

/** The place of one party in the queue. */
interface Place {
  readonly waiter: Waiter;
  readonly party: Party;
  readonly caller: string;
  readonly since: number;
  /** Earliest time to grant it. */
  readonly heldUntil: number;
  readonly deadline: number;
}

/** The request that is served next, for this caller. */
export interface Next {
  readonly turn: Turn;
  readonly caller: string;
  readonly since: number;
  grant(ticket: Ticket): void;
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

/**
 * Requests that wait for a slot. The most urgent go first; within a rank, callers are served by round robin. Each party of a request
 * has its own place and its own deadline.
 */
export class FairQueue {
  readonly #clock: Clock;
  readonly #holdMs: (party: Party, now: number) => number;
  #waiters: Waiter[] = [];
  /** Callers with waiting requests, in the order in which they are served. */
  #callers: string[] = [];

  /** @param holdMs time for which a read of this party is held back */
  constructor(clock: Clock, holdMs: (party: Party, now: number) => number) {
    this.#clock = clock;
    this.#holdMs = holdMs;
  }

  get size(): number {
    return this.#waiters.length;
  }

  /** Time at which the first of the waiting parties fails. */
  get earliestDeadline(): number {
    return Math.min(...this.#places().map(({ deadline }) => deadline));
  }

  /** Time of the next check of held-back requests: the first may go, or a more urgent party may have joined one. */
  nextRelease(): number {
    const now = this.#clock.now();
    const held = this.#places().filter((one) => isHeld(one, now));
    return Math.min(...held.map(({ heldUntil }) => Math.min(heldUntil, now + RECHECK_MS)));
  }

  /** Settles when the request is granted or fails; it fails when its own signal fires. */
  add(turn: Turn): Promise<Ticket> {
    // Callers that have left lose their place in the order.
    this.#places();
    return new Promise((resolve, reject) => {
      const leave = () => {
        turn.signal?.removeEventListener('abort', onAbort);
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
      };
      const waiter: Waiter = {
        turn,
        since: this.#clock.now(),
        places: [],
        grant: (ticket, caller) => {
          // A caller that was served moves to the end.
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
      this.#places();
    });
  }

  /**
   * The oldest request of the next caller.
   * @param preferred the caller that is served first if it has requests
   */
  next(preferred?: string): Next | undefined {
    const waiting = this.#first();
    const order = preferred === undefined ? this.#callers : [preferred, ...this.#callers];
    const caller = order.find((one) => waiting.some(isOf(one)));
    const place = caller === undefined ? undefined : waiting.find(isOf(caller));
    if (!place) return undefined;
    const { turn, since, grant } = place.waiter;
    return { turn, since, caller: place.caller, grant: (ticket) => grant(ticket, place.caller) };
  }

  /** Callers that may be served next, in order. */
  callers(most: number): { rank: Rank; callers: WaitingCaller[] } {
    const waiting = this.#first();
    const counts = new Map<string, number>();
    for (const { caller } of waiting) counts.set(caller, (counts.get(caller) ?? 0) + 1);
    const callers = this.#callers
      .filter((caller) => counts.has(caller))
      .slice(0, most)
      .map((caller) => {
        const waiter = waiting.find(isOf(caller))?.waiter;
        return {
          caller,
          requests: counts.get(caller) ?? 0,
          isFollowed: waiter?.turn.isFollowed ?? false,
          isForMutation: waiter !== undefined && isForMutation(waiter),
        };
      });
    const [first] = waiting;
    return { rank: first ? rankOf(first) : 'interactive', callers };
  }

  /** Number of requests that are served before a new one, if no others arrive. */
  before({ priority, caller = '' }: Turn, isPaced = false): number {
    const rank = RANKS[isPaced && priority === 'interactive' ? 'paced' : priority];
    this.#places();
    const heads = this.#waiters.flatMap(({ places }) => mostUrgent(places).slice(0, 1));
    const moreUrgent = heads.filter((one) => RANKS[rankOf(one)] > rank);
    const sameRank = heads.filter((one) => RANKS[rankOf(one)] === rank);
    const own = sameRank.filter(isOf(caller)).length;
    const at = this.#callers.indexOf(caller);
    const others = this.#callers.filter((one) => one !== caller);
    const shares = others.map((other, place) => {
      const rounds = at === -1 || place < at ? own + 1 : own;
      return Math.min(rounds, sameRank.filter(isOf(other)).length);
    });
    return moreUrgent.length + own + shares.reduce((sum, one) => sum + one, 0);
  }

  /** Fails the parties whose time is up by then, and requests that nobody waits for any more. */
  expire(then: number, errorOf: (turn: Turn) => ConstantContactError): void {
    for (const { waiter, party } of this.#places().filter(({ deadline }) => deadline <= then)) {
      const error = errorOf(waiter.turn);
      waiter.places = waiter.places.filter((one) => one.party !== party);
      if (waiter.places.length === 0) waiter.fail(error);
      else party.fail?.(error);
    }
  }

  failAll(errorOf: () => ConstantContactError): void {
    for (const waiter of [...this.#waiters]) waiter.fail(errorOf());
  }

  /** Fails the requests that do not belong to a mutation. */
  failReads(errorOf: () => ConstantContactError): void {
    this.#places();
    for (const waiter of this.#waiters.filter((one) => !isForMutation(one))) waiter.fail(errorOf());
  }

  /** Most urgent places that may be served. */
  #first(): readonly Place[] {
    const now = this.#clock.now();
    return mostUrgent(this.#places().filter((one) => !isHeld(one, now)));
  }

  /** The places of all who wait now, and the callers in their order. */
  #places(): readonly Place[] {
    for (const waiter of this.#waiters) {
      const { turn, places } = waiter;
      const parties: readonly Party[] = turn.parties ? [...turn.parties] : [turn];
      if (parties.length === places.length && places.every(({ party }, at) => party === parties[at]))
        continue;
      waiter.places = parties.map(
        (party) => places.find((one) => one.party === party) ?? this.#placeOf(waiter, party),
      );
    }
    const all = this.#waiters.flatMap(({ places }) => places);
    const waiting = new Set(all.map(({ caller }) => caller));
    const known = this.#callers.filter((caller) => waiting.delete(caller));
    this.#callers = [...known, ...waiting];
    return all;
  }

  #placeOf(waiter: Waiter, party: Party): Place {
    const since = Math.max(waiter.since, party.since ?? 0);
    const heldUntil = since + this.#holdMs(party, this.#clock.now());
    const deadline = heldUntil + waiter.turn.maxWaitMs;
    return { waiter, party, caller: party.caller ?? '', since, heldUntil, deadline };
  }
}

function isOf(caller: string) {
  return (place: Place): boolean => place.caller === caller;
}

function mostUrgent(places: readonly Place[]): readonly Place[] {
  const highest = Math.max(...places.map((one) => RANKS[rankOf(one)]));
  return places.filter((one) => RANKS[rankOf(one)] === highest);
}

function isForMutation({ places }: Waiter): boolean {
  return places.some(({ party }) => party.isForMutation);
}

function isHeld({ party, heldUntil }: Place, now: number): boolean {
  return now < heldUntil && !party.isForMutation;
}

function rankOf({ party: { priority, isForMutation = false }, since, heldUntil }: Place): Rank {
  const isPaced = heldUntil > since && !isForMutation && priority === 'interactive';
  return isPaced ? 'paced' : priority;
}
