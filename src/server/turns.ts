import { Attached } from '../constant-contact/attached.js';
import type { Signal } from '../constant-contact/stop.js';
import { overloaded } from './error-response.js';

/**
 * Time within one turn of the event loop in which work starts, in milliseconds. The rest waits for the next turn, so that the event
 * loop accepts new connections.
 */
const TURN_MS = 10;
const MAX_STARTS = 64;

/** Shares the event loop among requests and operations over WebSockets. */
export interface Turns {
  /** Starts work in the order of the calls: now, or in a later turn of the event loop if this one has been busy for long. */
  start(this: void, work: () => void): void;
  /**
   * Starts no more work in this turn, if any waits: a connection has sent its first request. The event loop accepts one connection in
   * a turn, so the last one in a row would otherwise wait for the work of as many turns.
   */
  favorNew(this: void): void;
}

export function createTurns(): Turns {
  const deferred: (() => void)[] = [];
  let turnStartedAt: number | null = null;
  /** Turns without work since the last one with work. As many connections may come as work may start in a turn. */
  let skipped = 0;
  const onTurn = () => {
    turnStartedAt = null;
    // One callback each, because promise callbacks do much of the work, and they run when the callback has returned.
    for (let left = Math.min(deferred.length, MAX_STARTS); left > 0; left -= 1) setImmediate(startDeferred);
  };
  const startDeferred = () => {
    if (deferred.length > 0 && mayStart()) deferred.shift()?.();
  };
  const beginTurn = (at: number) => {
    if (turnStartedAt === null) setImmediate(onTurn);
    turnStartedAt = at;
  };
  const mayStart = () => {
    if (turnStartedAt === null) {
      beginTurn(performance.now());
      skipped = 0;
      return true;
    }
    return performance.now() - turnStartedAt < TURN_MS;
  };
  return {
    start: (work) => {
      if (deferred.length === 0 && mayStart()) work();
      else deferred.push(work);
    },
    favorNew: () => {
      if (deferred.length === 0 || skipped >= MAX_STARTS) return;
      skipped += 1;
      beginTurn(-Infinity);
    },
  };
}

/** Number of turns of the event loop between two long tasks. In each it accepts one connection, and other requests continue. */
const TURNS_BETWEEN = 64;
/** Maximum number of operations that wait for their first long task. */
const MAX_WAITING = 1_000;

/**
 * Waits for the turn of a long task: parsing and validating a large document, or reading the schema, which take as long as a hundred
 * small queries. The task is the code that runs after that, up to its next wait.
 *
 * @param operation fires when the operation ends early
 * @throws GraphQLError while too many operations wait
 * @throws the reason of `operation`
 */
export type LongTaskTurn = (operation: Signal) => Promise<void>;

/** Runs one long task at a time, and other work between them. */
export function createLongTasks(): LongTaskTurn {
  const hasStarted = new Attached<Signal, boolean>();
  const waiting = new Set<() => void>();
  /** Operations that had their first turn. They go first, because they hold a parsed document. Each waited with the others before. */
  const started = new Set<() => void>();
  let isRunning = false;
  const run = async () => {
    isRunning = true;
    for (;;) {
      for (let turn = 0; turn < TURNS_BETWEEN; turn += 1) await new Promise(setImmediate);
      const [begin] = started.size > 0 ? started : waiting;
      if (!begin) break;
      begin();
    }
    isRunning = false;
  };
  return async (operation) => {
    operation.throwIfAborted();
    const queue = hasStarted.get(operation) ? started : waiting;
    if (queue === waiting && waiting.size >= MAX_WAITING)
      throw overloaded('Too many large operations are waiting.');
    await new Promise<void>((resolve) => {
      const begin = () => {
        queue.delete(begin);
        operation.removeEventListener('abort', begin);
        resolve();
      };
      queue.add(begin);
      operation.addEventListener('abort', begin);
      if (!isRunning) void run();
    });
    operation.throwIfAborted();
    hasStarted.set(operation, true);
  };
}
