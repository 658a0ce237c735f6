import type { Plugin } from 'graphql-yoga';
import { errorResponse } from '../error-response.js';
import type { ErrorCode } from '../errors.js';

const TYPES = [
  'application/json',
  'application/graphql-response+json',
  'multipart/mixed',
  'text/event-stream',
];
const METHODS = ['GET', 'POST'];

/**
 * Refuses requests that accept no media type of the responses before they run. Yoga would first run a mutation, and then
 * respond without a body.
 */
export function useAcceptedTypes(endpoint: string): Plugin {
  return {
    onRequest({ request, url, fetchAPI, endResponse }) {
      if (url.pathname !== endpoint || !METHODS.includes(request.method)) return;
      if (acceptsAnswer(request.headers.get('accept') ?? '')) return;
      const message = `Responses are ${TYPES.join(', ')}, in UTF-8. Send "Accept: application/json".`;
      const extensions = { code: 'NOT_ACCEPTABLE' satisfies ErrorCode, retryable: false };
      endResponse(errorResponse(fetchAPI, 406, { message, extensions }));
    },
  };
}

/** Parsed as in Yoga: weights are ignored, and a type with another charset does not count. */
function acceptsAnswer(accept: string): boolean {
  if (accept.trim() === '') return true;
  return accept
    .replace(/\s/g, '')
    .toLowerCase()
    .split(',')
    .some((one) => {
      const [type = '', ...params] = one.split(';');
      const charset = params.find((param) => param.includes('charset=')) ?? 'charset=utf-8';
      const [kind, subtype] = type.split('/');
      return (
        charset === 'charset=utf-8' &&
        (type === '*/*' ||
          TYPES.some((known) => known === type || (subtype === '*' && known.split('/')[0] === kind)))
      );
    });
}
