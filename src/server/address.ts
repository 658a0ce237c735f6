import type { IncomingMessage } from 'node:http';

/** A name or an IP address, and perhaps a port. Other characters could end the host within a URL. */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d*)?$/i;
/** Target of a request in absolute form: its host and its path. */
const ABSOLUTE = /^https?:\/\/([^/?#]*)(.*)$/i;

/** Returns the address of a request; null for an invalid path or host. */
export type AddressOf = (request: IncomingMessage) => URL | null;

/** Returns true for a valid `Host` header. */
export function isHost(host: string): boolean {
  return HOST.test(host) && URL.canParse(`http://${host}`);
}

/** Returns true for the path of GraphQL. Yoga serves it with a slash at the end, too. */
export function isEndpoint(pathname: string, endpoint: string): boolean {
  return pathname === endpoint || pathname === `${endpoint}/`;
}

/**
 * Decides the host and the path of requests: Yoga's adapter builds the same URL from a request that has passed. Nearly all
 * requests have the same address.
 */
export function addressReader(): AddressOf {
  let known = { text: '', url: new URL('http://localhost') };
  return (request) => {
    const headers = request.headers as Record<string, string | undefined>;
    // Embedding servers may use HTTP/2.
    const authority = headers[':authority'];
    if ((authority ?? headers['host']) === undefined && request.httpVersion !== '1.0') return null;
    // Programs in front of this one may use the other name.
    if (hasTwoHosts(request) || (authority !== undefined && (headers['host'] ?? authority) !== authority))
      return null;
    if (request.url?.startsWith('/') !== true && !toOriginForm(request)) return null;
    const host = authority ?? headers['host'] ?? 'localhost';
    const text = `http://${host}${request.url ?? ''}`;
    if (text !== known.text) {
      if (!HOST.test(host) || !URL.canParse(text)) return null;
      known = { text, url: new URL(text) };
    }
    return known.url;
  };
}

/** Node drops all `Host` headers but the first. */
function hasTwoHosts({ rawHeaders }: IncomingMessage): boolean {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts > 1;
}

/** Changes a target in absolute form into a path. Its host replaces the `Host` header (RFC 9112, 3.2.2). */
function toOriginForm(request: IncomingMessage): boolean {
  const [, host, path = ''] = ABSOLUTE.exec(request.url ?? '') ?? [];
  // Yoga's adapter would use the target that frameworks keep in `originalUrl`.
  if (host === undefined || 'originalUrl' in request) return false;
  request.headers.host = host;
  request.url = path.startsWith('/') ? path : `/${path}`;
  return true;
}
