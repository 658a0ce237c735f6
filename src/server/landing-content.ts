import type { Governor } from '../constant-contact/budget/governor.js';
import { KEY_HEADER, type Access } from './access/access.js';
import { MCP_PATH } from './embedding.js';
import type { Entry, Fact, Landing, Link } from './landing.js';
import type { CredentialSource } from './plugins/credentials.js';
import { API_SCHEMA_PATH, SUBGRAPH_PATH } from './plugins/schema-file.js';
import type { AppSettings, LoginState } from './settings.js';

/** Facts about the server, for callers who may see them. */
export async function factsOf(settings: AppSettings): Promise<Fact[]> {
  const { credentials, apiHost, client, login } = settings;
  const isSandbox = credentials.kind === 'sandbox';
  return [
    { name: 'Account', text: describeAccount(credentials, login && (await login().catch(() => null))) },
    { name: 'REST API', text: `\`${apiHost}\`${isSandbox ? ', inside this server' : ''}` },
    { name: 'Access', text: describeCallers(settings) },
    budgetFact(client.governor),
  ];
}

function describeAccount({ kind }: CredentialSource, login: Awaited<ReturnType<LoginState>> | null): string {
  if (kind === 'sandbox')
    return 'A sandbox account with sample data. Changes are lost when the server stops.';
  if (kind === 'pass-through') return "Each caller's own. The server has no access token.";
  if (kind === 'host') return "Each caller's own, chosen by the embedding program.";
  if (kind !== 'account') return 'The account of the access token in `CONSTANT_CONTACT_ACCESS_TOKEN`.';
  if (login === null)
    return 'The account that is logged in. The stored login cannot be read now: run `npx constant-contact-graphql doctor`.';
  if (login === 'ready') return 'The account that is logged in. The server renews the login automatically.';
  const why = login === 'ended' ? 'the login has ended' : 'nobody is logged in';
  return `None: ${why}. Run \`npx constant-contact-graphql login\`.`;
}

function describeCallers({ access, loopbackOnly, credentials: { kind } }: AppSettings): string {
  if (access) return `Callers with a key or token of this server, in ${names(access)}.`;
  if (loopbackOnly) return 'This machine only. No key is needed.';
  if (kind === 'sandbox')
    return 'Every caller, without a key. On a loopback address such as `127.0.0.1`, only this machine can call.';
  if (kind === 'host') return 'Controlled by the embedding program.';
  if (kind === 'pass-through') return 'Callers with a Constant Contact access token.';
  return 'Every caller, without a key (`ACCESS=open`).';
}

function budgetFact(governor: Governor): Fact {
  const { remainingToday, requestsPerDay, resetsAt } = governor.status();
  const name = 'Budget left';
  if (remainingToday === null) return { name, text: 'There is no limit of REST calls per day.' };
  const count = (value: number) => value.toLocaleString('en');
  const until = `${resetsAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return {
    name,
    text: `${count(remainingToday)} of ${count(requestsPerDay)} REST calls, until ${until}.`,
    left: { count: remainingToday, of: requestsPerDay },
  };
}

export function linksOf(settings: AppSettings, basePath: string, known: boolean): Link[] {
  const { endpoint, graphiql, introspection, exposeMetrics, access, persistedOperations, mcp } = settings;
  return [
    graphiql
      ? {
          name: 'GraphiQL',
          path: endpoint,
          text: 'Query editor with examples, the schema documentation and the cost of each response.',
        }
      : {
          name: 'GraphQL',
          path: endpoint,
          text: persistedOperations
            ? 'By `POST`. GraphiQL is off because only persisted operations run.'
            : 'By `POST`. GraphiQL is off.',
        },
    ...(introspection && (known || access === null)
      ? [
          { name: 'Schema', path: basePath + API_SCHEMA_PATH, text: 'For code generators and editors.' },
          {
            name: 'Subgraph',
            path: basePath + SUBGRAPH_PATH,
            text: 'The schema with its federation directives, for gateways.',
          },
        ]
      : []),
    ...(mcp
      ? [
          {
            name: 'MCP',
            path: basePath + MCP_PATH,
            text: 'Tools for agents over the Model Context Protocol, by `POST`.',
          },
        ]
      : []),
    {
      name: 'Health',
      path: `${basePath}/healthz`,
      text: 'Status of the server. For probes, use `livez` and `readyz`.',
    },
    ...(exposeMetrics && known
      ? [
          {
            name: 'Metrics',
            path: `${basePath}/metrics`,
            text: access ? 'For Prometheus.' : 'For Prometheus, on this machine.',
          },
        ]
      : []),
  ];
}

/** Request headers. */
export function headersOf({ access, credentials: { kind } }: AppSettings): Entry[] {
  return [
    ...(access?.headers ?? []).map((name, _, { length }) => ({
      name,
      text: `${length > 1 ? 'One of these is required' : 'Required'}: ${name === KEY_HEADER ? 'a key of this server, from its operator' : 'a token of the identity provider that this server trusts'}.`,
    })),
    ...(kind === 'host' ? [] : [authorization(kind)]),
    {
      name: 'x-request-id',
      text: 'Optional. Returned in the response and logged; generated when missing.',
    },
  ];
}

function authorization(kind: CredentialSource['kind']): Entry {
  const own = 'Bearer <Constant Contact access token>';
  return {
    name: 'authorization',
    text:
      kind === 'pass-through'
        ? `\`${own}\`. Required: the server forwards it and does not store it.`
        : kind === 'sandbox'
          ? 'Not needed for the sandbox account.'
          : `Optional. \`${own}\` uses that token's account instead of the server's.`,
  };
}

/** A curl command for the first query. */
export function firstQuery(settings: AppSettings, origin: string): Landing['first'] {
  const { access, persistedOperations, endpoint, credentials } = settings;
  if (persistedOperations) {
    return { note: 'This server runs only persisted operations: send the `documentId` of one.' };
  }
  const [accessHeader] = access?.headers ?? [];
  const headers = [
    'content-type: application/json',
    ...(accessHeader === undefined ? [] : [`${accessHeader}: <key or token of this server>`]),
    ...(credentials.kind === 'pass-through' ? [`authorization: Bearer <access token>`] : []),
  ];
  const query = '{ contacts(first: 2) { nodes { firstName lists { name } } } }';
  return {
    curl: [
      `curl ${origin}${endpoint}`,
      ...headers.map((header) => `  -H '${header}'`),
      `  -d '${JSON.stringify({ query })}'`,
    ].join(' \\\n'),
  };
}

function names({ headers }: Access): string {
  return headers.map((name) => `\`${name}\``).join(' or ');
}
