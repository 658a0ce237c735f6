import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAccess } from '../../src/server/access/access.js';
import { generateAccessKey } from '../../src/server/access/keys.js';
import { listen, type Listening } from '../../src/server/listen.js';
import { silentLogger } from '../../src/server/logger.js';
import { documentId } from '../../src/server/persisted.js';
import { MAX_REFUSALS } from '../../src/server/refusals.js';
import { MAX_OPERATIONS } from '../../src/server/websocket.js';
import { expectNoViolations, startApp, type TestApp } from '../support/app.js';
import { campaignIn } from '../support/campaigns.js';
import { manualClock, type ManualClock } from '../support/clock.js';
import { startPlumbing, type PlumbingOptions } from '../support/plumbing.js';
import {
  connectSocket,
  openingStatus,
  openRaw,
  type SocketClient,
  type SocketOptions,
} from '../support/websocket.js';

const STATUS = `subscription ($id: ID!) { emailCampaignStatus(id: $id) { status } }`;

let clients: SocketClient[] = [];
afterEach(async () => {
  await Promise.all(clients.map((client) => client.dispose()));
  clients = [];
});

function connect(url: string, options?: SocketOptions): SocketClient {
  const client = connectSocket(url, options);
  clients.push(client);
  return client;
}

/** The errors that an operation is refused with. */
async function refusal(
  client: SocketClient,
  query: string,
  variables?: Record<string, unknown>,
): Promise<any[]> {
  return client.all(query, variables).then(
    (results) => {
      throw new Error(`It was not refused: ${JSON.stringify(results)}`);
    },
    (errors: unknown) => errors as any[],
  );
}

describe('over a WebSocket, on the sandbox', () => {
  let app: TestApp;
  let clock: ManualClock;
  let url: string;

  beforeEach(async () => {
    clock = manualClock();
    app = await startApp({
      sandbox: { contacts: 60, activitySeconds: 20, clock: { now: clock.now } },
      client: { clock, attemptTimeoutMs: 60_000 },
    });
    url = await app.listen();
  });
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.dispose()));
    expectNoViolations(app);
    await app.close();
    expect(clock.pending()).toBe(0);
  });

  /** A campaign that stays scheduled. */
  const scheduled = () => {
    const { campaign, activity } = campaignIn(app, 'SCHEDULED');
    activity.scheduled_at = clock.now() + 7_200_000;
    return campaign.campaign_id;
  };

  it('queries, mutations and subscriptions run', async () => {
    const client = connect(url);
    const [query] = await client.all('{ account { organizationName } }');
    expect(query).toMatchObject({ data: { account: {} }, extensions: { upstream: { calls: 1 } } });
    const [mutation] = await client.all(
      'mutation { createTag(input: { name: "by socket" }) { tag { name } } }',
    );
    expect(mutation.data.createTag.tag.name).toBe('by socket');
    const { campaign } = campaignIn(app, 'DONE');
    expect(await client.all(STATUS, { id: campaign.campaign_id })).toMatchObject([
      { data: { emailCampaignStatus: { status: 'DONE' } }, extensions: { upstream: { calls: 1 } } },
    ]);
  });

  it('subscribers share their reads, whatever the transport', async () => {
    const id = scheduled();
    const [one, two] = [connect(url), connect(url)].map((client) => client.results(STATUS, { id }));
    expect(await one!.next()).toMatchObject({
      value: { data: { emailCampaignStatus: { status: 'SCHEDULED' } } },
    });
    expect(await two!.next()).toMatchObject({
      value: { data: { emailCampaignStatus: { status: 'SCHEDULED' } } },
    });
    expect(app.calls()).toEqual(['retrieveEmailCampaignUsingGET']);
    await Promise.all([one!.return!(), two!.return!()]);
  });

  it.each(['completes it', 'disconnects'] as const)('reads are cancelled when the client %s', async (how) => {
    const client = connect(url);
    const events = client.results(STATUS, { id: scheduled() });
    await events.next();
    expect(clock.pending()).toBeGreaterThan(0);
    if (how === 'completes it') await events.return!();
    else await client.dispose();
    while (clock.pending() > 0) await new Promise(setImmediate);
    await clock.advance(60_000);
    expect(app.calls()).toHaveLength(1);
  });

  it('an abandoned query makes no further call', async () => {
    app.sandbox.faults.script({ operationId: 'getAccountById', fault: { kind: 'stall' } });
    const client = connect(url);
    const events = client.results('{ account { organizationName } }');
    void events.next();
    while (app.calls().length === 0) await new Promise(setImmediate);
    await client.dispose();
    while (clock.pending() > 0) await new Promise(setImmediate);
    expect(app.calls()).toHaveLength(1);
  });

  it('an error in an event is translated, and ends the subscription', async () => {
    const client = connect(url);
    const events = client.results(STATUS, { id: scheduled() });
    await events.next();
    app.sandbox.faults.script({
      operationId: 'retrieveEmailCampaignUsingGET',
      fault: { kind: 'status', status: 401 },
    });
    const { value } = await clock.run(events.next());
    expect(value).toMatchObject({
      data: { emailCampaignStatus: null },
      errors: [{ path: ['emailCampaignStatus'], extensions: { code: 'UNAUTHENTICATED' } }],
    });
    expect(await events.next()).toMatchObject({ done: true });
  });

  it('limits apply: query cost, depth, length, and number of operations', async () => {
    const client = connect(url);
    const rows = 'sends(first: 10000) { nodes { contactId } }';
    const aliases = Array.from(
      { length: 60 },
      (_, at) => `a${String(at)}: emailCampaignActivity(id: "${String(at)}") { ${rows} }`,
    );
    const [cost] = await refusal(client, `{ ${aliases.join(' ')} }`);
    expect(cost.extensions.code).toBe('QUERY_TOO_EXPENSIVE');
    const [length] = await refusal(client, `{ ${' '.repeat(300_000)} rateLimit { waiting } }`);
    expect(length.extensions.code).toBe('QUERY_TOO_LARGE');
    const [unknown] = await refusal(client, '{ nothing }');
    expect(unknown.message).toMatch('Cannot query field');

    const id = scheduled();
    const many = Array.from({ length: MAX_OPERATIONS }, () => client.results(STATUS, { id }));
    await Promise.all(many.map((events) => events.next()));
    expect(app.calls()).toHaveLength(1);
    const [tooMany] = await refusal(client, '{ rateLimit { waiting } }');
    expect(tooMany.extensions).toMatchObject({ code: 'TOO_MANY_OPERATIONS', retryable: true });
    await many[0]!.return!();
    await client.all('{ rateLimit { waiting } }');
  });

  it('a shutdown ends subscriptions with an error and closes the connection', async () => {
    const client = connect(url);
    const events = client.results(STATUS, { id: scheduled() });
    await events.next();
    const ended = events.next().catch((errors: unknown) => errors);
    const silent = once(await openRaw(url), 'close');
    const closing = app.close();
    expect(await ended).toMatchObject([{ extensions: { code: 'SHUTTING_DOWN', retryable: true } }]);
    expect(await client.closed).toMatchObject({ code: 1001 });
    expect((await silent)[0]).toBe(1001);
    await closing;
    app = await startApp({ client: { clock } });
  });
});

describe('access over a WebSocket', () => {
  let plumbing: Awaited<ReturnType<typeof startPlumbing>>;
  let socket: Listening;
  afterEach(async () => {
    await socket.close();
    await plumbing.close();
  });

  async function start(options: PlumbingOptions = {}): Promise<string> {
    plumbing = await startPlumbing(options);
    socket = await listen(plumbing.app, { host: '127.0.0.1', port: 0 });
    return socket.url;
  }

  it('is granted to pages of the server and of allowed origins, and to clients that are not browsers', async () => {
    const url = await start({ allowedOrigins: ['https://app.example.com'] });
    expect(await openingStatus(url)).toBe(101);
    expect(await openingStatus(url, { origin: url })).toBe(101);
    expect(await openingStatus(url, { origin: 'https://app.example.com' })).toBe(101);
    const [result] = await connect(url, { headers: { origin: 'https://app.example.com' } }).all('{ hello }');
    expect(result.data).toEqual({ hello: 'hello you' });
  });

  it('is refused to pages of another origin, and under another host name', async () => {
    const url = await start({ app: { loopbackOnly: true } });
    expect(await openingStatus(url, { origin: 'https://evil.example' })).toBe(403);
    expect(await openingStatus(url, { origin: 'null' })).toBe(403);
    expect(await openingStatus(url, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'websocket' })).toBe(
      403,
    );
    expect(await openingStatus(url, { host: 'rebound.example', origin: 'http://rebound.example' })).toBe(403);
    expect(await openingStatus(url, { path: '/elsewhere' })).toBe(404);
    plumbing.app.drain();
    expect(await openingStatus(url)).toBe(503);
  });

  it('is granted with a key, in a header or in connection_init, and not without', async () => {
    const [reader, writer] = [generateAccessKey('reader', true), generateAccessKey('writer', false)];
    const access = createAccess({
      keys: `${reader.entry},${writer.entry}`,
      keysFile: null,
      jwt: null,
      open: false,
    });
    const url = await start({ app: { access } });
    const closed = async (options?: SocketOptions) => {
      const client = connect(url, options);
      await client.all('{ hello }').catch(() => undefined);
      return client.closed;
    };
    expect(await closed()).toMatchObject({ code: 4403 });
    expect(await closed({ params: { 'x-api-key': 'wrong' } })).toMatchObject({ code: 4403 });
    expect(await closed({ params: { authorization: `Bearer ${writer.key}` } })).toMatchObject({ code: 4403 });

    const byHeader = connect(url, { headers: { 'x-api-key': writer.key } });
    expect(await byHeader.all('mutation { first }')).toMatchObject([{ data: { first: 'Acme' } }]);
    const reading = connect(url, { params: { 'X-Api-Key': reader.key } });
    expect(await reading.all('{ hello }')).toMatchObject([{ data: { hello: 'hello you' } }]);
    expect(await refusal(reading, 'mutation { first }')).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ]);
  });

  it.each([true, false])('is refused with invalid header values, keys required: %s', async (guarded) => {
    const { entry } = generateAccessKey('reader', true);
    const access = createAccess({ keys: entry, keysFile: null, jwt: null, open: false });
    const errors: unknown[] = [];
    const logger = { ...silentLogger(), error: (...line: unknown[]) => void errors.push(line) };
    const url = await start({ logger, app: { access: guarded ? access : null } });
    const name = guarded ? 'x-api-key' : 'authorization';
    for (const value of ['Bearer a\nb', 'a\r\nx: y', 'a\u0000', 'Bearer \u4e2d', '\ud800']) {
      for (const params of [{ [name]: value }, { [name.toUpperCase()]: value }, { 'cache-control': value }]) {
        const client = connect(url, { params });
        await client.all('{ account }').catch(() => undefined);
        expect(await client.closed, value).toMatchObject({ code: 4400 });
      }
    }
    expect(errors).toEqual([]);
    expect(plumbing.upstream.calls).toEqual([]);
  });

  it('counts refusals together with those of HTTP', async () => {
    const { key, entry } = generateAccessKey('writer', false);
    const access = createAccess({ keys: entry, keysFile: null, jwt: null, open: false });
    const url = await start({ app: { access, clock: manualClock() } });
    const closed = async (params: Record<string, unknown>) => {
      const client = connect(url, { params });
      await client.all('{ hello }').catch(() => undefined);
      return client.closed;
    };
    const status = async (guess: string) => {
      const headers = { 'content-type': 'application/json', 'x-api-key': guess };
      return (await fetch(`${url}/graphql`, { method: 'POST', headers, body: '{"query":"{ hello }"}' }))
        .status;
    };
    for (let at = 0; at < MAX_REFUSALS; at += 4) {
      expect(await closed({ 'x-api-key': `guess-${at}` })).toMatchObject({ code: 4403, reason: 'Forbidden' });
      expect(await openingStatus(url, { origin: 'https://evil.example' })).toBe(403);
      expect(await closed({ 'x-api-key': 'a\nb' })).toMatchObject({ code: 4400 });
      expect(await status(`guess-${at}`)).toBe(401);
    }
    expect(await status('one-more')).toBe(429);
    expect(await closed({ 'x-api-key': 'one-more' })).toMatchObject({
      code: 4403,
      reason: expect.stringContaining('Too many'),
    });
    expect(await openingStatus(url, { origin: 'https://evil.example' })).toBe(429);
    const [result] = await connect(url, { params: { 'x-api-key': key } }).all('{ hello }');
    expect(result.data).toEqual({ hello: 'hello you' });
  });

  it('uses the token of connection_init for REST calls', async () => {
    const seen: (string | undefined)[] = [];
    const url = await start({
      token: null,
      upstream: (request, response) => {
        seen.push(request.headers.authorization);
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"organization_name":"Acme"}');
      },
    });
    const client = connect(url, {
      params: { Authorization: 'Bearer mine', cookie: 'x', host: 'evil.example' },
    });
    expect(await client.all('{ account }')).toMatchObject([{ data: { account: 'Acme' } }]);
    expect(seen).toEqual(['Bearer mine']);
    const [without] = await connect(url).all('{ account }');
    expect(without.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(
      await refusal(connect(url, { params: { authorization: 'Basic abc' } }), '{ account }'),
    ).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it('masks internal errors', async () => {
    const [result] = await connect(await start()).all('{ bug }');
    expect(result).toMatchObject({
      data: { bug: null },
      errors: [{ message: 'Unexpected error.', extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
    });
    expect(JSON.stringify(result)).not.toMatch(/secret|unexpected"/);
  });

  it('is limited to operations of the manifest, without introspection, where configured', async () => {
    const document = '{ hello }';
    const url = await start({
      app: { persistedOperations: new Map([[documentId(document), document]]), introspection: false },
    });
    const client = connect(url);
    expect(await client.all(document)).toMatchObject([{ data: { hello: 'hello you' } }]);
    expect(await refusal(client, '{ account }')).toMatchObject([
      { extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } },
    ]);
    expect(plumbing.upstream.calls).toEqual([]);
  });

  it('is closed when the client violates the protocol, or sends too much', async () => {
    const url = await start();
    const closing = async (...messages: string[]): Promise<number> => {
      const raw = await openRaw(url);
      for (const message of messages) raw.send(message);
      const [code] = (await once(raw, 'close')) as [number];
      return code;
    };
    expect(await closing('no json')).toBe(4400);
    expect(await closing('{"id":"1","type":"subscribe","payload":{"query":"{ hello }"}}')).toBe(4401);
    const init = '{"type":"connection_init"}';
    expect(await closing(init, init)).toBe(4429);
    const admitted = await openRaw(url);
    admitted.send(init);
    await once(admitted, 'message');
    admitted.send('x'.repeat(8_000_001));
    expect(await once(admitted, 'close')).toMatchObject({ 0: 1009 });
  });
});
