import { connect } from 'node:net';
import { Agent, type buildConnector } from 'undici';
import { listen, type Listening } from '../../src/server/listen.js';
import type { App } from '../../src/server/app.js';

interface Socket {
  readonly listening: Listening;
  /** Connects to the server for any host name. */
  readonly agent: Agent;
}

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
      return fetch(address, { redirect: 'manual', ...init, headers, dispatcher: agent } as RequestInit);
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
  return { listening, agent: new Agent({ connect: connector }) };
}
