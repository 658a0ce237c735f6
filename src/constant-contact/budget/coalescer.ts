import { abortable, abortedError } from '../abort.js';
import type { Priority } from './turn.js';
import { Stop, type Signal } from '../stop.js';

/** How soon a shared read is wanted. It changes while the read waits, when somebody in a hurry joins. */
export interface Urgency {
  priority: Priority;
  /** Whether a mutation waits for it. */
  isForMutation: boolean;
}

/** A read that several may wait for. */
export interface SharedRead {
  /** Fires when nobody waits for it any more. */
  readonly signal: Signal;
  readonly urgency: Urgency;
  /** When its request left; undefined before that. */
  sentAt?: () => number | undefined;
}

interface Joiner {
  signal: Signal;
  urgency: Readonly<Urgency>;
  /** Whether data of a request that left at this time is new enough. */
  accepts: (sentAt: number) => boolean;
  /** Told when the read was already in flight. */
  onJoin: () => void;
}

interface Flight {
  /** Null when it is over. */
  promise: Promise<unknown> | null;
  owner: string;
  read: SharedRead;
  /** Those who wait for it and have not gone. */
  waiting: number;
  off: Stop;
}

/**
 * Makes identical reads that are in flight at the same time one. What they give is shared between callers, so nobody
 * may change it.
 */
export class Coalescer {
  /** By their owner and key. */
  #flights = new Map<string, Flight>();

  /**
   * Joins the read of `owner` under this key, or starts one where there is none that is new enough. It goes on for as long as anybody waits for it; only when
   * the last one has gone is the signal that it was started with fired.
   * @throws ConstantContactError `aborted`, as a rejection, as soon as the caller's own signal fires, whatever the read does
   */
  run<T>(owner: string, key: string, joiner: Joiner, start: (read: SharedRead) => Promise<T>): Promise<T> {
    if (joiner.signal.aborted) return Promise.reject(abortedError(joiner.signal));
    const at = `${owner} ${key}`;
    let flight = this.#find(at, joiner);
    if (flight) {
      const { urgency } = flight.read;
      joiner.onJoin();
      if (joiner.urgency.priority === 'interactive') urgency.priority = 'interactive';
      urgency.isForMutation ||= joiner.urgency.isForMutation;
    } else {
      flight = this.#start(owner, at, { ...joiner.urgency }, start);
    }
    flight.waiting += 1;
    return abortable(flight.promise as Promise<T>, joiner.signal, (signal) => {
      flight.waiting -= 1;
      // Somebody may join in this very moment.
      queueMicrotask(() => {
        this.#leave(at, flight, signal.reason);
      });
      return abortedError(signal);
    });
  }

  /** Whether there is a read of `owner` under this key to join. */
  has(owner: string, key: string, joiner: Joiner): boolean {
    return this.#find(`${owner} ${key}`, joiner) !== undefined;
  }

  #find(at: string, { accepts }: Joiner): Flight | undefined {
    const flight = this.#flights.get(at);
    const sentAt = flight?.read.sentAt?.();
    return sentAt === undefined || accepts(sentAt) ? flight : undefined;
  }

  /** From now on nobody joins what `owner` has in flight: it may not know of a write that begins or ended now. */
  split(owner: string): void {
    for (const [at, flight] of this.#flights) if (flight.owner === owner) this.#flights.delete(at);
  }

  #start<T>(owner: string, at: string, urgency: Urgency, start: (read: SharedRead) => Promise<T>): Flight {
    const off = new Stop();
    const read: SharedRead = { signal: off, urgency };
    const promise = start(read);
    const flight: Flight = { promise, owner, read, waiting: 0, off };
    const forget = () => {
      this.#forget(at, flight);
    };
    // Told first, because nobody else listens yet.
    promise.then(forget, forget);
    this.#flights.set(at, flight);
    return flight;
  }

  #leave(at: string, flight: Flight, reason: Error): void {
    if (flight.waiting > 0) return;
    this.#forget(at, flight);
    flight.off.abort(reason);
  }

  #forget(at: string, flight: Flight): void {
    if (this.#flights.get(at) === flight) this.#flights.delete(at);
    // A map that has become old keeps what its earlier tables had, and the tables, until V8's next full collection.
    if (this.#flights.size === 0) this.#flights = new Map();
    flight.promise = null;
  }
}
