import type { Plugin } from 'graphql-yoga';
import type { Governor } from '../../constant-contact/budget/governor.js';
import type { SharedState } from '../../constant-contact/redis/index.js';
import type { CredentialSource } from './credentials.js';

export interface HealthOptions {
  /** Base path of the addresses. */
  basePath: string;
  credentials: CredentialSource;
  governor: Governor;
  /** Host name of the REST API. */
  apiHost: string;
  isDraining: () => boolean;
  /** State shared with other processes; null for a single process. */
  shared: Pick<SharedState, 'status'> | null;
  sandbox: boolean;
}

/**
 * `GET /healthz` shows that the process works and its credentials; `GET /readyz` shows if it accepts requests. Neither makes a
 * REST call or needs credentials.
 */
export function useHealth({
  basePath,
  credentials,
  governor,
  apiHost,
  isDraining,
  shared,
  sandbox,
}: HealthOptions): Plugin {
  return {
    onRequest({ request, url, fetchAPI, endResponse }) {
      if (request.method !== 'GET') return;
      if (url.pathname === `${basePath}/healthz`) {
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
            ...(shared && { redis: redisHealth(shared) }),
          }),
        );
      } else if (url.pathname === `${basePath}/readyz`) {
        const draining = isDraining();
        endResponse(
          fetchAPI.Response.json(
            {
              status: draining ? 'shutting down' : 'ready',
              ...(sandbox && { sandbox }),
              ...(shared && { redis: redisHealth(shared).status }),
            },
            { status: draining ? 503 : 200 },
          ),
        );
      }
    },
  };
}

/** Without Redis the process continues with its share of the budget: a reason for an alarm, but it is ready for requests. */
function redisHealth(shared: Pick<SharedState, 'status'>) {
  const { connected, since, requestsPerSecond } = shared.status();
  return { status: connected ? 'connected' : 'unreachable', since: since.toISOString(), requestsPerSecond };
}
