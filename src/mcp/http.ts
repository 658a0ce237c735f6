import { isJSONRPCRequest } from '@modelcontextprotocol/sdk/types.js';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import type { Logger } from '../server/logger.js';
import type { McpHandler } from '../server/plugins/mcp.js';
import { createCatalogue, type Catalogue, type CatalogueOptions } from './catalogue.js';
import { createServer } from './server.js';

/**
 * Answers the POST requests of the Streamable HTTP transport, without sessions: each has a connection of its own, so that any process
 * answers any of them.
 */
export function httpHandler(options: CatalogueOptions, logger: Logger): McpHandler {
  let catalogue: Catalogue | undefined;
  return async ({ request, body, readOnly, send }) => {
    catalogue ??= createCatalogue(options);
    // Nothing can be asked: the client would answer with a request of its own, to a connection that does not know of it.
    const server = createServer(catalogue, { send, readOnly, canAsk: false }, logger);
    const transport = new WebStandardStreamableHTTPServerTransport({
      // Progress comes in parts; all else is one JSON text, which every proxy passes on at once.
      enableJsonResponse: !wantsProgress(body),
    });
    // A client that has gone would leave its calls running.
    request.signal.addEventListener('abort', () => void transport.close(), { once: true });
    await server.connect(transport);
    return transport.handleRequest(request, { parsedBody: body });
  };
}

function wantsProgress(body: unknown): boolean {
  const messages: unknown[] = Array.isArray(body) ? body : [body];
  return messages.some(
    (message) => isJSONRPCRequest(message) && message.params?._meta?.progressToken !== undefined,
  );
}
