import type { Plugin } from 'graphql-yoga';
import { Attached } from '../../constant-contact/attached.js';
import { ConstantContactError } from '../../constant-contact/errors.js';
import type { Clock } from '../../constant-contact/clock.js';
import { Stop } from '../../constant-contact/stop.js';
import { notifyAtEnd } from '../outcome.js';
import { disconnectSignalOf } from '../gone.js';

export const DEFAULT_OPERATION_TIMEOUT_MS = 120_000;

const limits = new Attached<Request, Stop>();

/** Cancels the work of an operation when its client disconnects or its time is up. */
export function operationStopOf(request: Request): Stop {
  let limit = limits.get(request);
  if (!limit) {
    limit = new Stop();
    limit.follow(disconnectSignalOf(request));
    limits.set(request, limit);
  }
  return limit;
}

/**
 * Limits the duration of operations. At the deadline, every REST call that the operation waits for fails and no further one
 * starts, so that the response has the data loaded until then. Subscriptions have a limit of their own.
 * @param ms 0 for no limit
 */
export function useDeadline(ms: number, clock: Clock): Plugin {
  if (ms === 0) return {};
  return {
    onExecute({ args }) {
      const { request } = args.contextValue as { request: Request };
      const limit = operationStopOf(request);
      const stop = clock.after(ms, () =>
        limit.abort(
          new ConstantContactError(
            'timeout',
            `The operation was not finished within ${String(ms / 1_000)} seconds. Request fewer rows or fields.`,
          ),
        ),
      );
      // A cancelled execution never finishes.
      limit.addEventListener('abort', stop);
      return { onExecuteDone: (payload) => notifyAtEnd(payload, stop) };
    },
  };
}
