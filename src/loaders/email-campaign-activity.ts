import DataLoader from 'dataloader';
import type { Api } from '../constant-contact/api.js';
import { nullIfNotFound, withRequestedId } from '../constant-contact/by-id.js';
import type { QueryParams, Schema } from '../constant-contact/contract/operations.js';
import type { EmailCampaign } from './email-campaign.js';
import type { EmailReportLoaders } from './email-report.js';
import { parts } from './makers/parts.js';
import { gather } from './makers/gather.js';
import { asError, single, type ById } from './makers/single.js';
import type { Wants } from './wants.js';
import type { Costs } from './cost.js';

/**
 * One email of a campaign. A row that came as a mere reference (from its campaign, or from a report) has ids and
 * perhaps a role, and no `current_status`.
 */
export type EmailCampaignActivity = Partial<Schema<'EmailCampaignActivity'>> & {
  /** The campaign, when the activity was reached through it. Not part of the wire object. */
  campaign?: EmailCampaign;
};

/** Parts that come only when asked for by `include`: GraphQL field of `EmailCampaignActivity` → value of `include`. */
const ACTIVITY_PARTS = parts('EmailCampaignActivity', {
  htmlContent: 'html_content',
  permalinkUrl: 'permalink_url',
  physicalAddressInFooter: 'physical_address_in_footer',
  documentProperties: 'document_properties',
});

export type ActivityInclude = (typeof ACTIVITY_PARTS.names)[number];

export interface EmailCampaignActivityLoaders extends ById<EmailCampaignActivity> {
  /**
   * Id of the campaign of an activity. Statistics tell it as well, of ten activities a call, so several that were sent
   * cost a tenth of reading them.
   */
  campaignId(id: string): Promise<string | null>;
  /** The parts that the operation selects somewhere, and these. */
  include(...also: ActivityInclude[]): QueryParams<'retrieveEmailCampaignActivityUsingGET'>;
}

/** Activities by id: ONE, with every part that the whole operation selects, because those cost no extra call. */
export function emailCampaignActivityLoaders(
  api: Api,
  wants: Wants,
  reports: EmailReportLoaders,
): EmailCampaignActivityLoaders {
  const include: EmailCampaignActivityLoaders['include'] = (...also) => {
    const asked = ACTIVITY_PARTS.selected(wants, ...also);
    return asked.length > 0 ? { include: asked.join(',') } : {};
  };
  /** Those that are read for more than their campaign. */
  const whole = new Set<string>();
  const byId = single((campaign_activity_id) =>
    withRequestedId(
      'campaign_activity_id',
      campaign_activity_id,
      nullIfNotFound<EmailCampaignActivity>(
        api.call('retrieveEmailCampaignActivityUsingGET', {
          path: { campaign_activity_id },
          query: include(),
        }),
      ),
    ),
  );
  const campaignIds = new DataLoader<string, string | null>(
    (ids) => {
      const others = ids.filter((id) => !whole.has(id));
      const byStats = wants('EmailCampaignActivity', 'stats') || others.length > 1;
      const find = async (id: string): Promise<string | null> => {
        const stats = byStats && !whole.has(id) ? await reports.activityStats.load(id) : null;
        return stats?.campaign_id ?? (await byId.load(id))?.campaign_id ?? null;
      };
      return Promise.all(ids.map((id) => find(id).catch(asError)));
    },
    { batchScheduleFn: gather(api) },
  );
  return {
    ...byId,
    load: (id) => {
      whole.add(id);
      return byId.load(id);
    },
    clear: () => {
      whole.clear();
      byId.clear();
      campaignIds.clearAll();
    },
    campaignId: (id) => campaignIds.load(id),
    include,
  };
}

export const emailCampaignActivities = {
  cost: { costClass: 'ONE', rows: 'email campaign activities' },
} as const satisfies Costs;
