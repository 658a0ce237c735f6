import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { listen, type Running } from './listen.js';

export interface Order {
  orderId: string;
  /** ISO 8601. */
  placedAt: string;
  /** In cents. */
  total: number;
  email: string;
  /** Null for a guest. */
  contactId: string | null;
}

interface AddressReference {
  address: string | null;
}

interface ContactReference {
  contactId: string;
  emailAddress?: AddressReference | null;
}

interface Page {
  first: number;
  after?: string | null;
  email?: string | null;
}

export const ORDERS_SDL = readFileSync(new URL('../orders.graphql', import.meta.url), 'utf8');

export function startOrders(all: readonly Order[], port: number): Promise<Running> {
  const orders = all.toSorted((a, b) => b.placedAt.localeCompare(a.placedAt));
  const byId = new Map(orders.map((order) => [order.orderId, order]));

  const resolvers = {
    Query: {
      order: (_: unknown, { orderId }: { orderId: string }) => byId.get(orderId) ?? null,
      orders: (_: unknown, { first, after, email }: Page) => {
        const matching = email ? orders.filter((order) => isSameAddress(order.email, email)) : orders;
        const start = after ? matching.findIndex(({ orderId }) => orderId === after) + 1 : 0;
        const nodes = matching.slice(start, start + first);
        return {
          nodes,
          pageInfo: {
            hasNextPage: start + first < matching.length,
            hasPreviousPage: start > 0,
            startCursor: nodes.at(0)?.orderId ?? null,
            endCursor: nodes.at(-1)?.orderId ?? null,
          },
        };
      },
    },
    Order: {
      __resolveReference: ({ orderId }: { orderId: string }) => byId.get(orderId) ?? null,
      contact: ({ contactId }: Order) => contactId && { contactId },
      emailAddress: ({ email }: Order) => ({ address: email }),
    },
    Contact: {
      __resolveReference: (reference: ContactReference) => reference,
      orders: ({ contactId, emailAddress }: ContactReference) =>
        orders.filter(
          (order) =>
            order.contactId === contactId ||
            (order.contactId === null && isSameAddress(order.email, emailAddress?.address)),
        ),
    },
    ContactEmailAddress: {
      __resolveReference: (reference: AddressReference) => reference,
      orders: ({ address }: AddressReference) =>
        orders.filter((order) => isSameAddress(order.email, address)),
    },
  };
  const yoga = createYoga({
    schema: buildSubgraphSchema({ typeDefs: parse(ORDERS_SDL), resolvers }),
    logging: false,
    graphiql: false,
  });
  return listen(createServer(yoga), port, '/graphql');
}

function isSameAddress(one: string, other: string | null | undefined): boolean {
  return one.toLowerCase() === other?.toLowerCase();
}
