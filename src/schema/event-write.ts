import { eventDetails, type Event as EventRow } from '../loaders/event.js';
import { eventRow } from '../resolvers/event.js';
import { EVENT_LIMITS as limits } from '../resolvers/event-input.js';
import * as resolvers from '../resolvers/event-write.js';
import { builder } from './builder.js';
import { edgeField } from './connection.js';
import { Event, EventConnection } from './event.js';
import { eventFields } from './event-input.js';
import type { Fields } from './fields.js';
import { payloadType } from './payload.js';
import { cost, type Cost } from './cost.js';
import { KEPT } from './update-words.js';

type Written = { event?: EventRow; eventId?: string };

/** The event after a write: what the API answered, or one call when more than ids is selected. */
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

/** Only ids are known after writes that the API answers with nothing. */
const READ_AFTER = { unless: ['id', 'eventId', 'campaignId'] };

const name = `unique in the account, 1 to ${String(limits.name)} characters`;
const TIME = 'A point in time, with Z or any offset; the zone to show it in is timeZone.';

const CreateEventInput = builder.inputType('CreateEventInput', {
  description: 'A new event.',
  fields: (t) => ({
    name: t.string({ required: true, description: `Name for the account, ${name}.` }),
    startsAt: t.field({
      type: 'DateTime',
      description: `When it begins; some day to come when left out. ${TIME}`,
    }),
    endsAt: t.field({
      type: 'DateTime',
      description: `When it ends; an hour after it begins when left out. ${TIME}`,
    }),
    placeholderCampaignId: t.id({
      description: 'Id of a campaign that was set aside for the event, in the words of the API.',
    }),
    ...eventFields(t),
  }),
});

const UpdateEventInput = builder.inputType('UpdateEventInput', {
  description: `Changes to an event. ${KEPT} \`Event.settings\` follows from what is set up, so there is nothing of it here.`,
  fields: (t) => ({
    id: t.id({ required: true, description: 'Global or raw id of the event.' }),
    name: t.string({ description: `Name for the account, ${name}.` }),
    startsAt: t.field({ type: 'DateTime', description: `When it begins. ${TIME}` }),
    endsAt: t.field({ type: 'DateTime', description: `When it ends. ${TIME}` }),
    ...eventFields(t),
  }),
});

const CopyEventInput = builder.inputType('CopyEventInput', {
  description: 'The event to copy.',
  fields: (t) => ({
    id: t.id({
      required: true,
      description: 'Global or raw id of the event; a deleted one cannot be copied.',
    }),
    name: t.string({ required: true, description: `Name of the copy, ${name}.` }),
    campaignActivityIds: t.idList({
      description: `Global or raw ids of the activities to copy, at most ${String(resolvers.ACTIVITIES_MAX)}; all when left out, none with an empty list.`,
    }),
  }),
});

const EventTicketsInput = builder.inputType('EventTicketsInput', {
  description: 'Tickets of one event.',
  fields: (t) => ({
    eventId: t.id({
      required: true,
      description: 'Global or raw id of the event, which has to be ACTIVE or COMPLETE.',
    }),
    ticketKeys: t.stringList({
      required: true,
      description: `Keys of the tickets (see \`EventTicket.ticketKey\`), at most ${String(resolvers.TICKETS_MAX)}. A canceled ticket makes the API refuse them all.`,
    }),
  }),
});

const CreateEventPayload = payloadType<Required<Written>>(
  'CreateEventPayload',
  'What came of `createEvent`. With PARTLY_DONE the event exists, but has only its name and time.',
  (t) => ({
    ...writtenEvent(
      t,
      'The new event, a draft.',
      cost.one(eventDetails, { ...READ_AFTER, noneWhen: 'only name and time were given' }),
    ),
    eventEdge: createdEdge(t, cost.one(eventDetails, { noneWhen: 'only name and time were given' })),
  }),
);

const UpdateEventPayload = payloadType<Required<Written>>(
  'UpdateEventPayload',
  'What came of `updateEvent`.',
  (t) => writtenEvent(t, 'The event after the change.', cost.one(eventDetails, READ_AFTER)),
);

const CopyEventPayload = payloadType<Required<Written> & { failedCampaignActivityIds: readonly string[] }>(
  'CopyEventPayload',
  'What came of `copyEvent`. With PARTLY_DONE the copy exists, but lacks some activities.',
  (t) => ({
    ...writtenEvent(t, 'The copy, a draft.', cost.none),
    eventEdge: createdEdge(t, cost.none),
    failedCampaignActivityIds: t.idList({
      nullable: { list: true, items: false },
      description: 'Raw ids of the activities that could not be copied; empty when all were.',
      resolve: (payload) => payload.failedCampaignActivityIds,
    }),
  }),
);

const ticketsPayload = (payload: string, mutation: string, done: string) =>
  payloadType<Required<Written> & { ticketKeys: readonly string[] }>(
    payload,
    `What came of \`${mutation}\`.`,
    (t) => ({
      ticketKeys: t.stringList({
        nullable: { list: true, items: false },
        description: `Keys of the tickets that ${done}.`,
        resolve: (result) => result.ticketKeys,
      }),
      ...writtenEvent(t, 'The event.', cost.one(eventDetails, READ_AFTER)),
    }),
  );

const CheckInTicketsPayload = ticketsPayload('CheckInTicketsPayload', 'checkInTickets', 'are checked in now');
const UndoCheckInTicketsPayload = ticketsPayload(
  'UndoCheckInTicketsPayload',
  'undoCheckInTickets',
  'are not checked in any more',
);

builder.mutationFields((t) => ({
  createEvent: t.field({
    type: CreateEventPayload,
    description:
      'Makes an event, as a draft with a registration form and a landing page. Anything but name and time is written after that.',
    queryCost: cost.calls(2, { oneWhen: 'only name and time are given' }),
    args: { input: t.arg({ type: CreateEventInput, required: true, description: 'The new event.' }) },
    resolve: resolvers.createEvent,
  }),
  updateEvent: t.field({
    type: UpdateEventPayload,
    description:
      'Changes an event that is DRAFT or ACTIVE. Its location, online meeting, contact, features and track are written whole, so the event is read first when one of them changes.',
    queryCost: cost.calls(2, { oneWhen: 'none of these parts changes' }),
    args: { input: t.arg({ type: UpdateEventInput, required: true, description: 'The changes.' }) },
    resolve: resolvers.updateEvent,
  }),
  copyEvent: t.field({
    type: CopyEventPayload,
    description: 'Makes a draft like an event that exists, with form, settings and activities.',
    queryCost: cost.calls(1),
    args: {
      input: t.arg({ type: CopyEventInput, required: true, description: 'What to copy, and the new name.' }),
    },
    resolve: resolvers.copyEvent,
  }),
  checkInTickets: t.field({
    type: CheckInTicketsPayload,
    description: 'Records that the holders of tickets have come.',
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: EventTicketsInput, required: true, description: 'The tickets.' }) },
    resolve: resolvers.checkInTickets,
  }),
  undoCheckInTickets: t.field({
    type: UndoCheckInTicketsPayload,
    description: 'Takes a check-in back.',
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: EventTicketsInput, required: true, description: 'The tickets.' }) },
    resolve: resolvers.undoCheckInTickets,
  }),
}));
