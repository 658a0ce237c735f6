import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Account, type Sandbox } from '../../src/sandbox/index.js';
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

describe('contact lists', () => {
  const names = async (query: Record<string, unknown>) =>
    ((await client.call('getLists', { query: { limit: 1_000, ...query } })).body.lists ?? []).map(
      (list) => list.name,
    );

  it('returns email lists that are not deleted by default', async () => {
    expect(await names({})).toHaveLength(38);
    expect(await names({ status: 'deleted' })).toEqual(['Spring Fair 2019']);
    expect(await names({ status: 'all' })).toHaveLength(39);
    expect(await names({ status: 'active,deleted' })).toHaveLength(39);
    expect(await names({ channel_type: 'sms' })).toEqual(['Text Alerts']);
    expect(await names({ name: 'volunteers' })).toEqual(['Volunteers']);
  });

  it('counts lists and members only on request', async () => {
    const bare = (await client.call('getLists')).body;
    expect(bare).not.toHaveProperty('lists_count');
    expect(bare.lists?.[0]).not.toHaveProperty('membership_count');
    const query = { include_count: true, include_membership_count: 'all', limit: 1 } as const;
    const { body } = await client.call('getLists', { query });
    const list_id = body.lists?.[0]?.list_id ?? '';
    expect(body.lists_count).toBe(38);
    const members = account.contacts.filter((row) => row.list_memberships.includes(list_id));
    expect(body.lists?.[0]?.membership_count).toBe(members.length);
    const active = await client.call('getList', {
      path: { list_id },
      query: { include_membership_count: 'active' },
    });
    expect(active.body.membership_count).toBeLessThan(members.length);
    const sms = await client.call('getLists', {
      query: { channel_type: 'sms', include_sms_membership_count: true },
    });
    expect(sms.body.lists?.[0]?.membership_count).toBeGreaterThan(0);
    const wrong = await client.call('getLists', { query: { include_sms_membership_count: true } });
    expect(wrong.status).toBe(400);
  });

  it('creates and replaces lists, and rejects a duplicate name', async () => {
    const created = await client.call('createList', {
      body: { name: 'Fresh', description: 'new', favorite: true },
    });
    expect(created.status).toBe(201);
    expect((await client.call('createList', { body: { name: 'FRESH' } })).status).toBe(409);
    const path = { list_id: created.body.list_id };
    const { body } = await client.call('putList', { path, body: { name: 'Fresher', favorite: false } });
    expect(body).toMatchObject({ name: 'Fresher', favorite: false });
    expect(body).not.toHaveProperty('description');
    const taken = { name: 'Volunteers', favorite: false };
    expect((await client.call('putList', { path, body: taken })).status).toBe(409);
  });

  it('replaces a list only with `favorite`', async () => {
    const { list_id } = first(account.lists);
    const answer = await client.call('putList', { path: { list_id }, body: { name: 'Alone' } });
    expect([answer.status, answer.body]).toEqual([
      400,
      [{ error_key: 'contacts.api.validation.error', error_message: 'favorite is required.' }],
    ]);
    expect(account.lists.get(list_id)?.name).not.toBe('Alone');
  });

  it('answers 400 when a list to be deleted is unknown or deleted', async () => {
    const gone = first(account.lists, (row) => row.deleted_at !== null).list_id;
    for (const list_id of ['00000000-0000-11e0-8000-000000000000', gone]) {
      const answer = await client.call('deleteListActivity', { path: { list_id } });
      expect([answer.status, answer.body]).toEqual([
        400,
        [{ error_key: 'contacts.api.validation.error', error_message: 'list_id not found' }],
      ]);
    }
  });

  it('deletes by an asynchronous activity and keeps the members', async () => {
    const [list] = account.lists;
    const path = { list_id: list?.list_id ?? '' };
    const answer = await client.call('deleteListActivity', { path });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('location')).toBe(`/v3/activities/${answer.body.activity_id}`);
    expect(answer.body.state).toBe('initialized');
    expect((await client.call('getList', { path })).body).not.toHaveProperty('deleted_at');
    clock.tick(2_000);
    expect((await client.call('getList', { path })).body.deleted_at).toBe('2026-03-15T12:00:01Z');
    expect(account.contacts.find((row) => row.list_memberships.includes(path.list_id))).toBeUndefined();
    expect((await client.call('countContact')).body.total).toBe(200);
  });

  it('finds lists by their V2 ids', async () => {
    const [list] = account.lists;
    const query = { sequence_ids: `${list?.sequence_id},7` };
    const { body } = await client.call('getListIdXrefs', { query });
    expect(body.xrefs).toEqual([{ sequence_id: list?.sequence_id, list_id: list?.list_id }]);
  });
});

describe('tags', () => {
  it('creates, renames and counts', async () => {
    const created = await client.call('postTag', { body: { name: 'brand new' } });
    expect(created.status).toBe(201);
    const path = { tag_id: created.body.tag_id ?? '' };
    expect((await client.call('postTag', { body: { name: 'Brand New' } })).status).toBe(409);
    expect((await client.call('putTag', { path, body: { name: 'renamed' } })).body.name).toBe('renamed');
    expect((await client.call('putTag', { path, body: { name: 'fiction' } })).status).toBe(409);
    expect((await client.call('getTag', { path })).body).not.toHaveProperty('contacts_count');
    expect((await client.call('getTag', { path, query: { include_count: true } })).body.contacts_count).toBe(
      0,
    );
    const { tags } = (await client.call('getTags', { query: { limit: 500, include_count: true } })).body;
    expect(tags).toHaveLength(61);
    const [one] = account.tags;
    expect(tags?.[0]?.contacts_count).toBe(
      account.contacts.count((row) => row.deleted_at === null && row.taggings.includes(one?.tag_id ?? '')),
    );
  });

  it('deletes by an activity', async () => {
    const [tag] = account.tags;
    const path = { tag_id: tag?.tag_id ?? '' };
    const { status, body } = await client.call('deleteTag', { path });
    expect(status).toBe(202);
    expect(body).toMatchObject({ state: 'initialized', activity_errors: [] });
    clock.tick(2_000);
    expect((await client.call('getTag', { path })).status).toBe(404);
    expect(account.contacts.find((row) => row.taggings.includes(path.tag_id))).toBeUndefined();
  });
});

describe('custom fields', () => {
  const create = (body: {
    label: string;
    type: string;
    choices?: { choice_label: string }[];
    metadata?: object;
  }) => client.call('postCustomFields', { body });

  it('returns each type, and its own date format', async () => {
    const { custom_fields } = (await client.call('getCustomFields', { query: { limit: 100 } })).body;
    expect(custom_fields).toHaveLength(30);
    expect(new Set(custom_fields?.map((field) => field.type)).size).toBe(9);
    expect(custom_fields?.[0]?.created_at).toMatch(/-05:00$/);
    const select = custom_fields?.find((field) => field.type === 'single_select');
    expect(select?.choices?.[0]).toMatchObject({
      choice_id: 1,
      choice_label: 'Harbor Road',
      display_order: 0,
    });
  });

  it('derives the name, numbers the choices and rejects invalid input', async () => {
    const choices = [{ choice_label: 'Tea' }, { choice_label: 'Coffee' }];
    const metadata = { display_type: 'dropdown' };
    const { status, body } = await create({ label: 'Hot Drink', type: 'single_select', choices, metadata });
    expect(status).toBe(201);
    expect(body).toMatchObject({ name: 'hot_drink', choices: [{ choice_id: 1 }, { choice_id: 2 }] });
    expect((await create({ label: 'hot drink', type: 'string' })).status).toBe(409);
    expect((await create({ label: 'Odd', type: 'colour' })).status).toBe(400);
    expect((await create({ label: 'Odd', type: 'string', choices })).status).toBe(400);
    expect((await create({ label: 'Odd', type: 'multi_select', metadata })).status).toBe(400);
    expect((await create({ label: 'Odd', type: 'multi_select', choices })).body).toEqual([
      {
        error_key: 'contacts.api.validation.error',
        error_message: 'metadata.display_type is required for multi_select.',
      },
    ]);
    const many = Array.from({ length: 21 }, (_, i) => ({ choice_label: `${i}` }));
    const radio = { label: 'Odd', type: 'single_select', choices: many, metadata: { display_type: 'radio' } };
    expect((await create(radio)).status).toBe(400);
  });

  it('keeps choices that are sent with their id and removes all when none are sent', async () => {
    const field = first(account.customFields, (row) => row.label === 'Contact Frequency');
    const path = { custom_field_id: field.custom_field_id };
    const choices = [
      { choice_id: 2, choice_label: 'Every month', display_order: 0 },
      { choice_label: 'Yearly', display_order: 1 },
    ];
    const kept = await client.call('putCustomField', { path, body: { label: 'How Often', choices } });
    expect(kept.body.name).toBe('how_often');
    const other = await create({ label: 'How-Often', type: 'string' });
    expect(other.status).toBe(409);
    expect((await create({ label: 'Contact Frequency', type: 'string' })).body.name).toBe(
      'contact_frequency',
    );
    expect(kept.body.choices?.map((choice) => choice.choice_id)).toEqual([2, 4]);
    const values = [...account.contacts].flatMap((row) => row.custom_fields);
    const used = values.flatMap((value) =>
      value.custom_field_id === field.custom_field_id ? (value.choice_ids ?? []) : [],
    );
    expect(new Set(used)).toEqual(new Set(['000002']));
    const wiped = await client.call('putCustomField', { path, body: { label: 'How Often' } });
    expect(wiped.body.choices).toBeNull();
  });

  it('deletes immediately, with the values', async () => {
    const [field] = account.customFields;
    const path = { custom_field_id: field?.custom_field_id ?? '' };
    expect((await client.call('deleteCustomField', { path })).status).toBe(204);
    expect((await client.call('getCustomField', { path })).status).toBe(404);
    const holders = account.contacts.filter((row) =>
      row.custom_fields.some((value) => value.custom_field_id === path.custom_field_id),
    );
    expect(holders).toEqual([]);
  });
});

describe('segments', () => {
  const criteria = (...group: object[]) =>
    JSON.stringify({ version: '1.0.0', criteria: { type: 'and', group } });
  const april = { source: 'contact', field: 'birthday_month', op: 'equals', const_value: '4' };
  const members = async (id: number | undefined): Promise<string[]> => {
    const query = { segment_id: String(id), limit: 500 };
    if ((await client.call('getContacts', { query })).status !== 202) throw new Error('expected a 202 first');
    const { contacts } = (await client.call('getContacts', { query })).body;
    return (contacts ?? []).map((row) => row.contact_id ?? '');
  };

  it('lists segments without criteria and without deleted ones, by date or name', async () => {
    const { segments } = (await client.call('getAccountSegments')).body;
    expect(segments).toHaveLength(11);
    expect(segments[0]).not.toHaveProperty('segment_criteria');
    const dates = segments.map((row) => Date.parse(row.edited_at ?? ''));
    expect(dates).toEqual([...dates].sort((a, b) => b - a));
    const byName = (await client.call('getAccountSegments', { query: { sort_by: 'name' } })).body.segments;
    expect(byName[0]?.name).toBe('Abroad');
    const deleted = first(account.segments, (row) => row.deleted_at !== null);
    const detail = await client.call('getSegmentDetail', { path: { segment_id: deleted.segment_id } });
    expect(JSON.parse(detail.body.segment_criteria ?? '')).toHaveProperty('criteria.type', 'and');
  });

  it('creates, changes, renames and deletes', async () => {
    const body = { name: 'April', segment_criteria: criteria(april) };
    const created = await client.call('createSegment', { body });
    expect(created.status).toBe(201);
    expect((await client.call('createSegment', { body })).status).toBe(409);
    const path = { segment_id: created.body.segment_id ?? 0 };
    const renamed = await client.call('updateSegmentName', { path, body: { name: 'Spring' } });
    expect(renamed.body).toMatchObject({ name: 'Spring', segment_criteria: body.segment_criteria });
    expect((await client.call('updateSegmentName', { path, body: { name: 'nobody' } })).status).toBe(409);
    const wider = { name: 'Spring', segment_criteria: criteria({ ...april, op: 'not-equals' }) };
    expect((await client.call('updateSegment', { path, body: wider })).status).toBe(200);
    expect((await client.call('deleteSegment', { path })).status).toBe(204);
    expect((await client.call('deleteSegment', { path })).status).toBe(404);
    expect((await client.call('getSegmentDetail', { path })).status).toBe(200);
  });

  it.each([
    'no JSON',
    '{}',
    JSON.stringify({ criteria: { type: 'or', group: [april] } }),
    criteria({ ...april, source: 'moon' }),
    criteria({ ...april, field: 'shoe_size' }),
    criteria({ ...april, op: 'rhymes-with' }),
    criteria({ source: 'tracking', field: 'opened', const_value: 'last-n-days', param: '1826' }),
    criteria({ source: 'tracking', field: 'opened', const_value: 'last-n-campaigns', param: '501' }),
  ])('rejects %s', async (segment_criteria) => {
    expect((await client.call('createSegment', { body: { name: 'Bad', segment_criteria } })).status).toBe(
      400,
    );
  });

  it('finds its members by their data', async () => {
    const list = first(account.lists, (row) => row.name === 'General Interest').list_id;
    const onList = { source: 'list_membership', field: 'list_id', op: 'contains-any', const_value: [list] };
    const body = { name: 'April everybody', segment_criteria: criteria(april, onList) };
    const { segment_id } = (await client.call('createSegment', { body })).body;
    const fits = account.contacts.filter(
      (row) => row.deleted_at === null && row.birthday_month === 4 && row.list_memberships.includes(list),
    );
    expect(await members(segment_id)).toEqual(fits.map((row) => row.contact_id));
    expect(fits.length).toBeGreaterThan(0);
  });

  it('matches the same contacts for the same tracking criterion', async () => {
    const tracking = { source: 'tracking', op: 'contains-any', const_value: 'last-n-campaigns', param: '7' };
    const both = await Promise.all(
      ['opened', 'not_opened'].map(async (field) => {
        const body = { name: field, segment_criteria: criteria({ ...tracking, field }) };
        return members((await client.call('createSegment', { body })).body.segment_id);
      }),
    );
    expect(both.flat().length).toBe(200);
    expect(both[0]?.length).toBeGreaterThan(30);
    expect(both[1]?.length).toBeGreaterThan(30);
  });
});
