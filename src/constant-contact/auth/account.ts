import type { Dispatcher } from 'undici';
import { AccountCredentials, type AccountEvent } from './account-credentials.js';
import type { Clock } from '../clock.js';
import { fileTokenStore } from './file-token-store.js';
import { OAuthClient } from './oauth.js';
import { createTokenCodec } from './token-codec.js';
import type { TokenStore } from './token-store.js';

export interface AccountSettings {
  readonly clientId: string;
  readonly clientSecret: string | null;
  /** Initial refresh token. */
  readonly refreshToken: string | null;
  readonly tokenFile: string;
  /** File of an earlier release, whose login is moved if it belongs to this application. */
  readonly formerTokenFile?: string | null;
  /** 32 bytes, or null to store the tokens in plain text. */
  readonly tokenKey: Buffer | null;
  readonly authUrl: string;
}

/** Components of one login. */
export interface AccountParts {
  oauth: OAuthClient;
  store: TokenStore;
  credentials: AccountCredentials;
  /** Completes a renewal in flight, then closes the connections. */
  close(): Promise<void>;
}

export interface AccountDependencies {
  clock: Clock;
  /** Must be closed by the caller. */
  dispatcher?: Dispatcher | undefined;
  /** Replaces the token file. */
  store?: TokenStore | undefined;
  onEvent?: ((event: AccountEvent) => void) | undefined;
}

/** Creates the components of the configured login. Reads nothing and sends nothing yet. */
export function openAccount(settings: AccountSettings, dependencies: AccountDependencies): AccountParts {
  const { clock, dispatcher, onEvent } = dependencies;
  const { clientId, clientSecret, authUrl, refreshToken, tokenFile, formerTokenFile, tokenKey } = settings;
  const oauth = new OAuthClient({ authUrl, clientId, clientSecret, clock, dispatcher });
  const store =
    dependencies.store ??
    fileTokenStore(
      tokenFile,
      createTokenCodec(tokenKey, clientId),
      clock,
      formerTokenFile,
      refreshToken !== null,
    );
  const credentials = new AccountCredentials(oauth, store, clock, refreshToken, onEvent);
  return {
    oauth,
    store,
    credentials,
    close: async () => {
      await credentials.close();
      await oauth.close();
    },
  };
}
