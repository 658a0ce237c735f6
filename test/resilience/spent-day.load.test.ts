import { afterEach, expect, it } from 'vitest';
import { expectNoViolations, startApp, type Answer, type TestApp } from '../support/app.js';
import { manualClock } from '../support/clock.js';
import { stopwatch } from '../support/stopwatch.js';

const ROUNDS = 100;
const HOUR = 3_600_000;
const MIDNIGHT = Date.UTC(2026, 0, 16);

const PAGE = '{ contacts(first: 100) { nodes { contactId firstName lastName emailAddress { address } } } }';
const DASHBOARD = `{ account { organizationName } contactLists(first: 50) { nodes { name membershipCount } } tags(first: 50) { nodes { name } }
  emailCampaigns(first: 20) { nodes { name status } } contacts(first: 20) { nodes { firstName } } }`;

let app: TestApp;
afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

const medianOf = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
const codes = ({ errors }: Answer) => errors?.map((error) => error.extensions.code as string);

it('answers from an hour of cached data within 20 ms when the API reports the day as spent, and is fresh the next day', async () => {
  const clock = manualClock(MIDNIGHT - HOUR);
  app = await startApp({
    sandbox: { contacts: 200, clock },
    client: {
      clock,
      cacheSeconds: { account: 300, lists: 60, tags: 60, contacts: 30, campaigns: 30 },
      staleSeconds: 3_600,
    },
  });
  const ask = (query: string) => clock.run(app.query(query));
  const known = [PAGE, DASHBOARD];
  const before = await Promise.all(known.map(ask));
  await clock.advance(HOUR / 2);
  app.sandbox.faults.script({ fault: { kind: 'quotaExceeded' }, times: Infinity });
  expect(codes(await ask('{ segments(first: 5) { nodes { name } } }'))).toEqual(['QUOTA_EXHAUSTED']);
  app.resetCalls();

  const timed = async (query: string): Promise<{ ms: number; answer: Answer }> => {
    const elapsed = stopwatch();
    const answer = await app.query(query);
    return { ms: elapsed(), answer };
  };
  for (const [at, query] of known.entries()) {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const { ms, answer } = await timed(query);
      times.push(ms);
      expect(answer).toMatchObject({ status: 200, errors: undefined, data: before[at]?.data });
      const { calls, stale } = answer.extensions.upstream;
      expect(calls).toBe(0);
      expect(stale.length).toBeGreaterThan(0);
      for (const one of stale)
        expect(one).toMatchObject({ ageSeconds: HOUR / 2_000, because: 'QUOTA_EXHAUSTED' });
    }
    expect(medianOf(times), query).toBeLessThan(20);
  }

  const resetsAt = new Date(MIDNIGHT).toISOString();
  const unknown: number[] = [];
  const writes: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const day = new Date(round * 86_400_000).toISOString();
    const read = await timed(
      `{ contacts(first: 1, filter: { createdAfter: "${day}" }) { nodes { firstName } } }`,
    );
    const write = await timed(
      `mutation { createTag(input: { name: "tag ${String(round)}" }) { tag { name } } }`,
    );
    for (const { answer } of [read, write])
      expect(answer.errors).toMatchObject([{ extensions: { code: 'QUOTA_EXHAUSTED', resetsAt } }]);
    unknown.push(read.ms);
    writes.push(write.ms);
  }
  expect(medianOf(unknown)).toBeLessThan(20);
  expect(medianOf(writes)).toBeLessThan(20);
  expect(app.calls()).toEqual([]);

  app.sandbox.faults.clear();
  await clock.advance(HOUR / 2);
  for (const query of known) {
    const { errors, extensions } = await ask(query);
    expect(errors).toBeUndefined();
    expect(extensions.upstream.calls).toBeGreaterThan(0);
    expect(extensions.upstream).not.toHaveProperty('stale');
  }
  expect(
    (await ask('mutation { createTag(input: { name: "new day" }) { tag { name } } }')).errors,
  ).toBeUndefined();
});
