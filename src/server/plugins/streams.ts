import { isAsyncIterable, processRegularResult, type FetchAPI, type Plugin } from 'graphql-yoga';
import { acceptsEventParts, asksForCurrentFormat, namesType } from '../accept.js';
import { disconnectSignalOf } from '../gone.js';
import { operationStopOf } from './deadline.js';

/** Proxies commonly close a connection after 10 seconds without a byte. */
export const HEARTBEAT_MS = 8_000;
const BOUNDARY = '-';

/** Format of the results in one kind of stream. */
interface Format {
  type: string;
  opening: string;
  next: (json: string) => string;
  heartbeat?: string;
  closing: string;
}

const SERVER_SENT_EVENTS: Format = {
  type: 'text/event-stream',
  // Some browsers report the response only with its first bytes.
  opening: ':\n\n',
  next: (json) => `event: next\ndata: ${json}\n\n`,
  heartbeat: ':\n\n',
  closing: 'event: complete\ndata:\n\n',
};

const part = (json: string) =>
  `\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${String(Buffer.byteLength(json))}\r\n\r\n${json}\r\n--${BOUNDARY}`;

const multipart = (parameter: string): Format => ({
  type: `multipart/mixed; boundary="${BOUNDARY}"; ${parameter}`,
  opening: `\r\n--${BOUNDARY}`,
  next: part,
  closing: '--\r\n',
});

const DEFERRED_2022 = multipart('deferSpec=20220824');
const DEFERRED = multipart('incrementalSpec=v0.2');
/** Apollo's protocol for subscriptions over HTTP. */
const EVENTS: Format = {
  ...multipart('subscriptionSpec="1.0"'),
  next: (json) => part(`{"payload":${json}}`),
  heartbeat: part('{}'),
};

/** Writes results in several parts: deferred responses and subscriptions, as `multipart/mixed` or server-sent events. */
export function useStreams(): Plugin {
  const subscriptions = new WeakSet<Request>();
  return {
    onSubscribe({ args }) {
      subscriptions.add((args.contextValue as { request: Request }).request);
    },
    onResultProcess({ request, result, resultProcessor, setResultProcessor }) {
      if (!isAsyncIterable(result)) {
        // Yoga sends no body for an error of a subscription whose client accepts events only in parts.
        if (!resultProcessor && subscriptions.has(request))
          setResultProcessor(processRegularResult, 'application/json');
        return;
      }
      const format = formatFor(request.headers.get('accept'), subscriptions.has(request));
      setResultProcessor(
        (results, fetchAPI) => respond(results as AsyncIterable<unknown>, format, fetchAPI, request),
        format.type,
      );
    },
  };
}

function formatFor(accept: string | null, isSubscription: boolean): Format {
  if (isSubscription) return acceptsEventParts(accept) ? EVENTS : SERVER_SENT_EVENTS;
  if (!namesType(accept, 'multipart/mixed')) return SERVER_SENT_EVENTS;
  return asksForCurrentFormat(accept) ? DEFERRED : DEFERRED_2022;
}

function respond(
  results: AsyncIterable<unknown>,
  format: Format,
  fetchAPI: FetchAPI,
  request: Request,
): Response {
  const gone = disconnectSignalOf(request);
  const iterator: AsyncIterator<unknown, unknown> = results[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let heartbeat: NodeJS.Timeout | undefined;
  const body = new fetchAPI.ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(format.opening));
      if (format.heartbeat === undefined || gone.aborted) return;
      const bytes = encoder.encode(format.heartbeat);
      // Not by the injected clock: proxies measure real time.
      heartbeat = setInterval(() => {
        // A client that does not read gets no heartbeats.
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(bytes);
      }, HEARTBEAT_MS).unref();
      // Nobody cancels the response when its client leaves before the first part is sent.
      gone.addEventListener('abort', () => clearInterval(heartbeat));
    },
    async pull(controller) {
      try {
        const { done, value } = await iterator.next();
        if (!done) controller.enqueue(encoder.encode(format.next(JSON.stringify(value))));
        else {
          clearInterval(heartbeat);
          controller.enqueue(encoder.encode(format.closing));
          controller.close();
        }
      } catch (error) {
        clearInterval(heartbeat);
        controller.error(error);
      }
    },
    async cancel(reason) {
      clearInterval(heartbeat);
      const returned = iterator.return?.(reason);
      // The executor continues with deferred fields that nobody will read.
      operationStopOf(request).abort();
      await returned;
    },
  });
  return new fetchAPI.Response(body, {
    status: 200,
    headers: {
      'content-type': format.type,
      'cache-control': 'no-cache',
      // Nginx would otherwise buffer the parts.
      'x-accel-buffering': 'no',
    },
  });
}
