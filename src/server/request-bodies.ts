import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { GraphQLError } from 'graphql';
import { Attached } from '../constant-contact/attached.js';
import type { Clock } from '../constant-contact/clock.js';
import { overloaded, refusalError } from './error-response.js';
import { MAX_BODY_BYTES } from './plugins/limits.js';

/** Maximum size of request bodies in memory, and of the documents of operations in flight, over all connections. */
const MAX_BODIES_BYTES = 64_000_000;
/** Part of them that is reserved for small bodies. */
const RESERVED_BYTES = 16_000_000;
/** Ordinary operations are far smaller. */
const SMALL_BYTES = 256_000;
/** Time limit for the arrival of a body. */
export const BODY_MS = 30_000;
/**
 * A body slower than the minimum for this long can be discarded in favour of others. Shorter than the time after which
 * a refused client tries again, so that it finds room.
 */
export const STALLED_MS = 500;
/** Minimum speed: at this pace the largest body just arrives in time. */
const MIN_PROGRESS_BYTES = (MAX_BODY_BYTES * STALLED_MS) / BODY_MS;
/** A smaller chunk counts as much: parsing it takes as long. */
export const MIN_CHUNK_BYTES = 256;
const IN_PARTS = /^(text\/event-stream|multipart\/)/i;
/** Bodies are stored in buffers of this size. */
const BUFFER_BYTES = 16_384;

/** Memory of one request body. */
export interface Body {
  readonly bytes: number;
  /** @throws GraphQLError when there is no room for so many more bytes */
  take(bytes: number): void;
  /** Releases so many bytes, or the rest of them. */
  give(bytes: number): void;
  /** The request was answered, or its body is no longer needed. */
  release(): void;
}

interface Holding extends Body {
  bytes: number;
  /** Set while the body is being received. */
  refuse: ((error: GraphQLError) => void) | null;
  /** Time at which the latest `MIN_PROGRESS_BYTES` had arrived. */
  progressAt: number;
  /** Number of bytes received since then. */
  sinceProgress: number;
}

/** Receives request bodies within a shared memory limit. */
export class RequestBodies {
  readonly #clock: Clock;
  /** In order of their start. */
  readonly #receiving = new Set<Holding>();
  /** Clients that wait for "100 Continue". */
  readonly #continues = new WeakMap<Readable, ServerResponse>();
  readonly #held = new Attached<Request, Body>();
  #bytes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The client sends the body after "100 Continue", which it gets when the body is needed. */
  expectContinue(request: IncomingMessage, response: ServerResponse): void {
    this.#continues.set(request, response);
  }

  /** The body of a request, without memory yet; counted until `releaseOf`. */
  hold(request: Request): Body {
    const body = this.open();
    this.#held.set(request, body);
    return body;
  }

  /** Releases the body of a request when its response is over. */
  releaseOf(request: Request, response: Response, res: ServerResponse | undefined): void {
    const body = this.#held.get(request);
    // An operation with a response in parts keeps its variables until the last one.
    if (body && IN_PARTS.test(response.headers.get('content-type') ?? '')) releaseAfter(res, body);
    else body?.release();
  }

  /** A body without memory yet. */
  open(): Body {
    const holding: Holding = {
      bytes: 0,
      refuse: null,
      progressAt: 0,
      sinceProgress: 0,
      take: (bytes) => {
        this.#makeRoom(holding, bytes);
        holding.bytes += bytes;
        this.#bytes += bytes;
      },
      give: (bytes) => {
        const given = Math.min(bytes, holding.bytes);
        holding.bytes -= given;
        this.#bytes -= given;
      },
      release: () => holding.give(holding.bytes),
    };
    return holding;
  }

  /**
   * A body starts to arrive. Until `stop`, it can be discarded in favour of others.
   * @param refuse discards it; must call `stop` and release its memory
   */
  start(body: Body, refuse: (error: GraphQLError) => void): void {
    const holding = body as Holding;
    holding.refuse = refuse;
    holding.progressAt = this.#clock.now();
    holding.sinceProgress = 0;
    this.#receiving.add(holding);
  }

  /** Part of a started body has arrived. */
  progress(body: Body, bytes: number): void {
    const holding = body as Holding;
    holding.sinceProgress += bytes;
    if (holding.sinceProgress < MIN_PROGRESS_BYTES) return;
    holding.sinceProgress = 0;
    holding.progressAt = this.#clock.now();
  }

  /** A body has arrived, or is no longer received. */
  stop(body: Body): void {
    const holding = body as Holding;
    holding.refuse = null;
    this.#receiving.delete(holding);
  }

  /**
   * Receives a body as text. Its memory is counted until `body` is released.
   * @param length the `Content-Length`, if there is one
   * @throws GraphQLError for a body that is too large or too slow, or while too many are in memory
   * @throws Error when the client disconnects
   */
  text(source: Readable, length: string | null, body: Body): Promise<string> {
    const pieces = new BodyBuffer(body);
    return this.receive(source, length, body, (chunk) => pieces.append(chunk)).then(() => pieces.text());
  }

  /**
   * Passes each chunk of a body to `write`, and awaits its promise, if any, before the next one.
   * @throws like `text`, and errors of `write`
   */
  receive(
    source: Readable,
    length: string | null,
    body: Body,
    write: (chunk: Buffer) => void | Promise<void>,
  ): Promise<void> {
    const holding = body as Holding;
    let received = 0;
    let counted = 0;
    return new Promise((resolve, reject) => {
      if (Number(length ?? 0) > MAX_BODY_BYTES) {
        reject(tooLarge());
        return;
      }
      if (source.destroyed) {
        reject(gone());
        return;
      }
      const stop = () => {
        this.stop(body);
        cancelDeadline();
        source.off('data', onData).off('end', onEnd).off('error', fail).off('close', onClose);
      };
      const fail = (error: Error) => {
        stop();
        // The client may leave after the refusal. An error event without a listener would end the process.
        source.on('error', () => undefined);
        source.pause();
        body.release();
        reject(error);
      };
      const onData = (piece: Uint8Array) => {
        // The streams of the fetch API have no buffers.
        const chunk = Buffer.isBuffer(piece) ? piece : Buffer.from(piece);
        received += chunk.length;
        counted += Math.max(chunk.length, MIN_CHUNK_BYTES);
        if (counted > MAX_BODY_BYTES) {
          fail(received > MAX_BODY_BYTES ? tooLarge() : tooManyChunks());
          return;
        }
        this.progress(body, chunk.length);
        try {
          const writing = write(chunk);
          if (!writing) return;
          source.pause();
          writing.then(() => {
            if (holding.refuse) source.resume();
          }, fail);
        } catch (error) {
          fail(error as Error);
        }
      };
      const onEnd = () => {
        stop();
        resolve();
      };
      const onClose = () => fail(gone());
      const cancelDeadline = this.#clock.after(BODY_MS, () => fail(tooSlow()));
      this.start(body, fail);
      source.on('data', onData).on('end', onEnd).on('error', fail).on('close', onClose);
      this.#continues.get(source)?.writeContinue();
    });
  }

  /** Refuses incomplete bodies while there is no room for so many more bytes. */
  #makeRoom(holding: Holding, bytes: number): void {
    const isSmall = holding.bytes + bytes <= SMALL_BYTES;
    const bound = isSmall ? MAX_BODIES_BYTES : MAX_BODIES_BYTES - RESERVED_BYTES;
    while (this.#bytes + bytes > bound) {
      const other = isSmall ? this.#findLargerThan(holding) : this.#findStalledExcept(holding);
      if (!other?.refuse) throw noRoom();
      other.refuse(noRoom());
    }
  }

  /** The largest one is refused in favour of small bodies, so that ordinary operations are still answered. */
  #findLargerThan(holding: Holding): Holding | null {
    let largest = holding;
    for (const one of this.#receiving) if (one.bytes > largest.bytes) largest = one;
    return largest === holding ? null : largest;
  }

  /** The one that has been slow for the longest time. */
  #findStalledExcept(holding: Holding): Holding | null {
    let slowest: Holding | null = null;
    for (const one of this.#receiving) {
      const isCandidate = one !== holding && one.bytes > 0;
      if (isCandidate && (!slowest || one.progressAt < slowest.progressAt)) slowest = one;
    }
    return slowest && this.#clock.now() - slowest.progressAt >= STALLED_MS ? slowest : null;
  }
}

/** Releases a body when its response is over, which it may be already: its client has gone. */
export function releaseAfter(response: ServerResponse | undefined, body: Body): void {
  const { closed, stream } = (response ?? { closed: true }) as ServerResponse & {
    stream?: { closed: boolean };
  };
  // Responses of HTTP/2 have no `closed` of their own.
  if (closed || stream?.closed) body.release();
  else response?.once('close', body.release);
}

/** The stream of a request's body: of the socket, where there is one. */
export function bodyStreamOf(request: Request, serverContext: unknown): Readable | null {
  if (request.body === null) return null;
  const { req } = serverContext as { req?: IncomingMessage };
  return req && request.method === req.method && !req.readableDidRead
    ? req
    : Readable.from(request.body as unknown as AsyncIterable<Uint8Array>);
}

/** Received part of a body. Many small chunks are merged, because each takes a multiple of its length. */
class BodyBuffer {
  readonly #body: Body;
  readonly #buffers: Buffer[] = [];
  /** Used bytes of the last buffer. */
  #used = 0;

  constructor(body: Body) {
    this.#body = body;
  }

  append(chunk: Buffer): void {
    const last = this.#buffers.at(-1);
    const copied = last ? chunk.copy(last, this.#used) : 0;
    this.#used += copied;
    if (copied === chunk.length) return;
    const rest = chunk.subarray(copied);
    const size = last ? Math.max(rest.length, BUFFER_BYTES) : rest.length;
    this.#body.take(size);
    // Most bodies are one chunk, which is not copied.
    const buffer = last ? Buffer.allocUnsafeSlow(size) : rest;
    this.#used = last ? rest.copy(buffer) : size;
    this.#buffers.push(buffer);
  }

  text(): string {
    const last = this.#buffers.pop();
    if (!last) return '';
    const decoder = new StringDecoder('utf8');
    const texts = this.#buffers.map((buffer) => decoder.write(buffer));
    this.#body.give(last.length - this.#used);
    return texts.join('') + decoder.end(last.subarray(0, this.#used));
  }
}

const gone = () => new DOMException('The client disconnected.', 'AbortError');

const tooLarge = () =>
  refusalError(
    'REQUEST_ENTITY_TOO_LARGE',
    `A request body has at most ${(MAX_BODY_BYTES / 1e6).toFixed(0)} MB.`,
    { status: 413 },
  );

const tooManyChunks = () =>
  refusalError('REQUEST_ENTITY_TOO_LARGE', 'The request body has too many small chunks. Send larger ones.', {
    status: 413,
  });

const tooSlow = () =>
  refusalError('REQUEST_TIMEOUT', `The request body did not arrive within ${String(BODY_MS / 1_000)} s.`, {
    status: 408,
  });

const noRoom = () => overloaded('The requests in flight take too much memory.');
