import DataLoader from 'dataloader';
import type { Api } from '../constant-contact/api.js';
import { nullIfNotFound, withRequestedId } from '../constant-contact/by-id.js';
import type { QueryParams, Schema } from '../constant-contact/contract/operations.js';
import { gather } from './makers/gather.js';
import { pages, type PageSource } from './makers/pages.js';
import { asError, type ById } from './makers/single.js';
import type { Costs } from './cost.js';

type Activity = Schema<'Activity'>;

/** Jobs answer in a dozen shapes that share these fields. Counters differ by kind, and errors are texts or objects. */
export type BulkActivity = Omit<Activity, 'activity_errors'> & {
  activity_errors?: readonly (string | { message?: string | undefined })[] | null | undefined;
};

export type BulkActivityFilter = Omit<QueryParams<'getActivityStatusCollection'>, 'limit'>;

/** Most activities that `GET /activities` gives at once (contract: `limit`). */
const ACTIVITIES_PER_PAGE = 500;

/** States that an activity does not leave; the API spells the last one in two ways. */
const ENDED: ReadonlySet<string> = new Set(['completed', 'cancelled', 'failed', 'timed_out', 'time_out']);

export interface BulkActivityLoaders extends ById<BulkActivity> {
  /** The activity at once, and each time it has changed, until it has ended; null when there is none. ONE for each read. */
  watch(id: string): AsyncIterableIterator<BulkActivity | null>;
  list(filter: BulkActivityFilter): PageSource<BulkActivity>;
}

/**
 * Bulk activities of the last 10 days: ONE for a single id; for several, one page of the collection, and ONE for those
 * that are not on it. Never cached beyond the request: they move.
 */
export function bulkActivityLoaders(api: Api): BulkActivityLoaders {
  const one = (activity_id: string) =>
    withRequestedId(
      'activity_id',
      activity_id,
      nullIfNotFound<BulkActivity>(api.call('getActivity', { path: { activity_id } })),
    );
  /** Activities that any answer has brought. */
  const seen = new Map<string, BulkActivity>();
  const source = (filter: BulkActivityFilter) =>
    pages(api, 'getActivityStatusCollection', {
      query: filter,
      maxPage: ACTIVITIES_PER_PAGE,
      rows: (body): readonly BulkActivity[] | undefined => body.activities,
      key: (activity) => activity.activity_id,
      seen: (activities) => {
        for (const activity of activities) if (activity.activity_id) seen.set(activity.activity_id, activity);
      },
    });
  const byId = new DataLoader<string, BulkActivity | null>(
    async (ids) => {
      const isMissing = (id: string) => !seen.has(id);
      if (ids.filter(isMissing).length > 1) await source({}).fetch(null, ACTIVITIES_PER_PAGE);
      const find = async (id: string) => seen.get(id) ?? (await one(id));
      return Promise.all(ids.map((id) => find(id).catch((error: unknown) => asError(error))));
    },
    { batchScheduleFn: gather(api) },
  );
  return {
    load: (id) => byId.load(id),
    watch: (activity_id) =>
      api.watch<BulkActivity | null>({
        key: `activity ${activity_id}`,
        read: (reader, options) =>
          withRequestedId(
            'activity_id',
            activity_id,
            nullIfNotFound<BulkActivity>(reader.call('getActivity', { path: { activity_id } }, options)),
          ),
        isOver: (activity) => !activity || ENDED.has((activity.state ?? '').toLowerCase()),
      }),
    prime: (id, activity) => {
      seen.set(id, activity);
    },
    clear: () => {
      seen.clear();
      byId.clearAll();
    },
    list: source,
  };
}

export const bulkActivities = {
  cost: {
    costClass: 'EXPLORED',
    rows: 'bulk activities',
    pageSize: ACTIVITIES_PER_PAGE,
    most: 500,
    from: 2,
    counted: true,
  },
} as const satisfies Costs;
