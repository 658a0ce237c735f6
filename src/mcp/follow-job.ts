import { Kind, print, type SelectionSetNode } from 'graphql';
import type { Call } from './caller.js';
import { subscribe } from './execute.js';
import { outcomeOf, outcomeOfResponse, type GraphqlResponse, type Outcome, type Problem } from './result.js';

/** The official client gives up after 60 seconds, and its agent would not get the ID of the job. */
const MAX_WAIT_MS = 45_000;
export const MAX_WAIT_SECONDS = MAX_WAIT_MS / 1_000;

/** The bulk activity in the response of an operation: its path, and what the operation selects of it. */
export interface JobLocation {
  readonly path: readonly string[];
  readonly selection: string;
}

/** The first bulk activity that a document of an action selects, with its ID; null when there is none. */
export function jobLocationOf(
  selectionSet: SelectionSetNode,
  above: readonly string[] = [],
): JobLocation | null {
  for (const field of selectionSet.selections) {
    if (field.kind !== Kind.FIELD || !field.selectionSet) continue;
    const name = field.name.value;
    const path = [...above, name];
    const found =
      name === 'bulkActivity'
        ? { path, selection: print(field.selectionSet) }
        : jobLocationOf(field.selectionSet, path);
    if (found) return found;
  }
  return null;
}

interface Job {
  readonly state: string;
  readonly percentDone: number | null;
  readonly counters: {
    readonly itemsTotalCount: number | null;
    readonly itemsCompletedCount: number | null;
    readonly errorCount: number | null;
  } | null;
  readonly failures: readonly unknown[] | null;
}

/**
 * Waits until the bulk activity of an outcome has ended.
 *
 * @returns the outcome with the final state of the activity; the same outcome if no activity was started
 */
export async function followJob(outcome: Outcome, location: JobLocation, call: Call): Promise<Outcome> {
  const started = jobAt(outcome.data, location.path);
  const id = started?.['activityId'];
  if (!started || typeof id !== 'string') return outcome;
  const { last, stopped } = await lastEvent(id, location, call);
  const job = jobOf(last);
  const data = job ? withJob(outcome.data, location.path, job) : outcome.data;
  if (!job || stopped !== null) return stillRunning({ ...outcome, data }, location, stopped ?? last);
  const problem = problemOf(job, location);
  return problem
    ? outcomeOf(data, [problem, ...(outcome.error ? [outcome.error] : [])])
    : { ...outcome, data };
}

/** A completed job can have rows that failed. */
function problemOf({ state, counters, failures }: Job, { path }: JobLocation): Problem | null {
  const failed = Math.max(counters?.errorCount ?? 0, failures?.length ?? 0);
  if (state !== 'COMPLETED')
    return { code: 'JOB_FAILED', message: `The job ended as ${state}.`, retryable: false };
  if (failed === 0) return null;
  const total = counters?.itemsTotalCount ?? 0;
  const message = `The job has ended, but ${String(failed)}${total > 0 ? ` of ${String(total)}` : ''} items failed: see its failures.`;
  return total > failed
    ? { code: 'PARTLY_DONE', message, retryable: false }
    : { code: 'JOB_FAILED', message, path: path.join('.'), retryable: false };
}

/** The last event, and why the tool stopped to follow the job before it ended; null for a job that has ended. */
async function lastEvent(
  id: string,
  { selection }: JobLocation,
  call: Call,
): Promise<{ last: GraphqlResponse; stopped: string | null }> {
  const query = `subscription FollowBulkActivity($id: ID!) { bulkActivityProgress(id: $id) ${selection} }`;
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), MAX_WAIT_MS);
  const stop = AbortSignal.any([call.waiting, timeout.signal]);
  const signal = AbortSignal.any([call.signal, stop]);
  let last: GraphqlResponse = {};
  let reported = -1;
  try {
    for await (const event of subscribe(call.caller.send, { query, variables: { id } }, signal)) {
      last = event;
      const job = jobOf(event);
      const percent = job?.percentDone ?? 0;
      // The protocol requires progress to increase with each notification.
      if (!job || percent <= reported) continue;
      reported = percent;
      await call.report(percent, progressMessage(job));
    }
  } catch (error) {
    if (!stop.aborted) throw error;
  } finally {
    clearTimeout(timer);
  }
  const cancelled = call.waiting.aborted ? 'the wait was cancelled' : null;
  const late = timeout.signal.aborted ? `${String(MAX_WAIT_SECONDS)} seconds have passed` : null;
  return { last, stopped: cancelled ?? late };
}

/** The advice of other codes is to repeat the call, which would start the job again. */
function stillRunning(outcome: Outcome, { path }: JobLocation, reason: string | GraphqlResponse): Outcome {
  const why =
    typeof reason === 'string'
      ? `${reason}.`
      : (outcomeOfResponse(reason, null).error?.message ?? 'the subscription ended.');
  const message = `The job was started and continues, but the tool no longer follows it: ${why}`;
  return outcomeOf(outcome.data, [
    { code: 'STILL_RUNNING', message, path: path.join('.'), retryable: false },
  ]);
}

const jobOf = (event: GraphqlResponse) => event.data?.['bulkActivityProgress'] as Job | null | undefined;

function progressMessage({ state, counters }: Job): string {
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
