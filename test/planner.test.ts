import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startApp, type TestApp } from './support/app.js';

/** The promise of the facade: what a query costs in REST calls, each case with a cold cache. */
describe('REST calls', () => {
  let app: TestApp;

  beforeEach(async () => {
    app = await startApp({ client: { referenceCacheSeconds: 60 } });
  });

  afterEach(async () => {
    expect(app.sandbox.violations).toEqual([]);
    await app.close();
  });

  async function ask<T = Record<string, unknown>>(
    query: string,
    variables: Record<string, unknown> = {},
  ): Promise<T> {
    const { data, errors } = await app.query(query, { variables });
    expect(errors).toBeUndefined();
    return data as T;
  }

  const someContacts = (count: number) =>
    [...app.sandbox.account().contacts].filter((contact) => !contact.deleted_at).slice(0, count);

  it('50 contacts with list names, tag names and custom-field labels: 4', async () => {
    interface Data {
      contacts: {
        nodes: {
          lists: { name: string }[];
          tags: { name: string }[];
          customFields: { field: { label: string } }[];
        }[];
      };
    }
    const { contacts } = await ask<Data>(
      `{ contacts(first: 50) { nodes { firstName lists { name } tags { name } customFields { value field { label } choices { label } } } } }`,
    );
    expect(contacts.nodes).toHaveLength(50);
    expect(contacts.nodes.some((contact) => contact.lists.some((list) => list.name))).toBe(true);
    expect(contacts.nodes.some((contact) => contact.tags.some((tag) => tag.name))).toBe(true);
    expect(contacts.nodes.some((contact) => contact.customFields.some(({ field }) => field.label))).toBe(
      true,
    );
    expect(app.calls().sort()).toEqual(['getContacts', 'getCustomFields', 'getLists', 'getTags']);
  });

  it('500 contacts with every sub-resource: 4', async () => {
    const { contacts } = await ask<{ contacts: { nodes: unknown[] } }>(
      `{ contacts(first: 500) { nodes {
        contactId lists { name description } tags { name } customFields { value field { label type } choices { label } }
        phoneNumbers { kind number } streetAddresses { street city } notes { content } smsChannel { smsAddress }
      } } }`,
    );
    expect(contacts.nodes).toHaveLength(500);
    expect(app.calls()).toHaveLength(4);
  });

  it('contacts(first: 1200): 3, and the rows are each contact once', async () => {
    const { contacts } = await ask<{ contacts: { nodes: { contactId: string }[] } }>(
      `{ contacts(first: 1200, filter: { status: [ALL] }) { nodes { contactId } pageInfo { hasNextPage } } }`,
    );
    expect(new Set(contacts.nodes.map((node) => node.contactId)).size).toBe(contacts.nodes.length);
    expect(contacts.nodes.length).toBeGreaterThan(1000);
    expect(app.calls()).toEqual(['getContacts', 'getContacts', 'getContacts']);
  });

  it('one contact by id, three aliases, different sub-resources: 1', async () => {
    const [contact] = someContacts(1);
    const data = await ask(
      `query ($id: ID!) {
        a: contact(id: $id) { firstName phoneNumbers { number } }
        b: contact(id: $id) { lastName notes { content } }
        c: contact(id: $id) { ...Streets }
      }
      fragment Streets on Contact { streetAddresses { city } }`,
      { id: contact?.contact_id },
    );
    expect(data).toMatchObject({
      a: { firstName: contact?.first_name ?? null },
      b: { lastName: contact?.last_name ?? null },
    });
    expect(app.calls()).toEqual(['getContact']);
    expect(app.sandbox.journal.entries.at(-1)?.query).toContain(
      'include=phone_numbers,street_addresses,notes',
    );
  });

  it('contacts without sub-resource and count: 1, with neither include nor include_count', async () => {
    await ask(`{ contacts(first: 10) { nodes { firstName emailAddress { address } } } }`);
    expect(app.calls()).toEqual(['getContacts']);
    expect(app.sandbox.journal.entries.at(-1)?.query).not.toContain('include');
  });

  it('contacts with a total: 1', async () => {
    const { contacts } = await ask<{ contacts: { totalCount: number } }>(
      `{ contacts(first: 1) { totalCount nodes { id } } }`,
    );
    expect(contacts.totalCount).toBe(1000);
    expect(app.calls()).toEqual(['getContacts']);
  });

  it('40 lists with membership counts: 1', async () => {
    const { contactLists } = await ask<{ contactLists: { nodes: { membershipCount: number }[] } }>(
      `{ contactLists(first: 40) { nodes { name membershipCount } } }`,
    );
    expect(contactLists.nodes.length).toBeGreaterThan(30);
    expect(Math.max(...contactLists.nodes.map((list) => list.membershipCount))).toBeGreaterThan(500);
    expect(app.calls()).toEqual(['getLists']);
  });

  it('30 contacts by id in nodes: a scan of at most 3', async () => {
    const ids = someContacts(30).map((contact) =>
      Buffer.from(`Contact:${contact.contact_id}`).toString('base64'),
    );
    const { nodes } = await ask<{ nodes: { id: string; lists: unknown[] }[] }>(
      `query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Contact { firstName lists { listId } } } }`,
      { ids },
    );
    expect(nodes.map((node) => node.id)).toEqual(ids);
    expect(app.calls().length).toBeLessThanOrEqual(3);
  });

  it('2 contacts by id: 2', async () => {
    const [a, b] = someContacts(2);
    await ask(
      `query ($a: ID!, $b: ID!) { a: contact(id: $a) { firstName } b: contact(id: $b) { firstName } }`,
      {
        a: a?.contact_id,
        b: b?.contact_id,
      },
    );
    expect(app.calls()).toEqual(['getContact', 'getContact']);
  });

  it.each([
    { known: 3, ids: 3, calls: 3, why: 'three pages would not be cheaper than three singles' },
    { known: 3, ids: 4, calls: 3, why: 'three pages are cheaper than four singles' },
  ])(
    '$ids contacts by id once the account is known to have $known pages: $calls, since $why',
    async ({ ids, calls }) => {
      await ask(`{ contacts(first: 1, filter: { status: [ALL] }) { totalCount } }`);
      app.resetCalls();
      // The last rows of the account, so that no scan can end early.
      const rows = [...app.sandbox.account().contacts].slice(-ids);
      await ask(`query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, {
        ids: rows.map((contact) => Buffer.from(`Contact:${contact.contact_id}`).toString('base64')),
      });
      expect(app.calls()).toHaveLength(calls);
    },
  );

  it('updateContact of one field: 2', async () => {
    const [contact] = someContacts(1);
    const data = await ask<{ updateContact: { contact: Record<string, unknown>; userErrors: unknown[] } }>(
      `mutation ($id: ID!) { updateContact(input: { id: $id, jobTitle: "Gardener" }) { contact { jobTitle lastName } userErrors { code } } }`,
      { id: contact?.contact_id },
    );
    expect(data.updateContact).toEqual({
      contact: { jobTitle: 'Gardener', lastName: contact?.last_name ?? null },
      userErrors: [],
    });
    expect(app.calls()).toEqual(['getContact', 'putContact']);
  });

  const manyLinks = `{ contacts(first: 50) { nodes { lists { name } tags { name } customFields { field { label } } } } }`;

  it('the same query twice at once with one credential: as one', async () => {
    const answers = await Promise.all([app.query(manyLinks), app.query(manyLinks)]);
    expect(answers[0]?.data).toEqual(answers[1]?.data);
    expect(app.calls()).toHaveLength(4);
  });

  it('with two credentials: never shared', async () => {
    const headers = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
    await Promise.all([
      app.query(manyLinks, headers('token-of-one')),
      app.query(manyLinks, headers('token-of-two')),
    ]);
    expect(app.calls()).toHaveLength(8);
    expect(new Set(app.sandbox.journal.entries.map((entry) => entry.credential)).size).toBe(2);
  });

  it('reference data read by one query serves the next', async () => {
    await ask(manyLinks);
    app.resetCalls();
    await ask(manyLinks);
    expect(app.calls()).toEqual(['getContacts']);
  });

  it('a write makes the reference data that it changed be read again', async () => {
    const lists = `{ contacts(filter: { lists: ["${listId()}"] }, first: 1) { nodes { lists { listId name } } } }`;
    await ask(lists);
    await ask(
      `mutation { updateContactList(input: { id: "${listId()}", name: "Renamed" }) { userErrors { code } } }`,
    );
    app.resetCalls();
    expect(await ask(`{ contactList(id: "${listId()}") { name } }`)).toEqual({
      contactList: { name: 'Renamed' },
    });
    expect(app.calls()).toEqual(['getList']);
    app.resetCalls();
    const { contacts } = await ask<{ contacts: { nodes: { lists: unknown[] }[] } }>(lists);
    expect(contacts.nodes[0]?.lists).toContainEqual({ listId: listId(), name: 'Renamed' });
    expect(app.calls()).toEqual(['getContacts', 'getLists']);
  });

  it('a list that is named alone is answered from the lists that an earlier query brought', async () => {
    await ask(manyLinks);
    app.resetCalls();
    const answer = await app.query(`{ contactList(id: "${listId()}") { name } }`);
    expect(answer.data.contactList.name).toBeTypeOf('string');
    expect(answer.extensions.upstream).toMatchObject({ calls: 0, cached: 1 });
  });

  it('members of a segment with sub-resources are read from the account when that is cheaper', async () => {
    const donors = app.sandbox.account().segments.find((segment) => segment.name === 'Donors and Members');
    const { segment } = await ask<{ segment: { contacts: { nodes: { lists: unknown[] | null }[] } } }>(
      `query ($id: ID!) { segment(id: $id) { contacts(first: 100) { nodes { firstName lists { listId } } } } }`,
      { id: donors?.segment_id },
    );
    expect(segment.contacts.nodes).toHaveLength(100);
    expect(segment.contacts.nodes.every((contact) => contact.lists?.length)).toBe(true);
    // Its members (first 202: not computed yet), and the two pages of the account that hold the hundred. Nothing of the
    // segment itself is selected.
    expect(app.calls()).toEqual(Array<string>(4).fill('getContacts'));
  });

  function listId(): string {
    const list = [...app.sandbox.account().lists].find((row) => !row.deleted_at);
    if (!list) throw new Error('the seed has lists');
    return list.list_id;
  }
});
