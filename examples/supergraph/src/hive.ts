import { createServer } from 'node:http';
import {
  createGatewayRuntime,
  type GatewayConfigSupergraph,
  type GatewayPlugin,
} from '@graphql-hive/gateway-runtime';
import { FACADE, forwardedHeaders } from './facade.js';
import { listen, type Running } from './listen.js';
import { addReport, type UpstreamReport } from './upstream.js';

/** The same settings do in the `gateway.config.ts` of the command `hive-gateway`. */
export function hiveConfig(supergraph: string): GatewayConfigSupergraph {
  return {
    supergraph,
    propagateHeaders: {
      fromClientToSubgraphs: ({ request, subgraphName }) =>
        subgraphName.toLowerCase() === FACADE
          ? forwardedHeaders((name) => request.headers.get(name))
          : undefined,
    },
    plugins: () => [useUpstreamReport()],
    // Files of imports. Callers without a token of their own need another proof that no foreign page sends for them.
    multipart: true,
    logging: false,
  };
}

/** Hands the facade's `extensions.upstream` on to the client. */
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

export function startHive(supergraph: string, port: number): Promise<Running> {
  const gateway = createGatewayRuntime(hiveConfig(supergraph));
  return listen(createServer(gateway), port, '/graphql', () => gateway.dispose());
}
