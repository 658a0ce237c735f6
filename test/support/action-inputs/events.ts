import { found } from '../records.js';
import { ids, type ActionInputs } from './records.js';

export const EVENT_INPUTS: ActionInputs = {
  create_event: () => [
    {
      name: 'Spring Seed Swap',
      start_date: '2040-04-06T14:00:00Z',
      end_date: '2040-04-06T17:00:00Z',
      description: 'Bring what you have too much of.',
      location: { venue: 'Town Greenhouse', city: 'Waltham' },
    },
    { name: 'Autumn Seed Swap' },
  ],
  copy_event: (app) => [
    {
      event_id: ids(app).eventId,
      target_event_name: 'Winter Seed Swap',
      source_campaign_activities: found(
        [...app.sandbox.account().events].find((row) => row.event_id === ids(app).eventId),
      )
        .promotions.slice(0, 1)
        .map((row) => row.campaign_activity_id),
    },
  ],
  get_event: (app) => [{ event_id: ids(app).eventId, include: true }],
  list_events: () => [{ limit: 6, status: 'ACTIVE' }],
  update_event: (app) => {
    const { event_id } = found([...app.sandbox.account().events].find((row) => row.status === 'DRAFT'));
    return [
      {
        event_id,
        name: 'Seed swap and clinic',
        title: 'Seed swap and plant clinic',
        description: 'Take what you lack.',
        status: 'ACTIVE',
        event_type: 'CLASSES_WORKSHOPS',
        event_code: 'SEEDS',
        event_start: '2040-05-06T14:00:00Z',
        event_end: '2040-05-06T18:00:00Z',
        time_zone: 'US/Eastern',
        currency_type: 'USD',
        location_type: 'PHYSICAL',
        address: { venue: 'Old Greenhouse', line1: '3 Garden Row', city: 'Lexington', latitude: 42.38 },
        online_meeting: { enabled: true, url: 'https://meet.example/seeds', provider: 'OTHER' },
        contact: { name: 'Avery Lindqvist', email: 'avery@garden.example' },
        event_metadata: { items: true, payment: true, promoCodes: true },
        notify_owner_on_reg: true,
        display_contact_flag: true,
        display_end_time_flag: true,
        display_time_zone_flag: false,
        display_on_calendar_flag: true,
      },
      { event_id, title: 'Seed swap only' },
    ];
  },
  undo_check_in_event_tickets: async (app) => {
    const { eventId, orderTicketKeys } = ids(app);
    await app.query(
      'mutation ($input: EventTicketsInput!) { checkInTickets(input: $input) { userErrors { code } } }',
      { variables: { input: { eventId, ticketKeys: orderTicketKeys } } },
    );
    return [{ event_id: eventId, order_ticket_keys: orderTicketKeys }];
  },
  list_event_track_registrations: (app) => [
    {
      event_id: ids(app).eventId,
      track_id: ids(app).trackId,
      limit: 7,
      registration_status: 'REGISTERED',
      payment_status: 'PAID',
      search_text: 'e',
      sort_by: 'EMAIL_ADDRESS',
      sort_order: 'DESC',
    },
  ],
  update_event_track_registrations: (app) => [
    {
      event_id: ids(app).eventId,
      track_id: ids(app).trackId,
      registration_ids: ids(app).registrationIds,
      registration_status: 'CANCELED',
      increase_count: false,
      increase_item_count: false,
      return_items_to_inventory: true,
    },
  ],
  update_event_track_registration_payment_status: (app) => [
    {
      event_id: ids(app).eventId,
      track_id: ids(app).trackId,
      registration_ids: ids(app).registrationIds,
      payment_status: 'PAID',
    },
  ],
};
