import { EMAIL_LIMITS as limits } from '../resolvers/email-campaign-input.js';
import { builder } from './builder.js';
import { KEPT_IN_UPDATE } from './update-words.js';
import { limited, unstated } from './limits.js';

/** Limits of the email addresses of a sender and of recipients. */
export const ADDRESS = { maxLength: 80, isTrimmed: true } as const;
export const ADDRESSES = unstated({ items: { minLength: 1, ...ADDRESS } });

export const EmailSenderInput = builder.inputType('EmailSenderInput', {
  description: 'Sender of an email. Both addresses must be confirmed addresses of the account.',
  fields: (t) => ({
    name: t.string({
      required: true,
      ...limited`Sender name, ${{ minLength: 1, maxLength: 100 }}.`,
    }),
    email: t.string({
      required: true,
      ...limited`Sender address, ${{ minLength: 1, ...ADDRESS }}.`,
    }),
    replyTo: t.string(
      limited`Reply-to address, ${{ minLength: 1, ...ADDRESS }}. Default: \`email\` for a new campaign; an existing one keeps its own.`,
    ),
  }),
});

const NEEDED = limited`Required for a new email, ${{ minLength: 1 }}. It ${{ nullable: false }}.`;

export const EmailFooterAddressInput = builder.inputType('EmailFooterAddressInput', {
  description: `Postal address in the footer of an email. ${KEPT_IN_UPDATE}`,
  fields: (t) => ({
    organizationName: t.string(limited`Organisation that sends the email. ${NEEDED}`),
    addressLine1: t.string(limited`First line of the postal address. ${NEEDED}`),
    addressLine2: t.string({ description: 'Second line of the postal address.' }),
    addressLine3: t.string({ description: 'Third line of the postal address.' }),
    addressOptional: t.string({ description: 'Additional line of the postal address.' }),
    city: t.string({ description: 'City of the postal address.' }),
    stateCode: t.string({
      description: 'Two-letter code of the state or province. Only for addresses in the US and Canada.',
    }),
    stateNonUsName: t.string({
      description: 'State or region. Only for addresses outside the US and Canada.',
    }),
    postalCode: t.string({ description: 'Postal code of the address.' }),
    countryCode: t.string(limited`Two-letter country code of the address. ${NEEDED}`),
  }),
});

export const EmailRecipientsInput = builder.inputType('EmailRecipientsInput', {
  description:
    'Recipients of an email: the members of lists, or the contacts of a segment. Set exactly one of the two fields.',
  isOneOf: true,
  fields: (t) => ({
    listIds: t.idList(
      limited`Global IDs or Constant Contact IDs of the lists, ${{ minItems: 1, maxItems: limits.lists }}. A contact on several lists gets one email.`,
    ),
    segmentId: t.id({
      description:
        'Global ID or Constant Contact ID of the segment. Emails in the formats LEGACY_CUSTOM_CODE and SECOND_GENERATION_EDITOR cannot be sent to a segment.',
    }),
  }),
});

export const HTML = limited`HTML of the email, ${{ minLength: 1, maxLength: limits.html }}. The API counts opens with the image that replaces \`[[trackingImage]]\` in the body.`;
export const SUBJECT = limited`Subject line, ${{ minLength: 1, maxLength: 200 }}.`;
export const PREHEADER = limited`Preview text that mailboxes show next to the subject, ${{ maxLength: 200 }}.`;
export const NAME = limited`Campaign name, unique in the account, ${{ minLength: 1, maxLength: 80 }}.`;
