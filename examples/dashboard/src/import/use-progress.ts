import { useEffect } from 'react';
import { useQuery } from 'urql';
import { graphql, type ResultOf } from '../graphql/graphql.js';
import { problemOf, type Problem } from '../graphql/problem.js';

const ProgressQuery = graphql(`
  query Progress($id: ID!) {
    bulkActivity(id: $id) {
      activityId
      state
      percentDone
      counters {
        itemsTotalCount
        personCount
        errorCount
        cannotAddToListCount
      }
      failures {
        message
      }
    }
  }
`);

export type Activity = NonNullable<ResultOf<typeof ProgressQuery>['bulkActivity']>;

export const isOver = ({ state }: Activity): boolean => state !== 'INITIALIZED' && state !== 'PROCESSING';

export function useProgress(id: string): {
  activity: Activity | null;
  problem: Problem | null;
  retry: () => void;
} {
  const [{ data, error, fetching }, reload] = useQuery({ query: ProgressQuery, variables: { id } });
  const activity = data?.bulkActivity ?? null;
  const again = !fetching && !error && !(activity && isOver(activity));
  useEffect(() => {
    if (!again) return;
    const timer = setTimeout(() => reload({ requestPolicy: 'network-only' }), 1000);
    return () => clearTimeout(timer);
  }, [again, reload]);
  return { activity, problem: problemOf(error), retry: () => reload({ requestPolicy: 'network-only' }) };
}
