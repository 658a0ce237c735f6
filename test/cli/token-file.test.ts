import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
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
