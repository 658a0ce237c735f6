import { customFields } from '../loaders/custom-field.js';
import type { Contact as ContactRow } from '../loaders/contact.js';
import type { Schema } from '../constant-contact/contract/operations.js';
import type { AddressOfContact } from '../resolvers/contact.js';
import type { SmsEngagement as SmsEngagementRow } from '../loaders/contact-report.js';
import * as resolvers from '../resolvers/contact-detail.js';
import { builder } from './builder.js';
import { CustomField, CustomFieldChoice } from './custom-field.js';
import { enumFields, enumFieldsOf, openEnum, type OpenEnum } from './enums.js';
import { dateTime, rawIdField, requiredText, type Fields, type TextKey } from './fields.js';
import { cost } from './cost.js';

export const PermissionToSend = openEnum(
  'PermissionToSend',
  'Whether an address may be mailed, and by what right.',
  {
    EXPLICIT: { wire: 'explicit', description: 'The person asked for it. Mailable.' },
    IMPLICIT: { wire: 'implicit', description: 'The account holder vouches for it. Mailable.' },
    NOT_SET: { wire: 'not_set', description: 'Nothing is known.' },
    PENDING_CONFIRMATION: {
      wire: 'pending_confirmation',
      description: 'The person has not clicked the confirmation link yet. Not mailable.',
    },
    TEMP_HOLD: { wire: 'temp_hold', description: 'Held back for the time being. Not mailable.' },
    UNSUBSCRIBED: {
      wire: 'unsubscribed',
      description: 'The person or the account ended it. Not mailable.',
    },
    DELETED: { wire: 'deleted', description: 'The contact is deleted. Only in answers.' },
  },
);

export const ContactSource = openEnum('ContactSource', 'Who made or changed a record.', {
  CONTACT: { wire: 'Contact', description: 'The person.' },
  ACCOUNT: { wire: 'Account', description: 'The account.' },
  LANDING_PAGE: {
    wire: 'Landing Page',
    description: 'The person, on a landing page. Only in answers.',
  },
});

export const ConsentSource = openEnum('ConsentSource', 'Who did something about a consent or a record.', {
  CONTACT: {
    wire: ['Contact', 'C'],
    description: 'The person. After an opt-out only the person can come back.',
  },
  ACCOUNT: {
    wire: ['Account', 'A'],
    description: 'The account. After such an opt-out the account may add the person again.',
  },
  SYSTEM: { wire: ['System', 'S'], description: 'A system, such as Constant Contact itself.' },
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
    address: requiredText(t, 'address', 'The address, at most 80 characters.'),
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

export const PhoneNumberKind = openEnum('PhoneNumberKind', 'What a phone number is for.', {
  HOME: { wire: 'home', description: 'Home.' },
  WORK: { wire: 'work', description: 'Work.' },
  MOBILE: { wire: 'mobile', description: 'Mobile.' },
  OTHER: { wire: 'other', description: 'Anything else.' },
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

export const StreetAddressKind = openEnum('StreetAddressKind', 'What a street address is for.', {
  HOME: { wire: 'home', description: 'Home.' },
  WORK: { wire: 'work', description: 'Work.' },
  OTHER: { wire: 'other', description: 'Anything else.' },
});

export const StreetAddress = builder.objectRef<Schema<'StreetAddress'>>('StreetAddress');
StreetAddress.implement({
  description: 'A street address of a contact.',
  fields: (t) => ({
    streetAddressId: t.exposeID('street_address_id', { description: "Constant Contact's own id (a UUID)." }),
    ...enumFields(t, 'kind', 'kind', StreetAddressKind, 'What it is for.', { nullable: false }),
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

export const SmsConsentPermission = openEnum(
  'SmsConsentPermission',
  'Whether a number may be sent text messages.',
  {
    EXPLICIT: { wire: ['explicit', 'E'], description: 'The person asked for it.' },
    IMPLICIT: { wire: ['implicit', 'I'], description: 'The account holder vouches for it.' },
    NOT_SET: { wire: ['not_set', 'N'], description: 'Nothing is known.' },
    PENDING_CONFIRMATION: {
      wire: ['pending_confirmation', 'P'],
      description: 'The person has not confirmed yet.',
    },
    // The vendor documents O; U is the initial of the word that contacts have.
    UNSUBSCRIBED: { wire: ['unsubscribed', 'O', 'U'], description: 'The person or the account ended it.' },
  },
);

const SmsConsentType = openEnum('SmsConsentType', 'What a consent to text messages covers.', {
  PROMOTIONAL: { wire: ['promotional_sms', 'P'], description: 'Promotional messages.' },
  TRANSACTIONAL: { wire: ['transactional_sms', 'T'], description: 'Transactional messages.' },
});

const SmsConsentMedium = openEnum('SmsConsentMedium', 'What a consent to text messages was given through.', {
  MOBILE_DEVICE: { wire: 'MD', description: 'A mobile device.' },
  LEAD_FORM: { wire: 'LF', description: 'A lead generation form.' },
  CARRIER_DEACTIVATION: { wire: 'CD', description: 'None: the carrier deactivated the number.' },
  FILE_IMPORT: { wire: 'FI', description: 'An imported file.' },
  SYSTEM: { wire: 'SY', description: 'Constant Contact itself.' },
});

const SmsAdvertisedInterval = openEnum(
  'SmsAdvertisedInterval',
  'The interval of an announced number of text messages.',
  {
    DAY: { wire: ['D', 'day', 'daily'], description: 'A day.' },
    WEEK: { wire: ['W', 'week', 'weekly'], description: 'A week.' },
    MONTH: { wire: ['M', 'month', 'monthly'], description: 'A month.' },
  },
);

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
    ...enumFields(t, 'consentType', 'consent_type', SmsConsentType, 'What the consent covers.'),
    optInDate: dateTime(t, 'opt_in_date', 'When the number was opted in.'),
    optOutDate: dateTime(t, 'opt_out_date', 'When the number was opted out.'),
    advertisedFrequency: t.exposeString('advertised_frequency', {
      description: 'How many messages were announced per interval.',
    }),
    ...enumFields(
      t,
      'advertisedInterval',
      'advertised_interval',
      SmsAdvertisedInterval,
      'The interval of the announced frequency.',
    ),
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

type HistoryDetails = NonNullable<SmsEngagementRow['history_details']>;

/** An enum of the details, which the API writes as codes of one or two letters. */
function codeFields<const Field extends string>(
  t: Fields<SmsEngagementRow>,
  field: Field,
  key: TextKey<HistoryDetails>,
  type: OpenEnum,
  description: string,
) {
  return enumFieldsOf(t, field, ({ history_details }) => history_details?.[key], type, description);
}

const SmsEngagement = builder.objectRef<SmsEngagementRow>('SmsEngagement');
SmsEngagement.implement({
  description: 'One change in the history of a number. Which details it has varies.',
  fields: (t) => ({
    smsChannelHistoryId: t.exposeID('sms_channel_history_id', { description: 'Id of the entry.' }),
    smsChannelId: t.exposeID('sms_channel_id', { description: 'Id of the number it is about.' }),
    insertedAt: dateTime(t, 'insert_time', 'When it was recorded.'),
    ...codeFields(t, 'state', 'state', SmsConsentPermission, 'The consent after the change.'),
    ...codeFields(t, 'source', 'source', ConsentSource, 'Who made the change.'),
    ...codeFields(t, 'consentType', 'consent_type', SmsConsentType, 'What the consent covers.'),
    consentActionType: t.string({
      description: 'What was done about the consent.',
      resolve: ({ history_details }) => history_details?.consent_action_type,
    }),
    consentActionAt: t.field({
      type: 'DateTime',
      description: 'When it was done.',
      resolve: resolvers.consentActionAt,
    }),
    ...codeFields(
      t,
      'consentMediumType',
      'consent_medium_type',
      SmsConsentMedium,
      'The medium it was given through.',
    ),
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
    ...codeFields(
      t,
      'advertisedInterval',
      'advertised_interval',
      SmsAdvertisedInterval,
      'The interval of the announced frequency.',
    ),
    details: t.field({
      type: 'JSON',
      description: 'All details as the API gave them, those without a field here included.',
      resolve: ({ history_details }) => history_details,
    }),
  }),
});

/** Type of the entries of `Contact.smsEngagementHistory`. */
export { SmsEngagement };
