import type { Governor } from '../constant-contact/budget/governor.js';
import { KEY_HEADER, type Access } from './access/access.js';
import { MCP_PATH } from './embedding.js';
import type { Entry, Fact, Landing, Link } from './landing.js';
import type { CredentialSource } from './plugins/credentials.js';
import { API_SCHEMA_PATH, SUBGRAPH_PATH } from './plugins/schema-file.js';

export interface LandingOptions {
  /** Path below which the addresses are, without a slash at its end. */
  basePath: string;
  graphqlPath: string;
  credentials: CredentialSource;
  governor: Governor;
  /** Host name of the REST API. */
  apiHost: string;
  access: Access | null;
  /** Only this machine may use the server, and needs no key. */
  loopbackOnly: boolean;
  introspection: boolean;
  graphiql: boolean;
  metrics: boolean;
  /** Whether only the operations of a manifest run. */
  persisted: boolean;
  /** Whether agents are answered. */
  mcp: boolean;
  /** Whether somebody is logged in, in account mode; null in other modes. */
  login: LoginState | null;
}

/** Asks nobody but the token store. */
export type LoginState = () => Promise<'ready' | 'loggedOut' | 'ended'>;

/** What runs; for those who may know. */
export async function factsOf(options: LandingOptions): Promise<Fact[]> {
  const { credentials, apiHost, governor, login } = options;
  const isSandbox = credentials.kind === 'sandbox';
  return [
    { name: 'Account', text: describeAccount(credentials, login && (await login().catch(() => null))) },
    { name: 'REST API', text: `\`${apiHost}\`${isSandbox ? ', inside this server' : ''}` },
    { name: 'Who may call', text: describeCallers(options) },
    budgetFact(governor),
  ];
}

function describeAccount({ kind }: CredentialSource, login: Awaited<ReturnType<LoginState>> | null): string {
  if (kind === 'sandbox')
    return 'A sandbox account with made-up data. It keeps what is written until the server stops.';
  if (kind === 'pass-through') return "Each caller's own. The server holds no access token.";
  if (kind === 'host') return 'That of whoever calls, as the program around this server knows it.';
  if (kind !== 'account') return 'The one of the access token that the server holds.';
  if (login === null)
    return 'The one that is logged in, but the login cannot be read now. Run `constant-contact-graphql doctor`.';
  if (login === 'ready') return 'The one that is logged in; the server renews its login by itself.';
  const why = login === 'ended' ? 'the login has ended' : 'nobody is logged in';
  return `None: ${why}. Run \`constant-contact-graphql login\`.`;
}

function describeCallers({ access, loopbackOnly, credentials: { kind } }: LandingOptions): string {
  if (access) return `Whoever has a key or token of this server, in ${names(access)}.`;
  if (loopbackOnly) return 'This machine alone. No key is needed.';
  if (kind === 'sandbox') return 'Whoever reaches this server. No key is needed.';
  if (kind === 'host') return 'Whoever the program around this server lets in.';
  if (kind === 'pass-through') return 'Whoever reaches this server and has a Constant Contact access token.';
  return 'Whoever reaches this server (`ACCESS=open`): what stands in front of it decides.';
}

function budgetFact(governor: Governor): Fact {
  const { remainingToday, requestsPerDay, resetsAt } = governor.status();
  const name = 'Budget left';
  if (remainingToday === null) return { name, text: 'No limit of REST calls a day is set.' };
  const count = (value: number) => value.toLocaleString('en');
  const until = `${resetsAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return {
    name,
    text: `${count(remainingToday)} of ${count(requestsPerDay)} REST calls, until ${until}.`,
    left: { count: remainingToday, of: requestsPerDay },
  };
}

export function linksOf(options: LandingOptions, known: boolean): Link[] {
  const { basePath, graphqlPath, graphiql, introspection, metrics, access, persisted, mcp } = options;
  return [
    graphiql
      ? {
          name: 'GraphiQL',
          path: graphqlPath,
          text: 'Queries by hand, with examples by task, the documentation of the schema, and what each answer cost.',
        }
      : {
          name: 'GraphQL',
          path: graphqlPath,
          text: persisted
            ? 'By `POST`. GraphiQL is off because only known operations run here.'
            : 'By `POST`. GraphiQL is switched off here.',
        },
    ...(introspection && (known || access === null)
      ? [
          { name: 'Schema', path: basePath + API_SCHEMA_PATH, text: 'For code generators and editors.' },
          {
            name: 'Subgraph',
            path: basePath + SUBGRAPH_PATH,
            text: 'The schema with its federation directives, for composers of gateways.',
          },
        ]
      : []),
    ...(mcp
      ? [
          {
            name: 'MCP',
            path: basePath + MCP_PATH,
            text: 'For agents, by `POST`: actions as tools of the Model Context Protocol.',
          },
        ]
      : []),
    {
      name: 'Health',
      path: `${basePath}/healthz`,
      text: 'For people; `livez` and `readyz` beside it are for probes.',
    },
    ...(metrics && known
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

/** What to send. */
export function headersOf({ access, credentials: { kind } }: LandingOptions): Entry[] {
  return [
    ...(access?.headers ?? []).map((name, _, { length }) => ({
      name,
      text: `${length > 1 ? 'One of these is needed' : 'Needed'}: ${name === KEY_HEADER ? 'a key of this server, which its operator gives out' : 'a token of the identity provider that this server trusts'}.`,
    })),
    ...(kind === 'host' ? [] : [authorization(kind)]),
    {
      name: 'x-request-id',
      text: 'Comes back with the answer and is in the log. Made up where it is not sent.',
    },
  ];
}

function authorization(kind: CredentialSource['kind']): Entry {
  const own = 'Bearer <Constant Contact access token>';
  return {
    name: 'authorization',
    text:
      kind === 'pass-through'
        ? `\`${own}\`. Needed: the server passes it on and does not keep it.`
        : kind === 'sandbox'
          ? 'Not needed: the sandbox account answers everybody.'
          : `Not needed. \`${own}\` asks that token's account in place of the server's.`,
  };
}

/** For the terminal of whoever reads it. */
export function firstQuery(options: LandingOptions, origin: string): Landing['first'] {
  const { access, persisted, graphqlPath, credentials } = options;
  if (persisted) {
    return { note: 'This server runs the operations of its manifest only: name one by its `documentId`.' };
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
      `curl ${origin}${graphqlPath}`,
      ...headers.map((header) => `  -H '${header}'`),
      `  -d '${JSON.stringify({ query })}'`,
    ].join(' \\\n'),
  };
}

function names({ headers }: Access): string {
  return headers.map((name) => `\`${name}\``).join(' or ');
}
