import { execFileSync } from 'node:child_process';
import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createConstantContact } from '../../src/constant-contact/client.js';
import { replaceableGrant, storeLogin } from '../../src/constant-contact/auth/login.js';
import { SCOPES } from '../../src/constant-contact/auth/oauth.js';
import { createTokenCodec } from '../../src/constant-contact/auth/token-codec.js';
import type { Fault } from '../../src/sandbox/index.js';
import { CLIENT_ID, headersOf, HOUR, startAccount, type AccountHarness } from '../support/account.js';
import { failureOf, until } from '../support/upstream.js';

let harness: AccountHarness;
afterEach(() => harness.close());

const start = async (...settings: Parameters<typeof startAccount>) =>
  (harness = await startAccount(...settings));
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('a login', () => {
  it('returns its access token without a request until shortly before it expires', async () => {
    const { open, logIn, clock, asked } = await start();
    const account = open();
    const tokens = await logIn(account);
    expect(await headersOf(account)).toEqual(bearer(tokens.accessToken));
    await clock.advance(22.9 * HOUR);
    expect(await headersOf(account)).toEqual(bearer(tokens.accessToken));
    expect(asked()).toBe(0);
  });

  it('is renewed in its last hour, while the old token remains in use', async () => {
    const { open, logIn, clock, asked } = await start();
    const account = open();
    const tokens = await logIn(account);
    await clock.advance(23.1 * HOUR);
    expect(await headersOf(account)).toEqual(bearer(tokens.accessToken));
    await until(() => asked() === 1);
    await clock.run(account.credentials.close());
    expect(await headersOf(account)).not.toEqual(bearer(tokens.accessToken));
    expect(harness.events.map(({ kind }) => kind)).toEqual(['renewed']);
  });

  it('is renewed before a call when its token has expired, once for all waiting calls', async () => {
    const { open, logIn, clock, asked, sandbox } = await start();
    const account = open();
    await logIn(account);
    await clock.advance(30 * HOUR);
    const all = await clock.run(Promise.all(Array.from({ length: 20 }, () => headersOf(account))));
    expect(new Set(all.map((headers) => headers['authorization'])).size).toBe(1);
    expect(asked()).toBe(1);
    const answer = await fetch(`${sandbox.url}/contacts/counts`, { headers: all[0] ?? {} });
    expect(answer.status).toBe(200);
  });

  it('is renewed by one of two processes, and the other uses the tokens that the first stored', async () => {
    const { open, logIn, clock, asked } = await start();
    const [one, two] = [open(), open()];
    await logIn(one);
    for (let day = 1; day <= 5; day += 1) {
      await clock.advance(30 * HOUR);
      const both = Promise.all([headersOf(one), headersOf(two)]);
      const [first, second] = await clock.run(both);
      expect(first).toEqual(second);
      expect(asked()).toBe(day);
    }
    expect(harness.sandbox.oauth.reuses).toBe(0);
  });

  it('keeps its refresh token when the server does not rotate it', async () => {
    const { open, logIn, clock, sandbox } = await start({ rotating: false });
    const account = open();
    const { refreshToken } = await logIn(account);
    await clock.advance(30 * HOUR);
    await clock.run(headersOf(account));
    expect((await account.store.load())?.refreshToken).toBe(refreshToken);
    expect(sandbox.oauth.reuses).toBe(0);
  });

  it('keeps its refresh token, for 8 hours at first, when a response has only an access token', async () => {
    const { open, logIn, clock, asked, sandbox } = await start({ rotating: false });
    const account = open();
    const { refreshToken } = await logIn(account);
    sandbox.oauth.faults.script({
      fault: { kind: 'status', status: 200, body: { access_token: 'bare', refresh_token: '' } },
    });
    await clock.advance(30 * HOUR);
    expect(await clock.run(headersOf(account))).toEqual(bearer('bare'));
    expect((await account.store.load())?.refreshToken).toBe(refreshToken);
    await clock.advance(7 * HOUR);
    expect(await headersOf(account)).toEqual(bearer('bare'));
    await clock.advance(1.1 * HOUR);
    expect(await clock.run(headersOf(account))).not.toEqual(bearer('bare'));
    // The scripted answer is not in the journal.
    expect(asked()).toBe(1);
    expect(sandbox.oauth.journal.map(({ error }) => error).filter(Boolean)).toEqual([]);
  });

  it.each([null, 'the-secret'])(
    'by device is renewed with the authentication that the server requires (secret: %s)',
    async (clientSecret) => {
      const secrets = clientSecret === null ? {} : { secrets: { [CLIENT_ID]: clientSecret } };
      const { open, clock, sandbox } = await start(secrets);
      const account = open({ clientSecret });
      const device = await clock.run(account.oauth.startDevice(SCOPES));
      await fetch(device.verificationUriComplete ?? '');
      const tokens = await clock.run(account.oauth.awaitDevice(device));
      await clock.run(storeLogin({ store: account.store, clock }, CLIENT_ID, tokens));
      await clock.advance(30 * HOUR);
      expect(await clock.run(headersOf(account))).not.toEqual(bearer(tokens.accessToken));
      expect(sandbox.oauth.journal.map(({ error }) => error).filter(Boolean)).toEqual([]);
    },
  );

  it('keeps its fingerprint over refreshes and changes it with another login', async () => {
    const { open, logIn, clock } = await start();
    const account = open();
    await logIn(account);
    const first = await account.credentials.bind();
    await clock.advance(30 * HOUR);
    await clock.run(first.headers() as Promise<unknown>);
    expect((await account.credentials.bind()).fingerprint).toBe(first.fingerprint);
    const other = open();
    const tokens = await logIn(other);
    await clock.advance(61_000);
    expect(await headersOf(account)).toEqual(bearer(tokens.accessToken));
    expect((await account.credentials.bind()).fingerprint).not.toBe(first.fingerprint);
  });

  it('sends nothing of a request that began with another login, or before there was one', async () => {
    const { open, logIn, clock } = await start();
    const account = open();
    const before = await account.credentials.bind();
    await logIn(account);
    const first = await account.credentials.bind();
    expect(await first.headers()).toHaveProperty('authorization');
    await logIn(open());
    await clock.advance(61_000);
    for (const replaced of [before, first])
      expect(await failureOf(replaced.headers() as Promise<unknown>)).toMatchObject({
        kind: 'loginChanged',
        retryable: true,
        message: expect.stringContaining('was replaced'),
      });
    expect(await headersOf(account)).toHaveProperty('authorization');
  });

  it('has its fingerprint before a configured refresh token is taken over', async () => {
    const { open, approve, clock } = await start();
    const { refreshToken } = await approve(open());
    const account = open({ refreshToken });
    const first = await account.credentials.bind();
    expect(await clock.run(first.headers() as Promise<unknown>)).toHaveProperty('authorization');
    for (const process of [account, open(), open({ refreshToken })])
      expect((await process.credentials.bind()).fingerprint).toBe(first.fingerprint);
  });

  it('that does not exist yet is reported, and works as soon as one is stored', async () => {
    const { open, logIn } = await start();
    const account = open();
    const error = await failureOf(headersOf(account));
    expect(error).toMatchObject({
      kind: 'unauthenticated',
      message: expect.stringContaining('Run `npx constant-contact-graphql login`'),
    });
    expect((await account.credentials.status()).state).toBe('loggedOut');
    const tokens = await logIn(account);
    expect(await headersOf(account)).toEqual(bearer(tokens.accessToken));
    expect(await account.credentials.status()).toMatchObject({ state: 'ready', renewable: true });
  });

  it('of another application is not used', async () => {
    const { open, logIn } = await start();
    await logIn(open());
    const error = await failureOf(headersOf(open({ clientId: 'another' })));
    expect(error).toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('another CONSTANT_CONTACT_CLIENT_ID'),
    });
  });

  it('that replaces another is noticed within a minute after the clock was set back', async () => {
    const { open, logIn, clock } = await start();
    const account = open();
    await logIn(account);
    await headersOf(account);
    clock.setBack(72 * HOUR);
    const tokens = await logIn(open());
    await clock.advance(61_000);
    expect(await headersOf(account)).toEqual(bearer(tokens.accessToken));
  });

  it('that another process revoked ends within a minute', async () => {
    const { open, logIn, clock } = await start();
    const account = open();
    await logIn(account);
    await headersOf(account);
    await clock.run(account.store.exclusively(() => account.store.clear()));
    await clock.advance(61_000);
    expect((await failureOf(headersOf(account))).kind).toBe('unauthenticated');
  });
});

describe('invalid_grant', () => {
  it('is final, asks to log in again, and is never retried', async () => {
    const { open, logIn, clock, asked, sandbox } = await start();
    const account = open();
    const { refreshToken } = await logIn(account);
    await clock.advance(30 * HOUR);
    await clock.run(account.oauth.refresh(refreshToken ?? ''));
    const error = await failureOf(clock.run(headersOf(account)));
    expect(error).toMatchObject({ kind: 'unauthenticated', errorKeys: ['invalid_grant'], retryable: false });
    expect(error.message).toContain('Log in again');
    expect((await account.credentials.status()).state).toBe('ended');
    for (const process of [account, open()]) {
      expect(await failureOf(clock.run(headersOf(process)))).toMatchObject({
        message: error.message,
      });
    }
    expect(asked()).toBe(2);
    expect(sandbox.oauth.reuses).toBe(1);
    expect(harness.events.at(-1)).toMatchObject({ kind: 'ended' });
  });

  it('is final with status 200 as well', async () => {
    const { open, logIn, clock, sandbox } = await start();
    const account = open();
    await logIn(account);
    sandbox.oauth.faults.script({
      fault: { kind: 'status', status: 200, body: { error: 'invalid_grant' } },
      times: Infinity,
    });
    await clock.advance(30 * HOUR);
    for (let time = 0; time < 2; time += 1) {
      expect(await failureOf(clock.run(headersOf(account)))).toMatchObject({
        kind: 'unauthenticated',
        errorKeys: ['invalid_grant'],
        message: expect.stringContaining('Log in again') as string,
      });
      await clock.advance(HOUR);
    }
    expect(harness.events.map(({ kind }) => kind)).toEqual(['ended']);
  });

  it('leaves a valid access token in use', async () => {
    const { open, logIn, clock } = await start();
    const account = open();
    const tokens = await logIn(account);
    harness.sandbox.oauth.faults.script({ fault: INVALID_GRANT });
    await clock.advance(23.5 * HOUR);
    expect(await headersOf(account)).toEqual(bearer(tokens.accessToken));
    await clock.run(account.credentials.close());
    await until(() => harness.events.length > 0);
    expect(await headersOf(account)).toEqual(bearer(tokens.accessToken));
    await clock.advance(HOUR);
    expect((await failureOf(headersOf(account))).kind).toBe('unauthenticated');
  });
});

const INVALID_GRANT: Fault = { kind: 'status', status: 400, body: { error: 'invalid_grant' } };

describe('every other failure of the token endpoint', () => {
  it.each<Fault>([
    { kind: 'status', status: 503 },
    { kind: 'empty', status: 200 },
    { kind: 'empty', status: 401 },
    { kind: 'html', status: 200 },
    { kind: 'html', status: 400 },
    { kind: 'throttled' },
    { kind: 'reset' },
    { kind: 'status', status: 401, body: { error: 'invalid_client' } },
    { kind: 'status', status: 400, body: ['invalid_grant'] },
    { kind: 'status', status: 200, body: { access_token: 'has spaces in it' } },
  ])('is retried after at least a second: %j', async (fault) => {
    const { open, logIn, clock, asked, sandbox } = await start();
    const account = open();
    await logIn(account);
    await clock.advance(30 * HOUR);
    sandbox.oauth.faults.script({ times: 2, fault });
    const began = clock.now();
    await clock.run(headersOf(account));
    expect(asked()).toBe(1);
    expect(clock.now() - began).toBeGreaterThan(1_100 + 2_200);
    expect(harness.events.map(({ kind }) => kind)).toEqual(['renewalFailed', 'renewalFailed', 'renewed']);
    expect(await account.credentials.status()).toMatchObject({ state: 'ready', interruptedAt: null });
  });

  it('leaves the old token in use until it expires, and gives up in bounded time after that', async () => {
    const { open, logIn, clock, sandbox } = await start();
    const account = open();
    const tokens = await logIn(account);
    sandbox.oauth.faults.script({ times: 1_000, fault: { kind: 'html', status: 502 } });
    await clock.advance(23.5 * HOUR);
    for (let n = 0; n < 10; n += 1) {
      expect(await headersOf(account)).toEqual(bearer(tokens.accessToken));
      await clock.run(account.credentials.close());
    }
    await clock.advance(HOUR);
    const began = clock.now();
    const error = await failureOf(clock.run(headersOf(account)));
    expect(error).toMatchObject({ kind: 'unavailable', retryable: true });
    expect(error.retryAt).toBeGreaterThan(began);
    expect(clock.now() - began).toBeLessThan(16_000);
    sandbox.oauth.faults.clear();
    await clock.advance(61_000 * 1.25);
    expect(await clock.run(headersOf(account))).not.toEqual(bearer(tokens.accessToken));
  });

  it('is backed off from by all processes together: pauses are stored', async () => {
    const { open, logIn, clock, sandbox } = await start();
    await logIn(open());
    await clock.advance(30 * HOUR);
    sandbox.oauth.faults.script({ times: 1_000, fault: { kind: 'html', status: 502 } });
    // Until the pause exceeds the longest wait.
    for (let n = 0; n < 3; n += 1) await failureOf(clock.run(headersOf(open())));
    const before = clock.now();
    const attempts = (await open().store.load())?.attempts;
    for (let n = 0; n < 5; n += 1) await failureOf(clock.run(headersOf(open())));
    expect((await open().store.load())?.attempts).toBe(attempts);
    expect(clock.now() - before).toBeLessThan(1_000);
  });

  it.each<[string, (now: number) => string, number]>([
    ['seconds', () => '120', 120_000],
    ['a date', (now) => new Date(now + 600_000).toUTCString(), 600_000],
    ['a day at most', () => '999999999', 24 * HOUR],
  ])('may ask all processes to wait: %s', async (_what, header, ms) => {
    const { open, logIn, clock, asked, sandbox } = await start();
    await logIn(open());
    await clock.advance(30 * HOUR);
    const asksToWait = { 'retry-after': header(clock.now()) };
    sandbox.oauth.faults.script({ fault: { kind: 'status', status: 429, headers: asksToWait } });
    const end = clock.now() + ms;
    const waiting = open();
    for (const account of [waiting, waiting, open()]) {
      const error = await failureOf(clock.run(headersOf(account)));
      expect(error.kind).toBe('unavailable');
      expect(Math.abs((error.retryAt ?? 0) - end)).toBeLessThan(2_000);
      await clock.advance(30_000);
    }
    expect(asked()).toBe(0);
    await clock.advance(end - clock.now());
    expect(await clock.run(headersOf(open()))).toHaveProperty('authorization');
    expect(asked()).toBe(1);
  });

  it.each([0, 30])(
    'after the token was used up ends the login, unless the server allows a repetition: %i s',
    async (grace) => {
      const { open, logIn, clock, sandbox } = await start({ graceSeconds: grace });
      const account = open();
      await logIn(account);
      await clock.advance(30 * HOUR);
      sandbox.oauth.faults.script({ fault: { kind: 'truncate' } });
      const outcome = clock.run(headersOf(account));
      if (grace > 0) expect(await outcome).toHaveProperty('authorization');
      else expect(await failureOf(outcome)).toMatchObject({ kind: 'unauthenticated' });
    },
  );
});

describe('the configured refresh token', () => {
  it('is adopted once, and the stored one is used from then on', async () => {
    const { open, logIn, clock, asked, sandbox } = await start();
    const first = open();
    const { refreshToken } = await logIn(first);
    await clock.run(first.store.exclusively(() => first.store.clear()));
    for (let day = 1; day <= 3; day += 1) {
      await clock.run(headersOf(open({ refreshToken })));
      expect(asked()).toBe(day);
      await clock.advance(30 * HOUR);
    }
    expect(sandbox.oauth.reuses).toBe(0);
  });

  it('is adopted again when it differs', async () => {
    const { open, approve, clock } = await start();
    const one = await approve(open());
    const two = await approve(open());
    const first = await clock.run(headersOf(open({ refreshToken: one.refreshToken })));
    await clock.advance(1_100);
    const second = await clock.run(headersOf(open({ refreshToken: two.refreshToken })));
    expect(second).not.toEqual(first);
    expect(harness.sandbox.oauth.reuses).toBe(0);
  });

  it.each([
    ['works', false],
    ['has ended', true],
  ])('replaces an older one that other processes still have: a login that %s', async (_, hasEnded) => {
    const { open, approve, clock, asked, events, sandbox } = await start();
    const one = await approve(open());
    const old = hasEnded ? 'revoked' : one.refreshToken;
    const two = await approve(open());
    const first = open({ refreshToken: old });
    const before = clock.run(headersOf(first));
    await (hasEnded ? failureOf(before) : before);
    await clock.advance(1_100);
    const second = open({ refreshToken: two.refreshToken });
    const expected = await clock.run(headersOf(second));
    const requests = asked();
    events.length = 0;
    for (let round = 0; round < 3; round += 1) {
      await clock.advance(61_000);
      // A process that starts with the old token, such as `whoami`, too.
      for (const process of [first, second, open({ refreshToken: old })])
        expect(await clock.run(headersOf(process))).toEqual(expected);
    }
    expect([asked(), events]).toEqual([requests, []]);
    await clock.advance(30 * HOUR);
    for (const process of [first, second]) await clock.run(headersOf(process));
    expect(asked()).toBe(requests + 1);
    expect(sandbox.oauth.reuses).toBe(0);
  });

  it('of a server does not replace a login through a command line with another one', async () => {
    const { open, approve, clock, asked, events } = await start();
    const { refreshToken } = await approve(open());
    const server = open({ refreshToken });
    await clock.run(headersOf(server));
    const account = open({ refreshToken: 'older' });
    const tokens = await approve(account);
    await clock.run(storeLogin({ store: account.store, clock, bootstrap: 'older' }, CLIENT_ID, tokens));
    const requests = asked();
    events.length = 0;
    for (let minute = 0; minute < 3; minute += 1) {
      await clock.advance(61_000);
      for (const process of [server, account])
        expect(await clock.run(headersOf(process))).toEqual(bearer(tokens.accessToken));
    }
    expect([asked(), events]).toEqual([requests, []]);
  });

  it('that an earlier release has used is not used again', async () => {
    const { open, approve, clock, asked } = await start();
    const { refreshToken } = await approve(open());
    const account = open({ refreshToken });
    const headers = await clock.run(headersOf(account));
    const record = JSON.parse(await readFile(harness.tokenFile, 'utf8')) as {
      grant: Record<string, unknown>;
    };
    delete record.grant['bootstraps'];
    await writeFile(harness.tokenFile, JSON.stringify(record));
    await clock.advance(61_000);
    expect(await clock.run(headersOf(open({ refreshToken })))).toEqual(headers);
    expect(asked()).toBe(1);
  });

  it('is replaced by a login through the command line', async () => {
    const { open, approve, clock, asked } = await start();
    const old = await approve(open());
    const account = open({ refreshToken: old.refreshToken });
    const tokens = await approve(account);
    await storeLogin({ store: account.store, clock, bootstrap: old.refreshToken }, CLIENT_ID, tokens);
    expect(await headersOf(account)).toEqual(bearer(tokens.accessToken));
    expect(asked()).toBe(0);
  });
});

describe('tokens that cannot be stored', () => {
  it('are not used, are not fetched again, and are stored as soon as storing works', async () => {
    const { open, logIn, clock, asked, sandbox } = await start();
    const { store } = open();
    let broken = false;
    let saves = 0;
    const flaky = {
      ...store,
      save: (grant: Parameters<typeof store.save>[0]) => {
        saves += 1;
        // The first save says that a refresh begins; it is the one after it that holds the new tokens.
        return broken && grant.attempts === 0 ? Promise.reject(new Error('disk full')) : store.save(grant);
      },
    };
    const account = open({}, { store: flaky });
    const tokens = await logIn(account);
    await clock.advance(30 * HOUR);
    broken = true;
    await expect(clock.run(headersOf(account))).rejects.toThrow('disk full');
    await expect(clock.run(headersOf(account))).rejects.toThrow('disk full');
    expect(asked()).toBe(1);
    expect(saves).toBeGreaterThan(5);
    expect((await store.load())?.refreshToken).toBe(tokens.refreshToken);
    broken = false;
    const headers = await clock.run(headersOf(account));
    expect((await store.load())?.accessToken).toBe(headers['authorization']?.slice('Bearer '.length));
    expect(asked()).toBe(1);
    expect(sandbox.oauth.reuses).toBe(0);
  });

  it('are not requested: a store that cannot be written costs no refresh token', async () => {
    const { open, logIn, clock, asked } = await start();
    const { store } = open();
    await logIn(open());
    await clock.advance(30 * HOUR);
    const account = open({}, { store: { ...store, save: () => Promise.reject(new Error('read-only')) } });
    await expect(clock.run(headersOf(account))).rejects.toThrow('read-only');
    expect(asked()).toBe(0);
  });
});

describe('the token file', () => {
  it('that is replaced by an older copy of itself is restored, and renewed a minute later', async () => {
    const { open, logIn, clock, asked, sandbox, tokenFile } = await start();
    const account = open();
    await logIn(account);
    const older = await readFile(tokenFile, 'utf8');
    await clock.advance(30 * HOUR);
    const expected = await clock.run(headersOf(account));
    await writeFile(tokenFile, older);
    await clock.advance(61_000);
    expect(await clock.run(headersOf(account))).toEqual(expected);
    expect(await clock.run(headersOf(open()))).toEqual(expected);
    await clock.advance(30 * HOUR);
    expect(await clock.run(headersOf(open()))).not.toEqual(expected);
    expect(asked()).toBe(2);
    expect(sandbox.oauth.reuses).toBe(0);
  });

  it('must not be a pipe or a device', async () => {
    const { open, directory, approve, clock } = await start();
    const pipe = join(directory, 'pipe');
    execFileSync('mkfifo', [pipe]);
    for (const tokenFile of [pipe, '/dev/zero']) {
      const account = open({ tokenFile });
      const refused = {
        kind: 'unavailable',
        message: expect.stringContaining('a regular file'),
        place: tokenFile,
      };
      expect(await failureOf(headersOf(account))).toMatchObject(refused);
      expect(await failureOf(replaceableGrant(account.store))).toMatchObject(refused);
    }
    const account = open({ tokenFile: pipe });
    const tokens = await approve(account);
    const stored = clock.run(storeLogin({ store: account.store, clock }, CLIENT_ID, tokens));
    expect((await failureOf(stored)).message).toContain('a regular file');
  });

  it('is readable by its owner only, and so are the files next to it', async () => {
    const { open, logIn, directory, tokenFile, clock } = await start();
    await writeFile(tokenFile, '', { mode: 0o644 });
    await logIn(open());
    await clock.advance(30 * HOUR);
    await clock.run(headersOf(open()));
    expect((await stat(tokenFile)).mode & 0o777).toBe(0o600);
    const names = await readdir(directory);
    expect(names).toHaveLength(2);
    expect(names).toContain('tokens.json');
    expect(names.find((name) => name !== 'tokens.json')).toMatch(/^tokens\.json\.lock\.\d+$/);
  });

  it('holds no token in plain text when there is a key, and can only be read with that key', async () => {
    const { open, logIn, tokenFile } = await start();
    const tokenKey = Buffer.alloc(32, 7);
    const account = open({ tokenKey });
    const tokens = await logIn(account);
    const text = await readFile(tokenFile, 'utf8');
    for (const secret of [tokens.accessToken, tokens.refreshToken ?? '', CLIENT_ID]) {
      expect(text).not.toContain(secret);
    }
    expect(await headersOf(open({ tokenKey }))).toEqual(bearer(tokens.accessToken));
    for (const other of [null, Buffer.alloc(32, 8)]) {
      const error = await failureOf(headersOf(open({ tokenKey: other })));
      expect(error).toMatchObject({ kind: 'unavailable' });
      expect(error.message).toContain('CONSTANT_CONTACT_TOKEN_KEY');
    }
    expect(await readFile(tokenFile, 'utf8')).toBe(text);
  });

  it('written without a key is read with one, and encrypted from the next save on', async () => {
    const { open, logIn, clock, tokenFile } = await start();
    await logIn(open());
    await clock.advance(30 * HOUR);
    await clock.run(headersOf(open({ tokenKey: Buffer.alloc(32, 7) })));
    expect(await readFile(tokenFile, 'utf8')).toContain('"encrypted"');
  });

  it('with one changed bit is rejected', async () => {
    const { open, logIn, tokenFile } = await start();
    const tokenKey = Buffer.alloc(32, 7);
    await logIn(open({ tokenKey }));
    const record = JSON.parse(await readFile(tokenFile, 'utf8')) as { encrypted: string };
    const bytes = Buffer.from(record.encrypted, 'base64');
    bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40);
    const text = JSON.stringify({ version: 1, encrypted: bytes.toString('base64') });
    expect(() => createTokenCodec(tokenKey, CLIENT_ID).decode(text, tokenFile)).toThrow(
      'cannot be decrypted',
    );
  });

  it('that is damaged is reported, kept, and replaced by a login', async () => {
    const { open, logIn, tokenFile } = await start();
    await writeFile(tokenFile, '{"version":1,"gra');
    const account = open();
    expect(await failureOf(headersOf(account))).toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('damaged'),
    });
    expect(await readFile(tokenFile, 'utf8')).toBe('{"version":1,"gra');
    const tokens = await logIn(account);
    expect(await headersOf(account)).toEqual(bearer(tokens.accessToken));
  });
});

describe('the lock of the token file', () => {
  it.each([
    ['a process that is dead', { machine: null, pid: 2 ** 22 + 1, token: 'x', at: 0 }],
    ['a former process with the same process id', { machine: null, pid: process.pid, token: 'x', at: 0 }],
    ['another machine, long ago', { machine: 'elsewhere', pid: 1, token: 'x', at: -61_000 }],
  ])('of %s is taken over', async (_who, owner) => {
    const { open, logIn, clock, tokenFile, asked } = await start();
    await logIn(open());
    const lock = await lockOf(tokenFile);
    const machine = owner.machine ?? (await ownMachine(tokenFile));
    await clock.advance(30 * HOUR);
    await writeFile(lock, JSON.stringify({ ...owner, machine, at: clock.now() + owner.at }));
    const began = clock.now();
    await clock.run(headersOf(open()));
    expect(asked()).toBe(1);
    expect(clock.now()).toBe(began);
  });

  it('of another machine is waited for', async () => {
    const { open, logIn, clock, tokenFile, asked } = await start();
    await logIn(open());
    await clock.advance(30 * HOUR);
    const lock = await lockOf(tokenFile);
    await writeFile(lock, JSON.stringify({ machine: 'elsewhere', pid: 1, token: 'x', at: clock.now() }));
    const began = clock.now();
    await clock.run(headersOf(open()));
    expect(asked()).toBe(1);
    expect(clock.now() - began).toBeGreaterThanOrEqual(8_000);
    expect(clock.now() - began).toBeLessThan(10_000);
  });

  it('has one holder at a time, however many processes wait', async () => {
    const { open, clock } = await start();
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await clock.sleep(10);
      inside -= 1;
    };
    await clock.run(Promise.all(Array.from({ length: 20 }, () => open().store.exclusively(work))));
    expect(most).toBe(1);
  });

  const lockOf = async (tokenFile: string): Promise<string> => {
    const directory = tokenFile.replace(/[^/]+$/, '');
    const name = (await readdir(directory)).find((one) => one.includes('.lock.'));
    return directory + String(name);
  };

  /** Machine name that this process writes into its lock. */
  const ownMachine = (tokenFile: string): Promise<string> =>
    harness.open().store.exclusively(async () => {
      const { machine } = JSON.parse(await readFile(await lockOf(tokenFile), 'utf8')) as { machine: string };
      return machine;
    });
});

describe('a 401 of the API', () => {
  const call = async () => {
    const { sandbox, clock, open } = harness;
    const client = createConstantContact({
      baseUrl: sandbox.url,
      requestsPerSecond: 0,
      clock,
      random: () => 0,
    });
    const credentials = await open().credentials.bind();
    const signal = new AbortController().signal;
    const api = client.session({ credentials, partner: null, signal });
    return {
      read: () => clock.run(api.call('countContact', {})),
      write: () => clock.run(api.call('createList', { body: { name: 'One' } })),
      api,
      close: () => client.close(),
    };
  };
  const refuse: Fault = { kind: 'empty', status: 401 };

  it('renews the login and retries a read once', async () => {
    const { logIn, open, clock, asked, sandbox } = await start();
    await logIn(open());
    await clock.advance(HOUR);
    const { read, api, close } = await call();
    sandbox.faults.script({ fault: refuse });
    expect(await read()).toHaveProperty('total');
    expect(asked()).toBe(1);
    expect(api.meter).toMatchObject({ calls: 2, retries: 1 });
    expect(new Set(sandbox.journal.entries.map(({ credential }) => credential)).size).toBe(2);
    await close();
  });

  it('renews the login once for many reads that were rejected together', async () => {
    const { logIn, open, clock, asked, sandbox } = await start();
    await logIn(open());
    await clock.advance(HOUR);
    const { api, close } = await call();
    sandbox.faults.script({ times: 5, fault: refuse });
    const ids = Array.from({ length: 5 }, (_, n) => `0000000${n}-0000-11e0-8000-000000000000`);
    const lists = ids.map((list_id) =>
      api.call('getList', { path: { list_id }, query: {} }).catch(() => null),
    );
    await clock.run(Promise.all(lists));
    expect(asked()).toBe(1);
    await close();
  });

  it('renews a login that was obtained before the clock was set back, also after failures', async () => {
    const { logIn, open, clock, asked, sandbox } = await start();
    await logIn(open());
    const { read, close } = await call();
    await read();
    clock.setBack(72 * HOUR);
    sandbox.faults.script({ times: 2, fault: refuse });
    sandbox.oauth.faults.script({ times: 4, fault: { kind: 'html', status: 502 } });
    expect((await failureOf(read())).kind).toBe('unavailable');
    clock.setBack(72 * HOUR);
    sandbox.oauth.faults.clear();
    expect(await read()).toHaveProperty('total');
    expect(asked()).toBe(1);
    await close();
  });

  it('is final when the new token is rejected as well', async () => {
    const { logIn, open, clock, asked, sandbox } = await start();
    await logIn(open());
    await clock.advance(HOUR);
    const { read, close } = await call();
    sandbox.faults.script({ times: 100, fault: refuse });
    expect((await failureOf(read())).kind).toBe('unauthenticated');
    expect((await failureOf(read())).kind).toBe('unauthenticated');
    expect(asked()).toBe(1);
    expect(sandbox.journal.count()).toBe(3);
    await close();
  });

  it('renews the login for the next write, and does not retry this one', async () => {
    const { logIn, open, clock, asked, sandbox } = await start();
    await logIn(open());
    await clock.advance(HOUR);
    const { write, close } = await call();
    sandbox.faults.script({ fault: refuse });
    expect((await failureOf(write())).kind).toBe('unauthenticated');
    expect(sandbox.journal.count()).toBe(1);
    expect(asked()).toBe(1);
    expect(await write()).toHaveProperty('list_id');
    await close();
  });

  it('asks to log in again when the login has ended', async () => {
    const { logIn, open, clock, sandbox } = await start();
    await logIn(open());
    await clock.advance(HOUR);
    const { read, close } = await call();
    sandbox.faults.script({ fault: refuse });
    sandbox.oauth.faults.script({ fault: INVALID_GRANT });
    expect((await failureOf(read())).message).toContain('Log in again');
    await close();
  });
});
