import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApp, type Answer, type TestApp } from '../support/app.js';
import { runScript } from '../support/command.js';
import { EXAMPLE, KEY, supergraphExample } from './example.js';
import { startRecorder, type Recorder } from './recorder.js';

const ANNA = 'token-of-anna';
const BORIS = 'token-of-boris';
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

const TRACE = {
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  tracestate: 'vendor=value',
  baggage: 'tenant=bookshop',
};

// As in the example's data.ts: the first contacts of the sandbox account.
const ZARA = 'e7d536c2-b375-11ed-a893-fa163e0c924e';
const MAELLE = '00e8fa66-b18a-11e3-b32f-fa163edf4a38';
const OLIVER = 'f9d22d0c-c04f-11e8-8458-fa163e19b82f';

let app: TestApp;
let facade: Recorder;
let orders: Recorder;
const example = supergraphExample();

beforeAll(async () => {
  const account = { contacts: 60 };
  app = await startApp({
    credentials: null,
    schema: { nodeFields: false },
    sandbox: { tokens: { [ANNA]: account, [BORIS]: account } },
  });
  // The same ids are other people in his account.
  for (const row of app.sandbox.account(BORIS).contacts) row.first_name = 'Boris';
  facade = await startRecorder(new URL('/graphql', await app.listen()).href);
  orders = await startRecorder(await example.run('src/serve-orders.ts'));
});

afterAll(async () => {
  await example.stop();
  await orders.close();
  await facade.close();
  await app.close();
});

describe.each(['hive', 'apollo'])('behind the gateway of %s', (gateway) => {
  let url: string;
  beforeAll(async () => {
    url = await example.run('src/start.ts', {
      GATEWAY: gateway,
      FACADE_URL: facade.url,
      ORDERS_URL: orders.url,
    });
  });

  beforeEach(() => {
    app.resetCalls();
    facade.seen.length = orders.seen.length = 0;
  });

  async function ask(query: string, headers: Record<string, string> = bearer(ANNA)): Promise<Answer> {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    });
    const { data, errors, extensions } = (await response.json()) as Answer;
    return { status: response.status, data, errors, extensions };
  }

  it('contacts resolve their orders, by id and by address, and orders their contacts', async () => {
    const { data, errors, extensions } = await ask(`{
      contacts(first: 3) {
        nodes {
          firstName
          emailAddress { address }
          orders { orderId placedAt contact { companyName } }
        }
        pageInfo { hasNextPage }
      }
    }`);
    expect(errors).toBeUndefined();
    const { company_name: companyName } = app.sandbox.account(ANNA).contacts.get(ZARA)!;
    const maelle = app.sandbox.account(ANNA).contacts.get(MAELLE)!;
    expect(data.contacts).toEqual({
      nodes: [
        {
          firstName: 'Zara',
          emailAddress: { address: 'zara.fletcher@example.org' },
          orders: [
            { orderId: '1002', placedAt: '2026-01-09T17:40:00Z', contact: null },
            {
              orderId: '1001',
              placedAt: '2026-01-05T09:12:00Z',
              contact: { companyName: companyName ?? null },
            },
          ],
        },
        {
          firstName: 'Maëlle',
          // Signed in, she gave another address.
          emailAddress: { address: 'mfortin@harborlight.example' },
          orders: [
            {
              orderId: '1003',
              placedAt: '2026-01-12T08:03:00Z',
              contact: { companyName: maelle.company_name ?? null },
            },
          ],
        },
        {
          firstName: 'Oliver',
          emailAddress: { address: 'owalsh@inbox.example.net' },
          orders: [{ orderId: '1004', placedAt: '2026-01-17T20:55:00Z', contact: null }],
        },
      ],
      pageInfo: { hasNextPage: true },
    });
    expect(app.calls()).toEqual(['getContacts', 'getContact', 'getContact']);
    expect(extensions.upstream).toEqual({
      calls: 3,
      retries: 0,
      coalesced: 0,
      cached: 0,
      waitedMs: 0,
      remainingToday: null,
    });
  });

  it('the query of the README is answered by both subgraphs', async () => {
    const { data, errors } = await ask(readFileSync(`${EXAMPLE}/query.graphql`, 'utf8'));
    expect(errors).toBeUndefined();
    expect(data.contacts.nodes).toHaveLength(3);
    expect(data.orders.nodes).toHaveLength(8);
  });

  it('orders resolve their contacts: unknown ones are null, and an invalid id fails alone', async () => {
    const { data, errors, extensions } = await ask(
      '{ orders { nodes { orderId contact { firstName contactId } } pageInfo { endCursor } } }',
    );
    expect(data.orders).toEqual({
      nodes: [
        { orderId: '1008', contact: { firstName: null, contactId: 'customer-17' } },
        { orderId: '1007', contact: { firstName: null, contactId: '06a100de-19b6-4266-874b-afff00ff6b01' } },
        {
          orderId: '1006',
          contact: { firstName: 'Noémie', contactId: 'b887ebc0-fd70-11e6-ab7a-fa163e724ca4' },
        },
        { orderId: '1005', contact: null },
        { orderId: '1004', contact: null },
        { orderId: '1003', contact: { firstName: 'Maëlle', contactId: MAELLE } },
        { orderId: '1002', contact: null },
        { orderId: '1001', contact: { firstName: 'Zara', contactId: ZARA } },
      ],
      pageInfo: { endCursor: '1001' },
    });
    expect(errors).toHaveLength(1);
    expect(errors?.[0].path.slice(0, 4)).toEqual(['orders', 'nodes', 0, 'contact']);
    expect(errors?.[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', problem: 'INVALID_ID' });
    // All in one batch: the one page of the account has the three, and tells that the fourth is not there.
    expect(app.calls()).toEqual(['getContacts']);
    expect(facade.seen).toHaveLength(1);
    expect(extensions.upstream.calls).toBe(1);
  });

  it('orders of guests resolve the contact by its address, all together with one page of contacts', async () => {
    const { data, errors } = await ask(
      '{ orders { nodes { orderId emailAddress { address permissionToSend contact { contactId } } } } }',
    );
    expect(errors).toBeUndefined();
    const found = (data.orders.nodes as any[]).map(({ orderId, emailAddress: { contact } }) => [
      orderId,
      contact?.contactId ?? null,
    ]);
    expect(found).toEqual([
      ['1008', null],
      ['1007', null],
      ['1006', 'b887ebc0-fd70-11e6-ab7a-fa163e724ca4'],
      ['1005', null],
      ['1004', OLIVER],
      ['1003', null],
      ['1002', ZARA],
      ['1001', ZARA],
    ]);
    expect(data.orders.nodes[7].emailAddress.permissionToSend).toBe('EXPLICIT');
    expect(app.calls()).toEqual(['getContacts']);
    expect(facade.seen).toHaveLength(1);
  });

  it('the result of a mutation continues into the other subgraph', async () => {
    const { data, errors } = await ask(`mutation {
      updateContact(input: { id: "${OLIVER}", jobTitle: "Baker" }) {
        contact { jobTitle emailAddress { orders { orderId } } }
        userErrors { code }
      }
    }`);
    expect(errors).toBeUndefined();
    expect(data.updateContact).toEqual({
      contact: { jobTitle: 'Baker', emailAddress: { orders: [{ orderId: '1004' }] } },
      userErrors: [],
    });
    expect(app.sandbox.account(ANNA).contacts.get(OLIVER)?.job_title).toBe('Baker');
  });

  it('each caller sees its own account, also at the same time', async () => {
    const query = '{ orders { nodes { contact { firstName } } } }';
    const names = ({ data }: Answer) =>
      (data.orders.nodes as any[]).flatMap(({ contact }) => contact?.firstName ?? []);
    const answers = await Promise.all([ANNA, BORIS, ANNA, BORIS].map((token) => ask(query, bearer(token))));
    const anna = ['Noémie', 'Maëlle', 'Zara'];
    const boris = ['Boris', 'Boris', 'Boris'];
    expect(answers.map(names)).toEqual([anna, boris, anna, boris]);
  });

  it('only the facade receives the token, with the request id and the key of the gateway', async () => {
    await ask('{ orders { nodes { contact { firstName } } } }', {
      ...bearer(ANNA),
      'x-request-id': 'request-17',
      'x-api-key': 'key-of-a-caller',
      'x-access-token': 'token-of-an-identity-provider',
      cookie: 'a=b',
      ...TRACE,
    });
    expect(facade.seen).toMatchObject([
      {
        authorization: `Bearer ${ANNA}`,
        'x-request-id': 'request-17',
        'x-api-key': KEY,
        'x-access-token': 'token-of-an-identity-provider',
        ...TRACE,
      },
    ]);
    expect(facade.seen[0]).not.toHaveProperty('cookie');
    expect(orders.seen).toMatchObject([{ 'x-request-id': 'request-17', ...TRACE }]);
    expect(JSON.stringify(orders.seen)).not.toMatch(/token-of|key-of/);
  });

  it('a document is requested by its hash, and its text is sent when the hash is unknown', async () => {
    const document = readFileSync(`${EXAMPLE}/query.graphql`, 'utf8');
    const send = async (of: string, query?: string) => {
      const sha256Hash = createHash('sha256').update(of).digest('hex');
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...bearer(ANNA) },
        body: JSON.stringify({ query, extensions: { persistedQuery: { version: 1, sha256Hash } } }),
      });
      return (await response.json()) as Answer;
    };
    const unknown = await send('{ __typename }');
    expect(unknown.errors?.[0]?.message).toContain('PersistedQueryNotFound');
    expect(app.calls()).toEqual([]);
    // Hive Gateway has it from its configuration, Apollo's from the first client that sends it.
    if (gateway === 'apollo') await send(document, document);
    const { data, errors } = await send(document);
    expect(errors).toBeUndefined();
    expect(data.contacts.nodes).toHaveLength(3);
  });

  it('an error of the facade keeps its code, and the rest is returned', async () => {
    const { data, errors, extensions } = await ask(
      '{ contacts(first: 1) { nodes { firstName } } orders(first: 1) { nodes { orderId } } }',
      {},
    );
    expect(data).toEqual({ contacts: null, orders: { nodes: [{ orderId: '1008' }] } });
    expect(errors?.map(({ path, extensions: { code } }) => [path, code])).toEqual([
      [['contacts'], 'UNAUTHENTICATED'],
    ]);
    expect(extensions.upstream.calls).toBe(0);
  });
});

it('the example starts with a sandbox account, and stops everything that it started', async () => {
  const command = runScript(['src/start.ts'], { PORT: '0' }, EXAMPLE);
  const [, contacts = ''] = await command.printed(/Subgraph of contacts: (\S+)\n/);
  const [, gateway = ''] = await command.printed(/Gateway \(hive\): (\S+)\n/);
  const response = await fetch(gateway, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: `{ contact(id: "${ZARA}") { firstName orders { orderId } } }` }),
  });
  expect(await response.json()).toMatchObject({
    data: { contact: { firstName: 'Zara', orders: [{ orderId: '1002' }, { orderId: '1001' }] } },
    extensions: { upstream: { calls: 1 } },
  });
  command.kill('SIGTERM');
  expect(await command.exited).toBe(0);
  await expect(fetch(contacts)).rejects.toThrow();
});

describe('behind @apollo/gateway, a response of the facade alone', () => {
  it('may be cached by the client as long as the facade allows', async () => {
    const cached = await startApp({
      credentials: null,
      schema: { nodeFields: false },
      sandbox: { tokens: { [ANNA]: { contacts: 10 }, [BORIS]: { contacts: 10 } } },
      client: { cacheSeconds: { contacts: 30, tags: 60 } },
    });
    const own = supergraphExample();
    try {
      const url = await own.run('src/start.ts', {
        GATEWAY: 'apollo',
        FACADE_URL: new URL('/graphql', await cached.listen()).href,
        ORDERS_URL: orders.url,
      });
      const send = async (query: string, token: string) => {
        cached.resetCalls();
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...bearer(token) },
          body: JSON.stringify({ query }),
        });
        const { data, errors } = (await response.json()) as Answer;
        expect(errors).toBeUndefined();
        const { headers } = response;
        expect(headers.get('vary')).toBe('Authorization');
        return { data, cacheControl: headers.get('cache-control'), calls: cached.calls().length };
      };
      const contacts = '{ contacts(first: 2) { nodes { firstName } } }';
      const [first, second] = [await send(contacts, ANNA), await send(contacts, ANNA)];
      expect(first).toMatchObject({ calls: 1, cacheControl: 'max-age=30, private' });
      expect(second).toEqual({ ...first, calls: 0 });
      expect(await send(contacts, BORIS)).toMatchObject({ calls: 1 });
      expect((await send('{ tags(first: 2) { nodes { name } } }', ANNA)).cacheControl).toBe(
        'max-age=60, private',
      );
      for (const query of [
        '{ rateLimit { waiting } }',
        '{ contacts(first: 2) { nodes { firstName } } orders { nodes { orderId } } }',
      ])
        expect((await send(query, ANNA)).cacheControl, query).not.toContain('max-age');
    } finally {
      await own.stop();
      await cached.close();
    }
  });
});
