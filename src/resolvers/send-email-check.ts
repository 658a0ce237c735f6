import type { Context } from '../context.js';
import { nullIfNotFound } from '../constant-contact/by-id.js';
import { ConstantContactError } from '../constant-contact/errors.js';
import { countIn } from '../constant-contact/numbers.js';
import { word } from '../constant-contact/words.js';
import { accountEmail } from '../loaders/account.js';
import { membershipCount } from '../loaders/contact-list.js';
import { checkChanges, type PutBody } from './email-campaign-activity-write.js';
import {
  contentChecks,
  htmlOf,
  recipientsOf,
  TRACKING_IMAGE,
  type Recipients,
} from './email-campaign-input.js';
import { checkFuture, checkTestAddresses } from './email-schedule.js';
import type { EmailCampaignActivityInput, SendEmailCampaignInput } from './inputs.js';
import { rawId } from './support/global-id.js';
import { InputError, InputErrors } from './support/input-error.js';
import { validate } from './support/limits.js';

type Checks = (() => void)[];

const NEEDED = ['name', 'sender', 'subject', 'htmlContent', 'recipients'] as const;

/**
 * Checks everything that needs no call.
 * @returns the recipients, if given
 * @throws InputErrors
 */
export function checkInput(input: SendEmailCampaignInput, now: number): Recipients | undefined {
  const { campaignId, recipients, when, testAddresses } = input;
  let chosen: Recipients | undefined;
  validate(
    ...(campaignId == null ? newChecks(input) : changeChecks(input, campaignId)),
    () => {
      if (recipients) chosen = recipientsOf(recipients, ['input', 'recipients']);
    },
    () => {
      if (when.at) checkFuture(when.at, now, ['input', 'when', 'at']);
      else if (!when.now) {
        const field = ['input', 'when', 'now'];
        throw new InputError('INVALID', 'This must be true. To send later, give a time in `at`.', field);
      }
    },
    () => testAddresses?.length && checkTestAddresses(testAddresses, ['input', 'testAddresses']),
  );
  return chosen;
}

function newChecks(input: SendEmailCampaignInput): Checks {
  const missing = NEEDED.filter((key) => input[key] == null);
  if (missing.length === 0) return contentChecks(input as EmailCampaignActivityInput, ['input']);
  return missing.map((key) => () => {
    const message = 'A new campaign requires this. To continue with an existing one, give its campaignId.';
    throw new InputError('REQUIRED', message, ['input', key]);
  });
}

function changeChecks(input: SendEmailCampaignInput, campaignId: string): Checks {
  return [
    () => rawId('EmailCampaign', campaignId, ['input', 'campaignId']),
    () => {
      const { htmlContent, insertTrackingImage } = input;
      // Checked with the inserted image, because that HTML is sent.
      const sent = htmlContent == null ? {} : { htmlContent: htmlOf({ htmlContent, insertTrackingImage }) };
      checkChanges({ ...contentChanges(input), ...sent }, ['input']);
    },
  ];
}

/** The content changes of an input; null counts as absent here. */
export function contentChanges(input: SendEmailCampaignInput) {
  return {
    sender: input.sender ?? undefined,
    subject: input.subject ?? undefined,
    preheader: input.preheader ?? undefined,
    htmlContent: input.htmlContent ?? undefined,
    physicalAddressInFooter: input.physicalAddressInFooter ?? undefined,
  };
}

/**
 * Checks everything that would make the API refuse a campaign, or send it to nobody, before anything is
 * written. At most 3 calls: sender addresses, postal address, lists or segments. Resources that the token
 * cannot read are not checked.
 * @param insertTrackingImage false allows an email without the image, whose opens are not counted
 * @throws InputErrors
 */
export async function preflight(
  email: PutBody,
  insertTrackingImage: boolean | null | undefined,
  context: Context,
): Promise<void> {
  const checks = [
    trackingImage(email.html_content, insertTrackingImage),
    sender(email.from_email, ['input', 'sender', 'email'], context),
    sender(email.reply_to_email, ['input', 'sender', 'replyTo'], context),
    postalAddress(context),
    recipients(email, context),
  ];
  const problems: InputError[] = [];
  for (const result of await Promise.allSettled(checks)) {
    if (result.status === 'fulfilled') continue;
    const reason: unknown = result.reason;
    if (reason instanceof InputError) problems.push(reason);
    else if (!(reason instanceof ConstantContactError && reason.kind === 'forbidden')) throw reason;
  }
  if (problems.length > 0) throw new InputErrors(problems);
}

function trackingImage(html: string | undefined, insert: boolean | null | undefined): Promise<void> {
  if (html === undefined || html.includes(TRACKING_IMAGE) || insert === false) return Promise.resolve();
  return Promise.reject(
    new InputError(
      'INVALID',
      `The HTML has no ${TRACKING_IMAGE}, so opens would not be counted. Add it, set insertTrackingImage to true to have it inserted, or to false to send without it.`,
      ['input', 'htmlContent'],
    ),
  );
}

async function sender(address: string, field: readonly string[], { loaders }: Context): Promise<void> {
  const known = await accountEmail(loaders.accountEmails, address);
  if (!known) {
    throw new InputError(
      'NOT_ALLOWED',
      'This is not an address of the account. Add and confirm it first.',
      field,
    );
  }
  // The API shortens the status to one letter.
  if (!word(known.confirm_status).startsWith('c')) {
    throw new InputError('NOT_ALLOWED', 'This address of the account is not confirmed yet.', field);
  }
}

async function postalAddress({ api }: Context): Promise<void> {
  if (await nullIfNotFound(api.call('getPhysicalAddress', {}))) return;
  throw new InputError(
    'NOT_ALLOWED',
    'The account has no postal address, which is required to send email. Use createAccountPhysicalAddress.',
  );
}

async function recipients({ contact_list_ids, segment_ids }: PutBody, { loaders }: Context): Promise<void> {
  const field = ['input', 'recipients'];
  const [segment] = segment_ids ?? [];
  if (segment !== undefined) {
    if ((await loaders.segments.all()).some(({ segment_id }) => String(segment_id) === String(segment)))
      return;
    throw new InputError('NOT_FOUND', 'The segment was not found, or it is deleted.', [
      ...field,
      'segmentId',
    ]);
  }
  const lists = contact_list_ids ?? [];
  if (lists.length === 0) throw new InputError('REQUIRED', 'The email has no recipients yet.', field);
  const counts = await Promise.all(
    lists.map(async (list_id) => membershipCount(loaders.contactLists, { list_id }, 'active')),
  );
  // A deleted list has no members, so only lists without members are looked up.
  const empty = lists.filter((_, index) => !counts[index]);
  const rows = await Promise.all(empty.map((id) => loaders.contactLists.load(id)));
  const gone = empty.filter((_, index) => {
    const list = rows[index];
    return !list || Boolean(list.deleted_at);
  });
  if (gone.length > 0) {
    throw new InputError('NOT_FOUND', `The list ${gone.join(', ')} was not found, or it is deleted.`, [
      ...field,
      'listIds',
    ]);
  }
  // A list whose count the API leaves out may have members.
  if (counts.every((count) => countIn(count) === 0)) {
    throw new InputError('NOT_ALLOWED', 'No contact on these lists can be mailed.', [...field, 'listIds']);
  }
}
