import type { Plugin } from 'graphql-yoga';
import { isEndpoint } from '../address.js';
import { MCP_PATH } from '../embedding.js';
import { errorResponse, refusal } from '../error-response.js';

interface Paths {
  endpoint: string;
  basePath: string;
  /** False while the feature is off. */
  mcp: boolean;
  metrics: boolean;
}

/** Answers requests for paths that no other plugin has answered, those of embedding programs included. */
export function useUnknownPaths({ endpoint, basePath, mcp, metrics }: Paths): Plugin {
  const messageOf = (path: string) => {
    if (!mcp && path === basePath + MCP_PATH) return 'MCP is off: start the server with MCP=on.';
    if (!metrics && path === `${basePath}/metrics`)
      return 'Metrics are off: start the server with METRICS=on.';
    return `There is nothing at this path. GraphQL is at ${endpoint}.`;
  };
  return {
    onRequest({ url, fetchAPI, endResponse }) {
      if (isEndpoint(url.pathname, endpoint)) return;
      endResponse(errorResponse(fetchAPI, 404, refusal('NOT_FOUND', messageOf(url.pathname))));
    },
  };
}
