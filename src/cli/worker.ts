import { readConfig } from '../config.js';
import { connectPrimary } from '../constant-contact/workers/worker.js';
import type { Peer, ToPrimary, ToWorker } from '../constant-contact/workers/protocol.js';
import { createFacade } from '../facade.js';
import { describeFailure } from './failure.js';
import { tuneMemory } from './support.js';
import type { Order, WorkerNews } from './workers.js';

/** One of the processes of `serve --workers`. It ends with its primary process. */
async function work(): Promise<void> {
  tuneMemory();
  const connecting = connectPrimary(primary);
  const begun = new Promise<Order & { order: 'start' }>((resolve) => {
    process.on('message', (message: Order | ToWorker) => {
      if ('order' in message && message.order === 'start') resolve(message);
    });
  });
  tell({ news: 'hello' });
  const [link, { sandbox }] = await Promise.all([connecting, begun]);
  const facade = await createFacade({ config: readConfig(process.env), worker: { link, sandbox } });
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= facade.close().then(() => process.exit(0));
  };
  // Ctrl-C reaches every process of the terminal; the primary one has the word.
  process.on('SIGINT', () => undefined).on('SIGTERM', close);
  process.on('message', (message: Order | ToWorker) => {
    if ('order' in message && message.order === 'close') close();
  });
  process.once('disconnect', close);
  const login = (await facade.login())?.state ?? null;
  const { url } = await facade.listen();
  tell({ news: 'listening', url, login });
}

const primary: Peer<ToPrimary, ToWorker> = {
  send: tell,
  onMessage: (listener) => {
    process.on('message', (message: Order | ToWorker) => {
      if ('kind' in message) listener(message);
    });
  },
  onGone: (listener) => {
    process.once('disconnect', listener);
  },
};

/** The primary process may end at any moment; what cannot be said to it any more is of no use. */
function tell(message: ToPrimary | WorkerNews, done: () => void = () => undefined): void {
  if (process.connected) process.send?.(message, undefined, undefined, done);
  else done();
}

work().catch((error: unknown) => {
  tell({ news: 'failed', message: describeFailure(error) }, () => process.exit(1));
});
