import type { Api } from '../constant-contact/api.js';
import type { OperationId, ResponseBody, Schema } from '../constant-contact/contract/operations.js';
import { pages, type PageSource } from './makers/pages.js';
import type { Costs } from './cost.js';

/** A row of any of the six landing-page reports: they share most of their properties. */
export type LandingPageRow = Schema<'PContactAddTrackingActivity'> &
  Partial<Omit<Schema<'PContactClickTrackingActivity'>, keyof Schema<'PContactAddTrackingActivity'>>>;

/** The landing-page reports by the name of their connection. */
export const LANDING_PAGE_REPORTS = {
  uniqueClicks: 'getUniqueContactClicks',
  uniqueOpens: 'getUniqueContactOpens',
  opens: 'getContactOpens',
  uniqueUpdates: 'getUniqueContactUpdates',
  uniqueAdds: 'getContactAdds',
  uniqueSmsOptIns: 'getUniqueContactSMSOptIns',
} as const satisfies Record<string, OperationId>;
export type LandingPageReportName = keyof typeof LANDING_PAGE_REPORTS;

/** Most rows that a landing-page report gives at once (vendor guide). */
const ROWS_PER_PAGE = 500;

/** Rows of a landing-page report. One call for each 500. */
export function landingPageRows(
  api: Api,
  report: LandingPageReportName,
  campaign_activity_id: string,
  filter: { contacts_filter?: string },
): PageSource<LandingPageRow> {
  return pages(api, LANDING_PAGE_REPORTS[report], {
    path: { campaign_activity_id },
    query: filter,
    maxPage: ROWS_PER_PAGE,
    rows: (body: ResponseBody<(typeof LANDING_PAGE_REPORTS)[LandingPageReportName]>) =>
      body.tracking_activities as LandingPageRow[],
  });
}

export const landingPageReports = {
  cost: { costClass: 'PAGES', rows: 'rows', pageSize: ROWS_PER_PAGE },
} as const satisfies Costs;
