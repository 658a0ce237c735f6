import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config.js';
import { systemClock } from '../constant-contact/clock.js';
import { createGovernor } from '../constant-contact/budget/governor.js';
import { Primary } from '../constant-contact/workers/primary.js';
import type { Peer, ToPrimary, ToWorker } from '../constant-contact/workers/protocol.js';
import { createSandbox, type Sandbox } from '../sandbox/index.js';
import { createLogger } from '../server/logger.js';
import type { Serving } from './serve.js';
import { StartError } from './support.js';

/** Where a worker begins; `.ts` when this runs from its sources. */
const WORKER = fileURLToPath(new URL(`../cli/worker${import.meta.url.slice(-3)}`, import.meta.url));

/** Pause before a worker that ended is replaced, in milliseconds; doubled each time, until one has lived for a minute. */
const RESTART_MS = 1_000;
const LONGEST_RESTART_MS = 30_000;
const SETTLED_MS = 60_000;

/** What a worker and the primary process say to each other besides `ToPrimary` and `ToWorker`. */
export type WorkerNews =
  | { news: 'hello' }
  | { news: 'listening'; url: string; login: Serving['login'] }
  | { news: 'failed'; message: string };
export type Order = { order: 'start'; sandbox: { url: string; token: string } | null } | { order: 'close' };

type Listening = WorkerNews & { news: 'listening' };

export interface Workers {
  /**
   * Resolves when all of them listen, on the same port.
   * @throws StartError when one cannot
   */
  readonly serving: Promise<Serving>;
  /** Resolves when every worker has finished what was under way. */
  close(): Promise<void>;
}

/**
 * Serves with several processes on one port. This one serves no requests: it keeps the budget, the reference data and
 * what is read for the subscriptions of all workers, the embedded account in sandbox mode, and replaces a worker that ends.
 */
export function startWorkers(config: Config, count: number): Workers {
  const logger = createLogger(config.logLevel);
  const { requestsPerSecond, requestsPerDay, referenceCacheSeconds } = config;
  const limits = { requestsPerSecond, requestsPerDay, validate: false };
  const embedded = config.mode === 'sandbox' ? createSandbox(limits) : Promise.resolve(null);
  const primary = new Primary({
    governor: createGovernor({ perSecond: requestsPerSecond, perDay: requestsPerDay, clock: systemClock }),
    clock: systemClock,
    referenceTtlMs: referenceCacheSeconds * 1_000,
  });
  cluster.setupPrimary({ exec: WORKER, args: [], serialization: 'advanced' });

  const workers = new Set<Worker>();
  let serves = false;
  let pauseMs = RESTART_MS;
  let closing: Promise<void> | undefined;

  /** Resolves when it listens; one that ends later is replaced. */
  const begin = (sandbox: Sandbox | null): Promise<Listening> =>
    new Promise((resolve, reject) => {
      const worker = cluster.fork({ HOST: config.host, PORT: String(config.port) });
      const began = Date.now();
      workers.add(worker);
      worker.on('message', (message: WorkerNews | ToPrimary) => {
        if (!('news' in message)) return;
        if (message.news === 'hello') {
          primary.attach(peerOf(worker));
          tell(worker, { order: 'start', sandbox: sandbox && { url: sandbox.url, token: sandbox.token } });
        } else if (message.news === 'listening') {
          logger.info({ pid: worker.process.pid }, 'a worker serves');
          resolve(message);
        } else reject(new StartError(message.message));
      });
      worker.once('exit', (code: number | null, signal: string | null) => {
        workers.delete(worker);
        reject(new StartError(`A worker ended (${signal ?? String(code)}) before it served.`));
        if (!serves || closing) return;
        if (Date.now() - began > SETTLED_MS) pauseMs = RESTART_MS;
        logger.error({ pid: worker.process.pid, code, signal, replacedInMs: pauseMs }, 'a worker ended');
        setTimeout(() => {
          // How it ends is seen above, too.
          if (!closing) begin(sandbox).catch(() => undefined);
        }, pauseMs).unref();
        pauseMs = Math.min(pauseMs * 2, LONGEST_RESTART_MS);
      });
    });

  const start = async (): Promise<Serving> => {
    const sandbox = await embedded;
    const [first] = await Promise.all(Array.from({ length: count }, () => begin(sandbox)));
    serves = true;
    return {
      url: first?.url ?? '',
      apiUrl: sandbox?.url ?? config.apiUrl ?? '',
      login: first?.login ?? null,
    };
  };

  const shutDown = async (): Promise<void> => {
    const ended = [...workers].map((worker) => {
      const gone = once(worker, 'exit');
      tell(worker, { order: 'close' });
      return gone;
    });
    await Promise.all(ended);
    await (await embedded)?.close();
  };
  return { serving: start(), close: () => (closing ??= shutDown()) };
}

function peerOf(worker: Worker): Peer<ToWorker, ToPrimary> {
  return {
    send: (message) => {
      tell(worker, message);
    },
    onMessage: (listener) => {
      worker.on('message', (message: ToPrimary | WorkerNews) => {
        if ('kind' in message) listener(message);
      });
    },
    onGone: (listener) => {
      worker.once('exit', listener);
    },
  };
}

/** A worker may end at any moment, and then nothing can be said to it. */
function tell(worker: Worker, message: ToWorker | Order): void {
  if (worker.isConnected()) worker.send(message, () => undefined);
}
