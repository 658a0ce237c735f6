import type { GraphQLSchema } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { printSdl } from '../../schema/sdl.js';

/** Below the path of the server. */
export const SCHEMA_PATH = '/schema.graphql';

/**
 * `GET /schema.graphql`: the schema as text, for code generators and gateways. It tells as much as introspection does, so it is
 * there only where introspection is.
 *
 * @param path where it is; null where it is not to be told
 */
export function useSchemaFile(schema: GraphQLSchema, path: string | null): Plugin {
  if (path === null) return {};
  // Bytes, which all answers share.
  let sdl: Uint8Array<ArrayBuffer> | undefined;
  return {
    onRequest({ request: { method }, url, fetchAPI, endResponse }) {
      if (url.pathname !== path || (method !== 'GET' && method !== 'HEAD')) return;
      sdl ??= new TextEncoder().encode(printSdl(schema));
      const headers = { 'content-type': 'text/plain; charset=utf-8' };
      endResponse(new fetchAPI.Response(method === 'HEAD' ? null : sdl, { headers }));
    },
  };
}
