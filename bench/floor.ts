import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSchema, createYoga, type YogaInitialContext } from 'graphql-yoga';
import { Pool } from 'undici';

/**
 * The floor: cost of GraphQL Yoga itself for the same queries. One REST call, one resolver for each renamed
 * field, no protection of any kind. Enums and times are passed through as text.
 */

const [api = ''] = process.argv.slice(2);
const { origin, pathname } = new URL(api);
const pool = new Pool(origin, { connections: 64 });

async function get(path: string, { request, params }: YogaInitialContext): Promise<unknown> {
  const include = params.query?.includes('lists {') ? '&include=list_memberships' : '';
  const headers = {
    authorization: request.headers.get('authorization') ?? '',
    accept: 'application/json',
  };
  const { body } = await pool.request({ method: 'GET', path: pathname + path + include, headers });
  return body.json();
}

const TYPES = /* GraphQL */ `
  type EmailAddress {
    address: String
    permissionToSend: String
    optInDate: String
    createdAt: String
    updatedAt: String
  }
  type Birthday {
    month: Int!
    day: Int!
  }
  type ContactList {
    listId: ID!
  }
  type Contact {
    contactId: ID!
    firstName: String
    lastName: String
    companyName: String
    birthday: Birthday
    createSource: String
    createdAt: String
    updatedAt: String
    emailAddress: EmailAddress
    lists: [ContactList!]
  }
  input ContactsFilter {
    updatedAfter: String
  }
  type ContactEdge {
    cursor: String!
    node: Contact!
  }
  type PageInfo {
    hasNextPage: Boolean!
    endCursor: String
  }
  type ContactConnection {
    nodes: [Contact!]!
    edges: [ContactEdge!]!
    pageInfo: PageInfo!
  }
  type Query {
    contact(id: ID!): Contact
    contacts(first: Int!, filter: ContactsFilter): ContactConnection
  }
`;

interface Contact {
  birthday_month?: number;
  birthday_day?: number;
  list_memberships?: string[];
}

interface Page {
  contacts: Contact[];
  _links?: { next?: { href?: string } };
}

const renamed = (key: string) => (parent: Record<string, unknown>) => parent[key];

const schema = createSchema<YogaInitialContext>({
  typeDefs: TYPES,
  resolvers: {
    Query: {
      contact: (_: unknown, { id }: { id: string }, context: YogaInitialContext) =>
        get(`/contacts/${id}?`, context),
      contacts: (
        _: unknown,
        args: { first: number; filter?: { updatedAfter?: string } },
        context: YogaInitialContext,
      ) =>
        get(
          `/contacts?limit=${String(args.first)}&updated_after=${String(args.filter?.updatedAfter)}`,
          context,
        ),
    },
    ContactConnection: {
      nodes: renamed('contacts'),
      edges: ({ contacts }: Page) => contacts.map((node, at) => ({ cursor: String(at), node })),
      pageInfo: ({ _links }: Page) => {
        const endCursor = _links?.next?.href ?? null;
        return { hasNextPage: endCursor !== null, endCursor };
      },
    },
    Contact: {
      contactId: renamed('contact_id'),
      firstName: renamed('first_name'),
      lastName: renamed('last_name'),
      companyName: renamed('company_name'),
      birthday: ({ birthday_month: month, birthday_day: day }: Contact) =>
        month === undefined ? null : { month, day },
      createSource: renamed('create_source'),
      createdAt: renamed('created_at'),
      updatedAt: renamed('updated_at'),
      emailAddress: renamed('email_address'),
      lists: ({ list_memberships }: Contact) => list_memberships?.map((listId) => ({ listId })),
    },
    EmailAddress: {
      permissionToSend: renamed('permission_to_send'),
      optInDate: renamed('opt_in_date'),
      createdAt: renamed('created_at'),
      updatedAt: renamed('updated_at'),
    },
  },
});

const yoga = createYoga({ schema, logging: false, landingPage: false, graphiql: false });
const server = createServer((request, response) => void yoga(request, response));
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ url: `http://127.0.0.1:${String(port)}/graphql` });
});
