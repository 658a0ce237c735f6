import type { Schema } from '../../constant-contact/contract/operations.js';
import type { Account } from '../account.js';
import { compact } from '../compact.js';
import { millis } from '../dates.js';
import { notFound } from '../errors.js';
import type { EventRow, RegistrationRow } from '../stores/event.js';
import { findEvent } from './event.js';

/**
 * The event of a track.
 * @throws Refusal 404 for an unknown event, and for a track of another event
 */
export function findTrack(account: Account, path: { event_id: string; track_id: string }): EventRow {
  const event = findEvent(account, path.event_id);
  if (event.track.track_id !== path.track_id) throw notFound('track_id does not exist.');
  return event;
}

/** The paid amount, or the amount due. */
export const totalOf = (row: RegistrationRow): number =>
  [...row.tickets, ...row.items].reduce((sum, { price }) => sum + price, 0);

/** A registration from the collection: name, states and totals, without contact and tickets. */
export function registrationListing(row: RegistrationRow): Schema<'RegistrantInformationLiteDto'> {
  return {
    ...checkIn(row),
    registration_id: row.registration_id,
    track_key: row.track_id,
    first_name: row.first_name,
    last_name: row.last_name,
    email_address: row.email_address,
    new_contact: row.new_contact,
    registration_status: row.registration_status,
    registration_time: millis(row.registration_time),
    payment_status: row.payment_status,
    tickets: row.tickets.length,
    total: totalOf(row),
  };
}

/** A registration from a read by ID: with contact, answers, tickets and order. */
export function registrationDetail(event: EventRow, row: RegistrationRow): Schema<'DetailedRegistrationDto'> {
  return {
    ...checkIn(row),
    registration_id: row.registration_id,
    contact_id: row.contact_id,
    registration_date: millis(row.registration_time),
    registration_status: row.registration_status,
    display_physical_tickets: true,
    contact: [
      field(1, 'First Name', 'CONTACT_FIRST_NAME', 'TEXT', row.first_name),
      field(2, 'Last Name', 'CONTACT_LAST_NAME', 'TEXT', row.last_name),
      field(3, 'Email Address', 'CONTACT_EMAIL_ADDRESS', 'TEXT', row.email_address),
      ...row.answers.map(({ label, name, value, choices }, i) =>
        field(i + 4, label, name, choices ? 'SINGLE_SELECT' : 'TEXT_AREA', value, choices),
      ),
    ],
    tickets: row.tickets.map((ticket) =>
      compact<Schema<'RegistrationTicketDto'>>({
        order_ticket_key: ticket.order_ticket_key,
        ticket_name: ticket.ticket_name,
        price: ticket.price,
        editable: !ticket.cancelled,
        checked_in_time: time(ticket.checked_in_time),
        fields: [field(1, 'Name', 'TICKET_HOLDER_NAME', 'TEXT', ticket.holder)],
      }),
    ),
    order_summary: orderDto(event, row),
  };
}

const time = (ms: number | null): string | null => (ms === null ? null : millis(ms));

function checkIn(row: RegistrationRow) {
  const eligible = row.tickets.filter(({ cancelled }) => !cancelled);
  const checkedIn = eligible.filter(({ checked_in_time: time }) => time !== null);
  const all = eligible.length > 0 && checkedIn.length === eligible.length;
  return {
    checkedIn_tickets: checkedIn.length,
    eligible_checkin_tickets: eligible.length,
    checkin_status: all ? 'CHECKED_IN' : 'NOT_CHECKED_IN',
  };
}

function orderDto(event: EventRow, row: RegistrationRow): Schema<'OrderDetailsDto'> {
  const line = (type: string, name: string, amount: number) => ({
    line_item_type: type,
    name,
    amount: `$${amount.toFixed(2)}`,
    amount_unformatted: amount,
  });
  return compact<Schema<'OrderDetailsDto'>>({
    number: row.order_number,
    title: event.title,
    payment_method: row.payment_method,
    payment_status: row.payment_status,
    payment_time: time(row.payment_time),
    payment_transaction_id: row.payment_method ? row.transaction_id : null,
    tickets_link: `https://lp.pages.example/ev/reg/${row.track_id}/registrations/${row.registration_id}/tickets`,
    tickets_text: `Your tickets for ${event.title}.`,
    details: [
      ...row.tickets.map(({ ticket_name, price }) => line('TICKET', ticket_name, price)),
      ...row.items.map(({ name, price }) => line('ITEM', name, price)),
      line('TOTAL', 'Total', totalOf(row)),
    ],
  });
}

function field(
  display_order: number,
  field_label: string,
  field_name: string,
  field_type: string,
  field_value: string,
  choices?: readonly string[],
): Schema<'SimpleFieldDto'> {
  return {
    display_order,
    field_label,
    field_name,
    field_type,
    field_value,
    label_key: `registration.field.label.${field_name.toLowerCase()}`,
    ...(choices && { choices: [...choices] }),
  };
}
