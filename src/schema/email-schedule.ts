import {
  emailPreviews,
  emailSchedules,
  emailSendHistory,
  type EmailPreview as EmailPreviewRow,
  type EmailSchedule as EmailScheduleRow,
  type EmailSend as EmailSendRow,
} from '../loaders/email-schedule.js';
import { recipientsOf } from '../resolvers/email-campaign-activity.js';
import * as resolvers from '../resolvers/email-schedule.js';
import { builder } from './builder.js';
import { activityAfter, EmailCampaignActivity, EmailRecipients } from './email-campaign-activity.js';
import { enumFields, openEnum } from './enums.js';
import { dateTime } from './fields.js';
import { cost } from './cost.js';
import { mutation } from './mutation.js';
import { ADDRESS, ADDRESSES } from './email-campaign-input.js';
import { limited } from './limits.js';

const EmailSchedule = builder.objectRef<EmailScheduleRow>('EmailSchedule').implement({
  description: 'Scheduled send of an email.',
  fields: (t) => ({ scheduledAt: dateTime(t, 'scheduled_date', 'When the email will be sent.') }),
});

const EmailSendStatus = openEnum('EmailSendStatus', 'Outcome of a send.', {
  COMPLETED: 'The send completed. It may still have reached no contact: see `reason`.',
  ERRORED: 'The send failed: see `reason`.',
});

const EmailSendReason = openEnum(
  'EmailSendReason',
  'Reason for the outcome of a send.',
  Object.fromEntries(
    Object.entries(resolvers.SEND_REASONS).map(([name, { code, text }]) => [
      name,
      { wire: code, description: text },
    ]),
  ),
);

const EmailSend = builder.objectRef<EmailSendRow>('EmailSend').implement({
  description: 'Completed or failed send of an email.',
  fields: (t) => ({
    sendId: t.exposeInt('send_id', { description: 'Number of the send within its activity, starting at 1.' }),
    sentAt: dateTime(t, 'run_date', 'When the email was sent.'),
    ...enumFields(t, 'status', 'send_status', EmailSendStatus, 'Outcome of this send.'),
    reason: t.field({
      type: EmailSendReason.type,
      description: 'Reason for the outcome.',
      resolve: ({ reason_code }) => EmailSendReason.fromWire(reason_code),
    }),
    reasonCode: t.exposeInt('reason_code', {
      description: 'Number that the REST API uses for `reason`.',
    }),
    reasonText: t.string({
      description: '`reason` as a sentence that also says what to do. `null` for an unknown reason.',
      resolve: resolvers.reasonText,
    }),
    count: t.exposeInt('count', {
      description:
        'Number of contacts that the email was sent to. `null`, with an error, above 2,147,483,647, the largest `Int`.',
    }),
    recipients: t.field({
      type: EmailRecipients,
      description: 'Lists or segment that the email was sent to.',
      resolve: (send) => recipientsOf(send),
    }),
  }),
});

const EmailPreview = builder.objectRef<EmailPreviewRow>('EmailPreview').implement({
  description: 'Preview of an email as its recipients will see it, personalised for the account owner.',
  fields: (t) => ({
    fromName: t.exposeString('from_name', { description: 'Sender name.' }),
    fromEmail: t.exposeString('from_email', { description: 'Sender address.' }),
    replyToEmail: t.exposeString('reply_to_email', { description: 'Reply-to address.' }),
    subject: t.exposeString('subject', { description: 'Subject line of the preview.' }),
    preheader: t.exposeString('preheader', {
      description: 'Preview text that mailboxes show next to the subject.',
    }),
    html: t.exposeString('preview_html_content', { description: 'HTML version of the preview.' }),
    text: t.exposeString('preview_text_content', { description: 'Plain text version of the preview.' }),
  }),
});

builder.objectFields(EmailCampaignActivity, (t) => ({
  schedules: t.field({
    type: [EmailSchedule],
    description: 'Scheduled sends. Empty unless the activity is SCHEDULED.',
    queryCost: cost.one(emailSchedules, {
      rows: 10,
      noneWhen: 'the activity is already known not to be SCHEDULED',
    }),
    resolve: resolvers.schedules,
  }),
  sendHistory: t.field({
    type: [EmailSend],
    description: 'Sends of the email, oldest first.',
    queryCost: cost.one(emailSendHistory, {
      rows: 10,
      noneWhen: 'the activity is already known to be a DRAFT',
    }),
    resolve: resolvers.sendHistory,
  }),
  preview: t.field({
    type: EmailPreview,
    description: 'Preview of the email as its recipients will see it.',
    queryCost: cost.one(emailPreviews),
    resolve: resolvers.preview,
  }),
}));

const ID = 'Global ID or Constant Contact ID of the primary activity of a campaign.';

mutation('scheduleEmailCampaignActivity', {
  description: `Schedules an email for a time in the future. ${resolvers.SCHEDULE_RULES}`,
  queryCost: cost.calls(1),
  argument: 'Activity to schedule and the time.',
  input: (t) => ({
    activityId: t.id({ required: true, description: ID }),
    scheduledAt: t.field({
      type: 'DateTime',
      required: true,
      description: 'When to send the email. Must be in the future.',
    }),
  }),
  payload: (t) => ({
    schedules: t.expose('schedules', { type: [EmailSchedule], description: 'Scheduled sends of the email.' }),
    activity: activityAfter(t),
  }),
  resolve: resolvers.scheduleEmailCampaignActivity,
});

mutation('sendEmailCampaignActivityNow', {
  description: `Sends an email immediately. This cannot be undone. An email that was sent before reaches only contacts who have not received it. ${resolvers.SCHEDULE_RULES}`,
  queryCost: cost.calls(1),
  argument: 'Activity to send.',
  input: (t) => ({ activityId: t.id({ required: true, description: ID }) }),
  payload: (t) => ({ activity: activityAfter(t) }),
  resolve: resolvers.sendEmailCampaignActivityNow,
});

mutation('unscheduleEmailCampaignActivity', {
  description:
    'Cancels the schedule of an email. It gets the status that it had before it was scheduled, and can be changed again.',
  queryCost: cost.calls(1),
  argument: 'Activity to unschedule.',
  input: (t) => ({ activityId: t.id({ required: true, description: ID }) }),
  payload: (t) => ({ activity: activityAfter(t) }),
  resolve: resolvers.unscheduleEmailCampaignActivity,
});

mutation('sendTestEmail', {
  description: 'Sends a test of an email to a few addresses, without personal greetings.',
  queryCost: cost.calls(1),
  argument: 'Activity to test and the recipients of the test.',
  input: (t) => ({
    activityId: t.id({ required: true, description: ID }),
    addresses: t.stringList({
      required: true,
      ...limited`Recipients of the test: ${{ minItems: 1, maxItems: 5 }} addresses of ${{ items: ADDRESS }}. An account can send at most 50 test emails a day.${ADDRESSES}`,
    }),
    personalMessage: t.string({ description: 'Message above the test email.' }),
  }),
  payload: (t) => ({
    sentTo: t.exposeStringList('sentTo', { description: 'Addresses that the test email was sent to.' }),
    activity: activityAfter(t),
  }),
  resolve: resolvers.sendTestEmail,
});
