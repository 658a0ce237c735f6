/** Name of the facade's subgraph. */
export const FACADE = 'constantcontact';

/**
 * For the facade only: the caller's access token, and an identity provider's token if the facade requires
 * one.
 */
const CREDENTIALS = ['authorization', 'x-access-token'];

/** Correlate a request in the logs and traces of all services. */
const TRACING = ['x-request-id', 'traceparent', 'tracestate', 'baggage'];

/**
 * Headers that a gateway forwards to a subgraph. Only the facade receives the caller's access token.
 * `FACADE_KEY` is the gateway's own key, if the facade requires one; a caller's key is never forwarded.
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
