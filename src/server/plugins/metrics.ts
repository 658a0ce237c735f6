import type { IncomingMessage } from 'node:http';
import { getOperationAST, type ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../context.js';
import { isLoopback } from '../../config/loopback.js';
import { errorResponse } from '../error-response.js';
import type { Metrics } from '../metrics.js';
import type { Observer } from '../outcome.js';

const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-real-ip'];

/**
 * Counts what the server does, and tells it at `GET /metrics`: to whoever shows a key where keys are wanted, elsewhere
 * to this machine alone.
 *
 * @param path where it is told; null where the embedding program tells it
 * @param guarded whether access was checked before a request comes here
 */
export function useMetrics(metrics: Metrics | null, path: string | null, guarded: boolean): Plugin {
  if (!metrics) return {};
  return {
    onRequest({ request, url, serverContext, fetchAPI, endResponse }) {
      if (url.pathname !== path || request.method !== 'GET') return undefined;
      if (!guarded && !isFromHere(request, (serverContext as { req?: IncomingMessage }).req)) {
        const extensions = { code: 'FORBIDDEN', retryable: false };
        const message =
          'Metrics are available on this machine only. To allow other callers, set ACCESS_KEYS_FILE.';
        endResponse(errorResponse(fetchAPI, 403, { message, extensions }));
        return undefined;
      }
      const headers = { 'content-type': metrics.contentType };
      return metrics.text().then((text) => {
        endResponse(new fetchAPI.Response(text, { headers }));
      });
    },
    onResultProcess({ result }) {
      const results = (Array.isArray(result) ? result : [result]) as ExecutionResult[];
      for (const error of results.flatMap((one) => one.errors ?? []))
        metrics.failed(error.extensions?.['code']);
    },
    onResponse({ response }) {
      metrics.answered(response.status);
    },
  };
}

/** Counts what is executed: of which kind, how long it took, whether it failed, what it cost. */
export function countOperations(metrics: Metrics): Observer {
  return ({ document, operationName, contextValue }) => {
    const started = performance.now();
    const type = getOperationAST(document, operationName)?.operation ?? 'unknown';
    return ({ errors, isCancelled }) => {
      const seconds = (performance.now() - started) / 1_000;
      const outcome = isCancelled ? 'cancelled' : errors > 0 ? 'errors' : 'ok';
      metrics.executed(type, seconds, outcome, (contextValue as Context).api.meter);
    };
  };
}

/** Not through a proxy on this machine, which would make everybody come from here. */
function isFromHere({ headers }: Request, message: IncomingMessage | undefined): boolean {
  const address = message?.socket.remoteAddress;
  return address !== undefined && isLoopback(address) && !FORWARDED.some((name) => headers.has(name));
}
