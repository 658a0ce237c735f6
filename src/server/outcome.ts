import type { ExecutionArgs, ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable } from 'graphql-yoga';
import { disconnectSignalOf } from './gone.js';

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
  /** Events of a subscription, or parts of a deferred response; 1 for any other. */
  parts: number;
  /** True if the client disconnected before there was a result. */
  isCancelled: boolean;
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
 * Reports the outcome of an operation once: with its result or the last part of it, or when the client disconnects earlier.
 * A disconnect aborts the execution, and its hooks are never called.
 *
 * @returns a function that takes the payload of the hook that received the result, and returns the return value for that hook
 */
export function reportOutcome(request: Request, report: (outcome: Outcome) => void) {
  const outcome: Outcome = { errors: 0, hasData: false, parts: 0, isCancelled: false };
  const gone = disconnectSignalOf(request);
  let isOver = false;
  let hasResult = false;
  const end = () => {
    if (isOver) return;
    isOver = true;
    gone.removeEventListener('abort', onGone);
    report(outcome);
  };
  const onGone = () => {
    outcome.isCancelled = !hasResult;
    end();
  };
  const note = (part: Part) => {
    const { errors, incremental } = part;
    outcome.parts += 1;
    if (errors || incremental) outcome.errors += errorsOf(part).length;
    outcome.hasData ||= hasNonNull(part.data) || (incremental ?? []).some(({ data }) => hasNonNull(data));
  };
  gone.addEventListener('abort', onGone);
  if (gone.aborted) onGone();
  return ({ result }: Payload) => {
    hasResult = true;
    if (!isAsyncIterable(result)) {
      note(result as Part);
      end();
      return undefined;
    }
    return {
      onNext: ({ result: part }: { result: unknown }) => note(part as Part),
      onEnd: end,
    };
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
