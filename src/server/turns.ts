import { createGraphQLError } from 'graphql-yoga';
import type { Signal } from '../constant-contact/stop.js';
import type { ErrorCode } from './errors.js';

/** How long work is started within one turn of the event loop. Other work waits for the next, so that new connections are seen. */
const TURN_MS = 10;
const MAX_STARTS = 64;

/** Starts work now, or in a later turn of the event loop when this one was busy for long; in the order of the calls. */
export type InTurn = (work: () => void) => void;

/** Shares the event loop among all that starts work on it: requests, and operations over WebSockets. */
export function createTurns(): InTurn {
  const deferred: (() => void)[] = [];
  let turnStartedAt: number | null = null;
  const onTurn = () => {
    turnStartedAt = null;
    // Each in a callback of its own, because much of its work is done when that has returned.
    for (let left = Math.min(deferred.length, MAX_STARTS); left > 0; left -= 1) setImmediate(startDeferred);
  };
  const startDeferred = () => {
    if (deferred.length > 0 && mayStart()) deferred.shift()?.();
  };
  const mayStart = () => {
    if (turnStartedAt === null) {
      turnStartedAt = performance.now();
      setImmediate(onTurn);
      return true;
    }
    return performance.now() - turnStartedAt < TURN_MS;
  };
  return (work) => {
    if (deferred.length === 0 && mayStart()) work();
    else deferred.push(work);
  };
}

/** How often the event loop turns between two long tasks. In each turn it accepts one connection, and other requests go on. */
const TURNS_BETWEEN = 64;
/** Most long tasks that wait. */
const MAX_WAITING = 1_000;

/**
 * Waits for the turn of a long task. What follows until it waits for something else is the long task: parsing and validating a large
 * document, or reading the schema, which take as long as a hundred small queries.
 *
 * @param client fires when nobody needs the task any more
 * @param hasStarted whether it is a further task of work of which one was done. It goes first, because such work takes memory
 * @throws GraphQLError while too many wait
 * @throws the reason of `client`
 */
export type LongTaskTurn = (client: Signal, hasStarted?: boolean) => Promise<void>;

/** Runs one long task at a time, and other work between them. */
export function createLongTasks(): LongTaskTurn {
  const waiting: Task[] = [];
  const started: Task[] = [];
  let isRunning = false;
  const run = async () => {
    isRunning = true;
    for (;;) {
      for (let turn = 0; turn < TURNS_BETWEEN; turn += 1) await new Promise(setImmediate);
      let task = started.shift() ?? waiting.shift();
      while (task?.client.aborted) {
        task.begin();
        task = started.shift() ?? waiting.shift();
      }
      if (!task) break;
      task.begin();
    }
    isRunning = false;
  };
  return async (client, hasStarted = false) => {
    if (!hasStarted && waiting.length >= MAX_WAITING) throw overloaded();
    await new Promise<void>((begin) => {
      (hasStarted ? started : waiting).push({ client, begin });
      if (!isRunning) void run();
    });
    client.throwIfAborted();
  };
}

interface Task {
  client: Signal;
  begin: () => void;
}

const RETRY_AFTER_SECONDS = 1;

const overloaded = () =>
  createGraphQLError('Too many large operations are waiting. Try again later.', {
    extensions: {
      code: 'OVERLOADED' satisfies ErrorCode,
      retryable: true,
      retryAfterSeconds: RETRY_AFTER_SECONDS,
      http: { status: 503, headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } },
    },
  });
