import { mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { runCommand } from '../support/command.js';

let sandbox: Sandbox;
let directory: string;
beforeAll(async () => {
  sandbox = await createSandbox({ contacts: 5, campaigns: 1, requestsPerSecond: 0 });
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'token-file-'));
  return () => rm(directory, { recursive: true, force: true });
});

const environment = (clientId: string, more: Record<string, string> = {}) => ({
  CONSTANT_CONTACT_CLIENT_ID: clientId,
  CONSTANT_CONTACT_AUTH_URL: sandbox.oauth.url,
  CONSTANT_CONTACT_API_URL: sandbox.url,
  XDG_CONFIG_HOME: directory,
  ...more,
});

async function run(
  args: string[],
  env: Record<string, string>,
): Promise<{ code: number | null; text: string }> {
  const command = runCommand(args, env);
  const code = await command.exited;
  expect(command.output()).not.toContain('    at ');
  return { code, text: command.output() };
}

async function logIn(env: Record<string, string>): Promise<void> {
  const command = runCommand(['login', '--port', '0', '--no-browser'], env);
  const [, url = ''] = await command.printed(/^ {2}(http\S+)\n/m);
  expect((await fetch(url)).status).toBe(200);
  expect(await command.exited).toBe(0);
}

describe('two applications of one user', () => {
  it('have separate files by default, and both stay logged in', async () => {
    for (const clientId of ['first', 'second']) await logIn(environment(clientId));
    const names = await readdir(join(directory, 'constant-contact-graphql'));
    expect(names.filter((name) => name.endsWith('.json'))).toHaveLength(2);
    for (const clientId of ['first', 'second'])
      expect((await run(['whoami'], environment(clientId))).code).toBe(0);
  });

  it('sharing one file: the second login is refused before approval, with the file and the remedy', async () => {
    const file = join(directory, 'shared.json');
    const shared = { CONSTANT_CONTACT_TOKEN_FILE: file };
    await logIn(environment('first', shared));
    const text = await readFile(file, 'utf8');
    for (const args of [
      ['login', '--no-browser'],
      ['login', '--device'],
      ['logout'],
      ['whoami'],
      ['serve'],
    ]) {
      const refused = await run(args, environment('second', { ...shared, PORT: '0' }));
      expect(refused.code, args.join(' ')).toBe(1);
      expect(refused.text).toContain('belongs to another CONSTANT_CONTACT_CLIENT_ID');
      expect(refused.text).toContain('Set another CONSTANT_CONTACT_TOKEN_FILE');
      expect(refused.text).toContain(file);
      expect(refused.text).not.toContain('Open this address');
    }
    const found = await run(['doctor'], environment('second', shared));
    expect(found.text).toMatch(/problem +login +.*belongs to another CONSTANT_CONTACT_CLIENT_ID/);
    expect(await readFile(file, 'utf8')).toBe(text);
    expect((await run(['whoami'], environment('first', shared))).code).toBe(0);
  });
});

describe('a token file that is a link to nothing', () => {
  it('is reported at start, and a login creates what it points to', async () => {
    const file = join(directory, 'link.json');
    await symlink('elsewhere/login.json', file);
    const env = environment('first', { CONSTANT_CONTACT_TOKEN_FILE: file, PORT: '0' });
    for (const command of ['serve', 'whoami']) {
      const refused = await run([command], env);
      expect(refused.code, command).toBe(1);
      expect(refused.text).toContain(
        'a symbolic link to a file that does not exist. Restore that file, or run',
      );
      expect(refused.text).toContain(file);
    }
    await logIn(env);
    expect((await run(['whoami'], env)).code).toBe(0);
    expect(await readlink(file)).toBe('elsewhere/login.json');
  });
});

it.each(['accessToken', 'refreshToken'])(
  'a line break in the %s of a token file is reported at start',
  async (name) => {
    const file = join(directory, 'tokens.json');
    const env = environment('first', { CONSTANT_CONTACT_TOKEN_FILE: file, PORT: '0' });
    await logIn(env);
    const record = JSON.parse(await readFile(file, 'utf8')) as { grant: Record<string, unknown> };
    record.grant[name] = `${String(record.grant[name])}\n`;
    await writeFile(file, JSON.stringify(record));
    const refused = await run(['serve'], env);
    expect(refused.code).toBe(1);
    expect(refused.text).toContain('contains a line break');
    expect(refused.text).toContain('Restore the login, or log in again');
    expect(refused.text).toContain(file);
  },
);
