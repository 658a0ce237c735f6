import type { Readable, Writable } from 'node:stream';
import { once } from 'node:events';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { ErrorCode, isJSONRPCRequest } from '@modelcontextprotocol/sdk/types.js';
import { checkParsedJson } from '../server/json.js';
import type { Logger } from '../server/logger.js';
import { lazyCatalogue } from './catalogue.js';
import type { Send } from './execute.js';
import { connect, createServer, type ServerOptions } from './server.js';

interface Streams {
  readonly input: Readable;
  readonly output: Writable;
}

/**
 * Serves one client over standard input and output. Resolves when the client has disconnected and its last call has ended, or after a
 * message of more than 10 MB (the SDK's limit), which closes the connection.
 */
export async function serveStdio(
  options: ServerOptions,
  send: Send,
  logger: Logger,
  { input, output }: Streams,
): Promise<void> {
  const inFlight = new Set<Promise<Response>>();
  const tracked: Send = (...args) => {
    const sent = send(...args);
    inFlight.add(sent);
    const done = () => void inFlight.delete(sent);
    sent.then(done, done);
    return sent;
  };
  const server = createServer(
    lazyCatalogue(options),
    { send: tracked, readOnly: false, sandbox: options.sandbox, canAsk: true, logFields: {} },
    logger,
  );
  if (options.sandbox)
    logger.warn({}, 'serving a sandbox account with invented people; nothing reaches Constant Contact');
  const transport = new StdioServerTransport(input, output);
  const closed = new Promise<void>((resolve) => {
    transport.onclose = resolve;
  });
  const ended = once(input, 'end');
  await connect(server, transport);
  refuseOversized(transport);
  await Promise.race([ended, closed]);
  while (inFlight.size > 0) await Promise.allSettled(inFlight);
  // Turning the last response into a result takes a few microtasks.
  await new Promise((resolve) => setImmediate(resolve));
}

/** Refuses the JSON that the server refuses over HTTP: nested too deep, or with too many values. */
function refuseOversized(transport: StdioServerTransport): void {
  const { onmessage } = transport;
  transport.onmessage = (message) => {
    try {
      checkParsedJson(message);
    } catch (error) {
      transport.onerror?.(error as Error);
      if (isJSONRPCRequest(message)) {
        const refusal = { code: ErrorCode.InvalidRequest, message: (error as Error).message };
        void transport.send({ jsonrpc: '2.0', id: message.id, error: refusal });
      }
      return;
    }
    onmessage?.(message);
  };
}
