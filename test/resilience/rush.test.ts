import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalGovernor } from '../../src/constant-contact/budget/local-governor.js';
import { type Governor } from '../../src/constant-contact/budget/governor.js';
import { startApp, type Answer, type TestApp } from '../support/app.js';
import { manualClock, type ManualClock } from '../support/clock.js';

/** More queries than the API key allows, while the account itself counts the requests of each second. */
describe('a burst under 4 requests per second', () => {
  let clock: ManualClock;
  let app: TestApp;
  let governor: Governor;
  let attempts: number;
  let ids: string[];
  /** Queries that are asked and not answered yet. */
  let underWay: number;

  beforeEach(async () => {
    clock = manualClock();
    governor = new LocalGovernor({ perSecond: 4, perDay: 0, clock });
    attempts = 0;
    underWay = 0;
    app = await startApp({
      sandbox: { clock, requestsPerSecond: 4, contacts: 300 },
      client: {
        clock,
        governor,
        maxWaitMs: 30_000,
        onAttempt: () => {
          attempts += 1;
        },
      },
    });
    ids = [...app.sandbox.account().contacts].map((contact) => contact.contact_id);
  });

  afterEach(async () => {
    expect(app.sandbox.violations).toEqual([]);
    await app.close();
  });

  interface Outcome {
    id: string;
    caller: string;
    answer: Answer;
    /** On the clock. */
    at: number;
    tookMs: number;
  }

  async function send(query: string, caller: string): Promise<Answer> {
    underWay += 1;
    const answer = await app.query(query, { headers: { authorization: `Bearer token-of-${caller}` } });
    underWay -= 1;
    return answer;
  }

  /** Asks for one contact after so many milliseconds. */
  async function ask(id: string, afterMs: number, caller = 'only'): Promise<Outcome> {
    if (afterMs > 0) await clock.sleep(afterMs);
    const began = clock.now();
    const answer = await send(`{ contact(id: "${id}") { contactId } }`, caller);
    return { id, caller, answer, at: clock.now(), tookMs: clock.now() - began };
  }

  /**
   * Lets time pass, but none of it while a query or a REST call is on its way: the network of a test takes no time.
   * So it passes while all queries that are asked wait for their turn.
   */
  async function run<T>(promise: Promise<T>): Promise<T> {
    let over = false;
    const end = () => {
      over = true;
    };
    promise.then(end, end);
    while (!over) {
      await new Promise((resolve) => setImmediate(resolve));
      const { usedToday, waiting } = governor.status();
      if (attempts === usedToday && underWay <= waiting) await clock.advance(5);
    }
    return promise;
  }

  const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0);

  it('of 40 queries at 8 per second: all succeed with one call each, and `waitedMs` is their wait for a slot', async () => {
    const outcomes = await run(Promise.all(ids.slice(0, 40).map((id, at) => ask(id, at * 125))));
    for (const { id, answer } of outcomes) {
      expect(answer.errors).toBeUndefined();
      expect(answer.data).toEqual({ contact: { contactId: id } });
    }
    expect(app.calls()).toHaveLength(40);
    expect(app.sandbox.journal.entries.every(({ status }) => status === 200)).toBe(true);
    const waited = sum(outcomes.map(({ answer }) => answer.extensions.upstream.waitedMs as number));
    const took = sum(outcomes.map(({ tookMs }) => tookMs));
    expect(waited).toBeGreaterThan(0);
    expect(waited / took).toBeGreaterThan(0.95);
  });

  it('with a query of many calls: `waitedMs` is the delay of its response', async () => {
    const pages = Array.from(
      { length: 12 },
      (_, at) =>
        `p${String(at)}: contacts(first: 1, filter: { createdAfter: "20${String(10 + at)}-01-01T00:00:00Z" }) { nodes { lists { name } } }`,
    );
    const began = clock.now();
    const { errors, extensions } = await run(send(`{ ${pages.join(' ')} }`, 'only'));
    expect(errors).toBeUndefined();
    // Twelve pages at once; the lists after the first of them.
    expect(extensions.upstream.calls).toBe(13);
    expect(app.calls()).toHaveLength(13);
    expect(extensions.upstream.waitedMs).toBeGreaterThan(3_000);
    const late = clock.now() - began;
    expect(extensions.upstream.waitedMs).toBeLessThanOrEqual(late);
    // Time passes in steps of 5 ms here.
    expect(extensions.upstream.waitedMs).toBeGreaterThanOrEqual(late - 5);
  });

  it.each([
    {
      what: 'ten aliases of one id',
      calls: 1,
      query: (id: string) =>
        `{ ${Array.from({ length: 10 }, (_, at) => `a${String(at)}: contact(id: "${id}") { ${['firstName', 'notes { content }', 'lists { listId }'][at % 3]!} }`).join(' ')} }`,
    },
    {
      what: '50 contacts with the names of lists, tags and custom fields',
      calls: 4,
      query: () =>
        '{ contacts(first: 50) { nodes { firstName lists { name } tags { name } customFields { value field { label } } } } }',
    },
  ])('of $what, eight per second: $calls REST calls each, and none is refused', async ({ calls, query }) => {
    const queries = Array.from({ length: 8 }, async (_, at) => {
      if (at > 0) await clock.sleep(at * 125);
      return send(query(ids[at]!), `caller-${String(at)}`);
    });
    const answers = await run(Promise.all(queries));
    expect(answers.map(({ errors }) => errors)).toEqual(answers.map(() => undefined));
    expect(answers.map(({ extensions }) => extensions.upstream.calls as number)).toEqual(
      answers.map(() => calls),
    );
    expect(app.calls()).toHaveLength(8 * calls);
    expect(app.sandbox.journal.entries.every(({ status }) => status === 200)).toBe(true);
  });

  it('of 200 queries in a second: each is answered or gets a retry time, round robin, without starvation', async () => {
    const callers = ['a', 'b', 'c', 'd'];
    const rush = ids.slice(0, 200).map((id, at) => ask(id, at * 5, callers[at % 4]));
    const outcomes = await run(Promise.all(rush));

    const answered = outcomes.filter(({ answer }) => !answer.errors);
    const refused = outcomes.filter(({ answer }) => answer.errors);
    expect(answered.every(({ id, answer }) => answer.data.contact.contactId === id)).toBe(true);
    expect(refused.map(({ answer }) => answer.errors?.[0].extensions.code)).toEqual(
      refused.map(() => 'RATE_LIMITED'),
    );
    // 4 a second for 30 seconds, and a little less for the guard between seconds.
    expect(answered.length).toBeGreaterThanOrEqual(110);
    expect(app.calls()).toHaveLength(answered.length);
    expect(Math.max(...outcomes.map(({ tookMs }) => tookMs))).toBeLessThanOrEqual(30_000);
    // Answered or refused, the wait took the time.
    for (const { answer, tookMs } of outcomes)
      expect(tookMs - (answer.extensions.upstream.waitedMs as number)).toBeLessThanOrEqual(200);

    for (const caller of callers) {
      const mine = answered.filter((one) => one.caller === caller);
      expect(mine.map(({ at }) => at)).toEqual(mine.map(({ at }) => at).sort((x, y) => x - y));
      expect(Math.abs(mine.length - answered.length / 4)).toBeLessThanOrEqual(2);
    }

    // The retry time is correct: a single caller that retries then is answered immediately.
    for (const { id, answer, caller } of [refused[0]!, refused[refused.length >> 1]!, refused.at(-1)!]) {
      const { retryAt, retryAfterSeconds } = answer.errors?.[0].extensions as {
        retryAt: string;
        retryAfterSeconds: number;
      };
      expect(retryAfterSeconds).toBeLessThanOrEqual(60);
      await clock.advance(Math.max(0, Date.parse(retryAt) - clock.now()));
      const again = await run(ask(id, 0, caller));
      expect(again.answer.errors).toBeUndefined();
      expect(again.answer.extensions.upstream.waitedMs).toBe(0);
    }
  });

  it('lets callers succeed that retry at the given time, though the burst continues', async () => {
    const rush = Promise.all(ids.slice(0, 140).map((id) => ask(id, 0)));
    const refused = ask(ids[150]!, 1);
    const { answer } = await run(refused);
    const { retryAt } = answer.errors?.[0].extensions as { retryAt: string };
    const again = await run(ask(ids[150]!, Date.parse(retryAt) - clock.now()));
    expect(again.answer.errors).toBeUndefined();
    await run(rush);
  });
});
