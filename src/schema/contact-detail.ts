import { customFields } from '../loaders/custom-field.js';
import type { Contact as ContactRow } from '../loaders/contact.js';
import type { Schema } from '../constant-contact/contract/operations.js';
import type { AddressOfContact } from '../resolvers/contact.js';
import type { SmsEngagement as SmsEngagementRow } from '../loaders/contact-report.js';
import * as resolvers from '../resolvers/contact-detail.js';
import { builder } from './builder.js';
import { CustomField, CustomFieldChoice } from './custom-field.js';
import { enumFields, openEnum } from './enums.js';
import { dateTime, rawIdField } from './fields.js';
import { cost } from './cost.js';

const PermissionToSend = openEnum(
  'PermissionToSend',
  'Whether an address may be mailed, and by what right.',
  {
    EXPLICIT: 'The person asked for it. Mailable.',
    IMPLICIT: 'The account holder vouches for it. Mailable.',
    NOT_SET: 'Nothing is known.',
    PENDING_CONFIRMATION: 'The person has not clicked the confirmation link yet. Not mailable.',
    TEMP_HOLD: 'Held back for the time being. Not mailable.',
    UNSUBSCRIBED: 'The person or the account ended it. Not mailable.',
    DELETED: 'The contact is deleted.',
  },
);

const ConsentSource = openEnum('ConsentSource', 'Who did something about a consent or a record.', {
  CONTACT: 'The person. After an opt-out only the person can come back.',
  ACCOUNT: 'The account. After such an opt-out the account may add the person again.',
});

const ConfirmStatus = openEnum('ConfirmStatus', 'Where an address stands under confirmed opt-in.', {
  PENDING: 'A confirmation is under way.',
  CONFIRMED: 'The person confirmed.',
  ON: 'Confirmed opt-in is used.',
  OFF: 'Confirmed opt-in is not used.',
});

export const ContactEmailAddress = builder.objectRef<AddressOfContact>('ContactEmailAddress');
ContactEmailAddress.implement({
  description: "A contact's email address and the permission to use it.",
  fields: (t) => ({
    address: t.exposeString('address', { description: 'The address, at most 80 characters.' }),
    ...enumFields(t, 'permissionToSend', 'permission_to_send', PermissionToSend, 'Whether it may be mailed.'),
    createdAt: dateTime(t, 'created_at', 'When the address was added.'),
    updatedAt: dateTime(t, 'updated_at', 'When the address last changed.'),
    ...enumFields(t, 'optInSource', 'opt_in_source', ConsentSource, 'Who opted in.'),
    optInDate: dateTime(t, 'opt_in_date', 'When the address was opted in.'),
    ...enumFields(
      t,
      'optOutSource',
      'opt_out_source',
      ConsentSource,
      'Who opted out; null while it is opted in.',
    ),
    optOutDate: dateTime(t, 'opt_out_date', 'When the address was opted out; null while it is opted in.'),
    optOutReason: t.exposeString('opt_out_reason', {
      description: 'Why, in the words of the person or the account.',
    }),
    ...enumFields(
      t,
      'confirmStatus',
      'confirm_status',
      ConfirmStatus,
      'Where it stands under confirmed opt-in.',
    ),
  }),
});

const PhoneNumberKind = openEnum('PhoneNumberKind', 'What a phone number is for.', {
  HOME: 'Home.',
  WORK: 'Work.',
  MOBILE: 'Mobile.',
  OTHER: 'Anything else.',
});

export const PhoneNumber = builder.objectRef<Schema<'PhoneNumber'>>('PhoneNumber');
PhoneNumber.implement({
  description: 'A phone number of a contact.',
  fields: (t) => ({
    phoneNumberId: t.exposeID('phone_number_id', { description: "Constant Contact's own id (a UUID)." }),
    number: t.exposeString('phone_number', {
      description: 'The number, at most 25 characters, as it was entered.',
    }),
    ...enumFields(t, 'kind', 'kind', PhoneNumberKind, 'What it is for.'),
    createdAt: dateTime(t, 'created_at', 'When it was added.'),
    updatedAt: dateTime(t, 'updated_at', 'When it last changed.'),
    ...enumFields(t, 'createSource', 'create_source', ConsentSource, 'Who added it.'),
    ...enumFields(t, 'updateSource', 'update_source', ConsentSource, 'Who changed it last.'),
  }),
});

const StreetAddressKind = openEnum('StreetAddressKind', 'What a street address is for.', {
  HOME: 'Home.',
  WORK: 'Work.',
  OTHER: 'Anything else.',
});

export const StreetAddress = builder.objectRef<Schema<'StreetAddress'>>('StreetAddress');
StreetAddress.implement({
  description: 'A street address of a contact.',
  fields: (t) => ({
    streetAddressId: t.exposeID('street_address_id', { description: "Constant Contact's own id (a UUID)." }),
    ...enumFields(t, 'kind', 'kind', StreetAddressKind, 'What it is for.'),
    street: t.exposeString('street', { description: 'Street and number, at most 255 characters.' }),
    city: t.exposeString('city', { description: 'City, at most 50 characters.' }),
    state: t.exposeString('state', { description: 'State or province, at most 50 characters.' }),
    postalCode: t.exposeString('postal_code', { description: 'Postal code, at most 50 characters.' }),
    country: t.exposeString('country', { description: 'Country, at most 50 characters.' }),
    createdAt: dateTime(t, 'created_at', 'When it was added.'),
    updatedAt: dateTime(t, 'updated_at', 'When it last changed.'),
  }),
});

export const Note = builder.objectRef<Schema<'Note'>>('Note');
Note.implement({
  description: 'A note about a contact.',
  fields: (t) => ({
    noteId: t.exposeID('note_id', { description: "Constant Contact's own id (a UUID)." }),
    content: t.exposeString('content', { description: 'The text, at most 2,000 characters.' }),
    createdAt: dateTime(t, 'created_at', 'When it was written.'),
  }),
});

export const ContactCustomField = builder.objectRef<Schema<'ContactCustomField'>>('ContactCustomField');
ContactCustomField.implement({
  description: 'What a contact has in one custom field.',
  fields: (t) => ({
    customFieldId: rawIdField(t, 'custom_field_id', 'Raw id of the field.'),
    field: t.field({
      type: CustomField,
      description: 'The field itself, with its label and type.',
      queryCost: cost.scan(customFields),
      resolve: (value, _args, { loaders }) => loaders.customFields.load(value.custom_field_id),
    }),
    value: t.exposeString('value', {
      description:
        'The value as text, at most 255 characters, whatever the type; null for single and multiple choice.',
    }),
    choiceIds: t.exposeIDList('choice_ids', {
      nullable: { list: true, items: false },
      description: 'Ids of the choices taken, for single and multiple choice.',
    }),
    choices: t.field({
      type: [CustomFieldChoice],
      nullable: { list: true, items: false },
      description: 'The choices taken, with their labels.',
      queryCost: cost.scan(customFields),
      resolve: resolvers.choices,
    }),
  }),
});

const SmsConsentPermission = openEnum('SmsConsentPermission', 'Whether a number may be sent text messages.', {
  EXPLICIT: 'The person asked for it.',
  IMPLICIT: 'The account holder vouches for it.',
  NOT_SET: 'Nothing is known.',
  PENDING_CONFIRMATION: 'The person has not confirmed yet.',
  UNSUBSCRIBED: 'The person or the account ended it.',
});

const SmsConsent = builder.objectRef<Schema<'SmsChannelConsentDetails'>>('SmsConsent');
SmsConsent.implement({
  description: 'A consent to text messages.',
  fields: (t) => ({
    ...enumFields(
      t,
      'permission',
      'sms_consent_permission',
      SmsConsentPermission,
      'Whether messages may be sent.',
    ),
    consentType: t.exposeString('consent_type', {
      description: 'What the consent covers; `promotional_sms` is the only kind known.',
    }),
    optInDate: dateTime(t, 'opt_in_date', 'When the number was opted in.'),
    optOutDate: dateTime(t, 'opt_out_date', 'When the number was opted out.'),
    advertisedFrequency: t.exposeString('advertised_frequency', {
      description: 'How many messages were announced per interval.',
    }),
    advertisedInterval: t.exposeString('advertised_interval', {
      description: 'The interval of the announced frequency.',
    }),
    createdAt: dateTime(t, 'created_at', 'When the consent was recorded.'),
    updatedAt: dateTime(t, 'updated_at', 'When the consent last changed.'),
  }),
});

export const SmsChannel = builder.objectRef<NonNullable<ContactRow['sms_channel']>>('SmsChannel');
SmsChannel.implement({
  description: 'The number at which a contact takes text messages.',
  fields: (t) => ({
    smsChannelId: t.exposeID('sms_channel_id', { description: "Constant Contact's own id (a UUID)." }),
    smsAddress: t.exposeString('sms_address', { description: 'The number without the dial code.' }),
    dialCode: t.exposeString('dial_code', { description: "The country's dial code." }),
    countryCode: t.exposeString('country_code', { description: 'Two-letter country code.' }),
    ...enumFields(t, 'createSource', 'create_source', ConsentSource, 'Who added it.'),
    ...enumFields(t, 'updateSource', 'update_source', ConsentSource, 'Who changed it last.'),
    consents: t.field({
      type: [SmsConsent],
      nullable: { list: true, items: false },
      description: 'The consents given and withdrawn for this number.',
      resolve: (channel) => channel.sms_channel_consents ?? [],
    }),
  }),
});

const SmsEngagement = builder.objectRef<SmsEngagementRow>('SmsEngagement');
SmsEngagement.implement({
  description: 'One change in the history of a number. Which details it has varies.',
  fields: (t) => ({
    smsChannelHistoryId: t.exposeID('sms_channel_history_id', { description: 'Id of the entry.' }),
    smsChannelId: t.exposeID('sms_channel_id', { description: 'Id of the number it is about.' }),
    insertedAt: dateTime(t, 'insert_time', 'When it was recorded.'),
    state: t.string({
      description: 'State after the change, a one-letter code of the API.',
      resolve: ({ history_details }) => history_details?.state,
    }),
    source: t.string({
      description: 'Where it came from, a one-letter code of the API.',
      resolve: ({ history_details }) => history_details?.source,
    }),
    consentType: t.string({
      description: 'What the consent covers.',
      resolve: ({ history_details }) => history_details?.consent_type,
    }),
    consentActionType: t.string({
      description: 'What was done about the consent.',
      resolve: ({ history_details }) => history_details?.consent_action_type,
    }),
    consentActionAt: t.field({
      type: 'DateTime',
      description: 'When it was done.',
      resolve: resolvers.consentActionAt,
    }),
    consentMediumType: t.string({
      description: 'The medium it was given through.',
      resolve: ({ history_details }) => history_details?.consent_medium_type,
    }),
    sourceConsentTimestamp: t.string({
      description: 'Time of the consent as its source wrote it.',
      resolve: ({ history_details }) => history_details?.source_consent_timestamp,
    }),
    sourceSmsNumber: t.string({
      description: 'The number that the consent came from.',
      resolve: ({ history_details }) => history_details?.source_sms_number,
    }),
    advertisedFrequency: t.int({
      description: 'How many messages were announced per interval.',
      resolve: ({ history_details }) => history_details?.advertised_frequency,
    }),
    advertisedInterval: t.string({
      description: 'The interval of the announced frequency.',
      resolve: ({ history_details }) => history_details?.advertised_interval,
    }),
    details: t.field({
      type: 'JSON',
      description: 'All details as the API gave them, those without a field here included.',
      resolve: ({ history_details }) => history_details,
    }),
  }),
});

/** Type of the entries of `Contact.smsEngagementHistory`. */
export { SmsEngagement };
