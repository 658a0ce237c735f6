import { graphql, type ResultOf } from '../graphql/graphql.js';

/** Two calls for up to 500 campaigns: one for all figures, one for all names. */
export const CampaignsQuery = graphql(`
  query Campaigns($first: Int!, $after: String) {
    emailCampaignSummaries(first: $first, after: $after) {
      nodes {
        campaignId
        lastSentAt
        campaign {
          campaignId
          name
        }
        uniqueCounts {
          sends
          opens
          clicks
          bounces
          optouts
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

type Summary = NonNullable<ResultOf<typeof CampaignsQuery>['emailCampaignSummaries']>['nodes'][number];

/** A sent campaign as screens show it. Rates are of delivered emails, 0 to 1. */
export interface Sent {
  readonly id: string;
  readonly name: string;
  readonly sentAt: string | null;
  readonly sends: number;
  readonly opens: number;
  readonly clicks: number;
  readonly bounces: number;
  readonly optouts: number;
  /** Null if nothing was delivered. */
  readonly openRate: number | null;
  readonly clickRate: number | null;
}

export function sentOf({ campaignId, campaign, lastSentAt, uniqueCounts }: Summary): Sent[] {
  if (campaignId === null) return [];
  const { sends, opens, clicks, bounces, optouts } = {
    sends: uniqueCounts?.sends ?? 0,
    opens: uniqueCounts?.opens ?? 0,
    clicks: uniqueCounts?.clicks ?? 0,
    bounces: uniqueCounts?.bounces ?? 0,
    optouts: uniqueCounts?.optouts ?? 0,
  };
  const delivered = sends - bounces;
  return [
    {
      id: campaignId,
      name: campaign?.name || 'Without a name',
      sentAt: lastSentAt,
      sends,
      opens,
      clicks,
      bounces,
      optouts,
      openRate: share(opens, delivered),
      clickRate: share(clicks, delivered),
    },
  ];
}

/** 0 to 1; null if `whole` is 0. */
export const share = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);

export interface Totals {
  readonly sends: number;
  readonly openRate: number | null;
  readonly clickRate: number | null;
  readonly bounceRate: number | null;
}

/** Over all emails together, so that campaigns are weighted by size. */
export function totalsOf(campaigns: readonly Sent[]): Totals {
  const sum = (key: 'sends' | 'opens' | 'clicks' | 'bounces') =>
    campaigns.reduce((total, campaign) => total + campaign[key], 0);
  const sends = sum('sends');
  const delivered = sends - sum('bounces');
  return {
    sends,
    openRate: share(sum('opens'), delivered),
    clickRate: share(sum('clicks'), delivered),
    bounceRate: share(sum('bounces'), sends),
  };
}
