import { eventDetails, type Event as EventRow } from '../loaders/event.js';
import { eventRow } from '../resolvers/event.js';
import * as resolvers from '../resolvers/event-write.js';
import { builder } from './builder.js';
import { edgeField } from './connection.js';
import { Event, EventConnection } from './event.js';
import { eventFields } from './event-input.js';
import type { Fields } from './fields.js';
import { cost, type Cost } from './cost.js';
import { mutation } from './mutation.js';
import { KEPT } from './update-words.js';
import { limited, NOT_BLANK } from './limits.js';

type Written = { event?: EventRow; eventId?: string };

/** The event after a write: the response of the API, or one call when more than ids is selected. */
const writtenEvent = (t: Fields<Written>, description: string, queryCost: Cost) => ({
  event: t.field({
    type: Event,
    description,
    queryCost,
    resolve: ({ event, eventId }, _args, context, info) =>
      event ?? (eventId ? eventRow(eventId, context, info) : null),
  }),
});

const createdEdge = (t: Fields<Written>, queryCost: Cost) =>
  edgeField(
    t,
    EventConnection,
    'the new event',
    ({ event, eventId }, { loaders }) => event ?? (eventId ? loaders.eventDetails.load(eventId) : null),
    queryCost,
  );

/** The API answers some writes without a body; then only the ids are known. */
const READ_AFTER = { unless: ['id', 'eventId', 'campaignId'] };

const NAME = limited`unique in the account, ${{ minLength: 1, maxLength: 100 }}`;
const TIME = 'Use Z or any offset; `timeZone` sets the zone that is shown.';

const EventTicketsInput = builder.inputType('EventTicketsInput', {
  description: 'Input of `checkInTickets` and `undoCheckInTickets`.',
  fields: (t) => ({
    eventId: t.id({
      required: true,
      description: 'Global ID or Constant Contact ID of the event, which must be ACTIVE or COMPLETE.',
    }),
    ticketKeys: t.stringList({
      required: true,
      ...limited`Keys of the tickets (see \`EventTicket.ticketKey\`), ${{ minItems: 1, maxItems: resolvers.TICKETS_MAX }}. The API rejects all of them when one is cancelled.`,
    }),
  }),
});

const ticketsPayload = (t: Fields<Written & { ticketKeys?: readonly string[] }>, done: string) => ({
  ticketKeys: t.exposeStringList('ticketKeys', {
    description: `Keys of the tickets that ${done}.`,
  }),
  ...writtenEvent(t, 'Event of the tickets.', cost.one(eventDetails, READ_AFTER)),
});

mutation('createEvent', {
  description:
    'Creates an event as a draft, with a registration form and a landing page. Values other than name and times are written in a second call.',
  queryCost: cost.calls(2, { oneWhen: 'only name and times are given' }),
  argument: 'Event to create.',
  input: (t) => ({
    name: t.string({ required: true, ...limited`Internal name, ${NAME}.` }),
    startsAt: t.field({
      type: 'DateTime',
      description: `When the event starts. Default: a day in the future. ${TIME}`,
    }),
    endsAt: t.field({
      type: 'DateTime',
      description: `When the event ends. Default: one hour after it starts. ${TIME}`,
    }),
    placeholderCampaignId: t.id(limited`ID of a campaign that was reserved for the event.${NOT_BLANK}`),
    ...eventFields(t),
  }),
  payloadNote: 'With PARTLY_DONE, the event exists but has only its name and times.',
  payload: (t) => ({
    ...writtenEvent(
      t,
      'The new event, a draft.',
      cost.one(eventDetails, { ...READ_AFTER, noneWhen: 'only name and times were given' }),
    ),
    eventEdge: createdEdge(t, cost.one(eventDetails, { noneWhen: 'only name and times were given' })),
  }),
  resolve: resolvers.createEvent,
});

mutation('updateEvent', {
  description:
    'Updates an event that is DRAFT or ACTIVE. The API replaces its location, online meeting, contact, features and track as a whole, so the event is read first when one of them changes.',
  queryCost: cost.calls(2, { oneWhen: 'none of these parts changes' }),
  argument: 'Event to update and its new values.',
  inputNote: `${KEPT} \`Event.settings\` follows from the configured parts and cannot be set.`,
  input: (t) => ({
    id: t.id({ required: true, description: 'Global ID or Constant Contact ID of the event.' }),
    name: t.string(limited`Internal name, ${NAME}. It ${{ nullable: false }}.`),
    startsAt: t.field({
      type: 'DateTime',
      ...limited`When the event starts; it ${{ nullable: false }}. ${TIME}`,
    }),
    endsAt: t.field({
      type: 'DateTime',
      ...limited`When the event ends; it ${{ nullable: false }}. ${TIME}`,
    }),
    ...eventFields(t),
  }),
  payload: (t) => writtenEvent(t, 'The updated event.', cost.one(eventDetails, READ_AFTER)),
  resolve: resolvers.updateEvent,
});

mutation('copyEvent', {
  description: 'Creates a draft as a copy of an existing event, with its form, settings and activities.',
  queryCost: cost.calls(1),
  argument: 'Event to copy and the new name.',
  input: (t) => ({
    id: t.id({
      required: true,
      description: 'Global ID or Constant Contact ID of the event. A deleted event cannot be copied.',
    }),
    name: t.string({ required: true, ...limited`Internal name of the copy, ${NAME}.` }),
    campaignActivityIds: t.idList(
      limited`Global IDs or Constant Contact IDs of the activities to copy, ${{ maxItems: resolvers.ACTIVITIES_MAX }}. Default: all. Pass an empty list to copy none.`,
    ),
  }),
  payloadNote: 'With PARTLY_DONE, the copy exists but lacks some activities.',
  payload: (t) => ({
    ...writtenEvent(t, 'The copy, a draft.', cost.none),
    eventEdge: createdEdge(t, cost.none),
    failedCampaignActivityIds: t.exposeIDList('failedCampaignActivityIds', {
      description:
        'Constant Contact IDs of the activities that could not be copied. Empty when all were copied.',
    }),
  }),
  resolve: resolvers.copyEvent,
});

mutation('checkInTickets', {
  description: 'Records that the holders of tickets have arrived.',
  queryCost: cost.calls(1),
  argument: 'Tickets to check in.',
  input: EventTicketsInput,
  payload: (t) => ticketsPayload(t, 'are now checked in'),
  resolve: resolvers.checkInTickets,
});

mutation('undoCheckInTickets', {
  description: 'Undoes a check-in of tickets.',
  queryCost: cost.calls(1),
  argument: 'Tickets whose check-in to undo.',
  input: EventTicketsInput,
  payload: (t) => ticketsPayload(t, 'are no longer checked in'),
  resolve: resolvers.undoCheckInTickets,
});
