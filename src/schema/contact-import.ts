import type { Column } from '../resolvers/contact-import-columns.js';
import { importContactsFromFile } from '../resolvers/contact-import-file.js';
import { IMPORT_LIMITS as limits, importContacts } from '../resolvers/contact-import.js';
import { builder } from './builder.js';
import { startedJob } from './bulk-activity.js';
import { SmsConsentPermission } from './contact-detail.js';
import { BirthdayInput } from './contact-input.js';
import { cost } from './cost.js';
import { mutation } from './mutation.js';
import { limited } from './limits.js';

const NAME = { maxLength: 50 };

const ImportPhoneNumbersInput = builder.inputType('ImportPhoneNumbersInput', {
  description: `Input of the phone numbers of a contact, one of each kind, at most ${limits.phones} including \`phone\`.`,
  fields: (t) => ({
    home: t.string(limited`Home phone number, ${NAME}.`),
    work: t.string(limited`Work phone number, ${NAME}.`),
    mobile: t.string(limited`Mobile phone number, ${NAME}.`),
    other: t.string(limited`Another phone number, ${NAME}.`),
  }),
});

const ImportStreetAddressInput = builder.inputType('ImportStreetAddressInput', {
  description: 'Input of a street address of a contact.',
  fields: (t) => ({
    street: t.string(limited`Street and number, ${{ maxLength: 255 }}.`),
    street2: t.string(limited`Second line of the address, ${{ maxLength: 255 }}.`),
    city: t.string(limited`City, ${NAME}.`),
    state: t.string(limited`State or province, ${NAME}.`),
    postalCode: t.string(limited`Postal code, ${NAME}.`),
    country: t.string(limited`Country, ${NAME}.`),
  }),
});

const ImportStreetAddressesInput = builder.inputType('ImportStreetAddressesInput', {
  description: 'Input of the street addresses of a contact, one of each kind.',
  fields: (t) => ({
    home: t.field({ type: ImportStreetAddressInput, description: 'Home address.' }),
    work: t.field({ type: ImportStreetAddressInput, description: 'Work address.' }),
    other: t.field({ type: ImportStreetAddressInput, description: 'Another street address.' }),
  }),
});

const ImportCustomFieldKeyInput = builder.inputType('ImportCustomFieldKeyInput', {
  description: 'Reference to a custom field. Set exactly one of the two fields.',
  isOneOf: true,
  fields: (t) => ({
    id: t.id({ description: 'Global ID or Constant Contact ID of the custom field.' }),
    name: t.string(
      limited`Name of the custom field (\`CustomField.name\`, not its label), ${{ minLength: 1, maxLength: 50 }}.`,
    ),
  }),
});

const ImportCustomFieldInput = builder.inputType('ImportCustomFieldInput', {
  description: 'Value of a custom field, for an imported contact.',
  fields: (t) => ({
    field: t.field({
      type: ImportCustomFieldKeyInput,
      required: true,
      description: 'Custom field that gets the value.',
    }),
    value: t.string({
      required: true,
      ...limited`Value, as text whatever the type of the field, ${{ maxLength: 255 }}.`,
    }),
  }),
});

const ImportContactInput = builder.inputType('ImportContactInput', {
  description:
    'Input of a contact to create, or to update when a contact with its `email` or `smsNumber` exists. Omitted fields keep their values.',
  fields: (t) => ({
    email: t.string(
      limited`Email address, ${{ maxLength: 50, isTrimmed: true }}. It or \`smsNumber\` is required.`,
    ),
    smsNumber: t.string(limited`Phone number for text messages, ${{ maxLength: 16, isTrimmed: true }}.`),
    smsConsentDate: t.string(
      limited`Date on which the person consented to text messages, ${{ maxLength: 16 }}.`,
    ),
    firstName: t.string(limited`First name, ${NAME}.`),
    lastName: t.string(limited`Last name, ${NAME}.`),
    jobTitle: t.string(limited`Job title, ${NAME}.`),
    companyName: t.string(limited`Employer, ${NAME}.`),
    birthday: t.field({ type: BirthdayInput, description: 'Birthday, without a year.' }),
    anniversary: t.string({ description: 'Anniversary, as YYYY-MM-DD or MM/DD/YYYY.' }),
    phone: t.string(
      limited`Phone number without a kind, ${{ maxLength: 50 }}. Stored with the kind OTHER; not together with \`phoneNumbers.other\`.`,
    ),
    phoneNumbers: t.field({ type: ImportPhoneNumbersInput, description: 'Phone numbers by kind.' }),
    streetAddress: t.field({
      type: ImportStreetAddressInput,
      description:
        'Street address without a kind, stored with the kind HOME. Not together with `streetAddresses.home`.',
    }),
    streetAddresses: t.field({ type: ImportStreetAddressesInput, description: 'Street addresses by kind.' }),
    customFields: t.field({
      type: [ImportCustomFieldInput],
      ...limited`Values of custom fields, ${{ maxItems: limits.customFields }}.`,
    }),
  }),
});

const LISTS = limited`Lists to add the contacts to, ${{ minItems: 1, maxItems: limits.lists }}. Unsubscribed contacts are not added.`;
const SMS_PERMISSION = limited`Consent to record for phone numbers for text messages: ${{ enum: ['EXPLICIT', 'NOT_SET'] }}. Default: NOT_SET.`;
const ALLOW_UNKNOWN =
  'True to send columns and custom fields that the API does not know; it drops their values without an error. Default: false, which rejects the import.';
const BYTES = `4 MB (${limits.bytes.toLocaleString('en')} bytes)`;
const LINES = limits.lines.toLocaleString('en');

const ImportFile = builder.inputType('ImportFile', {
  description: `A CSV file. Set exactly one of the fields. At most ${BYTES} and ${LINES} lines, the first included. UTF-16, Windows-1252, semicolons, tabs and vertical bars are converted. The first line has the names of the columns: email or sms_number, first_name, last_name, phone (also as home_phone, work_phone, mobile_phone, other_phone), job_title, anniversary, birthday_day, birthday_month, company_name, street, street2, city, state, zip, country (also with home_, work_ or other_ before them), sms_consent_date, and \`cf:\` followed by the name of a custom field, at most ${25} values per contact. Other spellings, such as the headings of the web application, exports and the V2 API, are mapped to these names; so are labels of custom fields, and a single column of birthdays as MM/DD.`,
  isOneOf: true,
  fields: (t) => ({
    upload: t.field({
      type: 'File',
      description: 'The file, as a part of a multipart request.',
    }),
    text: t.string({ description: 'Text of the file.' }),
    base64: t.string({ description: 'Bytes of the file in base64.' }),
  }),
});

const UNKNOWN =
  'Columns and custom fields that the API does not know. Their values were dropped. Empty unless `allowUnknownColumns` is true.';

const STARTED = 'Background job that imports the contacts. Its `counters` and `failures` have the result.';

const MappedColumn = builder.objectRef<Column>('MappedColumn').implement({
  description: 'A column of an imported file whose heading was replaced with the name that the API knows.',
  fields: (t) => ({
    heading: t.exposeString('heading', { nullable: false, description: 'Heading in the file.' }),
    column: t.exposeString('name', { nullable: false, description: 'Heading that was sent to the API.' }),
  }),
});

const RULES =
  'New contacts get the permission IMPLICIT; existing contacts keep theirs, and only the given values change. Unsubscribed contacts stay unsubscribed and are not added to lists; `counters.cannotAddToListCount` of the activity counts them.';

mutation('importContacts', {
  description: `Creates and updates contacts in bulk. ${RULES} Starts a background job.`,
  queryCost: cost.all(cost.calls(1), cost.calls(1, { when: 'there are custom fields' })),
  argument: 'The contacts and their lists.',
  input: (t) => ({
    contacts: t.field({
      type: [ImportContactInput],
      required: true,
      ...limited`The contacts, ${{ minItems: 1, maxItems: limits.lines }}, in total at most ${BYTES} as sent to the API.`,
    }),
    listIds: t.idList({ required: true, ...LISTS }),
    smsPermissionToSend: t.field({ type: SmsConsentPermission.type, ...SMS_PERMISSION }),
    allowUnknownColumns: t.boolean({ description: ALLOW_UNKNOWN }),
  }),
  payload: (t) => ({
    ...startedJob(t, STARTED),
    unknownColumns: t.exposeStringList('unknownColumns', { description: UNKNOWN }),
  }),
  resolve: importContacts,
});

mutation('importContactsFromFile', {
  description: `Creates and updates contacts from a CSV file. ${RULES} Starts a background job.`,
  queryCost: cost.all(
    cost.calls(1),
    cost.calls(1, {
      when: 'the file has columns of custom fields, or headings that the API does not know',
    }),
  ),
  argument: 'The file and the lists of its contacts.',
  input: (t) => ({
    file: t.field({ type: ImportFile, required: true, description: 'The CSV file.' }),
    fileName: t.string({
      description:
        'Name of the file, shown as `BulkActivity.sourceFileName`. It must end in .csv. Default: the name of the upload, or contacts.csv.',
    }),
    listIds: t.idList({ required: true, ...LISTS }),
    smsPermissionToSend: t.field({ type: SmsConsentPermission.type, ...SMS_PERMISSION }),
    allowUnknownColumns: t.boolean({ description: ALLOW_UNKNOWN }),
  }),
  payload: (t) => ({
    ...startedJob(t, STARTED),
    unknownColumns: t.exposeStringList('unknownColumns', { description: UNKNOWN }),
    mappedColumns: t.expose('mappedColumns', {
      type: [MappedColumn],
      description: 'Columns whose headings were replaced, such as "Email Address" with email.',
    }),
    convertedFrom: t.exposeString('convertedFrom', {
      description:
        'Original encoding and separator of a converted file, for example "UTF-16LE, separated by tabs". `null` when the file had UTF-8 and commas.',
    }),
  }),
  resolve: importContactsFromFile,
});
