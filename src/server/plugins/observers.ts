import type { ExecutionArgs } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { reportOutcome, type Observer, type Outcome } from '../outcome.js';
import { withinOperation } from '../tracing.js';

/** Notifies all observers of each operation, and computes its outcome once. */
export function useObservers(observers: readonly Observer[]): Plugin {
  const begin = (args: ExecutionArgs) => {
    const ends = observers.map((observe) => observe(args));
    return (outcome: Outcome) => {
      const { request } = args.contextValue as { request: Request };
      withinOperation(request, () => {
        for (const end of ends) end(outcome);
      });
    };
  };
  return {
    onExecute({ args }) {
      const end = begin(args);
      return { onExecuteDone: (payload) => reportOutcome(payload, end) };
    },
    onSubscribe({ args }) {
      const end = begin(args);
      return { onSubscribeResult: (payload) => reportOutcome(payload, end) };
    },
  };
}
