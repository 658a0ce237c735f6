import type { Schema } from '../constant-contact/contract/operations.js';
import { batch } from './makers/batch.js';
import { single } from './makers/single.js';

export type CampaignStats = Schema<'CampaignStatsResultGenericStatsEmailPercentsEmail'>;
export type ActivityStats = Schema<'CampaignActivityStatsResultGenericStatsEmailActivity'>;
export type EmailLink = Schema<'EmailLinkClickCount'>;

/** Null for campaigns without statistics. */
export const campaignStats = batch<CampaignStats>({
  noun: 'email campaigns',
  key: 'campaign_id',
  // Vendor guide.
  size: 150,
  read: async ({ api }, ids) =>
    (await api.call('getEmailSummary', { path: { campaign_ids: ids.join(',') } })).results ?? [],
});

/** Null for activities without statistics. */
export const activityStats = batch<ActivityStats>({
  noun: 'email campaign activities',
  key: 'campaign_activity_id',
  // Vendor guide.
  size: 10,
  read: async ({ api }, ids) => {
    const path = { campaign_activity_ids: ids.join(',') };
    return (await api.call('getEmailCampaignActivitySummary', { path })).results ?? [];
  },
});

/** Clicked links of an activity, and those without clicks when any place of the operation selects them: one read serves all places. */
export const emailLinks = single<readonly EmailLink[]>({
  noun: 'email campaign activities',
  read: async ({ api, wants }, campaign_activity_id) => {
    const query = wants('EmailCampaignActivity', 'links(includeUnclicked)') ? { no_clicks: true } : {};
    const body = await api.call('getCampaignActivityLinkStats', { path: { campaign_activity_id }, query });
    return body.link_click_counts ?? [];
  },
});
