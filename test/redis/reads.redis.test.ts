import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ReadCache, type Place } from '../../src/constant-contact/cache/read-cache.js';
import { systemClock } from '../../src/constant-contact/clock.js';
import { Meter } from '../../src/constant-contact/budget/meter.js';
import { loadThrough } from '../../src/constant-contact/read-path.js';
import {
  connectSharedState,
  type SharedState,
  type SharedStateOptions,
} from '../../src/constant-contact/redis/index.js';
import { contentsOf, startRedis, until, type RedisServer } from '../support/redis.js';
import { readingSessions } from '../support/reading-session.js';
import { stopwatch } from '../support/stopwatch.js';

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

const lists: Place = {
  owner: 'somebody',
  families: ['lists'],
  variant: 'all',
  ttlMs: 60_000,
  isReference: true,
};
const SECRET_ROW = { list_id: 'abc-123', name: 'Customers of Jane Doe' };

interface Reader {
  cache: ReadCache;
  meter: Meter;
  state: SharedState;
  /** Number of loads. */
  loads(): number;
  read(place?: Place, load?: () => Promise<unknown>): Promise<unknown>;
}

/** The cache of one process; each load gives a value of its own. */
async function join(options: Partial<SharedStateOptions> = {}): Promise<Reader> {
  const state = connectSharedState({
    url: redis.url,
    namespace: 'test',
    processes: 3,
    requestsPerSecond: 4,
    requestsPerDay: 0,
    referenceCacheSeconds: 60,
    scope: 'test',
    secret: null,
    ...options,
  });
  open.push(state);
  await until(() => state.status().connected, 'the connection');
  const ttlMs = (options.referenceCacheSeconds ?? 60) * 1_000;
  const cache = new ReadCache({ clock: systemClock, shared: state.reads });
  const meter = new Meter();
  const { open: session } = readingSessions(cache, systemClock);
  let loads = 0;
  const fresh = () => Promise.resolve(new Map([[(loads += 1), SECRET_ROW]]));
  return {
    cache,
    meter,
    state,
    loads: () => loads,
    read: (place = lists, load = fresh) => loadThrough(session({ meter }), { ...place, ttlMs }, load),
  };
}

const stored = () => redis.client.keys('*:reference:*');

it('serves a value loaded by one process to another, unchanged', async () => {
  const [a, b] = await Promise.all([join(), join()]);
  const value = await a.read();
  await until(async () => (await stored()).length === 1, 'the store');
  expect(await b.read()).toEqual(value);
  expect(b.loads()).toBe(0);
  expect(b.meter.cached).toBe(1);
});

it('serves nothing to other owners, releases or namespaces', async () => {
  const a = await join();
  await a.read();
  await until(async () => (await stored()).length === 1, 'the store');
  const others = await Promise.all([join({ scope: 'another release' }), join({ namespace: 'other' })]);
  for (const one of others) {
    await one.read();
    expect(one.loads()).toBe(1);
  }
  const b = await join();
  await b.read({ ...lists, owner: 'somebody else' });
  await b.read({ ...lists, variant: 'with counts' });
  expect(b.loads()).toBe(2);
});

it('serves nothing that was loaded before another process wrote', async () => {
  const [a, b, c] = await Promise.all([join(), join(), join()]);
  for (const one of [a, b, c]) {
    await one.read();
    await until(async () => (await stored()).length === 1, 'the store');
  }
  expect([a, b, c].map((one) => one.loads())).toEqual([1, 0, 0]);
  await c.cache.invalidate('somebody', ['lists']);
  await b.read();
  expect(b.loads()).toBe(1);
  await until(async () => (await stored()).length === 2, 'the store');
  await a.read();
  await c.read();
  expect([a, b, c].map((one) => one.loads())).toEqual([1, 1, 0]);
});

it('never stores a value after a write that its load started before', async () => {
  const [a, b] = await Promise.all([join(), join()]);
  let finish = (_value: unknown) => {};
  let begin = () => {};
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const load = () => {
    begin();
    return new Promise((resolve) => (finish = resolve));
  };
  const slow = a.read(lists, load);
  await begun;
  await b.cache.invalidate('somebody', ['lists']);
  finish('old');
  expect(await slow).toBe('old');
  await systemClock.sleep(50);
  expect(await b.read()).not.toBe('old');
  expect(await a.read()).not.toBe('old');
});

it('keeps the TTL of a value when it is passed on', async () => {
  const [a, b] = await Promise.all([join(), join()]);
  await a.read();
  await until(async () => (await stored()).length === 1, 'the store');
  // As if most of the minute had passed.
  const [key = ''] = await stored();
  await redis.client.pexpire(key, 3_000);
  await b.read();
  expect(b.loads()).toBe(0);
  await until(async () => (await b.read(), b.loads() > 0), 'the end of the TTL');
  expect(b.loads()).toBe(1);
});

it('encrypts values when there is a key, and reads nothing with another key', async () => {
  const secret = randomBytes(32);
  const [open, sealed, same, other] = await Promise.all([
    join({ scope: 'open' }),
    join({ secret }),
    join({ secret }),
    join({ secret: randomBytes(32) }),
  ]);
  const contents = () => contentsOf(redis.client);
  await sealed.read();
  await until(async () => (await stored()).length === 1, 'the store');
  expect(await contents()).not.toContain('Jane');
  await same.read();
  expect(same.loads()).toBe(0);
  await other.read();
  expect(other.loads()).toBe(1);
  await open.read();
  await until(async () => (await contents()).includes('Jane'), 'what is stored without a key');
  for (const key of await redis.client.keys('*')) {
    expect(key).not.toMatch(/Jane|abc-123|somebody|lists/);
  }
});

it('works alone without Redis, and catches up on its invalidations when Redis is back', async () => {
  const [a, b] = await Promise.all([join(), join()]);
  await a.read();
  await until(async () => (await stored()).length === 1, 'the store');
  redis.freeze();
  const elapsed = stopwatch();
  await a.read();
  await a.cache.invalidate('somebody', ['lists']);
  expect(elapsed()).toBeLessThan(600);
  await a.read();
  expect(a.loads()).toBe(2);
  redis.resume();
  await until(() => a.state.status().connected && b.state.status().connected, 'the return');
  await b.read();
  expect(b.loads()).toBe(1);
});
