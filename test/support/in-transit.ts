import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/** Open connections of clients in this process, with the other end if it is in this process as well and has accepted. */
const connections = new Map<Socket, Socket | undefined>();
/** Accepted sockets by the ports of both ends. */
const accepted = new Map<string, Socket>();

subscribe('net.client.socket', (message) => {
  const { socket } = message as { socket: Socket };
  connections.set(socket, undefined);
  socket.once('close', () => connections.delete(socket));
});

subscribe('net.server.socket', (message) => {
  const { socket } = message as { socket: Socket };
  const ports = portsOf(socket.remotePort, socket.localPort);
  accepted.set(ports, socket);
  socket.once('close', () => {
    if (accepted.get(ports) === socket) accepted.delete(ports);
  });
});

const portsOf = (client: number | undefined, server: number | undefined) =>
  `${String(client)} ${String(server)}`;

/**
 * True while bytes are on their way between two sockets of this process. What a paused socket leaves unread does not count.
 */
export function isInTransit(): boolean {
  for (const [client, known] of connections) {
    if (client.connecting) return true;
    const server = known ?? accepted.get(portsOf(client.localPort, client.remotePort));
    if (!server) continue;
    connections.set(client, server);
    if (isUnread(client, server) || isUnread(server, client)) return true;
  }
  return false;
}

function isUnread(from: Socket, to: Socket): boolean {
  const { _handle: handle } = to as unknown as { _handle: { reading?: boolean } | null };
  return handle?.reading === true && from.bytesWritten > to.bytesRead;
}
