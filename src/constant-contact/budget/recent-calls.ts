const HOUR_MS = 3_600_000;
const SPAN_MS = HOUR_MS / 12;
/** Minimum time over which the rate is measured: a burst in the first second does not predict the day. */
const MIN_SPAN_MS = 2 * SPAN_MS;

/** Calls per hour over the last hour, from a count that restarts each day. */
export class RecentCalls {
  /** Calls by span of five minutes since the epoch. */
  readonly #spans = new Map<number, number>();
  readonly #since: number;
  #last: number | undefined;

  constructor(now: number) {
    this.#since = now;
  }

  /** Sets the count. Calls before the first value do not count as recent. */
  note(now: number, used: number): void {
    const last = this.#last ?? used;
    // It started again at midnight.
    const calls = used < last ? used : used - last;
    this.#last = used;
    if (calls === 0) return;
    const span = Math.floor(now / SPAN_MS);
    const known = this.#spans.get(span);
    if (known === undefined) this.#forget(span - 11);
    this.#spans.set(span, (known ?? 0) + calls);
  }

  /** Calls an hour, by those of the last hour or since this was made. */
  perHour(now: number): number {
    const first = Math.floor(now / SPAN_MS) - 11;
    this.#forget(first);
    const calls = [...this.#spans.values()].reduce((sum, one) => sum + one, 0);
    const ms = now - Math.max(first * SPAN_MS, this.#since);
    return Math.round((calls * HOUR_MS) / Math.max(MIN_SPAN_MS, ms));
  }

  #forget(before: number): void {
    for (const span of this.#spans.keys()) if (span < before) this.#spans.delete(span);
  }
}
