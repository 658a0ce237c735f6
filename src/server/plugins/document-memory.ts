import type { DocumentNode, ExecutionArgs, GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { Attached } from '../../constant-contact/attached.js';
import { bytesOf } from '../documents.js';
import type { Body, RequestBodies } from '../request-bodies.js';
import { operationStopOf } from './deadline.js';

/**
 * Counts the documents of operations in flight towards the memory limit of request bodies: while an operation waits for the REST
 * API, its document takes many times the memory of its text. Operations with the same cached document share it.
 */
export function useDocumentMemory(bodies: RequestBodies): Plugin {
  const ends = new Attached<Request, () => void>();
  const inFlight = new Map<DocumentNode, { memory: Body; operations: number }>();

  /** @returns an error if there is no room */
  const hold = (args: ExecutionArgs): GraphQLError | null => {
    const { document } = args;
    const request = requestOf(args);
    const held = inFlight.get(document) ?? { memory: bodies.open(), operations: 0 };
    if (held.operations === 0) {
      try {
        held.memory.take(bytesOf(document));
      } catch (error) {
        return error as GraphQLError;
      }
      inFlight.set(document, held);
    }
    held.operations += 1;
    let isOver = false;
    const end = () => {
      if (isOver) return;
      isOver = true;
      held.operations -= 1;
      if (held.operations > 0) return;
      inFlight.delete(document);
      held.memory.release();
    };
    ends.set(request, end);
    // A cancelled execution never finishes.
    operationStopOf(request).addEventListener('abort', end);
    return null;
  };
  /** Results in parts need the document until the last one. */
  const endAfter =
    (args: ExecutionArgs) =>
    ({ result }: { result: unknown }) => {
      const onEnd = ends.get(requestOf(args));
      return onEnd && isAsyncIterable(result) ? { onEnd } : undefined;
    };

  return {
    onExecute({ args, setResultAndStopExecution }) {
      const refusal = hold(args);
      if (refusal) setResultAndStopExecution({ errors: [refusal] });
      return { onExecuteDone: endAfter(args) };
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const refusal = hold(args);
      if (refusal) setResultAndStopExecution({ errors: [refusal] });
      return { onSubscribeResult: endAfter(args) };
    },
    // Also when the execution has failed.
    onResultProcess({ request, result }) {
      if (!isAsyncIterable(result)) ends.get(request)?.();
    },
  };
}

const requestOf = ({ contextValue }: ExecutionArgs) => (contextValue as { request: Request }).request;
