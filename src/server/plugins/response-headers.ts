import type { Plugin } from 'graphql-yoga';
import { Attached } from '../../constant-contact/attached.js';

/** Header of every response of a server with sample data, so that it is not mistaken for real data. */
export const SANDBOX_HEADER = 'x-constant-contact-sandbox';

/** Time for which the client may cache a response, and the age of its data, in seconds. */
interface CacheLifetime {
  maxAge: number;
  age: number;
}

const lifetimes = new Attached<Request, CacheLifetime>();

/** Allows the caller to cache the response to this request. */
export function allowCaching(request: Request, keeping: CacheLifetime): void {
  lifetimes.set(request, keeping);
}

/**
 * Sets the headers of all responses. Except for files of a page, a response belongs to one account, so shared caches must not
 * store it, and the caller's own cache only where `allowCaching` was called. The other headers protect GraphiQL: it cannot be
 * framed, and its address, which contains the query, is not sent as a referrer.
 *
 * @param keyHeaders headers on which responses depend, besides `Accept` and `Authorization`
 */
export function useResponseHeaders(sandbox: boolean, keyHeaders: readonly string[]): Plugin {
  // `Accept` selects the media type: JSON, a stream of events or parts, or GraphiQL.
  const varying = [...new Set(['Accept', 'Authorization', ...keyHeaders])];
  const vary = varying.join(', ');
  return {
    onResponse({ request, response: { headers, status } }) {
      if (!headers.get('cache-control')?.includes('immutable')) {
        const keeping = status === 200 ? lifetimes.get(request) : undefined;
        headers.set('cache-control', keeping ? `private, max-age=${keeping.maxAge}` : 'private, no-store');
        if (keeping) headers.set('age', String(keeping.age));
        const others = headers.get('vary')?.split(/\s*,\s*/);
        headers.set('vary', others ? [...new Set([...varying, ...others])].join(', ') : vary);
      }
      headers.set('x-content-type-options', 'nosniff');
      headers.set('referrer-policy', 'no-referrer');
      // Pages set a stricter one.
      if (!headers.has('content-security-policy'))
        headers.set('content-security-policy', "frame-ancestors 'none'");
      headers.set('x-frame-options', 'DENY');
      headers.set('cross-origin-resource-policy', 'same-origin');
      if (sandbox) headers.set(SANDBOX_HEADER, 'true');
    },
  };
}
