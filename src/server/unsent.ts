import type { Socket } from 'node:net';
import { Attached } from '../constant-contact/attached.js';

/**
 * Backpressure: maximum number of bytes that a client has not read. While it has more, the server reads nothing
 * from it and starts no operation with a large response.
 */
const MAX_UNSENT_BYTES = 1_000_000;

const waiting = new Attached<Socket, Promise<void> | null>();

/**
 * Resolves when the client has read what was sent, or has disconnected. All callers share one promise, because there may be many.
 *
 * @param socket undefined for a request without a connection
 * @returns null while the client has read enough
 */
export function untilTaken(socket: Socket | undefined): Promise<void> | null {
  // The connection of an embedding program may have no `writableLength`.
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

/**
 * Waits for a turn in which a large response may be made: it would stay in memory while the client does not read the previous ones.
 *
 * @throws errors of `turn`
 */
export async function turnToRespond(socket: Socket | undefined, turn: () => Promise<void>): Promise<void> {
  do {
    await untilTaken(socket);
    await turn();
  } while (untilTaken(socket));
}
