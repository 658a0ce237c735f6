import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  type GraphQLField,
  type GraphQLInputType,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSchema } from '../../src/schema/index.js';
import { startApp, type TestApp } from '../support/app.js';
import { ASKED, malformedRequests } from '../support/malformed.js';
import { generator } from '../support/random.js';
import { sendBytes, sendRaw, type RawAnswer } from '../support/raw-http.js';

let app: TestApp;
let url: string;
beforeAll(async () => {
  app = await startApp({ sandbox: { contacts: 30, activitySeconds: 0 }, maxQueryCost: 20 });
  // From then on the number of contacts is known, so that no call is made to learn it.
  await app.query('{ contacts(first: 1) { totalCount } }');
  url = await app.listen();
});
afterAll(() => app.close());

const isOurFault = ({ status, text }: RawAnswer) =>
  status >= 500 || /INTERNAL_SERVER_ERROR|Unexpected error/.test(text);

describe('malformed requests', () => {
  it('are each rejected with their own error: no internal error, only the requested call, no prototype pollution', async () => {
    const wrong: string[] = [];
    const kinds = new Set<string>();
    let sent = 0;
    for (const { kind, ...request } of malformedRequests(2026, 20)) {
      app.resetCalls();
      const answer = await sendRaw(url, request);
      sent += 1;
      kinds.add(kind);
      const described = `${kind}: ${request.method ?? 'POST'} ${request.path ?? ''} ${String(request.body ?? '').slice(0, 200)} ${JSON.stringify(request.headers ?? {}).slice(0, 200)}`;
      if (isOurFault(answer))
        wrong.push(`${String(answer.status)} ${answer.text.slice(0, 200)} for ${described}`);
      const others = app.sandbox.journal.entries.filter(
        ({ operationId, path }) =>
          operationId !== ASKED && !(kind === 'an odd address' && path.endsWith('/contact_exports/x')),
      );
      if (others.length > 0)
        wrong.push(`${others.map(({ method, path }) => `${method} ${path}`).join(', ')} for ${described}`);
      if ('polluted' in {}) throw new Error(`polluted by ${described}`);
    }
    expect(wrong).toEqual([]);
    expect(kinds.size).toBeGreaterThan(25);
    expect(sent).toBeGreaterThan(650);
  });

  it('that are not HTTP are rejected by the HTTP server', async () => {
    for (const bytes of [
      'nonsense\r\n\r\n',
      'GET /graphql\u0000 HTTP/1.1\r\nHost: x\r\n\r\n',
      'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n',
      `GET /graphql HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(70_000)}\r\n\r\n`,
      'GET /graphql HTTP/1.1\r\n\r\n',
      'GET /graphql HTTP/1.1\r\nHost: a b\r\n\r\n',
      'GET http://[/graphql HTTP/1.1\r\nHost: [\r\n\r\n',
    ]) {
      const status = Number(/^HTTP\/1\.1 (\d+)/.exec(await sendBytes(url, bytes))?.[1] ?? 0);
      expect(status, bytes.slice(0, 80)).toBeLessThan(500);
    }
    expect((await app.query('{ rateLimit { usedToday } }')).errors).toBeUndefined();
  });
});

describe('a host', () => {
  const BODY = JSON.stringify({ query: '{ contacts(first: 1) { nodes { contactId } } }' });
  const POST = `Connection: close\r\nContent-Type: application/json\r\nContent-Length: ${String(BODY.length)}`;
  const UPGRADE =
    'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: graphql-transport-ws';
  const statusFor = async (hosts: string, target: string, headers = POST, version = '1.1') => {
    const [method, body] = headers === POST ? ['POST', BODY] : ['GET', ''];
    const text = `${method} ${target} HTTP/${version}\r\n${hosts}${headers}\r\n\r\n${body}`;
    return Number(/^HTTP\/1\.1 (\d+)/.exec(await sendBytes(url, text))?.[1]);
  };

  it('that ends early, or occurs twice, is rejected before any part of the server reads it', async () => {
    app.resetCalls();
    const hosts = [
      ...['localhost/readyz?', 'localhost/schema.graphql#', 'localhost?', 'localhost#', 'evil@localhost'],
      ...[
        'localhost\\x',
        'local host',
        'localhost,evil',
        'localhost:99999',
        'localhost:a',
        '',
        '[',
        '::1',
        'é',
      ],
    ].map((host) => `Host: ${host}\r\n`);
    for (const host of [...hosts, 'Host: localhost\r\nhost: evil\r\n', 'Host: a\r\nHost: a\r\n', '']) {
      for (const target of ['/graphql', '/graphql?', '/allowed'])
        expect(await statusFor(host, target), host).toBe(400);
      for (const target of ['/graphql', '/readyz'])
        expect(await statusFor(host, target, 'Connection: close'), host).toBe(400);
      expect(await statusFor(host, '/graphql', UPGRADE), host).toBe(400);
    }
    expect(app.sandbox.journal.operations()).toEqual([]);
  });

  it('with a name, an address or a port is accepted, and so is a target in absolute form', async () => {
    for (const host of ['localhost', 'LOCALHOST:80', 'a_b.example.', '127.0.0.1:4000', '[::1]:4000', 'x:']) {
      app.resetCalls();
      expect(await statusFor(`Host: ${host}\r\n`, '/graphql'), host).toBe(200);
      for (const target of [`http://${host}/graphql`, `HTTPS://${host}/graphql?`])
        expect(await statusFor('Host: other.example\r\n', target), target).toBe(200);
      expect(await statusFor('Host: other.example\r\n', `http://${host}/readyz`, 'Connection: close')).toBe(
        200,
      );
      expect(await statusFor('Host: other.example\r\n', `http://${host}`, 'Connection: close')).toBe(200);
      expect(app.sandbox.journal.operations()).toEqual(Array(3).fill('getContacts'));
    }
    for (const target of [
      'http://',
      'http:///graphql',
      'http://a@b/graphql',
      'ftp://localhost/graphql',
      'graphql',
      '*',
    ])
      expect(await statusFor('Host: localhost\r\n', target), target).toBe(400);
    expect(await statusFor('', 'http://localhost/graphql')).toBe(400);
    expect(await statusFor('', '/graphql', POST, '1.0')).toBe(200);
  });
});

describe('ids that contain another path', () => {
  const UUID = '00000000-0000-4000-8000-000000000000';
  const TRICKS = [
    '../contacts',
    '..',
    '.',
    `${UUID}/../../account/summary`,
    '..%2faccount',
    '%2e%2e',
    'x?include=all',
    'x#y',
    'x\\..\\y',
    'x\u0000y',
    'x\r\nHost: evil',
    '',
    ' ',
    `${UUID},${UUID}`,
    'é'.repeat(40),
    '__proto__',
    'constructor',
    'x'.repeat(20_000),
    Buffer.from('Contact:../account').toString('base64'),
    Buffer.from('ContactList:a/b').toString('base64'),
    Buffer.from('EventRegistration:a:..:c').toString('base64'),
    Buffer.from('__proto__:x').toString('base64'),
    '{"$ne":null}',
    "' OR 1=1 --",
  ];

  interface Target {
    at: string;
    build(id: string): { query: string; variables: Record<string, unknown> };
  }

  /** A value of that type with this id wherever one goes; undefined where none can be made. */
  function valueOf(type: GraphQLInputType, id: string, depth: number): unknown {
    const nullable = getNullableType(type);
    if (isListType(nullable)) {
      const item = valueOf(nullable.ofType, id, depth);
      return item === undefined ? undefined : [item];
    }
    const named = getNamedType(nullable);
    if (isInputObjectType(named)) {
      if (depth === 0) return undefined;
      const entries = Object.values(named.getFields()).flatMap((field) => {
        const wanted = isNonNullType(field.type) || leadsToId(field.type, depth - 1);
        const value = wanted ? valueOf(field.type, id, depth - 1) : undefined;
        return value === undefined ? [] : [[field.name, value] as const];
      });
      return Object.fromEntries(named.isOneOf ? entries.slice(0, 1) : entries);
    }
    if (isEnumType(named)) return named.getValues()[0]?.name;
    const samples: Record<string, unknown> = {
      ID: id,
      String: 'x',
      Int: 1,
      Float: 1,
      Boolean: true,
      DateTime: '2026-01-01T00:00:00Z',
      Date: '2026-01-01',
      JSON: {},
    };
    return samples[named.name];
  }

  function leadsToId(type: GraphQLInputType, depth: number): boolean {
    const named = getNamedType(type);
    if (named.name === 'ID') return true;
    return (
      isInputObjectType(named) &&
      depth > 0 &&
      Object.values(named.getFields()).some((field) => leadsToId(field.type, depth - 1))
    );
  }

  function targetsOf(operation: 'query' | 'mutation', fields: GraphQLField<unknown, unknown>[]): Target[] {
    return fields
      .filter(({ name, args }) => !name.startsWith('_') && args.some(({ type }) => leadsToId(type, 3)))
      .map((field) => {
        const args = field.args.filter(({ type }) => isNonNullType(type) || leadsToId(type, 3));
        const declared = args.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
        const given = args.map(({ name }) => `${name}: $${name}`).join(', ');
        const below = isLeafType(getNamedType(field.type)) ? '' : `{ ${selectionFor(field)} }`;
        return {
          at: `${operation} ${field.name}`,
          build: (id: string) => ({
            query: `${operation} (${declared}) { ${field.name}(${given}) ${below} }`,
            variables: Object.fromEntries(args.map(({ name, type }) => [name, valueOf(type, id, 4)])),
          }),
        };
      });
  }

  /** Fields that make the object be read, where reading is left out for ids alone. */
  function selectionFor(field: GraphQLField<unknown, unknown>): string {
    const named = getNamedType(field.type);
    if (named.name.endsWith('Payload')) return 'userErrors { code field }';
    const own = named.name.endsWith('Connection') ? ['nodes { __typename }'] : ['__typename'];
    const texts: Record<string, string> = {
      LandingPageReport: 'opens { nodes { __typename } }',
      ContactExport: 'csv',
      PartnerAccount: 'plan { __typename } __typename',
    };
    return texts[named.name] ?? own.join(' ');
  }

  const schema = buildSchema();
  const targets = [
    ...targetsOf('query', Object.values(schema.getQueryType()?.getFields() ?? {})),
    ...targetsOf('mutation', Object.values(schema.getMutationType()?.getFields() ?? {})),
  ];

  it('reach the requested operation or none, in every id argument of the schema', async () => {
    const random = generator(7);
    const wrong: string[] = [];
    let sent = 0;
    for (const { at, build } of targets) {
      const operationsWith = async (id: string) => {
        app.resetCalls();
        const answer = await sendRaw(url, {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(build(id)),
        });
        sent += 1;
        if (isOurFault(answer))
          wrong.push(`${at} ${JSON.stringify(id).slice(0, 60)}: ${answer.text.slice(0, 300)}`);
        return app.sandbox.journal.entries;
      };
      const usual = new Set((await operationsWith(UUID)).map(({ operationId }) => operationId));
      for (const { operationId } of await operationsWith('7')) usual.add(operationId);
      const some = [...TRICKS].sort(() => random() - 0.5).slice(0, 6);
      for (const id of some) {
        const others = (await operationsWith(id)).filter(({ operationId }) => !usual.has(operationId));
        if (others.length > 0) {
          wrong.push(
            `${at} ${JSON.stringify(id).slice(0, 60)}: ${others.map(({ method, path }) => `${method} ${path}`).join(', ')}`,
          );
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(targets.length).toBeGreaterThan(60);
    expect(sent).toBeGreaterThan(500);
  });
});
