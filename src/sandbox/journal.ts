import type { OperationId } from '../constant-contact/contract/operations.js';

/** One request that reached the sandbox. */
export interface JournalEntry {
  /** Time of arrival by the sandbox's clock, in milliseconds since the epoch. */
  readonly at: number;
  /** Null when method and path match no operation. */
  readonly operationId: OperationId | null;
  readonly method: string;
  /** Path without query, as sent. */
  readonly path: string;
  /** Query string without the question mark, as sent. */
  readonly query: string;
  /** Status of the response; 0 while it is in flight, or when the connection was cut. */
  readonly status: number;
  /** The token of the request, `''` if it had none. */
  readonly credential: string;
}

/** Bounds memory when the sandbox runs for days. */
const MAX_ENTRIES = 200_000;

/** Requests in order of arrival. Tests count REST calls with it. */
export class Journal {
  readonly #entries: JournalEntry[] = [];

  get entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  /** Records an arrival. Returns a function that records its status. */
  open(entry: Omit<JournalEntry, 'status'>): (status: number) => void {
    const noted = { ...entry, status: 0 };
    if (this.#entries.length >= MAX_ENTRIES) this.#entries.splice(0, MAX_ENTRIES / 2);
    this.#entries.push(noted);
    return (status) => {
      noted.status = status;
    };
  }

  clear(): void {
    this.#entries.length = 0;
  }

  /** Number of requests, of all operations or of one. */
  count(operationId?: OperationId): number {
    if (operationId === undefined) return this.#entries.length;
    return this.#entries.filter((entry) => entry.operationId === operationId).length;
  }

  /** The operations in order of arrival, without requests to unknown paths. */
  operations(): OperationId[] {
    return this.#entries.flatMap((entry) => (entry.operationId === null ? [] : [entry.operationId]));
  }

  /** The maximum number of requests within any 1,000 ms. */
  busiestSecond(): number {
    let busiest = 0;
    let first = 0;
    const times = this.#entries.map((entry) => entry.at);
    for (const [last, at] of times.entries()) {
      while ((times[first] ?? at) <= at - 1_000) first++;
      busiest = Math.max(busiest, last - first + 1);
    }
    return busiest;
  }
}
