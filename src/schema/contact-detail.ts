import { customFields } from '../loaders/custom-field.js';
import type { Contact as ContactRow } from '../loaders/contact.js';
import type { Schema } from '../constant-contact/contract/operations.js';
import type { AddressOfContact } from '../resolvers/contact.js';
import type { SmsEngagement as SmsEngagementRow } from '../loaders/contact-report.js';
import { CONSENT_SPELLINGS } from '../resolvers/contact-consent.js';
import * as resolvers from '../resolvers/contact-detail.js';
import { builder } from './builder.js';
import { CustomField, CustomFieldChoice } from './custom-field.js';
import { enumFields, enumFieldsOf, openEnum, type OpenEnum } from './enums.js';
import { dateTime, rawIdField, requiredText, type Fields, type TextKey } from './fields.js';
import { cost } from './cost.js';

export const PermissionToSend = openEnum('PermissionToSend', 'Permission to send email to an address.', {
  EXPLICIT: { wire: 'explicit', description: 'The person opted in. Email can be sent.' },
  IMPLICIT: { wire: 'implicit', description: 'The account has implied permission. Email can be sent.' },
  NOT_SET: { wire: 'not_set', description: 'The permission is unknown.' },
  PENDING_CONFIRMATION: {
    wire: 'pending_confirmation',
    description: 'The person has not yet clicked the confirmation link. No email can be sent.',
  },
  TEMP_HOLD: { wire: 'temp_hold', description: 'The address is temporarily on hold. No email can be sent.' },
  UNSUBSCRIBED: {
    wire: 'unsubscribed',
    description: 'The person or the account opted the address out. No email can be sent.',
  },
  DELETED: { wire: 'deleted', description: 'The contact is deleted. Only in responses.' },
});

export const ContactSource = openEnum('ContactSource', 'Party that created or last changed a record.', {
  CONTACT: { wire: 'Contact', description: 'The person.' },
  ACCOUNT: { wire: 'Account', description: 'The account.' },
  LANDING_PAGE: {
    wire: 'Landing Page',
    description: 'The person, through a landing page. Only in responses.',
  },
});

export const ConsentSource = openEnum('ConsentSource', 'Party that changed a consent or a record.', {
  CONTACT: {
    wire: CONSENT_SPELLINGS.contact,
    description: 'The person. After an opt-out by the person, only the person can opt in again.',
  },
  ACCOUNT: {
    wire: ['Account', 'A'],
    description: 'The account. After an opt-out by the account, the account may add the contact again.',
  },
  SYSTEM: {
    wire: ['System', 'S'],
    description: 'Constant Contact or another system, neither the person nor the account.',
  },
});

const ConfirmStatus = openEnum('ConfirmStatus', 'Confirmed opt-in status of an email address.', {
  PENDING: 'The confirmation is pending.',
  CONFIRMED: 'The person has confirmed.',
  ON: 'Confirmed opt-in is enabled.',
  OFF: 'Confirmed opt-in is disabled.',
});

export const ContactEmailAddress = builder.objectRef<AddressOfContact>('ContactEmailAddress').implement({
  description: 'Email address of a contact, with the permission to send email to it.',
  fields: (t) => ({
    address: requiredText(t, 'address', 'Email address, at most 80 characters.'),
    ...enumFields(
      t,
      'permissionToSend',
      'permission_to_send',
      PermissionToSend,
      'Permission to send email to it.',
    ),
    createdAt: dateTime(t, 'created_at', 'When the address was added.'),
    updatedAt: dateTime(t, 'updated_at', 'When the address last changed.'),
    ...enumFields(t, 'optInSource', 'opt_in_source', ConsentSource, 'Party that opted the address in.'),
    optInDate: dateTime(t, 'opt_in_date', 'When the address was opted in.'),
    ...enumFields(
      t,
      'optOutSource',
      'opt_out_source',
      ConsentSource,
      'Party that opted the address out. `null` while it is opted in.',
    ),
    optOutDate: dateTime(t, 'opt_out_date', 'When the address was opted out. `null` while it is opted in.'),
    optOutReason: t.exposeString('opt_out_reason', {
      description: 'Reason of the opt-out, as entered by the person or the account.',
    }),
    ...enumFields(t, 'confirmStatus', 'confirm_status', ConfirmStatus, 'Confirmed opt-in status.'),
  }),
});

export const PhoneNumberKind = openEnum('PhoneNumberKind', 'Kind of a phone number.', {
  HOME: { wire: 'home', description: 'Home phone number.' },
  WORK: { wire: 'work', description: 'Work phone number.' },
  MOBILE: { wire: 'mobile', description: 'Mobile phone number.' },
  OTHER: { wire: 'other', description: 'Another phone number.' },
});

export const PhoneNumber = builder.objectRef<Schema<'PhoneNumber'>>('PhoneNumber').implement({
  description: 'A phone number of a contact.',
  fields: (t) => ({
    phoneNumberId: t.exposeID('phone_number_id', { description: 'Constant Contact ID (UUID).' }),
    number: t.exposeString('phone_number', {
      description: 'Phone number as it was entered, at most 25 characters.',
    }),
    ...enumFields(t, 'kind', 'kind', PhoneNumberKind, 'Kind of the number.'),
    createdAt: dateTime(t, 'created_at', 'When the number was added.'),
    updatedAt: dateTime(t, 'updated_at', 'When the number last changed.'),
    ...enumFields(t, 'createSource', 'create_source', ConsentSource, 'Party that added the number.'),
    ...enumFields(t, 'updateSource', 'update_source', ConsentSource, 'Party that last changed the number.'),
  }),
});

export const StreetAddressKind = openEnum('StreetAddressKind', 'Kind of a street address.', {
  HOME: { wire: 'home', description: 'Home address.' },
  WORK: { wire: 'work', description: 'Work address.' },
  OTHER: { wire: 'other', description: 'Another street address.' },
});

export const StreetAddress = builder.objectRef<Schema<'StreetAddress'>>('StreetAddress').implement({
  description: 'A street address of a contact.',
  fields: (t) => ({
    streetAddressId: t.exposeID('street_address_id', { description: 'Constant Contact ID (UUID).' }),
    ...enumFields(t, 'kind', 'kind', StreetAddressKind, 'Kind of the address.', { nullable: false }),
    street: t.exposeString('street', { description: 'Street and number, at most 255 characters.' }),
    city: t.exposeString('city', { description: 'City, at most 50 characters.' }),
    state: t.exposeString('state', { description: 'State or province, at most 50 characters.' }),
    postalCode: t.exposeString('postal_code', { description: 'Postal code, at most 50 characters.' }),
    country: t.exposeString('country', { description: 'Country, at most 50 characters.' }),
    createdAt: dateTime(t, 'created_at', 'When the street address was added.'),
    updatedAt: dateTime(t, 'updated_at', 'When the street address last changed.'),
  }),
});

export const Note = builder.objectRef<Schema<'Note'>>('Note').implement({
  description: 'A note about a contact.',
  fields: (t) => ({
    noteId: t.exposeID('note_id', { description: 'Constant Contact ID (UUID).' }),
    content: t.exposeString('content', { description: 'Text of the note, at most 2,000 characters.' }),
    createdAt: dateTime(t, 'created_at', 'When the note was written.'),
  }),
});

export const ContactCustomField = builder.objectRef<Schema<'ContactCustomField'>>('ContactCustomField');
ContactCustomField.implement({
  description: 'Value of a contact in one custom field.',
  fields: (t) => ({
    customFieldId: rawIdField(t, 'custom_field_id', 'Constant Contact ID of the custom field.'),
    field: t.field({
      type: CustomField,
      description: 'The custom field, with its label and type.',
      queryCost: cost.scan(customFields),
      resolve: ({ custom_field_id: id }, _args, { loaders }) => (id ? loaders.customFields.load(id) : null),
    }),
    value: t.exposeString('value', {
      description:
        'Value as text for every type of field, at most 255 characters. `null` for single and multiple choice.',
    }),
    choiceIds: t.exposeIDList('choice_ids', {
      description: 'For single and multiple choice: Constant Contact IDs of the selected choices.',
    }),
    choices: t.field({
      type: [CustomFieldChoice],
      description: 'For single and multiple choice: the selected choices, with their labels.',
      queryCost: cost.scan(customFields),
      resolve: resolvers.choices,
    }),
  }),
});

export const SmsConsentPermission = openEnum(
  'SmsConsentPermission',
  'Permission to send text messages to a number.',
  {
    EXPLICIT: { wire: ['explicit', 'E'], description: 'The person opted in.' },
    IMPLICIT: { wire: ['implicit', 'I'], description: 'The account has implied permission.' },
    NOT_SET: { wire: ['not_set', 'N'], description: 'The permission is unknown.' },
    PENDING_CONFIRMATION: {
      wire: ['pending_confirmation', 'P'],
      description: 'The person has not yet confirmed.',
    },
    UNSUBSCRIBED: {
      wire: CONSENT_SPELLINGS.unsubscribed,
      description: 'The person or the account opted the number out.',
    },
  },
);

const SmsConsentType = openEnum('SmsConsentType', 'Type of text messages that a consent covers.', {
  PROMOTIONAL: { wire: ['promotional_sms', 'P'], description: 'Promotional messages.' },
  TRANSACTIONAL: { wire: ['transactional_sms', 'T'], description: 'Transactional messages.' },
});

const SmsConsentMedium = openEnum(
  'SmsConsentMedium',
  'Medium through which a consent to text messages was given or withdrawn.',
  {
    MOBILE_DEVICE: { wire: 'MD', description: 'A mobile device.' },
    LEAD_FORM: { wire: 'LF', description: 'A lead generation form.' },
    CARRIER_DEACTIVATION: { wire: 'CD', description: 'No medium: the carrier deactivated the number.' },
    FILE_IMPORT: { wire: 'FI', description: 'An imported file.' },
    SYSTEM: { wire: 'SY', description: 'Constant Contact itself.' },
  },
);

const SmsAdvertisedInterval = openEnum(
  'SmsAdvertisedInterval',
  'Interval of an announced number of text messages.',
  {
    DAY: { wire: ['D', 'day', 'daily'], description: 'Messages per day.' },
    WEEK: { wire: ['W', 'week', 'weekly'], description: 'Messages per week.' },
    MONTH: { wire: ['M', 'month', 'monthly'], description: 'Messages per month.' },
  },
);

const SmsConsent = builder.objectRef<Schema<'SmsChannelConsentDetails'>>('SmsConsent').implement({
  description: 'A consent to text messages.',
  fields: (t) => ({
    ...enumFields(
      t,
      'permission',
      'sms_consent_permission',
      SmsConsentPermission,
      'Permission to send text messages.',
    ),
    ...enumFields(
      t,
      'consentType',
      'consent_type',
      SmsConsentType,
      'Type of messages that the consent covers.',
    ),
    optInDate: dateTime(t, 'opt_in_date', 'When the number was opted in.'),
    optOutDate: dateTime(t, 'opt_out_date', 'When the number was opted out.'),
    advertisedFrequency: t.exposeString('advertised_frequency', {
      description: 'Maximum number of messages per `advertisedInterval` that was announced to the person.',
    }),
    ...enumFields(
      t,
      'advertisedInterval',
      'advertised_interval',
      SmsAdvertisedInterval,
      'Interval to which `advertisedFrequency` applies.',
    ),
    createdAt: dateTime(t, 'created_at', 'When the consent was recorded.'),
    updatedAt: dateTime(t, 'updated_at', 'When the consent last changed.'),
  }),
});

export const SmsChannel = builder.objectRef<NonNullable<ContactRow['sms_channel']>>('SmsChannel').implement({
  description: 'Phone number of a contact for text messages, with the consents for it.',
  fields: (t) => ({
    smsChannelId: t.exposeID('sms_channel_id', { description: 'Constant Contact ID (UUID).' }),
    smsAddress: t.exposeString('sms_address', { description: 'Phone number without the dial code.' }),
    dialCode: t.exposeString('dial_code', { description: 'Dial code of the country.' }),
    countryCode: t.exposeString('country_code', { description: 'Two-letter country code.' }),
    ...enumFields(t, 'createSource', 'create_source', ConsentSource, 'Party that added the number.'),
    ...enumFields(t, 'updateSource', 'update_source', ConsentSource, 'Party that last changed the number.'),
    consents: t.field({
      type: [SmsConsent],
      description: 'Consents that were given or withdrawn for this number.',
      resolve: (channel) => channel.sms_channel_consents ?? [],
    }),
  }),
});

type HistoryDetails = NonNullable<SmsEngagementRow['history_details']>;

/** Fields of an enum in the details, which have codes of one or two letters. */
function codeFields<const Field extends string>(
  t: Fields<SmsEngagementRow>,
  field: Field,
  key: TextKey<HistoryDetails>,
  type: OpenEnum,
  description: string,
) {
  return enumFieldsOf(t, field, ({ history_details }) => history_details?.[key], type, description);
}

const SmsEngagement = builder.objectRef<SmsEngagementRow>('SmsEngagement').implement({
  description:
    'Entry in the history of the consent to text messages: one change for one number. Fields for which the entry has no detail are `null`.',
  fields: (t) => ({
    smsChannelHistoryId: t.exposeID('sms_channel_history_id', {
      description: 'Constant Contact ID of the entry.',
    }),
    smsChannelId: t.exposeID('sms_channel_id', {
      description: 'Constant Contact ID of the number, the `smsChannelId` of the contact.',
    }),
    insertedAt: dateTime(t, 'insert_time', 'When the change was recorded.'),
    ...codeFields(t, 'state', 'state', SmsConsentPermission, 'Permission after the change.'),
    ...codeFields(t, 'source', 'source', ConsentSource, 'Party that made the change.'),
    ...codeFields(
      t,
      'consentType',
      'consent_type',
      SmsConsentType,
      'Type of messages that the consent covers.',
    ),
    consentActionType: t.string({
      description: 'Change of the consent, such as an opt-in.',
      resolve: ({ history_details }) => history_details?.consent_action_type,
    }),
    consentActionAt: t.field({
      type: 'DateTime',
      description: 'When the consent changed.',
      resolve: resolvers.consentActionAt,
    }),
    ...codeFields(
      t,
      'consentMediumType',
      'consent_medium_type',
      SmsConsentMedium,
      'Medium through which the consent was given or withdrawn.',
    ),
    sourceConsentTimestamp: t.string({
      description: 'Time at which the consent was given or withdrawn, as text in the format of the source.',
      resolve: ({ history_details }) => history_details?.source_consent_timestamp,
    }),
    sourceSmsNumber: t.string({
      description: 'Phone number that the consent was sent from.',
      resolve: ({ history_details }) => history_details?.source_sms_number,
    }),
    advertisedFrequency: t.int({
      description: 'Maximum number of messages per `advertisedInterval` that was announced to the person.',
      resolve: ({ history_details }) => history_details?.advertised_frequency,
    }),
    ...codeFields(
      t,
      'advertisedInterval',
      'advertised_interval',
      SmsAdvertisedInterval,
      'Interval to which `advertisedFrequency` applies.',
    ),
    details: t.expose('history_details', {
      type: 'JSON',
      description: 'All details as the REST API sends them, including those that have no field here.',
    }),
  }),
});

/** Type of the entries of `Contact.smsEngagementHistory`. */
export { SmsEngagement };
