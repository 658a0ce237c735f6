import { isDeepStrictEqual } from 'node:util';
import type { Context } from '../context.js';
import { nullIfNotFound } from '../constant-contact/by-id.js';
import { formatQueryDate, parseDate } from '../constant-contact/dates.js';
import { ConstantContactError } from '../constant-contact/errors.js';
import type { Exchange } from '../constant-contact/writes/exchange.js';
import { isWord } from '../constant-contact/words.js';
import type { EmailCampaign } from '../loaders/email-campaign.js';
import type { EmailCampaignActivity } from '../loaders/email-campaign-activity.js';
import {
  activityErrorsOf,
  checkChangeable,
  merged,
  putActivity,
  readForUpdate,
  type PutBody,
} from './email-campaign-activity-write.js';
import {
  contentOf,
  CUSTOM_CODE,
  htmlOf,
  writableRecipients,
  type Recipients,
} from './email-campaign-input.js';
import { postSchedule, postTest } from './email-schedule.js';
import type { EmailCampaignActivityInput, SendEmailCampaignInput } from './inputs.js';
import { checkInput, contentChanges, preflight } from './send-email-check.js';
import { SEND_STEPS, type SendStep } from './send-email-input.js';
import { rawId } from './support/global-id.js';
import { InputError } from './support/input-error.js';
import { mutate, type UserError } from './support/mutate.js';

/** Progress. All completed writes are reported, also when a later step fails. */
export interface SendOutcome {
  campaignId: string | null;
  campaignActivityId: string | null;
  completedSteps: readonly SendStep[];
  failedStep: SendStep | null;
  userErrors: readonly UserError[];
}

/** States in which nothing is left to do for the call that scheduled it: scheduling again would send it again. */
const SCHEDULED_OR_SENT: readonly string[] = ['scheduled', 'executing', 'done'];

/** Tolerated difference between the API's clock and this one. */
const CLOCK_SKEW_MS = 60_000;

/** Everything that can be checked is checked before the first write. */
export const sendEmailCampaign = mutate(
  async ({ input }: { input: SendEmailCampaignInput }, context): Promise<SendOutcome> => {
    const recipients = checkInput(input, context.api.clock.now());
    const sending = new Sending(input, context);
    try {
      await sending.run(recipients);
      return sending.outcome([]);
    } catch (error) {
      return sending.failed(error);
    }
  },
);

/** One run through the steps, with its progress. */
class Sending {
  readonly #input: SendEmailCampaignInput;
  readonly #context: Context;
  readonly #done = new Set<SendStep>();
  #step: SendStep | null = null;
  #campaignId: string | null = null;
  #activityId: string | null = null;

  constructor(input: SendEmailCampaignInput, context: Context) {
    this.#input = input;
    this.#context = context;
  }

  async run(recipients: Recipients | undefined): Promise<void> {
    const { campaignId } = this.#input;
    if (campaignId == null)
      await this.#create(this.#input as EmailCampaignActivityInput & { name: string }, recipients);
    else await this.#resume(rawId('EmailCampaign', campaignId, ['input', 'campaignId']), recipients);
    this.#step = null;
  }

  outcome(userErrors: readonly UserError[]): SendOutcome {
    return {
      campaignId: this.#campaignId,
      campaignActivityId: this.#activityId,
      completedSteps: SEND_STEPS.filter((step) => this.#done.has(step)),
      failedStep: this.#step,
      userErrors,
    };
  }

  /**
   * The outcome after a failure. One that is not a user error stays a top-level error until something was
   * written.
   */
  failed(error: unknown): SendOutcome {
    const own = activityErrorsOf(error);
    const written = this.#campaignId !== null && this.#step !== 'CHECK';
    if (own && !written) return this.outcome(own);
    if (!written || !(own || isOutage(error))) throw error;
    const partly = {
      code: 'PARTLY_DONE' as const,
      field: [],
      message: `The campaign exists, but the step ${String(this.#step)} failed${own ? '.' : `: ${(error as Error).message}`} To continue, call again with its campaignId and these completedSteps. Steps that were completed are not repeated.`,
    };
    // Nothing shows whether a test was sent, so one that may have been sent counts as sent.
    if (this.#step === 'TEST' && error instanceof ConstantContactError && error.mayBeDone) {
      this.#done.add('TEST');
      partly.message +=
        ' The test may have been sent, so it is not sent again. To send another one, use sendTestEmail.';
    }
    return this.outcome([partly, ...(own ?? [])]);
  }

  async #create(
    input: EmailCampaignActivityInput & { name: string },
    recipients: Recipients | undefined,
  ): Promise<void> {
    const { format_type, ...content } = contentOf(input, CUSTOM_CODE);
    const body: PutBody = { ...content, ...writableRecipients(recipients ?? {}) };
    await this.#do('CHECK', () => preflight(body, input.insertTrackingImage, this.#context));
    await this.#do('CREATE', async () => {
      const campaign = await this.#context.api.call('createEmailCampaignUsingPOST', {
        body: { name: input.name, email_campaign_activities: [{ format_type, ...content }] },
      });
      this.#campaignId = campaign.campaign_id ?? null;
      this.#activityId = await this.#primaryOf(campaign);
    });
    await this.#prepare({}, body);
    await this.#testAndSchedule();
  }

  /** Continues after an earlier call, or after changes by a user. */
  async #resume(campaign_id: string, recipients: Recipients | undefined): Promise<void> {
    const campaign = await this.#context.loaders.emailCampaignDetails.load(campaign_id);
    if (!campaign) throw new InputError('NOT_FOUND', 'The campaign was not found.', ['input', 'campaignId']);
    const activityId = await this.#primaryOf(campaign);
    await this.#context.api.exchange((exchange) =>
      this.#continue(campaign_id, activityId, recipients, exchange),
    );
  }

  /**
   * An email that is already scheduled or sent is not changed: it is either the result of an earlier call, or
   * refused. May run again until it has written something.
   */
  async #continue(
    campaign_id: string,
    activityId: string,
    recipients: Recipients | undefined,
    exchange: Exchange,
  ): Promise<void> {
    const current = await nullIfNotFound(readForUpdate(activityId, this.#context, exchange));
    if (!current) {
      throw new InputError('NOT_ALLOWED', 'The email of this campaign cannot be read; it may be deleted.', [
        'input',
        'campaignId',
      ]);
    }
    const changes = contentChanges(this.#input);
    const html = changes.htmlContent ?? current.html_content;
    const insertTrackingImage = this.#input.insertTrackingImage;
    const htmlContent = html && htmlOf({ htmlContent: html, insertTrackingImage });
    if (htmlContent !== current.html_content) changes.htmlContent = htmlContent;
    const body = merged(current, changes, recipients);
    const before = merged({ from_name: '', from_email: '', reply_to_email: '', subject: '', ...current }, {});
    const isChanged = !isDeepStrictEqual(comparable(body), comparable(before));
    const isScheduledOrSent = isWord(current.current_status, ...SCHEDULED_OR_SENT);
    if (isScheduledOrSent && (isChanged || !(await this.#hasScheduled(activityId, current, exchange)))) {
      throw alreadySent(current);
    }
    this.#campaignId = campaign_id;
    this.#activityId = activityId;
    this.#done.add('CREATE');
    if (this.#input.completedSteps?.includes('TEST')) this.#done.add('TEST');
    if (isScheduledOrSent) {
      for (const step of ['CHECK', 'PREPARE', 'SCHEDULE'] as const) this.#done.add(step);
      return;
    }
    const isChecked = this.#done.has('CHECK');
    await this.#do('CHECK', async () => {
      if (isChanged) checkChangeable(current, changes, recipients, ['input']);
      if (isChecked) return;
      // The checks make calls of their own, which need the permit.
      exchange.releaseSlot();
      await preflight(body, insertTrackingImage, this.#context);
    });
    if (isChanged) await this.#prepare(current, body, exchange);
    this.#done.add('PREPARE');
    await this.#testAndSchedule(exchange);
  }

  /**
   * Returns true if an earlier call for this input scheduled or sent the email. The response to that call may
   * have been lost.
   */
  async #hasScheduled(
    activityId: string,
    { current_status }: EmailCampaignActivity,
    exchange: Exchange,
  ): Promise<boolean> {
    const { completedSteps, when } = this.#input;
    if (!completedSteps?.includes('PREPARE')) return false;
    if (!isWord(current_status, 'scheduled')) return !when.at;
    // This call needs the permit.
    exchange.releaseSlot();
    const schedules = await this.#context.loaders.emailSchedules.load(activityId);
    const time = parseDate(schedules?.[0]?.scheduled_date)?.getTime();
    if (time === undefined) return false;
    return when.at
      ? formatQueryDate(when.at) === formatQueryDate(new Date(time))
      : time <= this.#context.api.clock.now() + CLOCK_SKEW_MS;
  }

  /**
   * The creation of a campaign cannot include recipients. The content is sent too, because a PUT clears what
   * it leaves out.
   */
  #prepare(current: EmailCampaignActivity, body: PutBody, exchange?: Exchange): Promise<void> {
    return this.#do('PREPARE', () =>
      putActivity(this.#activityId ?? '', current, body, this.#context, exchange),
    );
  }

  async #testAndSchedule(exchange?: Exchange): Promise<void> {
    const { testAddresses, testMessage, when } = this.#input;
    const id = this.#activityId ?? '';
    if (testAddresses?.length && !this.#done.has('TEST')) {
      await this.#do('TEST', () =>
        postTest(id, testAddresses, testMessage, this.#context, ['input', 'testAddresses'], exchange),
      );
    }
    await this.#do('SCHEDULE', () =>
      postSchedule(id, when.at ?? null, this.#context, ['input', 'when'], exchange),
    );
  }

  async #do(step: SendStep, run: () => Promise<unknown>): Promise<void> {
    this.#step = step;
    await run();
    this.#done.add(step);
  }

  /**
   * ID of the primary activity; the campaign is read when it is not loaded.
   * @throws InputError when the campaign has none
   */
  async #primaryOf(campaign: EmailCampaign): Promise<string> {
    const { emailCampaignDetails } = this.#context.loaders;
    const whole = campaign.campaign_activities?.length
      ? campaign
      : await emailCampaignDetails.load(campaign.campaign_id ?? '');
    const primary = whole?.campaign_activities?.find(({ role }) => isWord(role, 'primary_email'));
    if (primary?.campaign_activity_id) return primary.campaign_activity_id;
    throw new InputError('NOT_ALLOWED', 'The campaign has no primary activity.', ['input', 'campaignId']);
  }
}

/** Content without the differences that the API may make when it stores an email: order, case of addresses, line breaks. */
function comparable(body: PutBody) {
  const sorted = (ids: readonly (string | number)[] | undefined) =>
    ids?.map((id) => String(id).toLowerCase()).sort();
  return {
    ...body,
    from_email: body.from_email.toLowerCase(),
    reply_to_email: body.reply_to_email.toLowerCase(),
    contact_list_ids: sorted(body.contact_list_ids),
    segment_ids: sorted(body.segment_ids),
    html_content: body.html_content?.replace(/\r\n?/g, '\n').trimEnd(),
  };
}

/** For an email that this call cannot send: it is scheduled, being sent or sent by another one. */
function alreadySent({ current_status }: EmailCampaignActivity): InputError {
  const next = isWord(current_status, 'scheduled')
    ? 'is scheduled. To change it or its time, use unscheduleEmailCampaignActivity first'
    : isWord(current_status, 'done')
      ? 'was sent. To send it to contacts who have not received it, use scheduleEmailCampaignActivity; for other content, create a new campaign'
      : 'is being sent. For other content, create a new campaign';
  const message = `The email of this campaign ${next}. To continue an earlier call, repeat its input with its completedSteps.`;
  return new InputError('NOT_ALLOWED', message, ['input', 'campaignId']);
}

function isOutage(error: unknown): boolean {
  return error instanceof ConstantContactError && error.kind !== 'aborted';
}
