import type { Plugin } from 'graphql-yoga';
import type { SharedState } from '../../constant-contact/redis/index.js';
import type { AppSettings } from '../settings.js';

/**
 * `GET /healthz` shows that the process works and its credentials; `GET /readyz` shows if it accepts requests. Neither makes a
 * REST call or needs credentials. `HEAD` gets the same response without its body.
 */
export function useHealth(
  { client, credentials, apiHost, shared, sandbox }: AppSettings,
  basePath: string,
  isDraining: () => boolean,
): Plugin {
  return {
    onRequest({ request, url, fetchAPI, endResponse }) {
      const { method } = request;
      if (method !== 'GET' && method !== 'HEAD') return;
      const respond = (body: object, status = 200) => {
        const headers = { 'content-type': 'application/json' };
        const text = method === 'HEAD' ? null : JSON.stringify(body);
        endResponse(new fetchAPI.Response(text, { status, headers }));
      };
      if (url.pathname === `${basePath}/healthz`) {
        const { requestsPerSecond, requestsPerDay, remainingToday, resetsAt } = client.governor.status();
        respond({
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
        });
      } else if (url.pathname === `${basePath}/readyz`) {
        const draining = isDraining();
        respond(
          {
            status: draining ? 'shutting down' : 'ready',
            ...(sandbox && { sandbox }),
            ...(shared && { redis: redisHealth(shared).status }),
          },
          draining ? 503 : 200,
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
