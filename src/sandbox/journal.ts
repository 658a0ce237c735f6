import type { OperationId } from '../constant-contact/contract/operations.js';

/** One request that reached the sandbox. */
export interface JournalEntry {
  /** When it arrived, in milliseconds since the epoch by the sandbox's clock. */
  readonly at: number;
  /** Null when method and path belong to no operation. */
  readonly operationId: OperationId | null;
  readonly method: string;
  /** Path without query, as sent. */
  readonly path: string;
  /** Query string without the question mark, as sent. */
  readonly query: string;
  /** The status that was answered; 0 while the answer is on its way, and when the connection was cut before it. */
  readonly status: number;
  /** The token that came with the request, `''` when none did. */
  readonly credential: string;
}

/** A sandbox that serves for days must not grow without end. */
const MOST_ENTRIES = 200_000;

/** What was asked of the sandbox, in order of arrival: tests count REST calls with it. */
export class Journal {
  readonly #entries: JournalEntry[] = [];

  get entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  /** Notes an arrival and returns what writes down its status later. */
  open(entry: Omit<JournalEntry, 'status'>): (status: number) => void {
    const noted = { ...entry, status: 0 };
    if (this.#entries.length >= MOST_ENTRIES) this.#entries.splice(0, MOST_ENTRIES / 2);
    this.#entries.push(noted);
    return (status) => {
      noted.status = status;
    };
  }

  clear(): void {
    this.#entries.length = 0;
  }

  /** How many requests came in, all or of one operation. */
  count(operationId?: OperationId): number {
    if (operationId === undefined) return this.#entries.length;
    return this.#entries.filter((entry) => entry.operationId === operationId).length;
  }

  /** The operations in order of arrival; requests to unknown paths are left out. */
  operations(): OperationId[] {
    return this.#entries.flatMap((entry) => (entry.operationId === null ? [] : [entry.operationId]));
  }

  /** The most requests that came within any 1,000 ms. */
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
