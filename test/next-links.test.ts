import { describe, expect, it } from 'vitest';
import { scripted } from './support/scripted.js';
import { json } from './support/upstream.js';

/** Next links that leave out parameters of the first request, as some services of the API write them. */
const { answering, query, requests, start } = scripted();

const ID = (n: number) => `00000000-0000-11ee-8000-${String(n).padStart(12, '0')}`;
const token = (text: string) => `cursor=${encodeURIComponent(Buffer.from(text).toString('base64'))}`;

const SMS = {
  query: `{ rows: smsCampaignSummaries(startAt: "2026-01-01T00:00:00Z", endAt: "2026-02-01T00:00:00Z", first: 60) {
    nodes { id: campaignId } pageInfo { endCursor } } }`,
  path: '/v3/reports/summary_reports/sms_campaign_summaries',
  page: (n: number) => ({ bulk_sms_campaign_summaries: [{ campaign_id: ID(n) }] }),
  needs: ['start_at', 'end_at', 'limit'],
  required: ['start_at'],
};
const ACTIVITY = {
  query: `{ contact(id: "${ID(9)}") { rows: activityDetails(types: [EMAIL_SENT, EMAIL_OPENED], first: 150) {
    nodes { id: campaignActivityId } pageInfo { endCursor } } } }`,
  path: `/v3/reports/contact_reports/${ID(9)}/activity_details`,
  page: (n: number) => ({ tracking_activities: [{ contact_id: ID(9), campaign_activity_id: ID(n) }] }),
  needs: ['tracking_activities_list', 'limit'],
  required: ['tracking_activities_list'],
};
const CONTACTS = {
  query: `{ rows: contacts(first: 600, filter: { status: [UNSUBSCRIBED] }) {
    nodes { id: contactId tags { tagId } } pageInfo { endCursor } } }`,
  path: '/v3/contacts',
  page: (n: number) => ({ contacts: [{ contact_id: ID(n), taggings: [] }] }),
  needs: ['status', 'include', 'limit'],
  required: [],
};
interface Case {
  query: string;
  path: string;
  page: (n: number) => object;
  needs: readonly string[];
  required: readonly string[];
}
const CASES: Record<string, Case> = {
  'SMS summaries': SMS,
  'a contact’s activity': ACTIVITY,
  contacts: CONTACTS,
};

const rowsOf = (data: any): any => data.rows ?? data.contact.rows;
const queries = () => requests().map(({ url }) => new URL(url, 'http://api').searchParams);

async function run({ query: text, path, page }: Case, link: string) {
  await answering(({ searchParams }) =>
    ['next', 'cursor', 'page'].some((name) => searchParams.has(name))
      ? page(2)
      : { ...page(1), _links: { next: { href: `${path}?${link}` } } },
  );
  const { data, errors } = await query(text);
  expect(errors).toBeUndefined();
  expect(rowsOf(data).nodes.map(({ id }: any) => id)).toEqual([ID(1), ID(2)]);
  return queries();
}

describe.each(Object.entries(CASES))('a next link of %s', (_name, of) => {
  it.each([
    ['is a position without a token', 'next=abc', []],
    ['has a token with the page size', token('limit=20&next=7'), ['limit']],
  ])('that %s is completed from the first request', async (_form, link, said) => {
    const [first, second] = await run(of, link);
    for (const name of of.needs) {
      expect(second?.getAll(name), name).toEqual(said.includes(name as never) ? [] : first?.getAll(name));
    }
    expect(second?.toString()).toContain(link);
  });

  it('that has a parameter itself is not overridden', async () => {
    const [, second] = await run(of, 'next=abc&limit=20');
    expect(second?.getAll('limit')).toEqual(['20']);
  });

  it('with an unreadable token is completed with what every page needs, and nothing else', async () => {
    const [first, second] = await run(of, 'cursor=x.y.z');
    expect([...(second?.keys() ?? [])]).toEqual(['cursor', ...of.required]);
    for (const name of of.required) expect(second?.get(name)).toBe(first?.get(name));
  });
});

describe.each(Object.entries(CASES))('an API that accepts links of %s only as they are', (_name, of) => {
  const PAGES = 3;
  const serve = () =>
    start((response, { url }) => {
      const { searchParams } = new URL(url, 'http://api');
      const at = Number(searchParams.get('next') ?? 1);
      if (searchParams.has('next') && searchParams.size > 1) {
        json(response, 400, [{ error_key: 'validation.error', error_message: 'limit is not allowed here' }]);
        return;
      }
      json(response, 200, {
        ...of.page(at),
        ...(at < PAGES && { _links: { next: { href: `?next=${String(at + 1)}` } } }),
      });
    });
  const ids = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, at) => ({ id: ID(from + at) }));
  const read = async (first: number, after?: string) => {
    requests().length = 0;
    const args = `first: ${String(first)}${after === undefined ? '' : `, after: "${after}"`}`;
    const { data, errors } = await query(
      of.query
        .replace(/first: \d+/, args)
        .replace('nodes { id: contactId tags { tagId } }', 'nodes { id: contactId }'),
    );
    expect(errors).toBeUndefined();
    const { nodes, pageInfo } = rowsOf(data);
    return { nodes, after: pageInfo.endCursor };
  };

  it('is asked as it linked after one refusal, also from a cursor', async () => {
    await serve();
    const small = await read(1);
    expect(small.nodes).toEqual(ids(1, 1));
    expect(requests()).toHaveLength(1);
    const next = await read(1, small.after);
    expect(next.nodes).toEqual(ids(2, 2));
    expect(requests()).toHaveLength(2);
    const rest = await read(10_000, next.after);
    expect(rest.nodes).toEqual(ids(3, PAGES));
    expect(requests()).toHaveLength(1);
    const all = await read(10_000);
    expect(all.nodes).toEqual(ids(1, PAGES));
    expect(requests()).toHaveLength(PAGES);
  });

  it('is asked as it linked within a request', async () => {
    await serve();
    expect((await read(10_000)).nodes).toEqual(ids(1, PAGES));
    expect(requests()).toHaveLength(PAGES + 1);
  });
});

describe('a next link with a parameter that nobody knows', () => {
  const serve = () =>
    answering(({ searchParams }) =>
      searchParams.has('scroll_token')
        ? CONTACTS.page(2)
        : { ...CONTACTS.page(1), _links: { next: { href: '/v3/contacts?scroll_token=abc&limit=50&v=2' } } },
    );
  it('is followed as it is', async () => {
    await serve();
    const { data, errors } = await query(CONTACTS.query);
    expect(errors).toBeUndefined();
    expect(rowsOf(data).nodes.map(({ id }: any) => id)).toEqual([ID(1), ID(2)]);
    expect(queries().map(String)[1]).toBe('scroll_token=abc&limit=50&v=2');
    expect(requests()).toHaveLength(2);
  });

  it('makes no cursor that a client can use: such a cursor can be forged', async () => {
    await serve();
    const text = CONTACTS.query.replace('first: 600', 'first: 1');
    const first = await query(text);
    expect(first.errors).toBeUndefined();
    const { endCursor } = rowsOf(first.data).pageInfo;
    const [version, scope] = JSON.parse(Buffer.from(endCursor, 'base64url').toString()) as unknown[];
    const forge = (position: string) =>
      Buffer.from(JSON.stringify([version, scope, position, 1, 0])).toString('base64url');
    const calls = requests().length;
    for (const position of ['scroll_token=abc&limit=1', 'cursor=x&limit=1&admin=true']) {
      const after = JSON.stringify(forge(position));
      const { errors } = await query(text.replace('first: 1', `first: 1, after: ${after}`));
      expect(errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
    }
    expect(requests()).toHaveLength(calls);
  });
});

it('recognises a filter by its other name', async () => {
  const link = 'next=abc&limit=100&tracking_activity_type=em_opens&tracking_activity_type=em_sends';
  const [, second] = await run(ACTIVITY, link);
  expect(second?.toString()).toBe(link);
});

it('continues from a cursor after such a link', async () => {
  for (const link of ['next=7', token('limit=50&next=7')]) {
    await answering(({ searchParams }) =>
      ['next', 'cursor'].some((name) => searchParams.has(name))
        ? SMS.page(2)
        : { ...SMS.page(1), _links: { next: { href: `${SMS.path}?${link}` } } },
    );
    const text = SMS.query.replace('first: 60', 'first: 1');
    const { data } = await query(text);
    const after = JSON.stringify(rowsOf(data).pageInfo.endCursor);
    const rest = await query(text.replace('first: 1', `first: 1, after: ${after}`));
    expect(rest.errors).toBeUndefined();
    expect(rowsOf(rest.data).nodes).toEqual([{ id: ID(2) }]);
    expect(queries().at(-1)?.get('start_at')).toBe(queries()[0]?.get('start_at'));
  }
});

/**
 * Every paged collection: its query, with `$` for `first` and `after`, a page of the API with this row, and a parameter of the first
 * page, if the connection reads several collections.
 */
const COLLECTIONS: Record<
  string,
  { query: string; link: string; page: (n: number) => object; first?: string }
> = {
  contacts: {
    query: 'rows: contacts($, filter: { status: [UNSUBSCRIBED] }) { nodes { key: contactId }',
    link: 'contacts?cursor',
    page: (n) => ({ contacts: [{ contact_id: ID(n) }] }),
  },
  contactChanges: {
    query: 'rows: contactChanges($, since: "2026-01-01T00:00:00Z") { nodes { key: changedAt }',
    link: 'contacts?cursor',
    page: (n) => ({ contacts: [{ contact_id: ID(n), created_at: `2026-02-0${String(n)}T00:00:00Z` }] }),
    first: 'created_after',
  },
  contactLists: {
    query: 'rows: contactLists($, filter: { status: ALL }) { nodes { key: listId }',
    link: 'contact_lists?cursor',
    page: (n) => ({ lists: [{ list_id: ID(n) }] }),
  },
  tags: {
    query: 'rows: tags($) { nodes { key: tagId }',
    link: 'contact_tags?cursor',
    page: (n) => ({ tags: [{ tag_id: ID(n) }] }),
  },
  customFields: {
    query: 'rows: customFields($) { nodes { key: customFieldId }',
    link: 'contact_custom_fields?cursor',
    page: (n) => ({ custom_fields: [{ custom_field_id: ID(n) }] }),
  },
  segments: {
    query: 'rows: segments($, sortBy: NAME) { nodes { key: segmentId }',
    link: 'segments?cursor',
    page: (n) => ({ segments: [{ segment_id: n }] }),
  },
  bulkActivities: {
    query: 'rows: bulkActivities($, filter: { state: COMPLETED }) { nodes { key: activityId }',
    link: 'activities?cursor',
    page: (n) => ({ activities: [{ activity_id: ID(n) }] }),
  },
  emailCampaigns: {
    query:
      'rows: emailCampaigns($, filter: { updatedAfter: "2026-01-01T00:00:00Z" }) { nodes { key: campaignId }',
    link: 'emails?cursor',
    page: (n) => ({ campaigns: [{ campaign_id: ID(n) }] }),
  },
  emailCampaignSummaries: {
    query: 'rows: emailCampaignSummaries($) { nodes { key: campaignId }',
    link: 'reports/summary_reports/email_campaign_summaries?cursor',
    page: (n) => ({ bulk_email_campaign_summaries: [{ campaign_id: ID(n) }] }),
  },
  smsCampaignSummaries: {
    query: 'rows: smsCampaignSummaries($, startAt: "2026-01-01T00:00:00Z") { nodes { key: campaignId }',
    link: 'reports/summary_reports/sms_campaign_summaries?cursor',
    page: (n) => ({ bulk_sms_campaign_summaries: [{ campaign_id: ID(n) }] }),
  },
  activityDetails: {
    query: `contact(id: "${ID(9)}") { rows: activityDetails($, types: [EMAIL_OPENED, EMAIL_SENT]) { nodes { key: campaignActivityId } ROWS }`,
    link: `reports/contact_reports/${ID(9)}/activity_details?cursor`,
    page: (n) => ({ tracking_activities: [{ campaign_activity_id: ID(n) }] }),
  },
  ...Object.fromEntries(
    Object.entries({
      sends: 'sends',
      opens: 'opens',
      uniqueOpens: 'unique_opens',
      didNotOpens: 'didnotopens',
      clicks: 'clicks',
      forwards: 'forwards',
      optouts: 'optouts',
      bounces: 'bounces',
    }).map(([field, path]) => [
      field,
      {
        query: `emailCampaignActivity(id: "${ID(9)}") { rows: ${field}($) { nodes { key: contactId } ROWS }`,
        link: `reports/email_reports/${ID(9)}/tracking/${path}?cursor`,
        page: (n: number) => ({ tracking_activities: [{ contact_id: ID(n) }] }),
      },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries({
      opens: 'p_contact_opens',
      uniqueOpens: 'p_unique_contact_opens',
      uniqueClicks: 'p_unique_contact_clicks',
      uniqueAdds: 'p_unique_contact_adds',
      uniqueUpdates: 'p_unique_contact_updates',
      uniqueSmsOptIns: 'p_unique_contact_sms_optins',
    }).map(([field, path]) => [
      `landingPageReport.${field}`,
      {
        query: `landingPageReport(campaignActivityId: "${ID(9)}") { rows: ${field}($) { nodes { key: contactId } ROWS }`,
        link: `reports/landing_pages/campaign_details/${ID(9)}/${path}?cursor`,
        page: (n: number) => ({ tracking_activities: [{ contact_id: ID(n) }] }),
      },
    ]),
  ),
  events: {
    query: 'rows: events($, filter: { status: ACTIVE }) { nodes { key: eventId }',
    link: 'events?next',
    page: (n) => ({ records: [{ event_id: ID(n) }] }),
  },
  registrations: {
    query: `event(id: "${ID(9)}") { rows: registrations($, trackId: "s8zabc") { nodes { key: registrationId } ROWS }`,
    link: `events/${ID(9)}/tracks/s8zabc/registrations?next`,
    page: (n) => ({ records: [{ registration_id: ID(n) }] }),
  },
};

/** Tokens of consecutive pages. */
const TOKENS = [
  '7f6c0e52-1b1a-11ee-9a5b-0242ac120002',
  '1714340000000',
  Buffer.from('{"k":"abc","skip":1}').toString('base64url'),
  'AQICAHh8kPzv3rQ/+w==',
  `x:1714340000000|7f6c;@${'a'.repeat(700)}`,
];

it.each(Object.entries(COLLECTIONS))('accepts each opaque cursor of %s', async (_name, of) => {
  const [path = '', parameter = ''] = of.link.split('?');
  const isOther = (params: URLSearchParams) =>
    of.first !== undefined && !params.has(of.first) && !params.has(parameter);
  await answering(({ pathname, searchParams }) => {
    if (pathname !== `/v3/${path}` || isOther(searchParams)) return { contacts: [] };
    const at = TOKENS.indexOf(searchParams.get(parameter) ?? '') + 1;
    const href = `/v3/${path}?${parameter}=${encodeURIComponent(TOKENS[at] ?? '')}`;
    return { ...of.page(at + 1), ...(at < TOKENS.length && { _links: { next: { href } } }) };
  });
  const keys: string[] = [];
  let after: string | null = null;
  do {
    const asked: string = after === null ? 'first: 1' : `first: 1, after: ${JSON.stringify(after)}`;
    const [head = '', tail = ''] = of.query.replace('$', asked).split(' ROWS');
    const { data, errors } = await query(`{ ${head} pageInfo { hasNextPage endCursor } }${tail} }`);
    expect(errors).toBeUndefined();
    const { nodes, pageInfo } = data.rows ?? (Object.values(data)[0] as any).rows;
    keys.push(...nodes.map(({ key }: any) => key));
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  expect(new Set(keys).size).toBe(TOKENS.length + 1);
  const reads = queries().filter((params) => !isOther(params));
  expect(reads.map((params) => params.get(parameter))).toEqual([null, ...TOKENS]);
});

it('continues within pages of an opaque cursor that are larger than requested', async () => {
  await answering(({ searchParams }) => {
    const at = Number(searchParams.get('cursor')?.slice('page-'.length) ?? 0);
    const tracking_activities = Array.from({ length: 3 }, (_, row) => ({ contact_id: ID(at * 3 + row) }));
    const href = `/v3/reports/email_reports/${ID(9)}/tracking/sends?cursor=page-${String(at + 1)}`;
    return { tracking_activities, ...(at === 0 && { _links: { next: { href } } }) };
  });
  const ids: string[] = [];
  let after: string | null = null;
  for (const rows of [2, 2, 1, 1]) {
    const args: string = `first: ${String(rows)}${after === null ? '' : `, after: "${after}"`}`;
    const { data, errors } = await query(
      `{ emailCampaignActivity(id: "${ID(9)}") { sends(${args}) { nodes { contactId } pageInfo { endCursor } } } }`,
    );
    expect(errors).toBeUndefined();
    const { nodes, pageInfo } = data.emailCampaignActivity.sends;
    ids.push(...nodes.map(({ contactId }: any) => contactId));
    after = pageInfo.endCursor;
  }
  expect(ids).toEqual([0, 1, 2, 3, 4, 5].map(ID));
  expect(requests()).toHaveLength(5);
});

describe.each([
  ['contactLists', 'contact_lists', 'lists', 'list_id', ID],
  ['segments', 'segments', 'segments', 'segment_id', (n: number) => n],
] as const)('pages of %s that are shorter than requested', (field, path, rows, id, idOf) => {
  const ROWS = 620;
  const startShort = () =>
    answering(({ searchParams }) => {
      const from = Number(searchParams.get('next') ?? 0);
      const limit = Math.min(500, Number(searchParams.get('limit')));
      return {
        [rows]: Array.from({ length: Math.min(limit, ROWS - from) }, (_, at) => ({
          [id]: idOf(from + at + 1),
          name: 'A name',
        })),
        ...(from + limit < ROWS && {
          _links: { next: { href: `/v3/${path}?limit=${String(limit)}&next=${String(from + limit)}` } },
        }),
      };
    });
  const TEXT = `{ ${field}(first: 1000) { nodes { name } pageInfo { hasNextPage } } }`;

  it('are all read at the learned size once it is known, never for more than the query cost', async () => {
    await startShort();
    await query(TEXT);
    const calls = requests().length;
    expect(calls).toBe(1);
    const again = await query(TEXT);
    expect(again.errors).toBeUndefined();
    expect(again.data[field].nodes).toHaveLength(ROWS);
    expect(
      queries()
        .slice(calls)
        .map((params) => params.get('limit')),
    ).toEqual(['500', '500']);
  });
});

describe('the activity summary of a contact', () => {
  const TEXT = `{ contact(id: "${ID(9)}") { activitySummary(start: "2026-01-01T00:00:00Z", end: "2026-02-01T00:00:00Z") {
    campaignActivityId opens } } }`;
  const page = (n: number, pages: number) => ({
    contact_id: ID(9),
    campaign_activities: [{ campaign_activity_id: ID(n), em_opens: n }],
    ...(n < pages && {
      _links: {
        next: { href: `/v3/reports/contact_reports/${ID(9)}/activity_summary?next=${String(n + 1)}` },
      },
    }),
  });
  const start = (pages: number) =>
    answering(({ searchParams }) => page(Number(searchParams.get('next') ?? 1), pages));

  it.each([1, 2, 4])('returns the rows of all of its %i pages', async (pages) => {
    await start(pages);
    const { data, errors } = await query(TEXT);
    expect(errors).toBeUndefined();
    expect(data.contact.activitySummary).toEqual(
      Array.from({ length: pages }, (_, at) => ({ campaignActivityId: ID(at + 1), opens: at + 1 })),
    );
    expect(requests()).toHaveLength(pages);
    for (const params of queries()) {
      expect(params.get('start')).toBe('2026-01-01T00:00:00.000Z');
      expect(params.get('end')).toBe('2026-02-01T00:00:00.000Z');
    }
  });

  it('reports that it has more pages than it may read', async () => {
    await start(50);
    const { data, errors } = await query(TEXT);
    expect(data.contact.activitySummary).toBeNull();
    expect(errors?.[0]?.extensions?.['code']).toBe('QUERY_TOO_EXPENSIVE');
    expect(errors?.[0]?.message).toMatch(
      /If that fails too, ask for fewer rows.*, and report the operation\.$/,
    );
    expect(requests().length).toBeLessThan(8);
  });
});
