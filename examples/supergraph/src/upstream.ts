/** What an answer of the facade cost, as it tells in `extensions.upstream`. */
export interface UpstreamReport {
  calls: number;
  retries: number;
  coalesced: number;
  cached: number;
  waitedMs: number;
  remainingToday: number | null;
  /** The vendor's ids of the calls that failed. */
  requestIds?: string[];
}

/**
 * Adds up the reports of all answers that one operation of the gateway took; asked for at the same time, they come in any order. Their
 * waits overlap, so the longest counts: by so much the answer is late at least.
 */
export function addReport(sum: UpstreamReport | undefined, extensions: unknown): UpstreamReport | undefined {
  const next = (extensions as { upstream?: UpstreamReport } | null | undefined)?.upstream;
  if (!next || !sum) return next ?? sum;
  const requestIds = [...(sum.requestIds ?? []), ...(next.requestIds ?? [])];
  return {
    calls: sum.calls + next.calls,
    retries: sum.retries + next.retries,
    coalesced: sum.coalesced + next.coalesced,
    cached: sum.cached + next.cached,
    waitedMs: Math.max(sum.waitedMs, next.waitedMs),
    remainingToday:
      sum.remainingToday === null || next.remainingToday === null
        ? null
        : Math.min(sum.remainingToday, next.remainingToday),
    ...(requestIds.length > 0 && { requestIds }),
  };
}
