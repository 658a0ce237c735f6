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
  /** False until both are loaded. */
  readonly isLoaded: boolean;
  /** Names of the existing lists or tags among these ids. */
  namesOf(ids: readonly string[]): string[];
  /** Reason for a failed read. */
  readonly problem: Problem | null;
  retry(): void;
}

/**
 * The lists and tags of the account, by name. Two REST calls per session: queries of contacts select the ids
 * only, which are free, and their names are looked up here.
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
