import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { loadGraphQLSchemaFromOpenAPI } from '@omnigraph/openapi';
import { createYoga } from 'graphql-yoga';

/**
 * A facade that `@omnigraph/openapi` generates from the contract, with its default options except for one
 * field: its DateTime rejects offsets without a colon, such as `-0500`, so that field is text.
 */

const [api] = process.argv.slice(2);
const contract = JSON.parse(
  readFileSync(new URL('../../src/constant-contact/contract/contract.json', import.meta.url), 'utf8'),
);
delete contract.components.schemas.EmailAddress.properties.updated_at.format;

const schema = await loadGraphQLSchemaFromOpenAPI('constant-contact', {
  source: contract,
  endpoint: api,
  operationHeaders: { authorization: '{context.authorization}' },
});
const yoga = createYoga({
  schema,
  context: ({ request }) => ({ authorization: request.headers.get('authorization') }),
  logging: false,
  landingPage: false,
  graphiql: false,
});
const server = createServer((request, response) => void yoga(request, response));
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${server.address().port}/graphql` });
});
