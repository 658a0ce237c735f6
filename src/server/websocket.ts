import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { GraphQLError, parse, type GraphQLSchema } from 'graphql';
import { CloseCode, handleProtocols, makeServer } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { isEndpoint, type AddressOf } from './address.js';
import { progressOf } from './connections.js';
import { KeysUnavailable } from './access/jwt.js';
import { INTERNAL_MESSAGE, type ErrorCode } from './errors.js';
import { checkJson } from './json.js';
import { loggable } from './loggable.js';
import type { Logger } from './logger.js';
import { MAX_BODY_BYTES } from './plugins/limits.js';
import { SANDBOX_HEADER } from './plugins/response-headers.js';
import { originRefusal, type OriginOptions } from './plugins/origins.js';
import type { Refusals } from './refusals.js';
import { MIN_CHUNK_BYTES } from './request-bodies.js';
import { untilTaken } from './unsent.js';
import {
  createExecute,
  headersOf,
  Refused,
  type Extra,
  type OperationOptions,
} from './websocket-operations.js';

/** Maximum number of connections. */
export const MAX_CONNECTIONS = 1_000;
/** Maximum number of operations in flight on one connection. */
export const MAX_OPERATIONS = 50;
/**
 * Maximum number of bytes that a connection sends before `connection_init` is accepted, as much as headers may have. Times
 * `MAX_CONNECTIONS`, it limits the memory of all strangers, who take none from callers.
 */
export const MAX_UNKNOWN_BYTES = 16_000;
/** Maximum number of unread bytes, over all connections. Beyond it the slowest connections are closed. */
const MAX_UNSENT_BYTES_OF_ALL = 64_000_000;
/** Header of a client's control frame: two bytes, and four for the mask. */
const FRAME_HEAD = 6;
/** Time for a client whose upgrade was refused to close its side. */
const LINGER_MS = 2_000;
/** A client that answers no ping for this long is disconnected. */
const PING_MS = 15_000;

export interface WebSocketOptions extends OperationOptions {
  schema: GraphQLSchema;
  addressOf: AddressOf;
  refusals: Pick<Refusals, 'count'>;
  origins: OriginOptions;
  logger: Logger;
  /** True for sample data. */
  sandbox: boolean;
  isDraining: () => boolean;
}

/** GraphQL over WebSockets, in the protocol `graphql-transport-ws`. */
export interface WebSockets {
  /** For the event `upgrade` of an HTTP server. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Closes each connection as soon as it has no operation in flight. Resolves when all are closed. */
  leave(): Promise<void>;
  /** Closes the remaining connections. */
  cut(): void;
}

/** Dummy document: the library needs one to choose an executor, and the pipeline executes the real operation. */
const ANY_DOCUMENT = parse('{ __typename }');

/**
 * Each operation becomes an HTTP request for server-sent events, and passes the whole pipeline: origin, access, limits, query
 * costs, masking, logs. No rule about operations is implemented here.
 */
export function createWebSockets(options: WebSocketOptions): WebSockets {
  const { access, bodies, logger, refusals, schema, isDraining } = options;
  const execute = createExecute(options);
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_BODY_BYTES,
    // One message of a connection per turn of the event loop.
    allowSynchronousEvents: false,
    handleProtocols,
  });
  if (options.sandbox) server.on('headers', (headers) => headers.push(`${SANDBOX_HEADER}: true`));

  const protocol = makeServer<Record<string, unknown>, Extra>({
    onConnect: async (connection) => {
      const { extra } = connection;
      const request = requestOf(headersOf(connection, access));
      if (!request) {
        refusals.count(extra.message);
        extra.close(
          CloseCode.BadRequest,
          'A value of connection_init has a character that no header may have.',
        );
        return false;
      }
      if (!access) return (extra.isAdmitted = true);
      try {
        extra.isAdmitted = (await access.identify(request)) !== null;
        if (!extra.isAdmitted && refusals.count(extra.message) !== null)
          extra.close(CloseCode.Forbidden, 'Too many rejected requests from this address.');
        return extra.isAdmitted;
      } catch (error) {
        if (!(error instanceof KeysUnavailable)) throw error;
        logger.error({ err: loggable(error) }, 'access check failed');
        extra.close(TRY_AGAIN_LATER, 'Access cannot be checked at the moment. Try again later.');
        return false;
      }
    },
    onSubscribe: (connection, _id, payload) => {
      if (Object.keys(connection.subscriptions).length > MAX_OPERATIONS) return [tooMany()];
      return { schema, document: ANY_DOCUMENT, contextValue: { connection, payload } };
    },
    execute,
    subscribe: execute,
    // As they left the pipeline, which has masked their errors.
    onNext: (_connection, _id, _payload, _args, result) => result,
    onError: (_connection, _id, _payload, errors) => {
      const [error] = errors;
      if (error instanceof GraphQLError && !error.originalError) return undefined;
      const refused = error instanceof GraphQLError ? error.originalError : undefined;
      if (refused instanceof Refused) return refused.errors;
      logger.error({ err: loggable(refused) }, 'WebSocket operation failed unexpectedly');
      return [{ message: INTERNAL_MESSAGE, extensions: { code: 'INTERNAL_SERVER_ERROR' } }];
    },
  });

  function open(socket: WebSocket, message: IncomingMessage): void {
    const { socket: stream } = message;
    const close = (code: number, reason: string) => {
      socket.close(code, reason);
      // A stranger could leave the closing handshake unanswered to keep the connection.
      if (!extra.isAdmitted) stream.destroySoon();
    };
    const extra: Extra = {
      message,
      operations: 0,
      isAdmitted: false,
      started: Promise.resolve(),
      onIdle: () => {
        // Delayed, because the last message of the last operation is not sent yet.
        if (isDraining()) setImmediate(close, GOING_AWAY, 'The server is shutting down.');
      },
      close,
    };
    const receiving = watchMessages(socket, stream, extra);
    let isThere = true;
    let unsent: string | null = null;
    const ping = setInterval(() => {
      // A client can answer pings before it has read earlier messages.
      const before = unsent;
      unsent = stream.writableLength > 0 ? progressOf(stream) : null;
      const isUnread = before !== null && before === unsent;
      if (!isThere || isUnread || receiving.isStuck()) socket.terminate();
      isThere = false;
      socket.ping();
    }, PING_MS);
    ping.unref();
    socket.on('pong', () => {
      isThere = true;
    });
    // For example a message that is too large. The library closes the connection and discards what follows.
    socket.on('error', () => {
      receiving.end();
      if (!extra.isAdmitted) stream.destroySoon();
    });
    idle.set(socket, () => {
      if (extra.operations === 0) extra.onIdle();
    });
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (data) =>
          new Promise((resolve) => {
            // A client that has disconnected gets no more messages; `close` ends operations in flight.
            socket.send(data, () => resolve());
            if (stream.writableLength > 0) shedUnsent();
          }),
        close,
        onMessage: (listener) => {
          socket.on('message', (data: Buffer) => {
            const text = data.toString('utf8');
            try {
              checkJson(text);
            } catch (error) {
              close(CloseCode.BadRequest, (error as Error).message);
              return;
            }
            listener(text).catch((error: unknown) => {
              logger.error({ err: loggable(error) }, 'WebSocket message not handled');
              close(CloseCode.InternalServerError, INTERNAL_MESSAGE);
            });
          });
        },
      },
      extra,
    );
    socket.once('close', (code, reason) => {
      clearInterval(ping);
      receiving.end();
      idle.delete(socket);
      void closed(code, reason.toString('utf8'));
    });
  }

  /** Closes the connections with the most unread bytes, while the total is above the limit. */
  function shedUnsent(): void {
    let unsent = 0;
    for (const { bufferedAmount } of server.clients) unsent += bufferedAmount;
    if (unsent <= MAX_UNSENT_BYTES_OF_ALL) return;
    for (const client of [...server.clients].sort((a, b) => b.bufferedAmount - a.bufferedAmount)) {
      if (unsent <= MAX_UNSENT_BYTES_OF_ALL) return;
      unsent -= client.bufferedAmount;
      client.terminate();
    }
  }

  /** Limits the memory of a connection: before it is admitted, of incomplete messages, and of unread ones. */
  function watchMessages(socket: WebSocket, stream: Socket, extra: Extra) {
    const body = bodies.open();
    let unknownBytes = 0;
    let isIncomplete = false;
    let wasIncomplete = false;
    const end = () => {
      stream.off('data', onData);
      bodies.stop(body);
      body.release();
    };
    const giveWay = () => {
      end();
      socket.close(TRY_AGAIN_LATER, 'Too many messages are in flight.');
      socket.terminate();
    };
    const onData = (chunk: Buffer) => {
      isIncomplete = true;
      if (extra.isAdmitted) {
        if (body.bytes === 0) bodies.start(body, giveWay);
        bodies.progress(body, chunk.length);
        try {
          body.take(chunk.length);
        } catch {
          giveWay();
          return;
        }
      } else {
        unknownBytes += Math.max(chunk.length, MIN_CHUNK_BYTES);
        if (unknownBytes > MAX_UNKNOWN_BYTES) {
          socket.terminate();
          return;
        }
      }
      const taken = untilTaken(stream);
      if (!taken || socket.isPaused) return;
      socket.pause();
      void taken.then(() => socket.resume());
    };
    // Must run before the library, which reports a message as soon as its last byte has arrived.
    stream.prependListener('data', onData);
    const onMessage = () => {
      isIncomplete = wasIncomplete = false;
      bodies.stop(body);
      body.release();
    };
    const onControl = (data: Buffer) => {
      body.give(data.length + FRAME_HEAD);
      isIncomplete = body.bytes > 0;
    };
    socket.on('message', onMessage).on('ping', onControl).on('pong', onControl);
    return {
      /** Returns true if the same message was incomplete at the last check. */
      isStuck: () => {
        const isStuck = isIncomplete && wasIncomplete;
        wasIncomplete = isIncomplete;
        return isStuck;
      },
      end,
    };
  }

  const idle = new Map<WebSocket, () => void>();

  return {
    upgrade(request, socket, head) {
      // Without a listener, an error of the socket would crash the process.
      socket.on('error', () => undefined);
      if (responseOf(socket)) {
        // Notices a client that leaves before its responses.
        socket.once('end', () => socket.destroy()).resume();
        refuseAfterResponses(socket);
        return;
      }
      const status = refusalOf(request);
      if (status === null) server.handleUpgrade(request, socket, head, (ws) => open(ws, request));
      else refuse(socket, status);
    },
    leave: async () => {
      const left = [...server.clients].map(
        (socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())),
      );
      for (const close of [...idle.values()]) close();
      await Promise.all(left);
    },
    cut: () => {
      for (const socket of server.clients) socket.terminate();
    },
  };

  /** Status line of a refusal, or null. A browser lets any page connect to any server, so the origin must be checked. */
  function refusalOf(request: IncomingMessage): string | null {
    const { headers } = request;
    const address = options.addressOf(request);
    if (!address) return '400 Bad Request';
    if (!isEndpoint(address.pathname, options.path)) return '404 Not Found';
    const header = (name: string) => (headers[name] as string | undefined) ?? null;
    const names = { host: header('host'), hostnames: [address.hostname] };
    if (originRefusal(options.origins, names, header) !== null)
      return refusals.count(request) === null ? '403 Forbidden' : '429 Too Many Requests';
    if (isDraining() || server.clients.size >= MAX_CONNECTIONS) return '503 Service Unavailable';
    return null;
  }
}

/** The response that a connection still waits for. */
function responseOf(socket: Duplex): ServerResponse | null | undefined {
  return (socket as Duplex & { _httpMessage?: ServerResponse | null })._httpMessage;
}

/** The client would take a refusal that is sent earlier for the response to a request in flight. */
function refuseAfterResponses(socket: Duplex): void {
  const response = responseOf(socket);
  if (response) response.once('close', () => refuseAfterResponses(socket));
  else refuse(socket, '400 Bad Request');
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  // A client that keeps its side open would keep the socket, which Node's HTTP server no longer manages.
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

/** A request with these headers, or null if one is invalid. */
function requestOf(headers: Record<string, string>): Request | null {
  try {
    return new Request('http://localhost/', { headers });
  } catch {
    return null;
  }
}

const GOING_AWAY = 1001;
const TRY_AGAIN_LATER = 1013;

function tooMany(): GraphQLError {
  return new GraphQLError(
    `At most ${String(MAX_OPERATIONS)} operations can be in flight on a connection. Wait for one to end.`,
    { extensions: { code: 'TOO_MANY_OPERATIONS' satisfies ErrorCode, retryable: true } },
  );
}
