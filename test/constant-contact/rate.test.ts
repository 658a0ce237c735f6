import { expect, it } from 'vitest';
import { ANSWER, json, startHarness } from '../support/upstream.js';

it('over real HTTP and in real time, no span of one second holds more requests than allowed', async () => {
  const { api, upstream, client, close } = await startHarness(
    (response) => {
      json(response, 200, ANSWER);
    },
    { requestsPerSecond: 4, requestsPerDay: 100 },
  );
  const ids = Array.from({ length: 10 }, (_, n) => `c${String(n)}`);
  await Promise.all(ids.map((contact_id) => api.call('getContact', { path: { contact_id } })));
  const times = upstream.requests.map(({ at }) => at);
  const busiest = Math.max(
    ...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length),
  );
  expect(busiest).toBe(4);
  // Three groups: two gaps of a second and its guard, and not much more.
  expect(Math.max(...times) - Math.min(...times)).toBeLessThan(3_000);
  expect(upstream.requests.map(({ url }) => url.split('/').at(-1))).toEqual(expect.arrayContaining(ids));
  expect(client.governor.status()).toMatchObject({ usedToday: 10, remainingToday: 90, waiting: 0 });
  await close();
});

it('a spent day is reported immediately', async () => {
  const { api, client, close } = await startHarness((response) => {
    json(response, 200, ANSWER);
  });
  client.governor.quotaSpent();
  const began = performance.now();
  await expect(api.call('getContact', { path: { contact_id: 'c1' } })).rejects.toMatchObject({
    kind: 'quotaExhausted',
  });
  expect(performance.now() - began).toBeLessThan(50);
  await close();
});
