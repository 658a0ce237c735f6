import type { Api } from '../constant-contact/api.js';
import type { QueryParams, Schema } from '../constant-contact/contract/operations.js';
import { orNull } from './makers/batch.js';
import { cursorPages } from './makers/cursor-pages.js';
import { readAll, type PageSource } from './makers/pages.js';
import { scan } from './makers/scan.js';
import { single, withId, type ById } from './makers/single.js';
import type { Wants } from './index.js';

/** An event as the collection has it: with counts of registrations, without its track. */
export type EventListing = Schema<'EventListingDto'>;
/** An event read by itself: with its track, without counts. */
export type EventDetail = Schema<'EventDto'>;
/** Either of the two. */
export type Event = EventListing & Partial<EventDetail>;

export type EventFilter = Omit<QueryParams<'findEvents'>, 'limit' | 'next' | 'prev'>;

/** Most events that `GET /events` gives at once (vendor guide). */
const EVENTS_PER_PAGE = 100;

export interface EventLoaders extends ById<Event> {
  /** Listings that match a filter, page by page, with their number. */
  list(filter: EventFilter): PageSource<Event>;
  /** Listing of an event, for its counts: one scan of all events answers it for each of them. */
  listing(id: string): Promise<Event | null>;
}

/** Events: ONE for the detail of each, SCAN of all listings for the counts of events that were read by themselves. */
export function eventLoaders(api: Api, wants: Wants): EventLoaders {
  const byId = single((event_id) =>
    withId(
      'event_id',
      event_id,
      orNull<Event>(
        api.call('getEvent_2', {
          path: { event_id },
          query: wants('Event', 'settings') ? { include: true } : {},
        }),
      ),
    ),
  );
  const list = (query: EventFilter): PageSource<Event> =>
    cursorPages(api, 'findEvents', {
      query,
      maxPage: EVENTS_PER_PAGE,
      rows: (body) => body.records,
      key: (event) => event.event_id,
    });
  const listings = scan(api, {
    family: 'events',
    variant: () => 'events',
    read: () => readAll(list({})),
    key: (event) => event.event_id,
  });
  return {
    ...byId,
    list,
    listing: (id) => listings.load(id),
    clear: () => {
      byId.clear();
      listings.clear();
    },
  };
}

/** Whether a row was read by itself and so has all but the counts. */
export function isDetail(event: Event): boolean {
  return (
    event.default_track !== undefined || event.event_start !== undefined || event.campaign_id !== undefined
  );
}
