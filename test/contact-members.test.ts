import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
import type { CampaignActivityRow } from '../src/sandbox/stores/campaigns.js';
import type { ContactRow } from '../src/sandbox/stores/audience.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';

let app: TestApp;

/** Opens an account of so many contacts; the queries of a test share what they keep of it. */
function account(contacts: number, campaigns = 0): void {
  beforeEach(async () => {
    app = await startApp({ sandbox: { contacts, campaigns }, client: { referenceCacheSeconds: 600 } });
  });
  afterEach(async () => {
    expectNoViolations(app);
    await app.close();
  });
}

async function ask(query: string, variables: Record<string, unknown> = {}): Promise<any> {
  const { data, errors } = await app.query(query, { variables });
  expect(errors).toBeUndefined();
  return data;
}

const contacts = () => app.sandbox.account().contacts.filter((row) => row.deleted_at === null);
const mailing = () =>
  app.sandbox.account().lists.filter((list) => list.channel === 'email' && list.deleted_at === null);
const count = (operation: string) => app.calls().filter((call) => call === operation).length;

/** The rest of a kind of query: each list or tag under an alias, with its contacts. */
const each = (field: 'contactList' | 'tag', ids: readonly string[], fields: string) =>
  `{ ${ids.map((id, at) => `a${String(at)}: ${field}(id: "${id}") { ${fields} }`).join(' ')} }`;

function expectMembers(
  data: any,
  ids: readonly string[],
  has: (row: ContactRow, id: string) => boolean,
): void {
  const rows = contacts();
  expect(
    Object.values<any>(data).map(({ contacts: { nodes } }) =>
      nodes.map((node: any) => node.contactId).sort(),
    ),
  ).toEqual(
    ids.map((id) =>
      rows
        .filter((row) => has(row, id))
        .map((row) => row.contact_id)
        .sort(),
    ),
  );
}
const isOn = (row: ContactRow, id: string) => row.list_memberships.includes(id);
const isTagged = (row: ContactRow, id: string) => row.taggings.includes(id);

describe('all contacts of many lists and tags', () => {
  account(2_500);
  const MEMBERS = 'contacts(first: 1000) { totalCount nodes { contactId } }';

  /** Adds the first contacts to so many lists and no others, `each` to one list. */
  function fill(lists: number, size: number): string[] {
    const ids = mailing()
      .slice(0, lists)
      .map((list) => list.list_id);
    contacts().forEach((row, at) => {
      const own = ids[Math.floor(at / size)];
      row.list_memberships = [
        ...row.list_memberships.filter((id) => !ids.includes(id)),
        ...(own === undefined ? [] : [own]),
      ];
    });
    return ids;
  }

  it('are read 25 lists per call', async () => {
    const ids = fill(30, 30);
    const data = await ask(each('contactList', ids, `name ${MEMBERS}`));
    expectMembers(data, ids, isOn);
    // 750 contacts on the first 25 lists and 150 on the others, against 30 lists a call each and 5 pages of the account.
    expect(app.calls().sort()).toEqual([
      'getContacts',
      'getContacts',
      'getContacts',
      'getContacts',
      'getLists',
    ]);
  });

  it.each([400, 404])('are read list by list when a read of several is refused (%i)', async (status) => {
    const ids = fill(30, 30);
    const query = each('contactList', ids, MEMBERS);
    await ask(query);
    const [joined = ''] = app.sandbox.journal.entries.flatMap(
      ({ query: sent }) => new URLSearchParams(sent).get('lists') ?? [],
    );
    const [dead = ''] = joined.split(',');
    for (const lists of [joined, dead]) {
      app.sandbox.faults.script({
        operationId: 'getContacts',
        query: { lists },
        fault: { kind: 'status', status },
      });
    }
    app.resetCalls();
    const { data, errors } = await app.query(query);
    const at = ids.indexOf(dead);
    expect(errors).toMatchObject([{ path: [`a${String(at)}`, 'contacts'] }]);
    expect(Object.values<any>(data)[at].contacts).toBeNull();
    const others = Object.values<any>(data).filter((list) => list.contacts !== null);
    expectMembers(
      others,
      ids.filter((id) => id !== dead),
      isOn,
    );
    // The refused read of 25 lists, these lists, and the other five.
    expect(app.calls().sort()).toEqual(Array(27).fill('getContacts'));
  });

  it('are not searched in the whole account when it is known to be larger', async () => {
    // Looking for several contacts tells it.
    const some = contacts().slice(0, 12);
    await ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: some.map((row) => encodeGlobalId('Contact', row.contact_id)),
    });
    app.resetCalls();
    const ids = fill(30, 30);
    const data = await ask(each('contactList', ids, `name ${MEMBERS}`));
    expectMembers(data, ids, isOn);
    expect(count('getContacts')).toBe(3);
  });

  it('are read 25 lists per call even when only members are selected: reading their counts is worth a call', async () => {
    const ids = fill(26, 15);
    const data = await ask(each('contactList', ids, MEMBERS));
    expectMembers(data, ids, isOn);
    expect(count('getContacts')).toBe(2);
    expect(app.calls().length).toBeLessThanOrEqual(3);
  });

  it('are read from the whole account when it is smaller than the lists together', async () => {
    const ids = mailing().map((list) => list.list_id);
    contacts().forEach((row, at) => {
      row.list_memberships = ids.filter((_id, place) => (at + place) % 4 === 0);
    });
    const data = await ask(each('contactList', ids, `name contacts(first: 5000) { nodes { contactId } }`));
    expectMembers(data, ids, isOn);
    expect(count('getContacts')).toBe(Math.ceil(contacts().length / 500));
  });

  it('are read 50 tags per call', async () => {
    const ids = [...app.sandbox.account().tags].slice(0, 55).map((tag) => tag.tag_id);
    contacts().forEach((row, at) => {
      row.taggings = at < 550 ? [ids[Math.floor(at / 10)]!] : [];
    });
    const data = await ask(each('tag', ids, `name ${MEMBERS}`));
    expectMembers(data, ids, isTagged);
    expect(app.calls().sort()).toEqual(['getContacts', 'getContacts', 'getTags']);
  });

  it('are read once for all contacts that are on the same lists', async () => {
    const ids = fill(20, 20);
    for (const row of contacts())
      row.list_memberships = row.list_memberships.filter((id) => ids.includes(id));
    const { contacts: page } = await ask(
      `{ contacts(first: 18) { nodes { lists { listId name contacts(first: 499) { nodes { contactId } } } } } }`,
    );
    const seen = new Map<string, number>();
    for (const { lists } of page.nodes)
      for (const one of lists) seen.set(one.listId, one.contacts.nodes.length);
    expect([...seen]).toEqual([[ids[0], 20]]);
    expect(app.calls()).toEqual(['getContacts', 'getLists', 'getContacts']);
  });

  it('continue with separate pages when a list has more members than its count', async () => {
    const ids = fill(4, 5);
    const all = `name contacts(first: 5) { nodes { contactId } pageInfo { hasNextPage endCursor } }`;
    await ask(each('contactList', ids, 'membershipCount name'));
    app.resetCalls();
    const [first = '', second = ''] = ids;
    const newcomer = contacts().find((row) => !ids.some((id) => isOn(row, id)))!;
    newcomer.list_memberships.push(second);

    const data = await ask(each('contactList', ids, all));
    expect(count('getContacts')).toBe(2);
    expect(data.a0.contacts.pageInfo.hasNextPage).toBe(false);
    expect(data.a0.contacts.nodes).toHaveLength(contacts().filter((row) => isOn(row, first)).length);
    expect(data.a1.contacts.nodes).toHaveLength(5);
    const { hasNextPage, endCursor } = data.a1.contacts.pageInfo;
    expect(hasNextPage).toBe(true);
    const rest = await ask(
      `query ($after: String!) { contactList(id: "${second}") { contacts(first: 5, after: $after) { nodes { contactId } pageInfo { hasNextPage } } } }`,
      { after: endCursor },
    );
    const ofSecond = [...data.a1.contacts.nodes, ...rest.contactList.contacts.nodes];
    expect(new Set(ofSecond.map((node: any) => node.contactId)).size).toBe(6);
    expect(rest.contactList.contacts.pageInfo.hasNextPage).toBe(false);
  });
});

describe('contacts by id in a large account', () => {
  account(5_000);

  it.each([
    { told: 'contacts(first: 1) { totalCount }', why: 'a count has shown that a search would cost more' },
    { told: 'contacts(first: 1, filter: { status: [ALL] }) { totalCount }', why: 'its size is known' },
  ])('are read one by one, since $why', async ({ told }) => {
    const all = contacts();
    const ids = [0, 1_200, 2_400, 3_600, 4_800].map((at) => encodeGlobalId('Contact', all[at]!.contact_id));
    const query = `query ($ids: [ID!]!) { ${told} nodes(ids: $ids) { ... on Contact { jobTitle contactId } } }`;
    const { nodes } = await ask(query, { ids });
    expect(nodes.map((node: any) => encodeGlobalId('Contact', node.contactId))).toEqual(ids);
    expect(app.calls()).toEqual(['getContacts', ...Array<string>(4).fill('getContact')]);
  });

  it('are searched on one page while its size is unknown', async () => {
    const ids = contacts()
      .slice(-5)
      .map((row) => encodeGlobalId('Contact', row.contact_id));
    await ask('query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Contact { jobTitle } } }', { ids });
    expect(app.calls()).toEqual(['getContacts', ...Array<string>(5).fill('getContact')]);
    app.resetCalls();
    await ask('query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Contact { lastName } } }', { ids });
    expect(app.calls()).toEqual(Array<string>(5).fill('getContact'));
  });
});

describe('contacts who opened an email, in a large account', () => {
  account(5_000, 200);

  /** An email that was sent to a list, whose members are exactly its recipients. */
  function mail(): CampaignActivityRow {
    const last = new Set(
      contacts()
        .slice(-1_000)
        .map((contact) => contact.contact_id),
    );
    const row = app.sandbox
      .account()
      .campaignActivities.filter(
        (one) =>
          one.role === 'primary_email' &&
          one.status === 'DONE' &&
          one.contact_list_ids.length === 1 &&
          one.sent_to.length > 150 &&
          one.sent_to.length < 500,
      )
      .find((one) => one.sent_to.some((id) => last.has(id)))!;
    const [list = ''] = row.contact_list_ids;
    for (const contact of app.sandbox.account().contacts) {
      contact.list_memberships = contact.list_memberships.filter((id) => id !== list);
      if (row.sent_to.includes(contact.contact_id) && contact.deleted_at === null)
        contact.list_memberships.push(list);
    }
    return row;
  }
  const readers = (fields: string) =>
    `query ($id: ID!) { emailCampaignActivity(id: $id) { ${fields} sends(first: 100) { nodes { contactId contact { jobTitle } } } } }`;

  it('are read from the lists of the email, once the account has turned out to be large', async () => {
    const { campaign_activity_id: id } = mail();
    const { emailCampaignActivity: email } = await ask(readers('subject'), { id });
    expect(email.sends.nodes).toHaveLength(100);
    const jobs = new Map([...app.sandbox.account().contacts].map((row) => [row.contact_id, row.job_title]));
    for (const { contactId, contact } of email.sends.nodes)
      expect(contact?.jobTitle ?? null).toBe(jobs.get(contactId) ?? null);
    // The first page of the account tells that it has more than ten, where the list has one.
    expect(app.calls()).toEqual([
      'retrieveEmailCampaignActivityUsingGET',
      'getSends',
      'getContacts',
      'getContacts',
    ]);
    expect(app.sandbox.journal.entries.at(-1)?.query).toContain('lists=');
  });

  it('cost one call less when the size of the account is known', async () => {
    const { campaign_activity_id: id } = mail();
    await ask(readers('subject'), { id });
    app.resetCalls();
    await ask(readers('subject'), { id });
    expect(count('getContacts')).toBe(1);
  });

  it('are read from them even when nothing of the email is selected: reading its lists is worth a call', async () => {
    const { campaign_activity_id: id } = mail();
    const data = await ask(readers(''), { id });
    expect(data.emailCampaignActivity.sends.nodes).toHaveLength(100);
    expect(app.calls()).toEqual([
      'getSends',
      'getContacts',
      'retrieveEmailCampaignActivityUsingGET',
      'getContacts',
    ]);
  });

  it('are read from the account when the API refuses the lists of the email', async () => {
    const { campaign_activity_id: id, contact_list_ids } = mail();
    const before = await ask(readers('subject'), { id });
    app.resetCalls();
    app.sandbox.faults.script({
      operationId: 'getContacts',
      query: { lists: contact_list_ids.join(',') },
      fault: { kind: 'status', status: 400 },
    });
    expect(await ask(readers('subject'), { id })).toEqual(before);
    // The refused one, and nine pages of the account.
    expect(count('getContacts')).toBe(10);
    expect(count('getContact')).toBe(0);
  });

  it('who have left the lists are read by id', async () => {
    const { campaign_activity_id: id, contact_list_ids } = mail();
    const { emailCampaignActivity: email } = await ask(readers('subject'), { id });
    app.resetCalls();
    const left = email.sends.nodes.slice(0, 3).map((row: any) => row.contactId);
    for (const one of left) {
      const contact = app.sandbox.account().contacts.get(one)!;
      contact.list_memberships = contact.list_memberships.filter((list) => !contact_list_ids.includes(list));
    }
    const again = await ask(readers('subject'), { id });
    expect(again).toEqual({ emailCampaignActivity: email });
    expect(count('getContacts')).toBe(1);
    expect(count('getContact')).toBe(3);
  });
});

describe('members with a filter', () => {
  account(600);

  it('of a list cost one call, with every condition that the API combines with it', async () => {
    const list = mailing()[0]!.list_id;
    const tag = [...app.sandbox.account().tags][0]!.tag_id;
    const { contactList } = await ask(
      `query ($list: ID!, $tag: ID!) { contactList(id: $list) {
        tagged: contacts(first: 500, filter: { tagIds: [$tag] }) { totalCount nodes { contactId } }
        none: contacts(filter: { status: [ACTIVE], tagIds: [$tag], updatedAfter: "2020-01-01T00:00:00Z", updatedBefore: "2020-01-02T00:00:00Z",
          createdAfter: "2019-01-01T00:00:00Z", createdBefore: "2030-01-01T00:00:00Z", optedOutAfter: "2019-01-01T00:00:00Z",
          optedOutBefore: "2030-01-01T00:00:00Z", smsStatus: [EXPLICIT], email: "nobody@nowhere.example" }) { totalCount } } }`,
      { list, tag },
    );
    const expected = contacts().filter((row) => isOn(row, list) && isTagged(row, tag));
    expect(expected.length).toBeGreaterThan(0);
    expect(contactList.tagged.totalCount).toBe(expected.length);
    expect(contactList.tagged.nodes.map((node: any) => node.contactId).sort()).toEqual(
      expected.map((row) => row.contact_id).sort(),
    );
    expect(contactList.none.totalCount).toBe(0);
    const queries = app.sandbox.journal.entries.map(({ query }) => [...new URLSearchParams(query).keys()]);
    // An empty page may be of a list that does not exist.
    expect(app.calls().sort()).toEqual(['getContacts', 'getContacts', 'getList']);
    expect(queries.find((names) => names.includes('email'))?.sort()).toEqual([
      'created_after',
      'created_before',
      'email',
      'include_count',
      'limit',
      'lists',
      'optout_after',
      'optout_before',
      'sms_status',
      'status',
      'tags',
      'updated_after',
      'updated_before',
    ]);
  });

  it('of several tags are read together when all are needed', async () => {
    const list = mailing()[0]!.list_id;
    const tags = [...app.sandbox.account().tags].slice(0, 6).map((row) => row.tag_id);
    const data = await ask(
      each('tag', tags, `contacts(first: 1000, filter: { listIds: ["${list}"] }) { nodes { contactId } }`),
    );
    expectMembers(data, tags, (row, id) => isOn(row, list) && isTagged(row, id));
    expect(count('getContacts')).toBeLessThan(tags.length);
  });

  it('continue only from a cursor with the same filter', async () => {
    const list = mailing()[0]!.list_id;
    const page = (filter: string, after = '') =>
      app.query(
        `{ contactList(id: "${list}") { contacts(first: 2, filter: { ${filter} } ${after}) { nodes { contactId } pageInfo { endCursor } } } }`,
      );
    const first = await page('status: [ACTIVE]');
    const after = `after: "${first.data.contactList.contacts.pageInfo.endCursor}"`;
    const next = await page('status: [ACTIVE]', after);
    expect(next.data.contactList.contacts.nodes).toHaveLength(2);
    const other = await page('status: [UNSUBSCRIBED]', after);
    expect(other.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('accept the deprecated status, but not together with that of the filter', async () => {
    const list = mailing()[0]!.list_id;
    const members = (args: string) => `{ contactList(id: "${list}") { contacts(${args}) { totalCount } } }`;
    const old = await ask(members('status: [ACTIVE]'));
    expect(old).toEqual(await ask(members('filter: { status: [ACTIVE] }')));
    const { errors } = await app.query(members('status: [ACTIVE], filter: { status: [ACTIVE] }'));
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining('filter.status'),
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });
});
