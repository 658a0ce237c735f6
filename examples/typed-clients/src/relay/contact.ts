import { graphql } from 'relay-runtime';
import type { contactQuery$data } from '../../generated/relay/contactQuery.graphql';

export const Contact = graphql`
  query contactQuery($id: ID!) {
    node(id: $id) {
      id
      ... on Contact {
        firstName
        emailAddress {
          address
        }
      }
    }
  }
`;

export function address({ node }: contactQuery$data): string | null {
  // @ts-expect-error It was not selected.
  void node?.lastName;
  return node?.emailAddress?.address ?? null;
}
