import type { Plugin } from 'graphql-yoga';
import { createExecutor } from '../execution/executor.js';
import { disconnectSignalOf } from '../gone.js';

/**
 * Executes operations by plans, and with the interpreter what plans do not support. Neither calls further resolvers once the
 * client has disconnected; the context hands the same signal to the REST client.
 *
 * @param namesFields tells reads which field requests them
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
