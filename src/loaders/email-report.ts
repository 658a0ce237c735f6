import type { Api } from '../constant-contact/api.js';
import { nullIfNotFound } from '../constant-contact/by-id.js';
import type { Schema } from '../constant-contact/contract/operations.js';
import { batch } from './makers/batch.js';
import { single, type ById } from './makers/single.js';
import { trackingReportLoaders, type TrackingReports } from './email-tracking.js';
import type { Wants } from './wants.js';
import type { Costs } from './cost.js';

export type CampaignStats = Schema<'CampaignStatsResultGenericStatsEmailPercentsEmail'>;
export type ActivityStats = Schema<'CampaignActivityStatsResultGenericStatsEmailActivity'>;
export type EmailLink = Schema<'EmailLinkClickCount'>;

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
  /** Rows of the tracking reports: one call for each 500. */
  tracking: TrackingReports['source'];
  clear(): void;
}

export function emailReportLoaders(api: Api, wants: Wants): EmailReportLoaders {
  // Where any place of the operation wants the links that nobody clicked, one read with them serves all places.
  const withUnclicked = () => wants('EmailCampaignActivity', 'links(includeUnclicked)');
  const trackingRows = trackingReportLoaders(api);
  const links = single<readonly EmailLink[]>(async (campaign_activity_id) => {
    const query = withUnclicked() ? { no_clicks: true } : {};
    const body = await nullIfNotFound(
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
    tracking: trackingRows.source,
    clear: () => {
      for (const loader of [campaignStats, activityStats, links, trackingRows]) loader.clear();
    },
  };
}

export const campaignStats = {
  cost: { costClass: 'BATCH', rows: 'email campaigns', size: CAMPAIGNS_PER_STATS },
} as const satisfies Costs;

export const activityStats = {
  cost: { costClass: 'BATCH', rows: 'email campaign activities', size: ACTIVITIES_PER_STATS },
} as const satisfies Costs;

export const emailLinks = {
  cost: { costClass: 'ONE', rows: 'email campaign activities' },
} as const satisfies Costs;
