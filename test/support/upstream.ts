import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type Api } from '../../src/constant-contact/api.js';
import {
  createConstantContact,
  type ClientOptions,
  type ConstantContact,
} from '../../src/constant-contact/client.js';
import type { Freshness } from '../../src/constant-contact/cache/freshness.js';
import { bearerCredentials, type Credentials } from '../../src/constant-contact/auth/credentials.js';
import { ConstantContactError } from '../../src/constant-contact/errors.js';

export interface SeenRequest {
  method: string;
  /** Path and query as received. */
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
  at: number;
}

export interface Upstream {
  url: string;
  /** Received requests, oldest first. */
  requests: SeenRequest[];
  close(): Promise<void>;
}

/** Answers one request; `number` counts from 1. */
export type Handler = (response: ServerResponse, request: SeenRequest, number: number) => void;

/** A real HTTP server on a free loopback port, with scripted responses. */
export async function startUpstream(handler: Handler): Promise<Upstream> {
  const requests: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const at = Date.now();
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => undefined);
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const seen = { method, url, headers, body: Buffer.concat(chunks).toString(), at };
      requests.push(seen);
      handler(response, seen, requests.length);
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  // A connection that is idle while the machine is busy must not be closed: a request on it would fail.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/v3`,
    requests,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => {
          resolve();
        });
      }),
  };
}

/** Response that fits nearly every operation that returns an object, because it has all ids. */
export const ANSWER = {
  contact_id: 'c1',
  list_id: 'l1',
  tag_id: 't1',
  activity_id: 'a1',
  campaign_id: 'e1',
  resend_request_id: '1',
  contacts: [],
  lists: [],
  tags: [],
};

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export interface Harness {
  upstream: Upstream;
  client: ConstantContact;
  api: Api;
  /** Another request with its own meter, and optionally its own credentials and signal. */
  session(options?: {
    credentials?: Credentials | null;
    partner?: Credentials | null;
    signal?: AbortSignal;
    freshness?: Freshness;
  }): Api;
  close(): Promise<void>;
}

/** A client of a scripted upstream. Default: without limits. */
export async function startHarness(handler: Handler, options: Partial<ClientOptions> = {}): Promise<Harness> {
  const upstream = await startUpstream(handler);
  const client = createConstantContact({
    baseUrl: upstream.url,
    requestsPerSecond: 0,
    requestsPerDay: 0,
    random: () => 0,
    ...options,
  });
  const session: Harness['session'] = ({ credentials, partner = null, signal, freshness } = {}) =>
    client.session({
      credentials: credentials === undefined ? bearerCredentials('token', 'secret-token') : credentials,
      partner,
      signal: signal ?? new AbortController().signal,
      freshness,
    });
  return {
    upstream,
    client,
    session,
    api: session(),
    close: async () => {
      await upstream.close();
      await client.close();
    },
  };
}

/** The error of a failed call; rejects when the call succeeds or throws any other error. */
export async function failureOf(call: Promise<unknown>): Promise<ConstantContactError> {
  const outcome = await call.then(
    () => new Error('The call succeeded.'),
    (error: unknown) => error,
  );
  if (outcome instanceof ConstantContactError) return outcome;
  throw outcome;
}

/** Resolves once the condition holds; checked on each turn of the event loop. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
