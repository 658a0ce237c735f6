import { stringify } from 'csv-stringify/sync';
import { CsvLimitError, csvRows, CsvSyntaxError, inPieces } from '../constant-contact/csv.js';
import type { FormFile } from '../constant-contact/http/form.js';
import type { CustomField } from '../loaders/custom-field.js';
import {
  BIRTHDAY,
  byName,
  cellOf,
  checkColumns,
  customFieldOf,
  readColumns,
  withCustomFields,
  type Column,
} from './contact-import-columns.js';
import {
  decode,
  detectEncoding,
  readFirstLine,
  SEPARATOR_NAMES,
  withLineFeeds,
  type Encoding,
  type FirstLine,
} from './contact-import-text.js';
import { checkBytes, checkCustomDay, IMPORT_LIMITS } from './contact-import.js';
import { checkBirthday, checkDay } from './contact-input.js';
import { InputError, InputErrors } from './support/input-error.js';
import { MAX_ERRORS, validate } from './support/limits.js';

/** Contents that can be read repeatedly: for inspection and for each attempt to send. */
export type Contents = Pick<FormFile, 'size' | 'stream'>;

/** A file as it is sent. */
export interface InspectedFile extends Contents {
  columns: readonly Column[];
  /** The original encoding and separator; null when the file is sent unchanged. */
  convertedFrom: string | null;
}

interface Format extends FirstLine {
  encoding: Encoding;
  /** True if a carriage return alone ends lines, which not every CSV parser accepts. */
  hasBareReturns: boolean;
}

interface Row {
  cells: readonly string[];
  line: number;
}

/** Number of characters that are searched for the heading line. */
const HEAD = 65_536;
/** Columns that contain dates. */
const DAYS: ReadonlySet<string> = new Set(['anniversary', 'sms_consent_date']);

/**
 * Inspects a file of contacts, and converts it if the API could not read it: to UTF-8, commas and the API's
 * headings. The conversion is streamed again for each attempt to send, so the whole file is never in memory.
 * @throws InputError, InputErrors for invalid CSV, a missing identifying column, no contacts, exceeded
 * limits, and values that would be lost
 */
export async function inspect(
  contents: Contents,
  field: readonly string[],
  readFields: () => Promise<readonly CustomField[]>,
): Promise<InspectedFile> {
  const format = await readFormat(contents, field);
  // UTF-16 is about twice as large as the UTF-8 that is sent.
  if (!format.encoding.startsWith('UTF-16')) checkBytes(contents.size, field);
  const { columns: named, hasBlankRows } = await checkRows(contents, format, field, readColumns);
  // Custom fields are read only for a file without other errors, which saves the call.
  const columns = await withCustomFields(named, readFields);
  if (columns.some(({ customField }) => customField)) await checkRows(contents, format, field, () => columns);
  const { encoding, separator, skip, line, hasBareReturns } = format;
  const parts = [
    ...(encoding === 'UTF-8' ? [] : [encoding]),
    ...(separator === ',' ? [] : [`separated by ${SEPARATOR_NAMES[separator]}`]),
  ];
  const convertedFrom = parts.length > 0 ? parts.join(', ') : null;
  const names = [...byName(columns).keys()];
  if (
    convertedFrom === null &&
    line.replaceAll('"', '') === names.join() &&
    skip === 0 &&
    !hasBareReturns &&
    !hasBlankRows
  ) {
    const sent = await withoutMark(contents);
    return { columns, convertedFrom, size: sent.size, stream: () => sent.stream() };
  }
  const stream = () => convertContents(contents, format, columns, field);
  let size = 0;
  for await (const chunk of stream()) size += chunk.length;
  return { columns, convertedFrom, size, stream };
}

async function readFormat(contents: Contents, field: readonly string[]): Promise<Format> {
  const encoding = await detectEncoding(inPieces(contents.stream()), field);
  let head = '';
  for await (const text of decode(inPieces(contents.stream()), encoding, field)) {
    head += text;
    if (head.length >= HEAD) break;
  }
  return {
    encoding,
    hasBareReturns: /\r(?!\n|$)/.test(head),
    ...readFirstLine(head.replace(/\r\n?/g, '\n')),
  };
}

/** The file in UTF-8, from its headings on. */
async function* utf8Of(
  contents: Contents,
  { encoding, skip }: Format,
  field: readonly string[],
): AsyncGenerator<Uint8Array> {
  let rest = skip;
  for await (const text of withLineFeeds(decode(inPieces(contents.stream()), encoding, field))) {
    const cut = Math.min(rest, text.length);
    rest -= cut;
    if (cut < text.length) yield Buffer.from(text.slice(cut));
  }
}

async function* rowsOf(contents: Contents, format: Format, field: readonly string[]): AsyncGenerator<Row[]> {
  const { separator, skippedLines } = format;
  for await (const { rows, lines } of csvRows(utf8Of(contents, format, field), { trim: true, separator }))
    yield rows.map((cells, index) => ({ cells, line: (lines[index] ?? 0) + skippedLines }));
}

/** @returns the columns, and whether there are blank rows, which spreadsheets write */
async function checkRows(
  contents: Contents,
  format: Format,
  field: readonly string[],
  columnsOf: (headings: readonly string[]) => readonly Column[],
): Promise<{ columns: readonly Column[]; hasBlankRows: boolean }> {
  let columns: readonly Column[] | undefined;
  let duplicates: (readonly Column[])[] = [];
  let hasBlankRows = false;
  let hasContacts = false;
  const mistakes: InputError[] = [];
  try {
    for await (const rows of rowsOf(contents, format, field)) {
      for (const { cells, line } of rows) {
        // A row with line breaks in its values counts as several lines, which the API may drop without an error.
        if (line - format.skippedLines > IMPORT_LIMITS.lines) throw tooManyLines(field);
        if (isBlank(cells)) {
          hasBlankRows = true;
        } else if (columns) {
          hasContacts = true;
          checkDuplicateColumns(cells, duplicates, line, field);
          mistakes.push(...mistakesOf(cells, columns, line, field));
        } else {
          columns = columnsOf(cells);
          checkColumns(columns, field);
          duplicates = [...byName(columns).values()].filter((same) => same.length > 1);
        }
        if (mistakes.length >= MAX_ERRORS) throw new InputErrors(mistakes.slice(0, MAX_ERRORS));
      }
    }
  } catch (error) {
    if (error instanceof CsvLimitError) throw new InputError('TOO_LONG', error.message, field);
    if (!(error instanceof CsvSyntaxError)) throw error;
    throw new InputError(
      'INVALID',
      `This is not valid CSV: unexpected quote in line ${String(error.line + format.skippedLines)} (${error.code}). Enclose a value that contains quotes in quotes, and double each quote within it.`,
      field,
    );
  }
  if (mistakes.length > 0) throw new InputErrors(mistakes);
  if (!columns || !hasContacts) {
    throw new InputError(
      'REQUIRED',
      'The file has no contacts. It must have a line of headings, then one line per contact.',
      field,
    );
  }
  return { columns, hasBlankRows };
}

function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell === '');
}

/** @throws InputError `INVALID` when several columns of one name have a value: all but one would be lost */
function checkDuplicateColumns(
  cells: readonly string[],
  duplicates: readonly (readonly Column[])[],
  line: number,
  field: readonly string[],
): void {
  for (const same of duplicates) {
    const [one, other] = same.filter((column) => cellOf(column, cells) !== '');
    if (!one || !other) continue;
    throw new InputError(
      'INVALID',
      `Columns ${String(one.position)} and ${String(other.position)} are both ${one.name} ("${one.heading}", "${other.heading}"), and line ${String(line)} has a value in each. Remove one of the columns.`,
      field,
    );
  }
}

function tooManyLines(field: readonly string[]): InputError {
  return new InputError(
    'TOO_MANY',
    `A file has at most ${String(IMPORT_LIMITS.lines)} lines, including the headings and line breaks in values. Split it into several files.`,
    field,
  );
}

/** Errors in a contact's line: values that would be lost, too many custom fields, invalid dates. */
function mistakesOf(
  cells: readonly string[],
  columns: readonly Column[],
  line: number,
  field: readonly string[],
): InputError[] {
  const mistakes: InputError[] = [];
  const refuse = (code: 'INVALID' | 'TOO_MANY', message: string) => {
    mistakes.push(new InputError(code, `Line ${String(line)}: ${message}`, field));
  };
  const checkDate = (check: () => void, name: string) => {
    try {
      validate(check);
    } catch (error) {
      if (!(error instanceof InputErrors)) throw error;
      refuse('INVALID', `${name}: ${error.message}`);
    }
  };
  const width = columns.at(-1)?.position ?? 0;
  if (cells.findLastIndex((cell) => cell !== '') >= width) {
    refuse(
      'INVALID',
      `there are more values than the ${String(width)} columns. Enclose a value that contains a comma in quotes.`,
    );
  }
  let customFields = 0;
  for (const column of columns) {
    const cell = cells[column.position - 1] ?? '';
    if (cell === '') continue;
    if (column.heading === '')
      refuse('INVALID', `column ${String(column.position)} has a value but no heading.`);
    if (customFieldOf(column) !== null) customFields += 1;
    if (column.birthdayPart === 'month' && !BIRTHDAY.test(cell))
      refuse('INVALID', `${column.heading}: a birthday must have the format MM/DD, without a year.`);
    if (column.customField) checkDate(() => checkCustomDay(column.customField, cell, field), column.heading);
    if (DAYS.has(column.name)) checkDate(() => checkDay(cell, field), column.name);
  }
  const [month = '', day = ''] = ['birthday_month', 'birthday_day'].map((name) =>
    columns
      .filter((column) => column.name === name)
      .map((column) => cellOf(column, cells))
      .find(Boolean),
  );
  if (isNumber(month) && isNumber(day))
    checkDate(() => checkBirthday({ month: Number(month), day: Number(day) }, field), 'birthday');
  const { customFields: most } = IMPORT_LIMITS;
  if (customFields > most)
    refuse(
      'TOO_MANY',
      `a contact has at most ${String(most)} custom fields; this one has ${String(customFields)}.`,
    );
  return mistakes;
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(text);
}

/** The file as UTF-8 with commas, the API's headings, and no columns without a heading. */
async function* convertContents(
  contents: Contents,
  format: Format,
  columns: readonly Column[],
  field: readonly string[],
): AsyncGenerator<Uint8Array> {
  const kept = byName(columns);
  let isFirst = true;
  for await (const rows of rowsOf(contents, format, field)) {
    const records = rows
      .filter(({ cells }) => !isBlank(cells))
      .map(({ cells }) =>
        [...kept.values()].map((same) => same.map((column) => cellOf(column, cells)).find(Boolean) ?? ''),
      );
    if (isFirst && records.length > 0) {
      records[0] = [...kept.keys()];
      isFirst = false;
    }
    yield Buffer.from(stringify(records));
  }
}

const MARK = [0xef, 0xbb, 0xbf] as const;

/** The file without a byte order mark. */
async function withoutMark(contents: Contents): Promise<Contents> {
  let head = Buffer.alloc(0);
  for await (const chunk of contents.stream()) {
    head = Buffer.concat([head, chunk.subarray(0, MARK.length)]);
    if (head.length >= MARK.length) break;
  }
  if (!MARK.every((byte, index) => head[index] === byte)) return contents;
  const stream = async function* () {
    let rest: number = MARK.length;
    for await (const chunk of contents.stream()) {
      const cut = Math.min(rest, chunk.length);
      rest -= cut;
      if (cut < chunk.length) yield chunk.subarray(cut);
    }
  };
  return { size: contents.size - MARK.length, stream };
}
