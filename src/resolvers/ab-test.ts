import type { Context } from '../context.js';
import { countIn } from '../constant-contact/numbers.js';
import { isWord } from '../constant-contact/words.js';
import type { AbTest } from '../loaders/ab-test.js';
import type { EmailCampaignActivity } from '../loaders/email-campaign-activity.js';
import { explainRefusal } from './email-campaign-input.js';
import type { CreateAbTestInput } from './inputs.js';
import { inputId } from './support/global-id.js';
import { InputError } from './support/input-error.js';
import { mutate, undefinedIfUnread } from './support/mutate.js';

/** Code of the campaigns that test two subjects (vendor guide: `type_code`). */
const AB_TEST_TYPE = 57;

/** Hours until the winner is sent (vendor guide: abtest). */
export const WAITS: readonly number[] = [6, 12, 24, 48];

/** Skips the call for an activity that is known to have no A/B test; a loaded campaign reports that. */
export function abTest(
  activity: EmailCampaignActivity,
  _args: unknown,
  { loaders }: Context,
): null | Promise<AbTest | null> {
  const code = countIn(activity.campaign?.type_code);
  const isOther = isWord(activity.role, 'permalink', 'resend');
  if (isOther || (code !== undefined && code !== AB_TEST_TYPE)) return null;
  if (isWord(activity.current_status, 'removed')) return null;
  return loaders.abTests.load(activity.campaign_activity_id ?? '');
}

export const createAbTest = mutate(async ({ input }: { input: CreateAbTestInput }, { api }) => {
  const campaign_activity_id = inputId('EmailCampaignActivity', input, 'activityId');
  const { alternativeSubject, testSize, winnerWaitHours } = input;
  if (!WAITS.includes(winnerWaitHours))
    throw new InputError('INVALID', `This must be one of ${WAITS.join(', ')} hours.`, [
      'input',
      'winnerWaitHours',
    ]);
  const call = api.call('createEmailCampaignABTestUsingPOST', {
    path: { campaign_activity_id },
    body: {
      alternative_subject: alternativeSubject,
      test_size: testSize,
      winner_wait_duration: winnerWaitHours,
    },
  });
  const explained = explainRefusal(call, DRAFT_ONLY, ['input', 'activityId']);
  const abTest = await undefinedIfUnread(explained, api);
  return {
    ...(abTest && { abTest: { ...abTest, campaign_activity_id } }),
    activity: { campaign_activity_id },
  };
});

export const deleteAbTest = mutate(async ({ input }: { input: { activityId: string } }, { api }) => {
  const campaign_activity_id = inputId('EmailCampaignActivity', input, 'activityId');
  await explainRefusal(
    api.call('deleteEmailCampaignABTestUsingDELETE', { path: { campaign_activity_id } }),
    DRAFT_ONLY,
    ['input', 'activityId'],
  );
  return { activity: { campaign_activity_id } };
});

const DRAFT_ONLY = 'A test can be set up and taken back only on a primary activity in state DRAFT.';
