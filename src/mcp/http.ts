import {
  CancelledNotificationSchema,
  DEFAULT_NEGOTIATED_PROTOCOL_VERSION,
  ErrorCode,
  isJSONRPCRequest,
  type RequestId,
} from '@modelcontextprotocol/sdk/types.js';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import type { Logger } from '../server/logger.js';
import type { McpHandler } from '../server/plugins/mcp.js';
import { createBatch, problemOfBatch } from './batch.js';
import { lazyCatalogue } from './catalogue.js';
import { connect, createServer, invalidMessageResponse, type ServerOptions } from './server.js';

/**
 * Handles POST requests of the Streamable HTTP transport. It is stateless: each request has a connection of its own, so any process can
 * handle any request.
 */
export function httpHandler(options: ServerOptions, logger: Logger): McpHandler {
  const catalogue = lazyCatalogue(options);
  const waits = new Waits();
  return async ({ request, body, client, readOnly, logFields, send, longTaskTurn }) => {
    const connection = {
      send,
      readOnly,
      longTaskTurn,
      logFields,
      run: Array.isArray(body) ? createBatch() : async <T>(work: () => T | Promise<T>) => work(),
      sandbox: options.sandbox,
      // The reply to a question would arrive in another request, on another connection.
      canAsk: false,
      cancelled: (id: RequestId, ended: AbortSignal) => waits.signalOf(client, id, ended),
    };
    const server = createServer(catalogue, connection, logger);
    const transport = new WebStandardStreamableHTTPServerTransport({
      // Only progress needs a stream. Some proxies buffer streams, so all other responses are one JSON text.
      enableJsonResponse: !wantsProgress(body),
    });
    // Otherwise the calls of a client that disconnects would continue.
    request.signal.addEventListener('abort', () => void transport.close(), { once: true });
    if (Array.isArray(body) && !supportsBatch(request, body))
      return refused('Send one message per request: the protocol version does not support batches.');
    const invalid = messagesIn(body)
      .map(invalidMessageResponse)
      .find((response) => response !== null);
    if (invalid) return Response.json(invalid, { status: 400 });
    const problem = problemOfBatch(messagesIn(body));
    if (problem !== null) return refused(problem);
    for (const message of messagesIn(body)) {
      const cancelled = CancelledNotificationSchema.safeParse(message).data?.params.requestId;
      if (cancelled !== undefined) waits.cancel(client, cancelled);
    }
    await connect(server, transport);
    return transport.handleRequest(request, { parsedBody: body });
  };
}

/**
 * Calls that another request can cancel. Without sessions, two clients with the same key and address look the same, and may use the same
 * request IDs. A cancellation therefore only ends the wait for a job, and the response says so.
 */
class Waits {
  readonly #waiting = new Map<string, Set<AbortController>>();

  /** @param ended aborted when the call has ended */
  signalOf(client: string, request: RequestId, ended: AbortSignal): AbortSignal {
    const key = keyOf(client, request);
    const controller = new AbortController();
    const same = this.#waiting.get(key) ?? new Set();
    this.#waiting.set(key, same.add(controller));
    ended.addEventListener(
      'abort',
      () => {
        same.delete(controller);
        if (same.size === 0) this.#waiting.delete(key);
      },
      { once: true },
    );
    return controller.signal;
  }

  cancel(client: string, request: RequestId): void {
    for (const controller of this.#waiting.get(keyOf(client, request)) ?? []) controller.abort();
  }
}

const keyOf = (client: string, request: RequestId) => `${typeof request} ${String(request)} ${client}`;

const messagesIn = (body: unknown): unknown[] => (Array.isArray(body) ? body : [body]);

/** Batches were removed from the protocol after version 2025-03-26, which is also the version of requests without the header. */
function supportsBatch({ headers }: Request, body: readonly unknown[]): boolean {
  const version = headers.get('mcp-protocol-version') ?? DEFAULT_NEGOTIATED_PROTOCOL_VERSION;
  return body.length > 0 && version <= '2025-03-26';
}

function refused(message: string): Response {
  const error = { code: ErrorCode.InvalidRequest, message };
  return Response.json({ jsonrpc: '2.0', id: null, error }, { status: 400 });
}

function wantsProgress(body: unknown): boolean {
  return messagesIn(body).some(
    (message) => isJSONRPCRequest(message) && message.params?._meta?.progressToken !== undefined,
  );
}
