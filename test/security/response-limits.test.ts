import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MAX_BY_IDS } from '../../src/resolvers/support/objects-by-ids.js';
import {
  MAX_INTERPRETED_FIELDS,
  MAX_RESPONSE_ERRORS,
  MAX_VALUES,
} from '../../src/server/execution/response-limits.js';
import { startApp, type TestApp } from '../support/app.js';
import { recordIds } from '../support/example-variables.js';
import { partsOf } from '../support/parts.js';

const ROWS = 3_000;
const PAGES = 6;
const NODES = 500;

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ sandbox: { contacts: ROWS } });
});
afterAll(() => app.close());
beforeEach(() => app.resetCalls());

const PAGE = `contacts(first: ${String(ROWS)}, filter: { status: [ALL] }) { nodes { contactId firstName lastName createdAt updatedAt jobTitle } }`;

const aliases = (count: number, field: string) =>
  Array.from({ length: count }, (_, at) => `a${String(at)}: ${field}`).join(' ');

/** First part of the response to an operation that the interpreter executes. */
async function firstPart(query: string, variables = {}): Promise<any> {
  const response = await app.fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'multipart/mixed' },
    body: JSON.stringify({ query, variables }),
  });
  if (!response.headers.get('content-type')?.includes('multipart')) return response.json();
  for await (const part of partsOf(response)) return part;
}

const DEFERRED = '... @defer { rateLimit { usedToday } }';
const ask = async (query: string, variables = {}) => app.query(query, { variables });
const EXECUTORS = [
  ['a plan', '', '1,600,000 values', ask],
  ['the interpreter', DEFERRED, '250,000 fields', firstPart],
] as const;

describe.each(EXECUTORS)('a response by %s', (_name, deferred, most, execute) => {
  it('has at most so many values', async () => {
    const { data, errors } = await execute(`{ ${aliases(99, PAGE)} ${deferred} }`);
    expect(99 * ROWS * 7).toBeGreaterThan(MAX_VALUES);
    expect(99 * ROWS * 6).toBeGreaterThan(MAX_INTERPRETED_FIELDS);
    if (deferred === '') expect(data).toBeNull();
    expect(errors).toHaveLength(1);
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining(`more than ${most}`) as string,
      extensions: { code: 'QUERY_TOO_COMPLEX', retryable: false },
    });
    expect(app.calls()).toHaveLength(PAGES);
  });

  it('has fewer values with fewer aliases', async () => {
    const { data, errors } = await execute(`{ ${aliases(2, PAGE)} ${deferred} }`);
    expect(errors).toBeUndefined();
    expect(data.a1.nodes).toHaveLength(ROWS);
    expect(app.calls()).toHaveLength(PAGES);
  });

  it('has at most so many errors, and says how many are missing', async () => {
    const query = `query ($ids: [ID!]!) { ${aliases(3, 'nodes(ids: $ids) { id }')} ${deferred} }`;
    const { data, errors = [] } = await execute(query, { ids: Array(NODES).fill('none') });
    expect(data.a2).toEqual(Array(NODES).fill(null));
    expect(errors).toHaveLength(MAX_RESPONSE_ERRORS + 1);
    expect(errors[0]).toMatchObject({ extensions: { problem: 'INVALID_ID' } });
    expect(errors.at(-1)).toMatchObject({
      message: '500 further errors are omitted: a response has at most 1,000.',
      extensions: { code: 'QUERY_TOO_COMPLEX' },
    });
    expect(app.calls()).toEqual([]);
  });
});

it('a mutation that would have more values is reported, and no further one is executed', async () => {
  const lists = await ask('{ contactLists(first: 50) { nodes { id membershipCount } } }');
  const sizes = lists.data.contactLists.nodes.map((one: any) => one.membershipCount);
  const largest = Math.max(...sizes);
  const { id } = lists.data.contactLists.nodes[sizes.indexOf(largest)];
  const fields =
    'id contactId firstName lastName createdAt updatedAt jobTitle companyName anniversary createSourceRaw updateSourceRaw';
  expect(97 * largest * 12).toBeGreaterThan(MAX_VALUES);
  app.resetCalls();
  const { data, errors } = await ask(
    `mutation ($id: ID!) {
      first: createTag(input: { name: "One" }) { tag { name } }
      second: updateContactList(input: { id: $id, name: "Renamed" }) {
        contactList { ${aliases(97, `contacts(first: ${String(ROWS)}) { nodes { ${fields} } }`)} }
      }
      third: createTag(input: { name: "Two" }) { tag { name } }
    }`,
    { id },
  );
  expect(data.first).toEqual({ tag: { name: 'One' } });
  expect(data.third).toBeNull();
  expect(errors).toMatchObject([
    {
      message: expect.stringContaining('may have been carried out') as string,
      extensions: { code: 'QUERY_TOO_COMPLEX' },
    },
  ]);
  const calls = app.calls();
  expect(calls.filter((call) => /tag/i.test(call) && !/^get/.test(call))).toHaveLength(1);
});

it('a deferred part has at most so many values', { timeout: 30_000 }, async () => {
  const response = await app.fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'multipart/mixed' },
    body: JSON.stringify({ query: `{ rateLimit { usedToday } ... @defer { ${aliases(99, PAGE)} } }` }),
  });
  const errors = [];
  for await (const { incremental = [] } of partsOf(response))
    for (const part of incremental) errors.push(...(part.errors ?? []));
  expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX' } }]);
  expect(app.calls()).toHaveLength(PAGES);
});

it('a full introspection has fewer values', async () => {
  const { errors } = await ask(getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true }));
  expect(errors).toBeUndefined();
});

describe('an operation requests a limited number of objects by their IDs', () => {
  it('over all aliases of nodes', async () => {
    const fields = MAX_BY_IDS / NODES;
    const query = `query ($ids: [ID!]!) { ${aliases(fields + 1, 'nodes(ids: $ids) { id }')} }`;
    const { data, errors } = await ask(query, { ids: Array(NODES).fill('none') });
    expect(data).toBeNull();
    expect(errors).toContainEqual(
      expect.objectContaining({
        message:
          'One operation can request at most 10000 objects by their IDs; with these it requests 10500.',
        path: [`a${String(fields)}`],
      }),
    );
    expect(app.calls()).toEqual([]);
  });

  it('over all aliases of _entities', async () => {
    const field = '_entities(representations: $of) { __typename }';
    const of = Array(MAX_BY_IDS).fill({ __typename: 'ContactList', id: 'none' });
    const { data, errors } = await ask(`query ($of: [_Any!]!) { ${aliases(99, field)} }`, { of });
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ path: ['a1'], extensions: { problem: 'TOO_MANY' } }]);
    expect(app.calls()).toEqual([]);
  });

  it('thousands in one request of a gateway', async () => {
    const { contactId } = recordIds(app);
    const of = Array(MAX_BY_IDS).fill({ __typename: 'Contact', id: contactId });
    const query =
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Contact { contactId } } }';
    const { data, errors } = await ask(query, { of });
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual(Array(MAX_BY_IDS).fill({ contactId }));
    expect(app.calls()).toEqual(['getContact']);
  });
});
