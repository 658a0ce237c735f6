import type { Plugin } from 'graphql-yoga';
import { createExecutor } from '../execution/executor.js';
import { goneOf } from '../gone.js';

/**
 * Executes operations by plans, and by the interpreter what plans do not cover. Either calls no further resolver once the
 * client has gone; the context hands the same signal to the REST client.
 */
export function useExecution(): Plugin {
  const executor = createExecutor();
  return {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((args) => {
        const { request } = args.contextValue as { request?: Request };
        return executor(args, executeFn, request && goneOf(request));
      });
    },
  };
}
