import type { Peer, ToPrimary, ToWorker } from '../../src/constant-contact/workers/protocol.js';

/** Two ends of a channel that takes as long as a turn of the event loop, and copies what it carries as a real one does. The last cuts it. */
export function channel(): [Peer<ToWorker, ToPrimary>, Peer<ToPrimary, ToWorker>, () => void] {
  let open = true;
  const gone: (() => void)[] = [];
  const ends: [((message: any) => void)[], ((message: any) => void)[]] = [[], []];
  const end = (own: 0 | 1, other: 0 | 1): Peer<any, any> => ({
    send: (message) => {
      const copy: unknown = structuredClone(message);
      setImmediate(() => {
        if (open) for (const listener of ends[other]) listener(copy);
      });
    },
    onMessage: (listener) => ends[own].push(listener),
    onGone: (listener) => gone.push(listener),
  });
  const cut = () => {
    open = false;
    for (const listener of gone) listener();
  };
  return [end(0, 1), end(1, 0), cut];
}
