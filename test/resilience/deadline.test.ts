import { afterEach, describe, expect, it } from 'vitest';
import { startPlumbing, type Handler } from '../support/plumbing.js';
import { manualClock } from '../support/clock.js';

let plumbing: Awaited<ReturnType<typeof startPlumbing>>;
afterEach(() => plumbing.close());

const LATE = {
  message: 'The operation was not finished within 2 seconds. Request fewer rows or fields.',
  extensions: expect.objectContaining({ code: 'UPSTREAM_TIMEOUT', retryable: true }),
};
const clock = manualClock();

async function start(upstream: Handler, operationTimeoutMs = 2_000) {
  plumbing = await startPlumbing({ upstream, app: { clock, operationTimeoutMs } });
}

const called = async (times: number) => {
  while (plumbing.upstream.calls.length < times) await new Promise(setImmediate);
};

describe('an operation that exceeds its time limit', () => {
  it('ends with an error code that names the limit, and with the rest of its data', async () => {
    await start(() => undefined);
    const answer = plumbing.post({ query: '{ hello account }' });
    await called(1);
    await clock.advance(1_999);
    expect(clock.pending()).toBe(1);
    await clock.advance(1);
    const { status, body } = await answer;
    expect(status).toBe(200);
    expect(body.data).toEqual({ hello: 'hello you', account: null });
    expect(body.errors).toEqual([expect.objectContaining(LATE)]);
  });

  it('starts no further REST call', async () => {
    await start(() => undefined);
    const answer = plumbing.post({ query: 'mutation { first second }' });
    await called(1);
    await clock.advance(2_000);
    const { body } = await answer;
    expect(body.data).toEqual({ first: null, second: null });
    expect(body.errors).toEqual([expect.objectContaining(LATE), expect.objectContaining(LATE)]);
    expect(plumbing.upstream.calls).toHaveLength(1);
  });
});

it('an operation leaves no timer behind, however it ends', async () => {
  await start((_request, response) => response.writeHead(500).end());
  await plumbing.post({ query: '{ hello }' });
  await plumbing.post({ query: '{ account }' });
  await plumbing.post({ query: '{ nothing }' });
  expect(clock.pending()).toBe(0);
});

it('an operation leaves no timer behind when the client disconnects', async () => {
  await start(() => undefined);
  const client = new AbortController();
  const answer = plumbing.app.fetch('http://facade.test/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ account }"}',
    signal: client.signal,
  });
  await called(1);
  expect(clock.pending()).toBe(1);
  client.abort();
  await Promise.resolve(answer).catch(() => undefined);
  await expect.poll(() => clock.pending()).toBe(0);
});

it('an operation is not limited when the limit is 0', async () => {
  await start((_request, response) => response.writeHead(404).end(), 0);
  await plumbing.post({ query: '{ account }' });
  expect(clock.pending()).toBe(0);
});
