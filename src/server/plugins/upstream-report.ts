import type { ExecutionResult } from 'graphql';
import { handleStreamOrSingleExecutionResult, type Plugin } from 'graphql-yoga';
import type { Governor } from '../../constant-contact/budget/governor.js';
import { Meter } from '../../constant-contact/budget/meter.js';
import type { Context } from '../../context.js';

/** What one answer cost, as `extensions.upstream` tells it. */
export interface UpstreamReport {
  /** REST calls sent for this operation, repeated ones included. */
  calls: number;
  retries: number;
  /** Reads that joined an identical one already under way. */
  coalesced: number;
  /** Reads answered from the reference cache. */
  cached: number;
  /**
   * Milliseconds during which calls waited for a turn under the rate limit, or before they were repeated: the time by which the
   * answer is late. Waits that overlap count once.
   */
  waitedMs: number;
  /** Calls left until the day's budget is renewed; null when there is no limit. */
  remainingToday: number | null;
  /** The vendor's ids of the calls that failed, at most 10; absent when none did. Its support asks for them. */
  requestIds?: readonly string[];
}

export function upstreamReport(meter: Meter, governor: Governor): UpstreamReport {
  const { calls, retries, coalesced, cached, waitedMs, requestIds } = meter;
  const report: UpstreamReport = {
    calls,
    retries,
    coalesced,
    cached,
    waitedMs: Math.round(waitedMs),
    remainingToday: governor.status().remainingToday,
  };
  if (requestIds.length > 0) report.requestIds = requestIds;
  return report;
}

/**
 * Adds the report to every operation that was executed, whether it succeeded or not. In an event of a subscription it is
 * about what was done since the one before; in the parts of a deferred answer, about all until then.
 */
export function useUpstreamReport(governor: Governor): Plugin<Context> {
  return {
    onSubscribe({ args }) {
      const { meter } = (args.contextValue as Context).api;
      const told = new Meter();
      return {
        onSubscribeResult: (payload) =>
          handleStreamOrSingleExecutionResult(payload, ({ result, setResult }) => {
            const upstream = upstreamReport(meter.since(told), governor);
            told.add(meter.since(told));
            setResult(withReport(result, upstream));
          }),
      };
    },
    onExecute: () => ({
      onExecuteDone: (payload) =>
        handleStreamOrSingleExecutionResult(payload, ({ result, setResult, args }) => {
          const { api } = args.contextValue as Context;
          const upstream = upstreamReport(api.meter, governor);
          setResult(withReport(result, upstream));
        }),
    }),
  };
}

/** Assigned, because on Node 20 a key that is new after a spread makes it five times as slow. */
function withReport(result: ExecutionResult, upstream: UpstreamReport): ExecutionResult {
  return Object.assign({}, result, { extensions: Object.assign({}, result.extensions, { upstream }) });
}
