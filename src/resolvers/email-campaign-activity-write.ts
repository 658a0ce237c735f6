import { nullIfNotFound } from '../constant-contact/by-id.js';
import type { RequestBody, Schema } from '../constant-contact/contract/operations.js';
import type { Exchange } from '../constant-contact/writes/exchange.js';
import type { Context } from '../context.js';
import { countIn } from '../constant-contact/numbers.js';
import { isWord, word } from '../constant-contact/words.js';
import { includeInActivity, type EmailCampaignActivity } from '../loaders/email-campaign-activity.js';
import type { EmailDocumentProperties } from './email-campaign-activity.js';
import {
  checkAddress,
  checkFooter,
  checkSubject,
  checkTemplateMarks,
  EMAIL_LIMITS,
  footerOf,
  recipientsOf,
  writableRecipients,
  type FooterAddressInput,
  type Recipients,
  type RecipientsInput,
  type SenderInput,
} from './email-campaign-input.js';
import { dropNulls } from './support/drop-nulls.js';
import { rawId } from './support/global-id.js';
import { InputError } from './support/input-error.js';
import { maxLength, requiredText, validate } from './support/limits.js';
import { mutate } from './support/mutate.js';

export type PutBody = RequestBody<'updateEmailCampaignActivityUsingPUT'>;

/** Bounds of the document properties (contract: `EmailCampaignActivity.document_properties`). */
export const DOCUMENT_LIMITS = {
  styleContent: 150_000,
  textContent: 150_000,
  greetingSalutation: 50,
  greetingSecondary: 1_500,
  subscribeLinkName: 80,
  forwardEmailLinkName: 80,
  permissionReminder: 1_500,
  viewAsWebpageText: 50,
} as const;

/** What a PUT takes of a footer address, and of the document properties (contract: all that is not read-only). */
const FOOTER_PROPERTIES = [
  ...(['organization_name', 'address_line1', 'address_line2', 'address_line3', 'address_optional'] as const),
  ...(['city', 'state_code', 'state_non_us_name', 'postal_code', 'country_code'] as const),
];
const DOCUMENT_PROPERTIES = [
  ...(['style_content', 'text_content'] as const),
  ...(['greeting_salutation', 'greeting_name_type', 'greeting_secondary'] as const),
  ...(['subscribe_link_enabled', 'subscribe_link_name'] as const),
  ...(['forward_email_link_enabled', 'forward_email_link_name'] as const),
  ...(['permission_reminder_enabled', 'permission_reminder'] as const),
  ...(['view_as_webpage_enabled', 'view_as_webpage_text', 'view_as_webpage_link_name'] as const),
];

export interface DocumentPropertiesInput {
  styleContent?: string | null;
  textContent?: string | null;
  greetingSalutation?: string | null;
  greetingNameType?: string | null;
  greetingSecondary?: string | null;
  subscribeLinkEnabled?: boolean | null;
  subscribeLinkName?: string | null;
  forwardEmailLinkEnabled?: boolean | null;
  forwardEmailLinkName?: string | null;
  permissionReminderEnabled?: boolean | null;
  permissionReminder?: string | null;
  viewAsWebpageEnabled?: boolean | null;
  viewAsWebpageText?: string | null;
  viewAsWebpageLinkName?: string | null;
}

/** What can be changed of an activity. */
export interface ActivityChanges {
  sender?: SenderInput | null;
  subject?: string | null;
  preheader?: string | null;
  recipients?: RecipientsInput | null;
  htmlContent?: string | null;
  physicalAddressInFooter?: FooterAddressInput | null;
  documentId?: string | null;
  documentProperties?: DocumentPropertiesInput | null;
}

/** Formats whose content is HTML that can be written, and those that have document properties (vendor guide). */
const HTML_FORMATS: readonly (number | undefined)[] = [1, 5, undefined];
const DOCUMENT_FORMATS: readonly (number | undefined)[] = [1, 2, undefined];
const SEGMENT_FORMATS: readonly (number | undefined)[] = [3, 4, 5, undefined];

/** Why an activity in this state cannot be changed. A state that is not here can, as far as is known. */
const UNCHANGEABLE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    scheduled: 'This email is scheduled. Unschedule it, change it, and schedule it again.',
    executing: 'This email is being sent right now.',
    error: 'This email failed to be sent and cannot be changed. Its send history says why.',
    removed: 'This email was deleted.',
  }),
);

/** Two calls: the PUT empties what it does not carry, the recipients first of all, so the activity is read before. */
export const updateEmailCampaignActivity = mutate(
  async ({ input }: { input: ActivityChanges & { id: string } }, context) => {
    const id = rawId('EmailCampaignActivity', input.id, ['input', 'id']);
    const recipients = checkChanges(input, ['input']);
    const activity = await context.api.exchange(async (exchange) => {
      const current = await readForUpdate(id, context, exchange);
      if (!current) throw new InputError('NOT_FOUND', 'There is no activity with this id.', ['input', 'id']);
      checkChangeable(current, input, recipients, ['input']);
      return putActivity(id, current, merged(current, input, recipients), context, exchange);
    });
    return { activity };
  },
);

/**
 * Checks the changes by themselves, before a call.
 * @returns the recipients when they are to change
 * @throws InputErrors
 */
export function checkChanges(input: ActivityChanges, field: readonly string[]): Recipients | undefined {
  const { sender, subject, recipients, htmlContent, documentProperties } = input;
  const at = (...path: string[]) => [...field, ...path];
  let chosen: Recipients | undefined;
  validate(
    () => kept(sender, at('sender')),
    () =>
      sender?.name !== undefined && requiredText(sender.name, EMAIL_LIMITS.senderName, at('sender', 'name')),
    () => sender?.email !== undefined && checkAddress(sender.email, at('sender', 'email')),
    () => sender?.replyTo !== undefined && checkAddress(sender.replyTo, at('sender', 'replyTo')),
    () => subject !== undefined && checkSubject(subject, field),
    () => maxLength(input.preheader, EMAIL_LIMITS.preheader, at('preheader')),
    () => htmlContent !== undefined && requiredText(htmlContent, EMAIL_LIMITS.html, at('htmlContent')),
    () => {
      checkTemplateMarks(htmlContent, at('htmlContent'));
    },
    () => kept(input.physicalAddressInFooter, at('physicalAddressInFooter')),
    () => checkFooter(input.physicalAddressInFooter, at('physicalAddressInFooter')),
    () => kept(documentProperties, at('documentProperties')),
    ...Object.entries(DOCUMENT_LIMITS).map(([key, max]) => () => {
      maxLength(
        documentProperties?.[key as keyof typeof DOCUMENT_LIMITS],
        max,
        at('documentProperties', key),
      );
    }),
    () => {
      if (recipients === null) chosen = { contact_list_ids: [], segment_ids: [] };
      else if (recipients) chosen = recipientsOf(recipients, at('recipients'));
    },
  );
  return chosen;
}

/** @throws InputError for what the API has no way to empty */
function kept(value: unknown, field: readonly string[]): void {
  if (value === null) throw new InputError('REQUIRED', 'This can be changed but not emptied.', field);
}

/** The activity with all that a PUT has to carry, and with what the answer is asked for; null when there is none. */
export function readForUpdate(
  campaign_activity_id: string,
  { api, wants }: Context,
  exchange: Exchange,
): Promise<EmailCampaignActivity | null> {
  const query = includeInActivity(wants, 'html_content', 'physical_address_in_footer', 'document_properties');
  return nullIfNotFound<EmailCampaignActivity>(
    api.call(
      'retrieveEmailCampaignActivityUsingGET',
      { path: { campaign_activity_id }, query },
      { exchange },
    ),
  );
}

/**
 * Checks the changes against the activity that they are for. Roles, states and formats that are not known pass.
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
    refuse('htmlContent', 'was made in an editor of the web application, which alone can change its content');
  }
  if (changes.documentProperties && !DOCUMENT_FORMATS.includes(countIn(current.format_type))) {
    refuse('documentProperties', 'has no document properties');
  }
  if (
    recipients &&
    recipients.segment_ids.length > 0 &&
    !SEGMENT_FORMATS.includes(countIn(current.format_type))
  ) {
    refuse('recipients', 'cannot be sent to a segment, only to lists');
  }
}

/**
 * What the PUT carries: the changes, and all else as it is. Read-only properties stay out.
 * @throws InputError `REQUIRED` when neither the changes nor the activity have what the API demands
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
  return {
    from_name: given(sender?.name ?? current.from_name, 'sender', 'name'),
    from_email: given(sender?.email?.trim() ?? current.from_email, 'sender', 'email'),
    reply_to_email: given(sender?.replyTo?.trim() ?? current.reply_to_email, 'sender', 'replyTo'),
    subject: given(subject ?? current.subject, 'subject'),
    ...dropNulls({
      ...writableRecipients(recipients ?? current),
      preheader: preheader === undefined ? current.preheader : (preheader ?? ''),
      html_content: htmlContent ?? current.html_content,
      physical_address_in_footer: footer
        ? footerOf(footer)
        : writableFooter(current.physical_address_in_footer),
      document_id: documentId === undefined ? current.document_id : documentId,
      document_properties: writableProperties(current.document_properties, documentProperties),
    }),
  };
}

/** Sends the whole activity and gives it as it is afterwards, with the parts that only a read tells. */
export async function putActivity(
  campaign_activity_id: string,
  current: EmailCampaignActivity,
  body: PutBody,
  { api }: Context,
  exchange?: Exchange,
): Promise<EmailCampaignActivity> {
  const path = { campaign_activity_id };
  const written = await api.call('updateEmailCampaignActivityUsingPUT', { path, body }, { exchange });
  const { html_content, physical_address_in_footer, document_properties, permalink_url } = {
    ...current,
    ...body,
  };
  return {
    ...dropNulls({ html_content, physical_address_in_footer, document_properties, permalink_url }),
    ...written,
    campaign_activity_id,
  };
}

function given(value: string | null | undefined, ...field: readonly string[]): string {
  if (value != null) return value;
  throw new InputError('REQUIRED', 'The activity has none yet, and the API demands it.', ['input', ...field]);
}

function writableFooter(
  address: Schema<'EmailPhysicalAddress'> | undefined,
): Schema<'EmailPhysicalAddress'> | undefined {
  const writable = dropNulls(pick(address ?? {}, FOOTER_PROPERTIES));
  const { organization_name, address_line1, country_code } = writable;
  // One that lacks what a PUT demands of it stays out: then the API keeps it as it is.
  return organization_name && address_line1 && country_code
    ? (writable as Schema<'EmailPhysicalAddress'>)
    : undefined;
}

function pick<T extends object, Key extends keyof T>(from: Partial<T>, keys: readonly Key[]): Partial<T> {
  return Object.fromEntries(keys.map((key) => [key, from[key]])) as Partial<T>;
}

function writableProperties(
  current: EmailDocumentProperties | undefined,
  changes: DocumentPropertiesInput | null | undefined,
): EmailDocumentProperties | undefined {
  if (!current && !changes) return undefined;
  const text = (value: string | boolean | null | undefined) =>
    value === undefined ? undefined : value === null ? '' : String(value);
  const flag = (value: boolean | null | undefined) => text(value === null ? false : value);
  return {
    ...dropNulls(pick(current ?? {}, DOCUMENT_PROPERTIES)),
    ...dropNulls({
      style_content: text(changes?.styleContent),
      text_content: text(changes?.textContent),
      greeting_salutation: text(changes?.greetingSalutation),
      greeting_name_type: changes?.greetingNameType === null ? 'N' : changes?.greetingNameType,
      greeting_secondary: text(changes?.greetingSecondary),
      subscribe_link_enabled: flag(changes?.subscribeLinkEnabled),
      subscribe_link_name: text(changes?.subscribeLinkName),
      forward_email_link_enabled: flag(changes?.forwardEmailLinkEnabled),
      forward_email_link_name: text(changes?.forwardEmailLinkName),
      permission_reminder_enabled: flag(changes?.permissionReminderEnabled),
      permission_reminder: text(changes?.permissionReminder),
      view_as_webpage_enabled: flag(changes?.viewAsWebpageEnabled),
      view_as_webpage_text: text(changes?.viewAsWebpageText),
      view_as_webpage_link_name: text(changes?.viewAsWebpageLinkName),
    }),
  };
}
