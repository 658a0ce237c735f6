import type { Plugin, YogaServerOptions } from 'graphql-yoga';
import { errorResponse } from '../error-response.js';

type CorsOptions = NonNullable<YogaServerOptions<object, object>['cors']>;

/** Pages of the listed origins may call the server and read its answers; without a list, no foreign page may. */
export function corsOptions(allowed: readonly string[]): CorsOptions {
  if (allowed.length === 0) return false;
  return {
    origin: [...allowed],
    credentials: false,
    methods: ['GET', 'POST'],
    allowedHeaders: ['authorization', 'content-type', 'x-request-id'],
    exposedHeaders: ['x-request-id'],
    maxAge: 600,
  };
}

/**
 * Refuses what a browser sends on behalf of another site's page. CORS alone would only hide the answer: a form
 * post needs no permission, and with a token held by the server it would be carried out.
 */
export function useOrigins(allowed: readonly string[]): Plugin {
  return {
    onRequest({ request, fetchAPI, endResponse }) {
      const { headers } = request;
      const origin = headers.get('origin');
      const foreign =
        origin === null
          ? headers.get('sec-fetch-site') === 'cross-site' && headers.get('sec-fetch-mode') !== 'navigate'
          : !allowed.includes(origin) && hostOf(origin) !== headers.get('host');
      if (!foreign) return;
      const message =
        'Pages of this origin may not call the server. List the origin in ALLOWED_ORIGINS to let them.';
      endResponse(
        errorResponse(fetchAPI, 403, { message, extensions: { code: 'FORBIDDEN', retryable: false } }),
      );
    },
  };
}

/** Host and port only: behind a proxy that ends TLS, the scheme that the browser saw is not known here. */
function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
