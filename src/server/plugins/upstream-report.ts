import { getOperationAST, OperationTypeNode, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { handleStreamOrSingleExecutionResult, isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Governor } from '../../constant-contact/budget/governor.js';
import type { Meter, StaleRead } from '../../constant-contact/budget/meter.js';
import type { Clock } from '../../constant-contact/clock.js';
import type { Context } from '../../context.js';
import { codeOf, type ErrorCode } from '../errors.js';
import type { Logger } from '../logger.js';
import { allowCaching } from './response-headers.js';

/** A read answered with stale data. */
interface StaleReport {
  /** Path of the field that requested it; null if unknown, as in subscriptions and deferred parts. */
  path: readonly (string | number)[] | null;
  ageSeconds: number;
  /** Code of the error that it replaces. */
  because: ErrorCode;
}

/** Cost of one response, as in `extensions.upstream`. */
export interface UpstreamReport {
  /** REST calls sent for this operation, retries included. */
  calls: number;
  retries: number;
  /** Reads that joined an identical one already in flight. */
  coalesced: number;
  /** Reads answered from the cache. */
  cached: number;
  /** Age of the oldest data that was read before it was asked for; absent when there is none. */
  oldestSeconds?: number;
  /** Reads answered with stale data; absent when there are none. */
  stale?: readonly StaleReport[];
  /**
   * Milliseconds during which calls waited for a permit or before a retry: the delay of the response. Overlapping waits count
   * once.
   */
  waitedMs: number;
  /** Calls left until the day's quota is reset; null when there is no limit. */
  remainingToday: number | null;
  /** The vendor's IDs of the failed calls, at most 10, for its support; absent when no call failed. */
  requestIds?: readonly string[];
}

export function upstreamReport(meter: Meter, governor: Governor, now: number): UpstreamReport {
  const { calls, retries, coalesced, cached, waitedMs, requestIds } = meter;
  const report: UpstreamReport = {
    calls,
    retries,
    coalesced,
    cached,
    waitedMs: Math.round(waitedMs),
    remainingToday: governor.status().remainingToday,
  };
  if (meter.oldestAt < Infinity) report.oldestSeconds = secondsSince(meter.oldestAt, now);
  if (meter.stale.length > 0) report.stale = meter.stale.map((one) => staleReport(one, now));
  if (requestIds.length > 0) report.requestIds = requestIds;
  return report;
}

function staleReport({ path, readAt, because }: StaleRead, now: number): StaleReport {
  return { path, ageSeconds: secondsSince(readAt, now), because: codeOf(because) };
}

/** Rounded up: no data is older than reported. */
function secondsSince(ms: number, now: number): number {
  return Math.max(0, Math.ceil((now - ms) / 1_000));
}

interface ReportOptions {
  governor: Governor;
  clock: Clock;
  logger: Logger;
  /** True if callers may cache responses as long as the data in them. */
  allowsCaching: boolean;
}

/**
 * Adds the report to every executed operation, successful or not. The report of an event of a subscription covers the time
 * since the previous event; that of a part of a deferred response covers all earlier parts.
 */
export function useUpstreamReport({
  governor,
  clock,
  logger,
  allowsCaching,
}: ReportOptions): Plugin<Context> {
  const reportOf = (meter: Meter, { requestId }: Context): UpstreamReport => {
    const report = upstreamReport(meter, governor, clock.now());
    if (report.stale) logger.warn({ requestId, stale: report.stale }, 'served stale data');
    return report;
  };
  return {
    onSubscribe({ args }) {
      const context = args.contextValue as Context;
      const { meter } = context.api;
      return {
        onSubscribeResult: (payload) =>
          handleStreamOrSingleExecutionResult(payload, ({ result, setResult }) =>
            setResult(withReport(result, reportOf(meter.takeEvent(), context))),
          ),
      };
    },
    onExecute: () => ({
      onExecuteDone: (payload) => {
        const isWhole = !isAsyncIterable(payload.result);
        return handleStreamOrSingleExecutionResult(payload, ({ result, setResult, args }) => {
          const context = args.contextValue as Context & { request?: Request };
          const upstream = reportOf(context.api.meter, context);
          if (allowsCaching && isWhole && !result.errors && isCacheable(context.api.meter) && isQuery(args))
            allow(context);
          setResult(withReport(result, upstream));
        });
      },
    }),
  };

  /** Allows the caller to cache the response. */
  function allow({ api: { meter }, request }: Context & { request?: Request }): void {
    const { keepMs, oldestAt } = meter;
    if (!request) return;
    const age = oldestAt < Infinity ? secondsSince(oldestAt, clock.now()) : 0;
    allowCaching(request, { maxAge: Math.floor(keepMs / 1_000), age });
  }
}

/** Returns true if data was read and all of it may be cached. */
function isCacheable({ keepMs }: Meter): boolean {
  return keepMs >= 1_000 && keepMs < Infinity;
}

function isQuery({ document, operationName }: ExecutionArgs): boolean {
  return getOperationAST(document, operationName)?.operation === OperationTypeNode.QUERY;
}

/** Assigned, because on Node 20 adding a new key after a spread makes it five times as slow. */
function withReport(result: ExecutionResult, upstream: UpstreamReport): ExecutionResult {
  return Object.assign({}, result, { extensions: Object.assign({}, result.extensions, { upstream }) });
}
