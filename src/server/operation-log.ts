import { getOperationAST, type ExecutionArgs } from 'graphql';
import type { Context } from '../context.js';
import type { Logger } from './logger.js';
import type { Observer } from './outcome.js';

/**
 * One line for each operation, for a subscription at its end: caller, operation, outcome, duration and cost. Never its
 * variables: they are client data.
 */
export function logOperations(logger: Logger): Observer {
  return ({ document, operationName, contextValue }: ExecutionArgs) => {
    const started = performance.now();
    const { requestId, caller, api } = contextValue as Context;
    const operation = getOperationAST(document, operationName);
    return ({ errors, hasData, parts, isCancelled }) => {
      // Undefined properties are not written.
      logger.info(
        {
          requestId,
          caller,
          operation: operation?.name?.value,
          type: operation?.operation,
          ms: Math.round(performance.now() - started),
          outcome: isCancelled ? 'cancelled' : errors === 0 ? 'ok' : hasData ? 'partial' : 'failed',
          calls: api.meter.calls,
          retries: api.meter.retries,
          cached: api.meter.cached,
          stale: api.meter.stale.length > 0 ? api.meter.stale.length : undefined,
          waitedMs: Math.round(api.meter.waitedMs),
          parts: parts > 1 ? parts : undefined,
          errors: errors > 0 ? errors : undefined,
          upstreamRequestIds: api.meter.requestIds.length > 0 ? api.meter.requestIds : undefined,
        },
        'operation',
      );
    };
  };
}
