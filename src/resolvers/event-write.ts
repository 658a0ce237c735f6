import type { Api } from '../constant-contact/api.js';
import { asReadById } from '../constant-contact/by-id.js';
import { formatQueryDate } from '../constant-contact/dates.js';
import { ConstantContactError } from '../constant-contact/errors.js';
import type { RequestBody } from '../constant-contact/contract/operations.js';
import type { Exchange } from '../constant-contact/writes/exchange.js';
import type { Event } from '../loaders/event.js';
import { checkCurrencies, checkEventFields, checkTimes } from './event-input.js';
import { changesPart, eventPatch, isEmpty } from './event-patch.js';
import type { CopyEventInput, CreateEventInput, EventTicketsInput, UpdateEventInput } from './inputs.js';
import { dropNulls } from './support/drop-nulls.js';
import { inputId, rawId, rawIds } from './support/global-id.js';
import { InputError } from './support/input-error.js';
import { convertAll, maxItems, validate } from './support/limits.js';
import { mutate, userErrorsOf, type UserError } from './support/mutate.js';

/** Maximum number of activities and tickets per request. The contract sets no limit. */
export const ACTIVITIES_MAX = 500;
export const TICKETS_MAX = 500;

/** A written event: the API's response, or only its ID, which is read when fields are selected. */
export interface WrittenEvent {
  event?: Event;
  eventId: string;
  userErrors?: readonly UserError[];
}

/**
 * A new event with its ID, as a read returns it. The ID equals the campaign ID, the only one that the contract guarantees in
 * responses of writes.
 */
function identified(event: Event): Event {
  const event_id = event.event_id || event.campaign_id;
  return asReadById(event_id ? { ...event, event_id } : event);
}

/**
 * One call for a bare event, and a second one for properties that the API accepts only in a PATCH (all but
 * name and times). If the second call fails, the event still exists and is returned.
 */
export const createEvent = mutate(
  async ({ input }: { input: CreateEventInput }, { api }): Promise<WrittenEvent> => {
    validate(
      () => checkTimes(input, ['input']),
      () => checkEventFields(input, ['input'], true),
    );
    const made: Event = await api.call('addDefaultEvent', {
      query: dropNulls({
        name: input.name,
        start_time: input.startsAt && formatQueryDate(input.startsAt),
        end_time: input.endsAt && formatQueryDate(input.endsAt),
        placeholder_campaign_id: input.placeholderCampaignId,
      }),
    });
    const event = identified(made);
    const eventId = event.event_id ?? '';
    const body = eventPatch(input, made);
    if (isEmpty(body)) return { event, eventId };
    try {
      await patch(api, eventId, body);
    } catch (error) {
      return { event, eventId, userErrors: [partlyDone(error, eventId)] };
    }
    return { eventId };
  },
);

/**
 * One call: the PATCH keeps what it leaves out and has no response body. Two calls for a part of an event
 * (such as its address): parts are sent whole, so the event is read first.
 */
export const updateEvent = mutate(
  async ({ input }: { input: UpdateEventInput }, { api }): Promise<WrittenEvent> => {
    const eventId = inputId('Event', input);
    validate(
      () => checkTimes(input, ['input']),
      () => checkEventFields(input, ['input'], false),
    );
    const bodyFor = (current: Event): RequestBody<'patchEvent'> => ({
      ...dropNulls({
        name: input.name,
        event_start: input.startsAt && formatQueryDate(input.startsAt),
        event_end: input.endsAt && formatQueryDate(input.endsAt),
      }),
      ...eventPatch(input, current),
    });
    if (!changesPart(input)) {
      const body = bodyFor({});
      if (isEmpty(body)) throw new InputError('REQUIRED', 'Give at least one field to change.', ['input']);
      await patch(api, eventId, body);
      return { eventId };
    }
    await api.exchange(async (exchange) => {
      const path = { event_id: eventId };
      const current: Event = await api.call('getEvent_2', { path, query: {} }, { exchange });
      if (current.currency_type) checkCurrencies(input, input.currency ?? current.currency_type, ['input']);
      await patch(api, eventId, bodyFor(current), exchange);
    });
    return { eventId };
  },
);

/**
 * One call, whose response is the copy. It names activities that could not be copied. An empty list is
 * sent, because a missing one means all.
 */
export const copyEvent = mutate(async ({ input }: { input: CopyEventInput }, { api }) => {
  const [event_id, activities] = convertAll(
    () => inputId('Event', input),
    () =>
      input.campaignActivityIds
        ? rawIds('EmailCampaignActivity', input.campaignActivityIds, ['input', 'campaignActivityIds'], {
            min: 0,
            max: ACTIVITIES_MAX,
          })
        : undefined,
  );
  const { status, body }: { status: number; body: Event } = await api.send('copyEvent', {
    path: { event_id },
    body: { target_event_name: input.name, ...(activities && { source_campaign_activities: activities }) },
  });
  const event = identified(body);
  const failed = event.failed_campaign_activities ?? [];
  const which = failed.length > 0 ? `: ${failed.join(', ')}` : '';
  const userErrors: UserError[] =
    status === 207 || failed.length > 0
      ? [
          {
            code: 'PARTLY_DONE',
            field: ['input', 'campaignActivityIds'],
            message: `The event was copied, but not all of its activities${which}.`,
          },
        ]
      : [];
  return {
    event,
    eventId: event.event_id ?? '',
    failedCampaignActivityIds: failed,
    userErrors,
  };
});

export const checkInTickets = mutate(async ({ input }: { input: EventTicketsInput }, { api }) => {
  const { event_id, order_ticket_keys } = tickets(input);
  await api.call('checkInTickets', { path: { event_id }, body: { order_ticket_keys } });
  return { eventId: event_id, ticketKeys: order_ticket_keys };
});

export const undoCheckInTickets = mutate(async ({ input }: { input: EventTicketsInput }, { api }) => {
  const { event_id, order_ticket_keys } = tickets(input);
  await api.call('undoCheckInTickets', { path: { event_id }, body: { order_ticket_keys } });
  return { eventId: event_id, ticketKeys: order_ticket_keys };
});

async function patch(
  api: Api,
  event_id: string,
  body: RequestBody<'patchEvent'>,
  exchange?: Exchange,
): Promise<void> {
  await api.call('patchEvent', { path: { event_id }, body }, { exchange });
}

/**
 * A failure of the second step is reported with the event of the first step; otherwise a retry would create
 * the event again.
 */
function partlyDone(error: unknown, eventId: string): UserError {
  if (!(error instanceof ConstantContactError)) throw error;
  const why =
    userErrorsOf(error)
      ?.map(({ message }) => message)
      .join(' ') ?? error.message;
  return {
    code: 'PARTLY_DONE',
    field: [],
    message: `The event ${eventId} was created with its name and time. ${error.mayBeDone ? 'It is unknown whether its other fields were set' : 'Its other fields could not be set'}. ${why} Do not create it again: change it with updateEvent.`,
    cause: error,
  };
}

function tickets({ eventId, ticketKeys }: EventTicketsInput): {
  event_id: string;
  order_ticket_keys: string[];
} {
  const event_id = rawId('Event', eventId, ['input', 'eventId']);
  const field = ['input', 'ticketKeys'];
  const order_ticket_keys = [...new Set(ticketKeys.map((key) => key.trim()))];
  if (order_ticket_keys.length === 0 || order_ticket_keys.includes('')) {
    throw new InputError('REQUIRED', 'Give at least one ticket key. Keys must not be empty.', field);
  }
  maxItems(order_ticket_keys, TICKETS_MAX, field);
  return { event_id, order_ticket_keys };
}
