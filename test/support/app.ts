import { expect } from 'vitest';
import { createConstantContact, type ClientOptions } from '../../src/constant-contact/client.js';
import type { AccountSizes } from '../../src/constant-contact/cache/account-sizes.js';
import type { OperationId } from '../../src/constant-contact/contract/operations.js';
import { bearerCredentials, partnerCredentials } from '../../src/constant-contact/auth/credentials.js';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/index.js';
import { buildSchema, type SchemaOptions } from '../../src/schema/index.js';
import { createApp } from '../../src/server/app.js';
import type { AppOptions } from '../../src/server/settings.js';
import { loadExamples } from '../../src/server/examples.js';
import { listen } from '../../src/server/listen.js';
import { silentLogger, type Logger } from '../../src/server/logger.js';
import { credentialSource } from '../../src/server/plugins/credentials.js';
import { readEvents } from './events.js';
import { overSocket } from './socket.js';

export interface TestAppOptions {
  /** Default: without limits per second and per day. */
  sandbox?: SandboxOptions;
  /**
   * Default: without limits, and without a reference cache, so that every query of a test starts with an
   * empty cache.
   */
  client?: Partial<ClientOptions>;
  /** Default: the sandbox's, used for every caller; null makes callers send a token. */
  credentials?: null;
  /** Highest estimated REST calls of one operation. */
  maxQueryCost?: number;
  /** Origins of web pages that may send requests. */
  allowedOrigins?: string[];
  /** Time limit of an operation. */
  operationTimeoutMs?: number;
  /** Default: none of it is logged. */
  logger?: Logger;
  /** Default: every caller is admitted. */
  access?: AppOptions['access'];
  /** Default: the whole schema. */
  schema?: SchemaOptions;
}

export interface QueryOptions {
  variables?: Record<string, unknown>;
  headers?: Record<string, string>;
  operationName?: string;
  /** Aborted when the client disconnects. */
  signal?: AbortSignal;
}

export interface Answer {
  status: number;
  data: any;
  errors: any[] | undefined;
  extensions: any;
}

export interface TestApp {
  sandbox: Sandbox;
  /** Runs one operation over HTTP. For a subscription: resolves with its first event and disconnects. */
  query(document: string, options?: QueryOptions): Promise<Answer>;
  /** Sends a multipart request. Each key of `files` is the path of a variable, such as `input.file`. */
  upload(document: string, variables: Record<string, unknown>, files: Record<string, File>): Promise<Answer>;
  /** Sends any HTTP request; the path is relative to the server's root. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Also listens on a socket until the app is closed. @param port default: any free port @returns the URL */
  listen(port?: number): Promise<string>;
  sizes(): AccountSizes;
  /** REST operations that the sandbox received since the start or the last reset, in order. */
  calls(): OperationId[];
  resetCalls(): void;
  close(): Promise<void>;
}

const ORIGIN = 'http://facade.test';
const examples = loadExamples();

/**
 * The real server with the real REST client, over HTTP to a sandbox account: as in production, except for the
 * vendor.
 */
export async function startApp(options: TestAppOptions = {}): Promise<TestApp> {
  const sandbox = await createSandbox({ requestsPerSecond: 0, requestsPerDay: 0, ...options.sandbox });
  const client = createConstantContact({
    baseUrl: sandbox.url,
    requestsPerSecond: 0,
    requestsPerDay: 0,
    referenceCacheSeconds: 0,
    ...options.client,
  });
  const app = overSocket(
    createApp({
      schema: buildSchema(options.schema),
      client,
      credentials: credentialSource(
        options.credentials === null ? null : bearerCredentials('sandbox', sandbox.token),
        partnerCredentials('sandbox', sandbox.token),
      ),
      apiHost: new URL(sandbox.url).host,
      logger: options.logger ?? silentLogger(),
      examples,
      ...(options.access && { access: options.access }),
      ...(options.maxQueryCost !== undefined && { maxQueryCost: options.maxQueryCost }),
      ...(options.allowedOrigins && { allowedOrigins: options.allowedOrigins }),
      ...(options.operationTimeoutMs !== undefined && { operationTimeoutMs: options.operationTimeoutMs }),
      ...(options.client?.clock && { clock: options.client.clock }),
    }),
  );
  const sockets: { close(): Promise<void> }[] = [];

  const fetch: TestApp['fetch'] = (path, init) => app.fetch(ORIGIN + path, init);
  const post = async (init: RequestInit): Promise<Answer> => {
    const response = await fetch('/graphql', { method: 'POST', ...init });
    if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
      const events = readEvents(response);
      const first = (await events.next()) as Omit<Answer, 'status'>;
      await events.leave();
      return { ...first, status: response.status };
    }
    const { data, errors, extensions } = (await response.json()) as Answer;
    return { status: response.status, data, errors, extensions };
  };

  return {
    sandbox,
    fetch,
    query: (query, { variables, headers, operationName, signal } = {}) =>
      post({
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables, operationName }),
        ...(signal && { signal }),
      }),
    upload: (query, variables, files) => {
      const paths = Object.keys(files);
      const form = new FormData();
      form.set('operations', JSON.stringify({ query, variables }));
      form.set(
        'map',
        JSON.stringify(Object.fromEntries(paths.map((path, at) => [at, [`variables.${path}`]]))),
      );
      paths.forEach((path, at) => form.set(String(at), files[path] as File));
      return post({ body: form });
    },
    listen: async (port = 0) => {
      const socket = await listen(app, { host: '127.0.0.1', port });
      sockets.push(socket);
      return socket.url;
    },
    sizes: () =>
      client.session({
        credentials: bearerCredentials('sandbox', sandbox.token),
        partner: null,
        signal: new AbortController().signal,
      }).sizes,
    calls: () => sandbox.journal.operations(),
    resetCalls: () => sandbox.journal.clear(),
    close: async () => {
      await Promise.all(sockets.map((socket) => socket.close()));
      await app.close();
      await client.close();
      await sandbox.close();
    },
  };
}

/** For `afterEach`: every request and response between facade and sandbox fit the contract. */
export function expectNoViolations(app: TestApp): void {
  expect(app.sandbox.violations).toEqual([]);
}
