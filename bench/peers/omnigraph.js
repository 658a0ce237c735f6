import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { loadGraphQLSchemaFromOpenAPI } from '@omnigraph/openapi';
import { createYoga } from 'graphql-yoga';

/** A facade as `@omnigraph/openapi` generates it from the contract, on its own defaults. */

const [api, token] = process.argv.slice(2);

const schema = await loadGraphQLSchemaFromOpenAPI('constant-contact', {
  source: fileURLToPath(new URL('../../src/constant-contact/contract/contract.json', import.meta.url)),
  endpoint: api,
  operationHeaders: { authorization: `Bearer ${token}` },
});
const yoga = createYoga({ schema, logging: false, landingPage: false, graphiql: false });
const server = createServer((request, response) => void yoga(request, response));
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${server.address().port}/graphql` });
});
