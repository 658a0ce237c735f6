import type { Account } from '../account.js';
import { HOUR, MINUTE } from '../dates.js';
import type { Random } from '../random.js';
import type { ContactRow } from '../stores/audience.js';
import type {
  EventRow,
  PaymentStatus,
  RegistrationItem,
  RegistrationRow,
  RegistrationStatus,
  RegistrationTicket,
} from '../stores/event.js';

const MEALS = ['No preference', 'Vegetarian', 'Vegan', 'Gluten free'];
/** States other than REGISTERED, by index within twenty registrations. */
const STATES: Readonly<Record<number, RegistrationStatus>> = {
  4: 'CANCELED',
  9: 'PENDING',
  13: 'EXPIRED',
  16: 'IN_PROGRESS',
  18: 'FAILED',
};

/** Adds this many registrations, or all people. Each state and payment occurs. */
export function seedRegistrations(
  account: Account,
  random: Random,
  event: EventRow,
  people: readonly ContactRow[],
  count: number,
): void {
  for (const [i, contact] of random.sample(people, count).entries()) {
    account.registrations.add(registration(account, random, event, contact, i));
  }
}

function registration(
  account: Account,
  random: Random,
  event: EventRow,
  contact: ContactRow,
  i: number,
): RegistrationRow {
  const registration_status = event.status === 'CANCELLED' ? 'CANCELED' : (STATES[i % 20] ?? 'REGISTERED');
  const opened = event.active_time ?? event.create_time;
  const until = Math.min(event.event_start, account.startedAt) - HOUR;
  const time = opened + Math.floor(random.next() * Math.max(until - opened, MINUTE));
  const tickets = ticketsOf(account, random, event, contact, registration_status);
  const items = registration_status === 'REGISTERED' && random.chance(0.3) ? itemsOf(random, event) : [];
  const free = [...tickets, ...items].every(({ price }) => price === 0);
  const payment_method = free ? null : random.pick(['PAYPAL', 'STRIPE', 'DOOR', 'CHECK'] as const);
  const payment_status = paymentOf(registration_status, free || payment_method === 'PAYPAL', i);
  return {
    registration_id: account.ids.uuid('registration'),
    event_id: event.event_id,
    track_id: event.track.track_id,
    contact_id: contact.contact_id,
    first_name: contact.first_name ?? '',
    last_name: contact.last_name ?? '',
    email_address: contact.email?.address ?? '',
    new_contact: contact.created_at > opened,
    registration_time: time,
    registration_status,
    payment_status,
    payment_method,
    payment_time: payment_status === 'PAID' && !free ? time + MINUTE : null,
    order_number: account.ids.key('order', 10),
    transaction_id: account.ids.uuid('transaction'),
    tickets,
    items,
    answers: [
      { label: 'Meal', name: 'MEAL', value: random.pick(MEALS), choices: MEALS },
      ...(random.chance(0.2)
        ? [{ label: 'Anything we should know?', name: 'COMMENT', value: 'Arriving a little late' }]
        : []),
    ],
  };
}

function ticketsOf(
  account: Account,
  random: Random,
  event: EventRow,
  contact: ContactRow,
  status: RegistrationStatus,
): RegistrationTicket[] {
  const type = random.pick(event.track.tickets);
  const over = event.status === 'COMPLETE' && status === 'REGISTERED';
  const holder = [contact.first_name, contact.last_name].filter((name) => name !== null).join(' ');
  return Array.from({ length: random.chance(0.7) ? 1 : random.between(2, 4) }, (_, i) => ({
    order_ticket_key: account.ids.key('order-ticket', 8),
    ticket_id: type.ticket_id,
    ticket_name: type.name,
    price: type.price,
    holder: i === 0 ? holder : `Guest ${i} of ${holder}`,
    cancelled: status === 'CANCELED',
    checked_in_time:
      over && random.chance(0.85) ? event.event_start + random.between(-20, 40) * MINUTE : null,
  }));
}

function itemsOf(random: Random, event: EventRow): RegistrationItem[] {
  const item = event.track.items[0];
  if (!item || item.quantity_sold >= item.quantity_total) return [];
  item.quantity_sold += 1;
  const open = item.attributes.filter((attribute) => attribute.quantity_sold < attribute.quantity_total);
  if (open.length > 0) random.pick(open).quantity_sold += 1;
  return [{ item_id: item.item_id, name: item.name, price: item.price }];
}

function paymentOf(status: RegistrationStatus, settled: boolean, i: number): PaymentStatus {
  switch (status) {
    case 'CANCELED':
      return i % 3 === 0 ? 'CANCELLED' : 'REFUNDED';
    case 'FAILED':
      return 'FAILED';
    case 'PENDING':
    case 'IN_PROGRESS':
    case 'EXPIRED':
      return 'PENDING';
    case 'REGISTERED':
      if (i % 29 === 6) return 'CHARGED_BACK';
      return settled || i % 4 !== 1 ? 'PAID' : 'PENDING';
  }
}
