import { subscribe, type Send } from './execute.js';
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

/** Reports how far a job is: a percentage, which grows, and a sentence. */
export type Report = (percent: number, message: string) => Promise<void>;

/**
 * Waits until the bulk activity of an answer has ended.
 *
 * @returns the outcome with the activity as it ended; the same outcome where no activity was started
 */
export async function follow(
  outcome: Outcome,
  place: JobPlace,
  send: Send,
  signal: AbortSignal,
  report: Report,
): Promise<Outcome> {
  const started = jobAt(outcome.data, place.path);
  const id = started?.[place.id];
  if (!started || typeof id !== 'string') return outcome;
  let last: GraphqlAnswer = {};
  let reported = -1;
  for await (const answer of subscribe(send, { query: FOLLOW, variables: { id } }, signal)) {
    last = answer;
    const job = answer.data?.['bulkActivityProgress'] as Job | null | undefined;
    const percent = job?.percentDone ?? 0;
    // Progress has to grow with each notification.
    if (!job || percent <= reported) continue;
    reported = percent;
    await report(percent, sentenceOf(job));
  }
  const job = last.data?.['bulkActivityProgress'] as Job | null | undefined;
  if (!job) {
    const { error } = outcomeOfAnswer(last, new Map());
    const what = error?.message ?? 'the server has ended the subscription';
    const message = `It was started, and runs on, but can no longer be followed: ${what}`;
    const retryable = { retryable: true, code: error?.code ?? 'UPSTREAM_UNAVAILABLE' };
    return outcomeOf(outcome.data, [{ message, ...retryable, path: [...place.path].join('.') }]);
  }
  const data = withJob(outcome.data, place.path, { ...started, ...job });
  if (job.state === 'COMPLETED') return { ...outcome, data };
  const message = `The job ended as ${job.state}.`;
  return outcomeOf(data, [{ code: 'JOB_FAILED', message, retryable: false }]);
}

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
