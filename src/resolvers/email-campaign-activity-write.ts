import { asReadById } from '../constant-contact/by-id.js';
import type { RequestBody, Schema } from '../constant-contact/contract/operations.js';
import { ConstantContactError } from '../constant-contact/errors.js';
import type { Exchange } from '../constant-contact/writes/exchange.js';
import type { Context } from '../context.js';
import { countIn } from '../constant-contact/numbers.js';
import { isWord, word } from '../constant-contact/words.js';
import { includeInActivity, type EmailCampaignActivity } from '../loaders/email-campaign-activity.js';
import type { EmailDocumentProperties } from './email-campaign-activity.js';
import {
  checkAddress,
  checkTemplateMarks,
  EMAIL_LIMITS,
  footerOf,
  recipientsOf,
  writableRecipients,
  type Recipients,
} from './email-campaign-input.js';
import type {
  EmailDocumentPropertiesInput,
  EmailFooterAddressInput,
  UpdateEmailCampaignActivityInput,
} from './inputs.js';
import { inputId } from './support/global-id.js';
import { InputError } from './support/input-error.js';
import { checkSomeChange, maxLength, validate } from './support/limits.js';
import { mutate, userErrorsOf, type UserError } from './support/mutate.js';
import { afterWrite, withChanges, writeBack } from './support/write-back.js';

export type PutBody = RequestBody<'updateEmailCampaignActivityUsingPUT'>;

/** Writable properties of an activity. */
export type ActivityChanges = Omit<UpdateEmailCampaignActivityInput, 'activityId'>;

/** Formats with writable HTML, and formats with document properties (vendor guide). */
const HTML_FORMATS: readonly (number | undefined)[] = [1, 5, undefined];
const DOCUMENT_FORMATS: readonly (number | undefined)[] = [1, 2, undefined];
const SEGMENT_FORMATS: readonly (number | undefined)[] = [3, 4, 5, undefined];

/** Why an activity in this state cannot be changed. Unknown states are treated as changeable. */
const UNCHANGEABLE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    scheduled: 'This email is scheduled. Unschedule it, change it, and schedule it again.',
    executing: 'This email is being sent.',
    error: 'Sending this email failed, and it cannot be changed. For the reason, see its send history.',
    removed: 'This email was deleted.',
  }),
);

/** Two calls: the PUT clears what it leaves out, recipients included, so the activity is read first. */
export const updateEmailCampaignActivity = mutate(
  async (
    { input }: { input: UpdateEmailCampaignActivityInput },
    context,
  ): Promise<{ activity: EmailCampaignActivity; userErrors?: readonly UserError[] }> => {
    const id = inputId('EmailCampaignActivity', input, 'activityId');
    checkSomeChange(input, ['activityId']);
    const recipients = checkChanges(input, ['input']);
    try {
      const activity = await context.api.exchange(async (exchange) => {
        const current = await readForUpdate(id, context, exchange);
        checkChangeable(current, input, recipients, ['input']);
        return putActivity(id, current, merged(current, input, recipients), context, exchange);
      });
      return { activity };
    } catch (error) {
      const userErrors = isRefusedPut(error) ? activityErrorsOf(error) : null;
      if (!userErrors) throw error;
      // Reduced to its ID, so that the payload reads it again.
      return { activity: { campaign_activity_id: id }, userErrors };
    }
  },
);

/** Like `userErrorsOf`, but errors of a refused PUT add that the API may have applied a part of it. */
export function activityErrorsOf(error: unknown): UserError[] | null {
  const userErrors = userErrorsOf(error);
  if (!userErrors || !isRefusedPut(error)) return userErrors;
  return userErrors.map((one) => ({ ...one, message: `${one.message} ${MAY_BE_PARTLY_DONE}` }));
}

const MAY_BE_PARTLY_DONE = 'The update may have been partly applied. Read the activity before you send it.';

function isRefusedPut(error: unknown): boolean {
  return (
    error instanceof ConstantContactError &&
    error.operationId === 'updateEmailCampaignActivityUsingPUT' &&
    (error.kind === 'rejected' || error.kind === 'conflict')
  );
}

/**
 * Checks the changes that need no call.
 * @returns the recipients when they change
 * @throws InputErrors
 */
export function checkChanges(input: ActivityChanges, field: readonly string[]): Recipients | undefined {
  const { sender, recipients, htmlContent } = input;
  const at = (...path: string[]) => [...field, ...path];
  let chosen: Recipients | undefined;
  validate(
    () => checkAddress(sender?.email, at('sender', 'email')),
    () => checkAddress(sender?.replyTo, at('sender', 'replyTo')),
    // `sendEmailCampaign` may have inserted the tracking image.
    () => maxLength(htmlContent, EMAIL_LIMITS.html, at('htmlContent')),
    () => checkTemplateMarks(htmlContent, at('htmlContent')),
    () => {
      if (recipients === null) chosen = { contact_list_ids: [], segment_ids: [] };
      else if (recipients) chosen = recipientsOf(recipients, at('recipients'));
    },
  );
  return chosen;
}

/**
 * The activity with everything that a PUT must include and the payload selects; null when it does not exist.
 */
export function readForUpdate(
  campaign_activity_id: string,
  { api, wants }: Context,
  exchange: Exchange,
): Promise<EmailCampaignActivity> {
  const query = includeInActivity(wants, 'html_content', 'physical_address_in_footer', 'document_properties');
  const path = { campaign_activity_id };
  return api.call('retrieveEmailCampaignActivityUsingGET', { path, query }, { exchange });
}

/**
 * Checks the changes against the current activity. Unknown roles, states and formats pass.
 * @throws InputError `NOT_ALLOWED`
 */
export function checkChangeable(
  current: EmailCampaignActivity,
  changes: ActivityChanges,
  recipients: Recipients | undefined,
  field: readonly string[],
): void {
  if (isWord(current.role, 'permalink', 'resend')) {
    throw new InputError('NOT_ALLOWED', 'Only the primary activity of a campaign can be changed.', field);
  }
  const reason = UNCHANGEABLE.get(word(current.current_status));
  if (reason) throw new InputError('NOT_ALLOWED', reason, field);
  const refuse = (key: string, what: string) => {
    throw new InputError('NOT_ALLOWED', `An email in format ${String(current.format_type)} ${what}.`, [
      ...field,
      key,
    ]);
  };
  if (changes.htmlContent != null && !HTML_FORMATS.includes(countIn(current.format_type))) {
    refuse(
      'htmlContent',
      'was made in an editor of the web application, and its content can be changed only there',
    );
  }
  if (changes.documentProperties && !DOCUMENT_FORMATS.includes(countIn(current.format_type))) {
    refuse('documentProperties', 'has no document properties');
  }
  if (
    recipients &&
    recipients.segment_ids.length > 0 &&
    !SEGMENT_FORMATS.includes(countIn(current.format_type))
  ) {
    refuse('recipients', 'can be sent only to lists, not to a segment');
  }
}

/**
 * The body of the PUT: the changes on top of the current activity.
 * @throws InputError `REQUIRED` when a property that the API requires is in neither
 */
export function merged(
  current: EmailCampaignActivity,
  {
    sender,
    subject,
    preheader,
    htmlContent,
    physicalAddressInFooter: footer,
    documentId,
    documentProperties,
  }: ActivityChanges,
  recipients?: Recipients,
): PutBody {
  const read = writeBack('updateEmailCampaignActivityUsingPUT', current);
  return withChanges<PutBody>(read, {
    from_name: given(sender?.name ?? read.from_name, 'sender', 'name'),
    from_email: given(sender?.email?.trim() ?? read.from_email, 'sender', 'email'),
    reply_to_email: given(sender?.replyTo?.trim() ?? read.reply_to_email, 'sender', 'replyTo'),
    subject: given(subject ?? read.subject, 'subject'),
    contact_list_ids: null,
    segment_ids: null,
    ...writableRecipients(recipients ?? read),
    preheader: preheader === null ? '' : preheader,
    html_content: htmlContent ?? undefined,
    physical_address_in_footer: writableFooter(read.physical_address_in_footer, footer),
    document_id: documentId,
    document_properties:
      documentProperties && changedProperties(read.document_properties, documentProperties),
  });
}

/** Sends the whole activity and returns its new state, with the parts that only a read includes. */
export async function putActivity(
  campaign_activity_id: string,
  current: EmailCampaignActivity,
  body: PutBody,
  { api }: Context,
  exchange?: Exchange,
): Promise<EmailCampaignActivity> {
  const path = { campaign_activity_id };
  const written = await api.call('updateEmailCampaignActivityUsingPUT', { path, body }, { exchange });
  const kept = body.physical_address_in_footer ? [] : ['physical_address_in_footer'];
  const activity = afterWrite('updateEmailCampaignActivityUsingPUT', current, body, written, kept);
  return asReadById({ ...activity, campaign_activity_id });
}

function given(value: string | null | undefined, ...field: readonly string[]): string {
  if (value != null) return value;
  throw new InputError('REQUIRED', 'This is required, because the activity has none yet.', [
    'input',
    ...field,
  ]);
}

/**
 * The footer address to send: the changes on top of the current one.
 * @throws InputErrors `REQUIRED` when a property that the API requires is in neither
 */
function writableFooter(
  read: Partial<Schema<'EmailPhysicalAddress'>> | undefined,
  changes: EmailFooterAddressInput | null | undefined,
): Schema<'EmailPhysicalAddress'> | null {
  const field = (name: string) => ['physicalAddressInFooter', name];
  const address = changes ? footerOf(changes, read) : read;
  const { organization_name, address_line1, country_code } = address ?? {};
  if (changes) {
    given(organization_name, ...field('organizationName'));
    given(address_line1, ...field('addressLine1'));
    given(country_code, ...field('countryCode'));
  }
  // An incomplete footer is not sent: the API then keeps it.
  return organization_name && address_line1 && country_code
    ? { ...address, organization_name, address_line1, country_code }
    : null;
}

/**
 * The document properties to send. The API has no null for them: a string is cleared with an empty one, a
 * switch with false.
 */
function changedProperties(
  read: EmailDocumentProperties | undefined,
  changes: EmailDocumentPropertiesInput,
): EmailDocumentProperties {
  const text = (value: string | boolean | null | undefined) =>
    value === undefined ? undefined : value === null ? '' : String(value);
  const flag = (value: boolean | null | undefined) => text(value === null ? false : value);
  return withChanges<EmailDocumentProperties>(read, {
    style_content: text(changes.styleContent),
    text_content: text(changes.textContent),
    greeting_salutation: text(changes.greetingSalutation),
    greeting_name_type: changes.greetingNameType === null ? 'N' : changes.greetingNameType,
    greeting_secondary: text(changes.greetingSecondary),
    subscribe_link_enabled: flag(changes.subscribeLinkEnabled),
    subscribe_link_name: text(changes.subscribeLinkName),
    forward_email_link_enabled: flag(changes.forwardEmailLinkEnabled),
    forward_email_link_name: text(changes.forwardEmailLinkName),
    permission_reminder_enabled: flag(changes.permissionReminderEnabled),
    permission_reminder: text(changes.permissionReminder),
    view_as_webpage_enabled: flag(changes.viewAsWebpageEnabled),
    view_as_webpage_text: text(changes.viewAsWebpageText),
    view_as_webpage_link_name: text(changes.viewAsWebpageLinkName),
  });
}
