import { abortable, abortedError } from '../abort.js';
import type { Party } from './turn.js';
import { Stop, type Signal } from '../stop.js';

/** A read that several may wait for. */
export interface SharedRead {
  /** Fires when nobody waits for it any more. */
  readonly signal: Signal;
  readonly parties: ReadonlySet<Party>;
  /** When its first request left; undefined before that. */
  sentAt?: () => number | undefined;
  /** Returns true if this caller would have the data sooner by a read of its own. Default: never. */
  isSlowerFor?: (party: Party) => boolean;
}

interface Joiner {
  signal: Signal;
  party: Readonly<Party>;
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
  parties: Set<Party>;
  off: Stop;
}

/** Coalesces identical reads in flight. Their results are shared between callers and must not be changed. */
export class Coalescer {
  /** By their owner and key. */
  #flights = new Map<string, Flight>();

  /**
   * Joins the read of `owner` under this key, or starts one if none is recent enough. Its signal fires only when the last caller has
   * left: each one keeps its own turn and its own longest wait.
   * @throws ConstantContactError `aborted`, as a rejection, as soon as the caller's own signal fires
   */
  run<T>(owner: string, key: string, joiner: Joiner, start: (read: SharedRead) => Promise<T>): Promise<T> {
    const { signal } = joiner;
    if (signal.aborted) return Promise.reject(abortedError(signal));
    const at = `${owner} ${key}`;
    // On Node 20 a new key after a spread makes it slow, so `fail` is there from the start.
    const party: Party = { fail: undefined, ...joiner.party };
    let flight = this.#find(at, joiner);
    if (flight) {
      joiner.onJoin(flight.read.sentAt?.());
      flight.parties.add(party);
    } else {
      flight = this.#start(owner, at, party, start);
    }
    return this.#wait(at, flight, party, signal);
  }

  #wait<T>(at: string, flight: Flight, party: Party, signal: Signal): Promise<T> {
    const leave = (error: Error) => {
      flight.parties.delete(party);
      // Another caller may join at this moment.
      queueMicrotask(() => this.#leave(at, flight, error));
      return error;
    };
    return abortable(
      flight.promise as Promise<T>,
      signal,
      () => leave(abortedError(signal)),
      (fail) => {
        // It refers to the result, and V8 may keep the party until its next full collection.
        party.fail = fail && ((error) => fail(leave(error)));
      },
    );
  }

  #find(at: string, { accepts, party }: Joiner): Flight | undefined {
    const flight = this.#flights.get(at);
    if (flight?.read.isSlowerFor?.(party)) return undefined;
    const sentAt = flight?.read.sentAt?.();
    return sentAt === undefined || accepts(sentAt) ? flight : undefined;
  }

  /** From now on no caller joins reads in flight of `owner`: they may have missed a write that begins or ends now. */
  split(owner: string): void {
    for (const [at, flight] of this.#flights) if (flight.owner === owner) this.#flights.delete(at);
  }

  #start<T>(owner: string, at: string, party: Party, start: (read: SharedRead) => Promise<T>): Flight {
    const off = new Stop();
    const parties = new Set([party]);
    const read: SharedRead = { signal: off, parties };
    const promise = start(read);
    const flight: Flight = { promise, owner, read, parties, off };
    const forget = () => this.#forget(at, flight);
    // Notified first, because nothing else listens yet.
    promise.then(forget, forget);
    this.#flights.set(at, flight);
    return flight;
  }

  #leave(at: string, flight: Flight, reason: Error): void {
    if (flight.parties.size > 0) return;
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
