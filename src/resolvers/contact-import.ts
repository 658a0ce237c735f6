import { setImmediate } from 'node:timers/promises';
import type { RequestBody, Schema } from '../constant-contact/contract/operations.js';
import type { CustomField } from '../loaders/custom-field.js';
import type { Loaders } from '../loaders/index.js';
import { isWord } from '../constant-contact/words.js';
import { checkAnniversary, checkBirthday, checkDay } from './contact-input.js';
import type {
  ImportContactInput,
  ImportContactsInput,
  ImportCustomFieldInput,
  ImportStreetAddressInput,
} from './inputs.js';
import { dropNulls } from './support/drop-nulls.js';
import { rawId, rawIds } from './support/global-id.js';
import { InputError, InputErrors } from './support/input-error.js';
import { convertAll, eachItem, MAX_ERRORS, maxItems, validate } from './support/limits.js';
import { mutate } from './support/mutate.js';

/** Limits of an import (vendor guide). */
export const IMPORT_LIMITS = {
  /**
   * Of the body or file. The API silently drops data beyond 4 MB, so the smaller definition of a megabyte
   * applies.
   */
  bytes: 4_000_000,
  /** Lines of a file including headings; the same number of contacts in JSON. */
  lines: 40_000,
  lists: 50,
  customFields: 25,
  phones: 3,
} as const;

/** Contacts that are checked or converted in one go. */
const PORTION = 500;

type Row = Schema<'JsonImportContact'>;

/** One call, plus one for the account's custom fields if the contacts have any. */
export const importContacts = mutate(async ({ input }: { input: ImportContactsInput }, { api, loaders }) => {
  const field = ['input', 'contacts'];
  const [list_ids] = convertAll(
    () => rawIds('ContactList', input.listIds, ['input', 'listIds'], { max: IMPORT_LIMITS.lists }),
    () => {
      if (input.contacts.length === 0) throw new InputError('REQUIRED', 'Give at least one contact.', field);
    },
    () => checkSmsPermission(input.smsPermissionToSend),
  );
  await checkEach(input.contacts, (contact, index) => checkContact(contact, [...field, String(index)]));
  const names = await customFieldNames(input.contacts, loaders);
  await checkEach(input.contacts, (contact, index) =>
    checkDuplicateFields(contact, names, [...field, String(index)]),
  );
  const keys = input.contacts.flatMap(({ customFields }) => (customFields ?? []).map((one) => one.field));
  const unknownColumns = await unknownCustomFields(
    keys.flatMap(({ name }) => (name == null ? [] : [bareName(name)])),
    loaders,
  );
  if (unknownColumns.length > 0 && input.allowUnknownColumns !== true)
    throw unknownColumnsError(unknownColumns, field);
  const fields = keys.length > 0 ? await loaders.customFields.all() : [];
  const byName = new Map(fields.map((one) => [one.name, one]));
  await checkEach(input.contacts, ({ customFields }, index) =>
    validate(
      eachItem(customFields, (one, at) => {
        const path = [...field, String(index), 'customFields', String(at), 'value'];
        checkCustomDay(byName.get(keyOf(one, names).slice(3)), one.value, path);
      }),
    ),
  );
  const body: RequestBody<'bulkImportContactsJSON'> = {
    list_ids,
    import_data: await wireRows(input.contacts, names),
    ...dropNulls({ sms_permission_to_send: input.smsPermissionToSend }),
  };
  checkBytes(Buffer.byteLength(JSON.stringify(body)), field);
  return { bulkActivity: await api.call('bulkImportContactsJSON', { body }), unknownColumns };
});

/** @throws InputError `NOT_ALLOWED` for a consent that an import cannot record */
export function checkSmsPermission(permission: string | null | undefined): void {
  if (permission == null || permission === 'explicit' || permission === 'not_set') return;
  const field = ['input', 'smsPermissionToSend'];
  throw new InputError('NOT_ALLOWED', 'An import can record only EXPLICIT or NOT_SET.', field);
}

/** Names that are no custom field of the account. No call without names, otherwise one for all of them. */
async function unknownCustomFields(names: readonly string[], loaders: Loaders): Promise<string[]> {
  const unknown: string[] = [];
  const fields = names.length > 0 ? await loaders.customFields.all() : [];
  const known = new Set(fields.map(({ name }) => name));
  for (const name of new Set(names)) if (!known.has(name)) unknown.push(name);
  return unknown;
}

/** @throws InputError for an invalid date in a custom field of type date */
export function checkCustomDay(
  customField: CustomField | undefined,
  value: string,
  field: readonly string[],
): void {
  if (!isWord(customField?.type, 'date', 'datetime')) return;
  const isDayFirst = /^d/i.test(customField?.metadata?.display_format ?? '');
  checkDay(isDayFirst ? value.replace(/^\s*(\d+)([/-])(\d+)\2/, '$3$2$1$2') : value, field);
}

/** Error for columns that the API would silently drop. */
export function unknownColumnsError(columns: readonly string[], field: readonly string[]): InputError {
  const listed = columns.map((column) => `"${column}"`).join(', ');
  return new InputError(
    'INVALID',
    `Constant Contact does not know ${listed} and would silently drop the values. Create the custom field, use its \`name\`, leave the column out, or set allowUnknownColumns.`,
    field,
  );
}

function bareName(name: string): string {
  return name.replace(/^cf:/i, '');
}

/** @throws InputError `TOO_LONG` above the size limit of an import */
export function checkBytes(bytes: number, field: readonly string[]): void {
  if (bytes <= IMPORT_LIMITS.bytes) return;
  throw new InputError(
    'TOO_LONG',
    `An import has at most 4 MB (${String(IMPORT_LIMITS.bytes)} bytes); this one has ${String(bytes)}. Split it into several imports.`,
    field,
  );
}

/** Runs a check for each item and throws the errors together, up to the maximum. */
async function checkEach<Item>(
  items: readonly Item[],
  check: (item: Item, index: number) => void,
): Promise<void> {
  const errors: InputError[] = [];
  for (const [index, item] of items.entries()) {
    const turn = nextPortion(index);
    if (turn) await turn;
    try {
      check(item, index);
    } catch (error) {
      if (!(error instanceof InputErrors)) throw error;
      errors.push(...error.errors);
      if (errors.length >= MAX_ERRORS) break;
    }
  }
  if (errors.length > 0) throw new InputErrors(errors.slice(0, MAX_ERRORS));
}

/** Lets other work continue after each portion of contacts: all of them take as long as hundreds of requests. */
function nextPortion(index: number): Promise<void> | undefined {
  return (index + 1) % PORTION === 0 ? setImmediate() : undefined;
}

function checkContact(contact: ImportContactInput, field: readonly string[]): void {
  validate(
    () => {
      if (!contact.email?.trim() && !contact.smsNumber?.trim())
        throw new InputError(
          'REQUIRED',
          'A contact requires email or smsNumber, by which it is identified.',
          field,
        );
    },
    () => checkDay(contact.smsConsentDate, [...field, 'smsConsentDate']),
    () => checkBirthday(contact.birthday, [...field, 'birthday']),
    () => checkAnniversary(contact.anniversary, [...field, 'anniversary']),
    () => {
      if (contact.phone != null && contact.phoneNumbers?.other != null)
        throw new InputError(
          'INVALID',
          'phone and phoneNumbers.other are the same number. Give one of them.',
          [...field, 'phone'],
        );
    },
    () => {
      if (given(contact.streetAddress).length > 0 && given(contact.streetAddresses?.home).length > 0) {
        throw new InputError(
          'INVALID',
          'streetAddress and streetAddresses.home are the same address. Give one of them.',
          [...field, 'streetAddress'],
        );
      }
    },
    () => {
      const phones = [...given(contact.phoneNumbers), ...given({ phone: contact.phone })];
      maxItems(phones, IMPORT_LIMITS.phones, [...field, 'phoneNumbers']);
    },
    eachItem(contact.customFields, ({ field: { id } }, index) => {
      if (id != null) rawId('CustomField', id, [...field, 'customFields', String(index), 'field', 'id']);
    }),
  );
}

/**
 * Imports refer to a custom field by its name, not its ID. Map of ID → name: one scan for all, no call
 * without IDs.
 */
async function customFieldNames(
  contacts: readonly ImportContactInput[],
  loaders: Loaders,
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const [row, { customFields }] of contacts.entries()) {
    for (const [index, { field }] of (customFields ?? []).entries()) {
      if (field.id == null || names.has(field.id)) continue;
      const path = ['input', 'contacts', String(row), 'customFields', String(index), 'field', 'id'];
      const id = rawId('CustomField', field.id, path);
      const name = (await loaders.customFields.load(id))?.name;
      if (!name) throw new InputError('NOT_FOUND', 'The custom field was not found.', path);
      names.set(field.id, name);
    }
  }
  return names;
}

/** The property of an imported contact for a custom field. */
function keyOf({ field: { id, name } }: ImportCustomFieldInput, names: ReadonlyMap<string, string>): string {
  return `cf:${name == null ? (names.get(id ?? '') ?? '') : bareName(name)}`;
}

/**
 * @throws InputErrors `INVALID` when a custom field is given twice, by ID or name: one of the values would be
 * lost
 */
function checkDuplicateFields(
  { customFields }: ImportContactInput,
  names: ReadonlyMap<string, string>,
  field: readonly string[],
): void {
  const usedKeys = new Set<string>();
  validate(
    eachItem(customFields, (one, index) => {
      const key = keyOf(one, names);
      const path = [...field, 'customFields', String(index)];
      if (usedKeys.has(key))
        throw new InputError('INVALID', 'This contact has a value for this custom field already.', path);
      usedKeys.add(key);
    }),
  );
}

async function wireRows(
  contacts: readonly ImportContactInput[],
  names: ReadonlyMap<string, string>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [index, contact] of contacts.entries()) {
    const turn = nextPortion(index);
    if (turn) await turn;
    rows.push(wireRow(contact, names));
  }
  return rows;
}

/** A contact in the import's format: one flat object. */
function wireRow(contact: ImportContactInput, names: ReadonlyMap<string, string>): Row {
  const { phoneNumbers: phones, streetAddress: address, streetAddresses: addresses } = contact;
  const { home_country, ...home } = wireAddress('home_', addresses?.home);
  const customFields = (contact.customFields ?? []).map((one): [string, string] => [
    keyOf(one, names),
    one.value,
  ]);
  return dropNulls({
    email: contact.email?.trim() === '' ? null : contact.email?.trim(),
    sms_number: contact.smsNumber?.trim() === '' ? null : contact.smsNumber?.trim(),
    sms_consent_date: contact.smsConsentDate,
    first_name: contact.firstName,
    last_name: contact.lastName,
    job_title: contact.jobTitle,
    company_name: contact.companyName,
    birthday_month: contact.birthday?.month,
    birthday_day: contact.birthday?.day,
    anniversary: contact.anniversary,
    phone: contact.phone,
    home_phone: phones?.home,
    work_phone: phones?.work,
    mobile_phone: phones?.mobile,
    other_phone: phones?.other,
    ...wireAddress('', address),
    ...home,
    // The contract spells this property differently.
    'home country': home_country,
    ...wireAddress('work_', addresses?.work),
    ...wireAddress('other_', addresses?.other),
    ...Object.fromEntries(customFields),
  });
}

function wireAddress<Prefix extends string>(
  prefix: Prefix,
  address: ImportStreetAddressInput | null | undefined,
) {
  return {
    [`${prefix}street`]: address?.street,
    [`${prefix}street2`]: address?.street2,
    [`${prefix}city`]: address?.city,
    [`${prefix}state`]: address?.state,
    [`${prefix}zip`]: address?.postalCode,
    [`${prefix}country`]: address?.country,
  };
}

function given<T extends object>(object: T | null | undefined) {
  return Object.entries(dropNulls(object ?? ({} as T))) as [string, NonNullable<T[keyof T]>][];
}
