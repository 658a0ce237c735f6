import { context, isSpanContextValid, SpanStatusCode, trace } from '@opentelemetry/api';
import { getOperationAST, type ExecutionArgs } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../context.js';
import { whenOver, type Outcome } from '../outcome.js';
import { tracer } from '../tracing.js';

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
      return { onExecuteDone: (payload) => whenOver(payload, end) };
    },
    onSubscribe({ args, subscribeFn, setSubscribeFn }) {
      const spanned = spanOf(args);
      if (!spanned) return undefined;
      const { within, end } = spanned;
      setSubscribeFn((subscribeArgs) => within(() => subscribeFn(subscribeArgs) as unknown));
      return { onSubscribeResult: (payload) => whenOver(payload, end) };
    },
  };
}

/** The span of an operation; null where no SDK is in the process to be told of it. */
function spanOf({ document, operationName, contextValue }: ExecutionArgs) {
  const operation = getOperationAST(document, operationName);
  const { requestId, api } = contextValue as Context;
  const span = tracer.startSpan(`graphql ${operation?.operation ?? 'operation'}`, {
    attributes: {
      'graphql.operation.type': operation?.operation,
      'graphql.operation.name': operation?.name?.value,
      'request.id': requestId,
    },
  });
  if (!isSpanContextValid(span.spanContext())) return null;
  const active = trace.setSpan(context.active(), span);
  return {
    within: <T>(work: () => T): T => context.with(active, work),
    end: ({ errors }: Outcome) => {
      span.setAttribute('constant_contact.calls', api.meter.calls);
      if (errors > 0) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}
