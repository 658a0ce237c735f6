import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
import type { ContactRow, ListRow } from '../src/sandbox/stores/audience.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';

const UNKNOWN_ID = '06a100de-19b6-4266-874b-afff00ff6b01';

let app: TestApp;
let now: number;

beforeEach(async () => {
  now = Date.UTC(2026, 0, 15, 12);
  app = await startApp({ sandbox: { contacts: 200, clock: { now: () => now } } });
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

const lists = (test: (row: ListRow) => boolean = () => true) => app.sandbox.account().lists.filter(test);
const listNamed = (name: string) => lists((list) => list.name === name)[0]!;
const isMailing = (list: ListRow) => list.channel === 'email' && list.deleted_at === null;
const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
const queries = () => app.sandbox.journal.entries.map((entry) => decodeURIComponent(entry.query));
const names = (connection: { nodes: { name: string }[] }) => connection.nodes.map((node) => node.name);

const isLive = (row: ContactRow) => row.deleted_at === null;
const isMailable = (row: ContactRow) =>
  isLive(row) && ['explicit', 'implicit'].includes(row.email?.permission_to_send ?? '');
const membersOf = ({ list_id }: ListRow, test: (row: ContactRow) => boolean) =>
  app.sandbox.account().contacts.count((row) => test(row) && row.list_memberships.includes(list_id));
/** As the sandbox counts: contacts with SMS consent are active as well. */
const activeIn = (list: ListRow) =>
  membersOf(list, (row) => isMailable(row) || (isLive(row) && row.sms?.permission === 'explicit'));

const FIELDS = 'id listId name description favorite createdAt updatedAt deletedAt';
const fieldsOf = (list: ListRow) => ({
  id: encodeGlobalId('ContactList', list.list_id),
  listId: list.list_id,
  name: list.name,
  description: list.description,
  favorite: list.favorite,
  createdAt: iso(list.created_at),
  updatedAt: iso(list.updated_at),
  deletedAt: iso(list.deleted_at),
});

describe('a single list', () => {
  it('returns every field, by raw and by global id, in one call without counts', async () => {
    const list = listNamed('Donors');
    for (const id of [list.list_id, encodeGlobalId('ContactList', list.list_id)]) {
      app.resetCalls();
      expect(await ask(`{ contactList(id: "${id}") { ${FIELDS} } }`)).toEqual({
        contactList: fieldsOf(list),
      });
      expect(app.calls()).toEqual(['getList']);
      expect(queries()).toEqual(['']);
    }
  });

  it('includes one count, and both for one more call', async () => {
    const list = listNamed('Donors');
    const count = { membershipCount: membersOf(list, isLive) };
    const active = { activeMembershipCount: activeIn(list) };
    expect(count.membershipCount).toBeGreaterThan(active.activeMembershipCount);
    expect(await ask(`{ contactList(id: "${list.list_id}") { membershipCount } }`)).toEqual({
      contactList: count,
    });
    expect(await ask(`{ contactList(id: "${list.list_id}") { activeMembershipCount } }`)).toEqual({
      contactList: active,
    });
    expect(queries()).toEqual(['include_membership_count=all', 'include_membership_count=active']);
    app.resetCalls();
    expect(
      await ask(`{ contactList(id: "${list.list_id}") { membershipCount activeMembershipCount } }`),
    ).toEqual({ contactList: { ...count, ...active } });
    expect(app.calls()).toEqual(['getList', 'getLists']);
  });

  it('is null when it does not exist; a deleted one has its time of deletion', async () => {
    const gone = listNamed('Spring Fair 2019');
    expect(await ask(`{ contactList(id: "${UNKNOWN_ID}") { name } }`)).toEqual({ contactList: null });
    expect(await ask(`{ contactList(id: "${gone.list_id}") { name deletedAt } }`)).toEqual({
      contactList: { name: gone.name, deletedAt: iso(gone.deleted_at) },
    });
  });

  it('is read in one call with other lists of the query, including aliases, nodes and entities', async () => {
    const [a, b, c] = lists(isMailing);
    const data = await ask(
      `query ($a: ID!, $ids: [ID!]!, $entities: [_Any!]!) {
        contactList(id: $a) { name }
        node(id: "${encodeGlobalId('ContactList', b!.list_id)}") { ... on ContactList { name } }
        nodes(ids: $ids) { ... on ContactList { name } }
        _entities(representations: $entities) { ... on ContactList { listId name } }
      }`,
      {
        a: a!.list_id,
        ids: [encodeGlobalId('ContactList', c!.list_id), encodeGlobalId('ContactList', b!.list_id)],
        entities: [
          { __typename: 'ContactList', listId: a!.list_id },
          { __typename: 'ContactList', id: encodeGlobalId('ContactList', b!.list_id) },
        ],
      },
    );
    expect(data).toEqual({
      contactList: { name: a!.name },
      node: { name: b!.name },
      nodes: [{ name: c!.name }, { name: b!.name }],
      _entities: [
        { listId: a!.list_id, name: a!.name },
        { listId: b!.list_id, name: b!.name },
      ],
    });
    expect(app.calls()).toEqual(['getLists']);
  });
});

describe('the collection of lists', () => {
  it('contains the existing email lists, each with every field and its members, in one call', async () => {
    const expected = lists(isMailing);
    const { contactLists } = await ask(
      `{ contactLists(first: 100) { totalCount nodes { ${FIELDS} membershipCount } pageInfo { hasNextPage } } }`,
    );
    expect(contactLists).toEqual({
      totalCount: expected.length,
      nodes: expected.map((list) => ({ ...fieldsOf(list), membershipCount: membersOf(list, isLive) })),
      pageInfo: { hasNextPage: false },
    });
    expect(app.calls()).toEqual(['getLists']);
  });

  it.each<[string, Record<string, unknown>, (list: ListRow) => boolean, string]>([
    ['a name', { name: 'donors' }, (list) => list.name === 'Donors', 'limit=1000&name=donors'],
    ['all', { status: 'ALL' }, (list) => list.channel === 'email', 'limit=1000&status=all'],
    ['active', { status: 'ACTIVE' }, isMailing, 'limit=1000&status=active'],
    ['deleted', { status: 'DELETED' }, (list) => list.deleted_at !== null, 'limit=1000&status=deleted'],
    ['mail', { channel: 'EMAIL' }, isMailing, 'channel_type=email&limit=1000'],
    [
      'text messages',
      { channel: 'SMS', name: null },
      (list) => list.channel === 'sms',
      'channel_type=sms&limit=1000',
    ],
  ])('is filtered by %s', async (_, filter, test, query) => {
    const { contactLists } = await ask(
      `query ($filter: ContactListsFilter) { contactLists(filter: $filter) { nodes { name } } }`,
      { filter },
    );
    expect(names(contactLists)).toEqual(lists(test).map((list) => list.name));
    expect(queries()).toEqual([query]);
  });

  it('counts lists for text messages by their own flag', async () => {
    const sms = lists((list) => list.channel === 'sms')[0]!;
    const { contactLists } = await ask(
      `{ contactLists(filter: { channel: SMS }) { totalCount nodes { name membershipCount } } }`,
    );
    expect(contactLists).toEqual({
      totalCount: 1,
      nodes: [{ name: sms.name, membershipCount: membersOf(sms, isLive) }],
    });
    expect(queries()).toEqual([
      'channel_type=sms&include_count=true&include_sms_membership_count=true&limit=1000',
    ]);
  });

  describe('with several lists for text messages', () => {
    const QUERY = `{ contactLists(filter: { channel: SMS }) {
      nodes { listId membershipCount activeMembershipCount } } }`;
    beforeEach(() => {
      const account = app.sandbox.account();
      const [sms] = lists((list) => list.channel === 'sms');
      const members = account.contacts.filter((row) => row.list_memberships.includes(sms?.list_id ?? ''));
      for (const at of [1, 2, 3]) {
        const list = account.lists.add({
          ...sms!,
          list_id: account.ids.uuid('list'),
          name: `SMS ${String(at)}`,
        });
        for (const row of members.slice(at)) row.list_memberships.push(list.list_id);
      }
    });

    it('are read together where contacts name several', async () => {
      const sms = lists((list) => list.channel === 'sms');
      const [member] = app.sandbox.account().contacts.filter((row) => row.deleted_at === null);
      member!.list_memberships = sms.map(({ list_id }) => list_id);
      const { contact } = await ask(`{ contact(id: "${member!.contact_id}") { lists { name } } }`);
      expect(contact.lists).toEqual(sms.map(({ name }) => ({ name })));
      expect(app.calls()).toEqual(['getContact', 'getLists', 'getLists']);
      expect(queries().at(-1)).toBe('channel_type=sms&limit=1000&status=all');
    });

    it('are read one by one if the API refuses to list them', async () => {
      const refused = {
        kind: 'status' as const,
        status: 400,
        body: [{ error_key: 'lists.api.validation.error', error_message: 'channel_type is not valid' }],
      };
      app.sandbox.faults.script({
        operationId: 'getLists',
        query: { channel_type: 'sms' },
        times: Infinity,
        fault: refused,
      });
      const sms = lists((list) => list.channel === 'sms');
      const [member] = app.sandbox.account().contacts.filter((row) => row.deleted_at === null);
      member!.list_memberships = sms.map(({ list_id }) => list_id);
      const { contact } = await ask(`{ contact(id: "${member!.contact_id}") { lists { name } } }`);
      expect(contact.lists).toEqual(sms.map(({ name }) => ({ name })));
      // The listing is tried in both documented page sizes.
      expect(app.calls()).toEqual([
        'getContact',
        'getLists',
        'getLists',
        'getLists',
        ...sms.map(() => 'getList'),
      ]);
    });

    const expected = () =>
      lists((list) => list.channel === 'sms').map((list) => ({
        listId: list.list_id,
        membershipCount: membersOf(list, isLive),
        activeMembershipCount: membersOf(
          list,
          (row) => isMailable(row) || (isLive(row) && row.sms?.permission === 'explicit'),
        ),
      }));

    it('answers each kind of count with one scan', async () => {
      expect((await ask(QUERY)).contactLists.nodes).toEqual(expected());
      expect(queries()).toEqual([
        'channel_type=sms&include_sms_membership_count=true&limit=1000',
        'channel_type=sms&include_membership_count=active&limit=1000&status=all',
      ]);
    });

    it('reads counts by the name of their flag, and the missing ones with one scan', async () => {
      const renamed = (lists: any[]) =>
        lists.map(({ membership_count, ...row }) => ({ ...row, sms_membership_count: membership_count }));
      const COUNT = '{ contactLists(filter: { channel: SMS }) { nodes { listId membershipCount } } }';
      const counts = expected().map(({ listId, membershipCount }) => ({ listId, membershipCount }));
      const script = (edit: (rows: any[]) => any[]) => {
        app.sandbox.faults.script({
          operationId: 'getLists',
          fault: { kind: 'edit', edit: (body: any) => ({ ...body, lists: edit(body.lists) }) },
        });
      };
      script(renamed);
      expect((await ask(COUNT)).contactLists.nodes).toEqual(counts);
      expect(app.calls()).toEqual(['getLists']);
      script((rows) => rows.map(({ membership_count: _, ...row }) => row));
      app.resetCalls();
      expect((await ask(COUNT)).contactLists.nodes).toEqual(counts);
      expect(app.calls()).toEqual(['getLists', 'getLists']);
    });
  });

  it('counts all members and mailable members separately: one call for each kind', async () => {
    const { contactLists } = await ask(
      '{ contactLists(first: 100) { nodes { name membershipCount activeMembershipCount } } }',
    );
    const { contactLists: active } = await ask(
      '{ contactLists(first: 100) { nodes { name activeMembershipCount } } }',
    );
    expect(contactLists.nodes).toMatchObject(active.nodes);
    expect(contactLists.nodes.some((node: any) => node.membershipCount > node.activeMembershipCount)).toBe(
      true,
    );
    expect(app.calls()).toEqual(['getLists', 'getLists', 'getLists']);
  });

  it('is paginated; a cursor also works with another selection', async () => {
    const expected = lists(isMailing).map((list) => list.name);
    const { contactLists: first } = await ask(
      `{ contactLists(first: 30) { nodes { name } pageInfo { endCursor hasNextPage hasPreviousPage } } }`,
    );
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    app.resetCalls();
    const { contactLists: rest } = await ask(
      `query ($after: String) { contactLists(first: 30, after: $after) { totalCount nodes { name membershipCount } pageInfo { hasNextPage hasPreviousPage } } }`,
      { after: first.pageInfo.endCursor },
    );
    expect(names(first).concat(names(rest))).toEqual(expected);
    expect(rest.nodes.map((node: any) => node.membershipCount)).toEqual(
      lists(isMailing)
        .slice(30)
        .map((list) => membersOf(list, isLive)),
    );
    expect(rest).toMatchObject({
      totalCount: expected.length,
      pageInfo: { hasNextPage: false, hasPreviousPage: true },
    });
    // The page holds all lists, with their counts, and so their number.
    expect(app.calls()).toEqual(['getLists']);
  });

  it('finds lists by their V2 ids', async () => {
    const [a, b] = lists((list) => list.sequence_id !== null);
    const { contactListXrefs } = await ask(
      `query ($ids: [ID!]!) { contactListXrefs(v2Ids: $ids) { v2Id listId contactList { name } } }`,
      { ids: [a!.sequence_id, b!.sequence_id, '9'] },
    );
    expect(contactListXrefs).toEqual(
      [a!, b!].map((list) => ({
        v2Id: list.sequence_id,
        listId: list.list_id,
        contactList: { name: list.name },
      })),
    );
    expect(app.calls()).toEqual(['getListIdXrefs', 'getLists']);
  });

  it.each([
    ['an empty list of V2 ids', `contactListXrefs(v2Ids: []) { listId }`, 'REQUIRED'],
    ['a UUID as a V2 id', `contactListXrefs(v2Ids: ["${UNKNOWN_ID}"]) { listId }`, 'INVALID_ID'],
    ['a path as an id', `contactList(id: "../contacts") { name }`, 'INVALID_ID'],
    ['an empty name', `contactLists(filter: { name: " " }) { totalCount }`, 'REQUIRED'],
    ['first: 0', `contactLists(first: 0) { nodes { name } }`, 'INVALID'],
  ])('rejects %s before any call', async (_, field, problem) => {
    const { errors } = await app.query(`{ ${field} }`);
    expect(errors?.[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', problem });
    expect(app.calls()).toEqual([]);
  });
});

describe('counts of the lists of many contacts', () => {
  it('cost two calls together with their names, and a query cost that is allowed', async () => {
    const { contacts } = await ask('{ contacts(first: 100) { nodes { lists { name membershipCount } } } }');
    const counts = contacts.nodes.flatMap((node: any) => node.lists.map((list: any) => list.membershipCount));
    expect(counts.length).toBeGreaterThan(100);
    expect(Math.min(...counts)).toBeGreaterThan(0);
    expect(app.calls()).toEqual(['getContacts', 'getLists']);
  });
});

describe('cached counts', () => {
  /** The reference cache is off in the other tests. */
  beforeEach(async () => {
    await app.close();
    app = await startApp({ sandbox: { contacts: 200 }, client: { referenceCacheSeconds: 60 } });
  });

  const COUNTS = `{ contacts(first: 1) { nodes { lists { name membershipCount } tags { name contactsCount } } } }`;
  const PLAIN = `{ contacts(first: 1) { nodes { lists { name } tags { name } } } }`;

  it('are read again after a contact was changed, while names stay cached', async () => {
    const read = async (query: string) => (await ask(query)).contacts.nodes[0];
    const before = await read(COUNTS);
    await read(PLAIN);
    app.resetCalls();
    expect(await read(COUNTS)).toEqual(before);
    await read(PLAIN);
    expect(app.calls()).toEqual(['getContacts', 'getContacts']);

    const list = listNamed(before.lists[0].name);
    const tag = app.sandbox.account().tags.find((one) => one.name === before.tags[0].name)!;
    const { createContact } = await ask(
      `mutation ($lists: [ID!], $tags: [ID!]) { createContact(input: { firstName: "New", listIds: $lists, tagIds: $tags }) { userErrors { code } } }`,
      { lists: [list.list_id], tags: [tag.tag_id] },
    );
    expect(createContact.userErrors).toEqual([]);

    app.resetCalls();
    const after = await read(COUNTS);
    expect(after.lists[0].membershipCount).toBe(before.lists[0].membershipCount + 1);
    expect(after.tags[0].contactsCount).toBe(before.tags[0].contactsCount + 1);
    expect(app.calls().sort()).toEqual(['getContacts', 'getLists', 'getTags']);
    app.resetCalls();
    await read(PLAIN);
    expect(app.calls()).toEqual(['getContacts']);
  });

  it('of lists for text messages are read again after a contact was changed', async () => {
    const sms = lists((list) => list.channel === 'sms')[0]!;
    const read = async () => {
      app.resetCalls();
      const { contactLists } = await ask(
        '{ contactLists(filter: { channel: SMS }) { nodes { membershipCount } } }',
      );
      return { count: contactLists.nodes[0].membershipCount, calls: app.calls() };
    };
    const { count } = await read();
    expect(await read()).toEqual({ count, calls: [] });
    const { createContact } = await ask(
      `mutation ($lists: [ID!]) { createContact(input: { firstName: "New", listIds: $lists }) { userErrors { code } } }`,
      { lists: [sms.list_id] },
    );
    expect(createContact.userErrors).toEqual([]);
    expect(await read()).toEqual({ count: count + 1, calls: ['getLists'] });
  });

  it('are read again after a list or a tag was renamed', async () => {
    const before = (await ask(COUNTS)).contacts.nodes[0];
    const list = listNamed(before.lists[0].name);
    const tag = app.sandbox.account().tags.find((one) => one.name === before.tags[0].name)!;
    await ask(
      `mutation ($list: ID!, $tag: ID!) {
        updateContactList(input: { id: $list, name: "Renamed" }) { userErrors { code } }
        updateTag(input: { id: $tag, name: "renamed" }) { userErrors { code } }
      }`,
      { list: list.list_id, tag: tag.tag_id },
    );
    const after = (await ask(COUNTS)).contacts.nodes[0];
    expect([after.lists[0].name, after.tags[0].name]).toEqual(['Renamed', 'renamed']);
  });
});

describe('createContactList', () => {
  const CREATE = `mutation ($input: CreateContactListInput!) { createContactList(input: $input) {
    contactList { ${FIELDS} } userErrors { code field message }
  } }`;

  it('creates a list in one call', async () => {
    const { createContactList } = await ask(CREATE, {
      input: { name: 'Regulars', description: 'They come every week', favorite: true },
    });
    expect(createContactList).toEqual({ contactList: fieldsOf(listNamed('Regulars')), userErrors: [] });
    expect(createContactList.contactList).toMatchObject({
      description: 'They come every week',
      favorite: true,
    });
    expect(app.calls()).toEqual(['createList']);
  });

  it('needs a name only', async () => {
    const { createContactList } = await ask(CREATE, { input: { name: 'Regulars', favorite: null } });
    expect(createContactList.contactList).toMatchObject({
      name: 'Regulars',
      description: '',
      favorite: false,
    });
  });

  it('reports a duplicate name', async () => {
    const { createContactList } = await ask(CREATE, { input: { name: 'donors' } });
    expect(createContactList).toEqual({
      contactList: null,
      userErrors: [{ code: 'ALREADY_EXISTS', field: ['input', 'name'], message: expect.any(String) }],
    });
  });

  it.each([
    ['a blank name', '  ', 'REQUIRED'],
    ['a name of 256 characters', 'x'.repeat(256), 'TOO_LONG'],
  ])('rejects %s before any call', async (_, name, code) => {
    const { createContactList } = await ask(CREATE, { input: { name } });
    expect(createContactList.userErrors).toEqual([
      { code, field: ['input', 'name'], message: expect.any(String) },
    ]);
    expect(app.calls()).toEqual([]);
  });

  it('counts the members of the new list for one more call', async () => {
    const { createContactList } = await ask(
      `mutation { createContactList(input: { name: "Regulars" }) { contactList { membershipCount } } }`,
    );
    expect(createContactList.contactList.membershipCount).toBe(0);
    expect(app.calls()).toEqual(['createList', 'getList']);
  });
});

describe('updateContactList', () => {
  const UPDATE = `mutation ($input: UpdateContactListInput!) { updateContactList(input: $input) {
    contactList { name description favorite } userErrors { code field }
  } }`;

  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['keeps omitted fields', { name: 'Givers' }, { name: 'Givers' }],
    ['clears a description', { description: null }, { description: '' }],
    ['clears the favourite mark', { favorite: null }, { favorite: false }],
    ['changes only the favourite mark', { favorite: false }, { favorite: false }],
  ])('%s: two calls', async (_, change, expected) => {
    const { list_id, name, description, favorite } = listNamed('Donors');
    expect(favorite).toBe(true);
    const { updateContactList } = await ask(UPDATE, { input: { id: list_id, ...change } });
    expect(updateContactList).toEqual({
      contactList: { name, description, favorite, ...expected },
      userErrors: [],
    });
    expect(app.calls()).toEqual(['getList', 'putList']);
  });

  it('reads the list even when no field is omitted, for properties that the contract does not have', async () => {
    const id = encodeGlobalId('ContactList', listNamed('Donors').list_id);
    const { updateContactList } = await ask(UPDATE, {
      input: { id, name: 'Givers', description: null, favorite: false },
    });
    expect(updateContactList.contactList).toEqual({ name: 'Givers', description: '', favorite: false });
    expect(app.calls()).toEqual(['getList', 'putList']);
  });

  it.each<[string, Record<string, unknown>, string, string[], string[]]>([
    ['an empty name', { name: null }, 'REQUIRED', ['input', 'name'], []],
    ['a long name', { name: 'x'.repeat(256) }, 'TOO_LONG', ['input', 'name'], []],
    ['the id of a tag', { id: encodeGlobalId('Tag', UNKNOWN_ID) }, 'INVALID_ID', ['input', 'id'], []],
    [
      'a list that does not exist',
      { id: UNKNOWN_ID, favorite: true },
      'NOT_FOUND',
      ['input', 'id'],
      ['getList'],
    ],
    ['a duplicate name', { name: 'Press' }, 'ALREADY_EXISTS', ['input', 'name'], ['getList', 'putList']],
  ])('rejects %s', async (_, change, code, field, calls) => {
    const { updateContactList } = await ask(UPDATE, {
      input: { id: listNamed('Donors').list_id, ...change },
    });
    expect(updateContactList).toEqual({ contactList: null, userErrors: [{ code, field }] });
    expect(app.calls()).toEqual(calls);
  });
});

describe('deleteContactList', () => {
  const DELETE = `mutation ($id: ID!) { deleteContactList(input: { id: $id }) {
    bulkActivity { activityId } deletedListId userErrors { code }
  } }`;

  it('starts a job in one call; the members stay', async () => {
    const { list_id } = listNamed('Donors');
    const { deleteContactList } = await ask(DELETE, { id: list_id });
    expect(deleteContactList).toEqual({
      bulkActivity: { activityId: expect.any(String) },
      deletedListId: list_id,
      userErrors: [],
    });
    expect(app.calls()).toEqual(['deleteListActivity']);
    now += 60_000;
    const data = await ask(
      `{ contactList(id: "${list_id}") { deletedAt } contacts(first: 1) { totalCount } }`,
    );
    expect(data.contactList.deletedAt).not.toBeNull();
    expect(data.contacts.totalCount).toBe(200);
  });

  it.each([
    ['deleteContactList', 'deleteListActivity', 'deletedListId'],
    ['deleteTag', 'deleteTag', 'deletedTagId'],
  ] as const)('is done without a job after 204 (%s)', async (mutation, operationId, deletedId) => {
    app.sandbox.faults.script({ operationId, fault: { kind: 'empty', status: 204 } });
    const data = await ask(
      `mutation ($id: ID!) { result: ${mutation}(input: { id: $id }) { bulkActivity { activityId } ${deletedId} userErrors { code } } }`,
      { id: UNKNOWN_ID },
    );
    expect(data.result).toEqual({ bulkActivity: null, [deletedId]: UNKNOWN_ID, userErrors: [] });
    expect(app.calls()).toEqual([operationId]);
  });

  it('reports an unknown list', async () => {
    expect((await ask(DELETE, { id: UNKNOWN_ID })).deleteContactList).toEqual({
      bulkActivity: null,
      deletedListId: null,
      userErrors: [{ code: 'NOT_FOUND' }],
    });
  });
});
