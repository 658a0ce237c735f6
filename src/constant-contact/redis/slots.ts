import type { Clock } from '../clock.js';
import { freeAt } from '../budget/rate.js';
import { createTicket, type Ticket } from '../budget/ticket.js';
import { hashOf } from './cipher.js';
import type { GovernorScripts } from './governor-scripts.js';
import { nullIfUnreachable } from './link.js';

/** A slot whose process died before using it is free after this time. Every attempt ends sooner. */
export const HOLD_MS = 45_000;

/** A slot of the second. */
export interface Slot {
  id: string;
  /** Caller of the request; without Redis, this process decides. */
  caller?: string | undefined;
  /** Day in which Redis counted it; null when it was granted without Redis. */
  day: number | null;
  /** The local permit that replaces it without Redis. */
  ticket?: Ticket;
  /** The slot for the write that follows, taken at the same time. */
  following?: Slot;
}

/** A slot of what left. */
interface Sent {
  id: string;
  freeAt: number;
}

/** The slots that this process has taken, and their state. Reports it to Redis, and remembers what Redis has missed. */
export class Slots {
  /** Taken and not yet used. */
  readonly #held = new Map<string, Slot>();
  /** Requests sent in the last moments. */
  #departures: Sent[] = [];
  /** Slots that Redis may still count as ours, with the day to give back or -1. */
  readonly #dropped = new Map<string, number>();

  /**
   * @param onSent called when a request leaves
   * @param countsCallers true if Redis counts the requests of each caller
   */
  constructor(
    private readonly scripts: GovernorScripts,
    private readonly clock: Clock,
    private readonly onSent: (slot: Slot) => void,
    private readonly countsCallers: boolean,
  ) {}

  /** Number of slots granted without Redis and still held. */
  get heldLocally(): number {
    return [...this.#held.values()].filter(({ day }) => day === null).length;
  }

  /** Holds a slot until its permit is used. */
  ticket(slot: Slot, waitedMs: number, next?: Ticket, onUsed?: () => void): Ticket {
    this.#held.set(slot.id, slot);
    let sentAt = 0;
    const on = {
      sent: () => {
        onUsed?.();
        sentAt = this.clock.now();
        slot.ticket?.sent();
        this.#leave(slot, sentAt);
      },
      answered: () => {
        slot.ticket?.answered();
        this.#arrive(slot, sentAt);
      },
      cancel: () => {
        onUsed?.();
        this.giveBack(slot);
      },
    };
    return createTicket(waitedMs, on, next);
  }

  giveBack(slot: Slot): void {
    this.#held.delete(slot.id);
    slot.ticket?.cancel();
    const { id } = slot;
    const day = slot.day ?? -1;
    this.scripts.cancel([id, day]).catch((error: unknown) => {
      nullIfUnreachable(error);
      // Redis forgets a slot that it did not grant by itself, and an outage can be long.
      if (slot.day !== null) this.drop(id, day);
    });
  }

  /** Remembers a slot that Redis may count as ours. @param day that it was counted in, or -1 */
  drop(id: string, day: number): void {
    this.#dropped.set(id, day);
  }

  /** Slots for Redis to release after an outage, with the day to give back or -1. */
  get dropped(): readonly [id: string, day: number][] {
    return [...this.#dropped];
  }

  /** Redis has released them. */
  forget(dropped: readonly [id: string, day: number][]): void {
    for (const [id] of dropped) this.#dropped.delete(id);
  }

  /** Slots for Redis to hold after an outage, with their time in milliseconds. */
  get kept(): readonly [id: string, ms: number][] {
    const now = this.clock.now();
    return [
      ...[...this.#held.keys()].map((id): [string, number] => [id, HOLD_MS]),
      ...this.#departures.map(({ id, freeAt }): [string, number] => [id, freeAt - now]),
    ].filter(([, ms]) => ms > 0);
  }

  #leave(slot: Slot, now: number): void {
    this.#held.delete(slot.id);
    const sent = { id: slot.id, freeAt: freeAt({ at: now }) };
    this.#departures = this.#departures.filter((other) => other.freeAt > now);
    this.#departures.push(sent);
    this.onSent(slot);
    const counted = slot.day !== null && this.countsCallers ? [slot.day, hashOf(slot.caller ?? '')] : [];
    this.scripts.sent([slot.id, sent.freeAt - now, ...counted], { anyway: true }).catch((error: unknown) => {
      nullIfUnreachable(error);
      if (slot.day !== null) this.drop(slot.id, -1);
    });
  }

  #arrive(slot: Slot, sentAt: number): void {
    const now = this.clock.now();
    const free = freeAt({ at: sentAt, arrivedBy: now });
    const sent = this.#departures.find(({ id }) => id === slot.id);
    if (!sent || free >= sent.freeAt) return;
    sent.freeAt = free;
    this.scripts.answered([slot.id, free - now], { anyway: true }).catch(nullIfUnreachable);
  }
}
