import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { Coalescer } from '../../src/constant-contact/budget/coalescer.js';
import type { Party } from '../../src/constant-contact/budget/turn.js';
import { ANEW, ANY_AGE } from '../../src/constant-contact/cache/freshness.js';
import type { ClientOptions } from '../../src/constant-contact/client.js';
import { bearerCredentials } from '../../src/constant-contact/auth/credentials.js';
import { Stop } from '../../src/constant-contact/stop.js';
import { manualClock } from '../support/clock.js';
import {
  ANSWER,
  failureOf,
  json,
  startHarness,
  until,
  type Handler,
  type Harness,
} from '../support/upstream.js';

let harness: Harness | undefined;

afterEach(async () => {
  await harness?.close();
  harness = undefined;
});

async function start(handler: Handler, options?: Partial<ClientOptions>): Promise<Harness> {
  harness = await startHarness(handler, options);
  return harness;
}

/** An upstream that keeps its answers back until they are asked for. */
async function startHeld(options?: Partial<ClientOptions>) {
  const held: ServerResponse[] = [];
  const all = await start((response) => held.push(response), options);
  const release = () => {
    held.splice(0).forEach((response, n) => {
      json(response, 200, { ...ANSWER, n });
    });
  };
  const arrived = (count: number) => until(() => all.upstream.requests.length === count);
  return { ...all, held, release, arrived };
}

const CONTACT = { path: { contact_id: 'c1' } };
const other = bearerCredentials('token', 'other-token');

describe('identical reads in flight', () => {
  it('are one call, and each caller gets the response', async () => {
    const { session, arrived, release, upstream } = await startHeld();
    const [first, second] = [session(), session()];
    const calls = [
      first.call('getContact', CONTACT),
      second.call('getContact', CONTACT),
      second.call('getContact', CONTACT),
    ];
    await arrived(1);
    release();
    const answers = await Promise.all(calls);
    expect(answers[0]).toEqual({ ...ANSWER, n: 0 });
    expect(answers[1]).toBe(answers[0]);
    expect(answers[2]).toBe(answers[0]);
    expect(upstream.requests).toHaveLength(1);
    expect(first.meter).toMatchObject({ calls: 1, coalesced: 0 });
    expect(second.meter).toMatchObject({ calls: 0, coalesced: 2 });
  });

  it('fail together', async () => {
    const { api, held, arrived } = await startHeld();
    const calls = [failureOf(api.call('getContact', CONTACT)), failureOf(api.call('getContact', CONTACT))];
    await arrived(1);
    json(held[0] as ServerResponse, 404, []);
    expect((await Promise.all(calls)).map(({ kind }) => kind)).toEqual(['notFound', 'notFound']);
  });

  it('are identical whatever the order of their parameters', async () => {
    const { api, arrived, release, upstream } = await startHeld();
    const calls = [
      api.call('getContacts', { query: { limit: 5, status: 'all' } }),
      api.call('getContacts', { query: { status: 'all', limit: 5 } }),
    ];
    await arrived(1);
    release();
    await Promise.all(calls);
    expect(upstream.requests).toHaveLength(1);
  });

  it.each<[string, (harness: Harness) => Promise<unknown>]>([
    ['another id', ({ api }) => api.call('getContact', { path: { contact_id: 'c2' } })],
    ['another query', ({ api }) => api.call('getContact', { ...CONTACT, query: { include: 'notes' } })],
    ['other credentials', ({ session }) => session({ credentials: other }).call('getContact', CONTACT)],
  ])('are separate calls with %s', async (_, different) => {
    const all = await startHeld();
    const calls = [all.api.call('getContact', CONTACT), different(all)];
    await all.arrived(2);
    all.release();
    await Promise.all(calls);
    expect(all.upstream.requests).toHaveLength(2);
  });

  it('are not remembered after they have ended', async () => {
    const { api, arrived, release, upstream } = await startHeld();
    for (const count of [1, 2]) {
      const call = api.call('getContact', CONTACT);
      await arrived(count);
      release();
      await call;
    }
    expect(upstream.requests).toHaveLength(2);
    expect(api.meter.coalesced).toBe(0);
  });

  it('are two calls where the second accepts only what is newer', async () => {
    const clock = manualClock();
    const { session, arrived, release, upstream } = await startHeld({ clock });
    const since = (maxAgeMs: number) => ({ freshness: { ...ANY_AGE, maxAgeMs } });
    const first = session().call('getContact', CONTACT);
    await arrived(1);
    await clock.advance(5_000);
    const young = session(since(5_000)).call('getContact', CONTACT);
    const younger = session(since(4_999)).call('getContact', CONTACT);
    await arrived(2);
    await clock.advance(1);
    const anew = [session(since(0)), session(since(0))].map((one) => one.call('getContact', CONTACT));
    await arrived(3);
    // The newest is the one to join.
    const any = session().call('getContact', CONTACT);
    release();
    const answers = await Promise.all([first, young, younger, ...anew, any]);
    expect(answers.map((answer) => (answer as { n?: number }).n)).toEqual([0, 0, 1, 2, 2, 2]);
    expect(upstream.requests).toHaveLength(3);
  });

  it('are one call, also for a caller with no-cache, until the request is sent', async () => {
    const clock = manualClock();
    const { session, arrived, release, upstream } = await startHeld({ clock, requestsPerSecond: 1 });
    const other = session().call('getContact', { path: { contact_id: 'c0' } });
    await arrived(1);
    const waiting = session().call('getContact', CONTACT);
    await clock.advance(500);
    const anew = session({ freshness: ANEW }).call('getContact', CONTACT);
    release();
    await other;
    await clock.advance(1_000);
    await arrived(2);
    release();
    await Promise.all([waiting, anew]);
    expect(upstream.requests).toHaveLength(2);
  });

  it('never include writes', async () => {
    const { api, arrived, release, upstream } = await startHeld();
    const calls = [1, 2].map(() => api.call('createContact', { body: {} }));
    await arrived(2);
    release();
    await Promise.all(calls);
    expect(upstream.requests).toHaveLength(2);
  });
});

describe('a coalesced read', () => {
  it('continues when the caller that started it is cancelled', async () => {
    const { session, arrived, release, upstream } = await startHeld();
    const caller = new AbortController();
    const first = failureOf(session({ signal: caller.signal }).call('getContact', CONTACT));
    const second = session().call('getContact', CONTACT);
    await arrived(1);
    caller.abort();
    expect((await first).kind).toBe('aborted');
    release();
    expect(await second).toEqual({ ...ANSWER, n: 0 });
    expect(upstream.requests).toHaveLength(1);
  });

  it('is cancelled with its last caller', async () => {
    const { session, arrived, held } = await startHeld();
    const callers = [new AbortController(), new AbortController()];
    const calls = callers.map(({ signal }) => failureOf(session({ signal }).call('getContact', CONTACT)));
    await arrived(1);
    let closed = false;
    held[0]?.on('close', () => {
      closed = true;
    });
    callers[0]?.abort();
    expect((await calls[0])?.kind).toBe('aborted');
    expect(closed).toBe(false);
    callers[1]?.abort();
    expect((await calls[1])?.kind).toBe('aborted');
    await until(() => closed);
  });

  it('that was cancelled is not joined by a new caller', async () => {
    const { session, arrived, release } = await startHeld();
    const caller = new AbortController();
    const gone = failureOf(session({ signal: caller.signal }).call('getContact', CONTACT));
    await arrived(1);
    caller.abort();
    expect((await gone).kind).toBe('aborted');
    const late = session().call('getContact', CONTACT);
    await arrived(2);
    release();
    await expect(late).resolves.toBeDefined();
  });

  it('continues with a caller that joins at the moment at which the last one leaves', async () => {
    const { session, arrived, release, upstream } = await startHeld();
    const caller = new AbortController();
    const gone = failureOf(session({ signal: caller.signal }).call('getContact', CONTACT));
    await arrived(1);
    caller.abort();
    const joined = session().call('getContact', CONTACT);
    expect((await gone).kind).toBe('aborted');
    release();
    await expect(joined).resolves.toEqual({ ...ANSWER, n: 0 });
    expect(upstream.requests).toHaveLength(1);
  });

  it('gets the priority of an interactive caller that joins', async () => {
    const clock = manualClock();
    const { api, upstream } = await start(
      (response) => {
        json(response, 200, ANSWER);
      },
      { clock, requestsPerSecond: 1 },
    );
    const read = (id: string, priority: 'interactive' | 'prefetch') =>
      api.call('getContact', { path: { contact_id: id } }, { priority });
    await clock.run(
      Promise.all([
        read('first', 'prefetch'),
        read('prefetched', 'prefetch'),
        read('wanted', 'prefetch'),
        read('wanted', 'interactive'),
      ]),
    );
    expect(upstream.requests.map(({ url }) => url.split('/').at(-1))).toEqual([
      'first',
      'wanted',
      'prefetched',
    ]);
  });
});

it('a coalesced read outlasts the longest wait of the caller that began it, and each caller has its own', async () => {
  const clock = manualClock();
  const { client, upstream } = await start(
    (response) => {
      json(response, 200, ANSWER);
    },
    { clock, requestsPerSecond: 1, maxWaitMs: 5_000 },
  );
  const call = (caller: string, contact_id: string, priority: 'interactive' | 'prefetch' = 'prefetch') =>
    client
      .session({
        credentials: bearerCredentials('token', 'secret-token'),
        partner: null,
        signal: new AbortController().signal,
        caller,
      })
      .call('getContact', { path: { contact_id } }, { priority });
  await call('busy', 'b0', 'interactive');
  const began = clock.now();
  let failedAt = 0;
  const first = failureOf(call('one', 'shared')).finally(() => (failedAt = clock.now()));
  let second: Promise<unknown> | undefined;
  // More urgent calls take every slot.
  for (let n = 1; n <= 6; n += 1) {
    const urgent = call('busy', `b${String(n)}`, 'interactive');
    if (n === 4) second = call('two', 'shared');
    await clock.advance(1_050);
    await urgent;
  }
  await clock.advance(1_050);
  await second;
  expect((await first).kind).toBe('rateLimited');
  expect(failedAt - began).toBe(5_000);
  expect(upstream.requests.filter(({ url }) => url.endsWith('/shared'))).toHaveLength(1);
});

describe('the parties of a read', () => {
  it('do not keep its result', async () => {
    const coalescer = new Coalescer();
    let parties: ReadonlySet<Party> = new Set();
    const joiner = {
      signal: new Stop(),
      party: { priority: 'interactive' },
      accepts: () => true,
      onJoin: () => undefined,
    } as const;
    const answer = coalescer.run('owner', 'key', joiner, (read) => {
      ({ parties } = read);
      return Promise.resolve('rows');
    });
    expect([...parties].map(({ fail }) => typeof fail)).toEqual(['function']);
    expect(await answer).toBe('rows');
    expect([...parties].map(({ fail }) => typeof fail)).toEqual(['undefined']);
  });
});

describe('a read that started before a write', () => {
  it('does not answer a read that starts during or after the write', async () => {
    const { api, arrived, release, held, upstream } = await startHeld();
    const before = api.call('getContact', CONTACT);
    await arrived(1);
    const write = api.call('putContact', { ...CONTACT, body: {} as never });
    await arrived(2);
    const during = api.call('getContact', CONTACT);
    await arrived(3);
    json(held.splice(1, 1)[0] as ServerResponse, 200, ANSWER);
    await write;
    const after = api.call('getContact', CONTACT);
    await arrived(4);
    release();
    await Promise.all([before, during, after]);
    expect(upstream.requests.map(({ method }) => method)).toEqual(['GET', 'PUT', 'GET', 'GET']);
    expect(api.meter.coalesced).toBe(0);
  });

  it('does not answer a read that starts after a failed write', async () => {
    const { api, arrived, release, held } = await startHeld();
    const before = api.call('getContact', CONTACT);
    await arrived(1);
    const write = failureOf(api.call('putContact', { ...CONTACT, body: {} as never }));
    await arrived(2);
    json(held.splice(1, 1)[0] as ServerResponse, 500, ANSWER);
    await write;
    const after = api.call('getContact', CONTACT);
    await arrived(3);
    release();
    await Promise.all([before, after]);
  });

  it('still answers reads of other credentials', async () => {
    const { api, session, arrived, release, held, upstream } = await startHeld();
    const foreign = session({ credentials: other });
    const before = foreign.call('getContact', CONTACT);
    await arrived(1);
    const write = api.call('putContact', { ...CONTACT, body: {} as never });
    await arrived(2);
    json(held.splice(1, 1)[0] as ServerResponse, 200, ANSWER);
    await write;
    const after = foreign.call('getContact', CONTACT);
    release();
    await Promise.all([before, after]);
    expect(upstream.requests).toHaveLength(2);
  });
});
