import { connect, type Socket } from 'node:net';

/** A connection that sends what a client would not. */
export interface Hostile {
  readonly socket: Socket;
  /** Received data so far. */
  received(): string;
  /** Resolves when the connection is closed, with what was received. */
  readonly closed: Promise<string>;
  leave(): void;
}

/** @param isReading whether it takes what the server sends */
export function openHostile(url: string, text: string | Buffer, isReading = true): Hostile {
  const { hostname, port } = new URL(url);
  let received = '';
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  if (isReading) socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
  else socket.pause();
  const closed = new Promise<string>((resolve) => socket.on('close', () => resolve(received)));
  socket.write(text);
  return { socket, received: () => received, closed, leave: () => socket.destroy() };
}

/** The head of a request; a header of value null is left out. */
export function headOf(method: string, path: string, headers: Record<string, string | null> = {}): string {
  const lines = Object.entries({ host: 'localhost', ...headers }).flatMap(([name, value]) =>
    value === null ? [] : [`${name}: ${value}\r\n`],
  );
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

export function posted(body: string, headers: Record<string, string> = {}): string {
  const length = String(Buffer.byteLength(body));
  return (
    headOf('POST', '/graphql', { 'content-type': 'application/json', 'content-length': length, ...headers }) +
    body
  );
}

/** The statuses of the answers in what was received. */
export function statusesIn(received: string): number[] {
  return [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}
