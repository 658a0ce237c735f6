import type { Account } from '../account.js';
import { DAY, HOUR } from '../dates.js';
import { newPromotion, newTrack } from '../model/event-write.js';
import { Random } from '../random.js';
import type { EventAddress, EventRow, ItemRow, PromoCodeRow, TrackRow } from '../stores/event.js';
import { EVENT_PLANS, type EventPlan } from './event-plans.js';
import { seedRegistrations } from './event-registration.js';

const VENUES: readonly (readonly [name: string, line1: string, postal: string, lat: number, lon: number])[] =
  [
    ['Harborlight Books', '48 Harbor Road', '02110', 42.3588, -71.0578],
    ['The Old Mill Hall', '7 Mill Lane', '02453', 42.3765, -71.2356],
    ['Riverbend Theatre', '112 Lincoln Boulevard', '02139', 42.3736, -71.1097],
  ];
const TICKET_NAMES = ['General Admission', 'Supporter', 'Patron'];
const DOMAIN = 'harborlight.example';

/** Thirty events and their registrations. Items, promo codes and promotions depend on the plan. */
export function seedEvents(account: Account): void {
  const random = new Random(account.seed, 'events');
  const people = account.contacts.filter((contact) => contact.deleted_at === null && contact.email !== null);
  const midnight = Math.floor(account.startedAt / DAY) * DAY;
  for (const [i, plan] of EVENT_PLANS.entries()) {
    const event = account.events.add(eventOf(account, random, plan, midnight, i === 0));
    seedRegistrations(account, random, event, people, plan.registrations);
  }
}

function eventOf(
  account: Account,
  random: Random,
  plan: EventPlan,
  midnight: number,
  rich: boolean,
): EventRow {
  const start = midnight + plan.day * DAY + random.between(14, 23) * HOUR;
  const created =
    Math.min(start, account.startedAt) - random.between(20, 60) * DAY - random.between(0, 86_399_999);
  const published = created + 2 * DAY + random.between(0, 86_399_999);
  const ended = Math.min(account.startedAt, start) - DAY;
  const [first = 'Robin', last = 'Miller'] = [
    account.profile.summary.first_name,
    account.profile.summary.last_name,
  ];
  const virtual = plan.place === 'VIRTUAL';
  const paid = plan.prices.some((price) => price > 0);
  const track = trackOf(account, random, plan, start, created, rich);
  return {
    event_id: account.ids.uuid('event'),
    name: plan.name,
    title: rich ? `${plan.name} at Harborlight` : plan.name,
    description: plan.description,
    event_type: plan.type,
    location_type: plan.place,
    status: plan.status,
    event_start: start,
    event_end: start + plan.hours * HOUR,
    time_zone: 'US/Eastern',
    time_zone_abbreviation: 'EST',
    currency_type: 'USD',
    event_code: plan.name
      .replace(/[^A-Z]/gi, '')
      .slice(0, 8)
      .toUpperCase(),
    address: virtual ? null : addressOf(random),
    contact: {
      name: `${first} ${last}`,
      organization_name: 'Harborlight Books',
      email_address: `events@${DOMAIN}`,
      from_email_address: `events@${DOMAIN}`,
      phone_number: '617 555 0142',
    },
    online_meeting: virtual
      ? {
          enabled_flag: true,
          instructions: 'The room opens ten minutes before.',
          label: 'Join online',
          provider_type: 'ZOOM',
          url: `https://meet.${DOMAIN}/${track.track_id}`,
        }
      : null,
    event_metadata: {
      items_enabled: track.items.length > 0,
      paid_event: paid,
      promo_codes_enabled: track.promo_codes.length > 0,
    },
    display_contact_flag: true,
    display_end_time_flag: true,
    display_on_calendar_flag: plan.status !== 'DRAFT',
    display_time_zone_flag: virtual,
    notify_owner_on_reg: rich,
    track,
    promotions: rich
      ? [newPromotion(account, 'EMAIL_INVITATION', true), newPromotion(account, 'EMAIL_REMINDER', false)]
      : [newPromotion(account, 'EMAIL_INVITATION', true)],
    create_time: created,
    last_update_time: plan.status === 'DRAFT' ? created : published,
    active_time: plan.status === 'DRAFT' || plan.status === 'ERROR' ? null : published,
    cancelled_time: plan.status === 'CANCELLED' ? ended : null,
    deleted_time: plan.status === 'DELETED' ? ended : null,
  };
}

function trackOf(
  account: Account,
  random: Random,
  plan: EventPlan,
  start: number,
  created: number,
  rich: boolean,
): TrackRow {
  const track = newTrack(account, start - HOUR);
  track.capacity = Math.max(plan.registrations * 3, 20);
  track.registration_closed = plan.status === 'CANCELLED';
  track.single_ticket = !rich && random.chance(0.2);
  track.tickets = plan.prices.map((price, i) => ({
    ticket_id: account.ids.key('ticket-type', 8),
    name: TICKET_NAMES[i] ?? 'Ticket',
    price,
  }));
  if (rich || plan.prices.length > 1) track.items = [itemOf(account, rich)];
  if (plan.prices.some((price) => price > 0)) {
    track.promo_codes = [
      promoOf(account, random, track, { start: created, end: start, percent: 20 }),
      ...(rich ? [promoOf(account, random, track, { start: created, end: start, percent: null })] : []),
    ];
  }
  return track;
}

function itemOf(account: Account, rich: boolean): ItemRow {
  const item = (name: string, price: number): ItemRow => ({
    item_id: account.ids.key('item', 8),
    name,
    description: `${name} of the event`,
    price,
    quantity_total: 50,
    quantity_sold: 0,
    limit_per_order: 2,
    attributes: [],
  });
  if (!rich) return item('Tote bag', 14);
  const shirt = item('T-shirt', 22);
  shirt.attributes = ['S', 'M', 'L'].map((name) => ({
    attribute_id: account.ids.key('attribute', 8),
    name,
    quantity_total: 15,
    quantity_sold: 0,
  }));
  return shirt;
}

function promoOf(
  account: Account,
  random: Random,
  track: TrackRow,
  { start, end, percent }: { start: number; end: number; percent: number | null },
): PromoCodeRow {
  return {
    id: String(account.ids.number('promo-code', 400_101)),
    name: percent === null ? 'FRIENDS5' : 'EARLY20',
    description:
      percent === null ? 'Five dollars off for friends of the house' : 'A fifth off for the early ones',
    percent,
    amount: percent === null ? 5 : null,
    quantity_total: 40,
    quantity_used: random.between(0, 12),
    start,
    end,
    paused: percent === null,
    ticket_ids: track.tickets.filter(({ price }) => price > 0).map(({ ticket_id }) => ticket_id),
    item_ids: [],
  };
}

function addressOf(random: Random): EventAddress {
  const [location_name, line1, postal_code, latitude, longitude] = random.pick(VENUES);
  return {
    location_name,
    line1,
    line2: '',
    city: 'Boston',
    state: 'Massachusetts',
    state_code: 'MA',
    postal_code,
    country: 'United States',
    country_code: 'US',
    latitude,
    longitude,
  };
}
