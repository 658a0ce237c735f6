import { contactExports } from '../loaders/contact-export.js';
import type { BulkActivity as BulkActivityRow } from '../loaders/bulk-activity.js';
import { BULK_LIMITS as limits } from '../resolvers/bulk-source.js';
import * as resolvers from '../resolvers/contact-export.js';
import { builder } from './builder.js';
import { BulkActivity, startedJob } from './bulk-activity.js';
import { connectionArgs, connectionType } from './connection.js';
import { payloadType } from './payload.js';
import { cost } from './cost.js';

const ExportedValue = builder.objectRef<resolvers.ExportedValue>('ExportedValue');
ExportedValue.implement({
  description: 'One cell of an export file.',
  fields: (t) => ({
    column: t.exposeString('column', { nullable: false, description: 'Heading of the column.' }),
    value: t.exposeString('value', { description: 'The text; null when the cell is empty.' }),
  }),
});

const ExportedContact = builder.objectRef<resolvers.ExportedContact>('ExportedContact');
ExportedContact.implement({
  description:
    'One line of an export file. A named field is null when the file has no such column; `values` has everything, custom fields too.',
  fields: (t) => ({
    emailAddress: t.string({ description: 'Address.', resolve: resolvers.emailAddress }),
    firstName: t.string({ description: 'Given name.', resolve: resolvers.cell('firstName') }),
    lastName: t.string({ description: 'Family name.', resolve: resolvers.cell('lastName') }),
    jobTitle: t.string({ description: 'Job title.', resolve: resolvers.cell('jobTitle') }),
    companyName: t.string({ description: 'Employer.', resolve: resolvers.cell('companyName') }),
    emailStatus: t.string({
      description: 'Permission to use the address, in the words of the file.',
      resolve: resolvers.emailStatus,
    }),
    lists: t.string({ description: 'Names of the lists, in one text.', resolve: resolvers.cell('lists') }),
    tags: t.string({ description: 'Names of the tags, in one text.', resolve: resolvers.cell('tags') }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When the contact was made.',
      resolve: resolvers.cellDate('createdAt'),
    }),
    updatedAt: t.field({
      type: 'DateTime',
      description: 'When its own details last changed.',
      resolve: resolvers.cellDate('updatedAt'),
    }),
    values: t.field({
      type: [ExportedValue],
      nullable: false,
      description: 'All cells, in the order of the columns.',
      resolve: resolvers.values,
    }),
    value: t.string({
      description: 'The cell in one column; null when it is empty or there is no such column.',
      args: {
        column: t.arg.string({
          required: true,
          description: 'Heading of the column. Case, blanks and punctuation do not matter.',
        }),
      },
      resolve: resolvers.value,
    }),
  }),
});

const ExportedContactConnection = connectionType('ExportedContact', ExportedContact, {
  of: 'lines of an export file',
  totalCount: 'Lines of the whole file, the headings left out.',
});

/** Fields of an export file for which it has to be read. */
const FILE_CONTENTS = ['csv', 'columns', 'rows'];

const ContactExport = builder.objectRef<resolvers.ContactExport>('ContactExport');
ContactExport.implement({
  description:
    'The file that an export has written. Its contents are read once, and kept for these credentials for five minutes.',
  fields: (t) => ({
    fileExportId: t.exposeID('fileExportId', { nullable: false, description: 'Id of the file.' }),
    downloadPath: t.string({
      nullable: false,
      description:
        'Path on this server that streams the file, whatever its size, to callers with the same credentials.',
      queryCost: cost.none,
      resolve: resolvers.downloadPath,
    }),
    csv: t.string({
      description: 'The whole file as text, at most 4 MB. For larger files use `rows` or `downloadPath`.',
      resolve: resolvers.csv,
    }),
    columns: t.stringList({
      nullable: { list: true, items: false },
      description: 'Headings of the columns. The vendor does not document them; they depend on `fields`.',
      resolve: resolvers.columns,
    }),
    rows: t.field({
      type: ExportedContactConnection,
      description:
        'Rows of the file. The next pages continue in the file that the first one has read; after five minutes it is read again. An operation reads at most 16 MB and 500,000 `values`.',
      queryCost: cost.rows(resolvers.EXPORT_ROWS_DEFAULT),
      args: connectionArgs(t.arg, { defaultFirst: resolvers.EXPORT_ROWS_DEFAULT, whole: true }),
      resolve: resolvers.rows,
    }),
  }),
});

builder.objectField(BulkActivity, 'export', (t) =>
  t.field({
    type: ContactExport,
    description: 'For exports: the file; null until it is written.',
    queryCost: cost.one(contactExports, { selects: FILE_CONTENTS }),
    resolve: resolvers.exportOf,
  }),
);

builder.queryFields((t) => ({
  contactExport: t.field({
    type: ContactExport,
    description:
      'The file of an export; null when there is none. The id is `export { fileExportId }` of the finished bulk activity.',
    queryCost: cost.one(contactExports, { selects: FILE_CONTENTS }),
    args: { fileExportId: t.arg.id({ required: true, description: 'Id of the file.' }) },
    resolve: resolvers.contactExport,
  }),
}));

const ExportContactsSource = builder.inputType('ExportContactsSource', {
  description: 'The contacts to export: exactly one of these.',
  isOneOf: true,
  fields: (t) => ({
    contactIds: t.idList({ description: `These contacts, at most ${limits.contacts}.` }),
    listIds: t.idList({ description: `Members of any of these lists, at most ${limits.lists}.` }),
    tagIds: t.idList({ description: `Contacts with any of these tags, at most ${limits.tags}.` }),
    segmentId: t.id({ description: 'Contacts in this segment.' }),
  }),
});

const ExportContactsInput = builder.inputType('ExportContactsInput', {
  description: 'What to export; every contact with every column when all is left out.',
  fields: (t) => ({
    source: t.field({
      type: ExportContactsSource,
      description: 'Which contacts; all of the account when left out.',
    }),
    newSubscribers: t.boolean({
      description:
        'Set to true for those who came in lately. Goes with the source listIds and with excludeContactIds only.',
    }),
    status: t.string({
      description:
        'Only contacts in this state, in the words of the API: active, unsubscribed and removed are known, the vendor gives no list. Goes with the sources contactIds and listIds, or stands alone.',
    }),
    excludeContactIds: t.idList({
      description: `Contacts to leave out, at most ${limits.exportExclude}. Goes with the source listIds and with newSubscribers.`,
    }),
    fields: t.stringList({
      description:
        'Columns, in this order, by the names of the API (email_address, first_name, …) and of custom fields; all when left out. Columns about opting in or out need email_address.',
    }),
  }),
});

const ExportContactsPayload = payloadType<{ bulkActivity: BulkActivityRow }>(
  'ExportContactsPayload',
  'What came of `exportContacts`.',
  (t) => ({
    ...startedJob(t, 'The job that writes the file. When it is completed, its `export` is the file.'),
  }),
);

builder.mutationFields((t) => ({
  exportContacts: t.field({
    type: ExportContactsPayload,
    description: 'Starts an export of contacts to a file. Then read `bulkActivity` until it is completed.',
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: ExportContactsInput, required: true, description: 'What to export.' }) },
    resolve: resolvers.exportContacts,
  }),
}));
