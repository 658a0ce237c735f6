import {
  campaignSummaries,
  uniqueCounts,
  type CampaignSummary,
  type UniqueCounts,
} from '../loaders/campaign-summary.js';
import { emailCampaigns } from '../loaders/email-campaign.js';
import type { Schema } from '../constant-contact/contract/operations.js';
import * as resolvers from '../resolvers/campaign-summary.js';
import { campaignRow } from '../resolvers/email-campaign.js';
import { paginate } from '../resolvers/support/page.js';
import { builder } from './builder.js';
import { connectionArgs, connectionType } from './connection.js';
import { EmailCampaign } from './email-campaign.js';
import { EmailSummaryPercents } from './email-report.js';
import { dateTime, rawIdField } from './fields.js';
import { campaignReference } from './references.js';
import { cost } from './cost.js';

const EmailUniqueCounts = builder.objectRef<UniqueCounts>('EmailUniqueCounts').implement({
  description: 'Results of an email campaign. Each contact is counted once.',
  fields: (t) => ({
    sends: t.exposeInt('sends', { description: 'Number of emails sent.' }),
    opens: t.exposeInt('opens', { description: 'Number of contacts who opened the email.' }),
    clicks: t.exposeInt('clicks', { description: 'Number of contacts who clicked a link in the email.' }),
    forwards: t.exposeInt('forwards', { description: 'Number of contacts who forwarded the email.' }),
    optouts: t.exposeInt('optouts', { description: 'Number of contacts who opted out through the email.' }),
    abuse: t.exposeInt('abuse', {
      description:
        'Number of contacts who reported the email as spam. `null` for campaigns that are not among the 500 sent most recently.',
    }),
    bounces: t.exposeInt('bounces', { description: 'Number of emails that bounced.' }),
    notOpened: t.exposeInt('not_opened', { description: 'Number of contacts who did not open the email.' }),
  }),
});

const EmailCampaignSummary = builder.objectRef<CampaignSummary>('EmailCampaignSummary').implement({
  description: 'Results of a sent email campaign.',
  fields: (t) => ({
    campaignId: rawIdField(t, 'campaign_id', 'Constant Contact ID of the campaign.'),
    campaign: t.field({
      type: EmailCampaign,
      description: 'Campaign of the summary.',
      queryCost: campaignReference(),
      resolve: ({ campaign_id }, _args, context, info) => campaignRow(campaign_id, context, info),
    }),
    campaignType: t.exposeString('campaign_type', {
      description: 'Type of mailing, as the REST API names it.',
    }),
    lastSentAt: dateTime(t, 'last_sent_date', 'When the campaign was last sent.'),
    uniqueCounts: t.expose('unique_counts', {
      type: EmailUniqueCounts,
      description: 'Results of the campaign, with each contact counted once.',
    }),
  }),
});

const EmailCampaignSummaryConnection = connectionType('EmailCampaignSummary', EmailCampaignSummary, {
  of: 'campaign summaries, last sent first',
});

builder.objectField(EmailCampaignSummaryConnection, 'pagePercents', (t) =>
  t.field({
    type: EmailSummaryPercents,
    description:
      'Results of this page as percentages. The API computes them over its own pages. `null` when this page is not exactly one of those.',
    resolve: (connection) => resolvers.pagePercents<Schema<'BulkEmailCampaignSummariesPercents'>>(connection),
  }),
);

builder.objectField(EmailCampaign, 'lastSentAt', (t) =>
  t.field({
    type: 'DateTime',
    description:
      'When the campaign was last sent, including its resend. `null` when it was never sent. Sent campaigns are read, last sent first, until all requested ones are found.',
    queryCost: cost.newest(campaignSummaries, {
      among: emailCampaigns,
      noneWhen: 'the campaign is a draft or came from a summary',
    }),
    resolve: resolvers.lastSentAt,
  }),
);

builder.objectField(EmailCampaign, 'uniqueCounts', (t) =>
  t.field({
    type: EmailUniqueCounts,
    description: 'Results of the campaign, with each contact counted once. `null` when it was never sent.',
    queryCost: cost.all(
      cost.batch(uniqueCounts),
      cost.newest(campaignSummaries, {
        when: '`abuse` is selected or more campaigns are requested',
      }),
    ),
    resolve: resolvers.uniqueCounts,
  }),
);

builder.queryField('emailCampaignSummaries', (t) =>
  t.field({
    type: EmailCampaignSummaryConnection,
    description: 'Summaries of all sent email campaigns, last sent first.',
    queryCost: cost.pages(campaignSummaries, { exact: true }),
    args: { ...connectionArgs(t.arg) },
    resolve: (_parent, args, { loaders }) => paginate(args, loaders.campaignSummaries.list()),
  }),
);
