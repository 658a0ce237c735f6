import type { Schema } from '../constant-contact/contract/operations.js';
import {
  smsCampaignSummaries,
  type SmsCampaignSummary as SmsCampaignSummaryRow,
} from '../loaders/sms-report.js';
import { pagePercents } from '../resolvers/campaign-summary.js';
import * as resolvers from '../resolvers/sms-report.js';
import { builder } from './builder.js';
import { connectionArgs, connectionType } from './connection.js';
import { dateTime, rawIdField, requiredText } from './fields.js';
import { cost } from './cost.js';

const SmsUniqueCounts = builder.objectRef<Schema<'UniqueSmsCounts'>>('SmsUniqueCounts');
SmsUniqueCounts.implement({
  description: 'What came of a text-message campaign, each contact counted once.',
  fields: (t) => ({
    sends: t.exposeInt('sends', { nullable: true, description: 'Messages sent.' }),
    delivers: t.exposeInt('delivers', { nullable: true, description: 'Messages delivered.' }),
    opens: t.exposeInt('opens', { description: 'Contacts who opened it, where that can be told.' }),
    clicks: t.exposeInt('clicks', { nullable: true, description: 'Contacts who clicked a link.' }),
    optouts: t.exposeInt('optouts', { nullable: true, description: 'Contacts who opted out.' }),
  }),
});

const SmsCampaignSummary = builder.objectRef<SmsCampaignSummaryRow>('SmsCampaignSummary');
SmsCampaignSummary.implement({
  description: 'The figures of a text-message campaign. The API has no other view of it.',
  fields: (t) => ({
    campaignId: rawIdField(t, 'campaign_id', 'Raw id of the campaign.'),
    name: requiredText(t, 'campaign_name', 'Name of the campaign.'),
    campaignType: requiredText(t, 'campaign_type', 'Kind of campaign, in the words of the API.'),
    lastSentAt: dateTime(t, 'last_sent_date', 'When it was last sent.'),
    uniqueCounts: t.field({
      type: SmsUniqueCounts,
      description: 'What came of it, each contact counted once.',
      resolve: ({ unique_counts }) => unique_counts,
    }),
  }),
});

const SmsSummaryPercents =
  builder.objectRef<Schema<'BulkSmsCampaignSummariesPercents'>>('SmsSummaryPercents');
SmsSummaryPercents.implement({
  description: 'Percentages from 0 to 100 over all campaigns of one page.',
  fields: (t) => ({
    deliverPercentOfSends: t.exposeFloat('deliver', { description: 'Messages delivered, of messages sent.' }),
    clickPercentOfDelivered: t.exposeFloat('click', {
      description: 'Contacts who clicked, of messages delivered.',
    }),
    bouncePercentOfSends: t.exposeFloat('bounce', {
      description: 'Messages that came back, of messages sent.',
    }),
    unsubscribePercentOfDelivered: t.exposeFloat('unsubscribe', {
      description: 'Contacts who opted out, of messages delivered.',
    }),
  }),
});

const SmsCampaignSummaryConnection = connectionType('SmsCampaignSummary', SmsCampaignSummary, {
  of: 'summaries of text-message campaigns',
});

builder.objectField(SmsCampaignSummaryConnection, 'pagePercents', (t) =>
  t.field({
    type: SmsSummaryPercents,
    description:
      'The figures of this page as percentages. The API computes them over its own pages, 50 campaigns at most: null when this page is not exactly one of those.',
    resolve: (connection) => pagePercents<Schema<'BulkSmsCampaignSummariesPercents'>>(connection),
  }),
);

builder.queryField('smsCampaignSummaries', (t) =>
  t.field({
    type: SmsCampaignSummaryConnection,
    description: 'Figures of text-message campaigns sent in a period.',
    queryCost: cost.pages(smsCampaignSummaries),
    args: {
      ...connectionArgs(t.arg),
      startAt: t.arg({ type: 'DateTime', required: true, description: 'Sent at this time or later.' }),
      endAt: t.arg({
        type: 'DateTime',
        description: 'Sent at this time or earlier; until now when left out.',
      }),
    },
    resolve: resolvers.smsCampaignSummaries,
  }),
);
