import { setTimeout } from 'node:timers/promises';
import {
  context,
  isSpanContextValid,
  ProxyTracerProvider,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
} from '@opentelemetry/api';
import type { AttemptSpan } from '../constant-contact/client.js';
import { Attached } from '../constant-contact/attached.js';
import type { OperationId } from '../constant-contact/contract/operations.js';

/** Spans go to the OpenTelemetry SDK in the process, if there is one. */
export const tracer = trace.getTracer('constant-contact-graphql');

/**
 * Starts the span of a REST call, below that of its operation. Spans of other instrumentations for the HTTP request are below
 * it.
 * @returns undefined without an SDK in the process
 */
export function startAttempt(operationId: OperationId, attempt: number): AttemptSpan | undefined {
  const span = tracer.startSpan(`constant-contact ${operationId}`, {
    kind: SpanKind.CLIENT,
    attributes: { 'constant_contact.operation': operationId, 'constant_contact.attempt': attempt },
  });
  if (!isSpanContextValid(span.spanContext())) return undefined;
  return {
    within: (work) => context.with(trace.setSpan(context.active(), span), work),
    end: ({ status, error, waitedMs }) => {
      span.setAttribute('constant_contact.waited_ms', Math.round(waitedMs));
      if (status !== undefined) span.setAttribute('http.response.status_code', status);
      if (error) span.setAttribute('error.type', error).setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}

/** The contexts in which operations are executed, each with the span of its operation, by request. */
const operations = new Attached<Request, Context>();

/** Sets the context that `withinOperation` enters. */
export function setOperation(request: Request, active: Context): void {
  operations.set(request, active);
}

/** Runs work for an operation after or beside its execution, such as a line of the log, within the operation's span. */
export function withinOperation<T>(request: Request, work: () => T): T {
  const active = operations.get(request);
  return active ? context.with(active, work) : work();
}

/** IDs of the span of a log line, under the names that tools expect. */
export function spanIds(): { trace_id?: string; span_id?: string } {
  const span = trace.getActiveSpan()?.spanContext();
  return span ? { trace_id: span.traceId, span_id: span.spanId } : {};
}

/** Time that the end of the process waits for the export of spans. */
const FLUSH_MS = 2_000;

/** Resolves when finished spans were exported, if there is an SDK, or at a timeout. */
export async function flushSpans(): Promise<void> {
  const provider = trace.getTracerProvider();
  const sdk = (provider instanceof ProxyTracerProvider ? provider.getDelegate() : provider) as {
    forceFlush?: () => Promise<void>;
  };
  const late = setTimeout(FLUSH_MS, undefined, { ref: false });
  await Promise.race([sdk.forceFlush?.().catch(() => undefined), late]);
}
