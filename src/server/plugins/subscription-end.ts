import type { ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { Attached } from '../../constant-contact/attached.js';
import type { Clock } from '../../constant-contact/clock.js';
import type { Signal } from '../../constant-contact/stop.js';
import type { Context } from '../../context.js';
import { refusalError } from '../error-response.js';
import { disconnectSignalOf } from '../gone.js';
import { callerOf } from './access.js';
import { Concurrency } from './concurrency.js';

/** Maximum duration of a subscription. Descriptions and query costs of subscriptions assume it. */
export const SUBSCRIPTION_MS = 3_600_000;

const OVER: IteratorReturnResult<undefined> = { value: undefined, done: true };

/** Maximum number of concurrent subscriptions by server-sent events, the same as for WebSockets. */
export const MAX_SUBSCRIPTIONS = 1_000;
/** Maximum number for one caller: each pair of key and token, as far as it sends them. The same as on one WebSocket. */
export const MAX_SUBSCRIPTIONS_OF_CALLER = 50;

export interface SubscriptionEndOptions {
  ms: number;
  clock: Clock;
  /** Fires when the server shuts down. */
  stopping: Signal;
}

/**
 * Limits concurrent subscriptions. Ends those that last too long, and all of them when the server shuts down, each with an
 * event that gives the reason.
 */
export function useSubscriptionEnd({ ms, clock, stopping }: SubscriptionEndOptions): Plugin {
  const running = new Concurrency({ caller: MAX_SUBSCRIPTIONS_OF_CALLER, all: MAX_SUBSCRIPTIONS });
  const releases = new Attached<Request, () => void>();
  return {
    onSubscribe: ({ args, setResultAndStopExecution }) => {
      const { request, isWebSocket, tokenId } = args.contextValue as {
        request: Request;
        isWebSocket?: boolean;
      } & Partial<Context>;
      // Users of a gateway share its key, and have tokens of their own.
      const caller = [callerOf(request)?.id, tokenId].join(' ');
      // Counted before it has started, because several may start at a time. The WebSocket server counts its own subscriptions.
      const release = isWebSocket ? () => undefined : running.take(caller === ' ' ? null : caller);
      if (typeof release === 'number') {
        setResultAndStopExecution({ errors: [tooMany(release)] });
        return undefined;
      }
      // A client that leaves before the response starts never asks for an event, nor ends them.
      const gone = disconnectSignalOf(request);
      gone.addEventListener('abort', release);
      releases.set(request, release);
      if (gone.aborted) release();
      return {
        onSubscribeResult({ result, setResult }) {
          if (!isAsyncIterable<ExecutionResult>(result)) return;
          const events = endable(result);
          const onGone = () => {
            events.return().catch(() => undefined);
          };
          gone.addEventListener('abort', onGone);
          if (gone.aborted) onGone();
          const cancel = clock.after(ms, () => events.end(expired(ms)));
          const onStop = () => events.end(shuttingDown());
          stopping.addEventListener('abort', onStop, { once: true });
          if (stopping.aborted) onStop();
          void events.over.then(() => {
            cancel();
            stopping.removeEventListener('abort', onStop);
            gone.removeEventListener('abort', onGone);
            release();
          });
          setResult(events);
        },
      };
    },
    // `onSubscribeResult` is not called when a later plugin or the subscription fails to start.
    onResultProcess({ request, result }) {
      if (!isAsyncIterable(result)) releases.get(request)?.();
    },
  };
}

const tooMany = (status: 429 | 503) =>
  refusalError(
    'TOO_MANY_OPERATIONS',
    status === 429
      ? `At most ${String(MAX_SUBSCRIPTIONS_OF_CALLER)} subscriptions can be in flight for one key or token. Wait for one to end.`
      : `At most ${String(MAX_SUBSCRIPTIONS)} subscriptions can be in flight. Wait for one to end.`,
    { status, headers: { 'retry-after': '10' } },
    { retryable: true },
  );

const expired = (ms: number) =>
  refusalError(
    'SUBSCRIPTION_EXPIRED',
    `A subscription is limited to ${String(ms / 60_000)} minutes. Subscribe again to follow it further.`,
    undefined,
    { retryable: true },
  );

const shuttingDown = () =>
  refusalError('SHUTTING_DOWN', 'The server is shutting down.', undefined, { retryable: true });

interface Endable extends AsyncIterableIterator<ExecutionResult> {
  /** Makes this error the last event, even if the source has more. */
  end(error: GraphQLError): void;
  readonly over: Promise<void>;
  return(): Promise<IteratorResult<ExecutionResult>>;
}

function endable(events: AsyncIterable<ExecutionResult>): Endable {
  const source = events[Symbol.asyncIterator]();
  let isOver = false;
  let onOver = (): void => undefined;
  let last: IteratorResult<ExecutionResult> | undefined;
  let onEnd: (last: IteratorResult<ExecutionResult>) => void = () => undefined;
  const over = new Promise<void>((resolve) => (onOver = resolve));
  const ended = new Promise<IteratorResult<ExecutionResult>>((resolve) => (onEnd = resolve));
  const finish = () => {
    isOver = true;
    onOver();
  };
  return {
    over,
    end: (error) => {
      if (isOver || last) return;
      last = { value: { errors: [error] }, done: false };
      onEnd(last);
      // The last event may never be read.
      onOver();
      // The pending reads of the source are abandoned.
      source.return?.().catch(() => undefined);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (isOver) return OVER;
      try {
        const next = await Promise.race([ended, source.next()]);
        if (next.done || next === last) finish();
        return next;
      } catch (error) {
        finish();
        throw error;
      }
    },
    async return() {
      finish();
      await source.return?.();
      return OVER;
    },
  };
}
