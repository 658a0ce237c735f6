import type { Dispatcher } from 'undici';
import { accountCredentials, type AccountCredentials, type AccountEvent } from './account-credentials.js';
import type { Clock } from '../clock.js';
import { fileTokenStore } from './file-token-store.js';
import { OAuthClient } from './oauth.js';
import { createTokenCodec } from './token-codec.js';
import type { TokenStore } from './token-store.js';

export interface AccountSettings {
  readonly clientId: string;
  readonly clientSecret: string | null;
  /** A refresh token to begin with. */
  readonly refreshToken: string | null;
  readonly tokenFile: string;
  /** A file whose login is taken over if it is this application's. */
  readonly formerTokenFile?: string | null;
  /** 32 bytes, or null to store the tokens as they are. */
  readonly tokenKey: Buffer | null;
  readonly authUrl: string;
}

/** Components of one login. */
export interface AccountParts {
  oauth: OAuthClient;
  store: TokenStore;
  credentials: AccountCredentials;
  /** Finishes a renewal that is in flight, then closes the connections. */
  close(): Promise<void>;
}

export interface AccountDependencies {
  clock: Clock;
  /** Stays the caller's to close. */
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
    fileTokenStore(tokenFile, createTokenCodec(tokenKey, clientId), clock, formerTokenFile);
  const credentials = accountCredentials({ oauth, store, clock, bootstrap: refreshToken, onEvent });
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
