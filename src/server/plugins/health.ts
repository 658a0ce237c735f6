import type { Plugin } from 'graphql-yoga';
import type { Governor } from '../../constant-contact/governor.js';
import type { CredentialSource } from './credentials.js';

export interface HealthOptions {
  credentials: CredentialSource;
  governor: Governor;
  /** Host name of the REST API. */
  apiHost: string;
  isDraining: () => boolean;
}

/**
 * `GET /healthz` tells that the process works and in whose name; `GET /readyz` whether to send it more requests.
 * Neither makes a REST call, and neither needs credentials.
 */
export function useHealth({ credentials, governor, apiHost, isDraining }: HealthOptions): Plugin {
  return {
    onRequest({ request, url, fetchAPI, endResponse }) {
      if (request.method !== 'GET') return;
      if (url.pathname === '/healthz') {
        const { requestsPerSecond, requestsPerDay, remainingToday, resetsAt } = governor.status();
        endResponse(
          fetchAPI.Response.json({
            status: 'ok',
            credentials: credentials.kind,
            api: apiHost,
            rateLimit: {
              requestsPerSecond,
              requestsPerDay,
              remainingToday,
              resetsAt: resetsAt.toISOString(),
            },
          }),
        );
      } else if (url.pathname === '/readyz') {
        const draining = isDraining();
        endResponse(
          fetchAPI.Response.json(
            { status: draining ? 'shutting down' : 'ready' },
            { status: draining ? 503 : 200 },
          ),
        );
      }
    },
  };
}
