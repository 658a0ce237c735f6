import { context, isSpanContextValid, SpanStatusCode, trace } from '@opentelemetry/api';
import { getOperationAST, type ExecutionArgs } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Context } from '../../context.js';
import { whenOver, type Outcome } from '../outcome.js';
import { setOperation, tracer } from '../tracing.js';

/**
 * A span for each operation; the spans of its REST calls are below it, but for those that subscriptions share.
 * Nothing of variables or answers is in them.
 */
export function useTracing(): Plugin<Context> {
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      const spanned = spanOf(args);
      if (!spanned) return undefined;
      const { within, end } = spanned;
      setExecuteFn((executeArgs) => within(() => executeFn(executeArgs) as unknown));
      return { onExecuteDone: whenOver(spanned.request, end) };
    },
    onSubscribe({ args, subscribeFn, setSubscribeFn }) {
      const spanned = spanOf(args);
      if (!spanned) return undefined;
      const { within, end } = spanned;
      setSubscribeFn(async (subscribeArgs) => {
        const result: unknown = await within(() => subscribeFn(subscribeArgs) as unknown);
        return isAsyncIterable(result) ? steppedWithin(result, within) : result;
      });
      return { onSubscribeResult: whenOver(spanned.request, end) };
    },
  };
}

/** The span of an operation; null where no SDK is in the process to be told of it. */
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

/** The same events, each executed within the span: whoever asks for the next one is outside of it. */
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
