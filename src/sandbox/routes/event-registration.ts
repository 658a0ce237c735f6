import type { Account } from '../account.js';
import { invalid, notFound } from '../errors.js';
import type { Handlers, Reply } from '../handler.js';
import { cursorPage, sortRows, walkOf, walkQuery } from '../model/cursor-page.js';
import { findEvent, isRegistered, ticketsSold } from '../model/event.js';
import { findTrack, registrationDetail, registrationListing, totalOf } from '../model/event-registration.js';
import type { EventRow, PaymentStatus, RegistrationRow, RegistrationTicket } from '../stores/event.js';

const PAGE = 50;
/** Maximum page size, whatever is requested. */
const MAX_ROWS = 100;
const WALK = ['registration_status', 'payment_status', 'search_text', 'sort_by', 'sort_order'] as const;

/** Values to which the status can be set. */
const REGISTRATION_STATUSES = {
  REGISTERED: 'REGISTERED',
  APPROVED: 'REGISTERED',
  PENDING: 'PENDING',
  CANCELED: 'CANCELED',
  DECLINED: 'CANCELED',
} as const;

/** Written in mixed case, read in upper case. */
const PAYMENT_STATUSES: Readonly<Record<string, PaymentStatus>> = {
  Paid: 'PAID',
  Pending: 'PENDING',
  Refunded: 'REFUNDED',
  Failed: 'FAILED',
};

export const eventRegistration = {
  findRegistrationsUsingGET: ({ account, path, query }) => {
    const event = findTrack(account, path);
    const { limit: size, page_size } = query;
    if (size !== undefined && page_size !== undefined && size !== page_size) {
      throw invalid('limit and page_size differ.');
    }
    const place = walkOf(query);
    const walk = place?.walk ?? walkQuery(query, WALK);
    const rows = sortRows(matching(account, event, walk), walk.sort_by, walk.sort_order, {
      first_name: (row: RegistrationRow) => row.first_name,
      last_name: (row) => row.last_name,
      email_address: (row) => row.email_address,
      registration_status: (row) => row.registration_status,
      payment_status: (row) => row.payment_status,
      tickets: (row) => row.tickets.length,
      total: totalOf,
    });
    const page = cursorPage(rows, {
      place,
      walk,
      limit: Math.min(size ?? page_size ?? PAGE, MAX_ROWS),
      key: (row) => row.registration_id,
      path: `/events/${path.event_id}/tracks/${path.track_id}/registrations`,
    });
    return { status: 200, body: { ...page.rest, records: page.rows.map(registrationListing) } };
  },

  getRegistrationInfo: ({ account, path }) => {
    const event = findTrack(account, path);
    const row = account.registrations.get(path.registration_id);
    if (row?.event_id !== event.event_id) throw notFound('registration_id does not exist.');
    return { status: 200, body: registrationDetail(event, row) };
  },

  updateRegistrationStatusUsingPUT: ({ account, path, query, body }) => {
    const event = findTrack(account, path);
    const { registration_status: wanted } = body;
    if (!Object.hasOwn(REGISTRATION_STATUSES, wanted))
      throw invalid('registration_status cannot be set to this.');
    const status = REGISTRATION_STATUSES[wanted as keyof typeof REGISTRATION_STATUSES];
    return updateEach(account, event, body.registration_ids, (row) => {
      if (status === 'REGISTERED' && !isRegistered(row)) {
        const full = ticketsSold(account, event) + row.tickets.length > event.track.capacity;
        if (full && query.increase_count !== true) return false;
      }
      if (status === 'CANCELED' && isRegistered(row) && query.return_items_to_inventory !== false) {
        returnItems(event, row);
      }
      row.registration_status = status;
      for (const ticket of row.tickets) ticket.cancelled = status === 'CANCELED';
      return true;
    });
  },

  updateRegistrationPaymentStatusUsingPUT: ({ account, path, body, now }) => {
    const event = findTrack(account, path);
    const status = PAYMENT_STATUSES[body.payment_status];
    if (!status) throw invalid('payment_status cannot be set to this.');
    return updateEach(account, event, body.registration_ids, (row) => {
      if (row.payment_method !== null) {
        row.payment_status = status;
        row.payment_time = status === 'PAID' ? now : row.payment_time;
      }
      return true;
    });
  },

  checkInTickets: ({ account, path, body, now }) => {
    for (const ticket of ticketsOf(account, path.event_id, body.order_ticket_keys)) {
      ticket.checked_in_time ??= now;
    }
    return { status: 204 };
  },

  undoCheckInTickets: ({ account, path, body }) => {
    for (const ticket of ticketsOf(account, path.event_id, body.order_ticket_keys)) {
      ticket.checked_in_time = null;
    }
    return { status: 204 };
  },
} satisfies Handlers;

function matching(
  account: Account,
  event: EventRow,
  walk: Readonly<Record<string, string>>,
): RegistrationRow[] {
  const { registration_status, payment_status, search_text } = walk;
  const text = search_text?.toLowerCase() ?? '';
  return account.registrations
    .where('event', event.event_id)
    .filter(
      (row) =>
        (registration_status === undefined || row.registration_status === registration_status) &&
        (payment_status === undefined || row.payment_status === payment_status) &&
        `${row.first_name} ${row.last_name} ${row.email_address}`.toLowerCase().includes(text),
    );
}

/**
 * Changes each of the registrations; unknown ones, and those for which `change` returns false, are listed in
 * a 207.
 */
function updateEach(
  account: Account,
  event: EventRow,
  ids: readonly string[],
  change: (row: RegistrationRow) => boolean,
): Reply<{ failed_registration_ids?: string[] }> {
  if (ids.length === 0) throw invalid('registration_ids is empty.');
  const failed = ids.filter((id) => {
    const row = account.registrations.get(id);
    return row?.event_id !== event.event_id || !change(row);
  });
  return failed.length === 0 ? { status: 200 } : { status: 207, body: { failed_registration_ids: failed } };
}

function returnItems(event: EventRow, row: RegistrationRow): void {
  for (const { item_id } of row.items) {
    const item = event.track.items.find((candidate) => candidate.item_id === item_id);
    if (item) item.quantity_sold = Math.max(0, item.quantity_sold - 1);
  }
}

/**
 * All the tickets, or none.
 * @throws Refusal 404 for an unknown event, 400 for an event that is not active and for unknown or cancelled
 * tickets
 */
function ticketsOf(account: Account, eventId: string, keys: readonly string[]): RegistrationTicket[] {
  const event = findEvent(account, eventId);
  if (event.status !== 'ACTIVE' && event.status !== 'COMPLETE')
    throw invalid('The event is neither ACTIVE nor COMPLETE.');
  if (keys.length === 0) throw invalid('order_ticket_keys is empty.');
  const tickets = account.registrations.where('event', eventId).flatMap((row) => row.tickets);
  return keys.map((key) => {
    const ticket = tickets.find(({ order_ticket_key }) => order_ticket_key === key);
    if (!ticket) throw invalid('There is no ticket with this key.');
    if (ticket.cancelled) throw invalid('The ticket is cancelled.');
    return ticket;
  });
}
