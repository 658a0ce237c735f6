import { afterEach, describe, expect, it } from 'vitest';
import { LocalGovernor } from '../src/constant-contact/budget/local-governor.js';
import { startApp, type Answer, type TestApp, type TestAppOptions } from './support/app.js';
import { manualClock } from './support/clock.js';

const LIMITS = { requestsPerSecond: 4, requestsPerDay: 10_000 };
const HOUR = 3_600_000;

let app: TestApp;

afterEach(async () => {
  expect(app.sandbox.violations).toEqual([]);
  await app.close();
});

async function start(options: TestAppOptions): Promise<void> {
  app = await startApp(options);
}

const codes = ({ errors }: Answer) => errors?.map((error) => error.extensions.code as string);
const one = (after: number) =>
  `{ contacts(first: 1, filter: { createdAfter: "20${String(10 + after)}-01-01T00:00:00Z" }) { nodes { firstName } } }`;

describe('the limit per second', () => {
  it('holds while 40 queries arrive at once; all are answered, and shared reads are coalesced', async () => {
    const clock = manualClock();
    const limits = { requestsPerSecond: 12, requestsPerDay: 10_000 };
    const governor = new LocalGovernor({ perSecond: 12, perDay: 10_000, clock });
    await start({
      sandbox: { clock, ...limits },
      client: { clock, ...limits, governor, maxWaitMs: 120_000, referenceCacheSeconds: 60 },
    });
    // All slots are taken until all queries wait for one, so that they are there at once on a slow machine, too.
    const turn = { priority: 'interactive', maxWaitMs: 0 } as const;
    const taken = await Promise.all(Array.from({ length: 12 }, () => governor.acquire(turn)));
    const query = `query ($after: DateTime) { contacts(first: 5, filter: { createdAfter: $after }) {
      nodes { firstName lists { name } tags { name } customFields { field { label } value } }
    } }`;
    const began = clock.now();
    const took: number[] = [];
    const asked = Promise.all(
      Array.from({ length: 40 }, async (_, at) => {
        const after = new Date(Date.UTC(2015, 0, 1 + at)).toISOString();
        const answer = await app.query(query, { variables: { after } });
        took[at] = clock.now() - began;
        return answer;
      }),
    );
    await expect.poll(() => governor.status().waiting).toBe(40);
    for (const ticket of taken) ticket.cancel();
    const answers = await clock.run(asked);
    for (const { status, data, errors } of answers) {
      expect(errors).toBeUndefined();
      expect(status).toBe(200);
      expect(data.contacts.nodes).toHaveLength(5);
    }
    const { journal } = app.sandbox;
    expect(journal.entries.every((entry) => entry.status === 200)).toBe(true);
    expect(journal.busiestSecond()).toBeLessThanOrEqual(12);
    expect(journal.count('getContacts')).toBe(40);
    expect(journal.count()).toBe(43);
    const sum = (name: string) =>
      answers.reduce((total, answer) => total + Number(answer.extensions.upstream[name]), 0);
    expect(sum('calls')).toBe(43);
    expect(sum('retries')).toBe(0);
    expect(sum('waitedMs')).toBeGreaterThan(0);
    for (const [at, answer] of answers.entries())
      expect(answer.extensions.upstream.waitedMs).toBeLessThanOrEqual(took[at]!);
    expect(sum('coalesced') + sum('cached')).toBe(3 * 39);
  });

  it('fails queries that would wait too long, immediately, with a retry time', async () => {
    const clock = manualClock();
    await start({ client: { clock, requestsPerSecond: 4, maxWaitMs: 2_000 } });
    let over = 0;
    const asked = Array.from({ length: 14 }, async (_, at) => {
      const answer = await app.query(one(at));
      over += 1;
      return answer;
    });
    // Four have their turn and six are refused while no time passes.
    await expect.poll(() => over).toBe(10);
    const answers = await clock.run(Promise.all(asked));
    const refused = answers.filter(({ errors }) => errors);
    expect(refused.map(codes)).toEqual(Array(refused.length).fill(['RATE_LIMITED']));
    expect(refused).toHaveLength(6);
    expect(refused[0]?.errors?.[0].extensions).toMatchObject({
      retryable: true,
      retryAfterSeconds: expect.any(Number),
    });
    expect(app.calls()).toHaveLength(8);
  });
});

describe('the limit per day', () => {
  it('that the API reports for the token of a caller, or for the partner, closes nothing for others', async () => {
    const clock = manualClock(Date.UTC(2026, 0, 15, 12));
    await start({ client: { clock, ...LIMITS } });
    const ask = (caller: string, query: string) =>
      clock.run(app.query(query, { headers: { authorization: `Bearer token-of-${caller}` } }));
    const partner = `{ partnerAccounts(first: 1) { nodes { id } } }`;
    const create = `mutation { createContact(input: { firstName: "Ada" }) { contact { id } } }`;
    const quotaExceeded = { fault: { kind: 'quotaExceeded' as const } };
    app.sandbox.faults.script(quotaExceeded);
    expect(codes(await ask('a', one(1)))).toEqual(['QUOTA_EXHAUSTED']);
    app.sandbox.faults.script(quotaExceeded);
    expect(codes(await ask('b', partner))).toEqual(['QUOTA_EXHAUSTED']);
    expect(app.calls()).toHaveLength(2);

    for (const query of [one(1), one(2), create]) {
      const answer = await ask('a', query);
      expect(answer.errors?.[0].extensions).toMatchObject({
        code: 'QUOTA_EXHAUSTED',
        resetsAt: '2026-01-16T00:00:00.000Z',
      });
      expect(answer.extensions.upstream.calls).toBe(0);
    }
    expect(codes(await ask('c', partner))).toEqual(['QUOTA_EXHAUSTED']);
    expect(app.calls()).toHaveLength(2);

    for (const query of [one(1), create]) expect((await ask('b', query)).errors).toBeUndefined();
    expect((await clock.run(app.query(one(1)))).errors).toBeUndefined();
    const { data } = await app.query(`{ rateLimit { exhausted } }`);
    expect(data.rateLimit).toEqual({ exhausted: false });

    const before = app.calls().length;
    await clock.advance(12 * HOUR);
    expect((await ask('a', one(1))).errors).toBeUndefined();
    expect((await ask('c', partner)).errors).toBeUndefined();
    expect(app.calls()).toHaveLength(before + 2);
  });

  it('fails every read without a call until midnight once the API reports it as spent', async () => {
    const clock = manualClock(Date.UTC(2026, 0, 15, 12));
    await start({ client: { clock, ...LIMITS } });
    app.sandbox.faults.script({ fault: { kind: 'quotaExceeded' } });
    expect(codes(await clock.run(app.query(one(1))))).toEqual(['QUOTA_EXHAUSTED']);
    expect(app.calls()).toHaveLength(1);

    for (const after of [2, 3, 4, 5, 6]) {
      // The clock stands still: an answer that waited for anything would not come.
      const { data, errors, extensions } = await app.query(one(after));
      expect(data).toEqual({ contacts: null });
      expect(errors?.[0].extensions).toMatchObject({
        code: 'QUOTA_EXHAUSTED',
        retryable: true,
        resetsAt: '2026-01-16T00:00:00.000Z',
        retryAfterSeconds: 12 * 3_600,
      });
      expect(extensions.upstream).toMatchObject({ calls: 0, waitedMs: 0, remainingToday: 0 });
    }

    const write = await app.query(
      `mutation { createContact(input: { firstName: "Ada" }) { contact { id } } }`,
    );
    expect(write.data).toEqual({ createContact: null });
    expect(codes(write)).toEqual(['QUOTA_EXHAUSTED']);
    const { data } = await app.query(`{ rateLimit { exhausted remainingToday resetsAt } }`);
    expect(data.rateLimit).toEqual({
      exhausted: true,
      remainingToday: 0,
      resetsAt: '2026-01-16T00:00:00.000Z',
    });
    await clock.advance(11 * HOUR);
    expect(codes(await app.query(one(7)))).toEqual(['QUOTA_EXHAUSTED']);
    expect(app.calls()).toHaveLength(1);

    await clock.advance(HOUR);
    const again = await clock.run(app.query(one(8)));
    expect(again.errors).toBeUndefined();
    expect(again.data.contacts.nodes).toHaveLength(1);
    expect(again.extensions.upstream.remainingToday).toBe(9_999);
    expect(app.calls()).toHaveLength(2);
  });

  it('ends with the day of the API when the clock of this machine is ahead', async () => {
    const clock = manualClock(Date.UTC(2026, 0, 16, 0, 2));
    await start({ client: { clock } });
    const date = new Date(clock.now() - 180_000).toUTCString();
    app.sandbox.faults.script({
      fault: {
        kind: 'status',
        status: 429,
        headers: { date },
        body: { error_key: 'quota_exceeded', error_message: 'Limit Exceeded' },
      },
    });
    for (const after of [1, 2]) {
      const { errors } = await app.query(one(after));
      expect(errors?.[0].extensions).toMatchObject({
        code: 'QUOTA_EXHAUSTED',
        resetsAt: '2026-01-16T00:03:00.000Z',
      });
    }
    await clock.advance(60_000);
    expect((await app.query(one(3))).errors).toBeUndefined();
    expect(app.calls()).toHaveLength(2);
  });

  it('stops calls by its own count before the API has to', async () => {
    const clock = manualClock(Date.UTC(2026, 0, 15, 12));
    await start({ client: { clock, requestsPerDay: 2 } });
    await clock.run(app.query(one(1)));
    const { data } = await app.query(
      `{ rateLimit { requestsPerSecond requestsPerDay usedToday remainingToday resetsAt waiting exhausted } }`,
    );
    expect(data.rateLimit).toEqual({
      requestsPerSecond: null,
      requestsPerDay: 2,
      usedToday: 1,
      remainingToday: 1,
      resetsAt: '2026-01-16T00:00:00.000Z',
      waiting: 0,
      exhausted: false,
    });
    await clock.run(app.query(one(2)));
    expect(codes(await app.query(one(3)))).toEqual(['QUOTA_EXHAUSTED']);
    expect(app.calls()).toHaveLength(2);
  });

  it('does not count cached reads', async () => {
    const clock = manualClock();
    await start({ client: { clock, requestsPerDay: 1, referenceCacheSeconds: 60 } });
    const lists = [...app.sandbox.account().lists].slice(0, 2);
    const query = `query ($a: ID!, $b: ID!) { a: contactList(id: $a) { name } b: contactList(id: $b) { name } }`;
    const ask = () => app.query(query, { variables: { a: lists[0]?.list_id, b: lists[1]?.list_id } });
    const first = await clock.run(ask());
    expect(first.extensions.upstream).toMatchObject({ calls: 1, cached: 0, remainingToday: 0 });
    const second = await ask();
    expect(second.data).toEqual(first.data);
    expect(second.extensions.upstream).toMatchObject({ calls: 0, cached: 1 });
  });
});

describe('the cost report', () => {
  it('is part of each response', async () => {
    const clock = manualClock();
    await start({ client: { clock, random: () => 0, requestsPerDay: 100, referenceCacheSeconds: 60 } });
    app.sandbox.faults.script({ operationId: 'getContacts', fault: { kind: 'empty', status: 500 } });
    const query = `{ contacts(first: 5) { nodes { lists { name } tags { name } } } }`;
    const [first, twin] = await clock.run(Promise.all([app.query(query), app.query(query)]));
    expect(first.extensions.upstream).toEqual({
      calls: 4,
      retries: 1,
      coalesced: 0,
      cached: 0,
      waitedMs: 500,
      remainingToday: 96,
    });
    expect(twin.extensions.upstream).toMatchObject({ calls: 0, coalesced: 3, cached: 0, waitedMs: 0 });
    const later = await clock.run(app.query(query));
    expect(later.extensions.upstream).toMatchObject({ calls: 1, cached: 2, remainingToday: 95 });
  });

  it('is zero when no call was made, and has no limit when none is set', async () => {
    await start({});
    const { data, extensions } = await app.query(
      `{ __typename rateLimit { requestsPerSecond requestsPerDay remainingToday } }`,
    );
    expect(data.rateLimit).toEqual({ requestsPerSecond: null, requestsPerDay: null, remainingToday: null });
    expect(extensions.upstream).toEqual({
      calls: 0,
      retries: 0,
      coalesced: 0,
      cached: 0,
      waitedMs: 0,
      remainingToday: null,
    });
  });
});
