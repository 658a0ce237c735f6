import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { hash } from 'node:crypto';
import type * as z from 'zod';
import type { CacheSeconds } from './constant-contact/cache/ages.js';
import { isLoopback } from './config/loopback.js';
import {
  DEFAULT_API_URL,
  DEFAULT_AUTH_URL,
  ENVIRONMENT,
  type LOG_LEVELS,
  type McpDomain,
} from './config/variables.js';
import { misspeltVariables } from './config/variable-names.js';

/** Selects the API and the credentials for callers that send none. */
export type Mode = 'sandbox' | 'token' | 'account' | 'pass-through';

/** OAuth application and storage of its login. */
export interface AccountConfig {
  readonly clientId: string;
  /** Null for an application that logs in with PKCE only. */
  readonly clientSecret: string | null;
  /** Initial refresh token, where `login` cannot be run. */
  readonly refreshToken: string | null;
  readonly tokenFile: string;
  /** Default file of earlier releases, which had one for all applications; null when the operator set the file. */
  readonly formerTokenFile: string | null;
  /** 32 bytes that encrypt the stored tokens. Null stores them in plain text, readable for their owner only. */
  readonly tokenKey: Buffer | null;
  /** Address of the authorization server, without a trailing slash. */
  readonly authUrl: string;
}

/** Access control. With nothing set, everybody who can reach the server may use it. */
export interface AccessConfig {
  /** Entries `name:hash` of keys, as they were set. */
  readonly keys: string | null;
  /** File of such entries, one per line. */
  readonly keysFile: string | null;
  readonly jwt: {
    readonly jwksUrl: string;
    readonly issuer: string;
    readonly audience: string;
    /** Header that carries the token; never `authorization`, which carries Constant Contact's. */
    readonly header: string;
    /** Scope without which a token may only read; null when all may write. */
    readonly writeScope: string | null;
  } | null;
  /** True with `ACCESS=open`. */
  readonly open: boolean;
}

/** The Redis through which processes with the same API key share budget, cache and login. */
export interface RedisConfig {
  /** May hold a password. */
  readonly url: string;
  /** A PEM file with the certificate authorities to trust for `rediss://`; null trusts those of Node. */
  readonly caFile: string | null;
  /** Distinguishes API keys that share one Redis; null derives it from the client ID. */
  readonly namespace: string | null;
  /** Maximum number of processes: each one's share of the budget while Redis is unreachable. */
  readonly processes: number;
  /** 32 bytes that encrypt cached data; null stores it in plain text. */
  readonly secret: Buffer | null;
}

/** Settings of the Model Context Protocol. */
export interface McpConfig {
  /** Enables `POST /mcp`. */
  readonly http: boolean;
  /** Domains whose actions are tools; null for all. */
  readonly domains: readonly McpDomain[] | null;
  /** Lets the tool `run_query` run mutations. */
  readonly allowMutations: boolean;
}

/** Everything that can be set from outside, checked once at start and never changed afterwards. */
export interface Config {
  readonly mode: Mode;
  /** True if the operator asked for the sandbox (`SANDBOX=on`). Without that, it listens on loopback addresses only. */
  readonly sandboxRequested: boolean;
  /** Base URL of the REST API, without a trailing slash; null in sandbox mode, where it is known once the sandbox runs. */
  readonly apiUrl: string | null;
  /** Null unless the mode is `token`. */
  readonly accessToken: string | null;
  /** Null unless there is a client id. In use when the mode is `account`. */
  readonly account: AccountConfig | null;
  readonly partner: { readonly apiKey: string; readonly token: string } | null;
  /** Requests per second to the REST API; 0 for no limit. */
  readonly requestsPerSecond: number;
  /** Requests per day to the REST API; 0 for no limit. */
  readonly requestsPerDay: number;
  /** REST calls of the day that are reserved for mutations. */
  readonly reservedForMutations: number;
  /** Cache ages by family, in seconds. Reads of other families are not cached, except for reference data. */
  readonly cacheSeconds: CacheSeconds;
  /** Cache age of reference data (lists, tags, custom fields, …) whose family is not in `cacheSeconds`, in seconds; 0 for no caching. */
  readonly referenceCacheSeconds: number;
  /** Time in seconds for which expired data is kept for stale responses when the REST API cannot be read; 0 for never. */
  readonly staleSeconds: number;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Web origins, besides this server's own, whose pages may call it. */
  readonly allowedOrigins: readonly string[];
  /** Request headers that those pages may send, besides the usual ones. */
  readonly allowedHeaders: readonly string[];
  readonly access: AccessConfig;
  /** State that several processes with the same API key share; null for a single process. */
  readonly redis: RedisConfig | null;
  /** Highest query cost of one operation, in REST calls; 0 for no limit. */
  readonly maxQueryCost: number;
  /** Maximum duration of one operation, in seconds; 0 for no limit. */
  readonly operationTimeoutSeconds: number;
  readonly introspection: boolean;
  readonly graphiql: boolean;
  /** Adds `Query.node` and `Query.nodes` to the schema. */
  readonly nodeFields: boolean;
  /** A JSON file with the only operations that may run; null for all operations. */
  readonly persistedOperationsFile: string | null;
  readonly mcp: McpConfig;
  /** Enables `GET /metrics`. */
  readonly metrics: boolean;
  readonly logLevel: LogLevel;
}

export type LogLevel = (typeof LOG_LEVELS)[number];

/** The environment has no valid configuration. The message names each variable and its error. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** The variables that are read. */
export const VARIABLES = Object.keys(ENVIRONMENT.shape) as readonly (keyof typeof ENVIRONMENT.shape)[];

/** Variables that would have no effect without another one. */
const DEPENDENT: Partial<Record<(typeof VARIABLES)[number], (typeof VARIABLES)[number]>> = {
  CONSTANT_CONTACT_CLIENT_SECRET: 'CONSTANT_CONTACT_CLIENT_ID',
  CONSTANT_CONTACT_REFRESH_TOKEN: 'CONSTANT_CONTACT_CLIENT_ID',
  CONSTANT_CONTACT_TOKEN_FILE: 'CONSTANT_CONTACT_CLIENT_ID',
  CONSTANT_CONTACT_AUTH_URL: 'CONSTANT_CONTACT_CLIENT_ID',
  REDIS_CA: 'REDIS_URL',
  REDIS_NAMESPACE: 'REDIS_URL',
  REDIS_PROCESSES: 'REDIS_URL',
  ALLOWED_HEADERS: 'ALLOWED_ORIGINS',
  ACCESS_JWT_HEADER: 'ACCESS_JWKS_URL',
  ACCESS_WRITE_SCOPE: 'ACCESS_JWKS_URL',
};

type Environment = Readonly<Record<string, string | undefined>>;
type Data = z.infer<typeof ENVIRONMENT>;

/**
 * Reads the configuration. A variable that is empty or only spaces counts as not set, but credentials, access control and shared
 * state must not be empty: if one was lost on its way here, the server would serve something else or everyone.
 *
 * @throws ConfigError naming every variable that is wrong, never quoting a secret
 */
export function readConfig(env: Environment): Config {
  const given: Record<string, string> = {};
  const problems: string[] = [];
  for (const { name, nearest } of misspeltVariables(env, VARIABLES)) {
    problems.push(
      `${name} is not a variable of this program. Did you mean ${nearest}? Rename it, or remove it from the environment.`,
    );
  }
  for (const name of VARIABLES) {
    const value = env[name]?.trim();
    if (value) given[name] = value;
    else if (value === '' && mustNotBeEmpty(name))
      problems.push(`${name} must be set to a value, or removed: it is empty`);
  }
  const { data, error } = ENVIRONMENT.safeParse(given);
  for (const { path, message } of error?.issues ?? []) {
    const link = /^must /.test(message) ? ' ' : ': ';
    problems.push(path.join('.') + link + message);
  }
  for (const [name, required] of Object.entries(DEPENDENT)) {
    if (name in given && !(required in given))
      problems.push(`${required} must be set as well: ${name} applies to it`);
  }
  if (problems.length > 0 || !data) throw new ConfigError(problems.join('\n'));

  const apiKey = data.CONSTANT_CONTACT_PARTNER_API_KEY;
  const token = data.CONSTANT_CONTACT_PARTNER_TOKEN;
  if (!apiKey !== !token) {
    const missing = apiKey ? 'CONSTANT_CONTACT_PARTNER_TOKEN' : 'CONSTANT_CONTACT_PARTNER_API_KEY';
    throw new ConfigError(`${missing} must be set as well: the partner API requires a key and a token`);
  }

  const accessToken = data.CONSTANT_CONTACT_ACCESS_TOKEN ?? null;
  const account = readAccount(data, env);
  const mode = chooseMode(data, Object.keys(given).filter(isOwn), env['NODE_ENV']);
  return Object.freeze({
    mode,
    sandboxRequested: data.SANDBOX === true,
    apiUrl: data.CONSTANT_CONTACT_API_URL ?? (mode === 'sandbox' ? null : DEFAULT_API_URL),
    accessToken,
    account,
    partner: apiKey && token ? Object.freeze({ apiKey, token }) : null,
    requestsPerSecond: data.CONSTANT_CONTACT_REQUESTS_PER_SECOND,
    requestsPerDay: data.CONSTANT_CONTACT_REQUESTS_PER_DAY,
    cacheSeconds: Object.freeze(data.CACHE),
    reservedForMutations: readReserve(data),
    referenceCacheSeconds: data.REFERENCE_CACHE_SECONDS,
    staleSeconds: data.STALE,
    host: data.HOST,
    port: data.PORT,
    allowedOrigins: Object.freeze(data.ALLOWED_ORIGINS),
    allowedHeaders: Object.freeze(data.ALLOWED_HEADERS),
    access: readAccess(data),
    redis: readRedis(data),
    maxQueryCost: data.MAX_QUERY_COST,
    operationTimeoutSeconds: data.OPERATION_TIMEOUT_SECONDS,
    introspection: data.INTROSPECTION,
    // No tool could run, not even the introspection at the start.
    graphiql: data.GRAPHIQL ?? data.PERSISTED_OPERATIONS_FILE === undefined,
    nodeFields: data.NODE_FIELDS,
    persistedOperationsFile: data.PERSISTED_OPERATIONS_FILE ?? null,
    mcp: readMcp(data),
    metrics: data.METRICS,
    logLevel: data.LOG_LEVEL,
  } satisfies Config);
}

const isOwn = (name: string) => name.startsWith('CONSTANT_CONTACT_');

/** True for variables with credentials, access control and shared state, and for `CACHE`. */
export function mustNotBeEmpty(name: string): boolean {
  return (
    isOwn(name) || /^(ACCESS_(KEYS|KEYS_FILE|JWKS_URL)|CACHE|PERSISTED_OPERATIONS_FILE|REDIS_URL)$/.test(name)
  );
}

/** The sandbox enforces these limits too. */
const LIMITS = ['CONSTANT_CONTACT_REQUESTS_PER_SECOND', 'CONSTANT_CONTACT_REQUESTS_PER_DAY'];

/**
 * Checks which credentials are set.
 * @param own names of the variables about Constant Contact that are set
 * @throws ConfigError when the credentials are incomplete, or the sandbox is neither requested nor safe to start without a
 * request
 */
function chooseMode(data: Data, own: readonly string[], nodeEnv: string | undefined): Mode {
  const isAsked = data.SANDBOX === true;
  const excluded = own.filter((name) => !LIMITS.includes(name));
  if (isAsked && excluded.length > 0) {
    throw new ConfigError(
      `SANDBOX=on serves sample data, so ${excluded.join(' and ')} must not be set with it. Remove SANDBOX, or ${excluded.length === 1 ? 'that variable' : 'those variables'}.`,
    );
  }
  if (isAsked) return 'sandbox';
  if (data.CONSTANT_CONTACT_ACCESS_TOKEN !== undefined) return 'token';
  if (data.CONSTANT_CONTACT_CLIENT_ID !== undefined) return 'account';
  const isKeyUnused = data.CONSTANT_CONTACT_TOKEN_KEY !== undefined && data.REDIS_URL === undefined;
  if (data.CONSTANT_CONTACT_API_URL !== undefined && !isKeyUnused) return 'pass-through';
  const obstacle = sandboxObstacle(data, own, nodeEnv);
  if (obstacle === null) return 'sandbox';
  throw noCredentials(obstacle);
}

/** Reason why the sandbox must not start unless requested; null when it may. */
function sandboxObstacle(data: Data, own: readonly string[], nodeEnv: string | undefined): string | null {
  if (own.length > 0) return `although ${own.join(' and ')} ${own.length === 1 ? 'is' : 'are'}`;
  if (data.SANDBOX === false) return 'and SANDBOX is off';
  if (isProduction(nodeEnv)) return 'and NODE_ENV is production';
  if (!isLoopback(data.HOST)) return `and HOST ${data.HOST} can be reached from other machines`;
  return null;
}

/** True if `NODE_ENV` is `production` or `prod`. Files of variables may pass on quotes. */
function isProduction(nodeEnv: string | undefined): boolean {
  return /^\s*["']?prod(uction)?["']?\s*$/i.test(nodeEnv ?? '');
}

/**
 * Refuses to start the sandbox without a request where sample data could be mistaken for real data.
 * @param host address to listen on; default: the configured one
 * @throws ConfigError that names the missing variables
 */
export function assertSandboxAllowed(
  { mode, sandboxRequested, host: configured }: Config,
  host = configured,
): void {
  if (mode !== 'sandbox' || sandboxRequested) return;
  if (isProduction(process.env['NODE_ENV'])) throw noCredentials('and NODE_ENV is production');
  if (!isLoopback(host)) throw noCredentials(`and HOST ${host} can be reached from other machines`);
}

function noCredentials(why: string): ConfigError {
  return new ConfigError(
    [
      `No Constant Contact credentials are set, ${why}, so the sandbox does not start automatically. Set one of these:`,
      '  CONSTANT_CONTACT_CLIENT_ID, for a login that the server renews; with CONSTANT_CONTACT_CLIENT_SECRET if the application has one, and CONSTANT_CONTACT_REFRESH_TOKEN where nobody can run `login`',
      '  CONSTANT_CONTACT_ACCESS_TOKEN, for an access token, which expires after a day',
      `  CONSTANT_CONTACT_API_URL alone (${DEFAULT_API_URL}), for callers that send their own access tokens`,
      '  SANDBOX=on and no other CONSTANT_CONTACT_ variable, for a sandbox account with sample data',
    ].join('\n'),
  );
}

/** @throws ConfigError when no calls are left for queries */
function readReserve({ BUDGET_RESERVE: reserve, CONSTANT_CONTACT_REQUESTS_PER_DAY: perDay }: Data): number {
  if (reserve === 0 || reserve < perDay) return reserve;
  throw new ConfigError(
    perDay === 0
      ? 'BUDGET_RESERVE must not be set without a limit per day: CONSTANT_CONTACT_REQUESTS_PER_DAY is 0'
      : `BUDGET_RESERVE must be less than CONSTANT_CONTACT_REQUESTS_PER_DAY: writes=${String(reserve)} leaves none of ${String(perDay)} calls for queries`,
  );
}

function readAccess(data: Data): AccessConfig {
  const { ACCESS_JWKS_URL, ACCESS_ISSUER, ACCESS_AUDIENCE, ACCESS_WRITE_SCOPE } = data;
  const parts = { ACCESS_JWKS_URL, ACCESS_ISSUER, ACCESS_AUDIENCE };
  const missing = Object.entries(parts).flatMap(([name, value]) => (value === undefined ? [name] : []));
  if (missing.length > 0 && missing.length < 3) {
    throw new ConfigError(`${missing.join(' and ')} must be set as well: tokens are checked with all three`);
  }
  const jwt =
    ACCESS_JWKS_URL && ACCESS_ISSUER && ACCESS_AUDIENCE
      ? Object.freeze({
          jwksUrl: ACCESS_JWKS_URL,
          issuer: ACCESS_ISSUER,
          audience: ACCESS_AUDIENCE,
          header: data.ACCESS_JWT_HEADER,
          writeScope: ACCESS_WRITE_SCOPE ?? null,
        })
      : null;
  const keys = data.ACCESS_KEYS ?? null;
  const keysFile = data.ACCESS_KEYS_FILE ?? null;
  const open = data.ACCESS === 'open';
  if (open && (keys ?? keysFile ?? jwt) !== null) {
    throw new ConfigError('ACCESS=open allows every caller, so keys and tokens must not be set with it');
  }
  return Object.freeze({ keys, keysFile, jwt, open });
}

function readMcp(data: Data): McpConfig {
  if (data.MCP && data.PERSISTED_OPERATIONS_FILE !== undefined) {
    throw new ConfigError(
      'MCP=on and PERSISTED_OPERATIONS_FILE must not be set together: tools run operations that the file does not list',
    );
  }
  const domains = data.MCP_TOOLS ? Object.freeze([...new Set(data.MCP_TOOLS)]) : null;
  return Object.freeze({ http: data.MCP, domains, allowMutations: data.MCP_ALLOW_MUTATIONS });
}

function readRedis(data: Data): RedisConfig | null {
  if (data.REDIS_URL === undefined) return null;
  if (data.REDIS_CA !== undefined && !/^rediss[:+]/.test(data.REDIS_URL)) {
    throw new ConfigError(
      'REDIS_CA requires TLS: REDIS_URL must start with rediss:, rediss+cluster: or rediss+sentinel:',
    );
  }
  return Object.freeze({
    url: data.REDIS_URL,
    caFile: data.REDIS_CA ?? null,
    namespace: data.REDIS_NAMESPACE ?? null,
    processes: data.REDIS_PROCESSES,
    secret: data.CONSTANT_CONTACT_TOKEN_KEY ?? null,
  });
}

function readAccount(data: Data, env: Environment): AccountConfig | null {
  const clientId = data.CONSTANT_CONTACT_CLIENT_ID;
  if (clientId === undefined) return null;
  const directory = configDirectory(env);
  const chosen = data.CONSTANT_CONTACT_TOKEN_FILE;
  // Two applications of one user must not share a file: the second login would replace the first.
  const application = hash('sha256', clientId, 'hex').slice(0, 16);
  return Object.freeze({
    clientId,
    clientSecret: data.CONSTANT_CONTACT_CLIENT_SECRET ?? null,
    refreshToken: data.CONSTANT_CONTACT_REFRESH_TOKEN ?? null,
    tokenFile: chosen ?? join(directory, `tokens-${application}.json`),
    formerTokenFile: chosen === undefined ? join(directory, 'tokens.json') : null,
    tokenKey: data.CONSTANT_CONTACT_TOKEN_KEY ?? null,
    authUrl: data.CONSTANT_CONTACT_AUTH_URL ?? DEFAULT_AUTH_URL,
  });
}

/** Directory for configuration of one user, by the conventions of the operating system. */
function configDirectory(env: Environment): string {
  const system = (process.platform === 'win32' ? env['APPDATA'] : env['XDG_CONFIG_HOME']) ?? '';
  // The XDG specification requires to ignore a relative path.
  return join(isAbsolute(system) ? system : join(homedir(), '.config'), 'constant-contact-graphql');
}
