import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'graphql';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
import { LocalGovernor } from '../src/constant-contact/budget/local-governor.js';
import { pauseBeforeRead } from '../src/constant-contact/watch.js';
import { buildSchema } from '../src/schema/index.js';
import { MOST_POLLS } from '../src/schema/cost.js';
import { queryCostOf } from '../src/server/query-cost.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';
import { campaignIn, draftIn } from './support/campaigns.js';
import { manualClock, type ManualClock } from './support/clock.js';
import { openEvents, readEvents, type EventStream, type SubscribeOptions } from './support/events.js';

const PROGRESS = `subscription ($id: ID!) {
  bulkActivityProgress(id: $id) { activityId state percentDone counters { personCount } }
}`;
const STATUS = `subscription ($id: ID!) { emailCampaignStatus(id: $id) { campaignId status } }`;
const UNKNOWN_ID = '06a100de-19b6-4266-874b-000000000000';
/** Long enough to skip a pause of 30 seconds; short enough that no call times out. */
const PATIENCE_MS = 30_000;

let app: TestApp;
let clock: ManualClock;
let streams: EventStream[];
/** REST calls are sent once it has resolved. */
let gate: Promise<void>;
/** Calls that wait for it. */
let waiting: number;

beforeEach(async () => {
  clock = manualClock();
  streams = [];
  gate = Promise.resolve();
  waiting = 0;
  const governor = new LocalGovernor({ perSecond: 0, perDay: 0, clock });
  app = await startApp({
    sandbox: { contacts: 60, activitySeconds: 20, clock: { now: clock.now } },
    client: {
      clock,
      attemptTimeoutMs: 60_000,
      referenceCacheSeconds: 60,
      governor: {
        acquire: (turn) => {
          waiting += 1;
          return gate.then(() => governor.acquire(turn)).finally(() => (waiting -= 1));
        },
        quotaSpent: (sentAt) => governor.quotaSpent(sentAt),
        status: () => governor.status(),
        pace: () => governor.pace(),
        allowsBackground: (work) => governor.allowsBackground(work),
      },
    },
  });
});

afterEach(async () => {
  for (const stream of streams) await stream.leave();
  expectNoViolations(app);
  await app.close();
  expect(clock.pending()).toBe(0);
});

async function subscribe(query: string, id: string, options: SubscribeOptions = {}): Promise<EventStream> {
  const stream = await openEvents(app, query, { ...options, variables: { id } });
  streams.push(stream);
  return stream;
}

const soon = <T>(promise: Promise<T>) => clock.run(promise, PATIENCE_MS);

/** A job that takes 20 seconds, a third of which it waits. */
async function startJob(): Promise<string> {
  const [list] = [...app.sandbox.account().lists].filter((one) => one.channel === 'email' && !one.deleted_at);
  const { data } = await app.query(
    `mutation ($list: ID!) { importContacts(input: { contacts: [{ email: "ana@garden.example" }, { email: "bo@garden.example" }], listIds: [$list] }) { bulkActivity { activityId } } }`,
    { variables: { list: list!.list_id } },
  );
  app.resetCalls();
  return data.importContacts.bulkActivity.activityId;
}

describe('bulkActivityProgress', () => {
  it('sends the state immediately and each change, and completes when the job ends', async () => {
    const id = await startJob();
    const events = await subscribe(PROGRESS, encodeGlobalId('BulkActivity', id));
    expect(events.headers.get('content-type')).toMatch('text/event-stream');
    const started = clock.now();
    const first = await events.next();
    expect(first.data.bulkActivityProgress).toMatchObject({ activityId: id, state: 'INITIALIZED' });
    expect(clock.now()).toBe(started);

    const rest = await soon(events.rest());
    const states = rest.map(({ data }) => data.bulkActivityProgress.state);
    expect(states.at(-1)).toBe('COMPLETED');
    expect(states.slice(0, -1).every((state) => state === 'PROCESSING')).toBe(true);
    const percents = rest.map(({ data }) => data.bulkActivityProgress.percentDone);
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
    expect(new Set(percents).size).toBe(percents.length);
    expect(rest.at(-1).data.bulkActivityProgress.counters.personCount).toBe(2);

    // Every call was paid for in an event, and there was not one for each second.
    const calls = app.calls();
    expect(new Set(calls)).toEqual(new Set(['getActivity']));
    expect(calls.length).toBeLessThan(16);
    const told = [first, ...rest].map(({ extensions }) => extensions.upstream.calls);
    expect(told.reduce((sum, one) => sum + one, 0)).toBe(calls.length);
    expect(first.extensions.upstream).toMatchObject({ calls: 1, retries: 0, coalesced: 0 });
  });

  it('costs the same for ten subscribers as for one, and nothing for a late one', async () => {
    const id = await startJob();
    let open = () => {};
    gate = new Promise((resolve) => (open = resolve));
    const all = await Promise.all(Array.from({ length: 10 }, () => subscribe(PROGRESS, id)));
    open();
    const firsts = await Promise.all(all.map((events) => events.next()));
    expect(app.calls()).toEqual(['getActivity']);
    expect(firsts.map(({ extensions }) => extensions.upstream.calls)).toEqual([1, ...Array(9).fill(0)]);
    expect(firsts[9].extensions.upstream.coalesced).toBe(1);

    const late = await subscribe(PROGRESS, id);
    expect((await late.next()).data).toEqual(firsts[0].data);
    expect(app.calls()).toHaveLength(1);

    const endings = await soon(Promise.all([...all, late].map((events) => events.rest())));
    expect(endings.every((events) => events.at(-1).data.bulkActivityProgress.state === 'COMPLETED')).toBe(
      true,
    );
    const paid = [...firsts, ...endings.flat()].map(({ extensions }) => extensions.upstream.calls);
    expect(paid.reduce((sum, one) => sum + one, 0)).toBe(app.calls().length);
  });

  it.each([
    ['a web page', 'text/html', '<html>Not found</html>'],
    ['a text', 'text/plain', '404 page not found'],
  ])('does not take %s of a proxy for the end of the job', async (_, contentType, body) => {
    const id = await startJob();
    const events = await subscribe(PROGRESS, id);
    await events.next();
    app.sandbox.faults.script({
      operationId: 'getActivity',
      fault: { kind: 'status', status: 404, contentType, body },
    });
    const rest = await soon(events.rest());
    expect(rest.every(({ data }) => data.bulkActivityProgress !== null)).toBe(true);
    expect(rest.at(-1).data.bulkActivityProgress.state).toBe('COMPLETED');
    const paid = rest.map(({ extensions }) => extensions.upstream.calls as number);
    expect(paid.reduce((sum, one) => sum + one, 1)).toBe(app.calls().length);
  });

  it('is not shared with other credentials', async () => {
    const id = await startJob();
    const own = await subscribe(PROGRESS, id);
    await own.next();
    const other = await subscribe(PROGRESS, id, { headers: { authorization: 'Bearer somebody-else' } });
    const { extensions } = await other.next();
    expect(extensions.upstream).toMatchObject({ calls: 1, coalesced: 0 });
    expect(app.sandbox.journal.entries.map(({ credential }) => credential)).toEqual([
      app.sandbox.token,
      'somebody-else',
    ]);
  });

  it('stops polling as soon as the last subscriber has left', async () => {
    const id = await startJob();
    const [one, two] = [await subscribe(PROGRESS, id), await subscribe(PROGRESS, id)];
    await Promise.all([one.next(), two.next()]);
    await one.leave();
    await clock.advance(1_000);
    await soon(two.next());
    expect(app.calls().length).toBeGreaterThan(1);
    await two.leave();
    await expect.poll(() => clock.pending()).toBe(0);
    // Time passed while the event was on its way, too.
    const calls = app.calls().length;
    await clock.advance(60_000);
    expect(app.calls()).toHaveLength(calls);
  });

  it('continues until its client disconnects, over a socket and with other accepted types', async () => {
    const id = await startJob();
    const url = await app.listen();
    const events = readEvents(
      await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
        body: JSON.stringify({ query: PROGRESS, variables: { id } }),
      }),
    );
    expect(events.headers.get('content-type')).toMatch('text/event-stream');
    await events.next();
    await soon(events.next());
    await events.leave();
    await expect.poll(() => clock.pending()).toBe(0);
  });

  it('sends null and completes when the activity does not exist', async () => {
    const events = await subscribe(PROGRESS, UNKNOWN_ID);
    expect((await events.next()).data).toEqual({ bulkActivityProgress: null });
    expect(await events.next()).toBeNull();
    expect(app.calls()).toEqual(['getActivity']);
  });

  it('rejects an invalid id without a call', async () => {
    const events = await subscribe(PROGRESS, encodeGlobalId('Contact', UNKNOWN_ID));
    const { errors } = await events.next();
    expect(errors[0]).toMatchObject({
      path: ['bulkActivityProgress'],
      extensions: { code: 'BAD_USER_INPUT', problem: 'INVALID_ID', field: ['id'] },
    });
    expect(await events.next()).toBeNull();
    expect(app.calls()).toEqual([]);
  });

  it('answers a GET, as EventSource sends it', async () => {
    const query = new URLSearchParams({ query: PROGRESS, variables: JSON.stringify({ id: UNKNOWN_ID }) });
    const response = await app.fetch(`/graphql?${query}`, { headers: { accept: 'text/event-stream' } });
    expect(await response.text()).toMatch('event: next\ndata: {"data":{"bulkActivityProgress":null}');
  });
});

describe('an idle stream', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([
    ['text/event-stream', 'text/event-stream', ':\n\n'],
    ['multipart/mixed;boundary=graphql;subscriptionSpec=1.0', 'subscriptionSpec="1.0"', '\r\n\r\n{}\r\n---'],
  ])('sends a heartbeat every 8 seconds: %s', async (accept, type, heartbeat) => {
    const id = encodeGlobalId('BulkActivity', await startJob());
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const response = await app.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({ query: PROGRESS, variables: { id } }),
    });
    expect(response.headers.get('content-type')).toMatch(type);
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('"state"')) text += (await reader.read()).value;
    vi.advanceTimersByTime(8_000);
    text = '';
    while (!text.endsWith(heartbeat)) text += (await reader.read()).value;
    await reader.cancel();
    await expect.poll(() => vi.getTimerCount()).toBe(0);
  });
});

describe('an invalid subscription request', () => {
  const query = `subscription { bulkActivityProgress(id: "${UNKNOWN_ID}") { state } }`;

  it('gets an error that names the media type to accept', async () => {
    const { status, errors } = await app.query(query, { headers: { accept: 'application/json' } });
    expect(status).toBe(406);
    expect(errors?.[0].message).toMatch('Accept: text/event-stream');
    expect(app.calls()).toEqual([]);
  });

  it.each([
    ['multipart/mixed', query, 406, 'NOT_ACCEPTABLE'],
    ['multipart/mixed;subscriptionSpec=1.0', query.replace(UNKNOWN_ID, 'nobody'), 200, 'BAD_USER_INPUT'],
  ])('gets the error as JSON when the client accepts %s alone', async (accept, asked, status, code) => {
    const answer = await app.query(asked, { headers: { accept } });
    expect(answer.status).toBe(status);
    expect(answer.errors?.[0].extensions.code).toBe(code);
    expect(app.calls()).toEqual([]);
  });

  it.each(['skip', 'include'])('is rejected for @%s on its field', async (directive) => {
    const { errors } = await app.query(query.replace(') {', `) @${directive}(if: true) {`));
    expect(errors?.[0].message).toMatch('cannot have @skip or @include');
  });
});

describe('a failing poll', () => {
  it.each(['throttled', 'truncate', 'reset'] as const)('%s: polling continues later', async (kind) => {
    const id = await startJob();
    const events = await subscribe(PROGRESS, id);
    await events.next();
    app.sandbox.faults.script({ operationId: 'getActivity', times: 3, fault: { kind } });
    const rest = await soon(events.rest());
    expect(rest.every(({ errors }) => errors === undefined)).toBe(true);
    expect(rest.at(-1).data.bulkActivityProgress.state).toBe('COMPLETED');
    // Polls are not retried: each failure costs one call.
    expect(rest.every(({ extensions }) => extensions.upstream.retries === 0)).toBe(true);
  });

  it.each([
    [{ kind: 'status', status: 401 }, 'UNAUTHENTICATED'],
    [{ kind: 'status', status: 403 }, 'FORBIDDEN'],
    [{ kind: 'quotaExceeded' }, 'QUOTA_EXHAUSTED'],
  ] as const)('%o ends the subscription with %s', async (fault, code) => {
    const id = await startJob();
    const events = await subscribe(PROGRESS, id);
    await events.next();
    const calls = app.calls().length;
    app.sandbox.faults.script({ operationId: 'getActivity', fault });
    const [last, ...more] = await soon(events.rest());
    expect(more).toEqual([]);
    expect(last.data).toEqual({ bulkActivityProgress: null });
    expect(last.errors).toMatchObject([{ path: ['bulkActivityProgress'], extensions: { code } }]);
    expect(app.calls()).toHaveLength(calls + 1);
    expect(clock.pending()).toBe(0);
  });

  it('is reported with its request ids, at most ten an event and only those of the event', async () => {
    const id = await startJob();
    const events = await subscribe(PROGRESS, id);
    await events.next();
    const fail = (requestId: string) => {
      app.sandbox.faults.script({
        operationId: 'getActivity',
        fault: { kind: 'status', status: 503, headers: { 'x-amzn-requestid': requestId } },
      });
    };
    // The sandbox adds an id of its own to each.
    fail('early');
    const second = await soon(events.next());
    expect(second.extensions.upstream.requestIds).toEqual(['early', expect.any(String)]);
    const later = Array.from({ length: 6 }, (_, n) => `later-${String(n)}`);
    later.forEach(fail);
    const { requestIds } = (await soon(events.next())).extensions.upstream;
    expect(requestIds).toHaveLength(10);
    expect(requestIds).toEqual(expect.arrayContaining(later.slice(0, 5)));
    await soon(events.rest());
  });

  it('ends the subscription after five minutes of failures', async () => {
    const id = await startJob();
    const events = await subscribe(PROGRESS, id);
    await events.next();
    const began = clock.now();
    app.sandbox.faults.script({
      operationId: 'getActivity',
      times: 1_000,
      fault: { kind: 'html', status: 503 },
    });
    const [last] = await soon(events.rest());
    app.sandbox.faults.clear();
    expect(last.errors[0].extensions).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true });
    expect(clock.now() - began).toBeGreaterThanOrEqual(300_000);
    expect(app.calls().length).toBeLessThan(30);
  });
});

describe('emailCampaignStatus', () => {
  it('follows a campaign from its schedule to its end', async () => {
    const { campaign, activity } = draftIn(app);
    const at = new Date(clock.now() + 3_000).toISOString();
    const { data } = await app.query(
      `mutation ($input: ScheduleEmailCampaignActivityInput!) { scheduleEmailCampaignActivity(input: $input) { userErrors { code } } }`,
      { variables: { input: { activityId: activity.campaign_activity_id, scheduledAt: at } } },
    );
    expect(data?.scheduleEmailCampaignActivity.userErrors).toEqual([]);
    app.resetCalls();
    const events = await subscribe(STATUS, campaign.campaign_id);
    const seen = await soon(events.rest());
    expect(seen.map(({ data: { emailCampaignStatus } }) => emailCampaignStatus.status)).toEqual([
      'SCHEDULED',
      'EXECUTING',
      'DONE',
    ]);
    expect(new Set(app.calls())).toEqual(new Set(['retrieveEmailCampaignUsingGET']));
    expect(app.calls().length).toBeLessThan(20);
  });

  it.each(['DRAFT', 'DONE'] as const)('sends a %s once', async (status) => {
    const { campaign } = campaignIn(app, status);
    const events = await subscribe(STATUS, encodeGlobalId('EmailCampaign', campaign.campaign_id));
    expect((await events.next()).data).toEqual({
      emailCampaignStatus: { campaignId: campaign.campaign_id, status },
    });
    expect(await events.next()).toBeNull();
    expect(app.calls()).toEqual(['retrieveEmailCampaignUsingGET']);
  });

  it.each([
    ['multipart/mixed;subscriptionSpec=1.0', '{"payload":{"data":'],
    ['text/event-stream;incrementalSpec=v0.2', 'data: {"data":'],
  ])('sends complete events, with @defer or not, to a client that accepts %s', async (accept, opening) => {
    const { campaign } = campaignIn(app, 'DRAFT');
    const query = `subscription ($id: ID!) { emailCampaignStatus(id: $id) { status ... @defer { name } } }`;
    const response = await app.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({ query, variables: { id: campaign.campaign_id } }),
    });
    const data = JSON.stringify({ emailCampaignStatus: { status: 'DRAFT', name: campaign.name } });
    expect(await response.text()).toContain(`${opening}${data},"extensions":`);
    expect(app.calls()).toEqual(['retrieveEmailCampaignUsingGET']);
  });

  it('resolves fields of the campaign again for each event', async () => {
    const { campaign, activity } = draftIn(app);
    await app.query(
      `mutation ($input: ScheduleEmailCampaignActivityInput!) { scheduleEmailCampaignActivity(input: $input) { userErrors { code } } }`,
      {
        variables: {
          input: {
            activityId: activity.campaign_activity_id,
            scheduledAt: new Date(clock.now() + 3_000).toISOString(),
          },
        },
      },
    );
    app.resetCalls();
    const events = await subscribe(
      `subscription ($id: ID!) { emailCampaignStatus(id: $id) { status primaryActivity { subject status recipients { lists { name } } } } }`,
      campaign.campaign_id,
    );
    const seen = await soon(events.rest());
    const statuses = seen.map(
      ({
        data: {
          emailCampaignStatus: { status, primaryActivity },
        },
      }) => [status, primaryActivity.status],
    );
    expect(statuses).toEqual([
      ['SCHEDULED', 'SCHEDULED'],
      ['EXECUTING', 'EXECUTING'],
      ['DONE', 'DONE'],
    ]);
    expect(
      seen.every(({ data }) => data.emailCampaignStatus.primaryActivity.recipients.lists.length > 0),
    ).toBe(true);
    expect(app.sandbox.journal.count('retrieveEmailCampaignActivityUsingGET')).toBe(3);
    // The lists are reference data, kept for a minute.
    expect(app.sandbox.journal.count('getLists')).toBe(1);
    const paid = seen.map(({ extensions }) => extensions.upstream.calls);
    expect(paid.reduce((sum, one) => sum + one, 0)).toBe(app.calls().length);
  });
});

describe('a campaign that is scheduled', () => {
  const SCHEDULE = `mutation ($input: ScheduleEmailCampaignActivityInput!) { scheduleEmailCampaignActivity(input: $input) { userErrors { code } } }`;
  const UNSCHEDULE = `mutation ($input: UnscheduleEmailCampaignActivityInput!) { unscheduleEmailCampaignActivity(input: $input) { userErrors { code } } }`;
  const statusIn = (event: any): string => event.data.emailCampaignStatus.status;

  async function write(mutation: string, input: Record<string, unknown>): Promise<void> {
    const { data, errors } = await app.query(mutation, { variables: { input } });
    expect(errors).toBeUndefined();
    expect(Object.values(data)).toEqual([{ userErrors: [] }]);
  }

  async function schedule(inMs: number) {
    const { campaign, activity } = draftIn(app);
    const activityId = activity.campaign_activity_id;
    await write(SCHEDULE, { activityId, scheduledAt: new Date(clock.now() + inMs).toISOString() });
    return { id: campaign.campaign_id, activityId };
  }

  it('sends no state from before a write to who subscribes after it', async () => {
    const { id, activityId } = await schedule(86_400_000);
    const first = await subscribe(STATUS, id);
    expect(statusIn(await first.next())).toBe('SCHEDULED');
    // Polls are 30 seconds apart.
    for (let minute = 0; minute < 20; minute += 1) await clock.advance(60_000);
    await clock.advance(1_000);
    app.resetCalls();
    const late = await subscribe(STATUS, id);
    const { data, extensions } = await late.next();
    expect(data.emailCampaignStatus.status).toBe('SCHEDULED');
    expect(extensions.upstream).toMatchObject({ calls: 0, oldestSeconds: expect.any(Number) as number });
    expect(app.calls()).toEqual([]);

    await write(UNSCHEDULE, { activityId });
    app.resetCalls();
    const began = clock.now();
    const later = await subscribe(STATUS, id);
    const event = await later.next();
    expect(statusIn(event)).toBe('DRAFT');
    expect(event.extensions.upstream.calls).toBe(1);
    expect(event.extensions.upstream).not.toHaveProperty('oldestSeconds');
    expect(clock.now()).toBe(began);
    for (const stream of [first, late]) expect((await stream.rest()).map(statusIn)).toEqual(['DRAFT']);
    expect(await later.next()).toBeNull();
    expect(app.calls()).toEqual(['retrieveEmailCampaignUsingGET']);
  });

  it('is read again for a caller that accepts no older state', async () => {
    const { id } = await schedule(86_400_000);
    const first = await subscribe(STATUS, id);
    await first.next();
    await clock.advance(100);
    app.resetCalls();
    for (const [directive, calls] of [
      ['max-age=1', 0],
      ['no-cache', 1],
      ['max-age=0', 1],
    ] as const) {
      app.resetCalls();
      const stream = await subscribe(STATUS, id, { headers: { 'cache-control': directive } });
      const event = await stream.next();
      expect(statusIn(event)).toBe('SCHEDULED');
      expect(event.extensions.upstream.calls, directive).toBe(calls);
      expect(app.calls()).toHaveLength(calls);
    }
  });

  it('is followed although its draft was being read when it was scheduled', async () => {
    const { campaign } = draftIn(app);
    let open = () => {};
    gate = new Promise((resolve) => (open = resolve));
    const early = await subscribe(STATUS, campaign.campaign_id);
    const firstEvent = early.next();
    await expect.poll(() => waiting).toBe(1);
    gate = Promise.resolve();
    const { id } = await schedule(86_400_000);
    app.resetCalls();
    // As if the API had answered before.
    app.sandbox.faults.script({
      operationId: 'retrieveEmailCampaignUsingGET',
      fault: {
        kind: 'edit',
        edit: (body: object) => ({ ...body, current_status: 'DRAFT' }),
      },
    });
    const late = await subscribe(STATUS, id);
    const lateEvent = late.next();
    open();
    expect(statusIn(await firstEvent)).toBe('DRAFT');
    expect(statusIn(await lateEvent)).toBe('SCHEDULED');
    expect(statusIn(await soon(early.next()))).toBe('SCHEDULED');
    expect(app.calls()).toHaveLength(2);
  });

  it('has fields of the same state in each event, with a cache', async () => {
    const cached = await startApp({
      sandbox: { contacts: 60, clock: { now: clock.now } },
      client: { clock, attemptTimeoutMs: 60_000, cacheSeconds: { campaigns: 120, reports: 300 } },
    });
    const own = app;
    app = cached;
    try {
      const { id } = await schedule(10_000);
      const FIELDS = 'status primaryActivity { status }';
      const events = await subscribe(
        `subscription ($id: ID!) { emailCampaignStatus(id: $id) { ${FIELDS} } }`,
        id,
      );
      const both = ({ status, primaryActivity }: any) => [status, primaryActivity.status];
      const seen = (await soon(events.rest())).map(({ data }) => both(data.emailCampaignStatus));
      expect(seen).toEqual([
        ['SCHEDULED', 'SCHEDULED'],
        ['EXECUTING', 'EXECUTING'],
        ['DONE', 'DONE'],
      ]);
      expect(cached.sandbox.journal.count('retrieveEmailCampaignActivityUsingGET')).toBe(3);
      cached.resetCalls();
      const { data } = await cached.query(`query ($id: ID!) { emailCampaign(id: $id) { ${FIELDS} } }`, {
        variables: { id },
      });
      expect(both(data.emailCampaign)).toEqual(['DONE', 'DONE']);
      // The activity is cached.
      expect(cached.calls()).toEqual(['retrieveEmailCampaignUsingGET']);
    } finally {
      app = own;
      await cached.close();
    }
  });
});

describe('the query cost of a subscription', () => {
  const priceOfQuery = (query: string) => queryCostOf({ schema: buildSchema(), document: parse(query) });

  it('covers the polls of an hour, and the fields that each event loads', () => {
    expect(priceOfQuery('subscription { bulkActivityProgress(id: "x") { state } }').total).toBe(270);
    // The campaign is not read again for its activities, but each event pays for one of them, for the lists, and for one that is not among them.
    const { items } = priceOfQuery(
      'subscription { emailCampaignStatus(id: "x") { primaryActivity { recipients { lists { name } } } } }',
    );
    expect(Object.fromEntries(items.map(({ field, calls }) => [field.split('.').at(-1), calls]))).toEqual({
      emailCampaignStatus: 270,
      primaryActivity: 20,
      lists: 20,
    });
  });

  it('is an upper bound of the polls, however the object changes', () => {
    const looks = (idle: (look: number) => number) => {
      let look = 0;
      for (let at = 0; at <= 3_600_000; at += pauseBeforeRead(at, idle(look))) look += 1;
      return look;
    };
    expect(looks(() => 0)).toBeLessThanOrEqual(MOST_POLLS);
    expect(looks((look) => look)).toBeLessThan(130);
    expect(looks((look) => look % 3)).toBeLessThanOrEqual(MOST_POLLS);
  });

  it('is rejected above the limit, before any call', async () => {
    const events = await subscribe(
      `subscription ($id: ID!) { emailCampaignStatus(id: $id) { primaryActivity { links { clicks(first: 10000) { nodes { createdAt } } } } } }`,
      UNKNOWN_ID,
    );
    const { errors } = await events.next();
    expect(errors[0].extensions.code).toBe('QUERY_TOO_EXPENSIVE');
    expect(await events.next()).toBeNull();
    expect(app.calls()).toEqual([]);
  });
});

describe('the end of a subscription', () => {
  it('comes after an hour, with an error that says so', async () => {
    const { campaign } = campaignIn(app, 'SCHEDULED');
    const began = clock.now();
    campaignIn(app, 'SCHEDULED').activity.scheduled_at = began + 7_200_000;
    const events = await subscribe(STATUS, campaign.campaign_id);
    expect((await events.next()).data.emailCampaignStatus.status).toBe('SCHEDULED');
    const [last] = await soon(events.rest());
    expect(last.errors).toMatchObject([{ extensions: { code: 'SUBSCRIPTION_EXPIRED', retryable: true } }]);
    expect(clock.now() - began).toBeGreaterThanOrEqual(3_600_000);
    // An unchanged object is polled every 30 seconds in the end.
    expect(app.calls().length).toBeLessThan(130);
    expect(clock.pending()).toBe(0);
  });

  it('comes when the server shuts down', async () => {
    const server = await startApp({
      sandbox: { activitySeconds: 20, clock: { now: clock.now } },
      client: { clock },
    });
    const { campaign } = campaignIn(server, 'SCHEDULED');
    const events = await openEvents(server, STATUS, { variables: { id: campaign.campaign_id } });
    await events.next();
    const rest = events.rest();
    await server.close();
    const [last, ...more] = await rest;
    expect(last.errors).toMatchObject([{ extensions: { code: 'SHUTTING_DOWN', retryable: true } }]);
    expect(more).toEqual([]);
    expect(clock.pending()).toBe(0);
  });
});
