import type { ExecutionArgs } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { createExecutor } from '../execution/executor.js';

/** Executes operations that come again by a plan. Subscriptions are left to the interpreter. */
export function useExecution(planFrom: number): Plugin {
  const execute = createExecutor(planFrom);
  return {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((args: ExecutionArgs) => execute(args, executeFn));
    },
  };
}
