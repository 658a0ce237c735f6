/** What one request has cost so far. Counted by the client, read by whoever reports it. */
export class Meter {
  /** Attempts that really left for the API, retries included. */
  calls = 0;
  /** Attempts after the first one of a call. */
  retries = 0;
  /** Reads answered by an identical read that was already under way. */
  coalesced = 0;
  /** Reads answered from the reference cache. */
  cached = 0;
  /** Milliseconds spent waiting for a free slot under the rate limit, and before retries. Parallel waits add up. */
  waitedMs = 0;

  /** Adds what another has counted. */
  add(other: Meter): void {
    this.calls += other.calls;
    this.retries += other.retries;
    this.coalesced += other.coalesced;
    this.cached += other.cached;
    this.waitedMs += other.waitedMs;
  }

  /** What was counted since another had the same. */
  since(before: Meter): Meter {
    const rest = new Meter();
    rest.calls = this.calls - before.calls;
    rest.retries = this.retries - before.retries;
    rest.coalesced = this.coalesced - before.coalesced;
    rest.cached = this.cached - before.cached;
    rest.waitedMs = this.waitedMs - before.waitedMs;
    return rest;
  }
}
