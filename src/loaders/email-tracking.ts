import type { OperationId, Schema } from '../constant-contact/contract/operations.js';
import { word } from '../constant-contact/words.js';
import type { CostOf, Costs } from './cost.js';
import type { Loader, Scope } from './makers/loader.js';
import type { PageSource } from './makers/page-source.js';
import { paged } from './makers/pages.js';
import { together, type Together } from './makers/together.js';

/** A row of any of the eight tracking reports: they share most of their properties. */
export type TrackingRow = Schema<'SendsTrackingActivity'> &
  Partial<Omit<Schema<'ClicksTrackingActivity'>, keyof Schema<'SendsTrackingActivity'>>> &
  Partial<Pick<Schema<'OptoutsTrackingActivity'>, 'opt_out_reason'>> &
  Partial<Pick<Schema<'BouncesTrackingActivity'>, 'bounce_code' | 'current_email_address'>>;

/** The tracking reports by the name of their connection. */
export const TRACKING_REPORTS = {
  sends: 'getSends',
  opens: 'getOpens',
  uniqueOpens: 'getUniqueOpens',
  didNotOpens: 'getDidNotOpens',
  clicks: 'getClicks',
  forwards: 'getForwards',
  optouts: 'getOptouts',
  bounces: 'getBounces',
} as const satisfies Record<string, OperationId>;
export type TrackingReport = keyof typeof TRACKING_REPORTS;

/** Name of a report of one activity, for query costs. */
export function nameOfReport(report: TrackingReport, activityId: string): string {
  return `${report} ${activityId}`;
}

/** Filters of the tracking reports; each report supports some of them. */
export interface TrackingFilter {
  url_id?: string;
  bounce_code?: readonly string[];
}

const trackingRows = paged<
  (typeof TRACKING_REPORTS)[TrackingReport],
  TrackingRow,
  [report: TrackingReport, activityId: string, filter: TrackingFilter]
>({
  noun: 'rows',
  rows: (body) => body.tracking_activities,
  // Contract: `limit`.
  pageSize: 500,
  request: (_scope, report, campaign_activity_id, query) => ({
    reads: TRACKING_REPORTS[report],
    path: { campaign_activity_id },
    query,
    ...(Object.keys(query).length === 0 && {
      part: { of: 'rows', name: nameOfReport(report, campaign_activity_id) },
    }),
  }),
});

/**
 * Rows of the tracking reports. Clicks per link and bounces per reason take a call each, but most reports are
 * a single page with the rows of all of them. So two or more parts of a report are looked up in its first
 * page. If that is not the whole report, it wasted one call.
 */
export const trackingReports: Loader<TrackingReports, CostOf<'PAGES'>> = {
  cost: trackingRows.cost,
  create: (scope) => new TrackingReports(scope),
};

/** Cost of reading a report. */
export const trackingCost = (report: TrackingReport): Costs<CostOf<'PAGES'>> => ({
  cost: { ...trackingRows.cost, reads: TRACKING_REPORTS[report] },
});

/** Filtered rows of a report; other parts of the same report may be requested too. */
interface Part {
  report: TrackingReport;
  activityId: string;
  filter: TrackingFilter;
  atLeast: number;
}

export class TrackingReports {
  /** Reports whose first page is complete. */
  readonly #whole = new Map<string, readonly TrackingRow[]>();
  readonly #together: Together<Part, TrackingRow>;

  constructor(private readonly scope: Scope) {
    this.#together = together(scope, {
      groupOf: ({ report, activityId }) => nameOfReport(report, activityId),
      read: async (parts) => {
        const rows = await this.#readParts(parts);
        return ({ filter }) => rows && rows.filter((row) => isIn(row, filter));
      },
    });
  }

  /** @param atLeast known lower bound of the report's rows without the filter */
  list(
    report: TrackingReport,
    activityId: string,
    filter: TrackingFilter,
    atLeast = 0,
  ): PageSource<TrackingRow> {
    if (Object.keys(filter).length === 0) return this.#all(report, activityId);
    const own = this.scope.use(trackingRows).list(report, activityId, filter);
    return this.#together.source({ report, activityId, filter, atLeast }, own);
  }

  #all(report: TrackingReport, activityId: string): PageSource<TrackingRow> {
    const source = this.scope.use(trackingRows).list(report, activityId, {});
    return {
      ...source,
      fetch: async (position, limit) => {
        const page = await source.fetch(position, limit);
        if (position === null && page.next === null)
          this.#whole.set(nameOfReport(report, activityId), page.rows);
        return page;
      },
    };
  }

  /** All rows of the report of these parts; null when its first page is not complete. */
  async #readParts(parts: readonly Part[]): Promise<readonly TrackingRow[] | null> {
    const [{ report, activityId }] = parts as readonly [Part];
    const name = nameOfReport(report, activityId);
    const isSeveral = new Set(parts.map(({ filter }) => JSON.stringify(filter))).size > 1;
    const atLeast = Math.max(...parts.map((part) => part.atLeast));
    const { pageSize } = trackingRows.cost;
    if (!this.#whole.has(name) && isSeveral && atLeast <= pageSize)
      await this.#all(report, activityId).fetch(null, pageSize);
    return this.#whole.get(name) ?? null;
  }
}

function isIn({ url_id, bounce_code }: TrackingRow, filter: TrackingFilter): boolean {
  const { url_id: link, bounce_code: codes } = filter;
  return (
    (link === undefined || String(url_id) === String(link)) &&
    (!codes || codes.map(word).includes(word(bounce_code)))
  );
}
