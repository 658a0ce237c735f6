import { context, isSpanContextValid, SpanStatusCode, trace } from '@opentelemetry/api';
import { getOperationAST, type ExecutionArgs } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Context } from '../../context.js';
import { reportOutcome, type Outcome } from '../outcome.js';
import { setOperation, tracer } from '../tracing.js';

/**
 * Creates a span for each operation, with the spans of its REST calls below it, except for those that subscriptions share.
 * Spans contain no variables and no responses.
 */
export function useTracing(): Plugin<Context> {
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      const spanned = spanOf(args);
      if (!spanned) return undefined;
      const { within, end } = spanned;
      setExecuteFn((executeArgs) => within(() => executeFn(executeArgs) as unknown));
      return { onExecuteDone: reportOutcome(spanned.request, end) };
    },
    onSubscribe({ args, subscribeFn, setSubscribeFn }) {
      const spanned = spanOf(args);
      if (!spanned) return undefined;
      const { within, end } = spanned;
      setSubscribeFn(async (subscribeArgs) => {
        const result: unknown = await within(() => subscribeFn(subscribeArgs) as unknown);
        return isAsyncIterable(result) ? steppedWithin(result, within) : result;
      });
      return { onSubscribeResult: reportOutcome(spanned.request, end) };
    },
  };
}

/** The span of an operation; null without an SDK in the process. */
function spanOf({ document, operationName, contextValue }: ExecutionArgs) {
  const operation = getOperationAST(document, operationName);
  const { requestId, api, request } = contextValue as Context & { request: Request };
  const span = tracer.startSpan(`graphql ${operation?.operation ?? 'operation'}`, {
    attributes: {
      'graphql.operation.type': operation?.operation,
      'graphql.operation.name': operation?.name?.value,
      'request.id': requestId,
    },
  });
  if (!isSpanContextValid(span.spanContext())) return null;
  const active = trace.setSpan(context.active(), span);
  setOperation(request, active);
  return {
    request,
    within: <T>(work: () => T): T => context.with(active, work),
    end: ({ errors, isCancelled }: Outcome) => {
      span.setAttribute('constant_contact.calls', api.meter.calls);
      if (isCancelled) span.setAttribute('constant_contact.cancelled', true);
      if (errors > 0) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}

/** The same events, each executed within the span, because the consumer asks for the next one outside of it. */
function steppedWithin<T>(
  events: AsyncIterable<T>,
  within: <Result>(work: () => Result) => Result,
): AsyncIterableIterator<T> {
  const iterator = events[Symbol.asyncIterator]();
  const stepped: AsyncIterableIterator<T> = {
    [Symbol.asyncIterator]: () => stepped,
    next: () => within(() => iterator.next()),
    return: (value) => iterator.return?.(value) ?? Promise.resolve({ done: true, value: undefined }),
    throw: (error) => iterator.throw?.(error) ?? Promise.reject(error as Error),
  };
  return stepped;
}
