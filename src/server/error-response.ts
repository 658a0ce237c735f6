import type { FetchAPI } from 'graphql-yoga';
import type { PublicError } from './errors.js';

/** A refusal that happens outside GraphQL, in the shape that GraphQL clients know. */
export function errorResponse(fetchAPI: FetchAPI, status: number, error: PublicError): Response {
  return fetchAPI.Response.json({ errors: [error] }, { status });
}
