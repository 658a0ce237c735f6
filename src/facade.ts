import type { IncomingMessage, ServerResponse } from 'node:http';
import { assertSandboxAllowed, ConfigError, readConfig, type Config } from './config.js';
import { openAccount, type AccountParts } from './constant-contact/auth/account.js';
import { exposedModeOf } from './constant-contact/auth/file-token-store.js';
import type {
  AccountCredentials,
  AccountEvent,
  AccountStatus,
} from './constant-contact/auth/account-credentials.js';
import { createConstantContact, type ClientOptions, type Outage } from './constant-contact/client.js';
import { systemClock } from './constant-contact/clock.js';
import {
  bearerCredentials,
  partnerCredentials,
  type Credentials,
} from './constant-contact/auth/credentials.js';
import type { Context } from './context.js';
import type { Sandbox, SandboxOptions } from './sandbox/index.js';
import type { Extend } from './schema/extension.js';
import { buildSchema } from './schema/index.js';
import { apiSdlOf, sdlOf } from './schema/schema-text.js';
import { assertGuarded } from './server/access/access.js';
import { basePathOf, createApp } from './server/app.js';
import { logFailedAttempt } from './server/attempt-log.js';
import { GRAPHQL_PATH, type Listening, type ListenOptions, type TokenOf } from './server/embedding.js';
import { loadExamples } from './server/examples.js';
import { guardOf } from './server/guard.js';
import { listen } from './server/listen.js';
import { loggable } from './server/loggable.js';
import { createLogger, type Logger } from './server/logger.js';
import type { Registry } from './server/metrics.js';
import { credentialSource, hostCredentials } from './server/plugins/credentials.js';
import { startAttempt } from './server/tracing.js';
import { openSharedState } from './server/shared-state.js';

/** Names that a context has already. */
type Taken = { [Name in keyof Context | 'request' | 'params']?: never };

/** @typeParam Extra what `context` adds to the context of the resolvers */
export interface FacadeOptions<Extra extends object = object> {
  /** Default: the configuration of the environment. */
  config?: Config;
  /** Receives log events: a pino logger or any with the same methods. Default: lines of JSON on standard error. */
  logger?: Logger;
  /**
   * Path of GraphQL and GraphiQL in the URLs of requests. Health, downloads and metrics are next to it: below `/api` for
   * `/api/graphql`. Default: `/graphql`.
   */
  endpoint?: string;
  /**
   * Returns the Constant Contact access token of each request, however the embedding program identifies its users: null for a
   * request without one, which then gets `UNAUTHENTICATED` wherever it needs the REST API. Headers are not read, and the
   * configured credentials are not used, except those of a partner. It may throw a `GraphQLError` with `extensions.code`; other
   * errors are logged and masked. Without it, the bearer token in `Authorization` is used, and else the configuration.
   */
  credentials?: TokenOf;
  /** Adds properties to the context of each operation, for resolvers of an extension. Existing names cannot be replaced. */
  context?: (request: Request) => (Extra & Taken) | Promise<Extra & Taken>;
  /** Declares further types and fields, and tags for contracts of a gateway; see `docs/library.md`. */
  extend?: Extend<Extra>;
  /**
   * Plugins for Yoga or Envelop, called after the facade's own. With any, as with `context` or `credentials`, `listener` answers
   * all requests by Yoga's adapter instead of the fast path, which answers about three times as many small ones a second.
   */
  plugins?: readonly object[];
  /** Registers metrics in this registry of `prom-client`, one for each facade; the embedding program exposes it. */
  metrics?: Registry;
  /** Content of the embedded account, in sandbox mode. */
  sandbox?: Pick<SandboxOptions, 'seed' | 'contacts' | 'empty'>;
  /** Replaces parts of the REST client, for tests: the clock, the HTTP dispatcher, randomness, time limits. */
  client?: Pick<ClientOptions, 'clock' | 'dispatcher' | 'random' | 'attemptTimeoutMs' | 'maxWaitMs'>;
}

/** The whole program as a value: instances share nothing, so one process can serve several accounts. */
export interface Facade {
  readonly config: Config;
  /** Base URL of the REST API in use. */
  readonly apiUrl: string;
  /** The embedded account; null when the facade talks to a real one. */
  readonly sandbox: Sandbox | null;
  /** State of the login in account mode, else null. Makes no request. */
  login(): Promise<AccountStatus | null>;
  /** The schema with its extension. */
  readonly schema: ReturnType<typeof buildSchema>;
  /**
   * Answers one HTTP request without a socket: `export default facade` is a server for runtimes that use `fetch`. A `Request`
   * is treated as coming from a network, so if the server holds credentials and requires no key, its URL must have a host name
   * of this machine; an address is treated as a request of this program.
   */
  fetch(this: void, request: Request): Promise<Response>;
  fetch(this: void, url: string | URL, init?: RequestInit): Promise<Response>;
  /** Answers one request of a Node server; nothing may have read its body. */
  listener(this: void, request: IncomingMessage, response: ServerResponse): void;
  /**
   * Serves on a socket, by default the configured one, until the facade is closed.
   *
   * @throws ConfigError for an address that other machines can reach, when the server holds credentials and requires no key, or
   * serves a sandbox that was not requested
   */
  listen(options?: Partial<ListenOptions>): Promise<Listening>;
  /** From now on new requests are refused and subscriptions end, so that a server which embeds the facade can close. */
  drain(this: void): void;
  /**
   * Completes requests in flight on its own sockets, then closes these, connections to the API, and the sandbox. A server that
   * embeds the facade must be closed first, after `drain`.
   */
  close(this: void): Promise<void>;
}

/**
 * Creates a facade in the mode of its configuration: over an embedded sandbox account, or over the REST API with the server's
 * token or with that of each caller.
 *
 * @throws ConfigError when a variable of the environment is invalid, or a sandbox that was not requested would start in
 * production
 * @throws RedisUnusable when `REDIS_URL` does not match the kind of the server
 * @throws Error when the extension does not fit, TypeError when the endpoint is not a path, or `metrics` is another facade's
 */
export async function createFacade<Extra extends object = object>(
  options: FacadeOptions<Extra> = {},
): Promise<Facade> {
  const resources = new Resources();
  try {
    return await openFacade(options, resources);
  } catch (error) {
    await resources.close().catch(() => undefined);
    throw error;
  }
}

async function openFacade<Extra extends object>(
  options: FacadeOptions<Extra>,
  resources: Resources,
): Promise<Facade> {
  const config = options.config ?? readConfig(process.env);
  assertSandboxAllowed(config);
  const logger = options.logger ?? createLogger(config.logLevel);
  const { requestsPerSecond, requestsPerDay, reservedForMutations } = config;
  const { cacheSeconds, referenceCacheSeconds, staleSeconds } = config;
  const { endpoint = GRAPHQL_PATH, credentials: tokenOf, extend } = options;
  // Checked before any resource is open.
  basePathOf(endpoint);
  if (options.metrics) (await import('./server/metrics.js')).assertUnused(options.metrics);
  const schema = buildSchema({ nodeFields: config.nodeFields, extend, cacheSeconds: config.cacheSeconds });
  const guard = guardOf(config, schema, tokenOf !== undefined);
  if (config.mcp.http && config.mode === 'pass-through' && !tokenOf) {
    throw new ConfigError(
      'MCP=on needs credentials that the server holds, such as CONSTANT_CONTACT_CLIENT_ID: tokens of agents are never forwarded',
    );
  }

  // Validating every response against the contract is for tests; here it would only cost time.
  const limits = { requestsPerSecond, requestsPerDay, validate: false };
  // Here and below: modules that only some configurations need are loaded on demand.
  const sandbox =
    config.mode === 'sandbox'
      ? await (await import('./sandbox/index.js')).createSandbox({ ...options.sandbox, ...limits })
      : null;
  resources.add(sandbox);
  const apiUrl = sandbox?.url ?? config.apiUrl;
  if (apiUrl === null) throw new TypeError(`a configuration of mode ${config.mode} needs an apiUrl`);

  const clock = options.client?.clock ?? systemClock;
  const shared = await openSharedState(config, apiUrl, { logger, clock: options.client?.clock });
  resources.add(shared);
  await shared?.started;
  const account =
    config.mode === 'account' && config.account
      ? openAccount(config.account, {
          store: shared?.tokenStore(config.account),
          clock,
          dispatcher: options.client?.dispatcher,
          onEvent: (event) => logAccount(logger, event),
        })
      : null;
  resources.add(account);
  if (account && !shared) await warnIfExposed(logger, account.store.place);
  const client = createConstantContact({
    ...options.client,
    baseUrl: apiUrl,
    requestsPerSecond,
    requestsPerDay,
    reservedForMutations,
    cacheSeconds,
    referenceCacheSeconds,
    staleSeconds,
    governor: shared?.governor,
    watches: shared?.watches,
    locks: shared?.locks,
    reads: shared?.reads,
    onAttempt: (report) => {
      metrics?.attempted(report);
      logFailedAttempt(logger, report);
    },
    startAttempt,
    onOutage: (outage) => logOutage(logger, outage),
    onPageSizeRefused: (refused) =>
      logger.warn(refused, 'page size refused by the REST API; using smaller pages'),
  });
  resources.add(client);
  const metrics =
    config.metrics || options.metrics
      ? (await import('./server/metrics.js')).createMetrics(
          () => client.governor,
          options.metrics,
          shared !== null,
        )
      : null;
  const mcp = config.mcp.http
    ? (await import('./mcp/http.js')).httpHandler(
        {
          schema,
          config: config.mcp,
          introspection: guard.introspection,
          sandbox: sandbox !== null,
        },
        logger,
      )
    : null;
  const partner = partnerOf(config, sandbox);
  const app = createApp({
    endpoint,
    schema,
    client,
    credentials: tokenOf
      ? hostCredentials(tokenOf, partner)
      : credentialSource(ownCredentials(config, sandbox, account), partner),
    context: options.context ?? null,
    ...(options.plugins && { plugins: options.plugins }),
    apiHost: new URL(apiUrl).host,
    logger,
    examples: config.graphiql ? loadExamples() : [],
    ...guard,
    metrics,
    mcp,
    exposeMetrics: config.metrics,
    shared,
    sandbox: sandbox !== null,
    extended: extend !== undefined,
    login: account && (async () => (await account.credentials.status()).state),
    ...(options.client?.clock && { clock: options.client.clock }),
  });

  resources.add(app);

  const sockets: Listening[] = [];
  const shutDown = async () => {
    await Promise.all(sockets.map((socket) => socket.close()));
    await resources.close();
  };
  let closing: Promise<void> | undefined;
  return {
    config,
    apiUrl,
    schema,
    sandbox,
    login: async () => (await account?.credentials.status()) ?? null,
    fetch: (target: Request | string | URL, init?: RequestInit) => app.fetch(target, init),
    listener: (request, response) => app.listener(request, response),
    listen: async (where) => {
      const host = where?.host ?? config.host;
      assertGuarded(config, host, tokenOf !== undefined);
      // Extended schemas are printed, which would delay the first requests.
      if (guard.introspection) for (const textOf of [sdlOf, apiSdlOf]) textOf(schema);
      const socket = await listen(app, { port: config.port, ...where, host });
      sockets.push(socket);
      return socket;
    },
    drain: () => app.drain(),
    close: () => (closing ??= shutDown()),
  };
}

/** Resources that a facade has opened, the newest first. */
class Resources {
  readonly #opened: { close(): Promise<unknown> }[] = [];

  add(resource: { close(): Promise<unknown> } | null): void {
    if (resource) this.#opened.unshift(resource);
  }

  /** Closes the newest first: each may use those before it. */
  async close(): Promise<void> {
    for (const resource of this.#opened) await resource.close();
  }
}

function ownCredentials(
  config: Config,
  sandbox: Sandbox | null,
  account: AccountParts | null,
): Credentials | AccountCredentials | null {
  if (sandbox) return bearerCredentials('sandbox', sandbox.token);
  if (account) return account.credentials;
  return config.accessToken === null ? null : bearerCredentials('token', config.accessToken);
}

/** The sandbox accepts any key, so that partner fields can be tried too. */
function partnerOf({ partner }: Config, sandbox: Sandbox | null): Credentials | null {
  if (partner) return partnerCredentials(partner.apiKey, partner.token);
  return sandbox && partnerCredentials('sandbox', sandbox.token);
}

async function warnIfExposed(logger: Logger, path: string): Promise<void> {
  const mode = await exposedModeOf(path);
  if (mode !== null) {
    logger.warn({ path, mode }, 'token file accessible to other users; run chmod 600 on it');
  }
}

function logOutage(logger: Logger, outage: Outage): void {
  if (outage.state === 'ended') logger.warn({}, 'circuit breaker closed: the REST API answers again');
  else
    logger.error(
      { retryAt: new Date(outage.retryAt).toISOString() },
      'circuit breaker opened: the REST API keeps failing',
    );
}

/** Level and message of the log line for each event of a login. */
const ACCOUNT_LINES: Readonly<
  Record<AccountEvent['kind'], readonly [level: 'info' | 'warn' | 'error', message: string]>
> = {
  renewed: ['info', 'login renewed'],
  renewalFailed: ['warn', 'login renewal failed; retrying'],
  ended: ['error', 'login ended; run `login` again'],
  storeFailed: ['error', 'stored login unusable; using the copy in memory until it expires, and retrying'],
  storeMended: ['info', 'stored login usable again'],
};

function logAccount(logger: Logger, { kind, ...details }: AccountEvent): void {
  const [level, message] = ACCOUNT_LINES[kind];
  const { error, ...others }: { error?: unknown; expiresAt?: Date; place?: string } = details;
  logger[level]({ ...(error !== undefined && { err: loggable(error) }), ...others }, message);
}
