import type { RequestBody } from '../../constant-contact/contract/operations.js';
import type { Account } from '../account.js';
import { DAY, HOUR } from '../dates.js';
import { invalid } from '../errors.js';
import type { EventAddress, EventRow, EventStatus, PromotionRow, TrackRow } from '../stores/event.js';
import { assignTrack, bannerOf } from './event-track.js';
import { instant } from './instant.js';

type PatchBody = Partial<RequestBody<'patchEvent'>>;

/** Allowed changes of the status. Both spellings of a cancelled event are accepted. */
const NEXT: Readonly<Partial<Record<EventStatus, readonly EventStatus[]>>> = {
  DRAFT: ['DRAFT', 'ACTIVE'],
  ACTIVE: ['ACTIVE', 'COMPLETE', 'CANCELLED'],
};

const NO_ADDRESS: EventAddress = {
  line1: '',
  line2: '',
  city: '',
  country: '',
  country_code: '',
  location_name: '',
  postal_code: '',
  state: '',
  state_code: '',
  latitude: null,
  longitude: null,
};

/** @throws Refusal 400 when another event has the name */
export function checkEventName(account: Account, name: string, own: EventRow | null): void {
  const holder = account.events.first('name', name.toLowerCase());
  if (holder && holder !== own) throw invalid('An event with this name exists.');
}

/** A draft with the API's defaults. It is not in the account yet. */
export function draftEvent(
  account: Account,
  given: { name: string | undefined; start: number | undefined; end: number | undefined },
  now: number,
): EventRow {
  const start = given.start ?? Math.ceil((now + 30 * DAY) / HOUR) * HOUR;
  const name = given.name ?? `Event ${account.ids.number('event-name')}`;
  const { first_name, last_name, organization_name, contact_email } = account.profile.summary;
  return {
    event_id: account.ids.uuid('event'),
    name,
    title: name,
    description: '',
    event_type: 'OTHER',
    location_type: 'PHYSICAL',
    status: 'DRAFT',
    event_start: start,
    event_end: given.end ?? start + HOUR,
    time_zone: 'US/Eastern',
    time_zone_abbreviation: 'EST',
    currency_type: 'USD',
    event_code: '',
    address: null,
    contact: {
      name: [first_name, last_name].join(' '),
      organization_name: organization_name ?? '',
      email_address: contact_email ?? '',
      from_email_address: contact_email ?? '',
      phone_number: null,
    },
    online_meeting: null,
    event_metadata: { items_enabled: false, paid_event: false, promo_codes_enabled: false },
    display_contact_flag: true,
    display_end_time_flag: true,
    display_on_calendar_flag: true,
    display_time_zone_flag: true,
    notify_owner_on_reg: true,
    track: newTrack(account, start),
    promotions: [],
    create_time: now,
    last_update_time: now,
    active_time: null,
    cancelled_time: null,
    deleted_time: null,
  };
}

/** A track with one free ticket and its own IDs. */
export function newTrack(account: Account, start: number): TrackRow {
  return {
    track_id: account.ids.key('track', 6),
    campaign_activity_id: account.ids.uuid('event-activity'),
    conf_email_campaign_activity_id: account.ids.uuid('event-activity'),
    media_assets: [bannerOf(account.ids.key('banner', 7))],
    items_header: 'Items',
    tickets_header: 'Tickets',
    fee_scope: 'OWNER',
    registration_type: 'TICKET',
    capacity: 100,
    registration_closed: false,
    registration_end: start,
    single_ticket: false,
    tickets: [{ ticket_id: account.ids.key('ticket-type', 8), name: 'General Admission', price: 0 }],
    items: [],
    promo_codes: [],
  };
}

/**
 * A copy of an event under another name, as a draft.
 * @param activities promotions to copy; all when absent
 */
export function copyOf(
  account: Account,
  source: EventRow,
  name: string,
  activities: readonly string[] | undefined,
  now: number,
): EventRow {
  const own = newTrack(account, source.track.registration_end);
  const promotions = source.promotions.filter(
    ({ campaign_activity_id: id }) => activities?.includes(id) ?? true,
  );
  return {
    ...structuredClone(source),
    event_id: account.ids.uuid('event'),
    name,
    status: 'DRAFT',
    track: {
      ...structuredClone(source.track),
      track_id: own.track_id,
      campaign_activity_id: own.campaign_activity_id,
      conf_email_campaign_activity_id: own.conf_email_campaign_activity_id,
      registration_closed: false,
      items: source.track.items.map((item) => ({
        ...item,
        quantity_sold: 0,
        attributes: item.attributes.map((attribute) => ({ ...attribute, quantity_sold: 0 })),
      })),
      promo_codes: source.track.promo_codes.map((code) => ({ ...code, quantity_used: 0 })),
    },
    promotions: promotions.map((promotion) => newPromotion(account, promotion.sub_type, promotion.default)),
    create_time: now,
    last_update_time: now,
    active_time: null,
    cancelled_time: null,
    deleted_time: null,
  };
}

export function newPromotion(account: Account, sub_type: string, isDefault: boolean): PromotionRow {
  return {
    campaign_activity_id: account.ids.uuid('event-activity'),
    document_id: account.ids.uuid('event-document'),
    ext_id: account.ids.uuid('event-document'),
    sub_type,
    default: isDefault,
  };
}

/**
 * Changes only the properties in the body, also inside nested objects.
 * @throws Refusal 400 for a state that allows no change, a used name, an invalid date
 */
export function patchEvent(account: Account, row: EventRow, body: PatchBody, now: number): void {
  if (row.status !== 'DRAFT' && row.status !== 'ACTIVE')
    throw invalid('The event is neither DRAFT nor ACTIVE.');
  if (body.name !== undefined) checkEventName(account, body.name, row);
  const start = body.event_start === undefined ? row.event_start : instant('event_start', body.event_start);
  const end = body.event_end === undefined ? row.event_end : instant('event_end', body.event_end);
  if (end < start) throw invalid('The event ends before it starts.');
  const status = nextStatus(row, body.status);
  account.events.update(row, () => {
    row.event_start = start;
    row.event_end = end;
    if (status !== row.status) {
      row.status = status;
      if (status === 'ACTIVE') row.active_time = now;
      if (status === 'CANCELLED') row.cancelled_time = now;
    }
    assign(account, row, body);
    row.last_update_time = now;
  });
}

function assign(account: Account, row: EventRow, body: PatchBody): void {
  copyGiven(row, body, [
    'name',
    'title',
    'description',
    'event_type',
    'location_type',
    'time_zone',
    'currency_type',
    'event_code',
    'display_contact_flag',
    'display_end_time_flag',
    'display_on_calendar_flag',
    'display_time_zone_flag',
    'notify_owner_on_reg',
  ]);
  if (body.address) {
    const { address_type: _, create_time: __, last_update_time: ___, ...address } = body.address;
    row.address = { ...NO_ADDRESS, ...row.address, ...address };
  }
  if (body.contact) {
    const { create_time: _, last_update_time: __, ...contact } = body.contact;
    row.contact = { ...row.contact, ...contact };
  }
  if (body.online_meeting) {
    const { create_time: _, last_update_time: __, ...meeting } = body.online_meeting;
    const none = { enabled_flag: false, instructions: '', label: '', provider_type: 'OTHER', url: '' };
    row.online_meeting = { ...none, ...row.online_meeting, ...meeting };
  }
  if (body.default_track) assignTrack(account, row.track, body.default_track);
  if (body.event_metadata) row.event_metadata = { ...row.event_metadata, ...body.event_metadata };
}

function copyGiven<Key extends keyof EventRow & keyof PatchBody>(
  row: EventRow,
  body: PatchBody,
  keys: readonly Key[],
): void {
  const given = keys.flatMap((key) => (body[key] === undefined ? [] : [[key, body[key]] as const]));
  Object.assign(row, Object.fromEntries(given));
}

function nextStatus(row: EventRow, wanted: string | undefined): EventStatus {
  if (wanted === undefined) return row.status;
  const status = wanted === 'CANCELED' ? 'CANCELLED' : wanted;
  const allowed = NEXT[row.status]?.find((candidate) => candidate === status);
  if (!allowed) throw invalid(`An event that is ${row.status} cannot become ${wanted}.`);
  return allowed;
}
