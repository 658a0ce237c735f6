import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
import type { ContactRow } from '../src/sandbox/stores/audience.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';
import { UNKNOWN_ID, contactTools, iso, uuids } from './support/contacts.js';

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

const { account, rows, ask } = contactTools(() => app);
const DAY = 86_400_000;
const lastQuery = () => decodeURIComponent(app.sandbox.journal.entries.at(-1)?.query ?? '');

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
      'two statuses',
      () => ({ status: ['UNSUBSCRIBED', 'TEMP_HOLD', 'UNSUBSCRIBED'] }),
      (row) => live(row) && ['unsubscribed', 'temp_hold'].includes(permission(row)),
      'limit=500&status=unsubscribed,temp_hold',
    ],
    [
      'permission not set',
      () => ({ status: ['NOT_SET'] }),
      (row) => live(row) && permission(row) === 'not_set',
    ],
    [
      'pending',
      () => ({ status: ['PENDING_CONFIRMATION'] }),
      (row) => live(row) && permission(row) === 'pending_confirmation',
    ],
    [
      'an email address',
      () => ({ email: middle().email!.address.toUpperCase() }),
      (row) => row.email?.address === middle().email!.address,
    ],
    [
      'lists, by raw and global id',
      () => ({
        listIds: [firstLists()[0]!.list_id, encodeGlobalId('ContactList', firstLists()[1]!.list_id)],
      }),
      (row) => live(row) && firstLists().some((list) => row.list_memberships.includes(list.list_id)),
    ],
    [
      'tags',
      () => ({ tagIds: firstTags().map((tag) => tag.tag_id) }),
      (row) => live(row) && firstTags().some((tag) => row.taggings.includes(tag.tag_id)),
    ],
    [
      'created in a period',
      () => ({ createdAfter: iso(now - 700 * DAY), createdBefore: iso(now - 100 * DAY) }),
      (row) => live(row) && row.created_at > now - 700 * DAY && row.created_at < now - 100 * DAY,
      'created_after=2024-02-15T12:00:00.000Z&created_before=2025-10-07T12:00:00.000Z&limit=500',
    ],
    [
      'updated in a period',
      () => ({ updatedAfter: iso(now - 300 * DAY), updatedBefore: iso(now - 30 * DAY) }),
      (row) => live(row) && row.updated_at > now - 300 * DAY && row.updated_at < now - 30 * DAY,
    ],
    [
      'opted out in a period',
      () => ({ optedOutAfter: iso(now - 900 * DAY), optedOutBefore: iso(now - 10 * DAY) }),
      ({ email, ...row }) =>
        row.deleted_at === null &&
        email?.opt_out_date != null &&
        email.opt_out_date > now - 900 * DAY &&
        email.opt_out_date < now - 10 * DAY,
    ],
    [
      'SMS status',
      () => ({ smsStatus: ['EXPLICIT', 'UNSUBSCRIBED'] }),
      (row) => live(row) && ['explicit', 'unsubscribed'].includes(row.sms?.permission ?? ''),
      'limit=500&sms_status=explicit,unsubscribed',
    ],
    ['all with an SMS number', () => ({ smsStatus: ['ALL'] }), (row) => live(row) && row.sms !== null],
    [
      'several filters',
      () => ({ status: ['ALL'], tagIds: [firstTags()[0]!.tag_id], createdAfter: iso(now - 1500 * DAY) }),
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
    ['a segment and a status', { segmentId: '1001', status: ['ALL'] }, 'INVALID', ['filter', 'segmentId']],
    [
      'a segment and an email address',
      { segmentId: '1001', email: 'a@b.c' },
      'INVALID',
      ['filter', 'segmentId'],
    ],
    ['26 lists', { listIds: uuids(26) }, 'TOO_MANY', ['filter', 'listIds']],
    ['51 tags', { tagIds: uuids(51) }, 'TOO_MANY', ['filter', 'tagIds']],
    ['an empty list of lists', { listIds: [] }, 'REQUIRED', ['filter', 'listIds']],
    ['an empty list of statuses', { status: [] }, 'REQUIRED', ['filter', 'status']],
    ['an empty list of SMS statuses', { smsStatus: [] }, 'REQUIRED', ['filter', 'smsStatus']],
    ['an empty address', { email: ' ' }, 'REQUIRED', ['filter', 'email']],
    ['a long address', { email: `${'a'.repeat(80)}@b.c` }, 'TOO_LONG', ['filter', 'email']],
    ['a path as a list id', { listIds: ['../contacts'] }, 'INVALID_ID', ['filter', 'listIds', '0']],
    [
      'a tag id as a list id',
      { listIds: [encodeGlobalId('Tag', UNKNOWN_ID)] },
      'INVALID_ID',
      ['filter', 'listIds', '0'],
    ],
  ])('reject %s before any call', async (_, filter, problem, field) => {
    const { data, errors } = await app.query(
      `query ($filter: ContactsFilter) { contacts(filter: $filter) { nodes { contactId } } }`,
      { variables: { filter } },
    );
    expect(data).toEqual({ contacts: null });
    expect(errors).toEqual([
      expect.objectContaining({
        path: ['contacts'],
        extensions: { code: 'BAD_USER_INPUT', retryable: false, problem, field },
      }),
    ]);
    expect(app.calls()).toEqual([]);
  });

  it('treat null as omitted', async () => {
    const filter = {
      segmentId: null,
      status: null,
      email: null,
      listIds: null,
      tagIds: null,
      createdAfter: null,
    };
    const { contacts } = await ask(
      `query ($filter: ContactsFilter) { contacts(first: 1, filter: $filter) { totalCount } }`,
      { filter },
    );
    expect(contacts.totalCount).toBe(300);
  });

  it('read the members of a segment without other filters, wait until they are computed, and cannot count them', async () => {
    const segment = account().segments.find((one) => one.name === 'Donors and Members')!;
    const lists = [...account().lists].filter((list) => ['Donors', 'Members'].includes(list.name));
    const { contacts } = await ask(
      `query ($id: ID!) { contacts(first: 20, filter: { segmentId: $id }) { totalCount nodes { contactId } pageInfo { hasNextPage } } }`,
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
});

describe('pages of contacts', () => {
  const PAGE = `query ($first: Int, $after: String) { contacts(first: $first, after: $after, filter: { status: [ALL] }) {
    totalCount edges { cursor node { contactId } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  } }`;

  it('are consecutive, and cost one call each', async () => {
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

  it('continue with another selection: missing sub-resources are then read, and counted', async () => {
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
    // A page that is large enough, the number of contacts, and the thirty again in one scan.
    expect(app.calls()).toEqual(Array(3).fill('getContacts'));
  });

  it('continue with fewer fields than before', async () => {
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

  it('start after any row', async () => {
    const first = (await ask(PAGE, { first: 30 })).contacts;
    const { contacts } = await ask(PAGE, { first: 5, after: first.edges[11].cursor });
    expect(contacts.edges.map((edge: any) => edge.node.contactId)).toEqual(
      rows()
        .slice(12, 17)
        .map((row) => row.contact_id),
    );
  });

  it('have 50 rows by default', async () => {
    const { contacts } = await ask(`{ contacts { nodes { contactId } } }`);
    expect(contacts.nodes).toHaveLength(50);
  });

  it('return every contact once although the API repeats one that moved to the next page', async () => {
    const body = (ids: number[], next: string | null) => ({
      contacts: ids.map((id) => ({ contact_id: `${UNKNOWN_ID.slice(0, -3)}${String(id)}` })),
      _links: { next: { href: next && `/v3/contacts?cursor=${next}` } },
    });
    const fault = (value: unknown) => {
      app.sandbox.faults.script({ fault: { kind: 'status', status: 200, body: value } });
    };
    fault(body([101, 102], 'bGltaXQ9Mg%3D%3D'));
    fault(body([102, 103], 'bGltaXQ9Mw%3D%3D'));
    fault(body([103, 104, 101], null));
    const { contacts } = await ask(
      `{ contacts(first: 1100) { nodes { contactId } pageInfo { hasNextPage } } }`,
    );
    expect(contacts.nodes.map((node: any) => node.contactId.slice(-3))).toEqual(['101', '102', '103', '104']);
    expect(contacts.pageInfo.hasNextPage).toBe(false);
    expect(app.calls()).toHaveLength(3);
  });

  it('of a list and of a tag accept a status filter, and count', async () => {
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
    expect(app.calls().sort()).toEqual(['getContacts', 'getContacts']);
  });
});
