import type { QueryParams, Schema } from '../constant-contact/contract/operations.js';
import type { CostOf } from './cost.js';
import type { Event } from './event.js';
import { gathered, type ById } from './makers/keyed.js';
import type { Loader } from './makers/loader.js';
import { paged } from './makers/pages.js';
import { single } from './makers/single.js';

/** Parameters of a registration's path. */
export interface RegistrationIds {
  eventId: string;
  trackId: string;
  registrationId: string;
}

/** A registration from the collection, from a read by ID, or both. Neither has the ID of its event. */
export interface EventRegistration extends RegistrationIds {
  listing?: Schema<'RegistrantInformationLiteDto'>;
  detail?: Schema<'DetailedRegistrationDto'>;
  /** The event, if the registration was reached through it. */
  event?: Event;
}

export type RegistrationFilter = Omit<
  QueryParams<'findRegistrationsUsingGET'>,
  'limit' | 'page_size' | 'next' | 'prev'
>;

/** Key of a registration. */
export function registrationKey({ eventId, trackId, registrationId }: RegistrationIds): string {
  return [eventId, trackId, registrationId].join(' ');
}

/** Registrations with contact, answers, tickets and order, by `registrationKey`. */
export const registrationDetails = single<EventRegistration>({
  noun: 'registrations',
  read: async ({ api }, key) => {
    const [eventId = '', trackId = '', registrationId = ''] = key.split(' ');
    const path = { event_id: eventId, track_id: trackId, registration_id: registrationId };
    const detail = await api.call('getRegistrationInfo', { path });
    return { eventId, trackId, registrationId, detail };
  },
});

/** The same, but all of several settle together, so that loads that follow (their contacts) are batched. */
export const registrationDetailsTogether: Loader<ById<EventRegistration>, CostOf<'ONE'>> = {
  cost: registrationDetails.cost,
  create: (scope) => gathered(scope.api, () => (key) => scope.use(registrationDetails).load(key)),
};

/** Registrations of a track, with names, states and totals. */
export const eventRegistrations = paged({
  noun: 'registrations',
  reads: 'findRegistrationsUsingGET',
  rows: (): readonly EventRegistration[] => [],
  total: (body) => body.total_records,
  cursor: (body) => body.next_cursor,
  key: 'registrationId',
  // The maximum is not documented; the vendor's samples use 50.
  pageSize: 50,
  request: (
    _scope,
    { eventId, trackId, event }: { eventId: string; trackId: string; event?: Event },
    query: RegistrationFilter,
  ) => ({
    path: { event_id: eventId, track_id: trackId },
    query,
    membersOf: 'events',
    rows: (body) =>
      body.records?.map((listing) => ({
        eventId,
        trackId,
        registrationId: listing.registration_id ?? '',
        listing,
        ...(event && { event }),
      })),
  }),
});
