import { readConfig, type Config } from './config.js';
import { openAccount, type AccountParts } from './constant-contact/account.js';
import type { AccountEvent, AccountStatus } from './constant-contact/account-credentials.js';
import { createConstantContact, type ClientOptions, type Outage } from './constant-contact/api.js';
import { systemClock } from './constant-contact/clock.js';
import { bearerCredentials, partnerCredentials, type Credentials } from './constant-contact/credentials.js';
import type { PrimaryLink } from './constant-contact/workers/worker.js';
import { createSandbox, type Sandbox, type SandboxOptions } from './sandbox/index.js';
import { buildSchema } from './schema/index.js';
import { assertGuarded } from './server/access/access.js';
import { createApp, GRAPHQL_PATH } from './server/app.js';
import { loadExamples } from './server/examples.js';
import { guardOf } from './server/guard.js';
import { listen, type Listening, type ListenOptions } from './server/listen.js';
import { loggable } from './server/loggable.js';
import { createLogger, type Logger } from './server/logger.js';
import { createMetrics } from './server/metrics.js';
import { credentialSource } from './server/plugins/credentials.js';
import { traceAttempt } from './server/tracing.js';
import { printApiSdl, printSdl } from './server/sdl.js';
import { openSharedState } from './server/shared-state.js';

export { buildSchema, createSandbox, GRAPHQL_PATH, printApiSdl, printSdl, readConfig };
export { ConfigError, type Config, type Mode } from './config.js';
export { ConstantContactError, type ErrorKind } from './constant-contact/errors.js';
export type { ErrorCode } from './server/errors.js';
export type { Listening, ListenOptions, Logger, Sandbox, SandboxOptions };

export interface FacadeOptions {
  /** Default: what the environment says. */
  config?: Config;
  logger?: Logger;
  /** How the embedded account is made, in sandbox mode. */
  sandbox?: Pick<SandboxOptions, 'seed' | 'contacts' | 'empty'>;
  /** Replaces parts of the REST client, for tests: the clock, the HTTP dispatcher, randomness, time limits. */
  client?: Pick<ClientOptions, 'clock' | 'dispatcher' | 'random' | 'attemptTimeoutMs' | 'maxWaitMs'>;
  /** Makes this process one of several that a primary process keeps together, as `serve --workers` does. */
  worker?: {
    link: PrimaryLink;
    /** The embedded account of the primary process, in sandbox mode. */
    sandbox: Pick<Sandbox, 'url' | 'token'> | null;
  };
}

/** The whole program as a value: nothing is shared between two of them, so one process can serve several accounts. */
export interface Facade {
  readonly config: Config;
  /** Base URL of the REST API in use. */
  readonly apiUrl: string;
  /** The embedded account; null when the facade talks to a real one. */
  readonly sandbox: Sandbox | null;
  /** What is known of the login in account mode, else null. Asks nobody. */
  login(): Promise<AccountStatus | null>;
  /** Answers one HTTP request without a socket. */
  fetch(url: string | URL, init?: RequestInit): Promise<Response>;
  /**
   * Serves on a socket, by default the configured one, until the facade is closed.
   *
   * @throws ConfigError for an address that others reach, when the server holds credentials and asks for no key
   */
  listen(options?: Partial<ListenOptions>): Promise<Listening>;
  /** Finishes what is under way, then ends sockets, connections to the API, and the sandbox. */
  close(): Promise<void>;
}

/**
 * Makes a facade in the mode that its configuration implies: over an embedded sandbox account, or over the REST
 * API with the server's token or with that of each caller.
 *
 * @throws ConfigError when the environment is read and something in it is wrong
 */
export async function createFacade(options: FacadeOptions = {}): Promise<Facade> {
  const config = options.config ?? readConfig(process.env);
  const logger = options.logger ?? createLogger(config.logLevel);
  const { requestsPerSecond, requestsPerDay, referenceCacheSeconds } = config;
  const schema = buildSchema({ nodeFields: config.nodeFields });
  const guard = guardOf(config, schema);

  // Holding every answer against the contract is for tests; here it would only take time.
  const limits = { requestsPerSecond, requestsPerDay, validate: false };
  const { worker } = options;
  const sandbox =
    config.mode === 'sandbox' && !worker ? await createSandbox({ ...options.sandbox, ...limits }) : null;
  const embedded = worker?.sandbox ?? sandbox;
  const apiUrl = embedded?.url ?? config.apiUrl;
  if (apiUrl === null) throw new TypeError(`a configuration of mode ${config.mode} needs an apiUrl`);

  const clock = options.client?.clock ?? systemClock;
  const shared = openSharedState(config, apiUrl, { logger, clock: options.client?.clock });
  const account =
    config.mode === 'account' && config.account
      ? openAccount(config.account, {
          store: shared?.tokenStore(config.account),
          clock,
          dispatcher: options.client?.dispatcher,
          onEvent: (event) => {
            logAccount(logger, event);
          },
        })
      : null;
  const client = createConstantContact({
    ...options.client,
    baseUrl: apiUrl,
    requestsPerSecond,
    requestsPerDay,
    referenceCacheSeconds,
    governor: shared?.governor ?? worker?.link.governor({ perSecond: requestsPerSecond, clock }),
    references: shared ? shared.references : worker?.link.references,
    onAttempt: (report) => {
      metrics?.attempted(report);
      traceAttempt(report);
    },
    onOutage: (outage) => {
      logOutage(logger, outage);
    },
  });
  const metrics = config.metrics
    ? createMetrics(() => client.governor.status(), worker && (() => worker.link.counts()))
    : null;
  if (metrics) worker?.link.onCount(() => metrics.counts());
  const app = createApp({
    schema,
    client,
    credentials: credentialSource(ownCredentials(config, embedded, account), partnerOf(config, embedded)),
    apiHost: new URL(apiUrl).host,
    logger,
    examples: loadExamples(),
    ...guard,
    metrics,
    shared,
    login: account && (async () => (await account.credentials.status()).state),
    ...(options.client?.clock && { clock: options.client.clock }),
  });

  const sockets: Listening[] = [];
  const shutDown = async () => {
    await Promise.all(sockets.map((socket) => socket.close()));
    await app.close();
    await client.close();
    await account?.close();
    await shared?.close();
    await sandbox?.close();
  };
  let closing: Promise<void> | undefined;
  return {
    config,
    apiUrl,
    sandbox,
    login: async () => (await account?.credentials.status()) ?? null,
    fetch: (url, init) => app.fetch(url, init),
    listen: async (where) => {
      const host = where?.host ?? config.host;
      assertGuarded(config, host);
      const socket = await listen(app, { port: config.port, ...where, host });
      sockets.push(socket);
      return socket;
    },
    close: () => (closing ??= shutDown()),
  };
}

function ownCredentials(
  config: Config,
  sandbox: Pick<Sandbox, 'token'> | null,
  account: AccountParts | null,
): Credentials | null {
  if (sandbox) return bearerCredentials('sandbox', sandbox.token);
  if (account) return account.credentials;
  return config.accessToken === null ? null : bearerCredentials('token', config.accessToken);
}

/** The sandbox takes any key, so that partner fields can be tried out as well. */
function partnerOf({ partner }: Config, sandbox: Pick<Sandbox, 'token'> | null): Credentials | null {
  if (partner) return partnerCredentials(partner.apiKey, partner.token);
  return sandbox && partnerCredentials('sandbox', sandbox.token);
}

function logOutage(logger: Logger, outage: Outage): void {
  if (outage.state === 'ended') logger.warn('the REST API is back');
  else
    logger.error(
      { retryAt: new Date(outage.retryAt).toISOString() },
      'the REST API does nothing but fail, and is left alone',
    );
}

function logAccount(logger: Logger, event: AccountEvent): void {
  switch (event.kind) {
    case 'renewed':
      logger.info({ expiresAt: event.expiresAt }, 'the login was renewed');
      break;
    case 'renewalFailed':
      logger.warn({ err: loggable(event.error) }, 'the login could not be renewed yet');
      break;
    case 'ended':
      logger.error({ err: loggable(event.error) }, 'the login has ended: somebody has to log in again');
      break;
  }
}
