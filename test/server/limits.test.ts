import { getIntrospectionQuery, type parse, type ParseOptions } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { afterEach, describe, expect, it } from 'vitest';
import { printSdl } from '../../src/schema/sdl.js';
import { buildSchema } from '../../src/schema/index.js';
import { MAX_QUERY_ALIASES, MAX_QUERY_DEPTH, MAX_QUERY_DIRECTIVES } from '../../src/server/plugins/limits.js';
import { startApp, type TestApp } from '../support/app.js';
import { startPlumbing, type PlumbingOptions } from '../support/plumbing.js';

let running: Awaited<ReturnType<typeof startPlumbing>> | undefined;
let app: TestApp | undefined;
afterEach(async () => {
  await running?.close();
  await app?.close();
  running = app = undefined;
});

async function start(options?: PlumbingOptions) {
  running = await startPlumbing(options);
  return running;
}

/** `{ contactLists { nodes { contacts { nodes { lists { … ` of so many levels. */
function nested(levels: number): string {
  const names = ['nodes', 'contacts', 'nodes', 'lists', 'contacts'];
  const path = ['contactLists', 'nodes'];
  for (let at = 1; path.length < levels - 1; at += 1) path.push(names[1 + ((at - 1) % 3)] as string);
  return `{ ${path.join(' { ')} { __typename ${'} '.repeat(path.length)} }`;
}

describe('an operation', () => {
  const refusal = async (query: string) => {
    const { post, upstream } = await start();
    const { body } = await post({ query });
    expect(upstream.calls).toEqual([]);
    expect(body.errors).toHaveLength(1);
    expect(body.errors[0].extensions).toEqual({ code: 'QUERY_TOO_COMPLEX', retryable: false });
    return body.errors[0].message as string;
  };
  const aliases = (count: number) =>
    Array.from({ length: count }, (_, at) => `a${String(at)}: hello`).join(' ');

  it('may have a limited number of aliases, those of fragments counted where they are spread', async () => {
    expect(await refusal(`{ ${aliases(MAX_QUERY_ALIASES + 1)} }`)).toContain('100 aliases');
    await running?.close();
    expect(await refusal(`{ ...F ...F } fragment F on Query { ${aliases(60)} }`)).toContain(
      '100 aliases; a fragment counts each time it is used. ',
    );
    await running?.close();
    const { post } = await start();
    expect((await post({ query: `{ ${aliases(MAX_QUERY_ALIASES)} }` })).body.errors).toBeUndefined();
  });

  it('may have a limited number of directives', async () => {
    const query = `{ hello ${'@skip(if: false) '.repeat(MAX_QUERY_DIRECTIVES + 1)} }`;
    expect(await refusal(query)).toContain('50 directives');
  });

  it('may have a depth that suffices for every use, and no more', async () => {
    app = await startApp({ sandbox: { contacts: 1 } });
    const deep = await app.query(nested(MAX_QUERY_DEPTH + 1));
    expect(deep.errors?.[0].extensions.code).toBe('QUERY_TOO_COMPLEX');
    expect(deep.errors?.[0].message).toContain('20 levels');
    const allowed = await app.query(nested(MAX_QUERY_DEPTH));
    expect(allowed.errors).toBeUndefined();
    expect(allowed.data.contactLists.nodes).not.toEqual([]);
  });

  it('is rejected before slow validation rules run', async () => {
    const { post } = await start();
    const started = process.cpuUsage();
    const many = Array.from({ length: 3_000 }, () => 'a: hello').join(' ');
    expect((await post({ query: `{ ${many} }` })).body.errors[0].extensions.code).toBe('QUERY_TOO_COMPLEX');
    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(1_000);
  });
});

describe('a parsed document', () => {
  /** Counts how often each document is parsed. */
  async function startCounting() {
    const parsed: string[] = [];
    const onParse: Plugin['onParse'] = ({ parseFn, setParseFn }) => {
      setParseFn((source: string, options?: ParseOptions) => {
        parsed.push(source);
        return (parseFn as typeof parse)(source, options);
      });
    };
    const { post } = await start({ app: { plugins: [{ onParse }] } });
    return {
      send: async (query: string) => {
        const operationName = query.startsWith('query first') ? 'first' : undefined;
        expect((await post({ query, operationName })).body.data).toBeTruthy();
      },
      timesParsed: (query: string) => parsed.filter((text) => text === query).length,
    };
  }

  it('is cached without its comments, which would fill the cache', async () => {
    const { send, timesParsed } = await startCounting();
    const small = '{ hello }';
    const comments = `{ __typename }${'#\n'.repeat(120_000)}`;
    for (const query of [small, comments, small, comments]) await send(query);
    expect(timesParsed(small)).toBe(1);
    expect(timesParsed(comments)).toBe(1);
  });

  it('stays cached while it is used, however many others are sent', async () => {
    const { send, timesParsed } = await startCounting();
    const used = '{ hello }';
    // 7,000 tokens each: five per operation.
    const operations = (of: number) =>
      Array.from({ length: 1_400 }, (_, at) => `query q${String(of)}_${String(at)} { hello }`).join(' ');
    const others = Array.from({ length: 25 }, (_, at) => `query first { hello } ${operations(at)}`);
    for (const other of others) {
      await send(used);
      await send(other);
    }
    expect(timesParsed(used)).toBe(1);
    await send(others[0]!);
    expect(timesParsed(others[0]!)).toBe(2);
  });
});

describe('introspection', () => {
  it('answers the query of common tools', async () => {
    app = await startApp({ sandbox: { contacts: 1 } });
    const { data, errors } = await app.query(getIntrospectionQuery());
    expect(errors).toBeUndefined();
    expect(data.__schema.types.length).toBeGreaterThan(300);
  });

  it('reveals nothing when it is off: no schema, no SDL', async () => {
    const { post } = await start({ app: { introspection: false, schema: buildSchema() } });
    for (const query of [
      getIntrospectionQuery(),
      '{ __type(name: "Query") { name } }',
      '{ a: __schema { description } }',
      '{ _service { sdl } }',
      'fragment F on Query { _service { sdl } } { ...F }',
    ]) {
      const { body } = await post({ query });
      expect(body.data, query).toBeUndefined();
      expect(body.errors[0].extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    }
    expect((await post({ query: '{ __typename rateLimit { __typename } }' })).body.errors).toBeUndefined();
  });

  const contacts = 'query ($f: ContactsFilter) { contacts(filter: $f) { nodes { id } } }';
  const list =
    'mutation ($i: CreateContactListInput!) { createContactList(input: $i) { userErrors { code } } }';
  const event = 'subscription ($i: ID!, $f: ContactStatus) { bulkActivityProgress(id: $i) { id } }';
  it.each<[string, object]>([
    ['a field', { query: '{ contact { id } }' }],
    ['a field of the root', { query: '{ contacs { nodes { id } } }' }],
    ['an argument', { query: '{ contacts(firs: 1) { nodes { id } } }' }],
    ['a type', { query: 'query ($f: ContactsFilte) { contacts(filter: $f) { nodes { id } } }' }],
    ['a type of a fragment', { query: '{ node(id: "x") { ... on Contac { id } } }' }],
    ['a directive', { query: '{ __typename @skp(if: true) }' }],
    ['an enum value', { query: '{ contacts(filter: { status: [ACTIV] }) { nodes { id } } }' }],
    ['an enum value as text', { query: '{ contacts(filter: { status: ["ACTIVE"] }) { nodes { id } } }' }],
    ['an input field', { query: '{ contacts(filter: { statu: [ACTIVE] }) { nodes { id } } }' }],
    ['an enum value of a variable', { query: contacts, variables: { f: { status: ['ACTIV'] } } }],
    ['an input field of a variable', { query: contacts, variables: { f: { statu: ['ACTIVE'] } } }],
    ['a variable of a mutation', { query: list, variables: { i: { name: 'x', favorit: true } } }],
    [
      'a value with a suggestion',
      { query: contacts, variables: { f: { status: ['Did you mean ? ACTIV'] } } },
    ],
    ['a subscription', { query: event, variables: { i: 'x', f: 'ACTIV' } }],
    ['an operation name', { query: 'query A { __typename } query B { __typename }', operationName: 'C' }],
  ])('gives no suggestions at %s when it is off, whatever the request', async (_, body) => {
    const { app: off, post } = await start({ app: { introspection: false, schema: buildSchema() } });
    const answers = [JSON.stringify((await post(body)).body)];
    const { query, variables = {}, operationName = '' } = body as Record<string, string>;
    const get = new URLSearchParams({ query: query!, variables: JSON.stringify(variables), operationName });
    answers.push(await (await off.fetch(`http://facade.test/graphql?${String(get)}`)).text());
    const events = await off.fetch('http://facade.test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify(body),
    });
    answers.push(await events.text());
    for (const answer of answers) {
      expect(answer).toContain('"errors"');
      expect(answer).not.toContain('Did you mean');
    }
  });

  it('does not name the members of an input when it is off', async () => {
    const { post } = await start({ app: { introspection: false, schema: buildSchema() } });
    const query = 'query ($f: AccountEmailsFilter) { accountEmails(filter: $f) { emailId } }';
    for (const body of [
      { query, variables: { f: {} } },
      { query: query.replace(/ \(\$f.*?\)/, '').replace('$f', '{}') },
    ])
      expect((await post(body)).body.errors[0].message).not.toContain('confirmStatus');
  });

  it.each([
    ['an unknown argument', '{ contacts(limit: 1) { nodes { id } } }', 'filter'],
    ['an argument for paging backwards', '{ contacts(last: 1) { nodes { id } } }', 'first'],
    ['a field of the rows', '{ contacts { firstName } }', 'nodes'],
  ])('does not name other members at %s when it is off', async (_, query, member) => {
    const { post } = await start({ app: { introspection: false, schema: buildSchema() } });
    expect((await post({ query })).body.errors[0].message).not.toContain(member);
  });

  it('is on by default, including for the gateway', async () => {
    app = await startApp({ sandbox: { contacts: 1 } });
    const { data } = await app.query('{ _service { sdl } }');
    expect(data._service.sdl).toContain('type Contact');
    expect(printSdl(buildSchema())).toContain('type Contact');
  });
});

describe('GraphiQL', () => {
  it('can be switched off', async () => {
    const { app: off } = await start({ app: { graphiql: false } });
    const response = await off.fetch('http://facade.test/graphql', { headers: { accept: 'text/html' } });
    expect(response.headers.get('content-type') ?? '').not.toContain('text/html');
    expect(response.status).toBeGreaterThanOrEqual(400);
  });
});

describe('HTTP headers', () => {
  it('forbid framing and caching, also for other pages', async () => {
    const { app: any } = await start();
    const { headers } = await any.fetch('http://facade.test/graphql?query={hello}');
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'private, no-store',
      'content-security-policy': "frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
  });

  it('of a request that embeds a response as an image or a script get it rejected', async () => {
    const { app: any, upstream } = await start();
    for (const site of ['cross-site', 'same-site']) {
      const response = await any.fetch('http://facade.test/graphql?query={account}', {
        headers: { 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' },
      });
      expect(response.status).toBe(403);
    }
    expect(upstream.calls).toEqual([]);
  });
});
