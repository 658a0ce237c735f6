import { describe, expect, it } from 'vitest';
import { parse } from 'graphql';
import { operations, type OperationFacts } from '../../src/constant-contact/contract/operations.js';
import { encodeGlobalId } from '../../src/resolvers/support/global-id.js';
import { matchRoute, relativePath } from '../../src/sandbox/router.js';
import { buildSchema } from '../../src/schema/index.js';
import { queryCostOf } from '../../src/server/query-cost.js';
import { scripted } from '../support/scripted.js';
import { json } from '../support/upstream.js';

/** A REST API that leads from page to page for ever: no operation makes more calls than its price. */
const { answering, query, requests, start } = scripted();
const schema = buildSchema();

const uuid = (number: number) => `00000000-0000-11ee-8000-${String(number).padStart(12, '0')}`;

/** A row of any collection. */
const row = (number: number) => ({
  ...Object.fromEntries(
    [
      'contact_id',
      'list_id',
      'tag_id',
      'custom_field_id',
      'campaign_id',
      'event_id',
      'activity_id',
      'registration_id',
      'encoded_account_id',
      'hashtag_group_id',
      'campaign_activity_id',
    ].map((name) => [name, uuid(number)]),
  ),
  segment_id: number,
  created_at: '2026-03-04T05:06:07Z',
  created_time: '2026-03-04T05:06:07Z',
  updated_at: '2026-03-05T05:06:07Z',
  name: `row ${String(number)}`,
});

/** The rows of the page that is asked for as the `number`th, and where it leads. */
const WAYS: Record<string, (number: number, limit: number) => { rows: unknown[]; next: string }> = {
  'empty pages with ever new links': (number) => ({ rows: [], next: String(number) }),
  'full pages of the same rows': (number, limit) => ({
    rows: Array.from({ length: limit }, (_, index) => row(index)),
    next: String(number),
  }),
  'the same row on each page': (number) => ({ rows: [row(1)], next: String(number) }),
  'one new row on each page': (number) => ({ rows: [row(number)], next: String(number) }),
  'an empty page after each page with a row': (number) => ({
    rows: number % 2 === 0 ? [] : [row(number)],
    next: String(number),
  }),
  'pages in a cycle': (number) => ({ rows: [row(number)], next: String(number % 3) }),
  'pages from the last to the first': (number) => ({ rows: [row(number)], next: String(1e6 - number) }),
};

const LISTS = Array.from(
  { length: 6 },
  (_, at) =>
    `l${String(at)}: contactList(id: "${uuid(at)}") { contacts(first: 10000) { nodes { contactId } } }`,
);
const nodes = (type: Parameters<typeof encodeGlobalId>[0], count: number) =>
  `nodes(ids: [${Array.from({ length: count }, (_, at) => JSON.stringify(encodeGlobalId(type, uuid(at + 900)))).join()}]) { id }`;

const WALKS: Record<string, string> = {
  contacts: 'contacts(first: 10000) { nodes { contactId } totalCount }',
  'contacts with their lists and tags': 'contacts(first: 3) { nodes { lists { name } tags { name } } }',
  'members of lists': LISTS.join(' '),
  'members of a segment': `segment(id: "5") { contacts(first: 10000) { nodes { contactId } } }`,
  lists: 'contactLists(first: 10000) { nodes { name membershipCount activeMembershipCount } }',
  tags: 'tags(first: 10000) { nodes { name } }',
  'custom fields': 'customFields(first: 10000) { nodes { label } }',
  segments: 'segments(first: 10000) { nodes { name } }',
  campaigns: 'emailCampaigns(first: 10000) { nodes { name } }',
  summaries: 'emailCampaignSummaries(first: 10000) { nodes { campaignId } }',
  events: 'events(first: 10000) { nodes { name } }',
  registrations: `event(id: "${uuid(1)}") { registrations(first: 10000, trackId: "${uuid(2)}") { nodes { registrationId } } }`,
  'tracking reports': `emailCampaignActivity(id: "${uuid(1)}") { sends(first: 10000) { nodes { contactId } } clicks(first: 10000) { nodes { contactId } } }`,
  'activity of a contact': `contact(id: "${uuid(1)}") { activityDetails(first: 10000) { nodes { campaignActivityId } } }`,
  'landing pages': `landingPageReport(campaignActivityId: "${uuid(1)}") { opens(first: 10000) { nodes { contactId } } }`,
  'bulk activities': 'bulkActivities(first: 10000) { nodes { activityId } }',
  'partner accounts': 'partnerAccounts(first: 10000) { nodes { encodedAccountId } }',
  'SMS summaries':
    'smsCampaignSummaries(startAt: "2020-01-01T00:00:00Z", first: 10000) { nodes { campaignId } }',
  'hashtag groups': 'socialHashtagGroups(first: 2000) { nodes { hashtagGroupId } }',
  changes:
    'contactChanges(since: "2026-01-01T00:00:00Z", first: 10000) { nodes { kinds } pageInfo { hasNextPage endCursor } }',
  'a scan for contacts': nodes('Contact', 45),
  'a scan for campaigns': nodes('EmailCampaign', 45),
  'a scan for events': nodes('Event', 45),
  'a scan for bulk activities': nodes('BulkActivity', 45),
};

/** Answers of a server that leads on for ever. */
function endless(way: (number: number, limit: number) => { rows: unknown[]; next: string }) {
  let number = 0;
  return (url: URL): unknown => {
    const match = matchRoute('GET', relativePath(url.pathname));
    if (!match) return {};
    const { paging, rows: property }: OperationFacts = operations[match.id];
    if (paging === 'none') return { ...row(1), ...match.path, default_track: { track_id: uuid(2) } };
    number += 1;
    const { rows, next } = way(number, Math.min(500, Number(url.searchParams.get('limit') ?? 50)));
    const href = `${url.pathname}?${/events/.test(url.pathname) ? 'next' : 'cursor'}=${next}`;
    return { [property ?? 'rows']: rows, _links: { next: { href } } };
  };
}

describe.each(Object.entries(WAYS))('a server that gives %s', (_name, way) => {
  it.each(Object.entries(WALKS))('is read within the query cost: %s', async (_walk, text) => {
    await answering(endless(way));
    const document = `{ ${text} }`;
    const price = queryCostOf({ schema, document: parse(document) }).total;
    const { data, errors } = await query(document);
    expect(requests().length).toBeLessThanOrEqual(price);
    expect(data).toBeDefined();
    const codes = new Set(errors?.map(({ extensions }) => extensions?.['code']));
    for (const code of codes) expect(['UPSTREAM_INVALID_RESPONSE', 'QUERY_TOO_EXPENSIVE']).toContain(code);
  });
});

describe('pages without a new row', () => {
  it('are reported after a few reads', async () => {
    await answering(endless(WAYS['empty pages with ever new links'] as never));
    const { data, errors } = await query(
      '{ contacts(first: 10000) { nodes { contactId } } account { organizationName } }',
    );
    expect(errors?.map(({ path, extensions }) => [path, extensions?.['code']])).toEqual([
      [['contacts'], 'UPSTREAM_INVALID_RESPONSE'],
    ]);
    expect(data.account).not.toBeNull();
    expect(requests().filter(({ url }) => url.includes('/contacts'))).toHaveLength(3);
  });

  it('are skipped when rows follow them', async () => {
    await answering((url) => {
      const at = Number(url.searchParams.get('cursor') ?? 0);
      const rows = at % 3 === 0 ? [row(at)] : [];
      return {
        contacts: rows,
        ...(at < 9 && { _links: { next: { href: `/v3/contacts?cursor=${String(at + 1)}` } } }),
      };
    });
    const { data, errors } = await query(
      '{ contacts(first: 10000) { nodes { contactId } pageInfo { hasNextPage } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.contacts.nodes).toHaveLength(4);
    expect(data.contacts.pageInfo.hasNextPage).toBe(false);
  });
});

describe('pages that are shorter than requested', () => {
  it('are returned up to the query cost, with a cursor to continue', async () => {
    const cursorAt = (at: number) =>
      encodeURIComponent(Buffer.from(`limit=500&next=${String(at)}`).toString('base64'));
    await answering((url) => {
      const said = new URLSearchParams(
        Buffer.from(url.searchParams.get('cursor') ?? '', 'base64').toString(),
      );
      const at = Number(said.get('next') ?? 0);
      return {
        contacts: [row(at)],
        ...(at < 6 && { _links: { next: { href: `/v3/contacts?cursor=${cursorAt(at + 1)}` } } }),
      };
    });
    const page = `query ($after: String) { contacts(first: 1000, after: $after) { nodes { contactId } pageInfo { hasNextPage endCursor } } }`;
    const ids: string[] = [];
    let after: string | null = null;
    do {
      const before = requests().length;
      const { data, errors }: any = await query(page, { after });
      expect(errors).toBeUndefined();
      const price = queryCostOf({ schema, document: parse(page), variableValues: { after } }).total;
      expect(requests().length - before).toBeLessThanOrEqual(price);
      ids.push(...data.contacts.nodes.map(({ contactId }: any) => contactId));
      after = data.contacts.pageInfo.hasNextPage ? data.contacts.pageInfo.endCursor : null;
    } while (after !== null);
    expect(ids).toEqual([0, 1, 2, 3, 4, 5, 6].map(uuid));
  });
});

describe('changes among many contacts that were deleted long ago', () => {
  it('are found over several operations, none above its query cost', async () => {
    const PAGES = 30;
    await answering((url) => {
      const said = new URLSearchParams(
        Buffer.from(url.searchParams.get('cursor') ?? '', 'base64').toString() || url.search,
      );
      if (said.get('status') !== 'deleted') return { contacts: [] };
      const at = Number(said.get('next') ?? 0);
      const next = Buffer.from(`limit=500&status=deleted&next=${String(at + 1)}`).toString('base64');
      const deleted_at = at + 1 === PAGES ? '2026-02-01' : '2019-01-01';
      return {
        contacts: [{ contact_id: uuid(at), created_at: '2015-01-01T00:00:00Z', deleted_at }],
        ...(at + 1 < PAGES && {
          _links: { next: { href: `/v3/contacts?cursor=${encodeURIComponent(next)}` } },
        }),
      };
    });
    const page = `query ($after: String) { contactChanges(since: "2026-01-01T00:00:00Z", first: 10, after: $after) {
      nodes { contact { contactId } kinds } pageInfo { hasNextPage endCursor } } }`;
    const found: unknown[] = [];
    let after: string | null = null;
    let operations = 0;
    do {
      const before = requests().length;
      const { data, errors }: any = await query(page, { after });
      expect(errors).toBeUndefined();
      const price = queryCostOf({ schema, document: parse(page), variableValues: { after } }).total;
      expect(requests().length - before).toBeLessThanOrEqual(price);
      operations += 1;
      found.push(...data.contactChanges.nodes);
      const { hasNextPage, endCursor } = data.contactChanges.pageInfo;
      after = hasNextPage ? endCursor : null;
    } while (after !== null);
    expect(found).toEqual([{ contact: { contactId: uuid(PAGES - 1) }, kinds: ['DELETED'] }]);
    expect(operations).toBeGreaterThan(2);
  });
});

describe('a list that is longer than its query cost assumes', () => {
  /** Full pages of different rows. */
  const pages = ({ pathname, searchParams }: URL) => {
    const at = Number(searchParams.get('cursor') ?? 0);
    const tracking_activities = Array.from({ length: 100 }, (_, index) => ({
      campaign_activity_id: uuid(100 * at + index),
    }));
    return { tracking_activities, _links: { next: { href: `${pathname}?cursor=${String(at + 1)}` } } };
  };

  it('is read as far as requested: each further full page raises the cost by a call', async () => {
    await answering(pages);
    const document = `{ contact(id: "${uuid(1)}") { activityDetails(first: 700) { nodes { campaignActivityId } } } }`;
    expect(queryCostOf({ schema, document: parse(document) }).total).toBe(3);
    const { data, errors } = await query(document);
    expect(errors).toBeUndefined();
    expect(data.contact.activityDetails.nodes).toHaveLength(700);
    expect(requests()).toHaveLength(7);
  });

  it('ends early at the limit', async () => {
    await answering(pages);
    const ids = Array.from({ length: 250 }, (_, at) => `"${encodeGlobalId('Contact', uuid(at))}"`);
    const document = `{ nodes(ids: [${ids.join()}]) { ... on Contact { activityDetails(first: 1000) { pageInfo { hasNextPage } } } } }`;
    expect(queryCostOf({ schema, document: parse(document) }).total).toBeLessThanOrEqual(1_000);
    const { data } = await query(document);
    expect(requests()).toHaveLength(1_000);
    const lists = data.nodes.map((node: any) => node.activityDetails);
    expect(lists.every((list: any) => list === null || list.pageInfo.hasNextPage)).toBe(true);
  });
});

describe('an operation that needs more calls than its query cost', () => {
  it('fails at the field that needs them, with advice; the rest is returned', async () => {
    // More custom fields than an account may have: their scan is priced at one call.
    await answering(endless(WAYS['one new row on each page'] as never));
    const { data, errors } = await query(
      `{ contact(id: "${uuid(1)}") { contactId customFields { field { label } } } tags(first: 1) { nodes { tagId } } }`,
    );
    expect(data.tags.nodes).toHaveLength(1);
    for (const { extensions, message } of errors ?? []) {
      expect(extensions?.['code']).toBe('QUERY_TOO_EXPENSIVE');
      expect(message).toContain('Ask for fewer rows');
    }
  });

  it('is not left half done: a started write continues, and pages behind it end', async () => {
    let writes = 0;
    const pages = endless(WAYS['one new row on each page'] as never);
    await answering((url, { method }) => {
      if (method === 'GET') return pages(url);
      writes += 1;
      return { ...row(1), tag_id: uuid(1) };
    });
    const document = `mutation { createTag(input: { name: "x" }) { tag { tagId contacts(first: 2000) { nodes { contactId } pageInfo { hasNextPage } } } userErrors { code } } }`;
    const { data, errors } = await query(document);
    expect(errors).toBeUndefined();
    expect(writes).toBe(1);
    expect(data.createTag.tag.contacts.pageInfo.hasNextPage).toBe(true);
    expect(requests().length).toBeLessThanOrEqual(queryCostOf({ schema, document: parse(document) }).total);
  });
});

it('reads within the query cost after refusals whose reason is not the page size', async () => {
  const answer = endless((number) => ({ rows: [row(number)], next: String(number) }));
  await start((response, { url }) => {
    if (/contact_lists|segments/.test(url)) json(response, 400, [{ error_key: 'x', error_message: 'no' }]);
    else json(response, 200, answer(new URL(url, 'http://upstream')));
  });
  const document =
    '{ contactLists(first: 1000) { nodes { name } } segments(first: 1000) { nodes { name } } contacts(first: 10000) { nodes { contactId } } }';
  const price = queryCostOf({ schema, document: parse(document) }).total;
  const { data, errors } = await query(document);
  expect(data).toMatchObject({
    contactLists: null,
    segments: null,
    contacts: { nodes: expect.any(Array) as unknown },
  });
  expect(errors).toHaveLength(2);
  // Each refused page was asked for in a smaller size, too.
  expect(requests().filter(({ url }) => /contact_lists|segments/.test(url))).toHaveLength(4);
  expect(requests()).toHaveLength(price);
});
