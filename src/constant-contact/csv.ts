import { setImmediate } from 'node:timers/promises';
import { CsvError, parse } from 'csv-parse/sync';

/** Bytes that are parsed without letting other work in between. */
const PIECE = 16_384;

/** Limits of a row: exports and imports have far smaller ones, and larger ones would stall the process. */
export const CSV_LIMITS = { rowBytes: 131_072, columns: 1_000 } as const;

/** A row has more bytes or columns than `CSV_LIMITS` allow. */
export class CsvLimitError extends Error {}

/** The same for headings that differ only in case, blanks and punctuation. */
export function normalHeading(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
}

/** The file is not CSV: a quote is misplaced or never closed. */
export class CsvSyntaxError extends Error {
  /**
   * @param code of csv-parse
   * @param line in which the mistake is, counted from 1
   */
  constructor(
    readonly code: string,
    readonly line: number,
  ) {
    super(`There is a misplaced quote in line ${String(line)} (${code}).`);
  }
}

const QUOTE = '"'.charCodeAt(0);
const LF = '\n'.charCodeAt(0);
const CR = '\r'.charCodeAt(0);

/** Line ending of a file. */
export type LineEnd = '\n' | '\r\n' | '\r';

/** Finds the ends of rows in the bytes of a CSV file, at a small part of the cost of parsing it. Empty lines are not rows. */
export class RowScanner {
  /** Rows that have ended. */
  rows = 0;
  /** Line ending of the first row, which applies to all rows; null before that. */
  lineEnd: LineEnd | null;
  #isQuoted = false;
  #isAfterCr = false;
  /** Of the row that has begun. */
  #bytes = 0;
  #columns = 1;
  readonly #separator: number;

  constructor(lineEnd: LineEnd | null = null, separator = ',') {
    this.lineEnd = lineEnd;
    this.#separator = separator.charCodeAt(0);
  }

  /** True if no row has begun since the last one ended. */
  get isBetweenRows(): boolean {
    return this.#bytes === 0;
  }

  /** A copy of the scanner that continues from here. */
  copy(): RowScanner {
    const copy = new RowScanner(this.lineEnd, String.fromCharCode(this.#separator));
    copy.rows = this.rows;
    copy.#isQuoted = this.#isQuoted;
    copy.#isAfterCr = this.#isAfterCr;
    copy.#bytes = this.#bytes;
    copy.#columns = this.#columns;
    return copy;
  }

  /**
   * Scans the next bytes of the file, until so many rows have ended in all.
   *
   * @returns the index after the last row that ended in them, -1 when none did
   * @throws CsvLimitError
   */
  scan(bytes: Uint8Array, most = Infinity): number {
    let end = -1;
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at] as number;
      if (this.lineEnd === null && this.#isAfterCr && byte !== LF) {
        // Only now it is known that the previous byte was the whole line ending.
        this.lineEnd = '\r';
        this.#endRow(1);
        end = at;
        if (this.rows >= most) return end;
      }
      const isAfterCr = this.#isAfterCr;
      this.#isAfterCr = false;
      this.#bytes += 1;
      if (byte === QUOTE) this.#isQuoted = !this.#isQuoted;
      else if (this.#isQuoted) {
        // Part of a cell, which counts towards the limits below: a quote may never be closed.
      } else if (byte === this.#separator) this.#columns += 1;
      else if (byte === CR) {
        this.#isAfterCr = this.lineEnd !== '\r';
        if (!this.#isAfterCr && this.#endRow(1)) end = at + 1;
      } else if (byte === LF && this.lineEnd !== '\r' && (isAfterCr || this.lineEnd !== '\r\n')) {
        this.lineEnd ??= isAfterCr ? '\r\n' : '\n';
        if (this.#endRow(this.lineEnd.length)) end = at + 1;
      }
      if (this.rows >= most) return end;
      if (this.#columns > CSV_LIMITS.columns || this.#bytes > CSV_LIMITS.rowBytes) throw tooLarge();
    }
    return end;
  }

  /** @returns whether it was a row, and not an empty line */
  #endRow(lineEndBytes: number): boolean {
    const isRow = this.#bytes > lineEndBytes;
    this.#bytes = 0;
    this.#columns = 1;
    if (isRow) this.rows += 1;
    return isRow;
  }
}

function tooLarge(): CsvLimitError {
  const { columns, rowBytes } = CSV_LIMITS;
  return new CsvLimitError(
    `A row has more than ${String(columns)} columns or ${String(rowBytes / 1_024)} KB. Perhaps a quote is never closed.`,
  );
}

/** Some rows of a CSV file, in order; none where there are only empty lines. */
export interface CsvRows {
  rows: string[][];
  /** The line in which each of them ends, counted from 1 where the reading began. */
  lines: number[];
  /** Bytes from where the reading began to the end of these rows. */
  end: number;
  lineEnd: LineEnd | null;
}

export interface CsvOptions {
  most?: number;
  trim?: boolean;
  separator?: string;
  lineEnd?: LineEnd | null;
}

/**
 * Parses a CSV file in small pieces, with turns for other work between them, until it has read so many rows.
 *
 * @param options.trim removes blanks around cells
 * @param options.separator separator of columns; default: a comma
 * @param options.lineEnd line ending, for a source that does not start with the first row
 * @returns true if more rows follow, or so many empty lines that the rest was not read
 * @throws CsvLimitError, CsvSyntaxError
 */
export async function* csvRows(
  source: AsyncIterable<Uint8Array>,
  { most = Infinity, trim = false, separator = ',', lineEnd = null }: CsvOptions = {},
): AsyncGenerator<CsvRows, boolean, undefined> {
  const scanner = new RowScanner(lineEnd, separator);
  /** Lines before those that are held. */
  let before = 0;
  const skip = (bytes: readonly Uint8Array[]) => {
    const last = scanner.lineEnd === '\r' ? CR : LF;
    for (const part of bytes) for (const byte of part) if (byte === last) before += 1;
  };
  const parsed = (bytes: readonly Uint8Array[]): Pick<CsvRows, 'rows' | 'lines'> => {
    const lines: number[] = [];
    try {
      const rows = parse(Buffer.concat(bytes), {
        bom: true,
        delimiter: separator,
        record_delimiter: scanner.lineEnd ?? '\n',
        relax_column_count: true,
        skip_empty_lines: true,
        trim,
        on_record: (row: string[], context) => {
          lines.push(before + context.lines);
          return row;
        },
      });
      skip(bytes);
      return { rows, lines };
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      const { lines: at } = error as { lines?: number };
      // A quote that is never closed is found at the end of the file only.
      const isOpen = error.code === 'CSV_QUOTE_NOT_CLOSED' || at === undefined;
      throw new CsvSyntaxError(error.code, isOpen ? (lines.at(-1) ?? before) + 1 : before + at);
    }
  };
  /** Of a row whose end has not come yet. */
  let held: Uint8Array[] = [];
  let position = 0;
  let emptyBytes = 0;
  for await (const piece of inPieces(source)) {
    let rest = piece;
    if (scanner.rows < most) {
      const length = scanner.scan(piece, most);
      if (length >= 0) {
        const end = position + length;
        yield { ...parsed([...held, piece.subarray(0, length)]), end, lineEnd: scanner.lineEnd };
        held = [];
        rest = piece.subarray(length);
      }
      if (scanner.isBetweenRows) {
        // Megabytes of empty lines are not kept for the parser.
        skip(held);
        held = [];
        if (scanner.rows < most) {
          skip([rest]);
          rest = rest.subarray(rest.length);
          yield { rows: [], lines: [], end: position + piece.length, lineEnd: scanner.lineEnd };
        }
      }
    }
    position += piece.length;
    if (scanner.rows < most) held.push(rest);
    else {
      emptyBytes += rest.length;
      if (emptyBytes > CSV_LIMITS.rowBytes || rest.some((byte) => byte !== LF && byte !== CR)) return true;
    }
  }
  if (!scanner.isBetweenRows) yield { ...parsed(held), end: position, lineEnd: scanner.lineEnd };
  return false;
}

/** Bytes in small pieces, with turns for other work between them. */
export async function* inPieces(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; at += PIECE) {
      yield chunk.subarray(at, at + PIECE);
      await setImmediate();
    }
  }
}
