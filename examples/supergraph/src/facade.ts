/** Name of the facade's subgraph. */
export const FACADE = 'constantcontact';

/** Name of the access token's header, and of the id by which a request is found in the logs of both. */
const FORWARDED = ['authorization', 'x-request-id'];

/**
 * What a gateway hands on to the facade, and to no other subgraph: the caller's access token is for Constant Contact
 * alone. `FACADE_KEY` is the gateway's own key, where the facade asks its callers for one; a caller's is never passed on.
 */
export function forwardedHeaders(
  header: (name: string) => string | null | undefined,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of FORWARDED) {
    const value = header(name);
    if (value) headers[name] = value;
  }
  const key = process.env['FACADE_KEY'];
  if (key) headers['x-api-key'] = key;
  return headers;
}
