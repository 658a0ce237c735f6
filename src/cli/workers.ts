import cluster, { type Worker } from 'node:cluster';
import type { Config } from '../config.js';
import type { AccountStatus } from '../constant-contact/auth/account-credentials.js';
import { createLogger } from '../server/logger.js';
import { describeFailure } from './failure.js';
import { StartError, UsageError } from './support.js';

/** A server that accepts requests, in one process or in several. */
export interface Serving {
  readonly url: string;
  /** Base URL of the REST API. */
  readonly apiUrl: string;
  /** State of the login; null where none is in use. */
  readonly login: AccountStatus['state'] | null;
}

/** From a worker, once: whether it listens. */
type StartMessage = { type: 'listening'; serving: Serving } | { type: 'failed'; reason: string };

export interface Workers {
  /**
   * Resolves when all workers listen, on the same port.
   * @throws StartError when one of them cannot
   */
  readonly serving: Promise<Serving>;
  /** Ends all workers; resolves when the requests in flight are finished. */
  close(): Promise<void>;
}

/** Pause before a worker that ended is replaced, in milliseconds; doubled each time, until one has lived for a minute. */
const RESTART_MS = 1_000;
const MAX_RESTART_PAUSE_MS = 30_000;
const SETTLED_MS = 60_000;

const UNLIMITED = 'CONSTANT_CONTACT_REQUESTS_PER_SECOND=0 and CONSTANT_CONTACT_REQUESTS_PER_DAY=0';

/** @throws UsageError when workers would exceed the limits of the API key, or would serve different accounts */
export function assertShareable(config: Config, count: number): void {
  const { mode, redis, requestsPerSecond, requestsPerDay } = config;
  if (mode === 'sandbox') {
    throw new UsageError(
      `--workers ${String(count)} requires an account outside this process, because an embedded sandbox account belongs to one process. ` +
        'Run `npx constant-contact-graphql sandbox` separately, and set CONSTANT_CONTACT_API_URL and CONSTANT_CONTACT_ACCESS_TOKEN to what it prints.' +
        (redis ? '' : ` Set REDIS_URL too, or start the sandbox with --no-limits and set ${UNLIMITED}.`),
    );
  }
  if (requestsPerSecond === 0 && requestsPerDay === 0) return;
  if (!redis) {
    throw new UsageError(
      `--workers ${String(count)} requires REDIS_URL, so that workers share the limits of the API key. ` +
        `Set it, use one process, or, where the API key has no limits, set ${UNLIMITED}.`,
    );
  }
  if (count > redis.processes) {
    throw new UsageError(
      `--workers ${String(count)} requires REDIS_PROCESSES of at least ${String(count)}; it is ${String(redis.processes)}. ` +
        'The limits are divided by it while Redis is unreachable.',
    );
  }
}

/** Forks the same command line `count` times. The primary process serves nothing; it replaces each worker that ends. */
export function startWorkers(config: Config, count: number): Workers {
  const logger = createLogger(config.logLevel);
  let isServing = false;
  let isClosing = false;
  let pauseMs = RESTART_MS;

  const startWorker = (): Promise<Serving> =>
    new Promise((resolve, reject) => {
      const worker = cluster.fork();
      const { pid } = worker.process;
      const startedAt = Date.now();
      worker.on('message', (message: StartMessage) => {
        if (message.type === 'listening') {
          logger.info({ pid }, 'worker listening');
          resolve(message.serving);
        } else if (message.type === 'failed') reject(new StartError(message.reason));
      });
      worker.on('error', (err) => logger.error({ pid, err }, 'worker unreachable'));
      const onExit = async (code: number | null, signal: string | null) => {
        if (isClosing) return;
        // Its last message may still be in the channel.
        if (worker.isConnected()) await emission(worker, 'disconnect');
        reject(new StartError(`A worker ended (${signal ?? String(code)}) before it was listening.`));
        if (!isServing) return;
        if (Date.now() - startedAt > SETTLED_MS) pauseMs = RESTART_MS;
        logger.error({ pid, code, signal, restartInMs: pauseMs }, 'worker ended');
        setTimeout(replace, pauseMs);
        pauseMs = Math.min(pauseMs * 2, MAX_RESTART_PAUSE_MS);
      };
      worker.once('exit', (code, signal) => void onExit(code, signal));
    });

  const replace = () => {
    if (isClosing) return;
    startWorker().catch((err: unknown) => logger.error({ err }, 'worker not started'));
  };

  const start = async (): Promise<Serving> => {
    // The metrics of an unlimited budget hold Infinity, which JSON cannot.
    cluster.setupPrimary({ serialization: 'advanced' });
    if (config.metrics) (await import('../server/cluster-metrics.js')).answerScrapes();
    const [first] = await Promise.all(Array.from({ length: count }, startWorker));
    isServing = true;
    return first as Serving;
  };

  return {
    serving: start(),
    close: async () => {
      isClosing = true;
      const ended = Object.values(cluster.workers ?? {}).map(async (worker) => {
        if (!worker || worker.isDead()) return;
        worker.process.kill('SIGTERM');
        await emission(worker, 'exit');
      });
      await Promise.all(ended);
    },
  };
}

/** Unlike `once` of `node:events`, does not reject when the channel to the worker breaks (EPIPE) before the event. */
function emission(worker: Worker, event: 'disconnect' | 'exit'): Promise<void> {
  return new Promise((resolve) => {
    worker.once(event, () => resolve());
  });
}

/** In a worker: reports to the primary process that `serve` listens, or why it cannot. */
export async function reportStart(serve: () => Promise<Serving>): Promise<void> {
  const report = (message: StartMessage, done?: () => void) =>
    process.send?.(message, undefined, undefined, done);
  try {
    report({ type: 'listening', serving: await serve() });
  } catch (error) {
    report({ type: 'failed', reason: describeFailure(error) }, () => process.exit(1));
  }
}

/**
 * In a worker: closes on SIGTERM, which may come twice, from the primary process and to the whole process group. Ctrl-C is left
 * to the primary process. Closes also when the primary process is gone.
 */
export function onPrimarySignal(close: () => Promise<void>): void {
  let isClosing = false;
  const end = () => {
    isClosing = true;
    void close().then(() => process.exit(0));
  };
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', end);
  const { worker } = cluster;
  worker?.once('disconnect', () => {
    // The primary process ends at once at a second signal, and Node ends its workers.
    if (isClosing) return;
    // Otherwise Node exits after this event, before the requests in flight are finished.
    worker.exitedAfterDisconnect = true;
    end();
  });
}
