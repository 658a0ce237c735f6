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

const SmsUniqueCounts = builder.objectRef<Schema<'UniqueSmsCounts'>>('SmsUniqueCounts').implement({
  description: 'Results of a text message campaign. Each contact is counted once.',
  fields: (t) => ({
    sends: t.exposeInt('sends', { nullable: true, description: 'Number of text messages sent.' }),
    delivers: t.exposeInt('delivers', { nullable: true, description: 'Number of text messages delivered.' }),
    opens: t.exposeInt('opens', {
      description: 'Number of contacts who opened the text message, where this can be determined.',
    }),
    clicks: t.exposeInt('clicks', {
      nullable: true,
      description: 'Number of contacts who clicked a link in the text message.',
    }),
    optouts: t.exposeInt('optouts', {
      nullable: true,
      description: 'Number of contacts who opted out of text messages.',
    }),
  }),
});

const SmsCampaignSummary = builder.objectRef<SmsCampaignSummaryRow>('SmsCampaignSummary').implement({
  description: 'Results of a text message campaign. The API has no other data on such a campaign.',
  fields: (t) => ({
    campaignId: rawIdField(t, 'campaign_id', 'Constant Contact ID of the text message campaign.'),
    name: requiredText(t, 'campaign_name', 'Campaign name.'),
    campaignType: requiredText(t, 'campaign_type', 'Type of campaign, as the REST API names it.'),
    lastSentAt: dateTime(t, 'last_sent_date', 'When the text messages were last sent.'),
    uniqueCounts: t.expose('unique_counts', {
      type: SmsUniqueCounts,
      description: 'Results of the text messages. Each contact is counted once.',
    }),
  }),
});

const SmsSummaryPercents =
  builder.objectRef<Schema<'BulkSmsCampaignSummariesPercents'>>('SmsSummaryPercents');
SmsSummaryPercents.implement({
  description: 'Percentages from 0 to 100 over all text message campaigns of one page.',
  fields: (t) => ({
    deliverPercentOfSends: t.exposeFloat('deliver', {
      description: 'Text messages delivered, as a percentage of messages sent.',
    }),
    clickPercentOfDelivered: t.exposeFloat('click', {
      description: 'Contacts who clicked, as a percentage of messages delivered.',
    }),
    bouncePercentOfSends: t.exposeFloat('bounce', {
      description: 'Text messages that bounced, as a percentage of messages sent.',
    }),
    unsubscribePercentOfDelivered: t.exposeFloat('unsubscribe', {
      description: 'Contacts who opted out, as a percentage of messages delivered.',
    }),
  }),
});

const SmsCampaignSummaryConnection = connectionType('SmsCampaignSummary', SmsCampaignSummary, {
  of: 'text message campaign summaries',
});

builder.objectField(SmsCampaignSummaryConnection, 'pagePercents', (t) =>
  t.field({
    type: SmsSummaryPercents,
    description:
      'Results of this page as percentages. The API computes them over its own pages of at most 50 campaigns. `null` when this page is not exactly one of those.',
    resolve: (connection) => pagePercents<Schema<'BulkSmsCampaignSummariesPercents'>>(connection),
  }),
);

builder.queryField('smsCampaignSummaries', (t) =>
  t.field({
    type: SmsCampaignSummaryConnection,
    description: 'Summaries of text message campaigns that were sent in a period.',
    queryCost: cost.pages(smsCampaignSummaries),
    args: {
      ...connectionArgs(t.arg),
      startAt: t.arg({
        type: 'DateTime',
        required: true,
        description: 'Only campaigns sent at this time or later.',
      }),
      endAt: t.arg({
        type: 'DateTime',
        description: 'Only campaigns sent at this time or earlier. Default: now.',
      }),
    },
    resolve: resolvers.smsCampaignSummaries,
  }),
);
