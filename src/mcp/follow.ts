import type { Call } from './caller.js';
import { subscribe } from './execute.js';
import { outcomeOf, outcomeOfAnswer, type GraphqlAnswer, type Outcome } from './result.js';
import type { JobPlace } from './job-place.js';

const FOLLOW = `subscription FollowBulkActivity($id: ID!) {
  bulkActivityProgress(id: $id) {
    activityId
    state
    percentDone
    startedAt
    completedAt
    counters { itemsTotalCount itemsCompletedCount errorCount }
    failures { line message }
  }
}`;

interface Job {
  readonly state: string;
  readonly percentDone: number | null;
  readonly counters: { itemsTotalCount: number | null; itemsCompletedCount: number | null } | null;
}

/**
 * Waits until the bulk activity of an answer has ended.
 *
 * @returns the outcome with the activity as it ended; the same outcome where no activity was started
 */
export async function follow(outcome: Outcome, place: JobPlace, call: Call): Promise<Outcome> {
  const started = jobAt(outcome.data, place.path);
  const id = started?.[place.id];
  if (!started || typeof id !== 'string') return outcome;
  const last = await lastEvent(id, call);
  const job = jobOf(last);
  if (!job) return noLongerFollowed(outcome, place, last);
  const data = withJob(outcome.data, place.path, { ...started, ...job });
  if (job.state === 'COMPLETED') return { ...outcome, data };
  const message = `The job ended as ${job.state}.`;
  return outcomeOf(data, [{ code: 'JOB_FAILED', message, retryable: false }]);
}

/** Null when the client waits no longer. */
async function lastEvent(id: string, call: Call): Promise<GraphqlAnswer | null> {
  const signal = AbortSignal.any([call.signal, call.waiting]);
  let last: GraphqlAnswer = {};
  let reported = -1;
  try {
    for await (const answer of subscribe(call.caller.send, { query: FOLLOW, variables: { id } }, signal)) {
      last = answer;
      const job = jobOf(answer);
      const percent = job?.percentDone ?? 0;
      // Progress has to grow with each notification.
      if (!job || percent <= reported) continue;
      reported = percent;
      await call.report(percent, sentenceOf(job));
    }
  } catch (error) {
    if (!call.waiting.aborted) throw error;
  }
  return call.waiting.aborted ? null : last;
}

/** A code of its own: the advice of others is to call the tool again, which would start the job once more. */
function noLongerFollowed(outcome: Outcome, { path }: JobPlace, last: GraphqlAnswer | null): Outcome {
  const error = last && outcomeOfAnswer(last, new Map()).error;
  const why = last ? (error?.message ?? 'the subscription has ended') : 'the wait was cancelled';
  const message = `It was started and runs on, but is no longer followed: ${why}`;
  return outcomeOf(outcome.data, [
    { code: 'STILL_RUNNING', message, path: path.join('.'), retryable: false },
  ]);
}

const jobOf = (answer: GraphqlAnswer | null) =>
  answer?.data?.['bulkActivityProgress'] as Job | null | undefined;

function sentenceOf({ state, counters }: Job): string {
  const { itemsCompletedCount: done, itemsTotalCount: total } = counters ?? {};
  return total ? `${state}: ${String(done ?? 0)} of ${String(total)} items` : state;
}

function jobAt(data: unknown, path: readonly string[]): Readonly<Record<string, unknown>> | null {
  const found = path.reduce<unknown>((value, key) => (value as Record<string, unknown> | null)?.[key], data);
  return (found ?? null) as Readonly<Record<string, unknown>> | null;
}

function withJob(
  data: unknown,
  [key = '', ...rest]: readonly string[],
  job: object,
): Record<string, unknown> {
  const parent = data as Record<string, unknown>;
  return { ...parent, [key]: rest.length === 0 ? job : withJob(parent[key], rest, job) };
}
