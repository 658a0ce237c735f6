import type { OperationId, Schema } from '../constant-contact/contract/operations.js';
import { compact } from './compact.js';
import { DAY, MINUTE, seconds } from './dates.js';
import { Refusal } from './errors.js';
import type { Ids } from './ids.js';

export type JobState = 'completed' | 'cancelled' | 'failed' | 'timed_out';
/** An activity as returned by the bulk operations. */
export type Activity = Schema<'Activity'> & { activity_id: string; state: string };

export type JobCounters = Partial<Schema<'ActivityStatus'>>;

/** Outcome of a job: changed counters, messages about rows, and its file. */
export interface JobOutcome {
  readonly state?: JobState;
  readonly counters?: JobCounters;
  readonly errors?: readonly string[];
  /** `href` of the results, for exports. */
  readonly results?: string;
}

export interface JobPlan {
  readonly operationId: OperationId;
  /** Amount of work; more items take longer. */
  readonly items: number;
  /** The counters of this kind of job before it runs; none if the kind has no `status`. */
  readonly counters?: JobCounters;
  readonly sourceFileName?: string;
  /** Applies the effects of the job when it finishes. An exception makes the job `failed`. */
  run(now: number): JobOutcome;
}

interface Job extends JobPlan {
  readonly id: string;
  readonly createdAt: number;
  readonly startsAt: number;
  readonly endsAt: number;
  outcome: JobOutcome | null;
}

/** Maximum number of waiting jobs. */
const MAX_QUEUED = 1_000;
/** Retention of finished jobs. */
const HISTORY = 10 * DAY;
const MS_PER_ITEM = 0.05;

/**
 * The bulk activities of an account: `initialized`, then `processing`, then finished, by the clock. Nothing
 * runs in the background: readers of the account call `settle` first.
 */
export class Jobs {
  readonly #ids: Ids;
  readonly #duration: number;
  readonly #jobs = new Map<string, Job>();
  #open: Job[] = [];

  /** @param duration of a small job, in milliseconds */
  constructor(ids: Ids, duration: number) {
    this.#ids = ids;
    this.#duration = duration;
  }

  /**
   * Queues a job and returns its activity.
   * @throws Refusal 429 when 1,000 jobs are waiting
   */
  submit(plan: JobPlan, now: number): Activity {
    if (this.#open.length >= MAX_QUEUED) {
      throw new Refusal(429, 'queue.full', 'More than 1,000 activities are queued.');
    }
    const length = this.#duration + plan.items * MS_PER_ITEM;
    const job: Job = {
      ...plan,
      id: this.#ids.uuid('activity'),
      createdAt: now,
      startsAt: now + length * 0.3,
      endsAt: now + length,
      outcome: null,
      run: (at) => plan.run(at),
    };
    this.#jobs.set(job.id, job);
    this.#open.push(job);
    return activityOf(job, now);
  }

  /** Adds a finished job to the history without effects: for seeding. */
  remember(plan: Omit<JobPlan, 'run'>, finishedAt: number, outcome: JobOutcome): void {
    const id = this.#ids.uuid('activity');
    const createdAt = finishedAt - 2 * MINUTE;
    const times = { id, createdAt, startsAt: createdAt + 20_000, endsAt: finishedAt };
    this.#jobs.set(id, { ...plan, ...times, outcome, run: () => outcome });
  }

  /** Finishes the jobs that are due, in due order. */
  settle(now: number): void {
    if (this.#open.length === 0) return;
    const due = this.#open.filter((job) => job.endsAt <= now).sort((a, b) => a.endsAt - b.endsAt);
    for (const job of due) {
      try {
        job.outcome = job.run(job.endsAt);
      } catch (error) {
        job.outcome = { state: 'failed', errors: [error instanceof Error ? error.message : String(error)] };
      }
    }
    this.#open = this.#open.filter((job) => job.outcome === null);
  }

  /** One activity; null if it is unknown or older than the history. */
  read(id: string, now: number): Activity | null {
    const job = this.#jobs.get(id);
    return job && job.createdAt > now - HISTORY ? activityOf(job, now) : null;
  }

  /** The activities of the last ten days, newest first. */
  list(now: number): Activity[] {
    return [...this.#jobs.values()]
      .filter((job) => job.createdAt > now - HISTORY)
      .sort((a, b) => b.createdAt - a.createdAt)
      .map((job) => activityOf(job, now));
  }
}

function activityOf(job: Job, now: number): Activity {
  const state = stateOf(job, now);
  const started = state !== 'initialized';
  const done = job.outcome !== null;
  const progress = done
    ? finishedShare(job)
    : started
      ? (now - job.startsAt) / (job.endsAt - job.startsAt)
      : 0;
  const { results } = job.outcome ?? {};
  return compact<Activity>({
    activity_id: job.id,
    state,
    created_at: seconds(job.createdAt),
    updated_at: seconds(done ? job.endsAt : started ? job.startsAt : job.createdAt),
    started_at: started ? seconds(job.startsAt) : null,
    completed_at: done ? seconds(job.endsAt) : null,
    source_file_name: job.sourceFileName,
    percent_done: Math.floor(Math.min(progress, 1) * 100),
    activity_errors: [...(job.outcome?.errors ?? [])],
    status: countersOf(job, progress),
    _links: {
      self: { href: `/v3/activities/${job.id}` },
      ...(results ? { results: { href: results } } : {}),
    },
  });
}

/** An aborted job keeps its progress. */
function finishedShare({ counters, outcome }: Job): number {
  if ((outcome?.state ?? 'completed') === 'completed') return 1;
  return (counters?.items_completed_count ?? 0) / (counters?.items_total_count ?? 1);
}

function stateOf(job: Job, now: number): string {
  if (job.outcome) return job.outcome.state ?? 'completed';
  return now >= job.startsAt && now > job.createdAt ? 'processing' : 'initialized';
}

function countersOf(job: Job, progress: number): JobCounters | null {
  if (!job.counters) return null;
  if (job.outcome) return { ...job.counters, ...job.outcome.counters };
  if (job.counters.items_completed_count === undefined) return { ...job.counters };
  return { ...job.counters, items_completed_count: Math.floor(job.items * Math.min(progress, 1)) };
}
