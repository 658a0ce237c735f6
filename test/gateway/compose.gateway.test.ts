import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as Graphql from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildSchema } from '../../src/schema/index.js';
import { printSdl } from '../../src/schema/sdl.js';

// The composers are packages of the example, and take documents of its copy of graphql.
const example = new URL('../../examples/supergraph/', import.meta.url);
const require = createRequire(new URL('package.json', example));
const { parse } = require('graphql') as typeof Graphql;

interface Service {
  name: string;
  url: string;
  typeDefs: Graphql.DocumentNode;
}

interface Composed {
  supergraphSdl?: string;
  errors?: readonly { message: string }[];
}

type Compose = (services: Service[]) => Composed;

const { composeServices: guild, composeSchemaContract } = require('@theguild/federation-composition') as {
  composeServices: Compose;
  composeSchemaContract(
    services: Service[],
    tags: Record<'include' | 'exclude', Set<string>>,
    removeUnreachableTypes: boolean,
  ): Composed & { publicSdl?: string };
};
const { composeServices: apollo } = require('@apollo/composition') as { composeServices: Compose };
const wundergraph = require('@wundergraph/composition') as {
  LATEST_ROUTER_COMPATIBILITY_VERSION: string;
  federateSubgraphs(options: {
    version: string;
    subgraphs: { name: string; url: string; definitions: Graphql.DocumentNode }[];
  }):
    | { success: true; federatedGraphAST: Graphql.DocumentNode }
    | { success: false; errors: readonly { message: string }[] };
};

const COMPOSERS: Record<string, Compose> = {
  '@theguild/federation-composition': guild,
  '@apollo/composition': apollo,
  '@wundergraph/composition': (services) => {
    const result = wundergraph.federateSubgraphs({
      version: wundergraph.LATEST_ROUTER_COMPATIBILITY_VERSION,
      subgraphs: services.map(({ name, url, typeDefs }) => ({ name, url, definitions: typeDefs })),
    });
    const { print } = require('graphql') as typeof Graphql;
    return result.success ? { supergraphSdl: print(result.federatedGraphAST) } : { errors: result.errors };
  },
};

const published = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8');
const orders = readFileSync(new URL('orders.graphql', example), 'utf8');
const withNodes = `${orders}
  interface Node { id: ID! }
  type Shop implements Node @key(fields: "id") { id: ID! name: String }
  extend type Query { node(id: ID!): Node nodes(ids: [ID!]!): [Node]! }
`;

const TAGS = {
  'Contact.notes': 'internal',
  'Query.partnerAccounts': 'internal',
  'CreateContactInput.notes': 'internal',
};

const services = (facade: string, other: string): Service[] => [
  { name: 'constantcontact', url: 'http://127.0.0.1:4001/graphql', typeDefs: parse(facade) },
  { name: 'orders', url: 'http://127.0.0.1:4002/graphql', typeDefs: parse(other) },
];

describe.each(Object.entries(COMPOSERS))('%s', (_, compose) => {
  it('composes the published schema with the orders subgraph', () => {
    const { supergraphSdl = '', errors } = compose(services(published, orders));
    expect(errors ?? []).toEqual([]);
    const contact = /type Contact (?:implements Node)?[^{]*\{[^]*?\n\}/.exec(supergraphSdl)?.[0];
    expect(contact).toMatch(/^ {2}orders: \[Order!\]!/m);
    expect(contact).toMatch(/^ {2}firstName: String/m);
    // docs/caching.md says so.
    expect(published).toContain('@cacheControl(');
    expect(supergraphSdl).not.toContain('cacheControl');
  });

  it('composes with another subgraph that has node and nodes when NODE_FIELDS is off, and only then', () => {
    const off = printSdl(buildSchema({ nodeFields: false }));
    const { supergraphSdl = '', errors } = compose(services(off, withNodes));
    expect(errors ?? []).toEqual([]);
    expect(supergraphSdl).toMatch(/^ {2}nodes\(/m);
    expect(
      compose(services(published, withNodes))
        .errors?.map(({ message }) => message)
        .join(),
    ).toContain('node');
  });

  it('keeps the tags of an extension', () => {
    const { supergraphSdl = '', errors } = compose(
      services(printSdl(buildSchema({ extend: { tags: TAGS } })), orders),
    );
    expect(errors ?? []).toEqual([]);
    const fieldOf = (type: string, field: string) =>
      new RegExp(`^(?:type|input) ${type}\\b[^]*?^ {2}${field}\\b(?:\\([^]*?\\))?: .*$`, 'm').exec(
        supergraphSdl,
      )?.[0];
    expect(fieldOf('Contact', 'notes')).toMatch(/@tag\(name: "internal"\)[^\n]*$/);
    expect(fieldOf('Query', 'partnerAccounts')).toMatch(/@tag\(name: "internal"\)[^\n]*$/);
    expect(fieldOf('CreateContactInput', 'notes')).toMatch(/@tag\(name: "internal"\)[^\n]*$/);
  });
});

it('a contract removes fields that an extension has tagged', () => {
  const tagged = services(printSdl(buildSchema({ extend: { tags: TAGS } })), orders);
  const contract = { include: new Set<string>(), exclude: new Set(['internal']) };
  const { publicSdl = '', errors } = composeSchemaContract(tagged, contract, true);
  expect(errors ?? []).toEqual([]);
  const { buildSchema: build } = require('graphql') as typeof Graphql;
  const schema = build(publicSdl);
  const fieldsOf = (name: string) =>
    (schema.getType(name) as Graphql.GraphQLObjectType | Graphql.GraphQLInputObjectType).getFields();
  expect(fieldsOf('Contact')).not.toHaveProperty('notes');
  expect(fieldsOf('Contact')).toHaveProperty('orders');
  expect(fieldsOf('CreateContactInput')).not.toHaveProperty('notes');
  expect(fieldsOf('Query')).not.toHaveProperty('partnerAccounts');
  expect(fieldsOf('Query')).toHaveProperty('contacts');
});
