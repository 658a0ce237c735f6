import type { Api } from '../constant-contact/api.js';
import type { OperationId, ResponseBody, Schema } from '../constant-contact/contract/operations.js';
import { batch, orNull } from './makers/batch.js';
import { pages, type PageSource } from './makers/pages.js';
import { single, type ById } from './makers/single.js';
import type { Wants } from './index.js';

export type CampaignStats = Schema<'CampaignStatsResultGenericStatsEmailPercentsEmail'>;
export type ActivityStats = Schema<'CampaignActivityStatsResultGenericStatsEmailActivity'>;
export type EmailLink = Schema<'EmailLinkClickCount'>;

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
/** Most ids in one statistics call (vendor guide). */
export const CAMPAIGNS_PER_STATS = 150;
const ACTIVITIES_PER_STATS = 10;

export interface EmailReportLoaders {
  /** BATCH(150). Null for campaigns without statistics. */
  campaignStats: ById<CampaignStats>;
  /** BATCH(10). Null for activities without statistics. */
  activityStats: ById<ActivityStats>;
  /** ONE: the clicked links of an activity, and those that nobody clicked when the operation wants them anywhere. */
  links: ById<readonly EmailLink[]>;
  /** One call for each 500 rows. */
  tracking(report: TrackingReport, activityId: string, filter: TrackingFilter): PageSource<TrackingRow>;
  clear(): void;
}

export function emailReportLoaders(api: Api, wants: Wants): EmailReportLoaders {
  // Where any place of the operation wants the links that nobody clicked, one read with them serves all places.
  const withUnclicked = () => wants('EmailCampaignActivity', 'links(includeUnclicked)');
  const links = single<readonly EmailLink[]>(async (campaign_activity_id) => {
    const query = withUnclicked() ? { no_clicks: true } : {};
    const body = await orNull(
      api.call('getCampaignActivityLinkStats', { path: { campaign_activity_id }, query }),
    );
    return body && (body.link_click_counts ?? []);
  });
  const campaignStats = batch<CampaignStats>(api, {
    size: CAMPAIGNS_PER_STATS,
    read: async (ids) =>
      (await api.call('getEmailSummary', { path: { campaign_ids: ids.join(',') } })).results ?? [],
    key: (row) => row.campaign_id,
  });
  const activityStats = batch<ActivityStats>(api, {
    size: ACTIVITIES_PER_STATS,
    read: async (ids) => {
      const path = { campaign_activity_ids: ids.join(',') };
      return (await api.call('getEmailCampaignActivitySummary', { path })).results ?? [];
    },
    key: (row) => row.campaign_activity_id,
  });
  return {
    campaignStats,
    activityStats,
    links,
    tracking: (report, campaign_activity_id, filter) =>
      pages(api, TRACKING_REPORTS[report], {
        path: { campaign_activity_id },
        query: filter,
        maxPage: TRACKING_ROWS_PER_PAGE,
        rows: (body: ResponseBody<(typeof TRACKING_REPORTS)[TrackingReport]>) =>
          body.tracking_activities as TrackingRow[],
      }),
    clear: () => {
      for (const loader of [campaignStats, activityStats, links]) loader.clear();
    },
  };
}
