import { afterEach, describe, expect, it } from 'vitest';
import type { Api } from '../../src/constant-contact/api.js';
import type { ClientOptions } from '../../src/constant-contact/client.js';
import { Form } from '../../src/constant-contact/http/form.js';
import type { OperationId } from '../../src/constant-contact/contract/operations.js';
import { ConstantContactError } from '../../src/constant-contact/errors.js';
import { pauseBeforeRetry, type AttemptEffect } from '../../src/constant-contact/http/retry.js';
import { manualClock, type ManualClock } from '../support/clock.js';
import {
  ANSWER,
  failureOf,
  json,
  startHarness,
  type Handler,
  type Harness,
  type Upstream,
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

/** One call of each verb, and of each sort that must never happen twice. */
const CALLS: Record<string, (api: Api) => Promise<unknown>> = {
  GET: (api) => api.call('getContact', { path: { contact_id: 'c1' } }),
  PUT: (api) => api.call('putContact', { path: { contact_id: 'c1' }, body: {} as never }),
  DELETE: (api) => api.call('deleteContact', { path: { contact_id: 'c1' } }),
  PATCH: (api) => api.call('patchEvent', { path: { event_id: 'e1' }, body: [] as never }),
  create: (api) => api.call('createContact', { body: {} }),
  bulk: (api) => api.call('postContactDelete', { body: {} }),
  import: (api) => api.call('contactsCSVImport', { body: new Form({}) }),
  schedule: (api) =>
    api.call('scheduleEmailCampaignActivityUsingPOST', {
      path: { campaign_activity_id: 'a1' },
      body: {} as never,
    }),
  send: (api) =>
    api.call('testSendCampaignActivityUsingPOST', {
      path: { campaign_activity_id: 'a1' },
      body: {} as never,
    }),
  resend: (api) =>
    api.call('createResendToNonOpenersUsingPOST', {
      path: { campaign_activity_id: 'a1' },
      body: {} as never,
    }),
  signUp: (api) => api.call('createOrUpdateContact', { body: {} as never }),
};
const WRITES = Object.keys(CALLS).filter((name) => name !== 'GET');

const THROTTLED = { error_key: 'throttled', error_message: 'Too Many Requests' };

/** Fails the first time in some way, and then answers. */
const FAULTS: Record<string, Handler> = {
  '500': (response) => response.writeHead(500).end(),
  '502 in HTML': (response) => response.writeHead(502).end('<html>Bad Gateway</html>'),
  '503': (response) => {
    json(response, 503, [{ error_key: 'down' }]);
  },
  'a reset before the headers': (response) => response.socket?.destroy(),
  'a reset in the body': (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
    response.write('{"contact_id":', () => response.socket?.destroy());
  },
  'a reset in the body of an error': (response) => {
    response.writeHead(500, { 'content-length': '100' });
    response.write('<html>', () => response.socket?.destroy());
  },
};

/** Lets this many attempts arrive, one after the other, and each of them run into its time limit of 30 seconds. */
async function stallOut(upstream: Upstream, clock: ManualClock, attempts: number): Promise<void> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    while (upstream.requests.length < attempt) await clock.advance(10);
    await clock.advance(30_000);
  }
}

describe('a read is retried after', () => {
  it.each(Object.entries(FAULTS))('%s', async (_, fault) => {
    const clock = manualClock();
    const { api, upstream } = await start(
      (response, request, number) => {
        if (number <= 2) fault(response, request, number);
        else json(response, 200, { contact_id: 'c1' });
      },
      { clock },
    );
    expect(await clock.run(CALLS['GET']!(api))).toEqual({ contact_id: 'c1' });
    expect(upstream.requests).toHaveLength(3);
    expect(api.meter).toMatchObject({ calls: 3, retries: 2, waitedMs: 1_500 });
  });

  it.each<[string, Handler]>([
    ['the headers', () => undefined],
    ['the end of the body', (response) => response.writeHead(200, { 'content-length': '100' }).write('{')],
  ])('a stall before %s', async (_, stall) => {
    const clock = manualClock();
    const { api, upstream } = await start(
      (response, request, number) => {
        if (number > 1) json(response, 200, ANSWER);
        else stall(response, request, number);
      },
      { clock },
    );
    const call = CALLS['GET']!(api);
    await stallOut(upstream, clock, 1);
    await clock.run(call);
    expect(upstream.requests).toHaveLength(2);
  });
});

describe('a read fails after three retries with', () => {
  it.each(Object.entries(FAULTS))('unavailable, when each attempt meets %s', async (_, fault) => {
    const clock = manualClock();
    const { api, upstream } = await start(fault, { clock });
    const error = await clock.run(failureOf(CALLS['GET']!(api)));
    expect(error).toMatchObject({ kind: 'unavailable', operationId: 'getContact', retryable: true });
    expect(upstream.requests).toHaveLength(4);
  });

  it('timeout, when bodies stall', async () => {
    const clock = manualClock();
    const { api, upstream } = await start(
      (response) => response.writeHead(200, { 'content-length': '100' }).write('{'),
      { clock, maxWaitMs: 300_000 },
    );
    const failure = failureOf(CALLS['GET']!(api));
    await stallOut(upstream, clock, 4);
    expect(await failure).toMatchObject({ kind: 'timeout', operationId: 'getContact', retryable: true });
    expect(upstream.requests).toHaveLength(4);
  });
});

describe.each(WRITES)('a write (%s)', (name) => {
  it.each(Object.entries(FAULTS))('is sent once when it meets %s', async (_, fault) => {
    const clock = manualClock();
    const { api, upstream } = await start(fault, { clock });
    expect((await clock.run(failureOf(CALLS[name]!(api)))).kind).toBe('unavailable');
    expect(upstream.requests).toHaveLength(1);
  });

  it('is sent once when no response arrives', async () => {
    const clock = manualClock();
    const { api, upstream } = await start(() => undefined, { clock });
    const failure = failureOf(CALLS[name]!(api));
    await stallOut(upstream, clock, 1);
    expect((await failure).kind).toBe('timeout');
    expect(upstream.requests).toHaveLength(1);
  });

  it('is retried when it was throttled, since nothing was done', async () => {
    const clock = manualClock();
    const { api, upstream } = await start(
      (response, { url }, number) => {
        if (number === 1) json(response, 429, THROTTLED);
        else json(response, 201, url.endsWith('/schedules') ? [] : ANSWER);
      },
      { clock },
    );
    const began = clock.now();
    await clock.run(CALLS[name]!(api));
    expect(upstream.requests).toHaveLength(2);
    expect(upstream.requests[1]?.body.replace(/\d{6,}/g, '')).toBe(
      upstream.requests[0]?.body.replace(/\d{6,}/g, ''),
    );
    expect(clock.now() - began).toBe(1_000);
  });

  it('is not retried when the day is spent', async () => {
    const { api, upstream } = await start((response) => {
      json(response, 429, { error_key: 'quota_exceeded' });
    });
    expect((await failureOf(CALLS[name]!(api))).kind).toBe('quotaExhausted');
    expect(upstream.requests).toHaveLength(1);
  });
});

describe('throttling', () => {
  it('is backed off from with growing pauses, and given up after five retries', async () => {
    const clock = manualClock();
    const { api, upstream } = await start(
      (response) => {
        json(response, 429, THROTTLED);
      },
      { clock },
    );
    const error = await clock.run(failureOf(CALLS['GET']!(api)));
    expect(error).toMatchObject({
      kind: 'rateLimited',
      status: 429,
      errorKeys: ['throttled'],
      retryAt: clock.now() + 1_000,
    });
    expect(upstream.requests).toHaveLength(6);
    expect(api.meter.waitedMs).toBe(1_000 + 2_000 + 4_000 + 8_000 + 8_000);
  });

  it('uses a slot of the governor with each attempt', async () => {
    const clock = manualClock();
    const { api, client, upstream } = await start(
      (response, _request, number) => {
        if (number <= 2) json(response, 429, THROTTLED);
        else json(response, 200, ANSWER);
      },
      { clock, requestsPerSecond: 1, requestsPerDay: 3 },
    );
    await clock.run(CALLS['GET']!(api));
    expect(client.governor.status().remainingToday).toBe(0);
    expect((await failureOf(CALLS['GET']!(api))).kind).toBe('quotaExhausted');
    expect(upstream.requests).toHaveLength(3);
  });

  it('lasts as long as Retry-After says', async () => {
    const clock = manualClock();
    const { api } = await start(
      (response, _request, number) => {
        if (number === 1) response.writeHead(429, { 'retry-after': '7' }).end(JSON.stringify(THROTTLED));
        else json(response, 200, ANSWER);
      },
      { clock },
    );
    await clock.run(CALLS['GET']!(api));
    expect(api.meter.waitedMs).toBe(7_000);
  });

  it('is not waited for when the wait exceeds the time limit of the call', async () => {
    const clock = manualClock();
    const { api, upstream } = await start(
      (response) => response.writeHead(429, { 'retry-after': '3600' }).end(JSON.stringify(THROTTLED)),
      { clock },
    );
    const error = await failureOf(CALLS['GET']!(api));
    expect(error).toMatchObject({ kind: 'rateLimited', retryAt: clock.now() + 3_600_000 });
    expect(upstream.requests).toHaveLength(1);
  });
});

describe('a spent day', () => {
  it('fails all further calls immediately without sending them, until 00:00 UTC', async () => {
    const clock = manualClock();
    const { api, session, upstream } = await start(
      (response, _request, number) => {
        if (number === 1)
          json(response, 429, { error_key: 'quota_exceeded', error_message: 'Limit Exceeded' });
        else json(response, 200, ANSWER);
      },
      { clock },
    );
    const midnight = Date.UTC(2026, 0, 16);
    expect(await failureOf(CALLS['GET']!(api))).toMatchObject({
      kind: 'quotaExhausted',
      status: 429,
      retryAt: midnight,
    });
    expect(await failureOf(CALLS['create']!(session()))).toMatchObject({
      kind: 'quotaExhausted',
      retryAt: midnight,
    });
    expect(api.budget()).toMatchObject({ exhausted: true, resetsAt: new Date(midnight) });
    expect(upstream.requests).toHaveLength(1);
    await clock.advance(midnight - clock.now());
    await CALLS['GET']!(api);
    expect(upstream.requests).toHaveLength(2);
  });

  it('ends a pending retry', async () => {
    const clock = manualClock();
    const { api, client, upstream } = await start(FAULTS['503']!, { clock });
    const call = failureOf(CALLS['GET']!(api));
    while (clock.pending() === 0 || upstream.requests.length === 0) await clock.advance(0);
    client.governor.quotaSpent();
    expect((await clock.run(call)).kind).toBe('quotaExhausted');
    expect(upstream.requests).toHaveLength(1);
  });
});

describe('other error responses', () => {
  it.each<[string, unknown, string]>([
    ['a full queue of bulk activities', { error_key: 'queue.full' }, 'queueFull'],
    ['an unknown limit of bulk activities', { error_key: 'other' }, 'rateLimited'],
  ])('%s is not retried', async (_, body, kind) => {
    const { api, upstream } = await start((response) => {
      json(response, 429, body);
    });
    expect((await failureOf(CALLS['bulk']!(api))).kind).toBe(kind);
    expect(upstream.requests).toHaveLength(1);
  });

  it('an unknown 429 is retried for a read, not for a write', async () => {
    const clock = manualClock();
    const { api, upstream } = await start(
      (response) => response.writeHead(429).end('{"error_key":"other"}'),
      { clock },
    );
    expect((await clock.run(failureOf(CALLS['send']!(api)))).kind).toBe('rateLimited');
    expect(upstream.requests).toHaveLength(1);
    expect((await clock.run(failureOf(CALLS['GET']!(api)))).kind).toBe('rateLimited');
    expect(upstream.requests).toHaveLength(5);
  });

  it('a conflict of two concurrent sign-ups is retried twice', async () => {
    const clock = manualClock();
    const { api, upstream } = await start((response) => response.writeHead(409).end(), { clock });
    expect((await clock.run(failureOf(CALLS['signUp']!(api)))).kind).toBe('conflict');
    expect(upstream.requests).toHaveLength(3);
  });

  it('any other conflict is not retried', async () => {
    const { api, upstream } = await start((response) => response.writeHead(409).end());
    expect((await failureOf(CALLS['create']!(api))).kind).toBe('conflict');
    expect(upstream.requests).toHaveLength(1);
  });

  it('nothing is retried when the caller disables retries', async () => {
    const { api, upstream } = await start((response) => {
      json(response, 429, THROTTLED);
    });
    const call = api.call('getContact', { path: { contact_id: 'c1' } }, { retry: 'never' });
    expect((await failureOf(call)).kind).toBe('rateLimited');
    expect(upstream.requests).toHaveLength(1);
  });

  it('no attempt starts after one longest wait and one longest attempt', async () => {
    const clock = manualClock();
    const { api, upstream } = await start(() => undefined, { clock });
    const failure = failureOf(CALLS['GET']!(api));
    await stallOut(upstream, clock, 2);
    expect((await failure).kind).toBe('timeout');
    expect(upstream.requests).toHaveLength(2);
  });
});

describe('the pause before a retry', () => {
  const pause = (
    fate: AttemptEffect,
    retries: number,
    random = 0,
    id: OperationId = 'getContact',
    retryAfterMs?: number,
  ) =>
    pauseBeforeRetry(
      id,
      id === 'getContact' ? 'GET' : 'POST',
      {
        error: new ConstantContactError('unavailable', ''),
        fate,
        ...(retryAfterMs !== undefined && { retryAfterMs }),
      },
      retries,
      () => random,
    );

  it('doubles each time, up to eight seconds', () => {
    expect([0, 1, 2, 3, 4, 5].map((retries) => pause('refused', retries))).toEqual([
      1_000,
      2_000,
      4_000,
      8_000,
      8_000,
      null,
    ]);
    expect([0, 1, 2, 3].map((retries) => pause('unknown', retries))).toEqual([500, 1_000, 2_000, null]);
    expect([0, 1, 2, 3].map((retries) => pause('unsent', retries))).toEqual([250, 500, 1_000, null]);
  });

  it('has jitter over half of its length, and never falls below that half', () => {
    expect(pause('refused', 0, 0.999)).toBeCloseTo(1_499.5);
    expect(pause('refused', 0, 0)).toBe(1_000);
  });

  it('is never shorter than the API requests', () => {
    expect(pause('refused', 0, 0, 'getContact', 5_000)).toBe(5_000);
    expect(pause('refused', 3, 0, 'getContact', 5_000)).toBe(8_000);
  });

  it('does not apply to answered requests, nor to a write that may have been carried out', () => {
    expect(pause('final', 0)).toBeNull();
    expect(pause('unknown', 0, 0, 'createContact')).toBeNull();
    expect(pause('unsent', 0, 0, 'createContact')).toBe(250);
    expect(pause('refused', 0, 0, 'createContact')).toBe(1_000);
  });
});
