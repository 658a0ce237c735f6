import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { runCommand, type Command } from '../support/command.js';

const SECRET = 'marked-client-secret';
const KEY = Buffer.alloc(32, 9).toString('base64');

let sandbox: Sandbox;
let directory: string;
let tokenFile: string;
let env: Record<string, string>;

beforeAll(async () => {
  sandbox = await createSandbox({
    contacts: 5,
    campaigns: 1,
    requestsPerSecond: 0,
    oauth: { deviceSeconds: 1, secrets: { confidential: SECRET } },
  });
});
afterAll(() => sandbox.close());

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'login-'));
  tokenFile = join(directory, 'deep', 'tokens.json');
  env = {
    CONSTANT_CONTACT_CLIENT_ID: 'public',
    CONSTANT_CONTACT_TOKEN_FILE: tokenFile,
    CONSTANT_CONTACT_AUTH_URL: sandbox.oauth.url,
    CONSTANT_CONTACT_API_URL: sandbox.url,
  };
  return () => rm(directory, { recursive: true, force: true });
});

/** Runs a login up to the address that a person has to open. */
async function begin(more: string[] = []): Promise<{ command: Command; url: URL }> {
  const command = runCommand(['login', '--port', '0', '--no-browser', ...more], env);
  const [, url = ''] = await command.printed(/^ {2}(http\S+)\n/m);
  return { command, url: new URL(url) };
}

async function logIn(): Promise<Command> {
  const { command, url } = await begin();
  expect((await fetch(url)).status).toBe(200);
  expect(await command.exited).toBe(0);
  return command;
}

async function storedTokens(): Promise<string[]> {
  const { grant } = JSON.parse(await readFile(tokenFile, 'utf8')) as { grant: Record<string, string> };
  return [grant['accessToken'] ?? '', grant['refreshToken'] ?? ''];
}

describe('login', () => {
  it('in a browser stores the tokens readable by their owner only, and prints none', async () => {
    const command = await logIn();
    expect(command.output()).toContain('Logged in');
    expect(command.output()).toContain('http://localhost:');
    expect((await stat(tokenFile)).mode & 0o777).toBe(0o600);
    expect((await stat(join(directory, 'deep'))).mode & 0o777).toBe(0o700);
    for (const token of await storedTokens()) {
      expect(token.length).toBeGreaterThan(20);
      expect(command.output()).not.toContain(token);
    }
  });

  it('with a secret and a key authenticates with the secret and encrypts the tokens', async () => {
    env = {
      ...env,
      CONSTANT_CONTACT_CLIENT_ID: 'confidential',
      CONSTANT_CONTACT_CLIENT_SECRET: SECRET,
      CONSTANT_CONTACT_TOKEN_KEY: KEY,
    };
    const command = await logIn();
    expect(command.output()).toContain('encrypted');
    expect(command.output()).not.toContain(SECRET);
    expect(await readFile(tokenFile, 'utf8')).toMatch(
      /^\{"version":1,"encrypted":"[^"]+","application":"[0-9a-f]{16}"\}$/,
    );
  });

  it('on another device waits for approval', async () => {
    const command = runCommand(['login', '--device'], env);
    const [, url = ''] = await command.printed(/^ {2}(http\S+)\n/m);
    await command.printed(/The code is [0-9A-F]{8}/);
    expect((await fetch(url)).status).toBe(200);
    expect(await command.exited).toBe(0);
    expect((await storedTokens()).every((token) => token.length > 20)).toBe(true);
  });

  it('requests the configured scopes', async () => {
    const { command, url } = await begin(['--scopes', 'contact_data']);
    expect(url.searchParams.get('scope')).toBe('contact_data');
    await fetch(url);
    expect(await command.exited).toBe(0);
    expect(command.output()).toContain('There is no refresh token');
  });

  it('survives a failing gateway', async () => {
    const { command, url } = await begin();
    // The approval itself is the first request, so the exchange is hit.
    sandbox.oauth.faults.script({ after: 1, fault: { kind: 'html', status: 502 } });
    expect((await fetch(url)).status).toBe(200);
    expect(await command.exited).toBe(0);
  });

  it('ignores callbacks that it did not ask for, and keeps waiting', async () => {
    const { command, url } = await begin();
    const redirect = url.searchParams.get('redirect_uri') ?? '';
    for (const query of ['?code=stolen', '?code=stolen&state=guessed', '?error=access_denied']) {
      expect((await fetch(redirect + query)).status).toBe(400);
    }
    for (const path of ['/', '//', '//:/callback']) {
      expect((await fetch(new URL(redirect).origin + path)).status).toBe(404);
    }
    expect((await fetch(url)).status).toBe(200);
    expect(await command.exited).toBe(0);
  });

  it('does not wait for connections that a browser keeps open', async () => {
    const { command, url } = await begin();
    const { port } = new URL(url.searchParams.get('redirect_uri') ?? '');
    const silent = connect(Number(port), 'localhost');
    const halfSent = connect(Number(port), 'localhost');
    await Promise.all([once(silent, 'connect'), once(halfSent, 'connect')]);
    halfSent.write('GET /favicon.ico HTTP/1.1\r\n');
    const closed = [silent, halfSent].map((socket) => once(socket.resume(), 'close'));
    expect((await fetch(url)).status).toBe(200);
    expect(await command.exited).toBe(0);
    expect((await storedTokens()).every((token) => token.length > 20)).toBe(true);
    await Promise.all(closed);
  });

  it('that is denied says so and stores nothing', async () => {
    const { command, url } = await begin();
    const denied = new URL(url.searchParams.get('redirect_uri') ?? '');
    denied.searchParams.set('state', url.searchParams.get('state') ?? '');
    denied.searchParams.set('error', 'access_denied');
    const page = await fetch(denied);
    expect(page.status).toBe(400);
    expect(await command.exited).toBe(1);
    expect(command.output()).toContain('access_denied');
    expect(command.output()).not.toContain('    at ');
    await expect(stat(tokenFile)).rejects.toThrow('ENOENT');
  });

  it.each([
    [[], { CONSTANT_CONTACT_CLIENT_ID: '' }, 'CONSTANT_CONTACT_CLIENT_ID must be set', 1],
    [['--port', 'x'], {}, '--port must be a whole number', 2],
    [['--scopes', 'a;b'], {}, '--scopes', 2],
  ])('rejects %j with %j', async (args, more, why, code) => {
    const command = runCommand(['login', ...args], { ...env, ...more });
    expect(await command.exited).toBe(code);
    expect(command.output()).toContain(why);
  });
});

describe('with a login', () => {
  it('whoami prints its account and its permissions, and no token', async () => {
    await logIn();
    const command = runCommand(['whoami'], env);
    expect(await command.exited).toBe(0);
    const text = command.output();
    expect(text).toMatch(/Account +\w/);
    expect(text).toMatch(/Scopes +account_read .*offline_access/);
    expect(text).toMatch(/Expires +\d{4}-.*in 24 hours/);
    expect(text).toMatch(/Privileges .*contacts:read/);
    for (const token of await storedTokens()) expect(text).not.toContain(token);
  });

  it('serve uses it, reports it at start and at /healthz, and accepts a token of the caller', async () => {
    await logIn();
    const [accessToken = ''] = await storedTokens();
    const server = runCommand(['serve', '--port', '0'], env);
    const [, url = ''] = await server.printed(/(http:\S+\/graphql)\s/);
    await server.printed(/the stored login/);
    sandbox.journal.clear();
    const ask = async (headers: Record<string, string> = {}) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query: '{ contactLists(first: 1) { nodes { name } } }' }),
      });
      return (await response.json()) as unknown;
    };
    expect(await ask()).not.toHaveProperty('errors');
    expect(await ask({ authorization: 'Bearer of-a-caller' })).not.toHaveProperty('errors');
    expect(sandbox.journal.entries.map(({ credential }) => credential)).toEqual([accessToken, 'of-a-caller']);
    const health = await fetch(url.replace('/graphql', '/healthz'));
    expect(await health.json()).toMatchObject({ credentials: 'account' });
    server.kill('SIGTERM');
    expect(await server.exited).toBe(0);
    for (const token of await storedTokens()) expect(server.output()).not.toContain(token);
  });

  it('logout deletes it, and says what it cannot revoke', async () => {
    await logIn();
    const command = runCommand(['logout'], {
      ...env,
      CONSTANT_CONTACT_REFRESH_TOKEN: 'marked-refresh-token',
    });
    expect(await command.exited).toBe(0);
    expect(command.output()).toContain('24 hours');
    expect(command.output()).toContain('CONSTANT_CONTACT_REFRESH_TOKEN is still set');
    expect(command.output()).not.toContain('marked-refresh-token');
    expect(await readFile(tokenFile, 'utf8')).toBe('{"version":1,"loggedOut":true}');
    const whoami = runCommand(['whoami'], env);
    expect(await whoami.exited).toBe(1);
    expect(whoami.output()).toContain('No account is logged in');
    expect(whoami.output()).not.toContain('    at ');
  });

  it('missing, serve starts and says what to do', async () => {
    const server = runCommand(['serve', '--port', '0'], env);
    await server.printed(/No account is logged in: run `npx constant-contact-graphql login`/);
    server.kill('SIGTERM');
    expect(await server.exited).toBe(0);
  });
});
