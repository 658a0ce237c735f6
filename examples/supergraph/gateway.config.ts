import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { GatewayConfigSupergraph, GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { forwardedHeaders } from './src/facade.js';
import { addReport, type UpstreamReport } from './src/upstream.js';

/**
 * Documents that clients may send by their SHA-256 hash only. In production: the manifest that the client
 * build writes.
 */
const documents = new Map(
  ['query.graphql'].map((file) => {
    const document = readFileSync(new URL(file, import.meta.url), 'utf8');
    return [createHash('sha256').update(document).digest('hex'), document];
  }),
);

/** Used by `hive-gateway supergraph` and src/hive.ts. */
export const gatewayConfig: GatewayConfigSupergraph = {
  supergraph: 'supergraph.graphql',
  propagateHeaders: {
    fromClientToSubgraphs: ({ request, subgraphName }) =>
      forwardedHeaders(subgraphName, (name) => request.headers.get(name)),
  },
  persistedDocuments: {
    getPersistedOperation: (hash) => documents.get(hash) ?? null,
    // Remove it to run only these documents.
    allowArbitraryDocuments: true,
  },
  // Longer than OPERATION_TIMEOUT_SECONDS of the facade.
  upstreamTimeout: 130_000,
  plugins: () => [useUpstreamReport()],
  // For uploads of imports. Callers without a token of their own need another proof against CSRF.
  multipart: true,
  logging: false,
};

/** Passes the facade's `extensions.upstream` to the client. */
function useUpstreamReport(): GatewayPlugin {
  const reports = new WeakMap<Request, UpstreamReport>();
  return {
    onSubgraphExecute({ executionRequest }) {
      const request = executionRequest.context?.request;
      if (!request) return;
      return ({ result }) => {
        if (!('extensions' in result)) return;
        const sum = addReport(reports.get(request), result.extensions);
        if (sum) reports.set(request, sum);
      };
    },
    onExecutionResult({ request, result, setResult }) {
      const upstream = reports.get(request);
      if (!upstream || !result || Symbol.asyncIterator in result || Array.isArray(result)) return;
      setResult({ ...result, extensions: { ...result.extensions, upstream } });
    },
  };
}
