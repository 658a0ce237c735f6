import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2Session, ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { Attached } from '../constant-contact/attached.js';
import { hasBody, holdBody } from './held-body.js';
import type { Turns } from './turns.js';

/** Maximum number of waiting requests of a connection. A connection that sends more is closed. */
export const MAX_WAITING_REQUESTS = 32;

/** Maximum number of requests of an HTTP/2 session that are answered at the same time. Further ones are reset. */
export const MAX_STREAMS = 100;

/** Maximum size of unread responses, over all connections. Beyond it the slowest connections are closed. */
export const MAX_UNSENT_BYTES = 128_000_000;

/** Time after which a connection that does not read its response is closed. */
export const DEFAULT_UNREAD_MS = 30_000;

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** The socket of a connection of HTTP/1.1, or a stream of HTTP/2. */
type Channel = Socket | ServerHttp2Stream;

interface Connection {
  readonly socket: Channel;
  /** The request that is being answered. */
  current: ServerResponse | null;
  /** Later requests, in the order in which they came. */
  readonly waiting: Exchange[];
  /** Rest of the response at the last check; null when there was none. */
  unsent: string | null;
}

/** The requests of all connections. */
export interface Connections {
  readonly listener: Listener;
  /** Resolves when no request is in flight. */
  settled(): Promise<void>;
  close(): void;
}

export interface ConnectionsOptions {
  answer: Listener;
  /** Returns true if a request is cheap and must be answered however busy the server is. */
  isUrgent: (request: IncomingMessage) => boolean;
  /** Returns true if the headers alone show that a request is refused. */
  isRefused: (request: IncomingMessage) => boolean;
  turns: Turns;
  /** Time in milliseconds after which the connection of a client that does not read is closed. */
  unreadMs: number;
}

/**
 * Answers the requests of a connection one after the other: the next one starts when the response before it was handed to the
 * kernel, in a later turn of the event loop. While requests wait, nothing more is read from the connection.
 */
export function createConnections(options: ConnectionsOptions): Connections {
  const { answer, isUrgent, isRefused, turns, unreadMs } = options;
  const known = new Attached<Socket, Connection>();
  const limited = new Attached<Http2Session, boolean>();
  const active = new Set<Connection>();
  let onSettled: (() => void)[] = [];

  const admit = (connection: Connection, exchange: Exchange) => {
    connection.current = exchange.response;
    active.add(connection);
    const begin = () => start(connection, exchange);
    if (isUrgent(exchange.request)) begin();
    else turns.start(begin);
  };

  const start = (connection: Connection, { request, response }: Exchange) => {
    if (connection.socket.destroyed) {
      release(connection);
      return;
    }
    const onEnd = () => {
      // Only the first of the two events counts: the next request starts later.
      response.off('finish', onEnd).off('close', onEnd);
      next(connection);
    };
    // The response was sent, or its client has disconnected.
    response.on('finish', onEnd);
    response.on('close', onEnd);
    const { socket } = connection;
    // Responses of HTTP/2 do not have this event; their streams do.
    const sender = isStream(socket) ? socket : response;
    sender.on('prefinish', () => {
      if (socket.writableLength > 0) shedUnsent();
    });
    answer(request, response);
  };

  const next = (connection: Connection) => {
    const { socket, waiting } = connection;
    // After an answer that closes the connection no other can be sent.
    const following = socket.writable ? waiting.shift() : undefined;
    if (following) {
      setImmediate(admit, connection, following);
      if (waiting.length === 0) socket.resume();
    } else release(connection);
  };

  const release = (connection: Connection) => {
    connection.current = null;
    connection.unsent = null;
    connection.waiting.length = 0;
    active.delete(connection);
    if (active.size > 0) return;
    for (const resolve of onSettled) resolve();
    onSettled = [];
  };

  /** Connections that were active first have had the most time to read. */
  const shedUnsent = () => {
    let unsent = 0;
    for (const { socket } of active) unsent += socket.writableLength;
    for (const { socket } of active) {
      if (unsent <= MAX_UNSENT_BYTES) return;
      unsent -= socket.writableLength;
      if (socket.writableLength > 0) socket.destroy();
    }
  };

  /** Closes connections without progress since the last check. */
  const closeUnread = () => {
    for (const connection of active) {
      const { socket, unsent } = connection;
      connection.unsent = socket.writableLength > 0 ? progressOf(socket) : null;
      if (unsent !== null && unsent === connection.unsent) socket.destroy();
    }
  };
  /** Answers the streams of a session at the same time, in turns with other requests. */
  const admitStream = (stream: ServerHttp2Stream, exchange: Exchange) => {
    const { session } = stream;
    if (!session || stream.destroyed) return;
    if (!limited.get(session)) {
      limited.set(session, true);
      turns.favorNew();
      // Node refuses further streams from here on. The program that opened the server may have set less.
      if ((session.localSettings.maxConcurrentStreams ?? Infinity) > MAX_STREAMS)
        session.settings({ maxConcurrentStreams: MAX_STREAMS });
    }
    admit({ socket: stream, current: null, waiting: [], unsent: null }, exchange);
  };

  const timer = setInterval(closeUnread, unreadMs).unref();

  return {
    listener: (request, response) => {
      const socket = request.socket as Socket | undefined;
      const { stream } = request as unknown as Partial<Http2ServerRequest>;
      if (socket && stream && request.httpVersionMajor > 1) {
        admitStream(stream, { request, response });
        return;
      }
      // Requests of test frameworks have no connection.
      if (!socket) {
        answer(request, response);
        return;
      }
      // The parser continues to the end of the data it has read.
      if (socket.destroyed) return;
      let connection = known.get(socket);
      if (!connection) {
        known.set(socket, (connection = { socket, current: null, waiting: [], unsent: null }));
        turns.favorNew();
      }
      if (!connection.current) admit(connection, { request, response });
      else if (connection.waiting.length < MAX_WAITING_REQUESTS) {
        connection.waiting.push({ request, response });
        socket.pause();
      } else {
        socket.destroy();
        stopParser(socket);
      }
      // Listening to the body lets it through; other requests wait for their turn, or for the access check.
      if (request.readableFlowing === null && hasBody(request)) holdBody(request, isRefused(request));
    },
    settled: () =>
      active.size === 0 ? Promise.resolve() : new Promise((resolve) => void onSettled.push(resolve)),
    close: () => clearInterval(timer),
  };
}

/** Ends the parsing of data that was read from a closed connection: it may hold thousands of requests. */
function stopParser(socket: Socket): void {
  const { parser } = socket as Socket & { parser?: { onIncoming: () => number } | null };
  // As for an upgrade: the rest of the data is not HTTP.
  if (parser) parser.onIncoming = () => 2;
}

function isStream(channel: Channel): channel is ServerHttp2Stream {
  return 'session' in channel;
}

/**
 * Changes whenever the kernel accepts data; progress within one large chunk shows only in the handle, and that of a stream only
 * in the connection of all streams.
 */
export function progressOf(channel: Channel): string {
  if (isStream(channel)) {
    const { session, writableLength } = channel;
    return `${String(session?.destroyed === false && session.socket.bytesWritten)} ${String(writableLength)}`;
  }
  const socket = channel;
  const { _handle: handle } = socket as Socket & { _handle?: { writeQueueSize?: number } | null };
  return `${String(socket.bytesWritten)} ${String(socket.writableLength)} ${String(handle?.writeQueueSize)}`;
}
