import type { Api } from '../constant-contact/api.js';
import { nullIfNotFound, withRequestedId } from '../constant-contact/by-id.js';
import type { QueryParams, Schema } from '../constant-contact/contract/operations.js';
import { word } from '../constant-contact/words.js';
import { explored } from './makers/explored.js';
import { single } from './makers/single.js';

/** A campaign. Rows of the collection and of other answers lack `campaign_activities`; only the detail has them. */
export type EmailCampaign = Schema<'EmailCampaign'>;
export type EmailCampaignFilter = Omit<QueryParams<'retrieveEmailCampaignsUsingGET'>, 'limit'>;

/**
 * States that a campaign leaves only when somebody does something with it. Those it leaves by itself are `Scheduled`,
 * `Executing` and, while it is being made, `None`; one that is not known here may be left.
 */
const RESTING: ReadonlySet<string> = new Set(['draft', 'done', 'error', 'removed']);

/** Campaigns with their activities, which the collection leaves out. */
export const emailCampaignDetails = single<EmailCampaign>({
  noun: 'email campaigns',
  key: 'campaign_id',
  read: ({ api }, campaign_id) => api.call('retrieveEmailCampaignUsingGET', { path: { campaign_id } }),
});

/** Campaigns without their activities. */
export const emailCampaigns = explored<'retrieveEmailCampaignsUsingGET', EmailCampaign>({
  noun: 'email campaigns',
  reads: 'retrieveEmailCampaignsUsingGET',
  rows: (body) => body.campaigns,
  key: 'campaign_id',
  one: emailCampaignDetails,
  family: 'campaigns',
  // Vendor guide: `limit`.
  pageSize: 500,
  most: 5_000,
  usual: 500,
  // Most accounts have no more than one page of campaigns. No page tells how many there are.
  from: 2,
  counted: false,
});

/**
 * The campaign with its activities at once, and each time it has changed, until it is in a state that it does not leave by itself; null
 * when there is none. One call for each read.
 */
export function watchEmailCampaign(
  api: Api,
  campaign_id: string,
): AsyncIterableIterator<EmailCampaign | null> {
  return api.watch({
    key: `campaign ${campaign_id}`,
    read: (reader, options) =>
      withRequestedId(
        'campaign_id',
        campaign_id,
        nullIfNotFound(reader.call('retrieveEmailCampaignUsingGET', { path: { campaign_id } }, options)),
      ),
    isOver: (campaign) => !campaign || RESTING.has(word(campaign.current_status)),
  });
}
