import { useEffect, useRef } from 'react';
import { useSubscription } from 'urql';
import { graphql, type ResultOf } from '../graphql/graphql.js';
import { problemOf, type Problem } from '../graphql/problem.js';
import { useConnection } from '../session.js';

/** Comes whenever something has changed, and ends with the job; the server looks for all who follow it together. */
const ProgressSubscription = graphql(`
  subscription JobProgress($id: ID!) {
    bulkActivityProgress(id: $id) {
      activityId
      sourceFileName
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

export type Activity = NonNullable<ResultOf<typeof ProgressSubscription>['bulkActivityProgress']>;

export const isOver = ({ state }: Activity): boolean => state !== 'INITIALIZED' && state !== 'PROCESSING';

interface Progress {
  readonly activity: Activity | null;
  readonly problem: Problem | null;
  retry(): void;
}

/** How far a job has come, as it happens. */
export function useProgress(id: string): Progress {
  const [{ data, error, fetching }, follow] = useSubscription({
    query: ProgressSubscription,
    variables: { id },
  });
  const activity = data?.bulkActivityProgress ?? null;
  const { recoveries } = useConnection();
  const followedAt = useRef(recoveries);
  const isCut = !fetching && !(activity && isOver(activity));
  useEffect(() => {
    // A stream that was cut is not among the queries that the connection sends again.
    if (followedAt.current === recoveries) return;
    followedAt.current = recoveries;
    if (isCut) follow({ requestPolicy: 'network-only' });
  }, [recoveries, isCut, follow]);
  const lost = isCut && !error ? CUT : null;
  return {
    activity,
    problem: problemOf(error) ?? lost,
    retry: () => follow({ requestPolicy: 'network-only' }),
  };
}

/** The stream has ended and the job has not: the server was restarted, for example. */
const CUT: Problem = {
  title: 'The connection ended',
  advice: 'The job goes on in Constant Contact. Try again to see how far it is.',
  action: 'retry',
  waitSeconds: 0,
};
