import DataLoader from 'dataloader';
import type { Api } from '../constant-contact/api.js';
import { nullIfNotFound } from '../constant-contact/by-id.js';
import type { QueryParams, Schema } from '../constant-contact/contract/operations.js';
import type { Event } from './event.js';
import { cursorPages } from './makers/cursor-pages.js';
import type { PageSource } from './makers/pages.js';
import { asError, single } from './makers/single.js';
import type { Costs } from './cost.js';

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

/** Registrations asked for at once. The most that the API gives is not documented; its samples ask for 50. */
const REGISTRATIONS_PER_PAGE = 50;

export interface EventRegistrationLoaders {
  /** One registration with contact, answers, tickets and order; null when it does not exist. */
  load(ids: RegistrationIds): Promise<EventRegistration | null>;
  /**
   * The same, but held back until all that were asked for in the same tick are there: what is loaded by them next, their
   * contacts, then loads together, which is cheaper.
   */
  loadTogether(ids: RegistrationIds): Promise<EventRegistration | null>;
  /** Registrations of a track that match a filter, page by page, with their number. */
  list(
    track: { eventId: string; trackId: string; event?: Event },
    filter: RegistrationFilter,
  ): PageSource<EventRegistration>;
  clear(): void;
}

/** Registrations: ONE for the detail of each; the collection has names, states and sums of a whole page. */
export function eventRegistrationLoaders(api: Api): EventRegistrationLoaders {
  const byIds = single<EventRegistration>(async (key) => {
    const [eventId = '', trackId = '', registrationId = ''] = key.split(' ');
    const detail = await nullIfNotFound(
      api.call('getRegistrationInfo', {
        path: { event_id: eventId, track_id: trackId, registration_id: registrationId },
      }),
    );
    return detail && { eventId, trackId, registrationId, detail };
  });
  const together = new DataLoader<string, EventRegistration | null>((keys) =>
    Promise.all(keys.map((key) => byIds.load(key).catch((error: unknown) => asError(error)))),
  );
  return {
    load: (ids) => byIds.load(keyOf(ids)),
    loadTogether: (ids) => together.load(keyOf(ids)),
    list: ({ eventId, trackId, event }, query) =>
      cursorPages<'findRegistrationsUsingGET', EventRegistration>(api, 'findRegistrationsUsingGET', {
        path: { event_id: eventId, track_id: trackId },
        query,
        maxPage: REGISTRATIONS_PER_PAGE,
        rows: (body) =>
          body.records?.map((listing) => ({
            eventId,
            trackId,
            registrationId: listing.registration_id ?? '',
            listing,
            ...(event && { event }),
          })),
        key: (registration) => registration.registrationId || undefined,
      }),
    clear: () => {
      byIds.clear();
      together.clearAll();
    },
  };
}

function keyOf({ eventId, trackId, registrationId }: RegistrationIds): string {
  return [eventId, trackId, registrationId].join(' ');
}

export const registrationDetails = {
  cost: { costClass: 'ONE', rows: 'registrations' },
} as const satisfies Costs;

export const eventRegistrations = {
  cost: { costClass: 'PAGES', rows: 'registrations', pageSize: REGISTRATIONS_PER_PAGE },
} as const satisfies Costs;
