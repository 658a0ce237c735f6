import DataLoader from 'dataloader';
import type { Api } from '../constant-contact/api.js';
import type { OperationId, ResponseBody, Schema } from '../constant-contact/contract/operations.js';
import { gather } from './makers/gather.js';
import { pages, type Page, type PageSource } from './makers/pages.js';
import { asError } from './makers/single.js';
import type { Costs } from './cost.js';

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

/** Filters of the tracking reports; each report knows its own only. */
export interface TrackingFilter {
  url_id?: string;
  bounce_code?: readonly string[];
}

/** Most rows that a tracking report gives at once (contract: `limit`). */
const TRACKING_ROWS_PER_PAGE = 500;

export interface TrackingReports {
  /**
   * One call for each 500 rows. Several filters of one report are answered by its first page where that is all of it.
   * @param atLeast how many rows the report has at least without the filter, as far as that is known
   */
  source(
    report: TrackingReport,
    activityId: string,
    filter: TrackingFilter,
    atLeast?: number,
  ): PageSource<TrackingRow>;
  clear(): void;
}

/** Some rows of a report, which others of it may be wanted beside. */
interface Part {
  report: TrackingReport;
  activityId: string;
  filter: TrackingFilter;
  atLeast: number;
}

/**
 * Rows of the tracking reports. Clicks on each link of a mail, or what bounced for each reason, are a call each; but most
 * reports are a page, which has the rows of all. So two or more parts of a report are looked for in its first page. When
 * that is not all, it was one call too many.
 */
export function trackingReportLoaders(api: Api): TrackingReports {
  /** Reports of which the first page was all. */
  const whole = new Map<string, readonly TrackingRow[]>();

  const pagesOf = (
    report: TrackingReport,
    campaign_activity_id: string,
    query: TrackingFilter,
  ): PageSource<TrackingRow> =>
    pages(api, TRACKING_REPORTS[report], {
      path: { campaign_activity_id },
      query,
      maxPage: TRACKING_ROWS_PER_PAGE,
      rows: (body: ResponseBody<(typeof TRACKING_REPORTS)[TrackingReport]>) =>
        body.tracking_activities as TrackingRow[],
    });

  const all = (report: TrackingReport, activityId: string): PageSource<TrackingRow> => {
    const source = pagesOf(report, activityId, {});
    return {
      ...source,
      fetch: async (position, limit, brings) => {
        const page = await source.fetch(position, limit, brings);
        if (position === null && page.next === null) whole.set(nameOf(report, activityId), [...page.rows]);
        return page;
      },
    };
  };

  /** Rows of these parts of one report; null where its first page does not tell. */
  const readParts = async (parts: readonly Part[]): Promise<readonly TrackingRow[] | null> => {
    const [{ report, activityId }] = parts as readonly [Part];
    const name = nameOf(report, activityId);
    const isSeveral = new Set(parts.map(({ filter }) => JSON.stringify(filter))).size > 1;
    const atLeast = Math.max(...parts.map((part) => part.atLeast));
    if (!whole.has(name) && isSeveral && atLeast <= TRACKING_ROWS_PER_PAGE)
      await all(report, activityId).fetch(null, TRACKING_ROWS_PER_PAGE);
    return whole.get(name) ?? null;
  };

  const load = async (keys: readonly string[]): Promise<(readonly TrackingRow[] | null | Error)[]> => {
    const parts = keys.map((key) => JSON.parse(key) as Part);
    const reports = new Map<string, Part[]>();
    for (const part of parts) {
      const name = nameOf(part.report, part.activityId);
      reports.set(name, [...(reports.get(name) ?? []), part]);
    }
    const read = new Map([...reports].map(([name, some]) => [name, readParts(some).catch(asError)]));
    return Promise.all(
      parts.map(async ({ report, activityId, filter }) => {
        const rows = (await read.get(nameOf(report, activityId))) ?? null;
        return rows && !(rows instanceof Error) ? rows.filter((row) => isIn(row, filter)) : rows;
      }),
    );
  };
  const loader = new DataLoader<string, readonly TrackingRow[] | null>(load, {
    maxBatchSize: 10_000,
    batchScheduleFn: gather(api),
  });

  return {
    source: (report, activityId, filter, atLeast = 0) => {
      if (Object.keys(filter).length === 0) return all(report, activityId);
      const source = pagesOf(report, activityId, filter);
      const first = async (limit: number): Promise<Page<TrackingRow>> => {
        const part: Part = { report, activityId, filter, atLeast };
        const rows = await loader.load(JSON.stringify(part));
        if (!rows) return source.fetch(null, limit, source.brings);
        return { rows, next: null, total: null, limit: TRACKING_ROWS_PER_PAGE };
      };
      return {
        ...source,
        fetch: (at, limit, brings) => (at === null ? first(limit) : source.fetch(at, limit, brings)),
      };
    },
    clear: () => {
      whole.clear();
      loader.clearAll();
    },
  };
}

function nameOf(report: TrackingReport, activityId: string): string {
  return `${report} ${activityId}`;
}

function isIn({ url_id, bounce_code }: TrackingRow, filter: TrackingFilter): boolean {
  const { url_id: link, bounce_code: codes } = filter;
  return (link === undefined || url_id === link) && (!codes || codes.includes(bounce_code ?? ''));
}

export const trackingReports = {
  cost: { costClass: 'PAGES', rows: 'rows', pageSize: TRACKING_ROWS_PER_PAGE },
} as const satisfies Costs;
