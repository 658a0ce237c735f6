import type { Schema } from '../constant-contact/contract/operations.js';
import { single } from './makers/single.js';

/** An A/B test with the ID of its activity, which is its key. */
export type AbTest = Schema<'ABTestData'> & { campaign_activity_id?: string };

/** A/B tests by activity. Null for an activity without one. */
export const abTests = single<AbTest>({
  noun: 'A/B tests',
  key: 'campaign_activity_id',
  read: ({ api }, campaign_activity_id) =>
    api.call('retrieveEmailCampaignABTestUsingGET', { path: { campaign_activity_id } }),
});
