import type { Account } from '../account.js';
import { DAY, SECOND } from '../dates.js';
import { Random } from '../random.js';
import type { ContactRow, EmailRow, Permission, SmsRow } from '../stores/audience.js';
import { expandPlace } from '../model/place.js';
import { seedValue } from './custom-values.js';
import { LIST_SHARES } from './groups.js';
import { digits, nationalNumber, People, type Person } from './person.js';
import { COMPANIES, JOBS, NOTES, OPT_OUT_REASONS } from './words.js';

/** Age of the oldest contact. */
const OLDEST = 2_150 * DAY;
/** Share of deleted contacts, in addition to the others. */
const DELETED_SHARE = 0.03;
/** Shares of permissions in thousandths; the rest has no email address. */
const PERMISSIONS: readonly (readonly [Permission, number])[] = [
  ['explicit', 470],
  ['implicit', 370],
  ['unsubscribed', 80],
  ['temp_hold', 25],
  ['pending_confirmation', 22],
  ['not_set', 13],
];
const MORE_TAGS = 0.35;
/** The last tag is never used. */
const UNUSED_TAGS = 1;

interface Pool {
  readonly account: Account;
  readonly random: Random;
  readonly people: People;
  readonly lists: readonly (readonly [id: string, share: number])[];
  readonly smsList: string;
  readonly tags: readonly string[];
  readonly fields: readonly Parameters<typeof seedValue>[0][];
}

/**
 * `account.size` contacts and some deleted ones, oldest first. The first has every sub-resource; the others
 * have few or many, some no address (SMS only), some no last name.
 */
export function seedContacts(account: Account): void {
  const emailLists = [...account.lists].filter(
    (list) => list.channel === 'email' && list.deleted_at === null,
  );
  const pool: Pool = {
    account,
    random: new Random(account.seed, 'contacts'),
    people: new People(account.seed),
    lists: emailLists.map((list, i) => [list.list_id, LIST_SHARES[i] ?? 0]),
    smsList: account.lists.find((list) => list.channel === 'sms')?.list_id ?? '',
    tags: [...account.tags].slice(0, -UNUSED_TAGS).map((tag) => tag.tag_id),
    fields: [...account.customFields],
  };
  const deleted = Math.ceil(account.size * DELETED_SHARE);
  const total = account.size + deleted;
  for (let i = 0; i < total; i++) {
    const isDeleted = Math.floor(((i + 1) * deleted) / total) > Math.floor((i * deleted) / total);
    account.contacts.add(contact(pool, i, total, isDeleted));
  }
}

function contact(pool: Pool, i: number, total: number, deleted: boolean): ContactRow {
  const { account, random } = pool;
  const rich = i === 0;
  const person = pool.people.next();
  const age = OLDEST * Math.pow(1 - i / total, 1.6);
  const created_at = wholeSecond(account.startedAt - age - 3_600 * SECOND);
  const updated_at = wholeSecond(created_at + random.next() * age);
  // Contacts without an address are a recent feature, so no old contact has none.
  const permission = permissionOf(random) ?? (i < total * 0.6 ? 'implicit' : null);
  const email = emailOf(pool, person, created_at, rich ? 'explicit' : permission);
  const birthday = rich || random.chance(0.35);
  const source = random.chance(0.4) ? 'Contact' : 'Account';
  return {
    contact_id: account.ids.uuid('contact'),
    sequence_id: i < total * 0.7 ? String(2_000_000_007 + i * 7) : null,
    email,
    first_name: random.chance(0.97) ? person.first : null,
    last_name: random.chance(0.95) ? person.last : null,
    job_title: rich || random.chance(0.4) ? random.pick(JOBS) : null,
    company_name: rich || random.chance(0.35) ? random.pick(COMPANIES) : null,
    birthday_month: birthday ? random.between(1, 12) : null,
    birthday_day: birthday ? random.between(1, 28) : null,
    anniversary: rich || random.chance(0.12) ? anniversary(random) : null,
    create_source: source,
    update_source: random.chance(0.3) ? 'Contact' : 'Account',
    created_at,
    updated_at,
    deleted_at: deleted ? wholeSecond(updated_at + random.next() * (account.startedAt - updated_at)) : null,
    custom_fields: customFields(pool, rich),
    phone_numbers: phones(pool, person, created_at, updated_at, rich ? 3 : random.between(-1, 2)),
    street_addresses: addresses(pool, person, created_at, updated_at, rich ? 3 : random.between(-1, 1)),
    list_memberships: deleted ? [] : memberships(pool, email !== null),
    taggings:
      random.chance(MORE_TAGS) || rich ? random.sample(pool.tags, random.between(2, 7)) : oneTag(pool),
    notes: notes(pool, created_at, age, rich ? 3 : random.between(-8, 2)),
    sms: email === null || rich || random.chance(0.12) ? sms(pool, person, created_at, email === null) : null,
    resubscribe_asked_at: null,
  };
}

function permissionOf(random: Random): Permission | null {
  let place = random.between(0, 999);
  for (const [permission, share] of PERMISSIONS) {
    if (place < share) return permission;
    place -= share;
  }
  return null;
}

function emailOf(
  { account, random }: Pool,
  person: Person,
  created: number,
  permission: Permission | null,
): EmailRow | null {
  if (permission === null) return null;
  const out = permission === 'unsubscribed';
  const moved = wholeSecond(created + random.next() * (account.startedAt - created));
  return {
    address: person.email,
    permission_to_send: permission,
    created_at: created,
    updated_at: out ? moved : created,
    opt_in_source: random.chance(0.5) ? 'Contact' : 'Account',
    opt_in_date: permission === 'explicit' || permission === 'implicit' || out ? created : null,
    opt_out_source: out ? (random.chance(0.75) ? 'Contact' : 'Account') : null,
    opt_out_date: out ? moved : null,
    opt_out_reason: out && random.chance(0.6) ? random.pick(OPT_OUT_REASONS) : null,
    confirm_status:
      permission === 'pending_confirmation' ? 'pending' : random.chance(0.1) ? 'confirmed' : 'off',
  };
}

function customFields({ account, random, fields }: Pool, rich: boolean): ContactRow['custom_fields'] {
  const chosen = rich
    ? fields.slice(0, 25)
    : random.chance(0.3)
      ? []
      : random.sample(fields, random.between(1, 6));
  return chosen.map((field) => seedValue(field, random, account.startedAt));
}

function phones(
  { account, random }: Pool,
  person: Person,
  created_at: number,
  updated_at: number,
  count: number,
): ContactRow['phone_numbers'] {
  const kinds = ['mobile', 'home', 'work'].slice(0, Math.max(count, 0));
  return kinds.map((kind) => ({
    phone_number_id: account.ids.uuid('phone'),
    phone_number: `+${person.locale.dial} ${nationalNumber(random, person.locale)}`,
    kind,
    created_at,
    updated_at,
    create_source: 'Account',
    update_source: 'Account',
  }));
}

function addresses(
  { account, random }: Pool,
  { locale }: Person,
  created_at: number,
  updated_at: number,
  count: number,
): ContactRow['street_addresses'] {
  const kinds = ['home', 'work', 'other'].slice(0, Math.max(count, 0));
  return kinds.map((kind) => {
    const [city, state, postal] = random.pick(locale.places);
    return expandPlace({
      street_address_id: account.ids.uuid('address'),
      kind,
      street: `${random.between(1, 240)} ${random.pick(locale.streets)}`,
      city,
      state: state === '' ? null : state,
      postal_code: digits(random, postal),
      country: locale.country,
      created_at,
      updated_at,
    });
  });
}

function memberships({ random, lists, smsList }: Pool, hasEmail: boolean): string[] {
  if (!hasEmail) return [smsList];
  const ids: string[] = [];
  for (const [id, share] of lists) if (share > 0 && random.between(0, 999) < share) ids.push(id);
  return ids;
}

const oneTag = ({ random, tags }: Pool): string[] => (random.chance(0.4) ? [random.pick(tags)] : []);

function notes({ account, random }: Pool, created: number, age: number, count: number): ContactRow['notes'] {
  const rows = random.sample(NOTES, Math.max(count, 0)).map((content) => ({
    note_id: account.ids.uuid('note'),
    created_at: wholeSecond(created + random.next() * age),
    content,
  }));
  return rows.sort((a, b) => b.created_at - a.created_at);
}

function sms({ account, random }: Pool, { locale }: Person, created_at: number, only: boolean): SmsRow {
  const permission =
    only || random.chance(0.7) ? 'explicit' : random.chance(0.5) ? 'unsubscribed' : 'not_set';
  const out = permission === 'unsubscribed' ? created_at + 40 * DAY : null;
  const source = only ? 'Contact' : 'Account';
  const entry = (state: string, consent_action_type: string, insert_time: number) => ({
    sms_channel_history_id: account.ids.uuid('sms-history'),
    insert_time,
    state,
    source: source.charAt(0),
    consent_action_type,
  });
  return {
    sms_channel_id: account.ids.uuid('sms'),
    sms_address: nationalNumber(random, locale),
    dial_code: locale.dial,
    country_code: locale.code,
    create_source: source,
    update_source: source,
    permission,
    opt_in_date: permission === 'not_set' ? null : created_at,
    opt_out_date: out,
    created_at,
    updated_at: out ?? created_at,
    history: [
      ...(permission === 'not_set' ? [] : [entry('E', 'opt_in', created_at)]),
      ...(out === null ? [] : [entry('U', 'opt_out', out)]),
    ],
  };
}

function anniversary(random: Random): string {
  const [year, month, day] = [random.between(1985, 2020), random.between(1, 12), random.between(1, 28)];
  return random.pick([
    `${month}/${day}/${year}`,
    `${year}-${two(month)}-${two(day)}`,
    `${two(month)}-${two(day)}-${year}`,
  ]);
}

const two = (n: number): string => String(n).padStart(2, '0');
const wholeSecond = (ms: number): number => Math.floor(ms / SECOND) * SECOND;
