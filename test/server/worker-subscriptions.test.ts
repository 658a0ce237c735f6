import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGovernor } from '../../src/constant-contact/budget/governor.js';
import { Primary } from '../../src/constant-contact/workers/primary.js';
import { connectPrimary } from '../../src/constant-contact/workers/worker.js';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { channel } from '../support/channel.js';
import { manualClock, type ManualClock } from '../support/clock.js';
import type { EventStream } from '../support/events.js';
import { lastOf, paidIn, startFollower } from '../support/follower.js';

/** As in the tests of subscriptions: pauses are passed over, time limits are not. */
const PATIENCE_MS = 30_000;

interface Worker {
  subscribe(token?: string): Promise<EventStream>;
  /** Ends the channel as a kill would, and then what it was connected to. */
  die(): Promise<void>;
  close(): Promise<void>;
}

let clock: ManualClock;
let sandbox: Sandbox;
let primary: Primary;
let workers: Worker[];

beforeEach(async () => {
  clock = manualClock();
  workers = [];
  sandbox = await createSandbox({ contacts: 60, activitySeconds: 20, clock: { now: clock.now } });
  const governor = createGovernor({ perSecond: 0, perDay: 0, clock });
  primary = new Primary({ governor, clock, referenceTtlMs: 0 });
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.close()));
  await sandbox.close();
});

async function startWorker(): Promise<Worker> {
  const [ofPrimary, ofWorker, cut] = channel();
  const connecting = connectPrimary(ofWorker);
  primary.attach(ofPrimary);
  const link = await connecting;
  const follower = startFollower(sandbox, {
    clock,
    attemptTimeoutMs: 60_000,
    governor: link.governor({ perSecond: 0, clock }),
    watches: link.watches,
  });
  const worker: Worker = {
    subscribe: (token) => follower.subscribe(id, token),
    die: async () => {
      cut();
      await follower.close();
    },
    close: follower.close,
  };
  workers.push(worker);
  return worker;
}

let id: string;
/** A job that takes 20 seconds from now on. */
function startJob(): void {
  const job = { operationId: 'contactsCSVImport', items: 1, run: () => ({}) } as const;
  id = sandbox.account().jobs.submit(job, clock.now()).activity_id;
  sandbox.journal.clear();
}

const soon = <T>(promise: Promise<T>) => clock.run(promise, PATIENCE_MS);
const calls = () => sandbox.journal.count('getActivity');

describe('what subscribers of several workers follow', () => {
  it('costs ten what it costs one, and ends for all', async () => {
    const [a, b] = await Promise.all([startWorker(), startWorker()]);
    startJob();
    const alone = await soon((await a.subscribe()).rest());
    expect(lastOf(alone)).toMatchObject({ state: 'COMPLETED', percentDone: 100 });
    const costOfOne = calls();
    expect(paidIn(alone)).toBe(costOfOne);

    startJob();
    const all = await Promise.all(Array.from({ length: 10 }, (_, at) => (at % 2 === 0 ? a : b).subscribe()));
    const endings = await soon(Promise.all(all.map((events) => events.rest())));
    for (const events of endings)
      expect(lastOf(events)).toMatchObject({ state: 'COMPLETED', percentDone: 100 });
    // Time passes under the calls here while others ask whose turn it is, so that there may be fewer.
    expect(calls()).toBeLessThanOrEqual(costOfOne);
    expect(paidIn(endings.flat())).toBe(calls());
  });

  it('is known at once to a late one, without a call', async () => {
    const [a, b] = await Promise.all([startWorker(), startWorker()]);
    startJob();
    const first = await a.subscribe();
    const begin = await soon(first.next());
    const late = await b.subscribe();
    const told = await soon(late.next());
    expect(told.data).toEqual(begin.data);
    expect(told.extensions.upstream).toMatchObject({ calls: 0, coalesced: 1 });
    expect(calls()).toBe(1);
    await Promise.all([first.leave(), late.leave()]);
  });

  it.each(['leaves', 'is killed'])('is read by another worker when the one that reads %s', async (how) => {
    const [a, b] = await Promise.all([startWorker(), startWorker()]);
    startJob();
    const [reading, following] = [await a.subscribe(), await b.subscribe()];
    await soon(Promise.all([reading.next(), following.next()]));
    expect(calls()).toBe(1);
    if (how === 'leaves') await reading.leave();
    else await a.die();
    expect(paidIn([await soon(following.next())])).toBeGreaterThan(0);
    expect(lastOf(await soon(following.rest())).state).toBe('COMPLETED');
  });

  it('is shared by nobody with other credentials', async () => {
    const [a, b] = await Promise.all([startWorker(), startWorker()]);
    startJob();
    const own = await a.subscribe();
    await soon(own.next());
    const other = await b.subscribe('somebody-else');
    expect((await soon(other.next())).extensions.upstream).toMatchObject({ calls: 1, coalesced: 0 });
    await Promise.all([own.leave(), other.leave()]);
  });
});
