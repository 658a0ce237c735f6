import type { QueryParams, Schema } from '../constant-contact/contract/operations.js';
import type { PagePercents } from './campaign-summary.js';
import { paged } from './makers/pages.js';

export type SmsCampaignSummary = Schema<'BulkCampaignSummary'>;
export type SmsCampaignFilter = Omit<QueryParams<'getAllBulkSmsCampaignSummaries'>, 'limit'>;

/** Summaries of text-message campaigns. */
export const smsCampaignSummaries = paged({
  noun: 'SMS campaign summaries',
  reads: 'getAllBulkSmsCampaignSummaries',
  rows: (body): readonly SmsCampaignSummary[] => body.bulk_sms_campaign_summaries ?? [],
  key: 'campaign_id',
  extra: (body): PagePercents<Schema<'BulkSmsCampaignSummariesPercents'>> => ({
    percents: body.aggregate_percents,
    rows: body.bulk_sms_campaign_summaries?.length ?? 0,
  }),
  // Vendor guide.
  pageSize: 50,
  countedRows: 150,
  request: ({ wants }, query: SmsCampaignFilter) => ({
    query,
    // The percentages cover exactly the requested page, so a larger page cannot be shared.
    exact: wants('SmsCampaignSummaryConnection', 'pagePercents'),
  }),
});
