import { emailCampaignDetails } from '../loaders/email-campaign.js';
import { activityRow } from '../resolvers/email-campaign-activity.js';
import { campaignRow } from '../resolvers/email-campaign.js';
import * as resolvers from '../resolvers/send-email-campaign.js';
import type { SendStep as Step } from '../resolvers/send-email-input.js';
import { builder } from './builder.js';
import { edgeField } from './connection.js';
import { EmailCampaign, EmailCampaignConnection } from './email-campaign.js';
import { EmailCampaignActivity } from './email-campaign-activity.js';
import {
  ADDRESS,
  ADDRESSES,
  EmailFooterAddressInput,
  EmailRecipientsInput,
  EmailSenderInput,
  HTML,
  NAME,
  PREHEADER,
  SUBJECT,
} from './email-campaign-input.js';
import { activityReference } from './references.js';
import { cost } from './cost.js';
import { mutation } from './mutation.js';
import { limited } from './limits.js';

const SendStep = builder.enumType('SendEmailCampaignStep', {
  description: 'Step of `sendEmailCampaign`. The steps run in this order.',
  values: {
    CHECK: { description: 'All preconditions are checked before anything is written.' },
    CREATE: { description: 'The campaign is created.' },
    PREPARE: { description: 'The email gets its recipients and its content.' },
    TEST: { description: 'Test emails are sent.' },
    SCHEDULE: { description: 'The email is sent or scheduled.' },
  } satisfies Record<Step, { description: string }>,
});

const SendTimeInput = builder.inputType('SendTimeInput', {
  description: 'Time of a send. Set exactly one of the two fields.',
  isOneOf: true,
  fields: (t) => ({
    now: t.boolean({ description: 'True to send immediately. This cannot be undone.' }),
    at: t.field({ type: 'DateTime', description: 'Time in the future.' }),
  }),
});

const FOR_NEW = 'Required for a new campaign. Omit it to keep the value of an existing one.';

const SendEmailCampaignInput = builder.inputType('SendEmailCampaignInput', {
  description:
    'Input of `sendEmailCampaign`: a new campaign, or an existing one by `campaignId`. `null` is the same as an omitted field.',
  fields: (t) => ({
    campaignId: t.id({
      description:
        'Global ID or Constant Contact ID of a campaign to continue, such as one that an earlier call did not finish. A campaign that is scheduled, being sent or sent is not changed: without the `completedSteps` of the call that did it, or with other content or another time, it is NOT_ALLOWED.',
    }),
    name: t.string(limited`${NAME} Required for a new campaign; ignored for an existing one.`),
    sender: t.field({ type: EmailSenderInput, description: `Sender name and addresses. ${FOR_NEW}` }),
    subject: t.string(limited`${SUBJECT} ${FOR_NEW}`),
    preheader: t.string(PREHEADER),
    htmlContent: t.string(limited`${HTML} ${FOR_NEW}`),
    insertTrackingImage: t.boolean({
      description:
        'For HTML without `[[trackingImage]]`: true inserts the image; false sends the email without it, so that opens are not counted. When omitted, such HTML is rejected.',
    }),
    physicalAddressInFooter: t.field({
      type: EmailFooterAddressInput,
      description: 'Postal address in the footer. Default: the address of the account.',
    }),
    recipients: t.field({
      type: EmailRecipientsInput,
      description: `Lists or segment to send to. ${FOR_NEW}`,
    }),
    when: t.field({ type: SendTimeInput, required: true, description: 'When to send the campaign.' }),
    testAddresses: t.stringList({
      ...limited`Recipients of a test email before the send: ${{ maxItems: 5 }} addresses of ${{ items: ADDRESS }}. Default: none.${ADDRESSES}`,
    }),
    testMessage: t.string({ description: 'Message above the test email.' }),
    completedSteps: t.field({
      type: [SendStep],
      description:
        '`completedSteps` of the earlier call for this campaign. When it includes `TEST`, no test email is sent again. When the email turns out to be scheduled or sent as this input says, the mutation succeeds.',
    }),
  }),
});

mutation('sendEmailCampaign', {
  description:
    'Creates a campaign, sets its recipients, optionally sends a test, and schedules or sends it; or continues an existing campaign. Before the first write it checks that the sender is confirmed, that the account has a postal address, that opens can be counted, and that at least one contact on the lists can be mailed. When a step fails, the payload names it, and calling again with `campaignId` continues from there; no campaign is sent twice.',
  queryCost: cost.calls(8, { usually: 6 }),
  argument: 'Campaign to send.',
  input: SendEmailCampaignInput,
  payloadNote: 'It names the objects that exist even when a step failed.',
  payload: (t) => ({
    campaignId: t.exposeID('campaignId', {
      description: 'Constant Contact ID of the campaign. `null` when it does not exist yet.',
    }),
    campaignActivityId: t.exposeID('campaignActivityId', {
      description: 'Constant Contact ID of the primary activity. `null` when it does not exist yet.',
    }),
    emailCampaign: t.field({
      type: EmailCampaign,
      description: 'Campaign after the mutation.',
      queryCost: cost.one(emailCampaignDetails, { unless: ['id', 'campaignId'] }),
      resolve: ({ campaignId }, _args, context, info) => campaignRow(campaignId, context, info),
    }),
    emailCampaignEdge: edgeField(
      t,
      EmailCampaignConnection,
      'the campaign',
      ({ campaignId }, { loaders }) => (campaignId ? loaders.emailCampaignDetails.load(campaignId) : null),
      cost.one(emailCampaignDetails),
    ),
    activity: t.field({
      type: EmailCampaignActivity,
      description: 'Primary activity after the mutation.',
      queryCost: activityReference(),
      resolve: ({ campaignId, campaignActivityId }, _args, context, info) =>
        campaignActivityId
          ? activityRow(
              {
                campaign_activity_id: campaignActivityId,
                ...(campaignId && { campaign_id: campaignId }),
                role: 'primary_email',
              },
              context,
              info,
            )
          : null,
    }),
    completedSteps: t.expose('completedSteps', {
      type: [SendStep],
      description:
        'Steps that are completed, and `TEST` when the test email may have been sent. To continue, pass them back together with `campaignId`.',
    }),
    failedStep: t.expose('failedStep', {
      type: SendStep,
      description: 'Step that failed. `null` when all steps succeeded.',
    }),
  }),
  resolve: resolvers.sendEmailCampaign,
});
