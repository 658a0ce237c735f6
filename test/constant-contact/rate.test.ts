import { expect, it, vi } from 'vitest';
import { systemClock, type Clock } from '../../src/constant-contact/clock.js';
import { manualClock } from '../support/clock.js';
import { ANSWER, json, startHarness } from '../support/upstream.js';

it('over real HTTP and in real time, no span of one second holds more requests than allowed', async () => {
  // The pauses that it asks for, rather than the time that passes: that also grows when the machine is busy.
  let pausedMs = 0;
  const clock: Clock = {
    ...systemClock,
    sleep: async (ms, signal) => {
      await systemClock.sleep(ms, signal);
      pausedMs += ms;
    },
  };
  const { api, upstream, client, close } = await startHarness(
    (response) => {
      json(response, 200, ANSWER);
    },
    { clock, requestsPerSecond: 4, requestsPerDay: 100 },
  );
  const ids = Array.from({ length: 10 }, (_, n) => `c${String(n)}`);
  await Promise.all(ids.map((contact_id) => api.call('getContact', { path: { contact_id } })));
  const times = upstream.requests.map(({ at }) => at);
  const busiest = Math.max(
    ...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length),
  );
  expect(busiest).toBe(4);
  // Three groups: two gaps of a second and its guard, and not much more.
  expect(pausedMs).toBeGreaterThan(2_000);
  expect(pausedMs).toBeLessThan(3_000);
  expect(upstream.requests.map(({ url }) => url.split('/').at(-1))).toEqual(expect.arrayContaining(ids));
  expect(client.governor.status()).toMatchObject({ usedToday: 10, remainingToday: 90, waiting: 0 });
  await close();
});

it('an attempt that a tracer fails returns its permit', async () => {
  const { api, client, upstream, close } = await startHarness(
    (response) => {
      json(response, 200, ANSWER);
    },
    {
      startAttempt: () => {
        throw new Error('tracer');
      },
    },
  );
  for (let n = 0; n < 3; n += 1)
    await expect(api.call('getContact', { path: { contact_id: 'c1' } })).rejects.toThrow('tracer');
  expect(client.governor.status()).toMatchObject({ usedToday: 0, waiting: 0 });
  expect(upstream.requests).toEqual([]);
  await close();
});

it('a spent day is reported immediately', async () => {
  const clock = manualClock();
  const { api, client, upstream, close } = await startHarness(
    (response) => {
      json(response, 200, ANSWER);
    },
    { clock },
  );
  client.governor.quotaSpent();
  // The clock stands still: an answer that waited for anything would not come.
  await expect(api.call('getContact', { path: { contact_id: 'c1' } })).rejects.toMatchObject({
    kind: 'quotaExhausted',
  });
  expect(upstream.requests).toEqual([]);
  await close();
});

it('a pause that is longer than a timer can be does not end at once', async () => {
  vi.useFakeTimers();
  try {
    let ended = 0;
    const stop = new AbortController();
    const sleep = systemClock.sleep(1e12, stop.signal).finally(() => (ended += 1));
    const cancel = systemClock.after(1e12, () => (ended += 1));
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(ended).toBe(0);
    cancel();
    stop.abort(new Error('stopped'));
    await expect(sleep).rejects.toThrow('stopped');
  } finally {
    vi.useRealTimers();
  }
});
