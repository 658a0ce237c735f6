import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
import type { EventRow, EventStatus } from '../src/sandbox/stores/event.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';

const UNKNOWN_ID = '06a100de-19b6-4266-874b-afff00ff6b01';

let app: TestApp;

beforeEach(async () => {
  app = await startApp({ sandbox: { contacts: 120 } });
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

const eventsOf = (status?: EventStatus): EventRow[] =>
  app.sandbox.account().events.filter((row) => status === undefined || row.status === status);
const [first, live] = [
  () => eventsOf('ACTIVE')[0]!,
  () => app.sandbox.account().events.filter((row) => row.status !== 'DELETED'),
];
const queryOf = (at = 0) => new URLSearchParams(app.sandbox.journal.entries[at]?.query);

async function ask(document: string, variables: Record<string, unknown> = {}): Promise<any> {
  const { data, errors } = await app.query(document, { variables });
  expect(errors).toBeUndefined();
  return data;
}

describe('events', () => {
  it('returns 25 rows of the collection with counts in one call', async () => {
    const { events } = await ask(
      `{ events(first: 25) { totalCount nodes {
        id eventId campaignId name title description type typeRaw status statusRaw startsAt endsAt timeZoneAbbreviation
        locationType location { venue city stateCode } registrationUrl createdAt registrationSummary { registrations ticketsSold itemsSold }
      } } }`,
    );
    expect(app.calls()).toEqual(['findEvents']);
    expect(events.nodes).toHaveLength(25);
    expect(events.totalCount).toBe(live().length);
    const { event_id, name, event_start } = first();
    const registered = app.sandbox
      .account()
      .registrations.where('event', event_id)
      .filter((row) => row.registration_status === 'REGISTERED');
    expect(events.nodes.find((node: any) => node.eventId === event_id)).toMatchObject({
      id: encodeGlobalId('Event', event_id),
      campaignId: event_id,
      name,
      status: 'ACTIVE',
      type: 'FESTIVALS_FAIRS',
      startsAt: new Date(event_start).toISOString(),
      timeZoneAbbreviation: 'EST',
      location: { city: 'Boston', stateCode: 'MA' },
      registrationSummary: {
        registrations: registered.length,
        ticketsSold: registered.reduce((sum, row) => sum + row.tickets.length, 0),
        itemsSold: registered.reduce((sum, row) => sum + row.items.length, 0),
      },
    });
  });

  it('pages with a cursor and never repeats a row', async () => {
    const ids: string[] = [];
    let after: string | null = null;
    do {
      const { events } = await ask(
        'query ($after: String) { events(first: 11, after: $after, orderBy: { field: NAME }) { nodes { eventId } pageInfo { hasNextPage endCursor } } }',
        { after },
      );
      ids.push(...events.nodes.map((node: any) => node.eventId));
      after = events.pageInfo.hasNextPage ? events.pageInfo.endCursor : null;
    } while (after !== null);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(live().length);
    expect(app.calls()).toHaveLength(3);
  });

  it('reads pages until one has the event whose counts are selected', async () => {
    const listing = (event_id: string, registration_count: number) => ({
      event_id,
      event_registration_summary_metrics: { registration_count },
    });
    const records = [listing('other', 7), listing(first().event_id, 5)];
    app.sandbox.faults.script({
      operationId: 'findEvents',
      fault: { kind: 'status', status: 200, body: { records, total_records: 300, next_cursor: 'more' } },
    });
    const { event } = await ask(
      'query ($id: ID!) { event(id: $id) { timeZone registrationSummary { registrations } } }',
      { id: first().event_id },
    );
    expect(event.registrationSummary).toEqual({ registrations: 5 });
    expect(app.calls()).toEqual(['getEvent_2', 'findEvents']);
  });

  it('follows a bare next_cursor with the same filters, and stops when it does not advance', async () => {
    const record = (event_id: string) => ({ event_id, name: event_id });
    for (const [id, next_cursor] of [
      ['a', 'one&two'],
      ['b', 'three'],
      ['c', 'three'],
    ]) {
      app.sandbox.faults.script({
        operationId: 'findEvents',
        fault: {
          kind: 'status',
          status: 200,
          body: { records: [record(id!)], total_records: 3, next_cursor },
        },
      });
    }
    const { events } = await ask(
      '{ events(first: 201, filter: { status: ACTIVE, searchText: "x y" }) { totalCount nodes { eventId } pageInfo { hasNextPage } } }',
    );
    expect(events).toEqual({
      totalCount: 3,
      nodes: [{ eventId: 'a' }, { eventId: 'b' }, { eventId: 'c' }],
      pageInfo: { hasNextPage: false },
    });
    expect(Object.fromEntries(queryOf(0))).toEqual({
      event_status: 'ACTIVE',
      search_text: 'x y',
      limit: '100',
    });
    expect(Object.fromEntries(queryOf(1))).toEqual({
      event_status: 'ACTIVE',
      search_text: 'x y',
      limit: '100',
      next: 'one&two',
    });
    expect(queryOf(2).get('next')).toBe('three');
    expect(app.calls()).toHaveLength(3);
  });

  it.each([
    ['ACTIVE', 'ACTIVE'],
    ['DRAFT', 'DRAFT'],
    ['COMPLETE', 'COMPLETE'],
    ['CANCELED', 'CANCELLED'],
    ['DELETED', 'DELETED'],
    ['ERROR', 'ERROR'],
  ])('filters by status %s', async (status, wire) => {
    const { events } = await ask(
      'query ($status: EventStatus) { events(first: 100, filter: { status: $status }) { nodes { eventId status } } }',
      { status },
    );
    expect(events.nodes).toEqual(
      eventsOf(wire as EventStatus).map(({ event_id }) => ({ eventId: event_id, status })),
    );
    expect(events.nodes.length).toBeGreaterThan(0);
  });

  it('searches, and sorts by each field both ways', async () => {
    const { events } = await ask('{ events(filter: { searchText: "letterpress" }) { nodes { name } } }');
    await ask('{ events(filter: { searchText: " " }) { nodes { name } } }');
    expect(queryOf(1).has('search_text')).toBe(false);
    expect(events.nodes.map((node: any) => node.name)).toEqual([
      'Letterpress for Beginners',
      'Advanced Letterpress',
    ]);
    for (const [field, wire] of Object.entries({
      NAME: 'name',
      STARTS_AT: 'start_time',
      ENDS_AT: 'end_time',
      CREATED_AT: 'created_time',
      UPDATED_AT: 'updated_time',
    })) {
      app.resetCalls();
      const data = await ask(
        `{ up: events(first: 30, orderBy: { field: ${field} }) { nodes { eventId } }
          down: events(first: 30, orderBy: { field: ${field}, direction: DESC }) { nodes { eventId } } }`,
      );
      expect(data.down.nodes).toHaveLength(live().length);
      expect(data.up.nodes.map((node: any) => node.eventId).sort()).toEqual(
        data.down.nodes.map((node: any) => node.eventId).sort(),
      );
      expect(data.up.nodes[0]).toEqual(data.down.nodes.at(-1));
      expect(queryOf().get('sort_by')).toBe(wire);
    }
  });

  it('reads the detail once for all fields that only the detail has', async () => {
    const { events } = await ask(
      '{ events(first: 2, filter: { status: ACTIVE }) { nodes { name timeZone currency updatedAt track { trackId } contact { name } registrationSummary { registrations } } } }',
    );
    expect(app.calls()).toEqual(['findEvents', 'getEvent_2', 'getEvent_2']);
    expect(events.nodes[0]).toMatchObject({
      timeZone: 'US/Eastern',
      currency: 'USD',
      track: { trackId: first().track.track_id },
      contact: { name: first().contact.name },
    });
  });
});

describe('event', () => {
  it('returns every field in one call, settings only when selected', async () => {
    const row = first();
    const ask1 = (fields: string) =>
      ask(`query ($id: ID!) { event(id: $id) { ${fields} } }`, { id: row.event_id });
    const { event } = await ask1(
      `name startsAt endsAt timeZone timeZoneAbbreviation status publishedAt canceledAt deletedAt updatedAt code notifyOwner calendarUrl
       widgetUrl ownerKey display { contact endTime timeZone onCalendar } features { items payment promoCodes }
       promotions { type default campaignActivityId campaignActivity { id campaignActivityId } }
       track {
         trackId registrationType ticketCapacity registrationClosed registrationEndsAt confirmationEmailActivityId confirmationEmail { campaignActivityId }
         items { name price { amount currency } quantitySold quantityRemaining attributes { name } statusLabels { label } }
         promoCodes { name type discountPercent discountAmount { amount currency } tickets { name associated } items { name associated } }
         mediaAssets { url }
       }`,
    );
    expect(app.calls()).toEqual(['getEvent_2']);
    expect(app.sandbox.journal.entries[0]?.query).toBe('');
    expect(event).toMatchObject({
      name: row.name,
      publishedAt: new Date(row.active_time!).toISOString(),
      canceledAt: null,
      features: { items: true, payment: true, promoCodes: true },
      promotions: [{ type: 'EMAIL_INVITATION', default: true }, { type: 'EMAIL_REMINDER' }],
      track: {
        trackId: row.track.track_id,
        confirmationEmail: { campaignActivityId: row.track.conf_email_campaign_activity_id },
        items: [
          {
            name: 'T-shirt',
            price: { amount: '22', currency: 'USD' },
            attributes: [{ name: 'S' }, { name: 'M' }, { name: 'L' }],
          },
        ],
        promoCodes: [
          { name: 'EARLY20', discountPercent: 20, discountAmount: null },
          { discountAmount: { amount: '5', currency: 'USD' } },
        ],
      },
    });
    app.resetCalls();
    expect((await ask1('name settings { hasTickets requiresPayment }')).event.settings).toEqual({
      hasTickets: true,
      requiresPayment: true,
    });
    expect(app.sandbox.journal.entries.map(({ query }) => query)).toEqual(['include=true']);
  });

  it('finds counts with one scan, which also answers other fields of the collection', async () => {
    const [a, b] = eventsOf('ACTIVE');
    const both = (fields: string) =>
      ask(
        `query ($a: ID!, $b: ID!) { a: event(id: $a) { ...Fields } b: event(id: $b) { ...Fields } }
        fragment Fields on Event { name startsAt location { city } registrationSummary { registrations } ${fields} }`,
        { a: a!.event_id, b: b!.event_id },
      );
    const data = await both('');
    expect(app.calls()).toEqual(['findEvents']);
    app.resetCalls();
    expect(await both('currency')).toMatchObject(data);
    expect(app.calls().sort()).toEqual(['findEvents', 'getEvent_2', 'getEvent_2']);
    expect(data.a.registrationSummary.registrations).toBeGreaterThan(
      data.b.registrationSummary.registrations,
    );
  });

  it('is null when it does not exist, found by node, and an entity by either key', async () => {
    const { event_id, name } = first();
    const id = encodeGlobalId('Event', event_id);
    const data = await ask(
      `query ($id: ID!, $nowhere: ID!, $r: [_Any!]!) {
        event(id: $nowhere) { name } node(id: $id) { __typename ... on Event { name } }
        _entities(representations: $r) { ... on Event { name } }
      }`,
      {
        id,
        nowhere: UNKNOWN_ID,
        r: [
          { __typename: 'Event', id },
          { __typename: 'Event', eventId: event_id },
          { __typename: 'Event', eventId: UNKNOWN_ID },
        ],
      },
    );
    expect(data).toEqual({
      event: null,
      node: { __typename: 'Event', name },
      _entities: [{ name }, { name }, null],
    });
    const bad = await app.query('{ event(id: "../contacts") { name } }');
    expect(bad.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', problem: 'INVALID_ID' });
  });

  it('accepts unknown enum values', async () => {
    app.sandbox.faults.script({
      operationId: 'getEvent_2',
      fault: {
        kind: 'status',
        status: 200,
        body: {
          event_id: UNKNOWN_ID,
          status: 'POSTPONED',
          event_type: 'SEANCE',
          event_start: 'soon',
          extra: { a: 1 },
        },
      },
    });
    const { event } = await ask(
      `{ event(id: "${UNKNOWN_ID}") { eventId status statusRaw type typeRaw startsAt endsAt track { trackId } promotions { type } registrations { totalCount } display { contact } } }`,
    );
    expect(event).toEqual({
      eventId: UNKNOWN_ID,
      status: 'UNKNOWN',
      statusRaw: 'POSTPONED',
      type: 'UNKNOWN',
      typeRaw: 'SEANCE',
      startsAt: null,
      endsAt: null,
      track: null,
      promotions: null,
      registrations: null,
      display: { contact: null },
    });
  });
});
