import { expect, test } from 'vitest';
import { systemClock } from '../../src/constant-contact/clock.js';
import type { Ticket } from '../../src/constant-contact/budget/ticket.js';
import {
  connectSharedState,
  type SharedState,
  type SharedStateOptions,
  type SharedStatus,
} from '../../src/constant-contact/redis/index.js';
import { COMMAND_MS } from '../../src/constant-contact/redis/link.js';
import { startRedis, until, type RedisServer } from '../support/redis.js';
import { stopwatch } from '../support/stopwatch.js';
import { failureOf } from '../support/upstream.js';

interface Fixtures {
  redis: RedisServer;
  /** The shared state as one process sees it. Several of them in one process share only Redis. */
  start(options?: Partial<SharedStateOptions>): SharedState;
  /** The same, once it is connected. */
  join(options?: Partial<SharedStateOptions>): Promise<SharedState>;
}

/** They wait rather than work, so they run side by side, each with a Redis of its own. */
const it = test.extend<Fixtures>({
  // eslint-disable-next-line no-empty-pattern -- Vitest insists on a pattern, be it an empty one.
  redis: async ({}, use) => {
    const redis = await startRedis();
    await use(redis);
    await redis.close();
  },
  start: async ({ redis }, use) => {
    const open: SharedState[] = [];
    await use((options) => {
      const state = connectSharedState({
        url: redis.url,
        namespace: 'test',
        processes: 3,
        requestsPerSecond: 4,
        requestsPerDay: 0,
        referenceCacheSeconds: 0,
        scope: 'test',
        secret: null,
        ...options,
      });
      open.push(state);
      return state;
    });
    await Promise.all(open.map((one) => one.close()));
  },
  join: async ({ start }, use) => {
    await use(async (options) => {
      const state = start(options);
      await until(() => state.status().connected, 'the connection');
      return state;
    });
  },
}).concurrent;

const acquire = ({ governor }: SharedState, maxWaitMs = 30_000): Promise<Ticket> =>
  governor.acquire({ priority: 'interactive', maxWaitMs });

/** Sends one request, which arrives at once, and writes down when. */
async function send(state: SharedState, log: number[], maxWaitMs?: number): Promise<void> {
  const ticket = await acquire(state, maxWaitMs);
  ticket.sent();
  log.push(Date.now());
  ticket.answered();
}

function busiestSecond(times: number[]): number {
  return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length));
}

const times = <T>(n: number, make: (n: number) => T): T[] => Array.from({ length: n }, (_, at) => make(at));

it('keeps all processes together within the limit per second', async ({ join, redis }) => {
  const states = await Promise.all([join(), join(), join()]);
  const log: number[] = [];
  // New processes wait before their first request.
  await send(states[0], log);
  const elapsed = stopwatch([redis.pid()]);
  await Promise.all(times(29, (n) => send(states[n % 3] as SharedState, log)));
  expect(busiestSecond(log)).toBe(4);
  const seconds = elapsed() / 1_000;
  // Seven rounds after the first; more than a tenth lost between them would be a waste of the budget.
  expect(seconds).toBeLessThan(7 * 1.05 * 1.1);
});

it('holds a slot until one second after its request has arrived', async ({ join, redis }) => {
  const [a, b] = await Promise.all([join({ requestsPerSecond: 1 }), join({ requestsPerSecond: 1 })]);
  const slow = await acquire(a);
  const log: number[] = [];
  const next = send(b, log);
  await systemClock.sleep(1_500);
  expect(log).toEqual([]);
  const sentAt = Date.now();
  slow.sent();
  await systemClock.sleep(500);
  slow.answered();
  const elapsed = stopwatch([redis.pid()]);
  await next;
  expect(log[0]).toBeGreaterThanOrEqual(sentAt + 1_500);
  expect(elapsed()).toBeLessThan(1_300);
});

it('returns unused slots', async ({ join, redis }) => {
  const [a, b] = await Promise.all([join({ requestsPerSecond: 1 }), join({ requestsPerSecond: 1 })]);
  await send(a, []);
  const unsent = await acquire(a);
  expect((await redis.client.zcard('constant-contact:{test}:slots')) > 0).toBe(true);
  unsent.cancel();
  const elapsed = stopwatch([redis.pid()]);
  await send(b, []);
  expect(elapsed()).toBeLessThan(300);
  await until(async () => (await countedToday(redis)) === 2, 'the count of two requests');
});

const DAYS = 'constant-contact:{test}:days';
const countedToday = async ({ client }: RedisServer): Promise<number> =>
  Number(await client.hget(DAYS, String(Math.floor(Date.now() / 86_400_000))));

it('counts the day for all processes together and fails immediately when it is spent', async ({
  join,
  redis,
}) => {
  const [a, b] = await Promise.all([join({ requestsPerDay: 3 }), join({ requestsPerDay: 3 })]);
  await send(a, []);
  await send(b, []);
  await send(a, []);
  expect(await failureOf(acquire(b))).toMatchObject({ kind: 'quotaExhausted' });
  expect(await failureOf(acquire(a))).toMatchObject({ kind: 'quotaExhausted' });
  await until(() => b.governor.status().remainingToday === 0, 'the sight of the shared count');
  expect(b.governor.status()).toMatchObject({ usedToday: 3, requestsPerDay: 3, exhausted: true });
  const lateComer = await join({ requestsPerDay: 3 });
  expect(await failureOf(acquire(lateComer))).toMatchObject({ kind: 'quotaExhausted' });
  expect(await redis.client.ttl(DAYS)).toBeGreaterThan(86_400);
});

it('fails waiting reads with the exhausted quota when the day is spent', async ({ join }) => {
  const state = await join({ requestsPerDay: 2, requestsPerSecond: 1 });
  const outcomes = await Promise.allSettled(times(4, () => send(state, [])));
  const messages = outcomes.map((one) => (one.status === 'rejected' ? (one.reason as Error).message : ''));
  const exhausted = 'The daily quota of REST calls is exhausted.';
  expect(messages).toEqual(['', '', exhausted, exhausted]);
});

const today = () => Math.floor(Date.now() / 86_400_000);

it('keeps a reserve for mutations across all processes', async ({ join, redis }) => {
  const limits = { requestsPerDay: 6, reservedForMutations: 3, requestsPerSecond: 0 };
  const [a, b] = await Promise.all([join(limits), join(limits)]);
  const write = async ({ governor }: SharedState) => {
    const ticket = await governor.acquire({
      priority: 'interactive',
      isForMutation: true,
      maxWaitMs: 30_000,
    });
    ticket.sent();
    ticket.answered();
  };
  const outcomes = await Promise.allSettled(times(8, (n) => send(n % 2 === 0 ? a : b, [])));
  const failed = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []));
  expect(failed).toHaveLength(5);
  for (const error of failed) {
    expect(error).toMatchObject({
      kind: 'quotaExhausted',
      message: expect.stringContaining('The last 3 calls of this day are reserved for mutations.'),
    });
  }
  expect(await countedToday(redis)).toBe(3);
  await write(a);
  expect(await failureOf(acquire(a))).toMatchObject({ kind: 'quotaExhausted' });
  expect(a.governor.pace()).toMatchObject({ reservedForMutations: 2 });
  await Promise.all([write(a), write(b)]);
  expect(await failureOf(write(b))).toMatchObject({ kind: 'quotaExhausted' });
  expect(await countedToday(redis)).toBe(6);
});

it('keeps a part of the reserve without Redis', async ({ start, redis }) => {
  await redis.kill();
  const state = start({ processes: 2, requestsPerDay: 8, reservedForMutations: 4, requestsPerSecond: 0 });
  const outcomes = await Promise.allSettled(times(4, () => send(state, [])));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
  const write = () =>
    state.governor.acquire({ priority: 'interactive', isForMutation: true, maxWaitMs: 9_000 });
  for (const ticket of [await write(), await write()]) ticket.sent();
  expect(await failureOf(write())).toMatchObject({ kind: 'quotaExhausted' });
});

it('knows the shares of callers across all processes, and delays callers over their share', async ({
  join,
  redis,
}) => {
  const limits = { requestsPerDay: 4_000, requestsPerSecond: 0 };
  await redis.client.hset(DAYS, { [String(today() - 2)]: 1, [`${String(today() - 2)} somebody`]: 1 });
  const [a, b] = await Promise.all([join(limits), join(limits)]);
  const call = async ({ governor }: SharedState, caller: string, isForMutation = false) => {
    const ticket = await governor.acquire({
      priority: 'interactive',
      caller,
      isForMutation,
      maxWaitMs: 30_000,
    });
    ticket.sent();
    ticket.answered();
    return ticket.waitedMs;
  };
  await call(b, 'few');
  expect(await redis.client.hkeys(DAYS)).not.toContain(`${String(today() - 2)} somebody`);
  for (let n = 0; n < 6; n += 1) await call(n % 2 === 0 ? a : b, 'many');
  // Of so many callers, each has a share of four; and so much is above the pace at any time of the day.
  await redis.client.hset(DAYS, { [String(today())]: 3_990, [`${String(today())} callers`]: 1_000 });
  await until(() => [a, b].every(({ governor }) => governor.pace().isAbovePace), 'the count of all');
  expect(a.governor.allowsBackground('poll')).toBe(false);
  expect(await call(a, 'many', true)).toBeLessThan(1_000);
  const held = call(a, 'many');
  expect(await call(a, 'few')).toBeLessThan(1_000);
  expect(await call(b, 'few')).toBeLessThan(1_000);
  expect(await held).toBeGreaterThanOrEqual(2_000);
});

it('counts a request for its caller only when it is sent', async ({ join, redis }) => {
  const state = await join({ requestsPerDay: 4_000, requestsPerSecond: 0 });
  for (const caller of ['a', 'b', 'b']) {
    const ticket = await state.governor.acquire({ priority: 'interactive', caller, maxWaitMs: 30_000 });
    if (caller === 'a') ticket.cancel();
    else ticket.sent();
  }
  const counts = async () => Object.values(await redis.client.hgetall(DAYS));
  // Two requests of the day, and of the only caller.
  await until(async () => (await counts()).length === 3, 'the count');
  await until(async () => (await counts()).join() === '2,2,1', 'two requests of one caller');
});

it('tells every process when the API reports the day as spent', async ({ join }) => {
  const [a, b] = await Promise.all([join(), join()]);
  await send(a, []);
  // Most of them still wait when the news arrives.
  const waiting = Promise.allSettled(times(60, () => send(b, [])));
  a.governor.quotaSpent();
  await until(() => b.governor.status().exhausted, 'the news');
  const failures = (await waiting).flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  expect(failures.length).toBeGreaterThan(0);
  for (const failure of failures) expect(failure).toMatchObject({ kind: 'quotaExhausted' });
  expect(b.governor.status().waiting).toBe(0);
  expect(await failureOf(acquire(b))).toMatchObject({ kind: 'quotaExhausted' });
  expect(b.governor.status().resetsAt.getTime()).toBeGreaterThan(Date.now());
});

it('a process whose clock is ahead has the day of the others', async ({ join, redis }) => {
  const half = 12 * 3_600_000;
  const ahead = { ...systemClock, now: () => Date.now() + half };
  const limits = { requestsPerDay: 10_000 };
  const [a, b] = await Promise.all([join(limits), join({ ...limits, clock: ahead })]);
  const allowed = [a, b].map(({ governor }) => governor.pace().allowedByNow as number) as [number, number];
  expect(Math.abs(allowed[0] - allowed[1])).toBeLessThan(100);
  expect(b.governor.status().resetsAt).toEqual(a.governor.status().resetsAt);
  a.governor.quotaSpent();
  await until(() => b.governor.status().exhausted, 'the news');
  expect(b.governor.status().resetsAt).toEqual(a.governor.status().resetsAt);
  // As at the end of the day.
  await redis.client.unlink(`constant-contact:{test}:spent`);
  await until(() => ![a, b].some(({ governor }) => governor.status().exhausted), 'the next day');
  b.governor.quotaSpent();
  expect(b.governor.status().resetsAt).toEqual(a.governor.status().resetsAt);
  await until(() => a.governor.status().exhausted, 'the news');
});

it('keeps namespaces apart', async ({ join, redis }) => {
  const [a, b] = await Promise.all([join({ namespace: 'one' }), join({ namespace: 'two' })]);
  await Promise.all([send(a, []), send(b, [])]);
  const elapsed = stopwatch([redis.pid()]);
  await Promise.all([...times(3, () => send(a, [])), ...times(3, () => send(b, []))]);
  expect(elapsed()).toBeLessThan(900);
});

it('stops waiting when the caller is cancelled, and returns the slot', async ({ join, redis }) => {
  const state = await join({ requestsPerSecond: 1 });
  await send(state, []);
  const caller = new AbortController();
  const leaving = state.governor.acquire({
    priority: 'interactive',
    maxWaitMs: 30_000,
    signal: caller.signal,
  });
  setTimeout(() => {
    caller.abort();
  }, 100);
  expect(await failureOf(leaving)).toMatchObject({ kind: 'aborted' });
  const elapsed = stopwatch([redis.pid()]);
  await send(state, []);
  expect(elapsed()).toBeLessThan(1_300);
});

it('fails with rateLimited when the wait gets too long', async ({ join, redis }) => {
  const [a, b] = await Promise.all([join({ requestsPerSecond: 1 }), join({ requestsPerSecond: 1 })]);
  await send(a, []);
  const elapsed = stopwatch([redis.pid()]);
  expect(await failureOf(acquire(b, 300))).toMatchObject({ kind: 'rateLimited' });
  expect(elapsed()).toBeLessThan(450);
});

it('writes no secrets and no account names into its keys', async ({ join, redis }) => {
  const state = await join();
  await send(state, []);
  const keys = await redis.client.keys('*');
  expect(keys.length).toBeGreaterThan(2);
  for (const key of keys) expect(key).toMatch(/^constant-contact:\{test\}:(slots|days|quiet|live|run)$/);
});

it('remembers no slots that were granted without Redis and not used', async ({ join, redis }) => {
  const state = await join({ requestsPerSecond: 0 });
  const returned: string[][] = [];
  const monitor = await redis.client.monitor();
  monitor.on('monitor', (_time: string, args: string[]) => {
    // The script that reports an outage: the last two arguments are the slots to release and those to hold.
    if (args[0]?.startsWith('eval') && args.at(-1) === '[]' && args.length === 20) returned.push(args);
  });
  redis.freeze();
  await until(() => !state.status().connected, 'the outage');
  for (const ticket of await Promise.all(times(20, () => acquire(state)))) ticket.cancel();
  redis.resume();
  await until(() => state.status().connected, 'the return');
  await until(() => returned.length > 0, 'the report');
  monitor.disconnect();
  expect(returned.map((args) => args.at(-2))).toEqual(['[]']);
});

it.for(['dies', 'hangs'] as const)(
  'continues with a part of the budget when Redis %s, and shares again when it is back',
  async (how, { join, redis }) => {
    const changes: boolean[] = [];
    const onChange = ({ connected }: SharedStatus) => changes.push(connected);
    const states = await Promise.all([join({ onChange }), join(), join()]);
    const log: number[] = [];
    const failures: unknown[] = [];
    let going = true;
    const load = states.map(async (state) => {
      while (going)
        await Promise.all(times(3, () => send(state, log))).catch((e: unknown) => failures.push(e));
    });
    await until(() => log.length >= 10, 'the first requests');

    const goneAt = Date.now();
    if (how === 'dies') await redis.kill();
    else redis.freeze();
    const sinceGone = stopwatch();
    await until(() => !states.some((one) => one.status().connected), 'the discovery');
    expect(sinceGone()).toBeLessThan(2_000);
    expect(states[0]?.status()).toMatchObject({ connected: false, requestsPerSecond: 1 });
    await systemClock.sleep(6_000);
    const alone = log.filter((at) => at > goneAt + 1_000).length;
    expect(alone).toBeGreaterThanOrEqual(9);

    if (how === 'dies') await redis.start();
    else redis.resume();
    const sinceBack = stopwatch([redis.pid()]);
    await until(() => states.every((one) => one.status().connected), 'the return');
    expect(sinceBack()).toBeLessThan(8_000);
    const backAt = Date.now();
    await systemClock.sleep(9_000);
    going = false;
    await Promise.all(load);
    expect(log.filter((at) => at > backAt + 4_000).length).toBeGreaterThanOrEqual(16);
    expect(failures).toEqual([]);
    expect(busiestSecond(log)).toBeLessThanOrEqual(4);
    expect(changes).toEqual([true, false, true]);
    // Whatever was sent without Redis is counted now, unless Redis has lost the count.
    const counted = await countedToday(redis);
    if (how === 'hangs') expect(counted).toBe(log.length);
  },
);

it('stays within the limit when Redis has lost all data', async ({ join, redis }) => {
  const states = await Promise.all([join(), join(), join()]);
  const log: number[] = [];
  const all = Promise.all(times(40, (n) => send(states[n % 3] as SharedState, log)));
  await until(() => log.length >= 6, 'the first requests');
  await redis.client.flushall();
  await all;
  expect(busiestSecond(log)).toBeLessThanOrEqual(4);
});

it('counts the day on when Redis has lost all data, by what any process knows', async ({ join, redis }) => {
  const states = [await join({ requestsPerDay: 100 }), await join({ requestsPerDay: 100 })] as const;
  const log: number[] = [];
  const used = (at: 0 | 1) => states[at].governor.status().usedToday;
  for (const at of [0, 0, 0, 1, 1] as const) await send(states[at], log);
  expect(used(1)).toBe(5);
  await redis.client.flushall();
  await send(states[0], log);
  expect(used(0)).toBe(6);
  await until(() => used(1) === 6, 'the count of the other process');
  // A call that was cancelled since is not counted again.
  (await acquire(states[1])).cancel();
  await send(states[0], log);
  expect(used(0)).toBe(7);
});

it('serves callers round robin, whichever process they use, before prefetching', async ({ join }) => {
  const states = await Promise.all([join({ requestsPerSecond: 1 }), join({ requestsPerSecond: 1 })]);
  const [a, b] = states;
  const log: string[] = [];
  const sendFor = async (
    { governor }: SharedState,
    caller: string,
    priority: 'interactive' | 'prefetch' = 'interactive',
  ) => {
    const ticket = await governor.acquire({ priority, caller, maxWaitMs: 60_000 });
    log.push(priority === 'prefetch' ? 'later' : caller);
    ticket.sent();
    ticket.answered();
  };
  const later = sendFor(b, 'many', 'prefetch');
  const many = times(8, (n) => sendFor(n % 2 === 0 ? a : b, 'many'));
  await until(() => log.length >= 2, 'the first requests');
  const before = log.length;
  const few = [sendFor(a, 'few'), sendFor(b, 'other')];
  await Promise.all([later, ...many, ...few]);
  // A new caller waits for at most one turn of each other caller.
  expect(Math.max(log.indexOf('few'), log.indexOf('other'))).toBeLessThanOrEqual(before + 3);
  // It may have been the first call, before others were waiting.
  expect([0, log.length - 1]).toContain(log.indexOf('later'));
});

it('starts without Redis with its part of the budget, and joins when Redis is available', async ({
  redis,
  start,
}) => {
  await redis.kill();
  const states = times(2, () => start({ processes: 2, requestsPerDay: 10 }));
  const log: number[] = [];
  await Promise.all(times(4, () => send(states[0] as SharedState, log)));
  expect(busiestSecond(log)).toBe(2);
  // Half of the day is what one of two may use alone.
  await send(states[0] as SharedState, log);
  expect(await failureOf(acquire(states[0] as SharedState))).toMatchObject({ kind: 'quotaExhausted' });
  await redis.start();
  await until(() => states.every((one) => one.status().connected), 'the connection');
  await until(() => states[1]?.governor.status().usedToday === 5, 'the shared count');
  await send(states[1] as SharedState, log);
  await until(() => states[0]?.governor.status().usedToday === 6, 'the shared count');
});

it('never waits for a Redis that hangs', async ({ join, redis }) => {
  const state = await join({ requestsPerSecond: 0 });
  redis.freeze();
  const first = stopwatch();
  await send(state, []);
  // The command's time limit and, once, the pause before anything is sent without Redis.
  expect(first()).toBeLessThan(2_700);
  const second = stopwatch();
  await send(state, []);
  // Without another command.
  expect(second()).toBeLessThan(COMMAND_MS);
  redis.resume();
});
