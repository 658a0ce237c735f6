import type { Account } from '../account.js';
import { invalid } from '../errors.js';
import type { Handlers } from '../handler.js';
import { cursorPage, sortRows, walkOf, walkQuery } from '../model/cursor-page.js';
import { eventDetail, eventListing, findEvent } from '../model/event.js';
import { checkEventName, copyOf, draftEvent, patchEvent } from '../model/event-write.js';
import { instant } from '../model/instant.js';
import type { EventRow } from '../stores/event.js';

const PAGE = 100;
const STATUSES = ['ACTIVE', 'DRAFT', 'COMPLETE', 'DELETED', 'CANCELLED', 'CANCELED', 'ERROR'];
const WALK = ['event_status', 'search_text', 'sort_by', 'sort_order'] as const;

/** Events. Deleted ones are in the listing only on request, and can be read by ID. */
export const event = {
  findEvents: ({ account, query }) => {
    const place = walkOf(query);
    const walk = place?.walk ?? walkQuery(query, WALK);
    const rows = sortRows(matching(account, walk), walk.sort_by, walk.sort_order, {
      name: (row: EventRow) => row.name,
      start_time: (row) => row.event_start,
      end_time: (row) => row.event_end,
      created_time: (row) => row.create_time,
      updated_time: (row) => row.last_update_time,
    });
    const page = cursorPage(rows, {
      place,
      walk,
      limit: query.limit ?? PAGE,
      key: (row) => row.event_id,
      path: '/events',
    });
    return {
      status: 200,
      body: { ...page.rest, records: page.rows.map((row) => eventListing(account, row)) },
    };
  },

  getEvent_2: ({ account, path, query }) => ({
    status: 200,
    body: eventDetail(account, findEvent(account, path.event_id), query.include),
  }),

  addDefaultEvent: ({ account, query, now }) => {
    const { name, start_time, end_time } = query;
    if (name !== undefined) {
      if (name.length < 1 || name.length > 100) throw invalid('name must have 1 to 100 characters.');
      checkEventName(account, name, null);
    }
    const start = start_time === undefined ? undefined : instant('start_time', start_time);
    const end = end_time === undefined ? undefined : instant('end_time', end_time);
    const row = draftEvent(account, { name, start, end }, now);
    if (row.event_end < row.event_start) throw invalid('The event ends before it starts.');
    return { status: 201, body: eventDetail(account, account.events.add(row)) };
  },

  patchEvent: ({ account, path, body, now }) => {
    patchEvent(account, findEvent(account, path.event_id), body, now);
    return { status: 204 };
  },

  copyEvent: ({ account, path, body, now }) => {
    const source = findEvent(account, path.event_id);
    const { target_event_name: name, source_campaign_activities: activities } = body;
    if (source.status === 'DELETED') throw invalid('A deleted event cannot be copied.');
    if (name.trim() === '' || name.length > 100)
      throw invalid('target_event_name must have 1 to 100 characters.');
    checkEventName(account, name, null);
    const known = new Set(source.promotions.map(({ campaign_activity_id: id }) => id));
    const failed = (activities ?? []).filter((id) => !known.has(id));
    const copy = account.events.add(copyOf(account, source, name, activities, now));
    const detail = eventDetail(account, copy);
    if (failed.length === 0) return { status: 200, body: detail };
    return { status: 207, body: { ...detail, failed_campaign_activities: failed } };
  },
} satisfies Handlers;

function matching(account: Account, walk: Readonly<Record<string, string>>): EventRow[] {
  const { event_status: wanted, search_text: search } = walk;
  if (wanted !== undefined && !STATUSES.includes(wanted)) throw invalid('event_status is unknown.');
  const status = wanted === 'CANCELED' ? 'CANCELLED' : wanted;
  const text = search?.toLowerCase() ?? '';
  return account.events.filter(
    (row) =>
      (status === undefined ? row.status !== 'DELETED' : row.status === status) &&
      `${row.name}\n${row.title}\n${row.description}`.toLowerCase().includes(text),
  );
}
