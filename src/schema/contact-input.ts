import { CONTACT_LIMITS as limits } from '../resolvers/contact-input.js';
import { builder } from './builder.js';
import type { InputFields } from './fields.js';
import {
  PermissionToSend,
  PhoneNumberKind,
  SmsConsentPermission,
  StreetAddressKind,
} from './contact-detail.js';
import { KEPT_IN_UPDATE, keptOf } from './update-words.js';
import { limited, NOT_BLANK, unstated } from './limits.js';

const EmailAddressInput = builder.inputType('EmailAddressInput', {
  description: `Input of an email address and its permission. ${KEPT_IN_UPDATE}`,
  fields: (t) => ({
    address: t.string(
      limited`Email address, ${{ minLength: 1, maxLength: 80, isTrimmed: true }}. Required for a new contact; it ${{ nullable: false }}.`,
    ),
    permissionToSend: t.field({
      type: PermissionToSend.type,
      ...limited`Permission to send email to the address. Omit it to keep the permission of the contact; a contact without an address is then recorded with IMPLICIT, or with EXPLICIT when the source is CONTACT. It ${{ nullable: false, isConditional: true }} or set to ${{ not: ['DELETED'] }}, and EXPLICIT cannot become IMPLICIT. Only the person can undo an opt-out of their own: \`createContactFromSignUpForm\` records a new sign-up, \`resubscribeContact\` requests one.`,
    }),
    optOutReason: t.string(
      limited`Reason of an opt-out, ${{ maxLength: 255 }}. Only in an update, and only for an address that is UNSUBSCRIBED.`,
    ),
  }),
});

const SmsChannelInput = builder.inputType('SmsChannelInput', {
  description: 'Input of a phone number for text messages, with the consent to promotional messages.',
  fields: (t) => ({
    fullSmsAddress: t.string({
      required: true,
      ...limited`Phone number with its dial code, such as +15550100123.${NOT_BLANK}`,
    }),
    permission: t.field({
      type: SmsConsentPermission.type,
      required: true,
      description: 'Consent. A contact who withdrew it can only be set to UNSUBSCRIBED.',
    }),
    mediumDetails: t.string({ description: 'Details of how the consent was given.' }),
  }),
});

export const BirthdayInput = builder.inputType('BirthdayInput', {
  description: 'Input of a birthday. Constant Contact stores no year.',
  fields: (t) => ({
    month: t.int({ required: true, ...limited`Month, ${{ minimum: 1, maximum: 12 }}.` }),
    day: t.int({ required: true, ...limited`Day of the month, ${{ minimum: 1, maximum: 31 }}.` }),
  }),
});

const PhoneNumberInput = builder.inputType('PhoneNumberInput', {
  description: `Input of a phone number. In an update, ${keptOf('a number of the same kind')}`,
  fields: (t) => ({
    kind: t.field({ type: PhoneNumberKind.type, required: true, description: 'Kind of the number.' }),
    number: t.string({
      required: true,
      ...limited`Phone number, ${{ minLength: 1, maxLength: 25 }}.`,
    }),
  }),
});

export const StreetAddressInput = builder.inputType('StreetAddressInput', {
  description: `Input of a street address. In an update, ${keptOf('an address of the same kind')}`,
  fields: (t) => ({
    kind: t.field({ type: StreetAddressKind.type, required: true, description: 'Kind of the address.' }),
    street: t.string(limited`Street and number, ${{ maxLength: 255 }}.`),
    city: t.string(limited`City, ${{ maxLength: 50 }}.`),
    state: t.string(limited`State or province, ${{ maxLength: 50 }}.`),
    postalCode: t.string(limited`Postal code, ${{ maxLength: 50 }}.`),
    country: t.string(limited`Country, ${{ maxLength: 50 }}.`),
  }),
});

const CustomFieldContentInput = builder.inputType('CustomFieldContentInput', {
  description: 'Content of a custom field. Set exactly one of the fields.',
  isOneOf: true,
  fields: (t) => ({
    text: t.string(limited`Value as text, ${{ maxLength: 255 }}. For every type of field without choices.`),
    choiceIds: t.idList({
      description: 'For single and multiple choice: Constant Contact IDs of the choices.',
    }),
  }),
});

const CustomFieldValueInput = builder.inputType('CustomFieldValueInput', {
  description: `Value of a custom field. ${KEPT_IN_UPDATE} Clearing the value removes the field from the contact.`,
  fields: (t) => ({
    fieldId: t.id({ required: true, description: 'Global ID or Constant Contact ID of the custom field.' }),
    value: t.field({ type: CustomFieldContentInput, description: 'Value of the custom field.' }),
  }),
});

const ContactNoteInput = builder.inputType('ContactNoteInput', {
  description: `Input of a note about a contact. In an update, ${keptOf('a note with the same `noteId`')}`,
  fields: (t) => ({
    noteId: t.id({ description: 'Constant Contact ID of an existing note to keep. Omit it for a new note.' }),
    content: t.string(
      limited`Text of the note, ${{ maxLength: 2_000 }}. It ${{ nullable: false }}.${NOT_BLANK}`,
    ),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When a new note was written. Default: now.',
    }),
  }),
});

const NOTES = unstated({ maxItems: limits.notes, items: { minLength: 1, maxLength: 2_000 } });

/** Fields of inputs that create and of inputs that update a contact. */
function detailFields(t: InputFields) {
  const name = { maxLength: 50 };
  return {
    firstName: t.string(limited`First name, ${name}.`),
    lastName: t.string(limited`Last name, ${name}.`),
    jobTitle: t.string(limited`Job title, ${name}.`),
    companyName: t.string(limited`Employer, ${name}.`),
    birthday: t.field({ type: BirthdayInput, description: 'Birthday, without a year.' }),
    anniversary: t.string({ description: 'Anniversary, as YYYY-MM-DD or MM/DD/YYYY.' }),
    smsChannel: t.field({
      type: SmsChannelInput,
      ...limited`Phone number for text messages, with the consent. It ${{ nullable: false, isConditional: true }}.`,
    }),
    phoneNumbers: t.field({
      type: [PhoneNumberInput],
      ...limited`All phone numbers of the contact, ${{ maxItems: 3 }}. \`null\` removes all.`,
    }),
    streetAddresses: t.field({
      type: [StreetAddressInput],
      ...limited`All street addresses of the contact, ${{ maxItems: 3 }}. \`null\` removes all.`,
    }),
  };
}

/** Fields of inputs that create a contact. */
export function newContactFields(t: InputFields) {
  return {
    ...detailFields(t),
    listIds: t.idList(
      limited`Global IDs or Constant Contact IDs of the lists of the contact, ${{ maxItems: limits.lists }}. The API rejects lists for an address that is UNSUBSCRIBED.`,
    ),
    tagIds: t.idList(
      limited`Global IDs or Constant Contact IDs of the tags of the contact, ${{ maxItems: limits.tags }}.`,
    ),
    customFields: t.field({
      type: [CustomFieldValueInput],
      ...limited`Values of custom fields, ${{ maxItems: limits.customFields }}.`,
    }),
    notes: t.field({
      type: [ContactNoteInput],
      ...limited`Notes, newest first, ${{ maxItems: limits.notes }}.`,
    }),
    addNotes: t.stringList({
      ...limited`Texts of notes, ${{ items: { maxLength: 2_000 } }} each.${NOTES}`,
      deprecationReason: 'Use `notes`.',
    }),
  };
}

/** Fields of inputs that update a contact, or create it when it does not exist. */
export function contactFields(t: InputFields) {
  return {
    ...detailFields(t),
    listIds: t.idList(
      limited`Global IDs or Constant Contact IDs of all lists of the contact, ${{ maxItems: limits.lists }}. \`null\` removes it from all lists. Not together with \`addListIds\` or \`removeListIds\`.`,
    ),
    addListIds: t.idList({
      description:
        'Lists to add the contact to, in addition to its current lists. The API rejects them for an unsubscribed contact.',
    }),
    removeListIds: t.idList({
      description: 'Lists to remove the contact from. None of them may be in `addListIds`.',
    }),
    tagIds: t.idList(
      limited`Global IDs or Constant Contact IDs of all tags of the contact, ${{ maxItems: limits.tags }}. \`null\` removes all tags. Not together with \`addTagIds\` or \`removeTagIds\`.`,
    ),
    addTagIds: t.idList({ description: 'Tags to add to the contact, in addition to its current tags.' }),
    removeTagIds: t.idList({
      description: 'Tags to remove from the contact. None of them may be in `addTagIds`.',
    }),
    customFields: t.field({
      type: [CustomFieldValueInput],
      ...limited`Values of custom fields; a contact has at most ${String(limits.customFields)}, without those that the list clears. Fields that are not in the list keep their values. \`null\` removes all.`,
    }),
    notes: t.field({
      type: [ContactNoteInput],
      ...limited`All notes about the contact, newest first, ${{ maxItems: limits.notes }}. \`null\` removes all. Not together with \`addNotes\`.`,
    }),
    addNotes: t.stringList({
      ...limited`Texts of notes to add, ${{ items: { maxLength: 2_000 } }} each. A contact has ${{ maxItems: limits.notes }} notes.${NOTES}`,
    }),
  };
}

export { EmailAddressInput };
