import type { Account } from '../account.js';
import { Refusal, invalid } from '../errors.js';
import type { JobOutcome } from '../jobs.js';
import type { ContactRow } from '../stores/audience.js';
import {
  addressRows,
  checkAddress,
  checkDays,
  customValues,
  newEmail,
  phoneRows,
  smsRow,
  splitNumber,
  type Change,
} from './contact-parts.js';
import { assignSent, blankContact, findPerson } from './contact-write.js';

/** One row of an import: values by heading. */
export type ImportRow = Readonly<Record<string, string>>;

export interface ImportPlan {
  readonly rows: readonly { readonly line: number; readonly values: ImportRow }[];
  readonly listIds: readonly string[];
  /** Permission of new SMS numbers. */
  readonly smsPermission: string;
}

const MAX_CUSTOM_FIELDS = 25;
const MAX_LISTS = 50;
const TEXTS = ['first_name', 'last_name', 'job_title', 'company_name', 'anniversary'] as const;
const NUMBERS = ['birthday_month', 'birthday_day'] as const;
/** Headings for kinds of phones and addresses; without a kind, phones are `other` and addresses `home`. */
const PHONES = {
  phone: 'other',
  home_phone: 'home',
  work_phone: 'work',
  mobile_phone: 'mobile',
  other_phone: 'other',
};
const ADDRESSES = { '': 'home', home_: 'home', work_: 'work', other_: 'other' };

/**
 * Adds or updates a contact per row, by address or SMS number. New contacts become `implicit`, existing ones
 * keep their permission; only given values change, and unsubscribed contacts are not added to lists.
 */
export function importContacts(account: Account, plan: ImportPlan, now: number): JobOutcome {
  const errors: string[] = [];
  let persons = 0;
  let correctable = 0;
  let kept = 0;
  for (const { line, values } of plan.rows) {
    try {
      const row = importRow({ account, now, source: 'Account' }, values, plan.smsPermission);
      persons++;
      if (row.email?.permission_to_send === 'unsubscribed') kept++;
      else joinLists(row, plan.listIds);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      errors.push(`Line ${line} ${error.message}`);
      if (/not valid|no day|no number/.test(error.message)) correctable++;
    }
  }
  const counters = {
    items_total_count: plan.rows.length,
    person_count: persons,
    error_count: errors.length,
    correctable_count: correctable,
    cannot_add_to_list_count: kept,
  };
  return { counters, errors };
}

function importRow(change: Change, values: ImportRow, smsPermission: string): ContactRow {
  const { account, now } = change;
  const email = values.email ? checkAddress(values.email) : undefined;
  const number = values.sms_number ? splitNumber(values.sms_number) : undefined;
  if (!email && !number) throw invalid('has neither email nor sms_number.');
  const known = findPerson(account, email, number);
  const draft = known ? structuredClone(known) : blankContact(change);
  for (const name of TEXTS) assignSent(draft, name, values[name]?.slice(0, 50));
  for (const name of NUMBERS) assignSent(draft, name, wholeNumber(values[name]));
  checkDays(draft);
  setCustomFields(account, draft, values);
  setPhones(change, draft, values);
  setAddresses(change, draft, values);
  if (email && !draft.email) draft.email = newEmail(change, email, 'implicit');
  if (number) draft.sms = smsRow(change, draft.sms, number, draft.sms?.permission ?? smsPermission);
  draft.deleted_at = null;
  draft.update_source = 'Account';
  draft.updated_at = now;
  if (!known) return account.contacts.add(draft);
  return account.contacts.update(known, () => Object.assign(known, draft));
}

function wholeNumber(text: string | undefined): number | undefined {
  if (!text) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value)) throw invalid(`has ${text}, which is not a number.`);
  return value;
}

function setCustomFields(account: Account, row: ContactRow, values: ImportRow): void {
  for (const [heading, value] of Object.entries(values)) {
    if (!heading.startsWith('cf:') || value === '') continue;
    const field = account.customFields.first('name', heading.slice(3).toLowerCase());
    // The API silently drops the column of an unknown field.
    if (!field) continue;
    const { custom_field_id } = field;
    row.custom_fields = [
      ...row.custom_fields.filter((other) => other.custom_field_id !== custom_field_id),
      ...customValues(account, [{ custom_field_id, value: value.slice(0, 255) }]),
    ];
  }
  if (row.custom_fields.length > MAX_CUSTOM_FIELDS) throw invalid('has more than 25 custom fields.');
}

function setPhones(change: Change, row: ContactRow, values: ImportRow): void {
  for (const [heading, kind] of Object.entries(PHONES)) {
    const phone_number = values[heading];
    if (!phone_number) continue;
    const others = row.phone_numbers.filter((phone) => phone.kind !== kind);
    if (others.length >= 3) throw invalid('has more than 3 phone numbers.');
    row.phone_numbers = [...others, ...phoneRows(change, row.phone_numbers, [{ phone_number, kind }])];
  }
}

function setAddresses(change: Change, row: ContactRow, values: ImportRow): void {
  for (const [prefix, kind] of Object.entries(ADDRESSES)) {
    const part = (name: string): string => values[prefix + name] ?? '';
    const street = [part('street'), part('street2')].filter((line) => line !== '').join(', ');
    const country = part('country') || (values[`${kind} country`] ?? '');
    const sent = { street, city: part('city'), state: part('state'), postal_code: part('zip'), country };
    const filled = Object.entries(sent).filter(([, value]) => value !== '');
    if (filled.length === 0) continue;
    const current = row.street_addresses.find((address) => address.kind === kind);
    const merged = { ...textsOf(current), ...Object.fromEntries(filled), kind };
    row.street_addresses = [
      ...row.street_addresses.filter((address) => address.kind !== kind),
      ...addressRows(change, row.street_addresses, [merged]),
    ];
  }
}

function textsOf(row: ContactRow['street_addresses'][number] | undefined): Record<string, string> {
  const { street, city, state, postal_code, country } = row ?? {};
  const texts = Object.entries({ street, city, state, postal_code, country });
  return Object.fromEntries(texts.flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

/** Adds a contact to lists, up to the limit. */
export function joinLists(row: ContactRow, listIds: readonly string[]): void {
  row.list_memberships = [...new Set([...row.list_memberships, ...listIds])].slice(0, MAX_LISTS);
}
