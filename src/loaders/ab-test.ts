import type { Api } from '../constant-contact/api.js';
import { nullIfNotFound } from '../constant-contact/by-id.js';
import type { Schema } from '../constant-contact/contract/operations.js';
import { single, type ById } from './makers/single.js';
import type { Costs } from './cost.js';

export type AbTest = Schema<'ABTestData'>;

/** A/B tests by activity: ONE. Null for an activity without one. */
export function abTestLoaders(api: Api): ById<AbTest> {
  return single((campaign_activity_id) =>
    nullIfNotFound(api.call('retrieveEmailCampaignABTestUsingGET', { path: { campaign_activity_id } })),
  );
}

export const abTests = { cost: { costClass: 'ONE', rows: 'A/B tests' } } as const satisfies Costs;
