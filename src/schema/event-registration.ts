import { eventDetails, events } from '../loaders/event.js';
import { contacts } from '../loaders/contact.js';
import type { Schema } from '../constant-contact/contract/operations.js';
import {
  eventRegistrations,
  registrationDetails,
  type EventRegistration as EventRegistrationRow,
} from '../loaders/event-registration.js';
import * as resolvers from '../resolvers/event-registration.js';
import { moneyOf, priced, type Priced } from '../resolvers/support/money.js';
import { builder } from './builder.js';
import { connectionArgs, connectionType } from './connection.js';
import { Contact } from './contact.js';
import { enumFields, enumFieldsOf, inputEnum, openEnum } from './enums.js';
import { Event } from './event.js';
import { EventTrack } from './event-track.js';
import { SortDirection } from './sort-direction.js';
import { dateTime, globalIdOfParts, type Args } from './fields.js';
import { Money } from './money.js';
import { Node } from './node.js';
import { cost } from './cost.js';

export const RegistrationStatus = openEnum('EventRegistrationStatus', 'How far a registration has come.', {
  PENDING: 'Waiting, for a payment or for the host.',
  APPROVED: 'Let in by the host.',
  REGISTERED: 'Done: the person has a place.',
  CANCELED: { wire: ['CANCELED', 'CANCELLED'], description: 'Taken back.' },
  DECLINED: 'Turned down by the host.',
  EXPIRED: 'Not finished in time.',
  IN_PROGRESS: 'Not finished yet.',
  FAILED: 'Broken off by an error.',
});

export const PaymentStatus = openEnum('EventPaymentStatus', 'Where the payment of a registration stands.', {
  PENDING: 'Not paid yet.',
  PAID: 'Paid.',
  REFUNDED: 'Paid back.',
  CANCELED: { wire: ['CANCELLED', 'CANCELED'], description: 'Called off.' },
  FAILED: 'Did not go through.',
  CHARGED_BACK: 'Taken back by the payer’s bank.',
});

const CheckInStatus = openEnum('EventCheckInStatus', 'Whether those registered have come.', {
  CHECKED_IN: 'They have come.',
  NOT_CHECKED_IN: 'They have not come, or not all.',
});

const EventFormField = builder.objectRef<Schema<'SimpleFieldDto'>>('EventFormField');
EventFormField.implement({
  description: 'A field of a registration form with what was entered.',
  fields: (t) => ({
    name: t.exposeString('field_name', { description: 'Name of the field, such as CONTACT_EMAIL_ADDRESS.' }),
    label: t.exposeString('field_label', { description: 'What the form calls it.' }),
    labelKey: t.exposeString('label_key', { description: 'Key of the label in other languages.' }),
    type: t.exposeString('field_type', {
      description: 'Kind of field, in the words of the API, such as TEXT_AREA, DATE or SINGLE_SELECT.',
    }),
    value: t.exposeString('field_value', { description: 'What was entered.' }),
    choices: t.exposeStringList('choices', {
      nullable: { list: true, items: false },
      description: 'What could be chosen, for fields with choices.',
    }),
    displayOrder: t.exposeInt('display_order', { description: 'Place in the form.' }),
  }),
});

const EventTicket = builder.objectRef<Priced<Schema<'RegistrationTicketDto'>>>('EventTicket');
EventTicket.implement({
  description: 'A ticket of a registration.',
  fields: (t) => ({
    ticketKey: t.exposeID('order_ticket_key', {
      description: 'Key of the ticket; `checkInTickets` takes it.',
    }),
    name: t.exposeString('ticket_name', { description: 'What kind of ticket it is.' }),
    price: t.field({
      type: Money,
      description: 'Price.',
      resolve: ({ price, currency }) => moneyOf(price, currency),
    }),
    editable: t.exposeBoolean('editable', { description: 'Whether it can be changed.' }),
    checkedInAt: dateTime(t, 'checked_in_time', 'When its holder came; null until then.'),
    fields: t.expose('fields', {
      type: [EventFormField],
      nullable: { list: true, items: false },
      description: 'What was entered for this ticket.',
    }),
  }),
});

const EventOrderLine = builder.objectRef<Priced<Schema<'LineItemDetailsDto'>>>('EventOrderLine');
EventOrderLine.implement({
  description: 'A line of an order.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What it is for.' }),
    type: t.exposeString('line_item_type', {
      description: 'What kind of line it is, in the words of the API, such as TICKET.',
    }),
    amount: t.field({
      type: Money,
      description: 'The amount.',
      resolve: ({ amount_unformatted, currency }) => moneyOf(amount_unformatted, currency),
    }),
    formattedAmount: t.exposeString('amount', { description: 'The amount as text, with its currency.' }),
  }),
});

const EventOrder = builder.objectRef<Priced<Schema<'OrderDetailsDto'>>>('EventOrder');
EventOrder.implement({
  description: 'What was ordered with a registration, and how it is paid.',
  fields: (t) => ({
    number: t.exposeString('number', { description: 'Number of the order.' }),
    title: t.exposeString('title', { description: 'Title of the order.' }),
    ...enumFields(t, 'paymentStatus', 'payment_status', PaymentStatus, 'Where the payment stands.'),
    paymentMethod: t.exposeString('payment_method', {
      description:
        'How it is paid, in the words of the API: PAYPAL, STRIPE, WEPAY, DOOR or CHECK. Null when nothing has to be paid.',
    }),
    paidAt: dateTime(t, 'payment_time', 'When it was paid.'),
    transactionId: t.exposeString('payment_transaction_id', { description: 'Id of the payment.' }),
    ticketsUrl: t.exposeString('tickets_link', { description: 'Where the tickets are.' }),
    ticketsText: t.exposeString('tickets_text', { description: 'What is said about the tickets.' }),
    lines: t.field({
      type: [EventOrderLine],
      nullable: { list: true, items: false },
      description: 'What the amount is made up of.',
      resolve: ({ details, currency }) => priced(details, currency),
    }),
  }),
});

const READ_BY_ID = { noneWhen: 'the registration was read by its id' };
const REACHED = {
  unless: ['id', 'eventId', 'campaignId'],
  noneWhen: 'you came from that event',
};

export const EventRegistration = builder.objectRef<EventRegistrationRow>('EventRegistration');
EventRegistration.implement({
  description:
    'Somebody’s registration for an event. In the collection it has name, states and sums; read by itself also contact, answers, tickets and order.',
  interfaces: [Node],
  fields: (t) => ({
    id: globalIdOfParts(t, 'EventRegistration', ({ eventId, trackId, registrationId }) => [
      eventId,
      trackId,
      registrationId,
    ]),
    registrationId: t.exposeID('registrationId', {
      nullable: false,
      description: "Constant Contact's own id of the registration (a UUID).",
    }),
    eventId: t.exposeID('eventId', { nullable: false, description: 'Raw id of the event.' }),
    trackId: t.exposeID('trackId', { nullable: false, description: 'Id of the track of the event.' }),
    event: t.field({
      type: Event,
      description: 'The event.',
      queryCost: cost.all(cost.one(eventDetails, REACHED), cost.lookUp(events, REACHED)),
      resolve: resolvers.eventOf,
    }),
    track: t.field({
      type: EventTrack,
      description: 'The track of the event.',
      queryCost: cost.one(eventDetails, { unless: ['trackId'], noneWhen: REACHED.noneWhen }),
      resolve: resolvers.trackOfRegistration,
    }),
    firstName: t.string({
      description: 'Given name, as it was entered.',
      resolve: resolvers.either((listing) => listing.first_name, resolvers.formValue('CONTACT_FIRST_NAME')),
    }),
    lastName: t.string({
      description: 'Family name, as it was entered.',
      resolve: resolvers.either((listing) => listing.last_name, resolvers.formValue('CONTACT_LAST_NAME')),
    }),
    emailAddress: t.string({
      description: 'Email address, as it was entered.',
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
      'How far it has come.',
    ),
    ...enumFieldsOf(
      t,
      'paymentStatus',
      resolvers.either(
        (listing) => listing.payment_status,
        (detail) => detail.order_summary?.payment_status,
      ),
      PaymentStatus,
      'Where the payment stands.',
    ),
    ...enumFieldsOf(
      t,
      'checkInStatus',
      resolvers.either(
        (listing) => listing.checkin_status,
        (detail) => detail.checkin_status,
      ),
      CheckInStatus,
      'Whether its people have come.',
    ),
    ticketCount: t.int({
      description: 'How many tickets it has.',
      resolve: resolvers.either(
        (listing) => listing.tickets,
        (detail) => detail.tickets?.length,
      ),
    }),
    checkedInTicketCount: t.int({
      description: 'How many of its tickets were checked in.',
      resolve: resolvers.either(
        (listing) => listing.checkedIn_tickets,
        (detail) => detail.checkedIn_tickets,
      ),
    }),
    eligibleTicketCount: t.int({
      description: 'How many of its tickets can be checked in.',
      resolve: resolvers.either(
        (listing) => listing.eligible_checkin_tickets,
        (detail) => detail.eligible_checkin_tickets,
      ),
    }),
    total: t.field({
      type: Money,
      description: 'What it costs. Null for a registration that was read by itself; `order` has the lines.',
      resolve: ({ listing, event }) => moneyOf(listing?.total, event?.currency_type),
    }),
    isNewContact: t.boolean({
      description:
        'Whether the person became a contact by registering. Null for a registration that was read by itself.',
      resolve: resolvers.either(
        (listing) => listing.new_contact,
        () => undefined,
      ),
    }),
    registeredAt: t.field({
      type: 'DateTime',
      description: 'When the person registered.',
      resolve: resolvers.registeredAt,
    }),
    contactId: t.id({
      description: `Raw id of the contact who registered.`,
      queryCost: cost.detail(registrationDetails, READ_BY_ID),
      resolve: resolvers.contactId,
    }),
    contact: t.field({
      type: Contact,
      description: `The contact who registered.`,
      queryCost: cost.all(
        cost.detail(registrationDetails, READ_BY_ID),
        cost.explored(contacts, { unless: ['id', 'contactId'] }),
      ),
      resolve: resolvers.contact,
    }),
    formFields: t.field({
      type: [EventFormField],
      nullable: { list: true, items: false },
      description: `What was entered in the form, name and address included.`,
      queryCost: cost.detail(registrationDetails, READ_BY_ID),
      resolve: resolvers.ofDetail((detail) => detail.contact),
    }),
    tickets: t.field({
      type: [EventTicket],
      nullable: { list: true, items: false },
      description: `The tickets.`,
      queryCost: cost.detail(registrationDetails, READ_BY_ID),
      resolve: resolvers.ofDetail(({ tickets }, currency) => priced(tickets, currency)),
    }),
    order: t.field({
      type: EventOrder,
      description: `What was ordered, and how it is paid.`,
      queryCost: cost.detail(registrationDetails, READ_BY_ID),
      resolve: resolvers.ofDetail(({ order_summary: order }, currency) => order && { ...order, currency }),
    }),
    showsPhysicalTickets: t.boolean({
      description: `Whether tickets to print are shown.`,
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
  totalCount: 'Registrations that match the filter.',
});

const EventRegistrationsFilter = builder.inputType('EventRegistrationsFilter', {
  description: 'Which registrations to read. Conditions are joined by AND.',
  fields: (t) => ({
    status: t.field({
      type: RegistrationStatus.type,
      description: 'Only in this state. Any when left out. The API does not look for APPROVED and DECLINED.',
    }),
    paymentStatus: t.field({
      type: PaymentStatus.type,
      description: 'Only with the payment in this state. Any when left out.',
    }),
    searchText: t.string({ description: 'Only those whose names or email address have this text.' }),
  }),
});

const EventRegistrationSortField = inputEnum(
  'EventRegistrationSortField',
  'What registrations are ordered by.',
  {
    FIRST_NAME: { wire: 'first_name', description: 'Given name.' },
    LAST_NAME: { wire: 'last_name', description: 'Family name.' },
    EMAIL_ADDRESS: { wire: 'email_address', description: 'Email address.' },
    STATUS: { wire: 'registration_status', description: 'How far they have come.' },
    PAYMENT_STATUS: { wire: 'payment_status', description: 'Where the payment stands.' },
    TICKET_COUNT: { wire: 'tickets', description: 'How many tickets they have.' },
    TOTAL: { wire: 'total', description: 'What they cost.' },
  },
);

const EventRegistrationSort = builder.inputType('EventRegistrationSort', {
  description: 'How registrations are ordered.',
  fields: (t) => ({
    field: t.field({ type: EventRegistrationSortField, required: true, description: 'What to order by.' }),
    direction: t.field({ type: SortDirection, description: 'Which way; ASC when left out.' }),
  }),
});

function whichRegistrations(arg: Args) {
  return {
    filter: arg({
      type: EventRegistrationsFilter,
      description: 'Which registrations; all when left out.',
    }),
    orderBy: arg({
      type: EventRegistrationSort,
      description: 'In which order; as the API has them when left out.',
    }),
  };
}

builder.objectField(EventTrack, 'registrations', (t) =>
  t.field({
    type: EventRegistrationConnection,
    description: 'Who registered.',
    queryCost: cost.pages(eventRegistrations, { membersOf: events.cost }),
    args: { ...connectionArgs(t.arg), ...whichRegistrations(t.arg) },
    resolve: resolvers.registrationsOfTrack,
  }),
);

builder.objectField(Event, 'registrations', (t) =>
  t.field({
    type: EventRegistrationConnection,
    description:
      'Who registered. Only the event by itself knows its track; with `trackId` it need not be read.',
    queryCost: cost.all(
      cost.detail(eventDetails, { noneWhen: '`trackId` is given or the event was read by its id' }),
      cost.pages(eventRegistrations, { membersOf: events.cost }),
    ),
    args: {
      ...connectionArgs(t.arg),
      trackId: t.arg.id({
        description:
          'Id of the event’s track, where it is known; an event has one, which is looked up when left out.',
      }),
      ...whichRegistrations(t.arg),
    },
    resolve: resolvers.registrations,
  }),
);

builder.queryFields((t) => ({
  eventRegistration: t.field({
    type: EventRegistration,
    description:
      'One registration by its ids; null when it does not exist. With its global id alone, `node` finds it.',
    queryCost: cost.one(registrationDetails),
    args: {
      eventId: t.arg.id({ required: true, description: 'Global or raw id of the event.' }),
      trackId: t.arg.id({ required: true, description: 'Id of the event’s track, see `Event.track`.' }),
      registrationId: t.arg.id({ required: true, description: 'Global or raw id of the registration.' }),
    },
    resolve: resolvers.eventRegistration,
  }),
}));
