import { abortable, throwIfAborted } from './abort.js';
import type { Priority } from './governor.js';
import { Stop, type Signal } from './stop.js';

/** How soon a shared read is wanted. It changes while the read waits, when somebody in a hurry joins. */
export interface Urgency {
  priority: Priority;
}

export interface Joiner {
  signal: Signal;
  priority: Priority;
  /** Told when the read was already under way. */
  onJoin: () => void;
}

interface Flight {
  promise: Promise<unknown>;
  urgency: Urgency;
  waiting: number;
  off: Stop;
}

/**
 * Makes identical reads that are under way at the same time one. What they give is shared between callers, so nobody
 * may change it.
 */
export class Coalescer {
  readonly #flights = new Map<string, Map<string, Flight>>();

  /**
   * Joins the read of `owner` under this key, or starts it. It goes on for as long as anybody waits for it; only when
   * the last one has gone is the signal that it was started with fired.
   * @throws ConstantContactError `aborted` as soon as the caller's own signal fires, whatever the read does
   */
  async run<T>(
    owner: string,
    key: string,
    joiner: Joiner,
    start: (signal: Signal, urgency: Urgency) => Promise<T>,
  ): Promise<T> {
    throwIfAborted(joiner.signal);
    let flight = this.#flights.get(owner)?.get(key);
    if (flight) {
      joiner.onJoin();
      if (joiner.priority === 'interactive') flight.urgency.priority = 'interactive';
    } else {
      flight = this.#start(owner, key, joiner.priority, start);
    }
    flight.waiting += 1;
    try {
      return (await abortable(flight.promise, joiner.signal)) as T;
    } finally {
      flight.waiting -= 1;
      if (flight.waiting === 0 && joiner.signal.aborted) {
        this.#forget(owner, key, flight);
        flight.off.abort(joiner.signal.reason);
      }
    }
  }

  /** From now on nobody joins what `owner` has under way: it may not know of a write that begins or ended now. */
  split(owner: string): void {
    this.#flights.delete(owner);
  }

  #start<T>(
    owner: string,
    key: string,
    priority: Priority,
    start: (signal: Signal, urgency: Urgency) => Promise<T>,
  ): Flight {
    const off = new Stop();
    const urgency = { priority };
    const flight: Flight = { promise: Promise.resolve(), urgency, waiting: 0, off };
    const forget = () => {
      this.#forget(owner, key, flight);
    };
    flight.promise = start(off, urgency);
    // Told first, because nobody else listens yet.
    flight.promise.then(forget, forget);
    const flights = this.#flights.get(owner) ?? new Map<string, Flight>();
    this.#flights.set(owner, flights.set(key, flight));
    return flight;
  }

  #forget(owner: string, key: string, flight: Flight): void {
    const flights = this.#flights.get(owner);
    if (flights?.get(key) !== flight) return;
    flights.delete(key);
    if (flights.size === 0) this.#flights.delete(owner);
  }
}
