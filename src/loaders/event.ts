import DataLoader from 'dataloader';
import type { Api } from '../constant-contact/api.js';
import { nullIfNotFound, withRequestedId } from '../constant-contact/by-id.js';
import type { QueryParams, Schema } from '../constant-contact/contract/operations.js';
import { Walk } from '../constant-contact/http/paging.js';
import { cursorPages } from './makers/cursor-pages.js';
import { gather } from './makers/gather.js';
import { readAll, type Page, type PageSource } from './makers/pages.js';
import { scan } from './makers/scan.js';
import { asError, single, type ById } from './makers/single.js';
import type { Wants } from './wants.js';
import type { Costs } from './cost.js';

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
  /** An event in either form, for what both have. N of them cost the least of N calls and a scan, 100 a call. */
  row(id: string): Promise<Event | null>;
}

/**
 * Events: ONE for the detail of each, SCAN of all listings for the counts of events that were read by themselves, and for
 * several of which nothing is selected that the listings lack.
 */
export function eventLoaders(api: Api, wants: Wants): EventLoaders {
  const byId = single((event_id) =>
    withRequestedId(
      'event_id',
      event_id,
      nullIfNotFound<Event>(
        api.call('getEvent_2', {
          path: { event_id },
          query: wants('Event', 'settings') ? { include: true } : {},
        }),
      ),
    ),
  );
  /** Listings that any page has brought. */
  const listed = new Map<string, Event>();
  const list = (query: EventFilter): PageSource<Event> =>
    cursorPages<'findEvents', Event>(api, 'findEvents', {
      query,
      maxPage: EVENTS_PER_PAGE,
      rows: (body) => body.records,
      key: (event) => event.event_id,
      seen: (events) => {
        for (const event of events) if (event.event_id) listed.set(event.event_id, event);
      },
    });
  const listings = scan(api, {
    family: 'events',
    variant: () => 'events',
    read: () => readAll(list({})),
    key: (event) => event.event_id,
  });

  /** Reads pages until none of these is missing, or the rest is cheaper one by one. */
  const scanFor = async (ids: readonly string[]): Promise<void> => {
    const isMissing = (id: string) => !listed.has(id);
    const account = list({});
    const walk = new Walk();
    let position: string | null = null;
    let read = 0;
    let rest: number;
    do {
      const page: Page<Event> = await account.fetch(position, EVENTS_PER_PAGE, account.brings);
      read += page.rows.length;
      position = walk.to(page.next);
      rest = Math.ceil(((page.total ?? Infinity) - read) / EVENTS_PER_PAGE);
    } while (position !== null && ids.filter(isMissing).length > rest);
  };
  const load = async (ids: readonly string[]): Promise<(Event | null | Error)[]> => {
    const missing = ids.filter((id) => !listed.has(id));
    if (missing.length > 1 && !listings.held()) await scanFor(missing);
    const find = async (id: string) =>
      listed.get(id) ?? (listings.held() ? await listings.load(id) : null) ?? byId.load(id);
    return Promise.all(ids.map((id) => find(id).catch(asError)));
  };
  const rows = new DataLoader<string, Event | null>(load, { batchScheduleFn: gather(api) });

  return {
    ...byId,
    list,
    listing: async (id) => listed.get(id) ?? listings.load(id),
    row: (id) => rows.load(id),
    clear: () => {
      byId.clear();
      rows.clearAll();
      listed.clear();
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

export const eventDetails = { cost: { costClass: 'ONE', rows: 'events' } } as const satisfies Costs;

export const eventListings = {
  cost: { costClass: 'SCAN', rows: 'events', pageSize: EVENTS_PER_PAGE, most: 1_000 },
} as const satisfies Costs;

export const events = {
  cost: {
    costClass: 'EXPLORED',
    rows: 'events',
    pageSize: EVENTS_PER_PAGE,
    most: 1_000,
    from: 2,
    counted: true,
  },
} as const satisfies Costs;
