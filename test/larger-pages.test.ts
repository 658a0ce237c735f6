import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'graphql';
import { buildSchema } from '../src/schema/index.js';
import { queryCostOf } from '../src/server/query-cost.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';
import { recordIds } from './support/example-variables.js';
import { scripted } from './support/scripted.js';
import { json } from './support/upstream.js';

/** A cursor of small pages, continued with a larger `first`. */
let app: TestApp;
let ids: Record<string, unknown>;

const schema = buildSchema();
/** A query cost exceeds the calls by what may be read before the page, and by a page that begins in the middle of another. */
const OVERRATED = 5;
const ACTIVITY = ['sends', 'opens', 'uniqueOpens', 'didNotOpens'] as const;
const LANDING_PAGE = ['opens', 'uniqueOpens', 'uniqueClicks'] as const;

/** A connection: the fields that lead to it with their arguments, its own arguments, its key, and the API's page size. */
interface Case {
  within?: string;
  field: string;
  args?: string;
  key: string;
  pageSize?: number;
  /** Pages have numbers and one size, so the row of the small page is read again. */
  isNumbered?: boolean;
}

const CASES: readonly Case[] = [
  { field: 'contacts', key: 'contactId' },
  { field: 'contacts', args: 'filter: { status: [ALL], listIds: ["$listId"] }', key: 'contactId' },
  { within: 'contactList(id: "$listId")', field: 'contacts', key: 'contactId' },
  { within: 'tag(id: "$tagId")', field: 'contacts', key: 'contactId' },
  { within: 'segment(id: "$segmentId")', field: 'contacts', key: 'contactId' },
  {
    within: 'contact(id: "$contactId")',
    field: 'activityDetails',
    args: 'types: [EMAIL_SENT]',
    key: 'createdAt',
  },
  { field: 'contactLists', key: 'listId' },
  { field: 'tags', key: 'tagId' },
  { field: 'customFields', key: 'customFieldId' },
  { field: 'segments', key: 'segmentId' },
  { field: 'bulkActivities', key: 'activityId' },
  { field: 'emailCampaigns', key: 'campaignId' },
  { field: 'emailCampaignSummaries', key: 'campaignId' },
  { field: 'smsCampaignSummaries', args: 'startAt: "2020-01-01T00:00:00Z"', key: 'campaignId', pageSize: 50 },
  { field: 'events', key: 'eventId', pageSize: 100 },
  { within: 'event(id: "$eventId")', field: 'registrations', key: 'registrationId', pageSize: 50 },
  { field: 'partnerAccounts', key: 'encodedAccountId', pageSize: 50 },
  { field: 'socialHashtagGroups', key: 'name', pageSize: 5, isNumbered: true },
  ...ACTIVITY.map((field) => ({
    within: 'emailCampaignActivity(id: "$campaignActivityId")',
    field,
    key: 'contactId createdAt',
  })),
  ...LANDING_PAGE.map((field) => ({
    within: 'landingPageReport(campaignActivityId: "$landingPageId")',
    field,
    key: 'contactId createdAt',
  })),
];

beforeAll(async () => {
  app = await startApp({ sandbox: { contacts: 600 } });
  ids = recordIds(app);
});

beforeEach(() => {
  app.resetCalls();
});

afterAll(async () => {
  expectNoViolations(app);
  await app.close();
});

function documentOf({ within, field, args, key }: Case, first: number, after?: string): string {
  const own = [args, `first: ${String(first)}`, after && `after: "${after}"`].filter(Boolean).join(', ');
  const connection = `${field}(${own}) { nodes { ${key} } pageInfo { hasNextPage endCursor } }`;
  const text = within ? `{ ${within} { ${connection} } }` : `{ ${connection} }`;
  return text.replace(/\$(\w+)/g, (_, name: string) => String(ids[name]));
}

async function page(of: Case, first: number, after?: string): Promise<any> {
  const { data, errors } = await app.query(documentOf(of, first, after));
  expect(errors).toBeUndefined();
  const [root] = Object.values(data as Record<string, any>);
  return of.within ? root[of.field] : root;
}

describe.each(CASES)('$within $field $args', (of) => {
  it('continues from a small page in the largest pages', async () => {
    const all = (await page(of, 900)).nodes;
    expect(all.length).toBeGreaterThan(1);
    app.resetCalls();
    const { nodes, pageInfo } = await page(of, 1);
    expect(nodes).toEqual(all.slice(0, 1));
    const small = app.calls().length;
    app.resetCalls();

    const { pageSize = 500, isNumbered = false } = of;
    const first = Math.min(pageSize * 2, all.length);
    const rest = await page(of, first, pageInfo.endCursor);
    expect(rest.nodes).toEqual(all.slice(1, 1 + first));
    expect(rest.pageInfo.hasNextPage).toBe(all.length > 1 + first);
    const calls = app.calls().length;
    expect(calls).toBe(small + Math.ceil((first + Number(isNumbered)) / pageSize) - 1);
    const { total } = queryCostOf({ schema, document: parse(documentOf(of, first, pageInfo.endCursor)) });
    expect(total).toBeGreaterThanOrEqual(calls);
    expect(total).toBeLessThanOrEqual(calls + OVERRATED);
  });
});

describe('an API that accepts its next links only as they are', () => {
  const ROWS = 1_300;
  const { start, query, requests } = scripted();
  const idOf = (at: number) => `00000000-0000-11ee-8000-${String(at).padStart(12, '0')}`;
  const limits = () => requests().map(({ url }) => new URL(url, 'http://api').searchParams.get('limit'));

  const startStrict = () => {
    const links = new Set<string>();
    return start((response, { url }) => {
      const { pathname, searchParams } = new URL(url, 'http://api');
      if (searchParams.has('next') && !links.has(url)) {
        json(response, 400, [
          { error_key: 'contacts.api.validation.error', error_message: 'cursor is invalid' },
        ]);
        return;
      }
      const from = Number(searchParams.get('next') ?? 0);
      const limit = Number(searchParams.get('limit'));
      const end = Math.min(from + limit, ROWS);
      const href = `${pathname}?limit=${String(limit)}&next=${String(end)}`;
      links.add(href);
      json(response, 200, {
        [pathname.endsWith('/contacts') ? 'contacts' : 'campaigns']: Array.from(
          { length: end - from },
          (_, at) => ({ contact_id: idOf(from + at), campaign_id: idOf(from + at) }),
        ),
        ...(end < ROWS && { _links: { next: { href } } }),
      });
    });
  };
  const read = async (first: number, after?: string) => {
    requests().length = 0;
    const { data, errors } = await query(
      'query ($first: Int!, $after: String) { contacts(first: $first, after: $after) { nodes { contactId } pageInfo { hasNextPage endCursor } } }',
      { first, ...(after !== undefined && { after }) },
    );
    expect(errors).toBeUndefined();
    return {
      ids: data.contacts.nodes.map((node: any) => node.contactId as string),
      ...data.contacts.pageInfo,
    };
  };
  const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => idOf(from + at));

  it('is asked for the page as it linked it, once', async () => {
    await startStrict();
    const small = await read(30);
    const next = await read(500, small.endCursor);
    expect(limits()).toEqual(['500', '30']);
    expect(next).toMatchObject({ ids: ids(30, 60), hasNextPage: true });
    const further = await read(500, next.endCursor);
    expect(limits()).toEqual(['30', '30']);
    expect(further.ids).toEqual(ids(60, 120));
  });

  it('gives large pages from then on, in which cursors of any size are places', async () => {
    await startStrict();
    await read(500, (await read(30)).endCursor);
    const small = await read(30);
    expect(limits()).toEqual(['500']);
    expect(small.ids).toEqual(ids(0, 30));
    const large = await read(1_200, small.endCursor);
    expect(limits()).toEqual(['500', '500', '500']);
    expect(large).toMatchObject({ ids: ids(30, 1_230), hasNextPage: true });
    const last = await read(10_000, large.endCursor);
    expect(limits()).toEqual(['500']);
    expect(last).toMatchObject({ ids: ids(1_230, ROWS), hasNextPage: false });
  });

  it('gives small pages of other collections still', async () => {
    await startStrict();
    await read(500, (await read(30)).endCursor);
    requests().length = 0;
    const { data } = await query('{ emailCampaigns(first: 30) { nodes { campaignId } } }');
    expect(data.emailCampaigns.nodes).toHaveLength(30);
    expect(limits()).toEqual(['30']);
  });

  it('refuses a link that it no longer knows', async () => {
    await startStrict();
    const small = await read(30);
    await start((response) => {
      json(response, 400, [
        { error_key: 'contacts.api.validation.error', error_message: 'cursor is invalid' },
      ]);
    });
    const { errors } = await query(
      `{ contacts(first: 500, after: "${small.endCursor}") { nodes { contactId } } }`,
    );
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(requests()).toHaveLength(2);
  });
});

it('continues from a cursor with a page number in its own page size', async () => {
  const of: Case = { field: 'socialHashtagGroups', key: 'name' };
  const all = (await page(of, 900)).nodes;
  const [version, scope] = JSON.parse(
    Buffer.from((await page(of, 1)).pageInfo.endCursor, 'base64url').toString(),
  ) as unknown[];
  const cursor = JSON.stringify([version, scope, 'page=1&limit=2', 2, 0]);
  app.resetCalls();
  const { nodes } = await page(of, 5, Buffer.from(cursor).toString('base64url'));
  expect(nodes).toEqual(all.slice(2, 2 + nodes.length));
  expect(nodes.length).toBeGreaterThan(0);
  const queries = app.sandbox.journal.entries.map(({ query }) => query);
  expect(queries.every((sent) => /page=\d+&limit=2$|limit=2&page=\d+$/.test(sent))).toBe(true);
});
