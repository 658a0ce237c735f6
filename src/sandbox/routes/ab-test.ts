import { conflict, invalid, notFound } from '../errors.js';
import type { Handlers } from '../handler.js';
import { AB_TEST, findPrimary, NEWSLETTER } from '../model/campaign.js';
import type { CampaignStatus } from '../stores/campaigns.js';

const WAITS: readonly number[] = [6, 12, 24, 48];
const READABLE: readonly CampaignStatus[] = ['DRAFT', 'SCHEDULED', 'EXECUTING', 'DONE', 'ERROR', 'NONE'];

export const abTest = {
  retrieveEmailCampaignABTestUsingGET: (call) => {
    const row = findPrimary(call.account, call.path.campaign_activity_id, READABLE);
    if (!row.ab_test) throw notFound('The activity has no A/B test.');
    return { status: 200, body: row.ab_test };
  },

  createEmailCampaignABTestUsingPOST: (call) => {
    const { account, body } = call;
    const row = findPrimary(account, call.path.campaign_activity_id, ['DRAFT']);
    if (row.ab_test) throw conflict('The activity has an A/B test.');
    if (body.test_size < 5 || body.test_size > 50) throw invalid('test_size must be between 5 and 50.');
    if (!WAITS.includes(body.winner_wait_duration))
      throw invalid('winner_wait_duration must be 6, 12, 24 or 48.');
    row.ab_test = body;
    Object.assign(account.campaigns.get(row.campaign_id) ?? {}, AB_TEST);
    return { status: 201, body };
  },

  deleteEmailCampaignABTestUsingDELETE: (call) => {
    const { account } = call;
    const row = findPrimary(account, call.path.campaign_activity_id, ['DRAFT']);
    if (!row.ab_test) throw notFound('The activity has no A/B test.');
    row.ab_test = null;
    Object.assign(account.campaigns.get(row.campaign_id) ?? {}, NEWSLETTER);
    return { status: 204 };
  },
} satisfies Handlers;
