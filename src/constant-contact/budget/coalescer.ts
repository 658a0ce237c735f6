import { abortable, abortedError } from '../abort.js';
import type { Priority } from './turn.js';
import { Stop, type Signal } from '../stop.js';

/** Urgency of a shared read. It changes while the read waits, when a more urgent caller joins. */
export interface Urgency {
  priority: Priority;
  /** True if a mutation waits for it. */
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
  /** True if data of a request that was sent at this time is recent enough. */
  accepts: (sentAt: number) => boolean;
  /** Called when the read was already in flight, with the time at which its request left, if it has. */
  onJoin: (sentAt: number | undefined) => void;
}

interface Flight {
  /** Null when it is over. */
  promise: Promise<unknown> | null;
  owner: string;
  read: SharedRead;
  /** Number of callers that wait for it and have not cancelled. */
  waiting: number;
  off: Stop;
}

/** Coalesces identical reads in flight. Their results are shared between callers and must not be changed. */
export class Coalescer {
  /** By their owner and key. */
  #flights = new Map<string, Flight>();

  /**
   * Joins the read of `owner` under this key, or starts one if none is recent enough. Its signal fires only when the last caller has
   * cancelled.
   * @throws ConstantContactError `aborted`, as a rejection, as soon as the caller's own signal fires
   */
  run<T>(owner: string, key: string, joiner: Joiner, start: (read: SharedRead) => Promise<T>): Promise<T> {
    if (joiner.signal.aborted) return Promise.reject(abortedError(joiner.signal));
    const at = `${owner} ${key}`;
    let flight = this.#find(at, joiner);
    if (flight) {
      const { urgency } = flight.read;
      joiner.onJoin(flight.read.sentAt?.());
      if (joiner.urgency.priority === 'interactive') urgency.priority = 'interactive';
      urgency.isForMutation ||= joiner.urgency.isForMutation;
    } else {
      flight = this.#start(owner, at, { ...joiner.urgency }, start);
    }
    flight.waiting += 1;
    return abortable(flight.promise as Promise<T>, joiner.signal, (signal) => {
      flight.waiting -= 1;
      // Another caller may join at this moment.
      queueMicrotask(() => this.#leave(at, flight, signal.reason));
      return abortedError(signal);
    });
  }

  #find(at: string, { accepts }: Joiner): Flight | undefined {
    const flight = this.#flights.get(at);
    const sentAt = flight?.read.sentAt?.();
    return sentAt === undefined || accepts(sentAt) ? flight : undefined;
  }

  /** From now on no caller joins reads in flight of `owner`: they may have missed a write that begins or ends now. */
  split(owner: string): void {
    for (const [at, flight] of this.#flights) if (flight.owner === owner) this.#flights.delete(at);
  }

  #start<T>(owner: string, at: string, urgency: Urgency, start: (read: SharedRead) => Promise<T>): Flight {
    const off = new Stop();
    const read: SharedRead = { signal: off, urgency };
    const promise = start(read);
    const flight: Flight = { promise, owner, read, waiting: 0, off };
    const forget = () => this.#forget(at, flight);
    // Notified first, because nothing else listens yet.
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
    // An old map keeps its earlier tables and their values until V8's next full collection.
    if (this.#flights.size === 0) this.#flights = new Map();
    flight.promise = null;
  }
}
