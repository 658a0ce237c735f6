import { parse } from 'csv-parse';
import type { Api } from '../constant-contact/api.js';
import { nullIfNotFound } from '../constant-contact/by-id.js';
import { ConstantContactError } from '../constant-contact/errors.js';
import { single } from './makers/single.js';
import type { Costs } from './cost.js';

/** The rows of an export file. */
export interface ExportTable {
  /** Headings, in the order of the file. */
  readonly columns: readonly string[];
  /** Cells of each row, in the order of the headings; a row may be shorter than they are. */
  readonly rows: readonly (readonly string[])[];
}

export interface ContactExportLoaders {
  /** Text of the file, null when there is no such file. */
  text(fileExportId: string): Promise<string | null>;
  /**
   * The file taken apart, null when there is no such file.
   * @throws ConstantContactError `invalidResponse` when it is no CSV
   */
  table(fileExportId: string): Promise<ExportTable | null>;
  clear(): void;
}

/** Export files: ONE, however often and in whatever form the request asks for it. */
export function contactExportLoaders(api: Api): ContactExportLoaders {
  const texts = single((file_export_id) =>
    nullIfNotFound(api.call('getContactsExport', { path: { file_export_id } })),
  );
  const tables = single(async (id) => {
    const text = await texts.load(id);
    return text === null ? null : tableOf(text);
  });
  return {
    text: texts.load,
    table: tables.load,
    clear: () => {
      texts.clear();
      tables.clear();
    },
  };
}

async function tableOf(text: string): Promise<ExportTable> {
  const rows: string[][] = [];
  try {
    // The streaming parser lets other requests in between: a large account's file has tens of megabytes.
    const parser = parse(text, { bom: true, relax_column_count: true, skip_empty_lines: true });
    for await (const row of parser) rows.push(row as string[]);
  } catch (cause) {
    throw new ConstantContactError('invalidResponse', 'The export file is not a CSV file.', {
      operationId: 'getContactsExport',
      cause,
    });
  }
  const [columns = [], ...data] = rows;
  return { columns, rows: data };
}

export const contactExports = { cost: { costClass: 'ONE', rows: 'export files' } } as const satisfies Costs;
