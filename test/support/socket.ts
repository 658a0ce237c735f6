import { connect } from 'node:net';
import { Agent, type buildConnector } from 'undici';
import { listen, type Listening } from '../../src/server/listen.js';
import type { App } from '../../src/server/app.js';

interface Socket {
  readonly listening: Listening;
  /** Connects to it under whatever name it is asked. */
  agent(): Agent;
}

/**
 * The server closes a connection that has been idle for five seconds, and a request that is on its way at that moment fails.
 * The client closes it before, unless the process is busy for so long: then it must not be used again.
 */
const IDLE_MS = 2_000;

/** An app whose `fetch` goes over a real connection, as the requests of production do; `Request` objects go to the app itself. */
export function overSocket<Asked extends App>(app: Asked): Asked {
  let opened: Promise<Socket> | undefined;
  return {
    ...app,
    fetch: async (url, init) => {
      if (url instanceof Request) return app.fetch(url, init);
      const { agent } = await (opened ??= open(app));
      const headers = new Headers(init?.headers);
      // A client sends the name of the address that it asks, and no other.
      const host = headers.get('host');
      headers.delete('host');
      const { origin } = new URL(url);
      const address = String(url).replace(origin, host ? `http://${host}` : origin);
      return fetch(address, { redirect: 'manual', ...init, headers, dispatcher: agent() } as RequestInit);
    },
    close: async () => {
      // Ends the agent's connections as well, once what was sent on them has been read.
      await (await opened)?.listening.close();
      await app.close();
    },
  };
}

async function open(app: App): Promise<Socket> {
  // A test that has seen what it wants leaves the rest of an answer unread.
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
