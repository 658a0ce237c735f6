import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { OperationId } from '../src/constant-contact/contract/operations.js';
import type { CacheSeconds } from '../src/constant-contact/cache/ages.js';
import { json, startUpstream, until } from './support/upstream.js';
import { silentLogger } from '../src/server/logger.js';
import { manualClock, settle, type ManualClock } from './support/clock.js';
import {
  expectNoViolations,
  startApp,
  type Answer,
  type TestApp,
  type TestAppOptions,
} from './support/app.js';

const AGES: CacheSeconds = {
  account: 300,
  lists: 60,
  tags: 60,
  'custom-fields': 300,
  segments: 60,
  contacts: 30,
  campaigns: 30,
  reports: 300,
  events: 60,
  social: 60,
  automations: 300,
};

/** Default time limit of an attempt. */
const ATTEMPT_MS = 30_000;

let app: TestApp;
let clock: ManualClock;
afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

async function start({ sandbox, client, ...options }: TestAppOptions = {}): Promise<void> {
  clock = manualClock();
  app = await startApp({
    ...options,
    sandbox: { contacts: 30, clock, ...sandbox },
    client: { clock, random: () => 0, cacheSeconds: AGES, ...client },
  });
}

const ask = (query: string, cacheControl?: string): Promise<Answer> =>
  clock.run(
    app.query(query, cacheControl === undefined ? {} : { headers: { 'cache-control': cacheControl } }),
  );
const upstream = ({ extensions }: Answer) => extensions.upstream;
const codes = ({ errors = [] }: Answer) => errors.map(({ extensions }) => extensions.code as string);

const CONTACTS = '{ contacts(first: 5) { nodes { firstName } } }';
const TAGS = '{ tags(first: 5) { nodes { name } } }';
const someone = () => [...app.sandbox.account().contacts].find((row) => !row.deleted_at && row.email)!;
const byId = () => `{ contact(id: "${someone().contact_id}") { firstName } }`;
const rename = (name: string) =>
  `mutation { updateContact(input: { id: "${someone().contact_id}", firstName: "${name}" }) { contact { firstName } userErrors { message } } }`;

describe('a read', () => {
  it('is served from the cache for the TTL of its family, with its age, then read again', async () => {
    await start();
    const first = await ask(CONTACTS);
    expect(upstream(first)).toMatchObject({ calls: 1, cached: 0 });
    expect(upstream(first)).not.toHaveProperty('oldestSeconds');
    await clock.advance(26_000);
    someone().first_name = 'Changed';
    const second = await ask(CONTACTS);
    expect(second.data).toEqual(first.data);
    expect(upstream(second)).toMatchObject({ calls: 0, cached: 1, oldestSeconds: 26 });
    await clock.advance(4_000);
    expect(upstream(await ask(CONTACTS))).toMatchObject({ calls: 1, cached: 0 });
  });

  it('is cached by its parameters and its position', async () => {
    await start();
    const page = (first: number, after = '') =>
      `{ contacts(first: ${first}${after && `, after: "${after}"`}) { nodes { contactId } pageInfo { endCursor } } }`;
    const one = await ask(page(2));
    const two = await ask(page(2, one.data.contacts.pageInfo.endCursor as string));
    await ask(page(3));
    expect(app.calls()).toHaveLength(3);
    expect(await ask(page(2))).toMatchObject({ data: one.data, extensions: { upstream: { calls: 0 } } });
    const again = await ask(page(2, one.data.contacts.pageInfo.endCursor as string));
    expect(again).toMatchObject({ data: two.data, extensions: { upstream: { calls: 0 } } });
  });

  it('of a family without a TTL is never cached, nor is the state of a bulk activity', async () => {
    await start({ client: { cacheSeconds: { tags: 60, contacts: 0 }, referenceCacheSeconds: 60 } });
    for (const calls of [1, 1]) expect(upstream(await ask(CONTACTS)).calls).toBe(calls);
    const jobs = '{ bulkActivities(first: 3) { nodes { state } } }';
    for (const calls of [1, 1]) expect(upstream(await ask(jobs)).calls).toBe(calls);
    for (const calls of [1, 0]) expect(upstream(await ask(TAGS)).calls).toBe(calls);
  });

  it('is repeated after a write of its family through the facade, and others are not', async () => {
    await start();
    for (const query of [byId(), CONTACTS, TAGS]) await ask(query);
    app.resetCalls();
    const { data } = await ask(rename('Nova'));
    expect(data.updateContact).toEqual({ contact: { firstName: 'Nova' }, userErrors: [] });
    // Its own read does not come from the cache.
    expect(app.calls()).toEqual(['getContact', 'putContact']);
    expect(await ask(byId())).toMatchObject({
      data: { contact: { firstName: 'Nova' } },
      extensions: { upstream: { calls: 1 } },
    });
    expect(upstream(await ask(TAGS)).calls).toBe(0);
  });

  it('whose response has errors next to data is repeated until it has none', async () => {
    await start();
    const [sent] = [...app.sandbox.account().campaignActivities].filter(
      (row) => row.role === 'primary_email' && row.status === 'DONE' && row.sent_to.length > 0,
    );
    const operations = {
      getEmailSummary: `{ emailCampaign(id: "${sent!.campaign_id}") { stats { clicks } } }`,
      getEmailCampaignActivitySummary: `{ emailCampaignActivity(id: "${sent!.campaign_activity_id}") { stats { sends } } }`,
    } as const;
    const statsOf = async (query: string) =>
      Object.values((await ask(query)).data).map((one: any) => one.stats)[0] as unknown;
    const errors = [{ error_key: 'reportingsvc.not_found.campaign_id', error_message: 'No statistics.' }];
    for (const [operationId, query] of Object.entries(operations)) {
      app.resetCalls();
      for (const reported of [errors, errors[0]])
        app.sandbox.faults.script({
          operationId: operationId as OperationId,
          fault: { kind: 'edit', edit: () => ({ results: [], errors: reported }) },
        });
      for (const calls of [1, 2]) {
        expect(await statsOf(query), query).toBeNull();
        expect(app.calls()).toHaveLength(calls);
      }
      expect(await statsOf(query), query).not.toBeNull();
      expect(await statsOf(query), query).not.toBeNull();
      expect(app.calls()).toEqual([operationId, operationId, operationId]);
    }
  });

  it('of reference data counts as read when its load began', async () => {
    await start({ client: { cacheSeconds: {}, referenceCacheSeconds: 60 } });
    const query = '{ account { organizationName } }';
    app.sandbox.faults.script({ operationId: 'getAccountById', fault: { kind: 'throttled' } });
    const began = clock.now();
    expect(upstream(await ask(query))).toMatchObject({ calls: 2, retries: 1 });
    expect(clock.now() - began).toBeGreaterThanOrEqual(1_000);
    expect(upstream(await ask(query)).calls).toBe(0);
    await clock.advance(began + 60_000 - clock.now());
    expect(upstream(await ask(query)).calls).toBe(1);
  });

  it('of an unknown object is repeated each time; a collection without rows is cached', async () => {
    await start();
    const [segment] = [...app.sandbox.account().segments];
    const byId = {
      getContact: `{ contact(id: "${someone().contact_id}") { firstName } }`,
      getSegmentDetail: `{ segment(id: "${String(segment!.segment_id)}") { name } }`,
    } as const;
    for (const [operationId, query] of Object.entries(byId)) {
      app.resetCalls();
      app.sandbox.faults.script({
        operationId: operationId as OperationId,
        times: 2,
        fault: { kind: 'status', status: 404, body: { error_key: 'not_found', error_message: 'Unknown.' } },
      });
      for (const calls of [1, 2]) {
        expect(Object.values((await ask(query)).data), query).toEqual([null]);
        expect(app.calls()).toHaveLength(calls);
      }
      expect(Object.values((await ask(query)).data), query).not.toEqual([null]);
      await ask(query);
      expect(app.calls().filter((id) => id === operationId)).toHaveLength(3);
    }
    const nobody = '{ contactByEmail(email: "nobody@example.com") { firstName } }';
    for (const calls of [1, 0])
      expect(await ask(nobody)).toMatchObject({
        data: { contactByEmail: null },
        extensions: { upstream: { calls } },
      });
  });

  it('that a write is based on never comes from the cache', async () => {
    await start();
    const email = someone().email!.address;
    const found = `{ contactByEmail(email: "${email}") { firstName } }`;
    for (const query of [byId(), found]) await ask(query);
    someone().first_name = 'Elsewhere';
    const upsert = `mutation { upsertContact(input: { emailAddress: { address: "${email}" }, lastName: "New" }) { contact { firstName lastName } userErrors { message } } }`;
    const { data } = await ask(upsert);
    expect(data.upsertContact).toEqual({
      contact: { firstName: 'Elsewhere', lastName: 'New' },
      userErrors: [],
    });
    expect(someone().first_name).toBe('Elsewhere');
  });
});

describe('twenty clients with the same dashboard, refreshed every 30 seconds', () => {
  const DASHBOARD = `{ account { organizationName } contactLists(first: 5) { nodes { name } } segments(first: 5) { nodes { name } }
    emailCampaigns(first: 3) { nodes { name } } contacts(first: 3) { nodes { contactId firstName } } }`;
  const FAMILIES = { account: 300, lists: 60, segments: 60, campaigns: 30, contacts: 30 };

  // For an hour in resilience/dashboards.load.test.ts.
  it('make the calls of one, show nothing older than reported, and see writes immediately', async () => {
    await start();
    const round = () => clock.run(Promise.all(Array.from({ length: 20 }, () => app.query(DASHBOARD))));
    const rounds = 6;
    for (let at = 0; at < rounds; at += 1) {
      const answers = await round();
      const oldest = answers.map((answer) => Number(upstream(answer).oldestSeconds ?? 0));
      expect(Math.max(...oldest)).toBeLessThanOrEqual(300);
      expect(answers.filter(({ errors }) => errors)).toEqual([]);
      if (at === 3) {
        const { contactId } = answers[0]!.data.contacts.nodes[0];
        const firstName = 'From one tab';
        await ask(
          `mutation { updateContact(input: { id: "${contactId}", firstName: "${firstName}" }) { userErrors { code } } }`,
        );
        const shown = (await round()).map(({ data }) =>
          data.contacts.nodes.find((row: any) => row.contactId === contactId),
        );
        for (const row of shown) expect(row.firstName).toBe(firstName);
      }
      await clock.advance(30_000);
    }
    const floor = Object.values(FAMILIES).map((seconds) => Math.ceil((rounds * 30) / seconds));
    const writes = 2 + 1;
    expect(app.calls().length).toBeLessThanOrEqual(floor.reduce((sum, calls) => sum + calls) + writes);
  });
});

/** Exports all contacts. @returns the id of the file */
async function exported(): Promise<string> {
  const { data } = await ask('mutation { exportContacts(input: {}) { bulkActivity { activityId } } }');
  const { activityId } = data.exportContacts.bulkActivity;
  await clock.advance(60_000);
  const done = await ask(`{ bulkActivity(id: "${activityId}") { export { fileExportId } } }`);
  return done.data.bulkActivity.export.fileExportId as string;
}
const rowsOf = (id: string, first = 1, after?: string) =>
  `{ contactExport(fileExportId: "${id}") { rows(first: ${first}${after ? `, after: "${after}"` : ''}) { nodes { emailAddress } pageInfo { endCursor } } } }`;

describe('Cache-Control of a request', () => {
  it('no-cache and max-age=0 read again and refresh the cache', async () => {
    await start();
    await ask(byId());
    someone().first_name = 'Newer';
    for (const header of ['no-cache', 'max-age=0']) {
      const anew = await ask(byId(), header);
      expect(anew.data.contact.firstName).toBe('Newer');
      expect(upstream(anew)).toMatchObject({ calls: 1, cached: 0 });
    }
    const kept = await ask(byId());
    expect(kept.data.contact.firstName).toBe('Newer');
    expect(upstream(kept)).toMatchObject({ calls: 0, cached: 1 });
  });

  it('no-cache makes no more calls than a cold query', async () => {
    await start({ sandbox: { contacts: 30, campaigns: 5 } });
    const query = `{ account { organizationName } a: tags(first: 5) { nodes { name } } b: tags(first: 5) { nodes { contactsCount } }
      contacts(first: 5) { nodes { lists { name } tags { name } customFields { field { label } } } } emailCampaigns(first: 5) { nodes { name } } }`;
    const { calls } = upstream(await ask(query));
    expect(upstream(await ask(query)).calls).toBe(0);
    expect(upstream(await ask(query, 'no-cache'))).toMatchObject({ calls, cached: 0 });
  });

  it('max-age accepts cached reads up to that age', async () => {
    await start();
    await ask(CONTACTS);
    await clock.advance(10_000);
    expect(upstream(await ask(CONTACTS, 'max-age=10'))).toMatchObject({ calls: 0, oldestSeconds: 10 });
    expect(upstream(await ask(CONTACTS, 'max-age=9'))).toMatchObject({ calls: 1 });
    expect(upstream(await ask(CONTACTS, 'max-age=5'))).toMatchObject({ calls: 0 });
  });

  it('only-if-cached makes no call: missing reads and writes fail with NOT_CACHED', async () => {
    await start();
    await ask(CONTACTS);
    app.resetCalls();
    const part = await ask(
      `{ contacts(first: 5) { nodes { firstName } } tags(first: 3) { nodes { name } } }`,
      'only-if-cached',
    );
    expect(part.data.contacts.nodes).toHaveLength(5);
    expect(part.data.tags).toBeNull();
    expect(codes(part)).toEqual(['NOT_CACHED']);
    const write = await ask(rename('Never'), 'only-if-cached');
    expect(codes(write)).toEqual(['NOT_CACHED']);
    expect(codes(await ask('{ bulkActivities(first: 3) { nodes { state } } }', 'only-if-cached'))).toEqual([
      'NOT_CACHED',
    ]);
    await clock.advance(29_000);
    expect(codes(await ask(CONTACTS, 'only-if-cached'))).toEqual([]);
    await clock.advance(1_000);
    expect(app.calls()).toEqual([]);
    expect(codes(await ask(CONTACTS, 'only-if-cached'))).toEqual(['NOT_CACHED']);
  });

  it('no-store caches nothing that is read', async () => {
    await start();
    await ask(`{ contacts(first: 5) { nodes { firstName } } tags(first: 3) { nodes { name } } }`, 'no-store');
    expect(upstream(await ask(CONTACTS)).calls).toBe(1);
    expect(upstream(await ask(TAGS)).calls).toBe(1);
    expect(upstream(await ask(CONTACTS, 'no-store'))).toMatchObject({ calls: 0, cached: 1 });
  });

  it('only-if-cached does not count as a look-up of the query cost', async () => {
    await start({ client: { cacheSeconds: {}, referenceCacheSeconds: 0 }, maxQueryCost: 60 });
    const query =
      '{ contacts(first: 10000) { nodes { firstName activityDetails(first: 1) { nodes { type } } } } }';
    expect((await ask(query, 'only-if-cached')).errors).toHaveLength(1);
    expect(app.calls()).toEqual([]);
    const answer = await ask(query);
    expect(answer.errors).toBeUndefined();
    expect(answer.data.contacts.nodes.length).toBeGreaterThan(20);
    expect(app.calls().length).toBeLessThanOrEqual(60);
  });

  it('only-if-cached refuses subscriptions and export files that are not kept', async () => {
    await start({ sandbox: { activitySeconds: 1 } });
    const id = await exported();
    app.resetCalls();
    for (const query of [
      rowsOf(id),
      'subscription { bulkActivityProgress(id: "0a1b2c3d-0000-11ee-8000-000000000001") { state } }',
    ])
      expect(codes(await ask(query, 'only-if-cached')), query).toEqual(['NOT_CACHED']);
    expect(app.calls()).toEqual([]);
    await ask(rowsOf(id));
    expect(upstream(await ask(rowsOf(id), 'only-if-cached'))).toMatchObject({ calls: 0, cached: 1 });
  });

  it('applies to export files, whose age is reported', async () => {
    await start({ sandbox: { activitySeconds: 1 } });
    const id = await exported();
    expect(upstream(await ask(rowsOf(id), 'no-store'))).toMatchObject({ calls: 1, cached: 0 });
    // It was not kept.
    expect(upstream(await ask(rowsOf(id)))).toMatchObject({ calls: 1, cached: 0 });
    await clock.advance(280_000);
    for (const header of [undefined, 'max-age=280', 'no-store'])
      expect(upstream(await ask(rowsOf(id), header)), header).toMatchObject({
        calls: 0,
        cached: 1,
        oldestSeconds: 280,
      });
    for (const header of ['no-cache', 'max-age=0', 'max-age=5']) {
      await clock.advance(6_000);
      const anew = upstream(await ask(rowsOf(id), header));
      expect(anew, header).toMatchObject({ calls: 1, cached: 0 });
      expect(anew).not.toHaveProperty('oldestSeconds');
    }
    expect(upstream(await ask(rowsOf(id)))).toMatchObject({ calls: 0, cached: 1, oldestSeconds: 0 });
    // Further pages continue in the same file.
    const [first, second] = await Promise.all([rowsOf(id), rowsOf(id, 2)].map((query) => ask(query)));
    const { endCursor } = first!.data.contactExport.rows.pageInfo;
    const next = await ask(rowsOf(id, 1, endCursor), 'no-cache');
    expect(next.data.contactExport.rows.nodes[0]).toEqual(second!.data.contactExport.rows.nodes[1]);
  });

  it('no-store caches nothing that a mutation reads', async () => {
    await start();
    const unknown = await ask(
      `mutation { importContacts(input: { contacts: [{ email: "ana@garden.example", customFields: [{ field: { name: "none" }, value: "x" }] }], listIds: ["0a1b2c3d-0000-11ee-8000-000000000001"] }) { userErrors { code } } }`,
      'no-store',
    );
    expect(unknown.data.importContacts.userErrors).toMatchObject([{ code: 'INVALID' }]);
    expect(upstream(unknown).calls).toBe(1);
    expect(upstream(await ask('{ customFields { nodes { label } } }'))).toMatchObject({
      calls: 1,
      cached: 0,
    });
  });

  it('is ignored when unknown, and counts as 0 when it is not a number', async () => {
    await start();
    await ask(CONTACTS);
    for (const header of ['private', 'x=1, ,', 'MAX-AGE="30"', 'max-stale=5', ''])
      expect(upstream(await ask(CONTACTS, header)), header).toMatchObject({ calls: 0, cached: 1 });
    for (const header of ['max-age', 'max-age=soon', 'max-age=-5', 'max-age=60, max-age=0', 'No-Cache'])
      expect(upstream(await ask(CONTACTS, header)), header).toMatchObject({ calls: 1, cached: 0 });
  });

  it('applies to requests by GET as well', async () => {
    await start();
    const get = async (cacheControl?: string) => {
      const headers = {
        'apollo-require-preflight': '1',
        ...(cacheControl && { 'cache-control': cacheControl }),
      };
      const response = await clock.run(
        app.fetch(`/graphql?query=${encodeURIComponent(CONTACTS)}`, { headers }),
      );
      return { response, answer: (await response.json()) as Answer };
    };
    await get();
    expect(upstream((await get()).answer)).toMatchObject({ calls: 0, cached: 1 });
    const { answer, response } = await get('no-cache');
    expect(upstream(answer)).toMatchObject({ calls: 1, cached: 0 });
    expect(response.headers.get('cache-control')).toBe('private, max-age=30');
  });
});

describe('Cache-Control of a response', () => {
  const headersFor = async (query: string) => {
    const response = await clock.run(
      app.fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      }),
    );
    await response.text();
    const { headers } = response;
    expect(headers.get('vary')?.split(', ')).toContain('Authorization');
    return [headers.get('cache-control'), headers.get('age')];
  };
  const NO_STORE = ['private, no-store', null];

  it('lets the caller cache it when everything in it may be cached', async () => {
    await start();
    expect(await headersFor(TAGS)).toEqual(['private, max-age=60', '0']);
    await clock.advance(20_000);
    expect(await headersFor(TAGS)).toEqual(['private, max-age=60', '20']);
    const both = `{ tags(first: 5) { nodes { name } } contacts(first: 5) { nodes { firstName } } }`;
    expect(await headersFor(both)).toEqual(['private, max-age=30', '20']);
  });

  it('is no-store when an object is unknown, which may be created elsewhere', async () => {
    await start({ client: { referenceCacheSeconds: 60 } });
    const id = '00000000-0000-4000-8000-000000000009';
    const fields = {
      contact: 'firstName',
      contactList: 'name',
      segment: 'name',
      emailCampaign: 'name',
    };
    for (const [field, name] of Object.entries(fields)) {
      const missing = `${field}(id: "${field === 'segment' ? '987654' : id}") { ${name} }`;
      for (const query of [`{ ${missing} }`, `{ ${missing} tags(first: 5) { nodes { name } } }`]) {
        for (let time = 0; time < 2; time += 1) {
          expect((await ask(query)).data[field], query).toBeNull();
          expect(await headersFor(query), query).toEqual(NO_STORE);
        }
      }
    }
    expect(await headersFor(TAGS)).toEqual(['private, max-age=60', '0']);
  });

  it('is that of the collection when a complete one lacks an object', async () => {
    await start({ client: { referenceCacheSeconds: 60 } });
    const id = '00000000-0000-4000-8000-000000000009';
    const fields = {
      tag: 'tag(id: $id) { name }',
      customField: 'customField(id: $id) { label }',
    };
    for (const [field, one] of Object.entries(fields)) {
      const missing = `missing: ${one.replace('$id', JSON.stringify(id))}`;
      expect(await headersFor(`{ ${missing} }`)).toEqual(NO_STORE);
      const query = `{ ${missing} ${field}s(first: 5) { nodes { createdAt } } }`;
      expect((await ask(query)).data.missing, query).toBeNull();
      expect(await headersFor(query), query).toEqual([
        `private, max-age=${field === 'tag' ? '60' : '300'}`,
        '0',
      ]);
      app.resetCalls();
      expect((await ask(query)).data.missing, query).toBeNull();
      expect(app.calls()).toEqual([]);
    }
  });

  it.each([
    ['', 'Accept, Authorization'],
    ['https://app.example', 'Accept, Authorization, Origin'],
  ])('depends on the media type, and on the origin where some are allowed: %j', async (origin, vary) => {
    await start({ ...(origin && { allowedOrigins: [origin] }) });
    const types = [
      'application/json',
      'application/graphql-response+json',
      'text/event-stream',
      'multipart/mixed',
      'text/html',
    ];
    for (const accept of types) {
      for (const headers of [{ accept }, { accept, ...(origin && { origin }) }]) {
        const response = await clock.run(
          app.fetch(`/graphql?query=${encodeURIComponent(TAGS)}`, { headers }),
        );
        await response.text();
        expect(response.headers.get('vary'), accept).toBe(vary);
      }
    }
  });

  it('is no-store otherwise', async () => {
    await start({ client: { cacheSeconds: { tags: 60, contacts: 0 }, referenceCacheSeconds: 60 } });
    for (const query of [
      '{ __typename }',
      '{ tags(first: 5) { nodes { name } } contacts(first: 5) { nodes { firstName } } }',
      '{ tags(first: 5) { nodes { name } } rateLimit { waiting } }',
      '{ tags(first: 5) { nodes { name } } bulkActivities(first: 5) { nodes { state } } }',
      '{ tags(first: 5) { nodes { name } } contactLists(first: 5) { nodes { name } } }',
      '{ tags(first: 5) { nodes { name } } tag(id: "x") { name } }',
      'mutation { createTag(input: { name: "fresh" }) { tag { name } } }',
    ])
      expect(await headersFor(query), query).toEqual(NO_STORE);
  });
});

describe('stale answers', () => {
  const spent = { fault: { kind: 'quotaExceeded' as const }, times: Infinity };

  it('are served when the day is spent, marked as stale, until the day ends', async () => {
    await start({ client: { staleSeconds: 3_600 } });
    const first = await ask(CONTACTS);
    await ask(TAGS);
    await clock.advance(600_000);
    app.sandbox.faults.script(spent);
    const because = 'QUOTA_EXHAUSTED';
    const noticed = await ask(CONTACTS);
    expect(noticed).toMatchObject({ status: 200, data: first.data, errors: undefined });
    expect(upstream(noticed).stale).toEqual([{ path: ['contacts'], ageSeconds: 600, because }]);
    expect(upstream(noticed)).toMatchObject({ calls: 1, cached: 1, oldestSeconds: 600 });
    const began = clock.now();
    const both = await ask(
      `{ contacts(first: 5) { nodes { firstName } } labels: tags(first: 5) { nodes { name } } }`,
    );
    expect(clock.now()).toBe(began);
    expect(upstream(both).calls).toBe(0);
    expect(upstream(both).stale).toEqual(
      expect.arrayContaining([
        { path: ['contacts'], ageSeconds: 600, because },
        { path: ['labels'], ageSeconds: 600, because },
      ]),
    );

    const unknown = await ask('{ segments(first: 5) { nodes { name } } }');
    expect(unknown.errors?.[0].extensions).toMatchObject({
      code: because,
      resetsAt: '2026-01-16T00:00:00.000Z',
    });
    expect(codes(await ask(rename('Never')))).toEqual([because]);
    for (const header of ['no-cache', 'stale-if-error=0', 'max-age=599'])
      expect(codes(await ask(CONTACTS, header)), header).toEqual([because]);
    expect(codes(await ask(CONTACTS, 'max-age=10, stale-if-error=900'))).toEqual([]);
    expect(codes(await ask(CONTACTS, 'stale-if-error=500'))).toEqual([because]);

    app.sandbox.faults.clear();
    await clock.advance(12 * 3_600_000);
    const fresh = await ask(CONTACTS);
    expect(upstream(fresh)).toMatchObject({ calls: 1, cached: 0 });
    expect(upstream(fresh)).not.toHaveProperty('stale');
  });

  it.each([
    ['5xx after retries', { kind: 'empty', status: 503 }, 'UPSTREAM_UNAVAILABLE', 4],
    ['a connection that breaks', { kind: 'reset' }, 'UPSTREAM_UNAVAILABLE', 4],
    ['a timeout', { kind: 'stall' }, 'UPSTREAM_TIMEOUT', undefined],
    ['429 after retries', { kind: 'throttled' }, 'RATE_LIMITED', 6],
  ] as const)('are served after %s', async (_, fault, because, calls) => {
    await start({ client: { staleSeconds: 3_600 } });
    const first = await ask(byId());
    await clock.advance(60_000);
    app.sandbox.faults.script({ fault, times: Infinity });
    // Only what is never answered may run out of time.
    const stale = await clock.run(app.query(byId()), fault.kind === 'stall' ? ATTEMPT_MS : undefined);
    expect(stale).toMatchObject({ data: first.data, errors: undefined });
    expect(upstream(stale).stale).toMatchObject([{ path: ['contact'], because }]);
    if (calls !== undefined) expect(upstream(stale).calls).toBe(calls);
  });

  const stalled = { fault: { kind: 'stall' as const }, times: Infinity };

  it.each([5, 30, 60])(
    'are served when operations end before an API that hangs: after %i s',
    async (seconds) => {
      const outages: string[] = [];
      await start({
        client: { staleSeconds: 3_600, onOutage: ({ state }) => outages.push(state) },
        operationTimeoutMs: seconds * 1_000,
      });
      const lists =
        '{ contactLists(first: 5) { nodes { name } } customFields(first: 5) { nodes { label } } }';
      const queries = [byId(), CONTACTS, lists];
      const before = [];
      // Without time that passes.
      for (const query of queries) before.push((await app.query(query)).data);
      await clock.advance(600_000);
      app.sandbox.faults.script(stalled);
      const unknown = (at: number) =>
        `{ contactList(id: "00000000-0000-4000-8000-0000000000${String(at + 10)}") { name } }`;
      for (let round = 0; round < 3; round += 1) {
        const answers = await clock.run(
          Promise.all(queries.map((query) => app.query(query))),
          ATTEMPT_MS * 2,
        );
        for (const [at, { data, errors, extensions }] of answers.entries()) {
          expect([data, errors], queries[at]).toEqual([before[at], undefined]);
          expect(extensions.upstream.stale[0].because).toMatch(/^UPSTREAM_(TIMEOUT|UNAVAILABLE)$/);
        }
        const others = Array.from({ length: 10 }, (_, at) => app.query(unknown(10 * round + at)));
        await clock.run(Promise.all(others), ATTEMPT_MS * 2);
      }
      expect(new Set(outages)).toEqual(new Set(['began']));
      app.resetCalls();
      expect(upstream(await app.query(CONTACTS)).stale).toMatchObject([{ because: 'UPSTREAM_UNAVAILABLE' }]);
      expect(app.calls()).toEqual([]);
    },
  );

  it.each([
    ['no response in 10 s', 10_000, ['began']],
    ['in the first second', 1_000, []],
  ])('begin when clients leave after %s', async (_, ms, expected) => {
    const outages: string[] = [];
    await start({ client: { staleSeconds: 3_600, onOutage: ({ state }) => outages.push(state) } });
    const { data } = await ask(CONTACTS);
    await clock.advance(60_000);
    app.sandbox.faults.script(stalled);
    app.resetCalls();
    const client = new AbortController();
    const left = Array.from({ length: 20 }, (_one, at) =>
      app.query(CONTACTS.replace('5', String(at + 10)), { signal: client.signal }).catch(() => 'left'),
    );
    await until(() => app.calls().length === 20);
    await clock.advance(ms);
    client.abort();
    await Promise.all(left);
    await until(() => clock.pending() === 0);
    expect(outages).toEqual(expected);
    const answer = await clock.run(app.query(CONTACTS), ATTEMPT_MS);
    expect(answer).toMatchObject({ data, errors: undefined });
    expect(upstream(answer).stale).toHaveLength(1);
    expect(app.calls().length > 20).toBe(expected.length === 0);
  });

  it('are served without a call while the circuit breaker is open', async () => {
    await start({ client: { staleSeconds: 3_600 } });
    await ask(byId());
    await clock.advance(60_000);
    app.sandbox.faults.script({ fault: { kind: 'empty', status: 503 }, times: Infinity });
    for (let at = 0; at < 5; at += 1) await ask(TAGS.replace('5', String(at + 1)));
    app.resetCalls();
    const stale = await ask(byId());
    expect(upstream(stale).stale).toMatchObject([{ because: 'UPSTREAM_UNAVAILABLE' }]);
    expect(app.calls()).toEqual([]);
  });

  it('are served for families without a TTL, and name the field below a page that asked', async () => {
    await start({ client: { staleSeconds: 3_600, cacheSeconds: {}, referenceCacheSeconds: 0 } });
    const query = '{ tags(first: 2) { nodes { name contacts(first: 2) { nodes { firstName } } } } }';
    const first = await ask(query);
    expect(upstream(await ask(query)).calls).toBeGreaterThan(1);
    await clock.advance(1_000);
    app.sandbox.faults.script(spent);
    const stale = await ask(query);
    expect(stale).toMatchObject({ data: first.data, errors: undefined });
    const paths = upstream(stale).stale.map(({ path }: { path: unknown[] }) => path.join('.'));
    expect(paths).toContain('tags');
    expect(paths).toContain('tags.nodes.0.contacts');
  });

  it('are neither from before a write nor older than STALE allows', async () => {
    await start({ client: { staleSeconds: 3_600 } });
    await ask(byId());
    await ask(TAGS);
    await ask(rename('Later'));
    app.sandbox.faults.script(spent);
    await clock.advance(60_000);
    expect(codes(await ask(byId()))).toEqual(['QUOTA_EXHAUSTED']);
    await clock.advance(3_600_000 - 1);
    expect(codes(await ask(TAGS))).toEqual([]);
    await clock.advance(1);
    expect(codes(await ask(TAGS))).toEqual(['QUOTA_EXHAUSTED']);
  });

  it('are logged as warnings, with the field and the reason', async () => {
    const warnings: [object, string][] = [];
    const warn = (details: object, message: string) => void warnings.push([details, message]);
    await start({ client: { staleSeconds: 3_600 }, logger: { ...silentLogger(), warn } });
    await ask(CONTACTS);
    await clock.advance(60_000);
    app.sandbox.faults.script(spent);
    await ask(CONTACTS);
    const [served, ...others] = warnings.filter(([, message]) => message === 'served stale data');
    expect(others).toEqual([]);
    expect(served?.[0]).toEqual({
      requestId: expect.any(String),
      stale: [{ path: ['contacts'], ageSeconds: 60, because: 'QUOTA_EXHAUSTED' }],
    });
    await ask(CONTACTS, 'no-cache');
    expect(warnings.filter(([, message]) => message === 'served stale data')).toHaveLength(1);
  });

  it('are never what a write is based on', async () => {
    await start({ client: { staleSeconds: 3_600 } });
    const email = someone().email!.address;
    const known = [
      byId(),
      `{ contactByEmail(email: "${email}") { firstName } }`,
      '{ customFields { nodes { label } } }',
    ];
    for (const query of known) await ask(query);
    await clock.advance(600_000);
    // Reads fail, and writes would succeed.
    for (const operationId of ['getContact', 'getContacts', 'getCustomFields'] as const)
      app.sandbox.faults.script({ operationId, fault: { kind: 'empty', status: 503 }, times: Infinity });
    app.resetCalls();
    for (const mutation of [
      rename('Never'),
      `mutation { upsertContact(input: { emailAddress: { address: "${email}" }, lastName: "Never" }) { userErrors { message } } }`,
      `mutation { importContacts(input: { contacts: [{ email: "ana@garden.example", customFields: [{ field: { name: "none" }, value: "x" }] }], listIds: ["0a1b2c3d-0000-11ee-8000-000000000001"] }) { userErrors { code } } }`,
    ]) {
      const answer = await ask(mutation);
      expect(codes(answer), mutation).toEqual(['UPSTREAM_UNAVAILABLE']);
      expect(upstream(answer), mutation).not.toHaveProperty('stale');
    }
    expect(app.calls().filter((id) => !id.startsWith('get'))).toEqual([]);
    for (const query of known) expect(upstream(await ask(query)).stale, query).toHaveLength(1);
  });

  it('are off by default', async () => {
    await start();
    await ask(CONTACTS);
    await clock.advance(60_000);
    app.sandbox.faults.script(spent);
    expect(codes(await ask(CONTACTS))).toEqual(['QUOTA_EXHAUSTED']);
  });
});

describe('the age of data that a request did not read itself', () => {
  it.each([
    ['of a cached family', AGES, 'private, max-age=30'],
    ['of a family without a TTL', {}, 'private, no-store'],
  ])('is that of the read that it joined: %s', async (_, cacheSeconds, cacheControl) => {
    const held: ServerResponse[] = [];
    const api = await startUpstream((response) => held.push(response));
    await start({ client: { cacheSeconds, baseUrl: api.url } });
    const post = () =>
      app.fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: CONTACTS }),
      });
    const first = post();
    await until(() => held.length > 0);
    await clock.advance(5_500);
    const second = post();
    // It has no other sign of having arrived.
    await settle();
    json(held[0]!, 200, { contacts: [{ contact_id: 'c1', first_name: 'Ann' }] });
    const [own, joined] = await Promise.all([first, second]);
    const answers = [(await own.json()) as Answer, (await joined.json()) as Answer];
    expect(api.requests).toHaveLength(1);
    for (const { data } of answers) expect(data.contacts.nodes).toEqual([{ firstName: 'Ann' }]);
    expect(upstream(answers[0]!)).not.toHaveProperty('oldestSeconds');
    expect(upstream(answers[1]!)).toMatchObject({ calls: 0, coalesced: 1, cached: 0, oldestSeconds: 6 });
    expect(joined.headers.get('cache-control')).toBe(cacheControl);
    expect(joined.headers.get('age')).toBe(cacheControl.includes('max-age') ? '6' : null);
    await api.close();
  });

  it('is never negative, nor is it used, when the clock was set back', async () => {
    let behindMs = 0;
    await start({
      client: {
        clock: {
          now: () => clock.now() - behindMs,
          sleep: (ms, signal) => clock.sleep(ms, signal),
          after: (ms, callback) => clock.after(ms, callback),
        },
      },
    });
    await ask(byId());
    someone().first_name = 'Newer';
    behindMs = 3_600_000;
    for (const calls of [1, 0]) {
      const answer = await ask(byId());
      expect(answer.data.contact.firstName).toBe('Newer');
      expect(upstream(answer).calls).toBe(calls);
    }
  });
});

describe('refresh ahead', () => {
  it.each([
    ['is refused', { kind: 'status', status: 403, body: [{ error_key: 'no', error_message: 'No.' }] }, 1],
    ['fails after its retries', { kind: 'empty', status: 503 }, 4],
  ] as const)('that %s is not repeated by each request', async (_, fault, calls) => {
    await start({ client: { cacheSeconds: { contacts: 300 } } });
    const first = await ask(CONTACTS);
    await clock.advance(271_000);
    app.resetCalls();
    app.sandbox.faults.script({ operationId: 'getContacts', fault, times: Infinity });
    for (let at = 0; at < 10; at += 1) {
      const answer = await ask(CONTACTS);
      expect(answer.data).toEqual(first.data);
      expect(upstream(answer)).toMatchObject({ calls: 0, cached: 1 });
      await clock.advance(1_000);
    }
    expect(app.calls()).toHaveLength(calls);
  });

  it('reads once in the background, in the last tenth of the TTL, for all callers', async () => {
    await start();
    await ask(CONTACTS);
    await ask(TAGS);
    app.resetCalls();
    await clock.advance(28_000);
    someone().first_name = 'Ahead';
    expect(upstream(await ask(CONTACTS))).toMatchObject({ calls: 0, oldestSeconds: 28 });
    const answers = await clock.run(Promise.all(Array.from({ length: 5 }, () => app.query(CONTACTS))));
    for (const answer of answers) expect(upstream(answer)).toMatchObject({ calls: 0, cached: 1 });
    await clock.advance(1_000);
    await clock.advance(1_000);
    expect(app.calls()).toEqual(['getContacts']);
    const fresh = await ask(CONTACTS);
    expect(upstream(fresh)).toMatchObject({ calls: 0, cached: 1 });
    expect(upstream(fresh).oldestSeconds).toBeLessThan(4);
    // A whole collection is refreshed as well.
    app.resetCalls();
    await clock.advance(27_000);
    await ask(TAGS);
    await clock.advance(1_000);
    await clock.advance(4_000);
    expect(app.calls()).toEqual(['getTags']);
    expect(upstream(await ask(TAGS))).toMatchObject({ calls: 0, cached: 1 });
  });

  it('of a collection whose pages were read later makes the calls of one', async () => {
    await start({ client: { requestsPerSecond: 1 } });
    // The collection waits for its turn, so its pages are a second younger than itself.
    const both = '{ account { organizationName } contactLists(first: 5) { nodes { name } } }';
    await ask(both);
    app.resetCalls();
    await clock.advance(59_000);
    for (let at = 0; at < 3; at += 1) await ask('{ contactLists(first: 5) { nodes { name } } }');
    await clock.advance(5_000);
    expect(app.calls()).toEqual(['getLists']);
  });

  it.each([
    ['a collection', TAGS, 'getTags', 60],
    ['a read', '{ contactConsentCounts { total } }', 'countContact', 30],
  ] as const)(
    'of %s comes after the calls of callers, who may join it',
    async (_, query, operationId, age) => {
      await start({ client: { requestsPerSecond: 1 } });
      await ask(query);
      await clock.advance(age * 950);
      app.resetCalls();
      const other = (name: string) =>
        app.query(`{ contactByEmail(email: "${name}@example.com") { firstName } }`);
      const before = ['A', 'B', 'C'].map(other);
      await until(() => app.calls().length > 0);
      const cached = app.query(query);
      expect(upstream(await clock.run(cached))).toMatchObject({ calls: 0, cached: 1 });
      await clock.run(Promise.all([...before, ...['D', 'E'].map(other)]));
      await clock.advance(10_000);
      expect(app.calls()).toEqual([...Array<string>(5).fill('getContacts'), operationId]);

      await ask(query, 'no-cache');
      await clock.advance(age * 950);
      app.resetCalls();
      const waiting = ['F', 'G', 'H'].map(other);
      await until(() => app.calls().length > 0);
      const again = app
        .query(query)
        .then(() => app.query(query, { headers: { 'cache-control': 'no-cache' } }));
      await clock.run(Promise.all([...waiting, again]));
      await clock.advance(10_000);
      expect((await again).errors).toBeUndefined();
      expect(app.calls().filter((id) => id === operationId)).toHaveLength(1);
    },
  );

  it('waits for a caller when more than half of the pace of the day is used', async () => {
    await start({ client: { requestsPerDay: 3 } });
    await ask(CONTACTS);
    await clock.advance(28_000);
    await ask(CONTACTS);
    await clock.advance(1_000);
    expect(app.calls()).toHaveLength(1);
  });
});
