import type { Api } from '../constant-contact/api.js';
import type { QueryParams, Schema } from '../constant-contact/contract/operations.js';
import type { EmailCampaign } from './email-campaign.js';
import { orNull } from './makers/batch.js';
import { single, withId, type ById } from './makers/single.js';
import type { Wants } from './index.js';

/**
 * One email of a campaign. A row that came as a mere reference (from its campaign, or from a report) has ids and
 * perhaps a role, and no `current_status`.
 */
export type EmailCampaignActivity = Partial<Schema<'EmailCampaignActivity'>> & {
  /** The campaign, when the activity was reached through it. Not part of the wire object. */
  campaign?: EmailCampaign;
};

/** Parts that come only when asked for by `include`: GraphQL field of `EmailCampaignActivity` → value of `include`. */
const INCLUDES = {
  htmlContent: 'html_content',
  permalinkUrl: 'permalink_url',
  physicalAddressInFooter: 'physical_address_in_footer',
  documentProperties: 'document_properties',
} as const;

export type ActivityInclude = (typeof INCLUDES)[keyof typeof INCLUDES];

export interface EmailCampaignActivityLoaders extends ById<EmailCampaignActivity> {
  /** The parts that the operation selects somewhere, and these. */
  include(...also: ActivityInclude[]): QueryParams<'retrieveEmailCampaignActivityUsingGET'>;
}

/** Activities by id: ONE, with every part that the whole operation selects, because those cost no extra call. */
export function emailCampaignActivityLoaders(api: Api, wants: Wants): EmailCampaignActivityLoaders {
  const include: EmailCampaignActivityLoaders['include'] = (...also) => {
    const asked = Object.entries(INCLUDES).flatMap(([field, value]) =>
      also.includes(value) || wants('EmailCampaignActivity', field) ? [value] : [],
    );
    return asked.length > 0 ? { include: asked.join(',') } : {};
  };
  return {
    ...single((campaign_activity_id) =>
      withId(
        'campaign_activity_id',
        campaign_activity_id,
        orNull<EmailCampaignActivity>(
          api.call('retrieveEmailCampaignActivityUsingGET', {
            path: { campaign_activity_id },
            query: include(),
          }),
        ),
      ),
    ),
    include,
  };
}
