import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
import type { ContactRow } from '../src/sandbox/stores/audience.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';

const NOWHERE = '06a100de-19b6-4266-874b-afff00ff6b01';
const DAY = 86_400_000;

let app: TestApp;
let now: number;

beforeEach(async () => {
  now = Date.UTC(2026, 0, 15, 12);
  app = await startApp({ sandbox: { contacts: 300, clock: { now: () => now } } });
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

async function ask(query: string, variables: Record<string, unknown> = {}): Promise<any> {
  const { data, errors } = await app.query(query, { variables });
  expect(errors).toBeUndefined();
  return data;
}

const account = () => app.sandbox.account();
const rows = (test: (row: ContactRow) => boolean = () => true) => account().contacts.filter(test);
const some = (test: (row: ContactRow) => boolean): ContactRow => rows(test)[0]!;
const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
const lastQuery = () => decodeURIComponent(app.sandbox.journal.entries.at(-1)?.query ?? '');

describe('one contact', () => {
  it('gives every field, for one call and one for each kind of linked object', async () => {
    const row = some((one) => one.custom_fields.length > 20);
    const { contact } = await ask(
      `query ($id: ID!) { contact(id: $id) {
        id contactId firstName lastName jobTitle companyName birthday { month day } anniversary
        createSource createSourceRaw updateSource updateSourceRaw createdAt updatedAt deletedAt
        emailAddress {
          address permissionToSend permissionToSendRaw createdAt updatedAt optInSource optInSourceRaw optInDate
          optOutSource optOutSourceRaw optOutDate optOutReason confirmStatus confirmStatusRaw
        }
        smsChannel {
          smsChannelId smsAddress dialCode countryCode createSource createSourceRaw updateSource updateSourceRaw
          consents {
            permission permissionRaw consentType optInDate optOutDate advertisedFrequency advertisedInterval createdAt updatedAt
          }
        }
        lists { listId name } tags { tagId name }
        customFields { customFieldId value choiceIds field { label type } choices { choiceId label } }
        phoneNumbers { phoneNumberId number kind kindRaw createdAt updatedAt createSource createSourceRaw updateSource updateSourceRaw }
        streetAddresses { streetAddressId kind kindRaw street city state postalCode country createdAt updatedAt }
        notes { noteId content createdAt }
      } }`,
      { id: row.contact_id },
    );
    expect(contact).toMatchObject({
      id: encodeGlobalId('Contact', row.contact_id),
      contactId: row.contact_id,
      firstName: row.first_name,
      lastName: row.last_name,
      jobTitle: row.job_title,
      companyName: row.company_name,
      birthday: { month: row.birthday_month, day: row.birthday_day },
      anniversary: row.anniversary,
      createSource: row.create_source.toUpperCase(),
      createSourceRaw: row.create_source,
      updateSource: row.update_source.toUpperCase(),
      createdAt: iso(row.created_at),
      updatedAt: iso(row.updated_at),
      deletedAt: null,
      emailAddress: {
        address: row.email?.address,
        permissionToSend: 'EXPLICIT',
        permissionToSendRaw: 'explicit',
        optInDate: iso(row.email!.opt_in_date),
        optOutSource: null,
        optOutDate: null,
        optOutReason: null,
        confirmStatus: row.email?.confirm_status.toUpperCase(),
      },
      smsChannel: {
        smsAddress: row.sms?.sms_address,
        dialCode: row.sms?.dial_code,
        countryCode: row.sms?.country_code,
        consents: [{ consentType: 'promotional_sms', permissionRaw: row.sms?.permission }],
      },
      phoneNumbers: row.phone_numbers.map((phone) => ({
        phoneNumberId: phone.phone_number_id,
        number: phone.phone_number,
        kind: phone.kind.toUpperCase(),
        kindRaw: phone.kind,
        createSource: 'ACCOUNT',
      })),
      streetAddresses: row.street_addresses.map((address) => ({
        streetAddressId: address.street_address_id,
        kind: address.kind.toUpperCase(),
        street: address.street,
        city: address.city,
        postalCode: address.postal_code,
        country: address.country,
      })),
      notes: row.notes.map((note) => ({
        noteId: note.note_id,
        content: note.content,
        createdAt: iso(note.created_at),
      })),
    });
    expect(contact.lists).toEqual(
      row.list_memberships.map((listId) => ({ listId, name: account().lists.get(listId)?.name })),
    );
    expect(contact.tags).toEqual(
      row.taggings.map((tagId) => ({ tagId, name: account().tags.get(tagId)?.name })),
    );
    const values = row.custom_fields.map((value) => {
      const field = account().customFields.get(value.custom_field_id)!;
      const taken = (field.choices ?? []).filter((choice) =>
        value.choice_ids?.some((id) => Number(id) === choice.choice_id),
      );
      return { customFieldId: value.custom_field_id, label: field.label, taken, value: value.value ?? null };
    });
    for (const [at, { customFieldId, label, taken, value }] of values.entries()) {
      expect(contact.customFields[at]).toMatchObject({ customFieldId, value, field: { label } });
      expect(
        contact.customFields[at].choices.map((choice: { label: string }) => choice.label).sort(),
      ).toEqual(taken.map((choice) => choice.choice_label).sort());
    }
    expect(values.some(({ taken }) => taken.length > 1)).toBe(true);
    expect(app.calls().sort()).toEqual(['getContact', 'getCustomFields', 'getLists', 'getTags']);
  });

  it('is found by raw and by global id, as one call', async () => {
    const [a, b] = rows();
    const { raw, global, other } = await ask(
      `query ($raw: ID!, $global: ID!, $other: ID!) {
        raw: contact(id: $raw) { firstName } global: contact(id: $global) { lastName } other: contact(id: $other) { contactId }
      }`,
      { raw: a!.contact_id, global: encodeGlobalId('Contact', a!.contact_id), other: b!.contact_id },
    );
    expect([raw.firstName, global.lastName, other.contactId]).toEqual([
      a!.first_name,
      a!.last_name,
      b!.contact_id,
    ]);
    expect(app.calls()).toEqual(['getContact', 'getContact']);
  });

  it('gives ids of lists and tags without reading lists and tags', async () => {
    const row = some((one) => one.list_memberships.length > 1 && one.taggings.length > 1);
    const { contact } = await ask(
      `query ($id: ID!) { contact(id: $id) { lists { id listId } tags { id tagId } } }`,
      { id: row.contact_id },
    );
    expect(contact.lists.map((list: { listId: string }) => list.listId)).toEqual(row.list_memberships);
    expect(contact.tags.map((tag: { tagId: string }) => tag.tagId)).toEqual(row.taggings);
    expect(app.calls()).toEqual(['getContact']);
  });

  it('that does not exist is null', async () => {
    expect(await ask(`{ contact(id: "${NOWHERE}") { id } }`)).toEqual({ contact: null });
    expect(app.calls()).toEqual(['getContact']);
  });

  it('that is deleted has a day of deletion', async () => {
    const row = some((one) => one.deleted_at !== null);
    const { contact } = await ask(`{ contact(id: "${row.contact_id}") { deletedAt lists { name } } }`);
    expect(contact).toEqual({ deletedAt: iso(row.deleted_at)?.slice(0, 10), lists: [] });
  });

  it('that has no address is reached by text message, and its list is found beyond the lists for mail', async () => {
    const row = some((one) => one.email === null && one.deleted_at === null);
    const { contact } = await ask(
      `{ contact(id: "${row.contact_id}") { emailAddress { address } smsChannel { smsAddress } lists { name } } }`,
    );
    expect(contact).toEqual({
      emailAddress: null,
      smsChannel: { smsAddress: row.sms?.sms_address },
      lists: [{ name: 'Text Alerts' }],
    });
    expect(app.calls()).toEqual(['getContact', 'getLists', 'getList']);
  });

  it('is found by its address, deleted ones too, in one call', async () => {
    const plus = some((one) => one.email?.address.includes('+') ?? false);
    const gone = some((one) => one.deleted_at !== null && one.email !== null);
    const query = `query ($email: String!) { contactByEmail(email: $email) { contactId deletedAt notes { content } } }`;
    for (const row of [plus, gone]) {
      app.resetCalls();
      const { contactByEmail } = await ask(query, { email: ` ${row.email!.address} ` });
      expect(contactByEmail.contactId).toBe(row.contact_id);
      expect(app.calls()).toEqual(['getContacts']);
      expect(lastQuery()).toBe(`email=${row.email!.address}&include=notes&status=all`);
    }
    expect(app.sandbox.journal.entries[0]?.query).not.toContain('@');
    expect(await ask(query, { email: 'nobody@nowhere.example' })).toEqual({ contactByEmail: null });
  });

  it('tells how its consent to text messages changed: one call', async () => {
    const row = some((one) => (one.sms?.history.length ?? 0) > 1);
    const { contact } = await ask(
      `{ contact(id: "${row.contact_id}") { smsEngagementHistory {
        smsChannelHistoryId smsChannelId insertedAt state source consentType consentActionType consentActionAt consentMediumType
        sourceConsentTimestamp sourceSmsNumber advertisedFrequency advertisedInterval details
      } } }`,
    );
    expect(contact.smsEngagementHistory).toMatchObject(
      row.sms!.history.map((entry) => ({
        smsChannelHistoryId: entry.sms_channel_history_id,
        smsChannelId: row.sms!.sms_channel_id,
        insertedAt: iso(entry.insert_time),
        state: entry.state,
        source: entry.source,
        consentType: 'P',
        consentActionType: entry.consent_action_type,
        consentActionAt: iso(entry.insert_time),
        consentMediumType: null,
        details: { state: entry.state, consent_action_type: entry.consent_action_type },
      })),
    );
    expect(app.calls()).toEqual(['getContact', 'getSmsEngagementHistory']);
  });
});

describe('filters of contacts', () => {
  const live = (row: ContactRow) => row.deleted_at === null;
  const permission = (row: ContactRow) => row.email?.permission_to_send ?? 'not_set';
  const firstLists = () =>
    [...account().lists].filter((list) => list.name === 'Donors' || list.name === 'Press');
  const firstTags = () => [...account().tags].slice(0, 2);
  const middle = () => rows()[150]!;

  it.each<[string, () => Record<string, unknown>, (row: ContactRow) => boolean, string?]>([
    ['none', () => ({}), live, 'limit=500'],
    ['all', () => ({ status: ['ALL'] }), () => true, 'limit=500&status=all'],
    ['deleted', () => ({ status: ['DELETED'] }), (row) => !live(row)],
    [
      'active',
      () => ({ status: ['ACTIVE'] }),
      (row) => live(row) && ['explicit', 'implicit'].includes(permission(row)),
    ],
    [
      'two states',
      () => ({ status: ['UNSUBSCRIBED', 'TEMP_HOLD'] }),
      (row) => live(row) && ['unsubscribed', 'temp_hold'].includes(permission(row)),
      'limit=500&status=unsubscribed,temp_hold',
    ],
    ['not set', () => ({ status: ['NOT_SET'] }), (row) => live(row) && permission(row) === 'not_set'],
    [
      'pending',
      () => ({ status: ['PENDING_CONFIRMATION'] }),
      (row) => live(row) && permission(row) === 'pending_confirmation',
    ],
    [
      'an address',
      () => ({ email: middle().email!.address.toUpperCase() }),
      (row) => row.email?.address === middle().email!.address,
    ],
    [
      'lists, by raw and global id',
      () => ({ lists: [firstLists()[0]!.list_id, encodeGlobalId('ContactList', firstLists()[1]!.list_id)] }),
      (row) => live(row) && firstLists().some((list) => row.list_memberships.includes(list.list_id)),
    ],
    [
      'tags',
      () => ({ tags: firstTags().map((tag) => tag.tag_id) }),
      (row) => live(row) && firstTags().some((tag) => row.taggings.includes(tag.tag_id)),
    ],
    [
      'made in a window',
      () => ({ createdAfter: iso(now - 700 * DAY), createdBefore: iso(now - 100 * DAY) }),
      (row) => live(row) && row.created_at > now - 700 * DAY && row.created_at < now - 100 * DAY,
      'created_after=2024-02-15T12:00:00.000Z&created_before=2025-10-07T12:00:00.000Z&limit=500',
    ],
    [
      'changed in a window',
      () => ({ updatedAfter: iso(now - 300 * DAY), updatedBefore: iso(now - 30 * DAY) }),
      (row) => live(row) && row.updated_at > now - 300 * DAY && row.updated_at < now - 30 * DAY,
    ],
    [
      'opted out in a window',
      () => ({ optedOutAfter: iso(now - 900 * DAY), optedOutBefore: iso(now - 10 * DAY) }),
      ({ email, ...row }) =>
        row.deleted_at === null &&
        email?.opt_out_date != null &&
        email.opt_out_date > now - 900 * DAY &&
        email.opt_out_date < now - 10 * DAY,
    ],
    [
      'text messages',
      () => ({ smsStatus: ['EXPLICIT', 'UNSUBSCRIBED'] }),
      (row) => live(row) && ['explicit', 'unsubscribed'].includes(row.sms?.permission ?? ''),
      'limit=500&sms_status=explicit,unsubscribed',
    ],
    ['everybody with a number', () => ({ smsStatus: ['ALL'] }), (row) => live(row) && row.sms !== null],
    [
      'several at once',
      () => ({ status: ['ALL'], tags: [firstTags()[0]!.tag_id], createdAfter: iso(now - 1500 * DAY) }),
      (row) => row.taggings.includes(firstTags()[0]!.tag_id) && row.created_at > now - 1500 * DAY,
    ],
  ])('%s', async (_, filter, test, query) => {
    const { contacts } = await ask(
      `query ($filter: ContactsFilter) { contacts(first: 500, filter: $filter) { nodes { contactId } } }`,
      { filter: filter() },
    );
    const expected = rows(test).map((row) => row.contact_id);
    expect(contacts.nodes.map((node: { contactId: string }) => node.contactId)).toEqual(expected);
    expect(expected.length).toBeGreaterThan(0);
    expect(app.calls()).toEqual(['getContacts']);
    if (query) expect(lastQuery()).toBe(query);
  });

  it.each<[string, Record<string, unknown>, string, string[]]>([
    ['a segment and a state', { segment: '1001', status: ['ALL'] }, 'INVALID', ['filter', 'segment']],
    ['a segment and an address', { segment: '1001', email: 'a@b.c' }, 'INVALID', ['filter', 'segment']],
    ['26 lists', { lists: uuids(26) }, 'TOO_MANY', ['filter', 'lists']],
    ['51 tags', { tags: uuids(51) }, 'TOO_MANY', ['filter', 'tags']],
    ['no list', { lists: [] }, 'REQUIRED', ['filter', 'lists']],
    ['no state', { status: [] }, 'REQUIRED', ['filter', 'status']],
    ['no state of consent', { smsStatus: [] }, 'REQUIRED', ['filter', 'smsStatus']],
    ['an empty address', { email: ' ' }, 'REQUIRED', ['filter', 'email']],
    ['a long address', { email: `${'a'.repeat(80)}@b.c` }, 'TOO_LONG', ['filter', 'email']],
    ['a path for a list', { lists: ['../contacts'] }, 'INVALID_ID', ['filter', 'lists', '0']],
    ['a tag for a list', { lists: [encodeGlobalId('Tag', NOWHERE)] }, 'INVALID_ID', ['filter', 'lists', '0']],
  ])('refuses %s before any call', async (_, filter, problem, field) => {
    const { data, errors } = await app.query(
      `query ($filter: ContactsFilter) { contacts(filter: $filter) { nodes { contactId } } }`,
      { variables: { filter } },
    );
    expect(data).toEqual({ contacts: null });
    expect(errors).toEqual([
      expect.objectContaining({ path: ['contacts'], extensions: { code: 'BAD_USER_INPUT', problem, field } }),
    ]);
    expect(app.calls()).toEqual([]);
  });

  it('take null for left out', async () => {
    const filter = { segment: null, status: null, email: null, lists: null, tags: null, createdAfter: null };
    const { contacts } = await ask(
      `query ($filter: ContactsFilter) { contacts(first: 1, filter: $filter) { totalCount } }`,
      { filter },
    );
    expect(contacts.totalCount).toBe(300);
  });

  it('read the members of a segment with nothing beside it, wait until they are computed, and cannot count them', async () => {
    const segment = account().segments.find((one) => one.name === 'Donors and Members')!;
    const lists = [...account().lists].filter((list) => ['Donors', 'Members'].includes(list.name));
    const { contacts } = await ask(
      `query ($id: ID!) { contacts(first: 20, filter: { segment: $id }) { totalCount nodes { contactId } pageInfo { hasNextPage } } }`,
      { id: encodeGlobalId('Segment', segment.segment_id) },
    );
    const members = rows(
      (row) => live(row) && lists.some((list) => row.list_memberships.includes(list.list_id)),
    );
    expect(contacts).toEqual({
      totalCount: null,
      nodes: members.slice(0, 20).map((row) => ({ contactId: row.contact_id })),
      pageInfo: { hasNextPage: true },
    });
    expect(app.sandbox.journal.entries.map(({ status, query }) => [status, query])).toEqual([
      [202, `limit=20&segment_id=${String(segment.segment_id)}`],
      [200, `limit=20&segment_id=${String(segment.segment_id)}`],
    ]);
  });

  function uuids(count: number): string[] {
    return Array.from({ length: count }, (_, at) => `${NOWHERE.slice(0, -3)}${String(100 + at)}`);
  }
});

describe('pages of contacts', () => {
  const PAGE = `query ($first: Int, $after: String) { contacts(first: $first, after: $after, filter: { status: [ALL] }) {
    totalCount edges { cursor node { contactId } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  } }`;

  it('hang together, and each is one call', async () => {
    const all = rows().map((row) => row.contact_id);
    const seen: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < 10; page += 1) {
      app.resetCalls();
      const { contacts }: any = await ask(PAGE, { first: 100, after });
      seen.push(...contacts.edges.map((edge: any) => edge.node.contactId));
      expect(contacts.totalCount).toBe(all.length);
      expect(contacts.pageInfo.hasPreviousPage).toBe(page > 0);
      expect(app.calls()).toEqual(['getContacts']);
      after = contacts.pageInfo.endCursor;
      if (!contacts.pageInfo.hasNextPage) break;
    }
    expect(seen).toEqual(all);
  });

  it('go on with another selection: what they did not bring is read, and counted, then', async () => {
    const { contacts } = await ask(`{ contacts(first: 20) { pageInfo { endCursor } } }`);
    app.resetCalls();
    const rest = await ask(
      `query ($after: String) { contacts(first: 30, after: $after) { totalCount nodes { contactId lists { listId } notes { content } } } }`,
      { after: contacts.pageInfo.endCursor },
    );
    const expected = rows((row) => row.deleted_at === null).slice(20, 50);
    expect(rest.contacts).toEqual({
      totalCount: 300,
      nodes: expected.map((row) => ({
        contactId: row.contact_id,
        lists: row.list_memberships.map((listId) => ({ listId })),
        notes: row.notes.map(({ content }) => ({ content })),
      })),
    });
    // Two pages of twenty, the number of contacts, and the thirty again in one scan.
    expect(app.calls()).toEqual(Array(4).fill('getContacts'));
  });

  it('go on with less than before', async () => {
    const { contacts } = await ask(
      `{ contacts(first: 20) { totalCount nodes { notes { content } } pageInfo { endCursor } } }`,
    );
    app.resetCalls();
    const rest = await ask(
      `query ($after: String) { contacts(first: 20, after: $after) { nodes { contactId } } }`,
      {
        after: contacts.pageInfo.endCursor,
      },
    );
    expect(rest.contacts.nodes[0].contactId).toBe(rows((row) => row.deleted_at === null)[20]?.contact_id);
    expect(app.calls()).toEqual(['getContacts']);
  });

  it('begin after any row', async () => {
    const first = (await ask(PAGE, { first: 30 })).contacts;
    const { contacts } = await ask(PAGE, { first: 5, after: first.edges[11].cursor });
    expect(contacts.edges.map((edge: any) => edge.node.contactId)).toEqual(
      rows()
        .slice(12, 17)
        .map((row) => row.contact_id),
    );
  });

  it('give 50 rows when nothing is said', async () => {
    const { contacts } = await ask(`{ contacts { nodes { contactId } } }`);
    expect(contacts.nodes).toHaveLength(50);
  });

  it('give every contact once although the API repeats one that moved to the next page', async () => {
    const body = (ids: number[], next: string | null) => ({
      contacts: ids.map((id) => ({ contact_id: `${NOWHERE.slice(0, -3)}${String(id)}` })),
      _links: { next: { href: next && `/v3/contacts?cursor=${next}` } },
    });
    const fault = (value: unknown) => {
      app.sandbox.faults.script({ fault: { kind: 'status', status: 200, body: value } });
    };
    fault(body([101, 102], 'bGltaXQ9Mg%3D%3D'));
    fault(body([102, 103], 'bGltaXQ9Mw%3D%3D'));
    fault(body([103, 104, 101], null));
    const { contacts } = await ask(
      `{ contacts(first: 600) { nodes { contactId } pageInfo { hasNextPage } } }`,
    );
    expect(contacts.nodes.map((node: any) => node.contactId.slice(-3))).toEqual(['101', '102', '103', '104']);
    expect(contacts.pageInfo.hasNextPage).toBe(false);
    expect(app.calls()).toHaveLength(3);
  });

  it('of a list and of a tag take a state, and count', async () => {
    const list = account().lists.find((one) => one.name === 'Customers')!;
    const tag = [...account().tags][0]!;
    const data = await ask(
      `query ($list: ID!, $tag: ID!) {
        contactList(id: $list) { contacts(first: 3) { totalCount nodes { contactId } } }
        tag(id: $tag) { contacts(status: [ALL]) { totalCount nodes { contactId } } }
      }`,
      { list: list.list_id, tag: tag.tag_id },
    );
    const members = rows((row) => row.list_memberships.includes(list.list_id));
    const tagged = rows((row) => row.taggings.includes(tag.tag_id));
    expect(data.contactList.contacts).toEqual({
      totalCount: members.length,
      nodes: members.slice(0, 3).map((row) => ({ contactId: row.contact_id })),
    });
    expect(data.tag.contacts).toEqual({
      totalCount: tagged.length,
      nodes: tagged.map((row) => ({ contactId: row.contact_id })),
    });
    expect(app.calls().sort()).toEqual(['getContacts', 'getContacts', 'getList', 'getTag']);
  });
});

describe('counts and cross-references', () => {
  it('counts consents in one call, new subscribers only when asked for', async () => {
    const live = rows((row) => row.deleted_at === null);
    const having = (permission: string) =>
      live.filter((row) => row.email?.permission_to_send === permission).length;
    expect(await ask(`{ contactConsentCounts { total explicit implicit pending unsubscribed } }`)).toEqual({
      contactConsentCounts: {
        total: live.length,
        explicit: having('explicit'),
        implicit: having('implicit'),
        pending: having('pending_confirmation'),
        unsubscribed: having('unsubscribed'),
      },
    });
    expect(lastQuery()).toBe('');
    app.resetCalls();
    const { a, b } = await ask(
      `{ a: contactConsentCounts { total } b: contactConsentCounts { newSubscribers } }`,
    );
    expect(a.total).toBe(300);
    expect(b.newSubscribers).toBeGreaterThan(0);
    expect(app.calls()).toEqual(['countContact']);
    expect(lastQuery()).toBe('include=new_subscriber');
  });

  it('finds contacts by their V2 ids and leaves unknown ones out', async () => {
    const [a, b] = rows((row) => row.sequence_id !== null);
    const { contactXrefs } = await ask(
      `query ($ids: [ID!]!) { contactXrefs(v2Ids: $ids) { v2Id contactId contact { firstName } } }`,
      { ids: [b!.sequence_id, a!.sequence_id, '7', a!.sequence_id] },
    );
    expect(contactXrefs).toEqual(
      [a!, b!].map((row) => ({
        v2Id: row.sequence_id,
        contactId: row.contact_id,
        contact: { firstName: row.first_name },
      })),
    );
    expect(app.calls()).toEqual(['getContactIdXrefs', 'getContact', 'getContact']);
  });

  it.each<[string, unknown[], string]>([
    ['letters', ['12', 'abc'], 'INVALID_ID'],
    ['none', [], 'REQUIRED'],
    ['501', Array.from({ length: 501 }, (_, at) => String(at + 1)), 'TOO_MANY'],
  ])('refuses V2 ids: %s', async (_, ids, problem) => {
    const { errors } = await app.query(`query ($ids: [ID!]!) { contactXrefs(v2Ids: $ids) { contactId } }`, {
      variables: { ids },
    });
    expect(errors?.[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', problem });
    expect(app.calls()).toEqual([]);
  });
});

describe('contacts as nodes and as entities', () => {
  it('come by global id among other types; a malformed or foreign id fails alone, an unknown one is null', async () => {
    const [a, b] = rows();
    const [list] = [...account().lists];
    const ids = [
      encodeGlobalId('Contact', a!.contact_id),
      'rubbish',
      encodeGlobalId('Contact', NOWHERE),
      b!.contact_id,
      encodeGlobalId('ContactList', list!.list_id),
      encodeGlobalId('Contact', '../contact_lists'),
      encodeGlobalId('Contact', b!.contact_id),
    ];
    const { data, errors } = await app.query(
      `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Contact { firstName } ... on ContactList { name } } }`,
      { variables: { ids } },
    );
    expect(data.nodes).toEqual([
      { __typename: 'Contact', id: ids[0], firstName: a!.first_name },
      null,
      null,
      null,
      { __typename: 'ContactList', id: ids[4], name: list!.name },
      null,
      { __typename: 'Contact', id: ids[6], firstName: b!.first_name },
    ]);
    expect(errors?.map(({ path, extensions }) => [path, extensions.code, extensions.problem])).toEqual(
      [1, 3, 5].map((at) => [['nodes', at], 'BAD_USER_INPUT', 'INVALID_ID']),
    );
    expect(app.calls().sort()).toEqual(['getContact', 'getContact', 'getContact', 'getList']);
  });

  it('one comes by node, with what the inline fragment asks for and no more', async () => {
    const row = some((one) => one.notes.length > 0);
    const { node } = await ask(
      `{ node(id: "${encodeGlobalId('Contact', row.contact_id)}") { id ... on Contact { notes { content } } } }`,
    );
    expect(node.notes.map((note: any) => note.content)).toEqual(row.notes.map((note) => note.content));
    expect(app.calls()).toEqual(['getContact']);
    expect(lastQuery()).toBe('include=notes');
  });

  it('come to a gateway by either key, together; one that cannot be or is not there is null', async () => {
    const [a, b] = rows();
    const { _entities } = await ask(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Contact { contactId firstName } } }`,
      {
        representations: [
          { __typename: 'Contact', id: encodeGlobalId('Contact', a!.contact_id) },
          { __typename: 'Contact', contactId: b!.contact_id },
          { __typename: 'Contact', contactId: a!.contact_id },
          { __typename: 'Contact', contactId: NOWHERE },
          { __typename: 'Contact', contactId: '../contact_lists' },
          { __typename: 'Contact', id: encodeGlobalId('Tag', NOWHERE) },
        ],
      },
    );
    const entity = (row: ContactRow) => ({ contactId: row.contact_id, firstName: row.first_name });
    expect(_entities).toEqual([entity(a!), entity(b!), entity(a!), null, null, null]);
    expect(app.calls()).toEqual(['getContact', 'getContact', 'getContact']);
  });

  it('as many as a gateway asks for are one scan', async () => {
    const picked = rows().slice(0, 40);
    const { _entities } = await ask(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Contact { contactId } } }`,
      { representations: picked.map(({ contact_id }) => ({ __typename: 'Contact', contactId: contact_id })) },
    );
    expect(_entities.map((one: any) => one.contactId)).toEqual(picked.map((row) => row.contact_id));
    expect(app.calls()).toEqual(['getContacts']);
  });
});

describe('answers that are not as the contract has them', () => {
  const answer = (body: unknown) => {
    app.sandbox.faults.script({ fault: { kind: 'status', status: 200, body } });
  };

  it('with a value that nobody knows are UNKNOWN, with the value beside it', async () => {
    answer({
      contact_id: NOWHERE,
      create_source: 'Robot',
      email_address: {
        address: 'a@b.c',
        permission_to_send: 'whatever',
        confirm_status: 'maybe',
        opt_in_source: '',
      },
      phone_numbers: [{ kind: 'fax', phone_number: '1' }],
      a_new_property: { nested: true },
    });
    const { contact } = await ask(
      `{ contact(id: "${NOWHERE}") { createSource createSourceRaw phoneNumbers { kind kindRaw } emailAddress {
        permissionToSend permissionToSendRaw confirmStatus confirmStatusRaw optInSource
      } } }`,
    );
    expect(contact).toEqual({
      createSource: 'UNKNOWN',
      createSourceRaw: 'Robot',
      phoneNumbers: [{ kind: 'UNKNOWN', kindRaw: 'fax' }],
      emailAddress: {
        permissionToSend: 'UNKNOWN',
        permissionToSendRaw: 'whatever',
        confirmStatus: 'UNKNOWN',
        confirmStatusRaw: 'maybe',
        optInSource: null,
      },
    });
  });

  it.each([
    ['2026-04-28T21:46:22Z', '2026-04-28T21:46:22.000Z'],
    ['2016-01-23T13:48:44.108Z', '2016-01-23T13:48:44.108Z'],
    ['2016-03-03T10:53:04-05:00', '2016-03-03T15:53:04.000Z'],
    ['2025-09-25T20:06:50.020+00:00', '2025-09-25T20:06:50.020Z'],
    ['2026-02-05T07:32:49.766+0000', '2026-02-05T07:32:49.766Z'],
    ['2019-01-01T00:00:00-0500', '2019-01-01T05:00:00.000Z'],
    ['2023-01-23 06:09:23 -0800', '2023-01-23T14:09:23.000Z'],
    ['2026-04-28', '2026-04-28T00:00:00.000Z'],
    ['yesterday', null],
    ['', null],
  ])('with the date %s give %s', async (text, expected) => {
    answer({ contact_id: NOWHERE, created_at: text, deleted_at: text });
    const { contact } = await ask(`{ contact(id: "${NOWHERE}") { createdAt deletedAt } }`);
    expect(contact).toEqual({ createdAt: expected, deletedAt: expected?.slice(0, 10) ?? null });
  });

  it('without what they should have give null, and no error', async () => {
    const everything = `{ contact(id: "${NOWHERE}") {
      contactId firstName birthday { month } createSource createdAt deletedAt emailAddress { address } smsChannel { smsAddress }
      lists { name } tags { name } customFields { value field { label } choices { label } } phoneNumbers { kind } streetAddresses { city } notes { content }
    } }`;
    answer({ contact_id: NOWHERE, birthday_month: 3 });
    expect((await ask(everything)).contact).toEqual({
      contactId: NOWHERE,
      firstName: null,
      birthday: null,
      createSource: null,
      createdAt: null,
      deletedAt: null,
      emailAddress: null,
      smsChannel: null,
      lists: [],
      tags: [],
      customFields: [],
      phoneNumbers: [],
      streetAddresses: [],
      notes: [],
    });
    answer({
      contact_id: NOWHERE,
      email_address: {},
      sms_channel: {},
      phone_numbers: [{}],
      notes: [{}],
      custom_fields: [{ custom_field_id: NOWHERE }],
    });
    expect((await ask(everything)).contact).toMatchObject({
      emailAddress: { address: null },
      smsChannel: { smsAddress: null },
      customFields: [{ value: null, field: null, choices: [] }],
      phoneNumbers: [{ kind: null }],
      notes: [{ content: null }],
      tags: [],
    });
  });

  it.each<[string, unknown]>([
    ['nothing', {}],
    ['null', { contacts: null, _links: null }],
    ['rows without ids', { contacts: [{}, {}], contacts_count: null }],
  ])('for a collection: %s', async (_, body) => {
    answer(body);
    const { contacts } = await ask(
      `{ contacts { nodes { contactId firstName lists { name } } pageInfo { hasNextPage } } }`,
    );
    expect(contacts.pageInfo.hasNextPage).toBe(false);
    expect(contacts.nodes.every((node: any) => node.firstName === null)).toBe(true);
  });
});
