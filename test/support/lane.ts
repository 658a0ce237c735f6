import { listen, type Listening } from '../../src/server/listen.js';
import type { App } from '../../src/server/app.js';

/**
 * How requests of this run of the suite get to the server, by LANE: `socket`, where plain ones take the direct way, or,
 * unless said, without a socket by the way that Yoga's own adapter makes. Everything that is tested has to hold on both.
 */
const bySocket = process.env['LANE'] === 'socket';

/** An app that is asked over a real connection, in runs that want it so. */
export function overLane<Asked extends App>(app: Asked): Asked {
  if (!bySocket) return app;
  let socket: Promise<Listening> | undefined;
  return {
    ...app,
    fetch: async (url, init) => {
      // No client sends another name than that of the address that it asks.
      if (url instanceof Request || new Headers(init?.headers).has('host')) return app.fetch(url, init);
      socket ??= listen(app, { host: '127.0.0.1', port: 0 });
      const { pathname, search } = new URL(url);
      return fetch((await socket).url + pathname + search, { redirect: 'manual', ...init });
    },
    close: async () => {
      await (await socket)?.close();
      await app.close();
    },
  };
}
