import DataLoader from 'dataloader';
import type { Api } from '../constant-contact/api.js';
import type { Schema } from '../constant-contact/contract/operations.js';
import { CAMPAIGNS_PER_STATS, type CampaignStats, type EmailReportLoaders } from './email-report.js';
import { gather } from './makers/gather.js';
import { pages, type PageSource } from './makers/pages.js';
import { asError } from './makers/single.js';
import type { Wants } from './wants.js';
import type { Costs } from './cost.js';

export type CampaignSummary = Schema<'BulkEmailCampaignSummary'>;
export type UniqueCounts = Schema<'UniqueEmailCounts'>;

/** What the API computes over one of its pages. */
export interface PagePercents<Percents> {
  percents: Percents | undefined;
  /** How many campaigns it is over. */
  rows: number;
}

/** Most summaries that one call gives (vendor guide). */
const SUMMARIES_PER_PAGE = 500;

export interface CampaignSummaryLoaders {
  list(): PageSource<CampaignSummary>;
  /** Unique counts of a campaign; null when it was never sent. */
  uniqueCounts(campaignId: string): Promise<UniqueCounts | null>;
  /** The statistics of a campaign that are unique counts; null when it was never sent. */
  stats(campaignId: string): Promise<CampaignStats | null>;
  /** All statistics of a campaign, which its unique counts are taken from then; null when it was never sent. */
  allStats(campaignId: string): Promise<CampaignStats | null>;
  clear(): void;
}

/**
 * Summaries of sent campaigns, newest first. Unique counts come with them, 500 campaigns a call, and with statistics,
 * 150 a call, but for the reports of abuse: so up to 150 campaigns cost one call by their statistics, and more of them
 * are looked for in the summaries of the 500 sent last before.
 */
export function campaignSummaryLoaders(
  api: Api,
  wants: Wants,
  reports: EmailReportLoaders,
): CampaignSummaryLoaders {
  let known = new Map<string, UniqueCounts | undefined>();
  const withStats = new Set<string>();
  const source = () =>
    pages(api, 'getAllBulkEmailCampaignSummaries', {
      maxPage: SUMMARIES_PER_PAGE,
      // The percentages are over the page that was asked for, so nobody can do with a larger one.
      exact: wants('EmailCampaignSummaryConnection', 'pagePercents'),
      rows: (body) => body.bulk_email_campaign_summaries,
      extra: (body): PagePercents<Schema<'BulkEmailCampaignSummariesPercents'>> => ({
        percents: body.aggregate_percents,
        rows: body.bulk_email_campaign_summaries?.length ?? 0,
      }),
      key: (row) => row.campaign_id,
      seen: (rows) => {
        for (const row of rows) known.set(row.campaign_id, row.unique_counts);
      },
    });

  const countsFromStats = async (id: string): Promise<UniqueCounts | null> => {
    const stats = (await reports.campaignStats.load(id))?.stats;
    if (!stats) return null;
    return {
      sends: stats.em_sends,
      opens: stats.em_opens,
      clicks: stats.em_clicks,
      forwards: stats.em_forwards,
      optouts: stats.em_optouts,
      bounces: stats.em_bounces,
      not_opened: stats.em_not_opened,
    };
  };

  const load = async (ids: readonly string[]): Promise<(UniqueCounts | null | Error)[]> => {
    const abuse = wants('EmailUniqueCounts', 'abuse');
    const missing = ids.filter((id) => !known.has(id) && (abuse || !withStats.has(id)));
    const byStats = !abuse && missing.length <= CAMPAIGNS_PER_STATS;
    const isAll =
      missing.length > 0 && !byStats && (await source().fetch(null, SUMMARIES_PER_PAGE)).next === null;
    const read = (id: string): Promise<UniqueCounts | null> =>
      known.has(id) || (isAll && !withStats.has(id))
        ? Promise.resolve(known.get(id) ?? null)
        : countsFromStats(id);
    return Promise.all(ids.map((id) => read(id).catch(asError)));
  };
  const counts = new DataLoader<string, UniqueCounts | null>(load, {
    maxBatchSize: 10_000,
    batchScheduleFn: gather(api),
  });

  return {
    list: source,
    uniqueCounts: (id) => counts.load(id),
    stats: async (campaign_id) => {
      const unique = await counts.load(campaign_id);
      if (!unique) return null;
      return {
        campaign_id,
        stats: {
          em_sends: unique.sends,
          em_opens: unique.opens,
          em_clicks: unique.clicks,
          em_forwards: unique.forwards,
          em_optouts: unique.optouts,
          em_bounces: unique.bounces,
          em_not_opened: unique.not_opened,
        },
      };
    },
    allStats: (id) => {
      withStats.add(id);
      return reports.campaignStats.load(id);
    },
    clear: () => {
      known = new Map();
      withStats.clear();
      counts.clearAll();
    },
  };
}

export const campaignSummaries = {
  cost: { costClass: 'PAGES', rows: 'campaign summaries', pageSize: SUMMARIES_PER_PAGE },
} as const satisfies Costs;
