import type { Api } from '../constant-contact/api.js';
import { nullIfNotFound, withRequestedId } from '../constant-contact/by-id.js';
import type { QueryParams, Schema } from '../constant-contact/contract/operations.js';
import { named } from './makers/named.js';
import { pages, readAll, type PageSource } from './makers/pages.js';
import { scan, type Scan } from './makers/scan.js';
import { single, type ById } from './makers/single.js';
import { whole } from './makers/whole.js';
import type { Wants } from './wants.js';
import type { Costs } from './cost.js';

/** Rows of the collection are the same without `segment_criteria`. */
export type Segment = Schema<'SegmentDetail'>;
export type SegmentSort = QueryParams<'getAccountSegments'>['sort_by'];

const SORTS: readonly SegmentSort[] = [undefined, 'name', 'date'];

/** Most segments that `GET /segments` gives at once (contract: default of `limit`). */
const SEGMENTS_PER_PAGE = 1000;

export interface SegmentLoaders extends Scan<Segment> {
  /** Segments that the query names by id: ONE for a single one, SCAN for several. */
  named: ById<Segment>;
  /** Segments with their criteria: ONE, because the collection leaves criteria out. */
  detail: ById<Segment>;
  list(sort: SegmentSort): PageSource<Segment>;
}

/** Segments: SCAN for names; ONE for criteria, and for deleted segments, which the collection hides. */
export function segmentLoaders(api: Api, wants: Wants): SegmentLoaders {
  const detail = single((id) =>
    api.reference('segments', `segment:${id}`, () =>
      withRequestedId(
        'segment_id',
        Number(id),
        nullIfNotFound<Segment>(api.call('getSegmentDetail', { path: { segment_id: Number(id) } })),
      ),
    ),
  );
  const source = (sort_by?: SegmentSort) => {
    const segmentPages = pages(api, 'getAccountSegments', {
      query: sort_by === undefined ? {} : { sort_by },
      maxPage: SEGMENTS_PER_PAGE,
      rows: (body): readonly Segment[] => body.segments,
      key: idOf,
    });
    return whole(api, segmentPages, { family: 'segments', variant: `segments:${sort_by ?? ''}` });
  };
  /** The collection in the order in which it is kept, if it is: any order has all of it. */
  const inAnyOrder = () => {
    const sorted = SORTS.map((sort) => source(sort));
    return sorted.find((one) => one.held()) ?? source();
  };
  const segments = scan(api, {
    family: 'segments',
    variant: () => 'segments',
    read: () => readAll(inAnyOrder()),
    key: idOf,
    one: detail.load,
  });
  const byName = named(api, {
    scan: segments,
    scanned: () =>
      wants('EmailRecipients', 'segments') ||
      wants('AutomationTrigger', 'segment') ||
      segments.held() ||
      inAnyOrder().held(),
    one: detail.load,
  });
  return {
    ...segments,
    detail,
    named: byName,
    list: source,
    clear: () => {
      segments.clear();
      byName.clear();
      detail.clear();
    },
  };
}

function idOf({ segment_id }: Segment): string | undefined {
  return segment_id === undefined ? undefined : String(segment_id);
}

export const segmentDetails = { cost: { costClass: 'ONE', rows: 'segments' } } as const satisfies Costs;

export const segments = {
  cost: { costClass: 'SCAN', rows: 'segments', pageSize: SEGMENTS_PER_PAGE, most: 1_000 },
} as const satisfies Costs;
