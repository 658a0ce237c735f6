import { describe, expect, it } from 'vitest';
import { parse } from 'graphql';
import { buildSchema } from '../src/schema/index.js';
import { queryCostOf } from '../src/server/query-cost.js';
import { scripted } from './support/scripted.js';

/** An API that gives fewer rows at once than it is asked for. */
const { answering, query, requests } = scripted();

const uuid = (number: number) => `00000000-0000-11ee-8000-${String(number).padStart(12, '0')}`;
const LISTS = Array.from({ length: 330 }, (_, at) => ({ list_id: uuid(at), name: `List ${String(at)}` }));
const CONTACT = { contact_id: uuid(1), list_memberships: [uuid(3), uuid(329)] };
const IDS = LISTS.map(({ list_id }) => list_id);

/** Pages of lists of this size at most, whatever `limit` says. */
const givePagesOf = (size: number) =>
  answering(({ pathname, searchParams }) => {
    if (pathname.includes('/contacts')) return CONTACT;
    const from = Number(searchParams.get('cursor') ?? 0);
    const next = from + Math.min(size, Number(searchParams.get('limit') ?? size));
    return {
      lists: LISTS.slice(from, next),
      ...(next < LISTS.length && {
        _links: {
          next: { href: `/v3/contact_lists?limit=${searchParams.get('limit') ?? ''}&cursor=${String(next)}` },
        },
      }),
    };
  });

const PAGE = `query ($first: Int!, $after: String) { contactLists(first: $first, after: $after) {
  nodes { listId } pageInfo { hasNextPage endCursor } } }`;

async function listsFrom(first: number, after?: string) {
  requests().length = 0;
  const { data, errors } = await query(PAGE, { first, ...(after !== undefined && { after }) });
  expect(errors).toBeUndefined();
  const { nodes, pageInfo } = data.contactLists;
  return { ids: nodes.map(({ listId }: any) => listId as string), ...pageInfo, calls: requests().length };
}

describe.each([25, 50, 100, 250])('pages of %i lists where 1,000 were requested', (size) => {
  it.each([5, 300, 1_000])(
    'make the first query for %i fail at most once, and never the next',
    async (first) => {
      await givePagesOf(size);
      const { errors } = await query(PAGE, { first });
      for (const { extensions } of errors ?? []) expect(extensions?.['code']).toBe('QUERY_TOO_EXPENSIVE');
      // The page of all lists might have been complete; if it has enough lists, the first page of existing ones has them, too.
      if (first <= size) expect(errors).toBeUndefined();
      expect(requests()).toHaveLength(first <= size ? 2 : 1);
      // Now the page size is known.
      const all = await listsFrom(first);
      expect(all.ids).toEqual(IDS.slice(0, first));
      expect(all.calls).toBe(Math.ceil(Math.min(first, IDS.length) / size));
    },
  );

  it('prevent a contact from resolving its lists at most once, and within the query cost', async () => {
    await givePagesOf(size);
    const names = `{ contact(id: "${uuid(1)}") { lists { name } } }`;
    const { total } = queryCostOf({ schema: buildSchema(), document: parse(names) });
    await query(names);
    expect(requests().length).toBeLessThanOrEqual(total);
    requests().length = 0;
    const { data, errors } = await query(names);
    expect(errors).toBeUndefined();
    expect(data.contact.lists).toEqual([{ name: 'List 3' }, { name: 'List 329' }]);
    expect(requests()).toHaveLength(1 + Math.ceil(IDS.length / size));
  });
});

/** Contacts, in pages of this size at most, by ID, or by address. */
const giveContacts = (size: number, count: number) => {
  const contacts = Array.from({ length: count }, (_, at) => ({
    contact_id: uuid(at),
    email_address: { address: `c${String(at)}@example.com` },
    first_name: `First ${String(at)}`,
  }));
  return answering(({ pathname, searchParams }) => {
    const single = contacts.find(({ contact_id }) => pathname.endsWith(contact_id));
    if (single) return single;
    const email = searchParams.get('email');
    if (email) return { contacts: contacts.filter(({ email_address }) => email_address.address === email) };
    const from = Number(searchParams.get('cursor') ?? 0);
    const next = from + Math.min(size, Number(searchParams.get('limit') ?? size));
    return {
      contacts: contacts.slice(from, next),
      contacts_count: contacts.length,
      ...(next < contacts.length && {
        _links: {
          next: { href: `/v3/contacts?limit=${searchParams.get('limit') ?? ''}&cursor=${String(next)}` },
        },
      }),
    };
  });
};

describe('pages of 100 contacts where 500 were requested', () => {
  const contactIds = Array.from({ length: 60 }, (_, at) => uuid(at * 10));
  const BY_ID = `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Contact { firstName } } }`;
  const ids = contactIds.map((id) => Buffer.from(`Contact:${id}`).toString('base64'));
  const names = contactIds.map((id) => ({ firstName: `First ${String(Number(id.slice(-12)))}` }));

  it('never make reads by ID fail', async () => {
    await giveContacts(100, 700);
    for (let run = 1; run <= 3; run += 1) {
      requests().length = 0;
      const { data, errors } = await query(BY_ID, { ids });
      expect(errors).toBeUndefined();
      expect(data.nodes).toEqual(names);
      expect(requests()).toHaveLength(6);
    }
  });

  it('are read until there are as many rows as requested, once their size is known', async () => {
    await giveContacts(100, 700);
    const list = '{ contacts(first: 600) { nodes { contactId } } }';
    await query(list);
    // A small page that is full does not show that a large one would be.
    await query('{ contacts(first: 20) { nodes { contactId } } }');
    requests().length = 0;
    const { data, errors } = await query(list);
    expect(errors).toBeUndefined();
    expect(data.contacts.nodes).toHaveLength(600);
    expect(requests()).toHaveLength(6);
  });

  it('are not read when single reads take fewer calls', async () => {
    await giveContacts(100, 700);
    await query('{ contacts(first: 500) { nodes { contactId } totalCount } }');
    requests().length = 0;
    const numbers = [1, 100, 300, 500, 699];
    const fields = numbers.map(
      (at) => `k${String(at)}: contactByEmail(email: "c${String(at)}@example.com") { firstName }`,
    );
    const { data, errors } = await query(`{ ${fields.join(' ')} }`);
    expect(errors).toBeUndefined();
    expect(data).toEqual(
      Object.fromEntries(numbers.map((at) => [`k${String(at)}`, { firstName: `First ${String(at)}` }])),
    );
    expect(requests()).toHaveLength(5);
  });
});

it('counts the measured page size in the query cost of every paged report', async () => {
  await answering(({ pathname, searchParams }) => {
    const from = Number(searchParams.get('next') ?? 0);
    const rows = Array.from({ length: 50 }, (_, at) => ({
      contact_id: uuid(from + at),
      email_address: `c${String(from + at)}@example.com`,
      created_time: '2026-03-04T05:06:07Z',
    }));
    if (!pathname.includes('/tracking/')) return { campaign_activity_id: uuid(1) };
    return {
      tracking_activities: rows,
      ...(from < 200 && { _links: { next: { href: `${pathname}?limit=500&next=${String(from + 50)}` } } }),
    };
  });
  const sends = `{ emailCampaignActivity(id: "${uuid(1)}") { sends(first: 250) { nodes { emailAddress } } } }`;
  await query(sends);
  requests().length = 0;
  const { data, errors } = await query(sends);
  expect(errors).toBeUndefined();
  expect(data.emailCampaignActivity.sends.nodes).toHaveLength(250);
  expect(requests()).toHaveLength(5);
});
