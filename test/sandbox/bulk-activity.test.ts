import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResponseBody } from '../../src/constant-contact/contract/operations.js';
import { createSandbox, type Account, type Sandbox } from '../../src/sandbox/index.js';
import type { ContactRow } from '../../src/sandbox/stores/audience.js';
import { Client, first, ManualClock } from './client.js';

let sandbox: Sandbox;
let client: Client;
let account: Account;
let clock: ManualClock;

beforeEach(async () => {
  clock = new ManualClock();
  sandbox = await createSandbox({ requestsPerSecond: 0, contacts: 200, clock });
  client = new Client(sandbox);
  account = sandbox.account();
});
afterEach(() => {
  expect(sandbox.violations).toEqual([]);
  return sandbox.close();
});

const read = async (activity_id = ''): Promise<ResponseBody<'getActivity'>> =>
  (await client.call('getActivity', { path: { activity_id } })).body;
const finish = async ({ body }: { body: { activity_id?: string } }) => {
  clock.tick(60_000);
  return read(body.activity_id);
};
const ids = (rows: readonly ContactRow[]) => rows.map((row) => row.contact_id);
const live = (test: (row: ContactRow) => boolean = () => true) =>
  account.contacts.filter((row) => row.deleted_at === null && test(row));
const listNamed = (name: string) => first(account.lists, (row) => row.name === name).list_id;
const tagNamed = (name: string) => first(account.tags, (row) => row.name === name).tag_id;

describe('activities', () => {
  it('advance from initialized to processing and completed by the clock', async () => {
    const body = { source: { contact_ids: ids(live()) }, tag_ids: [tagNamed('fiction')] };
    const { status, body: started } = await client.call('postTagAddContact', { body });
    expect(status).toBe(201);
    expect(started).toMatchObject({
      state: 'initialized',
      percent_done: 0,
      created_at: '2026-03-15T12:00:00Z',
      status: { items_total_count: 200, items_completed_count: 0 },
      _links: { self: { href: `/v3/activities/${started.activity_id}` } },
    });
    expect(started).not.toHaveProperty('started_at');
    clock.tick(600);
    const half = await read(started.activity_id);
    expect(half.state).toBe('processing');
    expect(half.percent_done).toBeGreaterThan(0);
    expect(half.percent_done).toBeLessThan(100);
    expect(account.contacts.count((row) => row.taggings.includes(tagNamed('fiction')))).toBeLessThan(200);
    clock.tick(600);
    const done = await read(started.activity_id);
    expect(done).toMatchObject({ state: 'completed', percent_done: 100, activity_errors: [] });
    expect(done.status).toEqual({ items_total_count: 200, items_completed_count: 200 });
    expect(live((row) => !row.taggings.includes(tagNamed('fiction')))).toEqual([]);
  });

  it('are listed newest first, by state, for ten days', async () => {
    const all = (await client.call('getActivityStatusCollection')).body.activities ?? [];
    expect(new Set(all.map((row) => row.state))).toEqual(
      new Set(['completed', 'cancelled', 'failed', 'timed_out']),
    );
    const times = all.map((row) => row.created_at ?? '');
    expect(times).toEqual([...times].sort().reverse());
    const query = { state: 'failed' } as const;
    const failed = (await client.call('getActivityStatusCollection', { query })).body.activities;
    expect(failed?.map((row) => row.activity_errors)).toEqual([['The import could not be read.']]);
    const pages = await client.pages('getActivityStatusCollection', { query: { limit: 2 } });
    expect(pages.map((page) => page.activities?.length)).toEqual([2, 2, 2]);
    clock.tick(9.5 * 24 * 3_600_000);
    expect((await client.call('getActivityStatusCollection')).body.activities).toHaveLength(1 - 1);
    expect(
      (await client.call('getActivity', { path: { activity_id: all[0]?.activity_id ?? '' } })).status,
    ).toBe(404);
  });

  it('are limited to a queue of 1,000', async () => {
    const body = { source: { contact_ids: ids(live()).slice(0, 1) }, tag_ids: [tagNamed('fiction')] };
    const submit = () => client.call('postTagAddContact', { body });
    for (let i = 0; i < 20; i++) await Promise.all(Array.from({ length: 50 }, submit));
    const refused = await submit();
    expect(refused.status).toBe(429);
    expect(refused.body).toEqual([
      { error_key: 'contacts.api.queue.full', error_message: expect.any(String) },
    ]);
    clock.tick(60_000);
    expect((await submit()).status).toBe(201);
  });
});

describe('memberships and taggings', () => {
  it('adds by each source, without excluded and unsubscribed contacts', async () => {
    const target = listNamed('Scratch');
    const donors = listNamed('Donors');
    const segment = first(account.segments, (row) => row.name === 'Abroad');
    const poetry = tagNamed('poetry');
    const [skipped] = live((row) => row.list_memberships.includes(donors));
    const onTarget = () => live((row) => row.list_memberships.includes(target));
    const subscribed = (row: ContactRow) => row.email?.permission_to_send !== 'unsubscribed';
    const add = async (source: object, exclude?: { contact_ids: string[] }) => {
      for (const row of onTarget()) row.list_memberships = row.list_memberships.filter((id) => id !== target);
      const body = { source, list_ids: [target], ...(exclude && { exclude }) };
      return finish(await client.call('postListAddContact', { body }));
    };
    const exclude = { contact_ids: [skipped?.contact_id ?? ''] };
    const done = await add({ list_ids: [donors] }, exclude);
    expect(ids(onTarget())).toEqual(
      ids(live((row) => row !== skipped && row.list_memberships.includes(donors) && subscribed(row))),
    );
    expect(done.status).toMatchObject({ list_count: 1, items_completed_count: onTarget().length });
    await add({ tag_ids: [poetry] });
    expect(ids(onTarget())).toEqual(ids(live((row) => row.taggings.includes(poetry) && subscribed(row))));
    await add({ all_active_contacts: true });
    expect(ids(onTarget())).toEqual(ids(live((row) => /plicit/.test(row.email?.permission_to_send ?? ''))));
    await add({ segment_id: segment.segment_id });
    expect(onTarget().length).toBeGreaterThan(10);
    await add({ engagement_level: 'high' });
    expect(onTarget().length).toBeGreaterThan(10);
    const missing = await add({
      contact_ids: [skipped?.contact_id ?? '', '00000000-0000-11e0-8000-000000000000'],
    });
    expect(missing.activity_errors).toHaveLength(1);
    expect(missing.status).toMatchObject({ items_total_count: 2, items_completed_count: 1 });
  });

  it('removes from lists and removes tags', async () => {
    const donors = listNamed('Donors');
    const members = live((row) => row.list_memberships.includes(donors));
    await finish(
      await client.call('postListRemoveContact', {
        body: { source: { contact_ids: ids(members) }, list_ids: [donors] },
      }),
    );
    expect(live((row) => row.list_memberships.includes(donors))).toEqual([]);
    const poetry = tagNamed('poetry');
    const body = { source: { tag_ids: [poetry] }, tag_ids: [poetry] };
    expect((await finish(await client.call('postTagRemoveContact', { body }))).state).toBe('completed');
    expect(live((row) => row.taggings.includes(poetry))).toEqual([]);
    await finish(
      await client.call('postTagAddContact', {
        body: { source: { new_subscriber: true }, tag_ids: [poetry] },
      }),
    );
    expect(live((row) => row.taggings.includes(poetry)).length).toBeGreaterThan(0);
  });

  it.each([
    { source: {} },
    { source: { contact_ids: [] } },
    { source: { all_active_contacts: true, engagement_level: 'high' } },
    { source: { engagement_level: 'very' } },
    { source: { segment_id: 9 } },
    { source: { list_ids: ['00000000-0000-11e0-8000-000000000000'] } },
  ])('rejects $source', async ({ source }) => {
    const body = { source, list_ids: [listNamed('Scratch')] };
    expect((await client.call('postListAddContact', { body })).status).toBe(400);
  });

  it('rejects exclude with single contacts', async () => {
    const [one, two] = ids(live());
    const body = {
      source: { contact_ids: [one ?? ''] },
      exclude: { contact_ids: [two ?? ''] },
      list_ids: [listNamed('Scratch')],
    };
    expect((await client.call('postListAddContact', { body })).status).toBe(400);
  });
});

describe('bulk deletions', () => {
  it('delete the members of lists, or single contacts, softly', async () => {
    const donors = listNamed('Donors');
    const members = live((row) => row.list_memberships.includes(donors));
    const done = await finish(await client.call('postContactDelete', { body: { list_ids: [donors] } }));
    expect(done.status).toMatchObject({
      items_total_count: members.length,
      items_completed_count: members.length,
    });
    expect(members.every((row) => row.deleted_at !== null)).toBe(true);
    const [one] = live();
    await finish(await client.call('postContactDelete', { body: { contact_ids: [one?.contact_id ?? ''] } }));
    expect(one?.deleted_at).not.toBeNull();
    expect((await client.call('postContactDelete', { body: {} })).status).toBe(400);
  });

  it('delete lists, tags and custom fields', async () => {
    const list_ids = [listNamed('Donors'), listNamed('Members')];
    const lists = await client.call('postListDelete', { body: { list_ids } });
    expect(lists.body.status).toEqual({ list_count: 2 });
    const tags = await client.call('postTagDelete', { body: { tag_ids: [tagNamed('poetry')] } });
    const [field] = account.customFields;
    const custom_field_ids = [field?.custom_field_id ?? ''];
    const fields = await client.call('postCustomFieldDelete', { body: { custom_field_ids } });
    expect(fields.body).not.toHaveProperty('status');
    for (const answer of [lists, tags, fields]) expect((await finish(answer)).state).toBe('completed');
    expect(list_ids.map((id) => account.lists.get(id)?.deleted_at)).not.toContain(null);
    expect(account.tags.first('name', 'poetry')).toBeUndefined();
    expect(account.customFields.get(custom_field_ids[0] ?? '')).toBeUndefined();
    expect((await client.call('postCustomFieldDelete', { body: { custom_field_ids } })).status).toBe(404);
  });
});
