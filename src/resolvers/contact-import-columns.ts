import { normalHeading } from '../constant-contact/csv.js';
import type { CustomField } from '../loaders/custom-field.js';
import { InputError } from './support/input-error.js';

/** A column of a file. */
export interface Column {
  /** Counted from 1. */
  position: number;
  /** Heading in the file. */
  heading: string;
  /** The API's heading; the original heading when it is unknown to the API. */
  name: string;
  isKnown: boolean;
  /** The account's custom field with this heading, if any. */
  customField?: CustomField;
  /** The part of a birthday in this column, when its cells contain both: `MM/DD`. */
  birthdayPart?: 'month' | 'day';
}

const CORE = [
  ...['email', 'first_name', 'last_name', 'job_title', 'company_name', 'anniversary'],
  ...['birthday_day', 'birthday_month', 'sms_number', 'sms_consent_date'],
];
const PHONES = ['phone', 'home_phone', 'work_phone', 'mobile_phone', 'other_phone'];
const ADDRESS_PARTS = ['street', 'street2', 'city', 'state', 'zip', 'country'];

/**
 * Headings in the vendor guide, and its property names for rows of JSON. Custom fields are `cf:` and a name.
 */
const KNOWN: ReadonlySet<string> = new Set([
  ...CORE,
  ...PHONES,
  ...['', 'home_', 'work_', 'other_'].flatMap((prefix) => ADDRESS_PARTS.map((part) => prefix + part)),
]);

/**
 * Alternative headings, as `normalHeading` writes them: from the vendor's UI, exports and V2 API, and from
 * address books.
 */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  email: ['email_address', 'emailaddress', 'e_mail', 'e_mail_address', 'primary_email'],
  first_name: ['firstname', 'given_name'],
  last_name: ['lastname', 'surname', 'family_name'],
  job_title: ['jobtitle'],
  company_name: ['company', 'companyname', 'organization', 'organization_name'],
  sms_number: ['sms', 'sms_phone', 'sms_phone_number'],
  phone: ['phone_number', 'telephone'],
  home_phone: ['phone_home', 'phone_number_home'],
  work_phone: ['phone_work', 'phone_number_work', 'business_phone'],
  mobile_phone: ['phone_mobile', 'phone_number_mobile', 'mobile', 'cell_phone'],
  other_phone: ['phone_other', 'phone_number_other'],
  street: ['address', 'street_address', 'address_line_1', 'street_address_line_1', 'address_1', 'address1'],
  street2: ['address_line_2', 'street_address_line_2', 'address_2', 'address2'],
  state: ['province', 'state_province', 'state_province_us_canada', 'us_state_ca_province'],
  zip: ['zip_code', 'zipcode', 'postal_code', 'postalcode', 'postcode', 'zip_postal_code'],
};

const BY_ALIAS: ReadonlyMap<string, string> = new Map(
  Object.entries(ALIASES).flatMap(([name, aliases]) => aliases.map((alias) => [alias, name] as const)),
);

const CUSTOM_FIELD = /^cf:/i;
/** Custom fields of the V2 API, which keep these names in V3. */
const V2_CUSTOM_FIELD = /^custom_field_(\d{1,2})$/;
/**
 * Parts of an address, and further email addresses, in the vendor's exports: `City - Work`, `Email address -
 * other`.
 */
const KIND_LAST = /^(.+)_(home|work|other)$/;

/** `5/12`, `05-12`. */
export const BIRTHDAY = /^(?<month>\d{1,2})[/-](?<day>\d{1,2})$/;

/** Columns of a heading line. A birthday column becomes two, because the API has two. */
export function readColumns(headings: readonly string[]): Column[] {
  return headings.flatMap((heading, index): Column[] => {
    const position = index + 1;
    if (normalHeading(heading) === 'birthday') {
      return (['month', 'day'] as const).map((birthdayPart) => {
        return { position, heading, name: `birthday_${birthdayPart}`, isKnown: true, birthdayPart };
      });
    }
    const name = nameOf(heading);
    return [{ position, heading, name: name ?? heading, isKnown: name !== null }];
  });
}

/** The columns with their custom fields. Exports use the label of a custom field as its heading. */
export async function withCustomFields(
  columns: readonly Column[],
  readFields: () => Promise<readonly CustomField[]>,
): Promise<Column[]> {
  const mayHold = (column: Column) =>
    column.heading !== '' && (!column.isKnown || customFieldOf(column) !== null);
  if (!columns.some(mayHold)) return [...columns];
  const fields = await readFields();
  return columns.map((column) => {
    if (!mayHold(column)) return column;
    const name = customFieldOf(column);
    const customField =
      name === null ? labelled(fields, column.heading) : fields.find((field) => field.name === name);
    return customField?.name
      ? { ...column, name: `cf:${customField.name}`, isKnown: true, customField }
      : { ...column, isKnown: false };
  });
}

/** The field with this label or name; undefined when it is ambiguous. */
function labelled(fields: readonly CustomField[], heading: string): CustomField | undefined {
  const exact = fields.filter(({ label }) => label === heading);
  const [field, ...others] =
    exact.length > 0
      ? exact
      : fields.filter(({ label, name }) =>
          [label, name].some((one) => normalHeading(one ?? '') === normalHeading(heading)),
        );
  return others.length === 0 && normalHeading(heading) !== '' ? field : undefined;
}

/** A line's value in a column. */
export function cellOf({ position, birthdayPart }: Column, cells: readonly string[]): string {
  const cell = cells[position - 1] ?? '';
  return birthdayPart ? (BIRTHDAY.exec(cell)?.groups?.[birthdayPart] ?? '') : cell;
}

/** Name of the custom field of a column; null for other columns. */
export function customFieldOf({ name }: Column): string | null {
  return name.startsWith('cf:') ? name.slice(3) : null;
}

/** Columns by name. The API merges columns with the same name. */
export function byName(columns: readonly Column[]): Map<string, Column[]> {
  const groups = new Map<string, Column[]>();
  for (const column of columns) {
    if (column.heading === '') continue;
    groups.set(column.name, [...(groups.get(column.name) ?? []), column]);
  }
  return groups;
}

/** @throws InputError `REQUIRED` without a column that identifies contacts */
export function checkColumns(columns: readonly Column[], field: readonly string[]): void {
  if (columns.some(({ name }) => name === 'email' || name === 'sms_number')) return;
  throw new InputError(
    'REQUIRED',
    'The first line must contain the column headings, and one of them must be email or sms_number.',
    field,
  );
}

function nameOf(heading: string): string | null {
  if (heading === '') return null;
  if (CUSTOM_FIELD.test(heading)) return `cf:${heading.slice(3)}`;
  const text = normalHeading(heading);
  const v2 = V2_CUSTOM_FIELD.exec(text);
  if (v2) return `cf:custom_field_${String(Number(v2[1]))}`;
  const name = knownName(text);
  if (name !== null) return name;
  const [, part = '', kind = ''] = KIND_LAST.exec(text) ?? [];
  const partName = knownName(part);
  if (partName === 'email') return partName;
  if (partName === null || !ADDRESS_PARTS.includes(partName)) return null;
  // The API's names for the home address have no prefix.
  return kind === 'home' ? partName : `${kind}_${partName}`;
}

function knownName(text: string): string | null {
  return KNOWN.has(text) ? text : (BY_ALIAS.get(text) ?? null);
}
