import type { Plugin } from 'graphql-yoga';
import { Attached } from '../../constant-contact/attached.js';
import { ConstantContactError } from '../../constant-contact/errors.js';
import type { Clock } from '../../constant-contact/clock.js';
import { whenOver } from '../outcome.js';
import { signalOf } from './cancellation.js';

export const DEFAULT_OPERATION_TIMEOUT_MS = 120_000;

const limits = new Attached<Request, AbortController>();

/** Ends the work of a request's operation: when its client goes away, and when its time is up. */
export function operationSignalOf(request: Request): AbortSignal {
  return limitOf(request).signal;
}

function limitOf(request: Request): AbortController {
  const known = limits.get(request);
  if (known) return known;
  const limit = new AbortController();
  const gone = signalOf(request);
  const abort = () => {
    limit.abort(gone.reason);
  };
  if (gone.aborted) abort();
  else gone.addEventListener('abort', abort, { once: true });
  limits.set(request, limit);
  return limit;
}

/**
 * Gives each operation so much time. When it is over, every REST call that it waits for fails and none is begun, so
 * that the answer goes out with what is there by then. A subscription has a limit of its own.
 *
 * @param ms 0 for no limit
 */
export function useDeadline(ms: number, clock: Clock): Plugin {
  if (ms === 0) return {};
  return {
    onExecute({ args }) {
      const { request } = args.contextValue as { request: Request };
      const limit = limitOf(request);
      const stop = clock.after(ms, () => {
        limit.abort(
          new ConstantContactError(
            'timeout',
            `The operation was not finished within ${String(ms / 1_000)} seconds.`,
          ),
        );
      });
      // An execution that is broken off is never done.
      limit.signal.addEventListener('abort', stop, { once: true });
      return { onExecuteDone: (payload) => whenOver(payload, stop) };
    },
  };
}
