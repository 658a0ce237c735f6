import type { QueryParams } from '../../constant-contact/contract/operations.js';
import { parseDate } from '../dates.js';
import { invalid } from '../errors.js';
import { csv } from '../handler.js';
import type { ContactRow } from '../stores/audience.js';
import { hasStatus } from './contact.js';

type Test = (row: ContactRow) => boolean;
type ContactsQuery = QueryParams<'getContacts'>;

const MAX_LISTS = 25;
const MAX_TAGS = 50;

/**
 * The filters of the contacts collection as one predicate; all must match. Without `status`, deleted contacts
 * are left out.
 * @throws Refusal 400 for more than 25 lists or 50 tags, or an invalid date
 */
export function contactFilter(query: ContactsQuery): Test {
  const tests: Test[] = [];
  const statuses = csv(query.status);
  if (statuses.length === 0) tests.push((row) => row.deleted_at === null);
  else tests.push((row) => statuses.some((status) => hasStatus(row, status)));

  const email = query.email?.toLowerCase();
  if (email !== undefined) tests.push((row) => row.email?.address.toLowerCase() === email);

  const lists = idSet('lists', query.lists, MAX_LISTS);
  if (lists) tests.push((row) => row.list_memberships.some((id) => lists.has(id)));
  const tags = idSet('tags', query.tags, MAX_TAGS);
  if (tags) tests.push((row) => row.taggings.some((id) => tags.has(id)));

  const smsStatuses = csv(query.sms_status);
  if (smsStatuses.length > 0) tests.push((row) => smsStatuses.some((status) => hasSmsStatus(row, status)));

  tests.push(...window('created', query.created_after, query.created_before, (row) => row.created_at));
  tests.push(...window('updated', query.updated_after, query.updated_before, (row) => row.updated_at));
  const optOut = (row: ContactRow): number | null => row.email?.opt_out_date ?? null;
  tests.push(...window('optout', query.optout_after, query.optout_before, optOut));
  return (row) => tests.every((test) => test(row));
}

/** Returns true if the query has filters other than a segment. */
export function hasOtherFilters(query: ContactsQuery): boolean {
  return Object.entries(query).some(
    ([name, value]) => value !== undefined && name !== 'segment_id' && name !== 'limit',
  );
}

function idSet(name: string, list: string | undefined, most: number): Set<string> | null {
  if (list === undefined) return null;
  const ids = new Set(csv(list));
  if (ids.size > most) throw invalid(`${name} accepts at most ${most} ids.`);
  return ids;
}

function hasSmsStatus(row: ContactRow, status: string): boolean {
  if (status === 'all') return row.sms !== null;
  return (row.sms?.permission ?? 'not_set') === status;
}

function window(
  name: string,
  after: string | undefined,
  before: string | undefined,
  of: (row: ContactRow) => number | null,
): Test[] {
  const tests: Test[] = [];
  const low = instant(`${name}_after`, after);
  const high = instant(`${name}_before`, before);
  if (low !== null) tests.push((row) => (of(row) ?? -Infinity) > low);
  if (high !== null) tests.push((row) => (of(row) ?? Infinity) < high);
  return tests;
}

function instant(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const ms = parseDate(text);
  if (Number.isNaN(ms)) throw invalid(`${name} is not an ISO-8601 date.`);
  return ms;
}
