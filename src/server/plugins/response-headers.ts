import type { Plugin } from 'graphql-yoga';

/** Header of every response of a server that serves made-up data, so that nobody takes it for real. */
export const SANDBOX_HEADER = 'x-constant-contact-sandbox';

/**
 * Every answer but a file of a page is about one account, so no cache may keep it or give it to the bearer of another token.
 * The rest protects the page with GraphiQL: it cannot be framed, and its address, which holds the query, is not passed on.
 */
export function useResponseHeaders(sandbox: boolean): Plugin {
  return {
    onResponse({ response: { headers } }) {
      if (!headers.get('cache-control')?.includes('immutable')) {
        headers.set('cache-control', 'private, no-store');
        headers.append('vary', 'Authorization');
      }
      headers.set('x-content-type-options', 'nosniff');
      headers.set('referrer-policy', 'no-referrer');
      // A page may have a stricter one.
      if (!headers.has('content-security-policy'))
        headers.set('content-security-policy', "frame-ancestors 'none'");
      headers.set('x-frame-options', 'DENY');
      headers.set('cross-origin-resource-policy', 'same-origin');
      if (sandbox) headers.set(SANDBOX_HEADER, 'true');
    },
  };
}
