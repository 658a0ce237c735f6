import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { afterEach, expect, it } from 'vitest';
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
