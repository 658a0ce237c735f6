import type { Readable, Writable } from 'node:stream';
import { once } from 'node:events';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { Logger } from '../server/logger.js';
import { lazyCatalogue, type CatalogueOptions } from './catalogue.js';
import type { Send } from './execute.js';
import { createServer } from './server.js';

interface Streams {
  readonly input: Readable;
  readonly output: Writable;
}

/**
 * Serves one client over standard input and output. Resolves when the client has disconnected and its last call is answered, or after a
 * message of more than 10 MB (the SDK's limit), which closes the connection.
 */
export async function serveStdio(
  options: CatalogueOptions,
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
    { send: tracked, readOnly: false, canAsk: true },
    logger,
  );
  const transport = new StdioServerTransport(input, output);
  const closed = new Promise<void>((resolve) => {
    transport.onclose = resolve;
  });
  const ended = once(input, 'end');
  await server.connect(transport);
  await Promise.race([ended, closed]);
  while (inFlight.size > 0) await Promise.allSettled(inFlight);
  // What the last answer is made of takes some turns of the event loop.
  await new Promise((resolve) => setImmediate(resolve));
}
