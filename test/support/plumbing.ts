import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createSchema } from 'graphql-yoga';
import {
  createConstantContact,
  type ClientOptions,
  type ConstantContact,
} from '../../src/constant-contact/client.js';
import type { FormFile } from '../../src/constant-contact/http/form.js';
import { bearerCredentials } from '../../src/constant-contact/auth/credentials.js';
import { InputError, InputErrors } from '../../src/resolvers/support/input-error.js';
import type { Context } from '../../src/context.js';
import { createApp, type App } from '../../src/server/app.js';
import type { AppOptions } from '../../src/server/settings.js';
import type { Example } from '../../src/server/examples.js';
import { silentLogger, type Logger } from '../../src/server/logger.js';
import { credentialSource } from '../../src/server/plugins/credentials.js';
import { overSocket } from './socket.js';

const TYPES = /* GraphQL */ `
  enum Color {
    RED
  }
  scalar Picky
  scalar File
  type Query {
    hello(name: String, color: Color, picky: Picky, required: String! = "x"): String
    many(colors: [Color]): String
    "One REST call."
    account: String
    bug: String
    sure: String!
    mismatch: Int
    badInput: String
    badInputs: String
  }
  type Mutation {
    first: String
    second: String
    size(file: File!): Int
    texts(files: [File!]!): [String!]
  }
`;

async function account(_: unknown, __: unknown, { api }: Context): Promise<string | undefined> {
  const body = await api.call('getAccountById', {}, { retry: 'never' });
  return body.organization_name;
}

const resolvers = {
  Picky: {
    parseValue: () => {
      throw new Error('too picky');
    },
  },
  Query: {
    hello: (_: unknown, { name = 'you' }: { name?: string }) => `hello ${name}`,
    account,
    bug: () => {
      throw new Error('secret detail');
    },
    sure: () => null,
    mismatch: () => 'not a number',
    badInput: () => {
      throw new InputError('TOO_MANY', 'At most 50 lists.', ['input', 'listIds']);
    },
    badInputs: () => {
      throw new InputErrors([
        new InputError('REQUIRED', 'A name is needed.', ['input', 'name']),
        new InputError('TOO_LONG', 'At most 25 letters.', ['input', 'label']),
      ]);
    },
  },
  Mutation: {
    first: account,
    second: account,
    size: (_: unknown, { file }: { file: FormFile }) => file.size,
    texts: (_: unknown, { files }: { files: FormFile[] }) =>
      Promise.all(files.map(async (file) => `${file.name}: ${await text(file.stream())}`)),
  },
};

export interface Upstream {
  /** Requested paths, in order. */
  calls: string[];
  url: string;
  close(): Promise<void>;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A REST API whose responses the test decides. */
export async function startUpstream(handler: Handler): Promise<Upstream> {
  const calls: string[] = [];
  const server = createServer((request, response) => {
    calls.push(request.url ?? '');
    handler(request, response);
  });
  // A connection that is idle while the machine is busy must not be closed: a request on it would fail.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    calls,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v3`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function json(status: number, body: unknown): Handler {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
}

export interface PlumbingOptions {
  upstream?: Handler;
  /** Token of the server; null for pass-through mode. */
  token?: string | null;
  logger?: Logger;
  allowedOrigins?: string[];
  examples?: Example[];
  attemptTimeoutMs?: number;
  /** Further options of the app. */
  app?: Partial<AppOptions>;
  onAttempt?: ClientOptions['onAttempt'];
}

/** The real server with a small schema whose fields fail in every possible way. */
export async function startPlumbing(options: PlumbingOptions = {}): Promise<{
  app: App;
  upstream: Upstream;
  client: ConstantContact;
  post(
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: any; headers: Headers }>;
  close(): Promise<void>;
}> {
  const upstream = await startUpstream(options.upstream ?? json(200, { organization_name: 'Acme' }));
  const client = createConstantContact({
    baseUrl: upstream.url,
    requestsPerSecond: 0,
    random: () => 0,
    attemptTimeoutMs: options.attemptTimeoutMs,
    onAttempt: options.onAttempt,
  });
  const token = options.token === undefined ? 'server-token' : options.token;
  const app = overSocket(
    createApp({
      schema: createSchema({ typeDefs: TYPES, resolvers }),
      client,
      credentials: credentialSource(token === null ? null : bearerCredentials('token', token)),
      apiHost: new URL(upstream.url).host,
      logger: options.logger ?? silentLogger(),
      allowedOrigins: options.allowedOrigins ?? [],
      examples: options.examples ?? [],
      ...options.app,
    }),
  );
  return {
    app,
    upstream,
    client,
    post: async (body, headers) => {
      const response = await app.fetch('http://facade.test/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      return { status: response.status, body: await response.json(), headers: response.headers };
    },
    close: async () => {
      await app.close();
      await client.close();
      await upstream.close();
    },
  };
}
