import {
  createServer,
  maxHeaderSize,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { App } from './app.js';
import type { Listening, ListenOptions } from './embedding.js';
import { refusal } from './error-response.js';
import type { PublicError } from './errors.js';

export type { Listening, ListenOptions } from './embedding.js';

/** Default time for requests in flight to finish after a shutdown has started. */
export const GRACE_MS = 10_000;

/** Time limit for the headers of a request. */
const HEADERS_MS = 15_000;

/**
 * Time for which an idle connection is kept. Proxies keep theirs for 60 seconds by default (nginx, AWS load balancers), and
 * answer 502 when the server closes one at the moment of the next request.
 */
const KEEP_ALIVE_MS = 75_000;

/**
 * Serves the app on a socket.
 * @throws the error of the operating system when the address is in use or not allowed
 */
export async function listen(
  app: App,
  { host, port, graceMs = GRACE_MS }: ListenOptions,
): Promise<Listening> {
  const server = createServer(
    {
      headersTimeout: HEADERS_MS,
      connectionsCheckingInterval: HEADERS_MS / 3,
      keepAliveTimeout: KEEP_ALIVE_MS,
      // The app refuses requests without it: Node's own response has no body.
      requireHostHeader: false,
    },
    app.listener,
  );
  server.on('checkContinue', app.continueListener);
  // Node would answer these itself, regardless of how many wait on a connection.
  server.on('checkExpectation', app.listener);
  server.on('clientError', refuseUnreadable);
  server.on('upgrade', (request, socket, head) => {
    if (/^websocket$/i.test(request.headers.upgrade ?? '')) app.sockets.upgrade(request, socket, head);
    else answerWithoutUpgrade(server, request, socket, head);
  });
  server.listen(port, host);
  await once(server, 'listening');

  /** The socket stays open in the meantime, so that a probe of `/readyz` gets a response. */
  const shutDown = async () => {
    app.drain();
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise<void>((resolve) => (timer = setTimeout(resolve, graceMs)));
    await Promise.race([Promise.all([app.settled(), app.sockets.leave()]), grace]);
    clearTimeout(timer);
    app.sockets.cut();
    const closed = once(server, 'close');
    server.close();
    // Closes connections with unfinished requests, and idle ones that are kept alive.
    server.closeAllConnections();
    await closed;
  };

  let closing: Promise<void> | undefined;
  const address = server.address() as AddressInfo;
  return {
    url: `http://${urlHost(host, address)}:${address.port}`,
    close: () => (closing ??= shutDown()),
  };
}

interface Refusal {
  status: string;
  error: PublicError;
}

const NOT_HTTP: Refusal = {
  status: '400 Bad Request',
  error: refusal('BAD_REQUEST', 'The HTTP/1.1 request is malformed.'),
};

/** By the code of the parser's error. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    error: refusal(
      'HEADERS_TOO_LARGE',
      `The headers of the request are larger than ${String(maxHeaderSize)} bytes. Send the query with POST, and fewer cookies.`,
    ),
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    error: refusal('REQUEST_TIMEOUT', 'The request did not arrive in time.', true),
  },
};

/** Answers a request that the parser refused, if the connection still accepts a response. */
function refuseUnreadable({ code = '' }: NodeJS.ErrnoException, socket: Duplex): void {
  const { _httpMessage: response } = socket as Duplex & { _httpMessage?: ServerResponse | null };
  // The parser may have failed in the body of the request that is being answered. In any other case, the client would
  // take this response for that of an earlier request or, after the start of a response, for the rest of it.
  const isAnswering = response && (response.headersSent || response.req.complete);
  if (!socket.writable || isAnswering) {
    socket.destroy();
    return;
  }
  const { status, error } = REFUSALS[code] ?? NOT_HTTP;
  const body = JSON.stringify({ errors: [error] });
  socket.end(
    `HTTP/1.1 ${status}\r\n` +
      'connection: close\r\ncontent-type: application/json; charset=utf-8\r\ncache-control: no-store\r\n' +
      `content-length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`,
    // Ends the request object for the part that could be parsed.
    () => socket.destroy(),
  );
}

/** Headers of the connection that ask for another protocol. */
const OF_UPGRADE = ['connection', 'upgrade', 'http2-settings'];

/**
 * Answers an HTTP/1.1 request that offers an upgrade, for example to HTTP/2, which Java's client offers with each first
 * request. Node hands over the socket with all unread data, so the request is put back without the offer.
 */
function answerWithoutUpgrade(
  server: Server,
  { method = '', url = '', rawHeaders }: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  // Node would never send the response: it waits for one to the data that it read before.
  if ((socket as Duplex & { _httpMessage?: unknown })._httpMessage) {
    socket.destroy();
    return;
  }
  let text = `${method} ${url} HTTP/1.1\r\n`;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    if (!OF_UPGRADE.includes(name.toLowerCase())) text += `${name}: ${value}\r\n`;
  }
  socket.unshift(Buffer.concat([Buffer.from(`${text}\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}

/** A host name that works in a browser on this machine; "any address" does not. */
function urlHost(host: string, address: AddressInfo): string {
  if (address.address === '0.0.0.0' || address.address === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
