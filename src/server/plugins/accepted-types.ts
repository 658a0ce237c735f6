import type { Plugin } from 'graphql-yoga';
import { acceptedOf, RESPONSE_TYPES, unquoteCharset } from '../accept.js';
import { isEndpoint } from '../address.js';
import { errorResponse, refusal } from '../error-response.js';

const METHODS = ['GET', 'POST'];

/**
 * Refuses requests that accept no media type of the responses before they run. Yoga would first run a mutation, and then
 * respond without a body.
 */
export function useAcceptedTypes(endpoint: string): Plugin {
  return {
    onRequest({ request, url, fetchAPI, endResponse }) {
      if (!isEndpoint(url.pathname, endpoint) || !METHODS.includes(request.method)) return;
      const accept = request.headers.get('accept')?.trim();
      if (accept === '' || acceptedOf(accept, RESPONSE_TYPES) !== null) {
        if (accept?.includes('"')) request.headers.set('accept', unquoteCharset(accept));
        return;
      }
      const message = `Responses are ${RESPONSE_TYPES.join(', ')}, in UTF-8. Send "Accept: application/json".`;
      endResponse(errorResponse(fetchAPI, 406, refusal('NOT_ACCEPTABLE', message)));
    },
  };
}
