import { updateEmailCampaignActivity } from '../resolvers/email-campaign-activity-write.js';
import { builder } from './builder.js';
import {
  ADDRESS,
  EmailFooterAddressInput,
  EmailRecipientsInput,
  HTML,
  PREHEADER,
  SUBJECT,
} from './email-campaign-input.js';
import { activityAfter, EmailGreetingName } from './email-campaign-activity.js';
import { cost } from './cost.js';
import { mutation } from './mutation.js';
import { KEPT } from './update-words.js';
import { limited, unstated } from './limits.js';

const NEEDED = limited`It ${{ nullable: false }}.`;

const UpdateEmailSenderInput = builder.inputType('UpdateEmailSenderInput', {
  description: `New values of the sender of an email. ${KEPT} Both addresses must be confirmed addresses of the account.`,
  fields: (t) => ({
    name: t.string(limited`Sender name, ${{ minLength: 1, maxLength: 100 }}. ${NEEDED}`),
    email: t.string(limited`Sender address, ${{ minLength: 1, ...ADDRESS }}. ${NEEDED}`),
    replyTo: t.string(limited`Reply-to address, ${{ minLength: 1, ...ADDRESS }}. ${NEEDED}`),
  }),
});

const EmailDocumentPropertiesInput = builder.inputType('EmailDocumentPropertiesInput', {
  description: `New values of the settings that only emails in the formats LEGACY_CUSTOM_CODE and SECOND_GENERATION_EDITOR have. ${KEPT} A cleared switch is off.`,
  fields: (t) => ({
    styleContent: t.string(limited`Style sheet of the email, ${{ maxLength: 150_000 }}.`),
    textContent: t.string(limited`Plain text version of the email, ${{ maxLength: 150_000 }}.`),
    greetingSalutation: t.string(limited`Salutation before the name, such as "Dear", ${{ maxLength: 50 }}.`),
    greetingNameType: t.field({
      type: EmailGreetingName.type,
      description: 'Name that follows the salutation.',
    }),
    greetingSecondary: t.string(
      limited`Greeting when the name of the contact is unknown, ${{ maxLength: 1_500 }}.`,
    ),
    subscribeLinkEnabled: t.boolean({ description: 'True to include a subscribe link in forwarded emails.' }),
    subscribeLinkName: t.string(limited`Text of the subscribe link, ${{ maxLength: 80 }}.`),
    forwardEmailLinkEnabled: t.boolean({ description: 'True to include a link that forwards the email.' }),
    forwardEmailLinkName: t.string(limited`Text of the forward link, ${{ maxLength: 80 }}.`),
    permissionReminderEnabled: t.boolean({
      description:
        'True to include a permission reminder: a sentence that says why the contact gets the email.',
    }),
    permissionReminder: t.string(limited`Text of the permission reminder, ${{ maxLength: 1_500 }}.`),
    viewAsWebpageEnabled: t.boolean({
      description: 'True to include a link to the web page of the email.',
    }),
    viewAsWebpageText: t.string(limited`Text before the link to the web page, ${{ maxLength: 50 }}.`),
    viewAsWebpageLinkName: t.string({ description: 'Text of the link to the web page.' }),
  }),
});

mutation('updateEmailCampaignActivity', {
  description:
    'Updates the email of a campaign. The campaign must be a draft or already sent; of sent emails, the API may accept only the third-generation format. Unschedule a scheduled email first. The API clears values that a write omits, so the activity is read first. When the API rejects the update, it may have applied a part of it; the payload then has the current activity.',
  queryCost: cost.calls(2),
  argument: 'Activity to update and its new values.',
  inputNote: `${KEPT} Role, campaign, format, status and web address of an activity cannot be changed, and the API has no templates.`,
  input: (t) => ({
    activityId: t.id({
      required: true,
      description: 'Global ID or Constant Contact ID of the primary activity of a campaign.',
    }),
    sender: t.field({
      type: UpdateEmailSenderInput,
      ...limited`New values of the sender.${unstated({ nullable: false })}`,
    }),
    subject: t.string(limited`${SUBJECT} ${NEEDED}`),
    preheader: t.string(PREHEADER),
    recipients: t.field({
      type: EmailRecipientsInput,
      description: 'New recipients, which replace the previous ones. `null` removes all recipients.',
    }),
    htmlContent: t.string({
      ...limited`${HTML} Only custom HTML can be changed: formats LEGACY_CUSTOM_CODE and CUSTOM_CODE. ${NEEDED}`,
    }),
    physicalAddressInFooter: t.field({
      type: EmailFooterAddressInput,
      ...limited`New values of the postal address in the footer. ${NEEDED}`,
    }),
    documentId: t.id({ description: 'ID of the document that holds the content, in older formats.' }),
    documentProperties: t.field({
      type: EmailDocumentPropertiesInput,
      ...limited`Settings of older formats. ${NEEDED}`,
    }),
  }),
  payload: (t) => ({ activity: activityAfter(t) }),
  resolve: updateEmailCampaignActivity,
});
