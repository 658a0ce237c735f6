import { eventDetails, events } from '../loaders/event.js';
import { contacts } from '../loaders/contact.js';
import {
  eventRegistrations,
  registrationDetails,
  type EventRegistration as EventRegistrationRow,
} from '../loaders/event-registration.js';
import * as resolvers from '../resolvers/event-registration.js';
import { SEARCH_TEXT_MAX } from '../resolvers/support/limits.js';
import { moneyOf, priced } from '../resolvers/support/money.js';
import { builder } from './builder.js';
import { connectionArgs, connectionType } from './connection.js';
import { Contact } from './contact.js';
import { enumFieldsOf, inputEnum, openEnum } from './enums.js';
import { Event } from './event.js';
import { EventTrack } from './event-track.js';
import { SortDirection } from './sort-direction.js';
import { globalIdOfParts, type Args } from './fields.js';
import { Money } from './money.js';
import { Node } from './node.js';
import { cost, type Asked } from './cost.js';
import { limited } from './limits.js';
import { EventFormField, EventOrder, EventTicket, PaymentStatus } from './event-order.js';

export const RegistrationStatus = openEnum(
  'EventRegistrationStatus',
  'Status of a registration for an event.',
  {
    PENDING: 'Waiting for a payment or for the host.',
    APPROVED: 'Accepted by the host.',
    REGISTERED: 'Complete: the attendee has a place.',
    CANCELED: { wire: ['CANCELED', 'CANCELLED'], description: 'The registration was cancelled.' },
    DECLINED: 'Rejected by the host.',
    EXPIRED: 'Not finished in time.',
    IN_PROGRESS: 'Not finished yet.',
    FAILED: 'Aborted by an error.',
  },
);

const CheckInStatus = openEnum('EventCheckInStatus', 'Check-in status of a registration for an event.', {
  CHECKED_IN: 'The attendees have arrived.',
  NOT_CHECKED_IN: 'Some or all attendees have not arrived.',
});

const READ_BY_ID = { noneWhen: 'the registration was read by its ID' };
const REACHED = {
  unless: ['id', 'eventId', 'campaignId'],
  noneWhen: 'the registration was reached from that event',
};

/** Rows of one connection are registrations for the same event. */
const LISTED = 'registrations of an event';
const eventsOfListed = (n: number, { readBy, perList }: Asked) =>
  readBy === LISTED && perList > 0 ? Math.ceil(n / perList) : n;

export const EventRegistration = builder.objectRef<EventRegistrationRow>('EventRegistration').implement({
  description:
    'Registration for an event. In the collection it has the name, statuses and totals; read by ID it also has the contact, form fields, tickets and order.',
  interfaces: [Node],
  fields: (t) => ({
    id: globalIdOfParts(t, 'EventRegistration', ({ eventId, trackId, registrationId }) => [
      eventId,
      trackId,
      registrationId,
    ]),
    registrationId: t.exposeID('registrationId', {
      nullable: false,
      description: 'Constant Contact ID (UUID).',
    }),
    eventId: t.exposeID('eventId', { nullable: false, description: 'Constant Contact ID of the event.' }),
    trackId: t.exposeID('trackId', { nullable: false, description: 'ID of the track of the event.' }),
    event: t.field({
      type: Event,
      description: 'Event of the registration.',
      queryCost: cost.fewer(
        eventsOfListed,
        cost.all(cost.one(eventDetails, REACHED), cost.lookUp(events, REACHED)),
      ),
      resolve: resolvers.eventOf,
    }),
    track: t.field({
      type: EventTrack,
      description: 'Registration track of the event.',
      queryCost: cost.fewer(
        eventsOfListed,
        cost.one(eventDetails, { unless: ['trackId'], noneWhen: REACHED.noneWhen }),
      ),
      resolve: resolvers.trackOfRegistration,
    }),
    firstName: t.string({
      description: 'First name, as entered in the form.',
      resolve: resolvers.either((listing) => listing.first_name, resolvers.formValue('CONTACT_FIRST_NAME')),
    }),
    lastName: t.string({
      description: 'Last name, as entered in the form.',
      resolve: resolvers.either((listing) => listing.last_name, resolvers.formValue('CONTACT_LAST_NAME')),
    }),
    emailAddress: t.string({
      description: 'Email address, as entered in the form.',
      resolve: resolvers.either(
        (listing) => listing.email_address,
        resolvers.formValue('CONTACT_EMAIL_ADDRESS'),
      ),
    }),
    ...enumFieldsOf(
      t,
      'status',
      resolvers.either(
        (listing) => listing.registration_status,
        (detail) => detail.registration_status,
      ),
      RegistrationStatus,
      'Status of the registration.',
    ),
    ...enumFieldsOf(
      t,
      'paymentStatus',
      resolvers.either(
        (listing) => listing.payment_status,
        (detail) => detail.order_summary?.payment_status,
      ),
      PaymentStatus,
      'Payment status of the registration.',
    ),
    ...enumFieldsOf(
      t,
      'checkInStatus',
      resolvers.either(
        (listing) => listing.checkin_status,
        (detail) => detail.checkin_status,
      ),
      CheckInStatus,
      'Check-in status of the attendees.',
    ),
    ticketCount: t.int({
      description: 'Number of tickets of the registration.',
      resolve: resolvers.either(
        (listing) => listing.tickets,
        (detail) => detail.tickets?.length,
      ),
    }),
    checkedInTicketCount: t.int({
      description: 'Number of checked-in tickets.',
      resolve: resolvers.either(
        (listing) => listing.checkedIn_tickets,
        (detail) => detail.checkedIn_tickets,
      ),
    }),
    eligibleTicketCount: t.int({
      description: 'Number of tickets that can be checked in.',
      resolve: resolvers.either(
        (listing) => listing.eligible_checkin_tickets,
        (detail) => detail.eligible_checkin_tickets,
      ),
    }),
    total: t.field({
      type: Money,
      description:
        'Total price. `null` for a registration that was read by ID; see the line items of `order`.',
      resolve: ({ listing, event }) => moneyOf(listing?.total, event?.currency_type),
    }),
    isNewContact: t.boolean({
      description:
        'True when the registration created the contact. `null` for a registration that was read by ID.',
      resolve: resolvers.either(
        (listing) => listing.new_contact,
        () => undefined,
      ),
    }),
    registeredAt: t.field({
      type: 'DateTime',
      description: 'When the attendee registered.',
      resolve: resolvers.registeredAt,
    }),
    contactId: t.id({
      description: 'Constant Contact ID of the contact who registered.',
      queryCost: cost.detail(registrationDetails, READ_BY_ID),
      resolve: resolvers.contactId,
    }),
    contact: t.field({
      type: Contact,
      description: 'Contact who registered.',
      queryCost: cost.all(
        cost.detail(registrationDetails, READ_BY_ID),
        cost.explored(contacts, { unless: ['id', 'contactId'] }),
      ),
      resolve: resolvers.contact,
    }),
    formFields: t.field({
      type: [EventFormField],
      description: 'Values entered in the form, including name and address.',
      queryCost: cost.detail(registrationDetails, READ_BY_ID),
      resolve: resolvers.ofDetail((detail) => detail.contact),
    }),
    tickets: t.field({
      type: [EventTicket],
      description: 'Tickets of the registration.',
      queryCost: cost.detail(registrationDetails, READ_BY_ID),
      resolve: resolvers.ofDetail(({ tickets }, currency) => priced(tickets, currency)),
    }),
    order: t.field({
      type: EventOrder,
      description: 'Order of the registration.',
      queryCost: cost.detail(registrationDetails, READ_BY_ID),
      resolve: resolvers.ofDetail(({ order_summary: order }, currency) => order && { ...order, currency }),
    }),
    showsPhysicalTickets: t.boolean({
      description: 'True when printable tickets are shown.',
      queryCost: cost.detail(registrationDetails, READ_BY_ID),
      resolve: resolvers.ofDetail((detail) => detail.display_physical_tickets),
    }),
  }),
});

builder.asEntity(EventRegistration, {
  key: [
    builder.selection<{ id: string }>('id'),
    builder.selection<{ eventId: string; trackId: string; registrationId: string }>(
      'eventId trackId registrationId',
    ),
  ],
  resolveReference: (key, context) => resolvers.registrationByReference(key, context),
});

const EventRegistrationConnection = connectionType('EventRegistration', EventRegistration, {
  of: 'registrations',
  totalCount: 'Number of registrations that match the filter, not only on this page.',
});

const EventRegistrationsFilter = builder.inputType('EventRegistrationsFilter', {
  description: 'Filters for registrations. A registration matches when it meets all of them.',
  fields: (t) => ({
    status: t.field({
      type: RegistrationStatus.type,
      ...limited`Only registrations with this status. Default: any status. The API cannot filter by ${{ not: ['APPROVED', 'DECLINED'] }}.`,
    }),
    paymentStatus: t.field({
      type: PaymentStatus.type,
      description: 'Only registrations with this payment status. Default: any payment status.',
    }),
    searchText: t.string(
      limited`Only registrations whose names or email address contain this text, ${{ maxLength: SEARCH_TEXT_MAX }}.`,
    ),
  }),
});

const EventRegistrationSortField = inputEnum(
  'EventRegistrationSortField',
  'Field by which registrations are sorted.',
  {
    FIRST_NAME: { wire: 'first_name', description: 'First name of the attendee.' },
    LAST_NAME: { wire: 'last_name', description: 'Last name of the attendee.' },
    EMAIL_ADDRESS: { wire: 'email_address', description: 'Email address of the attendee.' },
    STATUS: { wire: 'registration_status', description: 'Registration status.' },
    PAYMENT_STATUS: { wire: 'payment_status', description: 'Payment status.' },
    TICKET_COUNT: { wire: 'tickets', description: 'Number of tickets.' },
    TOTAL: { wire: 'total', description: 'Total price of the registration.' },
  },
);

const EventRegistrationSort = builder.inputType('EventRegistrationSort', {
  description: 'Sort order of registrations.',
  fields: (t) => ({
    field: t.field({ type: EventRegistrationSortField, required: true, description: 'Field to sort by.' }),
    direction: t.field({ type: SortDirection, description: 'Sort direction. Default: ASC.' }),
  }),
});

function registrationArgs(arg: Args) {
  return {
    filter: arg({
      type: EventRegistrationsFilter,
      description: 'Filter. Default: all registrations.',
    }),
    orderBy: arg({
      type: EventRegistrationSort,
      description: 'Sort order of the registrations. Default: the order of the API.',
    }),
  };
}

builder.objectField(EventTrack, 'registrations', (t) =>
  t.field({
    type: EventRegistrationConnection,
    description: 'Registrations of the track.',
    queryCost: { ...cost.pages(eventRegistrations, { membersOf: events.cost }), readBy: LISTED },
    args: { ...connectionArgs(t.arg), ...registrationArgs(t.arg) },
    resolve: resolvers.registrationsOfTrack,
  }),
);

builder.objectField(Event, 'registrations', (t) =>
  t.field({
    type: EventRegistrationConnection,
    description:
      'Registrations for the event. The track is part of the event read by ID; pass `trackId` to avoid that read.',
    queryCost: {
      ...cost.all(
        cost.detail(eventDetails, { noneWhen: '`trackId` is given or the event was read by its ID' }),
        cost.pages(eventRegistrations, { membersOf: events.cost }),
      ),
      readBy: LISTED,
    },
    args: {
      ...connectionArgs(t.arg),
      trackId: t.arg.id({
        description:
          'ID of the track of the event, if you know it. An event has one track, which is looked up when this argument is omitted.',
      }),
      ...registrationArgs(t.arg),
    },
    resolve: resolvers.registrations,
  }),
);

builder.queryFields((t) => ({
  eventRegistration: t.field({
    type: EventRegistration,
    description:
      'An event registration by its IDs. `null` when it does not exist. To read it by its global ID, use `node`.',
    queryCost: cost.one(registrationDetails),
    args: {
      eventId: t.arg.id({ required: true, description: 'Global ID or Constant Contact ID of the event.' }),
      trackId: t.arg.id({ required: true, description: 'ID of the track of the event; see `Event.track`.' }),
      registrationId: t.arg.id({
        required: true,
        description: 'Global ID or Constant Contact ID of the registration.',
      }),
    },
    resolve: resolvers.eventRegistration,
  }),
}));
