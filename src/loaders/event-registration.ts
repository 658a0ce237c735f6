import type { QueryParams, Schema } from '../constant-contact/contract/operations.js';
import type { CostOf } from './cost.js';
import type { Event } from './event.js';
import { gathered, type ById } from './makers/keyed.js';
import type { Loader } from './makers/loader.js';
import { paged } from './makers/pages.js';
import { single } from './makers/single.js';

/** What the path of a registration needs. */
export interface RegistrationIds {
  eventId: string;
  trackId: string;
  registrationId: string;
}

/** A registration as the collection has it, as it is by itself, or both. Neither says which event it belongs to. */
export interface EventRegistration extends RegistrationIds {
  listing?: Schema<'RegistrantInformationLiteDto'>;
  detail?: Schema<'DetailedRegistrationDto'>;
  /** The event, when the registration was reached through it. */
  event?: Event;
}

export type RegistrationFilter = Omit<
  QueryParams<'findRegistrationsUsingGET'>,
  'limit' | 'page_size' | 'next' | 'prev'
>;

/** What a registration is loaded by. */
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

/** The same, but of several none comes before the others: what is loaded by them next, their contacts, then loads together. */
export const registrationDetailsTogether: Loader<ById<EventRegistration>, CostOf<'ONE'>> = {
  cost: registrationDetails.cost,
  create: (scope) => gathered(scope.api, () => (key) => scope.use(registrationDetails).load(key)),
};

/** Registrations of a track, with names, states and sums. */
export const eventRegistrations = paged({
  noun: 'registrations',
  reads: 'findRegistrationsUsingGET',
  rows: (): readonly EventRegistration[] => [],
  total: (body) => body.total_records,
  cursor: (body) => body.next_cursor,
  key: 'registrationId',
  // The most that the API gives is not documented; its samples ask for 50.
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
