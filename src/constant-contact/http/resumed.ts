import { sleep } from '../abort.js';
import type { Clock } from '../clock.js';
import type { OperationId } from '../contract/operations.js';
import { ConstantContactError } from '../errors.js';
import type { Signal } from '../stop.js';
import { pauseBeforeRetry } from './retry.js';

/**
 * A body that resumes after a broken connection: it is requested again, and the part already read is skipped. For files that do
 * not change.
 * @param open requests the body from its beginning
 */
export async function* resumed(
  open: () => Promise<AsyncIterable<Uint8Array>>,
  { id, clock, random, signal }: { id: OperationId; clock: Clock; random: () => number; signal: Signal },
): AsyncGenerator<Uint8Array> {
  let position = 0;
  for (let retries = 0; ; retries += 1) {
    try {
      let skip = position;
      for await (const chunk of await open()) {
        const cut = Math.min(skip, chunk.length);
        skip -= cut;
        position += chunk.length - cut;
        if (cut < chunk.length) yield chunk.subarray(cut);
      }
      return;
    } catch (error) {
      const pause =
        error instanceof ConstantContactError && error.retryable
          ? pauseBeforeRetry(id, 'GET', { error, fate: 'unknown' }, retries, random)
          : null;
      if (pause === null) throw error;
      await sleep(clock, pause, signal);
    }
  }
}
