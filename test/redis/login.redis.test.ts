import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAccount, type AccountParts } from '../../src/constant-contact/auth/account.js';
import { storeLogin } from '../../src/constant-contact/auth/login.js';
import { systemClock, type Clock } from '../../src/constant-contact/clock.js';
import { connectSharedState, type SharedState } from '../../src/constant-contact/redis/index.js';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { approve, headersOf } from '../support/account.js';
import { runCommand } from '../support/command.js';
import { startRedis, until } from '../support/redis.js';
import { stopwatch } from '../support/stopwatch.js';
import { startCluster, startSentinel } from '../support/redis-topology.js';

const CLIENT_ID = 'application';

let sandbox: Sandbox;
const cleanups: (() => unknown)[] = [];
beforeEach(async () => {
  sandbox = await createSandbox({
    requestsPerSecond: 0,
    validate: false,
    oauth: { accessTokenSeconds: 3, requestsPerSecond: 0 },
  });
  cleanups.push(() => sandbox.close());
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const account = (
  refreshToken: string | null,
  shared?: SharedState,
  clock: Clock = systemClock,
): AccountParts =>
  openAccount(
    {
      clientId: CLIENT_ID,
      clientSecret: null,
      refreshToken,
      tokenFile: '',
      tokenKey: null,
      authUrl: sandbox.oauth.url,
    },
    { clock, store: shared?.tokenStore({ clientId: CLIENT_ID, tokenKey: null }) },
  );

/** Approves in the sandbox, as a person would. */
const logIn = async (): Promise<string> => String((await approve(account(null))).refreshToken);

it.each([
  ['Redis Sentinel', startSentinel],
  ['Redis Cluster', () => startCluster('login')],
])('keeps a login that is constantly renewed when %s fails over', async (_kind, start) => {
  const redis = await start();
  cleanups.push(() => redis.close());
  const refreshToken = await logIn();
  const states = [1, 2, 3].map(() =>
    connectSharedState({
      url: redis.url,
      namespace: 'login',
      processes: 3,
      requestsPerSecond: 0,
      requestsPerDay: 0,
      referenceCacheSeconds: 0,
      scope: 'test',
      secret: null,
    }),
  );
  for (const state of states) cleanups.push(() => state.close());
  const accounts = states.map((state) => account(refreshToken, state));
  let isGoing = true;
  const failures = new Set<string>();
  const renewals = () =>
    sandbox.oauth.journal.filter(({ grantType }) => grantType === 'refresh_token').length;
  const load = accounts.map(async (one) => {
    while (isGoing) {
      await headersOf(one).catch((error: { kind: string }) => failures.add(error.kind));
      await systemClock.sleep(50);
    }
  });
  await until(() => renewals() >= 2, 'the first renewals');
  await redis.killMaster();
  const before = renewals();
  await until(() => renewals() >= before + 4, 'renewals after the failover');
  const isReady = async ({ credentials }: AccountParts) => (await credentials.status()).state === 'ready';
  await until(
    async () => (await Promise.all(accounts.map(isReady))).every(Boolean),
    'the login of all processes',
  );
  isGoing = false;
  await Promise.all(load);
  expect(sandbox.oauth.reuses).toBe(0);
  // While there is no master, a token that has run out cannot be renewed; the login itself never ends.
  expect([...failures].filter((kind) => kind !== 'unavailable')).toEqual([]);
});

it('lets others renew the login within 10 seconds when the renewing process is killed', async () => {
  const redis = await startRedis();
  cleanups.push(() => redis.close());
  // An authorization server that takes the request and never answers.
  let isAsked = () => {};
  const asked = new Promise<void>((resolve) => (isAsked = resolve));
  const silent: Server = createServer(() => {
    isAsked();
  }).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  cleanups.push(() => silent.closeAllConnections());
  cleanups.push(() => silent.close());
  const env = {
    PORT: '0',
    CONSTANT_CONTACT_API_URL: sandbox.url,
    CONSTANT_CONTACT_CLIENT_ID: CLIENT_ID,
    CONSTANT_CONTACT_REFRESH_TOKEN: await logIn(),
    REDIS_URL: redis.url,
  };
  const start = async (authUrl: string) => {
    const command = runCommand(['serve'], { ...env, CONSTANT_CONTACT_AUTH_URL: authUrl });
    cleanups.push(() => {
      command.kill('SIGKILL');
    });
    const [url] = await command.printed(/http:\S+\/graphql(?=\s)/);
    return { ...command, url };
  };
  const ask = async (url: string): Promise<any> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ contactByEmail(email: "reader@example.com") { id } }' }),
    });
    return response.json();
  };
  const dying = await start(`http://127.0.0.1:${String((silent.address() as AddressInfo).port)}`);
  const other = await start(sandbox.oauth.url);
  const cutOff = ask(dying.url).catch(() => null);
  await asked;
  dying.kill('SIGKILL');
  await cutOff;
  const elapsed = stopwatch([redis.pid(), other.pid]);
  expect(await ask(other.url)).not.toHaveProperty('errors');
  expect(elapsed()).toBeLessThan(10_000);
  expect(sandbox.oauth.reuses).toBe(0);
});

describe('a login that Redis has lost', () => {
  let aheadMs = 0;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + aheadMs };
  const renewals = () =>
    sandbox.oauth.journal.filter(({ grantType }) => grantType === 'refresh_token').length;
  const start = async (count: number, refreshToken: string | null) => {
    aheadMs = 0;
    // Tokens for a day.
    await sandbox.close();
    sandbox = await createSandbox({ requestsPerSecond: 0, validate: false, oauth: { requestsPerSecond: 0 } });
    const redis = await startRedis();
    cleanups.push(
      () => sandbox.close(),
      () => redis.close(),
    );
    const configured = refreshToken === '' ? await logIn() : refreshToken;
    const processes = Array.from({ length: count }, () => {
      const state = connectSharedState({
        url: redis.url,
        namespace: 'login',
        processes: count,
        requestsPerSecond: 0,
        requestsPerDay: 0,
        referenceCacheSeconds: 0,
        scope: 'test',
        secret: null,
      });
      cleanups.push(() => state.close());
      return account(configured, state, clock);
    });
    return { redis, processes };
  };

  it.each(['flushed', 'evicted', 'an older copy'])(
    'is stored again by a process that has it: %s',
    async (how) => {
      const { redis, processes } = await start(2, '');
      const [one, two] = processes as [AccountParts, AccountParts];
      const first = await headersOf(one);
      const [key] = (await redis.client.keys('*login:*')).filter((name) => !name.includes('lock')) as [
        string,
      ];
      const older = await redis.client.hgetall(key);
      // Both renew within the last hour of the token, one of them first.
      aheadMs += 86_000_000;
      // The sandbox counts a renewal before its tokens are stored.
      const isRenewed = async () => (await headersOf(one))['authorization'] !== first['authorization'];
      await until(isRenewed, 'the renewal');
      aheadMs += 61_000;
      const expected = await headersOf(one);
      if (how === 'flushed') await redis.client.flushall();
      else await redis.client.del(key);
      if (how === 'an older copy') await redis.client.hset(key, older);
      for (let minute = 0; minute < 2; minute += 1) {
        aheadMs += 61_000;
        expect(await headersOf(one)).toEqual(expected);
        expect(await headersOf(two)).toEqual(expected);
        expect((await two.credentials.status()).state).toBe('ready');
      }
      expect(renewals()).toBe(2);
      aheadMs += 90_000_000;
      expect(await headersOf(two)).not.toEqual(expected);
      expect(renewals()).toBe(3);
      expect(sandbox.oauth.reuses).toBe(0);
    },
  );

  it('is not stored again after a logout', async () => {
    const { processes } = await start(2, null);
    const [one, two] = processes as [AccountParts, AccountParts];
    await storeLogin({ store: one.store, clock }, CLIENT_ID, await approve(one));
    await headersOf(one);
    await headersOf(two);
    await two.store.exclusively(() => two.store.clear());
    aheadMs += 61_000;
    for (const process of processes)
      await expect(headersOf(process)).rejects.toMatchObject({ kind: 'unauthenticated' });
    expect((await one.credentials.status()).state).toBe('loggedOut');
    expect(renewals()).toBe(0);
  });
});
