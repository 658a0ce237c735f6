import { formatQueryDate } from '../constant-contact/dates.js';
import type { RequestBody, Schema } from '../constant-contact/contract/operations.js';
import { dropNulls } from './support/drop-nulls.js';
import { InputError } from './support/input-error.js';
import { inRange, maxLength, requiredText, validate } from './support/limits.js';

/** Longest texts of an event (contract: `EventDto`, `AddressDto`, `ContactDto`). */
export const EVENT_LIMITS = {
  name: 100,
  title: 100,
  description: 600,
  addressLine: 80,
  city: 80,
  state: 80,
  stateCode: 2,
  country: 128,
  countryCode: 2,
  postalCode: 25,
  venue: 100,
  contactName: 100,
  organizationName: 255,
  email: 128,
  phone: 25,
} as const;

/** Greatest whole number of the contract. */
const INT_MAX = 2_147_483_647;
const CURRENCY = /^[A-Z]{3}$/;

type Body = RequestBody<'patchEvent'>;

export interface EventAddressInput {
  venue?: string | null;
  line1?: string | null;
  line2?: string | null;
  city?: string | null;
  state?: string | null;
  stateCode?: string | null;
  postalCode?: string | null;
  country?: string | null;
  countryCode?: string | null;
  latitude?: number | null;
  longitude?: number | null;
}

export interface EventContactInput {
  name: string;
  organizationName: string;
  email?: string | null;
  fromEmail?: string | null;
  phone?: string | null;
}

export interface OnlineMeetingInput {
  enabled?: boolean | null;
  url?: string | null;
  label?: string | null;
  instructions?: string | null;
  provider?: string | null;
}

export interface EventDisplayInput {
  contact?: boolean | null;
  endTime?: boolean | null;
  timeZone?: boolean | null;
  onCalendar?: boolean | null;
}

export interface EventFeaturesInput {
  items?: boolean | null;
  payment?: boolean | null;
  promoCodes?: boolean | null;
}

export interface PromoCodeTicketInput {
  ticketId?: string | null;
  name: string;
  type: string;
  associated?: boolean | null;
  shownOnRedemption?: boolean | null;
  hidden?: boolean | null;
}

export interface PromoCodeItemInput {
  itemId?: string | null;
  name: string;
  associated?: boolean | null;
  shownOnRedemption?: boolean | null;
  hidden?: boolean | null;
}

export interface EventPromoCodeInput {
  promoCodeId?: string | null;
  name: string;
  description?: string | null;
  scope?: string | null;
  type?: string | null;
  discountAmount?: number | null;
  discountPercent?: number | null;
  quantityTotal?: number | null;
  quantityUsed?: number | null;
  quantityAvailable?: number | null;
  timeLimited?: boolean | null;
  startsAt?: Date | null;
  endsAt?: Date | null;
  paused?: boolean | null;
  status?: string | null;
  tickets?: readonly PromoCodeTicketInput[] | null;
  items?: readonly PromoCodeItemInput[] | null;
  deletedAt?: Date | null;
}

export interface EventMediaAssetInput {
  internalId?: string | null;
  externalId?: string | null;
  url?: string | null;
  type?: string | null;
}

export interface EventTrackInput {
  itemsHeader?: string | null;
  ticketsHeader?: string | null;
  ticketCapacity?: number | null;
  registrationClosed?: boolean | null;
  registrationEndsAt?: Date | null;
  registrationType?: string | null;
  feeScope?: string | null;
  singleTicketOnly?: boolean | null;
  promoCodes?: readonly EventPromoCodeInput[] | null;
  mediaAssets?: readonly EventMediaAssetInput[] | null;
}

/** What creating and updating an event share, beyond its name and its time. */
export interface EventFieldsInput {
  title?: string | null;
  description?: string | null;
  status?: string | null;
  type?: string | null;
  code?: string | null;
  timeZone?: string | null;
  currency?: string | null;
  locationType?: string | null;
  location?: EventAddressInput | null;
  onlineMeeting?: OnlineMeetingInput | null;
  contact?: EventContactInput | null;
  display?: EventDisplayInput | null;
  features?: EventFeaturesInput | null;
  notifyOwner?: boolean | null;
  track?: EventTrackInput | null;
}

/** Fields that an event always has, so that null cannot clear them. */
const LASTING = [
  'title',
  'status',
  'type',
  'timeZone',
  'currency',
  'locationType',
  'contact',
  'display',
  'features',
  'track',
] as const satisfies (keyof EventFieldsInput)[];

/** The same of the parts of an event: the API has nothing that stands for empty there. */
const LASTING_OF_LOCATION = ['latitude', 'longitude'] as const satisfies (keyof EventAddressInput)[];
const LASTING_OF_MEETING = ['provider'] as const satisfies (keyof OnlineMeetingInput)[];
const LASTING_OF_TRACK = [
  'ticketCapacity',
  'registrationEndsAt',
  'registrationType',
  'feeScope',
] as const satisfies (keyof EventTrackInput)[];

/** @throws InputErrors for all that breaks a limit, before a call is spent */
export function checkEventFields(input: EventFieldsInput, field: readonly string[]): void {
  const { location, onlineMeeting, contact, currency, track } = input;
  const at = (...path: string[]) => [...field, ...path];
  validate(
    () => {
      lasting(input, LASTING, field);
    },
    () => {
      maxLength(input.title, EVENT_LIMITS.title, at('title'));
    },
    () => {
      maxLength(input.description, EVENT_LIMITS.description, at('description'));
    },
    () => {
      if (currency != null && !CURRENCY.test(currency)) {
        throw new InputError(
          'INVALID',
          'A currency is a code of three capitals, such as USD.',
          at('currency'),
        );
      }
    },
    () => {
      if (location) checkLocation(location, at('location'));
    },
    () => {
      if (onlineMeeting) lasting(onlineMeeting, LASTING_OF_MEETING, at('onlineMeeting'));
    },
    () => {
      if (contact) checkContact(contact, at('contact'));
    },
    () => {
      if (track) checkTrack(track, at('track'));
    },
  );
}

/** @throws InputErrors `REQUIRED` for each of the fields that is null, when null cannot clear it */
export function lasting<Input extends object>(
  input: Input,
  keys: readonly (keyof Input & string)[],
  field: readonly string[],
): void {
  validate(
    ...keys.map((key) => () => {
      if (input[key] === null)
        throw new InputError('REQUIRED', 'This cannot be cleared. Leave it out.', [...field, key]);
    }),
  );
}

/** @throws InputError when the end lies before the start */
export function checkTimes(
  { startsAt, endsAt }: { startsAt?: Date | null; endsAt?: Date | null },
  field: readonly string[],
): void {
  if (startsAt && endsAt && endsAt < startsAt) {
    throw new InputError('INVALID', 'An event cannot end before it starts.', [...field, 'endsAt']);
  }
}

/**
 * The body of the PATCH: only what was given, because the API keeps the rest. Null becomes what the API has for empty:
 * an empty text, false, an address without lines.
 */
export function eventPatch(input: EventFieldsInput): Body {
  const { display, features, contact, track } = input;
  return withoutUndefined<Body>({
    title: input.title ?? undefined,
    description: cleared(input.description, ''),
    status: input.status ?? undefined,
    event_type: input.type ?? undefined,
    event_code: cleared(input.code, ''),
    time_zone: input.timeZone ?? undefined,
    currency_type: input.currency ?? undefined,
    location_type: input.locationType ?? undefined,
    address: input.location === undefined ? undefined : addressBody(input.location ?? {}),
    online_meeting: input.onlineMeeting === undefined ? undefined : meetingBody(input.onlineMeeting ?? {}),
    contact: contact ? contactBody(contact) : undefined,
    display_contact_flag: cleared(display?.contact, false),
    display_end_time_flag: cleared(display?.endTime, false),
    display_time_zone_flag: cleared(display?.timeZone, false),
    display_on_calendar_flag: cleared(display?.onCalendar, false),
    event_metadata: features
      ? unlessEmpty(
          withoutUndefined<NonNullable<Body['event_metadata']>>({
            items_enabled: cleared(features.items, false),
            paid_event: cleared(features.payment, false),
            promo_codes_enabled: cleared(features.promoCodes, false),
          }),
        )
      : undefined,
    notify_owner_on_reg: cleared(input.notifyOwner, false),
    default_track: track ? unlessEmpty(trackBody(track)) : undefined,
  });
}

/** Whether an object that goes into a body has anything in it. */
export function isEmpty(body: object): boolean {
  return Object.keys(body).length === 0;
}

function unlessEmpty<Part extends object>(part: Part): Part | undefined {
  return isEmpty(part) ? undefined : part;
}

function checkLocation(location: EventAddressInput, field: readonly string[]): void {
  const longest = {
    venue: EVENT_LIMITS.venue,
    line1: EVENT_LIMITS.addressLine,
    line2: EVENT_LIMITS.addressLine,
    city: EVENT_LIMITS.city,
    state: EVENT_LIMITS.state,
    stateCode: EVENT_LIMITS.stateCode,
    postalCode: EVENT_LIMITS.postalCode,
    country: EVENT_LIMITS.country,
    countryCode: EVENT_LIMITS.countryCode,
  } as const;
  validate(
    () => {
      lasting(location, LASTING_OF_LOCATION, field);
    },
    ...Object.entries(longest).map(([key, max]) => () => {
      maxLength(location[key as keyof typeof longest], max, [...field, key]);
    }),
    () => {
      inRange(location.latitude, -90, 90, [...field, 'latitude']);
    },
    () => {
      inRange(location.longitude, -180, 180, [...field, 'longitude']);
    },
  );
}

function checkContact(contact: EventContactInput, field: readonly string[]): void {
  validate(
    () => {
      requiredText(contact.name, EVENT_LIMITS.contactName, [...field, 'name']);
    },
    () => {
      requiredText(contact.organizationName, EVENT_LIMITS.organizationName, [...field, 'organizationName']);
    },
    () => {
      maxLength(contact.email, EVENT_LIMITS.email, [...field, 'email']);
    },
    () => {
      maxLength(contact.fromEmail, EVENT_LIMITS.email, [...field, 'fromEmail']);
    },
    () => {
      if (contact.phone !== undefined) requiredText(contact.phone, EVENT_LIMITS.phone, [...field, 'phone']);
    },
  );
}

function checkTrack(track: EventTrackInput, field: readonly string[]): void {
  validate(
    () => {
      lasting(track, LASTING_OF_TRACK, field);
    },
    () => {
      inRange(track.ticketCapacity, 0, INT_MAX, [...field, 'ticketCapacity']);
    },
    ...(track.promoCodes ?? []).map((code, index) => () => {
      checkPromoCode(code, [...field, 'promoCodes', String(index)]);
    }),
  );
}

function checkPromoCode(code: EventPromoCodeInput, field: readonly string[]): void {
  validate(
    () => {
      requiredText(code.name, Infinity, [...field, 'name']);
    },
    () => {
      inRange(code.discountPercent, 0, 100, [...field, 'discountPercent']);
    },
    ...(['discountAmount', 'quantityTotal', 'quantityUsed', 'quantityAvailable'] as const).map(
      (key) => () => {
        inRange(code[key], 0, INT_MAX, [...field, key]);
      },
    ),
    () => {
      if (code.startsAt && code.endsAt && code.endsAt < code.startsAt) {
        throw new InputError('INVALID', 'A code cannot end before it starts.', [...field, 'endsAt']);
      }
    },
  );
}

/** Whole: whether the API merges an address or replaces it is not documented, and so it does not matter. */
function addressBody(location: EventAddressInput): NonNullable<Body['address']> {
  return withoutUndefined<NonNullable<Body['address']>>({
    address_type: 'EVENT',
    location_name: location.venue ?? '',
    line1: location.line1 ?? '',
    line2: location.line2 ?? '',
    city: location.city ?? '',
    state: location.state ?? '',
    state_code: location.stateCode ?? '',
    postal_code: location.postalCode ?? '',
    country: location.country ?? '',
    country_code: location.countryCode ?? '',
    latitude: location.latitude ?? undefined,
    longitude: location.longitude ?? undefined,
  });
}

function meetingBody(meeting: OnlineMeetingInput): NonNullable<Body['online_meeting']> {
  return withoutUndefined<NonNullable<Body['online_meeting']>>({
    enabled_flag: meeting.enabled ?? false,
    url: meeting.url ?? '',
    label: meeting.label ?? '',
    instructions: meeting.instructions ?? '',
    provider_type: meeting.provider ?? undefined,
  });
}

/** Whole, as the address. A phone number cannot be sent empty. */
function contactBody(contact: EventContactInput): NonNullable<Body['contact']> {
  return withoutUndefined<NonNullable<Body['contact']>>({
    name: contact.name,
    organization_name: contact.organizationName,
    email_address: contact.email ?? '',
    from_email_address: contact.fromEmail ?? '',
    phone_number: contact.phone ?? undefined,
  });
}

function trackBody(track: EventTrackInput): NonNullable<Body['default_track']> {
  return withoutUndefined<NonNullable<Body['default_track']>>({
    items_header: cleared(track.itemsHeader, ''),
    tickets_header: cleared(track.ticketsHeader, ''),
    overall_ticket_capacity: track.ticketCapacity ?? undefined,
    reg_manually_closed_flag: cleared(track.registrationClosed, false),
    registration_end_time: track.registrationEndsAt ? formatQueryDate(track.registrationEndsAt) : undefined,
    registration_type: track.registrationType ?? undefined,
    platform_fee_scope_type: track.feeScope ?? undefined,
    restrict_to_single_ticket_flag: cleared(track.singleTicketOnly, false),
    promo_codes: cleared(track.promoCodes, [])?.map(promoCodeBody),
    media_assets: cleared(track.mediaAssets, [])?.map((asset) =>
      dropNulls({
        internal_id: asset.internalId,
        external_id: asset.externalId,
        external_url: asset.url,
        media_type: asset.type,
      }),
    ),
  });
}

function promoCodeBody(code: EventPromoCodeInput): Schema<'PromoCodeDto'> {
  return {
    name: code.name,
    ...dropNulls({
      id: code.promoCodeId,
      description: code.description,
      discount_code_scope: code.scope,
      discount_code_type: code.type,
      discount_amount: code.discountAmount,
      discount_percent: code.discountPercent,
      quantity_total: code.quantityTotal,
      quantity_used: code.quantityUsed,
      quantity_available: code.quantityAvailable,
      time_limit_flag: code.timeLimited,
      start_time: code.startsAt && formatQueryDate(code.startsAt),
      end_time: code.endsAt && formatQueryDate(code.endsAt),
      paused_flag: code.paused,
      status: code.status,
      tickets: code.tickets?.map((ticket) => ({
        name: ticket.name,
        ticket_type: ticket.type,
        ...dropNulls({
          ticket_id: ticket.ticketId,
          associated: ticket.associated,
          display_ticket_on_promo_redemption: ticket.shownOnRedemption,
          hidden_flag: ticket.hidden,
        }),
      })),
      items: code.items?.map((item) => ({
        name: item.name,
        ...dropNulls({
          item_id: item.itemId,
          associated: item.associated,
          display_item_on_promo_redemption: item.shownOnRedemption,
          hidden_flag: item.hidden,
        }),
      })),
      deleted_time: code.deletedAt && formatQueryDate(code.deletedAt),
    }),
  };
}

/** What null stands for; undefined stays undefined. */
function cleared<Value>(value: Value | null | undefined, empty: Value): Value | undefined {
  return value === null ? empty : value;
}

function withoutUndefined<Shape extends object>(values: {
  [Key in keyof Shape]?: Shape[Key] | undefined;
}): Shape {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Shape;
}
