import type { GraphiQLOptions, Plugin } from 'graphql-yoga';
import { namesType } from '../accept.js';
import { isEndpoint } from '../address.js';
import { createGraphiql, GRAPHIQL_POLICY } from '../graphiql.js';

type Asked = Parameters<NonNullable<Plugin['onRequest']>>[0];

/**
 * GraphiQL for browsers that open the endpoint: a small page, and files that can be cached without limit.
 *
 * @param optionsFor the options for a request; null without a page
 */
export function useGraphiql(
  endpoint: string,
  optionsFor: ((request: Request) => GraphiQLOptions) | null,
): Plugin {
  if (!optionsFor) return {};
  const graphiql = createGraphiql();
  const sendAsset = async (name: string, { request, fetchAPI, endResponse }: Asked) => {
    const asset = await graphiql.asset(name);
    if (!asset) {
      endResponse(new fetchAPI.Response(null, { status: 404 }));
      return;
    }
    const isCompressed = /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '');
    const bytes = isCompressed ? asset.compressed : asset.bytes;
    endResponse(
      new fetchAPI.Response(bytes as BodyInit, {
        headers: {
          'content-type': asset.type,
          'content-length': String(bytes.length),
          'cache-control': 'public, max-age=31536000, immutable',
          vary: 'Accept-Encoding',
          ...(isCompressed && { 'content-encoding': 'gzip' }),
        },
      }),
    );
  };
  const sendPage = async ({ request, fetchAPI, endResponse }: Asked) => {
    const page = await graphiql.page(optionsFor(request)).catch(() => null);
    if (page === null) {
      const why =
        'The files of GraphiQL are missing, as in a program that is bundled into one file. Set GRAPHIQL=off.\n';
      endResponse(new fetchAPI.Response(why, { status: 503 }));
      return;
    }
    endResponse(
      new fetchAPI.Response(page, {
        headers: {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': GRAPHIQL_POLICY,
          vary: 'Accept',
        },
      }),
    );
  };
  return {
    onRequest(asked) {
      const { request, url } = asked;
      if (request.method !== 'GET' || !isEndpoint(url.pathname, endpoint)) return undefined;
      const name = url.searchParams.get('asset');
      if (name !== null) return sendAsset(name, asked);
      return namesType(request.headers.get('accept'), 'text/html') ? sendPage(asked) : undefined;
    },
  };
}
