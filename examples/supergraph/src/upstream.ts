/** Cost of one response of the facade, from `extensions.upstream`. */
export interface UpstreamReport {
  calls: number;
  retries: number;
  coalesced: number;
  cached: number;
  waitedMs: number;
  remainingToday: number | null;
  /** The vendor's ids of the failed calls. */
  requestIds?: string[];
}

/**
 * Adds up the reports of all responses for one operation of the gateway. Concurrent responses arrive in any
 * order, and their waits overlap, so the longest wait counts.
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
