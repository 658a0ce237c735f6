import { invalid, notFound } from '../errors.js';
import type { Handlers } from '../handler.js';
import { exportColumns, exportCsv } from '../model/export.js';
import { exportStatusTest, givenSources, sourceTest } from '../model/selection.js';

/** Parameters that each source supports. */
const SUPPORTED_PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  contact_ids: ['status'],
  list_ids: ['status', 'exclude', 'new_subscriber'],
  new_subscriber: ['list_ids', 'exclude'],
  tag_ids: [],
  segment_id: [],
};
const STATUSES = ['active', 'unsubscribed', 'removed', 'all', 'not_set', 'pending_confirmation', 'temp_hold'];

export const contactExport = {
  postContactsExport: (call) => {
    const { account, body, now } = call;
    const { fields, status, exclude, ...source } = body;
    const names = givenSources(source);
    const excluded = new Set(exclude?.contact_ids ?? []);
    const beside = [...(status ? ['status'] : []), ...(excluded.size > 0 ? ['exclude'] : [])];
    for (const name of names) {
      const wrong = [...names, ...beside].find(
        (other) => other !== name && !SUPPORTED_PARAMETERS[name]?.includes(other),
      );
      if (wrong) throw invalid(`${wrong} cannot be combined with ${name}.`);
    }
    if (status && !STATUSES.includes(status.toLowerCase())) throw invalid(`${status} is not a status.`);
    exportColumns(account, fields);
    const tests = names.map((name) => sourceTest(account, source, name, now));
    if (names.length === 0 || names.some((name) => name !== 'segment_id'))
      tests.push(exportStatusTest(status));
    const rows = account.contacts.filter(
      (row) => !excluded.has(row.contact_id) && tests.every((test) => test(row)),
    );
    const activity = account.jobs.submit(
      {
        operationId: 'postContactsExport',
        items: rows.length,
        counters: { items_total_count: rows.length, items_completed_count: 0 },
        run: () => {
          const file_id = account.ids.uuid('export-file');
          account.exportFiles.add({ file_id, text: exportCsv(account, rows, fields) });
          const counters = { items_completed_count: rows.length };
          // The API spells the path this way here, with one s more than the path of the file.
          return { counters, results: `/v3/contacts_exports/${file_id}` };
        },
      },
      now,
    );
    return { status: 201, body: activity };
  },

  getContactsExport: (call) => {
    const file = call.account.exportFiles.get(call.path.file_export_id);
    if (!file) throw notFound('file_export_id does not exist.');
    return { status: 200, body: file.text };
  },
} satisfies Handlers;
