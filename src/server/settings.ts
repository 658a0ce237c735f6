import type { GraphQLSchema } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { DEFAULT_MAX_QUERY_COST } from '../config/variables.js';
import type { ConstantContact } from '../constant-contact/client.js';
import { systemClock, type Clock } from '../constant-contact/clock.js';
import type { SharedState } from '../constant-contact/redis/index.js';
import type { Access } from './access/access.js';
import { DEFAULT_UNREAD_MS } from './connections.js';
import { GRAPHQL_PATH, type HostContext } from './embedding.js';
import type { Example } from './examples.js';
import type { Logger } from './logger.js';
import type { Metrics } from './metrics.js';
import type { PersistedOperations } from './persisted.js';
import type { CredentialSource } from './plugins/credentials.js';
import { DEFAULT_OPERATION_TIMEOUT_MS } from './plugins/deadline.js';
import type { McpHandler } from './plugins/mcp.js';

/** Reads the token store only. */
export type LoginState = () => Promise<'ready' | 'loggedOut' | 'ended'>;

/** Settings of a server. */
export interface AppSettings {
  /** Path of GraphQL and GraphiQL. Health, downloads and metrics are next to it: below `/api` for `/api/graphql`. */
  endpoint: string;
  schema: GraphQLSchema;
  client: ConstantContact;
  credentials: CredentialSource;
  /** Host name of the REST API, for `/healthz`. */
  apiHost: string;
  logger: Logger;
  clock: Clock;
  /** Tabs of GraphiQL. */
  examples: readonly Example[];
  /** Web origins, besides the server's own, whose pages may call it. */
  allowedOrigins: readonly string[];
  /** Additional request headers for pages of those origins. */
  allowedHeaders: readonly string[];
  /** Maximum query cost of one operation; 0 for no limit. */
  maxQueryCost: number;
  /** Maximum duration of one operation; 0 for no limit. */
  operationTimeoutMs: number;
  /** Access control; null admits every caller. */
  access: Access | null;
  /** True if the server holds credentials and requires no key: it then accepts only host names of this machine. */
  loopbackOnly: boolean;
  introspection: boolean;
  graphiql: boolean;
  /** The only operations that may run; null for all. */
  persistedOperations: PersistedOperations | null;
  metrics: Metrics | null;
  /** Handles MCP requests; null if the endpoint is disabled. */
  mcp: McpHandler | null;
  /** Time in milliseconds after which a client that does not read its response is disconnected. */
  unreadMs: number;
  /** Enables `/metrics`. */
  exposeMetrics: boolean;
  /** Additions of the embedding program to the context of each operation. */
  context: HostContext | null;
  /** Plugins of the embedding program, after the facade's own. With any, all requests go through Yoga's adapter. */
  plugins: readonly Plugin[];
  /** State shared with other processes, for `/healthz`. */
  shared: Pick<SharedState, 'status'> | null;
  /** True for sample data: every response then has the sandbox header. */
  sandbox: boolean;
  /** True if the schema has fields of the embedding program: their cache age is unknown. */
  extended: boolean;
  /** State of the login, for the landing page; null when no login is in use. */
  login: LoginState | null;
}

/** Settings that every server is given. */
type Given = 'schema' | 'client' | 'credentials' | 'apiHost' | 'logger';

export type AppOptions = Pick<AppSettings, Given> & Partial<AppSettings>;

const DEFAULTS: Omit<AppSettings, Given | 'exposeMetrics'> = {
  endpoint: GRAPHQL_PATH,
  clock: systemClock,
  examples: [],
  allowedOrigins: [],
  allowedHeaders: [],
  maxQueryCost: DEFAULT_MAX_QUERY_COST,
  operationTimeoutMs: DEFAULT_OPERATION_TIMEOUT_MS,
  access: null,
  loopbackOnly: false,
  introspection: true,
  graphiql: true,
  persistedOperations: null,
  metrics: null,
  mcp: null,
  unreadMs: DEFAULT_UNREAD_MS,
  context: null,
  plugins: [],
  shared: null,
  sandbox: false,
  extended: false,
  login: null,
};

/** The settings with their defaults; metrics are exposed unless an option says otherwise. */
export function settingsOf(options: AppOptions): AppSettings {
  return { ...DEFAULTS, exposeMetrics: options.metrics != null, ...options };
}
