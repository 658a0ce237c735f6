import type { Plugin } from 'graphql-yoga';
import { errorResponse } from '../error-response.js';
import type { ErrorCode } from '../errors.js';

/** Answers requests for paths that no other plugin has answered, those of embedding programs included. */
export function useUnknownPaths(endpoint: string): Plugin {
  return {
    onRequest({ url, fetchAPI, endResponse }) {
      if (url.pathname === endpoint || url.pathname === `${endpoint}/`) return;
      endResponse(
        errorResponse(fetchAPI, 404, {
          message: `There is nothing at this path. GraphQL is at ${endpoint}.`,
          extensions: { code: 'NOT_FOUND' satisfies ErrorCode, retryable: false },
        }),
      );
    },
  };
}
