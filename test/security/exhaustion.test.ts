import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { getIntrospectionQuery } from 'graphql';
import { createSchema } from 'graphql-yoga';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { bearerCredentials } from '../../src/constant-contact/auth/credentials.js';
import { Stop } from '../../src/constant-contact/stop.js';
import { buildSchema } from '../../src/schema/index.js';
import { createAccess } from '../../src/server/access/access.js';
import { MAX_WAITING_REQUESTS } from '../../src/server/connections.js';
import { MAX_JSON_NAMES, MAX_JSON_VALUES } from '../../src/server/json.js';
import { listen, type Listening } from '../../src/server/listen.js';
import { hostCredentials } from '../../src/server/plugins/credentials.js';
import { MAX_DOWNLOADS, MAX_DOWNLOADS_OF_CALLER } from '../../src/server/plugins/downloads.js';
import { HEARTBEAT_MS } from '../../src/server/plugins/streams.js';
import {
  MAX_SUBSCRIPTIONS,
  MAX_SUBSCRIPTIONS_OF_CALLER,
  SUBSCRIPTION_MS,
} from '../../src/server/plugins/subscription-end.js';
import { MAX_REFUSALS } from '../../src/server/refusals.js';
import { BODY_MS, STALLED_MS } from '../../src/server/request-bodies.js';
import { createLongTasks } from '../../src/server/turns.js';
import { manualClock } from '../support/clock.js';
import { headOf, openHostile, posted, statusesIn, type Hostile } from '../support/hostile.js';
import { startPlumbing, type PlumbingOptions } from '../support/plumbing.js';
import { MAX_UNKNOWN_BYTES } from '../../src/server/websocket.js';
import { openRaw } from '../support/websocket.js';

const KEY = 'ccg_of-the-test';
const access = createAccess({
  keys: `tests:${createHash('sha256').update(KEY).digest('hex')}`,
  keysFile: null,
  jwt: null,
  open: false,
});

/** Has a field that is never answered. */
const WAITING = createSchema({
  typeDefs: 'type Query { hello(of: [Int]): String never(of: [Int]): String }',
  resolvers: { Query: { hello: () => 'hello', never: () => new Promise<never>(() => undefined) } },
});

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(options: PlumbingOptions = {}) {
  const plumbing = await startPlumbing(options);
  const socket: Listening = await listen(plumbing.app, { host: '127.0.0.1', port: 0, graceMs: 100 });
  closing.push(
    () => plumbing.close(),
    () => socket.close(),
  );
  return { ...plumbing, url: socket.url };
}

function open(url: string, text: string | Buffer, isReading = true): Hostile {
  const hostile = openHostile(url, text, isReading);
  closing.push(() => hostile.leave());
  return hostile;
}

const BODIES: [string, Record<string, string | null>][] = [
  ['JSON', { 'content-type': 'application/json', 'content-length': '7900000' }],
  ['JSON in pieces', { 'content-type': 'application/json', 'transfer-encoding': 'chunked' }],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded', 'content-length': '7900000' }],
  ['files', { 'content-type': 'multipart/form-data; boundary=b', 'content-length': '7900000' }],
  ['an unknown content type', { 'content-type': 'application/octet-stream', 'content-length': '7900000' }],
  [
    'a body announced with Expect',
    { 'content-type': 'application/json', 'content-length': '7900000', expect: '100-continue' },
  ],
];

describe('a caller rejected because of the headers', () => {
  it.each(BODIES)(
    'gets the response before %s has arrived, and the connection is closed',
    async (_, headers) => {
      const { url } = await start({ app: { access } });
      const hostile = open(url, headOf('POST', '/graphql', headers));
      expect(statusesIn(await hostile.closed)).toEqual([401]);
      expect(hostile.received()).toMatch(/\r\nconnection: close\r\n/i);
    },
  );

  it.each([
    ['another host', { host: 'attacker.example' }],
    ['another origin', { origin: 'https://attacker.example' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
  ])('gets it likewise for %s', async (_, headers) => {
    const { url } = await start({ app: { loopbackOnly: true } });
    const hostile = open(url, headOf('POST', '/graphql', { ...BODIES[0]![1], ...headers }));
    expect(statusesIn(await hostile.closed)).toEqual([403]);
  });

  it('can read the response while still sending', async () => {
    const { url } = await start({ app: { access } });
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ hello }', variables: { x: 'x'.repeat(7_000_000) } }),
    });
    expect(response.status).toBe(401);
  });

  it('is slowed down, and other callers are not', async () => {
    const clock = manualClock();
    const { post } = await start({ app: { access, clock } });
    const attempt = async (key: string) => post({ query: '{ hello }' }, { 'x-api-key': key });
    for (let at = 0; at < MAX_REFUSALS; at += 1)
      expect((await attempt(`guess-${String(at)}`)).status).toBe(401);
    const { status, headers, body } = await attempt('one-more');
    expect(status).toBe(429);
    expect(headers.get('retry-after')).toBe('60');
    expect(body.errors[0].extensions).toMatchObject({ code: 'TOO_MANY_REFUSALS', retryable: true });
    expect((await attempt(KEY)).status).toBe(200);
    await clock.advance(60_000);
    expect((await attempt('one-more')).status).toBe(401);
  });
});

describe('a request body', () => {
  it('announced with Expect is requested when it is wanted', async () => {
    const { url } = await start({ app: { access } });
    const body = '{"query":"{ hello }"}';
    for (const type of ['application/json', 'application/graphql+json']) {
      const [head] = posted(body, { 'content-type': type, expect: '100-continue', 'x-api-key': KEY }).split(
        '{',
      );
      const client = open(url, head!);
      await expect.poll(() => statusesIn(client.received())).toEqual([100]);
      client.socket.write(body);
      await expect.poll(() => statusesIn(client.received())).toEqual([100, 200]);
    }
  });

  it.each(BODIES.slice(0, 4))('of %s must arrive within a time limit', async (_, headers) => {
    const clock = manualClock();
    const { url } = await start({ app: { clock } });
    const slow = open(url, headOf('POST', '/graphql', headers));
    while (clock.pending() === 0) await new Promise(setImmediate);
    slow.socket.write('1\r\n{\r\n');
    await clock.advance(BODY_MS - 1);
    expect(slow.received()).toBe('');
    await clock.advance(1);
    expect(statusesIn(await slow.closed)).toEqual([408]);
    expect(slow.received()).toContain('REQUEST_TIMEOUT');
  });

  const tooLarge: [string, string][] = [
    ['brackets', '['.repeat(3_900_000) + ']'.repeat(3_900_000)],
    ['unclosed brackets', '['.repeat(7_800_000)],
    ['nested objects', `${'{"a":'.repeat(1_300_000)}1${'}'.repeat(1_300_000)}`],
    ['numbers', `[${'1,'.repeat(3_800_000)}1]`],
    ['empty objects', `[${'{},'.repeat(MAX_JSON_VALUES)}1]`],
    ['names', `{${Array.from({ length: 600_000 }, (_x, at) => `"k${String(at)}":1`).join()}}`],
    [
      'objects with different keys',
      `[${Array.from({ length: MAX_JSON_NAMES + 100 }, (_x, at) => `{"k${String(at)}" :1}`).join()}]`,
    ],
  ];
  it.each(tooLarge)('with too many %s is rejected before it is parsed', async (_, json) => {
    const { post } = await start();
    const started = process.cpuUsage();
    for (const text of [
      `{"query":"{ hello }","variables":{"a":${json}}}`,
      `{"query":"{ hello }","extensions":{"a":${json}}}`,
    ]) {
      const { status, body } = await post(text);
      expect(status).toBe(400);
      expect(body.errors[0].extensions).toEqual({ code: 'BAD_REQUEST', retryable: false });
    }
    const form = await post(
      new URLSearchParams({ query: '{ hello }', variables: json.slice(0, 2_000_000) }).toString(),
      { 'content-type': 'application/x-www-form-urlencoded' },
    );
    expect(form.status).toBe(400);
    // The parser alone takes as much for each of them.
    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(2_000);
  });

  it('in many small chunks is rejected', async () => {
    const { url } = await start();
    for (const type of ['application/json', 'application/graphql+json', 'multipart/form-data; boundary=b']) {
      const head = headOf('POST', '/graphql', { 'content-type': type, 'transfer-encoding': 'chunked' });
      const hostile = open(url, head + '1\r\nx\r\n'.repeat(60_000));
      expect(statusesIn(await hostile.closed), type).toEqual([413]);
      expect(hostile.received()).toContain('too many small chunks');
    }
  });

  it('in many small chunks arrives whole, also while an earlier request is answered', async () => {
    const { url } = await start({ app: { access } });
    for (const type of ['application/json', 'application/graphql+json']) {
      const head = headOf('POST', '/graphql', {
        'content-type': type,
        'transfer-encoding': 'chunked',
        'x-api-key': KEY,
      });
      const chunks = [...'{"query":"{ hello(name: \\"Ada\\") }"}']
        .map((letter) => `1\r\n${letter}\r\n`)
        .join('');
      const client = open(url, `${head}${chunks}0\r\n\r\n`.repeat(3));
      await expect.poll(() => statusesIn(client.received())).toEqual([200, 200, 200]);
      expect(client.received().match(/hello Ada/g)).toHaveLength(3);
    }
  });

  it('of a form with a million fields is rejected', async () => {
    const { post } = await start();
    const { status } = await post('a=1&'.repeat(1_000_000), {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(status).toBe(400);
  });

  it('of long strings, long numbers and many contacts is accepted', async () => {
    const { post } = await start();
    const contact = {
      email: 'someone@example.com',
      firstName: 'Some',
      customFields: [{ customFieldId: 'x', value: 'y' }],
    };
    for (const value of ['\\"['.repeat(1_500_000), Array.from({ length: 40_000 }, () => contact)])
      expect((await post({ query: '{ hello }', variables: { value } })).body.data).toEqual({
        hello: 'hello you',
      });
    expect((await post(`{"query":"{ hello }","variables":{"a":${'1'.repeat(7_000_000)}}}`)).status).toBe(200);
  });
});

const room = { 'content-type': 'application/json', 'content-length': '7900000' };

describe('large bodies in flight', () => {
  const large = { query: '{ hello }', variables: { x: 'é'.repeat(2_500_000) } };
  const isHeld = ({ received }: Hostile) => received() === '';
  const hasArrived = (bodies: Hostile[]) =>
    expect.poll(() => bodies.every(({ socket }) => socket.writableLength === 0)).toBe(true);

  it.each([
    ['stop', null],
    ['send only a few bytes', 'xxx'],
  ])('that %s give way to others, one after the other', async (_, drop) => {
    const clock = manualClock();
    const { url, post } = await start({ app: { clock } });
    const head = headOf('POST', '/graphql', room);
    const stalled = Array.from({ length: 6 }, () => open(url, head + 'x'.repeat(7_800_000)));
    await hasArrived(stalled);
    await expect.poll(async () => (await post(large)).status).toBe(503);
    expect(stalled.filter(isHeld)).toHaveLength(6);
    for (let passed = 0; passed < STALLED_MS; passed += 100) {
      if (drop !== null) for (const { socket } of stalled) socket.write(drop);
      await clock.advance(100);
    }
    const { status, body } = await post(large);
    expect(status).toBe(200);
    expect(body.data).toEqual({ hello: 'hello you' });
    await expect.poll(() => stalled.flatMap(({ received }) => statusesIn(received()))).toEqual([503]);
    expect(stalled.filter(isHeld)).toHaveLength(5);
    // The room of one is left until others take it.
    expect((await post(large)).status).toBe(200);
    expect(stalled.filter(isHeld)).toHaveLength(5);
  });

  it('count by the bytes received', async () => {
    const { url, post } = await start({ app: { clock: manualClock() } });
    const bodies = Array.from({ length: 14 }, () =>
      open(url, headOf('POST', '/graphql', room) + 'x'.repeat(3_000_000)),
    );
    await hasArrived(bodies);
    expect((await post(large)).status).toBe(200);
    expect(bodies.filter(isHeld)).toHaveLength(14);
  });
});

describe('a connection', () => {
  const answers = async (client: Hostile, count: number) =>
    expect.poll(() => statusesIn(client.received())).toEqual(Array(count).fill(200));

  it('that sends twenty requests at once and reads gets all responses in order', async () => {
    const { url } = await start();
    const names = Array.from({ length: 20 }, (_, at) => `n${String(at)}`);
    const client = open(url, names.map((name) => posted(`{"query":"{ ${name}: hello }"}`)).join(''));
    await answers(client, names.length);
    expect([...client.received().matchAll(/"data":\{"(n\d+)"/g)].map(([, name]) => name)).toEqual(names);
    const mixed = open(
      url,
      headOf('GET', '/livez') +
        posted('{"query":"{ hello }"}') +
        headOf('GET', '/graphql?query={hello}') +
        headOf('GET', '/graphql', { accept: 'text/html' }) +
        headOf('GET', '/'),
    );
    await answers(mixed, 5);
  });

  it.each(['/livez', '/graphql?query={hello}', '/schema.graphql', '/'])(
    'that sends more pipelined %s than the limit is closed',
    async (path) => {
      const { url } = await start();
      const hostile = open(url, headOf('GET', path).repeat(MAX_WAITING_REQUESTS + 2));
      expect(statusesIn(await hostile.closed).length).toBeLessThanOrEqual(1);
    },
  );

  it('is parsed up to the limit of pipelined requests', async () => {
    const { app } = await start();
    let parsed = 0;
    const server = createServer((request, response) => {
      parsed += 1;
      app.listener(request, response);
    }).listen(0, '127.0.0.1');
    closing.push(() => server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await open(`http://127.0.0.1:${String(port)}`, headOf('GET', '/graphql?query={hello}').repeat(1_000))
      .closed;
    expect(parsed).toBe(MAX_WAITING_REQUESTS + 2);
  });

  it('that is new does not wait for the requests of 200 others', async () => {
    let answered = 0;
    const schema = createSchema({
      typeDefs: 'type Query { hello: String }',
      resolvers: { Query: { hello: () => String((answered += 1)) } },
    });
    const { url } = await start({ app: { schema } });
    for (let at = 0; at < 200; at += 1) open(url, posted('{"query":"{ hello }"}').repeat(20));
    const probe = open(url, headOf('GET', '/livez'));
    let before = 0;
    probe.socket.once('data', () => (before = answered));
    await answers(probe, 1);
    // 200 connections are accepted in 200 turns of the event loop, in each of which 64 requests may start. There are 4,000.
    expect(before).toBeLessThan(500);
  });

  it('that sends more requests with an unknown expectation than the limit is closed', async () => {
    const { url } = await start();
    const hostile = open(
      url,
      headOf('GET', '/livez', { expect: 'something' }).repeat(MAX_WAITING_REQUESTS + 2),
    );
    expect(statusesIn(await hostile.closed).length).toBeLessThanOrEqual(1);
  });

  it('that offers another protocol is answered in HTTP/1.1', async () => {
    const { url } = await start();
    const offer = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABk' };
    const client = open(url, posted('{"query":"{ hello }"}', offer));
    await answers(client, 1);
    expect(client.received()).toContain('hello you');
    client.socket.write(headOf('GET', '/livez', offer));
    await answers(client, 2);
    const pipelined = open(url, headOf('GET', '/livez') + headOf('GET', '/livez', offer));
    expect(statusesIn(await pipelined.closed).length).toBeLessThan(2);
  });

  it('is answered one request at a time', async () => {
    let running = 0;
    let most = 0;
    const { app, url, upstream } = await start({
      upstream: (_request, response) => {
        most = Math.max(most, (running += 1));
        // Longer than it takes to start the next request.
        setTimeout(() => {
          running -= 1;
          response.writeHead(200, { 'content-type': 'application/json' }).end('{"organization_name":"A"}');
        }, 10);
      },
    });
    const client = open(url, posted('{"query":"{ account }"}').repeat(10));
    await expect.poll(() => upstream.calls.length).toBe(10);
    await app.settled();
    await answers(client, 10);
    expect(most).toBe(1);
  });

  it('that does not read its responses is closed after a time', async () => {
    const { url } = await start({ app: { schema: buildSchema(), unreadMs: 200 } });
    const client = open(url, posted(JSON.stringify({ query: getIntrospectionQuery() })).repeat(30), false);
    // Only who writes learns of it.
    const writing = setInterval(() => client.socket.write(' '), 50);
    await client.closed;
    clearInterval(writing);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
  });
});

describe('introspection', () => {
  const query = getIntrospectionQuery();
  const fragments = query.slice(query.indexOf('fragment'));
  const fields = query
    .slice(query.indexOf('{', query.indexOf('__schema')), query.indexOf('fragment'))
    .trim()
    .slice(0, -1);
  const times = (count: number, text: (at: number) => string) =>
    Array.from({ length: count }, (_, at) => text(at)).join(' ');

  it.each([
    ['of the schema', `{ ${times(100, (at) => `a${String(at)}: __schema ${fields}`)} } ${fragments}`],
    [
      'of all fields',
      `{ __schema { types { ${times(90, (at) => `a${String(at)}: fields { name d: description }`)} } } }`,
    ],
    [
      'of a type',
      `{ ${times(100, (at) => `a${String(at)}: __type(name: "Query") { ...FullType }`)} } ${fragments}`,
    ],
    [
      'of a type by variable',
      `query ($n: String! = "Query") { ${times(100, (at) => `a${String(at)}: __type(name: $n) { ...FullType }`)} } ${fragments}`,
    ],
    ['of the schema as text', `{ ${times(100, (at) => `a${String(at)}: _service { sdl }`)} }`],
    [
      'in fragments',
      `{ ...A ...B } fragment A on Query { a: __schema ${fields} } fragment B on Query { b: __schema ${fields} } ${fragments}`,
    ],
    ['in parts', `{ a: __schema ${fields} ... @defer { b: __schema ${fields} } } ${fragments}`],
  ])('repeated %s is rejected', async (_, text) => {
    const { post } = await start({ app: { schema: buildSchema() } });
    for (const accept of ['application/json', 'multipart/mixed']) {
      const response = await post({ query: text }, { accept }).catch(() => null);
      if (accept === 'application/json')
        expect(response?.body.errors[0].extensions.code).toBe('QUERY_TOO_COMPLEX');
    }
  });

  it.each([
    [
      'with every option',
      getIntrospectionQuery({
        specifiedByUrl: true,
        directiveIsRepeatable: true,
        schemaDescription: true,
        inputValueDeprecation: true,
        oneOf: true,
      }),
    ],
    ['with the query root besides', query.replace('{', '{ __typename rateLimit { __typename } ')],
    [
      'of a few types',
      `{ a: __type(name: "Contact") { ...FullType } b: __type(name: "Tag") { ...FullType } } ${fragments}`,
    ],
    ['in the form of a gateway', '{ _service { sdl } }'],
    ['with deeper types', query.replace('ofType {', 'ofType { kind name ofType {').replace(/\}\s*$/, '} }')],
  ])('in the form that tools send is answered %s', async (_, text) => {
    const { post } = await start({ app: { schema: buildSchema() } });
    expect((await post({ query: text })).body.errors).toBeUndefined();
  });

  const small = '{ __type(name: "Query") { name } }';

  it('in a steady stream does not delay a large document until its end', async () => {
    const { post } = await start();
    const most = 300;
    let sent = 0;
    let isAnswered = false;
    const stream = async () => {
      while (!isAnswered && sent < most) {
        sent += 1;
        expect((await post({ query: small })).body.data).toEqual({ __type: { name: 'Query' } });
      }
    };
    const streams = Array.from({ length: 20 }, stream);
    while (sent <= 20) await new Promise(setImmediate);
    const { body } = await post({ query: `{ ${'hello '.repeat(200)} }` });
    isAnswered = true;
    expect(body.data).toEqual({ hello: 'hello you' });
    await Promise.all(streams);
    expect(sent).toBeLessThan(most);
  });

  it('that waits for its turn ends at the deadline of the operation', async () => {
    const clock = manualClock();
    const onValidate = () => {
      let turns = 10;
      const onTurn = () => {
        turns -= 1;
        if (turns > 0) setImmediate(onTurn);
        else void clock.advance(1_000);
      };
      onTurn();
    };
    const { post } = await start({ app: { clock, operationTimeoutMs: 1_000, plugins: [{ onValidate }] } });
    const { body } = await post({ query: small });
    expect(body.errors[0]).toMatchObject({
      message: 'The operation was not finished within 1 seconds. Request fewer rows or fields.',
      extensions: { code: 'UPSTREAM_TIMEOUT', retryable: true },
    });
  });
});

describe('long tasks', () => {
  it('of too many operations are refused, and one that ends early makes room', async () => {
    const longTaskTurn = createLongTasks();
    const operations = Array.from({ length: 1_000 }, () => new Stop());
    const turns = operations.map((operation) => longTaskTurn(operation));
    await expect(longTaskTurn(new Stop())).rejects.toMatchObject({
      extensions: { code: 'OVERLOADED', http: { status: 503 } },
    });
    operations[500]!.abort(new Error('left'));
    const next = longTaskTurn(new Stop());
    await expect(turns[500]).rejects.toThrow('left');
    turns[500] = next;
    await Promise.all(turns);
  });
});

describe('downloads of exports', () => {
  const SECOND = 'ccg_second';
  const both = createAccess({
    keys: [KEY, SECOND]
      .map((key, at) => `k${String(at)}:${createHash('sha256').update(key).digest('hex')}`)
      .join(),
    keysFile: null,
    jwt: null,
    open: false,
  });
  const path = '/exports/8e9e2f4e-1111-4444-8888-123456789abc.csv';

  /** Export files that never end; `broken` breaks one off. */
  async function startDownloads(app: PlumbingOptions['app'], token?: null) {
    const files: ServerResponse[] = [];
    const started = await start({
      app,
      ...(token === null && { token }),
      upstream: (_request, response) => {
        files.push(response);
        response.writeHead(200, { 'content-type': 'text/csv' }).write('"email"\n');
      },
    });
    const download = async (headers: Record<string, string>) => {
      const client = open(started.url, headOf('GET', path, headers));
      await expect.poll(() => client.received()).toMatch(/"email"|TOO_MANY/);
      return client;
    };
    return { ...started, files, download };
  }

  it('have a limit per caller, and a place is free when one ends, breaks off or is left', async () => {
    const { download, files, upstream } = await startDownloads({ access: both });
    const mine = { 'x-api-key': KEY };
    const clients: Hostile[] = [];
    for (let at = 0; at < MAX_DOWNLOADS_OF_CALLER; at += 1) clients.push(await download(mine));
    const refused = await download(mine);
    expect(statusesIn(refused.received())).toEqual([429]);
    expect(refused.received()).toMatch(/retry-after: 10\r\n[^]*TOO_MANY_OPERATIONS/i);
    expect(statusesIn((await download({ 'x-api-key': SECOND })).received())).toEqual([200]);
    expect(upstream.calls).toHaveLength(MAX_DOWNLOADS_OF_CALLER + 1);
    for (const free of [() => files[0]!.end(), () => files[1]!.destroy(), () => clients[2]!.leave()]) {
      free();
      await expect.poll(async () => statusesIn((await download(mine)).received())).toEqual([200]);
      expect(statusesIn((await download(mine)).received())).toEqual([429]);
    }
  });

  it('have a limit in all, which leaves connections to operations', async () => {
    const { download, upstream, client } = await startDownloads({}, null);
    const headers = (at: number) => ({ authorization: `Bearer token-${String(at)}` });
    for (let at = 0; at < MAX_DOWNLOADS; at += 1) await download(headers(at));
    const refused = await download(headers(MAX_DOWNLOADS));
    expect(statusesIn(refused.received())).toEqual([503]);
    expect(refused.received()).toMatch(/retry-after: 10\r\n[^]*TOO_MANY_OPERATIONS/i);
    expect(upstream.calls).toHaveLength(MAX_DOWNLOADS);
    const credentials = bearerCredentials('token', 'another');
    const api = client.session({ credentials, partner: null, signal: new Stop() });
    const { body } = await api.download('getContactsExport', { path: { file_export_id: 'b' } });
    const chunks = body[Symbol.asyncIterator]();
    expect((await chunks.next()).done).toBe(false);
    await chunks.return?.();
  });
});

describe('subscriptions by server-sent events', () => {
  it('have a limit per caller, and a place is free when one ends', async () => {
    const never = new Promise<never>(() => undefined);
    const schema = createSchema({
      typeDefs: 'type Query { hello: String } type Subscription { ticks: Int }',
      resolvers: {
        Subscription: {
          ticks: {
            subscribe: async function* () {
              yield { ticks: 1 };
              await never;
            },
          },
        },
      },
    });
    const { app, close } = await startPlumbing({ app: { schema, access } });
    // A server of an embedding program, which does not take upgrades.
    const server = createServer(app.listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(close, () => {
      server.close();
      server.closeAllConnections();
    });
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const text = (upgrade: Record<string, string>) =>
      posted('{"query":"subscription { ticks }"}', {
        accept: 'text/event-stream',
        'x-api-key': KEY,
        ...upgrade,
      });
    const subscribe = (upgrade = {}) => open(url, text(upgrade));
    const clients = Array.from({ length: MAX_SUBSCRIPTIONS_OF_CALLER }, () => subscribe());
    for (const client of clients) await expect.poll(() => client.received()).toContain('"ticks":1');
    for (const upgrade of [{}, { connection: 'upgrade', upgrade: 'websocket' }]) {
      const refused = subscribe(upgrade);
      await expect.poll(() => refused.received()).toContain('TOO_MANY_OPERATIONS');
      expect(statusesIn(refused.received())).toEqual([429]);
    }
    clients[0]!.leave();
    await expect
      .poll(async () => {
        const next = subscribe();
        await expect.poll(() => next.received()).toMatch(/ticks|TOO_MANY/);
        return next.received();
      })
      .toContain('"ticks":1');
  });
});

describe('subscriptions whose clients leave before they start', () => {
  it('take no place and send no heartbeats', async () => {
    const ended = new Set<number>();
    let started = 0;
    let waiting = 0;
    const schema = createSchema({
      typeDefs: 'type Query { hello: String } type Subscription { ticks: Int }',
      resolvers: {
        Subscription: {
          ticks: {
            subscribe: () => {
              const at = (started += 1);
              return {
                [Symbol.asyncIterator]: () => ({
                  next: () => new Promise<never>(() => undefined),
                  return: () => {
                    ended.add(at);
                    return Promise.resolve({ done: true });
                  },
                }),
              };
            },
          },
        },
      },
    });
    const context = async ({ headers, signal }: Request) => {
      if (headers.get('x-late') === null) return {};
      waiting += 1;
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve());
      });
      waiting -= 1;
      return {};
    };
    const intervals = vi.spyOn(globalThis, 'setInterval');
    closing.push(() => intervals.mockRestore());
    const { app, url } = await start({ app: { schema, access, context } });
    const subscribe = (headers: Record<string, string>) =>
      open(
        url,
        posted('{"query":"subscription { ticks }"}', {
          accept: 'text/event-stream',
          'x-api-key': KEY,
          ...headers,
        }),
      );
    const clients = Array.from({ length: MAX_SUBSCRIPTIONS_OF_CALLER }, () => subscribe({ 'x-late': 'yes' }));
    await expect.poll(() => waiting).toBe(clients.length);
    for (const client of clients) client.leave();
    await expect.poll(() => waiting).toBe(0);
    await app.settled();
    await expect.poll(() => ended.size).toBe(started);
    expect(intervals.mock.calls.filter(([, ms]) => ms === HEARTBEAT_MS)).toEqual([]);
    const next = subscribe({});
    await expect.poll(() => statusesIn(next.received())).toEqual([200]);
  });
});

describe('subscriptions of all callers together', () => {
  it('have a limit, each token has its own, and one that cannot start takes no place', async () => {
    const never = {
      next: () => new Promise<never>(() => undefined),
      return: () => Promise.resolve({ done: true }),
    };
    const schema = createSchema({
      typeDefs: 'type Query { hello: String } type Subscription { ticks: Int broken: Int }',
      resolvers: {
        Query: { hello: () => 'hello you' },
        Subscription: {
          ticks: { subscribe: () => ({ [Symbol.asyncIterator]: () => never }) },
          broken: { subscribe: () => Promise.reject(new Error('broken')) },
        },
      },
    });
    const { app, post, close } = await startPlumbing({ app: { schema } });
    closing.push(close);
    const subscribe = (field: string, authorization?: string) =>
      app.fetch(
        new Request('http://facade.test/graphql', {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            accept: 'text/event-stream',
            ...(authorization !== undefined && { authorization }),
          },
          body: JSON.stringify({ query: `subscription { ${field} }` }),
        }),
      );
    const fill = async (count: number, authorization?: string) => {
      const responses = await Promise.all(
        Array.from({ length: count }, () => subscribe('ticks', authorization)),
      );
      expect(responses.filter(({ status }) => status !== 200)).toEqual([]);
    };
    for (let at = 0; at < 10; at += 1) await (await subscribe('broken')).text();
    await fill(MAX_SUBSCRIPTIONS_OF_CALLER, 'Bearer one');
    expect((await subscribe('ticks', 'Bearer one')).status).toBe(429);
    await fill(MAX_SUBSCRIPTIONS - MAX_SUBSCRIPTIONS_OF_CALLER);
    for (const token of [undefined, 'Bearer two']) {
      const refused = await subscribe('ticks', token);
      expect(refused.status).toBe(503);
      expect(refused.headers.get('retry-after')).toBe('10');
      expect(await refused.text()).toContain('TOO_MANY_OPERATIONS');
    }
    expect((await post({ query: '{ hello }' })).body.data).toEqual({ hello: 'hello you' });
  });

  it.each([
    [
      'the users of an embedding program',
      { credentials: hostCredentials(({ headers }) => headers.get('cookie')) },
    ],
    ['the users of a gateway with one key', { access }],
  ])('are counted by token: %s', async (_, options) => {
    const next = () => new Promise<never>(() => undefined);
    const schema = createSchema({
      typeDefs: 'type Query { hello: String } type Subscription { ticks: Int }',
      resolvers: {
        Subscription: { ticks: { subscribe: () => ({ [Symbol.asyncIterator]: () => ({ next }) }) } },
      },
    });
    const { app, close } = await startPlumbing({ app: { schema, ...options } });
    closing.push(close);
    const subscribe = async (user: string) => {
      const headers = {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        cookie: user,
        'x-api-key': KEY,
        ...('access' in options && { authorization: `Bearer ${user}` }),
      };
      const body = '{"query":"subscription { ticks }"}';
      return (await app.fetch('http://facade.test/graphql', { method: 'POST', headers, body })).status;
    };
    for (let at = 0; at < MAX_SUBSCRIPTIONS_OF_CALLER; at += 1) expect(await subscribe('ann')).toBe(200);
    expect(await subscribe('ann')).toBe(429);
    expect(await subscribe('bob')).toBe(200);
  });

  it('free their place when their time is over, although their responses are not read', async () => {
    const clock = manualClock();
    const next = () => new Promise<never>(() => undefined);
    const schema = createSchema({
      typeDefs: 'type Query { hello: String } type Subscription { ticks: Int }',
      resolvers: {
        Subscription: { ticks: { subscribe: () => ({ [Symbol.asyncIterator]: () => ({ next }) }) } },
      },
    });
    const { app, close } = await startPlumbing({ app: { schema, clock } });
    closing.push(close);
    const subscribe = async () => {
      const body = '{"query":"subscription { ticks }"}';
      const accept = 'text/event-stream';
      const headers = { 'content-type': 'application/json', accept, authorization: 'Bearer one' };
      const asked = new Request('http://facade.test/graphql', { method: 'POST', headers, body });
      return app.fetch(asked);
    };
    const unread = [];
    for (let at = 0; at < MAX_SUBSCRIPTIONS_OF_CALLER; at += 1) unread.push(await subscribe());
    expect((await subscribe()).status).toBe(429);
    await clock.advance(SUBSCRIPTION_MS);
    expect((await subscribe()).status).toBe(200);
    expect(await unread[0]?.text()).toContain('SUBSCRIPTION_EXPIRED');
  });

  it('take no place when a plugin fails to start them', async () => {
    const schema = createSchema({
      typeDefs: 'type Query { hello: String } type Subscription { ticks: Int }',
      resolvers: {
        Subscription: {
          ticks: {
            subscribe: async function* () {
              yield await Promise.resolve({ ticks: 1 });
            },
          },
        },
      },
    });
    let failures = MAX_SUBSCRIPTIONS_OF_CALLER;
    const onSubscribe = () => {
      if (failures === 0) return;
      failures -= 1;
      throw new Error('broken');
    };
    const { app, close } = await startPlumbing({ app: { schema, plugins: [{ onSubscribe }] } });
    closing.push(close);
    const subscribe = async () => {
      const response = await app.fetch('http://facade.test/graphql', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'text/event-stream',
          authorization: 'Bearer one',
        },
        body: JSON.stringify({ query: 'subscription { ticks }' }),
      });
      return response.text();
    };
    while (failures > 0) expect(await subscribe()).not.toContain('ticks');
    expect(await subscribe()).toContain('"ticks":1');
  });
});

describe('subscriptions with large variables', () => {
  it('count towards the bodies in flight as long as they run', async () => {
    const schema = createSchema({
      typeDefs: 'type Query { hello: String } type Subscription { ticks: Int }',
      resolvers: {
        Subscription: {
          ticks: {
            subscribe: async function* () {
              yield { ticks: 1 };
              await new Promise<never>(() => undefined);
            },
          },
        },
      },
    });
    const { url, post } = await start({ app: { schema } });
    const body = JSON.stringify({ query: 'subscription { ticks }', variables: { x: 'x'.repeat(7_800_000) } });
    const statuses: number[] = [];
    for (let at = 0; at < 10; at += 1) {
      const client = open(url, posted(body, { accept: 'text/event-stream' }));
      await expect.poll(() => client.received()).toMatch(/"ticks":1|OVERLOADED/);
      statuses.push(...statusesIn(client.received()));
    }
    expect(statuses.slice(0, 3)).toEqual([200, 200, 200]);
    expect(statuses.at(-1)).toBe(503);
    expect((await post({ query: '{ hello }' })).status).toBe(200);
  });
});

describe('variables of operations in flight', () => {
  const operation = { query: '{ never(of: [0]) }', variables: { unused: Array(290_000).fill({}) } };
  const JSON_FORM = JSON.stringify(operation);
  const urlencoded = new URLSearchParams({
    query: operation.query,
    variables: JSON.stringify(operation.variables),
  }).toString();
  const multipart = ['operations', 'map']
    .map((name) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n`)
    .map((head, at) => `${head}${at === 0 ? JSON_FORM : '{}'}\r\n`)
    .join('');

  it.each([
    ['JSON', 'application/json', JSON_FORM],
    ['a form', 'application/x-www-form-urlencoded', urlencoded],
    ['a multipart form', 'multipart/form-data; boundary=b', `${multipart}--b--\r\n`],
  ])('sent as %s count with their values until their clients leave', async (_, type, body) => {
    const { url, post } = await start({ app: { schema: WAITING } });
    const clients = Array.from({ length: 14 }, () => open(url, posted(body, { 'content-type': type })));
    // Seven megabytes each: at most six fit beside the part that is reserved for small bodies.
    await expect
      .poll(() => clients.filter(({ received }) => received() !== '').length)
      .toBeGreaterThanOrEqual(8);
    for (const { received } of clients) expect(received()).toMatch(/^$|OVERLOADED/);
    expect((await post({ query: '{ hello }' })).status).toBe(200);
    for (const client of clients) client.leave();
    await expect
      .poll(async () => (await post({ query: '{ hello }', variables: operation.variables })).status)
      .toBe(200);
  });
});

describe('documents of operations in flight', () => {
  const document = (name: string, field: string) => `query ${name} { ${field}(of: [${'0 '.repeat(5_000)}]) }`;
  /** Those of 5,000 tokens for which there is room. */
  const MOST = 23;
  const json = (at: number) => JSON.stringify({ query: document(`Q${String(at)}`, 'never') });

  it.each([
    ['POST', (url: string, at: number) => open(url, posted(json(at)))],
    [
      'POST for server-sent events',
      (url: string, at: number) => open(url, posted(json(at), { accept: 'text/event-stream' })),
    ],
    [
      'GET',
      (url: string, at: number) => {
        const query = document(`Q${String(at)}`, 'never').replaceAll(' ', '+');
        return open(url, headOf('GET', `/graphql?query=${query}`, { accept: 'application/json' }));
      },
    ],
  ])('by %s count towards the memory of bodies until their clients leave', async (_, send) => {
    const { url, post } = await start({ app: { schema: WAITING } });
    const clients = Array.from({ length: MOST + 6 }, (_, at) => send(url, at));
    await expect.poll(() => clients.filter(({ received }) => received() !== '').length).toBe(6);
    for (const { received } of clients)
      if (received() !== '')
        expect(received()).toMatch(/retry-after: 1[^]*OVERLOADED|event: next[^]*OVERLOADED/i);
    expect((await post({ query: '{ hello }' })).status).toBe(200);
    for (const client of clients) client.leave();
    const large = { query: document('After', 'hello') };
    await expect.poll(async () => (await post(large)).status).toBe(200);
    // Operations that have ended make room as well.
    for (let at = 0; at <= MOST; at += 1)
      expect((await post({ query: document(`After${String(at)}`, 'hello') })).status).toBe(200);
  });

  it('over WebSockets likewise', async () => {
    const { url, post } = await start({ app: { schema: WAITING } });
    const socket = await openRaw(url);
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
    const refused: string[] = [];
    socket.on('message', (data: Buffer) => refused.push(data.toString()));
    for (let at = 0; at < MOST + 6; at += 1)
      socket.send(`{"id":"${String(at)}","type":"subscribe","payload":${json(at)}}`);
    await expect.poll(() => refused.length).toBe(6);
    for (const message of refused) expect(message).toContain('OVERLOADED');
    socket.terminate();
    await expect.poll(async () => (await post({ query: document('After', 'hello') })).status).toBe(200);
  });

  it('are counted once while several operations use the same one', async () => {
    const { url, post } = await start({ app: { schema: WAITING } });
    const clients = Array.from({ length: 2 * MOST }, () => open(url, posted(json(0))));
    await expect.poll(async () => (await post({ query: document('After', 'hello') })).status).toBe(200);
    expect(clients.map(({ received }) => received()).join('')).toBe('');
  });
});

describe('a refused body of a `Request` whose client leaves', () => {
  it('does not end the embedding process', async () => {
    const { app } = await start();
    let client: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        client = controller;
        client.enqueue(new Uint8Array(9_000_000));
      },
    });
    const uncaught: unknown[] = [];
    const note = (error: unknown) => uncaught.push(error);
    process.on('uncaughtException', note);
    closing.push(() => process.off('uncaughtException', note));
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body, duplex: 'half' };
    const response = await app.fetch(new Request('http://facade.test/graphql', init));
    expect(response.status).toBe(413);
    client!.error(new Error('The client has left.'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(uncaught).toEqual([]);
  });
});

describe('requests with large variables whose clients leave before the answer', () => {
  it('make room for others', async () => {
    let inFlight = 0;
    const { url, post } = await start({
      upstream: (_request, response) => {
        inFlight += 1;
        response.on('close', () => (inFlight -= 1));
      },
    });
    const large = { variables: { x: 'x'.repeat(7_800_000) } };
    const body = JSON.stringify({ query: '{ account }', ...large });
    for (const accept of [...Array.from({ length: 7 }, () => 'text/event-stream'), 'application/json']) {
      const client = open(url, posted(body, { accept }));
      await expect.poll(() => inFlight).toBe(1);
      client.leave();
      await expect.poll(() => inFlight).toBe(0);
    }
    expect((await post({ query: '{ hello }', ...large })).status).toBe(200);
  });
});

describe('a WebSocket', () => {
  const HANDSHAKE = headOf('GET', '/graphql', {
    connection: 'upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    'sec-websocket-protocol': 'graphql-transport-ws',
  });
  /** A text frame with an empty mask; the last `missing` bytes are not sent. */
  const frame = (text: string, missing = 0) => {
    const head = Buffer.alloc(14);
    head[0] = 0x81;
    head[1] = 0xff;
    head.writeBigUInt64BE(BigInt(text.length + missing), 2);
    return Buffer.concat([head, Buffer.from(text)]);
  };
  /** Opens a connection that is refused, or whose `connection_init` is incomplete. It never answers a close frame. */
  const openStranger = async (url: string, sent: Buffer) => {
    const stranger = open(url, HANDSHAKE);
    await expect.poll(() => statusesIn(stranger.received())).toEqual([101]);
    stranger.socket.write(sent);
    await expect.poll(() => stranger.socket.writableLength).toBe(0);
    return stranger;
  };
  const openAdmitted = async (url: string) => {
    const socket = await openRaw(url);
    socket.on('error', () => undefined);
    closing.push(() => socket.terminate());
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    socket.send(JSON.stringify({ type: 'connection_init', payload: { 'x-api-key': KEY } }));
    await once(socket, 'message');
    return { socket, closed };
  };

  it('without a key may not send much', async () => {
    const { url } = await start({ app: { access } });
    const socket = await openRaw(url);
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.on('error', () => undefined);
    socket.send('x'.repeat(MAX_UNKNOWN_BYTES), { fin: false });
    await closed;
    expect(socket.readyState).toBe(WebSocket.CLOSED);
  });

  it.each([
    ['refused', frame('{"type":"connection_init"}'), 4403],
    ['late', frame('{"type":"connection_init"', 1), 4408],
  ])('that is %s is closed without its closing handshake', async (_, sent, code) => {
    const { url } = await start({ app: { access } });
    const stranger = await openStranger(url, sent);
    const received = Buffer.from(await stranger.closed, 'latin1');
    const close = received.subarray(received.lastIndexOf(0x88));
    expect(close.readUInt16BE(2)).toBe(code);
  });

  it('of a stranger takes none of the memory of callers', async () => {
    const { url, post } = await start({ app: { access, clock: manualClock() } });
    const head = headOf('POST', '/graphql', { ...room, 'x-api-key': KEY });
    const bodies = Array.from({ length: 5 }, () => open(url, head + 'x'.repeat(7_800_000)));
    await expect.poll(() => bodies.every(({ socket }) => socket.writableLength === 0)).toBe(true);
    const part = frame('x'.repeat(MAX_UNKNOWN_BYTES - 100), 1);
    const strangers = await Promise.all(Array.from({ length: 120 }, () => openStranger(url, part)));
    const large = { query: '{ hello }', variables: { x: 'x'.repeat(7_500_000) } };
    expect((await post(large, { 'x-api-key': KEY })).status).toBe(200);
    expect(strangers.some(({ socket }) => socket.destroyed)).toBe(false);
  });

  it('with an incomplete message that stalls gives way to others', async () => {
    const clock = manualClock();
    const { url, post } = await start({ app: { access, schema: WAITING, clock } });
    const send = (query: string, length: number) => ({ query, variables: { x: 'x'.repeat(length) } });
    const large = async () => (await post(send('{ hello }', 5_000_000), { 'x-api-key': KEY })).status;
    const running = JSON.stringify(send('{ never }', 7_800_000));
    for (let at = 0; at < 5; at += 1) open(url, posted(running, { 'x-api-key': KEY }));
    const { socket, closed } = await openAdmitted(url);
    socket.send('x'.repeat(7_800_000), { fin: false });
    await expect.poll(large).toBe(503);
    expect(socket.readyState).toBe(WebSocket.OPEN);
    await clock.advance(STALLED_MS);
    expect(await large()).toBe(200);
    await closed;
  });

  it.each([1, 2])('behind %s requests in flight is refused after their responses', async (count) => {
    const { url } = await start();
    const client = open(url, posted('{"query":"{ hello }"}').repeat(count) + HANDSHAKE);
    const received = await client.closed;
    expect(statusesIn(received)).toEqual([...Array.from({ length: count }, () => 200), 400]);
    expect(received).toContain('hello you');
  });

  it('behind a request in flight does not keep that of a client that leaves', async () => {
    let left = 0;
    const { url, upstream } = await start({
      upstream: (_request, response) => void response.on('close', () => (left += 1)),
    });
    const client = open(url, posted('{"query":"{ account }"}') + HANDSHAKE);
    await expect.poll(() => upstream.calls).toHaveLength(1);
    client.leave();
    await expect.poll(() => left).toBe(1);
    expect(client.received()).toBe('');
  });

  it('that is not opened is closed, whatever the client does', async () => {
    const { url } = await start();
    const { port } = new URL(url);
    const client = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
    client.on('error', () => undefined);
    closing.push(() => client.destroy());
    client.write(headOf('GET', '/nowhere', { connection: 'upgrade', upgrade: 'websocket' }));
    client.resume();
    await once(client, 'end');
    await expect
      .poll(
        async () => {
          client.write('x');
          await new Promise((resolve) => setTimeout(resolve, 50));
          return client.destroyed;
        },
        { timeout: 5_000 },
      )
      .toBe(true);
  });

  it('may not send deeply nested JSON', async () => {
    const { url } = await start();
    const { socket, closed } = await openAdmitted(url);
    socket.send(`{"type":"ping","payload":{"a":${'['.repeat(500_000)}`);
    expect(await closed).toBe(4400);
  });
});
