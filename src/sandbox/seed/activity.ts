import type { Account } from '../account.js';
import { DAY, HOUR } from '../dates.js';

/** Recent bulk activities, one per final state. */
export function seedActivities(account: Account): void {
  const { jobs, startedAt } = account;
  const items = (total: number, done = total) => ({ items_total_count: total, items_completed_count: done });
  const person = { cannot_add_to_list_count: 4, correctable_count: 2 };
  jobs.remember(
    {
      operationId: 'contactsCSVImport',
      items: 120,
      counters: { items_total_count: 120, person_count: 117, error_count: 3, ...person },
      sourceFileName: 'spring-open-house.csv',
    },
    startedAt - 9 * DAY,
    {
      errors: [
        'Line 14 email_address is not valid.',
        'Line 58 email_address is not valid.',
        'Line 97 has neither email nor sms_number.',
      ],
    },
  );
  jobs.remember(
    { operationId: 'postTagAddContact', items: 45, counters: items(45) },
    startedAt - 6 * DAY,
    {},
  );
  jobs.remember(
    { operationId: 'postListAddContact', items: 310, counters: { ...items(310), list_count: 2 } },
    startedAt - 4 * DAY,
    {},
  );
  jobs.remember(
    { operationId: 'postContactDelete', items: 500, counters: items(500, 0) },
    startedAt - 3 * DAY,
    { state: 'cancelled' },
  );
  jobs.remember(
    {
      operationId: 'bulkImportContactsJSON',
      items: 900,
      counters: { items_total_count: 900, person_count: 0 },
    },
    startedAt - 2 * DAY,
    { state: 'failed', errors: ['The import could not be read.'] },
  );
  jobs.remember(
    { operationId: 'postListRemoveContact', items: 12_000, counters: items(12_000, 7_350) },
    startedAt - 20 * HOUR,
    { state: 'timed_out' },
  );
}
