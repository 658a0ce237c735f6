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
