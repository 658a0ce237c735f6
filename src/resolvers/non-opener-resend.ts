import type { Context } from '../context.js';
import { isWord } from '../constant-contact/words.js';
import type { EmailCampaignActivity } from '../loaders/email-campaign-activity.js';
import type { NonOpenerResend } from '../loaders/non-opener-resend.js';
import { EMAIL_LIMITS, refusalMeans } from './email-campaign-input.js';
import { dropNulls } from './support/drop-nulls.js';
import { rawId } from './support/global-id.js';
import { InputError } from './support/input-error.js';
import { inRange, requiredText, validate } from './support/limits.js';
import { mutate } from './support/mutate.js';

/** Bounds of the delay of a resend (vendor guide: non_opener_resends). */
export const RESEND_LIMITS = { minDays: 1, maxDays: 10, minMinutes: 720, maxMinutes: 14_400 } as const;

/** A number, or `DRAFT`; looser, because nothing but its use in a path matters here. */
const REQUEST_ID = /^[\w-]{1,64}$/;

export function nonOpenerResends(
  activity: EmailCampaignActivity,
  _args: unknown,
  { loaders }: Context,
): readonly NonOpenerResend[] | Promise<readonly NonOpenerResend[] | null> {
  const isOther = isWord(activity.role, 'permalink', 'resend');
  if (isOther || isWord(activity.current_status, 'removed')) return [];
  return loaders.nonOpenerResends.load(activity.campaign_activity_id ?? '');
}

export interface ResendToNonOpenersInput {
  activityId: string;
  subject: string;
  delay: { days?: number | null; minutes?: number | null };
}

export const resendToNonOpeners = mutate(async ({ input }: { input: ResendToNonOpenersInput }, { api }) => {
  const campaign_activity_id = rawId('EmailCampaignActivity', input.activityId, ['input', 'activityId']);
  const { days, minutes } = input.delay;
  const { minDays, maxDays, minMinutes, maxMinutes } = RESEND_LIMITS;
  validate(
    () => requiredText(input.subject, EMAIL_LIMITS.subject, ['input', 'subject']),
    () => inRange(days, minDays, maxDays, ['input', 'delay', 'days']),
    () => inRange(minutes, minMinutes, maxMinutes, ['input', 'delay', 'minutes']),
  );
  const call = api.call('createResendToNonOpenersUsingPOST', {
    path: { campaign_activity_id },
    body: {
      resend_subject: input.subject,
      ...dropNulls({ delay_days: days, delay_minutes: minutes }),
    },
  });
  const resend: NonOpenerResend = await refusalMeans(
    call,
    'Only the primary activity of a campaign that is a draft, scheduled or sent can be resent.',
    ['input', 'activityId'],
  );
  return { resend, activity: { campaign_activity_id } };
});

export const deleteNonOpenerResend = mutate(
  async ({ input }: { input: { activityId: string; resendRequestId: string } }, { api }) => {
    const campaign_activity_id = rawId('EmailCampaignActivity', input.activityId, ['input', 'activityId']);
    const resend_request_id = input.resendRequestId.trim();
    if (!REQUEST_ID.test(resend_request_id)) {
      throw new InputError(
        'INVALID_ID',
        'This is no id of a resend. It is a number, or DRAFT while the campaign is a draft.',
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
