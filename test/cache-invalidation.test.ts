import { afterEach, describe, expect, it } from 'vitest';
import type { OperationId } from '../src/constant-contact/contract/operations.js';
import { FAMILIES } from '../src/constant-contact/cache/ages.js';
import { startApp, type Answer, type TestApp, type TestAppOptions } from './support/app.js';
import { manualClock, type ManualClock } from './support/clock.js';
import { openEvents } from './support/events.js';
import { until } from './support/upstream.js';

const AGE = 60;
const STALE = 3_600;

let app: TestApp;
let clock: ManualClock;
afterEach(async () => {
  expect(app.sandbox.violations).toEqual([]);
  await app.close();
});

async function start({ sandbox, client }: TestAppOptions = {}): Promise<void> {
  clock = manualClock();
  app = await startApp({
    sandbox: { contacts: 30, clock, ...sandbox },
    client: {
      clock,
      random: () => 0,
      cacheSeconds: Object.fromEntries(FAMILIES.map((family) => [family, AGE])),
      staleSeconds: STALE,
      ...client,
    },
  });
}

const ask = (query: string, cacheControl?: string): Promise<Answer> =>
  clock.run(
    app.query(query, cacheControl === undefined ? {} : { headers: { 'cache-control': cacheControl } }),
  );
const codes = ({ errors = [] }: Answer) => errors.map(({ extensions }) => extensions.code as string);
const someone = () => [...app.sandbox.account().contacts].find((row) => !row.deleted_at && row.email)!;
const byId = () => `{ contact(id: "${someone().contact_id}") { firstName } }`;
const QUOTA = { fault: { kind: 'quotaExceeded' as const }, times: Infinity };
const TAGS = '{ tags(first: 5) { nodes { name } } }';
const LOST: OperationId[] = ['putContact'];

describe('an object that the API no longer knows', () => {
  it.each([404, 410])('is not answered from what was read of it before: %i', async (status) => {
    await start();
    const [segment] = [...app.sandbox.account().segments];
    const [campaign] = [...app.sandbox.account().campaigns].filter((row) => !row.phantom);
    const reads: [OperationId, string][] = [
      ['getContact', byId()],
      ['getSegmentDetail', `{ segment(id: "${String(segment!.segment_id)}") { name } }`],
      [
        'retrieveEmailCampaignUsingGET',
        `{ emailCampaign(id: "${campaign!.campaign_id}") { activities { role } } }`,
      ],
    ];
    for (const [operationId, query] of reads) {
      app.sandbox.faults.clear();
      expect(Object.values((await ask(query)).data), query).not.toEqual([null]);
      app.sandbox.faults.script({
        operationId,
        fault: { kind: 'status', status, body: [{ error_key: 'not_found', error_message: 'Unknown.' }] },
      });
      // Younger than its age, so that it would still be answered.
      const gone = await ask(query, operationId === 'getContact' ? 'no-store, max-age=0' : 'no-cache');
      expect(Object.values(gone.data), query).toEqual([null]);
      app.sandbox.faults.clear();
      app.sandbox.faults.script(QUOTA);
      expect(codes(await ask(query)), query).toEqual(['QUOTA_EXHAUSTED']);
      expect(codes(await ask(query, 'only-if-cached')), query).toEqual(['NOT_CACHED']);
      app.sandbox.faults.clear();
      await clock.advance(86_400_000);
      app.resetCalls();
      expect(Object.values((await ask(query)).data), query).not.toEqual([null]);
      await ask(query);
      expect(app.calls().filter((id) => id === operationId)).toHaveLength(1);
    }
  });
});

describe('a report on several campaigns of which some fail', () => {
  const QUERY = '{ emailCampaigns(first: 60) { nodes { campaignId status stats { clicks } } } }';
  const idsIn = (answer: Answer, has: boolean) =>
    answer.data.emailCampaigns.nodes.flatMap((row: any) =>
      row.status === 'DONE' && Boolean(row.stats) === has ? [row.campaignId as string] : [],
    ) as string[];
  /** The first of the campaigns that it is asked for. */
  const failing = (times: number, count = 1) => {
    app.sandbox.faults.script({
      operationId: 'getEmailSummary',
      times,
      fault: {
        kind: 'edit',
        edit: ({ results }: { results: { campaign_id: string }[] }) => ({
          results: results.slice(count),
          errors: results.slice(0, count).map(({ campaign_id }) => ({
            error_key: 'stats.failed',
            error_message: `No statistics of ${campaign_id}.`,
          })),
        }),
      },
    });
  };
  const asked = () =>
    app.sandbox.journal.entries
      .filter(({ operationId }) => operationId === 'getEmailSummary')
      .map(({ path }) => decodeURIComponent(path.split('/').at(-1) ?? '').split(','));

  it('keeps those that succeeded, and reads only the others again', async () => {
    await start();
    failing(2, 2);
    const first = await ask(QUERY);
    expect(first.data.emailCampaigns.nodes.length).toBeGreaterThan(3);
    const failed = idsIn(first, false);
    expect(failed).toHaveLength(2);
    const known = idsIn(first, true);
    expect(known.length).toBeGreaterThan(1);
    // Both fail again, and are read again; then one of them, alone.
    for (const missing of [2, 1, 0]) {
      app.resetCalls();
      if (missing === 1) failing(1, 1);
      const answer = await ask(QUERY);
      expect(idsIn(answer, false), String(missing)).toHaveLength(missing);
      expect(codes(answer)).toEqual(Array(missing).fill('UPSTREAM_UNAVAILABLE'));
      expect(answer.extensions.upstream.calls).toBe(1);
    }
    expect(asked().map((ids) => ids.sort())).toEqual([asked()[0]]);
    app.resetCalls();
    const whole = await ask(QUERY);
    expect(idsIn(whole, true)).toEqual(expect.arrayContaining([...known, ...failed]));
    expect(app.calls()).toEqual([]);
  });

  it('is read again as a whole where nothing of it may come from the cache', async () => {
    await start();
    failing(1);
    await ask(QUERY);
    app.resetCalls();
    expect(idsIn(await ask(QUERY, 'no-cache'), false)).toEqual([]);
    expect(app.calls()).toEqual(['retrieveEmailCampaignsUsingGET', 'getEmailSummary']);
  });

  it('answers stale what it knows, with the same errors', async () => {
    await start();
    failing(1);
    const first = await ask(QUERY);
    await clock.advance(2 * AGE * 1_000);
    app.sandbox.faults.script(QUOTA);
    const stale = await ask(QUERY);
    expect(idsIn(stale, true)).toEqual(idsIn(first, true));
    expect(codes(stale)).toEqual(['UPSTREAM_UNAVAILABLE']);
    expect(stale.errors?.[0].path.at(-1)).toBe('stats');
  });

  it('may not be kept by clients', async () => {
    await start();
    failing(1);
    const response = await clock.run(
      app.fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: QUERY }),
      }),
    );
    await response.text();
    expect(response.headers.get('cache-control')).toBe('private, no-store');
  });
});

describe('a bulk activity', () => {
  const LISTS = '{ contactLists(first: 50) { nodes { listId membershipCount } } }';
  const TAGS = '{ tags(first: 50) { nodes { name } } }';
  const membersOf = (answer: Answer, id: string) =>
    answer.data.contactLists.nodes.find((row: any) => row.listId === id).membershipCount as number;

  async function addSomeone(): Promise<{ activityId: string; listId: string }> {
    const account = app.sandbox.account();
    const contact = [...account.contacts].find(
      (row) => !row.deleted_at && row.email?.permission_to_send === 'implicit',
    )!;
    const list = [...account.lists].find(
      ({ list_id, channel, deleted_at }) =>
        channel === 'email' && !deleted_at && !contact.list_memberships.includes(list_id),
    )!;
    const { data } = await ask(
      `mutation { addListMemberships(input: { source: { contactIds: ["${contact.contact_id}"] }, listIds: ["${list.list_id}"] }) { bulkActivity { activityId } userErrors { message } } }`,
    );
    expect(data.addListMemberships.userErrors).toEqual([]);
    return { activityId: data.addListMemberships.bulkActivity.activityId as string, listId: list.list_id };
  }

  const looks: [string, (id: string) => string][] = [
    ['by its id', (id) => `{ bulkActivity(id: "${id}") { state } }`],
    ['in a listing', () => '{ bulkActivities(first: 10) { nodes { state } } }'],
  ];

  it.each(looks)('invalidates when it is seen finished %s, once', async (_how, look) => {
    await start({ sandbox: { activitySeconds: 10 } });
    await ask('{ bulkActivities(first: 50) { nodes { state } } }');
    const { activityId, listId } = await addSomeone();
    const before = membersOf(await ask(LISTS), listId);
    await ask(TAGS);
    await ask(look(activityId));
    // It runs: what is kept stays.
    expect((await ask(LISTS)).extensions.upstream.calls).toBe(0);
    await clock.advance(30_000);
    expect(membersOf(await ask(LISTS), listId)).toBe(before);
    await ask(look(activityId));
    const after = await ask(LISTS);
    expect(membersOf(after, listId)).toBe(before + 1);
    expect(after.extensions.upstream.calls).toBe(1);
    await ask(look(activityId));
    expect((await ask(LISTS)).extensions.upstream.calls).toBe(0);
  });

  it.each(['by its id', 'in a listing'])(
    'of earlier invalidates nothing when it is looked at %s',
    async (how) => {
      await start();
      const page = async (after: string | null) => {
        const { data } = await ask(
          `{ bulkActivities(first: 3${after === null ? '' : `, after: "${after}"`}) { nodes { activityId state } pageInfo { endCursor } } }`,
        );
        return data.bulkActivities;
      };
      await ask(LISTS);
      await ask(TAGS);
      await clock.advance(30_000);
      const first = await page(null);
      expect(first.nodes).toHaveLength(3);
      if (how === 'in a listing') await page(first.pageInfo.endCursor as string);
      else
        for (const { activityId } of first.nodes)
          await ask(`{ bulkActivity(id: "${activityId}") { state } }`);
      app.resetCalls();
      for (const query of [LISTS, TAGS]) expect((await ask(query)).extensions.upstream.calls).toBe(0);
      app.sandbox.faults.script(QUOTA);
      await clock.advance(1_800_000);
      for (const query of [LISTS, TAGS]) expect((await ask(query)).extensions.upstream.stale).toHaveLength(1);
    },
  );

  it('that exports contacts invalidates nothing, when it starts and when it ends', async () => {
    await start({ sandbox: { activitySeconds: 10 } });
    await ask(LISTS);
    await ask(TAGS);
    const { data } = await ask(
      'mutation { exportContacts(input: {}) { bulkActivity { activityId } userErrors { message } } }',
    );
    const id = data.exportContacts.bulkActivity.activityId as string;
    await clock.advance(20_000);
    for (const [, look] of looks) {
      const answer = await ask(look(id));
      expect(JSON.stringify(answer.data)).toContain('COMPLETED');
    }
    app.resetCalls();
    for (const query of [LISTS, TAGS]) expect((await ask(query)).extensions.upstream.calls).toBe(0);
    expect(app.calls()).toEqual([]);
  });

  it('invalidates when a subscription sees it finished', async () => {
    await start({ sandbox: { activitySeconds: 10 } });
    const { activityId, listId } = await addSomeone();
    const events = await openEvents(
      app,
      `subscription { bulkActivityProgress(id: "${activityId}") { state } }`,
    );
    await events.next();
    const before = membersOf(await ask(LISTS), listId);
    const rest = await clock.run(events.rest(), 30_000);
    expect(rest.at(-1).data.bulkActivityProgress.state).toBe('COMPLETED');
    expect(membersOf(await ask(LISTS), listId)).toBe(before + 1);
  });
});

describe('a write that changes what another object shows', () => {
  const segmentsNow = () => [...app.sandbox.account().segments].filter((row) => !row.deleted_at);
  const membersOf = (id: unknown) =>
    `{ segment(id: "${String(id)}") { contacts(first: 500) { nodes { contactId } } } }`;
  const contactsIn = (answer: Answer) =>
    answer.data.segment.contacts.nodes.map(({ contactId }: { contactId: string }) => contactId) as string[];

  it('of the criteria of a segment invalidates its members, and no other contacts', async () => {
    await start();
    const members = new Map<string, string[]>();
    for (const { segment_id } of segmentsNow())
      members.set(String(segment_id), contactsIn(await ask(membersOf(segment_id))));
    const [one] = members.keys();
    const [other, expected] = [...members].find(
      ([id, ids]) => ids.length !== members.get(one!)!.length && id !== one,
    )!;
    const criteria = segmentsNow().find(({ segment_id }) => String(segment_id) === other)!.segment_criteria;
    await ask(byId());
    app.resetCalls();
    const written = await clock.run(
      app.query(
        'mutation ($input: UpdateSegmentInput!) { updateSegment(input: $input) { segment { contacts(first: 500) { nodes { contactId } } } } }',
        { variables: { input: { id: one, segmentCriteria: JSON.parse(criteria) } } },
      ),
    );
    expect(contactsIn({ ...written, data: written.data.updateSegment })).toEqual(expected);
    app.resetCalls();
    for (const calls of [0, 0]) {
      const answer = await ask(membersOf(one));
      expect(contactsIn(answer)).toEqual(expected);
      expect(answer.extensions.upstream.calls).toBe(calls);
    }
    expect((await ask(byId())).extensions.upstream.calls).toBe(0);
    await ask(`mutation { deleteSegment(input: { id: "${one}" }) { deletedId } }`);
    app.resetCalls();
    await ask(membersOf(one));
    expect(app.calls()).toContain('getContacts');
  });

  it('of the account invalidates previews, which have its address', async () => {
    await start();
    const [draft] = [...app.sandbox.account().campaignActivities].filter(
      (row) => row.role === 'primary_email' && row.status === 'DRAFT',
    );
    const preview = `{ emailCampaignActivity(id: "${draft!.campaign_activity_id}") { preview { subject } } }`;
    for (const calls of [1, 0]) expect((await ask(preview)).extensions.upstream.calls).toBe(calls);
    await ask('mutation { updateAccount(input: { organizationName: "New" }) { userErrors { code } } }');
    for (const calls of [1, 0]) expect((await ask(preview)).extensions.upstream.calls).toBe(calls);
  });
});

describe('a write of which nobody knows whether it was carried out', () => {
  it.each([
    ['that gets no answer', { kind: 'stall' }],
    ['whose connection breaks after it', { kind: 'resetBody' }],
    ['whose answer is cut off', { kind: 'truncate' }],
    ['that fails with 500 after it', { kind: 'status', status: 500, carriedOut: true }],
    ['that a web page answers', { kind: 'html', status: 200 }],
  ] as const)('invalidates all the same: %s', async (_how, fault) => {
    await start();
    await ask(byId());
    expect((await ask(byId())).extensions.upstream.calls).toBe(0);
    for (const operationId of LOST) app.sandbox.faults.script({ operationId, fault });
    const written = app.query(
      `mutation { updateContact(input: { id: "${someone().contact_id}", firstName: "Perhaps" }) { contact { firstName } } }`,
    );
    if (fault.kind === 'stall') {
      await until(() => app.calls().includes('putContact'));
      await clock.advance(30_000);
    }
    await clock.run(written);
    const read = await ask(byId());
    expect(read.extensions.upstream).toMatchObject({ cached: 0 });
    expect(read.data.contact.firstName).toBe(someone().first_name);
    app.sandbox.faults.script(QUOTA);
    await clock.advance(2 * AGE * 1_000);
    expect((await ask(byId())).data.contact.firstName).toBe(someone().first_name);
  });
});

describe('a write that the API refuses', () => {
  const refused = (status: number) => ({
    fault: { kind: 'status' as const, status, body: [{ error_key: 'x' }] },
  });

  it.each([400, 403, 409])('invalidates nothing: %i', async (status) => {
    await start();
    for (const query of [byId(), TAGS]) await ask(query);
    app.resetCalls();
    for (const write of [
      'createTag(input: { name: "No" })',
      `updateContact(input: { id: "${someone().contact_id}", firstName: "No" })`,
    ]) {
      for (const operationId of ['postTag', 'putContact'] as const)
        app.sandbox.faults.script({ operationId, ...refused(status) });
      const { data } = await ask(`mutation { ${write} { userErrors { code } } }`);
      expect(JSON.stringify(data)).not.toContain('"userErrors":[]');
    }
    expect(app.calls()).toEqual(['postTag', 'getContact', 'putContact']);
    for (const query of [byId(), TAGS])
      expect((await ask(query)).extensions.upstream).toMatchObject({ calls: 0, cached: 1 });
  });

  it('invalidates when the object is gone, or when an earlier write was carried out', async () => {
    await start();
    await ask(TAGS);
    app.sandbox.faults.script({ operationId: 'putTag', ...refused(404) });
    const [tag] = [...app.sandbox.account().tags];
    await ask(`mutation { updateTag(input: { id: "${tag!.tag_id}", name: "No" }) { userErrors { code } } }`);
    expect((await ask(TAGS)).extensions.upstream.calls).toBe(1);
    await ask('mutation { createTag(input: { name: "Yes" }) { userErrors { code } } }');
    app.sandbox.faults.script({ operationId: 'postTag', ...refused(409) });
    await ask('mutation { createTag(input: { name: "No" }) { userErrors { code } } }');
    expect((await ask(TAGS)).extensions.upstream.calls).toBe(1);
    expect((await ask(TAGS)).extensions.upstream.calls).toBe(0);
  });
});

describe('a write that never leaves', () => {
  const writes = () => [
    'mutation { createTag(input: { name: "Never" }) { tag { tagId } } }',
    `mutation { deleteContact(input: { id: "${someone().contact_id}" }) { deletedId } }`,
    `mutation { updateContact(input: { id: "${someone().contact_id}", firstName: "Never" }) { contact { firstName } } }`,
  ];
  const reads = () => [byId(), '{ contactLists(first: 5) { nodes { name membershipCount } } }', TAGS];

  it.each([
    ['because the day is spent', QUOTA, 'QUOTA_EXHAUSTED', 1],
    [
      'because the circuit breaker is open',
      { fault: { kind: 'empty' as const, status: 503 }, times: Infinity },
      'UPSTREAM_UNAVAILABLE',
      5,
    ],
    ['because no connection opens', undefined, 'UPSTREAM_UNAVAILABLE', 0],
  ])('invalidates nothing: %s', async (_why, fault, code, failures) => {
    await start();
    const before = [];
    for (const query of reads()) before.push((await ask(query)).data);
    await clock.advance(2 * AGE * 1_000);
    if (fault) app.sandbox.faults.script(fault);
    else await app.sandbox.close();
    for (let at = 0; at < failures; at += 1) await ask(`{ segments(first: ${at + 1}) { nodes { name } } }`);
    const made = app.calls().length;
    for (const mutation of writes()) expect(codes(await ask(mutation)), mutation).toEqual([code]);
    expect(app.calls()).toHaveLength(made);
    for (const [at, query] of reads().entries()) {
      const { data, errors, extensions } = await ask(query);
      expect([data, errors], query).toEqual([before[at], undefined]);
      expect(extensions.upstream.stale).toMatchObject([{ because: code }]);
    }
  });

  it('invalidates nothing: because its caller leaves while it is queued', async () => {
    await start({ client: { requestsPerSecond: 1 } });
    for (const query of [byId(), TAGS]) await ask(query);
    await clock.advance(2_000);
    const others = ['a', 'b', 'c'].map((name) =>
      app.query(`{ segments(first: ${name.codePointAt(0)!}) { nodes { name } } }`),
    );
    const leaving = new AbortController();
    const left = app.query(writes()[0]!, { signal: leaving.signal }).catch(() => undefined);
    await clock.advance(100);
    leaving.abort();
    await left;
    await clock.run(Promise.all(others));
    app.resetCalls();
    for (const query of [byId(), TAGS])
      expect((await ask(query)).extensions.upstream).toMatchObject({ calls: 0, cached: 1 });
    expect(app.calls()).toEqual([]);
  });
});
