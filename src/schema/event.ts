import { eventDetails, eventListings, events, type Event as EventRow } from '../loaders/event.js';
import * as resolvers from '../resolvers/event.js';
import { SEARCH_TEXT_MAX } from '../resolvers/support/limits.js';
import { builder } from './builder.js';
import { connectionArgs, connectionType } from './connection.js';
import { entity } from './entity.js';
import { enumFields, inputEnum } from './enums.js';
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
import { EventStatus, EventType } from './event-enums.js';
import { SortDirection } from './sort-direction.js';
import { dateTime, globalId, rawIdField, requiredText, type Fields } from './fields.js';
import { Node } from './node.js';
import { cost, distinct, type Asked } from './cost.js';
import { limited } from './limits.js';

const READ_BY_ID = { noneWhen: 'the event was read by its ID' };

/** Cost and resolver of a field that only an event that was read by its ID has. */
const ofDetail = <Value>(pick: (detail: EventRow) => Value) => ({
  queryCost: cost.detail(eventDetails, READ_BY_ID),
  resolve: resolvers.ofDetail(pick),
});

const dateOfDetail = (
  t: Fields<EventRow>,
  key: Parameters<typeof resolvers.dateOfDetail>[0],
  description: string,
) =>
  t.field({
    type: 'DateTime',
    description,
    queryCost: cost.detail(eventDetails, READ_BY_ID),
    resolve: resolvers.dateOfDetail(key),
  });

export const Event = builder.objectRef<EventRow>('Event').implement({
  extensions: distinct(events),
  description:
    'Event that people can register for. The API returns an event in two forms: in the collection, with counts of registrations, and by ID, with all other fields. Fields of the loaded form cost nothing; fields of the other form state their cost.',
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'Event', 'event_id'),
    eventId: rawIdField(t, 'event_id', 'Constant Contact ID (UUID).'),
    campaignId: t.id({
      nullable: false,
      description: 'ID of the event as a campaign, the same as `eventId`.',
      resolve: resolvers.campaignId,
    }),
    name: requiredText(t, 'name', 'Internal name, unique in the account, at most 100 characters.'),
    title: requiredText(t, 'title', 'Public title, at most 100 characters.'),
    description: requiredText(t, 'description', 'Text about the event, at most 600 characters.'),
    ...enumFields(t, 'type', 'event_type', EventType, 'Category of the event.', { nullable: false }),
    ...enumFields(t, 'status', 'status', EventStatus, 'Status of the event.'),
    startsAt: t.field({
      type: 'DateTime',
      description: 'When the event starts.',
      resolve: resolvers.startsAt,
    }),
    endsAt: t.field({ type: 'DateTime', description: 'When the event ends.', resolve: resolvers.endsAt }),
    timeZone: t.string({
      description: 'Time zone of the location, such as US/Eastern.',
      ...ofDetail((detail) => detail.time_zone),
    }),
    timeZoneAbbreviation: t.string({
      description: 'Abbreviation of the time zone, such as EST.',
      resolve: resolvers.timeZoneAbbreviation,
    }),
    locationType: requiredText(
      t,
      'location_type',
      'Type of location (a place, online or both), as the REST API names it, such as PHYSICAL.',
    ),
    location: t.expose('address', {
      type: EventAddress,
      description: 'Location of the event. `null` for events that are only online.',
    }),
    onlineMeeting: t.field({
      type: OnlineMeeting,
      description: 'Online access to the event.',
      ...ofDetail((detail) => detail.online_meeting),
    }),
    registrationUrl: t.exposeString('registration_url', { description: 'Address of the registration page.' }),
    registrationSummary: t.field({
      type: EventRegistrationSummary,
      description: 'Numbers of registrations and sales.',
      queryCost: cost.scan(eventListings, { noneWhen: 'the event came from `events`' }),
      resolve: resolvers.registrationSummary,
    }),
    createdAt: dateTime(t, 'create_time', 'When the event was created.'),
    updatedAt: dateOfDetail(t, 'last_update_time', 'When the event was last changed.'),
    publishedAt: dateOfDetail(t, 'active_time', 'When the event was published. `null` for drafts.'),
    canceledAt: dateOfDetail(t, 'cancelled_time', 'When the event was cancelled.'),
    deletedAt: dateOfDetail(t, 'deleted_time', 'When the event was deleted.'),
    track: t.field({
      type: EventTrack,
      description: 'Registration track: the form, deadline, items and promo codes.',
      ...ofDetail(resolvers.trackOf),
    }),
    contact: t.field({
      type: EventContact,
      description: 'Contact person for the event.',
      ...ofDetail((detail) => detail.contact),
    }),
    currency: t.string({
      description: 'Currency of all prices, as a three-letter code.',
      ...ofDetail((detail) => detail.currency_type),
    }),
    code: t.string({
      description: 'Short code of the event.',
      ...ofDetail((detail) => detail.event_code),
    }),
    display: t.field({
      type: EventDisplay,
      description: 'Public visibility of the details.',
      ...ofDetail((detail) => detail),
    }),
    features: t.field({
      type: EventFeatures,
      description: 'Optional features of the event: items for sale, payment and promo codes.',
      ...ofDetail((detail) => detail.event_metadata),
    }),
    settings: t.field({
      type: EventSettings,
      description: 'Parts of the event that are configured, such as tickets and payment.',
      queryCost: cost.detail(eventDetails, READ_BY_ID),
      resolve: resolvers.settings,
    }),
    promotions: t.field({
      type: [EventPromotion],
      description: 'Promotions of the event, such as invitations by email.',
      queryCost: cost.detail(eventDetails, { ...READ_BY_ID, rows: { usual: 2, most: 10 } }),
      resolve: resolvers.ofDetail((detail) => detail.event_promotions),
    }),
    notifyOwner: t.boolean({
      description: 'True when the account is emailed about each registration.',
      ...ofDetail((detail) => detail.notify_owner_on_reg),
    }),
    calendarUrl: t.string({
      description: 'Address of the calendar with all events of the account.',
      ...ofDetail((detail) => detail.event_calendar_url),
    }),
    widgetUrl: t.string({
      description: 'Address of the script that shows the events of the account on another website.',
      ...ofDetail((detail) => detail.event_widget_url),
    }),
    ownerKey: t.string({
      description: 'Encrypted ID of the account, as in `calendarUrl`.',
      ...ofDetail((detail) => detail.eso),
    }),
    failedCampaignActivityIds: t.idList({
      description:
        'Constant Contact IDs of activities that could not be copied. Only in the result of `copyEvent`.',
      ...ofDetail((detail) => detail.failed_campaign_activities),
    }),
  }),
});

entity(Event, 'Event', 'eventId', (id, { loaders }, info) => resolvers.eventForm(id, loaders, info));

export const EventConnection = connectionType('Event', Event, {
  of: 'events',
  totalCount: 'Number of events that match the filter, not only on this page.',
});

const EventsFilter = builder.inputType('EventsFilter', {
  description: 'Filters for events. An event matches when it meets all of them.',
  fields: (t) => ({
    status: t.field({
      type: EventStatus.type,
      description: 'Only events with this status. Default: any status except DELETED.',
    }),
    searchText: t.string(
      limited`Only events whose name or description contains this text, ${{ maxLength: SEARCH_TEXT_MAX }}.`,
    ),
  }),
});

const EventSortField = inputEnum('EventSortField', 'Field by which events are sorted.', {
  NAME: { wire: 'name', description: 'Internal name of the event.' },
  STARTS_AT: { wire: 'start_time', description: 'Start of the event.' },
  ENDS_AT: { wire: 'end_time', description: 'End of the event.' },
  CREATED_AT: { wire: 'created_time', description: 'Time of creation.' },
  UPDATED_AT: { wire: 'updated_time', description: 'Time of the last change.' },
});

const EventSort = builder.inputType('EventSort', {
  description: 'Sort order of events.',
  fields: (t) => ({
    field: t.field({ type: EventSortField, required: true, description: 'Field to sort by.' }),
    direction: t.field({ type: SortDirection, description: 'Sort direction. Default: ASC.' }),
  }),
});

const statusAsked = ({ args }: Asked) =>
  (args as { filter?: { status?: string | null } | null }).filter?.status ?? undefined;

builder.queryFields((t) => ({
  event: t.field({
    type: Event,
    description:
      'An event by its ID. `null` when it does not exist. When only fields of the collection are selected, several events of a query may be read from the collection.',
    queryCost: cost.all(cost.calls(1), cost.lookUp(events)),
    args: { id: t.arg.id({ required: true, description: 'Global ID or Constant Contact ID of the event.' }) },
    resolve: resolvers.event,
  }),
  events: t.field({
    type: EventConnection,
    description: 'Events of the account, with counts of their registrations.',
    queryCost: cost.pages(eventListings, { kind: statusAsked }),
    args: {
      ...connectionArgs(t.arg),
      filter: t.arg({
        type: EventsFilter,
        description: 'Filter. Default: all events except deleted ones.',
      }),
      orderBy: t.arg({
        type: EventSort,
        description: 'Sort order of the events. Default: the order of the API.',
      }),
    },
    resolve: resolvers.events,
  }),
}));
