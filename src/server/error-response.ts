import type { FetchAPI } from 'graphql-yoga';
import type { PublicError } from './errors.js';

/** An error response outside of GraphQL, in the format of GraphQL errors. */
export function errorResponse(fetchAPI: FetchAPI, status: number, error: PublicError): Response {
  const response = fetchAPI.Response.json({ errors: [error] }, { status });
  const seconds = error.extensions['retryAfterSeconds'];
  if (typeof seconds === 'number') response.headers.set('retry-after', String(seconds));
  return response;
}
