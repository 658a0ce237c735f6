import type { Schema } from '../../constant-contact/contract/operations.js';
import type { Account } from '../account.js';
import { DAY } from '../dates.js';
import { conflict, invalid, type Refusal } from '../errors.js';
import { fullNumber, type ContactRow, type SmsRow } from '../stores/audience.js';
import {
  addressRows,
  blankToNull,
  checkAddress,
  checkDays,
  checkLists,
  checkTags,
  customValues,
  fingerprint,
  newEmail,
  noteRows,
  phoneRows,
  setPermission,
  smsRow,
  splitNumber,
  type Change,
} from './contact-parts.js';

type SmsInput = Schema<'ContactSmsChannel'>;
type Input = Schema<'ContactPostRequest'> | Schema<'ContactPutRequest'>;

const SIGN_UPS_A_DAY = 5;
const SIGN_UP_BLOCK = 2 * DAY;
const SOURCES = ['Contact', 'Account', 'Landing Page'];

/** Not in the account's collection yet. */
export function blankContact({ account, now, source }: Change): ContactRow {
  return {
    contact_id: account.ids.uuid('contact'),
    sequence_id: null,
    email: null,
    first_name: null,
    last_name: null,
    job_title: null,
    company_name: null,
    birthday_month: null,
    birthday_day: null,
    anniversary: null,
    create_source: source,
    update_source: source,
    created_at: now,
    updated_at: now,
    deleted_at: null,
    custom_fields: [],
    phone_numbers: [],
    street_addresses: [],
    list_memberships: [],
    taggings: [],
    notes: [],
    sms: null,
    resubscribe_asked_at: null,
  };
}

/**
 * Adds a contact.
 * @throws Refusal 400 for invalid values, 409 when the address or number was ever used, also by a deleted
 * contact
 */
export function createContact(
  account: Account,
  input: Schema<'ContactPostRequest'>,
  now: number,
): ContactRow {
  const source = checkSource('create_source', input.create_source);
  if (!input.first_name && !input.last_name && !input.email_address && !input.sms_channel) {
    throw invalid('One of first_name, last_name, email_address and sms_channel is required.');
  }
  const change: Change = { account, now, source };
  if (input.email_address) checkAddressFree(account, input.email_address.address, null);
  if (input.sms_channel) checkNumberFree(account, splitNumber(input.sms_channel.full_sms_address), null);
  const row = blankContact(change);
  setCore(row, input);
  setParts(change, row, input);
  if (input.email_address) {
    row.email = newEmail(change, input.email_address.address, input.email_address.permission_to_send);
  }
  checkJoining(row, []);
  return account.contacts.add(row);
}

/**
 * Replaces a contact: omitted or blank core fields and an omitted address become null; omitted sub-resources
 * are kept, given ones replace the whole array. Restores a deleted contact.
 * @throws Refusal 400 for invalid values, 409 when another contact has or had the address
 */
export function putContact(
  account: Account,
  row: ContactRow,
  input: Schema<'ContactPutRequest'>,
  now: number,
): void {
  const source = checkSource('update_source', input.update_source);
  if (row.deleted_at !== null && source !== 'Account') {
    throw invalid('A deleted contact can be restored only with update_source Account.');
  }
  const change: Change = { account, now, source };
  if (input.email_address) checkAddressFree(account, input.email_address.address, row);
  if (input.sms_channel) checkNumberFree(account, splitNumber(input.sms_channel.full_sms_address), row);
  const draft = structuredClone(row);
  setCore(draft, input);
  setParts(change, draft, input);
  setEmail(change, draft, input.email_address);
  checkJoining(draft, row.list_memberships);
  draft.deleted_at = null;
  draft.update_source = source;
  if (fingerprint(draft) !== fingerprint(row)) draft.updated_at = now;
  account.contacts.update(row, () => Object.assign(row, draft));
}

/**
 * A sign-up by the person: adds or updates by address or SMS number, appends lists and custom fields, removes
 * nothing, and gives permission. Restores deleted and unsubscribed contacts.
 * @throws Refusal 400 for invalid values
 */
export function signUp(
  account: Account,
  input: Schema<'ContactCreateOrUpdateInput'>,
  now: number,
): { row: ContactRow; created: boolean } {
  if (!input.email_address && !input.sms_channel) throw invalid('email_address or sms_channel is required.');
  if (input.email_address) countSignUp(account, checkAddress(input.email_address).toLowerCase(), now);
  const change: Change = { account, now, source: 'Contact' };
  const known = findPerson(account, input.email_address, input.sms_channel);
  const draft = known ? structuredClone(known) : blankContact(change);
  checkDays(input);
  const lists = checkLists(account, input.list_memberships);
  draft.list_memberships = [...new Set([...draft.list_memberships, ...lists])];
  if (draft.list_memberships.length > 50) throw invalid('A contact can be on at most 50 lists.');
  for (const name of CORE) assignSent(draft, name, input[name]);
  for (const value of customValues(account, input.custom_fields ?? [])) {
    draft.custom_fields = draft.custom_fields.filter((row) => row.custom_field_id !== value.custom_field_id);
    draft.custom_fields.push(value);
  }
  if (input.phone_number) {
    const others = draft.phone_numbers.filter((row) => row.kind !== 'other');
    const phone = { phone_number: input.phone_number, kind: 'other' };
    draft.phone_numbers = [...others, ...phoneRows(change, draft.phone_numbers, [phone])].slice(0, 3);
  }
  if (input.street_address) {
    const { kind } = input.street_address;
    const others = draft.street_addresses.filter((row) => row.kind !== kind);
    draft.street_addresses = [
      ...others,
      ...addressRows(change, draft.street_addresses, [input.street_address]),
    ].slice(0, 3);
  }
  const permission = !known && account.confirmedOptIn ? 'pending_confirmation' : 'explicit';
  if (input.email_address) {
    if (draft.email) setPermission(change, draft.email, permission);
    else draft.email = newEmail(change, input.email_address, permission);
  }
  if (input.sms_channel) {
    const { sms_address, dial_code, country_code, sms_channel_consents } = input.sms_channel;
    const consent = sms_channel_consents[0]?.sms_consent_permission ?? 'explicit';
    draft.sms = smsRow(change, draft.sms, { sms_address, dial_code, country_code }, consent);
  }
  draft.deleted_at = null;
  draft.update_source = 'Contact';
  if (!known) return { row: account.contacts.add(draft), created: true };
  if (fingerprint(draft) !== fingerprint(known)) draft.updated_at = now;
  return { row: account.contacts.update(known, () => Object.assign(known, draft)), created: false };
}

const CORE = [
  'first_name',
  'last_name',
  'job_title',
  'company_name',
  'anniversary',
  'birthday_month',
  'birthday_day',
] as const;

function setCore(row: ContactRow, input: Input): void {
  checkDays(input);
  row.first_name = blankToNull(input.first_name);
  row.last_name = blankToNull(input.last_name);
  row.job_title = blankToNull(input.job_title);
  row.company_name = blankToNull(input.company_name);
  row.anniversary = blankToNull(input.anniversary);
  row.birthday_month = input.birthday_month ?? null;
  row.birthday_day = input.birthday_day ?? null;
}

/** Sets one core field if it is in the request. */
export function assignSent<K extends (typeof CORE)[number]>(
  row: ContactRow,
  name: K,
  value: ContactRow[K] | undefined,
): void {
  if (value !== undefined && value !== null && value !== '') row[name] = value;
}

function setParts(change: Change, row: ContactRow, input: Input): void {
  const { account } = change;
  if (input.custom_fields) row.custom_fields = customValues(account, input.custom_fields);
  if (input.phone_numbers) row.phone_numbers = phoneRows(change, row.phone_numbers, input.phone_numbers);
  if (input.street_addresses) {
    row.street_addresses = addressRows(change, row.street_addresses, input.street_addresses);
  }
  if (input.list_memberships) row.list_memberships = checkLists(account, input.list_memberships);
  if (input.taggings) row.taggings = checkTags(account, input.taggings);
  if (input.notes) row.notes = noteRows(change, row.notes, input.notes);
  if (input.sms_channel) row.sms = smsFrom(change, row.sms, input.sms_channel);
}

function smsFrom(change: Change, current: SmsRow | null, input: SmsInput): SmsRow {
  const permission = input.sms_channel_consents[0]?.sms_consent_permission ?? 'not_set';
  return smsRow(change, current, splitNumber(input.full_sms_address), permission);
}

function setEmail(
  change: Change,
  row: ContactRow,
  input: Schema<'ContactPutRequest'>['email_address'],
): void {
  if (!input) {
    row.email = null;
    return;
  }
  if (!row.email) {
    row.email = newEmail(change, input.address, input.permission_to_send);
    return;
  }
  const address = checkAddress(input.address);
  if (address !== row.email.address) {
    row.email.address = address;
    row.email.updated_at = change.now;
  }
  const before = row.email.permission_to_send;
  // An update by the contact is consent, as its creation is.
  const implied = before === 'implicit' && change.source === 'Contact' ? 'explicit' : before;
  const permission = input.permission_to_send ?? implied;
  setPermission(change, row.email, permission, input.opt_out_reason);
}

/**
 * @throws Refusal 400 after five sign-ups with an address in a day, for two days: the API then calls the
 * address invalid
 */
function countSignUp({ signUps }: Account, address: string, now: number): void {
  const { times, blockedUntil } = signUps.get(address) ?? { times: [], blockedUntil: 0 };
  const recent = [...times.filter((at) => at > now - DAY), now];
  const isBlocked = now < blockedUntil || recent.length > SIGN_UPS_A_DAY;
  signUps.set(address, {
    times: recent,
    blockedUntil: isBlocked && now >= blockedUntil ? now + SIGN_UP_BLOCK : blockedUntil,
  });
  if (isBlocked) throw invalid('email_address is not valid.');
}

/** The contact that has or had this address or number, including deleted ones. */
export function findPerson(
  account: Account,
  email: string | undefined,
  sms: { dial_code: string; sms_address: string } | undefined,
): ContactRow | undefined {
  const byEmail = email ? account.contacts.first('email', checkAddress(email).toLowerCase()) : undefined;
  return byEmail ?? (sms ? account.contacts.first('sms', fullNumber(sms)) : undefined);
}

function checkAddressFree(account: Account, address: string, own: ContactRow | null): void {
  const holder = account.contacts.first('email', checkAddress(address).toLowerCase());
  if (holder && holder !== own) throw taken('email_address', holder);
}

function checkNumberFree(
  account: Account,
  number: { dial_code: string; sms_address: string },
  own: ContactRow | null,
): void {
  const holder = account.contacts.first('sms', fullNumber(number));
  if (holder && holder !== own) throw taken('sms_channel', holder);
}

/** Clients read the ID of the other contact from this message, so it must be there. */
const taken = (property: string, { contact_id }: ContactRow): Refusal =>
  conflict(`Validation failed: ${property} already exists for contact ${contact_id}`);

/** @throws Refusal 400 when an unsubscribed contact is added to a list */
function checkJoining(row: ContactRow, before: readonly string[]): void {
  if (row.email?.permission_to_send !== 'unsubscribed') return;
  const joined = row.list_memberships.find((id) => !before.includes(id));
  if (joined !== undefined)
    throw invalid(`list_memberships: an unsubscribed contact may not be added to list ${joined}.`);
}

function checkSource(name: string, source: string | undefined): string {
  if (source === undefined || !SOURCES.includes(source)) throw invalid(`${name} must be Contact or Account.`);
  return source;
}
