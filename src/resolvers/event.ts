import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.js';
import { isReadById } from '../constant-contact/by-id.js';
import { parseDate } from '../constant-contact/dates.js';
import type { Schema } from '../constant-contact/contract/operations.js';
import type { Event, EventFilter } from '../loaders/event.js';
import type { EmailCampaignActivity } from '../loaders/email-campaign-activity.js';
import { activityRow } from './email-campaign-activity.js';
import type { EventSort, EventsFilter } from './inputs.js';
import { dropNulls } from './support/drop-nulls.js';
import { rawId } from './support/global-id.js';
import { searchText } from './support/limits.js';
import type { Priced } from './support/money.js';
import { paginate, type Connection, type ConnectionArgs } from './support/page.js';
import { isCovered, needsOnlyId, selectionTree } from './support/selection.js';

export interface EventsArgs extends ConnectionArgs {
  filter?: EventsFilter | null;
  orderBy?: EventSort | null;
}

/** Properties that the collection includes. */
const LISTING_FIELDS = [
  'id',
  'eventId',
  'campaignId',
  'name',
  'title',
  'description',
  'type',
  'typeRaw',
  'status',
  'statusRaw',
  'startsAt',
  'endsAt',
  'timeZoneAbbreviation',
  'locationType',
  'location',
  'registrationUrl',
  'registrationSummary',
  'createdAt',
];

/**
 * One event by ID, in the form that has the selected fields: counts are in the listing only, most other
 * fields in the detail.
 */
export function event(
  _parent: unknown,
  args: { id: string },
  { loaders }: Context,
  info: GraphQLResolveInfo,
): Event | Promise<Event | null> {
  const event_id = rawId('Event', args.id, ['id']);
  if (needsOnlyId(info, ['id', 'eventId', 'campaignId'], ['registrations'])) return { event_id };
  return needsOnlyId(info, LISTING_FIELDS, ['registrationSummary'])
    ? listedEvent(event_id, loaders)
    : eventForm(event_id, loaders, info);
}

/** An event in the form that includes the selected fields. */
export function eventForm(
  id: string,
  loaders: Context['loaders'],
  info: GraphQLResolveInfo,
): Promise<Event | null> {
  return isCovered(selectionTree(info), LISTING_FIELDS)
    ? loaders.events.load(id)
    : loaders.eventDetails.load(id);
}

/** The listing leaves out deleted events. */
async function listedEvent(id: string, loaders: Context['loaders']): Promise<Event | null> {
  return (await eventListing(id, loaders)) ?? loaders.eventDetails.load(id);
}

/** The listing of an event: from a loaded page, otherwise found in the pages of all events. */
async function eventListing(id: string, loaders: Context['loaders']): Promise<Event | null> {
  return loaders.events.loaded(id) ?? loaders.eventListings.named.load(id);
}

export function events(_parent: unknown, args: EventsArgs, { loaders }: Context): Promise<Connection<Event>> {
  const filter: EventFilter = dropNulls({
    event_status: args.filter?.status,
    search_text: searchText(args.filter?.searchText, ['filter', 'searchText']),
    ...sortParameters(args.orderBy),
  });
  return paginate(args, loaders.events.list(filter));
}

/** The sort parameters. The API requires both together. */
export function sortParameters(orderBy: EventSort | null | undefined): {
  sort_by?: string;
  sort_order?: string;
} {
  return orderBy ? { sort_by: orderBy.field, sort_order: orderBy.direction ?? 'ASC' } : {};
}

/** An event of which the ID is loaded. It is read only when other fields are selected. */
export function eventRow(
  eventId: string,
  { loaders }: Context,
  info: GraphQLResolveInfo,
): Event | Promise<Event | null> {
  if (isCovered(selectionTree(info), ['id', 'eventId', 'campaignId'])) return { event_id: eventId };
  return eventForm(eventId, loaders, info);
}

/** The detail of an event: the loaded row, or one call that all fields of the event share. */
export async function detailOf(event: Event, { loaders }: Context): Promise<Event | null> {
  if (isReadById(event)) return event;
  return event.event_id ? loaders.eventDetails.load(event.event_id) : null;
}

/** Resolves a field that only the detail of an event has. */
export function ofDetail<Value>(pick: (detail: Event) => Value) {
  return async (event: Event, _args: unknown, context: Context): Promise<Value | null> => {
    const detail = await detailOf(event, context);
    return detail && pick(detail);
  };
}

/** The track of an event, with the event and its currency. */
export type Track = Priced<Schema<'TrackDto'>> & { event?: Event };

/** The only track of an event detail. */
export function trackOf(detail: Event): Track | null {
  return detail.default_track
    ? { ...detail.default_track, event: detail, currency: detail.currency_type }
    : null;
}

/** A date that only the detail of an event has. */
export function dateOfDetail(
  key: 'active_time' | 'cancelled_time' | 'deleted_time' | 'last_update_time',
): ReturnType<typeof ofDetail<Date | null>> {
  return ofDetail((detail) => parseDate(detail[key]));
}

/** The API gives an event the same ID twice: as event and as campaign. */
export function campaignId(event: Event): string {
  return event.campaign_id ?? event.event_id ?? '';
}

export function startsAt(event: Event): Date | null {
  return parseDate(event.event_start ?? event.start_time);
}

export function endsAt(event: Event): Date | null {
  return parseDate(event.event_end ?? event.end_time);
}

export function timeZoneAbbreviation(event: Event): string | null {
  return event.time_zone_abbreviation ?? event.time_zone_type ?? null;
}

/**
 * Only the listing has counts: from the row if it came from there, otherwise from one scan of all listings.
 */
export async function registrationSummary(
  event: Event,
  _args: unknown,
  { loaders }: Context,
): Promise<Schema<'EventRegistrationSummaryMetricDto'> | null> {
  const listing =
    event.event_registration_summary_metrics || !isReadById(event) || !event.event_id
      ? event
      : await eventListing(event.event_id, loaders);
  return listing?.event_registration_summary_metrics ?? null;
}

/** Settings require `include`. A row without them (the response of a write) is read again. */
export async function settings(
  event: Event,
  _args: unknown,
  { loaders }: Context,
): Promise<Schema<'EventSettingsDto'> | null> {
  if (event.event_settings || !event.event_id) return event.event_settings ?? null;
  return (await loaders.eventDetails.load(event.event_id))?.event_settings ?? null;
}

/** The activity of an ID in an event, read only as far as its fields are selected. */
export function activityOf<Row>(pick: (row: Row) => string | undefined) {
  return (
    row: Row,
    _args: unknown,
    context: Context,
    info: GraphQLResolveInfo,
  ): Promise<EmailCampaignActivity> | null => {
    const campaign_activity_id = pick(row);
    return campaign_activity_id ? activityRow({ campaign_activity_id }, context, info) : null;
  };
}
