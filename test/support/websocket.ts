import { once } from 'node:events';
import { createClient, type Client, type ClientOptions } from 'graphql-ws';
import { WebSocket } from 'ws';

export interface SocketOptions {
  /** Payload of `connection_init`. */
  params?: Record<string, unknown>;
  /** Headers of the upgrade request, which pages in a browser cannot set. */
  headers?: Record<string, string>;
}

export interface SocketClient {
  /** Results of an operation until it completes; throws the server's error. */
  results(query: string, variables?: Record<string, unknown>): AsyncIterableIterator<any>;
  /** All results of an operation. */
  all(query: string, variables?: Record<string, unknown>): Promise<any[]>;
  /** Close code and reason. */
  readonly closed: Promise<{ code: number; reason: string }>;
  dispose(): Promise<void>;
}

/** A real client of the protocol that does not reconnect. */
export function connectSocket(url: string, { params, headers }: SocketOptions = {}): SocketClient {
  let onClosed: (event: { code: number; reason: string }) => void;
  const closed = new Promise<{ code: number; reason: string }>((resolve) => (onClosed = resolve));
  class Socket extends WebSocket {
    constructor(address: string, protocols: string) {
      super(address, protocols, { headers });
    }
  }
  const options: ClientOptions = {
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: Socket,
    retryAttempts: 0,
    ...(params && { connectionParams: params }),
    on: { closed: (event) => onClosed(event as { code: number; reason: string }) },
  };
  const client: Client = createClient(options);
  const results: SocketClient['results'] = (query, variables) =>
    client.iterate({ query, ...(variables && { variables }) });
  return {
    results,
    all: async (query, variables) => {
      const seen: any[] = [];
      for await (const result of results(query, variables)) seen.push(result);
      return seen;
    },
    closed,
    dispose: async () => {
      await client.dispose();
    },
  };
}

/** Status of the upgrade request; 101 when the connection is opened. */
export async function openingStatus(
  url: string,
  { path = '/graphql', ...headers }: Record<string, string> & { path?: string } = {},
): Promise<number> {
  const socket = new WebSocket(url.replace(/^http/, 'ws') + path, 'graphql-transport-ws', { headers });
  try {
    return await Promise.race([
      once(socket, 'open').then(() => 101),
      once(socket, 'unexpected-response').then(([, { statusCode }]) => statusCode as number),
    ]);
  } finally {
    socket.on('error', () => undefined);
    socket.terminate();
  }
}

/** A connection without a protocol library, for messages that no client sends. */
export async function openRaw(url: string): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  return socket;
}
