import { readdirSync, readFileSync } from 'node:fs';
import { ApolloClient, gql, HttpLink } from '@apollo/client';
import { Client, fetchExchange, type AnyVariables } from '@urql/core';
import {
  buildSchema,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  print,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  vi,
  type MockInstance,
} from 'vitest';
import type { OperationId } from '../../../src/constant-contact/contract/operations.js';
import { startApp, type TestApp } from '../../../test/support/app.js';
import { variablesFor } from '../../../test/support/example-variables.js';
import { operationExample } from '../../../test/support/operation-example.js';
import { createCache as apolloCache } from '../src/apollo/cache.js';
import { createCache as urqlCache } from '../src/urql/cache.js';

const OPERATIONS = new URL('../../operations/', import.meta.url);

let app: TestApp;
let url: string;
let warnings: MockInstance[];

beforeAll(async () => {
  app = await startApp({ sandbox: { contacts: 80, activitySeconds: 0 } });
  url = `${await app.listen()}/graphql`;
});
beforeEach(() => {
  app.sandbox.reset();
  app.resetCalls();
  warnings = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'error')];
});
afterEach(() => {
  for (const warned of warnings) {
    expect(warned.mock.calls).toEqual([]);
    warned.mockRestore();
  }
});
afterAll(() => app.close());

const CONTACTS = `
  query Contacts($first: Int) {
    contacts(first: $first) {
      edges {
        cursor
        node {
          id
          firstName
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;
const DELETE = `
  mutation Delete($id: ID!) {
    deleteContact(input: { id: $id }) {
      deletedId
      userErrors {
        message
      }
    }
  }
`;
const DELETE_SEVERAL = `
  mutation DeleteSeveral($ids: [ID!]!) {
    deleteContacts(input: { source: { contactIds: $ids } }) {
      deletedIds
      bulkActivity {
        id
        state
      }
      userErrors {
        message
      }
    }
  }
`;
const CREATE = `
  mutation Create($name: String!) {
    createContact(input: { firstName: $name }) {
      contactEdge {
        cursor
        node {
          id
          firstName
        }
      }
      userErrors {
        message
      }
    }
  }
`;

interface Contacts {
  contacts: { edges: { node: { id: string; firstName: string | null } }[] };
}

const idsOf = (data: Contacts | null | undefined) => data?.contacts.edges.map(({ node }) => node.id) ?? [];

describe('Apollo Client', () => {
  const query = gql(CONTACTS);

  async function opened() {
    const client = new ApolloClient({ link: new HttpLink({ uri: url }), cache: apolloCache() });
    const variables = { first: 40 };
    const { data } = await client.query<Contacts>({ query, variables });
    const ids = idsOf(data);
    expect(ids).toHaveLength(40);
    app.resetCalls();
    const stored = () => idsOf(client.readQuery<Contacts>({ query, variables }));
    return { client, ids, stored, variables };
  }

  it('evicts a deleted contact: 40 edges become 39', async () => {
    const { client, ids, stored } = await opened();
    await client.mutate<{ deleteContact: { deletedId: string } }>({
      mutation: gql(DELETE),
      variables: { id: ids[3] },
      update(cache, { data }) {
        cache.evict({ id: cache.identify({ __typename: 'Contact', id: data!.deleteContact.deletedId }) });
        cache.gc();
      },
    });
    expect(stored()).toEqual(ids.filter((id) => id !== ids[3]));
    expect(app.calls()).toEqual(['deleteContact']);
  });

  it('evicts the contacts of a bulk deletion', async () => {
    const { client, ids, stored } = await opened();
    await client.mutate<{ deleteContacts: { deletedIds: string[] } }>({
      mutation: gql(DELETE_SEVERAL),
      variables: { ids: ids.slice(0, 2) },
      update(cache, { data }) {
        for (const id of data!.deleteContacts.deletedIds)
          cache.evict({ id: cache.identify({ __typename: 'Contact', id }) });
      },
    });
    expect(stored()).toEqual(ids.slice(2));
    expect(app.calls()).toEqual(['postContactDelete']);
  });

  it('adds the edge of a new contact: 40 edges become 41', async () => {
    const { client, ids, stored, variables } = await opened();
    await client.mutate<{ createContact: { contactEdge: Contacts['contacts']['edges'][number] } }>({
      mutation: gql(CREATE),
      variables: { name: 'Rosa' },
      update(cache, { data }) {
        cache.updateQuery<Contacts>({ query, variables, overwrite: true }, (stored) => {
          const edges = [data!.createContact.contactEdge, ...stored!.contacts.edges];
          return { contacts: { ...stored!.contacts, edges } };
        });
      },
    });
    expect(stored().slice(1)).toEqual(ids);
    expect(app.calls()).toEqual(['createContact']);
  });

  it('keeps fields that another query has read of the same nested object', async () => {
    const { client, ids } = await opened();
    const parts = ['address', 'permissionToSend'].map((field) =>
      gql(`query ($id: ID!) { contact(id: $id) { id emailAddress { ${field} } } }`),
    );
    const variables = { id: ids[0] };
    for (const part of parts) await client.query({ query: part, variables });
    for (const part of parts)
      expect(client.readQuery<any>({ query: part, variables }).contact.emailAddress).toBeTruthy();
  });
});

describe('urql with graphcache', () => {
  const open = () => new Client({ url, preferGetMethod: false, exchanges: [urqlCache(), fetchExchange] });

  /** Follows the query, as a component does. */
  async function opened() {
    const client = open();
    let shown: string[] = [];
    const answered = new Promise<void>((resolve, reject) => {
      client.query<Contacts>(CONTACTS, { first: 40 }).subscribe(({ data, error }) => {
        if (error) reject(error);
        shown = idsOf(data);
        resolve();
      });
    });
    await answered;
    expect(shown).toHaveLength(40);
    app.resetCalls();
    return { client, ids: shown, shown: () => shown };
  }

  it('removes a deleted contact: 40 edges become 39', async () => {
    const { client, ids, shown } = await opened();
    await client.mutation(DELETE, { id: ids[3]! }).toPromise();
    await expect.poll(shown).toEqual(ids.filter((id) => id !== ids[3]));
    expect(app.calls()).toEqual(['deleteContact']);
  });

  it('removes the contacts of a bulk deletion', async () => {
    const { client, ids, shown } = await opened();
    await client.mutation(DELETE_SEVERAL, { ids: ids.slice(0, 2) }).toPromise();
    await expect.poll(shown).toEqual(ids.slice(2));
    expect(app.calls()).toEqual(['postContactDelete']);
  });

  it('adds the edge of a new contact: 40 edges become 41', async () => {
    const { client, ids, shown } = await opened();
    await client.mutation(CREATE, { name: 'Rosa' }).toPromise();
    await expect.poll(() => shown().slice(1)).toEqual(ids);
    expect(app.calls()).toEqual(['createContact']);
  });

  it('stores the answer to every example without a warning', async () => {
    const schema = buildSchema(readFileSync(new URL('../../../schema.api.graphql', import.meta.url), 'utf8'));
    /** Selects `id` wherever a type has one, as the cache needs it. */
    const withIds = (text: string) => {
      const types = new TypeInfo(schema);
      const enter = {
        SelectionSet: {
          leave(node: any) {
            const type = types.getParentType();
            if (!(isObjectType(type) || isInterfaceType(type)) || !type.getFields()['id']) return undefined;
            const id = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: 'id' } };
            return { ...node, selections: [...node.selections, id] };
          },
        },
      };
      return print(visit(parse(text), visitWithTypeInfo(types, enter)));
    };
    const examples = readdirSync(OPERATIONS).filter((name) => name.endsWith('.graphql'));
    expect(examples.length).toBeGreaterThan(100);
    for (const name of examples) {
      const id = name.replace('.graphql', '') as OperationId;
      const { query, variables } = operationExample(id);
      app.sandbox.reset();
      const given = (await variablesFor(id, variables, app)) as AnyVariables;
      const client = open();
      const text = withIds(query);
      const { data, error } = await (
        /^\s*mutation/m.test(text) ? client.mutation(text, given) : client.query(text, given)
      ).toPromise();
      expect(error, name).toBeUndefined();
      expect(data, name).toBeTruthy();
    }
  });
});
