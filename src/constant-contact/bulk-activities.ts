import { LRUCache } from 'lru-cache';
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

/** Bulk activities that were seen finished. */
export class FinishedActivities {
  readonly #known = new LRUCache<string, true>(upTo(MAX_KNOWN));

  /**
   * Returns true if a response shows a finished activity for the first time.
   * @param owner fingerprint of the credentials that it was read with
   * @param body one activity, or a page of them
   */
  hasNews(owner: string, body: unknown): boolean {
    if (!isRecord(body)) return false;
    const rows = Array.isArray(body['activities']) ? body['activities'].filter(isRecord) : [body];
    let hasNews = false;
    for (const { activity_id: id, state } of rows as Schema<'Activity'>[]) {
      if (id === undefined || !hasFinished({ state })) continue;
      const key = `${owner} ${id}`;
      if (this.#known.get(key)) continue;
      this.#known.set(key, true);
      hasNews = true;
    }
    return hasNews;
  }
}
