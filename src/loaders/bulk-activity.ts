import type { Api } from '../constant-contact/api.js';
import type { QueryParams, Schema } from '../constant-contact/contract/operations.js';
import { orNull } from './makers/batch.js';
import { pages, type PageSource } from './makers/pages.js';
import { single, type ById } from './makers/single.js';

/** Jobs answer in a dozen shapes that share these fields; counters differ by kind. */
export type BulkActivity = Schema<'Activity'>;

export type BulkActivityFilter = Omit<QueryParams<'getActivityStatusCollection'>, 'limit'>;

/** Most activities that `GET /activities` gives at once (contract: `limit`). */
const ACTIVITIES_PER_PAGE = 500;

export interface BulkActivityLoaders extends ById<BulkActivity> {
  list(filter: BulkActivityFilter): PageSource<BulkActivity>;
}

/** Bulk activities: ONE by id, and a list of those of the last 10 days. Never cached beyond the request: they move. */
export function bulkActivityLoaders(api: Api): BulkActivityLoaders {
  const byId = single((id) => orNull<BulkActivity>(api.call('getActivity', { path: { activity_id: id } })));
  return {
    ...byId,
    list: (filter) =>
      pages(api, 'getActivityStatusCollection', {
        query: filter,
        maxPage: ACTIVITIES_PER_PAGE,
        rows: (body) => body.activities,
        key: (activity) => activity.activity_id,
        seen: (activities) => {
          for (const activity of activities)
            if (activity.activity_id) byId.prime(activity.activity_id, activity);
        },
      }),
  };
}
