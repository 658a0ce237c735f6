import { Collection } from '../store.js';

/** In the API's spelling; registrations write CANCELED with a single L. */
export type EventStatus = 'DRAFT' | 'ACTIVE' | 'COMPLETE' | 'CANCELLED' | 'DELETED' | 'ERROR';
export type RegistrationStatus = 'PENDING' | 'REGISTERED' | 'CANCELED' | 'EXPIRED' | 'IN_PROGRESS' | 'FAILED';
export type PaymentStatus = 'PENDING' | 'PAID' | 'REFUNDED' | 'CANCELLED' | 'FAILED' | 'CHARGED_BACK';

/** Empty texts are `''`. */
export interface EventAddress {
  line1: string;
  line2: string;
  city: string;
  country: string;
  country_code: string;
  location_name: string;
  postal_code: string;
  state: string;
  state_code: string;
  latitude: number | null;
  longitude: number | null;
}

export interface EventContact {
  name: string;
  organization_name: string;
  email_address: string;
  from_email_address: string;
  phone_number: string | null;
}

/** A kind of ticket. The API shows them only in promo codes and registrations. */
export interface TicketType {
  readonly ticket_id: string;
  name: string;
  price: number;
}

export interface ItemAttribute {
  readonly attribute_id: string;
  name: string;
  quantity_total: number;
  quantity_sold: number;
}

export interface ItemRow {
  readonly item_id: string;
  name: string;
  description: string;
  price: number;
  quantity_total: number;
  quantity_sold: number;
  limit_per_order: number;
  attributes: ItemAttribute[];
}

export interface PromoCodeRow {
  readonly id: string;
  name: string;
  description: string;
  /** Exactly one of the two is set. */
  percent: number | null;
  amount: number | null;
  quantity_total: number;
  quantity_used: number;
  start: number;
  end: number;
  paused: boolean;
  ticket_ids: string[];
  item_ids: string[];
}

/** A picture of an event. */
export interface MediaRow {
  internal_id: string;
  external_id: string;
  external_url: string;
  media_type: string;
}

export interface TrackRow {
  readonly track_id: string;
  readonly campaign_activity_id: string;
  readonly conf_email_campaign_activity_id: string;
  media_assets: MediaRow[];
  items_header: string;
  tickets_header: string;
  /** Payer of the platform's fee. */
  fee_scope: string;
  registration_type: string;
  capacity: number;
  registration_closed: boolean;
  registration_end: number;
  single_ticket: boolean;
  tickets: TicketType[];
  items: ItemRow[];
  promo_codes: PromoCodeRow[];
}

export interface PromotionRow {
  readonly campaign_activity_id: string;
  readonly document_id: string;
  readonly ext_id: string;
  readonly sub_type: string;
  readonly default: boolean;
}

export interface EventFlags {
  display_contact_flag: boolean;
  display_end_time_flag: boolean;
  display_on_calendar_flag: boolean;
  display_time_zone_flag: boolean;
  notify_owner_on_reg: boolean;
}

export interface EventMetadata {
  items_enabled: boolean;
  paid_event: boolean;
  promo_codes_enabled: boolean;
}

export interface OnlineMeeting {
  enabled_flag: boolean;
  instructions: string;
  label: string;
  provider_type: string;
  url: string;
}

/** All times are milliseconds since the epoch. */
export interface EventRow extends EventFlags {
  readonly event_id: string;
  name: string;
  title: string;
  description: string;
  event_type: string;
  location_type: string;
  status: EventStatus;
  event_start: number;
  event_end: number;
  time_zone: string;
  time_zone_abbreviation: string;
  currency_type: string;
  event_code: string;
  address: EventAddress | null;
  contact: EventContact;
  online_meeting: OnlineMeeting | null;
  event_metadata: EventMetadata;
  track: TrackRow;
  promotions: PromotionRow[];
  readonly create_time: number;
  last_update_time: number;
  active_time: number | null;
  cancelled_time: number | null;
  deleted_time: number | null;
}

export interface RegistrationTicket {
  readonly order_ticket_key: string;
  readonly ticket_id: string;
  readonly ticket_name: string;
  readonly price: number;
  /** Name of the ticket holder. */
  readonly holder: string;
  cancelled: boolean;
  checked_in_time: number | null;
}

export interface RegistrationItem {
  readonly item_id: string;
  readonly name: string;
  readonly price: number;
}

export interface RegistrationRow {
  readonly registration_id: string;
  readonly event_id: string;
  readonly track_id: string;
  readonly contact_id: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly email_address: string;
  readonly new_contact: boolean;
  readonly registration_time: number;
  registration_status: RegistrationStatus;
  payment_status: PaymentStatus;
  /** Null for free registrations. */
  readonly payment_method: 'PAYPAL' | 'STRIPE' | 'DOOR' | 'CHECK' | null;
  payment_time: number | null;
  readonly order_number: string;
  readonly transaction_id: string;
  readonly tickets: RegistrationTicket[];
  readonly items: RegistrationItem[];
  /** Answers to form fields other than name and address. */
  readonly answers: {
    readonly label: string;
    readonly name: string;
    readonly value: string;
    readonly choices?: readonly string[];
  }[];
}

/** Events and their registrations. */
export function eventStores() {
  return {
    events: new Collection<EventRow, 'name'>((row) => row.event_id, {
      name: (row) => (row.status === 'DELETED' ? null : row.name.toLowerCase()),
    }),
    registrations: new Collection<RegistrationRow, 'event'>((row) => row.registration_id, {
      event: (row) => row.event_id,
    }),
  };
}
