import type { RequestBody, Schema } from '../constant-contact/contract/operations.js';
import { formatQueryDate } from '../constant-contact/dates.js';
import type { Event } from '../loaders/event.js';
import { eventStatus, type EventFieldsInput, moneyIn } from './event-input.js';
import type {
  EventAddressInput,
  EventContactInput,
  EventMediaAssetInput,
  EventPromoCodeInput,
  EventTrackInput,
  OnlineMeetingInput,
} from './inputs.js';
import { withoutUndefined } from './support/drop-nulls.js';
import { requiredText, validate } from './support/limits.js';
import { cleared, counterparts, withChanges, writeBack } from './support/write-back.js';

type Body = RequestBody<'patchEvent'>;
type Changes<Part extends keyof Body> = Parameters<typeof withChanges<NonNullable<Body[Part]>>>[1];
type Track = NonNullable<Body['default_track']>;
type PromoCode = Schema<'PromoCodeDto'>;
type Contact = NonNullable<Body['contact']>;

/** Parts of an event that are objects in the API too. */
const PARTS = ['location', 'onlineMeeting', 'contact', 'features', 'track'] as const;

/** Returns true if the input changes a part of an event, which requires the current event. */
export function changesPart(input: EventFieldsInput): boolean {
  return PARTS.some((part) => Object.values(input[part] ?? {}).some((value) => value !== undefined));
}

/**
 * The body of the PATCH: only given properties, because the API keeps the others. It is not documented
 * whether the API merges or replaces a part, so parts are sent whole. Null becomes the API's empty value: an
 * empty string, false, or an empty list.
 * @throws InputErrors `REQUIRED` when a property that the API requires is neither in the changes nor in the
 * event
 */
export function eventPatch(input: EventFieldsInput, current: Event): Body {
  const { location, onlineMeeting, contact, display, features, track } = input;
  const read = writeBack('patchEvent', current);
  return withoutUndefined<Body>({
    title: input.title ?? undefined,
    description: cleared(input.description, ''),
    status: eventStatus(input.status, ['input', 'status']),
    event_type: input.type ?? undefined,
    event_code: cleared(input.code, ''),
    time_zone: input.timeZone ?? undefined,
    currency_type: input.currency ?? undefined,
    location_type: input.locationType ?? undefined,
    address:
      location === null
        ? NO_ADDRESS
        : part({ address_type: 'EVENT', ...read.address }, addressChanges(location)),
    online_meeting:
      onlineMeeting === null ? NO_MEETING : part(read.online_meeting, meetingChanges(onlineMeeting)),
    contact: wholeContact(part(read.contact, contactChanges(contact))),
    display_contact_flag: cleared(display?.contact, false),
    display_end_time_flag: cleared(display?.endTime, false),
    display_time_zone_flag: cleared(display?.timeZone, false),
    display_on_calendar_flag: cleared(display?.onCalendar, false),
    event_metadata: part(read.event_metadata, {
      items_enabled: cleared(features?.items, false),
      paid_event: cleared(features?.payment, false),
      promo_codes_enabled: cleared(features?.promoCodes, false),
    }),
    notify_owner_on_reg: cleared(input.notifyOwner, false),
    default_track: part(read.default_track, trackChanges(track, read.default_track)),
  });
}

/** The current part with the changes; undefined when there are none. */
function part<T extends object>(
  read: Partial<T> | undefined,
  changes: Parameters<typeof withChanges<T>>[1],
): T | undefined {
  return isEmpty(withoutUndefined(changes)) ? undefined : withChanges<T>(read, changes);
}

/** Returns true if an object of a body has no properties. */
export function isEmpty(body: object): boolean {
  return Object.keys(body).length === 0;
}

const NO_ADDRESS = {
  address_type: 'EVENT',
  location_name: '',
  line1: '',
  line2: '',
  city: '',
  state: '',
  state_code: '',
  postal_code: '',
  country: '',
  country_code: '',
} as const;

const NO_MEETING = { enabled_flag: false, url: '', label: '', instructions: '' } as const;

function addressChanges(location: EventAddressInput | undefined = {}): Changes<'address'> {
  return {
    location_name: cleared(location.venue, ''),
    line1: cleared(location.line1, ''),
    line2: cleared(location.line2, ''),
    city: cleared(location.city, ''),
    state: cleared(location.state, ''),
    state_code: cleared(location.stateCode, ''),
    postal_code: cleared(location.postalCode, ''),
    country: cleared(location.country, ''),
    country_code: cleared(location.countryCode, ''),
    latitude: location.latitude ?? undefined,
    longitude: location.longitude ?? undefined,
  };
}

function meetingChanges(meeting: OnlineMeetingInput | undefined = {}): Changes<'online_meeting'> {
  return {
    enabled_flag: cleared(meeting.enabled, false),
    url: cleared(meeting.url, ''),
    label: cleared(meeting.label, ''),
    instructions: cleared(meeting.instructions, ''),
    provider_type: meeting.provider ?? undefined,
  };
}

/** Name and phone number cannot be sent empty. */
function contactChanges(contact: EventContactInput | null | undefined): Changes<'contact'> {
  return {
    name: contact?.name ?? undefined,
    organization_name: contact?.organizationName ?? undefined,
    email_address: cleared(contact?.email, ''),
    from_email_address: cleared(contact?.fromEmail, ''),
    phone_number: contact?.phone ?? undefined,
  };
}

/**
 * @throws InputErrors `REQUIRED` when the event has no contact yet and the changes leave out a required
 * property
 */
function wholeContact(contact: Partial<Contact> | undefined): Contact | undefined {
  if (!contact) return undefined;
  const { name, organization_name } = contact;
  const at = (key: string) => ['input', 'contact', key];
  // Texts of the input were checked. The event may have empty ones, which the API requires back.
  validate(
    () => name ?? requiredText('', Infinity, at('name')),
    () => organization_name ?? requiredText('', Infinity, at('organizationName')),
  );
  return { ...contact, name: name ?? '', organization_name: organization_name ?? '' };
}

function trackChanges(
  track: EventTrackInput | null | undefined,
  before: Partial<Track> | undefined,
): Changes<'default_track'> {
  return {
    items_header: cleared(track?.itemsHeader, ''),
    tickets_header: cleared(track?.ticketsHeader, ''),
    overall_ticket_capacity: track?.ticketCapacity ?? undefined,
    reg_manually_closed_flag: cleared(track?.registrationClosed, false),
    registration_end_time: track?.registrationEndsAt ? formatQueryDate(track.registrationEndsAt) : undefined,
    registration_type: track?.registrationType ?? undefined,
    platform_fee_scope_type: track?.feeScope ?? undefined,
    restrict_to_single_ticket_flag: cleared(track?.singleTicketOnly, false),
    promo_codes: changedList(
      cleared(track?.promoCodes, []),
      before?.promo_codes,
      (code, one) => isSameId(code.promoCodeId, one.id),
      promoCode,
    ),
    media_assets: changedList(
      cleared(track?.mediaAssets, []),
      before?.media_assets,
      (asset, one) =>
        isSameId(asset.internalId, one.internal_id) || isSameId(asset.externalId, one.external_id),
      mediaAsset,
    ),
  };
}

function isSameId(id: string | null | undefined, other: string | undefined): boolean {
  return id != null && id === other;
}

/**
 * A list that replaces the current one. An item that matches a current one takes missing properties from it.
 */
function changedList<Item, Sent>(
  items: readonly Item[] | undefined,
  before: readonly Sent[] | undefined,
  isSame: (item: Item, before: Sent) => boolean,
  changed: (item: Item, before: Sent | undefined) => Sent,
): Sent[] | undefined {
  if (!items) return undefined;
  const counterpart = counterparts(items, before ?? [], isSame);
  return items.map((item, index) => changed(item, counterpart[index]));
}

function mediaAsset(
  { internalId, externalId, url, type }: EventMediaAssetInput,
  before: Schema<'EventMediaAssetDto'> | undefined,
): Schema<'EventMediaAssetDto'> {
  return withChanges<Schema<'EventMediaAssetDto'>>(before, {
    internal_id: internalId,
    external_id: externalId,
    external_url: url,
    media_type: type,
  });
}

function promoCode(code: EventPromoCodeInput, before: PromoCode | undefined): PromoCode {
  return withChanges<PromoCode>(before, {
    id: code.promoCodeId,
    name: code.name,
    description: code.description,
    discount_code_scope: code.scope,
    discount_code_type: code.type,
    discount_amount: moneyIn(code.discountAmount),
    discount_percent: code.discountPercent,
    quantity_total: code.quantityTotal,
    quantity_used: code.quantityUsed,
    quantity_available: code.quantityAvailable,
    time_limit_flag: code.timeLimited,
    start_time: code.startsAt && formatQueryDate(code.startsAt),
    end_time: code.endsAt && formatQueryDate(code.endsAt),
    paused_flag: code.paused,
    status: code.status,
    tickets: changedList(
      cleared(code.tickets, []),
      before?.tickets,
      (ticket, one) => isSameId(ticket.ticketId, one.ticket_id),
      (ticket, one) =>
        withChanges<NonNullable<PromoCode['tickets']>[number]>(one, {
          ticket_id: ticket.ticketId,
          name: ticket.name,
          ticket_type: ticket.type,
          associated: ticket.associated,
          display_ticket_on_promo_redemption: ticket.shownOnRedemption,
          hidden_flag: ticket.hidden,
        }),
    ),
    items: changedList(
      cleared(code.items, []),
      before?.items,
      (item, one) => isSameId(item.itemId, one.item_id),
      (item, one) =>
        withChanges<NonNullable<PromoCode['items']>[number]>(one, {
          item_id: item.itemId,
          name: item.name,
          associated: item.associated,
          display_item_on_promo_redemption: item.shownOnRedemption,
          hidden_flag: item.hidden,
        }),
    ),
    deleted_time: code.deletedAt && formatQueryDate(code.deletedAt),
  });
}
