import { existsSync, readdirSync, readFileSync } from 'node:fs';
import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  parse,
  validate,
  type GraphQLField,
  type GraphQLNamedType,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccountSizes } from '../../src/constant-contact/cache/account-sizes.js';
import { encodeGlobalId } from '../../src/resolvers/support/global-id.js';
import { encodeCursor } from '../../src/resolvers/support/cursor.js';
import { buildSchema } from '../../src/schema/index.js';
import type { Cost } from '../../src/schema/cost.js';
import { DEFAULT_MAX_QUERY_COST } from '../../src/config/variables.js';
import { rememberQueryCosts } from '../../src/server/known-query-costs.js';
import { queryCostOf, type QueryCost } from '../../src/server/query-cost.js';
import { TooManyFields } from '../../src/server/selected-fields.js';
import { startApp, type TestApp } from '../support/app.js';
import { manualClock } from '../support/clock.js';
import { recordIds } from '../support/example-variables.js';
import { LARGEST_ACCOUNT } from '../support/largest-account.js';
import { json, startPlumbing } from '../support/plumbing.js';
import { randomQueries } from '../support/random-query.js';

const schema = buildSchema();
const UUID = '0a1b2c3d-0000-11ee-8000-000000000001';

function queryCostOfText(query: string, variableValues?: Record<string, unknown>): QueryCost {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  return queryCostOf({ schema, document, variableValues });
}
const largestTotalOf = (query: string, variableValues?: Record<string, unknown>) =>
  queryCostOf({ schema, document: parse(query), variableValues, known: LARGEST_ACCOUNT }).total;
const totalOf = (query: string, variables?: Record<string, unknown>) =>
  queryCostOfText(query, variables).total;

function fieldsOf(type: GraphQLNamedType): GraphQLField<unknown, unknown>[] {
  const named = isObjectType(type) || isInterfaceType(type) ? type : null;
  return named && !named.name.startsWith('__') ? Object.values(named.getFields()) : [];
}
const costAt = (field: GraphQLField<unknown, unknown>) => field.extensions['cost'] as Cost | undefined;

it('a variable with an unusual name hides no cost', () => {
  const query = (name: string) =>
    `query ($${name}: String, $first: Int!) { contacts(first: $first, after: $${name}) { nodes { lists { contacts { nodes { contactId } } } } } }`;
  const cost = largestTotalOf(query('after'), { first: 50 });
  expect(cost).toBeGreaterThan(1_000);
  expect(largestTotalOf(query('__proto__'), { first: 50 })).toBe(cost);
});

describe('the declarations include', () => {
  const all = Object.values(schema.getTypeMap()).flatMap((type) =>
    fieldsOf(type).map((field) => ({ type, field, at: `${type.name}.${field.name}` })),
  );

  it('a cost for every field whose description mentions REST calls', () => {
    const telling = all.filter(({ field }) => /REST call/.test(field.description ?? ''));
    expect(telling.length).toBeGreaterThan(200);
    expect(telling.filter(({ field }) => !costAt(field)).map(({ at }) => at)).toEqual([]);
  });

  it('a cost for every query and mutation', () => {
    const roots = all.filter(({ at }) => /^(Query|Mutation)\.(?!_service)/.test(at));
    expect(roots.filter(({ field }) => !costAt(field)).map(({ at }) => at)).toEqual([]);
  });

  it('the maximum number of objects of a list with fields below it that cost calls', () => {
    const costly = new Set<string>();
    const costs = (type: GraphQLNamedType): boolean =>
      fieldsOf(type).some((field) => {
        const parts = costAt(field)?.parts ?? [];
        return (
          parts.some(({ once }) => once?.per !== 'operation') || costly.has(getNamedType(field.type).name)
        );
      });
    for (let before = -1; before < costly.size;) {
      before = costly.size;
      for (const type of Object.values(schema.getTypeMap())) if (costs(type)) costly.add(type.name);
    }
    const undeclared = all.filter(
      ({ type, field }) =>
        isListType(getNullableType(field.type)) &&
        isCompositeType(getNamedType(field.type)) &&
        !type.name.endsWith('Connection') &&
        costly.has(getNamedType(field.type).name) &&
        !costAt(field)?.rows &&
        !costAt(field)?.sameRows,
    );
    expect(undeclared.map(({ at }) => at)).toEqual([]);
  });
});

describe('the cost of an operation', () => {
  it.each([
    ['no call for loaded data', '{ rateLimit { usedToday } }', 0],
    ['a page', '{ contacts(first: 500) { nodes { contactId } } }', 1],
    ['pages', '{ contacts(first: 1001) { nodes { contactId } } }', 3],
    ['a call for each row', '{ contacts(first: 60) { nodes { smsEngagementHistory { source } } } }', 61],
    ['a default page', '{ contacts { nodes { smsEngagementHistory { source } } } }', 51],
    ['edges as well', '{ contacts(first: 60) { edges { node { smsEngagementHistory { source } } } } }', 61],
    ['many ids per call', '{ emailCampaigns(first: 500) { nodes { stats { lastRefreshTime } } } }', 5],
    ['ids alone', '{ contacts(first: 500) { nodes { tags { tagId } } } }', 1],
    [
      'reference data once',
      '{ contacts(first: 500) { nodes { tags { name } } } a: tags { nodes { name } } }',
      3,
    ],
    ['aliases once', '{ a: account { name: organizationName } b: account { name: organizationName } }', 1],
    ['fields that merge once', '{ account { organizationName } account { website } }', 1],
    ['no skipped fields', '{ account @skip(if: true) { website } rateLimit { usedToday } }', 0],
    ['fields that share a call', '{ events(first: 10) { nodes { currency code timeZone } } }', 11],
    [
      'a read for each of 500 campaigns',
      '{ emailCampaigns(first: 500) { nodes { primaryActivity { subject } } } }',
      1_001,
    ],
    [
      'nesting',
      '{ contacts(first: 10) { nodes { activityDetails(first: 10) { nodes { kind: __typename } } } } }',
      11,
    ],
    ['a node by its type', `{ node(id: "${encodeGlobalId('Contact', UUID)}") { id } }`, 1],
    ['no invalid ids', '{ node(id: "x") { id } }', 0],
    ['a client account as a scan', `{ node(id: "${encodeGlobalId('PartnerAccount', 'a1')}") { id } }`, 3],
    [
      'the reads before and after a write',
      'mutation { upsertContact(input: { emailAddress: { address: "a@b.co" } }) { action } }',
      4,
    ],
    [
      'a fragment where it is spread',
      'fragment F on Account { website } { a: account { ...F } b: account { ...F } }',
      1,
    ],
  ])('includes %s', (_, query, total) => {
    expect(totalOf(query)).toBe(total);
  });

  it('depends on variables', () => {
    const query = 'query ($n: Int) { contacts(first: $n) { nodes { smsEngagementHistory { source } } } }';
    expect(totalOf(query, { n: 7 })).toBe(8);
    expect(totalOf(query)).toBe(51);
    expect(totalOf(query, { n: 'seven' })).toBe(0);
  });

  it('never exceeds a scan of a large account for contacts by id', () => {
    const query =
      '{ emailCampaignActivity(id: "x") { opens(first: 10000) { nodes { contact { notes { content } } } } } }';
    expect(totalOf(query)).toBe(20 + 201);
  });

  it('never counts more lists and tags than an account can have', () => {
    const members = 'contacts(first: 20) { nodes { contactId } }';
    const lists = (first: number) =>
      `{ contacts(first: ${String(first)}) { nodes { lists { ${members} } } } }`;
    expect(largestTotalOf(lists(10))).toBe(1 + 1 + 10 + 10 * 50);
    expect(largestTotalOf(lists(500))).toBe(1 + 1 + 100 + 1_000);
    expect(totalOf(lists(500))).toBe(1 + 1 + 1 + 50);
    const deep = `{ contacts(first: 500) { nodes { tags { contacts(first: 20) { nodes { tags { ${members} } } } } } } }`;
    expect(largestTotalOf(deep)).toBe(1 + 2 + 1_000 + 1_000);
    expect(largestTotalOf(`{ contactLists(first: 5000) { nodes { ${members} } } }`)).toBe(1 + 1_000);
  });

  it('counts enlarged pages after a cursor that was made with small pages', () => {
    const after = encodeCursor('scope', { position: 'cursor=x', limit: 1, index: 0 });
    expect(totalOf(`{ contacts(first: 1000, after: "${after}") { nodes { contactId } } }`)).toBe(3);
    expect(totalOf('{ contacts(first: 1000, after: "no cursor") { nodes { contactId } } }')).toBe(3);
  });

  it('counts reference data again after each mutation', () => {
    const one = 'updateTag(input: { id: "x", name: "y" }) { tag { contactsCount } }';
    expect(totalOf(`mutation { a: ${one} b: ${one} }`)).toBe(2 * (1 + 1 + 2));
  });

  it('includes pages of objects that aliases reach one after the other', () => {
    const details = (first: number) =>
      `nodes { activityDetails(first: ${String(first)}) { totalCount: __typename } }`;
    const of = (a: number, b: number) =>
      totalOf(`{ a: contacts(first: 2) { ${details(a)} } b: contacts(first: 501) { ${details(b)} } }`);
    expect(of(3, 40)).toBe(2 + 2 + 501);
  });

  it('includes entities that a gateway requests', () => {
    const query =
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Contact { smsEngagementHistory { source } } } }';
    const r = Array.from({ length: 30 }, (_, id) => ({ __typename: 'Contact', contactId: String(id) }));
    expect(totalOf(query, { r })).toBe(30 + 3 + 30);
  });

  it('has a bound for operations that expand exponentially', () => {
    const spread = (n: number) =>
      `fragment F${String(n)} on ContactList { contacts { nodes { lists { ...F${String(n + 1)} } tags { contacts { nodes { lists { ...F${String(n + 1)} } } } } } } }`;
    const query = `{ contactList(id: "x") { ...F0 } } ${Array.from({ length: 14 }, (_, n) => spread(n)).join(' ')} fragment F14 on ContactList { name }`;
    expect(() => queryCostOf({ schema, document: parse(query) })).toThrow(TooManyFields);
  });
});

describe('the known size of the account', () => {
  const campaigns = '{ emailCampaigns(first: 800) { nodes { primaryActivity { subject } } } }';
  const total = (known?: AccountSizes) => queryCostOf({ schema, document: parse(campaigns), known }).total;

  it('replaces the usual size, with a margin', () => {
    const sizes = new AccountSizes();
    expect(total(sizes)).toBe(total());
    sizes.note('email campaigns', 200);
    expect(total(sizes)).toBe(1 + 2 * 220);
    sizes.note('email campaigns', 3_000);
    expect(total(sizes)).toBe(2 + 2 * 800);
  });

  it('is a lower bound only when further pages follow', () => {
    const sizes = new AccountSizes();
    sizes.note('email campaigns', 51, { isLeast: true });
    expect(total(sizes)).toBe(total());
    sizes.note('email campaigns', 501, { isLeast: true });
    expect(total(sizes)).toBe(2 + 2 * 501);
  });

  it('makes lists count as long for a while after one was found to be', async () => {
    const clock = manualClock();
    const sizes = new AccountSizes(clock);
    const links = '{ emailCampaignActivity(id: "x") { links { clicks(first: 1) { nodes { contactId } } } } }';
    const costs = rememberQueryCosts();
    const document = parse(links);
    const cost = () => costs({ schema, document, known: sizes }).total;
    const usual = cost();
    sizes.noteLongLists();
    expect(cost()).toBeGreaterThan(usual);
    await clock.advance(600_000);
    expect(cost()).toBe(usual);
  });

  it('keeps the queries of the documentation within a low limit', async () => {
    const app = await startApp({ maxQueryCost: 200 });
    try {
      for (const [query, calls] of [
        ['{ contactLists(first: 100) { nodes { name membershipCount activeMembershipCount } } }', 2],
        [
          '{ emailCampaigns(first: 20) { nodes { name primaryActivity { subject recipients { lists { name membershipCount } } } } } }',
          42,
        ],
      ] as const) {
        const { errors, extensions } = await app.query(query);
        expect(errors).toBeUndefined();
        expect(extensions.upstream.calls).toBe(calls);
      }
      const events =
        '{ events(first: 100) { nodes { registrations(first: 20) { nodes { tickets { name } } } } } }';
      const { errors } = await app.query(events);
      expect(errors?.[0].extensions.cost).toBeLessThan(totalOf(events));
      expect(errors?.[0].extensions.cost).toBeLessThanOrEqual(1_188);
    } finally {
      await app.close();
    }
  });
});

describe('example queries', () => {
  const operationsDirectory = new URL('../../examples/operations/', import.meta.url);
  const tasks = new URL('../../examples/', import.meta.url);
  const read = (directory: URL, name: string) => {
    const variables = new URL(`${name}.variables.json`, directory);
    return {
      query: readFileSync(new URL(`${name}.graphql`, directory), 'utf8'),
      variables: existsSync(variables)
        ? (JSON.parse(readFileSync(variables, 'utf8')) as Record<string, unknown>)
        : {},
    };
  };

  it('are all within the limit', () => {
    for (const directory of [operationsDirectory, tasks]) {
      const names = readdirSync(directory).flatMap((file) => /^(.+)\.graphql$/.exec(file)?.[1] ?? []);
      for (const name of names) {
        const { query, variables } = read(directory, name);
        const document = parse(query);
        for (const definition of document.definitions) {
          if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
          const { total } = queryCostOf({
            schema,
            document,
            operationName: definition.name?.value,
            variableValues: variables,
          });
          expect(total, name).toBeLessThanOrEqual(DEFAULT_MAX_QUERY_COST);
        }
      }
    }
  });
});

describe('random queries', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ sandbox: { contacts: 300 } });
  });
  afterAll(() => app.close());

  it('never exceed their query cost, and never request the same data twice', async () => {
    let calls = 0;
    const over: string[] = [];
    const again: string[] = [];
    for (const query of randomQueries(schema, app.sandbox.account(), {
      seed: 5,
      count: 250,
      optional: 0.3,
    })) {
      const { total } = queryCostOfText(query);
      if (total > 300) continue;
      app.resetCalls();
      const { extensions } = await app.query(query);
      // Members of a segment are asked for again where they are still computed.
      const read = app.sandbox.journal.entries
        .filter(({ method, status }) => method === 'GET' && status === 200)
        .map(({ path, query: asked }) => `${path}?${asked}`);
      if (new Set(read).size < read.length)
        again.push(read.filter((one, at) => read.indexOf(one) < at).join('\n') + '\n' + query);
      if (extensions.upstream.calls > total) {
        over.push(`${extensions.upstream.calls} > ${total}: ${query}`);
      }
      calls += extensions.upstream.calls as number;
    }
    expect(over).toEqual([]);
    expect(again).toEqual([]);
    expect(calls).toBeGreaterThan(500);
  });
});

describe('calls within the query cost', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ sandbox: { contacts: 60 } });
  });
  afterAll(() => app.close());

  /** Response of a query that succeeds, with its cost and the number of its calls. */
  async function run(query: string, variables?: Record<string, unknown>) {
    const { total: cost } = queryCostOf({
      schema,
      document: parse(query),
      variableValues: variables,
      known: app.sizes(),
    });
    app.resetCalls();
    const { data, errors } = await app.query(query, { variables });
    expect(errors).toBeUndefined();
    const calls = app.calls().length;
    expect(calls).toBeLessThanOrEqual(cost);
    return { data, calls, cost };
  }
  const addresses = () =>
    [...app.sandbox.account().contacts].flatMap(({ email }) => email?.address ?? []).slice(0, 3);

  it('includes addresses and client accounts that a gateway requests', async () => {
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) {
      ... on ContactEmailAddress { address contact { emailAddress { address } } } ... on PartnerAccount { encodedAccountId }
    } }`;
    const byAddress = addresses().map((address) => ({ __typename: 'ContactEmailAddress', address }));
    const found = await run(query, { r: byAddress });
    expect(found.data._entities.map(({ address }: { address: string }) => address)).toEqual(addresses());
    expect(found).toMatchObject({ calls: 3, cost: 3 });

    const nobody = ['nobody@example.com', 'Nobody@example.com', 'NOBODY@example.com'];
    const spelled = nobody.map((address) => ({ __typename: 'ContactEmailAddress', address }));
    expect(await run(query, { r: spelled })).toMatchObject({
      data: { _entities: [null, null, null] },
      calls: 3,
      cost: 3,
    });

    const clients = [...app.sandbox.account().partnerAccounts].slice(0, 3);
    const keys = clients.map(({ encoded_account_id }) => ({ encodedAccountId: encoded_account_id }));
    const accounts = await run(query, { r: keys.map((key) => ({ __typename: 'PartnerAccount', ...key })) });
    expect(accounts).toMatchObject({ data: { _entities: keys }, cost: 3 });
    expect(accounts.calls).toBeGreaterThan(0);
  });

  it('includes fields of the same name on different types', async () => {
    const { campaigns, campaignActivities } = app.sandbox.account();
    const sent = [...campaignActivities].find(
      ({ status, role }) => status === 'DONE' && role === 'primary_email',
    );
    const campaign = [...campaigns].find(({ campaign_id }) => campaign_id === sent?.campaign_id);
    const ids = [
      encodeGlobalId('EmailCampaign', campaign?.campaign_id ?? ''),
      encodeGlobalId('EmailCampaignActivity', sent?.campaign_activity_id ?? ''),
    ];
    const { data, calls, cost } = await run(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on EmailCampaign { stats { sends } } ... on EmailCampaignActivity { stats { sends } } } }',
      { ids },
    );
    const sends = expect.any(Number) as number;
    expect(data.nodes).toEqual([{ stats: { sends } }, { stats: { sends } }]);
    expect({ calls, cost }).toEqual({ calls: 2, cost: 2 });
  });

  it('includes pages that aliases read in different sizes', async () => {
    const cursors = await run('{ contacts(first: 3) { pageInfo { endCursor } } }');
    const after: string = cursors.data.contacts.pageInfo.endCursor;
    const later = await run(
      'query ($c: String) { a: contacts(first: 1, after: $c) { ...Ids } b: contacts(first: 20, after: $c) { ...Ids } c: contacts(first: 40, after: $c) { ...Ids } } fragment Ids on ContactConnection { nodes { id } }',
      { c: after },
    );
    expect(later.data.b.nodes).toEqual(later.data.c.nodes.slice(0, 20));
    expect(later.data.a.nodes).toEqual(later.data.b.nodes.slice(0, 1));
    expect(later).toMatchObject({ calls: 3, cost: 6 });

    const exact = await run(
      '{ a: emailCampaignSummaries(first: 3) { nodes { campaignId } pagePercents { __typename } } b: emailCampaignSummaries(first: 5) { nodes { campaignId } } c: emailCampaignSummaries(first: 7) { nodes { campaignId } } }',
    );
    expect(exact.data.a.nodes).toEqual(exact.data.c.nodes.slice(0, 3));
    expect(exact).toMatchObject({ calls: 3, cost: 3 });

    const tagged = await run(
      '{ tags(first: 2) { nodes { a: contacts(first: 3) { nodes { id } } b: contacts(first: 40) { nodes { id } } } } }',
    );
    for (const { a, b } of tagged.data.tags.nodes) expect(a.nodes).toEqual(b.nodes.slice(0, 3));
    expect(tagged.cost).toBe(5);
  });

  it('counts a page once for aliases that read it in the same moment', async () => {
    const events = await run(
      '{ events(first: 2) { nodes { a: registrations(first: 3) { nodes { id } } b: registrations(first: 40) { nodes { id } } } } }',
    );
    expect(events).toMatchObject({ calls: 5, cost: 5 });
    const contacts = await run(
      '{ a: contacts(first: 3) { nodes { id } } b: contacts(first: 40) { nodes { id } } }',
    );
    expect(contacts).toMatchObject({ calls: 1, cost: 1 });
  });

  it('is raised for ids that no page of campaigns, events or bulk activities has', async () => {
    const { campaigns, events } = app.sandbox.account();
    const campaignIds = [...campaigns].slice(1, 6).map((row) => row.campaign_id);
    const eventIds = [...events].slice(0, 3).map((row) => row.event_id);
    const unknown = Array.from({ length: 4 }, (_, at) => `${String(at)}${UUID.slice(1)}`);
    const cases = [
      ['EmailCampaign', 'campaignId', campaignIds, 'name updatedAt lastSentAt'],
      ['Event', 'eventId', eventIds, 'status'],
      ['Event', 'eventId', eventIds, 'status registrationSummary { registrations }'],
      ['BulkActivity', 'activityId', [], 'state'],
    ] as const;
    for (const [type, key, existing, fields] of cases) {
      const keys = [...existing, ...unknown];
      const query = `query ($ids: [ID!]!, $r: [_Any!]!) {
        nodes(ids: $ids) { ... on ${type} { ${key} ${fields} } }
        _entities(representations: $r) { ... on ${type} { ${key} ${fields} } }
      }`;
      const variables = {
        ids: keys.map((id) => encodeGlobalId(type, id)),
        r: keys.map((id) => ({ __typename: type, [key]: id })),
      };
      // The size of the account is known the second time.
      for (const time of ['first', 'second']) {
        app.resetCalls();
        const { data, errors } = await app.query(query, { variables });
        expect(errors, `${type}, ${time} time`).toBeUndefined();
        const found = keys.map((id) =>
          unknown.includes(id) ? null : (expect.objectContaining({ [key]: id }) as unknown),
        );
        expect(data).toEqual({ nodes: found, _entities: found });
        const scans = type === 'EmailCampaign' ? 2 : 1;
        expect(app.calls().length, type).toBeLessThanOrEqual(scans + unknown.length);
      }
    }
  });

  it('is raised for a report that has grown since it was read', async () => {
    const app = await startApp();
    try {
      const { campaignActivityId } = recordIds(app);
      const variables = { campaignActivityId };
      const query =
        'query ($campaignActivityId: ID!) { emailCampaignActivity(id: $campaignActivityId) { bounces(first: 100) { nodes { contact { phoneNumbers { number } } } } } }';
      const document = parse(query);
      const cost = () =>
        queryCostOf({ schema, document, variableValues: variables, known: app.sizes() }).total;
      app.sizes().notePart('rows', `bounces ${String(campaignActivityId)}`, 0);
      expect(cost()).toBe(1);
      const { data, errors } = await app.query(query, { variables });
      expect(errors).toBeUndefined();
      const { nodes } = data.emailCampaignActivity.bounces;
      expect(nodes.length).toBeGreaterThan(1);
      expect(app.calls().length).toBeGreaterThan(1);
      expect(cost()).toBeGreaterThanOrEqual(app.calls().length);
    } finally {
      await app.close();
    }
  });

  it('limits a request of a gateway', async () => {
    const limited = await startApp({ sandbox: { contacts: 10 }, maxQueryCost: 2 });
    try {
      const representations = ['a', 'b', 'c'].map((name) => ({
        __typename: 'ContactEmailAddress',
        address: `${name}@example.com`,
      }));
      const { errors } = await limited.query(
        'query ($r: [_Any!]!) { _entities(representations: $r) { ... on ContactEmailAddress { address } } }',
        { variables: { r: representations } },
      );
      expect(errors?.[0].extensions).toMatchObject({ code: 'QUERY_TOO_EXPENSIVE', cost: 3, limit: 2 });
      expect(limited.calls()).toEqual([]);
    } finally {
      await limited.close();
    }
  });
});

describe('the limit on query cost', () => {
  it('does not depend on a caller that leaves while the size of the account is read', async () => {
    const app = await startApp({ sandbox: { contacts: 30 } });
    try {
      const query = '{ contacts(first: 1100) { nodes { smsEngagementHistory { source } } } }';
      app.sandbox.faults.script({ operationId: 'getContacts', fault: { kind: 'stall' } });
      const caller = new AbortController();
      const leaving = app.query(query, { signal: caller.signal }).catch(() => 'left');
      await expect.poll(() => app.calls()).toEqual(['getContacts']);
      const waiting = app.query(query);
      caller.abort();
      expect(await leaving).toBe('left');
      for (const { errors, data } of [await waiting, await app.query(query)]) {
        expect(errors).toBeUndefined();
        expect(data.contacts.nodes.length).toBeGreaterThan(0);
      }
      // The abandoned read, its repetition, and a page for each query.
      expect(app.calls().filter((id) => id === 'getContacts')).toHaveLength(4);
    } finally {
      await app.close();
    }
  });

  it.each([
    ['the day is spent', { kind: 'quotaExceeded' }, 'QUOTA_EXHAUSTED', true],
    ['connections fail', { kind: 'reset' }, 'UPSTREAM_UNAVAILABLE', true],
    ['the API throttles', { kind: 'throttled' }, 'RATE_LIMITED', true],
    ['the API has no valid answer', { kind: 'html', status: 200 }, 'UPSTREAM_INVALID_RESPONSE', false],
    ['the token is refused', { kind: 'status', status: 401 }, 'UNAUTHENTICATED', false],
  ] as const)(
    'is not said to be exceeded when the size cannot be read: %s',
    async (_why, fault, code, retryable) => {
      const clock = manualClock();
      const app = await startApp({
        sandbox: { contacts: 30, clock },
        client: { clock, random: () => 0 },
        maxQueryCost: 50,
      });
      try {
        const query = '{ contacts(first: 10000) { nodes { activityDetails(first: 1) { nodes { type } } } } }';
        app.sandbox.faults.script({ fault, times: Infinity });
        const failed = await clock.run(app.query(query));
        expect(failed.errors).toHaveLength(1);
        expect(failed.errors?.[0].extensions).toMatchObject({ code, retryable });
        app.sandbox.faults.clear();
        if (code === 'QUOTA_EXHAUSTED') await clock.advance(86_400_000);
        app.resetCalls();
        const { data, errors } = await clock.run(app.query(query));
        expect(errors).toBeUndefined();
        const found = data.contacts.nodes.length as number;
        expect(found).toBeGreaterThan(20);
        // The size, the page, and the details of each contact.
        expect(app.calls()).toHaveLength(2 + found);
      } finally {
        await app.close();
      }
    },
  );

  it('is not looked up again for a minute when the API has refused it', async () => {
    const clock = manualClock();
    const app = await startApp({ sandbox: { clock }, client: { clock }, maxQueryCost: 50 });
    try {
      const query = '{ contacts(first: 10000) { nodes { activityDetails(first: 1) { nodes { type } } } } }';
      app.sandbox.faults.script({ fault: { kind: 'status', status: 403 }, times: Infinity });
      for (const calls of [1, 1, 2]) {
        expect((await app.query(query)).errors?.[0].extensions.code).toBe('QUERY_TOO_EXPENSIVE');
        expect(app.calls()).toHaveLength(calls);
        await clock.advance(30_000);
      }
    } finally {
      await app.close();
    }
  });

  it('rejects an operation above it, names the expensive fields, and makes no call', async () => {
    const app = await startApp();
    try {
      await app.query('{ contacts(first: 1) { totalCount } }');
      app.resetCalls();
      const { status, data, errors } = await app.query(
        '{ contacts(first: 1100) { nodes { smsEngagementHistory { source } } } }',
      );
      expect(status).toBe(200);
      expect(data).toBeUndefined();
      expect(errors).toHaveLength(1);
      expect(errors?.[0].extensions).toEqual({
        code: 'QUERY_TOO_EXPENSIVE',
        retryable: false,
        cost: 3 + 1_100,
        limit: 1_000,
        dearest: [
          { field: 'contacts.nodes.smsEngagementHistory', calls: 1_100 },
          { field: 'contacts', calls: 3 },
        ],
      });
      expect(errors?.[0].message).toBe(
        'This query costs 1103 REST calls; the limit for one operation is 1000. Most expensive: contacts.nodes.smsEngagementHistory 1100, contacts 3. Ask for `first: 997` at contacts, or leave out contacts.nodes.smsEngagementHistory (1100).',
      );
      expect(app.calls()).toEqual([]);
    } finally {
      await app.close();
    }
  });

  it('is configurable', async () => {
    const { post, close } = await startPlumbing({ upstream: json(200, {}), app: { maxQueryCost: 0 } });
    expect((await post({ query: '{ hello }' })).body.data).toEqual({ hello: 'hello you' });
    await close();
  });
});
