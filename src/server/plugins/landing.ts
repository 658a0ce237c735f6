import type { Plugin } from 'graphql-yoga';
import { namesType } from '../accept.js';
import type { Access } from '../access/access.js';
import { factsOf, firstQuery, headersOf, linksOf } from '../landing-content.js';
import { landingHtml, landingPolicy, landingText, type Landing } from '../landing.js';
import { readRelease } from '../release.js';
import type { AppSettings } from '../settings.js';

type Asked = Parameters<NonNullable<Plugin['onRequest']>>[0];

/**
 * `GET /` describes the server and how to start: as HTML for browsers, as text for others. When callers need a key, a caller
 * without one sees how to send it and no facts about the server.
 */
export function useLanding(settings: AppSettings, basePath: string): Plugin {
  const release = readRelease();
  const path = `${basePath}/`;
  const answer = async ({ request, url, fetchAPI, endResponse }: Asked): Promise<void> => {
    const { method, headers } = request;
    const known = settings.access === null || (await isKnown(settings.access, request));
    const origin = originOf(url, headers);
    const landing: Landing = {
      release: known ? release : { ...release, version: '' },
      facts: known ? await factsOf(settings) : [],
      links: linksOf(settings, basePath, known),
      headers: headersOf(settings),
      first: firstQuery(settings, origin),
    };
    const html = namesType(headers.get('accept'), 'text/html');
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

/** If keys cannot be checked now, the page is shown as to a caller without a key, instead of an error. */
async function isKnown(access: Access, request: Request): Promise<boolean> {
  try {
    return (await access.identify(request)) !== null;
  } catch {
    return false;
  }
}

/** The address that the caller used. A proxy that terminates TLS must set the forwarded protocol. */
function originOf({ protocol, host }: URL, headers: Headers): string {
  const forwarded = headers.get('x-forwarded-proto');
  const scheme = forwarded === 'https' || forwarded === 'http' ? `${forwarded}:` : protocol;
  // It is shown as part of a command, so it must not contain characters that a shell interprets.
  return `${scheme}//${/^[\w.:[\]-]+$/.test(host) ? host : 'localhost'}`;
}
