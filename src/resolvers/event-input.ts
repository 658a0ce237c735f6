import type {
  EventAddressInput,
  EventContactInput,
  EventPromoCodeInput,
  EventTrackInput,
  OnlineMeetingInput,
  UpdateEventInput,
} from './inputs.js';
import { InputError } from './support/input-error.js';
import {
  supportedValue,
  inRange,
  checkNotCleared,
  maxLength,
  maxLengths,
  requiredText,
  validate,
} from './support/limits.js';

/** Maximum lengths of texts of an event (contract: `EventDto`, `AddressDto`, `ContactDto`). */
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

/** Maximum integer of the contract. */
const INT_MAX = 2_147_483_647;
const CURRENCY = /^[A-Z]{3}$/;

/** Properties that creating and updating an event share, other than name and times. */
export type EventFieldsInput = Omit<UpdateEventInput, 'id' | 'name' | 'startsAt' | 'endsAt'>;

const STATUSES = { DRAFT: 'DRAFT', ACTIVE: 'ACTIVE', COMPLETE: 'COMPLETE', CANCELLED: 'CANCELED' };

/** @throws InputError `NOT_ALLOWED` for a status that only the API sets */
export function eventStatus(status: string | null | undefined, field: readonly string[]): string | undefined {
  const message = 'The status can be set to DRAFT, ACTIVE, COMPLETE or CANCELED.';
  return status == null ? undefined : supportedValue(status, STATUSES, message, field);
}

/** Fields that an event always has, so null cannot clear them. */
const NOT_CLEARABLE = [
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

/** The same for the parts of an event: the API has no empty value for them. */
const NOT_CLEARABLE_IN_LOCATION = ['latitude', 'longitude'] as const satisfies (keyof EventAddressInput)[];
const NOT_CLEARABLE_IN_MEETING = ['provider'] as const satisfies (keyof OnlineMeetingInput)[];
const NOT_CLEARABLE_IN_TRACK = [
  'ticketCapacity',
  'registrationEndsAt',
  'registrationType',
  'feeScope',
] as const satisfies (keyof EventTrackInput)[];

/**
 * Checks everything that needs no call.
 * @throws InputErrors for exceeded limits, and for missing properties of a new event
 */
export function checkEventFields(input: EventFieldsInput, field: readonly string[], isNew: boolean): void {
  const { location, onlineMeeting, contact, currency, track } = input;
  const at = (...path: string[]) => [...field, ...path];
  validate(
    () => checkNotCleared(input, NOT_CLEARABLE, field),
    () => {
      eventStatus(input.status, at('status'));
    },
    () => maxLength(input.title, EVENT_LIMITS.title, at('title')),
    () => maxLength(input.description, EVENT_LIMITS.description, at('description')),
    () => {
      if (currency != null && !CURRENCY.test(currency)) {
        throw new InputError(
          'INVALID',
          'A currency must be a code of three capital letters, such as USD.',
          at('currency'),
        );
      }
    },
    () => {
      if (location) checkLocation(location, at('location'));
    },
    () => {
      if (onlineMeeting) checkNotCleared(onlineMeeting, NOT_CLEARABLE_IN_MEETING, at('onlineMeeting'));
    },
    () => {
      if (contact) checkContact(contact, at('contact'), isNew);
    },
    () => {
      if (track) checkTrack(track, at('track'));
    },
    () => {
      if (isNew || currency != null) checkCurrencies(input, currency, field);
    },
  );
}

/** @throws InputError for an amount in another currency than the event's */
export function checkCurrencies(
  { track }: EventFieldsInput,
  currency: string | null | undefined,
  field: readonly string[],
): void {
  for (const [index, { discountAmount }] of (track?.promoCodes ?? []).entries()) {
    if (discountAmount?.currency == null || discountAmount.currency === currency) continue;
    throw new InputError('INVALID', 'All prices must be in the currency of the event.', [
      ...field,
      'track',
      'promoCodes',
      String(index),
      'discountAmount',
      'currency',
    ]);
  }
}

/** @throws InputError when the end is before the start */
export function checkTimes(
  { startsAt, endsAt }: { startsAt?: Date | null; endsAt?: Date | null },
  field: readonly string[],
): void {
  if (startsAt && endsAt && endsAt < startsAt) {
    throw new InputError('INVALID', 'An event cannot end before it starts.', [...field, 'endsAt']);
  }
}

const LOCATION_LIMITS = {
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

function checkLocation(location: EventAddressInput, field: readonly string[]): void {
  validate(
    () => checkNotCleared(location, NOT_CLEARABLE_IN_LOCATION, field),
    () => maxLengths(location, LOCATION_LIMITS, field),
    () => inRange(location.latitude, -90, 90, [...field, 'latitude']),
    () => inRange(location.longitude, -180, 180, [...field, 'longitude']),
  );
}

function checkContact(contact: EventContactInput, field: readonly string[], isNew: boolean): void {
  const text = (key: 'name' | 'organizationName' | 'phone', max: number, isNeeded: boolean) => () => {
    if (isNeeded || contact[key] !== undefined) requiredText(contact[key], max, [...field, key]);
  };
  validate(
    text('name', EVENT_LIMITS.contactName, isNew),
    text('organizationName', EVENT_LIMITS.organizationName, isNew),
    () => maxLength(contact.email, EVENT_LIMITS.email, [...field, 'email']),
    () => maxLength(contact.fromEmail, EVENT_LIMITS.email, [...field, 'fromEmail']),
    text('phone', EVENT_LIMITS.phone, false),
  );
}

function checkTrack(track: EventTrackInput, field: readonly string[]): void {
  validate(
    () => checkNotCleared(track, NOT_CLEARABLE_IN_TRACK, field),
    () => inRange(track.ticketCapacity, 0, INT_MAX, [...field, 'ticketCapacity']),
    ...(track.promoCodes ?? []).map(
      (code, index) => () => checkPromoCode(code, [...field, 'promoCodes', String(index)]),
    ),
  );
}

/** The amount in the API's format. */
export function moneyIn(money: EventPromoCodeInput['discountAmount']): number | null | undefined {
  return money && Number(money.amount);
}

function checkPromoCode(code: EventPromoCodeInput, field: readonly string[]): void {
  validate(
    () => {
      requiredText(code.name, Infinity, [...field, 'name']);
    },
    () => inRange(code.discountPercent, 0, 100, [...field, 'discountPercent']),
    () => inRange(moneyIn(code.discountAmount), 0, INT_MAX, [...field, 'discountAmount', 'amount']),
    ...(['quantityTotal', 'quantityUsed', 'quantityAvailable'] as const).map(
      (key) => () => inRange(code[key], 0, INT_MAX, [...field, key]),
    ),
    () => {
      if (code.startsAt && code.endsAt && code.endsAt < code.startsAt) {
        throw new InputError('INVALID', 'A code cannot end before it starts.', [...field, 'endsAt']);
      }
    },
  );
}
