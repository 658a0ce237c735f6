import type { QueryParams, Schema } from '../constant-contact/contract/operations.js';
import { isWord } from '../constant-contact/words.js';
import { collection } from './makers/collection.js';
import { explored } from './makers/explored.js';
import type { PagedOperation } from './makers/pages.js';
import { single } from './makers/single.js';

/** An event from the collection: with registration counts, without its track. */
export type EventListing = Schema<'EventListingDto'>;
/** An event from a read by ID: with its track, without counts. */
export type EventDetail = Schema<'EventDto'>;
/** Either of the two. */
export type Event = EventListing & Partial<EventDetail>;

export type EventFilter = Omit<QueryParams<'findEvents'>, 'limit' | 'next' | 'prev'>;

const EVENT_PAGES = {
  reads: 'findEvents',
  rows: (body) => body.records,
  total: (body) => body.total_records,
  cursor: (body) => body.next_cursor,
  // Vendor guide.
  pageSize: 100,
} as const satisfies PagedOperation<'findEvents', Event>;

/**
 * Upper bound of an event's registrations. Pending and cancelled ones are not counted, so the count is
 * doubled as a guess. All registrations of a cancelled event are cancelled: their number is unknown.
 */
const registrationsOf = ({ status, event_registration_summary_metrics: counts }: Event) =>
  counts?.registration_count === undefined || isWord(status, 'cancelled', 'canceled')
    ? undefined
    : 2 * counts.registration_count;

/** Drafts have no registrations. */
const statusOf = ({ status }: Event) => status;

/** Events with their tracks, which the collection leaves out. */
export const eventDetails = single<Event>({
  noun: 'events',
  key: 'event_id',
  read: ({ api, wants }, event_id) =>
    api.call('getEvent_2', {
      path: { event_id },
      query: wants('Event', 'settings') ? { include: true } : {},
    }),
});

/** Listings of all events, for the counts of events that were read by ID. */
export const eventListings = collection<'findEvents', Event>({
  ...EVENT_PAGES,
  noun: 'events',
  family: 'events',
  key: 'event_id',
  most: 1_000,
  usual: 50,
  variants: { plain: { membersOf: registrationsOf, kindOf: statusOf } },
});

/** Events in either form, for fields that both have. */
export const events = explored<'findEvents', Event, EventFilter>({
  ...EVENT_PAGES,
  noun: 'events',
  key: 'event_id',
  one: eventDetails,
  collection: eventListings,
  most: 1_000,
  usual: 50,
  from: 2,
  counted: true,
  membersOf: registrationsOf,
  kindOf: statusOf,
});
