import type { OperationId } from '../../constant-contact/contract/operations.js';
import { ConstantContactError } from '../../constant-contact/errors.js';

/**
 * What a write that succeeded told, for those who cannot go on without it: the client takes a success without a body, too.
 *
 * @param answer the answer of the operation, or the part of it that is needed
 * @throws ConstantContactError `invalidResponse` when there is none
 */
export function answered<Answer>(operationId: OperationId, answer: Answer): NonNullable<Answer> {
  if (answer !== undefined && answer !== null) return answer;
  throw new ConstantContactError(
    'invalidResponse',
    'This was carried out, but Constant Contact did not say what it made. Look before you do it again.',
    { operationId },
  );
}
