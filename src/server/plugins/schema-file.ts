import type { GraphQLSchema } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { printSdl } from '../sdl.js';

export const SCHEMA_PATH = '/schema.graphql';

/**
 * `GET /schema.graphql`: the schema as text, for code generators and gateways. It tells as much as introspection does, so it is
 * there only where introspection is.
 */
export function useSchemaFile(schema: GraphQLSchema, allowed: boolean): Plugin {
  if (!allowed) return {};
  let sdl: string | undefined;
  return {
    onRequest({ request: { method }, url, fetchAPI, endResponse }) {
      if (url.pathname !== SCHEMA_PATH || (method !== 'GET' && method !== 'HEAD')) return;
      sdl ??= printSdl(schema);
      const headers = { 'content-type': 'text/plain; charset=utf-8' };
      endResponse(new fetchAPI.Response(method === 'HEAD' ? null : sdl, { headers }));
    },
  };
}
