import { Readable } from 'node:stream';
import { CsvError } from 'csv-parse/sync';
import { CsvLimitError, csvRows } from '../constant-contact/csv.js';
import { Form, type FormFile } from '../constant-contact/http/form.js';
import { checkBytes, IMPORT_LIMITS } from './contact-import.js';
import { rawIds } from './support/global-id.js';
import { InputError } from './support/input-error.js';
import { mutate } from './support/mutate.js';

/** The file, in one of the ways in which it can come. */
interface FileInput {
  upload?: FormFile | null;
  text?: string | null;
  base64?: string | null;
}

export interface ImportContactsFromFileInput {
  file: FileInput;
  fileName?: string | null;
  lists: readonly string[];
  smsPermissionToSend?: string | null;
}

const FIELD = ['input', 'file'];

/** Headings that the vendor guide lists, and those that it lists for rows of JSON. Custom fields are `cf:` and a name. */
const KNOWN_HEADINGS: ReadonlySet<string> = new Set([
  ...['email', 'first_name', 'last_name', 'job_title', 'company_name', 'anniversary'],
  ...['birthday_day', 'birthday_month', 'sms_number', 'sms_consent_date'],
  ...['phone', 'home_phone', 'work_phone', 'mobile_phone', 'other_phone'],
  ...['', 'home_', 'work_', 'other_'].flatMap((prefix) =>
    ['street', 'street2', 'city', 'state', 'zip', 'country'].map((part) => prefix + part),
  ),
]);
const CUSTOM_FIELD = /^cf:./;

/** One call. The file is looked through first, because the API drops what is beyond its limits without a word. */
export const importContactsFromFile = mutate(
  async ({ input }: { input: ImportContactsFromFileInput }, { api }) => {
    const list_ids = rawIds('ContactList', input.lists, ['input', 'lists'], { max: IMPORT_LIMITS.lists });
    const name = fileName(input);
    const contents = contentsOf(input.file);
    checkBytes(contents.size, FIELD);
    const headings = await inspect(contents);

    const body = new Form({
      file: { name, type: 'text/csv', size: contents.size, stream: () => contents.stream() },
      list_ids: list_ids.join(','),
      ...(input.smsPermissionToSend != null && { sms_permission_to_send: input.smsPermissionToSend }),
    });
    return {
      bulkActivity: await api.call('contactsCSVImport', { body }),
      unknownColumns: headings.filter(
        (heading) => !KNOWN_HEADINGS.has(heading) && !CUSTOM_FIELD.test(heading),
      ),
    };
  },
);

function fileName({ file, fileName: name }: ImportContactsFromFileInput): string {
  if (name != null && !/^[^/\\\p{Cc}]+\.csv$/iu.test(name)) {
    throw new InputError('INVALID', 'The API takes only files whose name ends in .csv.', [
      'input',
      'fileName',
    ]);
  }
  const own = file.upload?.name ?? '';
  return name ?? (/^[^/\\\p{Cc}]+\.csv$/iu.test(own) ? own : 'contacts.csv');
}

/** What can be read more than once: to look through, and for each attempt to send it. */
type Contents = Pick<FormFile, 'size' | 'stream'>;

function contentsOf({ upload, text, base64 }: FileInput): Contents {
  if (upload) return upload;
  if (text != null) return inMemory(Buffer.from(text));
  if (!isBase64(base64 ?? '')) throw new InputError('INVALID', 'This is not base64.', [...FIELD, 'base64']);
  return inMemory(Buffer.from(base64 ?? '', 'base64'));
}

/** Line breaks and blanks between the letters do not count. Megabytes of them must not take long either. */
function isBase64(text: string): boolean {
  const padding = text.indexOf('=');
  const letters = padding === -1 ? text : text.slice(0, padding);
  return (
    !/[^A-Za-z0-9+/\s]/.test(letters) && (padding === -1 || /^={1,2}$/.test(text.slice(padding).trimEnd()))
  );
}

function inMemory(bytes: Buffer): Contents {
  return { size: bytes.length, stream: () => Readable.from([bytes]) };
}

/**
 * Looks through a CSV file.
 * @returns its headings
 * @throws InputError when it is no CSV, has no heading to know contacts by, no contacts, or too much of something
 */
async function inspect(contents: Contents): Promise<string[]> {
  let headings: string[] | undefined;
  let lines = 0;
  try {
    for await (const { rows } of csvRows(contents.stream(), { trim: true })) {
      for (const row of rows) {
        lines += 1;
        if (lines > IMPORT_LIMITS.lines) {
          throw new InputError(
            'TOO_MANY',
            `A file has at most ${String(IMPORT_LIMITS.lines)} lines, its headings included. Split it into several.`,
            FIELD,
          );
        }
        if (headings) checkCustomFields(headings, row, lines);
        else headings = checkedHeadings(row);
      }
    }
  } catch (error) {
    if (error instanceof CsvLimitError) throw new InputError('TOO_LONG', error.message, FIELD);
    if (!(error instanceof CsvError)) throw error;
    throw new InputError(
      'INVALID',
      `This is no CSV file: ${error.code} near line ${String(lines + 1)}.`,
      FIELD,
    );
  }
  if (!headings || lines < 2) {
    throw new InputError(
      'REQUIRED',
      'The file has no contacts: one line of headings, then a line each.',
      FIELD,
    );
  }
  return headings;
}

function checkedHeadings(headings: string[]): string[] {
  if (headings.includes('email') || headings.includes('sms_number')) return headings;
  throw new InputError(
    'REQUIRED',
    'The first line has to name the columns, and one of them has to be email or sms_number, written like this.',
    FIELD,
  );
}

function checkCustomFields(headings: readonly string[], row: readonly string[], line: number): void {
  const filled = row.filter((cell, index) => cell !== '' && CUSTOM_FIELD.test(headings[index] ?? ''));
  if (filled.length <= IMPORT_LIMITS.customFields) return;
  throw new InputError(
    'TOO_MANY',
    `A contact has at most ${String(IMPORT_LIMITS.customFields)} custom fields; line ${String(line)} has ${String(filled.length)}.`,
    FIELD,
  );
}
