import { EventEmitter, once } from 'node:events';
import { connect, createServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { connect as connectSocket, type AddressInfo } from 'node:net';
import { getIntrospectionQuery } from 'graphql';
import { createSchema } from 'graphql-yoga';
import { afterEach, describe, expect, it } from 'vitest';
import { buildSchema } from '../../src/schema/index.js';
import { MAX_STREAMS } from '../../src/server/connections.js';
import { startPlumbing, type PlumbingOptions } from '../support/plumbing.js';

const started = new EventEmitter();
const WAITING = createSchema({
  typeDefs: 'type Query { never: String }',
  resolvers: {
    Query: {
      never: () => {
        started.emit('never');
        return new Promise<never>(() => undefined);
      },
    },
  },
});
const NEVER = '/graphql?query=%7Bnever%7D';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A server of an embedding program that passes its requests to the facade. */
async function start(app: PlumbingOptions['app']) {
  const plumbing = await startPlumbing({ app });
  type Listener = (request: Http2ServerRequest, response: Http2ServerResponse) => void;
  const server = createServer(plumbing.app.listener as unknown as Listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  closing.push(
    () => plumbing.close(),
    () => server.close(),
  );
  return { ...plumbing, port, url: `http://127.0.0.1:${String(port)}` };
}

function open(...args: Parameters<typeof connect>) {
  const session = connect(...args);
  closing.push(() => session.destroy());
  return session;
}

const HEADERS = 1;
const RST_STREAM = 3;
const SETTINGS = 4;
const REFUSED_STREAM = 7;

function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Frames in the received data. */
function* framesIn(data: Buffer) {
  for (let at = 0; at + 9 <= data.length;) {
    const end = at + 9 + data.readUIntBE(at, 3);
    if (end > data.length) return;
    yield {
      type: data.readUInt8(at + 3),
      stream: data.readUInt32BE(at + 5),
      payload: data.subarray(at + 9, end),
    };
    at = end;
  }
}

/** A GET request in HPACK: indexed fields, and literals without indexing. */
function getOf(path: string): Buffer {
  const literal = (index: number, text: string) =>
    Buffer.concat([Buffer.from([index, text.length]), Buffer.from(text)]);
  return Buffer.concat([Buffer.from([0x82, 0x86]), literal(4, path), literal(1, 'localhost')]);
}

describe('a session of HTTP/2', () => {
  it('is told the limit of streams, and one that ignores it has the rest refused', async () => {
    const { port, url } = await start({ schema: WAITING });
    const socket = connectSocket(port, '127.0.0.1');
    closing.push(() => socket.destroy());
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    const requests = Array.from({ length: 3 * MAX_STREAMS }, (_, at) =>
      frame(HEADERS, 0x5, 2 * at + 1, getOf(NEVER)),
    );
    socket.write(
      Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame(SETTINGS, 0, 0), ...requests]),
    );
    const refused = () => [...framesIn(Buffer.concat(chunks))].filter(({ type }) => type === RST_STREAM);
    await expect.poll(() => refused().length).toBe(2 * MAX_STREAMS);
    for (const { payload } of refused()) expect(payload.readUInt32BE(0)).toBe(REFUSED_STREAM);
    const session = open(url);
    const probe = session.request({ ':path': '/livez' });
    const [{ ':status': status }] = (await once(probe, 'response')) as [Record<string, unknown>];
    expect(status).toBe(200);
    if (session.remoteSettings.maxConcurrentStreams !== MAX_STREAMS) await once(session, 'remoteSettings');
    expect(session.remoteSettings.maxConcurrentStreams).toBe(MAX_STREAMS);
  });

  it('that does not read a response has its stream reset', async () => {
    const { url } = await start({ schema: buildSchema(), unreadMs: 200 });
    const session = open(url, { settings: { initialWindowSize: 0 } });
    const stream = session.request({
      ':method': 'POST',
      ':path': '/graphql',
      'content-type': 'application/json',
    });
    stream.on('error', () => undefined);
    stream.end(JSON.stringify({ query: getIntrospectionQuery() }));
    await once(stream, 'close');
    const [{ ':status': status }] = (await once(session.request({ ':path': '/livez' }), 'response')) as [
      Record<string, unknown>,
    ];
    expect(status).toBe(200);
  });

  it('is settled when none of its requests is in flight', async () => {
    const { url, app } = await start({ schema: WAITING });
    const stream = open(url).request({ ':path': NEVER });
    await once(started, 'never');
    let isSettled = false;
    const settled = app.settled().then(() => (isSettled = true));
    await once(open(url).request({ ':path': '/livez' }).resume(), 'close');
    expect(isSettled).toBe(false);
    stream.close();
    await settled;
  });
});
