import { pipeline } from 'node:stream/promises';
import { CsvError, parse, type Options } from 'csv-parse';
import { stringify } from 'csv-stringify';
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
import { IMPORT_LIMITS, MISTAKES_MAX } from './contact-import.js';
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
  const encoding = await detectEncoding(contents.stream(), field);
  let head = '';
  for await (const text of decode(contents.stream(), encoding)) {
    head += text;
    if (head.length >= HEAD) break;
  }
  return { encoding, ...readFirstLine(head) };
}

async function* textOf(contents: Contents, { encoding, skip }: Format): AsyncGenerator<string> {
  let rest = skip;
  for await (const text of decode(contents.stream(), encoding)) {
    const cut = Math.min(rest, text.length);
    rest -= cut;
    if (cut < text.length) yield text.slice(cut);
  }
}

function options({ separator }: Format): Options {
  return { delimiter: separator, relax_column_count: true, skip_empty_lines: true, trim: true };
}

/** @returns the columns, and whether each of them has a name */
async function checkRows(
  contents: Contents,
  format: Format,
  field: readonly string[],
): Promise<{ columns: readonly Column[]; isComplete: boolean }> {
  // The lines that `sep=` takes are not counted by the parser.
  const before = format.skip > 0 ? 1 : 0;
  /** The line in which each row ends. */
  const lineOfRow: number[] = [];
  let columns: readonly Column[] | undefined;
  let rows = 0;
  const mistakes: InputError[] = [];
  const parser = parse({
    ...options(format),
    on_record: (cells, { lines }) => {
      lineOfRow.push(lines + before);
      return cells;
    },
  });
  try {
    await pipeline(textOf(contents, format), parser, async (records: AsyncIterable<string[]>) => {
      for await (const cells of records) {
        rows += 1;
        if (rows > IMPORT_LIMITS.lines) {
          throw new InputError(
            'TOO_MANY',
            `A file has at most ${String(IMPORT_LIMITS.lines)} lines, its headings included. Split it into several.`,
            field,
          );
        }
        if (!columns) {
          columns = readColumns(cells);
          checkColumns(columns, field);
          continue;
        }
        mistakes.push(...mistakesOf(cells, columns, lineOfRow[rows - 1] ?? rows, field));
        if (mistakes.length >= MISTAKES_MAX) throw new InputErrors(mistakes.slice(0, MISTAKES_MAX));
      }
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const next = (lineOfRow.at(-1) ?? before) + 1;
    const { lines } = error as { lines?: number };
    // A quote that is never closed is found at the end of the file only.
    const line = error.code === 'CSV_QUOTE_NOT_CLOSED' || lines === undefined ? next : lines + before;
    throw new InputError(
      'INVALID',
      `This is no CSV file: there is a stray quote in line ${String(line)} (${error.code}). Write a quote within a value as two, in a value between quotes.`,
      field,
    );
  }
  if (mistakes.length > 0) throw new InputErrors(mistakes);
  if (!columns || rows < 2) {
    throw new InputError(
      'REQUIRED',
      'The file has no contacts: one line of headings, then a line each.',
      field,
    );
  }
  return { columns, isComplete: columns.every(({ heading }) => heading !== '') };
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
  const toWire = async function* (records: AsyncIterable<string[]>) {
    let isFirst = true;
    for await (const cells of records) {
      yield kept.map(({ name, position }) => (isFirst ? name : (cells[position - 1] ?? '')));
      isFirst = false;
    }
  };
  const writer = stringify();
  const done = pipeline(textOf(contents, format), parse(options(format)), toWire, writer);
  done.catch(() => undefined);
  yield* writer as AsyncIterable<Buffer>;
  await done;
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
