import type { Schema } from '../../constant-contact/contract/operations.js';
import type { Account } from '../account.js';
import { compact } from '../compact.js';
import { dateOnly, seconds } from '../dates.js';
import type {
  AddressRow,
  ContactRow,
  EmailRow,
  ListRow,
  NoteRow,
  PhoneRow,
  SmsRow,
} from '../stores/audience.js';

/** Sub-resources of a contact that require `include`. */
export const INCLUDES = [
  'custom_fields',
  'list_memberships',
  'phone_numbers',
  'street_addresses',
  'taggings',
  'notes',
] as const;

export type Include = (typeof INCLUDES)[number];

/** The contact in the API's format; properties without a value are left out. */
export function contactResource(row: ContactRow, include: ReadonlySet<string>): Schema<'ContactResource'> {
  const has = (part: Include): boolean => include.has(part);
  return compact<Schema<'ContactResource'>>({
    contact_id: row.contact_id,
    email_address: row.email ? emailResource(row.email) : null,
    first_name: row.first_name,
    last_name: row.last_name,
    job_title: row.job_title,
    company_name: row.company_name,
    birthday_month: row.birthday_month,
    birthday_day: row.birthday_day,
    anniversary: row.anniversary,
    create_source: row.create_source,
    update_source: row.update_source,
    created_at: seconds(row.created_at),
    updated_at: seconds(row.updated_at),
    deleted_at: row.deleted_at === null ? null : dateOnly(row.deleted_at),
    custom_fields: has('custom_fields') ? row.custom_fields : null,
    list_memberships: has('list_memberships') ? row.list_memberships : null,
    phone_numbers: has('phone_numbers') ? row.phone_numbers.map(phoneResource) : null,
    street_addresses: has('street_addresses') ? row.street_addresses.map(addressResource) : null,
    taggings: has('taggings') ? row.taggings : null,
    notes: has('notes') ? row.notes.map(noteResource) : null,
    sms_channel: row.sms ? smsResource(row.sms) : null,
  });
}

function emailResource(row: EmailRow): Schema<'EmailAddress'> {
  return compact<Schema<'EmailAddress'>>({
    address: row.address,
    permission_to_send: row.permission_to_send,
    created_at: seconds(row.created_at),
    updated_at: seconds(row.updated_at),
    opt_in_source: row.opt_in_source,
    opt_in_date: row.opt_in_date === null ? null : seconds(row.opt_in_date),
    opt_out_source: row.opt_out_source,
    opt_out_date: row.opt_out_date === null ? null : seconds(row.opt_out_date),
    opt_out_reason: row.opt_out_reason,
    confirm_status: row.confirm_status,
  });
}

const phoneResource = (row: PhoneRow): Schema<'PhoneNumber'> => ({
  ...row,
  created_at: seconds(row.created_at),
  updated_at: seconds(row.updated_at),
});

const addressResource = (row: AddressRow): Schema<'StreetAddress'> => ({
  ...compact<Schema<'StreetAddress'>>({ ...row, created_at: null, updated_at: null }),
  created_at: seconds(row.created_at),
  updated_at: seconds(row.updated_at),
});

const noteResource = (row: NoteRow): Schema<'Note'> => ({ ...row, created_at: seconds(row.created_at) });

function smsResource(row: SmsRow): NonNullable<Schema<'ContactResource'>['sms_channel']> {
  return {
    sms_channel_id: row.sms_channel_id,
    sms_address: row.sms_address,
    dial_code: row.dial_code,
    country_code: row.country_code,
    create_source: row.create_source,
    update_source: row.update_source,
    sms_channel_consents: [
      compact<Schema<'SmsChannelConsentDetails'>>({
        sms_consent_permission: row.permission,
        consent_type: 'promotional_sms',
        opt_in_date: row.opt_in_date === null ? null : seconds(row.opt_in_date),
        opt_out_date: row.opt_out_date === null ? null : seconds(row.opt_out_date),
        created_at: seconds(row.created_at),
        updated_at: seconds(row.updated_at),
      }),
    ],
  };
}

/** Returns true if a contact may receive email, which the API calls active. */
export const isActive = (row: ContactRow): boolean =>
  row.deleted_at === null &&
  (row.email?.permission_to_send === 'explicit' || row.email?.permission_to_send === 'implicit');

/** Period in which a contact counts as a new subscriber, in milliseconds: 30 days. */
const NEW_SUBSCRIBER_MS = 30 * 24 * 3_600_000;

/** A contact that gave permission within the last 30 days. */
export const isNewSubscriber = (row: ContactRow, now: number): boolean =>
  isActive(row) && row.created_at > now - NEW_SUBSCRIBER_MS;

/** Predicate for one `status` of the contacts collection; `all` matches everything. */
export function hasStatus(row: ContactRow, status: string): boolean {
  if (status === 'all') return true;
  if (status === 'deleted') return row.deleted_at !== null;
  if (row.deleted_at !== null) return false;
  if (status === 'active') return isActive(row);
  return (row.email?.permission_to_send ?? 'not_set') === status;
}

/** Marks a contact as deleted: it keeps its history and loses its lists. */
export function softDelete(row: ContactRow, now: number): void {
  row.deleted_at = now;
  row.updated_at = now;
  row.list_memberships = [];
}

/** Number of members of each list: `all` that are not deleted, or `active` ones. */
export function countMembers(account: Account, kind: 'all' | 'active'): (list: ListRow) => number {
  const counts = new Map<string, number>();
  for (const contact of account.contacts) {
    if (kind === 'active' ? !isListActive(contact) : contact.deleted_at !== null) continue;
    for (const id of contact.list_memberships) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return (list) => counts.get(list.list_id) ?? 0;
}

const isListActive = (row: ContactRow): boolean =>
  isActive(row) || (row.deleted_at === null && row.sms?.permission === 'explicit');

/** Number of contacts with each tag, without deleted ones. */
export function countTagged(account: Account): (tagId: string) => number {
  const counts = new Map<string, number>();
  for (const contact of account.contacts) {
    if (contact.deleted_at !== null) continue;
    for (const id of contact.taggings) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return (tagId) => counts.get(tagId) ?? 0;
}
