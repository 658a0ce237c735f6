import type { GraphQLError } from 'graphql';
import { refusalError } from '../error-response.js';

/**
 * Maximum number of values in one response: fields, and items of lists. The largest response that other limits allow has the 500,000
 * cells of an export, each an item with name and value.
 */
export const MAX_VALUES = 1_600_000;

/** Maximum number of fields of a response by the interpreter, which takes several times as long as a plan for each. */
export const MAX_INTERPRETED_FIELDS = 250_000;

/** An error takes as long as so many values. */
export const VALUES_PER_ERROR = 10;

/** Maximum number of errors in one response. Locating, translating and writing one takes most of its time. */
export const MAX_RESPONSE_ERRORS = 1_000;

/** @param most the maximum, with what is counted */
export function tooManyValues(most: string, isMutation = false): GraphQLError {
  const message = `The response would have more than ${most}. Request fewer rows, fields or aliases.`;
  return refusalError(
    'QUERY_TOO_COMPLEX',
    isMutation ? `${message} Mutations of this operation may have been carried out.` : message,
  );
}

/** The last error of a response from which others were left out. */
export function omittedErrors(omitted: number): GraphQLError {
  return refusalError(
    'QUERY_TOO_COMPLEX',
    `${count(omitted)} further errors are omitted: a response has at most ${count(MAX_RESPONSE_ERRORS)}.`,
  );
}

/** The errors of a response, or of a part of it, by the interpreter; one if it has too many values. */
export function limitErrors(errors: readonly GraphQLError[]): readonly GraphQLError[] {
  const refusal = errors.find(({ extensions }) => extensions['code'] === 'QUERY_TOO_COMPLEX');
  if (refusal) return [refusal];
  const omitted = errors.length - MAX_RESPONSE_ERRORS;
  return omitted > 0 ? [...errors.slice(0, MAX_RESPONSE_ERRORS), omittedErrors(omitted)] : errors;
}

/**
 * A signal for the interpreter, which calls `throwIfAborted` twice per field and has no other place for a count. Errors and items of
 * lists do not count. Above the limit each further field fails. The signal does not fire then: a response in several parts would
 * never end.
 *
 * @param source aborts it
 */
export function countingSignal(source: AbortSignal | undefined, isMutation: boolean): AbortSignal {
  const signal = source ? AbortSignal.any([source]) : new AbortController().signal;
  let calls = 0;
  let refusal: GraphQLError | undefined;
  signal.throwIfAborted = () => {
    if (signal.aborted) throw signal.reason;
    calls += 1;
    if (calls <= 2 * MAX_INTERPRETED_FIELDS) return;
    throw (refusal ??= tooManyValues(`${count(MAX_INTERPRETED_FIELDS)} fields`, isMutation));
  };
  return signal;
}

const count = (value: number) => value.toLocaleString('en');

/** The maximum of a plan. */
export const MOST_VALUES = `${count(MAX_VALUES)} values, each error counted as ${count(VALUES_PER_ERROR)}`;
