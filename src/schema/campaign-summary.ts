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
import { builder } from './builder.js';
import { connectionArgs, connectionType } from './connection.js';
import { EmailCampaign } from './email-campaign.js';
import { dateTime, rawIdField } from './fields.js';
import { campaignReference } from './references.js';
import { cost } from './cost.js';

const EmailUniqueCounts = builder.objectRef<UniqueCounts>('EmailUniqueCounts');
EmailUniqueCounts.implement({
  description: 'What came of a campaign, each contact counted once.',
  fields: (t) => ({
    sends: t.exposeInt('sends', { description: 'Emails sent.' }),
    opens: t.exposeInt('opens', { description: 'Contacts who opened it.' }),
    clicks: t.exposeInt('clicks', { description: 'Contacts who clicked a link.' }),
    forwards: t.exposeInt('forwards', { description: 'Contacts who forwarded it.' }),
    optouts: t.exposeInt('optouts', { description: 'Contacts who opted out through it.' }),
    abuse: t.exposeInt('abuse', {
      description:
        'Contacts who reported it as spam. Null for campaigns that are not among the 500 sent last.',
    }),
    bounces: t.exposeInt('bounces', { description: 'Emails that came back.' }),
    notOpened: t.exposeInt('not_opened', { description: 'Contacts who did not open it.' }),
  }),
});

const EmailCampaignSummary = builder.objectRef<CampaignSummary>('EmailCampaignSummary');
EmailCampaignSummary.implement({
  description: 'The figures of a sent campaign.',
  fields: (t) => ({
    campaignId: rawIdField(t, 'campaign_id', 'Raw id of the campaign.'),
    campaign: t.field({
      type: EmailCampaign,
      description: 'The campaign.',
      queryCost: campaignReference(),
      resolve: ({ campaign_id }, _args, context, info) => campaignRow(campaign_id, context, info),
    }),
    campaignType: t.exposeString('campaign_type', {
      description: 'What kind of mailing it was made as, in the words of the API.',
    }),
    lastSentAt: dateTime(t, 'last_sent_date', 'When it was last sent.'),
    uniqueCounts: t.field({
      type: EmailUniqueCounts,
      description: 'What came of it, each contact counted once.',
      resolve: ({ unique_counts }) => unique_counts,
    }),
  }),
});

const EmailSummaryPercents =
  builder.objectRef<Schema<'BulkEmailCampaignSummariesPercents'>>('EmailSummaryPercents');
EmailSummaryPercents.implement({
  description: 'Percentages from 0 to 100 over all campaigns of one page.',
  fields: (t) => ({
    openPercentOfDelivered: t.exposeFloat('open', {
      description: 'Contacts who opened, of emails delivered.',
    }),
    clickPercentOfOpeners: t.exposeFloat('click', {
      description: 'Contacts who clicked, of contacts who opened.',
    }),
    didNotOpenPercentOfDelivered: t.exposeFloat('did_not_open', {
      description: 'Contacts who did not open, of emails delivered.',
    }),
    bouncePercentOfSends: t.exposeFloat('bounce', { description: 'Emails that came back, of emails sent.' }),
    unsubscribePercentOfDelivered: t.exposeFloat('unsubscribe', {
      description: 'Contacts who opted out, of emails delivered.',
    }),
  }),
});

const EmailCampaignSummaryConnection = connectionType('EmailCampaignSummary', EmailCampaignSummary, {
  of: 'summaries of sent campaigns, last sent first',
});

builder.objectField(EmailCampaignSummaryConnection, 'pagePercents', (t) =>
  t.field({
    type: EmailSummaryPercents,
    description:
      'The figures of this page as percentages. The API computes them over its own pages: null when this page is not exactly one of those.',
    resolve: (connection) => resolvers.pagePercents<Schema<'BulkEmailCampaignSummariesPercents'>>(connection),
  }),
);

builder.objectField(EmailCampaign, 'lastSentAt', (t) =>
  t.field({
    type: 'DateTime',
    description:
      'When the campaign was last sent, its resend included; null when it was never sent. Sent campaigns are read from the last one on, until all that are asked for are found.',
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
    description: 'What came of the campaign, each contact counted once; null when it was never sent.',
    queryCost: cost.all(cost.newest(campaignSummaries), cost.batch(uniqueCounts)),
    resolve: resolvers.uniqueCounts,
  }),
);

builder.queryField('emailCampaignSummaries', (t) =>
  t.field({
    type: EmailCampaignSummaryConnection,
    description: 'Figures of all sent campaigns, last sent first.',
    queryCost: cost.pages(campaignSummaries),
    args: { ...connectionArgs(t.arg) },
    resolve: resolvers.emailCampaignSummaries,
  }),
);
