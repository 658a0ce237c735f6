import type { Schema } from '../../constant-contact/contract/operations.js';
import type { Account } from '../account.js';
import { invalid } from '../errors.js';
import type {
  AddressRow,
  ContactRow,
  CustomValue,
  EmailRow,
  NoteRow,
  Permission,
  PhoneRow,
  SmsRow,
} from '../stores/audience.js';
import { customValue } from './custom-value.js';
import { expandPlace } from './place.js';

/** Author and time of a change. `source` is `Contact` for the person and `Account` for the owner. */
export interface Change {
  readonly account: Account;
  readonly now: number;
  readonly source: string;
}

const PERMISSIONS: readonly string[] = [
  'explicit',
  'implicit',
  'not_set',
  'pending_confirmation',
  'unsubscribed',
] satisfies Permission[];
const PHONE_KINDS = ['home', 'work', 'mobile', 'other'];
const ADDRESS_KINDS = ['home', 'work', 'other'];
const ANNIVERSARY = /^(\d{1,2}[/-]\d{1,2}[/-]\d{4}|\d{4}[/-]\d{1,2}[/-]\d{1,2})$/;
/** Longest first, so that no code matches the beginning of another. */
const DIAL_CODES = '234 353 420 30 31 33 34 39 44 46 48 49 52 55 81 82 86 90 91 1'.split(' ');
const SMS_PERMISSIONS = ['explicit', 'unsubscribed', 'pending_confirmation', 'not_set'] as const;

/** @throws Refusal 400 for an invalid email address */
export function checkAddress(address: string): string {
  const trimmed = address.trim();
  if (!/^[^\s@,;]+@[^\s@,;]+\.[^\s@,;.]+$/.test(trimmed)) throw invalid('email_address is not valid.');
  return trimmed;
}

/**
 * @throws Refusal 400 for an incomplete birthday, a date that does not exist, or an anniversary in an unknown
 * format
 */
export function checkDays(input: {
  birthday_month?: number | null | undefined;
  birthday_day?: number | null | undefined;
  anniversary?: string | null | undefined;
}): void {
  const { birthday_month: month = null, birthday_day: day = null, anniversary } = input;
  if ((month === null) !== (day === null))
    throw invalid('birthday_month and birthday_day must be set together.');
  if (
    month !== null &&
    day !== null &&
    new Date(Date.UTC(2024, month - 1, day)).getUTCMonth() !== month - 1
  ) {
    throw invalid('birthday_month and birthday_day must be a day of the year.');
  }
  if (anniversary && !ANNIVERSARY.test(anniversary)) throw invalid('anniversary is not in a known format.');
}

/** @throws Refusal 400 for an unknown or deleted list */
export function checkLists(account: Account, ids: readonly string[]): string[] {
  const unknown = ids.find((id) => account.lists.get(id)?.deleted_at !== null);
  if (unknown !== undefined) throw invalid(`list_id ${unknown} does not exist.`);
  return [...new Set(ids)];
}

/** @throws Refusal 400 for an unknown tag */
export function checkTags(account: Account, ids: readonly string[]): string[] {
  const unknown = ids.find((id) => !account.tags.get(id));
  if (unknown !== undefined) throw invalid(`tag_id ${unknown} does not exist.`);
  return [...new Set(ids)];
}

/** @throws Refusal 400 for an unknown field or an invalid value */
export function customValues(
  account: Account,
  inputs: readonly {
    custom_field_id?: string | undefined;
    value?: string | undefined;
    choice_ids?: string[] | undefined;
  }[],
): CustomValue[] {
  return inputs.map((input) => {
    const field = account.customFields.get(input.custom_field_id ?? '');
    if (!field) throw invalid(`custom_field_id ${input.custom_field_id ?? ''} does not exist.`);
    return customValue(field, input);
  });
}

/** Phones that replace all of a contact's; an existing number keeps its ID. */
export function phoneRows(
  { account, now, source }: Change,
  current: readonly PhoneRow[],
  inputs: readonly Schema<'PhoneNumberPut'>[],
): PhoneRow[] {
  return inputs.map(({ phone_number = '', kind = 'other' }) => {
    if (!PHONE_KINDS.includes(kind)) throw invalid(`${kind} is not a kind of phone number.`);
    const known = current.find((row) => row.phone_number === phone_number && row.kind === kind);
    if (known) return known;
    const phone_number_id = account.ids.uuid('phone');
    const times = { created_at: now, updated_at: now };
    return { phone_number_id, phone_number, kind, ...times, create_source: source, update_source: source };
  });
}

/** Addresses that replace all of a contact's; an address of the same kind keeps its ID. */
export function addressRows(
  { account, now }: Pick<Change, 'account' | 'now'>,
  current: readonly AddressRow[],
  inputs: readonly Schema<'StreetAddressPut'>[],
): AddressRow[] {
  return inputs.map((input) => {
    if (!ADDRESS_KINDS.includes(input.kind)) throw invalid(`${input.kind} is not a kind of address.`);
    const known = current.find((row) => row.kind === input.kind);
    return expandPlace({
      street_address_id: known?.street_address_id ?? account.ids.uuid('address'),
      kind: input.kind,
      street: blankToNull(input.street),
      city: blankToNull(input.city),
      state: blankToNull(input.state),
      postal_code: blankToNull(input.postal_code),
      country: blankToNull(input.country),
      created_at: known?.created_at ?? now,
      updated_at: now,
    });
  });
}

/** Notes that replace all of a contact's, newest first; one with a known ID keeps its date. */
export function noteRows(
  { account, now }: Pick<Change, 'account' | 'now'>,
  current: readonly NoteRow[],
  inputs: readonly Schema<'Note'>[],
): NoteRow[] {
  const rows = inputs.map((input) => {
    const known = current.find((row) => row.note_id === input.note_id);
    const written = input.created_at === undefined ? now : Date.parse(input.created_at);
    return {
      note_id: known?.note_id ?? account.ids.uuid('note'),
      created_at: known?.created_at ?? written,
      content: input.content ?? known?.content ?? '',
    };
  });
  return rows.sort((a, b) => b.created_at - a.created_at);
}

/** A new address with its permission. By default the source decides: a person's own action is `explicit`. */
export function newEmail(change: Change, address: string, permission: string | undefined): EmailRow {
  const { now, source } = change;
  const row: EmailRow = {
    address: checkAddress(address),
    permission_to_send: 'not_set',
    created_at: now,
    updated_at: now,
    opt_in_source: source,
    opt_in_date: null,
    opt_out_source: null,
    opt_out_date: null,
    opt_out_reason: null,
    confirm_status: 'off',
  };
  setPermission(change, row, permission ?? (source === 'Account' ? 'implicit' : 'explicit'));
  return row;
}

/**
 * Changes the permission of an address, with its dates.
 * @throws Refusal 400 for an unknown permission, from explicit to implicit, or when the owner tries to
 * resubscribe a person who opted out
 */
export function setPermission(change: Change, row: EmailRow, permission: string, reason?: string): void {
  if (permission === row.permission_to_send) {
    if (reason !== undefined && row.opt_out_date !== null) row.opt_out_reason = reason;
    return;
  }
  if (!PERMISSIONS.includes(permission)) throw invalid(`${permission} is not a permission_to_send.`);
  if (row.permission_to_send === 'explicit' && permission === 'implicit') {
    throw invalid('permission_to_send may not change from explicit to implicit.');
  }
  if (row.opt_out_source === 'Contact' && change.source === 'Account') {
    throw invalid('permission_to_send: the contact unsubscribed, and only the contact can opt in again.');
  }
  const { now, source } = change;
  const out = permission === 'unsubscribed';
  const opted = permission === 'explicit' || permission === 'implicit';
  row.permission_to_send = permission as Permission;
  row.updated_at = now;
  row.opt_out_source = out ? source : null;
  row.opt_out_date = out ? now : null;
  row.opt_out_reason = out ? (reason ?? null) : null;
  if (opted) row.opt_in_date = now;
  row.confirm_status = permission === 'pending_confirmation' ? 'pending' : 'off';
}

/**
 * Parses a phone number such as `+1 202-555-0123`.
 * @throws Refusal 400 if it is invalid
 */
export function splitNumber(text: string): { dial_code: string; sms_address: string } {
  const digits = text.replace(/[\s().-]/g, '').replace(/^(\+|00)/, '');
  if (!/^\d{8,15}$/.test(digits)) throw invalid('The SMS number is not valid.');
  const national = digits.length === 10 ? `1${digits}` : digits;
  const dial_code = DIAL_CODES.find((code) => national.startsWith(code)) ?? national.slice(0, 2);
  return { dial_code, sms_address: national.slice(dial_code.length) };
}

/** The SMS channel of a contact after a change; a changed permission adds an entry to its history. */
export function smsRow(
  { account, now, source }: Change,
  current: SmsRow | null,
  number: { dial_code: string; sms_address: string; country_code?: string },
  permission: string,
): SmsRow {
  const next = SMS_PERMISSIONS.find((candidate) => candidate === permission);
  if (!next) throw invalid(`${permission} is not an sms_consent_permission.`);
  const moved = next !== (current?.permission ?? 'not_set');
  const entry = {
    sms_channel_history_id: account.ids.uuid('sms-history'),
    insert_time: now,
    state: next.charAt(0).toUpperCase(),
    source: source.charAt(0).toUpperCase(),
    consent_action_type: next === 'unsubscribed' ? 'opt_out' : 'opt_in',
  };
  return {
    sms_channel_id: current?.sms_channel_id ?? account.ids.uuid('sms'),
    country_code: current?.country_code ?? 'US',
    ...number,
    create_source: current?.create_source ?? source,
    update_source: source,
    permission: next,
    opt_in_date: moved && next === 'explicit' ? now : (current?.opt_in_date ?? null),
    opt_out_date: next === 'unsubscribed' ? (current?.opt_out_date ?? now) : null,
    created_at: current?.created_at ?? now,
    updated_at: now,
    history: moved ? [...(current?.history ?? []), entry] : (current?.history ?? []),
  };
}

/** The parts of a contact whose change updates `updated_at`; consent is not among them. */
export function fingerprint(row: ContactRow): string {
  return JSON.stringify({ ...row, email: row.email?.address, sms: null, updated_at: 0, update_source: '' });
}

export const blankToNull = (text: string | null | undefined): string | null => (text?.trim() ? text : null);
