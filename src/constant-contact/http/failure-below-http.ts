import { TimeUp } from '../abort.js';
import { operations, type OperationId } from '../contract/operations.js';
import { ConstantContactError } from '../errors.js';
import type { Failure } from './retry.js';
import { AnswerTooLarge } from './transport.js';

/** A failure without a complete response: of the connection, or the time limit. */
export function failureBelowHttp(operationId: OperationId, error: unknown, sent: boolean): Failure {
  if (error instanceof AnswerTooLarge) {
    const tooLarge = new ConstantContactError(
      'invalidResponse',
      'Constant Contact returned a response that is too large.',
      { operationId },
    );
    return { error: tooLarge, fate: operations[operationId].method === 'GET' ? 'final' : 'unknown' };
  }
  const { message, code } = error as { message?: string; code?: string };
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
