import type { IncomingMessage } from 'node:http';
import { refusal } from './error-response.js';
import { MULTIPART } from './plugins/uploads.js';

/** Response when the embedding program has already read the body: status 500, because only that program can change it. */
export const BODY_CONSUMED = refusal(
  'BODY_CONSUMED',
  'The body of this request was already read by the embedding server. Pass requests to the facade before the body is read: ' +
    'in Fastify in an `onRequest` hook, in Express before the body-parsing middleware, elsewhere as a `Request` with an unread body.',
);

/** Returns true if the body was already read: its stream is at its end, and there is no `body` of a parser such as Express's. */
export function isConsumed(request: IncomingMessage): boolean {
  if (request.method !== 'POST' || !request.readableDidRead) return false;
  const { body } = request as { body?: unknown };
  return body == null || MULTIPART.test(request.headers['content-type'] ?? '');
}
