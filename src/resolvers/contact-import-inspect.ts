import { stringify } from 'csv-stringify/sync';
import { CsvLimitError, csvRows, CsvSyntaxError, inPieces } from '../constant-contact/csv.js';
import type { FormFile } from '../constant-contact/http/form.js';
import { checkColumns, customFieldOf, readColumns, type Column } from './contact-import-columns.js';
import {
  decode,
  detectEncoding,
  readFirstLine,
  SEPARATOR_NAMES,
  type Encoding,
  type FirstLine,
} from './contact-import-text.js';
import { checkBytes, IMPORT_LIMITS, MISTAKES_MAX } from './contact-import.js';
import { checkDay } from './contact-input.js';
import { InputError, InputErrors } from './support/input-error.js';

/** What can be read more than once: to look through, and for each attempt to send it. */
export type Contents = Pick<FormFile, 'size' | 'stream'>;

/** A file as it is sent. */
export interface InspectedFile extends Contents {
  columns: readonly Column[];
  /** What the file was before: its encoding, and what separated its columns; null when it is sent as it came. */
  convertedFrom: string | null;
}

interface Format extends FirstLine {
  encoding: Encoding;
}

/** Characters of a file that are read to find its first line. */
const HEAD = 65_536;
/** Columns with days. */
const DAYS: ReadonlySet<string> = new Set(['anniversary', 'sms_consent_date']);

/**
 * Looks through a file of contacts, and converts it when the API could not read it: to UTF-8, to commas, to the headings that
 * the API knows. It is converted anew for each attempt to send it, so that it is never in memory as a whole.
 * @throws InputError, InputErrors when it is no CSV, has no column to know contacts by, no contacts, or too much of
 *   something, and where a value would be lost
 */
export async function inspect(contents: Contents, field: readonly string[]): Promise<InspectedFile> {
  const format = await readFormat(contents, field);
  // UTF-16 takes twice the bytes that will be sent.
  if (!format.encoding.startsWith('UTF-16')) checkBytes(contents.size, field);
  const { columns, isComplete } = await checkRows(contents, format, field);
  const { encoding, separator, skip } = format;
  const parts = [
    ...(encoding === 'UTF-8' ? [] : [encoding]),
    ...(separator === ',' ? [] : [`separated by ${SEPARATOR_NAMES[separator]}`]),
  ];
  const convertedFrom = parts.length > 0 ? parts.join(', ') : null;
  const isRenamed = columns.some(({ heading, name }) => heading !== name);
  if (!isRenamed && isComplete && convertedFrom === null && skip === 0) {
    const sent = await withoutMark(contents);
    return { columns, convertedFrom, size: sent.size, stream: () => sent.stream() };
  }
  const stream = () => converted(contents, format, columns);
  let size = 0;
  for await (const chunk of stream()) size += chunk.length;
  return { columns, convertedFrom, size, stream };
}

async function readFormat(contents: Contents, field: readonly string[]): Promise<Format> {
  const encoding = await detectEncoding(inPieces(contents.stream()), field);
  let head = '';
  for await (const text of decode(inPieces(contents.stream()), encoding)) {
    head += text;
    if (head.length >= HEAD) break;
  }
  return { encoding, ...readFirstLine(head) };
}

/** The file in UTF-8, from its headings on. */
async function* utf8Of(contents: Contents, { encoding, skip }: Format): AsyncGenerator<Uint8Array> {
  let rest = skip;
  for await (const text of decode(inPieces(contents.stream()), encoding)) {
    const cut = Math.min(rest, text.length);
    rest -= cut;
    if (cut < text.length) yield Buffer.from(text.slice(cut));
  }
}

function rowsOf(contents: Contents, format: Format) {
  return csvRows(utf8Of(contents, format), { trim: true, separator: format.separator });
}

/** @returns the columns, and whether each of them has a name */
async function checkRows(
  contents: Contents,
  format: Format,
  field: readonly string[],
): Promise<{ columns: readonly Column[]; isComplete: boolean }> {
  // A line that `sep=` takes is skipped.
  const before = format.skip > 0 ? 1 : 0;
  let columns: readonly Column[] | undefined;
  let count = 0;
  const mistakes: InputError[] = [];
  try {
    for await (const { rows, lines } of rowsOf(contents, format)) {
      for (const [index, cells] of rows.entries()) {
        count += 1;
        if (count > IMPORT_LIMITS.lines) throw tooManyLines(field);
        if (columns) {
          const line = (lines[index] ?? count) + before;
          mistakes.push(...mistakesOf(cells, columns, line, field));
        } else {
          columns = readColumns(cells);
          checkColumns(columns, field);
        }
        if (mistakes.length >= MISTAKES_MAX) throw new InputErrors(mistakes.slice(0, MISTAKES_MAX));
      }
    }
  } catch (error) {
    if (error instanceof CsvLimitError) throw new InputError('TOO_LONG', error.message, field);
    if (!(error instanceof CsvSyntaxError)) throw error;
    throw new InputError(
      'INVALID',
      `This is no CSV file: there is a stray quote in line ${String(error.line + before)} (${error.code}). Write a quote within a value as two, in a value between quotes.`,
      field,
    );
  }
  if (mistakes.length > 0) throw new InputErrors(mistakes);
  if (!columns || count < 2) {
    throw new InputError(
      'REQUIRED',
      'The file has no contacts: one line of headings, then a line each.',
      field,
    );
  }
  return { columns, isComplete: columns.every(({ heading }) => heading !== '') };
}

function tooManyLines(field: readonly string[]): InputError {
  return new InputError(
    'TOO_MANY',
    `A file has at most ${String(IMPORT_LIMITS.lines)} lines, its headings included. Split it into several.`,
    field,
  );
}

/** What is wrong with the line of a contact: values that would be lost, too many custom fields, days that do not exist. */
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
  if (cells.findLastIndex((cell) => cell !== '') >= columns.length) {
    refuse(
      'INVALID',
      `there are more values than the ${String(columns.length)} columns. A value with a comma needs quotes.`,
    );
  }
  let customFields = 0;
  for (const column of columns) {
    const cell = cells[column.position - 1] ?? '';
    if (cell === '') continue;
    if (column.heading === '')
      refuse('INVALID', `column ${String(column.position)} has a value but no name.`);
    if (customFieldOf(column) !== null) customFields += 1;
    if (DAYS.has(column.name) && !isDayOrOther(cell))
      refuse('INVALID', `${column.name} is a day that does not exist.`);
  }
  const { customFields: most } = IMPORT_LIMITS;
  if (customFields > most)
    refuse(
      'TOO_MANY',
      `a contact has at most ${String(most)} custom fields; this one has ${String(customFields)}.`,
    );
  return mistakes;
}

function isDayOrOther(text: string): boolean {
  try {
    checkDay(text, []);
    return true;
  } catch {
    return false;
  }
}

/** The bytes of the file in UTF-8, separated by commas, under the headings of the API, without the columns that have none. */
async function* converted(
  contents: Contents,
  format: Format,
  columns: readonly Column[],
): AsyncGenerator<Uint8Array> {
  const kept = columns.filter(({ heading }) => heading !== '');
  let isFirst = true;
  for await (const { rows } of rowsOf(contents, format)) {
    const records = rows.map((cells) => kept.map(({ position }) => cells[position - 1] ?? ''));
    if (isFirst) records[0] = kept.map(({ name }) => name);
    isFirst = false;
    yield Buffer.from(stringify(records));
  }
}

const MARK = [0xef, 0xbb, 0xbf] as const;

/** The file as it is, without a byte order mark. */
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
