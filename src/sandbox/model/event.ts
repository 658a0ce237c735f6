import type { Schema } from '../../constant-contact/contract/operations.js';
import type { Account } from '../account.js';
import { compact } from '../compact.js';
import { hash } from '../random.js';
import { millis, seconds } from '../dates.js';
import { notFound } from '../errors.js';
import type {
  EventAddress,
  EventContact,
  EventRow,
  ItemRow,
  OnlineMeeting,
  PromoCodeRow,
  RegistrationRow,
  TrackRow,
} from '../stores/event.js';

type EventDto = Schema<'EventDto'>;

const PAGES = 'https://lp.pages.example/ev';
const AVAILABLE = { label: 'Available', label_key: 'status_label.available' };
const SOLD_OUT = { label: 'Sold out', label_key: 'status_label.sold_out' };

/** @throws Refusal 404 */
export function findEvent(account: Account, id: string): EventRow {
  const row = account.events.get(id);
  if (!row) throw notFound('event_id does not exist.');
  return row;
}

/** Registrations that count: not cancelled, failed or unfinished. */
export const isRegistered = (row: RegistrationRow): boolean => row.registration_status === 'REGISTERED';

/** Number of sold tickets. */
export function ticketsSold(account: Account, event: EventRow): number {
  return registered(account, event).reduce((sum, row) => sum + row.tickets.length, 0);
}

/** An event from the collection: with counts, without track. */
export function eventListing(account: Account, row: EventRow): Schema<'EventListingDto'> {
  const registrations = registered(account, row);
  return compact<Schema<'EventListingDto'>>({
    event_id: row.event_id,
    title: row.title,
    description: row.description,
    start_time: seconds(row.event_start),
    end_time: seconds(row.event_end),
    status: row.status,
    registration_url: registrationUrl(row),
    name: row.name,
    event_type: row.event_type,
    location_type: row.location_type,
    time_zone_type: row.time_zone_abbreviation,
    address: row.address && addressDto(row.address, row),
    event_registration_summary_metrics: {
      registration_count: registrations.length,
      ticket_sold: registrations.reduce((sum, one) => sum + one.tickets.length, 0),
      item_sold: registrations.reduce((sum, one) => sum + one.items.length, 0),
    },
    create_time: seconds(row.create_time),
  });
}

/** An event from a read by ID: with its track, without counts. `settings` only on request. */
export function eventDetail(account: Account, row: EventRow, settings = false): EventDto {
  const owner = ownerKey(account);
  return compact<EventDto>({
    event_id: row.event_id,
    campaign_id: row.event_id,
    name: row.name,
    title: row.title,
    description: row.description,
    event_type: row.event_type,
    location_type: row.location_type,
    status: row.status,
    event_start: seconds(row.event_start),
    event_end: seconds(row.event_end),
    time_zone: row.time_zone,
    time_zone_abbreviation: row.time_zone_abbreviation,
    currency_type: row.currency_type,
    event_code: row.event_code,
    eso: owner,
    contact: contactDto(row.contact, row),
    address: row.address && addressDto(row.address, row),
    online_meeting: row.online_meeting && meetingDto(row.online_meeting, row),
    event_metadata: { ...row.event_metadata },
    default_track: trackDto(row.track, row),
    display_contact_flag: row.display_contact_flag,
    display_end_time_flag: row.display_end_time_flag,
    display_on_calendar_flag: row.display_on_calendar_flag,
    display_time_zone_flag: row.display_time_zone_flag,
    notify_owner_on_reg: row.notify_owner_on_reg,
    event_calendar_url: `${PAGES}/calendar/${owner}`,
    event_widget_url: `https://widgets.pages.example/myevents.js?eso=${owner}`,
    registration_url: registrationUrl(row),
    event_promotions: row.promotions.map(({ sub_type, ...promotion }) => ({
      ...promotion,
      assoc_activity_sub_type: sub_type,
    })),
    event_settings: settings ? settingsDto(row) : null,
    create_time: millis(row.create_time),
    last_update_time: millis(row.last_update_time),
    active_time: time(row.active_time),
    cancelled_time: time(row.cancelled_time),
    deleted_time: time(row.deleted_time),
  });
}

const time = (ms: number | null): string | null => (ms === null ? null : millis(ms));

function registered(account: Account, event: EventRow): RegistrationRow[] {
  return account.registrations.where('event', event.event_id).filter(isRegistered);
}

const ownerKey = ({ seed }: Account): string => `001w${(hash('eso', seed) >>> 0).toString(36)}==`;

const registrationUrl = (row: EventRow): string | null =>
  row.status === 'DRAFT' ? null : `${PAGES}/reg/${row.track.track_id}`;

function addressDto({ latitude, longitude, ...texts }: EventAddress, row: EventRow): Schema<'AddressDto'> {
  return compact<Schema<'AddressDto'>>({
    address_type: 'EVENT',
    ...texts,
    latitude,
    longitude,
    create_time: millis(row.create_time),
    last_update_time: millis(row.last_update_time),
  });
}

function contactDto({ phone_number, ...contact }: EventContact, row: EventRow): Schema<'ContactDto'> {
  return compact<Schema<'ContactDto'>>({
    ...contact,
    phone_number,
    create_time: millis(row.create_time),
    last_update_time: millis(row.last_update_time),
  });
}

function meetingDto(meeting: OnlineMeeting, row: EventRow): Schema<'OnlineMeetingDto'> {
  return { ...meeting, create_time: millis(row.create_time), last_update_time: millis(row.last_update_time) };
}

function settingsDto(row: EventRow): Schema<'EventSettingsDto'> {
  const paid = row.track.tickets.some(({ price }) => price > 0);
  return {
    event_requires_payments: paid,
    item_configured: row.track.items.length > 0,
    online_payment_configured: paid,
    payment_configured: paid,
    promo_code_configured: row.track.promo_codes.length > 0,
    ticket_configured: row.track.tickets.length > 0,
  };
}

function trackDto(track: TrackRow, row: EventRow): Schema<'TrackDto'> {
  return {
    track_id: track.track_id,
    campaign_activity_id: track.campaign_activity_id,
    conf_email_campaign_activity_id: track.conf_email_campaign_activity_id,
    create_time: millis(row.create_time),
    last_update_time: millis(row.last_update_time),
    items_header: track.items_header,
    tickets_header: track.tickets_header,
    media_assets: track.media_assets.map((media) => ({
      ...media,
      create_time: millis(row.create_time),
      last_update_time: millis(row.create_time),
    })),
    overall_ticket_capacity: track.capacity,
    platform_fee_scope_type: track.fee_scope,
    promo_codes: track.promo_codes.map((code) => promoCodeDto(code, track)),
    reg_manually_closed_flag: track.registration_closed,
    registration_end_time: seconds(track.registration_end),
    registration_type: track.registration_type,
    restrict_to_single_ticket_flag: track.single_ticket,
    items: track.items.map((item, i) => itemDto(item, i, row)),
  };
}

function itemDto(item: ItemRow, i: number, row: EventRow): Schema<'ItemDto'> {
  const remaining = Math.max(0, item.quantity_total - item.quantity_sold);
  return {
    item_id: item.item_id,
    display_order: i + 1,
    name: item.name,
    description: item.description,
    price: item.price,
    quantity_total: item.quantity_total,
    quantity_sold: item.quantity_sold,
    quantity_remaining: remaining,
    limit_per_order: item.limit_per_order,
    show_remaining_flag: true,
    paused_flag: false,
    deletable_flag: item.quantity_sold === 0,
    hidden_flag: false,
    media_internal_id: item.item_id,
    media_url: `https://images.pages.example/${item.item_id}.png`,
    time_limit_flag: true,
    start_time: millis(row.create_time),
    end_time: millis(row.event_start),
    create_time: millis(row.create_time),
    last_update_time: millis(row.last_update_time),
    status_labels: [remaining > 0 ? AVAILABLE : SOLD_OUT],
    attributes: item.attributes.map((attribute, order) => ({
      ...attribute,
      quantity_remaining: attribute.quantity_total - attribute.quantity_sold,
      display_order: order + 1,
      paused_flag: false,
      create_time: millis(row.create_time),
      last_update_time: millis(row.create_time),
      status_labels: [attribute.quantity_total > attribute.quantity_sold ? AVAILABLE : SOLD_OUT],
    })),
  };
}

function promoCodeDto(code: PromoCodeRow, track: TrackRow): Schema<'PromoCodeDto'> {
  return compact<Schema<'PromoCodeDto'>>({
    id: code.id,
    name: code.name,
    description: code.description,
    discount_code_scope: 'ORDER_TOTAL',
    discount_code_type: code.percent === null ? 'AMOUNT' : 'PERCENT',
    discount_amount: code.amount,
    discount_percent: code.percent,
    quantity_total: code.quantity_total,
    quantity_used: code.quantity_used,
    quantity_available: code.quantity_total - code.quantity_used,
    start_time: millis(code.start),
    end_time: millis(code.end),
    time_limit_flag: true,
    paused_flag: code.paused,
    status: code.paused ? 'PAUSED' : 'LIVE',
    status_labels: [code.quantity_used < code.quantity_total ? AVAILABLE : SOLD_OUT],
    tickets: track.tickets.map(({ ticket_id, name, price }) => ({
      ticket_id,
      name,
      ticket_type: price > 0 ? 'PAID' : 'FREE',
      associated: code.ticket_ids.includes(ticket_id),
      display_ticket_on_promo_redemption: true,
      hidden_flag: false,
    })),
    items: track.items.map(({ item_id, name }) => ({
      item_id,
      name,
      associated: code.item_ids.includes(item_id),
      display_item_on_promo_redemption: true,
      hidden_flag: false,
    })),
  });
}
