import type { Socket } from 'node:net';
import { Attached } from '../constant-contact/attached.js';

/** While so many bytes are not taken by a client, nothing more is read of it, and no operation with a large answer is started. */
const MAX_UNSENT_BYTES = 1_000_000;

const waiting = new Attached<Socket, Promise<void> | null>();

/**
 * Resolves when the client has taken what was sent, or has gone. One promise for all who wait, because they may be many.
 *
 * @param socket none for a request that came over no connection
 * @returns null while the client takes enough
 */
export function untilTaken(socket: Socket | undefined): Promise<void> | null {
  // What an embedding program has for a connection may tell no length.
  if (!socket || socket.destroyed || !(socket.writableLength > MAX_UNSENT_BYTES)) return null;
  let taken = waiting.get(socket);
  if (!taken) {
    taken = new Promise((resolve) => {
      const onTaken = () => {
        socket.off('drain', onTaken).off('close', onTaken);
        waiting.set(socket, null);
        resolve();
      };
      socket.on('drain', onTaken).on('close', onTaken);
    });
    waiting.set(socket, taken);
  }
  return taken;
}
