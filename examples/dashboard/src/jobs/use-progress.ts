import { useCallback, useEffect, useRef, useState } from 'react';
import { useClient, type CombinedError } from 'urql';
import { graphql, type ResultOf } from '../graphql/graphql.js';
import { isInvalidId, problemOf, type Problem } from '../graphql/problem.js';
import { useConnection } from '../session.js';

/** Sends an event for each change, and completes with the job; the server polls once for all subscribers. */
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
  /** True if there is no job with this id. */
  readonly isUnknown: boolean;
  retry(): void;
}

interface Followed {
  readonly activity: Activity | null;
  readonly error: CombinedError | undefined;
  /** True while the stream may send more events. */
  readonly isOpen: boolean;
}

const RECONNECT_MS = 3_000;

/** Live progress of a job. A stream that is cut before the job ends is opened again. */
export function useProgress(id: string): Progress {
  const client = useClient();
  const [attempt, setAttempt] = useState(0);
  const [{ activity, error, isOpen }, setFollowed] = useState<Followed>(BEGINNING);
  const { recoveries } = useConnection();
  const recoveredAt = useRef(recoveries);
  const retry = useCallback(() => setAttempt((attempts) => attempts + 1), []);
  useEffect(() => {
    setFollowed((before) => ({ ...before, isOpen: true }));
    // `useSubscription` does not report the end of a stream.
    const { unsubscribe } = client.subscription(ProgressSubscription, { id }).subscribe((result) => {
      const next = result.data?.bulkActivityProgress ?? null;
      setFollowed((before) => ({
        activity: next ?? before.activity,
        error: result.error,
        isOpen: result.hasNext,
      }));
    });
    return unsubscribe;
  }, [client, id, attempt]);

  const isCut = !isOpen && !(activity && isOver(activity));
  const isWaiting = isCut && !error && activity !== null;
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setTimeout(retry, RECONNECT_MS);
    return () => clearTimeout(timer);
  }, [isWaiting, retry]);
  useEffect(() => {
    if (recoveredAt.current === recoveries) return;
    recoveredAt.current = recoveries;
    if (isCut) retry();
  }, [recoveries, isCut, retry]);

  const isUnknown = isInvalidId(error) || (isCut && !error && activity === null);
  return { activity, problem: isUnknown ? null : problemOf(error), isUnknown, retry };
}

const BEGINNING: Followed = { activity: null, error: undefined, isOpen: true };
