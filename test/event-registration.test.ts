import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
import type { EventRow, RegistrationRow } from '../src/sandbox/stores/event.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';

const UNKNOWN_ID = '06a100de-19b6-4266-874b-afff00ff6b01';

let app: TestApp;
let event: EventRow;
let rows: readonly RegistrationRow[];

beforeEach(async () => {
  app = await startApp({ sandbox: { contacts: 200 } });
  event = app.sandbox.account().events.find((row) => row.status === 'ACTIVE')!;
  rows = app.sandbox.account().registrations.where('event', event.event_id);
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

async function ask(document: string, variables: Record<string, unknown> = {}): Promise<any> {
  const { data, errors } = await app.query(document, { variables: { id: event.event_id, ...variables } });
  expect(errors).toBeUndefined();
  return data;
}

const globalId = (row: RegistrationRow): string =>
  encodeGlobalId('EventRegistration', row.event_id, row.track_id, row.registration_id);
const in_ = (status: RegistrationRow['registration_status']) =>
  rows.filter((row) => row.registration_status === status);

describe('the track of an event', () => {
  it('resolves its registrations, and their event, without another call', async () => {
    const { event: found } = await ask(
      `query ($id: ID!) { event(id: $id) { track { trackId registrations(first: 3, filter: { status: REGISTERED }) {
        totalCount nodes { registrationId trackId track { trackId ticketCapacity } event { name } } } } } }`,
    );
    const { trackId, registrations } = found.track;
    expect(trackId).toBe(event.track.track_id);
    expect(registrations.totalCount).toBe(in_('REGISTERED').length);
    expect(registrations.nodes.length).toBeGreaterThan(0);
    for (const node of registrations.nodes) {
      expect(node.track).toEqual({ trackId, ticketCapacity: event.track.capacity });
      expect(node.event).toEqual({ name: event.name });
    }
    expect(app.calls()).toEqual(['getEvent_2', 'findRegistrationsUsingGET']);
  });

  it('is read in one call for all registrations of an event, and in none for its id', async () => {
    const rowsOf = (fields: string) =>
      `query ($id: ID!, $track: ID!) { event(id: $id) { registrations(first: 5, trackId: $track) { nodes { track { ${fields} } } } } }`;
    const variables = { track: event.track.track_id };
    const ids = await ask(rowsOf('trackId'), variables);
    expect(ids.event.registrations.nodes[0].track).toEqual({ trackId: event.track.track_id });
    expect(app.calls()).toEqual(['findRegistrationsUsingGET']);
    app.resetCalls();
    const { event: found } = await ask(rowsOf('trackId registrationType'), variables);
    expect(found.registrations.nodes.every((node: any) => node.track.registrationType)).toBe(true);
    expect(app.calls()).toEqual(['findRegistrationsUsingGET', 'getEvent_2']);
  });

  it('has its form as an activity, which is read only for more than its ids', async () => {
    const { event: found } = await ask(
      'query ($id: ID!) { event(id: $id) { track { campaignActivityId campaignActivity { id campaignActivityId } } } }',
    );
    const { campaignActivityId, campaignActivity } = found.track;
    expect(campaignActivity.campaignActivityId).toBe(campaignActivityId);
    expect(app.calls()).toEqual(['getEvent_2']);
  });
});

describe('registrations', () => {
  it('return 50 with name and payment status in two calls', async () => {
    const { event: found } = await ask(
      `query ($id: ID!) { event(id: $id) { registrations(first: 50) { totalCount nodes {
        id registrationId eventId trackId firstName lastName emailAddress status paymentStatus checkInStatus ticketCount
        checkedInTicketCount eligibleTicketCount total { amount currency } isNewContact registeredAt event { name }
      } } } }`,
    );
    expect(app.calls()).toEqual(['getEvent_2', 'findRegistrationsUsingGET']);
    expect(found.registrations.totalCount).toBe(rows.length);
    expect(found.registrations.nodes).toHaveLength(50);
    const [row] = rows;
    expect(found.registrations.nodes[0]).toMatchObject({
      id: globalId(row!),
      registrationId: row!.registration_id,
      eventId: event.event_id,
      trackId: event.track.track_id,
      firstName: row!.first_name,
      emailAddress: row!.email_address,
      status: 'REGISTERED',
      paymentStatus: row!.payment_status,
      ticketCount: row!.tickets.length,
      total: { amount: expect.stringMatching(/^\d+(\.\d+)?$/), currency: 'USD' },
      event: { name: event.name },
    });
  });

  it('are read without the track when its id is given, and not at all for an invalid one', async () => {
    const query = `query ($name: String!, $trackId: ID) {
      events(first: 1, filter: { searchText: $name }) { nodes {
        registrations(trackId: $trackId) { nodes { registrationId trackId event { eventId } } }
      } }
    }`;
    const variables = { name: event.name, trackId: event.track.track_id };
    const { events: found } = await ask(query, variables);
    expect(found.nodes[0].registrations.nodes[0]).toEqual({
      registrationId: rows[0]!.registration_id,
      trackId: event.track.track_id,
      event: { eventId: event.event_id },
    });
    expect(app.calls()).toEqual(['findEvents', 'findRegistrationsUsingGET']);
    app.resetCalls();
    const { errors } = await app.query(query, { variables: { ...variables, trackId: 'a/b' } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(app.calls()).toEqual(['findEvents']);
  });

  it('continue beyond a page, and from a cursor', async () => {
    const all = await ask(
      'query ($id: ID!) { event(id: $id) { registrations(first: 500) { nodes { registrationId } } } }',
    );
    expect(all.event.registrations.nodes.map((node: any) => node.registrationId)).toEqual(
      rows.map((row) => row.registration_id),
    );
    expect(app.calls()).toEqual(['getEvent_2', 'findRegistrationsUsingGET', 'findRegistrationsUsingGET']);
    const page = (after: string | null) =>
      ask(
        'query ($id: ID!, $after: String) { event(id: $id) { registrations(first: 40, after: $after, filter: { status: REGISTERED }) { nodes { status registrationId } pageInfo { endCursor hasNextPage } } } }',
        { after },
      );
    const one = (await page(null)).event.registrations;
    const two = (await page(one.pageInfo.endCursor)).event.registrations;
    expect([...one.nodes, ...two.nodes].map((node: any) => node.registrationId)).toEqual(
      in_('REGISTERED').map((row) => row.registration_id),
    );
    expect(two.pageInfo.hasNextPage).toBe(false);
  });

  it('are filtered by each state, by payment and by text, with limit alone', async () => {
    for (const status of ['PENDING', 'REGISTERED', 'CANCELED', 'EXPIRED', 'IN_PROGRESS', 'FAILED'] as const) {
      const data = await ask(
        'query ($id: ID!, $status: EventRegistrationStatus) { event(id: $id) { registrations(filter: { status: $status }) { totalCount nodes { status } } } }',
        { status },
      );
      expect(data.event.registrations.totalCount).toBe(in_(status).length);
      expect(data.event.registrations.nodes[0].status).toBe(status);
    }
    for (const [paymentStatus, wire] of [
      ['PAID', 'PAID'],
      ['PENDING', 'PENDING'],
      ['REFUNDED', 'REFUNDED'],
      ['CANCELED', 'CANCELLED'],
      ['FAILED', 'FAILED'],
      ['CHARGED_BACK', 'CHARGED_BACK'],
    ] as const) {
      const data = await ask(
        'query ($id: ID!, $p: EventPaymentStatus) { event(id: $id) { registrations(filter: { paymentStatus: $p }) { totalCount nodes { paymentStatus } } } }',
        { p: paymentStatus },
      );
      expect(data.event.registrations.totalCount).toBe(
        rows.filter((row) => row.payment_status === wire).length,
      );
      expect(data.event.registrations.nodes[0].paymentStatus).toBe(paymentStatus);
    }
    app.resetCalls();
    const [row] = rows;
    const data = await ask(
      'query ($id: ID!, $text: String) { event(id: $id) { registrations(first: 7, filter: { searchText: $text }) { nodes { emailAddress } } } }',
      { text: row!.email_address },
    );
    expect(data.event.registrations.nodes[0].emailAddress).toBe(row!.email_address);
    const sent = new URLSearchParams(app.sandbox.journal.entries[1]?.query);
    expect(Object.fromEntries(sent)).toEqual({ limit: '7', search_text: row!.email_address });
  });

  it('are sorted by each field both ways', async () => {
    for (const [field, wire] of Object.entries({
      FIRST_NAME: 'first_name',
      LAST_NAME: 'last_name',
      EMAIL_ADDRESS: 'email_address',
      STATUS: 'registration_status',
      PAYMENT_STATUS: 'payment_status',
      TICKET_COUNT: 'tickets',
      TOTAL: 'total',
    })) {
      app.resetCalls();
      await ask(
        `query ($id: ID!) { event(id: $id) { registrations(orderBy: { field: ${field}, direction: DESC }) { nodes { id } } } }`,
      );
      const sent = new URLSearchParams(app.sandbox.journal.entries[1]?.query);
      expect([sent.get('sort_by'), sent.get('sort_order')]).toEqual([wire, 'DESC']);
    }
    const { event: found } = await ask(
      'query ($id: ID!) { event(id: $id) { registrations(first: 64, orderBy: { field: TOTAL }) { nodes { total { amount } } } } }',
    );
    const totals = found.registrations.nodes.map((node: any) => Number(node.total.amount));
    expect(totals).toEqual([...totals].sort((a: number, b: number) => a - b));
  });

  it('continue after a page that has a cursor and no link', async () => {
    const record = (registration_id: string) => ({ registration_id, first_name: registration_id });
    for (const body of [
      { records: [record('a')], total_records: 2, next_cursor: 'q==' },
      { records: [record('b')], total_records: 2, next_cursor: null, _links: {} },
    ]) {
      app.sandbox.faults.script({
        operationId: 'findRegistrationsUsingGET',
        fault: { kind: 'status', status: 200, body },
      });
    }
    const { event: found } = await ask(
      'query ($id: ID!) { event(id: $id) { registrations(first: 2) { nodes { firstName } pageInfo { hasNextPage } } } }',
    );
    expect(found.registrations).toEqual({
      nodes: [{ firstName: 'a' }, { firstName: 'b' }],
      pageInfo: { hasNextPage: false },
    });
    expect(new URLSearchParams(app.sandbox.journal.entries[2]?.query).get('next')).toBe('q==');
  });

  it('read the detail of each once for the fields that only the detail has', async () => {
    const { event: found } = await ask(
      `query ($id: ID!) { event(id: $id) { registrations(first: 3) { nodes {
        firstName contactId contact { id contactId } tickets { ticketKey } order { number } formFields { name }
      } } } }`,
    );
    expect(found.registrations.nodes.map((node: any) => node.contactId)).toEqual(
      rows.slice(0, 3).map((row) => row.contact_id),
    );
    expect(app.calls()).toEqual([
      'getEvent_2',
      'findRegistrationsUsingGET',
      'getRegistrationInfo',
      'getRegistrationInfo',
      'getRegistrationInfo',
    ]);
  });

  it('link to contacts, which are loaded together', async () => {
    const { event: found } = await ask(
      'query ($id: ID!) { event(id: $id) { registrations(first: 20) { nodes { contactId contact { contactId firstName lists { listId } } } } } }',
    );
    for (const { contactId, contact } of found.registrations.nodes) {
      const row = app.sandbox.account().contacts.get(contactId);
      expect(contact).toMatchObject({ contactId, firstName: row?.first_name ?? null });
      expect(contact.lists).toHaveLength(row?.list_memberships.length ?? -1);
    }
    // One page scans all 200 contacts; the details have no cheaper way.
    expect(app.calls().filter((id) => id !== 'getRegistrationInfo')).toEqual([
      'getEvent_2',
      'findRegistrationsUsingGET',
      'getContacts',
    ]);
  });
});

describe('eventRegistration', () => {
  const WHOLE = `id registrationId firstName lastName emailAddress status statusRaw paymentStatus paymentStatusRaw checkInStatus ticketCount
    checkedInTicketCount eligibleTicketCount total { amount } isNewContact registeredAt contactId showsPhysicalTickets
    tickets { ticketKey name price { amount currency } editable checkedInAt fields { label value } } formFields { name label labelKey type value choices displayOrder }
    order { number title paymentStatus paymentMethod paidAt transactionId ticketsUrl ticketsText lines { name type amount { amount currency } formattedAmount } }`;

  it('returns every field in one call, by raw ids, by global id and by node', async () => {
    const row = rows.find((one) => one.payment_time !== null)!;
    const data = await ask(
      `query ($id: ID!, $track: ID!, $raw: ID!, $global: ID!) {
        raw: eventRegistration(eventId: $id, trackId: $track, registrationId: $raw) { ${WHOLE} }
        global: eventRegistration(eventId: $id, trackId: $track, registrationId: $global) { firstName event { eventId } }
        node(id: $global) { __typename ... on EventRegistration { lastName } }
      }`,
      { track: row.track_id, raw: row.registration_id, global: globalId(row) },
    );
    expect(app.calls()).toEqual(['getRegistrationInfo']);
    expect(data.raw).toMatchObject({
      id: globalId(row),
      firstName: row.first_name,
      lastName: row.last_name,
      emailAddress: row.email_address,
      status: row.registration_status,
      paymentStatus: 'PAID',
      ticketCount: row.tickets.length,
      total: null,
      contactId: row.contact_id,
      tickets: row.tickets.map((ticket) => ({
        ticketKey: ticket.order_ticket_key,
        price: { amount: String(ticket.price), currency: null },
      })),
      order: { number: row.order_number, paymentMethod: row.payment_method },
    });
    expect(data.raw.formFields[2]).toMatchObject({ name: 'CONTACT_EMAIL_ADDRESS', value: row.email_address });
    expect(data.raw.order.lines.at(-1).type).toBe('TOTAL');
    expect(data.global).toEqual({ firstName: row.first_name, event: { eventId: event.event_id } });
    expect(data.node).toEqual({ __typename: 'EventRegistration', lastName: row.last_name });
  });

  it('is null when it does not exist, and an entity by either key', async () => {
    const [row] = rows;
    const data = await ask(
      `query ($id: ID!, $track: ID!, $nowhere: ID!, $r: [_Any!]!) {
        eventRegistration(eventId: $id, trackId: $track, registrationId: $nowhere) { id }
        _entities(representations: $r) { ... on EventRegistration { firstName } }
      }`,
      {
        track: event.track.track_id,
        nowhere: UNKNOWN_ID,
        r: [
          { __typename: 'EventRegistration', id: globalId(row!) },
          {
            __typename: 'EventRegistration',
            eventId: row!.event_id,
            trackId: row!.track_id,
            registrationId: row!.registration_id,
          },
          {
            __typename: 'EventRegistration',
            eventId: row!.event_id,
            trackId: row!.track_id,
            registrationId: UNKNOWN_ID,
          },
        ],
      },
    );
    const { first_name: firstName } = row!;
    expect(data).toEqual({ eventRegistration: null, _entities: [{ firstName }, { firstName }, null] });
  });

  it('rejects ids of another event and invalid ids', async () => {
    const foreign = encodeGlobalId(
      'EventRegistration',
      UNKNOWN_ID,
      event.track.track_id,
      rows[0]!.registration_id,
    );
    for (const [trackId, registrationId] of [
      [event.track.track_id, foreign],
      [event.track.track_id, 'x'],
      ['../x', rows[0]!.registration_id],
    ]) {
      const { errors } = await app.query(
        'query ($e: ID!, $t: ID!, $r: ID!) { eventRegistration(eventId: $e, trackId: $t, registrationId: $r) { id } }',
        { variables: { e: event.event_id, t: trackId, r: registrationId } },
      );
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', problem: 'INVALID_ID' });
    }
    expect(app.calls()).toEqual([]);
  });
});

describe('registration mutations', () => {
  const RESULTS = 'results { registrationId updated registration { REG } } userErrors { code field message }';
  const status = (input: object, registration = 'id') =>
    ask(
      `mutation ($input: UpdateEventRegistrationsInput!) { r: updateEventRegistrations(input: $input) { ${RESULTS.replace('REG', registration)} } }`,
      { input: { eventId: event.event_id, trackId: event.track.track_id, ...input } },
    );
  const payment = (input: object, registration = 'id') =>
    ask(
      `mutation ($input: UpdateEventRegistrationPaymentStatusInput!) { r: updateEventRegistrationPaymentStatus(input: $input) { ${RESULTS.replace('REG', registration)} } }`,
      { input: { eventId: event.event_id, trackId: event.track.track_id, ...input } },
    );

  it('change states with one call, and read registrations only when they are selected', async () => {
    const [a, b] = in_('REGISTERED');
    const { r } = await status({
      registrationIds: [a!.registration_id, globalId(b!), a!.registration_id],
      status: 'CANCELED',
      returnItemsToInventory: false,
      increaseCount: true,
      increaseItemCount: false,
    });
    expect(r).toEqual({
      results: [a!, b!].map((row) => ({
        registrationId: row.registration_id,
        updated: true,
        registration: { id: globalId(row) },
      })),
      userErrors: [],
    });
    expect([a!.registration_status, b!.registration_status]).toEqual(['CANCELED', 'CANCELED']);
    expect(app.calls()).toEqual(['updateRegistrationStatusUsingPUT']);
    expect(Object.fromEntries(new URLSearchParams(app.sandbox.journal.entries[0]?.query))).toEqual({
      return_items_to_inventory: 'false',
      increase_count: 'true',
      increase_item_count: 'false',
    });
    app.resetCalls();
    const back = await status({ registrationIds: [a!.registration_id], status: 'APPROVED' }, 'status');
    expect(back.r.results[0].registration.status).toBe('REGISTERED');
    expect(app.calls()).toEqual(['updateRegistrationStatusUsingPUT', 'getRegistrationInfo']);
    expect(app.sandbox.journal.entries[0]?.query).toBe('');
  });

  it('report which registrations failed', async () => {
    const [a] = in_('REGISTERED');
    const some = (await status({ registrationIds: [UNKNOWN_ID, a!.registration_id], status: 'DECLINED' })).r;
    expect(some.results.map((result: any) => result.updated)).toEqual([false, true]);
    expect(some.userErrors).toEqual([
      {
        code: 'PARTLY_DONE',
        field: ['input', 'registrationIds', '0'],
        message: expect.stringContaining(UNKNOWN_ID) as string,
      },
    ]);
    const none = (await payment({ registrationIds: [UNKNOWN_ID], paymentStatus: 'PAID' })).r;
    expect(none).toMatchObject({ results: [{ updated: false }], userErrors: [{ code: 'REJECTED' }] });
  });

  it('fail when user errors are not selected and no registration was changed', async () => {
    const [a] = in_('REGISTERED');
    const declined = (registrationIds: string[]) =>
      app.query(
        'mutation ($input: UpdateEventRegistrationsInput!) { r: updateEventRegistrations(input: $input) { results { updated } } }',
        {
          variables: {
            input: {
              eventId: event.event_id,
              trackId: event.track.track_id,
              registrationIds,
              status: 'DECLINED',
            },
          },
        },
      );
    const some = await declined([UNKNOWN_ID, a!.registration_id]);
    expect(some.errors).toBeUndefined();
    expect(some.data.r.results).toEqual([{ updated: false }, { updated: true }]);
    const none = await declined([UNKNOWN_ID]);
    expect(none.data).toEqual({ r: null });
    expect(none.errors).toMatchObject([
      { extensions: { problem: 'REJECTED', field: ['input', 'registrationIds', '0'] } },
    ]);
    expect(app.calls()).toEqual(['updateRegistrationStatusUsingPUT', 'updateRegistrationStatusUsingPUT']);
  });

  it('report no registration as changed when only some are and the response does not name them', async () => {
    app.sandbox.faults.script({
      operationId: 'updateRegistrationStatusUsingPUT',
      fault: { kind: 'status', status: 207, body: { failed_registration_ids: [] } },
    });
    const [a] = in_('REGISTERED');
    const { r } = await status({ registrationIds: [a!.registration_id], status: 'DECLINED' });
    expect(r).toMatchObject({
      results: [{ updated: false }],
      userErrors: [{ code: 'PARTLY_DONE', field: ['input', 'registrationIds'] }],
    });
  });

  it('send payments in the spelling of the API, and skip free registrations', async () => {
    const paid = rows.find((row) => row.payment_method === 'CHECK')!;
    const free = rows.find((row) => row.payment_method === null && row.payment_status === 'PAID')!;
    for (const [paymentStatus, wire] of [
      ['REFUNDED', 'REFUNDED'],
      ['FAILED', 'FAILED'],
      ['PENDING', 'PENDING'],
      ['PAID', 'PAID'],
    ] as const) {
      const { r } = await payment(
        { registrationIds: [paid.registration_id, free.registration_id], paymentStatus },
        'paymentStatus',
      );
      expect(r.userErrors).toEqual([]);
      expect(r.results.map((result: any) => result.registration.paymentStatus)).toEqual([
        paymentStatus,
        'PAID',
      ]);
      expect(paid.payment_status).toBe(wire);
    }
  });

  it('reject invalid input before any call', async () => {
    const ids = [rows[0]!.registration_id];
    for (const [input, code, field] of [
      [{ registrationIds: [] }, 'REQUIRED', ['input', 'registrationIds']],
      [{ registrationIds: ['x'] }, 'INVALID_ID', ['input', 'registrationIds', '0']],
      [{ registrationIds: ids, trackId: 'a/b' }, 'INVALID_ID', ['input', 'trackId']],
      [{ registrationIds: ids, eventId: 'x' }, 'INVALID_ID', ['input', 'eventId']],
      [
        {
          registrationIds: Array.from({ length: 501 }, (_, i) =>
            UNKNOWN_ID.replace(/.{3}$/, String(i + 100)),
          ),
        },
        'TOO_MANY',
        ['input', 'registrationIds'],
      ],
    ] as const) {
      expect((await status({ ...input, status: 'CANCELED' })).r.userErrors[0]).toMatchObject({ code, field });
      expect((await payment({ ...input, paymentStatus: 'PAID' })).r.userErrors[0]).toMatchObject({
        code,
        field,
      });
    }
    expect(app.calls()).toEqual([]);
    const unknown = await status({ registrationIds: ids, trackId: 'nowhere', status: 'CANCELED' });
    expect(unknown.r.userErrors[0].code).toBe('NOT_FOUND');
  });
});
