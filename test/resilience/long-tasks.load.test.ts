import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { getIntrospectionQuery } from 'graphql';
import { afterEach, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { openHostile, posted, type Hostile } from '../support/hostile.js';
import { slowdown } from '../support/machine-speed.js';
import { openRaw } from '../support/websocket.js';

const MB = 1_024 * 1_024;
/** Memory limit of the container in `deploy/compose.yaml`. */
const LIMIT = 512 * MB;
const PROCESS = fileURLToPath(new URL('../support/memory-process.js', import.meta.url));
/** Nothing is there: no operation here needs the REST API. */
const API_URL = 'http://127.0.0.1:9/v3';
const CONNECTIONS = 60;
const OPERATIONS = 8;
/**
 * Limit of the server's CPU time while an ordinary query waits, in milliseconds. CPU time, so that a busy machine does not
 * count. In a queue of all operations the last one would wait for several seconds.
 */
const LONGEST_WAIT = 1_000 * slowdown();
/** Likewise of a probe. */
const LONGEST_PROBE = 400 * slowdown();

let child: ChildProcess | undefined;
let clients: Hostile[] = [];
let sockets: WebSocket[] = [];
afterEach(() => {
  for (const client of clients) client.leave();
  for (const socket of sockets) socket.terminate();
  child?.kill('SIGKILL');
  clients = [];
  sockets = [];
  child = undefined;
});

async function startProcess(env: Record<string, string> = {}): Promise<string> {
  child = fork(PROCESS, [API_URL, JSON.stringify(env)], {
    execArgv: ['--expose-gc', '--max-old-space-size=400'],
  });
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  return url;
}

/** The most memory that the process has taken. */
async function peak(): Promise<number> {
  child?.send('look');
  const [told] = (await once(child as ChildProcess, 'message')) as [{ peak: number }];
  return told.peak;
}

/** CPU time of the process's main thread, in milliseconds. */
function worked(): number {
  const pid = String(child?.pid);
  return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
}

const post = (url: string, body: object) =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** The longest that the process worked while it answered an ordinary query, and a probe, out of so many. */
async function longestWaits(url: string, count: number): Promise<{ query: number; probe: number }> {
  const longest = { query: 0, probe: 0 };
  for (let at = 0; at < count; at += 1) {
    let started = worked();
    const response = await post(url, { query: '{ rateLimit { usedToday } }' });
    expect(await response.json()).toMatchObject({ data: { rateLimit: {} } });
    longest.query = Math.max(longest.query, worked() - started);
    started = worked();
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    longest.probe = Math.max(longest.probe, worked() - started);
  }
  return longest;
}

const introspection = getIntrospectionQuery();
/** A document of some 3,000 tokens, which costs no REST call: no id is valid. Each field is planned for each type of a node. */
const large = (at: number, variables = '', more = '') =>
  `query ${variables} { ${Array.from(
    { length: 90 },
    (_, one) =>
      `a${String(one)}: node(id: "x") { id ... on Contact { firstName lastName jobTitle companyName createdAt updatedAt } ... on Tag { name createdAt } }`,
  ).join(' ')} b${String(at)}: __typename ${more} }`;
const ids = Array.from({ length: 9_900 }, (_, at) => `"x${String(at)}"`).join(' ');

const DOCUMENTS: [string, (at: number) => string][] = [
  ['introspection', () => introspection],
  [
    'introspection under other aliases',
    (at) => introspection.replace('__schema', `a${String(at)}: __schema`),
  ],
  [
    'a part of the schema',
    (at) => `{ __schema { types { name a${String(at)}: fields { name description type { name } } } } }`,
  ],
  ['the schema as text', (at) => `{ a${String(at)}: _service { sdl } }`],
  ['large documents', (at) => large(at)],
  ['large documents that are not valid', (at) => large(at, '', 'nothing')],
  ['large lists', (at) => `{ a${String(at)}: nodes(ids: [${ids}]) { id } }`],
];

it.each(DOCUMENTS)('answers an ordinary query while 60 connections send %s', async (_, documentOf) => {
  const url = await startProcess();
  await longestWaits(url, 1);
  clients = Array.from({ length: CONNECTIONS }, (_one, connection) => {
    const texts = Array.from({ length: OPERATIONS }, (_other, at) =>
      posted(JSON.stringify({ query: documentOf(connection * OPERATIONS + at) })),
    );
    return openHostile(url, texts.join(''));
  });
  const { query, probe } = await longestWaits(url, 6);
  expect(query).toBeLessThan(LONGEST_WAIT);
  expect(probe).toBeLessThan(LONGEST_PROBE);
  expect(await peak()).toBeLessThan(LIMIT);
});

it.each(
  DOCUMENTS.flatMap(([name, documentOf]) => [
    [name, 'read', documentOf] as const,
    [name, 'do not read', documentOf] as const,
  ]),
)('answers an ordinary query while 60 WebSockets send %s and %s', async (_, how, documentOf) => {
  const url = await startProcess();
  await longestWaits(url, 1);
  sockets = await Promise.all(Array.from({ length: CONNECTIONS }, () => openRaw(url)));
  // All are accepted before the first one sends: the server closes a socket that is idle for long before its first message.
  for (const socket of sockets) {
    socket.on('error', () => undefined);
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
  }
  for (const [connection, socket] of sockets.entries()) {
    if (how === 'do not read') socket.pause();
    for (let at = 0; at < OPERATIONS; at += 1) {
      const payload = { query: documentOf(connection * OPERATIONS + at) };
      socket.send(JSON.stringify({ id: String(at), type: 'subscribe', payload }));
    }
  }
  const { query, probe } = await longestWaits(url, 6);
  expect(query).toBeLessThan(LONGEST_WAIT);
  expect(probe).toBeLessThan(LONGEST_PROBE);
  expect(await peak()).toBeLessThan(LIMIT);
});

it('answers an ordinary query while 20 connections send 100,000 ids of objects', async () => {
  const url = await startProcess();
  await longestWaits(url, 1);
  const tags = Array.from({ length: 100_000 }, (_, at) =>
    Buffer.from(`Tag:${String(at)}`).toString('base64'),
  );
  const body = JSON.stringify({
    query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
    variables: { ids: tags },
  });
  clients = Array.from({ length: 20 }, () => openHostile(url, posted(body)));
  const { query, probe } = await longestWaits(url, 6);
  expect(query).toBeLessThan(LONGEST_WAIT);
  expect(probe).toBeLessThan(LONGEST_PROBE);
});

it('answers an ordinary query while 20 WebSockets send 3,000 messages each', async () => {
  const url = await startProcess();
  await longestWaits(url, 1);
  sockets = await Promise.all(Array.from({ length: 20 }, () => openRaw(url)));
  for (const socket of sockets) {
    socket.on('error', () => undefined);
    socket.send('{"type":"connection_init"}');
    for (let at = 0; at < 3_000; at += 1)
      socket.send(`{"id":"${String(at)}","type":"subscribe","payload":{"query":"{ nothing }"}}`);
  }
  const { query, probe } = await longestWaits(url, 6);
  expect(query).toBeLessThan(LONGEST_WAIT);
  expect(probe).toBeLessThan(LONGEST_PROBE);
});

it('keeps few of 200 large documents', async () => {
  const url = await startProcess();
  // A version that keeps a thousand documents, however large they are, is killed.
  for (let at = 0; at < 200; at += 10) {
    const documents = Array.from({ length: 10 }, (_, more) => DOCUMENTS.at(-1)![1](at + more));
    for (const response of await Promise.all(documents.map((query) => post(url, { query }))))
      expect(await response.json()).toHaveProperty('data');
  }
  expect(await peak()).toBeLessThan(LIMIT);
});

it('keeps few plans of large documents', async () => {
  const url = await startProcess();
  const names = ['c', 'd', 'e', 'f', 'g'];
  const conditional = names.map((name) => `${name}: __typename @include(if: $${name})`).join(' ');
  const declared = `(${names.map((name) => `$${name}: Boolean!`).join()})`;
  for (let at = 0; at < 8; at += 1) {
    const query = large(at, declared, conditional);
    for (let chosen = 0; chosen < 2 ** names.length; chosen += 1) {
      const variables = Object.fromEntries(names.map((name, bit) => [name, ((chosen >> bit) & 1) === 1]));
      const response = await post(url, { query, variables });
      expect(await response.json()).toHaveProperty('data');
    }
  }
  expect(await peak()).toBeLessThan(LIMIT);
});

it('answers others within 100 milliseconds while the schema is read for the first time', async () => {
  const url = await startProcess({ CACHE: 'lists=60,contacts=15' });
  const stall = async (read: () => Promise<Response>) => {
    child?.send('look');
    await once(child as ChildProcess, 'message');
    const response = await read();
    expect(response.status).toBe(200);
    await response.arrayBuffer();
    child?.send('look');
    const [told] = (await once(child as ChildProcess, 'message')) as [{ turn: number }];
    return told.turn;
  };
  // The first request of all loads what the later ones need.
  await post(url, { query: '{ __typename }' });
  const stalls = {
    subgraph: await stall(() => fetch(`${url}/schema.graphql`)),
    api: await stall(() => fetch(`${url}/schema.api.graphql`)),
    service: await stall(() => post(url, { query: '{ _service { sdl } }' })),
  };
  // A version that prints the schema takes 250 to 500.
  for (const [what, ms] of Object.entries(stalls)) expect(ms, what).toBeLessThan(100);
});
