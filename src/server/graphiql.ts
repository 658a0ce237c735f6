import { readFileSync } from 'node:fs';
import type { GraphiQLOptions } from 'graphql-yoga';
import { KEY_HEADER, type Access } from './access/access.js';
import type { Example } from './examples.js';
import type { CredentialSource } from './plugins/credentials.js';

/**
 * GraphiQL with one tab for each example, and a headers editor that says what belongs into it.
 *
 * @returns the options for the address that is opened: one that carries a query, as a shared link does, shows that
 * query alone, because GraphiQL prefers the tabs it is given to what is in its address
 */
export function graphiqlOptions(
  examples: readonly Example[],
  credentials: CredentialSource,
  access: Access | null,
) {
  const options: GraphiQLOptions = {
    title: 'Constant Contact',
    defaultHeaders: headersTemplate(credentials, access),
    defaultEditorToolsVisibility: needsHeaders(credentials, access) ? 'headers' : 'variables',
    // A token typed into the headers editor would otherwise stay in the browser's storage.
    shouldPersistHeaders: false,
  };
  const defaultTabs = examples.map(({ query, variables }) => ({ query, variables }));
  return ({ url }: Request): GraphiQLOptions =>
    examples.length === 0 || new URL(url).searchParams.has('query') ? options : { ...options, defaultTabs };
}

const needsHeaders = ({ kind }: CredentialSource, access: Access | null) =>
  access !== null || kind === 'pass-through';

/**
 * What a new tab's headers editor holds: JSON with comments, which the editor takes. Headers that the caller has to fill
 * in are comments too, because a placeholder would be sent, and refused, with the first request for the schema.
 */
function headersTemplate({ kind }: CredentialSource, access: Access | null): string {
  const authorization = '"authorization": "Bearer <access token>"';
  const lines = [
    ...(access
      ? [
          'This server wants a key or token of its own. Put it in, remove',
          'the slashes, and press the round arrow at the lower left.',
          ...access.headers.map(
            (name) => `"${name}": "<${name === KEY_HEADER ? 'key' : 'token'} of this server>",`,
          ),
        ]
      : []),
    ...(kind === 'pass-through'
      ? ['The account that is asked is that of your own token for', 'Constant Contact:', authorization]
      : kind === 'sandbox'
        ? ['The sandbox account needs no token.']
        : kind === 'host'
          ? ['Whose account is asked is decided by the program around', 'this server.']
          : [
              'The server has a token for Constant Contact. With another one',
              'its account is asked:',
              authorization,
            ]),
    'Each tab has its own headers. Closing the page forgets them.',
  ];
  return ['{', ...lines.map((line) => `  // ${line}`), '}'].join('\n');
}

/** The page may run what is in it, and reach this server and nobody else. */
const POLICY =
  "default-src 'none'; script-src 'unsafe-inline' blob:; style-src 'unsafe-inline'; img-src data:; font-src data:; worker-src blob:; connect-src 'self'; base-uri 'none'; form-action 'none'";

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
      page = import('@graphql-yoga/render-graphiql').then(({ renderGraphiQL }) =>
        withExtras(renderGraphiQL(options)),
      );
      pages.set(key, page);
    }
    return page;
  };
}

/** The bundle's page with a policy, and with the cost of the last answer. Its script comes before GraphiQL, to be there for its first request. */
function withExtras(page: string): string {
  const read = (file: string) => readFileSync(new URL(`../server/pages/${file}`, import.meta.url), 'utf8');
  const head = `<meta http-equiv="Content-Security-Policy" content="${POLICY}" /><style>${read('graphiql.css')}</style>`;
  const root = '<div id="root"></div>';
  // Functions, because a replacement text would have its "$" understood.
  return page
    .replace('<head>', (found) => found + head)
    .replace(root, (found) => `${found}<script>${read('graphiql.js')}</script>`);
}
