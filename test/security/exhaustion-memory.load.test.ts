import { fork, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { getIntrospectionQuery } from 'graphql';
import { afterEach, expect, it } from 'vitest';
import { headOf, openHostile, posted, statusesIn, type Hostile } from '../support/hostile.js';
import { stopwatch } from '../support/stopwatch.js';
import { openRaw } from '../support/websocket.js';

const MB = 1_024 * 1_024;
/** Memory limit of the container in `deploy/compose.yaml`. */
const LIMIT = 512 * MB;
const PROCESS = fileURLToPath(new URL('../support/memory-process.js', import.meta.url));
const KEY = 'ccg_of-the-test';
const ACCESS_KEYS = `tests:${createHash('sha256').update(KEY).digest('hex')}`;
/** Nothing is there: no attack here comes as far as the REST API. */
const API_URL = 'http://127.0.0.1:9/v3';

let child: ChildProcess | undefined;
let clients: Hostile[] = [];
afterEach(() => {
  for (const client of clients) client.leave();
  child?.kill('SIGKILL');
  clients = [];
  child = undefined;
});

async function startProcess(env: Record<string, string> = {}, apiUrl = API_URL): Promise<string> {
  child = fork(PROCESS, [apiUrl, JSON.stringify(env)], {
    execArgv: ['--expose-gc', '--max-old-space-size=400'],
  });
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  return url;
}

/** The most that the process has taken since the last time. */
async function peak(): Promise<number> {
  child?.send('look');
  const [told] = (await once(child as ChildProcess, 'message')) as [{ peak: number }];
  return told.peak;
}

function attack(url: string, count: number, text: string | Buffer, isReading = true): Hostile[] {
  const opened = Array.from({ length: count }, () => openHostile(url, text, isReading));
  clients.push(...opened);
  return opened;
}

/** The longest that `/livez` took while something was going on; that others had the processors does not count. */
async function slowestLivez(url: string, until: Promise<unknown>): Promise<number> {
  let slowest = 0;
  let isOver = false;
  void until.finally(() => (isOver = true));
  while (!isOver) {
    const elapsed = stopwatch([child?.pid]);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    slowest = Math.max(slowest, elapsed());
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return slowest;
}

const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, count * 1_000));

const unfinished = (headers: Record<string, string>) =>
  Buffer.concat([
    Buffer.from(
      headOf('POST', '/graphql', {
        'content-type': 'application/json',
        'content-length': '7900000',
        ...headers,
      }),
    ),
    Buffer.alloc(7_000_000, 'x'),
  ]);

it('keeps nothing that 200 unauthenticated clients send', async () => {
  const url = await startProcess({ ACCESS_KEYS });
  const before = await peak();
  const strangers = attack(url, 200, unfinished({}));
  await Promise.all(strangers.map(({ closed }) => closed));
  expect((await peak()) - before).toBeLessThan(120 * MB);
  for (const { received } of strangers) expect([401, 429, undefined]).toContain(statusesIn(received())[0]);
});

it('limits the bodies of callers with a key, and answers their small ones meanwhile', async () => {
  const url = await startProcess({ ACCESS_KEYS });
  const callers = attack(url, 60, unfinished({ 'x-api-key': KEY }));
  await expect
    .poll(() => callers.filter(({ received }) => received().includes('HTTP/1.1 503')).length, {
      timeout: 60_000,
    })
    .toBeGreaterThan(40);
  expect(callers.find(({ received }) => received() !== '')?.received()).toMatch(/\r\nretry-after: 1\r\n/i);
  const small = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': KEY },
    body: JSON.stringify({ query: '{ __typename }' }),
  });
  expect(await small.json()).toMatchObject({ data: { __typename: 'Query' } });
  expect(await peak()).toBeLessThan(LIMIT);
});

it('limits bodies that arrive one byte at a time', async () => {
  const url = await startProcess();
  attack(
    url,
    8,
    headOf('POST', '/graphql', { 'content-type': 'application/json', 'transfer-encoding': 'chunked' }) +
      '1\r\nx\r\n'.repeat(1_000_000),
  );
  await slowestLivez(url, seconds(2));
  expect(await peak()).toBeLessThan(LIMIT);
});

it('answers others while 40 unauthenticated clients send bodies one byte at a time', async () => {
  const url = await startProcess({ ACCESS_KEYS });
  const chunked = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
  const strangers = attack(url, 40, headOf('POST', '/graphql', chunked) + '1\r\nx\r\n'.repeat(400_000));
  // A version that parses all chunks takes 4 seconds.
  expect(await slowestLivez(url, Promise.all(strangers.map(({ closed }) => closed)))).toBeLessThan(2_000);
  expect(await peak()).toBeLessThan(LIMIT);
});

const CHUNKED = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
it.each([
  ['POST', headOf('POST', '/graphql', CHUNKED)],
  ['OPTIONS', headOf('OPTIONS', '/graphql', CHUNKED)],
  ['an invalid host', headOf('POST', '/graphql', { ...CHUNKED, host: 'a b' })],
  ['Expect', headOf('POST', '/graphql', { ...CHUNKED, expect: 'anything' })],
])('keeps nothing that 200 unauthenticated clients send one byte at a time with %s', async (_, head) => {
  const url = await startProcess({ ACCESS_KEYS });
  const before = await peak();
  const strangers = attack(url, 200, head + '1\r\nx\r\n'.repeat(30_000));
  await Promise.all(strangers.map(({ closed }) => closed));
  // A version that keeps what the parser has read takes 500 MB.
  expect((await peak()) - before).toBeLessThan(120 * MB);
  for (const { received } of strangers)
    expect([400, 401, 429, undefined]).toContain(statusesIn(received())[0]);
});

it('limits the bodies of 200 clients of a server without keys that arrive one byte at a time', async () => {
  const url = await startProcess();
  attack(url, 200, headOf('POST', '/graphql', CHUNKED) + '1\r\nx\r\n'.repeat(11_000));
  await slowestLivez(url, seconds(4));
  expect(await peak()).toBeLessThan(LIMIT);
});

it.each([
  ['the page', 500, headOf('GET', '/graphql', { accept: 'text/html' })],
  ['the page, pipelined up to the limit', 30, headOf('GET', '/graphql', { accept: 'text/html' })],
  ['the schema', 30, headOf('GET', '/schema.graphql')],
  ['introspection', 8, posted(JSON.stringify({ query: getIntrospectionQuery() }))],
  ['an error', 30, posted('{"query":"{ nothing }"}')],
])(
  'answers others, within its memory, while 60 connections request %s and do not read',
  async (_, count, text) => {
    const url = await startProcess();
    attack(url, 60, text.repeat(count), false);
    // A version without these bounds is silent for minutes.
    expect(await slowestLivez(url, seconds(2))).toBeLessThan(10_000);
    expect(await peak()).toBeLessThan(LIMIT);
  },
);

it('answers others, within its memory, while 6 WebSockets request introspection 50 times and do not read', async () => {
  const url = await startProcess();
  const sockets = await Promise.all(Array.from({ length: 6 }, () => openRaw(url)));
  for (const socket of sockets) {
    socket.on('error', () => undefined);
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
    socket.pause();
    const payload = { query: getIntrospectionQuery() };
    for (let id = 0; id < 50; id += 1)
      socket.send(JSON.stringify({ id: String(id), type: 'subscribe', payload }));
  }
  // A version that starts all operations at once is killed.
  expect(await slowestLivez(url, seconds(4))).toBeLessThan(4_000);
  expect(await peak()).toBeLessThan(350 * MB);
  for (const socket of sockets) socket.terminate();
});

it('limits the documents of operations that wait for the REST API, and answers small ones meanwhile', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  try {
    const { port } = silent.address() as AddressInfo;
    const url = await startProcess({}, `http://127.0.0.1:${String(port)}/v3`);
    const fields = Array.from(
      { length: 90 },
      (_, at) => `a${String(at)}:account{${'website organizationName '.repeat(52)}}`,
    );
    const query = (at: number) => `query Q${String(at)} { ${fields.join(' ')} }`;
    const callers = Array.from({ length: 150 }, (_, at) =>
      openHostile(url, posted(JSON.stringify({ query: query(at) }))),
    );
    clients.push(...callers);
    await expect
      .poll(() => callers.filter(({ received }) => received().includes('HTTP/1.1 503')).length, {
        timeout: 120_000,
      })
      .toBeGreaterThan(130);
    const small = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ __typename }' }),
    });
    expect(await small.json()).toMatchObject({ data: { __typename: 'Query' } });
    expect(await peak()).toBeLessThan(LIMIT);
  } finally {
    silent.closeAllConnections();
    silent.close();
  }
});
