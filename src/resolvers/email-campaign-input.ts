import type { Schema } from '../constant-contact/contract/operations.js';
import { ConstantContactError } from '../constant-contact/errors.js';
import { numericId } from '../constant-contact/http/json.js';
import { dropNulls } from './support/drop-nulls.js';
import { rawId, rawIds } from './support/global-id.js';
import { InputError } from './support/input-error.js';
import { maxLength, requiredText, trimmedText, validate } from './support/limits.js';
import { withChanges } from './support/write-back.js';

/**
 * Bounds of an email. From the contract (`EmailCampaignActivityInput`, `EmailTestSendInput`), but for the subject, which
 * the contract leaves open and clients hold to 200.
 */
export const EMAIL_LIMITS = {
  campaignName: 80,
  senderName: 100,
  address: 80,
  subject: 200,
  preheader: 200,
  html: 150_000,
  testAddresses: 5,
  /** An account has no more lists (vendor guide). */
  lists: 1_000,
} as const;

/** What the API puts an invisible image for, whose loading counts as an open. */
export const TRACKING_IMAGE = '[[trackingImage]]';

/** Number of the format that this API makes: own HTML. */
export const CUSTOM_CODE = 5;

export interface SenderInput {
  name?: string | null;
  email?: string | null;
  replyTo?: string | null;
}

export interface RecipientsInput {
  listIds?: readonly string[] | null;
  segmentId?: string | null;
}

export interface FooterAddressInput {
  organizationName?: string | null;
  addressLine1?: string | null;
  addressLine2?: string | null;
  addressLine3?: string | null;
  addressOptional?: string | null;
  city?: string | null;
  stateCode?: string | null;
  stateNonUsName?: string | null;
  postalCode?: string | null;
  countryCode?: string | null;
}

/** What a new email is made of. */
export interface ContentInput {
  sender: SenderInput;
  subject: string;
  preheader?: string | null;
  htmlContent: string;
  insertTrackingImage?: boolean | null;
  physicalAddressInFooter?: FooterAddressInput | null;
}

type Part = string | null | undefined;

/** @throws InputError for text that is missing, blank or too long */
export function checkSubject(subject: Part, field: readonly string[]): void {
  requiredText(subject, EMAIL_LIMITS.subject, [...field, 'subject']);
}

/** @throws InputError unless it is one address of at most 80 characters */
export function checkAddress(address: Part, field: readonly string[]): void {
  const text = trimmedText(address, EMAIL_LIMITS.address, field);
  if (!/^[^\s@,;]+@[^\s@,;]+$/.test(text)) {
    throw new InputError('INVALID', 'This is not an email address.', field);
  }
}

/** Checks for `validate`, of the sender of a new email. */
export function senderChecks(
  { name, email, replyTo }: SenderInput,
  field: readonly string[],
): (() => void)[] {
  return [
    () => requiredText(name, EMAIL_LIMITS.senderName, [...field, 'name']),
    () => checkAddress(email, [...field, 'email']),
    () => replyTo != null && checkAddress(replyTo, [...field, 'replyTo']),
  ];
}

/** Checks for `validate`, of what a new email is made of. */
export function contentChecks(input: ContentInput, field: readonly string[]): (() => void)[] {
  return [
    ...senderChecks(input.sender, [...field, 'sender']),
    () => checkSubject(input.subject, field),
    () => maxLength(input.preheader, EMAIL_LIMITS.preheader, [...field, 'preheader']),
    () => requiredText(htmlOf(input), EMAIL_LIMITS.html, [...field, 'htmlContent']),
    () => checkTemplateMarks(input.htmlContent, [...field, 'htmlContent']),
    () => {
      checkFooter(input.physicalAddressInFooter, [...field, 'physicalAddressInFooter'], true);
    },
  ];
}

/** What opens an expression of the vendor's template language, which HTML must not contain (vendor guide). */
const TEMPLATE_MARK = /\[#|\$\{|<@/;

/** @throws InputError for HTML that has a mark of the template language, naming its line and column, counted from 1 */
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

const NEEDED_IN_FOOTER = ['organizationName', 'addressLine1', 'countryCode'] as const;

/** @throws InputErrors for null or blank text where the API demands a text, and for a missing one in the footer of a new email */
export function checkFooter(
  address: FooterAddressInput | null | undefined,
  field: readonly string[],
  isNew: boolean,
): void {
  if (!address) return;
  validate(
    ...NEEDED_IN_FOOTER.map((key) => () => {
      if (isNew || address[key] !== undefined) requiredText(address[key], Infinity, [...field, key]);
    }),
  );
}

/** A new email as the API takes it. Answers go to the sender unless an address for them is given. */
export function contentOf(input: ContentInput, format_type: number): Schema<'EmailCampaignActivityInput'> {
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

/** The HTML, with the tracking image put in where that is wanted and it has none. */
export function htmlOf({
  htmlContent,
  insertTrackingImage,
}: Pick<ContentInput, 'htmlContent' | 'insertTrackingImage'>): string {
  if (insertTrackingImage !== true || htmlContent.includes(TRACKING_IMAGE)) return htmlContent;
  const body = /<body[^>]*>/i.exec(htmlContent);
  const at = body ? body.index + body[0].length : 0;
  return htmlContent.slice(0, at) + TRACKING_IMAGE + htmlContent.slice(at);
}

/** The footer address to send: the changes, and all else as it was read. */
export function footerOf(
  address: FooterAddressInput,
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
 * Recipients as the API takes them.
 * @throws InputError for malformed ids
 */
export function recipientsOf({ listIds, segmentId }: RecipientsInput, field: readonly string[]): Recipients {
  if (listIds == null) {
    return {
      contact_list_ids: [],
      segment_ids: [numericId(rawId('Segment', segmentId ?? '', [...field, 'segmentId']))],
    };
  }
  const ids = rawIds('ContactList', listIds, [...field, 'listIds'], { max: EMAIL_LIMITS.lists });
  return { contact_list_ids: ids, segment_ids: [] };
}

/** The recipients without the empty half: lists and a segment exclude each other. */
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
 * Says in words what it means when the API refuses a step: its error keys do not tell.
 * @throws InputError `REJECTED` with that meaning; any other failure as it is
 */
export async function refusalMeans<T>(
  call: Promise<T>,
  meaning: string,
  field: readonly string[] = [],
): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ConstantContactError && error.kind === 'rejected') {
      throw new InputError('REJECTED', `Constant Contact refused this. ${meaning}`, field, error);
    }
    throw error;
  }
}
