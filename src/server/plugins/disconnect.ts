import type { ServerResponse } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import { disconnectSignalOf } from '../gone.js';

/** Notices clients that leave before the end of their response. */
export function useDisconnect(): Plugin {
  return {
    onRequest({ request, serverContext }) {
      const { res: response } = serverContext as { res?: ServerResponse };
      const gone = disconnectSignalOf(request);
      response?.on('close', () => {
        // When a stream of HTTP/2 is reset, its response counts as finished although it has not ended.
        if (response.writableEnded && response.writableFinished) return;
        gone.abort();
      });
    },
  };
}
