import type { OperationId } from '../contract/operations.js';
import { ConstantContactError, type ErrorKind } from '../errors.js';

/** Maximum number of IDs of failed calls in one response: enough to ask the vendor, and short enough for a line of the log. */
const MAX_REQUEST_IDS = 10;
const COUNTS = ['calls', 'retries', 'coalesced', 'cached', 'waitedMs'] as const;
/** A time during which a call waited, in milliseconds since the epoch. */
interface Wait {
  from: number;
  until: number;
}

function addIds(to: string[], ids: readonly string[]): void {
  for (const id of ids) if (to.length < MAX_REQUEST_IDS && !to.includes(id)) to.push(id);
}

const lengthOf = ({ from, until }: Wait): number => until - from;

/** A read answered with stale data, because the API could not be read. */
export interface StaleRead {
  /** Path in the response of the field that requested it; null if unknown. */
  path: readonly (string | number)[] | null;
  /** When it was read, in milliseconds since the epoch. */
  readAt: number;
  because: ErrorKind;
}

/** Counts the REST calls of one request. The client counts; reports and headers read it. */
export class Meter {
  /** Attempts that left for the API, retries included. */
  calls = 0;
  /** Attempts after the first one of a call. */
  retries = 0;
  /** Reads answered by an identical read that was already in flight. */
  coalesced = 0;
  /** Reads answered from the cache. */
  cached = 0;
  /** When the oldest data was read that was read before it was asked for, in milliseconds since the epoch; Infinity without any. */
  oldestAt = Infinity;
  /** Reads answered with stale data. */
  readonly stale: StaleRead[] = [];
  /** Time in milliseconds for which all data read may be kept; 0 if some of it may not be kept, Infinity before the first read. */
  keepMs = Infinity;
  /**
   * Milliseconds during which calls waited for a permit or before a retry. Overlapping waits count once, so this is the delay
   * of the response.
   */
  waitedMs = 0;
  /** IDs of the failed calls, for the vendor's support. */
  readonly requestIds: string[] = [];
  /** Request IDs of the calls since the last event. */
  readonly #eventRequestIds: string[] = [];
  /** Counts up to the last event. */
  #reported: Meter | undefined;
  /** The waits, merged where they overlap. */
  #waits: readonly Wait[] = [];
  #bound = Infinity;
  #most = Infinity;
  #started = 0;
  #hasWritten = false;

  /**
   * Counts a call before it starts. Retries of the client count once. A read beyond the limit is refused; after the first
   * write, only further pages are, because other reads may belong to a change that would be left incomplete.
   * @throws ConstantContactError `overCost`
   */
  begin(id: OperationId, { isWrite, isFurtherPage }: { isWrite: boolean; isFurtherPage: boolean }): void {
    if (!isWrite && this.#started >= this.#bound && (isFurtherPage || !this.#hasWritten)) {
      throw new ConstantContactError(
        'overCost',
        `The operation needs more than its query cost of ${String(this.#bound)} REST calls: the account is larger than assumed, pages do not end, or the query cost is wrong. Send it once more: the query cost then uses the measured size. If that fails too, ask for fewer rows with \`first\` or for fewer fields, and report the operation.`,
        { operationId: id },
      );
    }
    this.#started += 1;
    this.#hasWritten ||= isWrite;
  }

  /** Notes a failed call, including one shared with others. Its field may be null without an error. */
  noteFailure({ requestIds }: ConstantContactError): void {
    this.keepMs = 0;
    this.#noteRequestIds(requestIds);
  }

  /** Notes a read that was answered from the cache. */
  noteCached(readAt: number): void {
    this.cached += 1;
    this.noteOlder(readAt);
  }

  /** Notes that data was read before it was asked for: from the cache, or by a read that was in flight. */
  noteOlder(readAt: number): void {
    this.oldestAt = Math.min(this.oldestAt, readAt);
  }

  /**
   * Removes a call from the count: the API postponed its response, and the call that asks again, or the calls that replace it,
   * count instead.
   */
  postpone(calls = 1): void {
    this.#started -= calls;
  }

  /** Counts a wait, except for the part that overlaps with earlier ones. */
  waited(wait: Wait): void {
    if (wait.until === wait.from) return;
    const meets = ({ from, until }: Wait) => from <= wait.until && until >= wait.from;
    const met = this.#waits.filter(meets);
    const joined = {
      from: Math.min(wait.from, ...met.map(({ from }) => from)),
      until: Math.max(wait.until, ...met.map(({ until }) => until)),
    };
    this.#waits = [...this.#waits.filter((one) => !meets(one)), joined];
    this.waitedMs += lengthOf(joined) - met.reduce((sum, one) => sum + lengthOf(one), 0);
  }

  /**
   * Limits the calls from here on to the query cost of the operation.
   *
   * @param most maximum to which `extend` can raise it
   */
  allow(calls: number, most = Infinity): void {
    this.#bound = this.#started + calls;
    this.#most = this.#started + most;
  }

  /** Raises the query cost, because rows that were read show that it is needed. */
  extend(calls = 1): void {
    this.#bound = Math.max(this.#bound, Math.min(this.#bound + calls, this.#most));
  }

  /** Adds the counts of another meter. */
  add(other: Meter): void {
    for (const count of COUNTS) this[count] += other[count];
    this.oldestAt = Math.min(this.oldestAt, other.oldestAt);
    this.stale.push(...other.stale);
    this.keepMs = Math.min(this.keepMs, other.keepMs);
    this.#noteRequestIds(other.requestIds);
  }

  /** Counts since the last call, for one event of a subscription. From here on, `oldestAt` is that of the next event. */
  takeEvent(): Meter {
    const before = (this.#reported ??= new Meter());
    const event = new Meter();
    for (const count of COUNTS) event[count] = this[count] - before[count];
    event.oldestAt = this.oldestAt;
    event.stale.push(...this.stale.slice(before.stale.length));
    event.requestIds.push(...this.#eventRequestIds.splice(0));
    before.add(event);
    this.oldestAt = Infinity;
    return event;
  }

  #noteRequestIds(ids: readonly string[]): void {
    addIds(this.requestIds, ids);
    addIds(this.#eventRequestIds, ids);
  }
}
