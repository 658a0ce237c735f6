import type { FetchAPI } from 'graphql-yoga';
import type { PublicError } from './errors.js';

/** An error response outside of GraphQL, in the format of GraphQL errors. */
export function errorResponse(fetchAPI: FetchAPI, status: number, error: PublicError): Response {
  return fetchAPI.Response.json({ errors: [error] }, { status });
}
