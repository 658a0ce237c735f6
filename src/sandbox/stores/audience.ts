import { Collection } from '../store.js';

/** All times of rows are milliseconds since the epoch; the routes format them as the API does. */
export type Permission =
  'explicit' | 'implicit' | 'not_set' | 'pending_confirmation' | 'temp_hold' | 'unsubscribed';

export interface EmailRow {
  address: string;
  permission_to_send: Permission;
  created_at: number;
  updated_at: number;
  opt_in_source: string | null;
  opt_in_date: number | null;
  opt_out_source: string | null;
  opt_out_date: number | null;
  opt_out_reason: string | null;
  confirm_status: string;
}

export interface CustomValue {
  custom_field_id: string;
  /** Absent for selects, which have `choice_ids`. */
  value?: string;
  /** Six digits with leading zeros, such as `000003` for choice 3. */
  choice_ids?: string[];
}

export interface PhoneRow {
  phone_number_id: string;
  phone_number: string;
  kind: string;
  created_at: number;
  updated_at: number;
  create_source: string;
  update_source: string;
}

export interface AddressRow {
  street_address_id: string;
  kind: string;
  street: string | null;
  city: string | null;
  state: string | null;
  postal_code: string | null;
  country: string | null;
  created_at: number;
  updated_at: number;
}

export interface NoteRow {
  note_id: string;
  created_at: number;
  content: string;
}

export interface SmsHistoryRow {
  sms_channel_history_id: string;
  insert_time: number;
  state: string;
  source: string;
  consent_action_type: string;
}

export interface SmsRow {
  sms_channel_id: string;
  /** National number without the dial code. */
  sms_address: string;
  dial_code: string;
  country_code: string;
  create_source: string;
  update_source: string;
  permission: 'explicit' | 'unsubscribed' | 'pending_confirmation' | 'not_set';
  opt_in_date: number | null;
  opt_out_date: number | null;
  created_at: number;
  updated_at: number;
  history: SmsHistoryRow[];
}

export interface ContactRow {
  readonly contact_id: string;
  /** ID of the V2 API; null for newer contacts. */
  readonly sequence_id: string | null;
  /** Null for contacts with only a phone number. */
  email: EmailRow | null;
  first_name: string | null;
  last_name: string | null;
  job_title: string | null;
  company_name: string | null;
  birthday_month: number | null;
  birthday_day: number | null;
  anniversary: string | null;
  create_source: string;
  update_source: string;
  readonly created_at: number;
  updated_at: number;
  deleted_at: number | null;
  custom_fields: CustomValue[];
  phone_numbers: PhoneRow[];
  street_addresses: AddressRow[];
  list_memberships: string[];
  taggings: string[];
  /** Newest first. */
  notes: NoteRow[];
  sms: SmsRow | null;
  /** Time of the resubscribe email, which can be requested only once. */
  resubscribe_asked_at: number | null;
}

export interface ListRow {
  readonly list_id: string;
  readonly sequence_id: string | null;
  name: string;
  description: string | null;
  favorite: boolean;
  readonly channel: 'email' | 'sms';
  readonly created_at: number;
  updated_at: number;
  deleted_at: number | null;
}

export interface TagRow {
  readonly tag_id: string;
  name: string;
  tag_source: string;
  readonly created_at: number;
  updated_at: number;
}

export interface ChoiceRow {
  readonly choice_id: number;
  choice_label: string;
  display_order: number;
  readonly created_at: number;
  updated_at: number;
}

export const CUSTOM_FIELD_TYPES = [
  'string',
  'text_area',
  'number',
  'currency',
  'date',
  'datetime',
  'boolean',
  'single_select',
  'multi_select',
] as const;

export type CustomFieldType = (typeof CUSTOM_FIELD_TYPES)[number];

export interface CustomFieldRow {
  readonly custom_field_id: string;
  label: string;
  /** The label in lower case with underscores for blanks: `cf:<name>` in imports. */
  name: string;
  readonly type: CustomFieldType;
  readonly metadata: {
    display_type?: string;
    allow_negative?: boolean;
    decimal_places?: number;
    currency_code?: string;
    integer?: boolean;
    display_format?: string;
  } | null;
  readonly version: number;
  /** Null without choices, such as after an update without choices. */
  choices: ChoiceRow[] | null;
  readonly created_at: number;
  updated_at: number;
}

export interface SegmentRow {
  readonly segment_id: number;
  name: string;
  /** A JSON document as text. */
  segment_criteria: string;
  readonly created_at: number;
  edited_at: number;
  deleted_at: number | null;
  /** False until the members were first requested after a change of the criteria. */
  computed: boolean;
}

/** A finished export. */
export interface ExportFile {
  readonly file_id: string;
  readonly text: string;
}

/** Full number of an SMS channel, such as `+12025550123`. */
export const fullNumber = (sms: Pick<SmsRow, 'dial_code' | 'sms_address'>): string =>
  `+${sms.dial_code}${sms.sms_address}`;

/** Contacts and their groups. Names and addresses are indexed in lower case. */
export function audienceStores() {
  return {
    contacts: new Collection<ContactRow, 'email' | 'sms' | 'sequence'>((row) => row.contact_id, {
      email: (row) => row.email?.address.toLowerCase() ?? null,
      sms: (row) => (row.sms ? fullNumber(row.sms) : null),
      sequence: (row) => row.sequence_id,
    }),
    lists: new Collection<ListRow, 'name' | 'sequence'>((row) => row.list_id, {
      name: (row) => (row.deleted_at === null ? row.name.toLowerCase() : null),
      sequence: (row) => row.sequence_id,
    }),
    tags: new Collection<TagRow, 'name'>((row) => row.tag_id, { name: (row) => row.name.toLowerCase() }),
    customFields: new Collection<CustomFieldRow, 'label' | 'name'>((row) => row.custom_field_id, {
      label: (row) => row.label.toLowerCase(),
      name: (row) => row.name.toLowerCase(),
    }),
    segments: new Collection<SegmentRow, 'name'>((row) => String(row.segment_id), {
      name: (row) => (row.deleted_at === null ? row.name.toLowerCase() : null),
    }),
    /** Sign-ups per address, and the time until which the address is blocked. */
    signUps: new Map<string, { times: number[]; blockedUntil: number }>(),
    exportFiles: new Collection<ExportFile>((row) => row.file_id),
  };
}
