import type { Schema } from '../constant-contact/contract/operations.js';
import { parseDate } from '../constant-contact/dates.js';
import { idKey } from '../constant-contact/same-id.js';
import { countIn } from '../constant-contact/numbers.js';
import type { Contact } from '../loaders/contact.js';
import type { ContactNoteInput, CreateContactInput, UpdateContactInput } from './inputs.js';
import { dropNulls } from './support/drop-nulls.js';
import { rawId, rawIds } from './support/global-id.js';
import { InputError } from './support/input-error.js';
import {
  checkOnce,
  eachItem,
  inRange,
  maxItems,
  nullIfBlank,
  requiredText,
  validate,
} from './support/limits.js';
import { counterparts, withChanges, writeBack } from './support/write-back.js';

type CustomFieldValue = Schema<'ContactCustomField'>;
type SmsChannel = NonNullable<Contact['sms_channel']>;

/** The kind of consent that an input sets. */
const CONSENT = 'promotional_sms';

/** Maximum numbers of items, those that an update keeps included (contract: ContactPutRequest and what it refers to). */
export const CONTACT_LIMITS = { lists: 50, tags: 50, customFields: 25, notes: 150 } as const;

/** Properties of a person, in every input for a contact. */
export type PersonInput = Pick<
  CreateContactInput,
  'firstName' | 'lastName' | 'jobTitle' | 'companyName' | 'birthday' | 'anniversary'
>;

/** Writable properties of a contact. An absent property is kept, null clears it. */
export type ContactFieldsInput = Omit<UpdateContactInput, 'id' | 'updateSource' | 'revive'>;

/**
 * Checks everything that needs no call.
 * @throws InputErrors with all errors
 */
export function checkFields(input: ContactFieldsInput, field: readonly string[]): void {
  const at = (...path: readonly string[]) => [...field, ...path];
  validate(
    () => checkBirthday(input.birthday, at('birthday')),
    () => checkAnniversary(input.anniversary, at('anniversary')),
    () => {
      if (input.emailAddress?.permissionToSend !== 'deleted') return;
      throw new InputError(
        'NOT_ALLOWED',
        'An address cannot be set to DELETED. Use deleteContact.',
        at('emailAddress', 'permissionToSend'),
      );
    },
    () => checkExclusive(input, 'listIds', ['addListIds', 'removeListIds'], field),
    () => checkExclusive(input, 'tagIds', ['addTagIds', 'removeTagIds'], field),
    // Merging with an empty contact gives the minimum that any contact ends up with.
    () => listsOf(input, []),
    () => tagsOf(input, []),
    () => customFieldValues(input, []),
    () => checkExclusive(input, 'notes', ['addNotes'], field),
    eachItem(input.notes, ({ noteId, content, createdAt }, index) => {
      if (noteId == null) requiredText(content, Infinity, at('notes', String(index), 'content'));
      if (noteId != null && createdAt != null) {
        throw new InputError(
          'NOT_ALLOWED',
          'The time of an existing note cannot be changed.',
          at('notes', String(index), 'createdAt'),
        );
      }
    }),
  );
}

/** Core fields in the API's format. All of them, because the API clears core fields that are left out. */
export function coreFields(input: ContactFieldsInput, current: Contact) {
  const keep = (change: string | null | undefined, before: string | null | undefined) =>
    change === undefined ? before : (nullIfBlank(change) ?? undefined);
  const { birthday } = input;
  return {
    first_name: keep(input.firstName, current.first_name),
    last_name: keep(input.lastName, current.last_name),
    job_title: keep(input.jobTitle, current.job_title),
    company_name: keep(input.companyName, current.company_name),
    anniversary: keep(input.anniversary, current.anniversary),
    ...(birthday === undefined
      ? wholeBirthday(current)
      : { birthday_month: birthday?.month, birthday_day: birthday?.day }),
  };
}

/** The API rejects a month without a day, so an incomplete birthday is left out. */
function wholeBirthday({ birthday_month, birthday_day }: Contact) {
  const [month, day] = [countIn(birthday_month), countIn(birthday_day)];
  return month && day ? { birthday_month: month, birthday_day: day } : {};
}

/** List memberships to send; undefined when they do not change. */
export function listsOf(input: ContactFieldsInput, current: readonly string[]): string[] | undefined {
  return idsOf('ContactList', CONTACT_LIMITS.lists, current, input, [
    'listIds',
    'addListIds',
    'removeListIds',
  ]);
}

/** Tags to send; undefined when they do not change. */
export function tagsOf(input: ContactFieldsInput, current: readonly string[]): string[] | undefined {
  return idsOf('Tag', CONTACT_LIMITS.tags, current, input, ['tagIds', 'addTagIds', 'removeTagIds']);
}

/**
 * IDs of the custom fields that an input sets.
 * @throws InputError `INVALID` for a duplicate: one of its values would be lost
 */
export function customFieldIds(values: readonly { fieldId: string }[]): string[] {
  const field = ['input', 'customFields'];
  const ids = values.map((one, index) =>
    rawId('CustomField', one.fieldId, [...field, String(index), 'fieldId']),
  );
  checkOnce(ids, field, 'fieldId');
  return ids;
}

/** Custom fields to send: values of the input replace current ones; null or no choices removes one. */
export function customFieldValues(
  input: ContactFieldsInput,
  current: readonly CustomFieldValue[],
): CustomFieldValue[] | undefined {
  if (input.customFields === undefined) return undefined;
  if (input.customFields === null) return [];
  const values = new Map<string, CustomFieldValue>(
    current.map(({ choice_ids, ...field }) => [
      idKey(field.custom_field_id),
      choice_ids?.length ? { ...field, choice_ids } : field,
    ]),
  );
  const ids = customFieldIds(input.customFields);
  input.customFields.forEach(({ value: content }, index) => {
    const custom_field_id = ids[index] ?? '';
    const before = values.get(custom_field_id);
    if (content === undefined) return;
    if (content?.choiceIds?.length) {
      const choice_ids = [...new Set(content.choiceIds)];
      values.set(custom_field_id, withChanges(before, { custom_field_id, choice_ids, value: null }));
    } else if (content?.text != null) {
      const value = content.text;
      values.set(custom_field_id, withChanges(before, { custom_field_id, value, choice_ids: null }));
    } else values.delete(custom_field_id);
  });
  maxItems([...values], CONTACT_LIMITS.customFields, ['input', 'customFields']);
  return [...values.values()];
}

/** Phone numbers to send. The API replaces the array. A number of the same kind is changed. */
export function phones(
  { phoneNumbers }: ContactFieldsInput,
  current: readonly Schema<'PhoneNumberPut'>[],
): Schema<'PhoneNumberPut'>[] | undefined {
  if (phoneNumbers === undefined) return undefined;
  const numbers = (phoneNumbers ?? []).map(({ kind, number }) => ({ kind, phone_number: number }));
  const before = counterparts(
    numbers,
    current,
    (one, other) => isSameKind(one, other) && one.phone_number === other.phone_number,
    isSameKind,
  );
  return numbers.map((one, index) => withChanges<Schema<'PhoneNumberPut'>>(before[index], one));
}

/** Street addresses to send. The API replaces the array. An address of the same kind is changed. */
export function streets(
  { streetAddresses }: ContactFieldsInput,
  current: readonly Schema<'StreetAddressPut'>[],
): Schema<'StreetAddressPut'>[] | undefined {
  if (streetAddresses === undefined) return undefined;
  const addresses = streetAddresses ?? [];
  const before = counterparts(addresses, current, isSameKind);
  return addresses.map(({ kind, street, city, state, postalCode, country }, index) =>
    withChanges<Schema<'StreetAddressPut'>>(before[index], {
      kind,
      street: nullIfBlank(street),
      city: nullIfBlank(city),
      state: nullIfBlank(state),
      postal_code: nullIfBlank(postalCode),
      country: nullIfBlank(country),
    }),
  );
}

function isSameKind(one: { kind?: string }, other: { kind?: string }): boolean {
  return one.kind?.toLowerCase() === other.kind?.toLowerCase();
}

/**
 * Notes to send, new ones first. The API replaces the array, so existing ones are included. Undefined when
 * they do not change.
 * @throws InputError for too many notes, and for one that the contact does not have
 */
export function notesOf(
  { notes, addNotes }: ContactFieldsInput,
  current: readonly Schema<'Note'>[],
): Schema<'Note'>[] | undefined {
  if (notes !== undefined) {
    checkOnce(
      (notes ?? []).map(({ noteId }) => noteId?.toLowerCase()),
      ['input', 'notes'],
      'noteId',
    );
    return (notes ?? []).map((note, index) => noteOf(note, index, current));
  }
  if (!addNotes?.length) return undefined;
  const all = [...addNotes.map((content) => ({ content })), ...current.map(dropNulls)];
  maxItems(all, CONTACT_LIMITS.notes, ['input', 'addNotes']);
  return all;
}

function noteOf(
  { noteId, content, createdAt }: ContactNoteInput,
  index: number,
  current: readonly Schema<'Note'>[],
): Schema<'Note'> {
  const before = current.find(
    ({ note_id }) => noteId != null && idKey(note_id ?? '') === noteId.toLowerCase(),
  );
  if (noteId != null && !before) {
    throw new InputError('NOT_FOUND', 'The note was not found on this contact.', [
      'input',
      'notes',
      String(index),
      'noteId',
    ]);
  }
  return dropNulls({
    ...before,
    content: content ?? before?.content,
    ...(createdAt && { created_at: createdAt.toISOString() }),
  });
}

/**
 * The number to send, with its consent. Undeclared properties and other consents of the same number are sent
 * back; those of another number are dropped.
 */
export function smsChannel(
  { smsChannel: channel }: ContactFieldsInput,
  current: Contact,
): Schema<'ContactSmsChannel'> | undefined {
  if (!channel) return undefined;
  const isSame = current.sms_channel && isNumberOf(current.sms_channel, channel.fullSmsAddress);
  const before = isSame ? writeBack('putContact', current).sms_channel : undefined;
  const consents = before?.sms_channel_consents ?? [];
  const consent = consents.find(({ consent_type }) => consent_type === CONSENT);
  return withChanges<Schema<'ContactSmsChannel'>>(before, {
    full_sms_address: channel.fullSmsAddress,
    sms_channel_consents: [
      withChanges<Schema<'ContactSmsChannelConsents'>>(consent, {
        sms_consent_permission: channel.permission,
        consent_type: CONSENT,
        consent_medium_details: channel.mediumDetails,
      }),
      ...consents.filter((one) => one !== consent),
    ],
  });
}

/** Returns true if a channel has this number, written in full with its country code. */
export function isNumberOf(
  { dial_code = '', sms_address = '' }: SmsChannel,
  fullSmsAddress: string,
): boolean {
  const digits = (text: string) => text.replaceAll(/\D/g, '');
  const full = digits(fullSmsAddress).replace(/^00/, '');
  return [digits(sms_address), digits(dial_code + sms_address)].includes(full);
}

/** @throws InputError unless month and day are a day of the year */
export function checkBirthday(birthday: ContactFieldsInput['birthday'], field: readonly string[]): void {
  if (!birthday) return;
  inRange(birthday.month, 1, 12, [...field, 'month']);
  // Day 0 of the next month is the last day of this one; 2024 is a leap year.
  inRange(birthday.day, 1, new Date(Date.UTC(2024, birthday.month, 0)).getUTCDate(), [...field, 'day']);
}

const MONTH_FIRST = /^(?<month>\d{1,2})(?<mark>[/-])(?<day>\d{1,2})\k<mark>(?<year>\d{4})$/;
const YEAR_FIRST = /^(?<year>\d{4})(?<mark>[/-])(?<month>\d{1,2})\k<mark>(?<day>\d{1,2})$/;

/**
 * The vendor guide lists the formats M/D/YYYY, M-D-YYYY, YYYY/M/D and YYYY-M-D.
 * @throws InputError unless the text is an existing date in one of these formats
 */
export function checkAnniversary(anniversary: string | null | undefined, field: readonly string[]): void {
  if (anniversary == null) return;
  if (!MONTH_FIRST.test(anniversary) && !YEAR_FIRST.test(anniversary)) {
    throw new InputError('INVALID', 'Write the anniversary as YYYY-MM-DD or MM/DD/YYYY.', field);
  }
  checkDay(anniversary, field);
}

/** @throws InputError when the text starts with a date that does not exist, day, month or year first */
export function checkDay(text: string | null | undefined, field: readonly string[]): void {
  const [date = ''] = (text ?? '').trim().split(/[T ]/i, 1);
  const { year, month, day } = (MONTH_FIRST.exec(date) ?? YEAR_FIRST.exec(date))?.groups ?? {};
  if (year === undefined || month === undefined || day === undefined) return;
  if (parseDate(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`) !== null) return;
  throw new InputError(
    'INVALID',
    `${year} has no day ${day} in month ${month}. Write dates as YYYY-MM-DD or MM/DD/YYYY.`,
    field,
  );
}

type IdField = 'listIds' | 'addListIds' | 'removeListIds' | 'tagIds' | 'addTagIds' | 'removeTagIds';

function checkExclusive(
  input: ContactFieldsInput,
  whole: keyof ContactFieldsInput,
  parts: readonly (keyof ContactFieldsInput)[],
  field: readonly string[],
): void {
  if (input[whole] !== undefined && parts.some((part) => input[part] != null)) {
    throw new InputError(
      'INVALID',
      `Give either ${whole}, which replaces them all, or ${parts.join(' and ')}.`,
      [...field, whole],
    );
  }
}

function idsOf(
  type: 'ContactList' | 'Tag',
  max: number,
  current: readonly string[],
  input: ContactFieldsInput,
  [whole, add, remove]: readonly [IdField, IdField, IdField],
): string[] | undefined {
  const ids = (name: IdField) => rawIds(type, input[name] ?? [], ['input', name], { min: 0, max: 1000 });
  if (input[whole] === undefined && input[add] == null && input[remove] == null) return undefined;
  const added = ids(add);
  const removed = ids(remove);
  const both = removed.find((id) => added.includes(id));
  if (both !== undefined) {
    throw new InputError('INVALID', `${both} is in both ${add} and ${remove}. Give it in one of them.`, [
      'input',
      remove,
    ]);
  }
  const result =
    input[whole] === undefined
      ? [...new Set([...current.map(idKey), ...added])].filter((id) => !removed.includes(id))
      : ids(whole);
  maxItems(result, max, ['input', [whole, add].find((name) => input[name]?.length) ?? remove]);
  return result;
}
