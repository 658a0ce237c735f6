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
}
