import { beforeEach, describe, expect, it } from 'vitest';
import type { Place } from '../../src/constant-contact/cache/reference-cache.js';
import { createGovernor, type Governor, type Turn } from '../../src/constant-contact/budget/governor.js';
import type { Ticket } from '../../src/constant-contact/budget/ticket.js';
import { Primary } from '../../src/constant-contact/workers/primary.js';
import { connectPrimary, type PrimaryLink } from '../../src/constant-contact/workers/worker.js';
import { channel } from '../support/channel.js';
import { manualClock, type ManualClock } from '../support/clock.js';

interface TestWorker {
  link: PrimaryLink;
  governor: Governor;
  /** Ends it as a kill would: nothing more comes from it. */
  die(): void;
}

let clock: ManualClock;
let primary: Primary;
let governor: Governor;

beforeEach(() => {
  clock = manualClock();
  setUp({});
});

function setUp({ perSecond = 4, perDay = 10_000, referenceTtlMs = 60_000 }) {
  governor = createGovernor({ perSecond, perDay, clock });
  primary = new Primary({ governor, clock, referenceTtlMs });
}

async function startWorker(perSecond = 4): Promise<TestWorker> {
  const [ofPrimary, ofWorker, die] = channel();
  const connecting = connectPrimary(ofWorker);
  primary.attach(ofPrimary);
  const link = await connecting;
  return { link, governor: link.governor({ perSecond, clock }), die };
}

const turn = (more: Partial<Turn> = {}): Turn => ({ priority: 'interactive', maxWaitMs: 30_000, ...more });

/** Sends at once what it has leave for; the answer begins 100 ms later. */
async function send(at: Governor, departures: number[], more?: Partial<Turn>): Promise<void> {
  const ticket = await at.acquire(turn(more));
  departures.push(clock.now());
  ticket.sent();
  await clock.sleep(100);
  ticket.answered();
}

const mostInASecond = (times: number[]): number =>
  Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length));

describe('the budget of several workers', () => {
  it('is one: never more than 4 leave in a second, and nobody starves', async () => {
    const workers = await Promise.all([startWorker(), startWorker(), startWorker()]);
    const departures: number[] = [];
    const began = clock.now();
    await clock.run(
      Promise.all(
        workers.flatMap((worker, at) =>
          Array.from({ length: 10 }, () => send(worker.governor, departures, { caller: String(at) })),
        ),
      ),
    );
    expect(departures).toHaveLength(30);
    expect(mostInASecond(departures)).toBe(4);
    // 30 at 4 a second begin within 8 rounds of 1.1 s.
    expect(clock.now() - began).toBeLessThan(9_000);
  });

  it('counts the day for all, and each worker knows it', async () => {
    setUp({ perDay: 5 });
    const [a, b] = await Promise.all([startWorker(), startWorker()]);
    const departures: number[] = [];
    await clock.run(Promise.all([1, 2, 3].map(() => send(a.governor, departures))));
    await clock.advance(2_000);
    expect(b.governor.status()).toMatchObject({ usedToday: 3, remainingToday: 2, requestsPerDay: 5 });
    await clock.run(Promise.all([1, 2].map(() => send(b.governor, departures))));
    await expect(clock.run(a.governor.acquire(turn()))).rejects.toMatchObject({
      kind: 'quotaExhausted',
      retryAt: Date.UTC(2026, 0, 16),
    });
    // A new day is known before anybody tells.
    await clock.advance(12 * 3_600_000);
    expect(a.governor.status()).toMatchObject({ usedToday: 0, remainingToday: 5, exhausted: false });
  });

  it('is spent for all when the API says so to one', async () => {
    const [a, b] = await Promise.all([startWorker(), startWorker()]);
    a.governor.quotaSpent();
    await clock.advance(100);
    await clock.advance(100);
    expect(b.governor.status()).toMatchObject({ exhausted: true, remainingToday: 0 });
    await expect(clock.run(b.governor.acquire(turn()))).rejects.toMatchObject({ kind: 'quotaExhausted' });
  });

  it('refuses what would wait too long because of the others, and says when to come back', async () => {
    const [a, b] = await Promise.all([startWorker(), startWorker()]);
    const departures: number[] = [];
    const many = Array.from({ length: 8 }, () => send(a.governor, departures));
    await clock.advance(0);
    await clock.advance(0);
    const refused = b.governor.acquire(turn({ maxWaitMs: 500 })).catch((error: unknown) => error);
    expect(await clock.run(refused)).toMatchObject({ kind: 'rateLimited', retryAt: expect.any(Number) });
    await clock.run(Promise.all(many));
  });

  it('gives back the slot of one who goes away, waiting or served', async () => {
    setUp({ perSecond: 1 });
    const [first, second] = await Promise.all([startWorker(1), startWorker(1)]);
    const held = await clock.run(first.governor.acquire(turn()));
    const off = new AbortController();
    const waiting = second.governor.acquire(turn({ signal: off.signal })).catch((error: unknown) => error);
    await clock.advance(10);
    off.abort();
    expect(await clock.run(waiting)).toMatchObject({ kind: 'aborted' });
    expect(governor.status().waiting).toBe(0);
    held.cancel();
    const next: Ticket = await clock.run(second.governor.acquire(turn()));
    // Had it been held any longer, this would have taken a second.
    expect(next.waitedMs).toBeLessThan(100);
  });

  it('counts what a worker had leave to send when it was killed', async () => {
    const [a, b] = await Promise.all([startWorker(), startWorker()]);
    await clock.run(Promise.all([1, 2, 3, 4].map(() => a.governor.acquire(turn()))));
    a.die();
    expect(governor.status().usedToday).toBe(4);
    const ticket = await clock.run(b.governor.acquire(turn()));
    expect(ticket.waitedMs).toBeGreaterThanOrEqual(1_000);
  });

  it('is no use without the primary process', async () => {
    const worker = await startWorker();
    worker.die();
    await expect(clock.run(worker.governor.acquire(turn()))).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('reference data of several workers', () => {
  const place: Place = { owner: 'somebody', family: 'lists', variant: 'all' };

  it('is read once, and stale for all after a write through any', async () => {
    const [a, b] = (await Promise.all([startWorker(), startWorker()])).map(({ link }) => link.references);
    const generation = (await a?.generation('somebody', 'lists')) ?? '';
    const rows = new Map([['1', { name: 'Customers' }]]);
    a?.save(place, generation, rows);
    expect(await b?.generation('somebody', 'lists')).toBe(generation);
    expect(await b?.load(place, generation)).toEqual({ value: rows, ttlMs: 60_000 });
    expect(await b?.load({ ...place, owner: 'another' }, generation)).toBeNull();

    await b?.invalidate('somebody', ['lists', 'contacts']);
    const next = (await a?.generation('somebody', 'lists')) ?? '';
    expect(next).not.toBe(generation);
    expect(await a?.generation('somebody', 'tags')).toBe(generation);
    // A load that began before the write comes in late.
    a?.save(place, generation, rows);
    expect(await a?.load(place, next)).toBeNull();
    expect(await a?.load(place, generation)).toBeNull();
  });

  it('lives as long as it may', async () => {
    const { references } = (await startWorker()).link;
    const generation = (await references.generation('somebody', 'lists')) ?? '';
    references.save(place, generation, ['row']);
    await clock.advance(59_000);
    expect(await references.load(place, generation)).toMatchObject({ ttlMs: 1_000 });
    await clock.advance(1_001);
    expect(await references.load(place, generation)).toBeNull();
  });

  it('is not there once the primary process has gone', async () => {
    const { link, die } = await startWorker();
    die();
    expect(await link.references.generation('somebody', 'lists')).toBeNull();
    expect(await link.references.load(place, '0')).toBeNull();
    await link.references.invalidate('somebody', ['lists']);
    expect(await link.counts()).toEqual([]);
  });
});

it('adds up what every worker counted, without those that are gone', async () => {
  const [a, b, c] = await Promise.all([startWorker(), startWorker(), startWorker()]);
  a.link.onCount(() => Promise.resolve('of a'));
  b.link.onCount(() => Promise.resolve('of b'));
  c.die();
  expect(await b.link.counts()).toEqual(['of a', 'of b']);
});
