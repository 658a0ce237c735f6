import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';
import { manualClock, type ManualClock } from './support/clock.js';

let app: TestApp;
let clock: ManualClock;

beforeEach(async () => {
  clock = manualClock();
  app = await startApp({ sandbox: { contacts: 200, clock }, client: { clock } });
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

const live = () => [...app.sandbox.account().segments].filter((segment) => segment.deleted_at === null);
const CRITERIA = {
  version: '1.0.0',
  criteria: {
    type: 'and',
    group: [
      {
        source: 'tracking',
        field: 'not_opened',
        op: 'contains-any',
        const_value: 'last-n-campaigns',
        param: '5',
      },
    ],
  },
};

async function write(call: string, signature = '', variables: Record<string, unknown> = {}) {
  app.resetCalls();
  const { data, errors } = await app.query(
    `mutation ${signature} { r: ${call} { segment { segmentId name segmentCriteria } userErrors { code field message } } }`,
    { variables },
  );
  expect(errors).toBeUndefined();
  return data.r;
}

describe('reading', () => {
  it('returns one segment with its criteria as JSON in one call', async () => {
    const row = live()[0]!;
    const { data } = await app.query(
      'query ($id: ID!) { segment(id: $id) { id segmentId name segmentCriteria createdAt editedAt } }',
      { variables: { id: String(row.segment_id) } },
    );
    expect(data.segment).toMatchObject({
      id: encodeGlobalId('Segment', row.segment_id),
      segmentId: String(row.segment_id),
      name: row.name,
      segmentCriteria: JSON.parse(row.segment_criteria),
    });
    expect(app.calls()).toEqual(['getSegmentDetail']);
  });

  it('returns all names in one call, in either order', async () => {
    const { data } = await app.query(
      '{ a: segments { nodes { name editedAt } } b: segments(sortBy: NAME) { nodes { name } } }',
    );
    const names = data.b.nodes.map((one: { name: string }) => one.name);
    expect(names).toEqual([...names].sort((a: string, b: string) => a.localeCompare(b, 'en')));
    expect(names).toHaveLength(live().length);
    const dates = data.a.nodes.map((one: { editedAt: string }) => one.editedAt);
    expect(dates).toEqual([...dates].sort().reverse());
    expect(app.calls()).toEqual(['getAccountSegments', 'getAccountSegments']);
  });

  it('resolves the names of several with one scan, and reads criteria one by one', async () => {
    const [a, b] = live();
    const variables = { a: String(a!.segment_id), b: String(b!.segment_id) };
    await app.query('query ($a: ID!, $b: ID!) { a: segment(id: $a) { name } b: segment(id: $b) { name } }', {
      variables,
    });
    expect(app.calls()).toEqual(['getAccountSegments']);
    app.resetCalls();
    const { data } = await app.query(
      'query ($a: ID!, $b: ID!) { a: segment(id: $a) { segmentCriteria } b: segment(id: $b) { name } }',
      { variables },
    );
    expect(data.a.segmentCriteria).toEqual(JSON.parse(a!.segment_criteria));
    expect(app.calls()).toEqual(['getSegmentDetail', 'getSegmentDetail']);
  });

  it('reads criteria in the collection as well', async () => {
    const { data } = await app.query('{ segments(first: 2) { nodes { segmentCriteria } } }');
    for (const node of data.segments.nodes) expect(node.segmentCriteria.criteria.type).toBe('and');
    expect(app.calls()).toEqual(['getAccountSegments', 'getSegmentDetail', 'getSegmentDetail']);
  });

  it('finds a deleted segment, and null for one that never existed', async () => {
    const { segment_id: id } = live()[0]!;
    await write('renameSegment(input: { id: $id, name: "Gone" })', '($id: ID!)', { id: String(id) });
    await app.query('mutation ($id: ID!) { deleteSegment(input: { id: $id }) { deletedSegmentId } }', {
      variables: { id: String(id) },
    });
    const { data } = await app.query(
      'query ($id: ID!) { a: segment(id: $id) { name } b: segment(id: "99999999") { name } }',
      {
        variables: { id: String(id) },
      },
    );
    expect(data).toEqual({ a: { name: 'Gone' }, b: null });
  });

  it('lists the contacts in it, waiting while the API computes them', async () => {
    const { segment_id } = live()[0]!;
    const { data, errors } = await clock.run(
      app.query(
        'query ($id: ID!) { segment(id: $id) { contacts(first: 500) { totalCount nodes { contactId firstName } pageInfo { hasNextPage } } } }',
        { variables: { id: String(segment_id) } },
      ),
    );
    expect(errors).toBeUndefined();
    // The API counts no members; but this page holds all of them.
    expect(data.segment.contacts.totalCount).toBe(data.segment.contacts.nodes.length);
    expect(data.segment.contacts.nodes.length).toBeGreaterThan(0);
    const queries = app.sandbox.journal.entries.filter((entry) => entry.operationId === 'getContacts');
    for (const { query } of queries) expect(query).toBe(`limit=500&segment_id=${segment_id}`);
  });
});

describe('writing', () => {
  it('creates a segment from a document, and from its text', async () => {
    const made = await write('createSegment(input: { name: "Quiet", segmentCriteria: $c })', '($c: JSON!)', {
      c: CRITERIA,
    });
    expect(made.userErrors).toEqual([]);
    expect(made.segment).toMatchObject({ name: 'Quiet', segmentCriteria: CRITERIA });
    expect(app.calls()).toEqual(['createSegment']);
    expect(app.sandbox.account().segments.get(made.segment.segmentId)?.segment_criteria).toBe(
      JSON.stringify(CRITERIA),
    );
    const text = await write(
      'createSegment(input: { name: "Quiet 2", segmentCriteria: $c })',
      '($c: JSON!)',
      {
        c: JSON.stringify(CRITERIA),
      },
    );
    expect(text.segment.segmentCriteria).toEqual(CRITERIA);
  });

  it('keeps omitted fields, and reads an omitted name', async () => {
    const row = live()[0]!;
    const { name, segment_criteria } = row;
    const id = String(row.segment_id);
    const renamed = await write('updateSegment(input: { id: $id, name: "Other" })', '($id: ID!)', { id });
    expect(renamed.segment).toMatchObject({ name: 'Other', segmentCriteria: JSON.parse(segment_criteria) });
    expect(app.calls()).toEqual(['updateSegmentName']);
    const changed = await write(
      'updateSegment(input: { id: $id, segmentCriteria: $c })',
      '($id: ID!, $c: JSON)',
      { id, c: CRITERIA },
    );
    expect(changed.segment).toMatchObject({ name: 'Other', segmentCriteria: CRITERIA });
    expect(app.calls()).toEqual(['getSegmentDetail', 'updateSegment']);
    const both = await write(
      'updateSegment(input: { id: $id, name: $n, segmentCriteria: $c })',
      '($id: ID!, $n: String, $c: JSON)',
      { id, n: name, c: CRITERIA },
    );
    expect(both.segment.name).toBe(name);
    expect(app.calls()).toEqual(['updateSegment']);
  });

  it('renames with one call, and deletes', async () => {
    const id = String(live()[0]!.segment_id);
    const { segment } = await write('renameSegment(input: { id: $id, name: "Renamed" })', '($id: ID!)', {
      id,
    });
    expect(segment.name).toBe('Renamed');
    expect(app.calls()).toEqual(['updateSegmentName']);
    app.resetCalls();
    const { data } = await app.query(
      'mutation ($id: ID!) { deleteSegment(input: { id: $id }) { deletedSegmentId userErrors { code } } }',
      { variables: { id } },
    );
    expect(data.deleteSegment).toEqual({ deletedSegmentId: id, userErrors: [] });
    expect(app.calls()).toEqual(['deleteSegment']);
  });

  it('reports invalid input before any call', async () => {
    const [a, b] = live();
    const id = String(a!.segment_id);
    const wrong = async (mutation: string, type: string, input: object) =>
      (await write(`${mutation}(input: $input)`, `($input: ${type}!)`, { input })).userErrors;
    const create = (input: object) => wrong('createSegment', 'CreateSegmentInput', input);
    const long = { version: '1.0.0', criteria: { type: 'and', group: [], note: 'x'.repeat(20_000) } };
    expect(await create({ name: ' ', segmentCriteria: [] })).toMatchObject([
      { code: 'REQUIRED', field: ['input', 'name'] },
      { code: 'INVALID', field: ['input', 'segmentCriteria'] },
    ]);
    expect(await create({ name: 'a', segmentCriteria: 'no json' })).toMatchObject([{ code: 'INVALID' }]);
    expect(await create({ name: 'a', segmentCriteria: { criteria: { type: 'or' } } })).toMatchObject([
      { code: 'INVALID' },
    ]);
    expect(await create({ name: 'a', segmentCriteria: long })).toMatchObject([
      { code: 'TOO_LONG', message: expect.stringContaining('20000') },
    ]);
    expect(await wrong('updateSegment', 'UpdateSegmentInput', { id })).toMatchObject([{ code: 'REQUIRED' }]);
    expect(await wrong('updateSegment', 'UpdateSegmentInput', { id, name: null })).toMatchObject([
      { code: 'REQUIRED' },
    ]);
    expect(await wrong('renameSegment', 'RenameSegmentInput', { id: 'abc', name: 'x' })).toMatchObject([
      { code: 'INVALID_ID' },
    ]);
    expect(app.calls()).toEqual([]);
    expect(await wrong('renameSegment', 'RenameSegmentInput', { id, name: b!.name })).toMatchObject([
      { code: 'ALREADY_EXISTS' },
    ]);
    expect(await wrong('updateSegment', 'UpdateSegmentInput', { id: '99999999', name: 'x' })).toMatchObject([
      { code: 'NOT_FOUND' },
    ]);
  });
});
