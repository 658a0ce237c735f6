import { contactExports } from '../loaders/contact-export.js';
import { BULK_LIMITS as limits } from '../resolvers/bulk-source.js';
import * as resolvers from '../resolvers/contact-export.js';
import { builder } from './builder.js';
import { BulkActivity, startedJob } from './bulk-activity.js';
import { connectionArgs, connectionType } from './connection.js';
import { cost } from './cost.js';
import { mutation } from './mutation.js';
import { limited } from './limits.js';

const ExportedValue = builder.objectRef<resolvers.ExportedValue>('ExportedValue').implement({
  description: 'A cell of an export file.',
  fields: (t) => ({
    column: t.exposeString('column', { nullable: false, description: 'Heading of its column.' }),
    value: t.exposeString('value', { description: 'Text of the cell. `null` when it is empty.' }),
  }),
});

const ExportedContact = builder.objectRef<resolvers.ExportedContact>('ExportedContact').implement({
  description:
    'A contact in an export file. A field is `null` when the file does not have its column; `values` has all columns, including custom fields.',
  fields: (t) => ({
    emailAddress: t.string({ description: 'Email address.', resolve: resolvers.emailAddress }),
    firstName: t.string({ description: 'First name.', resolve: resolvers.cell('firstName') }),
    lastName: t.string({ description: 'Last name.', resolve: resolvers.cell('lastName') }),
    jobTitle: t.string({ description: 'Job title.', resolve: resolvers.cell('jobTitle') }),
    companyName: t.string({ description: 'Employer.', resolve: resolvers.cell('companyName') }),
    emailStatus: t.string({
      description: 'Permission to send email to the address, as the file spells it.',
      resolve: resolvers.emailStatus,
    }),
    lists: t.string({
      description: 'Names of the lists of the contact, in one text.',
      resolve: resolvers.cell('lists'),
    }),
    tags: t.string({
      description: 'Names of the tags of the contact, in one text.',
      resolve: resolvers.cell('tags'),
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When the contact was created.',
      resolve: resolvers.cellDate('createdAt'),
    }),
    updatedAt: t.field({
      type: 'DateTime',
      description: 'When details of the contact last changed.',
      resolve: resolvers.cellDate('updatedAt'),
    }),
    values: t.field({
      type: [ExportedValue],
      nullable: false,
      description: 'All cells of the contact, in the order of the columns.',
      resolve: resolvers.values,
    }),
    value: t.string({
      description: 'Cell of one column. `null` when the cell is empty or the file does not have the column.',
      args: {
        column: t.arg.string({
          required: true,
          description: 'Heading of the column. Case, spaces and punctuation are ignored.',
        }),
      },
      resolve: resolvers.value,
    }),
  }),
});

const ExportedContactConnection = connectionType('ExportedContact', ExportedContact, {
  of: 'contacts of an export file',
  totalCount: 'Number of contacts in the whole file, not only on this page.',
});

/** Fields of an export file that require reading it. */
const FILE_CONTENTS = ['csv', 'columns', 'rows'];

const ContactExport = builder.objectRef<resolvers.ContactExport>('ContactExport').implement({
  description:
    'The file of an export. Its contents are read once and cached for five minutes for the credentials of the request.',
  fields: (t) => ({
    fileExportId: t.exposeID('fileExportId', {
      nullable: false,
      description: 'Constant Contact ID of the file.',
    }),
    downloadPath: t.string({
      nullable: false,
      description:
        'Path on this server that streams the file, without a size limit, to requests with the same credentials.',
      queryCost: cost.none,
      resolve: resolvers.downloadPath,
    }),
    csv: t.string({
      description:
        'The whole file as CSV text, at most 4 MB. For larger files, use `rows` or `downloadPath`.',
      resolve: resolvers.csv,
    }),
    columns: t.stringList({
      description:
        'Headings of the columns. They depend on `ExportContactsInput.fields`; Constant Contact does not document them.',
      resolve: resolvers.columns,
    }),
    rows: t.field({
      type: ExportedContactConnection,
      description:
        'Contacts of the file. The next pages use the cached file; after five minutes it is read again. An operation reads at most 16 MB and 500,000 `values`.',
      queryCost: cost.rows(resolvers.EXPORT_ROWS_DEFAULT),
      args: connectionArgs(t.arg, { defaultFirst: resolvers.EXPORT_ROWS_DEFAULT, whole: true }),
      resolve: resolvers.rows,
    }),
  }),
});

builder.objectField(BulkActivity, 'export', (t) =>
  t.field({
    type: ContactExport,
    description: 'For exports: the file. `null` until it is written.',
    queryCost: cost.one(contactExports, { selects: FILE_CONTENTS }),
    resolve: resolvers.exportOf,
  }),
);

builder.queryFields((t) => ({
  contactExport: t.field({
    type: ContactExport,
    description:
      'The file of an export by its ID, which is `export { fileExportId }` of the completed bulk activity. `null` when it does not exist.',
    queryCost: cost.one(contactExports, { selects: FILE_CONTENTS }),
    args: { fileExportId: t.arg.id({ required: true, description: 'Constant Contact ID of the file.' }) },
    resolve: resolvers.contactExport,
  }),
}));

const ExportContactsSource = builder.inputType('ExportContactsSource', {
  description: 'Contacts to export. Set exactly one of the fields.',
  isOneOf: true,
  fields: (t) => ({
    contactIds: t.idList(limited`Contacts with these IDs, ${{ minItems: 1, maxItems: limits.contacts }}.`),
    listIds: t.idList(limited`Members of any of these lists, ${{ minItems: 1, maxItems: limits.lists }}.`),
    tagIds: t.idList(limited`Contacts with any of these tags, ${{ minItems: 1, maxItems: limits.tags }}.`),
    segmentId: t.id({ description: 'Contacts in this segment.' }),
  }),
});

mutation('exportContacts', {
  description:
    'Exports contacts to a file. Starts a background job; read `bulkActivity` until it is completed.',
  queryCost: cost.calls(1),
  argument: 'The contacts and columns to export.',
  inputNote: 'Without any field, all contacts are exported with all columns.',
  input: (t) => ({
    source: t.field({
      type: ExportContactsSource,
      description: 'Contacts to export. Default: all contacts of the account.',
    }),
    newSubscribers: t.boolean({
      description:
        'True for contacts that were added recently. Only with the source `listIds` and with `excludeContactIds`.',
    }),
    status: t.string({
      description:
        'Status of the contacts, as the API spells it: active, unsubscribed and removed are known, Constant Contact documents no list. Only with the source `contactIds` or `listIds`, or without a source.',
    }),
    excludeContactIds: t.idList(
      limited`Contacts to exclude, ${{ maxItems: limits.exportExclude }}. Only with the source \`listIds\` and with \`newSubscribers\`.`,
    ),
    fields: t.stringList(
      limited`Columns in this order, ${{ minItems: 1 }}, by the names of the API (email_address, first_name, …) and of custom fields. Default: all columns. Columns about opt-ins and opt-outs require email_address.`,
    ),
  }),
  payload: (t) => ({
    ...startedJob(t, 'Background job that writes the file. When it is completed, its `export` has the file.'),
  }),
  resolve: resolvers.exportContacts,
});
