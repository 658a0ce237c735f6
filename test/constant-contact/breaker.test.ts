import { afterEach, describe, expect, it } from 'vitest';
import type { ClientOptions, Outage } from '../../src/constant-contact/client.js';
import { startApp } from '../support/app.js';
import { manualClock, type ManualClock } from '../support/clock.js';
import {
  ANSWER,
  failureOf,
  json,
  startHarness,
  startUpstream,
  until,
  type Handler,
  type Harness,
} from '../support/upstream.js';

const FAILURES = 20;

let harness: Harness | undefined;
afterEach(async () => {
  await harness?.close();
  harness = undefined;
});

let clock: ManualClock;
let outages: Outage[];

async function start(handler: Handler, options: Partial<ClientOptions> = {}): Promise<Harness> {
  clock = manualClock();
  outages = [];
  harness = await startHarness(handler, { clock, onOutage: (outage) => outages.push(outage), ...options });
  return harness;
}

/** A write, which is sent once whatever happens. */
const write = ({ api }: Harness) => api.call('createContact', { body: {} });
const fail = async (one: Harness, times: number) => {
  for (let time = 0; time < times; time += 1) await failureOf(write(one));
};

describe('the circuit breaker of a host that keeps failing', () => {
  it.each<[string, Handler]>([
    ['5xx', (response) => response.writeHead(503).end()],
    ['broken connections', (response) => response.socket?.destroy()],
  ])('opens after so many failures in a row: %s', async (_, handler) => {
    const one = await start(handler);
    await fail(one, FAILURES);
    const error = await failureOf(write(one));
    expect(error).toMatchObject({ kind: 'unavailable', retryable: true, retryAt: clock.now() + 5_000 });
    expect(one.upstream.requests).toHaveLength(FAILURES);
    expect(outages).toEqual([{ state: 'began', retryAt: clock.now() + 5_000 }]);
  });

  it('fails reads immediately while it is open', async () => {
    const one = await start((response) => response.writeHead(500).end());
    await fail(one, FAILURES);
    const began = clock.now();
    await failureOf(one.api.call('getContact', { path: { contact_id: 'c1' } }));
    expect(clock.now()).toBe(began);
    expect(one.upstream.requests).toHaveLength(FAILURES);
  });

  it('spends no budget while it is open', async () => {
    const one = await start((response) => response.writeHead(500).end(), { requestsPerDay: 1_000 });
    await fail(one, FAILURES + 10);
    expect(one.client.governor.status().usedToday).toBe(FAILURES);
  });

  it('lets one trial request through after a pause, which doubles up to a minute', async () => {
    const one = await start((response) => response.writeHead(500).end());
    await fail(one, FAILURES);
    for (const [tries, pause] of [5_000, 10_000, 20_000, 40_000, 60_000, 60_000].entries()) {
      await clock.advance(pause - 1);
      await fail(one, 3);
      expect(one.upstream.requests).toHaveLength(FAILURES + tries);
      await clock.advance(1);
      await fail(one, 3);
      expect(one.upstream.requests).toHaveLength(FAILURES + tries + 1);
    }
  });

  it('holds back other requests until the trial request is answered, then closes', async () => {
    let answer: (() => void) | undefined;
    const one = await start((response, _, number) => {
      if (number <= FAILURES) response.writeHead(500).end();
      else if (number > FAILURES + 1) json(response, 201, ANSWER);
      else {
        answer = () => {
          json(response, 201, ANSWER);
        };
      }
    });
    await fail(one, FAILURES);
    await clock.advance(5_000);
    const first = write(one);
    await until(() => answer !== undefined);
    expect(await failureOf(write(one))).toMatchObject({ kind: 'unavailable', retryAt: clock.now() + 1_000 });
    answer?.();
    await first;
    await Promise.all([write(one), write(one), write(one)]);
    expect(outages.map(({ state }) => state)).toEqual(['began', 'ended']);
  });

  it('lets the next request try when the first one was cancelled', async () => {
    const one = await start((response, _, number) => {
      if (number <= FAILURES) response.writeHead(500).end();
      else if (number > FAILURES + 1) json(response, 201, ANSWER);
    });
    await fail(one, FAILURES);
    await clock.advance(5_000);
    const client = new AbortController();
    const gone = one.session({ signal: client.signal }).call('getTags', {});
    await until(() => one.upstream.requests.length > FAILURES);
    client.abort();
    expect(await failureOf(gone)).toMatchObject({ kind: 'aborted' });
    await write(one);
  });
});

describe('the circuit breaker of a host that answers', () => {
  it.each([400, 401, 403, 404, 409, 429])('stays closed, even for responses with %s', async (status) => {
    const one = await start((response) => {
      json(response, status, { error_key: 'quota' });
    });
    await fail(one, FAILURES * 2);
    expect(one.upstream.requests.length).toBe(FAILURES * 2);
  });

  it('forgets its failures after one response', async () => {
    const one = await start((response, _, number) => {
      json(response, number % FAILURES === 0 ? 404 : 500, ANSWER);
    });
    await fail(one, FAILURES * 3);
    expect(one.upstream.requests).toHaveLength(FAILURES * 3);
  });

  it('stays closed when requests sent before it closed fail', async () => {
    const late: (() => void)[] = [];
    const one = await start((response, _, number) => {
      if (number > FAILURES) json(response, 500, ANSWER);
      else late.push(() => response.writeHead(500).end());
    });
    const first = Array.from({ length: FAILURES }, () => failureOf(write(one)));
    await until(() => late.length === FAILURES);
    await fail(one, FAILURES);
    const [began] = outages;
    await clock.advance(1_000);
    for (const answer of late) answer();
    await Promise.all(first);
    expect(outages).toEqual([began]);
  });
});

it('stays closed while many clients read downloads slowly, which delays no calls', async () => {
  const part = Buffer.alloc(256 * 1_024, 'a@b.example,x\n');
  const api = await startUpstream((response, { url }) => {
    if (!url.includes('contact_exports')) {
      json(response, 200, { tags: [{ tag_id: '00000000-0000-4000-8000-000000000001', name: 'free' }] });
      return;
    }
    response.writeHead(200, { 'content-type': 'text/csv' });
    const send = () => {
      while (response.write(part));
    };
    response.on('drain', send);
    send();
  });
  const clock = manualClock();
  const outages: unknown[] = [];
  const slow = await startApp({
    credentials: null,
    client: { baseUrl: api.url, clock, random: () => 0, onOutage: (outage) => outages.push(outage) },
  });
  const leave = new AbortController();
  const headers = (caller: number) => ({ authorization: `Bearer token-${String(caller)}` });
  const download = (_: unknown, at: number) =>
    slow.fetch('/exports/00000000-0000-4000-8000-000000000001.csv', {
      headers: headers(Math.floor(at / 4)),
      signal: leave.signal,
    });
  const downloads = await Promise.all(Array.from({ length: 36 }, download));
  const statuses = downloads.map(({ status }) => status).sort();
  expect(statuses).toEqual([...Array<number>(32).fill(200), ...Array<number>(4).fill(503)]);
  api.requests.length = 0;
  for (let at = 0; at < 3; at += 1) {
    const answer = await slow.query('{ tags(first: 1) { nodes { name } } }', { headers: headers(0) });
    expect(answer).toMatchObject({ data: { tags: { nodes: [{ name: 'free' }] } }, errors: undefined });
  }
  expect(api.requests).toHaveLength(3);
  expect(outages).toEqual([]);
  leave.abort();
  await Promise.all(downloads.map(async ({ body }) => body?.cancel().catch(() => undefined)));
  await slow.close();
  await api.close();
});
