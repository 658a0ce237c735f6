import { InMemoryCache } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import { embeddedTypes, possibleTypes } from '../cache-types';

/**
 * A cache that joins the pages of a connection, and the parts of an object that several queries have read.
 */
export function createCache(): InMemoryCache {
  return new InMemoryCache({
    possibleTypes,
    typePolicies: {
      ...Object.fromEntries(embeddedTypes.map((type) => [type, { merge: true }])),
      Query: {
        fields: {
          contacts: relayStylePagination(['filter']),
          contactLists: relayStylePagination(['filter']),
          tags: relayStylePagination(),
        },
      },
    },
  });
}
