import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
import { startApp, type Answer, type TestApp } from './support/app.js';
import { UNKNOWN_ID as SOME, uuids } from './support/contacts.js';

let app: TestApp;

beforeEach(async () => {
  app = await startApp({ sandbox: { contacts: 60 } });
});

/** Each invalid request gets a specific error, and costs no call. */
afterEach(async () => {
  expect(app.calls()).toEqual([]);
  expect(app.sandbox.violations).toEqual([]);
  await app.close();
});

const codesOf = ({ errors }: Pick<Answer, 'errors'>) =>
  errors?.map((error) => error.extensions.code as string);

describe('malformed ids', () => {
  const BAD_IDS: [string, string][] = [
    ['nothing', ''],
    ['a space', ' '],
    ['a dot', '.'],
    ['two dots', '..'],
    ['a way up', '../contact_lists'],
    ['an encoded way up', '%2e%2e%2fcontact_lists'],
    ['a way up after an id', `${SOME}/../../account/summary`],
    ['a parameter', `${SOME}?include=notes`],
    ['a fragment', `${SOME}#x`],
    ['a backslash', `${SOME}\\..`],
    ['a line break', `${SOME}\n`],
    ['a NUL', `${SOME}\u0000`],
    ['another script', '０６ａ１００ｄｅ-１９ｂ６'],
    ['half a character', '\ud800'.repeat(20)],
    ['very long', 'a1-'.repeat(3_000)],
    ['a global id with a way up in it', Buffer.from('Contact:../x').toString('base64')],
    ['a global id with one part too many', Buffer.from(`Contact:${SOME}:${SOME}`).toString('base64')],
    [
      'a global id of a type that objects have by nature',
      Buffer.from(`constructor:${SOME}`).toString('base64'),
    ],
  ];

  const ANOTHER_TYPE: [string, string] = ['the id of another type', encodeGlobalId('AccountEmail', '7')];

  const QUERIES: [string, string, string[]][] = [
    ['contact', 'contact(id: $id) { firstName }', ['id']],
    ['contactList', 'contactList(id: $id) { name }', ['id']],
    ['tag', 'tag(id: $id) { name }', ['id']],
    ['customField', 'customField(id: $id) { label }', ['id']],
    ['segment', 'segment(id: $id) { name }', ['id']],
    ['bulkActivity', 'bulkActivity(id: $id) { state }', ['id']],
    ['node', 'node(id: $id) { id }', ['id']],
    ['contacts on lists', 'contacts(filter: { listIds: [$id] }) { totalCount }', ['filter', 'listIds', '0']],
    ['contacts with tags', 'contacts(filter: { tagIds: [$id] }) { totalCount }', ['filter', 'tagIds', '0']],
    [
      'contacts in a segment',
      'contacts(filter: { segmentId: $id }) { nodes { id } }',
      ['filter', 'segmentId'],
    ],
    ['contactXrefs', 'contactXrefs(v2Ids: [$id]) { contactId }', ['v2Ids', '0']],
    ['contactListXrefs', 'contactListXrefs(v2Ids: [$id]) { listId }', ['v2Ids', '0']],
  ];

  it.each(QUERIES)('are rejected by %s', async (name, field, path) => {
    for (const [what, id] of name === 'node' ? BAD_IDS : [...BAD_IDS, ANOTHER_TYPE]) {
      const { status, data, errors } = await app.query(`query ($id: ID!) { ${field} }`, {
        variables: { id },
      });
      expect([what, status, Object.values(data)]).toEqual([what, 200, [null]]);
      expect([what, errors?.map((error) => error.extensions)]).toEqual([
        what,
        [{ code: 'BAD_USER_INPUT', retryable: false, problem: 'INVALID_ID', field: path }],
      ]);
    }
  });

  it('fail at their own positions in nodes', async () => {
    const ids = BAD_IDS.map(([, id]) => id);
    const { data, errors } = await app.query(`query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, {
      variables: { ids },
    });
    expect(data.nodes).toEqual(ids.map(() => null));
    expect(errors?.map((error) => [error.path, error.extensions.problem])).toEqual(
      ids.map((_, at) => [['nodes', at], 'INVALID_ID']),
    );
  });

  it('fail one by one in requests of a gateway', async () => {
    const { status, data, errors } = await app.query(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename } }`,
      {
        variables: {
          representations: [
            { __typename: 'Contact', contactId: '../x' },
            {},
            { __typename: 'Unheard' },
            { __typename: 'PageInfo' },
            { __typename: 'Query' },
            { __typename: 'constructor' },
            { __typename: 5 },
            'text',
            [[]],
            { __typename: 'ContactList', listId: { a: 1 } },
            { __typename: 'Contact' },
            { __typename: 'Contact', id: encodeGlobalId('Tag', SOME) },
            { __typename: 'ContactEmailAddress', address: {} },
            { __typename: 'ContactEmailAddress', address: { toString: null } },
            { __typename: 'ContactEmailAddress', address: [{ valueOf: 1, toString: 'x' }] },
            { __typename: 'ContactEmailAddress', address: 'a'.repeat(100) },
            { __typename: 'EventRegistration', eventId: SOME, trackId: '../x', registrationId: SOME },
            { __typename: 'EventRegistration', id: 'x' },
            { __typename: 'Tag', tagId: null },
          ],
        },
      },
    );
    expect(status).toBe(200);
    expect(data._entities).toEqual(Array(19).fill(null));
    const codes = errors?.map(({ path, extensions }) => [path[1], extensions.code]);
    expect(codes?.sort(([a], [b]) => a - b)).toEqual(
      Array.from({ length: 18 }, (_, at) => [at, 'BAD_USER_INPUT']),
    );
    expect(app.calls()).toEqual([]);
  });

  const ON_LISTS = `source: { contactIds: ["${SOME}"] }`;
  const MUTATIONS: [string, string, string[]][] = [
    ['updateContact', 'id: $id', ['id']],
    ['updateContact', `id: "${SOME}", listIds: [$id]`, ['listIds', '0']],
    ['updateContact', `id: "${SOME}", addListIds: [$id]`, ['addListIds', '0']],
    ['updateContact', `id: "${SOME}", removeListIds: [$id]`, ['removeListIds', '0']],
    ['updateContact', `id: "${SOME}", tagIds: [$id]`, ['tagIds', '0']],
    ['updateContact', `id: "${SOME}", addTagIds: [$id]`, ['addTagIds', '0']],
    ['updateContact', `id: "${SOME}", removeTagIds: [$id]`, ['removeTagIds', '0']],
    ['updateContact', `id: "${SOME}", customFields: [{ fieldId: $id }]`, ['customFields', '0', 'fieldId']],
    ['createContact', 'firstName: "Ada", listIds: [$id]', ['listIds', '0']],
    ['upsertContact', 'emailAddress: { address: "a@b.co" }, addTagIds: [$id]', ['addTagIds', '0']],
    ['deleteContact', 'id: $id', ['id']],
    ['resubscribeContact', `id: $id, listIds: ["${SOME}"]`, ['id']],
    ['resubscribeContact', `id: "${SOME}", listIds: [$id]`, ['listIds', '0']],
    ['createContactFromSignUpForm', 'emailAddress: "a@b.co", listIds: [$id]', ['listIds', '0']],
    ['updateContactList', 'id: $id', ['id']],
    ['deleteContactList', 'id: $id', ['id']],
    ['addListMemberships', `${ON_LISTS}, listIds: [$id]`, ['listIds', '0']],
    [
      'addListMemberships',
      `source: { contactIds: [$id] }, listIds: ["${SOME}"]`,
      ['source', 'contactIds', '0'],
    ],
  ];

  it.each(MUTATIONS)('are rejected by %s(%s)', async (name, input, path) => {
    for (const [what, id] of [...BAD_IDS, ANOTHER_TYPE]) {
      const { data, errors } = await app.query(
        `mutation ($id: ID!) { ${name}(input: { ${input} }) { userErrors { code field } } }`,
        { variables: { id } },
      );
      expect([what, errors]).toEqual([what, undefined]);
      expect([what, data[name].userErrors]).toEqual([
        what,
        [{ code: 'INVALID_ID', field: ['input', ...path] }],
      ]);
    }
  });
});

describe('forged or mismatched cursors', () => {
  const PAGES = [
    ['contacts', 'contacts(first: 5, after: $after) { nodes { id } pageInfo { endCursor } }'],
    ['contactLists', 'contactLists(first: 5, after: $after) { nodes { id } pageInfo { endCursor } }'],
  ] as const;
  const page = (field: string, after: string | null) =>
    app.query(`query ($after: String) { ${field} }`, { variables: { after } });
  const encode = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url');

  it.each(PAGES)('are rejected by %s, whatever they contain', async (name, field) => {
    const real = await page(field, null);
    const [version, scope, position, limit, index] = JSON.parse(
      Buffer.from(real.data[name].pageInfo.endCursor, 'base64url').toString(),
    ) as [number, string, string, number, number];
    app.resetCalls();
    const forged: Record<string, string> = {
      nothing: '',
      text: 'abc',
      'what is not base64': '../contact_lists?x=',
      'very long': 'A'.repeat(20_000),
      'an object': encode({ position }),
      'another version': encode([version + 1, scope, position, limit, index]),
      'another scope': encode([version, 'AAAAAAAAAA', position, limit, index]),
      'one part more': encode([version, scope, position, limit, index, 0]),
      'a path': encode([version, scope, '../account/summary', limit, index]),
      'a path in a parameter name': encode([version, scope, '/v3/account/summary?limit=5', limit, index]),
      'a host': encode([version, scope, 'http://evil.example/v3/contacts?limit=5', limit, index]),
      'an unknown parameter': encode([version, scope, 'limit=5&admin=true', limit, index]),
      'an encoded parameter': encode([version, scope, 'limit=5&%61dmin=true', limit, index]),
      'a parameter twice': encode([version, scope, 'limit=5&limit=6', limit, index]),
      'a fragment': encode([version, scope, 'cursor=a#b', limit, index]),
      'a line break': encode([version, scope, 'cursor=a\r\nHost: evil.example', limit, index]),
      'an encoded line break': encode([version, scope, 'cursor=a%0d%0aHost:', limit, index]),
      'no position': encode([version, scope, '', limit, index]),
      'a position that is no text': encode([version, scope, { limit: 5 }, limit, index]),
      'a page of no rows': encode([version, scope, null, 0, index]),
      'a page larger than the API gives': encode([version, scope, null, 1_001, index]),
      'a page of half a row': encode([version, scope, null, 0.5, index]),
      'a place before the page': encode([version, scope, position, limit, -1]),
      'a place far behind it': encode([version, scope, position, limit, 1e9]),
    };
    for (const [what, after] of Object.entries(forged)) {
      const { status, data, errors } = await page(field, after);
      expect([what, status, data]).toEqual([what, 200, { [name]: null }]);
      expect([what, errors?.map((error) => error.extensions)]).toEqual([
        what,
        [{ code: 'BAD_USER_INPUT', retryable: false, problem: 'INVALID', field: ['after'] }],
      ]);
    }
  });

  it('are rejected when they were issued for other filters', async () => {
    const { data } = await app.query(`{ contacts(first: 5) { pageInfo { endCursor } } }`);
    app.resetCalls();
    const { errors } = await app.query(
      `query ($after: String) { contacts(first: 5, after: $after, filter: { status: [ALL] }) { nodes { id } } }`,
      { variables: { after: data.contacts.pageInfo.endCursor } },
    );
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining('other filters'),
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });
});

describe('numbers and lists out of bounds', () => {
  it.each([0, -1, 10_001, -2_147_483_648])('first: %i', async (first) => {
    for (const field of ['contacts', 'contactLists', 'tags', 'segments']) {
      const { data, errors } = await app.query(
        `query ($first: Int) { ${field}(first: $first) { nodes { id } } }`,
        {
          variables: { first },
        },
      );
      expect(data).toEqual({ [field]: null });
      expect(errors?.[0].extensions).toEqual({
        code: 'BAD_USER_INPUT',
        retryable: false,
        problem: 'INVALID',
        field: ['first'],
      });
    }
  });

  it.each([2_147_483_648, 1.5, '5', true])('first: %s, which is not an Int', async (first) => {
    const answer = await app.query(`query ($first: Int) { contacts(first: $first) { nodes { id } } }`, {
      variables: { first },
    });
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
    expect(answer.status).toBe(200);
  });

  it('26 lists in a filter, 501 nodes', async () => {
    const answer = await app.query(
      `query ($lists: [ID!], $nodes: [ID!]!) { contacts(filter: { listIds: $lists }) { totalCount } __typename nodes(ids: $nodes) { id } }`,
      { variables: { lists: uuids(26), nodes: uuids(501) } },
    );
    // The list of nodes is never null, so nothing is left when it fails.
    expect(answer.data).toBeNull();
    expect(answer.status).toBe(200);
    expect(answer.errors?.map((error) => error.extensions.problem)).toEqual(['TOO_MANY', 'TOO_MANY']);
  });

  it.each([
    ['51 lists to add contacts to', { source: { contactIds: [SOME] }, listIds: uuids(51) }, 'listIds'],
    [
      '501 contacts to add to lists',
      { source: { contactIds: uuids(501) }, listIds: [SOME] },
      'source.contactIds',
    ],
    [
      '51 lists as the source of contacts',
      { source: { listIds: uuids(51) }, listIds: [SOME] },
      'source.listIds',
    ],
  ])('%s', async (_, input, field) => {
    const { data } = await app.query(
      `mutation ($input: AddListMembershipsInput!) { addListMemberships(input: $input) { userErrors { code field message } } }`,
      { variables: { input } },
    );
    expect(data.addListMemberships.userErrors).toEqual([
      {
        code: 'TOO_MANY',
        field: ['input', ...field.split('.')],
        message: expect.stringMatching(/50/),
      },
    ]);
  });
});

describe('an invalid enum value', () => {
  const ADD = `mutation ($source: AddListMembershipsSource!) {
    addListMemberships(input: { source: $source, listIds: ["${SOME}"] }) { userErrors { code } }
  }`;

  it.each([
    ['two sources', { contactIds: [SOME], listIds: [SOME] }],
    ['no source', {}],
    ['a source that is null', { contactIds: null }],
    ['an unknown source', { everybody: true }],
  ])('%s, in a variable', async (_, source) => {
    const answer = await app.query(ADD, { variables: { source } });
    expect(new Set(codesOf(answer))).toEqual(new Set(['BAD_USER_INPUT']));
    expect(answer.status).toBe(200);
  });

  it.each([
    [
      'two sources',
      `addListMemberships(input: { source: { contactIds: ["a"], listIds: ["b"] }, listIds: ["c"] })`,
    ],
    ['no source', `addListMemberships(input: { source: {}, listIds: ["c"] })`],
    [
      'an unknown enum value',
      `createContact(input: { emailAddress: { address: "a@b.co", permissionToSend: MAYBE } })`,
    ],
    ['an enum value as text', `createContact(input: { createSource: "ACCOUNT" })`],
    ['an unknown field of an input', `createContact(input: { nickName: "Ada" })`],
    ['a missing required field', `updateContact(input: { firstName: "Ada" })`],
  ])('%s, in the document', async (_, field) => {
    const answer = await app.query(`mutation { ${field} { userErrors { code } } }`);
    expect(new Set(codesOf(answer))).toEqual(new Set(['GRAPHQL_VALIDATION_FAILED']));
    expect(answer.status).toBe(200);
  });

  it.each<[string, Record<string, unknown>]>([
    ['an unknown enum value', { status: ['SOMETIMES'] }],
    ['an enum value in the spelling of the API', { status: ['active'] }],
    ['an invalid date', { createdAfter: 'yesterday' }],
    ['a number for a date', { createdAfter: 5 }],
    ['a list for a text', { email: ['a@b.co', 'c@d.co'] }],
    ['an object for an id', { listIds: [{ id: SOME }] }],
    ['null among ids', { listIds: [null] }],
    ['an unknown filter', { firstName: 'Ada' }],
  ])('%s, in a variable', async (_, filter) => {
    const answer = await app.query(
      `query ($filter: ContactsFilter) { contacts(filter: $filter) { totalCount } }`,
      { variables: { filter } },
    );
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
    expect(answer.status).toBe(200);
  });
});

describe('an invalid request', () => {
  it.each<[string, Record<string, unknown>, string, number]>([
    ['no query', {}, 'BAD_REQUEST', 200],
    ['an empty query', { query: '' }, 'GRAPHQL_PARSE_FAILED', 200],
    ['a query of spaces', { query: '  ' }, 'GRAPHQL_PARSE_FAILED', 200],
    ['a query that is not a string', { query: 5 }, 'BAD_REQUEST', 400],
    ['a truncated query', { query: '{ contacts {' }, 'GRAPHQL_PARSE_FAILED', 200],
    ['an unknown field', { query: '{ contakts { id } }' }, 'GRAPHQL_VALIDATION_FAILED', 200],
    [
      'an unknown operation',
      { query: 'query A { __typename }', operationName: 'B' },
      'OPERATION_RESOLUTION_FAILURE',
      400,
    ],
    [
      'several operations without an operationName',
      { query: 'query A { __typename } query B { __typename }' },
      'OPERATION_RESOLUTION_FAILURE',
      400,
    ],
    ['variables that are not an object', { query: '{ __typename }', variables: 'x' }, 'BAD_REQUEST', 400],
    ['a missing variable', { query: 'query ($id: ID!) { contact(id: $id) { id } }' }, 'BAD_USER_INPUT', 200],
    [
      'circular fragments',
      { query: '{ contacts { nodes { ...A } } } fragment A on Contact { ...A }' },
      'GRAPHQL_VALIDATION_FAILED',
      200,
    ],
    [
      'more tokens than the limit',
      { query: `{ ${'a: __typename '.repeat(4_000)} }` },
      'GRAPHQL_PARSE_FAILED',
      200,
    ],
    ['a query of a megabyte', { query: `{ __typename } #${'x'.repeat(1_000_000)}` }, 'QUERY_TOO_LARGE', 413],
  ])('%s', async (_, body, code, status) => {
    const response = await app.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as Answer;
    expect(codesOf(answer)).toEqual([code]);
    expect(response.status).toBe(status);
    expect(answer.data).toBeUndefined();
  });

  it.each([
    [
      'a list as variables',
      { query: '{ __typename }', variables: [1] },
      '`variables` must be a JSON object, not a list.',
    ],
    [
      'a text as extensions',
      { query: '{ __typename }', extensions: 'x' },
      '`extensions` must be a JSON object, not a string.',
    ],
    ['a number as query', { query: 5 }, '`query` must be a string, not a number.'],
    ['a batch', [{ query: '{ __typename }' }], 'Send one operation per request: batching is not supported.'],
    ['a number as body', 5, 'The request body must be a JSON object, not a number.'],
    ['invalid JSON', null, 'The request body is not valid JSON.'],
    ['an empty document', { query: '' }, 'The document is empty.'],
    ['a document of comments', { query: ' # nothing\n, # here' }, 'The document is empty.'],
    ['an unfinished argument', { query: '{ contact(id:' }, 'Syntax Error: Unexpected <EOF>.'],
    ['an unknown field', { query: '{ qqqqqqqqq }' }, 'Cannot query field "qqqqqqqqq" on type "Query".'],
  ])('with %s has a message and is not to be repeated', async (_, body, message) => {
    const response = await app.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: body === null ? '{bad' : JSON.stringify(body),
    });
    const { errors } = (await response.json()) as Answer;
    expect(errors).toMatchObject([{ message, extensions: { retryable: false } }]);
  });

  it.each([
    ['/mcp', 'MCP is off: start the server with MCP=on.'],
    ['/metrics', 'Metrics are off: start the server with METRICS=on.'],
    ['/constructor', 'There is nothing at this path. GraphQL is at /graphql.'],
  ])('to %s says what is there', async (path, message) => {
    const response = await app.fetch(path);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ errors: [{ message, extensions: { code: 'NOT_FOUND' } }] });
  });

  it.each(['Basic dXNlcjpwYXNz', 'Bearer', 'Bearer a b', 'token'])(
    'with the malformed credentials "%s" does not use the credentials of the server',
    async (authorization) => {
      const answer = await app.query('{ contacts { totalCount } }', { headers: { authorization } });
      expect(answer.status).toBe(401);
      expect(codesOf(answer)).toEqual(['UNAUTHENTICATED']);
    },
  );

  it('without a token, where callers must send one, fails with an error that says how', async () => {
    await app.close();
    app = await startApp({ sandbox: { contacts: 20 }, credentials: null });
    const read = await app.query(
      '{ contacts { totalCount } rateLimit { exhausted } contactLists { nodes { name } } }',
    );
    expect(read.data).toEqual({ contacts: null, rateLimit: { exhausted: false }, contactLists: null });
    expect(codesOf(read)).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED']);
    expect(read.errors?.[0].message).toContain('Authorization: Bearer');
    const write = await app.query(
      'mutation { createContact(input: { firstName: "Ada" }) { contact { id } } }',
    );
    expect(write.data).toEqual({ createContact: null });
    expect(codesOf(write)).toEqual(['UNAUTHENTICATED']);
    expect(app.calls()).toEqual([]);
    const withToken = await app.query('{ contacts(first: 1) { nodes { id } } }', {
      headers: { authorization: 'Bearer mine' },
    });
    expect(withToken.errors).toBeUndefined();
    expect(app.sandbox.journal.entries[0]?.credential).toBe('mine');
    app.resetCalls();
  });
});

describe('an invalid variable next to a condition', () => {
  it.each(['@include(if: $yes)', '@skip(if: $yes)'])('is named, not %s', async (condition) => {
    const query = `query ($first: Int, $yes: Boolean! = true) { contacts(first: $first) { totalCount ${condition} nodes { id } } }`;
    const { errors } = await app.query(query, { variables: { first: 'ten' } });
    expect(errors?.map(({ message }) => message)).toEqual([
      expect.stringContaining('Variable "$first" got invalid value "ten"'),
    ]);
    expect(app.calls()).toEqual([]);
  });
});

describe('an input of which exactly one member must be given', () => {
  const ONE_FILE = 'Give exactly one of `upload`, `text`, `base64` in';
  const lists = `listIds: ["${SOME}"]`;
  const query = (input: string, variables = '') =>
    `mutation ${variables} { importContactsFromFile(input: ${input}) { userErrors { code } } }`;
  const whole = query('$i', '($i: ImportContactsFromFileInput!)');
  const file = query(`{ file: $f, ${lists} }`, '($f: ImportFile!)');

  it.each<[string, string, Record<string, unknown>, RegExp | string]>([
    ['no member', query(`{ file: {}, ${lists} }`), {}, `${ONE_FILE} \`input.file\`.`],
    ['two members', query(`{ file: { text: "", base64: "" }, ${lists} }`), {}, `${ONE_FILE} \`input.file\`.`],
    ['null', query(`{ file: { text: null }, ${lists} }`), {}, `${ONE_FILE} \`input.file\`.`],
    [
      'nothing at all',
      query(`{ ${lists} }`),
      {},
      `"ImportFile!" was not provided. ${ONE_FILE} \`input.file\`.`,
    ],
    [
      'no member of a variable',
      whole,
      { i: { file: {}, listIds: [SOME] } },
      `Variable "$i" got invalid value {} at "i.file"; ${ONE_FILE} \`input.file\`.`,
    ],
    [
      'two members of a variable',
      whole,
      { i: { file: { text: ' at "i.listIds"; ', base64: null }, listIds: [SOME] } },
      / at "i\.file"; Give exactly one of `upload`, `text`, `base64` in `input\.file`\.$/,
    ],
    [
      'null in a variable',
      whole,
      { i: { file: { text: null }, listIds: [SOME] } },
      `${ONE_FILE} \`input.file\`.`,
    ],
    ['nothing at all in a variable', whole, { i: { listIds: [SOME] } }, `${ONE_FILE} \`input.file\`.`],
    ['no member of a nested variable', file, { f: {} }, `${ONE_FILE} \`input.file\`.`],
    ['null in a nested variable', file, { f: { upload: null } }, `${ONE_FILE} \`input.file\`.`],
    [
      'two members of an argument',
      '{ accountEmails(filter: { role: OTHER, emailAddress: "" }) { emailId } }',
      {},
      'Give exactly one of `confirmStatus`, `role`, `emailAddress` in `filter`.',
    ],
  ])('lists the members and the argument in the error of %s', async (_, text, variables, message) => {
    const { errors } = await app.query(text, { variables });
    expect(errors?.map((error) => error.message)).toEqual([
      typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message),
    ]);
  });

  const ACTIVITY = `activityId: "${SOME}"`;
  it.each([
    ['sendEmailCampaign', 'when: { now: true, at: "2040-01-01T00:00:00Z" }', '`now`, `at` in `input.when`'],
    ['sendEmailCampaign', 'when: {}', '`now`, `at` in `input.when`'],
    [
      'updateEmailCampaignActivity',
      `${ACTIVITY}, recipients: { listIds: ["${SOME}"], segmentId: "1" }`,
      '`listIds`, `segmentId` in `input.recipients`',
    ],
    [
      'resendToNonOpeners',
      `${ACTIVITY}, subject: "Again", delay: { days: 1, minutes: 720 }`,
      '`days`, `minutes` in `input.delay`',
    ],
    [
      'updateContact',
      `id: "${SOME}", customFields: [{ fieldId: "${SOME}", value: { text: "a", choiceIds: ["1"] } }]`,
      '`text`, `choiceIds` in `input.customFields.value`',
    ],
    [
      'importContacts',
      `${lists}, contacts: [{ email: "a@b.co", customFields: [{ field: { id: "${SOME}", name: "a" }, value: "x" }] }]`,
      '`id`, `name` in `input.contacts.customFields.field`',
    ],
    [
      'createPartnerAccount',
      'contactEmail: "a@b.co", loginName: "meadow.sons", countryCode: "DE", signIn: { password: "correct-horse", external: { id: "1", provider: "x" } }',
      '`password`, `external` in `input.signIn`',
    ],
    [
      'updateAutomation',
      `id: "${SOME}", draft: { trigger: { type: "x" }, definition: {} }`,
      '`trigger`, `definition` in `input.draft`',
    ],
    [
      'createAutomation',
      'trigger: { type: "x", parameters: [{ name: "p", value: { text: "a", texts: ["b"] } }] }',
      '`text`, `texts`, `json` in `input.trigger.parameters.value`',
    ],
  ])('rejects %s(%s), naming the members', async (mutation, input, members) => {
    const { errors } = await app.query(
      `mutation { ${mutation}(input: { ${input} }) { userErrors { code } } }`,
    );
    expect(errors?.map(({ message }) => message)).toContainEqual(
      expect.stringContaining(`Give exactly one of ${members}.`),
    );
    expect(app.calls()).toEqual([]);
  });

  it('leaves other errors unchanged', async () => {
    const { errors } = await app.query(query('{ file: { text: 1 } }'));
    expect(errors?.map((error) => error.message)).toEqual([
      'Field "ImportContactsFromFileInput.listIds" of required type "[ID!]!" was not provided.',
      'String cannot represent a non string value: 1',
    ]);
  });
});

describe('documents that do not match the schema', () => {
  it.each([
    [
      'an enum value in quotes',
      '{ events(filter: { status: "ACTIVE" }) { nodes { id } } }',
      'Enum "EventStatus" cannot represent non-enum value: "ACTIVE". Write enum values without quotes.',
    ],
    [
      'a misspelt enum value in quotes',
      '{ events(filter: { status: "ACTIV" }) { nodes { id } } }',
      'Enum "EventStatus" cannot represent non-enum value: "ACTIV". Write enum values without quotes. Did you mean the enum value "ACTIVE"?',
    ],
    [
      'an argument for paging backwards',
      '{ contacts(last: 5) { nodes { id } } }',
      'Unknown argument "last" on field "Query.contacts". Pages go forward only: use `first` and `after`.',
    ],
    [
      'an argument for paging backwards of a field without pages',
      '{ account(before: "x") { contactEmail } }',
      'Unknown argument "before" on field "Query.account". The field has no arguments.',
    ],
    [
      'an argument that resembles no other',
      '{ contacts(offset: 5) { nodes { id } } }',
      'Unknown argument "offset" on field "Query.contacts". The arguments of the field are `first`, `after`, `filter`.',
    ],
    [
      'a misspelt argument',
      '{ contacts(frist: 5) { nodes { id } } }',
      'Unknown argument "frist" on field "Query.contacts". Did you mean "first"?',
    ],
    [
      'a field of the rows of a connection',
      '{ contacts { firstName } }',
      'Cannot query field "firstName" on type "ContactConnection". Did you mean "nodes { firstName }"?',
    ],
    [
      'a variable of another type',
      'query ($id: String) { contact(id: $id) { id } }',
      'Variable "$id" of type "String" used in position expecting type "ID!". Declare it as `$id: ID!`.',
    ],
    [
      'a misspelt field of an input',
      'mutation { createContact(input: { firstNam: "Ada" }) { contact { id } } }',
      'Field "firstNam" is not defined by type "CreateContactInput". Did you mean "firstName" or "lastName"?',
    ],
    [
      'a value in place of an object',
      'mutation { createContact(input: { emailAddress: "a@example.com" }) { contact { id } } }',
      'Expected value of type "EmailAddressInput", found "a@example.com". Give an object, such as `{ address: … }`.',
    ],
    [
      'a missing selection',
      '{ contacts { nodes { lists } } }',
      'Field "lists" of type "[ContactList!]" must have a selection of subfields. Did you mean "lists { ... }"?',
    ],
  ])('are refused with advice: %s', async (_, document, message) => {
    const { errors } = await app.query(document);
    expect(errors).toMatchObject([
      { message, extensions: { code: 'GRAPHQL_VALIDATION_FAILED', retryable: false } },
    ]);
  });
});

describe('writes without a value', () => {
  it.each([
    ['createContact', 'firstName: " ", lastName: ""'],
    ['updateContact', `id: "${SOME}"`],
    ['updateContact', `id: "${SOME}", updateSource: CONTACT`],
    ['updateContactList', `id: "${SOME}"`],
    ['updateCustomField', `id: "${SOME}"`],
    ['updateSegment', 'id: "1"'],
    ['updateEmailCampaignActivity', `activityId: "${SOME}"`],
    ['updateEvent', `id: "${SOME}"`],
    ['updateAutomation', `id: "${SOME}"`],
    ['updateAccount', ''],
    ['updateAccountPhysicalAddress', ''],
    ['setPartnerPlan', `accountId: "${SOME}"`],
  ])('are refused: %s(%s)', async (mutation, input) => {
    const { data, errors } = await app.query(
      `mutation { ${mutation}(input: { ${input} }) { userErrors { code field message } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data[mutation].userErrors).toEqual([
      { code: 'REQUIRED', field: ['input'], message: expect.stringMatching(/^Give /) },
    ]);
  });
});

describe('user errors that a mutation does not select', () => {
  it('are errors of the operation', async () => {
    const { data, errors } = await app.query('mutation { createTag(input: { name: "" }) { tag { id } } }');
    expect(data).toEqual({ createTag: null });
    expect(errors).toMatchObject([
      {
        message: 'This must not be empty.',
        path: ['createTag'],
        extensions: {
          code: 'BAD_USER_INPUT',
          retryable: false,
          problem: 'REQUIRED',
          field: ['input', 'name'],
        },
      },
    ]);
  });
});
