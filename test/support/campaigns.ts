import type { CampaignActivityRow, CampaignRow, CampaignStatus } from '../../src/sandbox/stores/campaigns.js';
import type { TestApp } from './app.js';

/** A seeded campaign and its email, of that state and kind. */
export function campaignIn(
  { sandbox }: Pick<TestApp, 'sandbox'>,
  status: CampaignStatus,
  test: (activity: CampaignActivityRow, campaign: CampaignRow) => boolean = () => true,
): { campaign: CampaignRow; activity: CampaignActivityRow } {
  const { campaigns, campaignActivities } = sandbox.account();
  for (const activity of campaignActivities) {
    const campaign = campaigns.get(activity.campaign_id);
    if (activity.role !== 'primary_email' || activity.status !== status || !campaign || campaign.phantom)
      continue;
    if (test(activity, campaign)) return { campaign, activity };
  }
  throw new Error(`the seed has no such campaign in ${status}`);
}

/** A draft with custom HTML that has recipient lists. */
export const draftIn = (app: Pick<TestApp, 'sandbox'>) =>
  campaignIn(
    app,
    'DRAFT',
    (row) =>
      row.format_type === 5 && row.contact_list_ids.length > 0 && row.ab_test === null && row.resend === null,
  );
