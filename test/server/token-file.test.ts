import { chmod, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFacade, readConfig, type Facade } from '../../src/index.js';
import { CLIENT_ID, HOUR, startAccount, type AccountHarness } from '../support/account.js';

const KEY = Buffer.alloc(32, 7);

let harness: AccountHarness;
let facade: Facade | undefined;
let log: string;
beforeEach(async () => {
  harness = await startAccount();
  log = '';
});
afterEach(async () => {
  await facade?.close();
  facade = undefined;
  await harness.close();
});

/** The server in account mode, with a login. */
async function start(): Promise<void> {
  await harness.logIn(harness.open({ tokenKey: KEY }));
  await open();
}

async function open(): Promise<void> {
  const { sandbox, tokenFile, clock } = harness;
  const write = (chunk: unknown, _encoding: string, done: () => void) => {
    log += String(chunk);
    done();
  };
  facade = await createFacade({
    config: readConfig({
      CONSTANT_CONTACT_CLIENT_ID: CLIENT_ID,
      CONSTANT_CONTACT_TOKEN_FILE: tokenFile,
      CONSTANT_CONTACT_TOKEN_KEY: KEY.toString('hex'),
      CONSTANT_CONTACT_AUTH_URL: sandbox.oauth.url,
      CONSTANT_CONTACT_API_URL: sandbox.url,
      REFERENCE_CACHE_SECONDS: '0',
    }),
    logger: pino({ level: 'trace' }, new Writable({ write })),
    client: { clock },
  });
}

async function ask(): Promise<any> {
  const response = facade?.fetch('http://facade.test/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ contactLists(first: 1) { nodes { name } } }' }),
  });
  return (await harness.clock.run(response ?? Promise.reject(new Error('not started')))).json();
}

const failures = () => log.split('\n').filter((line) => line.includes('stored login unusable'));

const DAMAGE: [string, (path: string) => Promise<unknown>][] = [
  ['truncated', async (path) => writeFile(path, (await readFile(path)).subarray(0, 100))],
  ['replaced by another text', (path) => writeFile(path, 'nonsense\n')],
  ['emptied', (path) => writeFile(path, '')],
  ['filled with zeros', (path) => writeFile(path, Buffer.alloc(500))],
  ['deleted', (path) => rm(path)],
  ['replaced by a directory', async (path) => (await rm(path), mkdir(path))],
  ['made unreadable', async (path) => (await rm(path), symlink(path, path))],
  [
    'encrypted with another key',
    async (path) => {
      const record = JSON.parse(await readFile(path, 'utf8')) as { encrypted: string };
      await writeFile(path, JSON.stringify({ ...record, encrypted: 'A'.repeat(record.encrypted.length) }));
    },
  ],
  [
    'replaced by the login of another application',
    (path) =>
      writeFile(path, JSON.stringify({ version: 1, encrypted: 'AAAA', application: '0123456789abcdef' })),
  ],
];

describe('a token file that is damaged while the server runs', () => {
  it.each(DAMAGE)(
    '%s: the login in memory is used, then an error says so until the file is repaired',
    async (_, damage) => {
      await start();
      const { clock, tokenFile, asked, sandbox } = harness;
      expect(await ask()).toHaveProperty('data.contactLists.nodes');
      const copy = await readFile(tokenFile);
      await damage(tokenFile);

      await clock.advance(61_000);
      for (let n = 0; n < 3; n += 1) expect(await ask()).toHaveProperty('data.contactLists.nodes');
      expect(failures()).toHaveLength(1);
      expect(failures()[0]).toContain(tokenFile);
      expect(failures()[0]).toContain('"level":50');

      await clock.advance(30 * HOUR);
      const { errors } = await ask();
      expect(errors[0].extensions).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true });
      expect(errors[0].message).toMatch(/stored login/);
      expect(errors[0].message).not.toMatch(/send yours|Authorization/i);
      expect(JSON.stringify(errors)).not.toContain(tokenFile);
      expect(asked()).toBe(0);

      await rm(tokenFile, { recursive: true, force: true });
      await writeFile(`${tokenFile}.restored`, copy);
      await rename(`${tokenFile}.restored`, tokenFile);
      expect(await ask()).toHaveProperty('data.contactLists.nodes');
      expect(log).toContain('stored login usable again');
      expect(asked()).toBe(1);
      expect(sandbox.oauth.reuses).toBe(0);
    },
  );
});

it.each([0o666, 0o640, 0o604])(
  'a token file of mode %o causes a warning at start, with its path',
  async (mode) => {
    const { logIn, tokenFile } = harness;
    await logIn(harness.open({ tokenKey: KEY }));
    await chmod(tokenFile, mode);
    await open();
    const [warning = ''] = log.split('\n').filter((line) => line.includes('accessible to other users'));
    expect(JSON.parse(warning)).toMatchObject({ level: 40, path: tokenFile, mode: `0${mode.toString(8)}` });
  },
);

it('a token file readable by its owner only causes none', async () => {
  await start();
  expect(log).not.toContain('by others');
});
