import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.js';
import { isWord } from '../constant-contact/words.js';
import type { EmailCampaign } from '../loaders/email-campaign.js';
import type { EmailCampaignActivity } from '../loaders/email-campaign-activity.js';
import type { NonOpenerResend } from '../loaders/non-opener-resend.js';
import { activityOfRole } from './email-campaign-activity.js';
import { explainRefusal } from './email-campaign-input.js';
import type { ResendToNonOpenersInput } from './inputs.js';
import { dropNulls } from './support/drop-nulls.js';
import { inputId } from './support/global-id.js';
import { byReference, textKey } from './support/reference.js';
import { InputError } from './support/input-error.js';
import { mutate, undefinedIfUnread } from './support/mutate.js';

/** A number, or `DRAFT`. Deliberately loose: it only has to be safe in a path. */
const REQUEST_ID = /^[\w-]{1,64}$/;

export async function nonOpenerResends(
  activity: EmailCampaignActivity,
  _args: unknown,
  { loaders }: Context,
): Promise<readonly NonOpenerResend[] | null> {
  const isOther = isWord(activity.role, 'permalink', 'resend');
  if (isOther || isWord(activity.current_status, 'removed')) return [];
  const rows = await loaders.nonOpenerResends.load(activity.campaign_activity_id ?? '');
  return rows?.map((row) => ({ ...row, repeats: activity })) ?? null;
}

/** The email that a resend sends, found by its role in the campaign. A campaign has at most one. */
export async function activityOfResend(
  { repeats, campaign_activity_id }: NonOpenerResend,
  _args: unknown,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<EmailCampaignActivity | null> {
  const campaign = await campaignOf(repeats ?? { campaign_activity_id }, context);
  return campaign ? activityOfRole('resend', campaign, context, info) : null;
}

async function campaignOf(
  { campaign, campaign_id, campaign_activity_id: id }: EmailCampaignActivity,
  { loaders }: Context,
): Promise<EmailCampaign | null> {
  if (campaign) return campaign;
  const known = campaign_id ?? (id ? await loaders.campaignIds.load(id) : null);
  return known ? { campaign_id: known } : null;
}

/** A resend by the parts of its ID. */
export async function nonOpenerResend(
  [activityId = '', requestId = '']: readonly string[],
  { loaders }: Context,
): Promise<NonOpenerResend | null> {
  const resends = await loaders.nonOpenerResends.load(activityId);
  return resends?.find(({ resend_request_id: id }) => String(id) === requestId) ?? null;
}

/**
 * Finds the resend that another subgraph refers to.
 * @throws InputError `INVALID_ID` for a malformed key, `INVALID` for a missing one
 */
export async function resendByReference(
  key: { id?: string; campaignActivityId?: string; resendRequestId?: string },
  context: Context,
): Promise<NonOpenerResend | null> {
  if (key.id !== undefined || key.resendRequestId === undefined)
    return byReference('NonOpenerResend', key, 'id', (_id, parts) => nonOpenerResend(parts, context));
  const requestId = textKey(key.resendRequestId, ['resendRequestId']);
  if (requestId === null) return null;
  return byReference('EmailCampaignActivity', key, 'campaignActivityId', (id) =>
    nonOpenerResend([id, requestId], context),
  );
}

export const resendToNonOpeners = mutate(async ({ input }: { input: ResendToNonOpenersInput }, { api }) => {
  const campaign_activity_id = inputId('EmailCampaignActivity', input, 'activityId');
  const { days, minutes } = input.delay;
  const call = api.call('createResendToNonOpenersUsingPOST', {
    path: { campaign_activity_id },
    body: {
      resend_subject: input.subject,
      ...dropNulls({ delay_days: days, delay_minutes: minutes }),
    },
  });
  const explained = explainRefusal(
    call,
    'Only the primary activity of a campaign that is a draft, scheduled or sent can be resent.',
    ['input', 'activityId'],
  );
  const resend: NonOpenerResend | undefined = await undefinedIfUnread(explained, api);
  const activity = { campaign_activity_id };
  return {
    ...(resend && { resend: { ...resend, campaign_activity_id, repeats: activity } }),
    activity,
  };
});

export const deleteNonOpenerResend = mutate(
  async ({ input }: { input: { activityId: string; resendRequestId: string } }, { api }) => {
    const campaign_activity_id = inputId('EmailCampaignActivity', input, 'activityId');
    const resend_request_id = input.resendRequestId.trim();
    if (!REQUEST_ID.test(resend_request_id)) {
      throw new InputError(
        'INVALID_ID',
        'This is not the ID of a resend. The ID is a number, or DRAFT while the campaign is a draft.',
        ['input', 'resendRequestId'],
      );
    }
    await api.call('deleteResendToNonOpenersUsingDELETE', {
      path: { campaign_activity_id, resend_request_id },
    });
    return {
      activity: { campaign_activity_id },
      deletedResendRequestId: resend_request_id,
    };
  },
);
