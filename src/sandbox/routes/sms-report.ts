import type { Schema } from '../../constant-contact/contract/operations.js';
import { compact } from '../compact.js';
import { millis, parseDate } from '../dates.js';
import { invalid } from '../errors.js';
import type { Handlers } from '../handler.js';
import { percent } from '../model/email-stats.js';
import type { SmsCampaignRow } from '../stores/report.js';

const PAGE = 50;

/** Most recently sent first. */
export const smsReport = {
  getAllBulkSmsCampaignSummaries: (call) => {
    const { account, page, query, now } = call;
    const start = dateOf(query.start_at, 'start_at');
    const end = query.end_at === undefined ? now : dateOf(query.end_at, 'end_at');
    const newest = [...account.smsCampaigns].sort((a, b) => b.sent_at - a.sent_at);
    const { rows, links } = page.take(newest, {
      limit: query.limit ?? PAGE,
      key: (row) => row.campaign_id,
      where: ({ sent_at }) => sent_at >= start && sent_at <= end,
    });
    return {
      status: 200,
      body: {
        bulk_sms_campaign_summaries: rows.map((row) => ({
          campaign_id: row.campaign_id,
          campaign_name: row.campaign_name,
          campaign_type: row.campaign_type,
          last_sent_date: millis(row.sent_at),
          unique_counts: countsOf(row),
        })),
        aggregate_percents: percentsOf(rows),
        ...links,
      },
    };
  },
} satisfies Handlers;

const countsOf = ({ sends, delivers, opens, clicks, optouts }: SmsCampaignRow): Schema<'UniqueSmsCounts'> =>
  compact({ sends, delivers, opens, clicks, optouts });

function percentsOf(rows: readonly SmsCampaignRow[]): Schema<'BulkSmsCampaignSummariesPercents'> {
  const sum = (of: (row: SmsCampaignRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  const sends = sum((row) => row.sends);
  const delivers = sum((row) => row.delivers);
  return {
    deliver: percent(delivers, sends),
    click: percent(
      sum((row) => row.clicks),
      delivers,
    ),
    bounce: percent(sends - delivers, sends),
    unsubscribe: percent(
      sum((row) => row.optouts),
      delivers,
    ),
  };
}

function dateOf(text: string, name: string): number {
  const date = parseDate(text);
  if (Number.isNaN(date)) throw invalid(`${name} is not a date.`);
  return date;
}
