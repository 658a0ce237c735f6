import { copyFile, lstat, mkdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storeLogin } from '../../src/constant-contact/auth/login.js';
import { withFileLock } from '../../src/constant-contact/auth/file-lock.js';
import { CLIENT_ID, headersOf, HOUR, startAccount, type AccountHarness } from '../support/account.js';
import { failureOf, until } from '../support/upstream.js';

const KEY = Buffer.alloc(32, 7);

let harness: AccountHarness;
beforeEach(async () => {
  harness = await startAccount();
});
afterEach(() => harness.close());

const exists = (path: string) => stat(path).then(Boolean, () => false);
const tokenOf = async (account: ReturnType<AccountHarness['open']>) =>
  (await harness.clock.run(headersOf(account)))['authorization'];

describe('the token file of earlier releases, shared by all applications', () => {
  /** As `config.ts` has it: a file of this application, and the former one beside it. */
  const settings = () => ({
    tokenFile: join(harness.directory, 'tokens-1234.json'),
    formerTokenFile: harness.tokenFile,
  });

  it.each([null, KEY])(
    'is read immediately and moved before the first refresh (key: %s)',
    async (tokenKey) => {
      const { open, logIn, clock, asked, sandbox, tokenFile } = harness;
      const tokens = await logIn(open({ tokenKey }));
      const account = open({ ...settings(), tokenKey });
      expect(await tokenOf(account)).toBe(`Bearer ${tokens.accessToken}`);
      await clock.advance(30 * HOUR);
      await tokenOf(account);
      expect(await exists(tokenFile)).toBe(false);
      expect(await exists(settings().tokenFile)).toBe(true);
      await clock.advance(30 * HOUR);
      await tokenOf(account);
      expect(asked()).toBe(2);
      expect(sandbox.oauth.reuses).toBe(0);
    },
  );

  it('is not moved while a process of such a release refreshes', async () => {
    const { open, logIn, clock, sandbox, tokenFile } = harness;
    const former = open();
    await logIn(former);
    await clock.advance(30 * HOUR);
    let finish = () => {};
    const refreshing = new Promise<void>((resolve) => (finish = resolve));
    let held: Promise<void> | undefined;
    await new Promise<void>((begin) => {
      held = withFileLock(tokenFile, clock, () => {
        begin();
        return refreshing;
      });
    });
    const account = open(settings());
    const headers = headersOf(account);
    await until(() => existsSync(`${settings().tokenFile}.lock.1`));
    expect(await exists(tokenFile)).toBe(true);
    finish();
    await held;
    expect(await clock.run(headers)).toHaveProperty('authorization');
    expect((await failureOf(clock.run(headersOf(former)))).message).toContain('missing');
    expect(sandbox.oauth.reuses).toBe(0);
  });

  it('is recovered from a save that such a process left unfinished', async () => {
    const { open, logIn, clock, tokenFile } = harness;
    const former = open();
    await logIn(former);
    const grant = await former.store.load();
    const later = { ...grant, revision: (grant?.revision ?? 0) + 5, accessToken: 'later-token' };
    await writeFile(`${tokenFile}.123456`, JSON.stringify({ version: 1, grant: later }));
    const account = open(settings());
    await clock.run(account.store.exclusively(() => Promise.resolve()));
    expect(await tokenOf(account)).toBe('Bearer later-token');
  });

  it('stays in place when its login belongs to another application', async () => {
    const { open, logIn, tokenFile, clock } = harness;
    const tokens = await logIn(open({ tokenKey: KEY }));
    const text = await readFile(tokenFile, 'utf8');
    for (const tokenKey of [null, KEY, Buffer.alloc(32, 8)]) {
      const other = open({ ...settings(), clientId: 'another', tokenKey });
      expect((await failureOf(headersOf(other))).kind).toBe('unauthenticated');
      await clock.run(storeLogin({ store: other.store, clock }, 'another', tokens));
      expect((await other.store.load())?.clientId).toBe('another');
      await clock.run(other.store.exclusively(() => other.store.clear()));
      expect(await readFile(tokenFile, 'utf8')).toBe(text);
    }
  });
});

describe('a login of another application', () => {
  it.each([null, KEY])(
    'is neither replaced nor used, and its refresh token stays unspent (key: %s)',
    async (tokenKey) => {
      const { open, logIn, tokenFile, clock, asked } = harness;
      const tokens = await logIn(open({ tokenKey }));
      const text = await readFile(tokenFile, 'utf8');
      for (const more of [
        {},
        { refreshToken: 'configured' },
        { tokenKey: Buffer.alloc(32, 8) },
        { tokenKey: null },
      ]) {
        const other = open({ clientId: 'another', tokenKey, ...more });
        const refusal = {
          kind: 'unavailable',
          message: expect.stringContaining('another CONSTANT_CONTACT_CLIENT_ID'),
        };
        expect(await failureOf(clock.run(headersOf(other)))).toMatchObject(refusal);
        const login = storeLogin({ store: other.store, clock }, 'another', tokens);
        expect(await failureOf(clock.run(login))).toMatchObject({ ...refusal, place: tokenFile });
      }
      expect(await readFile(tokenFile, 'utf8')).toBe(text);
      expect(asked()).toBe(0);
    },
  );

  it('may be encrypted with another key by an earlier release, and is not replaced either', async () => {
    const { open, logIn, tokenFile, clock } = harness;
    const tokens = await logIn(open({ tokenKey: KEY }));
    const { version, encrypted } = JSON.parse(await readFile(tokenFile, 'utf8'));
    await writeFile(tokenFile, JSON.stringify({ version, encrypted }));
    const other = open({ clientId: 'another', tokenKey: Buffer.alloc(32, 8) });
    const login = storeLogin({ store: other.store, clock }, 'another', tokens);
    expect((await failureOf(clock.run(login))).message).toContain('cannot be decrypted');
    expect((await open({ tokenKey: KEY }).store.load())?.clientId).toBe(CLIENT_ID);
  });
});

describe('a symbolic link', () => {
  /** Links to a file in a folder of its own, as dotfile managers and mounted secrets have it. */
  async function link(): Promise<{ path: string; target: string }> {
    const folder = join(harness.directory, 'vault');
    await mkdir(folder);
    const path = join(harness.directory, 'link.json');
    await symlink('vault/login.json', path);
    return { path, target: join(folder, 'login.json') };
  }

  it.each(['a file', 'nothing yet'])('to %s is kept, and its target is replaced', async (what) => {
    const { open, logIn, clock, tokenFile, asked } = harness;
    const { path, target } = await link();
    await logIn(open());
    if (what === 'a file') await copyFile(tokenFile, target);
    const account = open({ tokenFile: path });
    if (what !== 'a file') await logIn(account);
    await clock.advance(30 * HOUR);
    await tokenOf(account);
    expect(asked()).toBe(1);
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect(await readlink(path)).toBe('vault/login.json');
    expect((await lstat(target)).isFile()).toBe(true);
    expect((await stat(target)).mode & 0o777).toBe(0o600);
    await clock.run(account.store.exclusively(() => account.store.clear()));
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect(await readFile(target, 'utf8')).not.toMatch(/access|refresh/i);
  });

  it('to nothing yet is where a configured refresh token is stored', async () => {
    const { open, approve, clock } = harness;
    const { path, target } = await link();
    const { refreshToken } = await approve(open());
    await tokenOf(open({ tokenFile: path, refreshToken }));
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect((await lstat(target)).isFile()).toBe(true);
    expect(await failureOf(clock.run(headersOf(open({ tokenFile: `${path}.other` }))))).toMatchObject({
      kind: 'unauthenticated',
    });
  });

  it('and its target share one lock, so that two processes do not both refresh', async () => {
    const { open, clock, logIn, asked, sandbox } = harness;
    const { path, target } = await link();
    const [one, two] = [open({ tokenFile: path }), open({ tokenFile: target })];
    await logIn(one);
    await clock.advance(30 * HOUR);
    const [first, second] = await clock.run(Promise.all([tokenOf(one), tokenOf(two)]));
    expect(first).toBe(second);
    expect(asked()).toBe(1);
    expect(sandbox.oauth.reuses).toBe(0);
  });
});
