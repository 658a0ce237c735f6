import { abortable, abortedError } from '../abort.js';
import type { Ticket } from '../budget/ticket.js';
import type { Clock } from '../clock.js';
import type { OperationId } from '../contract/operations.js';
import { ConstantContactError } from '../errors.js';
import type { WireRequest } from '../http/transport.js';
import type { Signal } from '../stop.js';
import type { Held, Moment, ObjectLocks } from './object-locks.js';

/** A write based on an older read may undo changes made since. */
const MAX_READ_AGE_MS = 2_000;
/** Maximum number of reads of an object for one write: a retry waits at most five times, and other writes can precede it. */
const MAX_READS = 10;

/** The read is too old to be written back, or the object was written since: it must be read again. */
export class StaleRead extends Error {
  override readonly name = 'StaleRead';
}

/**
 * A read and the write based on it. It holds the locks of the objects, and the slot for the write that was taken together with
 * that of the read.
 */
export class Exchange {
  /** Retries of the write, before and after it was rebuilt. */
  retries = 0;
  /** Time at which the write fails. */
  deadline: number | undefined;
  /** The last read, which is repeated after a write whose response cannot be read. */
  lastRead: { id: OperationId; request: WireRequest } | undefined;
  readonly #held = new Map<string, Held>();
  #startedAt: Moment | undefined;
  #readAt: number | undefined;
  #slot: Ticket | undefined;
  /** Settles when the write in flight has ended; never rejects. */
  #inFlight: Promise<void> | undefined;

  constructor(
    private readonly locks: ObjectLocks,
    private readonly clock: Clock,
    private readonly owner: string,
    private readonly signal: Signal,
  ) {}

  /** True if the next request belongs to an earlier read: the write itself, or the read repeated. */
  get hasRead(): boolean {
    return this.#readAt !== undefined;
  }

  /**
   * Takes the locks of these objects that it does not hold, and keeps them until the end. Locks of an earlier round that come
   * after the first missing one are released and taken again: all exchanges take locks in the same order, to avoid deadlocks.
   * @throws StaleRead when another holder had one of them since the read began
   */
  async hold(objects: readonly string[]): Promise<void> {
    const missing = objects.findIndex((object) => !this.#held.has(object));
    if (missing === -1) return;
    this.#release(objects.slice(0, missing));
    let isStale = false;
    for (const object of objects) {
      if (this.#held.has(object)) continue;
      // A slot must not wait for a lock: its holder may wait for a slot.
      const held = await this.locks.acquire(`${this.owner} ${object}`, this.signal, () => this.releaseSlot());
      this.#held.set(object, held);
      isStale ||= this.#startedAt !== undefined && held.wasHeldAfter(this.#startedAt);
    }
    if (isStale) throw new StaleRead();
  }

  /** Runs the read and the write, again while the read is stale, and ends. */
  async run<T>(work: (exchange: Exchange) => Promise<T>): Promise<T> {
    try {
      for (let round = 1; ; round += 1) {
        try {
          return await work(this);
        } catch (error) {
          if (!(error instanceof StaleRead)) throw error;
          if (round === MAX_READS) throw busyError(this.clock.now());
        }
      }
    } finally {
      this.end();
    }
  }

  /** Runs the read. */
  async read<T>(run: () => Promise<T>): Promise<T> {
    this.#startedAt = this.locks.moment();
    const value = await run();
    this.#readAt = this.clock.now();
    return value;
  }

  /**
   * Waits for a write, unless the caller cancels. The locks outlast the caller: the request may still be carried out, and must
   * not overwrite later changes.
   * @param isInFlight returns true if the request has left and is not answered
   */
  write<T>(sent: Promise<T>, isInFlight: () => boolean): Promise<T> {
    const over = () => {
      this.#inFlight = undefined;
    };
    this.#inFlight = sent.then(over, over);
    return abortable(sent, this.signal, (signal) => {
      const error = abortedError(signal);
      return isInFlight() ? error.afterWrite() : error;
    });
  }

  /** The write was carried out. A further write must not be based on the earlier read. */
  written(): void {
    this.releaseSlot();
    this.#startedAt = undefined;
    this.#readAt = undefined;
    this.retries = 0;
    this.deadline = undefined;
  }

  get isTooOld(): boolean {
    return this.#readAt !== undefined && this.clock.now() - this.#readAt > MAX_READ_AGE_MS;
  }

  /** @throws StaleRead when the read is too old */
  checkAge(): void {
    if (this.isTooOld) throw new StaleRead();
  }

  /** Keeps the slot of the write. */
  keepSlot(slot: Ticket | undefined): void {
    this.releaseSlot();
    this.#slot = slot;
  }

  takeSlot(): Ticket | undefined {
    const slot = this.#slot;
    this.#slot = undefined;
    return slot;
  }

  /** Gives the slot of the write back to other requests. */
  releaseSlot(): void {
    this.takeSlot()?.cancel();
  }

  end(): void {
    this.releaseSlot();
    if (!this.#inFlight) this.#release([]);
    else void this.#inFlight.then(() => this.#release([]));
  }

  #release(kept: readonly string[]): void {
    for (const [object, held] of this.#held) {
      if (kept.includes(object)) continue;
      this.#held.delete(object);
      held.release();
    }
  }
}

function busyError(now: number): ConstantContactError {
  return new ConstantContactError('rateLimited', 'Other writes keep changing the object. Try again.', {
    retryAt: now + 1_000,
  });
}
