import DataLoader from 'dataloader';
import type { Api } from '../constant-contact/api.js';
import { nullIfNotFound, withRequestedId } from '../constant-contact/by-id.js';
import type { QueryParams, Schema } from '../constant-contact/contract/operations.js';
import { Walk } from '../constant-contact/http/paging.js';
import { gather } from './makers/gather.js';
import { pages, type PageSource } from './makers/pages.js';
import { asError, single, type ById } from './makers/single.js';
import type { Wants } from './wants.js';
import type { Costs } from './cost.js';

/** A campaign. Rows of the collection and of other answers lack `campaign_activities`; only the detail has them. */
export type EmailCampaign = Schema<'EmailCampaign'>;
export type EmailCampaignFilter = Omit<QueryParams<'retrieveEmailCampaignsUsingGET'>, 'limit'>;

/** Most campaigns that `GET /emails` gives at once (vendor guide: `limit`). */
export const CAMPAIGNS_PER_PAGE = 500;

/**
 * States that a campaign leaves only when somebody does something with it. Those it leaves by itself are `Scheduled`,
 * `Executing` and, while it is being made, `None`; one that is not known here may be left.
 */
const RESTING: ReadonlySet<string> = new Set(['draft', 'done', 'error', 'removed']);

/**
 * From this many campaigns on, a scan is tried although it is not known how many the account has: most have no more
 * than one page of them.
 */
export const EXPLORE_FROM = 2;

export interface EmailCampaignLoaders extends ById<EmailCampaign> {
  /** The campaign with its activities. ONE: a call a campaign, because the collection leaves the activities out. */
  detail: ById<EmailCampaign>;
  /** The campaign without its activities. N of them cost the least of N calls and a scan of the account, 500 a call. */
  row(id: string): Promise<EmailCampaign | null>;
  /**
   * The campaign with its activities at once, and each time it has changed, until it is in a state that it does not
   * leave by itself; null when there is none. ONE for each read.
   */
  watch(id: string): AsyncIterableIterator<EmailCampaign | null>;
  list(filter: EmailCampaignFilter): PageSource<EmailCampaign>;
}

/**
 * Campaigns by id: there is no multi-id read. When the operation selects activities, each costs the call that brings
 * them; otherwise they are read as rows, which may be a scan.
 */
export function emailCampaignLoaders(api: Api, wants: Wants): EmailCampaignLoaders {
  /** Campaigns that any answer has brought. */
  const seen = new Map<string, EmailCampaign>();
  const note = (campaign: EmailCampaign): void => {
    if (campaign.campaign_id) seen.set(campaign.campaign_id, campaign);
  };

  const detail = single(async (campaign_id) => {
    const campaign = await withRequestedId(
      'campaign_id',
      campaign_id,
      nullIfNotFound(api.call('retrieveEmailCampaignUsingGET', { path: { campaign_id } })),
    );
    if (campaign) note(campaign);
    return campaign;
  });

  const source = (filter: EmailCampaignFilter): PageSource<EmailCampaign> =>
    pages(api, 'retrieveEmailCampaignsUsingGET', {
      query: filter,
      maxPage: CAMPAIGNS_PER_PAGE,
      rows: (body) => body.campaigns,
      key: (campaign) => campaign.campaign_id,
      seen: (campaigns) => {
        for (const campaign of campaigns) note(campaign);
      },
    });

  /** Reads the account's pages until all ids are found or the rest is cheaper one by one. */
  const scanFor = async (ids: readonly string[]): Promise<void> => {
    const missing = new Set(ids);
    const account = source({});
    const walk = new Walk();
    let position: string | null = null;
    let read = 0;
    let calls = 0;
    do {
      const page = await account.fetch(position, CAMPAIGNS_PER_PAGE);
      calls += 1;
      read += page.rows.length;
      for (const { campaign_id } of page.rows) if (campaign_id) missing.delete(campaign_id);
      position = walk.to(page.next);
      if (position === null) api.remember('campaigns', 'total', read);
    } while (position !== null && missing.size > restOf(calls, read, api.peek<number>('campaigns', 'total')));
  };

  // What is read by itself for its activities, or comes with a page, is in hand by now.
  const load = async (ids: readonly string[]): Promise<(EmailCampaign | null | Error)[]> => {
    const missing = ids.filter((id) => !seen.has(id));
    const total = api.peek<number>('campaigns', 'total');
    const scans =
      total === undefined
        ? missing.length >= EXPLORE_FROM
        : Math.ceil(total / CAMPAIGNS_PER_PAGE) < missing.length;
    if (scans) await scanFor(missing);
    return Promise.all(
      ids.map(async (id) => seen.get(id) ?? detail.load(id).catch((error: unknown) => asError(error))),
    );
  };

  const byId = new DataLoader<string, EmailCampaign | null>(load, {
    maxBatchSize: 10_000,
    batchScheduleFn: gather(api),
  });

  return {
    load: (id) => (wants('EmailCampaign', 'activities', 'primaryActivity') ? detail.load(id) : byId.load(id)),
    row: (id) => byId.load(id),
    watch: (campaign_id) =>
      api.watch({
        key: `campaign ${campaign_id}`,
        read: (reader, options) =>
          withRequestedId(
            'campaign_id',
            campaign_id,
            nullIfNotFound(reader.call('retrieveEmailCampaignUsingGET', { path: { campaign_id } }, options)),
          ),
        isOver: (campaign) => !campaign || RESTING.has((campaign.current_status ?? '').toLowerCase()),
      }),
    prime: (_id, campaign) => {
      note(campaign);
    },
    clear: () => {
      seen.clear();
      byId.clearAll();
      detail.clear();
    },
    detail,
    list: source,
  };
}

/**
 * Calls that reading on to the end would cost: known when the size is, otherwise taken to be as many as so far, so
 * that a scan that finds nothing never costs more than twice the single calls.
 */
function restOf(calls: number, read: number, total: number | undefined): number {
  return total === undefined ? calls : Math.ceil((total - read) / CAMPAIGNS_PER_PAGE);
}

export const emailCampaignDetails = {
  cost: { costClass: 'ONE', rows: 'email campaigns' },
} as const satisfies Costs;

export const emailCampaigns = {
  cost: {
    costClass: 'EXPLORED',
    rows: 'email campaigns',
    pageSize: CAMPAIGNS_PER_PAGE,
    most: 10_000,
    from: EXPLORE_FROM,
    counted: false,
  },
} as const satisfies Costs;
