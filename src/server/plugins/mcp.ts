import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import type { FetchAPI, Plugin } from 'graphql-yoga';
import { errorResponse, refusal } from '../error-response.js';
import { INTERNAL_MESSAGE, type PublicError } from '../errors.js';
import { BYTES_OF_A_VALUE, checkJson } from '../json.js';
import { loggable } from '../loggable.js';
import type { Logger } from '../logger.js';
import { bodyStreamOf, releaseAfter, type RequestBodies } from '../request-bodies.js';
import { callerOf } from './access.js';
import { requestIdOf } from './request-id.js';
import type { LongTaskTurn } from '../turns.js';
import { turnToRespond } from '../unsent.js';
import type { CredentialSource } from './credentials.js';

/** A request to the MCP endpoint. */
export interface McpRequest {
  readonly request: Request;
  /** The parsed body. */
  readonly body: unknown;
  /** Identifies the client by its key and address. */
  readonly client: string;
  readonly readOnly: boolean;
  readonly logFields: Readonly<Record<string, unknown>>;
  /** Sends a GraphQL request of the caller through the whole pipeline. */
  send(body: string, accept: string, signal: AbortSignal): Promise<Response>;
  /** Waits for the turn of a long task or a large response, and while the client does not read. */
  longTaskTurn: LongTaskTurn;
}

/** Handles messages of the Model Context Protocol. */
export type McpHandler = (request: McpRequest) => Promise<Response>;

/** Request headers that CORS allows in addition. */
export const MCP_HEADERS = ['mcp-protocol-version'];

interface McpOptions {
  /** Path of the MCP endpoint. */
  path: string;
  /** Path of the GraphQL endpoint. */
  endpoint: string;
  credentials: CredentialSource;
  bodies: RequestBodies;
  logger: Logger;
  longTaskTurn: LongTaskTurn;
  /** True when CORS answers OPTIONS. */
  hasCors: boolean;
  /** Null when MCP is disabled. */
  handler: McpHandler | null;
  /** Handles a request with the server context of the original one. */
  fetch(url: string, init: RequestInit, serverContext: object): Promise<Response>;
}

interface ServerContext {
  req?: IncomingMessage;
  res?: ServerResponse;
  mounted?: boolean;
}

/** Headers that describe the body or the connection of the original request. */
const NOT_PASSED_ON =
  /^(accept(-encoding)?|authorization|connection|content-.*|expect|keep-alive|mcp-.*|te|trailer|transfer-encoding|upgrade)$/;

/** `POST /mcp`. Each tool call becomes a GraphQL request with the headers of the caller. */
export function useMcp(options: McpOptions): Plugin {
  const { path, endpoint, credentials, bodies, logger, longTaskTurn, hasCors, handler, fetch } = options;
  if (!handler) return {};
  const isHost = credentials.kind === 'host';
  const answer = async (request: Request, url: URL, serverContext: ServerContext): Promise<Response> => {
    const { req, res, mounted } = serverContext;
    const caller = callerOf(request);
    const held = bodies.open();
    try {
      const source = bodyStreamOf(request, serverContext);
      const text = source ? await bodies.text(source, request.headers.get('content-length'), held) : '';
      held.take(checkJson(text) * BYTES_OF_A_VALUE);
      const headers = [...request.headers].filter(
        ([name]) => !NOT_PASSED_ON.test(name) || (isHost && name === 'authorization'),
      );
      return await handler({
        request,
        body: JSON.parse(text) as unknown,
        client: `${caller?.id ?? ''} ${req?.socket.remoteAddress ?? ''}`,
        readOnly: caller?.readOnly === true,
        logFields: { requestId: requestIdOf(request), caller: caller?.id },
        send: (body, accept, signal) =>
          fetch(
            `${url.origin}${endpoint}`,
            {
              method: 'POST',
              headers: {
                ...Object.fromEntries(headers),
                'content-type': 'application/json',
                'x-request-id': requestIdOf(request),
                accept,
              },
              body,
              signal,
            },
            { req, mounted },
          ),
        longTaskTurn: (signal) => turnToRespond(req?.socket, () => longTaskTurn(signal)),
      });
    } finally {
      // A streamed response needs the body until its end.
      releaseAfter(res, held);
    }
  };
  return {
    onRequest({ request, url, serverContext, fetchAPI, endResponse }) {
      if (url.pathname !== path || (hasCors && request.method === 'OPTIONS')) return undefined;
      if (request.method !== 'POST') {
        const message =
          'The MCP endpoint supports POST only: it has no stream for GET and no session for DELETE.';
        const response = errorResponse(fetchAPI, 405, refusal('BAD_REQUEST', message));
        response.headers.set('allow', 'POST');
        endResponse(response);
        return undefined;
      }
      if (request.headers.has('authorization') && !isHost) {
        const message =
          'The MCP endpoint does not forward tokens, so "Authorization" must not be sent. Send a key or token of this server in its own header, such as "x-api-key".';
        endResponse(errorResponse(fetchAPI, 403, refusal('FORBIDDEN', message)));
        return undefined;
      }
      return answer(request, url, serverContext as ServerContext)
        .catch((error: unknown) => responseOf(error, fetchAPI, requestIdOf(request)))
        .then(endResponse);
    },
  };

  function responseOf(error: unknown, fetchAPI: FetchAPI, requestId: string): Response {
    if (error instanceof SyntaxError) {
      const body = {
        jsonrpc: '2.0',
        id: null,
        error: { code: -32_700, message: 'The body is not valid JSON.' },
      };
      return fetchAPI.Response.json(body, { status: 400 });
    }
    const { name, message, extensions } = error as GraphQLError;
    if (name === 'GraphQLError') {
      const { http = {}, ...shown } = extensions as PublicError['extensions'] & { http?: HttpPart };
      const response = errorResponse(fetchAPI, http.status ?? 400, { message, extensions: shown });
      for (const [header, value] of Object.entries(http.headers ?? {})) response.headers.set(header, value);
      return response;
    }
    if ((error as Error).name !== 'AbortError')
      logger.error({ requestId, err: loggable(error) }, 'MCP request failed unexpectedly');
    const shown = { code: 'INTERNAL_SERVER_ERROR', retryable: false, requestId };
    return errorResponse(fetchAPI, 500, { message: INTERNAL_MESSAGE, extensions: shown });
  }
}

interface HttpPart {
  status?: number;
  headers?: Readonly<Record<string, string>>;
}
