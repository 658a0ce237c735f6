import { describe, expect, it } from 'vitest';
import { LocalGovernor } from '../../src/constant-contact/budget/local-governor.js';
import { type Governor } from '../../src/constant-contact/budget/governor.js';
import type { Ticket } from '../../src/constant-contact/budget/ticket.js';
import type { Priority, Turn } from '../../src/constant-contact/budget/turn.js';
import { manualClock, type ManualClock } from '../support/clock.js';
import { failureOf } from '../support/upstream.js';

const turn = (options: Partial<Turn> = {}): Turn => ({
  priority: 'interactive',
  maxWaitMs: 30_000,
  ...options,
});

/** A request that arrives and is answered in no time. */
function passThrough(ticket: Ticket): void {
  ticket.sent();
  ticket.answered();
}

/** Asks for a turn, sends at once when it comes, and writes down the name and the time. */
function sendWhenFree(
  governor: Governor,
  clock: ManualClock,
  log: { name: string; at: number }[],
  name: string,
  options: Partial<Turn> = {},
): Promise<void> {
  return governor.acquire(turn(options)).then((ticket) => {
    passThrough(ticket);
    log.push({ name, at: clock.now() });
  });
}

/** Most events within any span of 1,000 ms. */
function busiestSecond(times: number[]): number {
  return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length));
}

describe('a read that a write follows', () => {
  it('gets both slots together, with no other call between them', async () => {
    const clock = manualClock();
    const governor = new LocalGovernor({ perSecond: 4, perDay: 0, clock });
    const log: { name: string; at: number }[] = [];
    const waiting = Promise.all(
      Array.from({ length: 20 }, (_, n) => sendWhenFree(governor, clock, log, String(n))),
    );
    const pair = governor.acquire(turn({ isFollowed: true, priority: 'continuation' })).then(async (read) => {
      passThrough(read);
      log.push({ name: 'read', at: clock.now() });
      await clock.sleep(200);
      passThrough(read.next!);
      log.push({ name: 'write', at: clock.now() });
    });
    await clock.run(Promise.all([waiting, pair]));
    const names = log.map(({ name }) => name);
    expect(names.indexOf('write')).toBe(names.indexOf('read') + 1);
    expect(names.indexOf('read')).toBe(4);
    expect(busiestSecond(log.map(({ at }) => at))).toBe(4);
  });

  it('delays others for half a second at most, and not when its write is cancelled', async () => {
    const clock = manualClock();
    const governor = new LocalGovernor({ perSecond: 4, perDay: 0, clock });
    const read = await governor.acquire(turn({ isFollowed: true }));
    passThrough(read);
    const log: { name: string; at: number }[] = [];
    const began = clock.now();
    await clock.run(sendWhenFree(governor, clock, log, 'late'));
    expect(clock.now() - began).toBe(500);
    read.next?.cancel();
    const again = await governor.acquire(turn({ isFollowed: true }));
    const soon = sendWhenFree(governor, clock, log, 'soon');
    again.next?.cancel();
    again.cancel();
    await soon;
    expect(clock.now() - began).toBe(500);
  });

  it.each([
    [1, 0],
    [4, 1],
  ])('gets one slot where two are never available (%i a second, %i a day)', async (perSecond, perDay) => {
    const governor = new LocalGovernor({ perSecond, perDay, clock: manualClock() });
    expect((await governor.acquire(turn({ isFollowed: true }))).next).toBeUndefined();
  });

  it('goes ahead of the queue when it has to wait a second time', async () => {
    const clock = manualClock();
    const governor = new LocalGovernor({ perSecond: 1, perDay: 0, clock });
    const log: { name: string; at: number }[] = [];
    const all = [0, 1, 2].map((n) => sendWhenFree(governor, clock, log, String(n)));
    all.push(sendWhenFree(governor, clock, log, 'write', { priority: 'continuation' }));
    await clock.run(Promise.all(all));
    expect(log.map(({ name }) => name)).toEqual(['0', 'write', '1', '2']);
  });
});

describe('the limit per second', () => {
  it('lets the first N go at once, and each further one a second and a margin after the one it replaces', async () => {
    const clock = manualClock();
    const governor = new LocalGovernor({ perSecond: 4, perDay: 0, clock });
    const start = clock.now();
    const log: { name: string; at: number }[] = [];
    const all = Promise.all(
      [0, 1, 2, 3, 4, 5, 6, 7, 8].map((n) => sendWhenFree(governor, clock, log, String(n))),
    );
    await clock.run(all);
    expect(log.map(({ at }) => at - start)).toEqual([0, 0, 0, 0, 1_050, 1_050, 1_050, 1_050, 2_100]);
    expect(log.map(({ name }) => name)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8']);
    expect(clock.pending()).toBe(0);
  });

  it('counts from when a request is sent, not from when it was permitted', async () => {
    const clock = manualClock();
    const governor = new LocalGovernor({ perSecond: 1, perDay: 0, clock });
    const slow = await governor.acquire(turn());
    const log: { name: string; at: number }[] = [];
    const second = sendWhenFree(governor, clock, log, 'second');
    await clock.advance(5_000);
    expect(log).toEqual([]);
    passThrough(slow);
    const sentAt = clock.now();
    await clock.run(second);
    expect(log).toEqual([{ name: 'second', at: sentAt + 1_050 }]);
  });

  it('never lets the API count more than N in a second, though sending and arrival take varying time', async () => {
    const clock = manualClock();
    const governor = new LocalGovernor({ perSecond: 4, perDay: 0, clock });
    const arrivals: number[] = [];
    let seed = 7;
    const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    const request = async () => {
      const ticket = await governor.acquire(turn({ maxWaitMs: 60_000 }));
      await clock.sleep(random() * 400);
      ticket.sent();
      await clock.sleep(random() * 700);
      arrivals.push(clock.now());
      await clock.sleep(random() * 300);
      ticket.answered();
    };
    await clock.run(Promise.all(Array.from({ length: 60 }, request)));
    expect(arrivals).toHaveLength(60);
    expect(busiestSecond(arrivals)).toBeLessThanOrEqual(4);
  });

  it.each([
    { answered: 30, free: 1_050, why: 'it was sent' },
    { answered: 400, free: 1_400, why: 'it had certainly arrived' },
    { answered: 5_000, free: 2_000, why: 'it must have arrived' },
  ])(
    'frees the slot of a request answered after $answered ms a second after $why',
    async ({ answered, free }) => {
      const clock = manualClock();
      const governor = new LocalGovernor({ perSecond: 1, perDay: 0, clock });
      const ticket = await governor.acquire(turn());
      ticket.sent();
      const start = clock.now();
      const log: { name: string; at: number }[] = [];
      const next = sendWhenFree(governor, clock, log, 'next');
      void clock.sleep(answered).then(() => {
        ticket.answered();
      });
      await clock.run(next);
      expect(log).toEqual([{ name: 'next', at: start + free }]);
    },
  );

  it('passes an unused slot to the next in the queue', async () => {
    const clock = manualClock();
    const governor = new LocalGovernor({ perSecond: 1, perDay: 0, clock });
    const unused = await governor.acquire(turn());
    const log: { name: string; at: number }[] = [];
    const next = sendWhenFree(governor, clock, log, 'next');
    unused.cancel();
    unused.cancel();
    await next;
    expect(log).toEqual([{ name: 'next', at: clock.now() }]);
    expect(governor.status().usedToday).toBe(1);
  });

  it('keeps a slot taken when its request is cancelled after it was sent', async () => {
    const clock = manualClock();
    const governor = new LocalGovernor({ perSecond: 1, perDay: 0, clock });
    const ticket = await governor.acquire(turn());
    ticket.sent();
    ticket.sent();
    ticket.cancel();
    expect(governor.status().usedToday).toBe(1);
    expect((await failureOf(governor.acquire(turn({ maxWaitMs: 1_000 })))).kind).toBe('rateLimited');
  });

  it('recovers after the wall clock was set back', async () => {
    const clock = manualClock();
    let shift = 0;
    const governor = new LocalGovernor({
      perSecond: 1,
      perDay: 0,
      clock: { ...clock, now: () => clock.now() + shift },
    });
    passThrough(await governor.acquire(turn()));
    shift = -3_600_000;
    const next = governor.acquire(turn());
    await clock.advance(1_050);
    await expect(next).resolves.toMatchObject({ waitedMs: 1_050 });
  });

  it('is unlimited at 0', async () => {
    const governor = new LocalGovernor({ perSecond: 0, perDay: 0, clock: manualClock() });
    const tickets = await Promise.all(
      Array.from({ length: 1_000 }, () => governor.acquire(turn({ maxWaitMs: 0 }))),
    );
    tickets.forEach((ticket) => {
      ticket.sent();
    });
    expect(governor.status()).toMatchObject({
      usedToday: 1_000,
      remainingToday: null,
      waiting: 0,
      exhausted: false,
    });
  });
});

describe('the order of the queue', () => {
  it('puts interactive calls before prefetching, and keeps the order within each', async () => {
    const clock = manualClock();
    const governor = new LocalGovernor({ perSecond: 1, perDay: 0, clock });
    const log: { name: string; at: number }[] = [];
    const ask = (name: string, priority: Priority) => sendWhenFree(governor, clock, log, name, { priority });
    const all = Promise.all([
      ask('first', 'prefetch'),
      ask('p1', 'prefetch'),
      ask('p2', 'prefetch'),
      ask('i1', 'interactive'),
      ask('i2', 'interactive'),
    ]);
    await clock.run(all);
    expect(log.map(({ name }) => name)).toEqual(['first', 'i1', 'i2', 'p1', 'p2']);
  });

  it('moves a queued call forward when it becomes interactive', async () => {
    const clock = manualClock();
    const governor = new LocalGovernor({ perSecond: 1, perDay: 0, clock });
    const log: { name: string; at: number }[] = [];
    const urgency: { priority: Priority } = { priority: 'prefetch' };
    const first = sendWhenFree(governor, clock, log, 'first');
    const other = sendWhenFree(governor, clock, log, 'other', { priority: 'prefetch' });
    const joined = governor
      .acquire({
        maxWaitMs: 30_000,
        get priority() {
          return urgency.priority;
        },
      })
      .then((ticket) => {
        passThrough(ticket);
        log.push({ name: 'joined', at: clock.now() });
      });
    urgency.priority = 'interactive';
    await clock.run(Promise.all([first, other, joined]));
    expect(log.map(({ name }) => name)).toEqual(['first', 'joined', 'other']);
  });
});

describe('the longest wait', () => {
  it('fails a call immediately when the queue is too long, with the time of the next free slot', async () => {
    const clock = manualClock();
    const governor = new LocalGovernor({ perSecond: 2, perDay: 0, clock });
    const log: { name: string; at: number }[] = [];
    const waiting = Array.from({ length: 6 }, (_, n) => sendWhenFree(governor, clock, log, String(n)));
    const start = clock.now();
    const error = await failureOf(governor.acquire(turn({ maxWaitMs: 2_000 })));
    expect(error).toMatchObject({ kind: 'rateLimited', retryAt: start + 3 * 1_050, retryable: true });
    expect(clock.now()).toBe(start);
    await clock.run(Promise.all(waiting));
    expect(clock.now()).toBe(start + 2 * 1_050);
  });

  it('admits a call whose wait is exactly as long as allowed', async () => {
    const clock = manualClock();
    const governor = new LocalGovernor({ perSecond: 1, perDay: 0, clock });
    passThrough(await governor.acquire(turn()));
    const ticket = await clock.run(governor.acquire(turn({ maxWaitMs: 1_050 })));
    expect(ticket.waitedMs).toBe(1_050);
  });

  it('ends a wait at its bound when a slot is held longer than expected', async () => {
    const clock = manualClock();
    const governor = new LocalGovernor({ perSecond: 1, perDay: 0, clock });
    const held = await governor.acquire(turn());
    const waiting = failureOf(governor.acquire(turn({ maxWaitMs: 2_000 })));
    const start = clock.now();
    await clock.advance(2_000);
    const error = await waiting;
    expect(error.kind).toBe('rateLimited');
    expect(error.retryAt).toBeGreaterThan(start + 2_000);
    held.cancel();
    expect(governor.status().waiting).toBe(0);
    expect(clock.pending()).toBe(0);
  });
});

describe('a cancelled caller', () => {
  it('leaves the queue and takes no slot', async () => {
    const clock = manualClock();
    const governor = new LocalGovernor({ perSecond: 1, perDay: 0, clock });
    const log: { name: string; at: number }[] = [];
    await sendWhenFree(governor, clock, log, 'first');
    const caller = new AbortController();
    const gone = failureOf(governor.acquire(turn({ signal: caller.signal })));
    const next = sendWhenFree(governor, clock, log, 'next');
    const start = clock.now();
    caller.abort();
    expect((await gone).kind).toBe('aborted');
    expect(governor.status().waiting).toBe(1);
    await clock.run(next);
    expect(log.at(-1)).toEqual({ name: 'next', at: start + 1_050 });
  });

  it('is refused when it was cancelled before', async () => {
    const governor = new LocalGovernor({ perSecond: 1, perDay: 0, clock: manualClock() });
    expect((await failureOf(governor.acquire(turn({ signal: AbortSignal.abort() })))).kind).toBe('aborted');
    expect(governor.status().usedToday).toBe(0);
  });
});

describe('the limit per day', () => {
  it('fails calls immediately when the day is spent, with the time at which it starts again', async () => {
    const clock = manualClock(Date.UTC(2026, 4, 5, 23, 59));
    const governor = new LocalGovernor({ perSecond: 0, perDay: 2, clock });
    for (let n = 0; n < 2; n += 1) (await governor.acquire(turn())).sent();
    const error = await failureOf(governor.acquire(turn()));
    const midnight = Date.UTC(2026, 4, 6);
    expect(error).toMatchObject({ kind: 'quotaExhausted', retryAt: midnight });
    expect(governor.status()).toMatchObject({
      usedToday: 2,
      remainingToday: 0,
      exhausted: true,
      resetsAt: new Date(midnight),
    });
  });

  it('starts again at 00:00 UTC', async () => {
    const clock = manualClock(Date.UTC(2026, 4, 5, 23, 59, 59));
    const governor = new LocalGovernor({ perSecond: 0, perDay: 1, clock });
    (await governor.acquire(turn())).sent();
    await clock.advance(1_000);
    expect(governor.status()).toMatchObject({ usedToday: 0, remainingToday: 1, exhausted: false });
    (await governor.acquire(turn())).sent();
    expect((await failureOf(governor.acquire(turn()))).retryAt).toBe(Date.UTC(2026, 4, 7));
  });

  it('counts a request that was permitted before midnight and sent after it on the new day', async () => {
    const clock = manualClock(Date.UTC(2026, 4, 5, 23, 59, 59));
    const governor = new LocalGovernor({ perSecond: 0, perDay: 5, clock });
    const ticket = await governor.acquire(turn());
    await clock.advance(2_000);
    ticket.sent();
    expect(governor.status().usedToday).toBe(1);
  });

  it('does not count a cancelled request', async () => {
    const governor = new LocalGovernor({ perSecond: 0, perDay: 1, clock: manualClock() });
    (await governor.acquire(turn())).cancel();
    expect(governor.status()).toMatchObject({ usedToday: 0, remainingToday: 1 });
  });

  it('ends the wait of queued calls when the last request of the day is sent', async () => {
    const clock = manualClock();
    const governor = new LocalGovernor({ perSecond: 1, perDay: 2, clock });
    const log: { name: string; at: number }[] = [];
    const sent = [sendWhenFree(governor, clock, log, 'a'), sendWhenFree(governor, clock, log, 'b')];
    const late = failureOf(governor.acquire(turn()));
    await clock.run(Promise.all(sent));
    expect((await late).kind).toBe('quotaExhausted');
  });
});

describe('a day that the API reports as spent', () => {
  it('stops everything until 00:00 UTC, queued calls included', async () => {
    const clock = manualClock();
    const governor = new LocalGovernor({ perSecond: 1, perDay: 0, clock });
    (await governor.acquire(turn())).sent();
    const waiting = failureOf(governor.acquire(turn()));
    governor.quotaSpent();
    expect((await waiting).kind).toBe('quotaExhausted');
    expect(governor.status()).toMatchObject({
      exhausted: true,
      remainingToday: 0,
      resetsAt: new Date(Date.UTC(2026, 0, 16)),
    });
    await clock.advance(11 * 3_600_000);
    expect((await failureOf(governor.acquire(turn()))).kind).toBe('quotaExhausted');
    await clock.advance(3_600_000);
    await expect(governor.acquire(turn())).resolves.toBeDefined();
  });

  it('does not close the new day when the response belongs to a request of the old one', async () => {
    const clock = manualClock(Date.UTC(2026, 4, 5, 23, 59, 59));
    const governor = new LocalGovernor({ perSecond: 0, perDay: 0, clock });
    const sentAt = clock.now();
    await clock.advance(2_000);
    governor.quotaSpent(sentAt);
    expect(governor.status().exhausted).toBe(false);
  });

  it('is the day of the API where this clock is ahead', async () => {
    const clock = manualClock(Date.UTC(2026, 4, 6, 0, 2));
    const governor = new LocalGovernor({ perSecond: 0, perDay: 0, clock });
    governor.quotaSpent(clock.now(), clock.now() - 180_000);
    expect(governor.status().resetsAt).toEqual(new Date(Date.UTC(2026, 4, 6, 0, 3)));
    await clock.advance(60_000);
    await expect(governor.acquire(turn())).resolves.toBeDefined();
    // A time that is years away is no time of the API.
    governor.quotaSpent(clock.now(), 1);
    expect(governor.status().resetsAt).toEqual(new Date(Date.UTC(2026, 4, 7)));
  });

  it('stops calls for a minute only right after midnight: the clock of the API may be slightly behind', async () => {
    const clock = manualClock(Date.UTC(2026, 4, 6, 0, 0, 2));
    const governor = new LocalGovernor({ perSecond: 0, perDay: 0, clock });
    governor.quotaSpent();
    expect((await failureOf(governor.acquire(turn()))).retryAt).toBe(Date.UTC(2026, 4, 6, 0, 1));
    await clock.advance(58_000);
    await expect(governor.acquire(turn())).resolves.toBeDefined();
  });
});

it('reports the length of the queue', async () => {
  const clock = manualClock();
  const governor = new LocalGovernor({ perSecond: 2, perDay: 100, clock });
  const tickets: Ticket[] = [];
  const all = Array.from({ length: 5 }, () =>
    governor.acquire(turn()).then((ticket) => tickets.push(ticket)),
  );
  await clock.advance(0);
  expect(governor.status()).toEqual({
    requestsPerSecond: 2,
    requestsPerDay: 100,
    usedToday: 2,
    remainingToday: 98,
    resetsAt: new Date(Date.UTC(2026, 0, 16)),
    waiting: 3,
    exhausted: false,
  });
  tickets.forEach(passThrough);
  await clock.advance(1_050);
  tickets.forEach(passThrough);
  await clock.advance(1_050);
  await Promise.all(all);
});

it('releases a read delayed by the pace as soon as a mutation joins it', async () => {
  const clock = manualClock(Date.UTC(2026, 0, 15));
  const governor = new LocalGovernor({ perSecond: 0, perDay: 8, clock });
  for (const caller of ['one', 'other', 'other', 'other', 'other'])
    passThrough(await governor.acquire(turn({ caller })));
  expect(governor.pace()).toMatchObject({ allowedByNow: 2, isAbovePace: true });
  const read = { ...turn({ caller: 'other' }), isForMutation: false };
  let ticket: Ticket | undefined;
  void governor.acquire(read).then((granted) => (ticket = granted));
  await clock.advance(150);
  expect(ticket).toBeUndefined();
  read.isForMutation = true;
  await clock.advance(100);
  expect(ticket?.waitedMs).toBe(200);
});

describe('several callers', () => {
  const names = (log: { name: string }[]) => log.map(({ name }) => name);

  it('alternate, however many calls one of them has queued', async () => {
    const clock = manualClock();
    const governor = new LocalGovernor({ perSecond: 2, perDay: 0, clock });
    const log: { name: string; at: number }[] = [];
    const ask = (caller: string, count: number) =>
      Array.from({ length: count }, () => sendWhenFree(governor, clock, log, caller, { caller }));
    await clock.run(Promise.all([...ask('a', 8), ...ask('b', 3), ...ask('c', 2)]));
    // The first two had no competition.
    expect(names(log).join('')).toBe('aa' + 'abc' + 'abc' + 'ab' + 'aaa');
  });

  it('do not starve each other: each waits for at most one call of every other', async () => {
    const clock = manualClock();
    const governor = new LocalGovernor({ perSecond: 1, perDay: 0, clock });
    const log: { name: string; at: number }[] = [];
    const greedy = Array.from({ length: 25 }, () =>
      sendWhenFree(governor, clock, log, 'greedy', { caller: 'greedy' }),
    );
    await clock.advance(0);
    const start = clock.now();
    const modest = sendWhenFree(governor, clock, log, 'modest', { caller: 'modest' });
    await clock.run(modest);
    expect(clock.now() - start).toBeLessThanOrEqual(2 * 1_050 + 2_000);
    await clock.run(Promise.allSettled(greedy));
    expect(names(log).indexOf('modest')).toBeLessThanOrEqual(2);
  });

  it('keep alternating when queued calls are cancelled', async () => {
    const clock = manualClock();
    const governor = new LocalGovernor({ perSecond: 1, perDay: 0, clock });
    const log: { name: string; at: number }[] = [];
    const off = new AbortController();
    const first = sendWhenFree(governor, clock, log, 'first');
    const gone = sendWhenFree(governor, clock, log, 'gone', { caller: 'a', signal: off.signal });
    const left = sendWhenFree(governor, clock, log, 'left', { caller: 'b' });
    off.abort();
    await expect(failureOf(gone)).resolves.toMatchObject({ kind: 'aborted' });
    await clock.run(Promise.all([first, left]));
    expect(names(log)).toEqual(['first', 'left']);
    expect(governor.status().waiting).toBe(0);
  });

  it('go before their own prefetching and before that of others', async () => {
    const clock = manualClock();
    const governor = new LocalGovernor({ perSecond: 1, perDay: 0, clock });
    const log: { name: string; at: number }[] = [];
    const ask = (name: string, caller: string, priority: Priority) =>
      sendWhenFree(governor, clock, log, name, { caller, priority });
    await clock.run(
      Promise.all([
        ask('1', 'a', 'interactive'),
        ask('p', 'a', 'prefetch'),
        ask('2', 'b', 'interactive'),
        ask('3', 'b', 'interactive'),
      ]),
    );
    expect(names(log).join('')).toBe('123p');
  });

  it('are refused only for the length of their own queue', async () => {
    const clock = manualClock();
    const governor = new LocalGovernor({ perSecond: 1, perDay: 0, clock });
    const greedy = Array.from({ length: 5 }, () =>
      governor.acquire(turn({ caller: 'greedy' })).then((ticket) => ticket.sent()),
    );
    await clock.advance(0);
    const refused = failureOf(governor.acquire(turn({ caller: 'greedy', maxWaitMs: 3_000 })));
    await expect(refused).resolves.toMatchObject({ kind: 'rateLimited' });
    const modest = governor
      .acquire(turn({ caller: 'modest', maxWaitMs: 6_000 }))
      .then((ticket) => ticket.sent());
    await clock.run(Promise.all([modest, ...greedy]));
  });
});
