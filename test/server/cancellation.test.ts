import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import {
  connect,
  constants,
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { listen, type Listening } from '../../src/server/listen.js';
import { startPlumbing } from '../support/plumbing.js';

const isSame = ([one, other]: number[]) => one === other;

let plumbing: Awaited<ReturnType<typeof startPlumbing>>;
let socket: Listening;
afterEach(async () => {
  await socket.close();
  await plumbing.close();
});

it('a client that disconnects stops the REST call in flight and prevents further ones', async () => {
  let upstreamClosed: Promise<unknown> | undefined;
  let onCall = () => {};
  const called = new Promise<void>((resolve) => (onCall = resolve));
  plumbing = await startPlumbing({
    upstream: (_request, response) => {
      upstreamClosed = once(response, 'close');
      onCall();
    },
  });
  socket = await listen(plumbing.app, { host: '127.0.0.1', port: 0 });

  const client = request(`${socket.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  });
  client.on('error', () => {});
  client.end(JSON.stringify({ query: 'mutation { first second }' }));
  await called;
  client.destroy();

  await upstreamClosed;
  await plumbing.app.settled();
  expect(plumbing.upstream.calls).toHaveLength(1);
});

describe('over HTTP/2', () => {
  const query = '{ account }';
  const post = { ':method': 'POST', ':path': '/graphql', 'content-type': 'application/json' };

  it.each([
    ['a plain request', post, query],
    ['a GET', { ':path': `/graphql?query=${encodeURIComponent(query)}`, accept: 'application/json' }, null],
  ])('a client that leaves stops the REST call in flight: %s', async (_, headers, document) => {
    const ended: string[] = [];
    let onCall = () => {};
    plumbing = await startPlumbing({
      upstream: (_request, response) => {
        response.on('close', () => ended.push(response.writableEnded ? 'answered' : 'aborted'));
        onCall();
      },
    });
    socket = await listen(plumbing.app, { host: '127.0.0.1', port: 0 });
    const server = createHttp2Server(
      plumbing.app.listener as unknown as (
        request: Http2ServerRequest,
        response: Http2ServerResponse,
      ) => void,
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    for (const leave of ['reset', 'destroy']) {
      const session = connect(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
      const called = new Promise<void>((resolve) => (onCall = resolve));
      const stream = session.request(headers).on('error', () => {});
      stream.end(document && JSON.stringify({ query: document }));
      await called;
      ended.length = 0;
      if (leave === 'reset') stream.close(constants.NGHTTP2_CANCEL);
      else session.destroy();
      await expect.poll(() => ended).toEqual(['aborted']);
      session.destroy();
    }
    server.close();
  });
});

it('a broken download is not ended like a complete one', async () => {
  let breakOff = () => {};
  plumbing = await startPlumbing({
    upstream: (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/csv', 'content-length': 1_000 }).write('"email"\n');
      breakOff = () => response.destroy();
    },
  });
  socket = await listen(plumbing.app, { host: '127.0.0.1', port: 0 });
  const response = await fetch(`${socket.url}/exports/8e9e2f4e-1111-4444-8888-123456789abc.csv`);
  expect(response.status).toBe(200);
  breakOff();
  await expect(response.text()).rejects.toThrow();
});

it('an export that is no longer read is cancelled, and never held in memory', async () => {
  let sent = 0;
  let closed: Promise<unknown> | undefined;
  plumbing = await startPlumbing({
    upstream: (_request, response) => {
      closed = once(response, 'close');
      response.writeHead(200, { 'content-type': 'text/csv' });
      const line = Buffer.alloc(64 * 1024, 'x');
      const more = () => {
        // A reader who reads nothing stops the writer, through every buffer between the two.
        while (sent < 1_000 && response.write(line)) sent++;
        if (sent < 1_000) response.once('drain', more);
        else response.end();
      };
      more();
    },
  });
  socket = await listen(plumbing.app, { host: '127.0.0.1', port: 0 });
  const client = request(`${socket.url}/exports/8e9e2f4e-1111-4444-8888-123456789abc.csv`);
  client.on('error', () => {});
  client.end();
  const [response] = (await once(client, 'response')) as [IncomingMessage];
  response.pause();
  // Until every buffer is full: what is sent then stays the same.
  let before = -1;
  await expect.poll(() => [before, (before = sent)], { interval: 100 }).toSatisfy(isSame);
  expect(sent).toBeLessThan(500);
  client.destroy();
  await closed;
});
