import type { Account } from '../account.js';
import { parseDate } from '../dates.js';
import { invalid } from '../errors.js';
import { hash } from '../random.js';
import type { ContactRow, CustomFieldRow, SegmentRow } from '../stores/audience.js';
import { findChoice } from './custom-value.js';

type Test = (row: ContactRow) => boolean;

const MAX_CAMPAIGNS = 500;
const MAX_DAYS = 1_825;

/**
 * Percentage of contacts that match a tracking criterion. Derived from the criterion, so that it is always
 * the same.
 */
const TRACKING: Readonly<Record<string, number>> = {
  sent: 90,
  opened: 35,
  clicked: 12,
  bounced: 3,
  forwarded: 2,
  opted_out: 1,
};

/** Predicate for the contacts of a segment, without deleted ones. */
export function segmentMembers(account: Account, segment: SegmentRow): Test {
  const fits = compileCriteria(account, segment.segment_criteria);
  return (row) => row.deleted_at === null && fits(row);
}

/**
 * Compiles the JSON document of a segment. Contact fields, lists and tags are evaluated; tracking criteria
 * match a fixed part of the contacts.
 * @throws Refusal 400 for invalid JSON, a top group other than `and`, or a criterion that is unknown or too
 * wide
 */
export function compileCriteria(account: Account, text: string): Test {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw invalid('segment_criteria is not a valid JSON document.');
  }
  const criteria = isRecord(document) ? document.criteria : undefined;
  if (!isRecord(criteria) || criteria.type !== 'and')
    throw invalid('The top group of segment_criteria must be "and".');
  return compileNode(account, criteria);
}

function compileNode(account: Account, node: unknown): Test {
  if (!isRecord(node)) throw invalid('A criterion must be an object.');
  if (!Array.isArray(node.group)) return compileRule(account, node);
  const tests = node.group.map((child) => compileNode(account, child));
  if (node.type === 'and') return (row) => tests.every((test) => test(row));
  if (node.type === 'or') return (row) => tests.some((test) => test(row));
  throw invalid('A group must be "and" or "or".');
}

function compileRule(account: Account, rule: Record<string, unknown>): Test {
  const op = typeof rule.op === 'string' ? rule.op.toLowerCase().replaceAll('_', '-') : 'equals';
  const wanted = [rule.const_value].flat().flatMap((value) => (isScalar(value) ? [String(value)] : []));
  const field = typeof rule.field === 'string' ? rule.field : '';
  switch (rule.source) {
    case 'tracking':
      return trackingTest(field, wanted[0] ?? '', isScalar(rule.param) ? String(rule.param) : '');
    case 'list_membership':
      return idTest(op, wanted, (row) => row.list_memberships);
    case 'tags':
      return idTest(op, wanted, (row) => row.taggings);
    case 'contact':
      return fieldTest(op, wanted, contactValues(account, field));
    default:
      throw invalid('The source of a criterion must be tracking, contact, list_membership or tags.');
  }
}

function trackingTest(field: string, range: string, param: string): Test {
  const negated = field.startsWith('not_');
  const share = TRACKING[negated ? field.slice(4) : field];
  if (share === undefined) throw invalid(`${field} is not a tracking activity.`);
  if (range === 'last-n-campaigns' && Number(param) > MAX_CAMPAIGNS)
    throw invalid('A criterion can have at most 500 campaigns.');
  if (range === 'last-n-days' && Number(param) > MAX_DAYS)
    throw invalid('A criterion can cover at most 1825 days.');
  return (row) => (hash(`${row.contact_id}:${range}:${param}`) >>> 0) % 100 < share !== negated;
}

function idTest(op: string, wanted: readonly string[], of: (row: ContactRow) => readonly string[]): Test {
  const ids = new Set(wanted);
  if (op.startsWith('not-')) return (row) => !of(row).some((id) => ids.has(id));
  return (row) => of(row).some((id) => ids.has(id));
}

const COMPARE: Readonly<Record<string, (actual: string, wanted: string) => boolean>> = {
  equals: (actual, wanted) => actual === wanted,
  'contains-any': (actual, wanted) => actual === wanted,
  contains: (actual, wanted) => actual.includes(wanted),
  'starts-with': (actual, wanted) => actual.startsWith(wanted),
  'ends-with': (actual, wanted) => actual.endsWith(wanted),
  'greater-than': (actual, wanted) => order(actual, wanted) > 0,
  'less-than': (actual, wanted) => order(actual, wanted) < 0,
};

function fieldTest(op: string, wanted: readonly string[], of: (row: ContactRow) => readonly string[]): Test {
  if (op === 'is-empty') return (row) => of(row).length === 0;
  if (op === 'is-not-empty') return (row) => of(row).length > 0;
  const negated = op.startsWith('not-');
  const compare = COMPARE[negated ? op.slice(4) : op];
  if (!compare) throw invalid(`${op} is not a comparison.`);
  const values = wanted.map((value) => value.toLowerCase());
  const some: Test = (row) => of(row).some((actual) => values.some((value) => compare(actual, value)));
  return negated ? (row) => !some(row) : some;
}

/** The values of a criterion's field, in lower case; a custom field is given by its ID or name. */
function contactValues(account: Account, field: string): (row: ContactRow) => string[] {
  const custom = account.customFields.get(field) ?? account.customFields.first('name', field.toLowerCase());
  const raw = custom ? customTexts(custom) : FIELDS[field];
  if (!raw) throw invalid(`${field} is not a field of a contact.`);
  return (row) =>
    raw(row).flatMap((value) => (value === null || value === '' ? [] : String(value).toLowerCase()));
}

type Values = (row: ContactRow) => (string | number | null)[];

const FIELDS: Readonly<Record<string, Values>> = {
  first_name: (row) => [row.first_name],
  last_name: (row) => [row.last_name],
  job_title: (row) => [row.job_title],
  company_name: (row) => [row.company_name],
  email_address: (row) => [row.email?.address ?? null],
  email_domain: (row) => [row.email?.address.split('@')[1] ?? null],
  permission_to_send: (row) => [row.email?.permission_to_send ?? null],
  birthday_month: (row) => [row.birthday_month],
  birthday_day: (row) => [row.birthday_day],
  anniversary: (row) => [row.anniversary],
  created_date: (row) => [new Date(row.created_at).toISOString()],
  city: (row) => row.street_addresses.map((address) => address.city),
  state: (row) => row.street_addresses.map((address) => address.state),
  country: (row) => row.street_addresses.map((address) => address.country),
  postal_code: (row) => row.street_addresses.map((address) => address.postal_code),
  phone_number: (row) => row.phone_numbers.map((phone) => phone.phone_number),
};

function customTexts(field: CustomFieldRow): Values {
  return (row) => {
    const value = row.custom_fields.find((one) => one.custom_field_id === field.custom_field_id);
    const labels = value?.choice_ids?.map((id) => findChoice(field, id)?.choice_label ?? null) ?? [];
    return [value?.value ?? null, ...labels];
  };
}

function order(a: string, b: string): number {
  const numeric = Number(a) - Number(b);
  return Number.isNaN(numeric) ? parseDate(a) - parseDate(b) : numeric;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isScalar = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value);
