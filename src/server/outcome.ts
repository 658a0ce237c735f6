import type { ExecutionArgs, ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable } from 'graphql-yoga';

/** One part of a response: the whole response, the first or a later part of a deferred one, or an event of a subscription. */
export type Part = ExecutionResult & {
  /** Deferred fields, in a later part. */
  incremental?: readonly (ExecutionResult & { path?: readonly (string | number)[]; label?: string })[];
  hasNext?: boolean;
};

/** Outcome of an operation, over all parts of its response. */
export interface Outcome {
  errors: number;
  /** True if any part had data other than null. */
  hasData: boolean;
  /** Events of a subscription, or parts of a deferred answer; 1 for any other. */
  parts: number;
}

/** Called when an operation starts; the returned function is called with its outcome. */
export type Observer = (args: ExecutionArgs) => (outcome: Outcome) => void;

interface Payload {
  result: unknown;
}

/** All errors of a part, those of its deferred fields included. */
export function errorsOf({ errors = [], incremental = [] }: Part): GraphQLError[] {
  return [...errors, ...incremental.flatMap((one) => one.errors ?? [])];
}

/**
 * Reports the outcome of an operation once: at once, or when the last part of its response was sent or the client has left.
 *
 * @returns the return value for the hook that received the payload
 */
export function reportOutcome(payload: Payload, report: (outcome: Outcome) => void) {
  const outcome: Outcome = { errors: 0, hasData: false, parts: 0 };
  const note = (part: Part) => {
    const { errors, incremental } = part;
    outcome.parts += 1;
    if (errors || incremental) outcome.errors += errorsOf(part).length;
    outcome.hasData ||= hasNonNull(part.data) || (incremental ?? []).some(({ data }) => hasNonNull(data));
  };
  if (!isAsyncIterable(payload.result)) {
    note(payload.result as Part);
    report(outcome);
    return undefined;
  }
  return {
    onNext: ({ result }: { result: unknown }) => {
      note(result as Part);
    },
    onEnd: () => {
      report(outcome);
    },
  };
}

/** The same without the outcome. */
export function notifyAtEnd({ result }: Payload, report: () => void) {
  if (isAsyncIterable(result)) return { onEnd: report };
  report();
  return undefined;
}

function hasNonNull(data: ExecutionResult['data']): boolean {
  for (const key in data) if (data[key] !== null) return true;
  return false;
}
