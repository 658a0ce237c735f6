import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Account, type Sandbox } from '../../src/sandbox/index.js';
import type { EventRow, EventStatus } from '../../src/sandbox/stores/event.js';
import { Client, first } from './client.js';

let sandbox: Sandbox;
let client: Client;
let account: Account;

beforeEach(async () => {
  sandbox = await createSandbox({ requestsPerSecond: 0, contacts: 120 });
  client = new Client(sandbox);
  account = sandbox.account();
});
afterEach(() => sandbox.close());

const eventIn = (status: EventStatus): EventRow => first(account.events, (row) => row.status === status);
const trackPath = () => {
  const { event_id, track } = eventIn('ACTIVE');
  return { event_id, track_id: track.track_id };
};

describe('the sample events', () => {
  it('are about thirty in every status, with registrations in every state', () => {
    expect(account.events.size).toBe(30);
    expect(new Set([...account.events].map((row) => row.status)).size).toBe(6);
    expect(new Set([...account.registrations].map((row) => row.registration_status)).size).toBe(6);
    expect(new Set([...account.registrations].map((row) => row.payment_status)).size).toBe(6);
    for (const row of account.registrations) {
      expect(account.contacts.get(row.contact_id)?.email?.address).toBe(row.email_address);
      expect(account.events.get(row.event_id)?.track.track_id).toBe(row.track_id);
    }
  });

  it('have counts that equal the rows, and check-ins of registered contacts only', async () => {
    const { body } = await client.call('findEvents', {});
    for (const { event_id = '', event_registration_summary_metrics: metrics } of body.records ?? []) {
      const rows = account.registrations
        .where('event', event_id)
        .filter((row) => row.registration_status === 'REGISTERED');
      expect(metrics).toEqual({
        registration_count: rows.length,
        ticket_sold: rows.flatMap((row) => row.tickets).length,
        item_sold: rows.flatMap((row) => row.items).length,
      });
    }
    for (const { track, event_id } of account.events) {
      const sold = account.registrations.where('event', event_id).flatMap((row) => row.items).length;
      expect(track.items.reduce((sum, item) => sum + item.quantity_sold, 0)).toBe(sold);
    }
    for (const { registration_status, tickets } of account.registrations) {
      if (registration_status !== 'REGISTERED') {
        expect(tickets.every((ticket) => ticket.checked_in_time === null)).toBe(true);
      }
    }
  });

  it('are none in an empty account', async () => {
    const empty = await createSandbox({ empty: true });
    expect([empty.account().events.size, empty.account().socialProfiles.size]).toEqual([0, 0]);
    await empty.close();
  });
});

describe('paging', () => {
  it('works in both directions with cursors that contain the filters', async () => {
    const query = { limit: 4, event_status: 'ACTIVE', sort_by: 'name' };
    const one = (await client.call('findEvents', { query })).body;
    expect(one.prev_cursor).toBeUndefined();
    const two = (await client.call('findEvents', { query: { next: one.next_cursor ?? '' } })).body;
    expect(two.records?.every((row) => row.status === 'ACTIVE')).toBe(true);
    expect(two._links?.next?.href).toBe(`/v3/events?next=${two.next_cursor ?? ''}`);
    const back = (await client.call('findEvents', { query: { prev: two.prev_cursor ?? '' } })).body;
    expect(back.records).toEqual(one.records);
    const three = (await client.call('findEvents', { query: { next: two.next_cursor ?? '' } })).body;
    expect(three.next_cursor).toBeUndefined();
    expect([one, two, three].map((page) => page.records?.length)).toEqual([4, 4, 2]);
  });

  it('rejects both cursors at once, foreign ones, and page sizes that differ', async () => {
    const call = (query: Record<string, unknown>) => client.call('findEvents', { query });
    expect((await call({ next: 'a', prev: 'b' })).status).toBe(400);
    expect((await call({ next: 'a' })).status).toBe(400);
    expect((await call({ sort_by: 'colour' })).status).toBe(400);
    expect((await call({ event_status: 'CLOSED' })).status).toBe(400);
    const registrations = (query: Record<string, unknown>) =>
      client.call('findRegistrationsUsingGET', { path: trackPath(), query });
    expect((await registrations({ limit: 5, page_size: 5 })).body.records).toHaveLength(5);
    expect((await registrations({ limit: 5, page_size: 6 })).status).toBe(400);
  });
});

describe('registrations', () => {
  it('release items when canceled, unless the request disables it', async () => {
    const event = eventIn('ACTIVE');
    const [item] = event.track.items;
    const buyers = account.registrations.where('event', event.event_id).filter((row) => row.items.length > 0);
    const sold = item?.quantity_sold ?? 0;
    const cancel = (id: string, query: Record<string, unknown>) =>
      client.call('updateRegistrationStatusUsingPUT', {
        path: trackPath(),
        query,
        body: { registration_ids: [id], registration_status: 'CANCELED' },
      });
    await cancel(buyers[0]?.registration_id ?? '', {});
    expect(item?.quantity_sold).toBe(sold - 1);
    await cancel(buyers[1]?.registration_id ?? '', { return_items_to_inventory: false });
    expect(item?.quantity_sold).toBe(sold - 1);
  });

  it('reject check-ins beyond the capacity, unless the request allows it', async () => {
    const event = eventIn('ACTIVE');
    event.track.capacity = 1;
    const row = first(
      account.registrations,
      (one) => one.event_id === event.event_id && one.registration_status === 'PENDING',
    );
    const admit = (query: Record<string, unknown>) =>
      client.call('updateRegistrationStatusUsingPUT', {
        path: trackPath(),
        query,
        body: { registration_ids: [row.registration_id], registration_status: 'APPROVED' },
      });
    expect(await admit({})).toMatchObject({
      status: 207,
      body: { failed_registration_ids: [row.registration_id] },
    });
    expect(await admit({ increase_count: true })).toMatchObject({ status: 200, body: '' });
    expect(row.registration_status).toBe('REGISTERED');
  });

  it('accept payment statuses in mixed case only', async () => {
    const pay = (payment_status: string) =>
      client.call('updateRegistrationPaymentStatusUsingPUT', {
        path: trackPath(),
        body: {
          payment_status,
          registration_ids: [
            account.registrations.where('event', trackPath().event_id)[0]?.registration_id ?? '',
          ],
        },
      });
    expect((await pay('Paid')).status).toBe(200);
    expect((await pay('PAID')).status).toBe(400);
  });
});
