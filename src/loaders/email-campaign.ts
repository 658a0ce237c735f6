import type { Api } from '../constant-contact/api.js';
import { readById } from '../constant-contact/by-id.js';
import { INVALIDATED_BY } from '../constant-contact/cache/families.js';
import type { QueryParams, Schema } from '../constant-contact/contract/operations.js';
import { word } from '../constant-contact/words.js';
import { explored } from './makers/explored.js';
import { single } from './makers/single.js';

/** A campaign. Only the detail has `campaign_activities`; rows of collections and other responses do not. */
export type EmailCampaign = Schema<'EmailCampaign'>;
export type EmailCampaignFilter = Omit<QueryParams<'retrieveEmailCampaignsUsingGET'>, 'limit'>;

/**
 * States that a campaign leaves only through a user. It leaves `Scheduled`, `Executing` and, while it is
 * created, `None` by itself; unknown states are treated likewise.
 */
const RESTING_STATES: ReadonlySet<string> = new Set(['draft', 'done', 'error', 'removed']);

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
  // Most accounts have at most one page of campaigns. Pages do not report the total.
  from: 2,
  counted: false,
});

/**
 * Yields the campaign with its activities immediately and after each change, until it reaches a resting
 * state; null when it does not exist. One call per poll.
 */
export function watchEmailCampaign(
  api: Api,
  campaign_id: string,
): AsyncIterableIterator<EmailCampaign | null> {
  return api.watch({
    key: `campaign ${campaign_id}`,
    families: INVALIDATED_BY['Email Campaigns'],
    read: (reader, options) =>
      readById(
        reader.call('retrieveEmailCampaignUsingGET', { path: { campaign_id } }, options),
        campaign_id,
        'campaign_id',
      ),
    isFinished: (campaign) => !campaign || RESTING_STATES.has(word(campaign.current_status)),
  });
}
