import { stringify } from 'csv-stringify/sync';
import type { Account } from '../account.js';
import { seconds } from '../dates.js';
import { invalid } from '../errors.js';
import type { ContactRow, CustomFieldRow } from '../stores/audience.js';
import { isActive } from './contact.js';
import { findChoice } from './custom-value.js';

interface Column {
  readonly heading: string;
  of(row: ContactRow): string | number | null;
}

const PHONE_KINDS = ['home', 'work', 'mobile', 'other'];
const ADDRESS_KINDS = ['home', 'work', 'other'];
const ADDRESS_PARTS = {
  street: ['Street address line 1', 'street'],
  city: ['City', 'city'],
  state: ['State/Province', 'state'],
  zip: ['Zip/Postal Code', 'postal_code'],
  country: ['Country', 'country'],
} as const;

/**
 * Additional columns of a file with all fields, after those of the field. They are empty, because contacts
 * have one address.
 */
const SECOND_COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  email_address: [{ heading: 'Email address - other', of: () => null }],
  email_status: [{ heading: 'Email permission status - other', of: () => null }],
};

/** Columns about consent, which require the address. */
const NEED_ADDRESS = /^email_opt/;

/**
 * The CSV of an export, with a line of headings.
 * @param fields to export, in this order; all fields, including custom fields, when absent or empty. A custom
 * field is given by its name, with or without `cf:`.
 */
export function exportCsv(
  account: Account,
  rows: readonly ContactRow[],
  fields: readonly string[] | undefined,
): string {
  const columns = exportColumns(account, fields);
  const lines = rows.map((row) => columns.map((column) => column.of(row)));
  return stringify([columns.map((column) => column.heading), ...lines], { record_delimiter: '\r\n' });
}

/** @throws Refusal 400 for an unknown field, or a consent field without `email_address` */
export function exportColumns(account: Account, fields: readonly string[] | undefined): Column[] {
  const known = standardColumns(account);
  if (!fields || fields.length === 0) {
    const standard = Object.entries(known).flatMap(([field, columns]) => [
      ...columns,
      ...(SECOND_COLUMNS[field] ?? []),
    ]);
    return [...standard, ...[...account.customFields].map(customColumn)];
  }
  if (fields.some((field) => NEED_ADDRESS.test(field)) && !fields.includes('email_address')) {
    throw invalid('The opt-in and opt-out fields need email_address among the fields.');
  }
  return fields.flatMap((field) => {
    const custom = account.customFields.first('name', field.replace(/^cf:/, '').toLowerCase());
    const columns = known[field] ?? (custom ? [customColumn(custom)] : null);
    if (!columns) throw invalid(`${field} is not a field of an export.`);
    return columns;
  });
}

function standardColumns(account: Account): Record<string, Column[]> {
  const one = (heading: string, of: Column['of']): Column[] => [{ heading, of }];
  const date = (ms: number | null | undefined): string | null => (ms ? seconds(ms) : null);
  const names = <Row extends { name: string }>(
    ids: readonly string[],
    get: (id: string) => Row | undefined,
  ): string => ids.map((id) => get(id)?.name ?? id).join(', ');
  return {
    email_address: one('Email address', (row) => row.email?.address ?? null),
    first_name: one('First name', (row) => row.first_name),
    last_name: one('Last name', (row) => row.last_name),
    job_title: one('Job title', (row) => row.job_title),
    company_name: one('Company', (row) => row.company_name),
    phone_number: PHONE_KINDS.map((kind) => ({
      heading: `Phone - ${kind}`,
      of: (row) => row.phone_numbers.find((phone) => phone.kind === kind)?.phone_number ?? null,
    })),
    ...Object.fromEntries(
      Object.entries(ADDRESS_PARTS).map(([field, [heading, part]]) => [field, addressColumns(heading, part)]),
    ),
    birthday: one('Birthday', (row) =>
      row.birthday_month ? `${row.birthday_month}/${row.birthday_day}` : null,
    ),
    birthday_month: one('Birthday month', (row) => row.birthday_month),
    birthday_day: one('Birthday day', (row) => row.birthday_day),
    anniversary: one('Anniversary', (row) => row.anniversary),
    website: one('Website', () => null),
    social_profiles: one('Social profiles', () => null),
    email_lists: one('Email Lists', (row) => names(row.list_memberships, (id) => account.lists.get(id))),
    tags: one('Tags', (row) => names(row.taggings, (id) => account.tags.get(id))),
    notes: one('Notes', (row) => row.notes.map((note) => note.content).join('\n')),
    source_name: one('Source Name', (row) => row.create_source),
    created_at: one('Created At', (row) => seconds(row.created_at)),
    updated_at: one('Updated At', (row) => seconds(row.updated_at)),
    // The status column precedes the permission column, whose heading also contains "status".
    email_status: [
      ...one('Email status', (row) => row.email && statusOf(row)),
      ...one('Email permission status', (row) => row.email?.permission_to_send ?? null),
    ],
    email_optin_source: one('Email opt-in source', (row) => row.email?.opt_in_source ?? null),
    email_optin_date: one('Email opt-in date', (row) => date(row.email?.opt_in_date)),
    email_optout_source: one('Email opt-out source', (row) => row.email?.opt_out_source ?? null),
    email_optout_date: one('Email opt-out date', (row) => date(row.email?.opt_out_date)),
    email_optout_reason: one('Email opt-out reason', (row) => row.email?.opt_out_reason ?? null),
  };
}

function statusOf(row: ContactRow): string {
  if (row.deleted_at !== null) return 'Removed';
  return isActive(row)
    ? 'Active'
    : row.email?.permission_to_send === 'unsubscribed'
      ? 'Unsubscribed'
      : 'Inactive';
}

function addressColumns(
  heading: string,
  part: 'street' | 'city' | 'state' | 'postal_code' | 'country',
): Column[] {
  return ADDRESS_KINDS.map((kind) => ({
    heading: `${heading} - ${kind}`,
    of: (row) => row.street_addresses.find((address) => address.kind === kind)?.[part] ?? null,
  }));
}

function customColumn(field: CustomFieldRow): Column {
  return {
    heading: field.label,
    of: (row) => {
      const value = row.custom_fields.find((one) => one.custom_field_id === field.custom_field_id);
      const labels = value?.choice_ids?.map((id) => findChoice(field, id)?.choice_label ?? id);
      return labels ? labels.join(', ') : (value?.value ?? null);
    },
  };
}
