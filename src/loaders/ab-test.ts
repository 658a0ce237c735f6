import type { Schema } from '../constant-contact/contract/operations.js';
import { ConstantContactError } from '../constant-contact/errors.js';
import { single } from './makers/single.js';

/** An A/B test with the ID of its activity, which is its key. */
export type AbTest = Schema<'ABTestData'> & { campaign_activity_id?: string };

/** A/B tests by activity. Null for an activity without one. */
export const abTests = single<AbTest>({
  noun: 'A/B tests',
  key: 'campaign_activity_id',
  read: ({ api }, campaign_activity_id) =>
    api.call('retrieveEmailCampaignABTestUsingGET', { path: { campaign_activity_id } }).catch(nullIfConflict),
});

/** The contract declares a conflict for this read, too: the activity is of a kind that has no test. */
function nullIfConflict(error: unknown): null {
  if (error instanceof ConstantContactError && error.kind === 'conflict') return null;
  throw error;
}
