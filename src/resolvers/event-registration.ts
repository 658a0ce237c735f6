import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.js';
import { isReadById, nullIfNotFound } from '../constant-contact/by-id.js';
import { parseDate } from '../constant-contact/dates.js';
import { listIn } from '../constant-contact/lists.js';
import { isWord, word } from '../constant-contact/words.js';
import type { Contact } from '../loaders/contact.js';
import type { Event } from '../loaders/event.js';
import {
  registrationKey,
  type EventRegistration,
  type RegistrationFilter,
  type RegistrationIds,
} from '../loaders/event-registration.js';
import { detailOf, eventRow, sortParameters, trackOf, type Track } from './event.js';
import type { EventRegistrationSort, EventRegistrationsFilter } from './inputs.js';
import { dropNulls } from './support/drop-nulls.js';
import { decodeGlobalId, idParts, NODE_TYPES, rawId } from './support/global-id.js';
import { InputError } from './support/input-error.js';
import { searchText } from './support/limits.js';
import { paginate, type Connection, type ConnectionArgs } from './support/page.js';
import { textKey } from './support/reference.js';
import { isCovered, selectionTree } from './support/selection.js';

type Detail = NonNullable<EventRegistration['detail']>;

const [, TRACK_ID, REGISTRATION_ID] = NODE_TYPES.EventRegistration;

export interface RegistrationsArgs extends ConnectionArgs {
  trackId?: string | null;
  filter?: EventRegistrationsFilter | null;
  orderBy?: EventRegistrationSort | null;
}

/**
 * Registrations of an event's only track. The track ID is in the detail only, which is read unless the ID is
 * given.
 */
export async function registrations(
  event: Event,
  args: RegistrationsArgs,
  context: Context,
): Promise<Connection<EventRegistration> | null> {
  const given = args.trackId == null ? null : checkTrackId(args.trackId, ['trackId']);
  const detail = given !== null && !isReadById(event) ? null : await detailOf(event, context);
  const eventId = event.event_id ?? detail?.event_id;
  const trackId = given ?? detail?.default_track?.track_id;
  if (!eventId || !trackId) return null;
  return registrationsOf({ eventId, trackId, ...(detail && { event: detail }) }, event, args, context);
}

/** Registrations of a track that is loaded with its event. */
export function registrationsOfTrack(
  { track_id: trackId, event }: Track,
  args: Omit<RegistrationsArgs, 'trackId'>,
  context: Context,
): Promise<Connection<EventRegistration> | null> | null {
  const eventId = event?.event_id;
  return eventId && trackId ? registrationsOf({ eventId, trackId, event }, event, args, context) : null;
}

function registrationsOf(
  track: { eventId: string; trackId: string; event?: Event },
  { name }: Event,
  args: Omit<RegistrationsArgs, 'trackId'>,
  { loaders }: Context,
): Promise<Connection<EventRegistration> | null> {
  const { status } = args.filter ?? {};
  if (status === 'APPROVED' || status === 'DECLINED')
    throw new InputError('NOT_ALLOWED', `${status} is not supported as a filter.`, ['filter', 'status']);
  const filter = dropNulls({
    registration_status: status,
    payment_status: args.filter?.paymentStatus,
    search_text: searchText(args.filter?.searchText, ['filter', 'searchText']),
    ...sortParameters(args.orderBy),
  }) as RegistrationFilter;
  const page = paginate(args, loaders.eventRegistrations.list(track, filter));
  // An event that was not read may not exist.
  return name === undefined ? nullIfNotFound(page) : page;
}

export interface EventRegistrationArgs {
  eventId: string;
  trackId: string;
  registrationId: string;
}

export function eventRegistration(
  _parent: unknown,
  args: EventRegistrationArgs,
  { loaders }: Context,
): Promise<EventRegistration | null> {
  const eventId = rawId('Event', args.eventId, ['eventId']);
  const trackId = checkTrackId(args.trackId, ['trackId']);
  const registrationId = rawRegistrationId(args.registrationId, { eventId, trackId }, ['registrationId']);
  return loaders.registrationDetails.load(registrationKey({ eventId, trackId, registrationId }));
}

/** A registration of which the IDs are loaded. It is read only when more is selected. */
export function registrationRow(
  { eventId, trackId, registrationId }: RegistrationIds,
  _args: unknown,
  { loaders }: Context,
  info: GraphQLResolveInfo,
): EventRegistration | Promise<EventRegistration | null> {
  const ids = { eventId, trackId, registrationId };
  return isCovered(selectionTree(info), ['id', ...Object.keys(ids)])
    ? ids
    : loaders.registrationDetails.load(registrationKey(ids));
}

const RAW_KEYS = ['eventId', 'trackId', 'registrationId'] as const;

/**
 * Finds the registration that another subgraph refers to.
 * @throws InputError `INVALID_ID` for a malformed key, `INVALID` for a missing one
 */
export async function registrationByReference(
  key: { id?: string } & Partial<RegistrationIds>,
  { loaders }: Context,
): Promise<EventRegistration | null> {
  const parts =
    typeof key.id === 'string'
      ? idParts('EventRegistration', key.id, ['id'])
      : RAW_KEYS.map((name) => textKey(key[name], [name]));
  if (parts.includes(null)) return null;
  const forms: readonly RegExp[] = NODE_TYPES.EventRegistration;
  const wrong = forms.findIndex((form, index) => !form.test(parts[index] ?? ''));
  if (wrong >= 0) {
    throw new InputError('INVALID_ID', 'This cannot be part of the ID of an EventRegistration.', [
      RAW_KEYS[wrong] ?? '',
    ]);
  }
  const [eventId = '', trackId = '', registrationId = ''] = parts as string[];
  return loaders.registrationDetails.load(registrationKey({ eventId, trackId, registrationId }));
}

/** @throws InputError `INVALID_ID` */
export function checkTrackId(trackId: string, field: readonly string[]): string {
  if (!TRACK_ID.test(trackId)) {
    throw new InputError('INVALID_ID', 'This is not the ID of a track. Use the ID of `Event.track`.', field);
  }
  return trackId;
}

/**
 * The raw ID of a registration, from its global or raw ID.
 * @throws InputError `INVALID_ID` for a malformed ID, and for a registration of another event
 */
export function rawRegistrationId(
  id: string,
  track: Omit<RegistrationIds, 'registrationId'>,
  field: readonly string[],
): string {
  const decoded = decodeGlobalId(id);
  if (decoded?.type === 'EventRegistration') {
    const [eventId, trackId, registrationId = ''] = decoded.parts;
    if (eventId === track.eventId && trackId === track.trackId) return registrationId;
    throw new InputError('INVALID_ID', 'This registration belongs to another event or track.', field);
  }
  if (!decoded && REGISTRATION_ID.test(id)) return id;
  throw new InputError(
    'INVALID_ID',
    'This is not an ID of an EventRegistration. Give its global ID or its Constant Contact ID.',
    field,
  );
}

/** The event of a registration: the one from which it was reached, or one call. */
export function eventOf(
  { event, eventId }: EventRegistration,
  _args: unknown,
  context: Context,
  info: GraphQLResolveInfo,
): Event | Promise<Event | null> {
  return event ?? eventRow(eventId, context, info);
}

/** The track of a registration: that of its loaded event, or one call per event. */
export async function trackOfRegistration(
  { event, eventId, trackId }: EventRegistration,
  _args: unknown,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<Track | null> {
  if (isCovered(selectionTree(info), ['trackId'])) return { track_id: trackId };
  const detail = await detailOf(event ?? { event_id: eventId }, context);
  const track = detail && trackOf(detail);
  return track?.track_id === trackId ? track : null;
}

/**
 * Resolves a field that listing and detail of a registration have in different forms.
 * @param ofDetail reads it from the detail
 */
export function either<Value>(
  ofListing: (listing: NonNullable<EventRegistration['listing']>) => Value | undefined,
  ofDetail: (detail: Detail) => Value | undefined,
) {
  return ({ listing, detail }: EventRegistration): Value | null =>
    (listing && ofListing(listing)) ?? (detail && ofDetail(detail)) ?? null;
}

/**
 * Resolves a field that only the detail of a registration has: from the loaded row, or one call per
 * registration.
 * @param pick also receives the currency of the event, if the registration was reached through it
 */
export function ofDetail<Value>(pick: (detail: Detail, currency?: string) => Value | undefined) {
  return async (
    registration: EventRegistration,
    _args: unknown,
    { loaders }: Context,
  ): Promise<Value | null> => {
    const { detail } = registration.detail
      ? registration
      : ((await loaders.registrationDetails.load(registrationKey(registration))) ?? {});
    return (detail && pick(detail, registration.event?.currency_type)) ?? null;
  };
}

/** The answer to a field that every form has. */
export function formValue(name: string) {
  return ({ contact }: Detail): string | undefined =>
    listIn(contact)?.find((field) => isWord(field.field_name, word(name)))?.field_value;
}

export const registeredAt = either(
  (listing) => parseDate(listing.registration_time),
  (detail) => parseDate(detail.registration_date),
);

export const contactId = ofDetail((detail) => detail.contact_id);

/** The registered contact. Only the detail has its ID; form answers may differ from the contact. */
export async function contact(
  registration: EventRegistration,
  _args: unknown,
  { loaders }: Context,
  info: GraphQLResolveInfo,
): Promise<Contact | null> {
  const onlyIds = isCovered(selectionTree(info), ['id', 'contactId']);
  const details = onlyIds ? loaders.registrationDetails : loaders.registrationDetailsTogether;
  const { detail } = registration.detail
    ? registration
    : ((await details.load(registrationKey(registration))) ?? {});
  const contact_id = detail?.contact_id;
  if (!contact_id) return null;
  return onlyIds ? { contact_id } : loaders.contacts.load(contact_id);
}
