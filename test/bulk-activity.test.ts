import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failures, exportFileId } from '../src/resolvers/bulk-activity.js';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';

let app: TestApp;
let now: number;

beforeEach(async () => {
  now = Date.UTC(2026, 0, 15, 12);
  app = await startApp({ sandbox: { contacts: 120, clock: { now: () => now } } });
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

const account = () => app.sandbox.account();
const ids = (count: number) =>
  Array.from({ length: count }, (_, i) => `06a100de-19b6-4266-874b-${String(i).padStart(12, '0')}`);
const contacts = () => [...account().contacts].filter((one) => one.deleted_at === null);
const mailable = () => contacts().filter((one) => one.email?.permission_to_send === 'implicit');
const lists = () =>
  [...account().lists].filter((list) => list.deleted_at === null && list.channel === 'email');
const tags = () => [...account().tags];

/** Runs a bulk mutation by its input, and the clock on until the job is done. */
async function run(mutation: string, input: object) {
  app.resetCalls();
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const { data, errors } = await app.query(
    `mutation ($input: ${type}!) { r: ${mutation}(input: $input) { bulkActivity { activityId state percentDone failures { line message } export { fileExportId } } userErrors { code field message } } }`,
    { variables: { input } },
  );
  now += 10_000;
  return { errors, ...data?.r };
}

async function done(activityId: string) {
  const { data } = await app.query(
    'query ($id: ID!) { bulkActivity(id: $id) { state percentDone startedAt completedAt counters { itemsTotalCount itemsCompletedCount listCount personCount } failures { line message } } }',
    { variables: { id: activityId } },
  );
  return data.bulkActivity;
}

describe('list memberships', () => {
  it('are added and removed', async () => {
    const [a, b] = mailable();
    const [list] = lists().filter(({ list_id }) => !a!.list_memberships.includes(list_id));
    const input = {
      source: { contactIds: [a!.contact_id, encodeGlobalId('Contact', b!.contact_id)] },
      listIds: [list!.list_id],
    };
    const added = await run('addListMemberships', input);
    expect(added.userErrors).toEqual([]);
    expect(added.bulkActivity).toMatchObject({
      state: 'INITIALIZED',
      percentDone: 0,
      failures: [],
      export: null,
    });
    expect(app.calls()).toEqual(['postListAddContact']);
    expect(await done(added.bulkActivity.activityId)).toMatchObject({
      state: 'COMPLETED',
      percentDone: 100,
      counters: { itemsTotalCount: 2, itemsCompletedCount: 2, listCount: 1, personCount: null },
    });
    expect(a!.list_memberships).toContain(list!.list_id);

    const removed = await run('removeListMemberships', input);
    expect(app.calls()).toEqual(['postListRemoveContact']);
    await done(removed.bulkActivity.activityId);
    expect(a!.list_memberships).not.toContain(list!.list_id);
  });

  it.each([
    ['lists', () => ({ listIds: [lists()[0]!.list_id] })],
    ['tags', () => ({ tagIds: [tags()[0]!.tag_id] })],
    ['segment', () => ({ segmentId: String([...account().segments][0]!.segment_id) })],
    ['engagementLevel', () => ({ engagementLevel: 'high' })],
    ['allActiveContacts', () => ({ allActiveContacts: true })],
  ])('accept %s as a source', async (kind, source) => {
    const { userErrors } = await run('addListMemberships', {
      source: source(),
      listIds: [lists()[1]!.list_id],
    });
    expect(userErrors).toEqual([]);
    if (kind === 'segment') return;
    const { userErrors: none } = await run('removeListMemberships', {
      source: source(),
      listIds: [lists()[1]!.list_id],
    });
    expect(none).toEqual([]);
  });

  it('of new subscribers are removed', async () => {
    const [list] = lists();
    const [newest, oldest] = mailable();
    Object.assign(newest!, { created_at: now - 1_000 });
    Object.assign(oldest!, { created_at: 0 });
    for (const row of [newest!, oldest!]) row.list_memberships = [list!.list_id];
    const removed = await run('removeListMemberships', {
      source: { newSubscribers: true },
      listIds: [list!.list_id],
    });
    expect(removed.userErrors).toEqual([]);
    expect(app.calls()).toEqual(['postListRemoveContact']);
    await done(removed.bulkActivity.activityId);
    expect(newest!.list_memberships).toEqual([]);
    expect(oldest!.list_memberships).toEqual([list!.list_id]);
  });

  it('exclude contacts where the source allows it', async () => {
    const [list, other] = lists();
    const member = mailable().find(
      (one) => one.list_memberships.includes(list!.list_id) && !one.list_memberships.includes(other!.list_id),
    )!;
    const input = {
      source: { listIds: [list!.list_id] },
      excludeContactIds: [member.contact_id],
      listIds: [other!.list_id],
    };
    const { bulkActivity } = await run('addListMemberships', input);
    await done(bulkActivity.activityId);
    expect(member.list_memberships).not.toContain(other!.list_id);

    const { userErrors } = await run('addListMemberships', {
      ...input,
      source: { contactIds: [member.contact_id] },
    });
    expect(userErrors).toMatchObject([{ code: 'NOT_ALLOWED', field: ['input', 'excludeContactIds'] }]);
    expect(app.calls()).toEqual([]);
  });

  it('are removed from up to 100 source lists', async () => {
    const [list] = lists();
    const member = mailable().find((one) => one.list_memberships.includes(list!.list_id))!;
    const sources = ids(99);
    for (const list_id of sources) account().lists.add({ ...list!, list_id });
    const input = { source: { listIds: [...sources, list!.list_id] }, listIds: [list!.list_id] };
    const { bulkActivity, userErrors } = await run('removeListMemberships', input);
    expect(userErrors).toEqual([]);
    expect(app.calls()).toEqual(['postListRemoveContact']);
    await done(bulkActivity.activityId);
    expect(member.list_memberships).not.toContain(list!.list_id);

    const refused = await run('removeListMemberships', { ...input, source: { listIds: ids(101) } });
    expect(refused.userErrors).toMatchObject([{ code: 'TOO_MANY', field: ['input', 'source', 'listIds'] }]);
    const added = await run('addListMemberships', { ...input, source: { listIds: ids(51) } });
    expect(added.userErrors).toMatchObject([{ code: 'TOO_MANY', field: ['input', 'source', 'listIds'] }]);
    expect(app.calls()).toEqual([]);
  });

  it('are rejected beyond the limits, naming each error, without a call', async () => {
    const { userErrors } = await run('addListMemberships', {
      source: { contactIds: ids(501) },
      listIds: ids(51),
    });
    expect(userErrors).toEqual([
      { code: 'TOO_MANY', field: ['input', 'source', 'contactIds'], message: expect.stringContaining('500') },
      { code: 'TOO_MANY', field: ['input', 'listIds'], message: expect.stringContaining('50') },
    ]);
    const empty = await run('addListMemberships', { source: { listIds: [] }, listIds: [] });
    expect(empty.userErrors).toMatchObject([{ code: 'REQUIRED' }, { code: 'REQUIRED' }]);
    const off = await run('addListMemberships', { source: { allActiveContacts: false }, listIds: ids(1) });
    expect(off.userErrors).toMatchObject([
      { code: 'INVALID', field: ['input', 'source', 'allActiveContacts'] },
    ]);
    const bad = await run('addListMemberships', { source: { contactIds: ['x'] }, listIds: ids(1) });
    expect(bad.userErrors).toMatchObject([
      { code: 'INVALID_ID', field: ['input', 'source', 'contactIds', '0'] },
    ]);
    expect(app.calls()).toEqual([]);
  });

  it('require exactly one source', async () => {
    for (const source of [{ contactIds: ids(1), listIds: ids(1) }, {}]) {
      const { errors } = await run('addListMemberships', { source, listIds: ids(1) });
      expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
      expect(errors?.[0]?.message).toMatch(/exactly one/i);
    }
    expect(app.calls()).toEqual([]);
  });
});

describe('taggings', () => {
  it('are added and removed', async () => {
    const [contact] = contacts();
    const tag = tags().find(({ tag_id }) => !contact!.taggings.includes(tag_id))!;
    const input = { source: { contactIds: [contact!.contact_id] }, tagIds: [tag.tag_id] };
    await done((await run('addContactTaggings', input)).bulkActivity.activityId);
    expect(contact!.taggings).toContain(tag.tag_id);
    const { bulkActivity } = await run('removeContactTaggings', input);
    expect(app.calls()).toEqual(['postTagRemoveContact']);
    await done(bulkActivity.activityId);
    expect(contact!.taggings).not.toContain(tag.tag_id);
  });

  it('accept every source, including tags', async () => {
    const [a, b] = tags();
    for (const source of [
      { tagIds: [a!.tag_id] },
      { listIds: [lists()[0]!.list_id] },
      { allActiveContacts: true },
      { newSubscribers: true },
    ]) {
      for (const mutation of ['addContactTaggings', 'removeContactTaggings']) {
        expect((await run(mutation, { source, tagIds: [b!.tag_id] })).userErrors).toEqual([]);
      }
    }
    const { userErrors } = await run('removeContactTaggings', {
      source: { newSubscribers: true },
      excludeContactIds: ids(1),
      tagIds: ids(51),
    });
    expect(userErrors).toMatchObject([
      { code: 'TOO_MANY', field: ['input', 'tagIds'] },
      { code: 'NOT_ALLOWED', field: ['input', 'excludeContactIds'] },
    ]);
    expect(app.calls()).toEqual([]);
  });
});

describe('deletions', () => {
  it('delete contacts by id and by list', async () => {
    const [contact] = contacts();
    const one = await run('deleteContacts', { source: { contactIds: [contact!.contact_id, ids(1)[0]] } });
    const { counters, failures } = await done(one.bulkActivity.activityId);
    expect(counters).toMatchObject({ itemsTotalCount: 2, itemsCompletedCount: 1 });
    expect(failures).toEqual([{ line: null, message: expect.stringContaining(ids(1)[0]!) }]);
    expect(contact!.deleted_at).not.toBeNull();

    const list = lists().find(({ list_id }) =>
      contacts().some((other) => other.list_memberships.includes(list_id)),
    )!;
    const { bulkActivity } = await run('deleteContacts', { source: { listIds: [list.list_id] } });
    await done(bulkActivity.activityId);
    expect(contacts().some((other) => other.list_memberships.includes(list.list_id))).toBe(false);
  });

  it('delete lists, tags and custom fields', async () => {
    const [list] = lists();
    const [tag] = tags();
    const [field] = account().customFields;
    await done((await run('deleteContactLists', { ids: [list!.list_id] })).bulkActivity.activityId);
    expect(app.calls()).toEqual(['postListDelete', 'getActivity']);
    await done(
      (await run('deleteTags', { ids: [encodeGlobalId('Tag', tag!.tag_id)] })).bulkActivity.activityId,
    );
    await done((await run('deleteCustomFields', { ids: [field!.custom_field_id] })).bulkActivity.activityId);
    expect(account().lists.get(list!.list_id)?.deleted_at).not.toBeNull();
    expect(account().tags.get(tag!.tag_id)).toBeUndefined();
    expect(account().customFields.get(field!.custom_field_id)).toBeUndefined();
  });

  it.each([
    ['deleteContactLists', 100],
    ['deleteTags', 500],
    ['deleteCustomFields', 100],
  ])('%s takes at most %i', async (mutation, max) => {
    const { userErrors } = await run(mutation, { ids: ids(max + 1) });
    expect(userErrors).toMatchObject([{ code: 'TOO_MANY', message: expect.stringContaining(String(max)) }]);
    expect(app.calls()).toEqual([]);
  });
});

describe('reading activities', () => {
  it('lists them by state, page by page', async () => {
    const { data } = await app.query(
      '{ all: bulkActivities(first: 500) { nodes { activityId stateRaw createdAt } } done: bulkActivities(filter: { state: COMPLETED }) { nodes { state } } }',
    );
    expect(data.all.nodes.length).toBeGreaterThan(0);
    for (const node of data.done.nodes) expect(node.state).toBe('COMPLETED');
    expect(app.calls()).toEqual(['getActivityStatusCollection', 'getActivityStatusCollection']);
    const queries = app.sandbox.journal.entries.map((entry) => entry.query);
    expect(queries).toContain('limit=50&state=completed');
  });

  it('watches one with one call, and several with one call together', async () => {
    const started = await Promise.all(
      [1, 2, 3].map(() => run('deleteContacts', { source: { contactIds: [contacts()[0]!.contact_id] } })),
    );
    const [a, b, c] = started.map(({ bulkActivity }) => bulkActivity.activityId as string);
    app.resetCalls();
    expect((await done(a!)).state).toBe('COMPLETED');
    expect(app.calls()).toEqual(['getActivity']);
    app.resetCalls();
    const { data } = await app.query(
      'query ($b: ID!, $c: ID!, $n: [ID!]!, $x: ID!) { b: bulkActivity(id: $b) { state } c: bulkActivity(id: $c) { state } nodes(ids: $n) { id ... on BulkActivity { state } } x: bulkActivity(id: $x) { state } }',
      { variables: { b, c, n: [encodeGlobalId('BulkActivity', a!)], x: ids(1)[0] } },
    );
    expect(data).toMatchObject({
      b: { state: 'COMPLETED' },
      c: { state: 'COMPLETED' },
      nodes: [{ state: 'COMPLETED' }],
      x: null,
    });
    expect(app.calls()).toEqual(['getActivityStatusCollection', 'getActivity']);
  });

  it('reports a full queue', async () => {
    app.sandbox.faults.script({
      operationId: 'postTagDelete',
      fault: { kind: 'status', status: 429, body: { error_key: 'queue.full', error_message: 'x' } },
    });
    const { userErrors, errors } = await run('deleteTags', { ids: [tags()[0]!.tag_id] });
    expect(errors).toBeUndefined();
    expect(userErrors).toMatchObject([{ code: 'QUEUE_FULL' }]);
    expect(app.calls()).toEqual(['postTagDelete']);
  });
});

describe('properties of activities', () => {
  it('reads failures as strings and as objects, and extracts their line numbers', () => {
    expect(
      failures({
        activity_errors: [
          'Line 12 has no email.',
          { message: 'Row at line #3: bad' },
          { message: undefined },
          'Nothing online 4',
        ],
      }),
    ).toEqual([
      { line: 12, message: 'Line 12 has no email.' },
      { line: 3, message: 'Row at line #3: bad' },
      { line: null, message: 'Nothing online 4' },
    ]);
    expect(failures({})).toEqual([]);
  });

  it('reads the id of a file from the end of its link, whatever the rest of the link', () => {
    const id = (href: string) => exportFileId({ _links: { results: { href } } });
    expect(id('/v3/contact_exports/abc-1')).toBe('abc-1');
    expect(id('https://api.cc.email/v3/contacts_exports/abc-1?x=1')).toBe('abc-1');
    expect(id('/v3/contacts_exports/abc-1/')).toBe('abc-1');
    expect(id('')).toBeNull();
    expect(exportFileId({})).toBeNull();
  });
});
