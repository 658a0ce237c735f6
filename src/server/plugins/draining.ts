import type { Plugin } from 'graphql-yoga';
import { errorResponse } from '../error-response.js';

/** Refuses what arrives after the shutdown has begun; what was under way before goes on. */
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
