import { parse } from 'csv-parse/sync';
import { invalid, Refusal } from '../errors.js';
import { csv, type Handlers } from '../handler.js';
import { checkLists } from '../model/contact-parts.js';
import { importContacts, type ImportRow } from '../model/import.js';

/** The API silently drops longer content. */
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_ROWS = 40_000;
/** The line of headings counts against the limit. */
const MAX_CSV_ROWS = MAX_ROWS - 1;
const COUNTERS = {
  items_total_count: 0,
  person_count: 0,
  error_count: 0,
  correctable_count: 0,
  cannot_add_to_list_count: 0,
};

export const contactImport = {
  contactsCSVImport: (call) => {
    const { account, now, body, files } = call;
    const { file } = files;
    if (!file) throw invalid('file is missing.');
    if (!/\.csv$/i.test(file.name))
      throw new Refusal(415, 'unsupported_media_type', 'The file is not a .csv file.');
    const listIds = checkLists(account, csv(body.list_ids));
    const smsPermission = body.sms_permission_to_send ?? 'not_set';
    // Line 1 has the headings, so the first contact is on line 2.
    const rows = csvRows(file.text).map((values, i) => ({ line: i + 2, values }));
    const activity = account.jobs.submit(
      {
        operationId: 'contactsCSVImport',
        items: rows.length,
        counters: { ...COUNTERS, items_total_count: rows.length },
        sourceFileName: file.name,
        run: (at) => importContacts(account, { rows, listIds, smsPermission }, at),
      },
      now,
    );
    return { status: 201, body: activity };
  },

  bulkImportContactsJSON: (call) => {
    const { account, now, body } = call;
    const listIds = checkLists(account, body.list_ids);
    const smsPermission = body.sms_permission_to_send ?? 'not_set';
    const rows = jsonRows(body.import_data).map((values, i) => ({ line: i + 1, values }));
    const activity = account.jobs.submit(
      {
        operationId: 'bulkImportContactsJSON',
        items: rows.length,
        counters: { ...COUNTERS, items_total_count: rows.length },
        run: (at) => importContacts(account, { rows, listIds, smsPermission }, at),
      },
      now,
    );
    return { status: 201, body: activity };
  },
} satisfies Handlers;

function csvRows(text: string): ImportRow[] {
  const bytes = Buffer.from(text);
  const whole = bytes.length <= MAX_BYTES;
  const read = whole ? text : bytes.subarray(0, bytes.lastIndexOf('\n', MAX_BYTES) + 1).toString();
  let rows: ImportRow[];
  try {
    rows = parse<ImportRow>(read, {
      bom: true,
      columns: (headings: string[]) => headings.map((heading) => normalHeading(heading)),
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    });
  } catch {
    throw invalid('The file is not valid CSV.');
  }
  const [first] = rows;
  if (first && !('email' in first) && !('sms_number' in first)) {
    throw invalid('The file has neither an email nor an sms_number heading.');
  }
  return rows.slice(0, MAX_CSV_ROWS);
}

/** Headings in lower case, except names of custom fields. */
function normalHeading(heading: string): string {
  const text = heading.trim();
  return /^cf:/i.test(text) ? `cf:${text.slice(3)}` : text.toLowerCase();
}

function jsonRows(data: readonly object[]): ImportRow[] {
  const rows: ImportRow[] = [];
  let size = 0;
  for (const item of data.slice(0, MAX_ROWS)) {
    size += Buffer.byteLength(JSON.stringify(item)) + 1;
    if (size > MAX_BYTES) break;
    const values = Object.entries(item).flatMap(([key, value]) =>
      value === null || value === undefined ? [] : [[key, String(value)] as const],
    );
    rows.push(Object.fromEntries(values));
  }
  return rows;
}
