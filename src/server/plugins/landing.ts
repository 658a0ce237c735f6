import type { Plugin } from 'graphql-yoga';
import type { Access } from '../access/access.js';
import { factsOf, firstQuery, headersOf, linksOf, type LandingOptions } from '../landing-content.js';
import { landingHtml, landingPolicy, landingText, type Landing } from '../landing.js';
import { readRelease } from '../release.js';

type Asked = Parameters<NonNullable<Plugin['onRequest']>>[0];

/**
 * `GET /` tells what runs, for whom and how to begin: as a page to browsers, as text to others. Where callers need a key,
 * whoever shows none is told how to show one and nothing of what runs.
 */
export function useLanding(options: LandingOptions): Plugin {
  const release = readRelease();
  const path = `${options.basePath}/`;
  const answer = async ({ request, url, fetchAPI, endResponse }: Asked): Promise<void> => {
    const { method, headers } = request;
    const known = options.access === null || (await isKnown(options.access, request));
    const origin = originOf(url, headers);
    const landing: Landing = {
      release: known ? release : { ...release, version: '' },
      facts: known ? await factsOf(options) : [],
      links: linksOf(options, known),
      headers: headersOf(options),
      first: firstQuery(options, origin),
    };
    const html = headers.get('accept')?.includes('text/html') ?? false;
    const body = html ? landingHtml(landing) : landingText(landing, origin);
    endResponse(
      new fetchAPI.Response(method === 'HEAD' ? null : body, {
        headers: {
          'content-type': `text/${html ? 'html' : 'plain'}; charset=utf-8`,
          vary: 'Accept',
          ...(html && { 'content-security-policy': landingPolicy() }),
        },
      }),
    );
  };
  return {
    onRequest(asked) {
      const { method } = asked.request;
      const isAsked = asked.url.pathname === path && (method === 'GET' || method === 'HEAD');
      return isAsked ? answer(asked) : undefined;
    },
  };
}

/** Keys that cannot be checked now are none: the page is there to help, and no reason to answer with an error. */
async function isKnown(access: Access, request: Request): Promise<boolean> {
  try {
    return (await access.identify(request)) !== null;
  } catch {
    return false;
  }
}

/** The address that the caller used. Behind a proxy that ends TLS, the proxy has to say so. */
function originOf({ protocol, host }: URL, headers: Headers): string {
  const forwarded = headers.get('x-forwarded-proto');
  const scheme = forwarded === 'https' || forwarded === 'http' ? `${forwarded}:` : protocol;
  // It is shown as part of a command, so it may hold nothing that a shell understands.
  return `${scheme}//${/^[\w.:[\]-]+$/.test(host) ? host : 'localhost'}`;
}
