import type { Call } from './caller.js';
import { subscribe } from './execute.js';
import { outcomeOf, outcomeOfResponse, type GraphqlResponse, type Outcome } from './result.js';
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
 * Waits until the bulk activity of an outcome has ended.
 *
 * @returns the outcome with the final state of the activity; the same outcome if no activity was started
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

/** Null when the client stopped waiting. */
async function lastEvent(id: string, call: Call): Promise<GraphqlResponse | null> {
  const signal = AbortSignal.any([call.signal, call.waiting]);
  let last: GraphqlResponse = {};
  let reported = -1;
  try {
    for await (const event of subscribe(call.caller.send, { query: FOLLOW, variables: { id } }, signal)) {
      last = event;
      const job = jobOf(event);
      const percent = job?.percentDone ?? 0;
      // The protocol requires progress to increase with each notification.
      if (!job || percent <= reported) continue;
      reported = percent;
      await call.report(percent, sentenceOf(job));
    }
  } catch (error) {
    if (!call.waiting.aborted) throw error;
  }
  return call.waiting.aborted ? null : last;
}

/** The advice of other codes is to repeat the call, which would start the job again. */
function noLongerFollowed(outcome: Outcome, { path }: JobPlace, last: GraphqlResponse | null): Outcome {
  const error = last && outcomeOfResponse(last, null).error;
  const reason = last ? (error?.message ?? 'the subscription ended') : 'the wait was cancelled';
  const message = `The job was started and continues, but the tool no longer follows it: ${reason}`;
  return outcomeOf(outcome.data, [
    { code: 'STILL_RUNNING', message, path: path.join('.'), retryable: false },
  ]);
}

const jobOf = (event: GraphqlResponse | null) =>
  event?.data?.['bulkActivityProgress'] as Job | null | undefined;

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
