import { nullIfNotFound } from '../constant-contact/by-id.js';
import type { QueryParams, Schema } from '../constant-contact/contract/operations.js';
import type { CostOf } from './cost.js';
import type { EmailCampaign } from './email-campaign.js';
import { activityStats } from './email-report.js';
import { gathered, type ById } from './makers/keyed.js';
import type { Loader } from './makers/loader.js';
import { parts } from './makers/parts.js';
import { single } from './makers/single.js';
import type { Wants } from './wants.js';

/** One email of a campaign. A mere reference (from its campaign or a report) has IDs, and possibly a role. */
export type EmailCampaignActivity = Partial<Schema<'EmailCampaignActivity'>> & {
  /** The campaign, if the activity was reached through it. Not part of the REST object. */
  campaign?: EmailCampaign;
};

/** Parts that are included only on request: GraphQL field → value of `include`. */
const ACTIVITY_PARTS = parts('EmailCampaignActivity', {
  htmlContent: 'html_content',
  permalinkUrl: 'permalink_url',
  physicalAddressInFooter: 'physical_address_in_footer',
  documentProperties: 'document_properties',
});

export type ActivityPart = (typeof ACTIVITY_PARTS.names)[number];

/** Requests the parts that the operation selects anywhere, and these. */
export function includeInActivity(
  wants: Wants,
  ...also: readonly ActivityPart[]
): QueryParams<'retrieveEmailCampaignActivityUsingGET'> {
  const include = ACTIVITY_PARTS.selected(wants, ...also);
  return include.length > 0 ? { include: include.join(',') } : {};
}

/** Activities with every part that the operation selects anywhere, because parts cost no extra call. */
export const emailCampaignActivities = single<EmailCampaignActivity>({
  noun: 'email campaign activities',
  key: 'campaign_activity_id',
  read: ({ api, wants }, campaign_activity_id) =>
    api.call('retrieveEmailCampaignActivityUsingGET', {
      path: { campaign_activity_id },
      query: includeInActivity(wants),
    }),
});

/**
 * Campaign IDs of activities. Statistics include them for ten activities per call, so several sent activities
 * take a tenth of the calls.
 */
export const campaignIds: Loader<ById<string>, CostOf<'ONE'>> = {
  cost: emailCampaignActivities.cost,
  create: (scope) =>
    gathered(scope.api, (ids) => {
      const activities = scope.use(emailCampaignActivities);
      const byStats =
        scope.wants('EmailCampaignActivity', 'stats') || ids.filter((id) => !activities.has(id)).length > 1;
      return async (id) => {
        const stats =
          byStats && !activities.has(id) ? await nullIfNotFound(scope.use(activityStats).load(id)) : null;
        // An activity missing in one response is not looked up in another one.
        return (stats ?? (await activities.load(id)))?.campaign_id ?? null;
      };
    }),
};
