import type { ExecutionArgs } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { createExecutor } from '../execution/executor.js';
import { goneOf } from '../gone.js';

/**
 * Executes operations that come again by a plan. Subscriptions are left to the interpreter. Either starts no further resolver
 * once the client has gone; the context hands the same signal to the REST client.
 */
export function useExecution(planFrom: number): Plugin {
  const execute = createExecutor(planFrom);
  return {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((args: ExecutionArgs) => {
        const { request } = args.contextValue as { request?: Request };
        return execute(args, executeFn, {
          gone: request && goneOf(request),
        });
      });
    },
  };
}
