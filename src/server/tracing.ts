import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { AttemptReport } from '../constant-contact/client.js';

/** Spans go where an OpenTelemetry SDK sends them; without one in the process, nowhere. */
export const tracer = trace.getTracer('constant-contact-graphql');

/** The span of a REST call, below that of the operation that needed it. Made when it is over, because then all is known. */
export function traceAttempt({ operationId, attempt, status, error, ms, waitedMs }: AttemptReport): void {
  const end = Date.now();
  const span = tracer.startSpan(`constant-contact ${operationId}`, {
    kind: SpanKind.CLIENT,
    startTime: end - ms,
    attributes: {
      'constant_contact.operation': operationId,
      'constant_contact.attempt': attempt,
      'constant_contact.waited_ms': Math.round(waitedMs),
      ...(status !== undefined && { 'http.response.status_code': status }),
      ...(error && { 'error.type': error }),
    },
  });
  if (error) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(end);
}
