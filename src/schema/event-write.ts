import { eventDetails, type Event as EventRow } from '../loaders/event.js';
import { eventRow } from '../resolvers/event.js';
import * as resolvers from '../resolvers/event-write.js';
import { builder } from './builder.js';
import { edgeField } from './connection.js';
import { Event, EventConnection } from './event.js';
import { eventFields } from './event-input.js';
import type { Fields } from './fields.js';
import { payloadType } from './payload.js';
import { cost, type Cost } from './cost.js';
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

const CreateEventInput = builder.inputType('CreateEventInput', {
  description: 'Input of `createEvent`.',
  fields: (t) => ({
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
});

const UpdateEventInput = builder.inputType('UpdateEventInput', {
  description: `Input of \`updateEvent\`. ${KEPT} \`Event.settings\` follows from the configured parts and cannot be set.`,
  fields: (t) => ({
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
});

const CopyEventInput = builder.inputType('CopyEventInput', {
  description: 'Input of `copyEvent`.',
  fields: (t) => ({
    id: t.id({
      required: true,
      description: 'Global ID or Constant Contact ID of the event. A deleted event cannot be copied.',
    }),
    name: t.string({ required: true, ...limited`Internal name of the copy, ${NAME}.` }),
    campaignActivityIds: t.idList(
      limited`Global IDs or Constant Contact IDs of the activities to copy, ${{ maxItems: resolvers.ACTIVITIES_MAX }}. Default: all. Pass an empty list to copy none.`,
    ),
  }),
});

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

const CreateEventPayload = payloadType<Required<Written>>(
  'CreateEventPayload',
  'Return type of `createEvent`. With PARTLY_DONE, the event exists but has only its name and times.',
  (t) => ({
    ...writtenEvent(
      t,
      'The new event, a draft.',
      cost.one(eventDetails, { ...READ_AFTER, noneWhen: 'only name and times were given' }),
    ),
    eventEdge: createdEdge(t, cost.one(eventDetails, { noneWhen: 'only name and times were given' })),
  }),
);

const UpdateEventPayload = payloadType<Required<Written>>(
  'UpdateEventPayload',
  'Return type of `updateEvent`.',
  (t) => writtenEvent(t, 'The updated event.', cost.one(eventDetails, READ_AFTER)),
);

const CopyEventPayload = payloadType<Required<Written> & { failedCampaignActivityIds: readonly string[] }>(
  'CopyEventPayload',
  'Return type of `copyEvent`. With PARTLY_DONE, the copy exists but lacks some activities.',
  (t) => ({
    ...writtenEvent(t, 'The copy, a draft.', cost.none),
    eventEdge: createdEdge(t, cost.none),
    failedCampaignActivityIds: t.idList({
      nullable: { list: true, items: false },
      description:
        'Constant Contact IDs of the activities that could not be copied. Empty when all were copied.',
      resolve: (payload) => payload.failedCampaignActivityIds,
    }),
  }),
);

const ticketsPayload = (payload: string, mutation: string, done: string) =>
  payloadType<Required<Written> & { ticketKeys: readonly string[] }>(
    payload,
    `Return type of \`${mutation}\`.`,
    (t) => ({
      ticketKeys: t.stringList({
        nullable: { list: true, items: false },
        description: `Keys of the tickets that ${done}.`,
        resolve: (result) => result.ticketKeys,
      }),
      ...writtenEvent(t, 'Event of the tickets.', cost.one(eventDetails, READ_AFTER)),
    }),
  );

const CheckInTicketsPayload = ticketsPayload('CheckInTicketsPayload', 'checkInTickets', 'are now checked in');
const UndoCheckInTicketsPayload = ticketsPayload(
  'UndoCheckInTicketsPayload',
  'undoCheckInTickets',
  'are no longer checked in',
);

builder.mutationFields((t) => ({
  createEvent: t.field({
    type: CreateEventPayload,
    description:
      'Creates an event as a draft, with a registration form and a landing page. Values other than name and times are written in a second call.',
    queryCost: cost.calls(2, { oneWhen: 'only name and times are given' }),
    args: { input: t.arg({ type: CreateEventInput, required: true, description: 'Event to create.' }) },
    resolve: resolvers.createEvent,
  }),
  updateEvent: t.field({
    type: UpdateEventPayload,
    description:
      'Updates an event that is DRAFT or ACTIVE. The API replaces its location, online meeting, contact, features and track as a whole, so the event is read first when one of them changes.',
    queryCost: cost.calls(2, { oneWhen: 'none of these parts changes' }),
    args: {
      input: t.arg({
        type: UpdateEventInput,
        required: true,
        description: 'Event to update and its new values.',
      }),
    },
    resolve: resolvers.updateEvent,
  }),
  copyEvent: t.field({
    type: CopyEventPayload,
    description: 'Creates a draft as a copy of an existing event, with its form, settings and activities.',
    queryCost: cost.calls(1),
    args: {
      input: t.arg({ type: CopyEventInput, required: true, description: 'Event to copy and the new name.' }),
    },
    resolve: resolvers.copyEvent,
  }),
  checkInTickets: t.field({
    type: CheckInTicketsPayload,
    description: 'Records that the holders of tickets have arrived.',
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: EventTicketsInput, required: true, description: 'Tickets to check in.' }) },
    resolve: resolvers.checkInTickets,
  }),
  undoCheckInTickets: t.field({
    type: UndoCheckInTicketsPayload,
    description: 'Undoes a check-in of tickets.',
    queryCost: cost.calls(1),
    args: {
      input: t.arg({
        type: EventTicketsInput,
        required: true,
        description: 'Tickets whose check-in to undo.',
      }),
    },
    resolve: resolvers.undoCheckInTickets,
  }),
}));
