import { gql } from '@urql/core';
import { cacheExchange, type Cache } from '@urql/exchange-graphcache';
import { possibleTypes } from '../cache-types';
import { keys } from './keys';

interface Edge {
  node: { id: string };
}

/** The part of a query's connection that updates change. */
const ContactEdges = gql`
  query ContactEdges($first: Int, $after: String, $filter: ContactsFilter) {
    contacts(first: $first, after: $after, filter: $filter) {
      edges {
        cursor
        node {
          id
        }
      }
    }
  }
`;

/** Changes the edges of every cached page of contacts. */
function changeContacts(cache: Cache, change: (edges: Edge[]) => Edge[]): void {
  for (const { fieldName, arguments: given } of cache.inspectFields('Query')) {
    if (fieldName !== 'contacts') continue;
    cache.updateQuery({ query: ContactEdges, variables: given ?? {} }, (data) =>
      data ? { ...data, contacts: { ...data.contacts, edges: change(data.contacts.edges) } } : data,
    );
  }
}

function removeContacts(cache: Cache, ids: readonly string[]): void {
  changeContacts(cache, (edges) => edges.filter(({ node }) => !ids.includes(node.id)));
  for (const id of ids) cache.invalidate({ __typename: 'Contact', id });
}

/** A normalised cache whose pages follow created and deleted contacts. */
export const createCache = () =>
  cacheExchange({
    keys,
    possibleTypes,
    updates: {
      Mutation: {
        createContact: (result, _args, cache) => {
          const { contactEdge } = result['createContact'] as { contactEdge: Edge | null };
          if (contactEdge) changeContacts(cache, (edges) => [contactEdge, ...edges]);
        },
        deleteContact: (result, _args, cache) => {
          const { deletedId } = result['deleteContact'] as { deletedId: string | null };
          if (deletedId) removeContacts(cache, [deletedId]);
        },
        deleteContacts: (result, _args, cache) => {
          const { deletedIds } = result['deleteContacts'] as { deletedIds: string[] | null };
          removeContacts(cache, deletedIds ?? []);
        },
      },
    },
  });
