import type { Plugin } from 'graphql-yoga';
import { errorResponse } from '../error-response.js';

/** Rejects requests that arrive after a shutdown has started. Requests in flight continue. */
export function useDraining(isDraining: () => boolean): Plugin {
  return {
    onRequest({ fetchAPI, endResponse }) {
      if (!isDraining()) return;
      const extensions = { code: 'SHUTTING_DOWN', retryable: true };
      const response = errorResponse(fetchAPI, 503, { message: 'The server is shutting down.', extensions });
      response.headers.set('connection', 'close');
      endResponse(response);
    },
  };
}
