import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { getOperationAST, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { handleStreamOrSingleExecutionResult, type Plugin } from 'graphql-yoga';
import type { Context } from '../../context.js';
import { tracer } from '../tracing.js';

/** A span for each operation; the spans of its REST calls are below it. Nothing of variables or answers is in them. */
export function useTracing(): Plugin<Context> {
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      const { document, operationName, contextValue } = args as ExecutionArgs;
      const operation = getOperationAST(document, operationName);
      const { requestId, api } = contextValue as Context;
      const span = tracer.startSpan(`graphql ${operation?.operation ?? 'operation'}`, {
        attributes: {
          'graphql.operation.type': operation?.operation,
          'graphql.operation.name': operation?.name?.value,
          'request.id': requestId,
        },
      });
      const active = trace.setSpan(context.active(), span);
      setExecuteFn((executeArgs) => context.with(active, () => executeFn(executeArgs) as unknown));
      return {
        onExecuteDone: (payload) =>
          handleStreamOrSingleExecutionResult(payload, ({ result }) => {
            const { errors } = result as ExecutionResult;
            span.setAttribute('constant_contact.calls', api.meter.calls);
            if (errors) span.setStatus({ code: SpanStatusCode.ERROR });
            span.end();
          }),
      };
    },
  };
}
