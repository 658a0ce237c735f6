import { randomBytes } from 'node:crypto';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { systemClock, type Clock } from '../../src/constant-contact/clock.js';
import { connectSharedState, type SharedState } from '../../src/constant-contact/redis/index.js';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { startFacade, type TestFacade } from '../support/facade.js';
import { generator } from '../support/random.js';
import { contentsOf, startRedis, until, type RedisServer } from '../support/redis.js';
import { json, startUpstream } from '../support/upstream.js';

const AGES = { cacheSeconds: { contacts: 30, tags: 60 }, referenceCacheSeconds: 60, staleSeconds: 600 };
const ROUNDS = 40;

/** The parts of one process. Several of them in one process share only Redis. */
interface Process {
  state: SharedState;
  facade: TestFacade;
}

let redis: RedisServer;
let sandbox: Sandbox;
let open: Process[] = [];

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());
beforeEach(async () => {
  await redis.client.flushall();
  sandbox = await createSandbox({ contacts: 20, requestsPerSecond: 0, requestsPerDay: 0 });
});
afterEach(async () => {
  await Promise.all(open.map(end));
  open = [];
  await sandbox.close();
});

interface Options {
  secret?: Buffer | null;
  clock?: Clock;
  ages?: Partial<typeof AGES>;
  /** Release and REST API. */
  scope?: string;
  /** Base URL of the REST API; default: the sandbox. */
  url?: string;
  redisUrl?: string;
}

async function startProcess({
  secret = null,
  clock,
  ages = AGES,
  scope = 'test',
  url = sandbox.url,
  redisUrl = redis.url,
}: Options = {}) {
  const state = connectSharedState({
    url: redisUrl,
    namespace: 'caching',
    processes: 4,
    requestsPerSecond: 0,
    requestsPerDay: 0,
    scope,
    secret,
    clock,
    referenceCacheSeconds: 0,
    ...ages,
  });
  await state.started;
  const { governor, reads, locks } = state;
  const shared = { governor, reads, locks, ...(clock && { clock }) };
  const started = { state, facade: startFacade(url, { ...shared, ...ages }) };
  open.push(started);
  return started;
}

async function end({ facade, state }: Process): Promise<void> {
  await facade.close();
  await state.close();
}

const LARGE_BYTES = 10_000;
/** Longer than a command may take, and far shorter than a large value may. */
const LATE_MS = 300;

/** Forwards to a Redis on this machine, whose large responses come late. */
async function slowProxy(port: number): Promise<{ url: string; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    const held: Buffer[] = [];
    upstream.on('data', (chunk: Buffer) => {
      held.push(chunk);
      if (held.length > 1) return;
      const isLarge = chunk.length > LARGE_BYTES;
      setTimeout(() => client.write(Buffer.concat(held.splice(0))), isLarge ? LATE_MS : 0);
    });
    client.pipe(upstream);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `redis://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** A clock that only the test sets ahead. */
function aheadClock() {
  const start = Date.now();
  const clock = { ...systemClock, aheadMs: 0, now: () => start + clock.aheadMs };
  return clock;
}

const someone = () => [...sandbox.account().contacts].find((row) => !row.deleted_at && row.email)!;
const byId = () => `{ contact(id: "${someone().contact_id}") { firstName } }`;
const calls = () => sandbox.journal.operations();
const stored = () => redis.client.keys('*:reference:*');
const ask = async ({ facade }: Process, query: string, headers = {}): Promise<any> =>
  facade.query({ query }, headers);
const rename = (process: Process, name: string) =>
  ask(
    process,
    `mutation { updateContact(input: { id: "${someone().contact_id}", firstName: "${name}" }) { userErrors { message } } }`,
  );

it('a read of one process is served to all others, with its age, and to no other credentials', async () => {
  const secret = randomBytes(32);
  const [a, b] = [await startProcess({ secret }), await startProcess({ secret })];
  someone().first_name = 'Ottoline';
  const first = await ask(a, byId());
  await until(async () => (await stored()).length > 0, 'the store');
  const second = await ask(b, byId());
  expect(second.data).toEqual(first.data);
  expect(second.extensions.upstream).toMatchObject({ calls: 0, cached: 1 });
  expect(second.extensions.upstream.oldestSeconds).toBeLessThanOrEqual(30);
  expect(calls()).toEqual(['getContact']);
  const contents = await contentsOf(redis.client);
  expect(contents.includes(':reference:')).toBe(true);
  expect(['Ottoline', 'contact_', 'getContact'].filter((text) => contents.includes(text))).toEqual([]);
});

it('no process serves data from before a write that its caller saw completed, while others are killed', async () => {
  const random = generator(27);
  let [writer, reader] = [await startProcess(), await startProcess()];
  const wrong: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    // Reads at the same time may be kept, from before the write or from after it.
    const around = [ask(reader, byId()), ask(writer, byId())];
    const name = `Round ${String(round)}`;
    const written = await rename(writer, name);
    expect(written.errors).toBeUndefined();
    if (random() < 0.25) {
      void end(writer);
      open = open.filter((one) => one !== writer);
      writer = await startProcess();
    }
    const seen = await Promise.all([ask(reader, byId()), ask(writer, byId())]);
    for (const { data } of seen)
      if (data.contact.firstName !== name) wrong.push(`${name}: ${JSON.stringify(data)}`);
    await Promise.allSettled(around);
    const later = await ask(reader, byId());
    if (later.data.contact.firstName !== name) wrong.push(`${name} later: ${JSON.stringify(later.data)}`);
    if (random() < 0.5) [writer, reader] = [reader, writer];
  }
  expect(wrong).toEqual([]);
  // And not because nothing was kept.
  await until(async () => (await ask(reader, byId())).extensions.upstream.cached === 1, 'the cache');
});

const list = () => [...sandbox.account().lists][0]!;
const WAYS = [
  ['a cached read', AGES, 'getContact'],
  ['a read that is not cached', { referenceCacheSeconds: 60 }, 'getContact'],
  ['reference data', AGES, 'getLists'],
  ['reference data that is not cached', {}, 'getLists'],
] as const;

it.for(WAYS)('no request joins %s that began before a write of another process', async ([, ages, id]) => {
  const isList = id === 'getLists';
  const query = isList ? '{ contactLists(first: 50) { nodes { id name } } }' : byId();
  const [a, b] = [await startProcess({ ages }), await startProcess({ ages })];
  sandbox.faults.script({ operationId: id, fault: { kind: 'stall' } });
  const stalled = ask(a, query).catch(() => null);
  await until(() => calls().length === 1, 'the first read');
  const renameList = `mutation { updateContactList(input: { id: "${list().list_id}", name: "Renamed" }) { userErrors { message } } }`;
  const written = await (isList ? ask(b, renameList) : rename(b, 'Renamed'));
  expect(written.errors).toBeUndefined();
  const { data, extensions } = await ask(a, query);
  const names = isList ? data.contactLists.nodes.map((one: any) => one.name) : [data.contact.firstName];
  expect(names).toContain('Renamed');
  expect(extensions.upstream).toMatchObject({ calls: 1, coalesced: 0 });
  await end(a);
  open = open.filter((one) => one !== a);
  await stalled;
});

const LOSSES = [
  ['is flushed', () => redis.client.flushall()],
  ['evicts the generations', async () => redis.client.unlink(await redis.client.keys('*:generation:*'))],
  ['starts again, empty', () => redis.kill().then(() => redis.start())],
] as const;

it.for(LOSSES)('no data from before a write returns when Redis %s', async ([, lose]) => {
  const [a, b] = [await startProcess(), await startProcess()];
  await ask(a, byId());
  expect((await ask(a, byId())).extensions.upstream).toMatchObject({ calls: 0, cached: 1 });
  expect((await rename(b, 'Renamed')).errors).toBeUndefined();
  await lose();
  await until(() => [a, b].every(({ state }) => state.status().connected), 'the return');
  const { data, extensions } = await ask(a, byId());
  expect(data.contact.firstName).toBe('Renamed');
  expect(extensions.upstream).toMatchObject({ calls: 1, cached: 0 });
  await until(async () => (await ask(b, byId())).extensions.upstream.cached === 1, 'the cache');
});

it('no data from before a write returns when Redis starts again as it was before the write', async () => {
  const [a, b] = [await startProcess(), await startProcess()];
  await ask(a, byId());
  await until(async () => (await stored()).length > 0, 'the store');
  const keys = await redis.client.keys('*:{caching}:[gr]e*');
  const dumps = await Promise.all(keys.map((key) => redis.client.dumpBuffer(key)));
  expect((await rename(b, 'Renamed')).errors).toBeUndefined();
  await redis.kill();
  await redis.start();
  for (const [at, key] of keys.entries()) await redis.client.restore(key, 60_000, dumps[at]!, 'REPLACE');
  await until(() => [a, b].every(({ state }) => state.status().connected), 'the return');
  const { data, extensions } = await ask(a, byId());
  expect(data.contact.firstName).toBe('Renamed');
  expect(extensions.upstream).toMatchObject({ calls: 1, cached: 0 });
  expect((await ask(b, byId())).data.contact.firstName).toBe('Renamed');
});

it('a write of one release invalidates what another has cached', async () => {
  const [a, b] = [await startProcess({ scope: '1.0.0 x' }), await startProcess({ scope: '1.0.1 x' })];
  await ask(a, byId());
  expect((await ask(a, byId())).extensions.upstream).toMatchObject({ calls: 0, cached: 1 });
  expect((await rename(b, 'Renamed')).errors).toBeUndefined();
  const { data, extensions } = await ask(a, byId());
  expect(data.contact.firstName).toBe('Renamed');
  expect(extensions.upstream).toMatchObject({ calls: 1, cached: 0 });
});

const CONTACT_ID = '06a93190-75cc-11ee-9b6d-02420a320003';
const CONTACT = `{ contact(id: "${CONTACT_ID}") { firstName } }`;

it('a slow read replaces no later one', async () => {
  let name = 'Old';
  let release = () => {};
  const api = await startUpstream((response, _request, number) => {
    const body = { contact_id: CONTACT_ID, first_name: name };
    const respond = () => {
      json(response, 200, body);
    };
    if (number === 1) release = respond;
    else respond();
  });
  const { url } = api;
  const [a, b, c] = [await startProcess({ url }), await startProcess({ url }), await startProcess({ url })];
  const slow = ask(a, CONTACT);
  await until(() => api.requests.length === 1, 'the first read');
  name = 'Newer';
  expect((await ask(b, CONTACT)).data.contact.firstName).toBe('Newer');
  await until(async () => (await stored()).length > 0, 'the store');
  release();
  expect((await slow).data.contact.firstName).toBe('Old');
  // On the connection by which the slow read is stored, so after that.
  await ask(a, CONTACT);
  const { data, extensions } = await ask(c, CONTACT);
  expect(data.contact.firstName).toBe('Newer');
  expect(extensions.upstream).toMatchObject({ calls: 0, cached: 1 });
  await api.close();
});

it('a value that is too large for Redis replaces the one before', async () => {
  let name = 'Old';
  const api = await startUpstream((response) => {
    json(response, 200, { contact_id: CONTACT_ID, first_name: name });
  });
  const { url } = api;
  const [a, b, c] = [await startProcess({ url }), await startProcess({ url }), await startProcess({ url })];
  await ask(a, CONTACT);
  await until(async () => (await stored()).length > 0, 'the store');
  const [key = ''] = await stored();
  const old = await redis.client.hget(key, 'at');
  name = 'x'.repeat(2_200_000);
  await ask(b, CONTACT, { 'cache-control': 'no-cache' });
  await until(async () => (await redis.client.hget(key, 'at')) !== old, 'the second store');
  const { data, extensions } = await ask(c, CONTACT);
  expect(data.contact.firstName).toHaveLength(2_200_000);
  expect(extensions.upstream).toMatchObject({ calls: 1, cached: 0 });
  await api.close();
});

it('a value that arrives late is used, and does not count as an outage', async () => {
  const api = await startUpstream((response) => {
    json(response, 200, { contact_id: CONTACT_ID, first_name: 'x'.repeat(1_900_000) });
  });
  const proxy = await slowProxy(Number(new URL(redis.url).port));
  const [a, b] = [
    await startProcess({ url: api.url }),
    await startProcess({ url: api.url, redisUrl: proxy.url }),
  ];
  await ask(a, CONTACT);
  await until(async () => (await stored()).length > 0, 'the store');
  const { since } = b.state.status();
  for (const { data, extensions } of await Promise.all([ask(b, CONTACT), ask(b, CONTACT)])) {
    expect(data.contact.firstName).toHaveLength(1_900_000);
    expect(extensions.upstream).toMatchObject({ calls: 0, cached: 1 });
  }
  expect(b.state.status()).toMatchObject({ connected: true, since });
  await api.close();
  await proxy.close();
});

it('a value that is stored again after its age is not fresh', async () => {
  const clock = aheadClock();
  const secret = randomBytes(32);
  const [a, b] = [await startProcess({ clock, secret }), await startProcess({ clock, secret })];
  await ask(a, byId());
  await until(async () => (await stored()).length > 0, 'the store');
  const [key = ''] = await stored();
  const before = await redis.client.dumpBuffer(key);
  clock.aheadMs = 31_000;
  await redis.client.restore(key, 640_000, before, 'REPLACE');
  expect((await ask(b, byId())).extensions.upstream).toMatchObject({ calls: 1, cached: 0 });
});

it('a process that caches nothing invalidates what others have cached', async () => {
  const [cached, plain] = [await startProcess(), await startProcess({ ages: {} })];
  await ask(cached, byId());
  expect((await ask(cached, byId())).extensions.upstream).toMatchObject({ calls: 0, cached: 1 });
  expect((await rename(plain, 'Renamed')).errors).toBeUndefined();
  const { data, extensions } = await ask(cached, byId());
  expect(data.contact.firstName).toBe('Renamed');
  expect(extensions.upstream).toMatchObject({ calls: 1, cached: 0 });
});

it('a single process refreshes ahead for all', async () => {
  const clock = aheadClock();
  const [a, b] = [await startProcess({ clock }), await startProcess({ clock })];
  await ask(a, byId());
  await until(async () => (await stored()).length > 0, 'the store');
  expect((await ask(b, byId())).extensions.upstream.calls).toBe(0);
  clock.aheadMs = 28_000;
  await Promise.all([ask(a, byId()), ask(b, byId()), ask(a, byId()), ask(b, byId())]);
  await until(() => calls().length === 2, 'the refresh');
  await Promise.all([ask(a, byId()), ask(b, byId())]);
  expect(calls()).toEqual(['getContact', 'getContact']);
});

it('without Redis no data that other processes may have changed is served from the cache', async () => {
  const a = await startProcess();
  await ask(a, byId());
  redis.freeze();
  try {
    expect((await ask(a, byId())).extensions.upstream).toMatchObject({ calls: 1, cached: 0 });
  } finally {
    redis.resume();
  }
  await until(() => a.state.status().connected, 'the return');
  await until(async () => (await ask(a, byId())).extensions.upstream.cached === 1, 'the cache');
});
