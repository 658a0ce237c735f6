import type { OperationId, Schema } from '../constant-contact/contract/operations.js';
import type { CostOf, Costs } from './cost.js';
import { paged } from './makers/pages.js';

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

/** Name of a report of one landing page, for query costs. */
export function nameOfPageReport(report: LandingPageReportName, activityId: string): string {
  return `landing page ${report} ${activityId}`;
}

/** Rows of a landing-page report. */
export const landingPageReports = paged<
  (typeof LANDING_PAGE_REPORTS)[LandingPageReportName],
  LandingPageRow,
  [report: LandingPageReportName, activityId: string, filter: { contacts_filter?: string }]
>({
  noun: 'rows',
  rows: (body) => body.tracking_activities,
  // Vendor guide.
  pageSize: 500,
  request: (_scope, report, campaign_activity_id, query) => ({
    reads: LANDING_PAGE_REPORTS[report],
    path: { campaign_activity_id },
    query,
    ...(Object.keys(query).length === 0 && {
      part: { of: 'rows', name: nameOfPageReport(report, campaign_activity_id) },
    }),
  }),
});

/** Cost of reading a report. */
export const landingPageCost = (report: LandingPageReportName): Costs<CostOf<'PAGES'>> => ({
  cost: { ...landingPageReports.cost, reads: LANDING_PAGE_REPORTS[report] },
});
