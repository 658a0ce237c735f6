import type { Readable } from 'node:stream';
import { abortable, abortedError, throwIfAborted, withTimeLimit } from '../abort.js';
import type { Clock } from '../clock.js';
import type { OperationId } from '../contract/operations.js';
import { ConstantContactError } from '../errors.js';
import type { Signal } from '../stop.js';
import { decodeText } from './decode-text.js';
import { startsAsJsonOrMarkup } from './error-body.js';
import { failureBelowHttp } from './failure-below-http.js';

interface ChunksOptions {
  id: OperationId;
  signal: Signal;
  clock: Clock;
  /** Maximum wait for one chunk, in milliseconds. */
  limitMs: number;
}

/** Chunks of a file, each within the time limit. */
export function fileChunks(
  body: Readable,
  { id, signal, clock, limitMs }: ChunksOptions,
): AsyncIterable<Uint8Array> {
  const leave = () => {
    body.destroy(abortedError(signal));
  };
  signal.addEventListener('abort', leave, { once: true });
  body.once('close', () => signal.removeEventListener('abort', leave));
  const chunks: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]();
  let isFirst = true;
  const check = (chunk: IteratorResult<Uint8Array>) => {
    if (
      isFirst &&
      !chunk.done &&
      startsAsJsonOrMarkup(decodeText(Buffer.from(chunk.value.subarray(0, 64))))
    ) {
      throw new ConstantContactError(
        'invalidResponse',
        'Constant Contact returned a response that is not a file.',
        {
          operationId: id,
        },
      );
    }
    isFirst = false;
    return chunk;
  };
  // No generator: one that is left before its first step, or in the middle of one, does not run its `finally`.
  const iterator: AsyncIterator<Uint8Array> = {
    next: () =>
      withTimeLimit(clock, limitMs, signal, (limited) =>
        abortable(chunks.next(), limited)
          .then(check)
          .catch((error: unknown) => {
            body.destroy();
            throwIfAborted(signal);
            if (!limited.aborted && error instanceof ConstantContactError) throw error;
            throw failureBelowHttp(id, limited.aborted ? limited.reason : error, true).error;
          }),
      ),
    return: () => {
      body.destroy();
      return Promise.resolve({ done: true, value: undefined });
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}
