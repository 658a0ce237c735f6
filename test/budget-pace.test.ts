import { afterEach, describe, expect, it } from 'vitest';
import { createAccess } from '../src/server/access/access.js';
import { generateAccessKey } from '../src/server/access/keys.js';
import { startApp, type Answer, type TestApp, type TestAppOptions } from './support/app.js';
import { manualClock, type ManualClock } from './support/clock.js';
import { openEvents, type EventStream } from './support/events.js';

const MIDNIGHT = Date.UTC(2026, 0, 15);
const HOUR = 3_600_000;

let app: TestApp;
let clock: ManualClock;

afterEach(async () => {
  expect(app.sandbox.violations).toEqual([]);
  await app.close();
});

async function start(options: TestAppOptions['client'], startAt = MIDNIGHT + 12 * HOUR): Promise<void> {
  clock = manualClock(startAt);
  app = await startApp({ client: { clock, ...options } });
}

const codes = ({ errors }: Answer) => errors?.map((error) => error.extensions.code as string);
let asked = 0;
/** A query of one call that no other has made before. */
const read = (caller?: string) =>
  app.query(
    `{ contacts(first: 1, filter: { createdAfter: "${new Date((asked += 1) * 1_000).toISOString()}" }) { nodes { firstName } } }`,
    caller === undefined ? {} : { headers: { authorization: `Bearer token-of-${caller}` } },
  );
const write = (caller?: string) =>
  app.query(`mutation { createTag(input: { name: "tag ${String((asked += 1))}" }) { tag { name } } }`, {
    ...(caller !== undefined && { headers: { authorization: `Bearer token-of-${caller}` } }),
  });
const waiting = async () => (await app.query('{ rateLimit { waiting } }')).data.rateLimit.waiting as number;
const pace = async () => {
  const { data, errors } = await app.query(
    '{ rateLimit { usedToday remainingToday reservedForMutations callsPerHour allowedByNow isAbovePace runsOutAt } }',
  );
  expect(errors).toBeUndefined();
  return data.rateLimit as Record<string, unknown>;
};

/** A job that takes 20 seconds, and its reported states. */
async function followImport(): Promise<EventStream> {
  const list = [...app.sandbox.account().lists].find((one) => one.channel === 'email' && !one.deleted_at);
  const { data } = await app.query(
    `mutation ($list: ID!) { importContacts(input: { contacts: [{ email: "ana@garden.example" }], listIds: [$list] }) { bulkActivity { activityId } } }`,
    { variables: { list: list?.list_id } },
  );
  return openEvents(app, `subscription ($id: ID!) { bulkActivityProgress(id: $id) { state } }`, {
    variables: { id: data.importContacts.bulkActivity.activityId },
  });
}

describe('calls reserved for mutations', () => {
  it('are refused to queries immediately, and serve mutations with their reads until the day is spent', async () => {
    await start({ requestsPerDay: 8, reservedForMutations: 4 });
    const [contact] = [...app.sandbox.account().contacts];
    for (let n = 0; n < 4; n += 1) expect((await read()).errors).toBeUndefined();
    const refused = await read();
    expect(refused.data).toEqual({ contacts: null });
    expect(refused.errors?.[0]).toMatchObject({
      message:
        'The last 4 calls of this day are reserved for mutations. Queries and subscriptions may call the API again at 2026-01-16T00:00:00.000Z.',
      extensions: {
        code: 'QUOTA_EXHAUSTED',
        retryable: true,
        resetsAt: '2026-01-16T00:00:00.000Z',
        retryAfterSeconds: 12 * 3_600,
      },
    });
    expect(app.calls()).toHaveLength(4);
    expect(await pace()).toMatchObject({ usedToday: 4, remainingToday: 4, reservedForMutations: 4 });

    // A read, the write, and a read of what it selects.
    const changed = await app.query(
      `mutation ($id: ID!) { updateContact(input: { id: $id, firstName: "Ada" }) { contact { firstName lists { name } } } }`,
      { variables: { id: contact?.contact_id } },
    );
    expect(changed.errors).toBeUndefined();
    expect(changed.data.updateContact.contact.firstName).toBe('Ada');
    expect(changed.extensions.upstream.calls).toBe(3);
    expect((await read()).errors).toHaveLength(1);
    expect((await write()).errors).toBeUndefined();
    expect(codes(await write())).toEqual(['QUOTA_EXHAUSTED']);
    expect(app.calls()).toHaveLength(8);
    expect(await pace()).toMatchObject({ remainingToday: 0, reservedForMutations: 0 });

    await clock.advance(12 * HOUR);
    expect((await read()).errors).toBeUndefined();
    expect(await pace()).toMatchObject({ remainingToday: 7, reservedForMutations: 4 });
  });

  it('are not granted to a queued query', async () => {
    await start({ requestsPerSecond: 1, requestsPerDay: 4, reservedForMutations: 2 });
    const answers = await clock.run(Promise.all([read(), read(), read(), write()]));
    expect(answers.map((answer) => codes(answer)?.[0])).toEqual([
      undefined,
      undefined,
      'QUOTA_EXHAUSTED',
      undefined,
    ]);
    expect(app.calls()).toHaveLength(3);
  });
});

describe('the pace of the day', () => {
  it('is reported with the time at which calls run out, and allows a quarter of the day at midnight', async () => {
    await start({ requestsPerDay: 1_000, reservedForMutations: 200 }, MIDNIGHT);
    expect(await pace()).toEqual({
      usedToday: 0,
      remainingToday: 1_000,
      reservedForMutations: 200,
      callsPerHour: 0,
      allowedByNow: 200,
      isAbovePace: false,
      runsOutAt: null,
    });
    await clock.advance(HOUR / 2);
    for (let n = 0; n < 25; n += 1) await read();
    expect(await pace()).toMatchObject({
      callsPerHour: 50,
      allowedByNow: 212,
      // 975 calls at 50 an hour.
      runsOutAt: '2026-01-15T20:00:00.000Z',
    });
    await clock.advance(HOUR);
    expect(await pace()).toMatchObject({ callsPerHour: 0, runsOutAt: null, allowedByNow: 237 });
  });

  it('is unlimited when the day is unlimited', async () => {
    await start({ requestsPerDay: 0 });
    await read();
    expect(await pace()).toMatchObject({
      remainingToday: null,
      reservedForMutations: 0,
      callsPerHour: 6,
      allowedByNow: null,
      isAbovePace: false,
      runsOutAt: null,
    });
  });

  it('never delays a single caller: the whole day may be spent at midnight', async () => {
    await start({ requestsPerDay: 40 }, MIDNIGHT);
    for (let n = 0; n < 40; n += 1) {
      const { errors, extensions } = await read();
      expect(errors).toBeUndefined();
      expect(extensions.upstream.waitedMs).toBe(0);
    }
    expect(app.calls()).toHaveLength(40);
  });

  it('delays reads of callers over their share for two seconds, but no mutations and no other callers', async () => {
    await start({ requestsPerDay: 40 }, MIDNIGHT);
    expect((await read('few')).errors).toBeUndefined();
    for (let n = 0; n < 20; n += 1) expect((await read('many')).extensions.upstream.waitedMs).toBe(0);
    expect(await pace()).toMatchObject({ usedToday: 21, allowedByNow: 10, isAbovePace: true });

    let isOver = false;
    const held = read('many').finally(() => (isOver = true));
    expect((await read('few')).extensions.upstream.waitedMs).toBe(0);
    expect((await write('many')).extensions.upstream.waitedMs).toBe(0);
    expect(isOver).toBe(false);
    const { errors, extensions } = await clock.run(held);
    expect(errors).toBeUndefined();
    expect(extensions.upstream.waitedMs).toBe(2_000);
    expect(app.calls()).toHaveLength(24);
    // In the evening so much may have been spent.
    await clock.advance(16 * HOUR);
    expect((await read('many')).extensions.upstream.waitedMs).toBe(0);
  });

  it('never delays a mutation that shares a read with a query', async () => {
    await start({ requestsPerDay: 40, referenceCacheSeconds: 60 }, MIDNIGHT);
    expect((await read('few')).errors).toBeUndefined();
    for (let n = 0; n < 20; n += 1) await read('many');
    const headers = { authorization: 'Bearer token-of-many' };
    const held = app.query('{ contactLists(first: 1) { nodes { name } } }', { headers });
    await expect.poll(waiting).toBe(1);
    const [contact] = [...app.sandbox.account().contacts];
    const changed = await clock.run(
      app.query(
        `mutation ($id: ID!) { updateContact(input: { id: $id, firstName: "Ada" }) { contact { lists { name } } } }`,
        { headers, variables: { id: contact?.contact_id } },
      ),
    );
    expect(changed.errors).toBeUndefined();
    expect(changed.extensions.upstream).toMatchObject({ calls: 3, waitedMs: 0 });
    expect((await clock.run(held)).extensions.upstream).toMatchObject({ calls: 1, waitedMs: 2_000 });
    expect(app.calls().slice(21)).toEqual(['getContact', 'putContact', 'getLists', 'getLists']);
  });

  it.each([
    [
      'a page',
      '{ contacts(first: 1, filter: { createdAfter: "1970-01-02T00:00:00Z" }) { nodes { firstName } } }',
    ],
    ['a collection', '{ contactLists(first: 1) { nodes { name } } }'],
  ])('never delays a caller that shares a read with one over its share: %s', async (_, query) => {
    const keys = ['few', 'many'].map((name) => generateAccessKey(name, false));
    const access = createAccess({
      keys: keys.map(({ entry }) => entry).join(),
      keysFile: null,
      jwt: null,
      open: false,
    });
    clock = manualClock(MIDNIGHT);
    app = await startApp({
      access,
      client: { clock, requestsPerSecond: 4, requestsPerDay: 80, referenceCacheSeconds: 60 },
    });
    const ask = (caller: number, document: string) =>
      app.query(document, { headers: { 'x-api-key': keys[caller]?.key ?? '' } });
    const other = () =>
      `{ contacts(first: 1, filter: { createdAfter: "${new Date((asked += 1) * 1_000).toISOString()}" }) { nodes { firstName } } }`;
    expect((await clock.run(ask(0, other()))).errors).toBeUndefined();
    for (let n = 0; n < 40; n += 1) await clock.run(ask(1, other()));
    await clock.advance(2_000);
    const before = clock.now();
    const waits = async () => (await ask(0, '{ rateLimit { waiting } }')).data.rateLimit.waiting as number;
    const held = ask(1, query);
    await expect.poll(waits).toBe(1);
    const shared = ask(0, query);
    const [first, second] = await clock.run(Promise.all([held, shared]));
    expect([first.errors, second.errors]).toEqual([undefined, undefined]);
    expect(clock.now() - before).toBeLessThan(2_000);
    expect(first.extensions.upstream.calls + second.extensions.upstream.calls).toBe(1);
    expect(app.calls()).toHaveLength(42);
  });

  it('lets delayed reads run after the reads of other callers', async () => {
    await start({ requestsPerSecond: 2, requestsPerDay: 200 }, MIDNIGHT);
    for (let n = 0; n < 102; n += 1) await clock.run(read('many'));
    await clock.run(read('few'));
    const order: string[] = [];
    const ask = async (caller: string) => {
      const { errors } = await read(caller);
      order.push(errors ? 'refused' : caller);
    };
    const many = ['many', 'many', 'many', 'many'].map(ask);
    await expect.poll(waiting).toBe(4);
    await clock.advance(1_999);
    const others = ['few', 'few', 'few', 'other', 'other', 'other'].map(ask);
    // Two of them have their turn.
    await expect.poll(waiting).toBe(8);
    await clock.run(Promise.all([...many, ...others]));
    expect(order.slice(0, 6).sort()).toEqual(['few', 'few', 'few', 'other', 'other', 'other']);
    expect(order.slice(6)).toEqual(['many', 'many', 'many', 'many']);
  });

  it('stops additional polls of subscriptions while exceeded, and resumes them afterwards', async () => {
    clock = manualClock(MIDNIGHT);
    app = await startApp({
      sandbox: { clock, contacts: 60, activitySeconds: 20 },
      client: { clock, requestsPerDay: 100, attemptTimeoutMs: 60_000 },
    });
    const events = await followImport();
    expect((await events.next()).data.bulkActivityProgress.state).toBe('INITIALIZED');
    for (let used = app.calls().length; used < 26; used += 1) await read();
    expect(await pace()).toMatchObject({ usedToday: 26, allowedByNow: 25, isAbovePace: true });
    await clock.advance(HOUR / 2);
    expect(app.calls()).toHaveLength(26);
    const rest = await clock.run(events.rest(), 30_000);
    expect(rest.at(-1).data.bulkActivityProgress.state).toBe('COMPLETED');
    expect(app.calls()).toHaveLength(27);
    expect(clock.now() - MIDNIGHT).toBeLessThan(HOUR);
  });

  it('ends a subscription when the day has no calls left for it', async () => {
    clock = manualClock(MIDNIGHT + 12 * HOUR);
    app = await startApp({
      sandbox: { clock, contacts: 60, activitySeconds: 20 },
      client: { clock, requestsPerDay: 10, reservedForMutations: 5 },
    });
    const events = await followImport();
    await events.next();
    for (let used = app.calls().length; used < 5; used += 1) await read();
    const [last] = await clock.run(events.rest(), 30_000);
    expect(codes(last)).toEqual(['QUOTA_EXHAUSTED']);
    expect(app.calls()).toHaveLength(5);
  });
});
