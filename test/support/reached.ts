import type { RecordedRequest } from './recorded-requests.js';

/** A value with the name of its property, argument or query parameter. */
interface Leaf {
  key: string;
  value: string;
  /** Place in the object, for messages. */
  path: string;
}

/** API names of properties whose name is not the field's in snake case. */
const RENAMED: Readonly<Record<string, readonly string[]>> = {
  choices: ['choice_label'],
  contact_fields: ['fields'],
  days: ['delay_days'],
  email: ['from_email', 'email_address'],
  enabled: ['enabled_flag'],
  end_date: ['end_time'],
  exclude: ['contact_ids'],
  fieldId: ['custom_field_id'],
  format: ['format_type'],
  imageUrls: ['url'],
  items: ['items_enabled'],
  label: ['choice_label'],
  list_ids: ['list_memberships'],
  listIds: ['contact_list_ids'],
  mediumDetails: ['consent_medium_details'],
  mediumType: ['consent_medium_type'],
  mediumUrl: ['consent_medium_url'],
  minutes: ['delay_minutes'],
  month: ['birthday_month'],
  day: ['birthday_day'],
  name: ['from_name', 'property'],
  network: ['property'],
  number: ['phone_number'],
  payment: ['paid_event'],
  permission: ['sms_consent_permission'],
  profileIds: ['profile_id'],
  promoCodes: ['promo_codes_enabled'],
  provider: ['provider_type'],
  replyTo: ['reply_to_email'],
  role: ['role_code'],
  segmentId: ['segment_ids'],
  start_date: ['start_time'],
  status: ['event_status'],
  tag_ids: ['taggings'],
  text: ['value', 'file'],
  value: ['disable_comment'],
  venue: ['location_name'],
};

/** API values that differ from their GraphQL values. */
const API_VALUES: Readonly<Record<string, string>> = { CUSTOM_CODE: '5', TIER_UPGRADE: '1' };

/** Query parameters that are sent when the variable is true. */
const FLAGS: Readonly<Record<string, string>> = {
  include: 'include=true',
  include_accessible: 'include=accessible',
  include_active_membership_count: 'include_membership_count=active',
  include_company_logo: 'extra_fields=company_logo',
  include_count: 'include_count=true',
  include_membership_count: 'include_membership_count=all',
  include_physical_address: 'extra_fields=physical_address',
};

/** Values of the variables that no request contains. */
export function unreached(variables: object, requests: readonly RecordedRequest[]): string[] {
  const sent = requests.flatMap(leavesOf);
  return leaves(variables)
    .filter((leaf) => !isSent(leaf, sent))
    .map(({ path, value }) => `${path}: ${value}`);
}

function isSent({ key, value, path }: Leaf, sent: readonly Leaf[]): boolean {
  if (path === key && /^include(_|$)/.test(key) && value === 'true') {
    const flag = FLAGS[key] ?? `include=${key.replace('include_', '')}`;
    return sent.some((leaf) => `${leaf.key}=${leaf.value}` === flag);
  }
  const keys = new Set([key, ...(RENAMED[key] ?? [])].map(plain));
  const hasKey = (sentKey: string) =>
    sentKey === '' || keys.has(plain(sentKey)) || (key === 'value' && sentKey.startsWith('cf:'));
  return sent.some((leaf) => hasKey(leaf.key) && isSame(value, leaf.value));
}

function isSame(value: string, sent: string): boolean {
  if ([value, API_VALUES[value], `cf:${value}`, rawId(value)].includes(sent)) return true;
  if (/^[A-Z][A-Z_]+$/.test(value)) return plain(value) === plain(sent);
  return /^\d{4}-\d\d-\d\dT/.test(value) && Date.parse(value) === Date.parse(sent);
}

/** The raw id within a global id. */
function rawId(text: string): string | undefined {
  return /^\w+:([\w-]+)$/.exec(Buffer.from(text, 'base64').toString())?.[1];
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** All values of a request; segments of its path have no key. */
function leavesOf({ path, body }: RecordedRequest): Leaf[] {
  const url = new URL(path, 'http://api.test');
  const parts = url.pathname.split('/').flatMap((part) => decodeURIComponent(part).split(','));
  return [
    ...parts.map((value) => ({ key: '', value, path: '' })),
    ...[...url.searchParams].flatMap(([key, value]) => listed(key, value)),
    ...(body.startsWith('{') ? bodyLeaves(JSON.parse(body)) : formLeaves(body)),
  ];
}

/**
 * Values of a body and names of its properties, which are data in settings of social networks and in custom
 * fields.
 */
function bodyLeaves(body: unknown): Leaf[] {
  const names = [...JSON.stringify(body).matchAll(/"([\w:]+)":/g)];
  return [...leaves(body), ...names.map(([, value = '']) => ({ key: 'property', value, path: '' }))];
}

function formLeaves(body: string): Leaf[] {
  return [...body.matchAll(/ name="(\w+)"[^]*?\r\n\r\n([^]*?)\r\n--/g)].flatMap(([, key = '', value = '']) =>
    listed(key, value),
  );
}

/** A value, and each item of a comma-separated list. */
function listed(key: string, text: string): Leaf[] {
  return [...new Set([text, ...text.split(',')])].map((value) => ({ key, value, path: key }));
}

function leaves(value: unknown, key = '', path = ''): Leaf[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => leaves(item, key, `${path}[${String(index)}]`));
  }
  if (value !== null && typeof value === 'object') {
    return Object.entries(value).flatMap(([name, child]) =>
      leaves(child, name, path === '' ? name : `${path}.${name}`),
    );
  }
  // Criteria of segments are JSON within a string.
  if (typeof value === 'string' && value.startsWith('{')) return leaves(JSON.parse(value), key, path);
  if (value === null || value === undefined) return [];
  const scalar = value as string | number | boolean;
  return [{ key, value: String(scalar), path }];
}
