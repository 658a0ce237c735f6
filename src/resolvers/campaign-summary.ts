import type { Context } from '../context.js';
import type { CampaignSummary, UniqueCounts } from '../loaders/campaign-summary.js';
import type { EmailCampaign } from '../loaders/email-campaign.js';
import { paginate, type Connection, type ConnectionArgs } from './support/page.js';

export function uniqueCounts(
  { campaign_id, current_status }: EmailCampaign,
  _args: unknown,
  { loaders }: Context,
): Promise<UniqueCounts | null> | null {
  if (!campaign_id || current_status?.toUpperCase() === 'DRAFT') return null;
  return loaders.campaignSummary.uniqueCounts(campaign_id);
}

export function emailCampaignSummaries(
  _parent: unknown,
  args: ConnectionArgs,
  { loaders }: Context,
): Promise<Connection<CampaignSummary>> {
  return paginate(args, loaders.campaignSummary.list());
}

/** The percentages that the API computed; it computes them over one page, so there are none over several. */
export function pagePercents<Percents>({ extras }: Connection<unknown>): Percents | null {
  return extras.length === 1 ? ((extras[0] as Percents | undefined) ?? null) : null;
}
