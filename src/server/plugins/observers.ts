import type { ExecutionArgs } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { whenOver, type Observer } from '../outcome.js';
import { withinOperation } from '../tracing.js';

/** Tells all of them of each operation, whose outcome is worked out once. */
export function useObservers(observers: readonly Observer[]): Plugin {
  const begin = (args: ExecutionArgs) => {
    const { request } = args.contextValue as { request: Request };
    const ends = observers.map((observe) => observe(args));
    return whenOver(request, (outcome) => {
      withinOperation(request, () => {
        for (const end of ends) end(outcome);
      });
    });
  };
  return {
    onExecute: ({ args }) => ({ onExecuteDone: begin(args) }),
    onSubscribe: ({ args }) => ({ onSubscribeResult: begin(args) }),
  };
}
