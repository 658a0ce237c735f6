import {
  emailPreviews,
  emailSchedules,
  emailSendHistory,
  type EmailPreview as EmailPreviewRow,
  type EmailSchedule as EmailScheduleRow,
  type EmailSend as EmailSendRow,
} from '../loaders/email-schedule.js';
import { recipientsOf } from '../resolvers/email-campaign-activity.js';
import { EMAIL_LIMITS as limits } from '../resolvers/email-campaign-input.js';
import * as resolvers from '../resolvers/email-schedule.js';
import { builder } from './builder.js';
import { activityPayload, EmailCampaignActivity, EmailRecipients } from './email-campaign-activity.js';
import { enumFields, openEnum } from './enums.js';
import { dateTime } from './fields.js';
import { cost } from './cost.js';

const EmailSchedule = builder.objectRef<EmailScheduleRow>('EmailSchedule');
EmailSchedule.implement({
  description: 'A time at which an email will be sent.',
  fields: (t) => ({ scheduledAt: dateTime(t, 'scheduled_date', 'When it will be sent.') }),
});

const EmailSendStatus = openEnum('EmailSendStatus', 'How a send ended.', {
  COMPLETED: 'It went through. It may have reached nobody all the same: see `reason`.',
  ERRORED: 'It failed: see `reason`.',
});

const EmailSendReason = openEnum(
  'EmailSendReason',
  'Why a send ended as it did.',
  Object.fromEntries(
    Object.entries(resolvers.SEND_REASONS).map(([name, { code, text }]) => [
      name,
      { wire: code, description: text },
    ]),
  ),
);

const EmailSend = builder.objectRef<EmailSendRow>('EmailSend');
EmailSend.implement({
  description: 'One time that an email was sent.',
  fields: (t) => ({
    sendId: t.exposeInt('send_id', { description: 'Number of the send, from 1 on, within its activity.' }),
    sentAt: dateTime(t, 'run_date', 'When it was sent.'),
    ...enumFields(t, 'status', 'send_status', EmailSendStatus, 'How it ended.'),
    reason: t.field({
      type: EmailSendReason.type,
      description: 'Why it ended so.',
      resolve: ({ reason_code }) => EmailSendReason.fromWire(reason_code),
    }),
    reasonCode: t.exposeInt('reason_code', {
      description: '`reason` as the number that the API uses for it.',
    }),
    reasonText: t.string({
      description: '`reason` as a sentence, with what to do about it; null for a reason that is not known.',
      resolve: resolvers.reasonText,
    }),
    count: t.exposeInt('count', {
      description: 'How many contacts it went to.',
    }),
    recipients: t.field({
      type: EmailRecipients,
      description: 'The lists or the segment that it went to.',
      resolve: (send) => recipientsOf(send),
    }),
  }),
});

const EmailPreview = builder.objectRef<EmailPreviewRow>('EmailPreview');
EmailPreview.implement({
  description: 'An email as its recipients will see it, made out to the account owner.',
  fields: (t) => ({
    fromName: t.exposeString('from_name', { description: 'Name of the sender.' }),
    fromEmail: t.exposeString('from_email', { description: 'Address of the sender.' }),
    replyToEmail: t.exposeString('reply_to_email', { description: 'Address that answers go to.' }),
    subject: t.exposeString('subject', { description: 'Subject line.' }),
    preheader: t.exposeString('preheader', { description: 'Text that mailboxes show beside the subject.' }),
    html: t.exposeString('preview_html_content', { description: 'The HTML version.' }),
    text: t.exposeString('preview_text_content', { description: 'The plain text version.' }),
  }),
});

builder.objectFields(EmailCampaignActivity, (t) => ({
  schedules: t.field({
    type: [EmailSchedule],
    nullable: { list: true, items: false },
    description: 'When it will be sent; empty unless it is SCHEDULED.',
    queryCost: cost.one(emailSchedules, {
      rows: 10,
      noneWhen: 'the activity is known not to be SCHEDULED',
    }),
    resolve: resolvers.schedules,
  }),
  sendHistory: t.field({
    type: [EmailSend],
    nullable: { list: true, items: false },
    description: 'The times that it was sent, oldest first.',
    queryCost: cost.one(emailSendHistory, {
      rows: 10,
      noneWhen: 'the activity is known to be a DRAFT',
    }),
    resolve: resolvers.sendHistory,
  }),
  preview: t.field({
    type: EmailPreview,
    description: 'The email as its recipients will see it.',
    queryCost: cost.one(emailPreviews),
    resolve: resolvers.preview,
  }),
}));

const ID = 'Global or raw id of the primary activity of a campaign.';

const ScheduleInput = builder.inputType('ScheduleEmailCampaignActivityInput', {
  description: 'When to send an email.',
  fields: (t) => ({
    activityId: t.id({ required: true, description: ID }),
    scheduledAt: t.field({ type: 'DateTime', required: true, description: 'A time to come.' }),
  }),
});

const SendNowInput = builder.inputType('SendEmailCampaignActivityNowInput', {
  description: 'The email to send at once.',
  fields: (t) => ({ activityId: t.id({ required: true, description: ID }) }),
});

const UnscheduleInput = builder.inputType('UnscheduleEmailCampaignActivityInput', {
  description: 'The email not to send after all.',
  fields: (t) => ({ activityId: t.id({ required: true, description: ID }) }),
});

const SendTestEmailInput = builder.inputType('SendTestEmailInput', {
  description: 'A test of an email.',
  fields: (t) => ({
    activityId: t.id({ required: true, description: ID }),
    addresses: t.stringList({
      required: true,
      description: `Whom to send it to, 1 to ${String(limits.testAddresses)} addresses of at most ${String(limits.address)} characters. An account sends at most 50 a day.`,
    }),
    personalMessage: t.string({ description: 'Some words above the email.' }),
  }),
});

const SchedulePayload = activityPayload<{ schedules: readonly EmailScheduleRow[] }>(
  'ScheduleEmailCampaignActivityPayload',
  'scheduleEmailCampaignActivity',
  (t) => ({
    schedules: t.field({
      type: [EmailSchedule],
      nullable: { list: true, items: false },
      description: 'When it will be sent.',
      resolve: (payload) => payload.schedules,
    }),
  }),
);
const SendNowPayload = activityPayload('SendEmailCampaignActivityNowPayload', 'sendEmailCampaignActivityNow');
const UnschedulePayload = activityPayload(
  'UnscheduleEmailCampaignActivityPayload',
  'unscheduleEmailCampaignActivity',
);
const SendTestEmailPayload = activityPayload<{ sentTo: string[] }>(
  'SendTestEmailPayload',
  'sendTestEmail',
  (t) => ({
    sentTo: t.stringList({
      nullable: { list: true, items: false },
      description: 'The addresses that it was sent to.',
      resolve: (payload) => payload.sentTo,
    }),
  }),
);

builder.mutationFields((t) => ({
  scheduleEmailCampaignActivity: t.field({
    type: SchedulePayload,
    description: `Has an email sent at a time to come. ${resolvers.SCHEDULE_RULES}`,
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: ScheduleInput, required: true, description: 'The email and the time.' }) },
    resolve: resolvers.scheduleEmailCampaignActivity,
  }),
  sendEmailCampaignActivityNow: t.field({
    type: SendNowPayload,
    description: `Sends an email at once; this cannot be undone. One that was sent before reaches only contacts who have not had it. ${resolvers.SCHEDULE_RULES}`,
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: SendNowInput, required: true, description: 'The email.' }) },
    resolve: resolvers.sendEmailCampaignActivityNow,
  }),
  unscheduleEmailCampaignActivity: t.field({
    type: UnschedulePayload,
    description:
      'Takes a scheduled email back: it is what it was before it was scheduled, and can be changed again.',
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: UnscheduleInput, required: true, description: 'The email.' }) },
    resolve: resolvers.unscheduleEmailCampaignActivity,
  }),
  sendTestEmail: t.field({
    type: SendTestEmailPayload,
    description: 'Sends an email to a few addresses as a test, without personal greetings.',
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: SendTestEmailInput, required: true, description: 'The test.' }) },
    resolve: resolvers.sendTestEmail,
  }),
}));
