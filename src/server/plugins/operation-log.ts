import { getOperationAST, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { handleStreamOrSingleExecutionResult, type Plugin } from 'graphql-yoga';
import type { Context } from '../../context.js';
import type { Logger } from '../logger.js';

/** One line for each operation: whose and what it was, what came of it, how long it took, what it cost. Never its variables: they are client data. */
export function useOperationLog(logger: Logger): Plugin<Context> {
  return {
    onExecute({ args }) {
      const started = performance.now();
      const { document, operationName, contextValue } = args as ExecutionArgs;
      const { requestId, caller, api } = contextValue as Context;
      const operation = getOperationAST(document, operationName);
      return {
        onExecuteDone: (payload) =>
          handleStreamOrSingleExecutionResult(payload, ({ result }) => {
            const { data, errors } = result as ExecutionResult;
            logger.info(
              {
                requestId,
                ...(caller && { caller }),
                operation: operation?.name?.value,
                type: operation?.operation,
                ms: Math.round(performance.now() - started),
                outcome: !errors ? 'ok' : hasAnything(data) ? 'partial' : 'failed',
                calls: api.meter.calls,
                retries: api.meter.retries,
                cached: api.meter.cached,
                waitedMs: Math.round(api.meter.waitedMs),
                ...(errors && { errors: errors.length }),
              },
              'operation',
            );
          }),
      };
    },
  };
}

function hasAnything(data: ExecutionResult['data']): boolean {
  return Object.values(data ?? {}).some((value) => value !== null);
}
