import type { ExecutionResult } from 'graphql';
import { createGraphQLError, isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Clock } from '../../constant-contact/clock.js';
import type { Signal } from '../../constant-contact/stop.js';

/** Longest time of a subscription. What it follows is described, and priced, as ending within it. */
export const SUBSCRIPTION_MS = 3_600_000;

const OVER: IteratorReturnResult<undefined> = { value: undefined, done: true };

export interface SubscriptionEndOptions {
  ms: number;
  clock: Clock;
  /** Fires when the server shuts down. */
  stopping: Signal;
}

/** Ends subscriptions that last too long, and all of them when the server shuts down, each with an event that says so. */
export function useSubscriptionEnd({ ms, clock, stopping }: SubscriptionEndOptions): Plugin {
  return {
    onSubscribe: () => ({
      onSubscribeResult({ result, setResult }) {
        if (!isAsyncIterable<ExecutionResult>(result)) return;
        const events = endable(result);
        const cancel = clock.after(ms, () => {
          events.end(expired(ms));
        });
        const onStop = () => {
          events.end(shuttingDown());
        };
        stopping.addEventListener('abort', onStop, { once: true });
        if (stopping.aborted) onStop();
        void events.over.then(() => {
          cancel();
          stopping.removeEventListener('abort', onStop);
        });
        setResult(events);
      },
    }),
  };
}

const expired = (ms: number) =>
  createGraphQLError(
    `A subscription lasts ${String(ms / 60_000)} minutes at most. Subscribe again to follow it further.`,
    { extensions: { code: 'SUBSCRIPTION_EXPIRED', retryable: true } },
  );

const shuttingDown = () =>
  createGraphQLError('The server is shutting down.', {
    extensions: { code: 'SHUTTING_DOWN', retryable: true },
  });

interface Endable extends AsyncIterableIterator<ExecutionResult> {
  /** Makes this error the last event, whatever the source does. */
  end(error: ReturnType<typeof createGraphQLError>): void;
  readonly over: Promise<void>;
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
      // What the source still has under way is waited for by nobody.
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
