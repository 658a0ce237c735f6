import type { GraphQLResolveInfo } from 'graphql';
import { parseDate } from '../constant-contact/dates.js';
import { ConstantContactError } from '../constant-contact/errors.js';
import type { Context } from '../context.js';
import type { BulkActivity } from '../loaders/bulk-activity.js';
import type { ExportTable, Headings } from '../loaders/contact-export.js';
import type { PageSource } from '../loaders/makers/page-source.js';
import { exportFileId } from './bulk-activity.js';
import { BULK_LIMITS, wireSource } from './bulk-source.js';
import type { ExportContactsInput } from './inputs.js';
import { dropNulls } from './support/drop-nulls.js';
import { bareId, rawIds } from './support/global-id.js';
import { InputError } from './support/input-error.js';
import { convertAll } from './support/limits.js';
import { mutate } from './support/mutate.js';
import { MAX_FIRST, paginate, type Connection, type ConnectionArgs } from './support/page.js';
import { selects } from './support/selection.js';

/** The file of an export. Its contents are read only when they are selected. */
export interface ContactExport {
  fileExportId: string;
}

/** One line of an export file. */
export interface ExportedContact {
  table: ExportTable;
  headings: Headings;
  cells: readonly string[];
}

/** Default of `first` for rows of an export: reading all of them costs no extra call. */
export const EXPORT_ROWS_DEFAULT = MAX_FIRST;

/** Null when the file does not exist, which is detected only when its contents are selected. */
export async function contactExport(
  _parent: unknown,
  args: { fileExportId: string },
  { loaders }: Context,
  info: GraphQLResolveInfo,
): Promise<ContactExport | null> {
  const fileExportId = bareId(args.fileExportId, 'an export file', ['fileExportId']);
  const opens = selects(info, 'csv', 'columns', 'rows');
  if (opens && (await loaders.contactExports.load(fileExportId)) === null) return null;
  return { fileExportId };
}

export function exportOf(activity: BulkActivity): ContactExport | null {
  const fileExportId = exportFileId(activity);
  return fileExportId === null ? null : { fileExportId };
}

/** Path on this server that streams the file, whatever its size. */
export function downloadPath({ fileExportId }: ContactExport, _args: unknown, { basePath }: Context): string {
  return `${basePath}/exports/${encodeURIComponent(fileExportId)}.csv`;
}

export async function csv(
  { fileExportId }: ContactExport,
  _args: unknown,
  { loaders }: Context,
): Promise<string | null> {
  return (await loaders.contactExports.load(fileExportId))?.text() ?? null;
}

export async function columns(
  { fileExportId }: ContactExport,
  _args: unknown,
  { loaders }: Context,
): Promise<readonly string[] | null> {
  const table = await loaders.contactExports.load(fileExportId);
  return table && (await table.headings()).names;
}

export async function rows(
  { fileExportId }: ContactExport,
  args: ConnectionArgs,
  { loaders }: Context,
): Promise<Connection<ExportedContact> | null> {
  const table = await loaders.contactExports.load(fileExportId);
  if (!table) return null;
  const first = args.first ?? EXPORT_ROWS_DEFAULT;
  return paginate({ ...args, first }, rowsOf(fileExportId, table, first), { count: () => table.count() });
}

/** Pages of a file. A position is the byte offset of a row, so pages can have any size. */
function rowsOf(fileExportId: string, table: ExportTable, first: number): PageSource<ExportedContact> {
  return {
    maxPage: MAX_FIRST,
    scope: ['contactExport', fileExportId, 'bytes'],
    check: (position) => {
      if (/^\d{1,12}$/.test(position)) return position;
      throw new ConstantContactError('invalidRequest', 'This is not a position in the file.');
    },
    fetch: async (position, limit) => {
      // The page of the cursor may have been smaller than the requested one.
      const most = Math.max(limit, first);
      const headings = await table.headings();
      const page = await table.page(position === null ? null : Number(position), most);
      return {
        rows: page.rows.map((cells) => ({ table, headings, cells })),
        next: page.next === null ? null : String(page.next),
        total: null,
        limit,
      };
    },
  };
}

/** The vendor does not document the headings. The first with a non-empty cell wins. */
const HEADINGS = {
  firstName: ['first_name'],
  lastName: ['last_name'],
  jobTitle: ['job_title'],
  companyName: ['company_name', 'company'],
  lists: ['email_lists', 'list_memberships', 'lists'],
  tags: ['tags', 'taggings'],
  createdAt: ['created_at'],
  updatedAt: ['updated_at'],
} as const;

/**
 * Some files name the columns of address, permission and status by the kind of address: `Email address -
 * other`.
 */
const ADDRESS_KINDS = ['', '_other', '_home', '_work'] as const;
type AddressKind = (typeof ADDRESS_KINDS)[number];

/** A cell by its meaning; null when the file has no such column or the cell is empty. */
export function cell(name: keyof typeof HEADINGS) {
  return (row: ExportedContact): string | null => firstFilled(row, HEADINGS[name]);
}

export function emailAddress(row: ExportedContact): string | null {
  const kind = kindOfAddress(row);
  return kind === undefined ? null : addressOf(row, kind);
}

/**
 * The permission, or else the status, of that address. Never that of another address in the row, because
 * consent belongs to one address.
 */
export function emailStatus(row: ExportedContact): string | null {
  const own = kindOfAddress(row);
  const kinds = [
    ...(own === undefined ? [] : [own]),
    ...ADDRESS_KINDS.filter((kind) => addressOf(row, kind) === null),
  ];
  return firstFilled(row, [
    ...kinds.map((kind) => `email_permission_status${kind}`),
    'permission_to_send',
    ...kinds.map((kind) => `email_status${kind}`),
  ]);
}

function kindOfAddress(row: ExportedContact): AddressKind | undefined {
  return ADDRESS_KINDS.find((kind) => addressOf(row, kind) !== null);
}

function addressOf(row: ExportedContact, kind: AddressKind): string | null {
  return firstFilled(row, [`email_address${kind}`, ...(kind === '' ? ['email'] : [])]);
}

function firstFilled({ headings, cells }: ExportedContact, names: readonly string[]): string | null {
  const index = names.map((name) => headings.indexOf(name)).find((at) => cells[at]);
  return index === undefined ? null : (cells[index] ?? null);
}

/** `01/31/1990`, with or without a time: `1/31/1990 4:05:06 PM`, `01/31/1990 16:05 -0400`. */
const MONTH_FIRST =
  /^(?<month>\d{1,2})[/-](?<day>\d{1,2})[/-](?<year>\d{4})(?:[T ,]+(?<hour>\d{1,2}):(?<minute>\d\d)(?<second>:\d\d)?(?:\.\d+)?(?:\s*(?<half>[AP])\.?M\.?)?\s*(?<zone>\S*))?$/i;

/** A cell with a date in any of the formats that exports use; null when it is empty. */
export function cellDate(name: keyof typeof HEADINGS) {
  const text = cell(name);
  return (row: ExportedContact): Date | null => {
    const written = text(row);
    const date = parseDate(written === null ? null : yearFirst(written.trim()));
    if (date !== null || written === null || written.trim() === '') return date;
    // The cell is not quoted: it may contain personal data.
    throw new ConstantContactError(
      'invalidResponse',
      'This cell of the export file is not a date. Select `values` for its text.',
      { operationId: 'getContactsExport' },
    );
  };
}

function yearFirst(text: string): string {
  const parts = MONTH_FIRST.exec(text)?.groups;
  if (!parts) return text.replace(/\s*\b(?:UTC|GMT)$/i, 'Z');
  const { month = '', day = '', year = '', hour, minute = '', second = '', half, zone = '' } = parts;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  if (hour === undefined) return date;
  const isAfternoon = half?.toUpperCase() === 'P';
  const hours = half ? (Number(hour) % 12) + (isAfternoon ? 12 : 0) : Number(hour);
  return `${date}T${String(hours).padStart(2, '0')}:${minute}${second}${zone.replace(/^(?:UTC|GMT)$/i, 'Z')}`;
}

export interface ExportedValue {
  column: string;
  value: string | null;
}

export function values({ table, headings, cells }: ExportedContact): ExportedValue[] {
  table.takeCells(headings.names.length);
  return headings.names.map((column, index) => ({ column, value: cells[index] || null }));
}

export function value({ headings, cells }: ExportedContact, args: { column: string }): string | null {
  return cells[headings.indexOf(args.column)] || null;
}

export const exportContacts = mutate(async ({ input }: { input: ExportContactsInput }, { api }) => {
  const [source, contact_ids, fields] = convertAll(
    () => (input.source ? wireSource(input.source, ['input', 'source']) : {}),
    () =>
      rawIds('Contact', input.excludeContactIds ?? [], ['input', 'excludeContactIds'], {
        min: 0,
        max: BULK_LIMITS.exportExclude,
      }),
    () => exportFields(input.fields),
    () => checkCombination(input),
  );
  const body = dropNulls({
    ...source,
    new_subscriber: input.newSubscribers || null,
    status: input.status,
    exclude: contact_ids.length > 0 ? { contact_ids } : null,
    fields,
  });
  return { bulkActivity: await api.call('postContactsExport', { body }) };
});

/** @throws InputError for combinations that the API does not support */
function checkCombination({ source, newSubscribers, status, excludeContactIds }: ExportContactsInput): void {
  const refuse = (field: string, message: string) => {
    throw new InputError('NOT_ALLOWED', message, ['input', field]);
  };
  if (newSubscribers && ((source && !source.listIds) || status != null)) {
    refuse(
      'newSubscribers',
      'newSubscribers can be combined only with the source listIds and with excludeContactIds.',
    );
  }
  if (status != null && source && !source.contactIds && !source.listIds) {
    refuse('status', 'status can be combined only with the sources contactIds and listIds.');
  }
  if (excludeContactIds?.length && !source?.listIds && !newSubscribers) {
    refuse(
      'excludeContactIds',
      'Contacts can be excluded only when the source is listIds, or with newSubscribers.',
    );
  }
}

/**
 * @throws InputError for an empty list, which the API would treat as all fields, and for consent columns
 * without the address
 */
function exportFields(fields: readonly string[] | null | undefined): string[] | null {
  if (fields == null) return null;
  if (fields.length === 0) {
    throw new InputError(
      'REQUIRED',
      'Give at least one field, or leave `fields` out to export all of them.',
      ['input', 'fields'],
    );
  }
  const consent = fields.find((field) => /opt_?(in|out)/i.test(field));
  if (consent !== undefined && !fields.includes('email_address')) {
    throw new InputError('REQUIRED', `The column ${consent} requires email_address among the fields.`, [
      'input',
      'fields',
    ]);
  }
  return [...fields];
}
