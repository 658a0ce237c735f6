import type { Plugin } from 'graphql-yoga';
import { errorResponse, refusal } from '../error-response.js';

/** Rejects requests that arrive after a shutdown has started. Requests in flight continue. */
export function useDraining(isDraining: () => boolean): Plugin {
  return {
    onRequest({ fetchAPI, endResponse }) {
      if (!isDraining()) return;
      const error = refusal('SHUTTING_DOWN', 'The server is shutting down.', true);
      const response = errorResponse(fetchAPI, 503, error);
      response.headers.set('connection', 'close');
      endResponse(response);
    },
  };
}
