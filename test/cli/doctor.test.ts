import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAccount } from '../../src/constant-contact/auth/account.js';
import { storeLogin } from '../../src/constant-contact/auth/login.js';
import { systemClock } from '../../src/constant-contact/clock.js';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { approve } from '../support/account.js';
import { runCommand } from '../support/command.js';
import { startUpstream, type Upstream } from '../support/upstream.js';

let sandbox: Sandbox;
let upstream: Upstream | undefined;
let directory: string;
let env: Record<string, string>;

beforeEach(async () => {
  sandbox = await createSandbox({ contacts: 5, campaigns: 1, requestsPerSecond: 0 });
  directory = await mkdtemp(join(tmpdir(), 'doctor-'));
  env = {
    CONSTANT_CONTACT_CLIENT_ID: 'public',
    CONSTANT_CONTACT_TOKEN_FILE: join(directory, 'tokens.json'),
    CONSTANT_CONTACT_AUTH_URL: sandbox.oauth.url,
    CONSTANT_CONTACT_API_URL: sandbox.url,
  };
});
afterEach(async () => {
  await sandbox.close();
  await upstream?.close();
  upstream = undefined;
  await rm(directory, { recursive: true, force: true });
});

async function doctor(
  more: Record<string, string | undefined> = {},
): Promise<{ code: number | null; text: string }> {
  const command = runCommand(['doctor'], { ...env, ...more });
  const code = await command.exited;
  expect(command.output()).not.toContain('    at ');
  return { code, text: command.output() };
}

async function logIn(change: { scopes?: string[]; endedAt?: number } = {}): Promise<string[]> {
  const account = openAccount(
    {
      clientId: 'public',
      clientSecret: null,
      refreshToken: null,
      tokenFile: join(directory, 'tokens.json'),
      tokenKey: null,
      authUrl: sandbox.oauth.url,
    },
    { clock: systemClock },
  );
  const tokens = await approve(account);
  await storeLogin({ store: account.store, clock: systemClock }, 'public', tokens);
  const grant = await account.store.load();
  if (grant) await account.store.save({ ...grant, ...change, ...(change.endedAt && { refreshToken: null }) });
  await account.close();
  return [tokens.accessToken, tokens.refreshToken ?? ''];
}

describe('doctor', () => {
  it('reports no problem with a valid configuration, and prints no token', async () => {
    const tokens = await logIn();
    const { code, text } = await doctor();
    expect(text).toContain('No problems found.');
    for (const about of [
      'configuration',
      'API',
      'login server',
      'login',
      'token file',
      'access',
      'scopes',
      'privileges',
      'quota',
    ]) {
      expect(text).toMatch(new RegExp(`^ok +${about} `, 'm'));
    }
    expect(code).toBe(0);
    for (const token of tokens) expect(text).not.toContain(token);
  });

  it('asks to log in when there is no login', async () => {
    const { code, text } = await doctor();
    expect(text).toMatch(
      /problem +login +No account is logged in\.\n +→ Run `npx constant-contact-graphql login`/,
    );
    expect(text).toContain('\n1 problem found.');
    expect(code).toBe(1);
  });

  it('asks to log in when the login has ended', async () => {
    await logIn({ endedAt: Date.now() });
    const { code, text } = await doctor();
    expect(text).toMatch(/problem +login +The login has ended/);
    expect(code).toBe(1);
  });

  it('lists missing scopes and privileges', async () => {
    await logIn({ scopes: ['contact_data', 'offline_access'] });
    const { profile } = sandbox.account();
    profile.privileges = profile.privileges.filter(
      ({ privilege_name }) => privilege_name !== 'campaign:send',
    );
    const { code, text } = await doctor();
    expect(text).toMatch(/note +scopes +The token lacks account_read, account_update, campaign_data/);
    expect(text).toMatch(/note +privileges .*scheduling and sending campaigns \(campaign:send\)/);
    expect(code).toBe(0);
  });

  it('detects tokens that others can read, and a key that does not fit', async () => {
    await logIn();
    await chmod(join(directory, 'tokens.json'), 0o644);
    expect((await doctor()).text).toMatch(/problem +token file .*\n +→ chmod 600/);
  });

  it('detects a rejected token and a spent quota', async () => {
    sandbox.faults.script({ fault: { kind: 'empty', status: 401 } });
    const token = {
      CONSTANT_CONTACT_CLIENT_ID: undefined,
      CONSTANT_CONTACT_TOKEN_FILE: undefined,
      CONSTANT_CONTACT_AUTH_URL: undefined,
      CONSTANT_CONTACT_ACCESS_TOKEN: 'marked-access-token',
    };
    const refused = await doctor(token);
    expect(refused.text).toMatch(/problem +access .*\n +→ Run `npx constant-contact-graphql login`/);
    expect(refused.code).toBe(1);
    expect(refused.text).not.toContain('marked');
    sandbox.faults.script({ fault: { kind: 'quotaExceeded' } });
    const spent = await doctor(token);
    expect(spent.text).toMatch(
      /problem +quota +The daily quota of REST calls is exhausted. Retry at .* 00:00 UTC/,
    );
    expect(spent.code).toBe(1);
  });

  it('detects hosts that cannot be reached', async () => {
    await logIn();
    const nowhere = {
      CONSTANT_CONTACT_API_URL: 'http://127.0.0.1:1/v3',
      CONSTANT_CONTACT_AUTH_URL: 'http://127.0.0.1:1/x',
    };
    const { code, text } = await doctor(nowhere);
    expect(text).toMatch(/problem +API +127\.0\.0\.1:1 cannot be reached: ECONNREFUSED/);
    expect(text).toMatch(/problem +login server +127\.0\.0\.1:1 cannot be reached/);
    expect(text).toContain('\n2 problems found.');
    expect(code).toBe(1);
  });

  it('detects a name that the DNS does not know', async () => {
    const { text } = await doctor({ CONSTANT_CONTACT_API_URL: 'http://api.invalid/v3' });
    expect(text).toMatch(
      /problem +API +The name api\.invalid was not found\.\n +→ Check the spelling, the DNS and the proxy\./,
    );
  });

  it('detects a wrong clock', async () => {
    upstream = await startUpstream((response) => {
      response.writeHead(401, { date: new Date(Date.now() + 600_000).toUTCString() }).end();
    });
    const { code, text } = await doctor({ CONSTANT_CONTACT_API_URL: upstream.url });
    expect(text).toMatch(/problem +API +This machine's clock is (599|600|601) s behind/);
    expect(code).toBe(1);
  });

  it('reports no problem with the sandbox', async () => {
    const none = Object.fromEntries(Object.keys(env).map((name) => [name, undefined]));
    const { code, text } = await doctor(none);
    expect(text).toMatch(/ok +configuration +No credentials/);
    expect(code).toBe(0);
  });
});
