import * as z from 'zod';
import { FAMILIES } from '../constant-contact/cache/ages.js';
import {
  cacheAges,
  duration,
  filePath,
  headerNames,
  httpUrl,
  jwksUrl,
  jwtHeader,
  key,
  onOff,
  origins,
  redisUrl,
  reserve,
  secret,
  someOf,
  text,
  wholeNumber,
} from './values.js';

/** Documentation of a variable, in `--help`, docs/configuration.md and .env.example alike. */
export interface About {
  /** One or two sentences: the text in `--help`. */
  summary: string;
  /** The rest, as Markdown. */
  more?: string;
  /** Default, unless the schema has one. */
  default?: string;
}

export const about = z.registry<About>();

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Published by Constant Contact for every API key; an application can be granted more. */
const PUBLISHED_LIMITS = { requestsPerSecond: 4, requestsPerDay: 10_000 } as const;

/** A tenth of the default quota of an API key. */
export const DEFAULT_MAX_QUERY_COST = 1_000;

/** With the published limits it leaves one request a second to each process. */
const DEFAULT_PROCESSES = 4;

export const DEFAULT_API_URL = 'https://api.cc.email/v3';
/** Documented by Constant Contact, which publishes no metadata document. */
export const DEFAULT_AUTH_URL = 'https://authz.constantcontact.com/oauth2/default/v1';

/** Groups of actions for agents. */
export const MCP_DOMAINS = [
  'contacts',
  'lists',
  'tags',
  'custom_fields',
  'segments',
  'campaigns',
  'reports',
  'events',
  'social',
  'account',
  'activities',
  'partners',
] as const;
export type McpDomain = (typeof MCP_DOMAINS)[number];

const ACCOUNT = {
  CONSTANT_CONTACT_ACCESS_TOKEN: secret.optional().register(about, {
    summary: 'Access token of the account, for callers that send no token.',
    more: 'It expires after a day. With `CONSTANT_CONTACT_CLIENT_ID` instead, the server renews its login automatically.',
  }),
  CONSTANT_CONTACT_CLIENT_ID: secret.optional().register(about, {
    summary: 'API key of your application in the developer portal (OAuth client ID).',
    more: 'Without an access token, the server uses the login of `npx constant-contact-graphql login` and renews it automatically.',
  }),
  CONSTANT_CONTACT_CLIENT_SECRET: secret.optional().register(about, {
    summary: 'Secret of that application, if it has one.',
  }),
  CONSTANT_CONTACT_REFRESH_TOKEN: secret.optional().register(about, {
    summary: 'Initial refresh token, where `login` cannot be run.',
    more: 'Each value is used once. From then on the token file is used, so processes can change to a new value one by one.',
  }),
  CONSTANT_CONTACT_TOKEN_FILE: filePath('path of a file')
    .optional()
    .register(about, {
      summary: 'File that stores the login.',
      more:
        'A symbolic link is followed: its target is replaced, and the link stays. Processes that share a login share this file, ' +
        'on a disk that survives a restart, or `REDIS_URL`.',
      default: '`~/.config/constant-contact-graphql/tokens-<hash of the client id>.json`',
    }),
  CONSTANT_CONTACT_TOKEN_KEY: key.optional().register(about, {
    summary: 'Key that encrypts the token file and the data in Redis (AES-256-GCM).',
    more: 'Create a key with `openssl rand -base64 32`. Processes that share a login or a Redis need the same key.',
  }),
  CONSTANT_CONTACT_AUTH_URL: httpUrl.optional().register(about, {
    summary: 'Base URL of the authorization server.',
    default: DEFAULT_AUTH_URL,
  }),
  CONSTANT_CONTACT_API_URL: httpUrl.optional().register(about, {
    summary:
      'Base URL of the REST API. If it is set and neither an access token nor a client ID is, every caller must send a token of its own: "Authorization: Bearer <token>".',
    default: DEFAULT_API_URL,
  }),
  CONSTANT_CONTACT_PARTNER_API_KEY: secret.optional().register(about, {
    summary: 'API key for the partner fields; requires CONSTANT_CONTACT_PARTNER_TOKEN.',
  }),
  CONSTANT_CONTACT_PARTNER_TOKEN: secret.optional().register(about, {
    summary: 'Token for the partner fields; requires CONSTANT_CONTACT_PARTNER_API_KEY.',
  }),
  SANDBOX: onOff.optional().register(about, {
    summary:
      'A sandbox account with sample data instead of a real account. on: always, also on a public address. off: never.',
    default: 'when there are no credentials, HOST is this machine only, and NODE_ENV is not production',
    more:
      'With `on`, no variable above may be set. When not set, the sandbox starts only if none of them is set, `HOST` is a ' +
      'loopback address, and `NODE_ENV` is not `production`.',
  }),
};

const BUDGET = {
  CONSTANT_CONTACT_REQUESTS_PER_SECOND: wholeNumber(10_000)
    .default(PUBLISHED_LIMITS.requestsPerSecond)
    .register(about, {
      summary: 'REST calls per second of the API key; 0 for no limit.',
      more: 'The default of every key is 4. The sandbox enforces it as well.',
    }),
  CONSTANT_CONTACT_REQUESTS_PER_DAY: wholeNumber(1_000_000_000)
    .default(PUBLISHED_LIMITS.requestsPerDay)
    .register(about, {
      summary: 'REST calls per day of the API key; 0 for no limit.',
      more: 'The default of every key is 10,000. The sandbox enforces it as well.',
    }),
  CACHE: cacheAges.default({}).register(about, {
    summary: `Time for which reads are cached, per family: family=seconds, separated by commas. The families are ${FAMILIES.join(', ')}.`,
    more:
      'Reads of families without an age are not cached, except for reference data. [Caching](caching.md) lists the reads of each ' +
      'family and recommended ages.',
    default: 'only reference data (see REFERENCE_CACHE_SECONDS)',
  }),
  STALE: duration('7d', 7 * 86_400)
    .default(0)
    .register(about, {
      summary:
        'Time for which expired cache entries still answer when the daily quota is exhausted or the REST API fails, such as 1h.',
      more: 'Stale responses are marked in `extensions.upstream.stale`.',
    }),
  BUDGET_RESERVE: reserve.default(0).register(about, {
    summary: 'Number of daily calls that are reserved for mutations, such as writes=500.',
    default: 'none',
    more:
      'When only these are left, queries that need a call fail until midnight UTC, and mutations still run. It must be less than ' +
      '`CONSTANT_CONTACT_REQUESTS_PER_DAY`.',
  }),
  REFERENCE_CACHE_SECONDS: wholeNumber(86_400).default(60).register(about, {
    summary:
      'Time in seconds for which lists, tags, custom fields and similar data are cached, where CACHE does not set it; 0 for no caching.',
  }),
  MAX_QUERY_COST: wholeNumber(1_000_000_000).default(DEFAULT_MAX_QUERY_COST).register(about, {
    summary: 'Maximum query cost of one operation, in REST calls; 0 for no limit.',
  }),
  OPERATION_TIMEOUT_SECONDS: wholeNumber(86_400).default(120).register(about, {
    summary: 'Maximum duration of one operation, in seconds; 0 for no limit.',
  }),
};

const SHARING = {
  REDIS_URL: redisUrl.optional().register(about, {
    summary:
      'URL of the Redis (server, cluster or sentinels) through which processes share limits, cache and login.',
    more: [
      'For several processes with the same API key. The login of `CONSTANT_CONTACT_CLIENT_ID` is stored there instead of in the token file.',
      '- `redis://:password@host:6379`: a server\n' +
        '- `redis+cluster://:password@host:6379,host:6379`: some nodes of a cluster\n' +
        '- `redis+sentinel://:password@host:26379,host:26379/master`: sentinels, and the name of the master',
      '`rediss` instead of `redis` uses TLS. Redis stores client data and, for a login, a refresh token: set ' +
        '`CONSTANT_CONTACT_TOKEN_KEY` to encrypt both. When Redis stores a login, it must be durable: `appendonly yes` and `appendfsync always`.',
    ].join('\n\n'),
  }),
  REDIS_CA: filePath('path of a PEM file').optional().register(about, {
    summary: 'PEM file of the private certificate authority of a Redis with TLS.',
  }),
  REDIS_NAMESPACE: text('up to 64 letters, digits and . : _ -', /^[\w.:-]{1,64}$/)
    .optional()
    .register(about, {
      summary: 'Prefix that separates API keys that share one Redis.',
      default: 'derived from `CONSTANT_CONTACT_CLIENT_ID`, else `default`',
    }),
  REDIS_PROCESSES: wholeNumber(10_000, 1).default(DEFAULT_PROCESSES).register(about, {
    summary: 'Maximum number of processes that share the API key.',
    more: 'While Redis is unreachable, each process uses its share of the requests per second (at least 1) and per day.',
  }),
};

const LISTENING = {
  HOST: text('a host name or an IP address', /^[\w.:-]+$/)
    .default('127.0.0.1')
    .register(about, { summary: 'Address to listen on.' }),
  PORT: wholeNumber(65_535)
    .default(4000)
    .register(about, { summary: 'Port to listen on; 0 for any free port.' }),
  ALLOWED_ORIGINS: origins.default([]).register(about, {
    summary: 'Web origins whose pages may call the server, besides its own; separated by commas.',
  }),
  ALLOWED_HEADERS: headerNames.default([]).register(about, {
    summary:
      'Request headers that pages of ALLOWED_ORIGINS may send, besides those of GraphQL clients and tracing tools; separated by commas.',
  }),
};

const ACCESS = {
  ACCESS_KEYS_FILE: filePath('path of a file')
    .optional()
    .register(about, {
      summary: 'File with the access keys of callers: one line per key, as the command `key` prints it.',
      more:
        'A line is `name:<SHA-256 of the key>`, with the suffix `:read-only` for callers that may not run mutations; ' +
        '`npx constant-contact-graphql key <name> [--read-only]` creates a key and its line. Callers send the key as `x-api-key`. Keys are read at ' +
        'start; restart to add or revoke one.',
    }),
  ACCESS_KEYS: text('entries as in that file, separated by commas').optional().register(about, {
    summary: 'Access keys in a variable instead of a file: the same lines, separated by commas.',
  }),
  ACCESS_JWKS_URL: jwksUrl.optional().register(about, {
    summary:
      'JWKS URL of an identity provider whose tokens (JWT) are accepted; requires ACCESS_ISSUER and ACCESS_AUDIENCE.',
    more: 'Tokens must have an asymmetric signature, a subject (`sub`) and an expiry (`exp`).',
  }),
  ACCESS_ISSUER: text('text')
    .optional()
    .register(about, { summary: 'Issuer (claim iss) that these tokens must have; for ACCESS_JWKS_URL.' }),
  ACCESS_AUDIENCE: text('text')
    .optional()
    .register(about, { summary: 'Audience (claim aud) that these tokens must have; for ACCESS_JWKS_URL.' }),
  ACCESS_JWT_HEADER: jwtHeader.default('x-access-token').register(about, {
    summary: 'Request header in which callers send the token, with or without the prefix "Bearer ".',
    more: 'Not `authorization`, which is for Constant Contact access tokens.',
  }),
  ACCESS_WRITE_SCOPE: text('one scope', /^\S+$/).optional().register(about, {
    summary: 'Scope (claim scope or scp) that a token needs for mutations.',
    default: 'none, so all tokens may run mutations',
  }),
  ACCESS: z.enum(['open'], 'must be open, or not set').describe('`open`').optional().register(about, {
    summary: 'open: every caller may use the credentials of the server, without a key or token.',
    more: 'Set it only behind a proxy or gateway that controls access. Without it, a server that holds credentials and has no keys listens on a loopback address only.',
  }),
};

const OPERATIONS = {
  PERSISTED_OPERATIONS_FILE: filePath('path of a JSON file').optional().register(about, {
    summary:
      'JSON file with the only operations that may run: an object that maps the SHA-256 hash (hex) of each document to its text.',
    default: 'none, so all operations may run',
  }),
  INTROSPECTION: onOff.default(true).register(about, {
    summary: 'off: disables introspection.',
    more: 'The SDL for gateways (`_service`) and suggestions for misspelt names are disabled too.',
  }),
  GRAPHIQL: onOff.optional().register(about, {
    summary: 'off: disables GraphiQL.',
    default: 'on; off with PERSISTED_OPERATIONS_FILE',
  }),
  NODE_FIELDS: onOff.default(true).register(about, {
    summary: 'off: removes Query.node and Query.nodes, for a gateway where another subgraph defines them.',
  }),
};

const AGENTS = {
  MCP: onOff.default(false).register(about, {
    summary: 'on: POST /mcp for agents, in the Model Context Protocol (Streamable HTTP).',
    more:
      'Callers need the same key or token as for GraphQL. The endpoint does not forward Constant Contact tokens, so the server must hold ' +
      'credentials, and it runs operations of its own, so `PERSISTED_OPERATIONS_FILE` must not be set. See [agents](agents.md).',
  }),
  MCP_TOOLS: someOf('domain', MCP_DOMAINS).optional().register(about, {
    summary: 'Domains whose actions are MCP tools; separated by commas.',
    default: 'all domains',
  }),
  MCP_ALLOW_MUTATIONS: onOff.default(false).register(about, {
    summary: 'on: the tool run_query may run mutations.',
    more: 'When off, it runs queries only. The tools of single actions are not affected.',
  }),
};

const OBSERVABILITY = {
  METRICS: onOff.default(false).register(about, {
    summary: 'on: GET /metrics for Prometheus.',
    more: 'Requires an access key if keys are configured; otherwise only for this machine.',
  }),
  LOG_LEVEL: z
    .enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`)
    .describe('one of these levels')
    .default('info')
    .register(about, {
      summary: `Minimum level of log lines: ${LOG_LEVELS.join(', ')}.`,
    }),
};

/** The variables by subject, in the order in which they are documented. */
export const SECTIONS: readonly { title: string; text?: string; shape: z.ZodRawShape }[] = [
  {
    title: 'Constant Contact account',
    text: 'Account and credentials. A variable whose name starts with `CONSTANT_CONTACT_` must not be empty.',
    shape: ACCOUNT,
  },
  { title: 'Budget', shape: BUDGET },
  { title: 'Several processes', shape: SHARING },
  { title: 'Address and browsers', shape: LISTENING },
  {
    title: 'Access control',
    text:
      'The server does not listen on a public address while it holds credentials (an access token, a login, or partner ' +
      'credentials) and none of these is set.',
    shape: ACCESS,
  },
  { title: 'Schema and operations', shape: OPERATIONS },
  { title: 'Agents', shape: AGENTS },
  { title: 'Observability', shape: OBSERVABILITY },
];

/** Schema of the environment variables. */
export const ENVIRONMENT = z.object({
  ...ACCOUNT,
  ...BUDGET,
  ...SHARING,
  ...LISTENING,
  ...ACCESS,
  ...OPERATIONS,
  ...AGENTS,
  ...OBSERVABILITY,
});

/** One variable as it is documented. */
export interface Variable extends About {
  name: string;
  /** Format of a value, in Markdown. */
  form: string;
  /** As Markdown; undefined where there is none. */
  default?: string;
}

/** @throws TypeError for a variable that is not described */
export function describeVariable(name: string, schema: z.core.$ZodType): Variable {
  const said = about.get(schema);
  if (!(schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) || !said)
    throw new TypeError(`${name} is not described`);
  const form = (schema.unwrap() as z.ZodType).description ?? '';
  const value = schema instanceof z.ZodDefault ? valueText(schema.def.defaultValue) : '';
  return { name, form, ...(value && { default: `\`${value}\`` }), ...said };
}

/** A value as it is written in the environment. */
function valueText(value: unknown): string {
  return typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value);
}
