import { readById } from '../constant-contact/by-id.js';
import type { ExportFile } from '../constant-contact/api.js';
import { notCsv } from '../constant-contact/cache/export-files.js';
import {
  CSV_LIMITS,
  CsvLimitError,
  CsvSyntaxError,
  csvRows,
  normalHeading,
  type CsvOptions,
  type CsvRows,
  type LineEnd,
} from '../constant-contact/csv.js';
import { ConstantContactError } from '../constant-contact/errors.js';
import { decodeText } from '../constant-contact/http/decode-text.js';
import type { Signal } from '../constant-contact/stop.js';
import type { CostOf } from './cost.js';
import { oneByOne, type ById } from './makers/keyed.js';
import type { Loader } from './makers/loader.js';

const EXPORT_LIMITS = {
  /** Maximum size in bytes of a file that is returned as one string. */
  text: 4_000_000,
  /** Maximum size in bytes of all rows and texts of export files in one operation. */
  operation: 16_000_000,
  /** Maximum number of cells that one operation selects individually. */
  cells: 500_000,
} as const;

/** Export files; null when the file does not exist. */
export const contactExports: Loader<ById<ExportTable>, CostOf<'ONE'>> = {
  cost: { costClass: 'ONE', rows: 'export files' },
  create: ({ api }) => {
    const allowance = new Allowance();
    const open = async (file_export_id: string) =>
      new ExportTable(await api.exportFile({ path: { file_export_id } }), api.signal, allowance);
    return oneByOne((id) => readById(open(id), id));
  },
};

/** Remaining limits of one operation. */
class Allowance {
  #bytes: number = EXPORT_LIMITS.operation;
  #cells: number = EXPORT_LIMITS.cells;

  /** @throws ConstantContactError */
  takeBytes(bytes: number): void {
    this.#bytes -= bytes;
    if (this.#bytes < 0)
      throw tooMuch(
        `An operation reads at most ${megabytes(EXPORT_LIMITS.operation)} of export files. ${REDUCE_HINT}`,
      );
  }

  /** @throws ConstantContactError */
  takeCells(cells: number): void {
    this.#cells -= cells;
    if (this.#cells < 0)
      throw tooMuch(
        `An operation reads at most ${EXPORT_LIMITS.cells.toLocaleString('en')} cells of export files. ${REDUCE_HINT}`,
      );
  }
}

const REDUCE_HINT = 'Ask for fewer rows at a time, or download the file from its downloadPath.';

/** Headings of an export file, in file order. */
export class Headings {
  readonly #exact = new Map<string, number>();
  readonly #normal = new Map<string, number>();
  /** Cache of lookups: the names are the same for each row. */
  readonly #found = new Map<string, number>();

  constructor(readonly names: readonly string[]) {
    for (const [at, name] of names.entries()) {
      if (!this.#exact.has(name)) this.#exact.set(name, at);
      if (!this.#normal.has(normalHeading(name))) this.#normal.set(normalHeading(name), at);
    }
  }

  /**
   * Index of the column with this heading, ignoring case, blanks and punctuation if there is no exact match;
   * -1 if there is none.
   */
  indexOf(name: string): number {
    let at = this.#found.get(name);
    if (at === undefined) {
      const isTooLong = name.length > CSV_LIMITS.rowBytes;
      at = this.#exact.get(name) ?? (isTooLong ? undefined : this.#normal.get(normalHeading(name))) ?? -1;
      this.#found.set(name, at);
    }
    return at;
  }
}

interface Top {
  headings: Headings;
  end: number;
  lineEnd: LineEnd | null;
}

/** Rows of an export file. A file that is not CSV is an `invalidResponse`. */
export class ExportTable {
  readonly #file: ExportFile;
  readonly #signal: Signal;
  readonly #allowance: Allowance;
  #top: Promise<Top> | undefined;

  constructor(file: ExportFile, signal: Signal, allowance: Allowance) {
    this.#file = file;
    this.#signal = signal;
    this.#allowance = allowance;
  }

  async headings(): Promise<Headings> {
    return (await this.#readTop()).headings;
  }

  /**
   * The rows from this byte offset on; from the first row when it is null.
   * @returns the rows and the offset of the next one, null after the last
   * @throws ConstantContactError `invalidRequest` for an offset at which no row of this file begins
   */
  async page(position: number | null, most: number): Promise<{ rows: string[][]; next: number | null }> {
    const { end: first, lineEnd } = await this.#readTop();
    const start = position ?? first;
    if (position !== null && (position < first || !(await this.#file.isRowStart(position, this.#signal)))) {
      throw new ConstantContactError('invalidRequest', 'No row of the export file begins at this position.');
    }
    const rows: string[][] = [];
    let end = 0;
    const more = await this.#each(start, { most, lineEnd }, (some) => {
      end = some.end;
      for (const row of some.rows) rows.push(row);
    });
    return { rows, next: more ? start + end : null };
  }

  /** Number of rows, which requires the whole file. */
  async count(): Promise<number> {
    return Math.max(0, (await this.#file.rowCount(this.#signal)) - 1);
  }

  async text(): Promise<string> {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of this.#file.read(0, this.#signal)) {
      bytes += chunk.length;
      if (bytes > EXPORT_LIMITS.text) {
        throw tooMuch(
          `Only a file of at most ${megabytes(EXPORT_LIMITS.text)} is returned as one string. Page through its rows, or download it from its downloadPath.`,
        );
      }
      chunks.push(chunk);
    }
    this.#allowance.takeBytes(bytes);
    return decodeText(Buffer.concat(chunks));
  }

  /**
   * Counts individually selected cells: with aliases, a query can select a cell a hundred times per row.
   * @throws ConstantContactError above the limit of one operation
   */
  takeCells(cells: number): void {
    this.#allowance.takeCells(cells);
  }

  #readTop(): Promise<Top> {
    return (this.#top ??= this.#findTop());
  }

  async #findTop(): Promise<Top> {
    let top: CsvRows = { rows: [], lines: [], end: 0, lineEnd: null };
    await this.#each(0, { most: 1 }, (some) => (top = some));
    return { ...top, headings: new Headings(top.rows[0] ?? []) };
  }

  /** @returns whether more rows follow */
  async #each(start: number, options: CsvOptions, take: (some: CsvRows) => void): Promise<boolean> {
    const source = this.#file.read(start, this.#signal);
    const parts = csvRows(source, options);
    let end = 0;
    try {
      for (;;) {
        const next = await parts.next();
        if (next.done) return next.value;
        this.#allowance.takeBytes(next.value.end - end);
        end = next.value.end;
        take(next.value);
      }
    } catch (error) {
      throw error instanceof CsvSyntaxError || error instanceof CsvLimitError ? notCsv(error) : error;
    } finally {
      await parts.return(false);
    }
  }
}

function megabytes(bytes: number): string {
  return `${String(bytes / 1_000_000)} MB`;
}

function tooMuch(message: string): ConstantContactError {
  return new ConstantContactError('invalidRequest', message, { operationId: 'getContactsExport' });
}
