import type { GraphiQLOptions } from 'graphql-yoga';
import type { Example } from './examples.js';
import type { CredentialSource } from './plugins/credentials.js';

/** GraphiQL with one tab for each example; it asks for a token only where callers must bring their own. */
export function graphiqlOptions(
  examples: readonly Example[],
  credentials: CredentialSource,
): GraphiQLOptions {
  return {
    title: 'Constant Contact GraphQL',
    ...(examples.length > 0 && {
      defaultTabs: examples.map(({ query, variables }) => ({ query, variables })),
    }),
    ...(credentials.kind === 'pass-through' && {
      defaultHeaders: JSON.stringify({ authorization: 'Bearer <access token>' }, null, 2),
    }),
    // A token typed into the headers editor would otherwise stay in the browser's storage.
    shouldPersistHeaders: false,
  };
}

/**
 * Renders the page from the bundle on disk, without any CDN. The bundle has 9 MB, so it is loaded by the first
 * request for the page and not at start, and the page is made once.
 */
export function createGraphiqlRenderer(): (options: GraphiQLOptions) => Promise<string> {
  let page: Promise<string> | undefined;
  return (options) => {
    page ??= import('@graphql-yoga/render-graphiql').then(({ renderGraphiQL }) => renderGraphiQL(options));
    return page;
  };
}
