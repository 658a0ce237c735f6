import type { IncomingMessage } from 'node:http';
import { getOperationAST, type ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../context.js';
import { isLoopback } from '../../config/loopback.js';
import { errorResponse, refusal } from '../error-response.js';
import type { Metrics } from '../metrics.js';
import type { Observer } from '../outcome.js';

const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-real-ip'];

/**
 * Counts events of the server and exposes them at `GET /metrics`: to callers with a key if keys are required, otherwise to this
 * machine only.
 *
 * @param path path of the metrics; null if the embedding program exposes them
 * @param guarded true if access was checked before this plugin
 */
export function useMetrics(metrics: Metrics | null, path: string | null, guarded: boolean): Plugin {
  if (!metrics) return {};
  return {
    onRequest({ request, url, serverContext, fetchAPI, endResponse }) {
      if (url.pathname !== path || request.method !== 'GET') return undefined;
      if (!guarded && !isFromHere(request, (serverContext as { req?: IncomingMessage }).req)) {
        const message =
          'Metrics are available on this machine only. To allow other callers, set ACCESS_KEYS_FILE.';
        endResponse(errorResponse(fetchAPI, 403, refusal('FORBIDDEN', message)));
        return undefined;
      }
      const headers = { 'content-type': metrics.contentType };
      return metrics.text().then((text) => endResponse(new fetchAPI.Response(text, { headers })));
    },
    onResultProcess({ result }) {
      const { errors = [] } = result as ExecutionResult;
      for (const error of errors) metrics.failed(error.extensions?.['code']);
    },
    onResponse({ response }) {
      metrics.answered(response.status);
    },
  };
}

/** Counts executions: kind, duration, errors and calls. */
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

/** False for a request through a proxy on this machine, which makes every caller look local. */
function isFromHere({ headers }: Request, message: IncomingMessage | undefined): boolean {
  const address = message?.socket.remoteAddress;
  return address !== undefined && isLoopback(address) && !FORWARDED.some((name) => headers.has(name));
}
