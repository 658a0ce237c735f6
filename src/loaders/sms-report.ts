import type { Api } from '../constant-contact/api.js';
import type { QueryParams, Schema } from '../constant-contact/contract/operations.js';
import type { PagePercents } from './campaign-summary.js';
import { pages, type PageSource } from './makers/pages.js';
import type { Wants } from './wants.js';
import type { Costs } from './cost.js';

export type SmsCampaignSummary = Schema<'BulkCampaignSummary'>;

/** Most summaries of text-message campaigns that one call gives (vendor guide). */
export const SMS_SUMMARIES_PER_PAGE = 50;

/** Summaries of text-message campaigns. One call for each 50. */
export function smsCampaignSummariesOf(
  api: Api,
  wants: Wants,
  query: Omit<QueryParams<'getAllBulkSmsCampaignSummaries'>, 'limit'>,
): PageSource<SmsCampaignSummary> {
  return pages(api, 'getAllBulkSmsCampaignSummaries', {
    query,
    maxPage: SMS_SUMMARIES_PER_PAGE,
    // The percentages are over the page that was asked for, so nobody can do with a larger one.
    exact: wants('SmsCampaignSummaryConnection', 'pagePercents'),
    rows: (body) => body.bulk_sms_campaign_summaries,
    extra: (body): PagePercents<Schema<'BulkSmsCampaignSummariesPercents'>> => ({
      percents: body.aggregate_percents,
      rows: body.bulk_sms_campaign_summaries?.length ?? 0,
    }),
    key: (row) => row.campaign_id,
  });
}

export const smsCampaignSummaries = {
  cost: { costClass: 'PAGES', rows: 'SMS campaign summaries', pageSize: SMS_SUMMARIES_PER_PAGE },
} as const satisfies Costs;
