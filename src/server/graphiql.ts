import type { GraphiQLOptions } from 'graphql-yoga';
import type { Access } from './access/access.js';
import type { Example } from './examples.js';
import type { CredentialSource } from './plugins/credentials.js';

/**
 * GraphiQL with one tab for each example; it asks for a token or key only where callers must bring one.
 *
 * @returns the options for the address that is opened: one that carries a query, as a shared link does, shows that
 * query alone, because GraphiQL prefers the tabs it is given to what is in its address
 */
export function graphiqlOptions(
  examples: readonly Example[],
  credentials: CredentialSource,
  access: Access | null,
) {
  const headers = {
    ...(credentials.kind === 'pass-through' && { authorization: 'Bearer <access token>' }),
    ...(access?.headers[0] !== undefined && { [access.headers[0]]: '<key or token of this server>' }),
  };
  const options: GraphiQLOptions = {
    title: 'Constant Contact',
    ...(Object.keys(headers).length > 0 && { defaultHeaders: JSON.stringify(headers, null, 2) }),
    // A token typed into the headers editor would otherwise stay in the browser's storage.
    shouldPersistHeaders: false,
  };
  const defaultTabs = examples.map(({ query, variables }) => ({ query, variables }));
  return ({ url }: Request): GraphiQLOptions =>
    examples.length === 0 || new URL(url).searchParams.has('query') ? options : { ...options, defaultTabs };
}

/**
 * Renders the page from the bundle on disk, without any CDN. The bundle has 9 MB, so it is loaded by the first
 * request for the page and not at start, and a page is made once for each set of options.
 */
export function createGraphiqlRenderer(): (options: GraphiQLOptions) => Promise<string> {
  const pages = new Map<string, Promise<string>>();
  return (options) => {
    const key = JSON.stringify(options);
    let page = pages.get(key);
    if (!page) {
      page = import('@graphql-yoga/render-graphiql').then(({ renderGraphiQL }) => renderGraphiQL(options));
      pages.set(key, page);
    }
    return page;
  };
}
