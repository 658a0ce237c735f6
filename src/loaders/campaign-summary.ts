import DataLoader from 'dataloader';
import type { Api } from '../constant-contact/api.js';
import type { Schema } from '../constant-contact/contract/operations.js';
import type { EmailReportLoaders } from './email-report.js';
import { pages, type PageSource } from './makers/pages.js';
import { asError } from './makers/single.js';

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
  clear(): void;
}

interface Newest {
  counts: ReadonlyMap<string, UniqueCounts | undefined>;
  /** Whether no campaign was sent before those. */
  isAll: boolean;
}

/**
 * Summaries of sent campaigns, newest first. One call brings the unique counts of the 500 sent last; campaigns sent
 * before those are read from the statistics, 150 a call.
 */
export function campaignSummaryLoaders(api: Api, reports: EmailReportLoaders): CampaignSummaryLoaders {
  const source = () =>
    pages(api, 'getAllBulkEmailCampaignSummaries', {
      maxPage: SUMMARIES_PER_PAGE,
      rows: (body) => body.bulk_email_campaign_summaries,
      extra: (body): PagePercents<Schema<'BulkEmailCampaignSummariesPercents'>> => ({
        percents: body.aggregate_percents,
        rows: body.bulk_email_campaign_summaries?.length ?? 0,
      }),
      key: (row) => row.campaign_id,
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

  let newest: Promise<Newest> | undefined;
  const readNewest = (): Promise<Newest> =>
    (newest ??= source()
      .fetch(null, SUMMARIES_PER_PAGE)
      .then(({ rows, next }) => ({
        counts: new Map(rows.map((row) => [row.campaign_id, row.unique_counts])),
        isAll: next === null,
      }))
      .catch((error: unknown) => {
        // A failed read is not remembered: the next field of the same request may try again.
        newest = undefined;
        throw error;
      }));

  const counts = new DataLoader<string, UniqueCounts | null>(async (ids) => {
    const { counts: known, isAll } = await readNewest();
    const read = (id: string): Promise<UniqueCounts | null> =>
      known.has(id) || isAll ? Promise.resolve(known.get(id) ?? null) : countsFromStats(id);
    return Promise.all(ids.map((id) => read(id).catch((error: unknown) => asError(error))));
  });

  return {
    list: source,
    uniqueCounts: (id) => counts.load(id),
    clear: () => {
      newest = undefined;
      counts.clearAll();
    },
  };
}
