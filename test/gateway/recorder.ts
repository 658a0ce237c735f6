import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Recorder {
  /** Where to send what is to go to the target. */
  url: string;
  /** The headers of every request that has passed, oldest first. */
  seen: IncomingHttpHeaders[];
  close(): Promise<void>;
}

/** Stands between a gateway and a subgraph, and notes what the one sends to the other. */
export async function startRecorder(target: string): Promise<Recorder> {
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers;
      const init = {
        method: 'POST',
        headers: headers as Record<string, string>,
        body: Buffer.concat(chunks),
      };
      fetch(target, init).then(
        async (answer) => {
          response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
          response.end(Buffer.from(await answer.arrayBuffer()));
        },
        () => response.destroy(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/graphql`,
    seen,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
