import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Clock } from '../../src/constant-contact/clock.js';
import { connectSharedState, type SharedState } from '../../src/constant-contact/redis/index.js';
import type { Grant } from '../../src/constant-contact/auth/token-codec.js';
import type { TokenStore } from '../../src/constant-contact/auth/token-store.js';
import { CLIENT_ID, headersOf, HOUR, startAccount } from '../support/account.js';
import { startRedis, until, type RedisServer } from '../support/redis.js';
import { failureOf } from '../support/upstream.js';

let redis: RedisServer;
let open: SharedState[] = [];
beforeEach(async () => {
  redis = await startRedis();
});
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
  await redis.close();
});

/** The token store of one process. It waits for its connection. */
function join(tokenKey: Buffer | null = null, clientId = 'application', clock?: Clock): TokenStore {
  const state = connectSharedState({
    url: redis.url,
    namespace: 'test',
    processes: 3,
    requestsPerSecond: 4,
    requestsPerDay: 0,
    referenceCacheSeconds: 0,
    scope: 'test',
    secret: null,
    clock,
  });
  open.push(state);
  return state.tokenStore({ clientId, tokenKey });
}

const grant = (changes: Partial<Grant> = {}): Grant => ({
  id: 'login-1',
  revision: 1,
  clientId: 'application',
  refreshToken: 'refresh-1',
  accessToken: 'access-1',
  obtainedAt: 1,
  expiresAt: 2,
  scopes: ['contact_data'],
  attempts: 0,
  attemptedAt: 0,
  pauseMs: 0,
  endedAt: null,
  bootstrap: null,
  bootstraps: [],
  ...changes,
});

it('gives every process the tokens that one has saved', async () => {
  const [a, b] = [join(), join()];
  expect(await b.load()).toBeUndefined();
  await a.save(grant());
  expect(await b.load()).toEqual(grant());
  await a.clear();
  expect(await b.load()).toBeNull();
});

it('keeps applications apart', async () => {
  await join().save(grant());
  expect(await join(null, 'another').load()).toBeUndefined();
});

it('encrypts tokens when there is a key, and has no secret in its keys', async () => {
  const key = randomBytes(32);
  const store = join(key);
  await store.save(grant());
  const [name = ''] = await redis.client.keys('*:login:*');
  expect(name).not.toContain('application');
  expect(store.place).toContain(name);
  expect(JSON.stringify(await redis.client.hgetall(name))).not.toMatch(/refresh-1|access-1/);
  expect(await join(key).load()).toEqual(grant());
  expect(await failureOf(join(randomBytes(32)).load())).toMatchObject({ kind: 'unavailable' });
});

it('is locked by one process at a time', async () => {
  const stores = [join(), join(), join()];
  let [inside, most] = [0, 0];
  await Promise.all(
    [...stores, ...stores].map((store) =>
      store.exclusively(async () => {
        most = Math.max(most, (inside += 1));
        await new Promise((resolve) => setTimeout(resolve, 30));
        inside -= 1;
      }),
    ),
  );
  expect(most).toBe(1);
});

it('releases the lock when the work fails, and after its lease when its owner died', async () => {
  const [a, b] = [join(), join()];
  await expect(a.exclusively(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  let begun = () => {};
  const inside = new Promise<void>((resolve) => (begun = resolve));
  void a.exclusively(() => {
    begun();
    return new Promise(() => undefined);
  });
  await inside;
  const [lock = ''] = await redis.client.keys('*:login-lock:*');
  // The owner renews it, so a lease need not be as long as the work.
  await redis.client.pexpire(lock, 4_900);
  await until(async () => (await redis.client.pttl(lock)) > 5_000, 'the renewal');
  expect(await redis.client.pttl(lock)).toBeLessThan(10_000);
  let done = false;
  const waiting = b.exclusively(() => Promise.resolve((done = true)));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(done).toBe(false);
  await redis.client.pexpire(lock, 1);
  expect(await waiting).toBe(true);
});

it('holds the lock for as long as the work takes', async () => {
  const [a, b] = [join(), join()];
  const order: string[] = [];
  let begun = () => {};
  const inside = new Promise<void>((resolve) => (begun = resolve));
  const long = a.exclusively(async () => {
    begun();
    // Longer than the lock would last without its owner.
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    order.push('a');
  });
  await inside;
  await b.exclusively(() => Promise.resolve(order.push('b')));
  await long;
  expect(order).toEqual(['a', 'b']);
});

it('never replaces newer tokens with those of an owner whose lease expired', async () => {
  const [a, b] = [join(), join()];
  await b.save(grant({ revision: 5, refreshToken: 'later' }));
  expect(await failureOf(a.save(grant({ revision: 4 })))).toMatchObject({ kind: 'unavailable' });
  expect((await a.load())?.refreshToken).toBe('later');
  await a.save(grant({ id: 'login-2', revision: 1 }));
  expect((await b.load())?.id).toBe('login-2');
});

it('reports that it is unavailable without Redis, and recovers with it', async () => {
  const store = join();
  await store.save(grant());
  await redis.kill();
  await until(() => !open[0]?.status().connected, 'the discovery');
  expect(await failureOf(store.load())).toMatchObject({ kind: 'unavailable' });
  expect(await failureOf(store.exclusively(() => Promise.resolve()))).toMatchObject({ kind: 'unavailable' });
  await redis.start();
  await until(() => open[0]?.status().connected, 'the return');
  await store.save(grant({ revision: 2 }));
  expect((await store.load())?.revision).toBe(2);
});

it('renews the login of all processes with one refresh each time', async () => {
  const harness = await startAccount();
  const { clock } = harness;
  const secret = randomBytes(32);
  const processes = Array.from({ length: 3 }, () =>
    harness.open({}, { store: join(secret, CLIENT_ID, clock) }),
  );
  const [first] = processes;
  if (first) await harness.logIn(first);
  for (let day = 1; day <= 5; day += 1) {
    await clock.advance(30 * HOUR);
    const headers = await clock.run(Promise.all(processes.map((one) => headersOf(one))));
    expect(new Set(headers.map((one) => one['authorization'])).size).toBe(1);
    expect(harness.asked()).toBe(day);
  }
  expect(harness.sandbox.oauth.reuses).toBe(0);
  await harness.close();
});
