import type { Api } from '../constant-contact/api.js';
import { hasFinished } from '../constant-contact/bulk-activities.js';
import { readById } from '../constant-contact/by-id.js';
import type { QueryParams, Schema } from '../constant-contact/contract/operations.js';
import { explored } from './makers/explored.js';

type Activity = Schema<'Activity'>;

/**
 * Jobs come in a dozen shapes that share these fields. Counters differ by kind; errors are strings or
 * objects.
 */
export type BulkActivity = Omit<Activity, 'activity_errors'> & {
  activity_errors?: readonly (string | { message?: string | undefined })[] | null | undefined;
};

export type BulkActivityFilter = Omit<QueryParams<'getActivityStatusCollection'>, 'limit'>;

/** Bulk activities of the last 10 days. Never cached beyond the request, because they change. */
export const bulkActivities = explored<'getActivityStatusCollection', BulkActivity>({
  noun: 'bulk activities',
  reads: 'getActivityStatusCollection',
  rows: (body) => body.activities,
  key: 'activity_id',
  one: ({ api }, activity_id) => api.call('getActivity', { path: { activity_id } }),
  pageSize: 500,
  most: 1_000,
  usual: 500,
  from: 2,
  counted: true,
});

/**
 * Yields the activity immediately and after each change, until it reaches a final state; null when it does
 * not exist. One call per poll.
 */
export function watchBulkActivity(api: Api, activity_id: string): AsyncIterableIterator<BulkActivity | null> {
  return api.watch<BulkActivity | null>({
    key: `activity ${activity_id}`,
    read: (reader, options) =>
      readById<BulkActivity>(
        reader.call('getActivity', { path: { activity_id } }, options),
        activity_id,
        'activity_id',
      ),
    isFinished: (activity) => !activity || hasFinished(activity),
  });
}
