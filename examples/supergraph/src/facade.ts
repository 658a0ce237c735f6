/** Name of the facade's subgraph. */
export const FACADE = 'constantcontact';

/** For the facade alone: the caller's access token, and the token of an identity provider where the facade checks those. */
const CREDENTIALS = ['authorization', 'x-access-token'];

/** By these a request is found in the logs and traces of all who had a part in it. */
const TRACING = ['x-request-id', 'traceparent', 'tracestate', 'baggage'];

/**
 * What a gateway hands on to a subgraph. The caller's access token is for Constant Contact alone. `FACADE_KEY` is the gateway's
 * own key, where the facade asks its callers for one; a caller's is never passed on.
 *
 * @param subgraph its name, in any case
 */
export function forwardedHeaders(
  subgraph: string,
  header: (name: string) => string | null | undefined,
): Record<string, string> {
  const isFacade = subgraph.toLowerCase() === FACADE;
  const headers: Record<string, string> = {};
  for (const name of isFacade ? [...CREDENTIALS, ...TRACING] : TRACING) {
    const value = header(name);
    if (value) headers[name] = value;
  }
  const key = process.env['FACADE_KEY'];
  if (isFacade && key) headers['x-api-key'] = key;
  return headers;
}
