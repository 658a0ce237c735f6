import type { ExecutionArgs } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { reportOutcome, type Observer } from '../outcome.js';
import { withinOperation } from '../tracing.js';

/** Notifies all observers of each operation, and computes its outcome once. */
export function useObservers(observers: readonly Observer[]): Plugin {
  const begin = (args: ExecutionArgs) => {
    const { request } = args.contextValue as { request: Request };
    const ends = observers.map((observe) => observe(args));
    return reportOutcome(request, (outcome) =>
      withinOperation(request, () => {
        for (const end of ends) end(outcome);
      }),
    );
  };
  return {
    onExecute: ({ args }) => ({ onExecuteDone: begin(args) }),
    onSubscribe: ({ args }) => ({ onSubscribeResult: begin(args) }),
  };
}
