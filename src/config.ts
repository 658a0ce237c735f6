import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

/** Where requests go, and whose credentials they carry when the caller sends none. */
export type Mode = 'sandbox' | 'token' | 'account' | 'pass-through';

/** The application that a person logs in to, and where the login is kept. */
export interface AccountConfig {
  readonly clientId: string;
  /** Null for an application without one, which logs in with PKCE alone. */
  readonly clientSecret: string | null;
  /** A refresh token to begin with, when nobody logs in on this machine. */
  readonly refreshToken: string | null;
  readonly tokenFile: string;
  /** 32 bytes: the tokens are stored encrypted with it. Null stores them readable for their owner. */
  readonly tokenKey: Buffer | null;
  /** Address of the authorization server, without a trailing slash. */
  readonly authUrl: string;
}

/** Who may use the server. With nothing set, everybody who reaches it. */
export interface AccessConfig {
  /** Entries `name:hash` of keys, as they were set. */
  readonly keys: string | null;
  /** A file with such entries, one a line. */
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
  /** Somebody has said that the server may be reached by everybody. */
  readonly open: boolean;
}

/** The Redis through which processes with the same API key share budget, cache and login. */
export interface RedisConfig {
  /** May hold a password. */
  readonly url: string;
  /** Tells API keys apart in one Redis; null takes it from the client id. */
  readonly namespace: string | null;
  /** How many processes there are, at most: each one's part of the budget while Redis is away. */
  readonly processes: number;
  /** 32 bytes: what is cached is stored encrypted with it. Null stores it readable for whoever can read Redis. */
  readonly secret: Buffer | null;
}

/** Everything that can be set from outside, checked once at start and never changed afterwards. */
export interface Config {
  readonly mode: Mode;
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
  /** How long reference data (lists, tags, custom fields, …) may be reused, in seconds; 0 for never. */
  readonly referenceCacheSeconds: number;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Web origins, besides this server's own, whose pages may call it. */
  readonly allowedOrigins: readonly string[];
  readonly access: AccessConfig;
  /** What several processes with the same API key share; null when this one is alone. */
  readonly redis: RedisConfig | null;
  /** Most REST calls that one operation may cost at worst; 0 for no limit. */
  readonly maxQueryCost: number;
  /** Longest time that one operation may take, in seconds; 0 for no limit. */
  readonly operationTimeoutSeconds: number;
  readonly introspection: boolean;
  readonly graphiql: boolean;
  /** Whether the schema has `Query.node` and `Query.nodes`. */
  readonly nodeFields: boolean;
  /** A JSON file with the only operations that may be run; null lets all run. */
  readonly persistedOperationsFile: string | null;
  /** Whether `GET /metrics` answers. */
  readonly metrics: boolean;
  readonly logLevel: LogLevel;
}

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Published by Constant Contact for every API key; an application can be granted more. */
const PUBLISHED_LIMITS = { requestsPerSecond: 4, requestsPerDay: 10_000 } as const;

/** A tenth of the day that every API key is given. */
const DEFAULT_MAX_QUERY_COST = 1_000;

/** With the published limits it leaves one request a second to each process. */
const DEFAULT_PROCESSES = 4;

const DEFAULT_API_URL = 'https://api.cc.email/v3';
/** Documented by Constant Contact; it publishes no metadata that it could be read from. */
const DEFAULT_AUTH_URL = 'https://authz.constantcontact.com/oauth2/default/v1';

/** The environment does not make a usable configuration. The message names each variable and what is wrong with it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const wholeNumber = (maximum: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number, 0 or more')
    .transform(Number)
    .refine((value) => value <= maximum, `must be at most ${maximum}`);

// A line break or a space in a token is nearly always a slip of copy and paste, and no header can carry it.
const secret = z.string().regex(/^[\x21-\x7e]+$/, 'must not contain spaces or characters outside ASCII');

const key = z.string().transform((text, check) => {
  const bytes = Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64');
  if (bytes.length === 32 && /^[\w+/-]+=*$/.test(text)) return bytes;
  check.addIssue('must be 32 bytes as hex or base64, such as `openssl rand -base64 32` makes');
  return z.NEVER;
});

const httpUrl = z.string().transform((text, check) => {
  const fail = (message: string) => {
    check.addIssue(message);
    return z.NEVER;
  };
  if (!URL.canParse(text)) return fail('must be a URL such as ' + DEFAULT_API_URL);
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return fail('must start with https:// or http://');
  if (url.username || url.password) return fail('must not contain a user name or a password');
  if (url.search || url.hash) return fail('must not contain a query or a fragment');
  return url.origin + url.pathname.replace(/\/+$/, '');
});

const redisUrl = z
  .string()
  .refine(
    (text) =>
      /^rediss?\+(cluster|sentinel):\/\/\S+$/.test(text) ||
      (/^rediss?:\/\//.test(text) && URL.canParse(text)),
    'must be a URL such as redis://localhost:6379 or rediss://:password@redis.example.com:6380, ' +
      'redis+cluster://host:6379,host:6379 or redis+sentinel://host:26379,host:26379/name-of-the-master',
  );

const origins = z.string().transform((text, check) => {
  const listed = text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
  for (const origin of listed) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      check.addIssue(`"${origin}" is not an origin; write it as https://app.example.com, without a path`);
    }
  }
  return listed;
});

const onOff = z.enum(['on', 'off'], 'must be on or off').transform((value) => value === 'on');

/** Headers that mean something else already. */
const TAKEN_HEADERS = ['authorization', 'x-api-key', 'cookie', 'host', 'origin', 'x-request-id'];
const jwtHeader = z
  .string()
  .transform((name) => name.toLowerCase())
  .refine(
    (name) => /^[a-z][a-z0-9-]*$/.test(name) && !TAKEN_HEADERS.includes(name),
    `must be the name of a header other than ${TAKEN_HEADERS.join(', ')}`,
  );

// Keys that come over a network unprotected could be anybody's.
const jwksUrl = z.string().refine((text) => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return (
    protocol === 'https:' || (protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname))
  );
}, 'must be a URL that starts with https://');

const ENVIRONMENT = z.object({
  CONSTANT_CONTACT_API_URL: httpUrl.optional(),
  CONSTANT_CONTACT_ACCESS_TOKEN: secret.optional(),
  CONSTANT_CONTACT_CLIENT_ID: secret.optional(),
  CONSTANT_CONTACT_CLIENT_SECRET: secret.optional(),
  CONSTANT_CONTACT_REFRESH_TOKEN: secret.optional(),
  CONSTANT_CONTACT_TOKEN_FILE: z.string().optional(),
  CONSTANT_CONTACT_TOKEN_KEY: key.optional(),
  CONSTANT_CONTACT_AUTH_URL: httpUrl.default(DEFAULT_AUTH_URL),
  CONSTANT_CONTACT_PARTNER_API_KEY: secret.optional(),
  CONSTANT_CONTACT_PARTNER_TOKEN: secret.optional(),
  CONSTANT_CONTACT_REQUESTS_PER_SECOND: wholeNumber(10_000).default(PUBLISHED_LIMITS.requestsPerSecond),
  CONSTANT_CONTACT_REQUESTS_PER_DAY: wholeNumber(1_000_000_000).default(PUBLISHED_LIMITS.requestsPerDay),
  REFERENCE_CACHE_SECONDS: wholeNumber(86_400).default(60),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, 'must be a host name or an IP address')
    .default('127.0.0.1'),
  PORT: wholeNumber(65_535).default(4000),
  ALLOWED_ORIGINS: origins.default([]),
  ACCESS: z.enum(['open'], 'must be open, or not set').optional(),
  ACCESS_KEYS: z.string().optional(),
  ACCESS_KEYS_FILE: z.string().optional(),
  ACCESS_JWKS_URL: jwksUrl.optional(),
  ACCESS_ISSUER: z.string().optional(),
  ACCESS_AUDIENCE: z.string().optional(),
  ACCESS_JWT_HEADER: jwtHeader.default('x-access-token'),
  ACCESS_WRITE_SCOPE: z.string().regex(/^\S+$/, 'must be one scope').optional(),
  REDIS_URL: redisUrl.optional(),
  REDIS_NAMESPACE: z
    .string()
    .regex(/^[\w.:-]{1,64}$/, 'must be up to 64 letters, digits and . : _ -')
    .optional(),
  REDIS_PROCESSES: wholeNumber(10_000)
    .refine((value) => value > 0, 'must be at least 1')
    .default(DEFAULT_PROCESSES),
  MAX_QUERY_COST: wholeNumber(1_000_000_000).default(DEFAULT_MAX_QUERY_COST),
  OPERATION_TIMEOUT_SECONDS: wholeNumber(86_400).default(120),
  INTROSPECTION: onOff.default(true),
  GRAPHIQL: onOff.default(true),
  NODE_FIELDS: onOff.default(true),
  PERSISTED_OPERATIONS_FILE: z.string().optional(),
  METRICS: onOff.default(false),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
});

/** The variables that are read; nothing else in the environment matters. */
export const VARIABLES = Object.keys(ENVIRONMENT.shape) as readonly (keyof typeof ENVIRONMENT.shape)[];

/**
 * Reads the configuration. A variable that is empty or only spaces counts as not set.
 *
 * @throws ConfigError naming every variable that is wrong, never quoting a secret
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given: Record<string, string> = {};
  for (const name of VARIABLES) {
    const value = env[name]?.trim();
    if (value) given[name] = value;
  }
  const { data, error } = ENVIRONMENT.safeParse(given);
  if (error)
    throw new ConfigError(error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('\n'));

  const apiKey = data.CONSTANT_CONTACT_PARTNER_API_KEY;
  const token = data.CONSTANT_CONTACT_PARTNER_TOKEN;
  if (!apiKey !== !token) {
    const missing = apiKey ? 'CONSTANT_CONTACT_PARTNER_TOKEN' : 'CONSTANT_CONTACT_PARTNER_API_KEY';
    throw new ConfigError(`${missing} must be set as well: the partner API wants a key and a token`);
  }

  const accessToken = data.CONSTANT_CONTACT_ACCESS_TOKEN ?? null;
  const account = readAccount(data, env);
  const mode = accessToken
    ? 'token'
    : account
      ? 'account'
      : data.CONSTANT_CONTACT_API_URL
        ? 'pass-through'
        : 'sandbox';
  return Object.freeze({
    mode,
    apiUrl: data.CONSTANT_CONTACT_API_URL ?? (mode === 'sandbox' ? null : DEFAULT_API_URL),
    accessToken,
    account,
    partner: apiKey && token ? Object.freeze({ apiKey, token }) : null,
    requestsPerSecond: data.CONSTANT_CONTACT_REQUESTS_PER_SECOND,
    requestsPerDay: data.CONSTANT_CONTACT_REQUESTS_PER_DAY,
    referenceCacheSeconds: data.REFERENCE_CACHE_SECONDS,
    host: data.HOST,
    port: data.PORT,
    allowedOrigins: Object.freeze(data.ALLOWED_ORIGINS),
    access: readAccess(data),
    redis: readRedis(data),
    maxQueryCost: data.MAX_QUERY_COST,
    operationTimeoutSeconds: data.OPERATION_TIMEOUT_SECONDS,
    introspection: data.INTROSPECTION,
    graphiql: data.GRAPHIQL,
    nodeFields: data.NODE_FIELDS,
    persistedOperationsFile: data.PERSISTED_OPERATIONS_FILE ?? null,
    metrics: data.METRICS,
    logLevel: data.LOG_LEVEL,
  } satisfies Config);
}

function readAccess(data: z.infer<typeof ENVIRONMENT>): AccessConfig {
  const { ACCESS_JWKS_URL, ACCESS_ISSUER, ACCESS_AUDIENCE, ACCESS_WRITE_SCOPE } = data;
  const parts = { ACCESS_JWKS_URL, ACCESS_ISSUER, ACCESS_AUDIENCE };
  const missing = Object.entries(parts).flatMap(([name, value]) => (value === undefined ? [name] : []));
  if (missing.length > 0 && missing.length < 3) {
    throw new ConfigError(
      `${missing.join(' and ')} must be set as well: a token counts by all three together`,
    );
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
    throw new ConfigError('ACCESS=open lets everybody in, so keys and tokens cannot be set along with it');
  }
  return Object.freeze({ keys, keysFile, jwt, open });
}

function readRedis(data: z.infer<typeof ENVIRONMENT>): RedisConfig | null {
  if (data.REDIS_URL === undefined) return null;
  return Object.freeze({
    url: data.REDIS_URL,
    namespace: data.REDIS_NAMESPACE ?? null,
    processes: data.REDIS_PROCESSES,
    secret: data.CONSTANT_CONTACT_TOKEN_KEY ?? null,
  });
}

function readAccount(
  data: z.infer<typeof ENVIRONMENT>,
  env: Readonly<Record<string, string | undefined>>,
): AccountConfig | null {
  const clientId = data.CONSTANT_CONTACT_CLIENT_ID;
  if (clientId === undefined) {
    for (const name of ['CONSTANT_CONTACT_CLIENT_SECRET', 'CONSTANT_CONTACT_REFRESH_TOKEN'] as const) {
      if (data[name] !== undefined) {
        throw new ConfigError(`CONSTANT_CONTACT_CLIENT_ID must be set as well: ${name} belongs to one`);
      }
    }
    return null;
  }
  return Object.freeze({
    clientId,
    clientSecret: data.CONSTANT_CONTACT_CLIENT_SECRET ?? null,
    refreshToken: data.CONSTANT_CONTACT_REFRESH_TOKEN ?? null,
    tokenFile: data.CONSTANT_CONTACT_TOKEN_FILE ?? join(configDirectory(env), 'tokens.json'),
    tokenKey: data.CONSTANT_CONTACT_TOKEN_KEY ?? null,
    authUrl: data.CONSTANT_CONTACT_AUTH_URL,
  });
}

/** Where programs keep what belongs to one user, by the conventions of the system. */
function configDirectory(env: Readonly<Record<string, string | undefined>>): string {
  const system = process.platform === 'win32' ? env['APPDATA'] : env['XDG_CONFIG_HOME'];
  return join(system || join(homedir(), '.config'), 'constant-contact-graphql');
}
