import { upsertContact } from '../resolvers/contact-upsert.js';
import * as resolvers from '../resolvers/contact-write.js';
import { createContactFromSignUpForm, FORM_LISTS_MAX } from '../resolvers/sign-up-form.js';
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
import { deletion } from './deletion.js';
import { openEnum, originalOf } from './enums.js';
import { cost } from './cost.js';
import { mutation } from './mutation.js';
import { at } from './cost-part.js';
import { KEPT } from './update-words.js';
import { limited } from './limits.js';

const SMS_CHANNEL_READ = cost.calls(1, {
  selects: ['smsChannel'],
  due: (_n, { args }) => at(args, ['input', 'smsChannel']) != null,
  when: 'a new `smsChannel` is selected and the response of the API leaves it out',
});

const SignUpFormSmsChannelInput = builder.inputType('SignUpFormSmsChannelInput', {
  description:
    'Input of a phone number for text messages, with the consent that the person gave in a sign-up form.',
  fields: (t) => ({
    smsAddress: t.string({
      required: true,
      ...limited`Phone number without the dial code, ${{ minLength: 1 }}.`,
    }),
    dialCode: t.string({ required: true, ...limited`Dial code of the country, ${{ minLength: 1 }}.` }),
    countryCode: t.string({ required: true, ...limited`Two-letter country code, ${{ minLength: 1 }}.` }),
    permission: t.field({
      type: SmsConsentPermission.type,
      required: true,
      description: 'Consent to text messages.',
    }),
    mediumType: t.string({
      required: true,
      ...limited`Medium of the consent, ${{ minLength: 1 }}, such as WEBSITE.`,
    }),
    mediumUrl: t.string({ required: true, ...limited`URL of the form, ${{ minLength: 1 }}.` }),
    mediumDetails: t.string({
      required: true,
      ...limited`Text of the consent that the person agreed to, ${{ minLength: 1 }}.`,
    }),
    advertisedFrequency: t.int({
      description: 'Number of messages per interval that was announced to the person.',
    }),
    advertisedInterval: t.string({
      description:
        'Interval of `advertisedFrequency`, as the API spells it: see `SmsConsent.advertisedIntervalRaw`.',
    }),
  }),
});

const SignUpFormCustomFieldInput = builder.inputType('SignUpFormCustomFieldInput', {
  description: 'Value of a custom field, as text. The sign-up form does not support choices.',
  fields: (t) => ({
    fieldId: t.id({ required: true, description: 'Global ID or Constant Contact ID of the custom field.' }),
    value: t.string({
      required: true,
      ...limited`Value as text, ${{ maxLength: 255 }}.`,
    }),
  }),
});

const UpsertAction = builder.enumType('UpsertContactAction', {
  description: 'Action that `upsertContact` took.',
  values: {
    CREATED: { description: 'No contact had the email address, so a contact was created.' },
    UPDATED: { description: 'The contact with the email address was updated.' },
    REVIVED: { description: 'The contact with the email address was deleted. It was revived and updated.' },
  },
});

const SignUpAction = openEnum('SignUpAction', 'Action that `createContactFromSignUpForm` took.', {
  CREATED: 'A contact was created.',
  UPDATED: 'An existing contact was updated or revived.',
});

mutation('createContact', {
  description:
    'Creates a contact. The email address must never have been used before, not even by a contact that is now deleted; `upsertContact` revives such a contact.',
  queryCost: cost.calls(1),
  argument: 'The new contact.',
  inputNote: 'At least one of `emailAddress`, `smsChannel`, `firstName` and `lastName` is required.',
  input: (t) => ({
    emailAddress: t.field({
      type: EmailAddressInput,
      description: 'Email address, unique in the account, including deleted contacts.',
    }),
    ...newContactFields(t),
    createSource: t.field({
      type: ContactSource.type,
      ...limited`Party that creates the contact: ${{ enum: ['ACCOUNT', 'CONTACT'] }}. Default: ACCOUNT. Without \`permissionToSend\`, the API records the permission IMPLICIT for ACCOUNT and EXPLICIT for CONTACT.`,
    }),
  }),
  payload: (t) => ({
    contact: t.expose('contact', { type: Contact, description: 'The new contact.' }),
    contactEdge: edgeField(t, ContactConnection, 'the new contact', (payload) => payload.contact),
  }),
  resolve: resolvers.createContact,
});

mutation('updateContact', {
  description:
    'Updates a contact. The API clears values that a request omits, so the contact is read first. The permission of its address changes only when you pass it; a contact who unsubscribed themselves cannot be opted in again (`NOT_ALLOWED`).',
  queryCost: cost.all(cost.calls(2), SMS_CHANNEL_READ),
  argument: 'The new values.',
  inputNote: KEPT,
  input: (t) => ({
    id: t.id({ required: true, description: 'Global ID or Constant Contact ID of the contact.' }),
    emailAddress: t.field({
      type: EmailAddressInput,
      ...limited`New email address or permission, which ${{ nullable: false, isConditional: true }}. The permission changes only when you pass it.`,
    }),
    ...contactFields(t),
    updateSource: t.field({
      type: ContactSource.type,
      ...limited`Party that requested the change: ${{ enum: ['ACCOUNT', 'CONTACT'] }}. Default: ACCOUNT. For CONTACT, only the person can undo an opt-out by this mutation. For the first email address of a contact without \`permissionToSend\`, the API records the permission IMPLICIT for ACCOUNT and EXPLICIT for CONTACT; an existing permission stays.`,
    }),
    revive: t.boolean({
      description:
        'True to revive a deleted contact. Without it, the update of a deleted contact is rejected.',
    }),
  }),
  payload: (t) => ({
    contact: t.expose('contact', { type: Contact, description: 'The updated contact.' }),
  }),
  resolve: resolvers.updateContact,
});

mutation('upsertContact', {
  description:
    'Creates or updates the contact with an email address. `action` reports which. The permission changes only when you pass `permissionToSend`; a contact who unsubscribed themselves cannot be opted in again (`NOT_ALLOWED`). More than the usual calls are made when the search does not find an existing contact.',
  queryCost: cost.all(cost.calls(4, { usually: 2 }), SMS_CHANNEL_READ),
  argument: 'The contact to create or update.',
  inputNote: `The contact is found by its email address. ${KEPT}`,
  input: (t) => ({
    emailAddress: t.field({
      type: EmailAddressInput,
      required: true,
      description:
        'Email address to search for. An existing permission changes only when you pass `permissionToSend`.',
    }),
    ...contactFields(t),
  }),
  payload: (t) => ({
    contact: t.expose('contact', { type: Contact, description: 'The created, updated or revived contact.' }),
    contactEdge: edgeField(t, ContactConnection, 'the contact', (payload) => payload.contact),
    action: t.expose('action', { type: UpsertAction, description: 'Action that was taken.' }),
  }),
  resolve: upsertContact,
});

deletion('deleteContact', 'Contact', {
  noun: 'contact',
  rawIdField: 'deletedContactId',
  description:
    'Deletes a contact. It is removed from its lists and is no longer active; its history stays, and it can be revived.',
  resolve: resolvers.deleteContact,
});

mutation('resubscribeContact', {
  description:
    'Asks an unsubscribed contact to resubscribe. The API emails a request, only once per contact; the contact stays unsubscribed until it confirms.',
  queryCost: cost.calls(1),
  argument: 'The contact and the lists that it joins.',
  input: (t) => ({
    id: t.id({ required: true, description: 'Global ID or Constant Contact ID of the contact.' }),
    listIds: t.idList({
      required: true,
      ...limited`Lists that the contact joins when it confirms, ${{ minItems: 1, maxItems: resolvers.RESUBSCRIBE_LISTS_MAX }}.`,
    }),
  }),
  payload: (t) => ({
    contactId: t.exposeID('contactId', { description: 'Constant Contact ID of the contact.' }),
    contact: t.field({
      type: Contact,
      description: 'The contact. It stays unsubscribed until it confirms.',
      queryCost: cost.calls(1),
      resolve: ({ contactId }, _args, { loaders }) => (contactId ? loaders.contacts.load(contactId) : null),
    }),
  }),
  resolve: resolvers.resubscribeContact,
});

mutation('createContactFromSignUpForm', {
  description:
    'Records a sign-up by a person. Creates or updates the contact with the email address or phone number and sets its permission to EXPLICIT, so use it only for actions of the person; use `upsertContact` for anything else.',
  queryCost: cost.calls(1),
  argument: 'The values that the person entered.',
  inputNote: 'An email address or a phone number for text messages, and at least one list are required.',
  input: (t) => ({
    listIds: t.idList({
      required: true,
      ...limited`Lists that the person signed up for, ${{ minItems: 1, maxItems: FORM_LISTS_MAX }}. Existing memberships stay.`,
    }),
    emailAddress: t.string(limited`Email address, ${{ maxLength: 50, isTrimmed: true }} in this mutation.`),
    smsChannel: t.field({
      type: SignUpFormSmsChannelInput,
      description: 'Phone number for text messages, with the consent.',
    }),
    firstName: t.string(limited`First name, ${{ maxLength: 50 }}.`),
    lastName: t.string(limited`Last name, ${{ maxLength: 50 }}.`),
    jobTitle: t.string(limited`Job title, ${{ maxLength: 50 }}.`),
    companyName: t.string(limited`Employer, ${{ maxLength: 50 }}.`),
    birthday: t.field({ type: BirthdayInput, description: 'Birthday, without a year.' }),
    anniversary: t.string({ description: 'Anniversary, as YYYY-MM-DD or MM/DD/YYYY.' }),
    phoneNumber: t.string(limited`One phone number, ${{ maxLength: 25 }}.`),
    streetAddress: t.field({ type: StreetAddressInput, description: 'One street address.' }),
    customFields: t.field({
      type: [SignUpFormCustomFieldInput],
      ...limited`Values of custom fields, ${{ maxItems: 50 }}. Other fields keep their values.`,
    }),
  }),
  payload: (t) => ({
    contactId: t.exposeID('contactId', { description: 'Constant Contact ID of the contact.' }),
    action: t.field({
      type: SignUpAction.type,
      description: 'Action that was taken.',
      resolve: (payload) => SignUpAction.fromWire(payload.action),
    }),
    actionRaw: t.exposeString('action', { description: originalOf('action') }),
    contact: t.field({
      type: Contact,
      description: 'The created or updated contact. The API responds with its ID only, so it is read.',
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
  resolve: createContactFromSignUpForm,
});
