import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { listen, type Listening } from '../../src/server/listen.js';
import { json, startPlumbing } from '../support/plumbing.js';

let plumbing: Awaited<ReturnType<typeof startPlumbing>>;
let socket: Listening;
afterEach(async () => {
  await socket.close();
  await plumbing.close();
});

/** A facade with one request in flight, whose REST call is answered when `answer` is called. */
async function withRequestUnderWay(graceMs?: number) {
  let answer = () => {};
  let onCall = () => {};
  const called = new Promise<void>((resolve) => (onCall = resolve));
  plumbing = await startPlumbing({
    upstream: (request, response) => {
      answer = () => json(200, { organization_name: 'Acme' })(request, response);
      onCall();
    },
  });
  socket = await listen(plumbing.app, {
    host: '127.0.0.1',
    port: 0,
    ...(graceMs !== undefined && { graceMs }),
  });
  const underWay = fetch(`${socket.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ account }"}',
  });
  await called;
  return { underWay, answer: () => answer() };
}

describe('graceful shutdown', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('finishes requests in flight, refuses new ones, and then stops listening', async () => {
    const { underWay, answer } = await withRequestUnderWay();
    const { port } = new URL(socket.url);
    const closed = socket.close();

    const late = await fetch(`${socket.url}/graphql?query={hello}`);
    expect(late.status).toBe(503);
    expect((await fetch(`${socket.url}/readyz`)).status).toBe(503);

    answer();
    expect(await (await underWay).json()).toMatchObject({ data: { account: 'Acme' } });
    await closed;
    await expect(fetch(`${socket.url}/readyz`)).rejects.toThrow();
    const [error] = (await once(connect(Number(port), '127.0.0.1'), 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });

  it('takes no longer than the grace period', async () => {
    const { underWay } = await withRequestUnderWay(100);
    const failed = expect(underWay).rejects.toThrow();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let isClosed = false;
    const closed = socket.close().then(() => (isClosed = true));
    await vi.advanceTimersByTimeAsync(99);
    // It waits for the request until then.
    expect((await fetch(`${socket.url}/readyz`)).status).toBe(503);
    expect(isClosed).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await closed;
    await failed;
  });

  it('does not wait for idle keep-alive connections', async () => {
    plumbing = await startPlumbing();
    socket = await listen(plumbing.app, { host: '127.0.0.1', port: 0 });
    const agent = new Agent({ keepAlive: true });
    const [response] = (await once(get(`${socket.url}/healthz`, { agent }), 'response')) as [IncomingMessage];
    response.resume();
    await once(response, 'end');
    // The grace period never passes.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await socket.close();
    agent.destroy();
  });

  it('can be requested twice', async () => {
    plumbing = await startPlumbing();
    socket = await listen(plumbing.app, { host: '127.0.0.1', port: 0 });
    await Promise.all([socket.close(), socket.close()]);
  });
});

it('idle connections are kept longer than proxies keep theirs', async () => {
  plumbing = await startPlumbing();
  socket = await listen(plumbing.app, { host: '127.0.0.1', port: 0 });
  const agent = new Agent({ keepAlive: true });
  const [response] = (await once(get(`${socket.url}/healthz`, { agent }), 'response')) as [IncomingMessage];
  response.resume();
  expect(response.headers['keep-alive']).toBe('timeout=75');
  agent.destroy();
});

it('an address in use is reported', async () => {
  plumbing = await startPlumbing();
  socket = await listen(plumbing.app, { host: '127.0.0.1', port: 0 });
  const port = Number(new URL(socket.url).port);
  await expect(listen(plumbing.app, { host: '127.0.0.1', port })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});

it('pipelined requests are answered one at a time, in their order', async () => {
  plumbing = await startPlumbing({ upstream: json(200, { organization_name: '美しい '.repeat(2_000) }) });
  socket = await listen(plumbing.app, { host: '127.0.0.1', port: 0 });
  const { host, port } = new URL(socket.url);
  const posted = (query: string, connection = 'keep-alive') => {
    const body = JSON.stringify({ query });
    return `POST /graphql HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\nconnection: ${connection}\r\ncontent-length: ${String(body.length)}\r\n\r\n${body}`;
  };
  const client = connect(Number(port), '127.0.0.1').setEncoding('utf8');
  client.write(posted('{ account }') + posted('{ hello }') + posted('{ account hello }', 'close'));
  let text = '';
  for await (const piece of client) text += String(piece);
  const answers = text.split(/HTTP\/1\.1 200 OK\r\n/).slice(1);
  expect(answers.map((answer) => JSON.parse(answer.split('\r\n\r\n')[1] ?? '') as unknown)).toMatchObject([
    { data: { account: '美しい '.repeat(2_000) } },
    { data: { hello: 'hello you' } },
    { data: { account: '美しい '.repeat(2_000), hello: 'hello you' } },
  ]);
  // The second read starts when the first was answered, so they do not share it.
  expect(plumbing.upstream.calls).toHaveLength(2);
});

describe('a request that the HTTP parser rejects', () => {
  const ask = async (text: string) => {
    plumbing = await startPlumbing();
    socket = await listen(plumbing.app, { host: '127.0.0.1', port: 0 });
    const client = connect(Number(new URL(socket.url).port), '127.0.0.1').setEncoding('utf8');
    client.write(text);
    let answer = '';
    for await (const piece of client) answer += String(piece);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    return { head, body };
  };

  it('gets an error that names its large headers', async () => {
    const { head, body } = await ask(
      `GET /graphql?query={hello} HTTP/1.1\r\nhost: a\r\ncookie: ${'a'.repeat(20_000)}\r\n\r\n`,
    );
    expect(head).toMatch(/^HTTP\/1\.1 431 /);
    expect(head).toMatch('connection: close');
    expect(JSON.parse(body)).toEqual({
      errors: [
        {
          message: expect.stringContaining('larger than 16384 bytes'),
          extensions: { code: 'HEADERS_TOO_LARGE', retryable: false },
        },
      ],
    });
  });

  const CHUNKED =
    'POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n';

  it.each([
    ['form', 'HELLO\r\n\r\n'],
    ['bytes of TLS', '\x16\x03\x01\x02\x00\x01\x00'],
    ['length', 'POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-length: abc\r\n\r\n'],
    ['chunk', `${CHUNKED}ZZ\r\n`],
    ['invalid chunk after valid ones', `${CHUNKED}1\r\n{\r\nZZ\r\n`],
    ['host', 'GET /graphql HTTP/1.1\r\nhost: a b\r\nconnection: close\r\n\r\n'],
    ['missing host', 'GET /graphql?query={hello} HTTP/1.1\r\n\r\n'],
    ['missing host in a probe', 'GET /healthz HTTP/1.1\r\n\r\n'],
    ['address', 'OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n'],
  ])('gets 400 and an error for its %s', async (_, text) => {
    const { head, body } = await ask(text);
    expect(head).toMatch(/^HTTP\/1\.1 400 /);
    expect(head).toMatch(/connection: close/i);
    expect(JSON.parse(body)).toEqual({
      errors: [{ message: expect.any(String), extensions: { code: 'BAD_REQUEST', retryable: false } }],
    });
    expect(plumbing.upstream.calls).toEqual([]);
  });
});
