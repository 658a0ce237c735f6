import { TimeUp } from '../abort.js';
import { operations, type OperationId } from '../contract/operations.js';
import { ConstantContactError } from '../errors.js';
import type { Failure } from './retry.js';
import { AnswerTooLarge } from './transport.js';

/** A failure without a complete response: of the connection, or the time limit. */
export function failureBelowHttp(operationId: OperationId, error: unknown, sent: boolean): Failure {
  const { message, code } = error as { message?: string; code?: string };
  // Thousands of levels exhaust the stack; errors of Node's own functions have a code.
  const isTooDeep = error instanceof RangeError && code === undefined;
  if (isTooDeep || error instanceof AnswerTooLarge) {
    const unreadable = new ConstantContactError(
      'invalidResponse',
      `Constant Contact returned a response that is ${isTooDeep ? 'nested too deep' : 'too large'}.`,
      { operationId },
    );
    return { error: unreadable, fate: operations[operationId].method === 'GET' ? 'final' : 'unknown' };
  }
  // A copy, because a parser's error contains a part of the response.
  const cause = Object.assign(new Error(message), { code });
  const late = error instanceof TimeUp;
  const over = code === 'UND_ERR_CLOSED' || code === 'UND_ERR_DESTROYED';
  return {
    error: new ConstantContactError(
      late ? 'timeout' : 'unavailable',
      late ? 'Constant Contact did not respond in time.' : 'The connection to Constant Contact failed.',
      { operationId, cause },
    ),
    fate: over ? 'final' : sent ? 'unknown' : 'unsent',
  };
}
