import type { Plugin, YogaServerOptions } from 'graphql-yoga';
import { isLoopback } from '../access/access.js';
import type { Refuse } from '../refusals.js';

type CorsOptions = NonNullable<YogaServerOptions<object, object>['cors']>;

/**
 * Pages of the listed origins may call the server and read its answers; without a list, no foreign page may.
 *
 * @param accessHeaders headers that carry keys and tokens of this server
 */
export function corsOptions(allowed: readonly string[], accessHeaders: readonly string[]): CorsOptions {
  if (allowed.length === 0) return false;
  return {
    origin: [...allowed],
    credentials: false,
    methods: ['GET', 'POST'],
    allowedHeaders: ['authorization', 'content-type', 'x-request-id', ...accessHeaders],
    exposedHeaders: ['x-request-id'],
    maxAge: 600,
  };
}

export interface OriginOptions {
  allowed: readonly string[];
  /**
   * Set where only this machine may use the server, and needs no key: then requests have to be addressed to this
   * machine by name. Another name that leads here is one that a foreign page had its own name point to.
   */
  loopbackOnly: boolean;
}

/**
 * Refuses what a browser sends on behalf of another site's page. CORS alone would only hide the answer: a form
 * post needs no permission, and with a token held by the server it would be carried out.
 */
export function useOrigins(options: OriginOptions, refuse: Refuse): Plugin {
  return {
    onRequest({ request, url, serverContext, fetchAPI, endResponse }) {
      const hostname = cameIn(serverContext) ? url.hostname : null;
      const message = originRefusal(options, hostname, (name) => request.headers.get(name));
      if (message === null) return;
      const extensions = { code: 'FORBIDDEN', retryable: false };
      endResponse(refuse({ serverContext, fetchAPI }, 403, { message, extensions }));
    },
  };
}

/**
 * Why a request is refused, or null when it is not.
 *
 * @param hostname the name that it was sent to; null when this program made it itself
 */
export function originRefusal(
  { allowed, loopbackOnly }: OriginOptions,
  hostname: string | null,
  header: (name: string) => string | null,
): string | null {
  if (loopbackOnly && hostname !== null && !isLoopback(hostname)) {
    return 'This server holds credentials and asks for no key, so it answers only under the names of the machine itself, such as localhost. To let others in, set ACCESS_KEYS_FILE; or ACCESS=open where something else decides who gets in.';
  }
  const origin = header('origin');
  const site = header('sec-fetch-site') ?? 'none';
  const foreign =
    origin === null
      ? !['same-origin', 'none'].includes(site) && header('sec-fetch-mode') !== 'navigate'
      : !allowed.includes(origin) && hostOf(origin) !== header('host');
  return foreign
    ? 'Pages of this origin may not call the server. List the origin in ALLOWED_ORIGINS to let them.'
    : null;
}

/** Whether a request came over a network, be it through a server that embeds this one; otherwise this program made it. */
function cameIn(serverContext: unknown): boolean {
  const { req, mounted } = serverContext as { req?: unknown; mounted?: boolean };
  return req !== undefined || mounted === true;
}

/** Host and port only: behind a proxy that ends TLS, the scheme that the browser saw is not known here. */
function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
