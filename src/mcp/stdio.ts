import { Readable, type Writable } from 'node:stream';
import { once } from 'node:events';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { STDIO_DEFAULT_MAX_BUFFER_SIZE } from '@modelcontextprotocol/sdk/shared/stdio.js';
import { ErrorCode } from '@modelcontextprotocol/sdk/types.js';
import { checkParsedJson } from '../server/json.js';
import type { Logger } from '../server/logger.js';
import { lazyCatalogue } from './catalogue.js';
import type { Send } from './execute.js';
import { connect, createServer, invalidMessageResponse, type ServerOptions } from './server.js';

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
  const inFlight = new Set<Promise<unknown>>();
  const run = async <T>(work: () => T | Promise<T>) => {
    const result = Promise.resolve(work());
    const over: Promise<unknown> = Promise.allSettled([result]).then(() => inFlight.delete(over));
    inFlight.add(over);
    return result;
  };
  // There is no other client.
  const longTaskTurn = () => Promise.resolve();
  const server = createServer(
    lazyCatalogue(options),
    { send, readOnly: false, longTaskTurn, sandbox: options.sandbox, canAsk: true, logFields: {}, run },
    logger,
  );
  if (options.sandbox)
    logger.warn({}, 'serving a sandbox account with invented people; nothing reaches Constant Contact');
  const checked = Readable.from(checkedLines({ input, output }), { objectMode: false });
  const transport = new StdioServerTransport(checked, output);
  const closed = new Promise<void>((resolve) => {
    transport.onclose = resolve;
  });
  const ended = once(checked, 'end');
  await connect(server, transport, (message) => {
    try {
      // Over HTTP, the server refuses the same JSON: nested too deep, or with too many values.
      checkParsedJson(message);
      return null;
    } catch (error) {
      transport.onerror?.(error as Error);
      return { code: ErrorCode.InvalidRequest, message: (error as Error).message };
    }
  });
  await Promise.race([ended, closed]);
  while (inFlight.size > 0) await Promise.all(inFlight);
  // Turning the last response into a result takes a few microtasks.
  await new Promise((resolve) => setImmediate(resolve));
}

/** The lines of the input. Answers invalid messages that have an id, which the SDK only logs, and makes a line of each message of a batch. */
async function* checkedLines({ input, output }: Streams): AsyncGenerator<Buffer, void> {
  let held: Buffer[] = [];
  for await (const chunk of input as AsyncIterable<Buffer>) {
    let rest = chunk;
    for (let end = rest.indexOf('\n') + 1; end > 0; end = rest.indexOf('\n') + 1) {
      yield* messagesOf(Buffer.concat([...held, rest.subarray(0, end)]), output);
      held = [];
      rest = rest.subarray(end);
    }
    held.push(rest);
    const isTooLong = held.reduce((sum, part) => sum + part.length, 0) > STDIO_DEFAULT_MAX_BUFFER_SIZE;
    // Closes the connection.
    if (isTooLong) yield Buffer.concat(held.splice(0));
  }
}

function messagesOf(line: Buffer, output: Writable): readonly Buffer[] {
  try {
    const value = JSON.parse(line.toString()) as unknown;
    for (const message of [value].flat()) {
      const response = invalidMessageResponse(message);
      if (response && response.id !== null) output.write(`${JSON.stringify(response)}\n`);
    }
    return Array.isArray(value)
      ? value.map((message) => Buffer.from(`${JSON.stringify(message)}\n`))
      : [line];
  } catch {
    // Not JSON, or a batch nested too deep.
    return [line];
  }
}
