import type { GraphQLSchema } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { printApiSdl, printSdl } from '../../schema/sdl.js';

/** The subgraph, for composition tools. Below the base path of the server. */
export const SUBGRAPH_PATH = '/schema.graphql';
/** The same for client tools, without the additions of federation. */
export const API_SCHEMA_PATH = '/schema.api.graphql';

/**
 * The schema as text, in two files. They expose as much as introspection does, so they exist only if introspection is enabled.
 *
 * @param basePath path of the server; null if introspection is disabled
 */
export function useSchemaFiles(schema: GraphQLSchema, basePath: string | null): Plugin {
  if (basePath === null) return {};
  const printers = new Map([
    [basePath + SUBGRAPH_PATH, printSdl],
    [basePath + API_SCHEMA_PATH, printApiSdl],
  ]);
  // Bytes, which all responses share.
  const printed = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    onRequest({ request: { method }, url: { pathname }, fetchAPI, endResponse }) {
      const print = printers.get(pathname);
      if (!print || (method !== 'GET' && method !== 'HEAD')) return;
      const sdl = printed.get(pathname) ?? new TextEncoder().encode(print(schema));
      printed.set(pathname, sdl);
      const headers = { 'content-type': 'text/plain; charset=utf-8' };
      endResponse(new fetchAPI.Response(method === 'HEAD' ? null : sdl, { headers }));
    },
  };
}
