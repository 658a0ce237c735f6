import type { GraphQLSchema } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { apiSdlOf, sdlOf } from '../../schema/schema-text.js';

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
  const texts = new Map([
    [basePath + SUBGRAPH_PATH, sdlOf],
    [basePath + API_SCHEMA_PATH, apiSdlOf],
  ]);
  // Bytes, which all responses share.
  const encoded = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    onRequest({ request: { method }, url: { pathname }, fetchAPI, endResponse }) {
      const textOf = texts.get(pathname);
      if (!textOf || (method !== 'GET' && method !== 'HEAD')) return;
      const sdl = encoded.get(pathname) ?? new TextEncoder().encode(textOf(schema));
      encoded.set(pathname, sdl);
      const headers = { 'content-type': 'text/plain; charset=utf-8' };
      endResponse(new fetchAPI.Response(method === 'HEAD' ? null : sdl, { headers }));
    },
  };
}
