import { connect } from 'node:net';
import { Agent, type buildConnector } from 'undici';
import { listen, type Listening } from '../../src/server/listen.js';
import type { App } from '../../src/server/app.js';

interface Socket {
  readonly listening: Listening;
  /** Connects to the server for any host name. */
  agent(): Agent;
}

/**
 * The server closes a connection after five idle seconds, and a request sent at that moment fails. Clients close it
 * earlier, except when the process is busy; they must not reuse it then.
 */
const IDLE_MS = 2_000;

/**
 * An app whose `fetch` uses a real connection, as in production; `Request` objects are passed to the app
 * directly.
 */
export function overSocket<Asked extends App>(app: Asked): Asked {
  let opened: Promise<Socket> | undefined;
  return {
    ...app,
    fetch: async (url, init) => {
      if (url instanceof Request) return app.fetch(url, init);
      const { agent } = await (opened ??= open(app));
      const headers = new Headers(init?.headers);
      // undici derives `Host` from the URL, so a `Host` of the test becomes the URL's.
      const host = headers.get('host');
      headers.delete('host');
      const { origin } = new URL(url);
      const address = String(url).replace(origin, host ? `http://${host}` : origin);
      return fetch(address, { redirect: 'manual', ...init, headers, dispatcher: agent() } as RequestInit);
    },
    close: async () => {
      // Also closes the agent's connections, after everything sent on them was read.
      await (await opened)?.listening.close();
      await app.close();
    },
  };
}

async function open(app: App): Promise<Socket> {
  // Tests may leave the rest of an answer unread, so the shutdown does not wait for it.
  const listening = await listen(app, { host: '127.0.0.1', port: 0, graceMs: 200 });
  const port = Number(new URL(listening.url).port);
  const connector: buildConnector.connector = (_, done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', (error) => done(error, null));
    socket.once('connect', () => done(null, socket));
  };
  let agent = new Agent({ connect: connector });
  let usedAt = performance.now();
  return {
    listening,
    agent: () => {
      const now = performance.now();
      if (now - usedAt > IDLE_MS) {
        void agent.close();
        agent = new Agent({ connect: connector });
      }
      usedAt = now;
      return agent;
    },
  };
}
