import type { Context } from '../context.js';
import { formatQueryDate } from '../constant-contact/dates.js';
import type { Exchange } from '../constant-contact/writes/exchange.js';
import { isWord } from '../constant-contact/words.js';
import type { EmailCampaignActivity } from '../loaders/email-campaign-activity.js';
import type { EmailPreview, EmailSchedule, EmailSend } from '../loaders/email-schedule.js';
import { knownStatus } from './email-campaign-activity.js';
import { checkAddress, explainRefusal } from './email-campaign-input.js';
import type { SendTestEmailInput } from './inputs.js';
import { inputId } from './support/global-id.js';
import { InputError } from './support/input-error.js';
import { validate } from './support/limits.js';
import { mutate } from './support/mutate.js';

/** The API's date value for sending immediately. */
const NOW = '0';

export const SCHEDULE_RULES =
  'Only the primary activity in state DRAFT, DONE or ERROR can be scheduled or sent, and only with recipients, a confirmed sender and a postal address of the account.';

/** True only if the state is known and not scheduled, so that no read is needed. */
function isUnscheduled(activity: EmailCampaignActivity): boolean {
  return (
    isWord(activity.role, 'permalink') ||
    ['none', 'draft', 'executing', 'done', 'error', 'removed'].includes(knownStatus(activity))
  );
}

/** True only if it was certainly never sent. A scheduled email may have been sent before. */
function isUnsent(activity: EmailCampaignActivity): boolean {
  return isWord(activity.role, 'permalink') || ['none', 'draft', 'removed'].includes(knownStatus(activity));
}

export function schedules(
  activity: EmailCampaignActivity,
  _args: unknown,
  { loaders }: Context,
): readonly EmailSchedule[] | Promise<readonly EmailSchedule[] | null> {
  return isUnscheduled(activity) ? [] : loaders.emailSchedules.load(activity.campaign_activity_id ?? '');
}

export function sendHistory(
  activity: EmailCampaignActivity,
  _args: unknown,
  { loaders }: Context,
): readonly EmailSend[] | Promise<readonly EmailSend[] | null> {
  return isUnsent(activity) ? [] : loaders.emailSendHistory.load(activity.campaign_activity_id ?? '');
}

export function preview(
  activity: EmailCampaignActivity,
  _args: unknown,
  { loaders }: Context,
): null | Promise<EmailPreview | null> {
  if (knownStatus(activity) === 'removed') return null;
  return loaders.emailPreviews.load(activity.campaign_activity_id ?? '');
}

/** Meanings of the API's numeric results of a send (vendor guide: `reason_code`). */
export const SEND_REASONS = {
  SENT: { code: ['0'], text: 'Sent.' },
  FAILED: { code: ['1'], text: 'Service error. Try again.' },
  UNDER_REVIEW: { code: ['2'], text: 'The account is under review. Contact Constant Contact support.' },
  ACCOUNT_BLOCKED: { code: ['3'], text: 'The account is not allowed to send. Check its billing.' },
  TOO_MANY_CONTACTS: { code: ['4'], text: 'The email has more recipients than the account allows.' },
  STAGED: { code: ['5'], text: 'Waiting to be sent.' },
  PARTLY_SENT: { code: ['6'], text: 'Sent to some recipients, and not yet to others.' },
  BAD_IMAGE: { code: ['7'], text: 'An image in the email cannot be used.' },
  LINK_TOO_LONG: { code: ['8'], text: 'A link in the email has more than 1,005 characters.' },
  SENDER_UNVERIFIED: {
    code: ['9', '10'],
    text: 'The sender address or the reply-to address is not confirmed.',
  },
  SURVEY_UNAVAILABLE: {
    code: ['11'],
    text: 'The email has a survey, and the account is not allowed to send surveys.',
  },
  NO_RECIPIENTS: {
    code: ['12'],
    text: 'No recipient could be mailed. Nothing was sent, although the send counts as completed.',
  },
} as const;

const REASON_TEXTS = new Map<string, string>(
  Object.values(SEND_REASONS).flatMap(({ code, text }) => code.map((number) => [number, text] as const)),
);

export function reasonText({ reason_code }: EmailSend): string | null {
  return REASON_TEXTS.get(String(reason_code)) ?? null;
}

interface ActivityInput {
  activityId: string;
}

const idOf = (input: ActivityInput) => inputId('EmailCampaignActivity', input, 'activityId');

/** @throws InputError `INVALID` for a time in the past */
export function checkFuture(time: Date, now: number, field: readonly string[]): void {
  if (time.getTime() <= now) {
    throw new InputError('INVALID', 'This time must be in the future.', field);
  }
}

/**
 * Schedules an email, or sends it immediately when `time` is null. The client never retries a write that may
 * have been carried out.
 */
export async function postSchedule(
  campaign_activity_id: string,
  time: Date | null,
  { api }: Context,
  field: readonly string[] = ['input', 'activityId'],
  exchange?: Exchange,
): Promise<readonly EmailSchedule[]> {
  const scheduled_date = time ? formatQueryDate(time) : NOW;
  const params = { path: { campaign_activity_id }, body: { scheduled_date } };
  const call = api.call('scheduleEmailCampaignActivityUsingPOST', params, { exchange });
  // An empty response or list confirms that it is scheduled. Without a schedule, a client would send it again.
  const schedules = (await explainRefusal(call, SCHEDULE_RULES, field)) as
    readonly EmailSchedule[] | undefined;
  if (schedules?.length) return schedules;
  return time ? [{ scheduled_date }] : [];
}

export const scheduleEmailCampaignActivity = mutate(
  async ({ input }: { input: ActivityInput & { scheduledAt: Date } }, context) => {
    const campaign_activity_id = idOf(input);
    checkFuture(input.scheduledAt, context.api.clock.now(), ['input', 'scheduledAt']);
    const schedules = await postSchedule(campaign_activity_id, input.scheduledAt, context);
    return { activity: { campaign_activity_id }, schedules };
  },
);

export const sendEmailCampaignActivityNow = mutate(async ({ input }: { input: ActivityInput }, context) => {
  const campaign_activity_id = idOf(input);
  await postSchedule(campaign_activity_id, null, context);
  return { activity: { campaign_activity_id } };
});

export const unscheduleEmailCampaignActivity = mutate(
  async ({ input }: { input: ActivityInput }, { api }) => {
    const campaign_activity_id = idOf(input);
    await explainRefusal(
      api.call('unscheduleEmailCampaignActivityUsingDELETE', { path: { campaign_activity_id } }),
      'Only a scheduled email can be unscheduled.',
      ['input', 'activityId'],
    );
    return { activity: { campaign_activity_id } };
  },
);

/** @throws InputErrors for no addresses, and for texts that are none */
export function checkTestAddresses(addresses: readonly string[], field: readonly string[]): void {
  if (addresses.length === 0) throw new InputError('REQUIRED', 'Give at least one address.', field);
  validate(...addresses.map((address, index) => () => checkAddress(address, [...field, String(index)])));
}

export async function postTest(
  campaign_activity_id: string,
  addresses: readonly string[],
  personalMessage: string | null | undefined,
  { api }: Context,
  field: readonly string[] = ['input', 'addresses'],
  exchange?: Exchange,
): Promise<string[]> {
  // Duplicates would each count against the daily limit of test emails.
  const email_addresses = [...new Set(addresses.map((address) => address.trim()))];
  const body = { email_addresses, ...(personalMessage != null && { personal_message: personalMessage }) };
  await explainRefusal(
    api.call('testSendCampaignActivityUsingPOST', { path: { campaign_activity_id }, body }, { exchange }),
    'An account can send 50 test emails a day, and only of a primary activity.',
    field,
  );
  return email_addresses;
}

export const sendTestEmail = mutate(async ({ input }: { input: SendTestEmailInput }, context) => {
  const campaign_activity_id = idOf(input);
  checkTestAddresses(input.addresses, ['input', 'addresses']);
  const sentTo = await postTest(campaign_activity_id, input.addresses, input.personalMessage, context);
  return { activity: { campaign_activity_id }, sentTo };
});
