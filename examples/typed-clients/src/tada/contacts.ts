import { initGraphQLTada, type ResultOf } from 'gql.tada';
import type { introspection } from '../../generated/tada';

const graphql = initGraphQLTada<{ introspection: introspection }>();

export const Contacts = graphql(`
  query Contacts($first: Int!) {
    contacts(first: $first) {
      nodes {
        contactId
        firstName
      }
      pageInfo {
        hasNextPage
      }
    }
  }
`);

export function names({ contacts }: ResultOf<typeof Contacts>): string[] {
  // @ts-expect-error It was not selected.
  void contacts?.nodes[0]?.lastName;
  return (contacts?.nodes ?? []).map(({ contactId, firstName }) => firstName ?? contactId);
}
