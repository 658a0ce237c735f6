import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { createYoga } from 'graphql-yoga';
import { MAX_BODY_BYTES } from './plugins/limits.js';

type Yoga = Pick<ReturnType<typeof createYoga>, 'fetch' | 'fetchAPI'>;

/** Media types of answers of one piece. Whoever accepts others as well may get parts, which is the adapter's business. */
const ACCEPTED = /^(application\/(graphql-response\+)?json|\*\/\*)$/;

/**
 * Whether a request is what nearly all are: JSON of a known length, posted to this path, answered with JSON. It then takes
 * the direct way to the pipeline; anything else takes the one through Yoga's own adapter.
 */
export function isPlain(incoming: IncomingMessage, path: string): boolean {
  const { method, url, headers } = incoming;
  const { 'content-type': type = '', 'content-length': length, accept = '*/*' } = headers;
  return (
    method === 'POST' &&
    url === path &&
    // A server that this one is mounted in may have read the body.
    !incoming.readableDidRead &&
    !('body' in incoming) &&
    /^application\/json(; ?charset=utf-8)?$/i.test(type) &&
    length !== undefined &&
    Number(length) <= MAX_BODY_BYTES &&
    headers['transfer-encoding'] === undefined &&
    headers['content-encoding'] === undefined &&
    accept.split(',').every((one) => ACCEPTED.test(one.trim()))
  );
}

/**
 * Answers plain requests. Plugins and everything else on the way are those of any other request; what is left out is the
 * adapter, which makes streams of bodies that are whole texts on either side of it.
 */
export function directListener(yoga: Yoga): (incoming: IncomingMessage, response: ServerResponse) => void {
  class PlainRequest extends yoga.fetchAPI.Request {
    readonly #text: string;

    constructor({ headers, url = '' }: IncomingMessage, text: string, signal: AbortSignal) {
      super(`http://${headers.host ?? 'localhost'}${url}`, {
        method: 'POST',
        headers: headers as Record<string, string>,
        signal,
      });
      this.#text = text;
    }

    override text(): Promise<string> {
      return Promise.resolve(this.#text);
    }

    override json(): Promise<unknown> {
      return this.text().then((text) => JSON.parse(text) as unknown);
    }
  }

  const answer = async (incoming: IncomingMessage, response: ServerResponse, body: Buffer) => {
    const gone = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) gone.abort();
    });
    try {
      const request = new PlainRequest(incoming, body.toString('utf8'), gone.signal);
      await send(await yoga.fetch(request, { req: incoming, res: response }), response);
    } catch (error) {
      // Nobody is there any more. Everything else has become an answer on its way here.
      if (!gone.signal.aborted) response.destroy(error as Error);
    }
  };

  return (incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.once('end', () => void answer(incoming, response, Buffer.concat(chunks)));
  };
}

async function send(answer: Response, response: ServerResponse): Promise<void> {
  const { status, headers, body } = answer;
  headers.forEach((value, name) => response.setHeader(name, value));
  const type = headers.get('content-type') ?? '';
  if (body !== null && !type.includes('json')) {
    response.writeHead(status);
    Readable.from(body as unknown as AsyncIterable<Uint8Array>).pipe(response);
    return;
  }
  const text = await answer.text();
  response.writeHead(status, { 'content-length': Buffer.byteLength(text) }).end(text);
}
