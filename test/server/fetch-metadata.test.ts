import { afterEach, describe, expect, it } from 'vitest';
import { listen, type Listening } from '../../src/server/listen.js';
import { startPlumbing, type PlumbingOptions } from '../support/plumbing.js';
import { sendBytes, sendRaw, type RawRequest } from '../support/raw-http.js';

let running: Awaited<ReturnType<typeof startPlumbing>> | undefined;
let socket: Listening | undefined;
async function stop() {
  await socket?.close();
  await running?.close();
  running = socket = undefined;
}
afterEach(stop);

async function start(options?: PlumbingOptions) {
  running = await startPlumbing(options);
  socket = await listen(running.app, { host: '127.0.0.1', port: 0 });
  return { url: socket.url, upstream: running.upstream };
}

describe('a browser request for another site', () => {
  const JSON_BODY = { 'content-type': 'application/json' };
  const metadata = (site: string, mode: string, dest: string, more: object = {}) => ({
    'sec-fetch-site': site,
    'sec-fetch-mode': mode,
    'sec-fetch-dest': dest,
    ...more,
  });
  const FOREIGN = ['cross-site', 'same-site'].flatMap((site) => [
    metadata(site, 'navigate', 'document'),
    metadata(site, 'navigate', 'document', { 'sec-fetch-user': '?1' }),
    ...['iframe', 'frame', 'embed', 'object'].map((dest) => metadata(site, 'navigate', dest)),
    ...['image', 'script', 'style', 'audio', 'track', 'empty'].map((dest) => metadata(site, 'no-cors', dest)),
    metadata(site, 'no-cors', 'empty', { 'sec-purpose': 'prefetch' }),
    metadata(site, 'navigate', 'document', { 'sec-purpose': 'prefetch;prerender' }),
    metadata(site, 'websocket', 'websocket'),
    metadata(site, 'cors', 'empty', { accept: 'text/event-stream' }),
  ]);
  const HIDDEN = [
    metadata('none', 'navigate', 'iframe'),
    metadata('none', 'no-cors', 'image'),
    metadata('none', 'navigate', 'document', { 'sec-purpose': 'prefetch;prerender' }),
    metadata('none', 'navigate', 'document', { purpose: 'prefetch' }),
    metadata('unheard-of', 'navigate', 'document'),
    metadata('same-origin, cross-site', 'navigate', 'document'),
    // Nothing that sends a destination leaves out the site.
    { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
  ];
  const REQUESTS = (): RawRequest[] => [
    { method: 'GET', path: '/exports/a1.csv' },
    { method: 'HEAD', path: '/exports/a1.csv' },
    { method: 'GET', path: '/graphql?query={account}' },
    { method: 'GET', path: '/graphql?query={account}', headers: { accept: 'text/event-stream' } },
    { headers: JSON_BODY, body: '{"query":"{ account }"}' },
    { headers: { ...JSON_BODY, accept: 'text/event-stream' }, body: '{"query":"{ account }"}' },
    { headers: { 'content-type': 'text/plain' }, body: '{"query":"{ account }"}' },
    { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'query={account}' },
  ];

  it.each([true, false])('makes no REST call, with GraphiQL %s', async (graphiql) => {
    for (const sender of [...FOREIGN, ...HIDDEN]) {
      // Each has a server of its own: one that refuses an address too often answers with 429.
      await stop();
      const { url, upstream } = await start({ app: { graphiql } });
      for (const request of REQUESTS()) {
        const headers = { ...request.headers, ...sender };
        const { status } = await sendRaw(url, { ...request, headers });
        expect(status, JSON.stringify({ request, sender })).toBe(403);
      }
      expect(upstream.calls).toEqual([]);
    }
  });

  it('has an origin that a request without a host never matches', async () => {
    const { url, upstream } = await start();
    const body = '{"query":"mutation { first }"}';
    for (const origin of ['null', 'http://localhost', 'file://', 'nonsense', '', url]) {
      for (const accept of ['application/json', 'text/event-stream']) {
        const head = `Origin: ${origin}\r\nAccept: ${accept}\r\nContent-Type: application/json\r\nContent-Length: ${String(body.length)}`;
        const answer = await sendBytes(url, `POST /graphql HTTP/1.0\r\n${head}\r\n\r\n${body}`);
        expect(answer, origin).toMatch(/^HTTP\/1\.1 403 /);
      }
    }
    expect(upstream.calls).toEqual([]);
  });

  it('makes no call through fetch either', async () => {
    running = await startPlumbing();
    const { app, upstream } = running;
    for (const headers of FOREIGN) {
      const request = new Request('http://facade.test/graphql?query={account}', { headers });
      expect((await app.fetch(request)).status).toBe(403);
    }
    expect(upstream.calls).toEqual([]);
  });

  it('is told apart from same-origin requests, direct navigation, and clients that are not browsers', async () => {
    const { url, upstream } = await start({
      allowedOrigins: ['https://app.example'],
      app: { graphiql: false },
    });
    const senders: Record<string, string>[] = [
      {},
      { 'sec-fetch-mode': 'cors' },
      metadata('same-origin', 'cors', 'empty'),
      metadata('same-origin', 'navigate', 'iframe'),
      metadata('none', 'navigate', 'document'),
      metadata('none', 'navigate', 'document', { 'sec-fetch-user': '?1' }),
      metadata('cross-site', 'cors', 'empty', { origin: 'https://app.example' }),
    ];
    for (const headers of senders) {
      const { status } = await sendRaw(url, { method: 'GET', path: '/graphql?query={account}', headers });
      expect(status, JSON.stringify(headers)).toBe(200);
    }
    expect(upstream.calls).toHaveLength(senders.length);
  });

  it('may navigate to the pages, which cost no call, but not frame them', async () => {
    const { url, upstream } = await start();
    const open = (path: string, sender: object) =>
      sendRaw(url, { method: 'GET', path, headers: { accept: 'text/html', ...sender } });
    for (const path of ['/', '/graphql', '/graphql?query={account}']) {
      const { headers } = await open(path, metadata('cross-site', 'navigate', 'iframe'));
      expect(headers['x-frame-options']).toBe('DENY');
    }
    for (const path of ['/', '/graphql'])
      expect((await open(path, metadata('cross-site', 'navigate', 'document'))).status).toBe(200);
    expect(upstream.calls).toEqual([]);
  });
});
