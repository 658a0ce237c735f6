import {
  nonOpenerResends,
  type NonOpenerResend as NonOpenerResendRow,
} from '../loaders/non-opener-resend.js';
import { emailCampaignActivities } from '../loaders/email-campaign-activity.js';
import { emailCampaignDetails } from '../loaders/email-campaign.js';
import { DETAIL_FIELDS } from '../resolvers/email-campaign-activity.js';
import * as resolvers from '../resolvers/non-opener-resend.js';
import { builder } from './builder.js';
import { EmailCampaignStatus } from './email-campaign.js';
import { activityAfter, EmailCampaignActivity } from './email-campaign-activity.js';
import { enumFields } from './enums.js';
import { dateTime, globalIdOfParts, rawIdField, requiredText } from './fields.js';
import { Node } from './node.js';
import { deletedIdField } from './payload.js';
import { cost } from './cost.js';
import { mutation } from './mutation.js';
import { limited } from './limits.js';

const REACHED = { noneWhen: 'the resend was reached from its campaign' };

const NonOpenerResend = builder.objectRef<NonOpenerResendRow>('NonOpenerResend').implement({
  description:
    'Resend of an email to contacts who did not open it. The email that it sends is the activity with the role RESEND in the same campaign.',
  interfaces: [Node],
  fields: (t) => ({
    id: globalIdOfParts(t, 'NonOpenerResend', ({ campaign_activity_id, resend_request_id }) => [
      campaign_activity_id ?? '',
      String(resend_request_id ?? ''),
    ]),
    campaignActivityId: rawIdField(
      t,
      'campaign_activity_id',
      'Constant Contact ID of the activity that is sent again (UUID).',
    ),
    resendRequestId: t.exposeID('resend_request_id', {
      description:
        'Constant Contact ID of the resend request: a number, or DRAFT while the campaign is a draft.',
    }),
    ...enumFields(
      t,
      'status',
      'resend_status',
      EmailCampaignStatus,
      'Status of the resend. `null` right after its creation.',
    ),
    subject: requiredText(t, 'resend_subject', 'Subject line of the resend.'),
    delayDays: t.exposeInt('delay_days', {
      description: 'Delay after the email, in days. `null` when the delay is not a whole number of days.',
    }),
    delayMinutes: t.exposeInt('delay_minutes', { description: 'Delay after the email, in minutes.' }),
    resendAt: dateTime(
      t,
      'resend_date',
      'When the resend will be or was sent. `null` while the time is not set.',
    ),
    activity: t.field({
      type: EmailCampaignActivity,
      description: 'Email that the resend sends. `null` while there is none, as in a draft.',
      queryCost: cost.all(
        cost.one(emailCampaignDetails, REACHED),
        cost.one(emailCampaignActivities, {
          ...REACHED,
          noneWhen: `${REACHED.noneWhen}, or its ID is already loaded`,
        }),
        cost.one(emailCampaignActivities, {
          due: (_n, asked) => asked.has(DETAIL_FIELDS),
          when: 'the content, sender or recipients are selected',
        }),
      ),
      resolve: resolvers.activityOfResend,
    }),
  }),
});

builder.asEntity(NonOpenerResend, {
  key: [
    builder.selection<{ id: string }>('id'),
    builder.selection<{ campaignActivityId: string; resendRequestId: string }>(
      'campaignActivityId resendRequestId',
    ),
  ],
  resolveReference: (key, context) => resolvers.resendByReference(key, context),
});

builder.objectField(EmailCampaignActivity, 'nonOpenerResends', (t) =>
  t.field({
    type: [NonOpenerResend],
    description: 'Resends to contacts who did not open the email, at most one.',
    queryCost: cost.one(nonOpenerResends, {
      rows: 1,
      noneWhen: 'the activity is already known not to be the primary one',
    }),
    resolve: resolvers.nonOpenerResends,
  }),
);

const ResendDelayInput = builder.inputType('ResendDelayInput', {
  description:
    'Delay between an email and its resend: in days or in minutes. Set exactly one of the two fields.',
  isOneOf: true,
  fields: (t) => ({
    days: t.int(limited`Delay in days, ${{ minimum: 1, maximum: 10 }}.`),
    minutes: t.int(limited`Delay in minutes, ${{ minimum: 720, maximum: 14_400 }}.`),
  }),
});

mutation('resendToNonOpeners', {
  description:
    'Creates a resend of an email to contacts who did not open it. The campaign can be a draft, scheduled or sent. Fails with ALREADY_EXISTS when the campaign has a resend.',
  queryCost: cost.calls(1),
  argument: 'Activity to send again, the subject and the delay.',
  input: (t) => ({
    activityId: t.id({
      required: true,
      description: 'Global ID or Constant Contact ID of the primary activity of a campaign.',
    }),
    subject: t.string({
      required: true,
      ...limited`Subject line of the resend, ${{ minLength: 1, maxLength: 200 }}.`,
    }),
    delay: t.field({ type: ResendDelayInput, required: true, description: 'Delay after the email.' }),
  }),
  payload: (t) => ({
    resend: t.expose('resend', { type: NonOpenerResend, description: 'The new resend.' }),
    activity: activityAfter(t),
  }),
  resolve: resolvers.resendToNonOpeners,
});

mutation('deleteNonOpenerResend', {
  description: 'Deletes a resend that was not sent yet.',
  queryCost: cost.calls(1),
  argument: 'Resend to delete.',
  input: (t) => ({
    activityId: t.id({
      required: true,
      description: 'Global ID or Constant Contact ID of the primary activity of a campaign.',
    }),
    resendRequestId: t.id({
      required: true,
      description: '`resendRequestId` of the resend. DRAFT while the campaign is a draft.',
    }),
  }),
  payload: (t) => ({
    deletedId: deletedIdField(
      t,
      'NonOpenerResend',
      'the deleted resend',
      ({ activity, deletedResendRequestId: id }) =>
        id === undefined ? null : [activity?.campaign_activity_id ?? '', id],
    ),
    deletedResendRequestId: t.exposeID('deletedResendRequestId', {
      description: 'Constant Contact ID of the deleted resend request. `null` when nothing was deleted.',
    }),
    activity: activityAfter(t),
  }),
  resolve: resolvers.deleteNonOpenerResend,
});
