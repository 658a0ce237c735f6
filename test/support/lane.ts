import { connect } from 'node:net';
import { Agent, type buildConnector } from 'undici';
import { listen, type Listening } from '../../src/server/listen.js';
import type { App } from '../../src/server/app.js';

/**
 * How requests of this run of the suite get to the server, by LANE: `socket`, where plain ones take the direct way, or,
 * unless said, without a socket by the way that Yoga's own adapter makes. Everything that is tested has to hold on both.
 */
const bySocket = process.env['LANE'] === 'socket';

interface Lane {
  readonly listening: Listening;
  /** Connects to it under whatever name it is asked. */
  readonly agent: Agent;
}

/** An app that is asked over a real connection, in runs that want it so. */
export function overLane<Asked extends App>(app: Asked): Asked {
  if (!bySocket) return app;
  let opened: Promise<Lane> | undefined;
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
      return fetch(address, { redirect: 'manual', ...init, headers, dispatcher: agent } as RequestInit);
    },
    close: async () => {
      // Ends the agent's connections as well, once what was sent on them has been read.
      await (await opened)?.listening.close();
      await app.close();
    },
  };
}

async function open(app: App): Promise<Lane> {
  // A test that has seen what it wants leaves the rest of an answer unread.
  const listening = await listen(app, { host: '127.0.0.1', port: 0, graceMs: 200 });
  const port = Number(new URL(listening.url).port);
  const connector: buildConnector.connector = (_, done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', (error) => done(error, null));
    socket.once('connect', () => done(null, socket));
  };
  return { listening, agent: new Agent({ connect: connector }) };
}
