import { afterEach, describe, expect, it } from 'vitest';
import {
  operations,
  type OperationId,
  type ResponseBody,
} from '../../src/constant-contact/contract/operations.js';
import {
  createSandbox,
  type Fault,
  type FaultScript,
  type Sandbox,
  type SandboxOptions,
} from '../../src/sandbox/index.js';
import { handlers } from '../../src/sandbox/routes/index.js';
import { Client, first, ManualClock } from './client.js';

let sandbox: Sandbox;
const start = async (options: SandboxOptions = {}): Promise<Client> => {
  sandbox = await createSandbox({ contacts: 20, requestsPerSecond: 0, ...options });
  return new Client(sandbox);
};
afterEach(() => sandbox.close());

describe('routing and authentication', () => {
  it('answers 401 with a single object when there is no token', async () => {
    await start();
    const response = await fetch(`${sandbox.url}/contacts`);
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ error_key: 'unauthorized', error_message: 'Unauthorized' });
  });

  it('accepts any bearer token, with and without /v3 in the path', async () => {
    const client = await start();
    const bare = await fetch(`${sandbox.url.replace('/v3', '')}/contacts/counts`, {
      headers: { authorization: 'Bearer whatever' },
    });
    expect(await bare.json()).toEqual((await client.call('countContact')).body);
  });

  it('requires an API key with the bare token for partner operations', async () => {
    await start();
    const ask = async (headers: Record<string, string>) =>
      (await fetch(`${sandbox.url}/partner/accounts`, { headers })).status;
    expect(await ask({ authorization: 'token' })).toBe(403);
    expect([200, 501]).toContain(await ask({ authorization: 'token', 'x-api-key': 'key' }));
  });

  it('answers 404 outside the API and 501 for operations without a handler', async () => {
    const client = await start();
    expect((await client.fetch('GET', '/nothing')).status).toBe(404);
    expect((await client.fetch('GET', '/contacts_exports/some-id')).status).toBe(404);
    const open = (Object.keys(operations) as OperationId[]).find(
      (id) => !(id in handlers) && operations[id].method === 'GET' && operations[id].pathParams.length === 0,
    );
    if (open) expect((await client.fetch('GET', operations[open].path)).status).not.toBe(200);
  });

  it('keeps accounts of named tokens apart', async () => {
    await start({ tokens: { other: { seed: 2, contacts: 5 } } });
    const total = async (token: string) => (await new Client(sandbox, token).call('countContact')).body.total;
    expect(await total('other')).toBe(5);
    expect(await total('anybody')).toBe(20);
    expect(sandbox.account('other').contacts.size).toBe(6);
    expect(sandbox.account().contacts.size).toBe(21);
  });
});

describe('tracing', () => {
  const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

  it('identifies each response in its headers, with others when the gateway responds', async () => {
    const client = await start();
    const refused = await client.fetch('GET', '/contacts/unknown');
    expect(refused.status).toBe(404);
    const fine = await client.fetch('GET', '/contacts/counts');
    for (const { headers } of [refused, fine]) {
      expect(headers.get('x-amzn-requestid')).toMatch(UUID);
      expect(headers.get('x-eig-tracking-id')).toMatch(UUID);
      expect(headers.has('x-amz-apigw-id')).toBe(false);
    }
    expect(refused.headers.get('x-amzn-requestid')).not.toBe(fine.headers.get('x-amzn-requestid'));
    sandbox.faults.script({ fault: { kind: 'throttled' } });
    sandbox.faults.script({ fault: { kind: 'html', status: 502 } });
    const throttled = await client.fetch('GET', '/contacts/counts');
    const page = await client.fetch('GET', '/contacts/counts');
    const anonymous = await fetch(`${sandbox.url}/contacts`);
    for (const { headers } of [throttled, page, anonymous]) {
      expect(headers.get('x-amzn-requestid')).toMatch(UUID);
      expect(headers.get('x-amz-apigw-id')).toMatch(/^[a-z0-9]{16}$/);
      expect(headers.has('x-eig-tracking-id')).toBe(false);
    }
  });
});

describe('quota', () => {
  it('permits four requests in any second', async () => {
    const clock = new ManualClock();
    const client = await start({ requestsPerSecond: 4, clock });
    const ask = async () => (await client.call('countContact')).status;
    expect([await ask(), await ask(), await ask(), await ask()]).toEqual([200, 200, 200, 200]);
    const refused = await client.fetch('GET', '/contacts/counts');
    expect(refused.status).toBe(429);
    expect(refused.body).toEqual({ error_key: 'throttled', error_message: 'Too Many Requests' });
    clock.tick(999);
    expect(await ask()).toBe(429);
    clock.tick(1);
    expect(await ask()).toBe(200);
    expect(sandbox.journal.busiestSecond()).toBe(6);
  });

  it('counts the day until midnight UTC, over all accounts', async () => {
    const clock = new ManualClock(Date.parse('2026-03-15T23:59:00Z'));
    const client = await start({ requestsPerDay: 2, clock, tokens: { other: { contacts: 1 } } });
    await client.call('countContact');
    await new Client(sandbox, 'other').call('countContact');
    const refused = await client.fetch('GET', '/contacts/counts');
    expect(refused.status).toBe(429);
    expect(refused.body).toEqual({ error_key: 'quota_exceeded', error_message: 'Limit Exceeded' });
    clock.tick(60_000);
    expect((await client.call('countContact')).status).toBe(200);
  });
});

describe('journal', () => {
  it('records requests in order', async () => {
    const client = await start();
    await client.call('getContacts', { query: { limit: 3, email: 'a+b@example.com' } });
    await client.fetch('GET', '/nothing');
    await client.call('countContact');
    expect(sandbox.journal.operations()).toEqual(['getContacts', 'countContact']);
    expect(sandbox.journal.count()).toBe(3);
    expect(sandbox.journal.count('getContacts')).toBe(1);
    expect(sandbox.journal.entries[0]).toMatchObject({
      operationId: 'getContacts',
      method: 'GET',
      path: '/v3/contacts',
      query: 'limit=3&email=a%2Bb%40example.com',
      status: 200,
      credential: 'sandbox',
    });
    sandbox.journal.clear();
    expect(sandbox.journal.count()).toBe(0);
  });
});

describe('faults', () => {
  const hit = async (client: Client, fault: Fault) => {
    sandbox.faults.script({ fault });
    return client.fetch('GET', '/contacts/counts');
  };

  it.each<[Fault, number, unknown]>([
    [
      { kind: 'status', status: 503, body: { error_key: 'x', error_message: 'y' } },
      503,
      { error_key: 'x', error_message: 'y' },
    ],
    [{ kind: 'status', status: 200, body: 'no json', contentType: 'text/plain' }, 200, 'no json'],
    [{ kind: 'html', status: 502 }, 502, expect.stringContaining('<html>')],
    [{ kind: 'empty', status: 500 }, 500, ''],
    [{ kind: 'throttled' }, 429, { error_key: 'throttled', error_message: 'Too Many Requests' }],
    [{ kind: 'quotaExceeded' }, 429, { error_key: 'quota_exceeded', error_message: 'Limit Exceeded' }],
    [{ kind: 'notReady' }, 202, { status: 'processing' }],
  ])('%j', async (fault, status, body) => {
    const client = await start();
    expect(await hit(client, fault)).toMatchObject({ status, body });
    expect((await client.call('countContact')).status).toBe(200);
  });

  it('respond with any headers, and with text that is sent unchanged', async () => {
    const client = await start();
    const headers = { 'x-eig-tracking-id': 'mine', 'retry-after': '7', 'content-type': 'application/json' };
    const text = '{"contacts_count":9007199254740993}';
    sandbox.faults.script({
      fault: { kind: 'status', status: 200, body: text, contentType: 'x/y', headers },
    });
    const response = await fetch(`${sandbox.url}/contacts`, { headers: { authorization: 'Bearer x' } });
    expect(await response.text()).toBe(text);
    expect(Object.fromEntries(response.headers)).toMatchObject(headers);
    expect((await client.fetch('GET', '/contacts')).headers.get('x-eig-tracking-id')).not.toBe('mine');
  });

  it.each([false, true])('can hide the response of a write that was carried out: %s', async (carriedOut) => {
    const client = await start();
    const fault: Fault = {
      kind: 'status',
      status: 201,
      body: '<p>OK</p>',
      contentType: 'text/html',
      carriedOut,
    };
    sandbox.faults.script({ operationId: 'createList', fault });
    expect(await client.fetch('POST', '/contact_lists', { name: 'Hidden' })).toMatchObject({
      status: 201,
      body: '<p>OK</p>',
    });
    expect(sandbox.account().lists.first('name', 'hidden') !== undefined).toBe(carriedOut);
  });

  it('change the body of a response, and leave one without JSON unchanged', async () => {
    const client = await start();
    const edit = (body: ResponseBody<'countContact'>) => ({ ...body, total: 'n/a' });
    const fault: Fault = { kind: 'edit', edit };
    sandbox.faults.script({ times: 2, fault });
    expect((await client.call('countContact')).body.total).toBe('n/a');
    const { contact_id } = first(sandbox.account().contacts);
    expect((await client.call('deleteContact', { path: { contact_id } })).status).toBe(204);
    expect((await client.call('countContact')).body.total).toBe(19);
    expect(sandbox.violations).toEqual([]);
  });

  it('affect requests by their query, repeatedly', async () => {
    const client = await start();
    const fault: Fault = { kind: 'status', status: 400, body: [{ error_key: 'x', error_message: 'limit' }] };
    sandbox.faults.script({ operationId: 'getLists', query: { limit: '1000' }, times: Infinity, fault });
    const statuses: number[] = [];
    for (const limit of [1_000, 500, 1_000, 500, 1_000]) {
      statuses.push((await client.call('getLists', { query: { limit } })).status);
    }
    expect(statuses).toEqual([400, 200, 400, 200, 400]);
  });

  it('cut the connection before the headers, without a change of state', async () => {
    const client = await start();
    sandbox.faults.script({ operationId: 'createList', fault: { kind: 'reset' } });
    await expect(client.call('createList', { body: { name: 'Lost' } })).rejects.toThrow('fetch failed');
    expect(sandbox.account().lists.first('name', 'lost')).toBeUndefined();
    expect(sandbox.journal.entries[0]?.status).toBe(0);
  });

  it('cut the connection inside the body after the write was carried out', async () => {
    const client = await start();
    sandbox.faults.script({ fault: { kind: 'resetBody' } });
    await expect(client.call('createList', { body: { name: 'Half' } })).rejects.toThrow();
    expect(sandbox.account().lists.first('name', 'half')).toBeDefined();
  });

  it('send half of the JSON in a complete response', async () => {
    const client = await start();
    await expect(hit(client, { kind: 'truncate' })).rejects.toThrow(SyntaxError);
  });

  it('stall until the client disconnects', async () => {
    await start();
    sandbox.faults.script({ fault: { kind: 'stall' } });
    const stalled = fetch(`${sandbox.url}/contacts`, {
      headers: { authorization: 'Bearer x' },
      signal: AbortSignal.timeout(60),
    });
    await expect(stalled).rejects.toThrow('aborted');
  });

  it('affect the operation after a number of calls, a number of times', async () => {
    const client = await start();
    const fault: Fault = { kind: 'empty', status: 500 };
    sandbox.faults.script({ operationId: 'countContact', after: 1, times: 2, fault });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) {
      statuses.push((await client.call('countContact')).status);
      expect((await client.call('getTags')).status).toBe(200);
    }
    expect(statuses).toEqual([200, 500, 500, 200]);
  });
});

describe('invalid settings', () => {
  it.each<[object, string]>([
    [
      { operationId: 'getTagss', fault: { kind: 'reset' } },
      'There is no operation "getTagss". Did you mean getTags?',
    ],
    [{ operationId: 'toString', fault: { kind: 'reset' } }, 'There is no operation "toString".'],
    [{ fault: { kind: 'resets' } }, 'There is no kind of fault "resets". Did you mean reset?'],
    [{ fault: { kind: 'earthquake' } }, 'There is no kind of fault "earthquake".'],
    [{ kind: 'reset' }, 'There is no kind of fault "undefined".'],
    ...['status', 'html', 'empty'].flatMap((kind) =>
      [undefined, '503', 0, 99, 600, 502.5].map((status): [object, string] => [
        { fault: { kind, status } },
        `A fault of kind "${kind}" needs \`status\`, a whole number from 200 to 599.`,
      ]),
    ),
    [
      { fault: { kind: 'edit' } },
      'A fault of kind "edit" needs `edit`, a function that returns the new body.',
    ],
  ])('of a fault are refused: %j', async (script, message) => {
    const client = await start();
    expect(() => {
      sandbox.faults.script(script as FaultScript);
    }).toThrow(new TypeError(message));
    expect((await client.call('getTags')).status).toBe(200);
  });

  it.each([-1, 1.5, NaN, 1_000_001])('of the account are refused: %d contacts', async (contacts) => {
    const message = `\`contacts\` must be a whole number from 0 to 1,000,000, not ${contacts}.`;
    await expect(createSandbox({ contacts })).rejects.toThrow(new RangeError(message));
    await expect(createSandbox({ tokens: { other: { contacts } } })).rejects.toThrow(new RangeError(message));
  });
});

describe('state', () => {
  it('is restored by a reset', async () => {
    const client = await start({ seed: 7 });
    const before = (await client.call('getLists')).body;
    await client.call('createList', { body: { name: 'Short-lived' } });
    await client.fetch('GET', '/contacts?wrong=1');
    sandbox.faults.script({ fault: { kind: 'empty', status: 500 } });
    sandbox.reset();
    expect(sandbox.journal.count()).toBe(0);
    expect(sandbox.violations).toEqual([]);
    const ids = (lists: typeof before) => lists.lists?.map((list) => list.list_id);
    expect(ids((await client.call('getLists')).body)).toEqual(ids(before));
  });

  it('depends on the seed and the clock only', async () => {
    const read = async (seed: number): Promise<string> => {
      const client = await start({ seed, contacts: 100, clock: new ManualClock() });
      const include = 'custom_fields,list_memberships,phone_numbers,street_addresses,taggings,notes';
      const query = { limit: 500, status: 'all', include };
      const [page] = await client.pages('getContacts', { query });
      await sandbox.close();
      return JSON.stringify(page);
    };
    const one = await read(1);
    expect(await read(1)).toBe(one);
    const two = await read(2);
    expect(two).not.toBe(one);
    const emails = (text: string) => new Set(text.match(/[\w.+]+@[\w.]+/g));
    const shared = [...emails(two)].filter((email) => emails(one).has(email));
    expect(shared.length).toBeLessThan(20);
  });

  it('contains only an owner when it starts empty', async () => {
    const client = await start({ empty: true });
    expect((await client.call('countContact')).body.total).toBe(0);
    expect((await client.call('getLists')).body.lists).toEqual([]);
    expect((await client.call('retrieveEmailAddresses')).body).toHaveLength(1);
    expect((await client.call('getPhysicalAddress')).status).toBe(404);
  });
});
