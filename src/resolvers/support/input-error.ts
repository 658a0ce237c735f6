import type { ConstantContactError } from '../../constant-contact/errors.js';

/** Problems of an input value. The names are the values of the GraphQL enum `UserErrorCode`. */
export const INPUT_PROBLEMS = [
  'INVALID',
  'INVALID_ID',
  'REQUIRED',
  'TOO_LONG',
  'TOO_MANY',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'NOT_ALLOWED',
  'QUEUE_FULL',
  'REJECTED',
  'PARTLY_DONE',
  'DONE_UNREAD',
] as const;
export type InputProblem = (typeof INPUT_PROBLEMS)[number];

/**
 * An error that the user can correct. In a query it becomes a top-level `BAD_USER_INPUT` error, in a mutation
 * an entry of `userErrors`.
 */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly code: InputProblem;
  /** Path of the offending argument, outermost first: `['input', 'listIds', '3']`. */
  readonly field: readonly string[];

  /** @param cause the API's refusal behind this error */
  constructor(
    code: InputProblem,
    message: string,
    field: readonly string[] = [],
    cause?: ConstantContactError,
  ) {
    super(message, cause && { cause });
    this.code = code;
    this.field = [...field];
  }
}

/** Several input errors. A mutation reports each of them in `userErrors`; the message names the argument of each. */
export class InputErrors extends Error {
  override readonly name = 'InputErrors';
  readonly errors: readonly InputError[];

  constructor(errors: readonly InputError[]) {
    super([...new Set(errors.map(located))].join(' '));
    this.errors = errors;
  }
}

function located({ field, message }: InputError): string {
  return field.length > 0 ? `${field.join('.')}: ${message}` : message;
}
