import type { Plugin } from 'graphql-yoga';
import { createExecutor } from '../execution/executor.js';
import { disconnectSignalOf } from '../gone.js';

/**
 * Executes operations by plans, and by the interpreter what plans do not cover. Either calls no further resolver once the
 * client has gone; the context hands the same signal to the REST client.
 *
 * @param namesFields whether reads are told which field asks for them
 */
export function useExecution(namesFields = false): Plugin {
  const executor = createExecutor(namesFields);
  return {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((args) => {
        const { request } = args.contextValue as { request?: Request };
        return executor(args, executeFn, request && disconnectSignalOf(request));
      });
    },
  };
}
