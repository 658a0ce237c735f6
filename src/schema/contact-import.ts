import type { BulkActivity as BulkActivityRow } from '../loaders/bulk-activity.js';
import type { Column } from '../resolvers/contact-import-columns.js';
import { importContactsFromFile } from '../resolvers/contact-import-file.js';
import { IMPORT_LIMITS as limits, importContacts } from '../resolvers/contact-import.js';
import { builder } from './builder.js';
import { startedJob } from './bulk-activity.js';
import { SmsConsentPermission } from './contact-detail.js';
import { BirthdayInput } from './contact-input.js';
import { payloadType } from './payload.js';
import { cost } from './cost.js';

const NAME = `At most ${limits.text} characters.`;

const ImportPhoneNumbersInput = builder.inputType('ImportPhoneNumbersInput', {
  description: `Phone numbers of a contact, one of a kind, at most ${limits.phones} with \`phone\`.`,
  fields: (t) => ({
    home: t.string({ description: `Number at home. ${NAME}` }),
    work: t.string({ description: `Number at work. ${NAME}` }),
    mobile: t.string({ description: `Mobile number. ${NAME}` }),
    other: t.string({ description: `Any other number. ${NAME}` }),
  }),
});

const ImportStreetAddressInput = builder.inputType('ImportStreetAddressInput', {
  description: 'A street address of a contact.',
  fields: (t) => ({
    street: t.string({ description: `Street and number, at most ${limits.street} characters.` }),
    street2: t.string({ description: `Second line of it, at most ${limits.street} characters.` }),
    city: t.string({ description: `City. ${NAME}` }),
    state: t.string({ description: `State or province. ${NAME}` }),
    postalCode: t.string({ description: `Postal code. ${NAME}` }),
    country: t.string({ description: `Country. ${NAME}` }),
  }),
});

const ImportStreetAddressesInput = builder.inputType('ImportStreetAddressesInput', {
  description: 'Street addresses of a contact, one of a kind.',
  fields: (t) => ({
    home: t.field({ type: ImportStreetAddressInput, description: 'Address at home.' }),
    work: t.field({ type: ImportStreetAddressInput, description: 'Address at work.' }),
    other: t.field({ type: ImportStreetAddressInput, description: 'Any other address.' }),
  }),
});

const ImportCustomFieldKeyInput = builder.inputType('ImportCustomFieldKeyInput', {
  description: 'A custom field: exactly one of the two.',
  isOneOf: true,
  fields: (t) => ({
    id: t.id({ description: 'Global or raw id of the field.' }),
    name: t.string({ description: 'Name of the field (`CustomField.name`, not its label).' }),
  }),
});

const ImportCustomFieldInput = builder.inputType('ImportCustomFieldInput', {
  description: 'A value for one custom field.',
  fields: (t) => ({
    field: t.field({ type: ImportCustomFieldKeyInput, required: true, description: 'The field.' }),
    value: t.string({
      required: true,
      description: `The value as text, at most ${limits.customFieldValue} characters, whatever the type.`,
    }),
  }),
});

const ImportContactInput = builder.inputType('ImportContactInput', {
  description:
    'A contact to add, or to change when its email or smsNumber is known already. What is left out stays as it is.',
  fields: (t) => ({
    email: t.string({
      description: `Address, at most ${limits.text} characters. It or smsNumber is needed.`,
    }),
    smsNumber: t.string({
      description: `Number for text messages, at most ${limits.smsNumber} characters.`,
    }),
    smsConsentDate: t.string({
      description: `Day on which the person agreed to text messages, at most ${limits.smsNumber} characters.`,
    }),
    firstName: t.string({ description: `Given name. ${NAME}` }),
    lastName: t.string({ description: `Family name. ${NAME}` }),
    jobTitle: t.string({ description: `Job title. ${NAME}` }),
    companyName: t.string({ description: `Employer. ${NAME}` }),
    birthday: t.field({ type: BirthdayInput, description: 'Birthday, without a year.' }),
    anniversary: t.string({ description: 'A day of your choice, as YYYY-MM-DD or MM/DD/YYYY.' }),
    phone: t.string({
      description: `Phone number of no kind in particular, which becomes one of kind OTHER: instead of \`phoneNumbers.other\`. ${NAME}`,
    }),
    phoneNumbers: t.field({ type: ImportPhoneNumbersInput, description: 'Phone numbers.' }),
    streetAddress: t.field({
      type: ImportStreetAddressInput,
      description:
        'Street address of no kind in particular, which becomes one of kind HOME: instead of `streetAddresses.home`.',
    }),
    streetAddresses: t.field({ type: ImportStreetAddressesInput, description: 'Street addresses.' }),
    customFields: t.field({
      type: [ImportCustomFieldInput],
      description: `Values of custom fields, at most ${limits.customFields}.`,
    }),
  }),
});

const LISTS = `Lists to put the contacts on, 1 to ${limits.lists}. Those who opted out are put on none.`;
const SMS_PERMISSION =
  'Consent of those who come with a number for text messages: EXPLICIT or NOT_SET, the default.';
const ALLOW_UNKNOWN =
  'Whether to send columns and custom fields that the API does not know. It drops their values without an error. Default: false, which refuses the import.';
const BYTES = `4 MB (${limits.bytes.toLocaleString('en')} bytes)`;
const LINES = limits.lines.toLocaleString('en');

const ImportContactsInput = builder.inputType('ImportContactsInput', {
  description: 'Contacts to import.',
  fields: (t) => ({
    contacts: t.field({
      type: [ImportContactInput],
      required: true,
      description: `The contacts, 1 to ${LINES}, together at most ${BYTES} as the API gets them.`,
    }),
    listIds: t.idList({ required: true, description: LISTS }),
    smsPermissionToSend: t.field({ type: SmsConsentPermission.type, description: SMS_PERMISSION }),
    allowUnknownColumns: t.boolean({ description: ALLOW_UNKNOWN }),
  }),
});

const ImportFile = builder.inputType('ImportFile', {
  description: `A CSV file, in exactly one of these ways. At most ${BYTES} and ${LINES} lines, the first included. UTF-16, Windows-1252, semicolons, tabs and vertical bars are converted. The first line names the columns: email or sms_number, first_name, last_name, phone (also as home_phone, work_phone, mobile_phone, other_phone), job_title, anniversary, birthday_day, birthday_month, company_name, street, street2, city, state, zip, country (also with home_, work_ or other_ before them), sms_consent_date, and \`cf:\` with the name of a custom field, at most ${limits.customFields} of them for a contact. Other spellings, such as the headings of the vendor's screens, exports and V2 API, are mapped to these; so are the label of a custom field, and one column of birthdays as MM/DD.`,
  isOneOf: true,
  fields: (t) => ({
    upload: t.field({
      type: 'File',
      description: 'The file itself, as a part of a multipart request.',
    }),
    text: t.string({ description: 'The text of the file.' }),
    base64: t.string({ description: 'The bytes of the file in base64.' }),
  }),
});

const ImportContactsFromFileInput = builder.inputType('ImportContactsFromFileInput', {
  description: 'A file of contacts to import.',
  fields: (t) => ({
    file: t.field({ type: ImportFile, required: true, description: 'The file.' }),
    fileName: t.string({
      description:
        "Name of the file, which the activity will show; it ends in .csv. The upload's own name, or contacts.csv, when left out.",
    }),
    listIds: t.idList({ required: true, description: LISTS }),
    smsPermissionToSend: t.field({ type: SmsConsentPermission.type, description: SMS_PERMISSION }),
    allowUnknownColumns: t.boolean({ description: ALLOW_UNKNOWN }),
  }),
});

const UNKNOWN =
  'Columns and custom fields that the API does not know, whose values it drops. Empty unless `allowUnknownColumns` is true.';

const STARTED = 'The job that imports; its `counters` and `failures` tell what came of each line.';

const ImportContactsPayload = payloadType<{ bulkActivity: BulkActivityRow; unknownColumns: string[] }>(
  'ImportContactsPayload',
  'What came of `importContacts`.',
  (t) => ({
    ...startedJob(t, STARTED),
    unknownColumns: t.stringList({
      nullable: { list: true, items: false },
      description: UNKNOWN,
      resolve: ({ unknownColumns }) => unknownColumns,
    }),
  }),
);

const MappedColumn = builder.objectRef<Column>('MappedColumn');
MappedColumn.implement({
  description: 'A column of a file whose heading was replaced by the name that the API knows.',
  fields: (t) => ({
    heading: t.exposeString('heading', { nullable: false, description: 'The heading in the file.' }),
    column: t.exposeString('name', { nullable: false, description: 'The heading that was sent.' }),
  }),
});

const ImportContactsFromFilePayload = payloadType<{
  bulkActivity: BulkActivityRow;
  unknownColumns: string[];
  mappedColumns: Column[];
  convertedFrom: string | null;
}>('ImportContactsFromFilePayload', 'What came of `importContactsFromFile`.', (t) => ({
  ...startedJob(t, STARTED),
  unknownColumns: t.stringList({
    nullable: { list: true, items: false },
    description: UNKNOWN,
    resolve: ({ unknownColumns }) => unknownColumns,
  }),
  mappedColumns: t.field({
    type: [MappedColumn],
    nullable: { list: true, items: false },
    description: 'Headings that were replaced, such as "Email Address" by email.',
    resolve: ({ mappedColumns }) => mappedColumns,
  }),
  convertedFrom: t.string({
    description:
      'What the file was before it was converted to UTF-8 and commas, for example "UTF-16LE, separated by tabs"; null when it was UTF-8 with commas.',
    resolve: ({ convertedFrom }) => convertedFrom,
  }),
}));

const RULES =
  'New contacts get the permission IMPLICIT, those who are known keep theirs, and only what is given changes. Unsubscribed contacts stay unsubscribed and are put on no list; `counters.cannotAddToListCount` of the activity counts them.';

builder.mutationFields((t) => ({
  importContacts: t.field({
    type: ImportContactsPayload,
    description: `Adds and changes contacts. ${RULES} It starts a job.`,
    queryCost: cost.all(cost.calls(1), cost.calls(1, { when: 'there are custom fields' })),
    args: { input: t.arg({ type: ImportContactsInput, required: true, description: 'The contacts.' }) },
    resolve: importContacts,
  }),
  importContactsFromFile: t.field({
    type: ImportContactsFromFilePayload,
    description: `Adds and changes contacts from a CSV file. ${RULES} It starts a job.`,
    queryCost: cost.all(
      cost.calls(1),
      cost.calls(1, {
        when: 'the file has columns of custom fields, or headings that the API does not know',
      }),
    ),
    args: { input: t.arg({ type: ImportContactsFromFileInput, required: true, description: 'The file.' }) },
    resolve: importContactsFromFile,
  }),
}));
