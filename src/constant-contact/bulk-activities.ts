import { LRUCache } from 'lru-cache';
import type { Clock } from './clock.js';
import type { Schema } from './contract/operations.js';
import { upTo } from './entries.js';
import { isRecord } from './http/error-body.js';
import { word } from './words.js';

/** Final states of an activity; the API spells the last one in two ways. */
const FINAL_STATES: ReadonlySet<string> = new Set([
  'completed',
  'cancelled',
  'failed',
  'timed_out',
  'time_out',
]);

const MAX_KNOWN = 10_000;

/** Returns true if a bulk activity no longer changes. */
export function hasFinished({ state }: Pick<Schema<'Activity'>, 'state'>): boolean {
  return FINAL_STATES.has(word(state));
}

/** Maximum difference between the clock of the API and that of a process. */
const CLOCK_SLACK_MS = 60_000;

/** Bulk activities that were seen finished. */
export class FinishedActivities {
  readonly #known = new LRUCache<string, true>(upTo(MAX_KNOWN));

  /** @param longestMs maximum time for which data is cached: older changes are in all of it */
  constructor(
    private readonly clock: Clock,
    private readonly longestMs: number,
  ) {}

  /**
   * Returns true if a response shows for the first time a finished activity that cached data may be from before. Exports change nothing.
   * @param owner fingerprint of the credentials that it was read with
   * @param body one activity, or a page of them
   */
  hasNews(owner: string, body: unknown): boolean {
    if (!isRecord(body)) return false;
    const rows = Array.isArray(body['activities']) ? body['activities'].filter(isRecord) : [body];
    let hasNews = false;
    const since = this.clock.now() - this.longestMs - CLOCK_SLACK_MS;
    for (const row of rows as Schema<'Activity'>[]) {
      const { activity_id: id, completed_at: completedAt } = row;
      if (id === undefined || !hasFinished(row) || isExport(row)) continue;
      // Without a readable time it counts.
      if (Date.parse(completedAt ?? '') < since) continue;
      const key = `${owner} ${id}`;
      if (this.#known.get(key)) continue;
      this.#known.set(key, true);
      hasNews = true;
    }
    return hasNews;
  }
}

/** Only exports link to a file, by either spelling of the path. */
function isExport({ _links: links }: Schema<'Activity'>): boolean {
  const href: unknown = links?.results?.href;
  return typeof href === 'string' && /\/contacts?_exports\//.test(href);
}
