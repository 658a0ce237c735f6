import type { Schema } from '../constant-contact/contract/operations.js';
import { ConstantContactError } from '../constant-contact/errors.js';
import { numericId } from '../constant-contact/http/json.js';
import type { EmailCampaignActivityInput, EmailFooterAddressInput, EmailRecipientsInput } from './inputs.js';
import { dropNulls } from './support/drop-nulls.js';
import { rawId, rawIds } from './support/global-id.js';
import { InputError } from './support/input-error.js';
import { maxLength, requiredText } from './support/limits.js';
import { refusal } from './support/mutate.js';
import { withChanges } from './support/write-back.js';

/** Limits of an email (contract: `EmailCampaignActivityInput`). */
export const EMAIL_LIMITS = {
  html: 150_000,
  /** Maximum number of lists of an account (vendor guide). */
  lists: 1_000,
} as const;

/** Placeholder for the image whose loading counts as an open. */
export const TRACKING_IMAGE = '[[trackingImage]]';

/** Format number of emails that this API creates: custom HTML. */
export const CUSTOM_CODE = 5;

type Part = string | null | undefined;

/** @throws InputError unless it is a single email address */
export function checkAddress(address: Part, field: readonly string[]): void {
  if (address != null && !/^[^\s@,;]+@[^\s@,;]+$/.test(address.trim())) {
    throw new InputError('INVALID', 'This is not an email address.', field);
  }
}

/** Checks of a new email's content, for `validate`. */
export function contentChecks(input: EmailCampaignActivityInput, field: readonly string[]): (() => void)[] {
  return [
    () => checkAddress(input.sender.email, [...field, 'sender', 'email']),
    () => checkAddress(input.sender.replyTo, [...field, 'sender', 'replyTo']),
    () => maxLength(htmlOf(input), EMAIL_LIMITS.html, [...field, 'htmlContent']),
    () => checkTemplateMarks(input.htmlContent, [...field, 'htmlContent']),
    ...(['organizationName', 'addressLine1', 'countryCode'] as const).map((key) => () => {
      const address = input.physicalAddressInFooter;
      if (address) requiredText(address[key], Infinity, [...field, 'physicalAddressInFooter', key]);
    }),
  ];
}

/** Start of an expression of the vendor's template language, which HTML must not contain (vendor guide). */
const TEMPLATE_MARK = /\[#|\$\{|<@/;

/** @throws InputError for HTML with a template expression, with its line and column, counted from 1 */
export function checkTemplateMarks(html: Part, field: readonly string[]): void {
  const found = html == null ? null : TEMPLATE_MARK.exec(html);
  if (!found) return;
  const before = found.input.slice(0, found.index).split('\n');
  const place = `line ${String(before.length)}, column ${String((before.at(-1) ?? '').length + 1)}`;
  throw new InputError(
    'INVALID',
    `The HTML has "${found[0]}" at ${place}, which starts an expression of Constant Contact's template language. Remove it or write it as an HTML entity.`,
    field,
  );
}

/** A new email in the API's format. The reply-to address defaults to the sender. */
export function contentOf(
  input: EmailCampaignActivityInput,
  format_type: number,
): Schema<'EmailCampaignActivityInput'> {
  const { sender, subject, preheader, physicalAddressInFooter: footer } = input;
  return dropNulls({
    format_type,
    from_name: sender.name,
    from_email: sender.email?.trim(),
    reply_to_email: (sender.replyTo ?? sender.email)?.trim(),
    subject,
    preheader,
    html_content: htmlOf(input),
    physical_address_in_footer: footer && footerOf(footer, undefined),
  }) as Schema<'EmailCampaignActivityInput'>;
}

/** The HTML, with the tracking image inserted if requested and missing. */
export function htmlOf({
  htmlContent,
  insertTrackingImage,
}: Pick<EmailCampaignActivityInput, 'htmlContent' | 'insertTrackingImage'>): string {
  if (insertTrackingImage !== true || htmlContent.includes(TRACKING_IMAGE)) return htmlContent;
  const body = /<body[^>]*>/i.exec(htmlContent);
  const at = body ? body.index + body[0].length : 0;
  return htmlContent.slice(0, at) + TRACKING_IMAGE + htmlContent.slice(at);
}

/** The footer address to send: the changes on top of the current one. */
export function footerOf(
  address: EmailFooterAddressInput,
  before: Partial<Schema<'EmailPhysicalAddress'>> | undefined,
): Schema<'EmailPhysicalAddress'> {
  return withChanges<Schema<'EmailPhysicalAddress'>>(before, {
    organization_name: address.organizationName,
    address_line1: address.addressLine1,
    address_line2: address.addressLine2,
    address_line3: address.addressLine3,
    address_optional: address.addressOptional,
    city: address.city,
    state_code: address.stateCode,
    state_non_us_name: address.stateNonUsName,
    postal_code: address.postalCode,
    country_code: address.countryCode,
  });
}

/** Lists, or one segment. */
export type Recipients = Required<Pick<Schema<'EmailCampaignActivity'>, 'contact_list_ids' | 'segment_ids'>>;

/**
 * Recipients in the API's format.
 * @throws InputError for malformed IDs
 */
export function recipientsOf(
  { listIds, segmentId }: EmailRecipientsInput,
  field: readonly string[],
): Recipients {
  if (listIds == null) {
    return {
      contact_list_ids: [],
      segment_ids: [numericId(rawId('Segment', segmentId ?? '', [...field, 'segmentId']))],
    };
  }
  const ids = rawIds('ContactList', listIds, [...field, 'listIds'], { max: EMAIL_LIMITS.lists });
  return { contact_list_ids: ids, segment_ids: [] };
}

/** The recipients without the empty half: lists and a segment are mutually exclusive. */
export function writableRecipients({
  contact_list_ids,
  segment_ids,
}: Partial<Recipients>): Partial<Recipients> {
  return {
    ...(contact_list_ids?.length && { contact_list_ids }),
    ...(segment_ids?.length && { segment_ids }),
  };
}

/**
 * Explains the refusal of a step, because the API's error keys do not.
 * @throws InputError `REJECTED` with the explanation; other errors unchanged
 */
export async function explainRefusal<T>(
  call: Promise<T>,
  meaning: string,
  field: readonly string[] = [],
): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ConstantContactError && error.kind === 'rejected') {
      throw new InputError('REJECTED', `${refusal(error)} ${meaning}`, field, error);
    }
    throw error;
  }
}
