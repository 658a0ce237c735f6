import type { IncomingMessage } from 'node:http';
import type { Plugin, YogaServerOptions } from 'graphql-yoga';
import { refusal } from '../error-response.js';
import { isLoopback } from '../../config/loopback.js';
import type { Refuse } from '../refusals.js';
import { SANDBOX_HEADER } from './response-headers.js';

/** Request headers that GraphQL clients and tracing tools send. */
const USUAL_HEADERS = [
  'accept',
  'apollo-require-preflight',
  'apollographql-client-name',
  'apollographql-client-version',
  'authorization',
  'baggage',
  'cache-control',
  'content-type',
  'traceparent',
  'tracestate',
  'x-apollo-operation-name',
  'x-graphql-client-name',
  'x-graphql-client-version',
  'x-request-id',
];

type CorsOptions = NonNullable<YogaServerOptions<object, object>['cors']>;

/**
 * CORS: pages of the listed origins may call the server and read its responses; without a list, no other page may.
 *
 * @param more additional request headers to allow: those for keys and tokens of this server, and the configured ones
 */
export function corsOptions(allowed: readonly string[], more: readonly string[]): CorsOptions {
  if (allowed.length === 0) return false;
  return {
    origin: [...allowed],
    credentials: false,
    methods: ['GET', 'POST'],
    allowedHeaders: [...USUAL_HEADERS, ...more],
    exposedHeaders: ['retry-after', 'x-request-id', SANDBOX_HEADER],
    maxAge: 600,
  };
}

export interface OriginOptions {
  allowed: readonly string[];
  /**
   * Set if only this machine may use the server, without a key: requests must then have a host name of this machine. Another
   * name could be one that a foreign page made point here (DNS rebinding).
   */
  loopbackOnly: boolean;
}

/**
 * Refuses requests that a browser sends for a page of another site. CORS alone would only hide the response: a form post needs
 * no permission, and with a token of the server it would be carried out (CSRF).
 * @param pages paths of pages without REST calls, to which other sites may link
 */
export function useOrigins(options: OriginOptions, pages: readonly string[], refuse: Refuse): Plugin {
  return {
    onRequest({ request, url, serverContext, fetchAPI, endResponse }) {
      const isPage = request.method === 'GET' && url.search === '' && pages.includes(url.pathname);
      const message = originRefusal(
        options,
        namesOf(request, url, serverContext),
        (name) => request.headers.get(name),
        isPage,
      );
      if (message === null) return;
      endResponse(refuse({ serverContext, fetchAPI }, 403, refusal('FORBIDDEN', message)));
    },
  };
}

/** Names of the server in a request. */
interface ServerNames {
  /** Host and port; null if it has none. */
  host: string | null;
  /** Host names that must be this machine's, if only this machine may use the server; none when this program made the request. */
  hostnames: readonly string[];
}

/**
 * Returns the reason to refuse a request, or null. Reads only its headers.
 *
 * @param isPage true for a page without REST calls
 */
export function originRefusal(
  { allowed, loopbackOnly }: OriginOptions,
  { host, hostnames }: ServerNames,
  header: (name: string) => string | null,
  isPage = false,
): string | null {
  if (loopbackOnly && !hostnames.every(isLoopback)) {
    return 'This server holds credentials and requires no key, so it accepts only host names of this machine, such as localhost. To allow other hosts, set ACCESS_KEYS_FILE, or set ACCESS=open if a proxy or gateway controls access.';
  }
  const origin = header('origin');
  if (origin !== null) {
    if (allowed.includes(origin) || (host !== null && hostOf(origin) === host)) return null;
    return 'This origin is not allowed. To allow it, add it to ALLOWED_ORIGINS.';
  }
  if (!isCrossSite(header, isPage)) return null;
  return 'Cross-site requests are not allowed. Open the address directly, or send the request from an origin in ALLOWED_ORIGINS.';
}

/**
 * Returns true if fetch metadata, which a page cannot change, shows a request that neither this origin nor a person sent. Clients
 * other than browsers send none.
 */
function isCrossSite(header: (name: string) => string | null, isPage: boolean): boolean {
  const site = header('sec-fetch-site');
  const dest = header('sec-fetch-dest');
  // Node's `fetch` sends the mode alone.
  if (site === 'same-origin' || (site ?? dest) === null) return false;
  // Frames, images, scripts and prefetches are not navigations of a person.
  const isNavigation = header('sec-fetch-mode') === 'navigate' && dest === 'document';
  const isPrefetch = /prefetch/i.test(header('sec-purpose') ?? header('purpose') ?? '');
  return !isNavigation || isPrefetch || (site !== 'none' && !isPage);
}

/** The request came over a network, even through a server that embeds this one, if it has a context; otherwise this program made it. */
function namesOf({ headers }: Request, url: URL, serverContext: unknown): ServerNames {
  const { req, mounted } = serverContext as { req?: IncomingMessage; mounted?: boolean };
  const header = headers.get('host');
  // Requests of HTTP/2 and of the fetch API have the host in their URL only; those of HTTP/1.0 may have none.
  const host = header ?? (req?.httpVersionMajor === 1 ? null : url.host);
  if (req !== undefined) return { host, hostnames: [url.hostname] };
  if (mounted !== true) return { host, hostnames: [] };
  // The embedding program may build the URL with a name of its own.
  return {
    host,
    hostnames: [url.hostname, ...(header === null ? [] : [new URL(`http://${header}`).hostname])],
  };
}

/** Host and port only: behind a proxy that terminates TLS, the browser's scheme is unknown here. */
function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
