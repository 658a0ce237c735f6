import { parse } from 'csv-parse';
import { ConstantContactError } from '../constant-contact/errors.js';
import { single } from './makers/single.js';

/** The rows of an export file. */
export interface ExportTable {
  /** Headings, in the order of the file. */
  readonly columns: readonly string[];
  /** Cells of each row, in the order of the headings; a row may be shorter than they are. */
  readonly rows: readonly (readonly string[])[];
}

/** Text of export files; null when there is no such file. */
export const contactExports = single<string>({
  noun: 'export files',
  read: ({ api }, file_export_id) => api.call('getContactsExport', { path: { file_export_id } }),
});

/** The same files taken apart. A file that is no CSV is `invalidResponse`. */
export const contactExportTables = single<ExportTable>({
  noun: 'export files',
  read: async (scope, fileExportId) => {
    const text = await scope.use(contactExports).load(fileExportId);
    return text === null ? null : tableOf(text);
  },
});

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
