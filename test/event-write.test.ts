import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
import type { EventRow, EventStatus } from '../src/sandbox/stores/event.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';
import { startFacade } from './support/facade.js';
import { json, startUpstream } from './support/upstream.js';

let app: TestApp;

beforeEach(async () => {
  app = await startApp({ sandbox: { contacts: 60 } });
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

const eventIn = (status: EventStatus): EventRow =>
  app.sandbox.account().events.find((row) => row.status === status)!;
const ERRORS = 'userErrors { code field message }';

async function run(mutation: string, input: unknown, selection: string): Promise<any> {
  const type = mutation.replace(/^./, (letter) => letter.toUpperCase());
  const inputType = /check/i.test(mutation) ? 'EventTicketsInput' : `${type}Input`;
  const { data, errors } = await app.query(
    `mutation ($input: ${inputType}!) { result: ${mutation}(input: $input) { ${selection} ${ERRORS} } }`,
    { variables: { input } },
  );
  expect(errors).toBeUndefined();
  return data.result;
}

describe('createEvent', () => {
  it('creates a minimal event with one call, without a read', async () => {
    const { event, userErrors } = await run(
      'createEvent',
      {
        name: 'Bee Walk',
        startsAt: '2030-05-01T10:00:00+02:00',
        endsAt: '2030-05-01T12:00:00+02:00',
        placeholderCampaignId: 'campaign-123',
      },
      'event { eventId name status startsAt endsAt track { trackId } }',
    );
    expect(userErrors).toEqual([]);
    expect(event).toMatchObject({
      name: 'Bee Walk',
      status: 'DRAFT',
      startsAt: '2030-05-01T08:00:00.000Z',
      endsAt: '2030-05-01T10:00:00.000Z',
    });
    expect(app.calls()).toEqual(['addDefaultEvent']);
    expect(Object.fromEntries(new URLSearchParams(app.sandbox.journal.entries[0]?.query))).toEqual({
      name: 'Bee Walk',
      start_time: '2030-05-01T08:00:00.000Z',
      end_time: '2030-05-01T10:00:00.000Z',
      placeholder_campaign_id: 'campaign-123',
    });
  });

  it('sets the other fields with a PATCH, and reads the event only when it is selected', async () => {
    const input = {
      name: 'Moth Night',
      description: 'Lamps, sheets and patience.',
      location: { venue: 'Meadow', city: 'Waltham', stateCode: 'MA', countryCode: 'US' },
    };
    const { event } = await run(
      'createEvent',
      input,
      'event { eventId description location { venue city line1 } }',
    );
    expect(event).toMatchObject({
      description: 'Lamps, sheets and patience.',
      location: { venue: 'Meadow', city: 'Waltham', line1: '' },
    });
    expect(app.calls()).toEqual(['addDefaultEvent', 'patchEvent', 'getEvent_2']);
    app.resetCalls();
    const bare = await run('createEvent', { name: 'Owl Night', description: 'x' }, 'event { id eventId }');
    expect(bare.event.eventId).toBeTruthy();
    expect(app.calls()).toEqual(['addDefaultEvent', 'patchEvent']);
  });

  it.each([
    [
      {
        kind: 'status',
        status: 400,
        body: { error_key: 'events.api.validation.error', error_message: 'no' },
      } as const,
    ],
    [{ kind: 'status', status: 500, body: {} } as const],
    [{ kind: 'reset' } as const],
  ])('returns the event when the second call fails: %j', async (fault) => {
    app.sandbox.faults.script({ operationId: 'patchEvent', fault, times: 10 });
    const { event, userErrors } = await run(
      'createEvent',
      { name: 'Fox Walk', description: 'x' },
      'event { eventId name }',
    );
    const row = app.sandbox.account().events.first('name', 'fox walk');
    expect(event).toEqual({ eventId: row?.event_id, name: 'Fox Walk' });
    expect(userErrors).toEqual([
      { code: 'PARTLY_DONE', field: [], message: expect.stringContaining(row!.event_id) as string },
    ]);
    expect(app.calls().filter((id) => id === 'addDefaultEvent')).toHaveLength(1);
  });

  it.each([
    ['nothing', { kind: 'empty', status: 201 }],
    ['no id', { kind: 'status', status: 201, body: {} }],
  ] as const)('reports a response with %s, and stops there', async (_what, fault) => {
    app.sandbox.faults.script({ operationId: 'addDefaultEvent', fault });
    const { data } = await app.query(
      'mutation { createEvent(input: { name: "Newt Walk", description: "x" }) { event { name } userErrors { code } } }',
    );
    expect(data.createEvent).toEqual({ event: null, userErrors: [{ code: 'DONE_UNREAD' }] });
    expect(app.calls()).toEqual(['addDefaultEvent']);
  });

  it('checks every limit before any call', async () => {
    const long = (length: number) => 'x'.repeat(length);
    const { userErrors, event } = await run(
      'createEvent',
      {
        name: long(101),
        title: long(101),
        description: long(601),
        startsAt: '2030-01-02T00:00:00Z',
        endsAt: '2030-01-01T00:00:00Z',
        currency: 'usd',
        location: { venue: long(101), line1: long(81), countryCode: 'USA', latitude: 91 },
        contact: { name: ' ', organizationName: long(256), phone: long(26) },
        track: { ticketCapacity: -1 },
        timeZone: null,
      },
      'event { eventId }',
    );
    expect(event).toBeNull();
    expect(userErrors.map((error: any) => [error.field.slice(1).join('.'), error.code]).sort()).toEqual(
      [
        ['contact.name', 'REQUIRED'],
        ['contact.organizationName', 'TOO_LONG'],
        ['contact.phone', 'TOO_LONG'],
        ['currency', 'INVALID'],
        ['description', 'TOO_LONG'],
        ['endsAt', 'INVALID'],
        ['location.countryCode', 'TOO_LONG'],
        ['location.latitude', 'INVALID'],
        ['location.line1', 'TOO_LONG'],
        ['location.venue', 'TOO_LONG'],
        ['name', 'TOO_LONG'],
        ['timeZone', 'REQUIRED'],
        ['title', 'TOO_LONG'],
        ['track.ticketCapacity', 'INVALID'],
      ].sort(),
    );
    expect(userErrors.find((error: any) => error.field[1] === 'description').message).toContain('600');
    expect(app.calls()).toEqual([]);
    const taken = await run('createEvent', { name: eventIn('ACTIVE').name }, 'event { eventId }');
    expect(taken.userErrors[0].code).toBe('REJECTED');
  });
});

describe('updateEvent', () => {
  it('sends only given properties and keeps the rest', async () => {
    const row = eventIn('ACTIVE');
    const before = structuredClone(row);
    const { event } = await run(
      'updateEvent',
      { id: encodeGlobalId('Event', row.event_id), title: 'New title', display: { timeZone: true } },
      'event { id eventId }',
    );
    expect(event.eventId).toBe(row.event_id);
    expect(app.calls()).toEqual(['patchEvent']);
    expect(row).toEqual({
      ...before,
      title: 'New title',
      display_time_zone_flag: true,
      last_update_time: row.last_update_time,
    });
  });

  it('sets every field that can be set', async () => {
    const row = eventIn('DRAFT');
    const { event, userErrors } = await run(
      'updateEvent',
      {
        id: row.event_id,
        name: 'Renamed',
        title: 'T',
        description: 'D',
        status: 'ACTIVE',
        type: 'WEDDINGS',
        code: 'C1',
        startsAt: '2031-01-01T10:00:00Z',
        endsAt: '2031-01-01T11:00:00Z',
        timeZone: 'US/Pacific',
        currency: 'EUR',
        locationType: 'VIRTUAL',
        location: {
          venue: 'V',
          line1: 'L1',
          line2: 'L2',
          city: 'C',
          state: 'S',
          stateCode: 'MA',
          postalCode: '1',
          country: 'U',
          countryCode: 'US',
          latitude: 1.5,
          longitude: -2.5,
        },
        onlineMeeting: {
          enabled: true,
          url: 'https://meet.example/x',
          label: 'Join',
          instructions: 'Knock',
          provider: 'ZOOM',
        },
        contact: {
          name: 'N',
          organizationName: 'O',
          email: 'a@example.com',
          fromEmail: 'b@example.com',
          phone: '1',
        },
        display: { contact: false, endTime: false, timeZone: true, onCalendar: true },
        features: { items: true, payment: true, promoCodes: true },
        notifyOwner: true,
        track: {
          ticketCapacity: 7,
          registrationClosed: true,
          registrationEndsAt: '2031-01-01T09:00:00Z',
          registrationType: 'TICKET',
          singleTicketOnly: true,
          feeScope: 'REGISTRANT',
          ticketsHeader: 'Seats',
          itemsHeader: 'Extras',
          promoCodes: [{ name: 'BEES', discountPercent: 10, quantityTotal: 5 }],
          mediaAssets: [{ internalId: 'm1', url: 'https://pictures.example/1.png', type: 'BNR' }],
        },
      },
      `event {
        name title description status type code startsAt endsAt timeZone currency locationType location { venue line2 latitude longitude }
        onlineMeeting { enabled url label instructions provider } contact { name organizationName email fromEmail phone }
        display { contact endTime timeZone onCalendar } features { items payment promoCodes } notifyOwner
        track { ticketCapacity registrationClosed registrationEndsAt singleTicketOnly feeScope ticketsHeader itemsHeader promoCodes { name discountPercent quantityTotal } mediaAssets { internalId url type } }
      }`,
    );
    expect(userErrors).toEqual([]);
    expect(app.calls()).toEqual(['getEvent_2', 'patchEvent', 'getEvent_2']);
    expect(event).toMatchObject({
      name: 'Renamed',
      status: 'ACTIVE',
      type: 'WEDDINGS',
      startsAt: '2031-01-01T10:00:00.000Z',
      timeZone: 'US/Pacific',
      location: { venue: 'V', line2: 'L2', latitude: 1.5, longitude: -2.5 },
      onlineMeeting: {
        enabled: true,
        url: 'https://meet.example/x',
        label: 'Join',
        instructions: 'Knock',
        provider: 'ZOOM',
      },
      contact: {
        name: 'N',
        organizationName: 'O',
        email: 'a@example.com',
        fromEmail: 'b@example.com',
        phone: '1',
      },
      display: { contact: false, endTime: false, timeZone: true, onCalendar: true },
      features: { items: true, payment: true, promoCodes: true },
      notifyOwner: true,
      track: {
        promoCodes: [{ name: 'BEES', discountPercent: 10, quantityTotal: 5 }],
        mediaAssets: [{ internalId: 'm1', url: 'https://pictures.example/1.png', type: 'BNR' }],
        ticketCapacity: 7,
        registrationClosed: true,
        singleTicketOnly: true,
        feeScope: 'REGISTRANT',
        ticketsHeader: 'Seats',
        itemsHeader: 'Extras',
      },
    });
  });

  it('clears every nullable field with null', async () => {
    const row = eventIn('ACTIVE');
    const { event, userErrors } = await run(
      'updateEvent',
      {
        id: row.event_id,
        description: null,
        code: null,
        location: null,
        onlineMeeting: null,
        notifyOwner: null,
        features: { promoCodes: null },
      },
      'event { description code location { venue city } onlineMeeting { enabled } notifyOwner features { promoCodes items } title }',
    );
    expect(userErrors).toEqual([]);
    expect(event).toEqual({
      description: '',
      code: '',
      location: { venue: '', city: '' },
      onlineMeeting: { enabled: false },
      notifyOwner: false,
      features: { promoCodes: false, items: true },
      title: row.title,
    });
  });

  it('rejects invalid changes', async () => {
    const { event_id } = eventIn('ACTIVE');
    const refuse = async (input: object, code: string) => {
      const { userErrors } = await run('updateEvent', { id: event_id, ...input }, 'event { eventId }');
      expect(userErrors[0].code).toBe(code);
    };
    await refuse({}, 'REQUIRED');
    await refuse({ name: null }, 'REQUIRED');
    await refuse({ startsAt: null }, 'REQUIRED');
    await refuse({ contact: null }, 'REQUIRED');
    await refuse({ features: {} }, 'REQUIRED');
    await refuse({ display: {}, track: {} }, 'REQUIRED');
    expect(app.calls()).toEqual([]);
    await refuse({ id: eventIn('COMPLETE').event_id, title: 'x' }, 'REJECTED');
    await refuse({ id: '06a100de-19b6-4266-874b-afff00ff6b01', title: 'x' }, 'NOT_FOUND');
  });
});

describe('updateEvent with a nested object', () => {
  const CONTACT = 'contact { name organizationName email fromEmail phone }';
  const LOCATION = 'location { venue line1 city state stateCode postalCode country countryCode latitude }';
  const MEETING = 'onlineMeeting { enabled url label instructions provider }';
  const TRACK =
    'track { ticketsHeader itemsHeader ticketCapacity promoCodes { name } mediaAssets { internalId } }';
  const FEATURES = 'features { items payment promoCodes }';

  it.each([
    ['onlineMeeting', MEETING, { label: 'Join' }],
    ['onlineMeeting', MEETING, { instructions: null }],
    ['location', LOCATION, { city: 'Lund' }],
    ['location', LOCATION, { stateCode: null }],
    ['contact', CONTACT, { name: 'N', organizationName: 'O' }],
    ['contact', CONTACT, { phone: '1' }],
    ['contact', CONTACT, { fromEmail: null }],
    ['features', FEATURES, { items: true }],
    ['track', TRACK, { ticketsHeader: 'Seats' }],
  ])('keeps the rest of %s', async (part, selection, change) => {
    const { event_id: id } = eventIn('ACTIVE');
    const whole = {
      onlineMeeting: {
        enabled: true,
        url: 'https://meet.example/x',
        label: 'L',
        instructions: 'I',
        provider: 'ZOOM',
      },
      location: {
        venue: 'V',
        line1: 'L',
        city: 'C',
        state: 'Ohio',
        stateCode: 'OH',
        postalCode: '1',
        country: 'US',
      },
      contact: {
        name: 'A',
        organizationName: 'B',
        email: 'a@example.org',
        fromEmail: 'b@example.org',
        phone: '2',
      },
      features: { items: false, payment: true, promoCodes: true },
      track: { ticketsHeader: 'T', itemsHeader: 'I', promoCodes: [{ name: 'BEES' }] },
    };
    const before = (await run('updateEvent', { id, ...whole }, `event { ${selection} }`)).event[part];
    app.resetCalls();
    const { event, userErrors } = await run('updateEvent', { id, [part]: change }, `event { ${selection} }`);
    expect(userErrors).toEqual([]);
    const [[key, value]] = Object.entries(change) as [[string, unknown]];
    expect(event[part]).toEqual({ ...before, ...change, [key]: value ?? '' });
    expect(app.calls()).toEqual(['getEvent_2', 'patchEvent', 'getEvent_2']);
  });

  it('reads nothing when no nested object is changed, and clears one without a read', async () => {
    const { event_id: id } = eventIn('ACTIVE');
    const { userErrors } = await run(
      'updateEvent',
      { id, title: 'T', display: { contact: true }, onlineMeeting: null, location: null, track: {} },
      'event { eventId }',
    );
    expect(userErrors).toEqual([]);
    expect(app.calls()).toEqual(['patchEvent']);
  });

  it('that does not exist is reported before the write', async () => {
    const { userErrors } = await run(
      'updateEvent',
      { id: '06a100de-19b6-4266-874b-afff00ff6b01', location: { city: 'C' } },
      'event { eventId }',
    );
    expect(userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['input', 'id'] }]);
    expect(app.calls()).toEqual(['getEvent_2']);
  });

  it('that is new needs the fields that the API requires of a contact', async () => {
    const { userErrors } = await run(
      'createEvent',
      { name: 'N', contact: { email: 'a@example.org' } },
      'event { eventId }',
    );
    expect(userErrors.map(({ code, field }: any) => [code, field.join('.')])).toEqual([
      ['REQUIRED', 'input.contact.name'],
      ['REQUIRED', 'input.contact.organizationName'],
    ]);
    expect(app.calls()).toEqual([]);
  });
});

describe('promo codes and images of an event', () => {
  const PROMO_CODE = {
    promoCodeId: 'p1',
    name: 'BEES',
    description: 'For keepers',
    scope: 'ORDER_TOTAL',
    type: 'PERCENT',
    discountAmount: { amount: '2.5' },
    discountPercent: 10,
    quantityTotal: 50,
    quantityUsed: 3,
    quantityAvailable: 47,
    timeLimited: true,
    startsAt: '2031-01-01T00:00:00Z',
    endsAt: '2031-02-01T00:00:00Z',
    paused: false,
    status: 'ACTIVE',
    tickets: [
      {
        ticketId: 't1',
        name: 'Seat',
        type: 'PAID',
        associated: true,
        shownOnRedemption: true,
        hidden: false,
      },
    ],
    items: [{ itemId: 'i1', name: 'Honey', associated: false, shownOnRedemption: false, hidden: true }],
    deletedAt: '2031-03-01T00:00:00Z',
  };

  /** The track as it is sent to the API. */
  async function sent(track: object): Promise<unknown> {
    const upstream = await startUpstream((response, { method }) => {
      if (method === 'GET') json(response, 200, { event_id: '06a100de-19b6-4266-874b-afff00ff6b01' });
      else response.writeHead(204).end();
    });
    const facade = startFacade(upstream.url);
    const { errors } = await facade.query({
      query: `mutation ($input: UpdateEventInput!) { updateEvent(input: $input) { ${ERRORS} } }`,
      variables: { input: { id: '06a100de-19b6-4266-874b-afff00ff6b01', track } },
    });
    expect(errors).toBeUndefined();
    await facade.close();
    await upstream.close();
    expect(upstream.requests.map(({ method }) => method)).toEqual(['GET', 'PATCH']);
    return JSON.parse(upstream.requests[1]?.body ?? '');
  }

  it('are sent with every field', async () => {
    const mediaAssets = [
      { internalId: 'm1', externalId: 'x1', url: 'https://pictures.example/1.png', type: 'BNR' },
    ];
    expect(await sent({ promoCodes: [PROMO_CODE, { name: 'WASPS', paused: null }], mediaAssets })).toEqual({
      default_track: {
        promo_codes: [
          {
            id: 'p1',
            name: 'BEES',
            description: 'For keepers',
            discount_code_scope: 'ORDER_TOTAL',
            discount_code_type: 'PERCENT',
            discount_amount: 2.5,
            discount_percent: 10,
            quantity_total: 50,
            quantity_used: 3,
            quantity_available: 47,
            time_limit_flag: true,
            start_time: '2031-01-01T00:00:00.000Z',
            end_time: '2031-02-01T00:00:00.000Z',
            paused_flag: false,
            status: 'ACTIVE',
            tickets: [
              {
                ticket_id: 't1',
                name: 'Seat',
                ticket_type: 'PAID',
                associated: true,
                display_ticket_on_promo_redemption: true,
                hidden_flag: false,
              },
            ],
            items: [
              {
                item_id: 'i1',
                name: 'Honey',
                associated: false,
                display_item_on_promo_redemption: false,
                hidden_flag: true,
              },
            ],
            deleted_time: '2031-03-01T00:00:00.000Z',
          },
          { name: 'WASPS' },
        ],
        media_assets: [
          {
            internal_id: 'm1',
            external_id: 'x1',
            external_url: 'https://pictures.example/1.png',
            media_type: 'BNR',
          },
        ],
      },
    });
    for (const amount of ['0.1', '1999999999.99'])
      expect(
        await sent({ promoCodes: [{ name: 'X', discountAmount: { amount, currency: 'USD' } }] }),
      ).toEqual({
        default_track: { promo_codes: [{ name: 'X', discount_amount: Number(amount) }] },
      });
    expect(await sent({ promoCodes: null, mediaAssets: [] })).toEqual({
      default_track: { promo_codes: [], media_assets: [] },
    });
  });

  it.each([2.5, 'free', '', '12345678901234.56'])('reject an amount such as %j', async (amount) => {
    const track = { promoCodes: [{ name: 'X', discountAmount: { amount } }] };
    const { errors } = await app.query(
      `mutation ($input: UpdateEventInput!) { updateEvent(input: $input) { ${ERRORS} } }`,
      { variables: { input: { id: eventIn('ACTIVE').event_id, track } } },
    );
    expect(errors?.[0].message).toContain('Write a decimal number as text');
    expect(app.calls()).toEqual([]);
  });

  it('are in the currency of the event', async () => {
    const track = { promoCodes: [{ name: 'X', discountAmount: { amount: '5', currency: 'EUR' } }] };
    const field = ['input', 'track', 'promoCodes', '0', 'discountAmount', 'currency'];
    const wrong = async (mutation: string, input: object) => {
      app.resetCalls();
      const { userErrors } = await run(mutation, { ...input, track }, 'event { eventId }');
      expect(userErrors).toMatchObject([{ code: 'INVALID', field }]);
      return app.calls();
    };
    const { event_id: id } = eventIn('ACTIVE');
    expect(await wrong('updateEvent', { id })).toEqual(['getEvent_2']);
    expect(await wrong('updateEvent', { id, currency: 'USD' })).toEqual([]);
    expect(await wrong('createEvent', { name: 'Fair' })).toEqual([]);
    const { userErrors } = await run('updateEvent', { id, track, currency: 'EUR' }, 'event { eventId }');
    expect(userErrors).toEqual([]);
  });

  it('match the contract, and are checked before any call', async () => {
    const { event_id: id } = eventIn('ACTIVE');
    const track = { promoCodes: [PROMO_CODE], mediaAssets: [{ internalId: 'm1' }] };
    expect((await run('updateEvent', { id, track }, 'event { eventId }')).userErrors).toEqual([]);
    expect(app.calls()).toEqual(['getEvent_2', 'patchEvent']);
    app.resetCalls();
    const wrong = {
      name: ' ',
      discountAmount: { amount: '-1' },
      discountPercent: 101,
      quantityTotal: -1,
      startsAt: '2031-02-01T00:00:00Z',
      endsAt: '2031-01-01T00:00:00Z',
    };
    const { userErrors } = await run(
      'updateEvent',
      { id, track: { promoCodes: [PROMO_CODE, wrong] } },
      'event { eventId }',
    );
    expect(userErrors.map(({ code, field }: any) => [field.join('.'), code])).toEqual([
      ['input.track.promoCodes.1.name', 'REQUIRED'],
      ['input.track.promoCodes.1.discountPercent', 'INVALID'],
      ['input.track.promoCodes.1.quantityTotal', 'INVALID'],
      ['input.track.promoCodes.1.discountAmount.amount', 'INVALID'],
      ['input.track.promoCodes.1.endsAt', 'INVALID'],
    ]);
    expect(app.calls()).toEqual([]);
  });
});

describe('updateEvent with null for fields that cannot be cleared', () => {
  it.each([
    ['track', { ticketCapacity: null, registrationEndsAt: null, registrationType: null, feeScope: null }],
    ['onlineMeeting', { provider: null }],
    ['location', { latitude: null, longitude: null }],
    ['contact', { name: 'N', organizationName: 'O', phone: null }],
  ])('names each field of %s, and sends nothing', async (part, input) => {
    const { userErrors } = await run(
      'updateEvent',
      { id: eventIn('ACTIVE').event_id, title: 'x', [part]: input },
      'event { eventId }',
    );
    const nulls = Object.entries(input).filter(([, value]) => value === null);
    expect(userErrors).toEqual(
      nulls.map(([key]) => ({
        code: 'REQUIRED',
        field: ['input', part, key],
        message: expect.any(String) as string,
      })),
    );
    expect(app.calls()).toEqual([]);
  });
});

describe('copyEvent', () => {
  it('copies with one call', async () => {
    const row = eventIn('COMPLETE');
    const result = await run(
      'copyEvent',
      { id: row.event_id, name: 'Fair again' },
      'failedCampaignActivityIds event { eventId name description status failedCampaignActivityIds track { trackId } }',
    );
    expect(result).toMatchObject({
      failedCampaignActivityIds: [],
      event: { name: 'Fair again', description: row.description, status: 'DRAFT' },
      userErrors: [],
    });
    expect(result.event.eventId).not.toBe(row.event_id);
    expect(result.event.track.trackId).not.toBe(row.track.track_id);
    expect(app.calls()).toEqual(['copyEvent']);
  });

  it('reports a name that another event has', async () => {
    app.sandbox.faults.script({ operationId: 'copyEvent', fault: { kind: 'status', status: 409 } });
    const input = { id: eventIn('COMPLETE').event_id, name: 'Fair' };
    const { userErrors } = await run('copyEvent', input, 'event { name }');
    expect(userErrors).toMatchObject([{ code: 'ALREADY_EXISTS', field: ['input', 'name'] }]);
    expect(app.calls()).toEqual(['copyEvent']);
  });

  it('reports activities that were not copied', async () => {
    const row = eventIn('ACTIVE');
    const [known] = row.promotions;
    const unknown = '06a100de-19b6-4266-874b-afff00ff6b01';
    const { event, userErrors, failedCampaignActivityIds } = await run(
      'copyEvent',
      {
        id: row.event_id,
        name: 'Half of it',
        campaignActivityIds: [encodeGlobalId('EmailCampaignActivity', known!.campaign_activity_id), unknown],
      },
      'failedCampaignActivityIds event { name promotions { type } }',
    );
    expect(event).toEqual({ name: 'Half of it', promotions: [{ type: 'EMAIL_INVITATION' }] });
    expect(failedCampaignActivityIds).toEqual([unknown]);
    expect(userErrors).toEqual([
      {
        code: 'PARTLY_DONE',
        field: ['input', 'campaignActivityIds'],
        message: expect.stringContaining(unknown) as string,
      },
    ]);
  });

  it('reports errors that need no call together', async () => {
    const { userErrors } = await run(
      'copyEvent',
      { id: '../x', name: ' ', campaignActivityIds: ['./y'] },
      'event { name }',
    );
    expect(userErrors.map(({ field }: { field: string[] }) => field.slice(1).join('.'))).toEqual([
      'name',
      'id',
      'campaignActivityIds.0',
    ]);
    expect(app.calls()).toEqual([]);
  });

  it('copies no activities with an empty list', async () => {
    const row = eventIn('ACTIVE');
    const { event, userErrors } = await run(
      'copyEvent',
      { id: row.event_id, name: 'Bare copy', campaignActivityIds: [] },
      'event { name promotions { type } }',
    );
    expect(userErrors).toEqual([]);
    expect(event).toEqual({ name: 'Bare copy', promotions: [] });
    expect(app.calls()).toEqual(['copyEvent']);
  });

  it('reports in a full sentence that some activities are missing when the API names none', async () => {
    const { event_id } = eventIn('ACTIVE');
    app.sandbox.faults.script({
      operationId: 'copyEvent',
      fault: { kind: 'status', status: 207, body: { event_id } },
    });
    const { userErrors, failedCampaignActivityIds } = await run(
      'copyEvent',
      { id: event_id, name: 'Half of it' },
      'failedCampaignActivityIds event { eventId }',
    );
    expect(failedCampaignActivityIds).toEqual([]);
    expect(userErrors[0].message).toBe('The event was copied, but not all of its activities.');
  });

  it('reports a response without the copy', async () => {
    app.sandbox.faults.script({ operationId: 'copyEvent', fault: { kind: 'empty', status: 200 } });
    const { data } = await app.query(
      'mutation ($input: CopyEventInput!) { copyEvent(input: $input) { event { name } userErrors { code } } }',
      { variables: { input: { id: eventIn('ACTIVE').event_id, name: 'Unseen' } } },
    );
    expect(data.copyEvent).toEqual({ event: null, userErrors: [{ code: 'DONE_UNREAD' }] });
    expect(app.calls()).toEqual(['copyEvent']);
  });

  it('rejects deleted events and duplicate names', async () => {
    for (const input of [
      { id: eventIn('DELETED').event_id, name: 'New' },
      { id: eventIn('ACTIVE').event_id, name: eventIn('DRAFT').name },
    ]) {
      expect((await run('copyEvent', input, 'event { eventId }')).userErrors[0].code).toBe('REJECTED');
    }
    app.resetCalls();
    const { userErrors } = await run(
      'copyEvent',
      { id: eventIn('ACTIVE').event_id, name: '' },
      'event { eventId }',
    );
    expect(userErrors[0]).toMatchObject({ code: 'REQUIRED', field: ['input', 'name'] });
    expect(app.calls()).toEqual([]);
  });
});

describe('check-in', () => {
  const registered = (event: EventRow) =>
    app.sandbox
      .account()
      .registrations.where('event', event.event_id)
      .filter((row) => row.registration_status === 'REGISTERED');

  it('checks tickets in and out', async () => {
    const event = eventIn('ACTIVE');
    const [ticket, other] = registered(event).flatMap((row) => row.tickets);
    const ticketKeys = [ticket!.order_ticket_key, other!.order_ticket_key];
    const input = { eventId: event.event_id, ticketKeys: [...ticketKeys, ticketKeys[0]] };
    expect(await run('checkInTickets', input, 'ticketKeys event { eventId }')).toEqual({
      ticketKeys,
      event: { eventId: event.event_id },
      userErrors: [],
    });
    expect(app.calls()).toEqual(['checkInTickets']);
    expect(ticket!.checked_in_time).not.toBeNull();
    expect((await run('undoCheckInTickets', input, 'ticketKeys event { name }')).event.name).toBe(event.name);
    expect(app.calls()).toEqual(['checkInTickets', 'undoCheckInTickets', 'getEvent_2']);
    expect([ticket!.checked_in_time, other!.checked_in_time]).toEqual([null, null]);
  });

  it('rejects canceled tickets, events that are not active, and an empty list', async () => {
    const event = eventIn('ACTIVE');
    const canceled = app.sandbox
      .account()
      .registrations.where('event', event.event_id)
      .find((row) => row.registration_status === 'CANCELED')!;
    const keys = [canceled.tickets[0]!.order_ticket_key];
    for (const [input, code] of [
      [{ eventId: event.event_id, ticketKeys: keys }, 'REJECTED'],
      [{ eventId: eventIn('DRAFT').event_id, ticketKeys: keys }, 'REJECTED'],
      [{ eventId: event.event_id, ticketKeys: [] }, 'REQUIRED'],
      [{ eventId: event.event_id, ticketKeys: [' '] }, 'REQUIRED'],
      [{ eventId: event.event_id, ticketKeys: Array.from({ length: 501 }, (_, i) => `k${i}`) }, 'TOO_MANY'],
      [{ eventId: 'no id', ticketKeys: keys }, 'INVALID_ID'],
    ] as const) {
      expect((await run('checkInTickets', input, 'ticketKeys')).userErrors[0].code).toBe(code);
      expect((await run('undoCheckInTickets', input, 'ticketKeys')).userErrors[0].code).toBe(code);
    }
    expect(app.calls()).toHaveLength(4);
  });
});

it('an update with the values that a query returned for the event changes nothing', async () => {
  const WRITTEN = `name startsAt endsAt title status type timeZone currency locationType
    location { venue city stateCode latitude longitude } contact { name organizationName email }
    track { registrationEndsAt registrationType feeScope
      promoCodes { promoCodeId name discountAmount { amount currency } discountPercent startsAt endsAt } }`;
  const { event_id: id } = app.sandbox
    .account()
    .events.find((row) => row.track.promo_codes.some(({ amount }) => amount !== null))!;
  const read = await app.query(`query ($id: ID!) { event(id: $id) { ${WRITTEN} } }`, { variables: { id } });
  app.resetCalls();
  const { event, userErrors } = await run('updateEvent', { id, ...read.data.event }, `event { ${WRITTEN} }`);
  expect(userErrors).toEqual([]);
  expect(event).toEqual(read.data.event);
  expect(app.calls()).toEqual(['getEvent_2', 'patchEvent', 'getEvent_2']);
});
