import { useMemo } from 'react';
import { useQuery } from 'urql';
import { problemOf, type Problem } from '../graphql/problem.js';
import { GroupsQuery } from './groups-query.js';

export interface Group {
  readonly id: string;
  readonly name: string;
}

export interface Groups {
  readonly lists: readonly Group[];
  readonly tags: readonly Group[];
  /** Whether they are here, few or none. */
  readonly isLoaded: boolean;
  /** Names of those lists or tags that exist. */
  namesOf(ids: readonly string[]): string[];
  /** Why they could not be read. */
  readonly problem: Problem | null;
  retry(): void;
}

/**
 * The lists and tags of the account, by name. Two REST calls, once for the whole session: contacts are asked for the
 * ids alone, which cost nothing, and get their names from here.
 */
export function useGroups(): Groups {
  const [{ data, error }, reload] = useQuery({ query: GroupsQuery });
  return useMemo(() => {
    const lists = named(data?.contactLists?.nodes.map(({ listId: id, name }) => ({ id, name })));
    const tags = named(data?.tags?.nodes.map(({ tagId: id, name }) => ({ id, name })));
    const names = new Map([...lists, ...tags].map(({ id, name }) => [id, name]));
    return {
      lists,
      tags,
      isLoaded: data !== undefined,
      namesOf: (ids) => ids.flatMap((id) => names.get(id) ?? []),
      problem: problemOf(error),
      retry: () => reload({ requestPolicy: 'network-only' }),
    };
  }, [data, error, reload]);
}

function named(groups: readonly { id: string; name: string }[] | undefined): Group[] {
  return (groups ?? [])
    .map(({ id, name }) => ({ id, name: name || 'Without a name' }))
    .sort((a, b) => a.name.localeCompare(b.name));
}
