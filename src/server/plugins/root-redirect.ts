import type { Plugin } from 'graphql-yoga';

/** Sends whoever opens the root of the server to GraphiQL. */
export function useRootRedirect(graphqlPath: string): Plugin {
  return {
    onRequest({ request, url, fetchAPI, endResponse }) {
      if (request.method !== 'GET' || url.pathname !== '/') return;
      endResponse(new fetchAPI.Response(null, { status: 302, headers: { location: graphqlPath } }));
    },
  };
}
