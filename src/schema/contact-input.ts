import { CONTACT_LIMITS as limits } from '../resolvers/contact-input.js';
import { builder } from './builder.js';
import {
  PermissionToSend,
  PhoneNumberKind,
  SmsConsentPermission,
  StreetAddressKind,
} from './contact-detail.js';
import { KEPT_IN_UPDATE, keptOf } from './update-words.js';

const EmailAddressInput = builder.inputType('EmailAddressInput', {
  description: `An email address. ${KEPT_IN_UPDATE}`,
  fields: (t) => ({
    address: t.string({
      description: `The address, at most ${String(limits.email)} characters. Needed for a new contact; it cannot be taken off again.`,
    }),
    permissionToSend: t.field({
      type: PermissionToSend.type,
      description:
        'The permission. When left out, that of the contact stays, and a contact without an address gets IMPLICIT, or EXPLICIT from the source CONTACT. It cannot be cleared, and EXPLICIT cannot become IMPLICIT. Only the person can undo an own opt-out: `createContactFromSignUpForm` records a new sign-up, `resubscribeContact` asks for one. It cannot become DELETED.',
    }),
    optOutReason: t.string({
      description: `Why the address is opted out, at most ${String(limits.optOutReason)} characters. Only in an update, and for an address that is UNSUBSCRIBED.`,
    }),
  }),
});

const SmsChannelInput = builder.inputType('SmsChannelInput', {
  description: 'A number for text messages with the consent to use it for promotional messages.',
  fields: (t) => ({
    fullSmsAddress: t.string({
      required: true,
      description: 'The number with its dial code, such as +15550100123.',
    }),
    permission: t.field({
      type: SmsConsentPermission.type,
      required: true,
      description: 'The consent. A contact who withdrew it can only be given UNSUBSCRIBED.',
    }),
    mediumDetails: t.string({ description: 'How the consent was given.' }),
  }),
});

/** Birthday of a contact. */
export const BirthdayInput = builder.inputType('BirthdayInput', {
  description: 'A birthday, without a year.',
  fields: (t) => ({
    month: t.int({ required: true, description: 'Month, 1 to 12.' }),
    day: t.int({ required: true, description: 'Day of that month.' }),
  }),
});

const PhoneNumberInput = builder.inputType('PhoneNumberInput', {
  description: `A phone number. In an update, ${keptOf('one of the same kind')}`,
  fields: (t) => ({
    kind: t.field({ type: PhoneNumberKind.type, required: true, description: 'What it is for.' }),
    number: t.string({
      required: true,
      description: `The number, at most ${String(limits.phoneNumber)} characters.`,
    }),
  }),
});

/** Street address of a contact. */
export const StreetAddressInput = builder.inputType('StreetAddressInput', {
  description: `A street address. In an update, ${keptOf('one of the same kind')}`,
  fields: (t) => ({
    kind: t.field({ type: StreetAddressKind.type, required: true, description: 'What it is for.' }),
    street: t.string({ description: `Street and number, at most ${String(limits.street)} characters.` }),
    city: t.string({ description: `City, at most ${String(limits.addressPart)} characters.` }),
    state: t.string({ description: `State or province, at most ${String(limits.addressPart)} characters.` }),
    postalCode: t.string({ description: `Postal code, at most ${String(limits.addressPart)} characters.` }),
    country: t.string({ description: `Country, at most ${String(limits.addressPart)} characters.` }),
  }),
});

const CustomFieldContentInput = builder.inputType('CustomFieldContentInput', {
  description: 'The value of a custom field: exactly one of the two.',
  isOneOf: true,
  fields: (t) => ({
    text: t.string({
      description: `The value as text, at most ${String(limits.customFieldValue)} characters, for every type without choices.`,
    }),
    choiceIds: t.idList({ description: 'Ids of the choices, for single and multiple choice.' }),
  }),
});

const CustomFieldValueInput = builder.inputType('CustomFieldValueInput', {
  description: `A value for one custom field. ${KEPT_IN_UPDATE} That takes the field off the contact.`,
  fields: (t) => ({
    fieldId: t.id({ required: true, description: 'Global or raw id of the field.' }),
    value: t.field({ type: CustomFieldContentInput, description: 'The value.' }),
  }),
});

const ContactNoteInput = builder.inputType('ContactNoteInput', {
  description: `A note on a contact. In an update, ${keptOf('one with the same noteId')}`,
  fields: (t) => ({
    noteId: t.id({ description: 'Id of a note that the contact has and keeps; left out for a new one.' }),
    content: t.string({
      description: `The text, at most ${String(limits.note)} characters; it cannot be cleared.`,
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When a new note was written. Default: now.',
    }),
  }),
});

type InputFields = PothosSchemaTypes.InputFieldBuilder<(typeof builder)['$inferSchemaTypes'], 'InputObject'>;

/** The fields that a contact is created and changed with alike. */
function detailFields(t: InputFields) {
  const name = `At most ${String(limits.name)} characters.`;
  return {
    firstName: t.string({ description: `Given name. ${name}` }),
    lastName: t.string({ description: `Family name. ${name}` }),
    jobTitle: t.string({ description: `Job title. ${name}` }),
    companyName: t.string({ description: `Employer. ${name}` }),
    birthday: t.field({ type: BirthdayInput, description: 'Birthday, without a year.' }),
    anniversary: t.string({ description: 'A day of your choice, as YYYY-MM-DD or MM/DD/YYYY.' }),
    smsChannel: t.field({
      type: SmsChannelInput,
      description: 'Number for text messages, with the consent. It cannot be taken off again.',
    }),
    phoneNumbers: t.field({
      type: [PhoneNumberInput],
      description: `All its phone numbers, at most ${String(limits.phoneNumbers)}; null takes all off.`,
    }),
    streetAddresses: t.field({
      type: [StreetAddressInput],
      description: `All its street addresses, at most ${String(limits.streetAddresses)}; null takes all off.`,
    }),
  };
}

/** The fields of a contact that is created. */
export function newContactFields(t: InputFields) {
  return {
    ...detailFields(t),
    listIds: t.idList({
      description: `Global or raw ids of its lists, at most ${String(limits.lists)}. The API refuses lists for an address that is UNSUBSCRIBED.`,
    }),
    tagIds: t.idList({ description: `Global or raw ids of its tags, at most ${String(limits.tags)}.` }),
    customFields: t.field({
      type: [CustomFieldValueInput],
      description: `Values of custom fields, at most ${String(limits.customFields)}.`,
    }),
    notes: t.field({
      type: [ContactNoteInput],
      description: `Its notes, newest first, at most ${String(limits.notes)}.`,
    }),
    addNotes: t.stringList({
      description: `Notes, at most ${String(limits.note)} characters each.`,
      deprecationReason: 'Use `notes`.',
    }),
  };
}

/** The fields of a contact that is changed, or created if there is none. */
export function contactFields(t: InputFields) {
  return {
    ...detailFields(t),
    listIds: t.idList({
      description: `Global or raw ids of all lists it shall be on, at most ${String(limits.lists)}; null takes it off all. Not together with addListIds or removeListIds.`,
    }),
    addListIds: t.idList({
      description:
        'Lists to put it on, beside those it is on. The API refuses them for an unsubscribed contact.',
    }),
    removeListIds: t.idList({ description: 'Lists to take it off, none of them in addListIds.' }),
    tagIds: t.idList({
      description: `Global or raw ids of all tags it shall have, at most ${String(limits.tags)}; null takes all off. Not together with addTagIds or removeTagIds.`,
    }),
    addTagIds: t.idList({ description: 'Tags to give it, beside those it has.' }),
    removeTagIds: t.idList({ description: 'Tags to take off it, none of them in addTagIds.' }),
    customFields: t.field({
      type: [CustomFieldValueInput],
      description: `Values of custom fields; a contact has at most ${String(limits.customFields)}. Fields that are not named keep their values; null takes all off.`,
    }),
    notes: t.field({
      type: [ContactNoteInput],
      description: `All its notes, newest first, at most ${String(limits.notes)}; null takes all off. Not together with addNotes.`,
    }),
    addNotes: t.stringList({
      description: `Notes to add, at most ${String(limits.note)} characters each; a contact has at most ${String(limits.notes)}.`,
    }),
  };
}

/** Email address of a contact, optional. */
export { EmailAddressInput };
