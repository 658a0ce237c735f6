import type { ExecutionArgs, ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable } from 'graphql-yoga';
import { goneOf } from './gone.js';

/** One part of an answer: the whole of it, the first part or a later one of a deferred answer, an event of a subscription. */
export type Part = ExecutionResult & {
  /** Fields that were deferred, in a later part. */
  incremental?: readonly (ExecutionResult & { path?: readonly (string | number)[]; label?: string })[];
  hasNext?: boolean;
};

/** What came of an operation, all parts of its answer taken together. */
export interface Outcome {
  errors: number;
  /** Whether any part brought anything that is not null. */
  hasData: boolean;
  /** Events of a subscription, or parts of a deferred answer; 1 for any other. */
  parts: number;
  /** Whether the client left before there was a result. */
  isCancelled: boolean;
}

/** Sees an operation begin; what it gives back is told what came of it. */
export type Observer = (args: ExecutionArgs) => (outcome: Outcome) => void;

interface Payload {
  result: unknown;
}

/** All errors of a part, those of its deferred fields included. */
export function errorsOf({ errors = [], incremental = [] }: Part): GraphQLError[] {
  return [...errors, ...incremental.flatMap((one) => one.errors ?? [])];
}

/**
 * Reports the outcome of an operation once: when it has its result, or the last part of it, or when its client leaves before that.
 * Execution is broken off then, and its hooks are never called.
 *
 * @returns what takes the result, and returns what the hook that got it has to return
 */
export function whenOver(request: Request, tell: (outcome: Outcome) => void) {
  const outcome: Outcome = { errors: 0, hasData: false, parts: 0, isCancelled: false };
  const gone = goneOf(request);
  let isOver = false;
  let hasResult = false;
  const end = () => {
    if (isOver) return;
    isOver = true;
    gone.removeEventListener('abort', onGone);
    tell(outcome);
  };
  const onGone = () => {
    outcome.isCancelled = !hasResult;
    end();
  };
  const note = (part: Part) => {
    const { errors, incremental } = part;
    outcome.parts += 1;
    if (errors || incremental) outcome.errors += errorsOf(part).length;
    outcome.hasData ||= hasAnything(part.data) || (incremental ?? []).some(({ data }) => hasAnything(data));
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
      onNext: ({ result: part }: { result: unknown }) => {
        note(part as Part);
      },
      onEnd: end,
    };
  };
}

/** The same for whoever wants to know only that it is over. */
export function whenEnded({ result }: Payload, tell: () => void) {
  if (isAsyncIterable(result)) return { onEnd: tell };
  tell();
  return undefined;
}

function hasAnything(data: ExecutionResult['data']): boolean {
  for (const key in data) if (data[key] !== null) return true;
  return false;
}
