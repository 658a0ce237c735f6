import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApp, type Answer, type TestApp } from '../support/app.js';
import { campaignIn } from '../support/campaigns.js';
import { manualClock, type ManualClock } from '../support/clock.js';
import { openEvents, readEvents, type EventStream } from '../support/events.js';
import { KEY, supergraphExample } from './example.js';
import { startRecorder, type Recorder } from './recorder.js';

/** Long enough to skip a pause of 30 seconds; short enough that no call times out. */
const PATIENCE_MS = 30_000;

const example = supergraphExample();
let app: TestApp;
/** The caller's; the facade has none of its own. */
let token: string;
let clock: ManualClock;
let facade: Recorder;
let orders: string;

beforeAll(async () => {
  clock = manualClock();
  app = await startApp({
    credentials: null,
    schema: { nodeFields: false },
    sandbox: { contacts: 60, activitySeconds: 20, clock: { now: clock.now } },
    client: { clock, attemptTimeoutMs: 60_000 },
  });
  token = app.sandbox.token;
  facade = await startRecorder(new URL('/graphql', await app.listen()).href);
  orders = await example.run('src/serve-orders.ts');
});

afterAll(async () => {
  await example.stop();
  await facade.close();
  await app.close();
});

beforeEach(() => {
  app.resetCalls();
  facade.seen.length = 0;
});
const list = () => [...app.sandbox.account().lists].find((one) => one.channel === 'email')!.list_id;

const PROGRESS = `subscription ($id: ID!) { bulkActivityProgress(id: $id) { state percentDone } }`;
const STATUS = `subscription ($id: ID!) { emailCampaignStatus(id: $id) { status } }`;
const REPORT = `query ($id: ID!) { emailCampaign(id: $id) { name ... @defer { stats { opens } } } }`;
const IMPORT = `mutation ($file: ImportFile!, $list: ID!) {
  importContactsFromFile(input: { fileName: "fair.csv", file: $file, listIds: [$list] }) {
    bulkActivity { activityId }
    userErrors { code }
  }
}`;
const UPLOAD = `mutation ($file: File!, $list: ID!) {
  importContactsFromFile(input: { fileName: "fair.csv", file: { upload: $file }, listIds: [$list] }) {
    bulkActivity { activityId }
    userErrors { code }
  }
}`;
const CSV = 'email,first_name\nana@garden.example,Ana\nbo@garden.example,Bo\n';

let url: string;
const start = (gateway: string) =>
  example.run('src/start.ts', { GATEWAY: gateway, FACADE_URL: facade.url, ORDERS_URL: orders });

function post(
  query: string,
  variables: object,
  accept = 'application/json',
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, accept, ...headers },
    body: JSON.stringify({ query, variables }),
  });
}

/** Resolves once the gateway has no requests in flight to the facade. */
const closed = () => expect.poll(facade.open).toBe(0);

/** No data, one error, and no call. */
async function expectRefusal(answer: Response, code: string, message: string): Promise<void> {
  const { data, errors } = (await answer.json()) as Answer;
  expect(data).toBeUndefined();
  expect(errors).toMatchObject([{ message: expect.stringContaining(message), extensions: { code } }]);
  expect(app.calls()).toEqual([]);
}

function upload(headers: Record<string, string> = {}): Promise<Response> {
  const form = new FormData();
  form.set('operations', JSON.stringify({ query: UPLOAD, variables: { file: null, list: list() } }));
  form.set('map', JSON.stringify({ 0: ['variables.file'] }));
  form.set('0', new File([CSV], 'fair.csv', { type: 'text/csv' }));
  return fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, ...headers },
    body: form,
  });
}

/** Starts an import of two lines, which takes 20 seconds, through the gateway. */
async function startJob(): Promise<string> {
  const answer = await post(IMPORT, { file: { text: CSV }, list: list() });
  const { data } = await answer.json();
  expect(data.importContactsFromFile.userErrors).toEqual([]);
  expect(app.calls()).toEqual(['contactsCSVImport']);
  app.resetCalls();
  facade.seen.length = 0;
  return data.importContactsFromFile.bulkActivity.activityId as string;
}

const DONE = [{ data: { emailCampaignStatus: { status: 'DONE' } } }];
const doneCampaign = () => campaignIn(app, 'DONE').campaign.campaign_id;

/** States of a job, from a subscription until its end. */
async function statesOf(events: EventStream): Promise<string[]> {
  const all = await clock.run(events.rest(), PATIENCE_MS);
  return all.map(({ data }) => data.bulkActivityProgress.state);
}

describe('behind Hive Gateway', () => {
  beforeAll(async () => {
    url = await start('hive');
  });
  const follow = async (query: string, id: string) =>
    readEvents(await post(query, { id }, 'text/event-stream'));

  it('a job is followed until it ends, by several clients for the calls of one', async () => {
    const id = await startJob();
    const [one, two] = [await follow(PROGRESS, id), await follow(PROGRESS, id)];
    const [first] = [await one.next(), await two.next()];
    // An event has only its data, without its cost.
    expect(first).toEqual({ data: { bulkActivityProgress: { state: 'INITIALIZED', percentDone: 0 } } });
    expect(app.calls()).toEqual(['getActivity']);
    expect(facade.seen).toMatchObject(Array(2).fill({ authorization: `Bearer ${token}`, 'x-api-key': KEY }));

    const [states, others] = await Promise.all([statesOf(one), statesOf(two)]);
    expect(states.at(-1)).toBe('COMPLETED');
    expect(others).toEqual(states);
    expect(new Set(app.calls())).toEqual(new Set(['getActivity']));
    // Of 20 seconds, not one for each.
    expect(app.calls().length).toBeLessThan(16);
    await closed();
  });

  it('a campaign is followed, and errors keep their codes', async () => {
    expect(await (await follow(STATUS, doneCampaign())).rest()).toEqual(DONE);
    expect(app.calls()).toEqual(['retrieveEmailCampaignUsingGET']);
    const refused = readEvents(
      await post(STATUS, { id: doneCampaign() }, 'text/event-stream', { authorization: '' }),
    );
    const [{ errors }] = await refused.rest();
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it('polling stops when the client of the gateway disconnects', async () => {
    const id = await startJob();
    await closed();
    const idle = clock.pending();
    const events = await follow(PROGRESS, id);
    await events.next();
    expect(facade.open()).toBe(1);
    await events.leave();
    await closed();
    // The facade learns of it a moment later.
    await expect.poll(clock.pending).toBe(idle);
    const calls = app.calls().length;
    await clock.advance(60_000);
    expect(app.calls()).toHaveLength(calls);
  });

  it('a file is forwarded as a part of the request', async () => {
    const { data } = await (await upload()).json();
    expect(data.importContactsFromFile).toEqual({
      bulkActivity: { activityId: expect.any(String) },
      userErrors: [],
    });
    expect(app.calls()).toEqual(['contactsCSVImport']);
    expect(facade.seen).toMatchObject([
      { 'content-type': expect.stringMatching('multipart/form-data'), authorization: `Bearer ${token}` },
    ]);
    await clock.advance(60_000);
    const imported = [...app.sandbox.account().contacts].filter(({ first_name: name }) => name === 'Bo');
    expect(imported).toHaveLength(1);
  });

  it('@defer is rejected before any call', async () => {
    await expectRefusal(await post(REPORT, { id: doneCampaign() }), 'GRAPHQL_VALIDATION_FAILED', '@defer');
  });
});

describe("behind Apollo's gateway", () => {
  beforeAll(async () => {
    url = await start('apollo');
  });

  it('a job is queried, or followed directly at the facade, since subscriptions are not supported', async () => {
    const id = await startJob();
    const refused = await post(PROGRESS, { id });
    await expectRefusal(refused, 'INTERNAL_SERVER_ERROR', 'subscriptions not supported by gateway');
    expect((await post(PROGRESS, { id }, 'text/event-stream')).status).toBe(406);
    expect(app.calls()).toEqual([]);

    const look = await post('query ($id: ID!) { bulkActivity(id: $id) { state percentDone } }', { id });
    expect(await look.json()).toMatchObject({ data: { bulkActivity: { state: 'INITIALIZED' } } });
    expect(app.calls()).toEqual(['getActivity']);

    const direct = { authorization: `Bearer ${token}` };
    const events = await openEvents(app, PROGRESS, { variables: { id }, headers: direct });
    expect((await statesOf(events)).at(-1)).toBe('COMPLETED');
  });

  it('@defer is rejected before any call', async () => {
    await expectRefusal(await post(REPORT, { id: doneCampaign() }), 'GRAPHQL_VALIDATION_FAILED', '@defer');
  });

  it('a multipart upload is rejected; the file can be sent as text', async () => {
    await expectRefusal(await upload(), 'BAD_REQUEST', 'Cross-Site Request Forgery');
    await expectRefusal(await upload({ 'apollo-require-preflight': '1' }), 'BAD_REQUEST', 'body missing');
    expect(facade.seen).toEqual([]);
    await startJob();
  });
});
