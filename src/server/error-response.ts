import type { GraphQLError } from 'graphql';
import { createGraphQLError, type FetchAPI } from 'graphql-yoga';
import type { ErrorCode, PublicError } from './errors.js';

/** Codes of requests that are not executed: those of Yoga, too. */
type RefusalCode = ErrorCode | 'BAD_REQUEST' | 'GRAPHQL_PARSE_FAILED' | 'REQUEST_ENTITY_TOO_LARGE';

const RETRY_AFTER_SECONDS = 1;

/** The error of a request that is not executed. */
export function refusal(code: RefusalCode, message: string, retryable = false): PublicError {
  return { message, extensions: { code, retryable } };
}

/**
 * The same as a GraphQL error.
 * @param http status of the response, and headers; with `spec`, only clients that ask for `application/graphql-response+json` get it
 * @param more further extensions, which can replace others
 */
export function refusalError(code: RefusalCode, message: string, http?: object, more?: object): GraphQLError {
  return createGraphQLError(message, {
    extensions: { ...refusal(code, message).extensions, ...more, ...(http && { http }) },
  });
}

export const badRequest = (message: string) => refusalError('BAD_REQUEST', message, { status: 400 });

export const tooComplex = (message: string) =>
  refusalError('QUERY_TOO_COMPLEX', message, { spec: true, status: 400 });

/** There is no room for the request now, but soon. */
export function overloaded(message: string): GraphQLError {
  const http = { status: 503, headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } };
  const more = { retryable: true, retryAfterSeconds: RETRY_AFTER_SECONDS };
  return refusalError('OVERLOADED', `${message} Try again later.`, http, more);
}

/** An error response outside of GraphQL, in the format of GraphQL errors. */
export function errorResponse(fetchAPI: FetchAPI, status: number, error: PublicError): Response {
  const response = fetchAPI.Response.json({ errors: [error] }, { status });
  const seconds = error.extensions['retryAfterSeconds'];
  if (typeof seconds === 'number') response.headers.set('retry-after', String(seconds));
  return response;
}
