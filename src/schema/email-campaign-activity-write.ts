import { DOCUMENT_LIMITS, updateEmailCampaignActivity } from '../resolvers/email-campaign-activity-write.js';
import { EMAIL_LIMITS as limits } from '../resolvers/email-campaign-input.js';
import { builder } from './builder.js';
import {
  EmailFooterAddressInput,
  EmailRecipientsInput,
  HTML,
  PREHEADER,
  SUBJECT,
} from './email-campaign-input.js';
import { activityPayload, EmailGreetingName } from './email-campaign-activity.js';
import { cost } from './cost.js';
import { KEPT } from './update-words.js';

const NEEDED = 'It cannot be cleared.';

const UpdateEmailSenderInput = builder.inputType('UpdateEmailSenderInput', {
  description: `Changes to the sender of an email. ${KEPT} Both addresses have to be confirmed addresses of the account.`,
  fields: (t) => ({
    name: t.string({ description: `Name, at most ${String(limits.senderName)} characters. ${NEEDED}` }),
    email: t.string({ description: `Address, at most ${String(limits.address)} characters. ${NEEDED}` }),
    replyTo: t.string({
      description: `Address that answers go to, at most ${String(limits.address)} characters. ${NEEDED}`,
    }),
  }),
});

const atMost = (key: keyof typeof DOCUMENT_LIMITS) =>
  `at most ${DOCUMENT_LIMITS[key].toLocaleString('en')} characters`;

const EmailDocumentPropertiesInput = builder.inputType('EmailDocumentPropertiesInput', {
  description: `Changes to the settings that only emails in the formats LEGACY_CUSTOM_CODE and SECOND_GENERATION_EDITOR have. ${KEPT} A switch that is cleared is off.`,
  fields: (t) => ({
    styleContent: t.string({ description: `Style sheet, ${atMost('styleContent')}.` }),
    textContent: t.string({ description: `The email as plain text, ${atMost('textContent')}.` }),
    greetingSalutation: t.string({
      description: `The word before the name, as in "Dear", ${atMost('greetingSalutation')}.`,
    }),
    greetingNameType: t.field({ type: EmailGreetingName.type, description: 'Which name follows.' }),
    greetingSecondary: t.string({
      description: `Greeting when no name is known, ${atMost('greetingSecondary')}.`,
    }),
    subscribeLinkEnabled: t.boolean({ description: 'Whether forwarded emails have a link to subscribe.' }),
    subscribeLinkName: t.string({ description: `Text of that link, ${atMost('subscribeLinkName')}.` }),
    forwardEmailLinkEnabled: t.boolean({ description: 'Whether there is a link to forward the email.' }),
    forwardEmailLinkName: t.string({ description: `Text of that link, ${atMost('forwardEmailLinkName')}.` }),
    permissionReminderEnabled: t.boolean({
      description: 'Whether a sentence tells why the person gets this.',
    }),
    permissionReminder: t.string({ description: `That sentence, ${atMost('permissionReminder')}.` }),
    viewAsWebpageEnabled: t.boolean({
      description: 'Whether there is a link to the web page of the email.',
    }),
    viewAsWebpageText: t.string({ description: `Text before that link, ${atMost('viewAsWebpageText')}.` }),
    viewAsWebpageLinkName: t.string({ description: 'Text of that link.' }),
  }),
});

const UpdateEmailCampaignActivityInput = builder.inputType('UpdateEmailCampaignActivityInput', {
  description: `Changes to the email of a campaign. ${KEPT} Role, campaign, format, state and web address of an activity cannot be changed, and the API has no templates.`,
  fields: (t) => ({
    activityId: t.id({
      required: true,
      description: 'Global or raw id of the primary activity of a campaign.',
    }),
    sender: t.field({ type: UpdateEmailSenderInput, description: 'Who it comes from.' }),
    subject: t.string({ description: `${SUBJECT} ${NEEDED}` }),
    preheader: t.string({ description: PREHEADER }),
    recipients: t.field({
      type: EmailRecipientsInput,
      description: 'Who it goes to, instead of those before; null takes all of them away.',
    }),
    htmlContent: t.string({
      description: `${HTML} Only own HTML can be changed: formats LEGACY_CUSTOM_CODE and CUSTOM_CODE. ${NEEDED}`,
    }),
    physicalAddressInFooter: t.field({
      type: EmailFooterAddressInput,
      description: `Changes to the postal address in the footer. ${NEEDED}`,
    }),
    documentId: t.id({ description: 'Id of the document that holds its content, in old formats.' }),
    documentProperties: t.field({
      type: EmailDocumentPropertiesInput,
      description: `Settings of old formats. ${NEEDED}`,
    }),
  }),
});

const UpdateEmailCampaignActivityPayload = activityPayload(
  'UpdateEmailCampaignActivityPayload',
  'updateEmailCampaignActivity',
);

builder.mutationField('updateEmailCampaignActivity', (t) =>
  t.field({
    type: UpdateEmailCampaignActivityPayload,
    description:
      'Changes the email of a campaign: a draft, or one that was sent (of those the API may take the third-generation format only). A scheduled one has to be unscheduled first. The API empties what a write leaves out, so the activity is read first. When the API refuses the change, it may have applied a part of it: the payload shows the activity as it is then.',
    queryCost: cost.calls(2),
    args: {
      input: t.arg({ type: UpdateEmailCampaignActivityInput, required: true, description: 'The changes.' }),
    },
    resolve: updateEmailCampaignActivity,
  }),
);
