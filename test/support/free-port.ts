import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that systems give to clients and to servers on port 0, which may take one at any time. */
const FIRST = 20_000;
/** Ports of one process, so that processes side by side do not get the same. */
const BLOCK = 100;
const BLOCKS = 120;

let given = 0;

/**
 * A free port of the loopback interface, for programs that cannot report the port that they picked, and for servers that
 * return on the same port. No other program gets it meanwhile.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + (process.pid % BLOCKS) * BLOCK + (given++ % BLOCK);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  const isListening = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  if (!isListening) return false;
  server.close();
  await once(server, 'close');
  return true;
}
