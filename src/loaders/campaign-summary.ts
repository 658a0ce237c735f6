import type { Schema } from '../constant-contact/contract/operations.js';
import { parseDate } from '../constant-contact/dates.js';
import type { CostOf } from './cost.js';
import { emailCampaigns, type EmailCampaign } from './email-campaign.js';
import { campaignStats, type CampaignStats } from './email-report.js';
import { gathered, type ById } from './makers/keyed.js';
import type { Loader, Scope } from './makers/loader.js';
import { paged } from './makers/pages.js';
import { walk } from './makers/walk.js';

export type CampaignSummary = Schema<'BulkEmailCampaignSummary'>;
export type UniqueCounts = Schema<'UniqueEmailCounts'>;

/** Unique counts and the statistics that have them too. */
const STATISTICS = [
  ['sends', 'em_sends'],
  ['opens', 'em_opens'],
  ['clicks', 'em_clicks'],
  ['forwards', 'em_forwards'],
  ['optouts', 'em_optouts'],
  ['bounces', 'em_bounces'],
  ['not_opened', 'em_not_opened'],
] as const;

/** Percentages that the API computes over one of its pages. */
export interface PagePercents<Percents> {
  percents: Percents | undefined;
  /** Number of campaigns in the page. */
  rows: number;
}

/** Summaries of sent campaigns, newest first, with their unique counts. */
export const campaignSummaries = paged({
  noun: 'campaign summaries',
  reads: 'getAllBulkEmailCampaignSummaries',
  rows: (body): readonly CampaignSummary[] => body.bulk_email_campaign_summaries ?? [],
  key: 'campaign_id',
  extra: (body): PagePercents<Schema<'BulkEmailCampaignSummariesPercents'>> => ({
    percents: body.aggregate_percents,
    rows: body.bulk_email_campaign_summaries?.length ?? 0,
  }),
  // Vendor guide.
  pageSize: 500,
  request: (scope) => ({
    // The percentages cover exactly the requested page, so a larger page cannot be shared.
    exact: scope.wants('EmailCampaignSummaryConnection', 'pagePercents'),
    isShared: readsSummaries(scope),
    onPage: (rows) => {
      scope.use(uniqueCounts).note(rows);
      scope.use(lastSent).note(rows);
    },
  }),
});

/**
 * Unique counts of campaigns. Summaries have them at 500 campaigns a call; statistics at 150 a call, except
 * for abuse reports. Up to 150 campaigns are therefore read by their statistics, in one call. For more, and where
 * `lastSentAt` needs the summaries anyway, those of the 500 most recently sent campaigns are read first.
 */
export const uniqueCounts: Loader<UniqueCountsLoader, CostOf<'BATCH'>> = {
  cost: campaignStats.cost,
  create: (scope) => new UniqueCountsLoader(scope),
};

/** Returns true if campaigns have selected fields that only summaries have. */
function readsSummaries({ wants }: Scope): boolean {
  const isAbuse = wants('EmailCampaign', 'uniqueCounts') && wants('EmailUniqueCounts', 'abuse');
  return isAbuse || wants('EmailCampaign', 'lastSentAt');
}

export class UniqueCountsLoader {
  readonly #counts: ById<UniqueCounts>;
  readonly #known = new Map<string, UniqueCounts | undefined>();
  readonly #withStats = new Set<string>();

  constructor(private readonly scope: Scope) {
    this.#counts = gathered(scope.api, (ids) => this.#plan(ids));
  }

  /** Unique counts of a campaign; null when it was never sent. */
  load(id: string): Promise<UniqueCounts | null> {
    return this.#counts.load(id);
  }

  /**
   * All statistics of a campaign, from which its unique counts are then taken; null when it was never sent.
   */
  allStats(id: string): Promise<CampaignStats | null> {
    this.#withStats.add(id);
    return this.scope.use(campaignStats).load(id);
  }

  /** The unique counts in the statistics of a campaign; null when it was never sent. */
  async stats(campaign_id: string): Promise<CampaignStats | null> {
    const unique = await this.load(campaign_id);
    if (!unique) return null;
    const stats = STATISTICS.map(([name, statistic]) => [statistic, unique[name]]);
    return { campaign_id, stats: Object.fromEntries(stats) as CampaignStats['stats'] };
  }

  note(rows: readonly CampaignSummary[]): void {
    for (const row of rows) this.#known.set(row.campaign_id, row.unique_counts);
  }

  async #plan(
    ids: readonly string[],
  ): Promise<(id: string) => UniqueCounts | null | Promise<UniqueCounts | null>> {
    const abuse = this.scope.wants('EmailUniqueCounts', 'abuse');
    const missing = ids.filter((id) => !this.#known.has(id) && (abuse || !this.#withStats.has(id)));
    const byStats = !readsSummaries(this.scope) && missing.length <= campaignStats.cost.size;
    const summaries = this.scope.use(campaignSummaries).list();
    const isAll =
      missing.length > 0 && !byStats && (await summaries.fetch(null, summaries.maxPage)).next === null;
    return (id) =>
      this.#known.has(id) || (isAll && !this.#withStats.has(id))
        ? (this.#known.get(id) ?? null)
        : this.#fromStats(id);
  }

  async #fromStats(id: string): Promise<UniqueCounts | null> {
    const stats = (await this.scope.use(campaignStats).load(id))?.stats;
    if (!stats) return null;
    return Object.fromEntries(STATISTICS.map(([name, statistic]) => [name, stats[statistic]]));
  }
}

/**
 * Dates on which campaigns were last sent. Summaries are sorted by that date, newest first, and are read
 * until every campaign is found or was created after the remaining ones were sent. In most accounts that is
 * one page.
 */
export const lastSent: Loader<LastSentLoader, CostOf<'PAGES'>> = {
  cost: campaignSummaries.cost,
  create: (scope) => new LastSentLoader(scope),
};

export class LastSentLoader {
  readonly #dates: ById<string>;
  readonly #known = new Map<string, string | null>();
  readonly #createdAt = new Map<string, Date | null>();

  constructor(private readonly scope: Scope) {
    this.#dates = gathered(scope.api, async (ids) => {
      if (!this.#areKnown(ids)) await this.#read(ids);
      return (id) => this.#known.get(id) ?? null;
    });
  }

  /** The date in the API's format; null when the campaign was never sent. */
  load({ campaign_id: id = '', created_at }: EmailCampaign): string | null | Promise<string | null> {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    if (created_at) this.#createdAt.set(id, parseDate(created_at));
    return this.#dates.load(id);
  }

  note(rows: readonly CampaignSummary[]): void {
    for (const row of rows) this.#known.set(row.campaign_id, row.last_sent_date ?? null);
  }

  async #read(ids: readonly string[]): Promise<void> {
    const { api } = this.scope;
    let rows = 0;
    for await (const { page, next } of walk(this.scope.use(campaignSummaries).list())) {
      rows += page.rows.length;
      if (next === null || this.#areKnown(ids, parseDate(page.rows.at(-1)?.last_sent_date))) return;
      // The query cost counts the pages for as many campaigns as have been seen so far.
      api.meter.postpone();
      api.sizes.note(emailCampaigns.cost.rows, rows + 1, { isLeast: true });
    }
  }

  /** @param until date on which the campaigns of the last summary that was read were sent */
  #areKnown(ids: readonly string[], until: Date | null = null): boolean {
    return ids.every((id) => {
      const createdAt = this.#createdAt.get(id);
      return this.#known.has(id) || (until && createdAt && createdAt > until);
    });
  }
}
