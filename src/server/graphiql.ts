import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
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
  const withTabs = examples.length === 0 ? options : { ...options, defaultTabs };
  return ({ url }: Request): GraphiQLOptions => (new URL(url).searchParams.has('query') ? options : withTabs);
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
          'This server requires a key or token. Insert it, remove',
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

/** What the page may do: load and reach nothing but this server. The editor makes its style sheets itself. */
export const GRAPHIQL_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src data:; worker-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** A file that the page loads. Its name changes with its content. */
export interface Asset {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
  /** The same by gzip. */
  readonly compressed: Uint8Array;
}

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json',
  ico: 'image/x-icon',
};

const typeOf = (name: string) => TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';

/** The page and its files. They are addressed by a parameter, so that they are found wherever the endpoint is mounted. */
export interface Graphiql {
  /** @param options one of a few objects, for each of which the page is made once */
  page(options: GraphiQLOptions): Promise<string>;
  /** The file of that name; undefined for none. */
  asset(name: string): Promise<Asset | undefined>;
}

/** @returns the page, whose bundle of 9 MB is loaded and compressed once, when it is first asked for */
export function createGraphiql(): Graphiql {
  let loading: Promise<ReadonlyMap<string, Asset>> | undefined;
  // By their names.
  const assets = new Map<string, Asset>();
  const load = () => {
    loading ??= loadBundle().then((bundle) => {
      for (const asset of bundle.values()) assets.set(asset.name, asset);
      return bundle;
    });
    loading.catch(() => (loading = undefined));
    return loading;
  };
  const makePage = async (options: GraphiQLOptions) => {
    const bundle = await load();
    const address = (key: string) => `?asset=${bundle.get(key)?.name ?? ''}`;
    const workers = {
      editorWorkerService: address('editor-worker.js'),
      json: address('json-worker.js'),
      graphql: address('graphql-worker.js'),
    };
    const settings = assetOf('options', 'json', JSON.stringify({ options, workers }));
    assets.set(settings.name, settings);
    return pageHtml(options.title ?? '', address, `?asset=${settings.name}`);
  };
  const pages = new Map<GraphiQLOptions, string>();
  return {
    page: async (options) => {
      const page = pages.get(options) ?? (await makePage(options));
      pages.set(options, page);
      return page;
    },
    asset: async (name) => {
      await load();
      return assets.get(name);
    },
  };
}

const pageHtml = (title: string, address: (key: string) => string, options: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="${address('favicon.ico')}">
<link rel="stylesheet" href="${address('graphiql.css')}">
<script defer src="${address('start.js')}" data-options="${options}"></script>
<script defer src="${address('graphiql.js')}"></script>
</head>
<body id="body" class="no-focus-outline">
<noscript>GraphiQL needs JavaScript.</noscript>
<div id="root"></div>
</body>
</html>
`;

function assetOf(name: string, extension: string, text: string): Asset {
  const bytes = Buffer.from(text);
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  const compressed = gzipSync(bytes);
  return { name: `${name}.${hash}.${extension}`, type: typeOf(`.${extension}`), bytes, compressed };
}

/** The files of the bundle by what they are. */
async function loadBundle(): Promise<ReadonlyMap<string, Asset>> {
  const worker = new Worker(new URL('../server/pages/graphiql-bundle.js', import.meta.url));
  const [files] = (await once(worker, 'message')) as [(Omit<Asset, 'type'> & { key: string })[]];
  return new Map(files.map(({ key, ...file }) => [key, { ...file, type: typeOf(key) }]));
}
