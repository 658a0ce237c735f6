import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RequestBody } from '../../src/constant-contact/contract/operations.js';
import { createSandbox, type Account, type Sandbox } from '../../src/sandbox/index.js';
import type { ContactRow } from '../../src/sandbox/stores/audience.js';
import { Client, first, ManualClock } from './client.js';

let sandbox: Sandbox;
let client: Client;
let account: Account;
let clock: ManualClock;

beforeEach(async () => {
  clock = new ManualClock();
  sandbox = await createSandbox({ requestsPerSecond: 0, contacts: 300, clock });
  client = new Client(sandbox);
  account = sandbox.account();
});
afterEach(() => sandbox.close());

const INCLUDE = 'custom_fields,list_memberships,phone_numbers,street_addresses,taggings,notes';
const live = (test: (row: ContactRow) => boolean = () => true): ContactRow =>
  first(account.contacts, (row) => row.deleted_at === null && row.email !== null && test(row));
const deleted = (): ContactRow => first(account.contacts, (row) => row.deleted_at !== null);
const read = async (id: string) =>
  (await client.call('getContact', { path: { contact_id: id }, query: { include: INCLUDE } })).body;
const matching = async (query: Record<string, unknown>): Promise<string[]> => {
  const pages = await client.pages('getContacts', { query: { limit: 500, ...query } });
  return pages.flatMap((page) => (page.contacts ?? []).map((row) => row.contact_id ?? ''));
};
const expected = (test: (row: ContactRow) => boolean): string[] =>
  account.contacts.filter(test).map((row) => row.contact_id);
const put = (id: string, body: RequestBody<'putContact'>) =>
  client.call('putContact', { path: { contact_id: id }, body });
const emailOf = (row: ContactRow) => {
  const { address = '', permission_to_send = 'not_set' } = row.email ?? {};
  return { address, permission_to_send };
};

describe('reading contacts', () => {
  it('leaves sub-resources out unless they are included', async () => {
    const { contact_id } = first(account.contacts);
    const bare = (await client.call('getContact', { path: { contact_id } })).body;
    for (const part of INCLUDE.split(',')) expect(bare).not.toHaveProperty(part);
    const full = await read(contact_id);
    for (const part of INCLUDE.split(',')) expect(full).toHaveProperty(part);
    expect(full.custom_fields).toHaveLength(25);
    expect(full.notes).toHaveLength(3);
  });

  it('leaves deleted contacts out of the collection and shows them by id', async () => {
    expect(await matching({})).toEqual(expected((row) => row.deleted_at === null));
    const { body, status } = await client.call('getContact', { path: { contact_id: deleted().contact_id } });
    expect(status).toBe(200);
    expect(body.deleted_at).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect((await client.call('getContact', { path: { contact_id: 'unknown' } })).body).toEqual([
      { error_key: 'contacts.api.not_found', error_message: expect.any(String) },
    ]);
  });

  it.each<[string, (row: ContactRow) => boolean]>([
    ['all', () => true],
    ['deleted', (row) => row.deleted_at !== null],
    ['active', (row) => row.deleted_at === null && /plicit/.test(row.email?.permission_to_send ?? '')],
    ['unsubscribed', (row) => row.deleted_at === null && row.email?.permission_to_send === 'unsubscribed'],
    ['temp_hold,deleted', (row) => row.deleted_at !== null || row.email?.permission_to_send === 'temp_hold'],
  ])('filters by status %s', async (status, test) => {
    expect(await matching({ status })).toEqual(expected(test));
    expect(expected(test).length).toBeGreaterThan(0);
  });

  it('filters by exact address, lists and tags', async () => {
    const row = live((one) => one.email?.address.includes('+') ?? false);
    expect(await matching({ email: row.email?.address.toUpperCase() })).toEqual([row.contact_id]);
    expect(await matching({ email: deleted().email?.address })).toEqual([]);
    expect(await matching({ email: deleted().email?.address, status: 'all' })).toEqual([
      deleted().contact_id,
    ]);
    const [one, two] = [...account.lists].slice(3, 5).map((list) => list.list_id);
    const onLists = (contact: ContactRow) =>
      contact.deleted_at === null && contact.list_memberships.some((id) => id === one || id === two);
    expect(await matching({ lists: `${one},${two}` })).toEqual(expected(onLists));
    const tag = first(account.tags).tag_id;
    const tagged = (contact: ContactRow) => contact.deleted_at === null && contact.taggings.includes(tag);
    expect(await matching({ tags: tag })).toEqual(expected(tagged));
    expect(await matching({ tags: tag, lists: one })).toEqual(
      expected((contact) => tagged(contact) && contact.list_memberships.includes(one ?? '')),
    );
  });

  it('filters by SMS status', async () => {
    expect(await matching({ sms_status: 'explicit' })).toEqual(
      expected((row) => row.deleted_at === null && row.sms?.permission === 'explicit'),
    );
    expect(account.contacts.find((row) => row.email === null)?.sms?.permission).toBe('explicit');
  });

  it('counts the contacts that match the filters', async () => {
    const { body } = await client.call('getContacts', { query: { limit: 1, include_count: true } });
    expect(body.contacts_count).toBe(300);
    expect(body.contacts).toHaveLength(1);
    expect((await client.call('getContacts', { query: { limit: 1 } })).body).not.toHaveProperty(
      'contacts_count',
    );
  });

  it('rejects more than 25 lists, 50 tags or 500 rows', async () => {
    const ids = (count: number) => Array.from({ length: count }, (_, i) => `id-${i}`).join(',');
    for (const query of [{ lists: ids(26) }, { tags: ids(51) }, { limit: 501 }, { created_after: 'soon' }]) {
      expect((await client.call('getContacts', { query })).status).toBe(400);
    }
    expect((await client.call('getContacts', { query: { lists: ids(25), tags: ids(50) } })).status).toBe(200);
  });

  it('counts by permission', async () => {
    const plain = (await client.call('countContact')).body;
    const having = (name: string) => (row: ContactRow) =>
      row.deleted_at === null && row.email?.permission_to_send === name;
    expect(plain).toEqual({
      total: 300,
      explicit: account.contacts.count(having('explicit')),
      implicit: account.contacts.count(having('implicit')),
      pending: account.contacts.count(having('pending_confirmation')),
      unsubscribed: account.contacts.count(having('unsubscribed')),
    });
    const more = (await client.call('countContact', { query: { include: 'new_subscriber' } })).body;
    expect(more.new_subscriber).toBeGreaterThan(0);
  });

  it('answers the first request for a segment with 202, and rejects other filters with it', async () => {
    const segment = first(account.segments, (row) => row.name === 'Abroad');
    const segment_id = String(segment.segment_id);
    const early = await client.call('getContacts', { query: { segment_id, limit: 500 } });
    expect(early.status).toBe(202);
    expect(early.body).toMatchObject({ contacts: [], status: 'processing' });
    const ready = await client.call('getContacts', { query: { segment_id, limit: 500 } });
    expect(ready.status).toBe(200);
    expect(ready.body.contacts?.length).toBeGreaterThan(10);
    for (const more of [{ status: 'all' }, { include: 'notes' }, { include_count: true }]) {
      expect((await client.call('getContacts', { query: { segment_id, ...more } })).status).toBe(400);
    }
  });

  it('finds contacts by their V2 ids, sorted', async () => {
    const [one, two] = account.contacts.filter((row) => row.sequence_id !== null);
    const sequence_ids = `${two?.sequence_id},1,${one?.sequence_id}`;
    const { xrefs } = (await client.call('getContactIdXrefs', { query: { sequence_ids } })).body;
    expect(xrefs?.map((xref) => xref.contact_id)).toEqual([one?.contact_id, two?.contact_id]);
  });

  it('returns the history of SMS consent', async () => {
    const row = first(account.contacts, (one) => one.sms?.permission === 'unsubscribed');
    const { body } = await client.call('getSmsEngagementHistory', { path: { contact_id: row.contact_id } });
    expect(body.map((entry) => entry.history_details?.state)).toEqual(['E', 'U']);
    expect(body[0]?.history_details?.consent_action_time).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d -0800$/);
  });
});

describe('creating contacts', () => {
  const email_address = { address: 'new.person@example.org', permission_to_send: 'explicit' };
  const create = (body: RequestBody<'createContact'>) => client.call('createContact', { body });

  it('creates a contact with all properties', async () => {
    const [list] = account.lists;
    const [tag] = account.tags;
    const genres = first(account.customFields, (row) => row.type === 'multi_select');
    const { status, body } = await create({
      email_address,
      first_name: 'Nova',
      birthday_month: 2,
      birthday_day: 29,
      create_source: 'Account',
      list_memberships: [list?.list_id ?? ''],
      taggings: [tag?.tag_id ?? ''],
      phone_numbers: [{ phone_number: '+1 617 555 0100', kind: 'work' }],
      street_addresses: [{ kind: 'home', city: 'Boston' }],
      notes: [{ content: 'first' }],
      custom_fields: [{ custom_field_id: genres.custom_field_id, choice_ids: ['1', '000002'] }],
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      first_name: 'Nova',
      email_address: { permission_to_send: 'explicit', opt_in_date: '2026-03-15T12:00:00Z' },
      custom_fields: [{ custom_field_id: genres.custom_field_id, choice_ids: ['000001', '000002'] }],
      created_at: '2026-03-15T12:00:00Z',
    });
    expect(await read(body.contact_id ?? '')).toEqual(body);
  });

  it('rejects an address that any contact has ever used', async () => {
    for (const row of [live(), deleted()]) {
      const address = row.email?.address.toUpperCase() ?? '';
      const answer = await create({ email_address: { address }, create_source: 'Account' });
      expect(answer.status).toBe(409);
      expect(answer.body).toEqual([
        { error_key: 'contacts.api.conflict', error_message: expect.stringContaining(row.contact_id) },
      ]);
    }
  });

  it.each<RequestBody<'createContact'>>([
    { first_name: 'No source' },
    { create_source: 'API', first_name: 'Odd source' },
    { create_source: 'Account' },
    { create_source: 'Account', email_address: { address: 'no address' } },
    { create_source: 'Account', email_address: { address: 'x@example.com', permission_to_send: 'yes' } },
    { create_source: 'Account', first_name: 'Half', birthday_month: 4 },
    { create_source: 'Account', first_name: 'Thirteenth', birthday_month: 13, birthday_day: 1 },
    { create_source: 'Account', first_name: 'Wrong day', anniversary: 'May 2001' },
    {
      create_source: 'Account',
      first_name: 'Ghost',
      list_memberships: ['00000000-0000-11e0-8000-000000000000'],
    },
    { create_source: 'Account', first_name: 'Fax', phone_numbers: [{ phone_number: '1', kind: 'fax' }] },
  ])('rejects %j', async (body) => {
    const size = account.contacts.size;
    expect((await create(body)).status).toBe(400);
    expect(account.contacts.size).toBe(size);
  });

  it.each<[string, string | undefined, string]>([
    ['Contact', undefined, 'explicit'],
    ['Account', undefined, 'implicit'],
    ['Contact', 'implicit', 'implicit'],
    ['Account', 'not_set', 'not_set'],
  ])('treats the consent of a contact from %s with permission %s as %s', async (source, sent, recorded) => {
    const { body } = await create({
      create_source: source,
      email_address: {
        address: 'consent@example.org',
        ...(sent !== undefined && { permission_to_send: sent }),
      },
    });
    expect(body.email_address).toMatchObject({ permission_to_send: recorded, opt_in_source: source });
  });

  it('does not add an unsubscribed contact to a list', async () => {
    const [list] = account.lists;
    const size = account.contacts.size;
    const answer = await create({
      create_source: 'Account',
      email_address: { address: 'out@example.org', permission_to_send: 'unsubscribed' },
      list_memberships: [list?.list_id ?? ''],
    });
    expect([answer.status, answer.body]).toEqual([
      400,
      [
        {
          error_key: 'contacts.api.validation.error',
          error_message: expect.stringMatching(/^list_memberships/),
        },
      ],
    ]);
    expect(account.contacts.size).toBe(size);
  });

  it('returns the names of state and country in an address', async () => {
    const places = [
      { kind: 'home', state: 'ma', country: 'US' },
      { kind: 'work', state: 'QC', country: 'Canada' },
      { kind: 'other', state: 'MI', country: 'IT' },
    ];
    const { body } = await create({ create_source: 'Account', first_name: 'A', street_addresses: places });
    expect(body.street_addresses).toMatchObject([
      { state: 'Massachusetts', country: 'United States' },
      { state: 'Quebec', country: 'Canada' },
      { state: 'MI', country: 'Italy' },
    ]);
  });

  it('accepts an SMS number as the only identifier', async () => {
    const sms_channel_consents = [{ sms_consent_permission: 'explicit', consent_type: 'promotional_sms' }];
    const sms_channel = { full_sms_address: '+1 (617) 555-0199', sms_channel_consents };
    const { status, body } = await create({ create_source: 'Contact', sms_channel });
    expect(status).toBe(201);
    expect(body).not.toHaveProperty('email_address');
    expect(body.sms_channel).toMatchObject({ sms_address: '6175550199', dial_code: '1' });
    expect((await create({ create_source: 'Contact', sms_channel })).status).toBe(409);
  });
});

describe('replacing contacts', () => {
  it('sets omitted core fields to null and keeps omitted sub-resources', async () => {
    const row = first(account.contacts);
    const before = await read(row.contact_id);
    clock.tick(1_000);
    const { status, body } = await put(row.contact_id, {
      email_address: emailOf(row),
      first_name: 'Only',
      last_name: ' ',
      update_source: 'Account',
    });
    expect(status).toBe(200);
    expect(body.first_name).toBe('Only');
    for (const name of ['last_name', 'job_title', 'company_name', 'birthday_month', 'anniversary']) {
      expect(body).not.toHaveProperty(name);
    }
    for (const part of INCLUDE.split(',')) expect(body).toHaveProperty(part, before[part as 'notes']);
    expect(body.updated_at).toBe('2026-03-15T12:00:01Z');
  });

  it('replaces whole arrays', async () => {
    const row = first(account.contacts);
    const [list] = account.lists;
    const before = await read(row.contact_id);
    const { body } = await put(row.contact_id, {
      email_address: emailOf(row),
      list_memberships: [list?.list_id ?? ''],
      notes: [],
      phone_numbers: [{ kind: 'mobile', phone_number: before.phone_numbers?.[0]?.phone_number ?? '' }],
      update_source: 'Account',
    });
    expect(body.list_memberships).toEqual([list?.list_id]);
    expect(body.notes).toEqual([]);
    expect(body.phone_numbers).toEqual([before.phone_numbers?.[0]]);
    expect(body.taggings).toEqual(before.taggings);
  });

  it('does not change updated_at when only the permission changes', async () => {
    const row = live((one) => one.email?.permission_to_send === 'explicit' && one.anniversary !== null);
    const { contact_id, first_name, last_name, job_title, company_name, anniversary } = row;
    const core = { first_name, last_name, job_title, company_name, anniversary };
    const birthday = { birthday_month: row.birthday_month, birthday_day: row.birthday_day };
    const filled = Object.entries({ ...core, ...birthday }).filter(([, value]) => value !== null);
    const { updated_at } = await read(contact_id);
    clock.tick(60_000);
    const { body } = await put(contact_id, {
      ...Object.fromEntries(filled),
      email_address: { ...emailOf(row), permission_to_send: 'unsubscribed', opt_out_reason: 'bored' },
      update_source: 'Contact',
    });
    expect(body.updated_at).toBe(updated_at);
    expect(body.email_address).toMatchObject({
      opt_out_source: 'Contact',
      opt_out_date: '2026-03-15T12:01:00Z',
      opt_out_reason: 'bored',
    });
    expect(await matching({ updated_after: '2026-03-15T12:00:00Z' })).toEqual([]);
    expect(await matching({ optout_after: '2026-03-15T12:00:30Z' })).toEqual([contact_id]);
  });

  it('never changes explicit permission to implicit', async () => {
    const row = live((one) => one.email?.permission_to_send === 'explicit');
    const email_address = { address: row.email?.address ?? '', permission_to_send: 'implicit' };
    for (const update_source of ['Account', 'Contact']) {
      const answer = await put(row.contact_id, { email_address, update_source });
      expect([answer.status, answer.body]).toEqual([
        400,
        [
          {
            error_key: 'contacts.api.validation.error',
            error_message: 'permission_to_send may not change from explicit to implicit.',
          },
        ],
      ]);
    }
    expect(row.email?.permission_to_send).toBe('explicit');
    const implicit = live((one) => one.email?.permission_to_send === 'implicit');
    const up = { address: implicit.email?.address ?? '', permission_to_send: 'explicit' };
    const { status } = await put(implicit.contact_id, { email_address: up, update_source: 'Account' });
    expect(status).toBe(200);
  });

  it.each([
    ['Contact', 'explicit'],
    ['Account', 'implicit'],
  ])('records the consent of an update by %s', async (update_source, permission) => {
    const row = live((one) => one.email?.permission_to_send === 'implicit');
    const email_address = { address: row.email?.address ?? '' };
    const { body } = await put(row.contact_id, { email_address, update_source });
    expect(body.email_address?.permission_to_send).toBe(permission);
  });

  it('does not add an unsubscribed contact to another list, and keeps its lists', async () => {
    const row = live(
      (one) => one.email?.permission_to_send === 'unsubscribed' && one.list_memberships.length > 0,
    );
    const before = [...row.list_memberships];
    const other = first(account.lists, (list) => list.deleted_at === null && !before.includes(list.list_id));
    const send = (list_memberships: string[]) =>
      put(row.contact_id, { email_address: emailOf(row), list_memberships, update_source: 'Account' });
    const refused = await send([...before, other.list_id]);
    expect(refused.status).toBe(400);
    expect(JSON.stringify(refused.body)).toContain(other.list_id);
    expect(row.list_memberships).toEqual(before);
    expect((await send(before)).status).toBe(200);
    expect((await send([])).body.list_memberships).toEqual([]);
  });

  it('omits an SMS number that was not sent from its response', async () => {
    const row = live((one) => one.sms !== null);
    const body = { email_address: emailOf(row), update_source: 'Account' };
    expect((await put(row.contact_id, body)).body).not.toHaveProperty('sms_channel');
    expect(await read(row.contact_id)).toHaveProperty('sms_channel');
  });

  it('lets only the contact resubscribe after an opt-out', async () => {
    const row = live((one) => one.email?.opt_out_source === 'Contact');
    const email_address = { address: row.email?.address ?? '', permission_to_send: 'explicit' };
    expect((await put(row.contact_id, { email_address, update_source: 'Account' })).status).toBe(400);
    const { body } = await put(row.contact_id, { email_address, update_source: 'Contact' });
    expect(body.email_address?.permission_to_send).toBe('explicit');
    expect(body.email_address).not.toHaveProperty('opt_out_date');
  });

  it('restores deleted contacts, by the account only', async () => {
    const row = deleted();
    const email_address = emailOf(row);
    expect((await put(row.contact_id, { email_address, update_source: 'Contact' })).status).toBe(400);
    const { status, body } = await put(row.contact_id, { email_address, update_source: 'Account' });
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('deleted_at');
  });

  it('rejects the address of another contact, also a deleted one', async () => {
    const row = live();
    const email_address = { address: deleted().email?.address ?? '' };
    const answer = await put(row.contact_id, { email_address, update_source: 'Account' });
    expect(answer.status).toBe(409);
    expect(JSON.stringify(answer.body)).toContain(deleted().contact_id);
    expect((await put('unknown', { email_address, update_source: 'Account' })).status).toBe(404);
  });
});

describe('deleting and restoring', () => {
  it('deletes softly, once', async () => {
    const { contact_id } = first(account.contacts);
    expect((await client.call('deleteContact', { path: { contact_id } })).status).toBe(204);
    expect((await client.call('deleteContact', { path: { contact_id } })).status).toBe(404);
    const row = await read(contact_id);
    expect(row.deleted_at).toBe('2026-03-15');
    expect(row.list_memberships).toEqual([]);
    expect(row.taggings?.length).toBeGreaterThan(0);
    expect((await client.call('countContact')).body.total).toBe(299);
  });

  const signUp = (body: RequestBody<'createOrUpdateContact'>) =>
    client.call('createOrUpdateContact', { body });

  it('signs up new contacts with explicit permission', async () => {
    const [list] = account.lists;
    const { status, body } = await signUp({
      email_address: 'signed.up@example.com',
      phone_number: '617 555 0111',
      list_memberships: [list?.list_id ?? ''],
    });
    expect(status).toBe(201);
    expect(body.action).toBe('created');
    expect(await read(body.contact_id ?? '')).toMatchObject({
      email_address: { permission_to_send: 'explicit', opt_in_source: 'Contact' },
      phone_numbers: [{ phone_number: '617 555 0111' }],
    });
    account.confirmedOptIn = true;
    const later = await signUp({ email_address: 'p@example.com', list_memberships: [list?.list_id ?? ''] });
    expect((await read(later.body.contact_id ?? '')).email_address).toMatchObject({
      permission_to_send: 'pending_confirmation',
      confirm_status: 'pending',
    });
  });

  it('appends lists and custom fields of existing contacts and renews permission', async () => {
    const row = live((one) => one.email?.permission_to_send === 'unsubscribed' && one.first_name !== null);
    const before = await read(row.contact_id);
    const list = first(
      account.lists,
      (one) => one.channel === 'email' && !row.list_memberships.includes(one.list_id),
    );
    const field = first(account.customFields, (one) => one.type === 'string');
    const { status, body } = await signUp({
      email_address: row.email?.address ?? '',
      job_title: 'Reader',
      list_memberships: [list.list_id],
      custom_fields: [{ custom_field_id: field.custom_field_id, value: 'Ace' }],
    });
    expect([status, body]).toEqual([200, { contact_id: row.contact_id, action: 'updated' }]);
    const after = await read(row.contact_id);
    expect(after.first_name).toBe(before.first_name);
    expect(after.list_memberships).toEqual([...(before.list_memberships ?? []), list.list_id]);
    expect(after.custom_fields).toContainEqual({ custom_field_id: field.custom_field_id, value: 'Ace' });
    expect(after.email_address?.permission_to_send).toBe('explicit');
  });

  it('restores deleted contacts by sign-up', async () => {
    const row = deleted();
    const [list] = account.lists;
    const email_address = row.email?.address ?? '';
    expect((await signUp({ email_address, list_memberships: [list?.list_id ?? ''] })).status).toBe(200);
    expect(await read(row.contact_id)).not.toHaveProperty('deleted_at');
    expect((await signUp({ list_memberships: [list?.list_id ?? ''] })).status).toBe(400);
  });

  it('blocks an address for two days after five sign-ups in a day, and calls it invalid', async () => {
    const [list] = account.lists;
    const ask = async (email_address = 'again@example.com') =>
      (await signUp({ email_address, list_memberships: [list?.list_id ?? ''] })).status;
    const statuses: number[] = [];
    for (let i = 0; i < 6; i++) statuses.push(await ask());
    expect(statuses).toEqual([201, 200, 200, 200, 200, 400]);
    expect(await ask('somebody.else@example.com')).toBe(201);
    clock.tick(47 * 3_600_000);
    expect(await ask()).toBe(400);
    clock.tick(2 * 3_600_000);
    expect(await ask()).toBe(200);
  });

  it('sends one resubscribe request per contact', async () => {
    const row = live((one) => one.email?.permission_to_send === 'unsubscribed');
    const [list] = account.lists;
    const ask = (contact_id: string) =>
      client.call('resubscribeContact', { path: { contact_id }, body: { list_ids: [list?.list_id ?? ''] } });
    const answer = await ask(row.contact_id);
    expect([answer.status, answer.body]).toEqual([200, '']);
    expect((await read(row.contact_id)).email_address?.permission_to_send).toBe('unsubscribed');
    expect((await ask(row.contact_id)).status).toBe(409);
    expect((await ask(live().contact_id)).status).toBe(400);
  });
});
