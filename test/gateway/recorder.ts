import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';

export interface Recorder {
  /** Where to send what is to go to the target. */
  url: string;
  /** The headers of every request that has passed, oldest first. */
  seen: IncomingHttpHeaders[];
  /** Number of responses in flight. */
  open(): number;
  close(): Promise<void>;
}

/** Stands between a gateway and a subgraph, and notes what the one sends to the other. */
export async function startRecorder(target: string): Promise<Recorder> {
  const seen: IncomingHttpHeaders[] = [];
  let open = 0;
  const server = createServer((request, response) => {
    const left = new AbortController();
    open += 1;
    response.on('close', () => {
      open -= 1;
      left.abort();
    });
    seen.push(request.headers);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const {
        host: _,
        connection: __,
        'content-length': ___,
        'transfer-encoding': ____,
        ...headers
      } = request.headers;
      const { method = 'GET', url = '' } = request;
      const init = {
        method,
        headers: headers as Record<string, string>,
        signal: left.signal,
        ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
      };
      fetch(new URL(url, target), init)
        .then(async (answer) => {
          response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
          // Streamed, because a subscription may stay open.
          await pipeline(Readable.fromWeb(answer.body as ReadableStream), response);
        })
        .catch(() => response.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/graphql`,
    seen,
    open: () => open,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
