import { buildASTSchema, isObjectType, lexicographicSortSchema, parse, printType } from 'graphql';
import { afterEach, expect, it } from 'vitest';
import { readConfig } from '../../src/config.js';
import { createFacade, type Facade } from '../../src/index.js';
import { NODE_TYPES } from '../../src/resolvers/support/global-id.js';
import { familyOfType } from '../../src/schema/cache-hints.js';
import { buildSchema } from '../../src/schema/index.js';
import { silentLogger } from '../../src/server/logger.js';
import { printApiSdl, printSdl } from '../../src/schema/sdl.js';

let facade: Facade | undefined;

afterEach(async () => {
  await facade?.close();
  facade = undefined;
});

async function ask(query: string, env: Record<string, string> = {}): Promise<any> {
  facade ??= await createFacade({
    config: readConfig(env),
    logger: silentLogger(),
    sandbox: { contacts: 1 },
  });
  const response = await facade.fetch('http://127.0.0.1/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

const QUESTION = '{ _service { sdl } __type(name: "Query") { fields { name } } }';
const ROOT_NODE = /^type Query[^]*^ {2}nodes?\(/m;

it('the subgraph SDL equals the schema in the repository', async () => {
  const { data } = await ask(QUESTION);
  expect(data._service.sdl.trim()).toBe(printSdl(buildSchema()).trim());
  expect(data._service.sdl).toMatch(ROOT_NODE);
});

it('with NODE_FIELDS=off there is no root node, neither in the schema nor in the subgraph SDL', async () => {
  const { data } = await ask(QUESTION, { NODE_FIELDS: 'off' });
  const names = data.__type.fields.map(({ name }: { name: string }) => name);
  expect(names).toContain('contacts');
  expect(names).not.toContain('node');
  expect(names).not.toContain('nodes');
  expect(data._service.sdl).not.toMatch(ROOT_NODE);
  // Another subgraph may have the interface too; the two merge.
  expect(data._service.sdl).toContain('interface Node');
  expect(data._service.sdl).toContain('implements Node');
});

it('every type with a global id is an entity by it and by its raw id', () => {
  const sdl = printSdl(buildSchema());
  for (const type of Object.keys(NODE_TYPES)) {
    const [, keys = ''] =
      new RegExp(`^type ${type} implements Node\\n((?: {2}@key.*\\n)+)`, 'm').exec(sdl) ?? [];
    expect(keys, type).toMatch(/@key\(fields: "id"\)\s+@key\(fields: "\w+Id\b/);
  }
});

it('the schema for clients is the same without federation', () => {
  const schema = lexicographicSortSchema(buildSchema());
  const plain = lexicographicSortSchema(buildASTSchema(parse(printApiSdl(schema))));
  for (const [name, type] of Object.entries(plain.getTypeMap())) {
    const own = schema.getType(name);
    if (name !== 'Query') expect(printType(type), name).toBe(own && printType(own));
  }
  const root = (of: typeof schema) => Object.keys(of.getQueryType()?.getFields() ?? {}).sort();
  expect(root(schema).filter((name) => !root(plain).includes(name))).toEqual(['_entities', '_service']);
});

it('the subgraph SDL has @cacheControl for each type; introspection does not', async () => {
  const { data } = await ask(QUESTION, { CACHE: 'lists=60,contacts=15,reports=300' });
  const typeOf = (name: string) =>
    new RegExp(`^type ${name}\\b[^{]*`, 'm').exec(data._service.sdl as string)?.[0] ?? '';
  const seconds = (name: string) => Number(/maxAge: (\d+), scope: PRIVATE/.exec(typeOf(name))?.[1]);
  expect(
    ['ContactList', 'ContactListConnection', 'Contact', 'EmailOpenActivity', 'EmailCampaign', 'Tag'].map(
      seconds,
    ),
  ).toEqual([60, 60, 15, 300, 0, 0]);
  expect(typeOf('PageInfo')).toContain('@cacheControl(inheritMaxAge: true)');
  for (const name of ['BulkActivity', 'RateLimit', 'CreateTagPayload', 'Query'])
    expect(typeOf(name)).not.toContain('@cacheControl');
  // The package has the text with other ages.
  expect(data._service.sdl).toBe(printSdl(facade!.schema));
  expect(data._service.sdl).toMatch(/membershipCount: Int @cacheControl\(maxAge: 15, scope: PRIVATE\)/);
  expect(printSdl(buildSchema())).toMatch(/type ContactList[^{]*@cacheControl\(maxAge: 0, scope: PRIVATE\)/);
  expect(printApiSdl(facade!.schema)).not.toContain('cacheControl');
});

it('every type has a cache family, or is never cached', () => {
  const shared = ['Mutation', 'Query', 'Subscription', 'PageInfo', 'Money'];
  const types = Object.values(buildSchema().getTypeMap()).filter(isObjectType);
  const unknown = types.filter(({ name }) => !name.startsWith('_') && familyOfType(name) === undefined);
  expect(unknown.map(({ name }) => name).sort()).toEqual(shared.sort());
});
