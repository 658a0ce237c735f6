import { getOperationAST, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { handleStreamOrSingleExecutionResult, type Plugin } from 'graphql-yoga';
import type { Context } from '../../context.js';
import { callerOf } from './access.js';
import type { Logger } from '../logger.js';

/** One line for each operation: what it was, how long it took, what it cost. Never its variables: they are client data. */
export function useOperationLog(logger: Logger): Plugin<Context> {
  return {
    onExecute({ args }) {
      const started = performance.now();
      const { document, operationName, contextValue } = args as ExecutionArgs;
      const { requestId, api, request } = contextValue as Context & { request: Request };
      const caller = callerOf(request)?.id;
      const operation = getOperationAST(document, operationName);
      return {
        onExecuteDone: (payload) =>
          handleStreamOrSingleExecutionResult(payload, ({ result }) => {
            const { errors } = result as ExecutionResult;
            logger.info(
              {
                requestId,
                ...(caller && { caller }),
                operation: operation?.name?.value,
                type: operation?.operation,
                ms: Math.round(performance.now() - started),
                calls: api.meter.calls,
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
