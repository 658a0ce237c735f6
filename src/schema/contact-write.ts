import type { Contact as ContactRow } from '../loaders/contact.js';
import { upsertContact, type UpsertAction as Action } from '../resolvers/contact-upsert.js';
import * as resolvers from '../resolvers/contact-write.js';
import { createContactFromSignUpForm, FORM_LIMITS } from '../resolvers/sign-up-form.js';
import { builder } from './builder.js';
import { edgeField } from './connection.js';
import { Contact, ContactConnection } from './contact.js';
import {
  BirthdayInput,
  contactFields,
  EmailAddressInput,
  newContactFields,
  StreetAddressInput,
} from './contact-input.js';
import { ContactSource, SmsConsentPermission } from './contact-detail.js';
import { openEnum } from './enums.js';
import { deletedIdField, payloadType } from './payload.js';
import { cost } from './cost.js';
import { KEPT } from './update-words.js';

const CreateContactInput = builder.inputType('CreateContactInput', {
  description: 'A new contact: at least one of emailAddress, smsChannel, firstName and lastName.',
  fields: (t) => ({
    emailAddress: t.field({
      type: EmailAddressInput,
      description: 'Email address, unique in the account, deleted contacts included.',
    }),
    ...newContactFields(t),
    createSource: t.field({
      type: ContactSource.type,
      description:
        'Who creates it. Decides the consent that the API records when permissionToSend is left out: EXPLICIT for CONTACT, IMPLICIT for ACCOUNT, the default. Nothing else is taken.',
    }),
  }),
});

const UpdateContactInput = builder.inputType('UpdateContactInput', {
  description: `Changes to a contact. ${KEPT}`,
  fields: (t) => ({
    id: t.id({ required: true, description: 'Global or raw id of the contact.' }),
    emailAddress: t.field({
      type: EmailAddressInput,
      description: 'New address or permission. The permission changes only when it is given.',
    }),
    ...contactFields(t),
    updateSource: t.field({
      type: ContactSource.type,
      description:
        'Who asked for the change. Decides who can undo an opt-out that it makes, and the consent that the API records for the first address of a contact when permissionToSend is left out: EXPLICIT for CONTACT, IMPLICIT for ACCOUNT, the default. Nothing else is taken. An existing permission stays.',
    }),
    revive: t.boolean({
      description:
        'Set to true to bring a deleted contact back; without it the update of a deleted contact is refused.',
    }),
  }),
});

const UpsertContactInput = builder.inputType('UpsertContactInput', {
  description: `A contact to make or to change, found by its address. ${KEPT}`,
  fields: (t) => ({
    emailAddress: t.field({
      type: EmailAddressInput,
      required: true,
      description: 'Address to look for. An existing permission changes only when permissionToSend is given.',
    }),
    ...contactFields(t),
  }),
});

const SignUpFormSmsChannelInput = builder.inputType('SignUpFormSmsChannelInput', {
  description: 'A number for text messages, with the consent that the person gave in the form.',
  fields: (t) => ({
    smsAddress: t.string({ required: true, description: 'The number without the dial code.' }),
    dialCode: t.string({ required: true, description: "The country's dial code." }),
    countryCode: t.string({ required: true, description: 'Two-letter country code.' }),
    permission: t.field({ type: SmsConsentPermission.type, required: true, description: 'The consent.' }),
    mediumType: t.string({ required: true, description: 'Medium of the consent, such as WEBSITE.' }),
    mediumUrl: t.string({ required: true, description: 'Address of the form.' }),
    mediumDetails: t.string({ required: true, description: 'What the person agreed to.' }),
    advertisedFrequency: t.int({ description: 'How many messages were announced per interval.' }),
    advertisedInterval: t.string({
      description:
        'The interval of the announced frequency, as the API writes it: see `SmsConsent.advertisedIntervalRaw`.',
    }),
  }),
});

const SignUpFormCustomFieldInput = builder.inputType('SignUpFormCustomFieldInput', {
  description: 'A value for one custom field. The form knows no choices.',
  fields: (t) => ({
    fieldId: t.id({ required: true, description: 'Global or raw id of the field.' }),
    value: t.string({ required: true, description: 'The value as text, at most 255 characters.' }),
  }),
});

const CreateContactFromSignUpFormInput = builder.inputType('CreateContactFromSignUpFormInput', {
  description: 'What a person entered in a sign-up form: an address or a number, and at least one list.',
  fields: (t) => ({
    listIds: t.idList({
      required: true,
      description: `Lists the person signed up for, 1 to ${String(FORM_LIMITS.lists)}. Other memberships stay.`,
    }),
    emailAddress: t.string({
      description: `Email address, here at most ${String(FORM_LIMITS.email)} characters.`,
    }),
    smsChannel: t.field({ type: SignUpFormSmsChannelInput, description: 'Number for text messages.' }),
    firstName: t.string({ description: 'Given name, at most 50 characters.' }),
    lastName: t.string({ description: 'Family name, at most 50 characters.' }),
    jobTitle: t.string({ description: 'Job title, at most 50 characters.' }),
    companyName: t.string({ description: 'Employer, at most 50 characters.' }),
    birthday: t.field({ type: BirthdayInput, description: 'Birthday, without a year.' }),
    anniversary: t.string({ description: 'A day of your choice, as YYYY-MM-DD or MM/DD/YYYY.' }),
    phoneNumber: t.string({ description: 'One phone number, at most 25 characters.' }),
    streetAddress: t.field({ type: StreetAddressInput, description: 'One street address.' }),
    customFields: t.field({
      type: [SignUpFormCustomFieldInput],
      description: `Values of custom fields, at most ${String(FORM_LIMITS.customFields)}; others stay.`,
    }),
  }),
});

const DeleteContactInput = builder.inputType('DeleteContactInput', {
  description: 'The contact to delete.',
  fields: (t) => ({ id: t.id({ required: true, description: 'Global or raw id of the contact.' }) }),
});

const ResubscribeContactInput = builder.inputType('ResubscribeContactInput', {
  description: 'An opted-out contact to ask back.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Global or raw id of the contact.' }),
    listIds: t.idList({
      required: true,
      description: `Lists the contact shall be on once it confirms, at most ${String(resolvers.RESUBSCRIBE_LISTS_MAX)}.`,
    }),
  }),
});

const contactOf =
  (description: string) =>
  (
    t: PothosSchemaTypes.ObjectFieldBuilder<(typeof builder)['$inferSchemaTypes'], { contact?: ContactRow }>,
  ) =>
    t.field({ type: Contact, description, resolve: (payload) => payload.contact });

const CreateContactPayload = payloadType<{ contact: ContactRow }>(
  'CreateContactPayload',
  'What came of `createContact`.',
  (t) => ({
    contact: contactOf('The new contact.')(t),
    contactEdge: edgeField(t, ContactConnection, 'the new contact', (payload) => payload.contact),
  }),
);

const UpdateContactPayload = payloadType<{ contact: ContactRow }>(
  'UpdateContactPayload',
  'What came of `updateContact`.',
  (t) => ({
    contact: contactOf('The contact after the change.')(t),
  }),
);

const UpsertAction = builder.enumType('UpsertContactAction', {
  description: 'What `upsertContact` did.',
  values: {
    CREATED: { description: 'No contact had the address; one was made.' },
    UPDATED: { description: 'The contact with the address was changed.' },
    REVIVED: { description: 'The contact with the address was deleted; it was brought back and changed.' },
  },
});

const UpsertContactPayload = payloadType<{ contact: ContactRow; action: Action }>(
  'UpsertContactPayload',
  'What came of `upsertContact`.',
  (t) => ({
    contact: contactOf('The contact as it is now.')(t),
    contactEdge: edgeField(t, ContactConnection, 'the contact', (payload) => payload.contact),
    action: t.field({
      type: UpsertAction,
      description: 'What was done.',
      resolve: (payload) => payload.action,
    }),
  }),
);

const SignUpAction = openEnum('SignUpAction', 'What the API did with a sign-up form.', {
  CREATED: 'A contact was made.',
  UPDATED: 'An existing contact was changed, or brought back.',
});

const CreateContactFromSignUpFormPayload = payloadType<{ contactId: string | null; action: string | null }>(
  'CreateContactFromSignUpFormPayload',
  'What came of `createContactFromSignUpForm`.',
  (t) => ({
    contactId: t.id({ description: 'Raw id of the contact.', resolve: (payload) => payload.contactId }),
    action: t.field({
      type: SignUpAction.type,
      description: 'What was done.',
      resolve: (payload) => SignUpAction.fromWire(payload.action),
    }),
    actionRaw: t.string({
      description: '`action` as the API wrote it.',
      resolve: (payload) => payload.action,
    }),
    contact: t.field({
      type: Contact,
      description: 'The contact as it is now. The API answers with the id only.',
      queryCost: cost.calls(1),
      resolve: ({ contactId }, _args, { loaders }) => (contactId ? loaders.contacts.load(contactId) : null),
    }),
    contactEdge: edgeField(
      t,
      ContactConnection,
      'the contact',
      ({ contactId }, { loaders }) => (contactId ? loaders.contacts.load(contactId) : null),
      cost.calls(1),
    ),
  }),
);

const DeleteContactPayload = payloadType<{ deletedContactId: string }>(
  'DeleteContactPayload',
  'What came of `deleteContact`.',
  (t) => ({
    deletedId: deletedIdField(t, 'Contact', 'the deleted contact', (payload) => payload.deletedContactId),
    deletedContactId: t.id({
      description: 'Raw id of the deleted contact.',
      resolve: (payload) => payload.deletedContactId,
    }),
  }),
);

const ResubscribeContactPayload = payloadType<{ contactId: string }>(
  'ResubscribeContactPayload',
  'What came of `resubscribeContact`.',
  (t) => ({
    contactId: t.id({ description: 'Raw id of the contact.', resolve: (payload) => payload.contactId }),
    contact: t.field({
      type: Contact,
      description: 'The contact, still opted out until it confirms.',
      queryCost: cost.calls(1),
      resolve: ({ contactId }, _args, { loaders }) => (contactId ? loaders.contacts.load(contactId) : null),
    }),
  }),
);

builder.mutationFields((t) => ({
  createContact: t.field({
    type: CreateContactPayload,
    description:
      'Makes a contact. An address that was ever used, by a deleted contact too, is refused: `upsertContact` brings such a contact back.',
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: CreateContactInput, required: true, description: 'The new contact.' }) },
    resolve: resolvers.createContact,
  }),
  updateContact: t.field({
    type: UpdateContactPayload,
    description:
      'Changes a contact. The API empties what a write leaves out, so the contact is read first. The permission of its address never changes unless it is given; a contact who unsubscribed is not opted in again (`NOT_ALLOWED`).',
    queryCost: cost.calls(2),
    args: { input: t.arg({ type: UpdateContactInput, required: true, description: 'The changes.' }) },
    resolve: resolvers.updateContact,
  }),
  upsertContact: t.field({
    type: UpsertContactPayload,
    description:
      'Makes or changes the contact with an address, and says which. Consent stays as it is unless permissionToSend is given; a contact who unsubscribed is not opted in again (`NOT_ALLOWED`). More calls are needed when the search does not find a contact that the API has.',
    queryCost: cost.calls(4, { usually: 2 }),
    args: { input: t.arg({ type: UpsertContactInput, required: true, description: 'The contact.' }) },
    resolve: upsertContact,
  }),
  deleteContact: t.field({
    type: DeleteContactPayload,
    description:
      'Deletes a contact: it leaves its lists and no longer counts as active; its history stays and it can be revived.',
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: DeleteContactInput, required: true, description: 'The contact.' }) },
    resolve: resolvers.deleteContact,
  }),
  resubscribeContact: t.field({
    type: ResubscribeContactPayload,
    description:
      'Asks an opted-out contact back. The API mails a request, once per contact ever; the contact stays opted out until it confirms.',
    queryCost: cost.calls(1),
    args: {
      input: t.arg({
        type: ResubscribeContactInput,
        required: true,
        description: 'The contact and its lists.',
      }),
    },
    resolve: resolvers.resubscribeContact,
  }),
  createContactFromSignUpForm: t.field({
    type: CreateContactFromSignUpFormPayload,
    description:
      'Records that a person signed up. Makes or changes the contact with that address or number and sets its permission to EXPLICIT, so use it only for what the person did; for anything else `upsertContact`.',
    queryCost: cost.calls(1),
    args: {
      input: t.arg({
        type: CreateContactFromSignUpFormInput,
        required: true,
        description: 'What the person entered.',
      }),
    },
    resolve: createContactFromSignUpForm,
  }),
}));
