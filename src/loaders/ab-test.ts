import type { Schema } from '../constant-contact/contract/operations.js';
import { single } from './makers/single.js';

export type AbTest = Schema<'ABTestData'>;

/** A/B tests by activity. Null for an activity without one. */
export const abTests = single<AbTest>({
  noun: 'A/B tests',
  read: ({ api }, campaign_activity_id) =>
    api.call('retrieveEmailCampaignABTestUsingGET', { path: { campaign_activity_id } }),
});
