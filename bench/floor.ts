import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSchema, createYoga } from 'graphql-yoga';
import { Pool } from 'undici';

/**
 * The floor: what Yoga itself takes for the three queries that every server here answers. One REST call, one field
 * renamed at a time, no protection of any kind.
 */

const [api = '', token = ''] = process.argv.slice(2);
const { origin, pathname } = new URL(api);
const pool = new Pool(origin, { connections: 64 });

async function get(path: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
  const { body } = await pool.request({ method: 'GET', path: pathname + path, headers });
  return body.json();
}

const TYPES = /* GraphQL */ `
  type EmailAddress {
    address: String
    permissionToSendRaw: String
    createdAt: String
    updatedAt: String
    confirmStatusRaw: String
  }
  type Contact {
    contactId: ID!
    firstName: String
    lastName: String
    jobTitle: String
    companyName: String
    anniversary: String
    createSourceRaw: String
    updateSourceRaw: String
    createdAt: String
    updatedAt: String
    emailAddress: EmailAddress
  }
  input ContactsFilter {
    updatedAfter: String
  }
  type ContactConnection {
    nodes: [Contact!]!
  }
  type Query {
    contact(id: ID!): Contact
    contacts(first: Int!, filter: ContactsFilter): ContactConnection
  }
`;

const renamed = (key: string) => (parent: Record<string, unknown>) => parent[key];

const schema = createSchema({
  typeDefs: TYPES,
  resolvers: {
    Query: {
      contact: (_: unknown, { id }: { id: string }) => get(`/contacts/${id}`),
      contacts: (_: unknown, args: { first: number; filter?: { updatedAfter?: string } }) =>
        get(`/contacts?limit=${String(args.first)}&updated_after=${String(args.filter?.updatedAfter)}`),
    },
    ContactConnection: { nodes: renamed('contacts') },
    Contact: {
      contactId: renamed('contact_id'),
      firstName: renamed('first_name'),
      lastName: renamed('last_name'),
      jobTitle: renamed('job_title'),
      companyName: renamed('company_name'),
      createSourceRaw: renamed('create_source'),
      updateSourceRaw: renamed('update_source'),
      createdAt: renamed('created_at'),
      updatedAt: renamed('updated_at'),
      emailAddress: renamed('email_address'),
    },
    EmailAddress: {
      permissionToSendRaw: renamed('permission_to_send'),
      createdAt: renamed('created_at'),
      updatedAt: renamed('updated_at'),
      confirmStatusRaw: renamed('confirm_status'),
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
