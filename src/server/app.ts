import type { IncomingMessage, ServerResponse } from 'node:http';
import { ReadableStream } from 'node:stream/web';
import { createYoga, type Plugin } from 'graphql-yoga';
import { Stop } from '../constant-contact/stop.js';
import { addressReader, isHost } from './address.js';
import { BODY_CONSUMED, isConsumed } from './consumed-body.js';
import { createDocuments } from './documents.js';
import { createFastListener } from './fast-path/listener.js';
import { PlainHeaders, plainTypeOf } from './fast-path/request.js';
import { MCP_PATH } from './embedding.js';
import { createConnections } from './connections.js';
import { refusal } from './error-response.js';
import type { PublicError } from './errors.js';
import { graphiqlOptions } from './graphiql.js';
import { logOperations } from './operation-log.js';
import { useAcceptedTypes } from './plugins/accepted-types.js';
import { useAccess, useReadOnly } from './plugins/access.js';
import { useContentHeaders } from './plugins/content-headers.js';
import { useContext } from './plugins/credentials.js';
import { useDefer } from './plugins/defer.js';
import { useDeadline } from './plugins/deadline.js';
import { useDisconnect } from './plugins/disconnect.js';
import { useDocumentMemory } from './plugins/document-memory.js';
import { useDownloads } from './plugins/downloads.js';
import { useDraining } from './plugins/draining.js';
import { maskErrors, useErrorLog, useStreamedErrors } from './plugins/errors.js';
import { useExecution } from './execution/executor.js';
import { useGraphiql } from './plugins/graphiql.js';
import { useHealth } from './plugins/health.js';
import { useIncrementalDelivery } from './plugins/incremental-delivery.js';
import { useIntrospection, useIntrospectionLimit } from './plugins/introspection.js';
import { useLanding } from './plugins/landing.js';
import { useLimits } from './plugins/limits.js';
import { useLongTasks } from './plugins/long-tasks.js';
import { countOperations, useMetrics } from './plugins/metrics.js';
import { useObservers } from './plugins/observers.js';
import { useOneOfErrors } from './plugins/one-of.js';
import { corsOptions, originRefusal, useOrigins } from './plugins/origins.js';
import { MCP_HEADERS, useMcp } from './plugins/mcp.js';
import { usePersistedOperations } from './plugins/persisted.js';
import { useMutation } from './plugins/mutation.js';
import { useQueryCost } from './plugins/query-cost.js';
import { useQueryStringCheck } from './plugins/query-string.js';
import { useRequestBody } from './plugins/request-body.js';
import { useRequestId } from './plugins/request-id.js';
import { useReservedNames } from './plugins/reserved-names.js';
import { useResponseHeaders } from './plugins/response-headers.js';
import { useSchemaFiles } from './plugins/schema-file.js';
import { useSelection } from './plugins/selection.js';
import { useStreams } from './plugins/streams.js';
import { SUBSCRIPTION_MS, useSubscriptionEnd } from './plugins/subscription-end.js';
import { useSubscriptionRequest } from './plugins/subscription-request.js';
import { useTracing } from './plugins/tracing.js';
import { useUnknownPaths } from './plugins/unknown-paths.js';
import { useUploads } from './plugins/uploads.js';
import { useValidationErrors } from './plugins/validation-errors.js';
import { useUpstreamReport } from './plugins/upstream-report.js';
import { createRefusals } from './refusals.js';
import { RequestBodies } from './request-bodies.js';
import { settingsOf, type AppOptions } from './settings.js';
import { createLongTasks, createTurns } from './turns.js';
import { createWebSockets, type WebSockets } from './websocket.js';

/** The facade as a handler of HTTP requests, without a socket of its own. */
export interface App {
  /**
   * @param target a request from a network, received by the server that embeds this one; or the address of a request of this
   * program
   */
  fetch(target: Request | string | URL, init?: RequestInit): Promise<Response>;
  /** For `http.createServer`. */
  listener(request: IncomingMessage, response: ServerResponse): void;
  /** For the event `checkContinue` of an HTTP server: a body is requested when it is needed. */
  continueListener(request: IncomingMessage, response: ServerResponse): void;
  /** Resolves when no request is in flight. */
  settled(): Promise<void>;
  /** GraphQL over WebSockets, at the same path. */
  readonly sockets: WebSockets;
  /** From now on `/readyz` responds with 503, new requests are refused, and subscriptions end. */
  drain(): void;
  close(): Promise<void>;
}

const BAD_ADDRESS = refusal('BAD_REQUEST', 'The path or the `Host` header of the request is invalid.');
const NO_HOST = refusal('BAD_REQUEST', 'An HTTP/1.1 request requires the `Host` header.');

const NO_CACHE = { get: () => undefined, set: () => undefined };

/** @throws TypeError for an endpoint that is not a plain path */
export function createApp(options: AppOptions): App {
  const settings = settingsOf(options);
  const { endpoint, schema, client, credentials, logger, clock, access, introspection } = settings;
  const { allowedOrigins, allowedHeaders, loopbackOnly, persistedOperations } = settings;
  const { metrics, mcp, sandbox } = settings;
  const basePath = basePathOf(endpoint);
  const stopping = new Stop();
  const isDraining = () => stopping.aborted;
  const bodies = new RequestBodies(clock);
  const turns = createTurns();
  const longTaskTurn = createLongTasks();
  const documents = createDocuments();
  const refusals = createRefusals(clock);
  const { refuse } = refusals;
  // Embedding programs may choose the credentials, and other parts of a response, by anything in the request.
  const isEmbedded = settings.plugins.length > 0 || settings.context !== null || credentials.kind === 'host';
  const origins = { allowed: allowedOrigins, loopbackOnly };
  const extraParams = persistedOperations ? ['documentId'] : [];

  // In the order in which they run: those that can end a request early come first.
  const plugins = [
    useDisconnect(),
    useRequestId(),
    useResponseHeaders(sandbox, [
      ...(access?.headers ?? []),
      ...(allowedOrigins.length > 0 ? ['Origin'] : []),
    ]),
    useHealth(settings, basePath, isDraining),
    useGraphiql(endpoint, settings.graphiql ? graphiqlOptions(settings.examples, credentials, access) : null),
    useDraining(isDraining),
    useOrigins(origins, [`${basePath}/`], refuse),
    useLanding(settings, basePath),
    useAccess(access, refuse, logger),
    useAcceptedTypes(endpoint),
    useContentHeaders(),
    useMcp({
      hasCors: allowedOrigins.length > 0,
      path: basePath + MCP_PATH,
      endpoint,
      credentials,
      bodies,
      logger,
      longTaskTurn,
      handler: mcp,
      fetch: async (url, init, serverContext) => yoga.fetch(url, init, serverContext),
    }),
    useStreamedErrors(logger, clock, (code) => metrics?.failed(code)),
    useMetrics(metrics, settings.exposeMetrics ? `${basePath}/metrics` : null, access !== null),
    useSchemaFiles(schema, introspection ? basePath : null),
    useDownloads({ basePath, client, credentials, clock, logger }),
    useQueryStringCheck(),
    useUploads(logger, bodies),
    useRequestBody(bodies),
    useLimits(),
    usePersistedOperations(persistedOperations),
    useLongTasks(documents, longTaskTurn),
    useDefer(),
    useStreams(),
    useSubscriptionRequest(),
    useIntrospection(introspection),
    useReservedNames(),
    useContext({ client, credentials, basePath, host: settings.context }),
    useDeadline(settings.operationTimeoutMs, clock),
    useSubscriptionEnd({ ms: SUBSCRIPTION_MS, clock, stopping }),
    useExecution(client.servesStale),
    useTracing(),
    useUpstreamReport({
      governor: client.governor,
      clock,
      logger,
      allowsCaching: !isEmbedded && !settings.extended,
    }),
    useObservers([logOperations(logger), ...(metrics ? [countOperations(metrics)] : [])]),
    useReadOnly(access),
    // Suggestions would expose members of the schema, too.
    ...(introspection ? [useIntrospectionLimit(schema, longTaskTurn), useOneOfErrors(schema)] : []),
    useMutation(),
    useDocumentMemory(bodies),
    useQueryCost(settings.maxQueryCost, clock),
    useSelection(),
    useValidationErrors(introspection ? schema : null),
    useErrorLog(logger),
    useIncrementalDelivery(),
    ...settings.plugins,
    useUnknownPaths({ endpoint, basePath, mcp: mcp !== null, metrics: metrics !== null }),
  ] as Plugin[];

  const yoga = createYoga({
    schema,
    graphqlEndpoint: endpoint,
    healthCheckEndpoint: `${basePath}/livez`,
    landingPage: false,
    // Each operation has a limit and a report of its own; a batch would hide both.
    batching: false,
    // Parse errors are not cached: each holds the text, which may be long.
    parserAndValidationCache: { documentCache: documents, errorCache: NO_CACHE },
    // plugins/uploads.ts parses them.
    multipart: false,
    logging: false,
    // plugins/request-body.ts limits them, each and in total.
    maxRequestBodySize: false,
    cors: corsOptions(allowedOrigins, [
      ...(access?.headers ?? []),
      ...(mcp ? MCP_HEADERS : []),
      ...allowedHeaders,
    ]),
    maskedErrors: maskErrors(clock),
    // plugins/graphiql.ts serves it.
    graphiql: false,
    extraParamNames: extraParams,
    plugins,
  });

  const addressOf = addressReader();
  const sockets = createWebSockets({
    path: endpoint,
    addressOf,
    refusals,
    schema,
    origins,
    access,
    logger,
    sandbox,
    bodies,
    startInTurn: turns.start,
    isDraining,
    fetch: async (url, init, req) => yoga.fetch(url, init, { req, isWebSocket: true }),
  });
  const answerFast = createFastListener({
    yoga,
    schema,
    plugins,
    extraParams,
    bodies,
    documents,
    now: () => clock.now(),
  });
  const refuseFor = (response: ServerResponse, status: number, error: PublicError) => {
    const body = JSON.stringify({ errors: [error] });
    response.writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  };
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const address = addressOf(request);
    // The HTTP adapter would read another path from an invalid address, or fail and send its stack to the caller.
    if (!address) {
      const { headers, httpVersion } = request;
      if (request.httpVersionMajor === 1) response.setHeader('connection', 'close');
      refuseFor(response, 400, headers.host === undefined && httpVersion === '1.1' ? NO_HOST : BAD_ADDRESS);
      return;
    }
    if (isConsumed(request)) {
      logger.error({ url: address.pathname }, BODY_CONSUMED.message);
      refuseFor(response, 500, BODY_CONSUMED);
      return;
    }
    // Embedding programs may use features of the request that only the adapter has.
    const mediaType = isEmbedded ? null : plainTypeOf(request, endpoint, allowedOrigins.length > 0);
    if (mediaType === null) void yoga.requestListener(request, response);
    else answerFast({ incoming: request, response, url: address, mediaType });
  };
  const isRefused = (request: IncomingMessage) => {
    const address = addressOf(request);
    if (!address) return true;
    const headers = new PlainHeaders(request.headers);
    const header = (name: string) => headers.get(name);
    const names = { host: header('host'), hostnames: [address.hostname] };
    return originRefusal(origins, names, header) !== null || access?.isUnknown({ headers }) === true;
  };
  const probes = new Set(['livez', 'readyz', 'healthz'].map((name) => `${basePath}/${name}`));
  const connections = createConnections({
    answer,
    isUrgent: ({ url = '' }) => probes.has(url),
    isRefused,
    turns,
    unreadMs: settings.unreadMs,
  });

  return {
    fetch: async (target, init) => {
      if (typeof target === 'string' || target instanceof URL) return yoga.fetch(String(target), init ?? {});
      if (target.bodyUsed && init?.body === undefined) {
        logger.error({ url: new URL(target.url).pathname }, BODY_CONSUMED.message);
        return Response.json({ errors: [BODY_CONSUMED] }, { status: 500 });
      }
      const request = init ? new Request(target, init) : target;
      const host = request.headers.get('host');
      if (host !== null && !isHost(host)) return Response.json({ errors: [BAD_ADDRESS] }, { status: 400 });
      return native(await yoga.fetch(request, { mounted: true }));
    },
    listener: connections.listener,
    continueListener: (request, response) => {
      bodies.expectContinue(request, response);
      connections.listener(request, response);
    },
    settled: connections.settled,
    sockets,
    drain: () => stopping.abort(),
    close: async () => {
      stopping.abort();
      sockets.cut();
      connections.close();
      await yoga.dispose();
    },
  };
}

/** @throws TypeError for an endpoint that is not a plain path */
export function basePathOf(endpoint: string): string {
  if (!/^(\/[\w.~-]+)+$/.test(endpoint)) {
    throw new TypeError(`the endpoint must be a path such as /api/graphql, not ${JSON.stringify(endpoint)}`);
  }
  return endpoint.slice(0, endpoint.lastIndexOf('/'));
}

/** The HTTP adapter's own response class is faster on a socket, but some servers accept only the runtime's. */
function native(response: Response): Response {
  if (response instanceof Response) return response;
  const { status, statusText, headers, body } = response as Response;
  const stream = body && ReadableStream.from(body as unknown as AsyncIterable<Uint8Array>);
  return new Response(stream as BodyInit | null, { status, statusText, headers: [...headers] });
}
