import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  openAccount,
  type AccountParts,
  type AccountDependencies,
} from '../../src/constant-contact/auth/account.js';
import type { AccountEvent } from '../../src/constant-contact/auth/account-credentials.js';
import { storeLogin } from '../../src/constant-contact/auth/login.js';
import { createProof, SCOPES, type Tokens } from '../../src/constant-contact/auth/oauth.js';
import { createSandbox, type OAuthSettings, type Sandbox } from '../../src/sandbox/index.js';
import { manualClock, type ManualClock } from './clock.js';

export const CLIENT_ID = 'some-client';
export const REDIRECT = 'http://localhost:9/callback';
export const HOUR = 3_600_000;

export interface AccountHarness {
  sandbox: Sandbox;
  clock: ManualClock;
  directory: string;
  tokenFile: string;
  events: AccountEvent[];
  /** The account as one process opens it. */
  open(
    settings?: Partial<Parameters<typeof openAccount>[0]>,
    more?: Partial<AccountDependencies>,
  ): AccountParts;
  /** Approves the login. Advances the clock, because the token endpoint allows one call per second. */
  approve(account: AccountParts): Promise<Tokens>;
  /** Approves the login and stores the tokens. */
  logIn(account: AccountParts): Promise<Tokens>;
  /** Number of token requests that the sandbox received, of one grant type or all. */
  asked(grantType?: string): number;
  close(): Promise<void>;
}

/**
 * A sandbox and a token file, on one manual clock.
 * @param now start of the clock
 */
export async function startAccount(oauth: OAuthSettings = {}, now?: number): Promise<AccountHarness> {
  const clock = manualClock(now);
  const sandbox = await createSandbox({ contacts: 5, campaigns: 1, requestsPerSecond: 0, clock, oauth });
  const directory = await mkdtemp(join(tmpdir(), 'account-'));
  const tokenFile = join(directory, 'tokens.json');
  const opened: AccountParts[] = [];
  const events: AccountEvent[] = [];
  const approveOn = async (account: AccountParts): Promise<Tokens> => {
    await clock.advance(1_100);
    const tokens = await clock.run(approve(account));
    await clock.advance(1_100);
    return tokens;
  };
  return {
    sandbox,
    clock,
    directory,
    tokenFile,
    events,
    open: (settings, more) => {
      const account = openAccount(
        {
          clientId: CLIENT_ID,
          clientSecret: null,
          refreshToken: null,
          tokenFile,
          tokenKey: null,
          authUrl: sandbox.oauth.url,
          ...settings,
        },
        { clock, onEvent: (event) => events.push(event), ...more },
      );
      opened.push(account);
      return account;
    },
    approve: approveOn,
    logIn: async (account) => {
      const tokens = await approveOn(account);
      await clock.run(storeLogin({ store: account.store, clock }, CLIENT_ID, tokens));
      return tokens;
    },
    asked: (grantType = 'refresh_token') =>
      sandbox.oauth.journal.filter((entry) => entry.grantType === grantType).length,
    close: async () => {
      await Promise.all(opened.map((account) => clock.run(account.close())));
      await sandbox.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Headers for a new request. */
export async function headersOf({ credentials }: AccountParts): Promise<Record<string, string>> {
  return (await credentials.bind()).headers();
}

/** Completes the authorization-code flow as a browser would. */
export async function approve({ oauth }: Pick<AccountParts, 'oauth'>): Promise<Tokens> {
  const { verifier, challenge, state } = createProof();
  const url = oauth.authorizeUrl({ redirectUri: REDIRECT, scopes: SCOPES, state, challenge });
  const { headers } = await fetch(url, { redirect: 'manual' });
  const code = new URL(headers.get('location') ?? '').searchParams.get('code') ?? '';
  return oauth.exchange({ code, redirectUri: REDIRECT, verifier });
}
