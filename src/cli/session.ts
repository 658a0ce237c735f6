import { decodeJwt } from 'jose';
import { ConfigError, type Config } from '../config.js';
import { openAccount, type AccountParts } from '../constant-contact/auth/account.js';
import { type Api } from '../constant-contact/api.js';
import { createConstantContact } from '../constant-contact/client.js';
import { systemClock } from '../constant-contact/clock.js';
import { bearerCredentials, type Credentials } from '../constant-contact/auth/credentials.js';
import type { SharedState } from '../constant-contact/redis/index.js';
import { openSharedState } from '../server/shared-state.js';

/** The API with the configured credentials, for a command that makes a few requests. */
export interface Session {
  /** Null in the modes in which the server holds no credentials of a real account. */
  readonly api: Api | null;
  readonly account: AccountParts | null;
  /** State shared through Redis; null when none is configured. */
  readonly shared: SharedState | null;
  /** Facts about the access token in use. Makes no request. */
  token(): Promise<TokenFacts>;
  close(): Promise<void>;
}

export interface TokenFacts {
  /** Null when the token does not contain it. */
  scopes: readonly string[] | null;
  expiresAt: Date | null;
}

/**
 * The application to log in to, and its stored tokens.
 * @throws ConfigError when there is none
 */
export async function openApplication(config: Config) {
  const { account: settings } = config;
  if (!settings) {
    throw new ConfigError(
      'CONSTANT_CONTACT_CLIENT_ID must be set: the API key of your application in the developer portal',
    );
  }
  const shared = await openSharedState(config, config.apiUrl);
  const store = shared?.tokenStore(settings);
  const account = openAccount(settings, { clock: systemClock, store });
  return {
    settings,
    account,
    close: async () => {
      await account.close();
      await shared?.close();
    },
  };
}

export async function openSession(config: Config): Promise<Session> {
  const { mode, apiUrl, requestsPerSecond, requestsPerDay } = config;
  const shared = await openSharedState(config, apiUrl);
  const account =
    mode === 'account' && config.account
      ? openAccount(config.account, { clock: systemClock, store: shared?.tokenStore(config.account) })
      : null;
  const client = apiUrl
    ? createConstantContact({
        baseUrl: apiUrl,
        requestsPerSecond,
        requestsPerDay,
        governor: shared?.governor,
        attemptTimeoutMs: 15_000,
      })
    : null;
  const credentials = await credentialsOf(config, account);
  const signal = new AbortController().signal;
  return {
    api: client && credentials ? client.session({ credentials, partner: null, signal }) : null,
    account,
    shared,
    token: async () => {
      if (config.accessToken !== null) return factsOf(config.accessToken);
      const status = await account?.credentials.status();
      if (!status) return { scopes: null, expiresAt: null };
      return { scopes: status.scopes.length > 0 ? status.scopes : null, expiresAt: status.expiresAt };
    },
    close: async () => {
      await client?.close();
      await account?.close();
      await shared?.close();
    },
  };
}

async function credentialsOf(config: Config, account: AccountParts | null): Promise<Credentials | null> {
  if (config.mode === 'token' && config.accessToken !== null) {
    return bearerCredentials('token', config.accessToken);
  }
  return (await account?.credentials.bind()) ?? null;
}

/** Constant Contact's access tokens are JWTs. They are decoded here, not verified; the API does that. */
function factsOf(token: string): TokenFacts {
  try {
    const { exp, scp, scope } = decodeJwt(token) as { exp?: number; scp?: unknown; scope?: unknown };
    const listed = Array.isArray(scp) ? scp.map(String) : typeof scope === 'string' ? scope.split(' ') : null;
    return { scopes: listed, expiresAt: exp === undefined ? null : new Date(exp * 1_000) };
  } catch {
    return { scopes: null, expiresAt: null };
  }
}
