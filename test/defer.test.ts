import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';
import { campaignIn } from './support/campaigns.js';
import { manualClock, type ManualClock } from './support/clock.js';
import { openEvents } from './support/events.js';
import { merge, partsOf } from './support/parts.js';
import { connectSocket } from './support/websocket.js';

let app: TestApp;
let clock: ManualClock;
let id: string;

beforeEach(async () => {
  clock = manualClock();
  app = await startApp({
    sandbox: { contacts: 60, clock: { now: clock.now } },
    client: { clock, attemptTimeoutMs: 600_000, random: () => 0 },
  });
  id = campaignIn(app, 'DONE').campaign.campaign_id;
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
  expect(clock.pending()).toBe(0);
});

async function parts(
  query: string,
  headers: Record<string, string> = {},
): Promise<AsyncGenerator<any, void>> {
  const response = await app.fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'multipart/mixed', ...headers },
    body: JSON.stringify({ query, variables: { id } }),
  });
  expect(response.headers.get('content-type')).toMatch('multipart/mixed');
  return partsOf(response);
}

async function all(query: string): Promise<any[]> {
  const seen: any[] = [];
  for await (const part of await parts(query)) seen.push(part);
  return seen;
}

const next = async (answer: AsyncGenerator<any, void>) => (await answer.next()).value;

/** The same operation, as it is and with a part of it deferred. */
const report = (directive = '') => `query ($id: ID!) {
  emailCampaign(id: $id) {
    name
    status
    ... ${directive} { stats { opens } primaryActivity { subject recipients { lists { name } } } }
  }
}`;

describe('a deferred report', () => {
  it('arrives after the rest, and equals the undeferred report for the same REST calls', async () => {
    const whole = await app.query(report(), { variables: { id } });
    const calls = app.calls();
    app.resetCalls();
    const seen = await all(report('@defer(label: "report")'));
    expect(seen[0]).toMatchObject({ data: { emailCampaign: { status: 'DONE' } }, hasNext: true });
    expect(seen[0].data.emailCampaign).not.toHaveProperty('stats');
    const [late] = seen.flatMap(({ incremental = [] }) => incremental);
    expect(late).toMatchObject({ path: ['emailCampaign'], label: 'report' });
    expect(merge(seen)).toEqual(whole.data);
    expect(seen.at(-1).hasNext).toBe(false);
    expect([...app.calls()].sort()).toEqual([...calls].sort());
    // Each part reports the calls until then.
    expect(seen[0].extensions.upstream.calls).toBeLessThanOrEqual(calls.length);
    expect(seen.at(-1).extensions.upstream.calls).toBe(calls.length);
  });

  it('costs no more for rows: the deferred fragments of all rows are loaded together', async () => {
    const rows = (directive: string) =>
      `{ emailCampaigns(first: 40) { nodes { campaignId ... ${directive} { stats { opens } } } } }`;
    const whole = await app.query(rows(''));
    const calls = app.calls();
    app.resetCalls();
    const seen = await all(rows('@defer'));
    expect(merge(seen)).toEqual(whole.data);
    expect([...app.calls()].sort()).toEqual([...calls].sort());
  });

  it('does not delay the first part, and ends with the time limit of the operation, with error codes', async () => {
    app.sandbox.faults.script({ operationId: 'getEmailSummary', fault: { kind: 'stall' } });
    const answer = await parts(
      'query ($id: ID!) { emailCampaign(id: $id) { name ... @defer { stats { opens } } } }',
    );
    const first = await next(answer);
    expect(first.data.emailCampaign.name).toBeTruthy();
    const late = next(answer);
    await clock.advance(120_000);
    const { incremental, hasNext } = await late;
    expect(hasNext).toBe(false);
    expect(incremental).toMatchObject([
      {
        data: { stats: null },
        errors: [
          { path: ['emailCampaign', 'stats'], extensions: { code: 'UPSTREAM_TIMEOUT', retryable: true } },
        ],
      },
    ]);
    expect(JSON.stringify(incremental)).not.toContain('unexpected');
    await answer.return();
  });

  it.each([
    ['accepts parts', 'multipart/mixed'],
    ['accepts either', 'application/json, multipart/mixed'],
  ])('is cancelled when a client disconnects that %s', async (_, accept) => {
    app.sandbox.faults.script({ operationId: 'getEmailSummary', fault: { kind: 'stall' } });
    const gone = new AbortController();
    const url = await app.listen();
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({ query: report('@defer'), variables: { id } }),
      signal: gone.signal,
    });
    await next(partsOf(response));
    expect(clock.pending()).toBeGreaterThan(0);
    gone.abort();
    while (clock.pending() > 0) await new Promise(setImmediate);
  });

  it('fails in its own part, with only public details', async () => {
    app.sandbox.faults.script({ operationId: 'getEmailSummary', fault: { kind: 'status', status: 403 } });
    const seen = await all(report('@defer'));
    expect(seen[0]).toMatchObject({ data: { emailCampaign: { status: 'DONE' } } });
    expect(seen[0].errors).toBeUndefined();
    const [{ errors, data }] = seen.flatMap(({ incremental = [] }) => incremental);
    expect(data.stats).toBeNull();
    expect(errors).toMatchObject([
      { path: ['emailCampaign', 'stats'], extensions: { code: 'FORBIDDEN', upstream: { status: 403 } } },
    ]);
  });
});

describe('parts are delivered over', () => {
  const query = report('@defer');

  it('server-sent events', async () => {
    const events = await openEvents(app, query, { variables: { id } });
    const seen = await events.rest();
    expect(seen.length).toBeGreaterThan(1);
    expect(merge(seen)).toEqual((await app.query(report(), { variables: { id } })).data);
  });

  it('a WebSocket', async () => {
    const client = connectSocket(await app.listen());
    const seen = await client.all(query, { id });
    expect(seen.length).toBeGreaterThan(1);
    expect(merge(seen)).toEqual((await app.query(report(), { variables: { id } })).data);
    await client.dispose();
  });

  it('multipart or one response, in the order of the query, where both are accepted', async () => {
    const url = await app.listen();
    const ask = (text: string) =>
      fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'multipart/mixed;deferSpec=20220824, application/graphql-response+json;q=0.9',
        },
        body: JSON.stringify({ query: text, variables: { id } }),
      });
    const deferred = await ask(query);
    expect(deferred.headers.get('content-type')).toMatch('multipart/mixed');
    const seen = [];
    for await (const part of partsOf(deferred)) seen.push(part);
    expect(seen.length).toBeGreaterThan(1);
    const whole = await ask(report());
    expect(whole.headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8');
    expect(merge(seen)).toEqual(((await whole.json()) as { data: unknown }).data);
  });

  it('a single response when the client accepts no other', async () => {
    for (const accept of ['application/json', 'application/graphql-response+json', '*/*']) {
      const { data, errors } = await app.query(query, { variables: { id }, headers: { accept } });
      expect(errors).toBeUndefined();
      expect(data.emailCampaign).toHaveProperty('stats.opens');
    }
  });

  it('a single response when a variable disables @defer', async () => {
    const seen = await parts(
      'query ($id: ID!, $late: Boolean! = false) { emailCampaign(id: $id) { name ... @defer(if: $late) { stats { opens } } } }',
    );
    expect(await next(seen)).toHaveProperty('data.emailCampaign.stats.opens');
    expect(await next(seen)).toBeUndefined();
  });

  it('a single response when a variable for the condition is null, whatever the client accepts', async () => {
    for (const accept of ['application/json', 'multipart/mixed', 'multipart/mixed;incrementalSpec=v0.2']) {
      app.resetCalls();
      const response = await app.fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept },
        body: JSON.stringify({
          query:
            'query ($id: ID!, $late: Boolean) { emailCampaign(id: $id) { name ... @defer(if: $late) { stats { opens } } } }',
          variables: { id, late: null },
        }),
      });
      const text = await response.text();
      expect(text).toMatch(/"name":"[^"]+","stats":\{"opens":\d+\}\}\},"extensions"/);
      expect(text).not.toContain('hasNext');
      expect(app.calls()).toHaveLength(2);
    }
  });
});

describe('rejected input', () => {
  const messages = async (query: string) => (await app.query(query)).errors?.map(({ message }) => message);

  it.each([
    ['{ emailCampaigns { nodes @stream { name } } }', /@stream is not supported.*"first" and "after"/],
    ['mutation { ... @defer { createTag(input: { name: "a" }) { tag { name } } } }', /type Mutation/],
    [
      '{ emailCampaigns { nodes { ... @defer(label: "a") { name } ... @defer(label: "a") { status } } } }',
      /label "a" of @defer is used twice/,
    ],
    [
      'query ($l: String) { emailCampaigns { nodes { ... @defer(label: $l) { name } } } }',
      /cannot be a variable/,
    ],
  ])('%s', async (query, message) => {
    expect((await messages(query))?.join(' ')).toMatch(message);
    expect(app.calls()).toEqual([]);
  });

  it('exceeds the limit on query cost, deferred or not', async () => {
    const strict = await startApp({ sandbox: { contacts: 60 }, maxQueryCost: 50 });
    const { errors } = await strict.query(
      '{ contacts(first: 60) { nodes { ... @defer { smsEngagementHistory { source } } } } }',
    );
    await strict.close();
    expect(errors?.[0].extensions.code).toBe('QUERY_TOO_EXPENSIVE');
  });
});

describe('the current format of incremental delivery', () => {
  const accept = 'multipart/mixed; incrementalSpec=v0.2, application/json';

  it('announces each fragment, and completes it', async () => {
    const response = await app.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({ query: report('@defer(label: "report")'), variables: { id } }),
    });
    expect(response.headers.get('content-type')).toBe('multipart/mixed; boundary="-"; incrementalSpec=v0.2');
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    const seen: any[] = [];
    for await (const part of partsOf(response)) seen.push(part);
    expect(seen[0]).toMatchObject({
      data: { emailCampaign: { status: 'DONE' } },
      pending: [{ id: '0', path: ['emailCampaign'], label: 'report' }],
      hasNext: true,
    });
    const later = seen.slice(1);
    expect(later.flatMap(({ incremental = [] }) => incremental)).toMatchObject([
      { id: '0', data: { stats: { opens: expect.any(Number) } } },
    ]);
    expect(later.flatMap(({ completed = [] }) => completed)).toEqual([{ id: '0' }]);
    expect(later.flatMap(({ pending = [] }) => pending)).toEqual([]);
    expect(seen.at(-1).hasNext).toBe(false);
  });

  it.each([
    // Without `__typename` the answer does not show the type of a node.
    ['with its data', '{ node(id: $id) { ... on EmailCampaign @defer { stats { opens } } } }', 1],
    ['at once', '{ node(id: $id) { __typename ... on EmailCampaign @defer { stats { opens } } } }', 0],
  ])('announces a fragment of an interface %s', async (_when, selection, index) => {
    const { data } = await app.query('query ($id: ID!) { emailCampaign(id: $id) { id } }', {
      variables: { id },
    });
    const response = await app.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({
        query: `query ($id: ID!) ${selection}`,
        variables: { id: data.emailCampaign.id },
      }),
    });
    const seen: any[] = [];
    for await (const part of partsOf(response)) seen.push(part);
    expect(seen[index].pending).toEqual([{ id: '0', path: ['node'] }]);
    expect(seen.flatMap(({ completed = [] }) => completed)).toEqual([{ id: '0' }]);
  });
});
