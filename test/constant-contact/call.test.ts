import { Readable } from 'node:stream';
import { Agent, MockAgent, type Dispatcher } from 'undici';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  createConstantContact,
  type AttemptReport,
  type ClientOptions,
} from '../../src/constant-contact/client.js';
import { bearerCredentials, partnerCredentials } from '../../src/constant-contact/auth/credentials.js';
import { Form } from '../../src/constant-contact/http/form.js';
import { ConstantContactError } from '../../src/constant-contact/errors.js';
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

const CONTACT = { path: { contact_id: 'c1' } };

describe('a request', () => {
  it('has the token and accepts JSON', async () => {
    const { api, upstream } = await start((response) => {
      json(response, 200, { contact_id: 'c1' });
    });
    expect(await api.call('getContact', { ...CONTACT, query: {} })).toEqual({ contact_id: 'c1' });
    expect(upstream.requests[0]).toMatchObject({
      method: 'GET',
      url: '/v3/contacts/c1',
      headers: {
        authorization: 'Bearer secret-token',
        accept: 'application/json',
        'accept-encoding': 'identity',
      },
      body: '',
    });
    expect(upstream.requests[0]?.headers).not.toHaveProperty('content-type');
  });

  it('reuses an open connection', async () => {
    const ports = new Set<unknown>();
    const { api } = await start((response) => {
      ports.add(response.socket?.remotePort);
      json(response, 200, ANSWER);
    });
    for (let n = 0; n < 10; n += 1) await api.call('getContact', CONTACT);
    // Two, not one: undici counts a connection as free only a moment after its answer is read.
    expect(ports.size).toBeLessThanOrEqual(2);
  });

  it('with a JSON body has its content type', async () => {
    const { api, upstream } = await start((response) => {
      json(response, 201, { contact_id: 'c1' });
    });
    await api.call('createContact', { body: { first_name: 'Zoë', create_source: 'Account' } });
    expect(upstream.requests[0]).toMatchObject({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"first_name":"Zoë","create_source":"Account"}',
    });
  });

  it('with a form has its boundary in its content type, and the name of the file', async () => {
    const { api, upstream } = await start((response) => {
      json(response, 201, { activity_id: 'a1' });
    });
    const body = new Form({
      list_ids: 'l1,l2',
      file: {
        name: 'contacts.csv',
        type: 'text/csv',
        size: 20,
        stream: () => Readable.from([Buffer.from('email\na@example.com\n')]),
      },
    });
    await api.call('contactsCSVImport', { body });
    const [request] = upstream.requests;
    const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(
      request?.headers['content-type'] ?? '',
    )?.[1];
    expect(boundary).toBeTruthy();
    expect(request?.body).toContain(`--${String(boundary)}--`);
    expect(request?.body).toContain('name="file"; filename="contacts.csv"\r\nContent-Type: text/csv');
    expect(request?.body).toContain('email\na@example.com');
  });

  it('without a body sends none, whatever its method', async () => {
    const { api, upstream } = await start((response) => response.writeHead(204).end());
    await api.call('deleteContact', CONTACT);
    expect(upstream.requests[0]).toMatchObject({ method: 'DELETE', body: '' });
    expect(upstream.requests[0]?.headers).not.toHaveProperty('content-type');
  });

  it('goes through a dispatcher that is passed in', async () => {
    const agent = new MockAgent();
    agent.disableNetConnect();
    agent
      .get('https://api.example')
      .intercept({ path: '/v3/contacts/c1', headers: { authorization: 'Bearer t' } })
      .reply(200, '{"contact_id":"c1"}');
    const client = createConstantContact({ baseUrl: 'https://api.example/v3/', dispatcher: agent });
    const signal = new AbortController().signal;
    const api = client.session({ credentials: bearerCredentials('token', 't'), partner: null, signal });
    expect(await api.call('getContact', CONTACT)).toEqual({ contact_id: 'c1' });
    expect(api.meter.calls).toBe(1);
    const close = vi.spyOn(agent, 'close');
    await client.close();
    expect(close).not.toHaveBeenCalled();
    await agent.close();
  });

  it('that cannot be built is not sent', async () => {
    const { api, upstream } = await start((response) => {
      json(response, 200, ANSWER);
    });
    expect((await failureOf(api.call('getContact', { path: { contact_id: '../lists' } }))).kind).toBe(
      'invalidRequest',
    );
    expect((await failureOf(api.call('getContacts', { page: 'evil=1' }))).kind).toBe('invalidRequest');
    await expect(api.call('getContacts', { query: { colour: 'red' } as never })).rejects.toBeInstanceOf(
      TypeError,
    );
    expect(upstream.requests).toEqual([]);
    expect(api.meter.calls).toBe(0);
  });
});

describe('credentials', () => {
  it('that are missing fail the call before it is sent', async () => {
    const { session, upstream } = await start((response) => {
      json(response, 200, ANSWER);
    });
    const api = session({ credentials: null });
    expect((await failureOf(api.call('getContact', CONTACT))).kind).toBe('unauthenticated');
    expect(() => api.credentials).toThrow(ConstantContactError);
    expect(upstream.requests).toEqual([]);
  });

  it('of a partner are sent to partner operations only', async () => {
    const { session, upstream } = await start((response) => {
      json(response, 200, { ...ANSWER, site_owner_list: [] });
    });
    const api = session({ partner: partnerCredentials('the-key', 'partner-token') });
    await api.call('getPartnerSiteOwners', {});
    await api.call('getContact', CONTACT);
    expect(upstream.requests[0]?.headers).toMatchObject({
      'x-api-key': 'the-key',
      authorization: 'partner-token',
    });
    expect(upstream.requests[1]?.headers.authorization).toBe('Bearer secret-token');
    expect(upstream.requests[1]?.headers).not.toHaveProperty('x-api-key');
  });

  it('of a partner are named when they are missing', async () => {
    const { api, upstream } = await start((response) => {
      json(response, 200, ANSWER);
    });
    const error = await failureOf(api.call('getPartnerSiteOwners', {}));
    expect(error.kind).toBe('forbidden');
    expect(error.message).toMatch(/CONSTANT_CONTACT_PARTNER_API_KEY.*CONSTANT_CONTACT_PARTNER_TOKEN/);
    expect(upstream.requests).toEqual([]);
  });

  it('are asked for headers before each attempt', async () => {
    const clock = manualClock();
    const { session, upstream } = await start(
      (response, _request, number) => {
        json(response, number === 1 ? 500 : 200, ANSWER);
      },
      { clock },
    );
    let tokens = 0;
    const api = session({
      credentials: {
        kind: 'account',
        fingerprint: 'f',
        headers: () => Promise.resolve({ authorization: `Bearer t${String((tokens += 1))}` }),
      },
    });
    await clock.run(api.call('getContact', CONTACT));
    expect(upstream.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer t1', 'Bearer t2']);
  });

  it('are rejected when they cannot be a token', () => {
    for (const token of ['', ' ', 'a b', 'a\r\nx-evil: 1', 'ü']) {
      expect(() => bearerCredentials('token', token)).toThrow(ConstantContactError);
      expect(() => partnerCredentials('key', token)).toThrow(ConstantContactError);
    }
  });

  it('have a fingerprint that is unique and reveals nothing', () => {
    const one = bearerCredentials('token', 'secret-one');
    expect(one.fingerprint).toMatch(/^[0-9a-f]{32}$/);
    expect(one.fingerprint).toBe(bearerCredentials('pass-through', 'secret-one').fingerprint);
    expect(one.fingerprint).not.toBe(bearerCredentials('token', 'secret-two').fingerprint);
    expect(JSON.stringify(one)).not.toContain('secret');
  });
});

describe('a successful response', () => {
  it.each([200, 201, 202, 203, 207, 209])('is %i with a body', async (status) => {
    const { api } = await start((response) => {
      json(response, status, { flow_summaries: [] });
    });
    expect(await api.send('listAutomations', {})).toEqual({ status, body: { flow_summaries: [] } });
  });

  it('of a collection may be 204 without a body, or 202 while its pages are computed; of an object neither', async () => {
    let status = 204;
    const { api } = await start((response) => response.writeHead(status, { 'retry-after': '30' }).end());
    expect(await api.send('getLists', {})).toEqual({ status, body: {} });
    expect(await api.send('getUserPrivileges', {})).toEqual({ status, body: [] });
    expect(await failureOf(api.call('getContact', CONTACT))).toMatchObject({ kind: 'invalidResponse' });
    status = 202;
    expect(await api.send('getContacts', {})).toEqual({ status, body: {} });
    const askedAt = Date.now();
    const early = await failureOf(api.call('getContact', CONTACT));
    expect(early).toMatchObject({ kind: 'notReady', retryable: true });
    expect(early.retryAt).toBeGreaterThanOrEqual(askedAt + 30_000);
  });

  it('of a write whose status says enough may have no body; of any other write and of a read it must have one', async () => {
    const { api } = await start((response) => response.writeHead(200).end());
    expect(
      await api.call('putPhysicalAddress', { body: { address_line1: 'A', city: 'B', country_code: 'US' } }),
    ).toBeUndefined();
    expect(await api.call('deleteContact', CONTACT)).toBeUndefined();
    const write = await failureOf(api.call('putContact', { ...CONTACT, body: { update_source: 'Account' } }));
    expect(write).toMatchObject({ kind: 'doneUnread', mayBeDone: false, retryable: false });
    expect((await failureOf(api.call('getContact', CONTACT))).kind).toBe('invalidResponse');
  });

  it('may be empty with a status documented without one, but not be of another kind; with another status it must be JSON', async () => {
    const answers: [status: number, text: string][] = [
      [200, '{}'],
      [200, 'Done.'],
      [200, '{"failed_registration_ids":["r1"]}'],
      [207, 'Done.'],
    ];
    const { api } = await start((response, _request, number) => {
      const [status, text] = answers[number - 1] ?? [];
      response.writeHead(status ?? 500).end(text);
    });
    const update = () =>
      api.send('updateRegistrationStatusUsingPUT', {
        path: { event_id: 'e1', track_id: 't1' },
        body: { registration_ids: ['r1'], registration_status: 'CANCELED' },
      });
    expect(await update()).toEqual({ status: 200, body: undefined });
    expect((await failureOf(update())).kind).toBe('invalidResponse');
    expect(await update()).toEqual({ status: 200, body: { failed_registration_ids: ['r1'] } });
    expect((await failureOf(update())).kind).toBe('invalidResponse');
  });

  it('may be an array, or start with a byte order mark', async () => {
    const { api } = await start((response) => response.writeHead(200).end('\ufeff[{"scheduled_date":"0"}]'));
    const path = { campaign_activity_id: 'a1' };
    expect(await api.call('retrieveEmailSchedulesUsingGET', { path })).toEqual([{ scheduled_date: '0' }]);
  });

  it.each([
    ['{"contact_id":"c1","phone_numbers":[null]}', { contact_id: 'c1', phone_numbers: [] }],
    [
      '{"contact_id":"c1","job_title":null,"phone_numbers":[ null ,{"kind":"home"},\r\n\tnull]}',
      { contact_id: 'c1', job_title: null, phone_numbers: [{ kind: 'home' }] },
    ],
    [
      '{"contact_id":"c1","job_title": null, "last_name":"Null, null","taggings":["null","a"]}',
      { contact_id: 'c1', job_title: null, last_name: 'Null, null', taggings: ['null', 'a'] },
    ],
    [
      '{"contact_id":"c1","last_name":"Sullivan","notes":[{"content":null}],"taggings":["a",null,"b"]}',
      { contact_id: 'c1', last_name: 'Sullivan', notes: [{ content: null }], taggings: ['a', 'b'] },
    ],
  ])('omits null from its lists: %s', async (text, contact) => {
    const { api } = await start((response) => response.writeHead(200).end(text));
    expect(await api.call('getContact', CONTACT)).toEqual(contact);
  });

  it('is text when the operation returns CSV', async () => {
    const { api, upstream } = await start((response) => {
      response.writeHead(200, { 'content-type': 'text/csv' }).end('a,b\n1,2\n');
    });
    expect(await api.call('getContactsExport', { path: { file_export_id: 'e1' } })).toBe('a,b\n1,2\n');
    expect(upstream.requests[0]?.headers.accept).toBe('text/csv');
  });

  it('may arrive in pieces that cut a character in two', async () => {
    const { api } = await start((response) => {
      const bytes = Buffer.from('{"contact_id":"c1","first_name":"Zoë"}');
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(bytes.subarray(0, 36));
      setImmediate(() => response.end(bytes.subarray(36)));
    });
    expect(await api.call('getContact', CONTACT)).toEqual({ contact_id: 'c1', first_name: 'Zoë' });
  });
});

describe('a response that cannot be read', () => {
  it.each([
    ['HTML', '<html><body>Hello</body></html>'],
    ['JSON cut short', '{"contact_id":"c1","first_na'],
    ['JSON that is neither object nor array', '"ok"'],
    ['null', 'null'],
    ['an empty object', '{}'],
  ])('is %s: invalidResponse for a read; done for a write, which is not retried', async (_, text) => {
    const { api, upstream } = await start((response) => response.writeHead(200).end(text));
    const read = await failureOf(api.call('getContact', CONTACT));
    expect(read).toMatchObject({ kind: 'invalidResponse', status: 200, operationId: 'getContact' });
    const body = { update_source: 'Account' } as const;
    const write = await failureOf(api.call('putContact', { ...CONTACT, body }));
    expect(write).toMatchObject({
      kind: 'doneUnread',
      status: 200,
      operationId: 'putContact',
      retryable: false,
    });
    // The contact is read again.
    expect(upstream.requests.map(({ method }) => method)).toEqual(['GET', 'PUT', 'GET']);
    expect(await failureOf(api.call('postTag', { body: { name: 'x' } }))).toMatchObject({
      kind: 'doneUnread',
    });
    expect(upstream.requests).toHaveLength(4);
  });
});

describe('a response that violates the contract', () => {
  it.each([
    ['an array instead of an object', '[{"contact_id":"c1"}]'],
    ['an object without known properties', '{"message":"Forbidden"}'],
    ['a list of errors', '[{"error_key":"a","error_message":"Jane"}]'],
    ['one error', '{"error_key":"a","error_message":"Jane"}'],
    ['one error next to a result', '{"contact_id":"c1","error_key":"a"}'],
    ['an OAuth error', '{"error":"invalid_grant","error_description":"Jane"}'],
    ['errors without a result', '{"errors":[{"error_key":"a"}]}'],
    ['the errors of an activity', '{"activity_errors":["Line 7: Jane"]}'],
  ])('is %s: invalidResponse, and never quoted', async (_, text) => {
    const { api, upstream } = await start((response) => response.writeHead(200).end(text));
    const error = await failureOf(api.call('getContact', CONTACT));
    expect(error).toMatchObject({ kind: 'invalidResponse', status: 200, operationId: 'getContact' });
    expect(error.message).not.toContain('Jane');
    expect(error.cause).toBeUndefined();
    expect(error.message).not.toContain('carried out');
    const write = await failureOf(api.call('putContact', { ...CONTACT, body: { update_source: 'Account' } }));
    expect(write).toMatchObject({ kind: 'invalidResponse', status: 200, mayBeDone: true });
    expect(write.message).toContain('may or may not have been carried out');
    expect(upstream.requests).toHaveLength(2);
  });

  it('is a redirect, which is not followed', async () => {
    const { api, upstream } = await start((response) =>
      response.writeHead(302, { location: '/v3/elsewhere' }).end(),
    );
    expect((await failureOf(api.call('getContact', CONTACT))).kind).toBe('invalidResponse');
    expect(upstream.requests).toHaveLength(1);
  });
});

describe('an error response', () => {
  it.each([
    [400, '[{"error_key":"contacts.api.validation.error","error_message":"bad"}]', 'rejected'],
    [401, '', 'unauthenticated'],
    [401, '{"error_key":"unauthorized","error_message":"Unauthorized"}', 'unauthenticated'],
    [403, '<html>Forbidden</html>', 'forbidden'],
    [404, '[{"error_key":"contacts.api.not_found"}]', 'notFound'],
    [406, '', 'notFound'],
    [409, '[{"error_key":"contacts.api.conflict"}]', 'conflict'],
    [415, '', 'rejected'],
  ])('with %i and %j is %s', async (status, text, kind) => {
    const { api, upstream } = await start((response) => response.writeHead(status).end(text));
    const error = await failureOf(api.call('getContact', CONTACT));
    expect(error).toMatchObject({ kind, status, operationId: 'getContact', retryable: false });
    expect(upstream.requests).toHaveLength(1);
  });
});

describe('the report of a call', () => {
  it('has an entry for each attempt: operation, outcome and duration, and no secret', async () => {
    const clock = manualClock();
    const reports: AttemptReport[] = [];
    const { api } = await start(
      (response, _request, number) => {
        if (number === 1) response.socket?.destroy();
        else json(response, number === 2 ? 503 : 200, ANSWER);
      },
      { clock, onAttempt: (report) => reports.push(report) },
    );
    await clock.run(api.call('getContacts', { query: { email: 'jane@example.com' } }));
    expect(reports).toEqual([
      {
        operationId: 'getContacts',
        attempt: 1,
        error: 'unavailable',
        failure: expect.objectContaining({ kind: 'unavailable' }),
        ms: expect.any(Number),
        waitedMs: 0,
      },
      {
        operationId: 'getContacts',
        attempt: 2,
        status: 503,
        error: 'unavailable',
        failure: expect.objectContaining({ kind: 'unavailable', status: 503 }),
        ms: expect.any(Number),
        waitedMs: 0,
      },
      { operationId: 'getContacts', attempt: 3, status: 200, ms: expect.any(Number), waitedMs: 0 },
    ]);
  });

  it('is in the meter: calls sent, retries among them, time spent waiting', async () => {
    const clock = manualClock();
    const { api, client } = await start(
      (response, _request, number) => {
        json(response, number === 1 ? 500 : 200, ANSWER);
      },
      { clock, requestsPerSecond: 1 },
    );
    await clock.run(api.call('getContact', CONTACT));
    // 500 ms before the retry; then 550 ms until the slot of the first attempt is free.
    expect(api.meter).toEqual({
      calls: 2,
      retries: 1,
      coalesced: 0,
      cached: 0,
      waitedMs: 1_050,
      requestIds: [],
      oldestAt: Infinity,
      keepMs: 0,
      stale: [],
    });
    expect(client.governor.status().usedToday).toBe(2);
    expect(api.budget()).toEqual({ ...client.governor.status(), ...client.governor.pace() });
  });

  it('contains neither token nor address, whatever fails', async () => {
    const { api, session } = await start((response) =>
      response.writeHead(400).end('{"error_key":"jane@example.com"}'),
    );
    const errors = [
      await failureOf(api.call('getContacts', { query: { email: 'jane@example.com' } })),
      await failureOf(session({ credentials: null }).call('getContact', CONTACT)),
    ];
    for (const error of errors) {
      const all = `${error.message}${String(error.stack)}${JSON.stringify(error)}${String(error.cause)}`;
      expect(all).not.toMatch(/secret-token|jane|127\.0\.0\.1/);
    }
  });
});

describe('a connection', () => {
  it('that is refused counts as unavailable, and uses neither a slot nor a call of the day', async () => {
    const clock = manualClock();
    const { upstream, api, client } = await start(() => undefined, {
      clock,
      requestsPerSecond: 4,
      requestsPerDay: 10,
    });
    await upstream.close();
    const error = await clock.run(failureOf(api.call('createContact', { body: {} })));
    expect(error).toMatchObject({
      kind: 'unavailable',
      cause: expect.objectContaining({ code: 'ECONNREFUSED' }),
    });
    expect(client.governor.status().usedToday).toBe(0);
    expect(api.meter.calls).toBe(0);
  });

  it('that is never established ends with the time limit; nothing was sent, so even a write is retried', async () => {
    const clock = manualClock();
    const silent = { dispatch: () => true } as unknown as Dispatcher;
    const reports: AttemptReport[] = [];
    const { client, api } = await start(() => undefined, {
      clock,
      requestsPerSecond: 1,
      dispatcher: silent,
      attemptTimeoutMs: 10_000,
      onAttempt: (report) => reports.push(report),
    });
    const error = await clock.run(failureOf(api.call('createContact', { body: {} })));
    expect(error.kind).toBe('timeout');
    expect(reports.map(({ attempt, ms }) => [attempt, ms])).toEqual([
      [1, 10_000],
      [2, 10_000],
      [3, 10_000],
      [4, 10_000],
    ]);
    expect(client.governor.status().usedToday).toBe(0);
  });

  it('that is pending does not delay cancellation of its caller, and is not used for it afterwards', async () => {
    const clock = manualClock();
    const dispatcher = new Agent({ connections: 1 });
    const { client, session, upstream } = await start(
      (response, _request, number) => {
        if (number > 1) json(response, 200, ANSWER);
      },
      { clock, dispatcher, requestsPerDay: 10 },
    );
    const api = session();
    const busy = failureOf(api.call('getContact', CONTACT, { retry: 'never' }));
    await until(() => upstream.requests.length === 1);
    const caller = new AbortController();
    const waiting = failureOf(session({ signal: caller.signal }).call('deleteContact', CONTACT));
    await until(() => client.governor.status().usedToday === 2);
    caller.abort();
    expect((await waiting).kind).toBe('aborted');
    expect(client.governor.status().usedToday).toBe(1);
    await clock.advance(30_000);
    expect((await busy).kind).toBe('timeout');
    await api.call('getContact', CONTACT);
    expect(upstream.requests.map(({ method }) => method)).toEqual(['GET', 'GET']);
    await dispatcher.destroy();
  });
});
