import { eventDetails, eventListings, events, type Event as EventRow } from '../loaders/event.js';
import * as resolvers from '../resolvers/event.js';
import { EVENT_LIMITS as limits } from '../resolvers/event-input.js';
import { byReference } from '../resolvers/support/reference.js';
import { builder } from './builder.js';
import { connectionArgs, connectionType } from './connection.js';
import { enumFields, inputEnum, openEnum } from './enums.js';
import {
  EventAddress,
  EventContact,
  EventDisplay,
  EventFeatures,
  EventPromotion,
  EventRegistrationSummary,
  EventSettings,
  OnlineMeeting,
} from './event-detail.js';
import { EventTrack } from './event-track.js';
import { EVENT_TYPES } from './event-types.js';
import { dateTime, globalId, rawIdField } from './fields.js';
import { Node } from './node.js';
import { cost, distinct } from './cost.js';

const EventStatus = openEnum('EventStatus', 'How far an event has come.', {
  DRAFT: 'Not published.',
  ACTIVE: 'Published; people can register.',
  COMPLETE: 'Over.',
  CANCELED: { wire: ['CANCELLED', 'CANCELED'], description: 'Called off.' },
  DELETED: 'Deleted.',
  ERROR: 'Something went wrong when it was made or published.',
});

const EventType = openEnum('EventType', 'What kind of event it is.', EVENT_TYPES);

const READ_BY_ID = { noneWhen: 'the event was read by its id' };

export const Event = builder.objectRef<EventRow>('Event');
Event.implement({
  extensions: distinct(events),
  description:
    'Something that people can register for. The API knows an event in two forms: in the collection, with counts of registrations, and by itself, with everything else. What the form in hand has costs nothing; fields of the other one say what they cost.',
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'Event', 'event_id'),
    eventId: rawIdField(t, 'event_id', "Constant Contact's own id of the event (a UUID)."),
    campaignId: t.id({
      description: 'Id of the event as a campaign, which is the same as `eventId`.',
      resolve: resolvers.campaignId,
    }),
    name: t.exposeString('name', {
      description: `Name for the account, unique in it, at most ${String(limits.name)} characters.`,
    }),
    title: t.exposeString('title', {
      description: `Title for the public, at most ${String(limits.title)} characters.`,
    }),
    description: t.exposeString('description', {
      description: `What it is about, at most ${String(limits.description)} characters.`,
    }),
    ...enumFields(t, 'type', 'event_type', EventType, 'What kind of event it is.'),
    ...enumFields(t, 'status', 'status', EventStatus, 'How far it has come.'),
    startsAt: t.field({ type: 'DateTime', description: 'When it begins.', resolve: resolvers.startsAt }),
    endsAt: t.field({ type: 'DateTime', description: 'When it ends.', resolve: resolvers.endsAt }),
    timeZone: t.string({
      description: `Time zone of the place, such as US/Eastern.`,
      queryCost: cost.detail(eventDetails, READ_BY_ID),
      resolve: resolvers.ofDetail((detail) => detail.time_zone ?? null),
    }),
    timeZoneAbbreviation: t.string({
      description: 'Time zone of the place in short, such as EST.',
      resolve: resolvers.timeZoneAbbreviation,
    }),
    locationType: t.exposeString('location_type', {
      description:
        'Whether it takes place somewhere, online or both, in the words of the API, such as PHYSICAL.',
    }),
    location: t.expose('address', {
      type: EventAddress,
      description: 'Where it takes place; null for events that are online only.',
    }),
    onlineMeeting: t.field({
      type: OnlineMeeting,
      description: `How to take part online.`,
      queryCost: cost.detail(eventDetails, READ_BY_ID),
      resolve: resolvers.ofDetail((detail) => detail.online_meeting ?? null),
    }),
    registrationUrl: t.exposeString('registration_url', { description: 'Where people register.' }),
    registrationSummary: t.field({
      type: EventRegistrationSummary,
      description: 'How many people come.',
      queryCost: cost.scan(eventListings, { noneWhen: 'the event came from `events`' }),
      resolve: resolvers.registrationSummary,
    }),
    createdAt: dateTime(t, 'create_time', 'When the event was made.'),
    updatedAt: t.field({
      type: 'DateTime',
      description: `When it last changed.`,
      queryCost: cost.detail(eventDetails, READ_BY_ID),
      resolve: resolvers.dateOfDetail('last_update_time'),
    }),
    publishedAt: t.field({
      type: 'DateTime',
      description: `When it was published; null for drafts.`,
      queryCost: cost.detail(eventDetails, READ_BY_ID),
      resolve: resolvers.dateOfDetail('active_time'),
    }),
    canceledAt: t.field({
      type: 'DateTime',
      description: `When it was called off.`,
      queryCost: cost.detail(eventDetails, READ_BY_ID),
      resolve: resolvers.dateOfDetail('cancelled_time'),
    }),
    deletedAt: t.field({
      type: 'DateTime',
      description: `When it was deleted.`,
      queryCost: cost.detail(eventDetails, READ_BY_ID),
      resolve: resolvers.dateOfDetail('deleted_time'),
    }),
    track: t.field({
      type: EventTrack,
      description: `How people register, and what is on offer.`,
      queryCost: cost.detail(eventDetails, READ_BY_ID),
      resolve: resolvers.track,
    }),
    contact: t.field({
      type: EventContact,
      description: `Whom to turn to.`,
      queryCost: cost.detail(eventDetails, READ_BY_ID),
      resolve: resolvers.ofDetail((detail) => detail.contact ?? null),
    }),
    currency: t.string({
      description: `Currency of all prices, as a code of three letters.`,
      queryCost: cost.detail(eventDetails, READ_BY_ID),
      resolve: resolvers.ofDetail((detail) => detail.currency_type ?? null),
    }),
    code: t.string({
      description: `Short code of the event.`,
      queryCost: cost.detail(eventDetails, READ_BY_ID),
      resolve: resolvers.ofDetail((detail) => detail.event_code ?? null),
    }),
    display: t.field({
      type: EventDisplay,
      description: `What people get to see.`,
      queryCost: cost.detail(eventDetails, READ_BY_ID),
      resolve: resolvers.ofDetail((detail) => detail),
    }),
    features: t.field({
      type: EventFeatures,
      description: `What the event makes use of.`,
      queryCost: cost.detail(eventDetails, READ_BY_ID),
      resolve: resolvers.ofDetail((detail) => detail.event_metadata ?? null),
    }),
    settings: t.field({
      type: EventSettings,
      description: `What has been set up, such as tickets and payment.`,
      queryCost: cost.detail(eventDetails, READ_BY_ID),
      resolve: resolvers.settings,
    }),
    promotions: t.field({
      type: [EventPromotion],
      nullable: { list: true, items: false },
      description: `What makes the event known.`,
      queryCost: cost.detail(eventDetails, { ...READ_BY_ID, rows: { usual: 2, most: 10 } }),
      resolve: resolvers.ofDetail((detail) => detail.event_promotions ?? null),
    }),
    notifyOwner: t.boolean({
      description: `Whether the account is mailed at each registration.`,
      queryCost: cost.detail(eventDetails, READ_BY_ID),
      resolve: resolvers.ofDetail((detail) => detail.notify_owner_on_reg ?? null),
    }),
    calendarUrl: t.string({
      description: `Calendar with all events of the account.`,
      queryCost: cost.detail(eventDetails, READ_BY_ID),
      resolve: resolvers.ofDetail((detail) => detail.event_calendar_url ?? null),
    }),
    widgetUrl: t.string({
      description: `Script that shows the events of the account on another page.`,
      queryCost: cost.detail(eventDetails, READ_BY_ID),
      resolve: resolvers.ofDetail((detail) => detail.event_widget_url ?? null),
    }),
    ownerKey: t.string({
      description: `Encrypted id of the account, as it is in the calendar's address.`,
      queryCost: cost.detail(eventDetails, READ_BY_ID),
      resolve: resolvers.ofDetail((detail) => detail.eso ?? null),
    }),
    failedCampaignActivityIds: t.idList({
      nullable: { list: true, items: false },
      description: `Activities that could not be copied; only in what \`copyEvent\` answers.`,
      queryCost: cost.detail(eventDetails, READ_BY_ID),
      resolve: resolvers.ofDetail((detail) => detail.failed_campaign_activities ?? null),
    }),
  }),
});

builder.asEntity(Event, {
  key: [builder.selection<{ id: string }>('id'), builder.selection<{ eventId: string }>('eventId')],
  resolveReference: (key, { loaders }, info) =>
    byReference('Event', key, 'eventId', (id) => resolvers.eventForm(id, loaders, info)),
});

const EventConnection = connectionType('Event', Event, {
  of: 'events',
  totalCount: 'Events that match the filter.',
});

const EventStatusFilter = inputEnum('EventStatusFilter', 'Which events to read, by how far they have come.', {
  ACTIVE: 'Published ones.',
  DRAFT: 'Those not published yet.',
  COMPLETE: 'Those that are over.',
  CANCELED: { wire: 'CANCELLED', description: 'Those called off.' },
  DELETED: 'Deleted ones.',
  ERROR: 'Those that something went wrong with.',
});

const EventsFilter = builder.inputType('EventsFilter', {
  description: 'Which events to read. Conditions are joined by AND.',
  fields: (t) => ({
    status: t.field({ type: EventStatusFilter, description: 'Only in this state. Any when left out.' }),
    searchText: t.string({ description: 'Only those whose name or description has this text.' }),
  }),
});

const EventSortField = inputEnum('EventSortField', 'What events are ordered by.', {
  NAME: { wire: 'name', description: 'Their name.' },
  STARTS_AT: { wire: 'start_time', description: 'When they begin.' },
  ENDS_AT: { wire: 'end_time', description: 'When they end.' },
  CREATED_AT: { wire: 'created_time', description: 'When they were made.' },
  UPDATED_AT: { wire: 'updated_time', description: 'When they last changed.' },
});

/** Shared by events and their registrations. */
export const EventSortDirection = inputEnum(
  'EventSortDirection',
  'Which way events and registrations are ordered.',
  {
    ASC: 'From A to Z, from old to new, from small to large.',
    DESC: 'The other way round.',
  },
);

const EventSort = builder.inputType('EventSort', {
  description: 'How events are ordered.',
  fields: (t) => ({
    field: t.field({ type: EventSortField, required: true, description: 'What to order by.' }),
    direction: t.field({ type: EventSortDirection, description: 'Which way; ASC when left out.' }),
  }),
});

builder.queryFields((t) => ({
  event: t.field({
    type: Event,
    description:
      'One event by id; null when it does not exist. Where nothing is selected that the collection leaves out, several events of the query may be read from the collection.',
    queryCost: cost.all(cost.calls(1), cost.lookUp(events)),
    args: { id: t.arg.id({ required: true, description: 'Global or raw id of the event.' }) },
    resolve: resolvers.event,
  }),
  events: t.field({
    type: EventConnection,
    description: 'Events of the account, with counts of their registrations.',
    queryCost: cost.pages(eventListings),
    args: {
      ...connectionArgs(t.arg),
      filter: t.arg({ type: EventsFilter, description: 'Which events; all but deleted ones when left out.' }),
      orderBy: t.arg({ type: EventSort, description: 'In which order; as the API has them when left out.' }),
    },
    resolve: resolvers.events,
  }),
}));
