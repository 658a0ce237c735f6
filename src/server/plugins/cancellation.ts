import type { Plugin } from 'graphql-yoga';
import { Attached } from '../../constant-contact/attached.js';

const signals = new Attached<Request, AbortSignal>();

/**
 * Aborts when the client of this request goes away. It is the runtime's own kind of signal: the one that the HTTP
 * adapter puts on its requests is a stand-in, which other libraries do not always take for real.
 */
export function signalOf(request: Request): AbortSignal {
  const own: unknown = request.signal;
  if (own instanceof AbortSignal) return own;
  const known = signals.get(request);
  if (known) return known;
  const controller = new AbortController();
  const abort = () => {
    controller.abort();
  };
  if (request.signal.aborted) abort();
  else request.signal.addEventListener('abort', abort, { once: true });
  signals.set(request, controller.signal);
  return controller.signal;
}

/** Starts no further resolver once the client has gone; the context hands the same signal to the REST client. */
export function useCancellation(): Plugin {
  return {
    onExecute({ args }) {
      const { request } = args.contextValue as { request?: Request };
      // Understood by the executor, though missing from the type of its arguments.
      if (request) Object.assign(args, { signal: signalOf(request) });
    },
  };
}
