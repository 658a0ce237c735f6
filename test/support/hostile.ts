import { connect, type Socket } from 'node:net';

/** A connection for requests that no client library sends. */
export interface Hostile {
  readonly socket: Socket;
  received(): string;
  /** Resolves with the received data when the connection closes. */
  readonly closed: Promise<string>;
  leave(): void;
}

/** @param isReading false to leave the server's output unread */
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

/** The head of a request, without headers whose value is null. */
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

/** Statuses of all responses in the received data. */
export function statusesIn(received: string): number[] {
  return [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}
