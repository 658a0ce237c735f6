import { useMemo } from 'react';
import { useQuery } from 'urql';
import { graphql } from './graphql/graphql.js';

const GroupsQuery = graphql(`
  query Groups {
    contactLists(first: 1000) {
      nodes {
        listId
        name
      }
    }
    tags(first: 500) {
      nodes {
        tagId
        name
      }
    }
  }
`);

export interface Group {
  readonly id: string;
  readonly name: string;
}

export interface Groups {
  readonly lists: readonly Group[];
  readonly tags: readonly Group[];
  /** Name of a list or a tag by its id. */
  readonly nameOf: ReadonlyMap<string, string>;
}

/**
 * The lists and tags of the account, by name. Two REST calls, once for the whole session: contacts are asked for the
 * ids alone, which cost nothing, and get their names from here.
 */
export function useGroups(): Groups {
  const [{ data }] = useQuery({ query: GroupsQuery });
  return useMemo(() => {
    const lists = named(data?.contactLists?.nodes.map(({ listId: id, name }) => ({ id, name })));
    const tags = named(data?.tags?.nodes.map(({ tagId: id, name }) => ({ id, name })));
    return { lists, tags, nameOf: new Map([...lists, ...tags].map(({ id, name }) => [id, name])) };
  }, [data]);
}

function named(groups: readonly { id: string; name: string | null }[] | undefined): Group[] {
  return (groups ?? [])
    .map(({ id, name }) => ({ id, name: name ?? 'Without a name' }))
    .sort((a, b) => a.name.localeCompare(b.name));
}
