import type { Schema } from '../constant-contact/contract/operations.js';
import { single } from './makers/single.js';

/** A test with the id of its activity, which it is known by. */
export type AbTest = Schema<'ABTestData'> & { campaign_activity_id?: string };

/** A/B tests by activity. Null for an activity without one. */
export const abTests = single<AbTest>({
  noun: 'A/B tests',
  key: 'campaign_activity_id',
  read: ({ api }, campaign_activity_id) =>
    api.call('retrieveEmailCampaignABTestUsingGET', { path: { campaign_activity_id } }),
});
