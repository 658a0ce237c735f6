import { useCallback, useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { graphql, type FragmentOf, type VariablesOf } from '../graphql/graphql.js';
import { isInvalidId, problemOf, type Problem } from '../graphql/problem.js';
import { useNotices } from '../jobs/notices.js';

export const ContactRowFragment = graphql(`
  fragment ContactRow on Contact {
    contactId
    firstName
    lastName
    companyName
    deletedAt
    emailAddress {
      address
      permissionToSend
    }
    lists {
      listId
    }
    tags {
      tagId
    }
  }
`);

const ContactsQuery = graphql(
  `
    query Contacts($filter: ContactsFilter, $first: Int!, $after: String, $count: Boolean!) {
      contacts(filter: $filter, first: $first, after: $after) {
        totalCount @include(if: $count)
        nodes {
          ...ContactRow
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [ContactRowFragment],
);

export type ContactsFilter = NonNullable<VariablesOf<typeof ContactsQuery>['filter']>;
export type ContactRow = FragmentOf<typeof ContactRowFragment>;

/** Rows of one request. Up to 500 would cost one REST call as well; fewer arrive sooner. */
export const PAGE_SIZE = 100;

interface Contacts {
  /** All rows loaded so far; undefined until the first page arrives. */
  readonly rows: readonly ContactRow[] | undefined;
  readonly total: number | null;
  readonly hasMore: boolean;
  /** True while the rows of the previous filter are still shown. */
  readonly isLoading: boolean;
  readonly isLoadingMore: boolean;
  readonly problem: Problem | null;
  loadMore(): void;
  retry(): void;
}

/**
 * The matching contacts, page by page. Two queries share one list: the cache joins all pages of a filter, so
 * the first one always returns everything loaded. The first page includes the count, where it is free; later
 * it would be a call.
 */
export function useContacts(filter: ContactsFilter): Contacts {
  const [cursor, setCursor] = useState<string | null>(null);
  const { settledJobs } = useNotices();
  useEffect(() => {
    // A job may have changed any page: the cache has dropped them, and the first is read again.
    setCursor(null);
  }, [settledJobs]);
  const [head, reloadHead] = useQuery({
    query: ContactsQuery,
    variables: { filter, first: PAGE_SIZE, after: null, count: true },
  });
  const [tail, reloadTail] = useQuery({
    query: ContactsQuery,
    variables: { filter, first: PAGE_SIZE, after: cursor, count: false },
    pause: cursor === null,
  });
  const contacts = head.data?.contacts;
  const next = contacts?.pageInfo.hasNextPage ? contacts.pageInfo.endCursor : null;
  const loadMore = useCallback(() => {
    if (next !== null) setCursor(next);
  }, [next]);
  const tailFailed = tail.error !== undefined && cursor !== null;
  return {
    // An invalid id in the URL is a filter without matches.
    rows: isInvalidId(head.error) ? [] : contacts?.nodes,
    total: contacts?.totalCount ?? null,
    hasMore: next !== null,
    isLoading: head.fetching,
    isLoadingMore: tail.fetching,
    problem:
      (isInvalidId(head.error) ? null : problemOf(head.error)) ?? (tailFailed ? problemOf(tail.error) : null),
    loadMore,
    retry: () => {
      const again = { requestPolicy: 'network-only' } as const;
      if (tailFailed) reloadTail(again);
      else reloadHead(again);
    },
  };
}
