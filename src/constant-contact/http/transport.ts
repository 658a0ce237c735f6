import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
// By its file, because Bun has an incomplete module of its own under the name of the package.
import { Pool, type Dispatcher } from 'undici/index.js';
import { TimeUp } from '../abort.js';
import type { Clock } from '../clock.js';
import { Form } from './form.js';
import type { Signal } from '../stop.js';

export interface WireRequest {
  method: string;
  /** From the host's root, with the query string. */
  path: string;
  headers: Record<string, string>;
  body: string | Form | null;
}

/** A response whose body is still arriving. It keeps a connection busy until one of the two ways to read it has ended. */
export interface WireAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /**
   * Result of `read` on the whole body. The body itself is never the value of a promise: V8 keeps an old promise
   * until its next full collection, together with the body.
   */
  whole<T>(read: (body: Buffer) => T): Promise<T>;
  /** Streams the body at the reader's pace. It must be read to its end or destroyed. */
  stream(): Readable;
}

export interface OpenOptions {
  signal: Signal;
  /** Maximum time until the whole body has arrived, or until it is read as a stream, in milliseconds. */
  limitMs: number;
  /** True if the body is read as a stream, at the pace of its reader. */
  isStream?: boolean;
  /** Called at the moment the request is written to the socket; never for one that did not leave. */
  onSent?: () => void;
}

export interface Transport {
  /**
   * Sends one request, once. Settles as soon as the signal fires, even before a connection is open, and then rejects with the
   * signal's reason; with `TimeUp` when the time is over. All other rejections are failures of the network. The body fails in
   * the same ways.
   */
  open(request: WireRequest, options: OpenOptions): Promise<WireAnswer>;
  close(): Promise<void>;
}

export interface TransportOptions {
  origin: string;
  clock: Clock;
  /** Replaces the own pool; the caller must close it. */
  dispatcher?: Dispatcher | undefined;
}

/** For calls, and as many for streams: a slow reader keeps its connection for the whole file. */
const MAX_CONNECTIONS = 64;
const CONNECT_TIMEOUT_MS = 10_000;

/** Maximum size of a response that is read as a whole: pages of 500 rows with all included data have a few megabytes. */
const MAX_BODY_BYTES = 32 * 1_024 * 1_024;

/** A response is larger than anything that this program reads as a whole. */
export class AnswerTooLarge extends Error {}

export function createTransport({ origin, clock, dispatcher }: TransportOptions): Transport {
  // Every attempt carries its own time limit, so undici's are off.
  const createPool = () =>
    new Pool(origin, {
      connections: MAX_CONNECTIONS,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: CONNECT_TIMEOUT_MS },
    });
  const own = dispatcher ? [] : [createPool(), createPool()];
  const [calls = dispatcher, streams = dispatcher] = own;
  return {
    open: (request, options) =>
      new Promise((resolve, reject) => {
        options.signal.throwIfAborted();
        const { method, path } = request;
        const { headers, body } = encoded(request);
        const exchange = new Exchange(options, clock, resolve, reject);
        try {
          (options.isStream ? streams : calls)?.dispatch({ origin, method, path, headers, body }, exchange);
        } catch (error) {
          exchange.onResponseError(null, error as Error);
        }
      }),
    close: async () => {
      await Promise.all(own.map((pool) => pool.close()));
    },
  };
}

/** One request and its answer, as undici reports them. */
class Exchange implements Dispatcher.DispatchHandler, WireAnswer {
  status = 0;
  headers: IncomingHttpHeaders = {};
  readonly #options: OpenOptions;
  readonly #answer: (answer: WireAnswer) => void;
  readonly #fail: (error: unknown) => void;
  readonly #stopClock: () => void;
  #controller: Dispatcher.DispatchController | undefined;
  /** Chunks received before a stream was requested. */
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #body: Readable | undefined;
  #onWhole: (() => void) | undefined;
  #failure: Error | undefined;
  /** Reason for the cancellation. */
  #reason: unknown;
  #over = false;

  constructor(
    options: OpenOptions,
    clock: Clock,
    answer: (answer: WireAnswer) => void,
    fail: (error: unknown) => void,
  ) {
    this.#options = options;
    this.#answer = answer;
    this.#fail = fail;
    const { signal, limitMs } = options;
    signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#stopClock = clock.after(limitMs, () =>
      this.#leave(new TimeUp(`No response within ${String(limitMs)} ms.`)),
    );
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#reason !== undefined) {
      controller.abort(this.#reason as Error);
      return;
    }
    this.#controller = controller;
    this.#options.onSent?.();
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    if (status < 200) return;
    this.status = status;
    this.headers = headers;
    this.#answer(this);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#body) {
      if (!this.#body.push(chunk)) controller.pause();
      return;
    }
    this.#bytes += chunk.length;
    if (this.#bytes > MAX_BODY_BYTES) this.#leave(new AnswerTooLarge());
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#end();
    this.#body?.push(null);
    this.#onWhole?.();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.#end();
    const reason = this.#reason ?? error;
    this.#failure = reason instanceof Error ? reason : error;
    this.#body?.destroy(this.#failure);
    this.#onWhole?.();
    this.#fail(reason);
  }

  async whole<T>(read: (body: Buffer) => T): Promise<T> {
    if (!this.#over) await new Promise<void>((resolve) => (this.#onWhole = resolve));
    if (this.#failure) throw this.#failure;
    // Removed for the same reason that the body is not the value of a promise.
    const chunks = this.#chunks.splice(0);
    const [first] = chunks;
    return read(chunks.length === 1 && first ? first : Buffer.concat(chunks));
  }

  /** Streams the body, starting with the chunks received so far. */
  stream(): Readable {
    this.#body ??= this.#open();
    return this.#body;
  }

  #open(): Readable {
    const controller = this.#controller;
    this.#stopClock();
    const body = new Readable({
      read: () => {
        if (!this.#over) controller?.resume();
      },
      destroy: (error, done) => {
        if (!this.#over) controller?.abort(error ?? new Error('The body was not read to its end.'));
        done(error);
      },
    });
    // A body that fails while it is not read must not end the process; a reader still gets the error.
    body.on('error', () => undefined);
    for (const chunk of this.#chunks.splice(0)) body.push(chunk);
    if (this.#failure) body.destroy(this.#failure);
    else if (this.#over) body.push(null);
    return body;
  }

  readonly #onAbort = (): void => this.#leave(this.#options.signal.reason);

  #leave(reason: unknown): void {
    this.#reason ??= reason;
    // Without a controller, no connection has taken the request yet: undici cannot cancel it, but the caller need not wait.
    this.#controller?.abort(this.#reason as Error);
    this.#fail(this.#reason);
  }

  #end(): void {
    this.#over = true;
    this.#stopClock();
    this.#options.signal.removeEventListener('abort', this.#onAbort);
  }
}

/** The body of a form is read once, so each attempt makes its own. */
function encoded({ headers, body }: WireRequest): Pick<Dispatcher.DispatchOptions, 'headers' | 'body'> {
  if (!(body instanceof Form)) return { headers, body };
  const form = body.encode();
  return { headers: { ...headers, ...form.headers }, body: form.body };
}
