import { EMAIL_LIMITS as limits } from '../resolvers/email-campaign-input.js';
import { builder } from './builder.js';
import { KEPT_IN_UPDATE } from './update-words.js';

export const EmailSenderInput = builder.inputType('EmailSenderInput', {
  description: 'Who an email comes from. Both addresses have to be confirmed addresses of the account.',
  fields: (t) => ({
    name: t.string({ required: true, description: `Name, at most ${String(limits.senderName)} characters.` }),
    email: t.string({
      required: true,
      description: `Address, at most ${String(limits.address)} characters.`,
    }),
    replyTo: t.string({
      description: `Address that answers go to, at most ${String(limits.address)} characters; the same as \`email\` when left out.`,
    }),
  }),
});

const NEEDED = 'A new email needs it; it cannot be cleared.';

export const EmailFooterAddressInput = builder.inputType('EmailFooterAddressInput', {
  description: `The postal address that the footer of an email shows. ${KEPT_IN_UPDATE}`,
  fields: (t) => ({
    organizationName: t.string({ description: `Name of the sender. ${NEEDED}` }),
    addressLine1: t.string({ description: `First line of the address. ${NEEDED}` }),
    addressLine2: t.string({ description: 'Second line of the address.' }),
    addressLine3: t.string({ description: 'Third line of the address.' }),
    addressOptional: t.string({ description: 'A further line.' }),
    city: t.string({ description: 'City.' }),
    stateCode: t.string({
      description: 'Two-letter code of the state or province, in the United States and Canada.',
    }),
    stateNonUsName: t.string({ description: 'State or region in other countries.' }),
    postalCode: t.string({ description: 'Postal code.' }),
    countryCode: t.string({ description: `Two-letter code of the country. ${NEEDED}` }),
  }),
});

export const EmailRecipientsInput = builder.inputType('EmailRecipientsInput', {
  description: 'Who an email goes to: exactly one of the two.',
  isOneOf: true,
  fields: (t) => ({
    listIds: t.idList({
      description: `Global or raw ids of lists, at most ${limits.lists.toLocaleString('en')}. A contact on several gets one email.`,
    }),
    segmentId: t.id({
      description:
        'Global or raw id of a segment. The API sends to one at most, and not in the formats LEGACY_CUSTOM_CODE and SECOND_GENERATION_EDITOR.',
    }),
  }),
});

export const HTML = `The HTML of the email, at most ${limits.html.toLocaleString('en')} characters. Opens are counted by the image that takes the place of \`[[trackingImage]]\` in its body.`;
export const SUBJECT = `Subject line, at most ${String(limits.subject)} characters.`;
export const PREHEADER = `Text that mailboxes show beside the subject, at most ${String(limits.preheader)} characters.`;
export const NAME = `Name, unique in the account, at most ${String(limits.campaignName)} characters.`;
