import { emailCampaignDetails } from '../loaders/email-campaign.js';
import { EMAIL_LIMITS as limits } from '../resolvers/email-campaign-input.js';
import { activityRow } from '../resolvers/email-campaign-activity.js';
import { campaignRow } from '../resolvers/email-campaign.js';
import * as resolvers from '../resolvers/send-email-campaign.js';
import type { SendStep as Step } from '../resolvers/send-email-input.js';
import { builder } from './builder.js';
import { edgeField } from './connection.js';
import { EmailCampaign, EmailCampaignConnection } from './email-campaign.js';
import { EmailCampaignActivity } from './email-campaign-activity.js';
import {
  EmailFooterAddressInput,
  EmailRecipientsInput,
  EmailSenderInput,
  HTML,
  NAME,
  PREHEADER,
  SUBJECT,
} from './email-campaign-input.js';
import { payloadType } from './payload.js';
import { activityReference } from './references.js';
import { cost } from './cost.js';

const SendStep = builder.enumType('SendEmailCampaignStep', {
  description: 'What `sendEmailCampaign` does, in this order.',
  values: {
    CHECK: { description: 'All that can go wrong is looked at before anything is written.' },
    CREATE: { description: 'The campaign is made.' },
    PREPARE: { description: 'The email gets its recipients and its content.' },
    TEST: { description: 'Test emails are sent.' },
    SCHEDULE: { description: 'The email is sent, or is waiting for its time.' },
  } satisfies Record<Step, { description: string }>,
});

const SendTimeInput = builder.inputType('SendTimeInput', {
  description: 'When to send: exactly one of the two.',
  isOneOf: true,
  fields: (t) => ({
    now: t.boolean({ description: 'True sends at once; this cannot be undone.' }),
    at: t.field({ type: 'DateTime', description: 'A time to come.' }),
  }),
});

const FOR_NEW = 'Needed for a new campaign; left out, an existing one keeps its own.';

const SendEmailCampaignInput = builder.inputType('SendEmailCampaignInput', {
  description:
    'A campaign to send: a new one, or an existing one by campaignId. null is the same as leaving out.',
  fields: (t) => ({
    campaignId: t.id({
      description:
        'Global or raw id of a campaign to go on with, such as the one that an earlier call left unfinished. One that is scheduled, being sent or sent is left alone.',
    }),
    name: t.string({ description: `${NAME} Needed for a new campaign; without effect on an existing one.` }),
    sender: t.field({ type: EmailSenderInput, description: `Who it comes from. ${FOR_NEW}` }),
    subject: t.string({ description: `${SUBJECT} ${FOR_NEW}` }),
    preheader: t.string({ description: PREHEADER }),
    htmlContent: t.string({ description: `${HTML} ${FOR_NEW}` }),
    insertTrackingImage: t.boolean({
      description:
        'What to do about HTML without `[[trackingImage]]`: true puts it in, false sends without, so that opens are not counted. Left out, such HTML is refused.',
    }),
    physicalAddressInFooter: t.field({
      type: EmailFooterAddressInput,
      description: "Postal address in the footer; the account's own when left out.",
    }),
    recipients: t.field({ type: EmailRecipientsInput, description: `Who it goes to. ${FOR_NEW}` }),
    when: t.field({ type: SendTimeInput, required: true, description: 'When to send.' }),
    testAddresses: t.stringList({
      description: `Whom to send a test to before, at most ${String(limits.testAddresses)} addresses of at most ${String(limits.address)} characters; none when left out.`,
    }),
    testMessage: t.string({ description: 'Some words above the test email.' }),
    completedSteps: t.field({
      type: [SendStep],
      description:
        '`completedSteps` of the earlier call for this campaign. With `TEST` among them, no test email is sent again.',
    }),
  }),
});

const SendEmailCampaignPayload = payloadType<resolvers.SendOutcome>(
  'SendEmailCampaignPayload',
  'How far `sendEmailCampaign` came. Also when a step failed, it names what exists.',
  (t) => ({
    campaignId: t.id({
      description: 'Raw id of the campaign, as soon as it exists.',
      resolve: (payload) => payload.campaignId,
    }),
    campaignActivityId: t.id({
      description: 'Raw id of the email itself, as soon as it exists.',
      resolve: (payload) => payload.campaignActivityId,
    }),
    emailCampaign: t.field({
      type: EmailCampaign,
      description: 'The campaign as it is now.',
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
      description: 'The email itself as it is now.',
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
    completedSteps: t.field({
      type: [SendStep],
      nullable: { list: true, items: false },
      description:
        'Steps that are done, and `TEST` when the test email may have gone out. To go on, give them back together with `campaignId`.',
      resolve: (payload) => payload.completedSteps,
    }),
    failedStep: t.field({
      type: SendStep,
      description: 'The step that failed; null when all went well.',
      resolve: (payload) => payload.failedStep,
    }),
  }),
);

builder.mutationField('sendEmailCampaign', (t) =>
  t.field({
    type: SendEmailCampaignPayload,
    description:
      'Makes a campaign, gives it recipients, sends a test if wanted, and schedules or sends it; or goes on with one. Before the first write it checks that the sender is confirmed, that the account has a postal address, that opens can be counted, and that somebody on the lists can be mailed. When a step fails, the payload says which, and calling again with campaignId goes on from there; nothing is sent twice.',
    queryCost: cost.calls(8, { usually: 6 }),
    args: {
      input: t.arg({ type: SendEmailCampaignInput, required: true, description: 'The campaign.' }),
    },
    resolve: resolvers.sendEmailCampaign,
  }),
);
