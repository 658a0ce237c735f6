import type { IncomingMessage } from 'node:http';
import type { ErrorCode, PublicError } from './errors.js';
import { MULTIPART } from './plugins/uploads.js';

/** The answer to a request whose body the embedding program has read: status 500, because only that program can change it. */
export const BODY_CONSUMED: PublicError = {
  message:
    'The server that the facade is mounted in has already read the body of this request. Hand requests over before anything reads them: ' +
    'in Fastify from an `onRequest` hook, in Express above the middleware that reads them, elsewhere as a `Request` whose body is unread.',
  extensions: { code: 'BODY_CONSUMED' satisfies ErrorCode, retryable: false },
};

/** Whether nothing is left of the body: neither its stream nor, as `body`, what a parser such as Express's has made of it. */
export function isConsumed(request: IncomingMessage): boolean {
  if (request.method !== 'POST' || !request.readableDidRead) return false;
  const { body } = request as { body?: unknown };
  return body == null || MULTIPART.test(request.headers['content-type'] ?? '');
}
