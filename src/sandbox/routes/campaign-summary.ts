import { millis, SECOND } from '../dates.js';
import type { Handlers } from '../handler.js';
import { aggregatePercents, counter, sumCounts, uniqueCounts } from '../model/email-stats.js';
import { isReported, lastSent } from '../model/engagement.js';

const PAGE = 50;

/** Most recently sent first. */
export const campaignSummary = {
  getAllBulkEmailCampaignSummaries: (call) => {
    const { account, now, page, query } = call;
    const sent = [...account.campaigns].flatMap((campaign) => {
      const activities = account.campaignActivities
        .where('campaign', campaign.campaign_id)
        .filter(isReported);
      return activities.length > 0
        ? [{ campaign, activities, at: Math.max(...activities.map(lastSent)) }]
        : [];
    });
    const { rows, links } = page.take(
      sent.sort((a, b) => b.at - a.at),
      { limit: query.limit ?? PAGE, key: ({ campaign }) => campaign.campaign_id },
    );
    const count = counter(account, now);
    const counted = rows.flatMap((row) => {
      const counts = count(row.activities);
      return counts ? [{ ...row, counts }] : [];
    });
    const all = sumCounts(counted.map(({ counts }) => counts));
    return {
      status: 200,
      body: {
        bulk_email_campaign_summaries: counted.map(({ campaign, at, counts }) => ({
          campaign_id: campaign.campaign_id,
          campaign_type: campaign.type,
          last_sent_date: millis(Math.floor(at / SECOND) * SECOND),
          unique_counts: uniqueCounts(counts),
        })),
        ...(all && { aggregate_percents: aggregatePercents(all) }),
        ...links,
      },
    };
  },
} satisfies Handlers;
