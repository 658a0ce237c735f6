import { generator } from './random.js';
import type { RawRequest } from './raw-http.js';

export interface Malformed extends RawRequest {
  /** The error in the request. */
  kind: string;
}

/** The only REST call that any of them makes, where one of them is valid after all. */
export const ASKED = 'getAccountById';

const QUERY = '{ account { organizationName } }';
const JSON_TYPE = { 'content-type': 'application/json' };
const PROTOTYPE_KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'then',
  'valueOf',
];

/** Broken and hostile requests. The same seed gives the same requests. */
export function* malformedRequests(seed: number, rounds: number): Generator<Malformed> {
  const random = generator(seed);
  const int = (below: number) => Math.floor(random() * below);
  const pick = <T>(items: readonly T[]): T => items[int(items.length)] as T;
  const key = () => pick(PROTOTYPE_KEYS);
  const json = (kind: string, body: unknown): Malformed => ({
    kind,
    headers: JSON_TYPE,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = (kind: string, body: string | Buffer): Malformed => ({ kind, headers: JSON_TYPE, body });
  const document = (kind: string, query: string): Malformed => json(kind, { query });
  const times = (count: number, make: (at: number) => string, joint = ' ') =>
    Array.from({ length: count }, (_, at) => make(at)).join(joint);

  const makers: (() => Malformed)[] = [
    () => {
      const whole = JSON.stringify({ query: QUERY, variables: { a: 'b' } });
      return text('cut JSON', whole.slice(0, int(whole.length)));
    },
    () => {
      const bytes = Buffer.from(JSON.stringify({ query: QUERY }));
      for (let times = 1 + int(6); times > 0; times -= 1) bytes[int(bytes.length)] = int(256);
      return text('damaged JSON', bytes);
    },
    () =>
      text(
        'no JSON',
        pick([
          '',
          ' ',
          'null',
          '7',
          '"x"',
          '[]',
          'true',
          '{}',
          '{"query":}',
          "{'query':'{a}'}",
          '\u0000',
          '\ufeff{}',
          'NaN',
        ]),
      ),
    () => text('deep JSON', `${pick(['[', '{"a":'])}`.repeat(1_000 + int(30_000))),
    () =>
      json(
        'deep variables',
        `{"query":${JSON.stringify(QUERY)},"variables":{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}}`,
      ),
    () =>
      json('fields of a wrong kind', {
        query: pick<unknown>([QUERY, 7, null, [QUERY], { a: 1 }, true]),
        variables: pick<unknown>([7, 'x', [], [1], true, null]),
        operationName: pick<unknown>([7, [], {}, 'Nobody', '']),
        extensions: pick<unknown>([7, [], 'x', null]),
      }),
    () => ({
      kind: 'a wrong content type',
      headers: {
        'content-type': pick([
          'text/plain',
          'text/xml',
          'application/xml',
          'application/json; charset=utf-16',
          'application/json; charset=bogus',
          'multipart/form-data',
          'multipart/form-data; boundary=',
          'application/x-www-form-urlencoded',
          'application/graphql',
          'application/json-seq',
          'x',
          ';',
          'application/octet-stream',
          `a/${'b'.repeat(4_000)}`,
        ]),
      },
      body: JSON.stringify({ query: QUERY }),
    }),
    () => ({ kind: 'no content type', body: JSON.stringify({ query: QUERY }) }),
    () => document('a long query', `{ account { organizationName } } #${'x'.repeat(200_000 + int(200_000))}`),
    () => document('many tokens', `{ ${'account '.repeat(3_000 + int(9_000))} }`),
    () =>
      json('a long value', {
        query: 'query ($id: ID!) { contact(id: $id) { id } }',
        variables: { id: 'x'.repeat(100_000 + int(900_000)) },
      }),
    () => {
      const levels = 30 + int(4_000);
      return document(
        'deep fields',
        `{ contactLists ${'{ nodes { contacts '.repeat(levels)} { __typename } ${'} }'.repeat(levels)} }`,
      );
    },
    () => {
      const levels = 100 + int(4_000);
      return document('deep literals', `{ contact(id: ${'['.repeat(levels)}${']'.repeat(levels)}) { id } }`);
    },
    () => {
      const length = 1 + int(6);
      const ring = times(
        length,
        (at) =>
          `fragment F${String(at)} on Query { ...F${String((at + 1) % length)} account { organizationName } }`,
      );
      return document('circular fragments', `{ ...F0 } ${ring}`);
    },
    () => {
      const length = 10 + int(30);
      const doubling = times(
        length,
        (at) => `fragment F${String(at)} on Query { ...F${String(at + 1)} ...F${String(at + 1)} }`,
      );
      return document(
        'doubling fragments',
        `{ ...F0 } ${doubling} fragment F${String(length)} on Query { account { organizationName } }`,
      );
    },
    () => {
      const length = 5 + int(12);
      const branching = times(
        length,
        (at) =>
          `fragment F${String(at)} on ContactList { a: contacts { nodes { lists { ...F${String(at + 1)} } } } b: contacts { nodes { lists { ...F${String(at + 1)} } } } }`,
      );
      return document(
        'branching fragments',
        `{ contactLists { nodes { ...F0 } } } ${branching} fragment F${String(length)} on ContactList { name }`,
      );
    },
    () =>
      document(
        'an alias bomb',
        `{ ${times(101 + int(2_000), (at) => `a${String(at)}: account { organizationName }`)} }`,
      ),
    () =>
      document(
        'a directive bomb',
        `{ account ${times(51 + int(2_000), () => pick(['@skip(if: false)', '@include(if: true)', '@nothing']))} { organizationName } }`,
      ),
    () => {
      const levels = 4 + int(200);
      return document(
        'an introspection bomb',
        `{ __schema { types { ${'fields { type { '.repeat(levels)} name ${'} }'.repeat(levels)} } } }`,
      );
    },
    () =>
      document(
        'an introspection bomb',
        `{ ${times(40, (at) => `t${String(at)}: __type(name: "Query") { fields { type { fields { type { fields { name } } } } } }`)} }`,
      ),
    () =>
      json(
        'a batch',
        Array.from({ length: 1 + int(500) }, () => ({ query: QUERY })),
      ),
    () =>
      document(
        'many operations',
        times(2 + int(500), (at) => `query Q${String(at % 9)} ${QUERY}`),
      ),
    () =>
      document(
        'an expensive query',
        `{ contacts(first: ${String(2_000 + int(8_000))}) { nodes { smsEngagementHistory { __typename } } } }`,
      ),
    () =>
      document(
        'a first out of range',
        `{ contacts(first: ${pick(['0', '-1', '10001', '2147483648', '1e9', '999999999999999999999', '"1"'])}) { nodes { id } } }`,
      ),
    () =>
      document(
        'a document of odd characters',
        pick([
          '{ \u0000account }',
          '{ acc\u00adount }',
          '\u202e{ account }',
          '{ account(\ud800: 1) }',
          '{ ... }',
          '{ ...on }',
          '{}',
          '{',
          '}',
          'query',
          '...',
          '@',
          'subscription { a }',
          'type Query { a: Int }',
          'extend schema @link(url: "x")',
          '"""',
          '{ account { organizationName } } }',
          `{ ${'\u0000'.repeat(50)} }`,
        ]),
      ),
    () =>
      json(
        'prototype keys',
        `{"query":${JSON.stringify(QUERY)},"variables":{"${key()}":{"polluted":1}},"operationName":${pick(['null', `"${key()}"`])},"extensions":{"${key()}":{"polluted":1}}}`,
      ),
    () => document('prototype keys', `{ ${key()}: account { ${key()}: organizationName } }`),
    () =>
      document(
        'prototype keys',
        `query Q($${key()}: ID = "x") { contact(id: "x", ${key()}: 1) { ${key()} } }`,
      ),
    () =>
      json('variables that do not fit', {
        query: pick([
          'query ($f: ContactsFilter) { contacts(filter: $f) { nodes { id } } }',
          'query ($f: DateTime!) { contactChanges(since: $f) { nodes { kind } } }',
          'mutation ($f: CreateContactInput!) { createContact(input: $f) { userErrors { code } } }',
        ]),
        variables: {
          f: pick<unknown>([
            7,
            '',
            'x',
            [7],
            { status: 'x' },
            { __proto__: null, constructor: 1 },
            { email: { address: {} } },
            '\u0000',
            { lists: Array(10_000).fill('x') },
          ]),
        },
      }),
    () =>
      json('a file that is none', {
        query:
          'mutation ($f: ImportContactsFromFileInput!) { importContactsFromFile(input: $f) { userErrors { code } } }',
        variables: {
          f: {
            file: pick<unknown>(['x', {}, 7, null, { arrayBuffer: 1 }, { name: 'x', size: 1 }]),
            listIds: ['x'],
          },
        },
      }),
    () => multipart(random),
    () => ({
      kind: 'an odd address',
      method: 'GET',
      path: pick([
        '/graphql?query=%',
        '/graphql?query=%00',
        '/graphql?query=%ff%fe',
        '/graphql?query={account{organizationName}}&variables=[',
        '/graphql?query={account{organizationName}}&variables={"__proto__":{"polluted":1}}',
        '/graphql?query[]=x',
        '/graphql?__proto__[polluted]=1',
        `/graphql?query={${'a'.repeat(8_000)}}`,
        '/graphql?query=mutation{deleteContact(input:{id:"x"}){userErrors{code}}}',
        '/graphql?',
        '/graphql/../exports/x.csv',
        '//graphql',
        '/graphql%00',
        '/graphql/%2e%2e/%2e%2e/etc/passwd',
        '/exports/%00.csv',
        '/exports/..%2f..%2faccount%2fsummary.csv',
        '/exports/..%5c..csv',
        '/exports/.csv',
        '/exports/%.csv',
        `/exports/${'x'.repeat(5_000)}.csv`,
        '/exports/a%3fb.csv',
        '/exports/a%23b.csv',
        '/exports/%0d%0aX-Injected:1.csv',
        '/__proto__',
        '/constructor',
        '/metrics',
        '*',
        'http://evil.example/graphql?query={account{organizationName}}',
      ]),
    }),
    () => ({
      kind: 'an odd method',
      method: pick(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'TRACE', 'PROPFIND', 'MKCOL']),
      headers: JSON_TYPE,
      body: JSON.stringify({ query: QUERY }),
    }),
    () => ({
      ...json('odd headers', { query: QUERY }),
      headers: {
        ...JSON_TYPE,
        [pick([
          'accept',
          'authorization',
          'origin',
          'x-request-id',
          'content-encoding',
          'cookie',
          'x-forwarded-host',
          'sec-fetch-site',
          'accept-encoding',
          'expect',
          'range',
          'if-none-match',
        ])]: pick([
          '',
          'x',
          '*/*;q=9',
          'Bearer',
          'Bearer  ',
          'Bearer \u00e9',
          'null',
          '__proto__',
          'gzip',
          'a'.repeat(5_000),
          'text/html, x',
          '../..',
          '%00',
          'text/event-stream',
          'multipart/mixed',
        ]),
      },
    }),
    () => ({
      kind: 'a form',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: pick([
        'query=%',
        'query={account{organizationName}}&variables={',
        'query',
        '=',
        '&&&',
        `query=${'%00'.repeat(100)}`,
        'query={account{organizationName}}&query={contacts{nodes{id}}}',
        'variables[__proto__][polluted]=1&query={account{organizationName}}',
        'operationName=x&query={account{organizationName}}',
      ]),
    }),
  ];
  for (let round = 0; round < rounds; round += 1) for (const make of makers) yield make();
}

function multipart(random: () => number): Malformed {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const operations = pick([
    JSON.stringify({
      query:
        'mutation ($f: ImportContactsFromFileInput!) { importContactsFromFile(input: $f) { userErrors { code } } }',
      variables: { f: { file: null, listIds: ['x'] } },
    }),
    JSON.stringify({ query: QUERY }),
    JSON.stringify([{ query: QUERY }, { query: QUERY }]),
    '{',
    'null',
    '7',
    '',
    `{"query":${JSON.stringify(QUERY)},"variables":{"__proto__":{"polluted":1}}}`,
  ]);
  const map = pick([
    '{"0":["variables.f.file"]}',
    '{"0":["variables.__proto__.polluted"]}',
    '{"0":["__proto__.polluted"]}',
    '{"0":["constructor.prototype.polluted"]}',
    '{"0":["variables.f.file.constructor.prototype.polluted"]}',
    '{"0":["query"]}',
    '{"0":["operationName"]}',
    '{"0":["extensions.a.b.c"]}',
    '{"0":"variables.f.file"}',
    '{"0":[7]}',
    '{"0":[""]}',
    '{"0":["..."]}',
    '{"nobody":["variables.f.file"]}',
    '{"__proto__":["variables.f.file"]}',
    '{',
    'null',
    '[]',
    '7',
    '',
  ]);
  const parts = [
    part('operations', operations),
    part('map', map),
    part(
      '0',
      'a,b\n1,2',
      pick(['contacts.csv', '../../etc/passwd', '\u0000', 'a"; name="map', 'x'.repeat(3_000)]),
    ),
    ...(random() < 0.3 ? Array.from({ length: 300 }, (_, at) => part(`f${String(at)}`, 'x')) : []),
  ];
  if (random() < 0.3) parts.sort(() => random() - 0.5);
  if (random() < 0.3) parts.splice(Math.floor(random() * parts.length), 1);
  const whole = `${parts.join('')}--b--\r\n`;
  return {
    kind: 'multipart tricks',
    headers: {
      'content-type': `multipart/form-data; boundary=${pick(['b', 'b', 'b', 'c', '"b', 'b'.repeat(300)])}`,
    },
    body: random() < 0.2 ? whole.slice(0, Math.floor(random() * whole.length)) : whole,
  };
}

function part(name: string, value: string, file?: string): string {
  const disposition = `form-data; name="${name}"${file === undefined ? '' : `; filename="${file}"`}`;
  return `--b\r\nContent-Disposition: ${disposition}\r\n\r\n${value}\r\n`;
}
