import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { forwardedHeaders } from './facade.js';
import type { Running } from './listen.js';
import { addReport, type UpstreamReport } from './upstream.js';

interface Context {
  /** Headers of the client's request. */
  headers: Record<string, string | string[] | undefined>;
  upstream?: UpstreamReport | undefined;
}

/** Requests to a subgraph: forwards the allowed headers and records the cost. */
class Source extends RemoteGraphQLDataSource<Context> {
  constructor(
    readonly name: string,
    url: string | undefined,
  ) {
    super({ url });
  }

  override willSendRequest({
    request,
    context,
  }: Parameters<NonNullable<RemoteGraphQLDataSource<Context>['willSendRequest']>>[0]): void {
    // The gateway fetches schemas outside of client requests, without headers.
    const headers = forwardedHeaders(this.name, (name) => context.headers?.[name]?.toString());
    for (const [name, value] of Object.entries(headers)) request.http?.headers.set(name, value);
  }

  override didReceiveResponse({
    response,
    context,
  }: Parameters<NonNullable<RemoteGraphQLDataSource<Context>['didReceiveResponse']>>[0]): typeof response {
    context.upstream = addReport(context.upstream, response.extensions);
    return response;
  }
}

/** Passes the facade's `extensions.upstream` to the client. */
const upstreamReport: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async willSendResponse({ response: { body, http }, contextValue: { upstream } }) {
        // A client may cache what the facade allows, but not for another account.
        http.headers.set('vary', 'Authorization');
        if (!upstream || body.kind !== 'single') return;
        body.singleResult.extensions = { ...body.singleResult.extensions, upstream };
      },
    };
  },
};

export async function startApollo(supergraph: string, port: number): Promise<Running> {
  const gateway = new ApolloGateway({
    supergraphSdl: supergraph,
    buildService: ({ name, url }) => new Source(name, url),
  });
  const server = new ApolloServer<Context>({
    gateway,
    plugins: [upstreamReport],
    includeStacktraceInErrorResponses: false,
  });
  const { url } = await startStandaloneServer(server, {
    listen: { port, host: '127.0.0.1' },
    context: async ({ req }) => ({ headers: req.headers }),
  });
  return { url, close: () => server.stop() };
}
