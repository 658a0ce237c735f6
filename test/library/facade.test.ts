import { createServer } from 'node:http';
import {
  connect as connectHttp2,
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { createFacade, readConfig, schema, type Facade, type FacadeOptions } from '../../src/index.js';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/index.js';
import { silentLogger } from '../../src/server/logger.js';
import { freePort } from '../support/free-port.js';
import { partsOf } from '../support/parts.js';
import { json, startUpstream } from '../support/plumbing.js';

let facade: Facade | undefined;
let account: Sandbox | undefined;
afterEach(async () => {
  await facade?.close();
  await account?.close();
  facade = account = undefined;
});

async function open<Extra extends object>(options: FacadeOptions<Extra> = {}): Promise<Facade> {
  facade = await createFacade({
    config: readConfig({ REFERENCE_CACHE_SECONDS: '0' }),
    logger: silentLogger(),
    sandbox: { contacts: 5 },
    ...options,
  });
  return facade;
}

/** Over an account that is reached over the network and takes any token, as the real one is. */
async function openOverAccount(options: FacadeOptions, env: Record<string, string> = {}): Promise<Facade> {
  account = await createSandbox({ contacts: 5, requestsPerSecond: 0 });
  return open({ config: readConfig({ CONSTANT_CONTACT_API_URL: account.url, ...env }), ...options });
}

function request(query: string, headers: Record<string, string> = {}, url = 'http://localhost/graphql') {
  return new Request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
}

const LISTS = '{ contactLists(first: 1) { nodes { name } } }';
const answerOf = async (response: Response) => await response.json();

describe('the schema', () => {
  it('is a value, and is served by a facade by default', async () => {
    expect(schema.getType('Contact')).toBeDefined();
    expect((await open()).schema).toBe(schema);
  });
});

describe('plugins of the embedding program', () => {
  it('see each request, over a socket and without one, and may change its response', async () => {
    const bodies: string[] = [];
    const plugin: Plugin = {
      onRequest: async ({ request }) => {
        bodies.push(await request.clone().text());
      },
      onExecute: () => ({
        onExecuteDone: ({ result, setResult }) => {
          if (Symbol.asyncIterator in result) return;
          setResult({ ...result, extensions: { ...result.extensions, seen: true } });
        },
      }),
      onResponse: ({ response }) => {
        response.headers.set('x-seen', 'yes');
      },
    };
    const { fetch, listen } = await open({ plugins: [plugin] });
    const { url } = await listen({ port: 0 });
    const answers = [
      await fetch(request(LISTS)),
      await globalThis.fetch(request(LISTS, {}, `${url}/graphql`)),
    ];
    for (const answer of answers) {
      expect(answer.headers.get('x-seen')).toBe('yes');
      expect(await answerOf(answer)).toMatchObject({
        data: { contactLists: { nodes: [{}] } },
        extensions: { seen: true, upstream: { calls: 1 } },
      });
    }
    expect(bodies).toEqual([JSON.stringify({ query: LISTS }), JSON.stringify({ query: LISTS })]);
  });
});

describe('a facade within another server', () => {
  it('answers the requests of the runtime with its response class', async () => {
    const { fetch, sandbox } = await open();
    const response = await fetch(request(LISTS));
    expect(response).toBeInstanceOf(Response);
    expect(response.headers.get('content-type')).toContain('application/json');
    expect((await answerOf(response)).data.contactLists.nodes).toHaveLength(1);
    expect(sandbox?.journal.operations()).toEqual(['getLists']);
  });

  it('accepts uploads, and streams events on request', async () => {
    const { fetch, sandbox } = await open();
    const lists = await answerOf(await fetch(request('{ contactLists(first: 1) { nodes { listId } } }')));
    const [{ listId: list }] = lists.data.contactLists.nodes;
    const form = new FormData();
    const query =
      'mutation ($file: File, $list: ID!) { importContactsFromFile(input: { file: { upload: $file }, listIds: [$list] }) { bulkActivity { activityId } userErrors { message } } }';
    form.set('operations', JSON.stringify({ query, variables: { file: null, list } }));
    form.set('map', '{"0":["variables.file"]}');
    form.set('0', new File(['email\na@example.org\n'], 'contacts.csv'));
    const upload = await fetch(new Request('http://localhost/graphql', { method: 'POST', body: form }));
    expect((await answerOf(upload)).data.importContactsFromFile).toEqual({
      bulkActivity: { activityId: expect.any(String) },
      userErrors: [],
    });
    expect(sandbox?.journal.operations()).toEqual(['getLists', 'contactsCSVImport']);

    const stream = await fetch(request(LISTS, { accept: 'text/event-stream' }));
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    const text = await stream.text();
    expect(text).toContain('event: next');
    expect(text.trimEnd().split('\n\n').at(-1)).toContain('event: complete');
  });

  it('serves any path, next to other handlers', async () => {
    const { fetch, sandbox } = await open({ endpoint: '/cc/v1/graphql' });
    const at = (path: string, init?: RequestInit) => fetch(new Request(`http://localhost${path}`, init));
    const query = 'mutation { exportContacts(input: {}) { bulkActivity { activityId } } }';
    const started = await answerOf(await fetch(request(query, {}, 'http://localhost/cc/v1/graphql')));
    expect(started.data.exportContacts.bulkActivity).not.toBeNull();
    const path = await answerOf(
      await fetch(
        request(
          '{ contactExport(fileExportId: "8e9e2f4e-1111-4444-8888-123456789abc") { downloadPath } }',
          {},
          'http://localhost/cc/v1/graphql',
        ),
      ),
    );
    const { downloadPath } = path.data.contactExport;
    expect(downloadPath).toBe('/cc/v1/exports/8e9e2f4e-1111-4444-8888-123456789abc.csv');
    sandbox?.journal.clear();
    await at(downloadPath);
    expect(sandbox?.journal.operations()).toEqual(['getContactsExport']);

    expect((await at('/cc/v1/healthz')).status).toBe(200);
    expect((await at('/cc/v1/readyz')).status).toBe(200);
    expect((await at('/cc/v1/livez')).status).toBe(200);
    expect((await at('/healthz')).status).toBe(404);
    const landing = await (await at('/cc/v1/')).text();
    expect(landing).toContain('/cc/v1/graphql');
    expect(landing).not.toMatch(/[^1]\/(healthz|schema)/);
    expect((await at('/cc/v1/schema.graphql')).status).toBe(200);
    const page = await at('/cc/v1/graphql', { headers: { accept: 'text/html' } });
    expect(page.headers.get('content-type')).toContain('text/html');
  });

  it.each(['graphql', '/', '/api/', '/api/:id', '/a b'])('rejects the path %j', async (endpoint) => {
    await expect(open({ endpoint })).rejects.toThrow('the endpoint must be a path');
  });

  it('answers a plain Node server', async () => {
    const { listener } = await open();
    const server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${String(port)}/graphql?query={__typename}`);
    expect(await response.json()).toMatchObject({ data: { __typename: 'Query' } });
    server.close();
    server.closeAllConnections();
  });

  it('says what to do when the program around it has already read the body', async () => {
    const lines: [object, string][] = [];
    const error = (details: object, message: string) => lines.push([details, message]);
    const { fetch, listener } = await open({ logger: { ...silentLogger(), error } });
    const server = createServer((incoming, response) => {
      incoming.setEncoding('utf8').on('data', (text: string) => {
        // As Express's parser does.
        if (incoming.url === '/graphql?parsed')
          Object.assign(incoming, { body: JSON.parse(text) as unknown });
      });
      incoming.on('end', () => {
        listener(incoming, response);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
    const consumed = request(LISTS);
    await consumed.text();
    const form = new FormData();
    form.set('operations', JSON.stringify({ query: LISTS }));
    for (const answer of [
      await globalThis.fetch(request(LISTS, {}, url)),
      await globalThis.fetch(request(LISTS, { accept: 'text/event-stream' }, url)),
      await globalThis.fetch(url, { method: 'POST', body: form }),
      await fetch(consumed),
    ]) {
      expect(answer.status).toBe(500);
      expect(await answerOf(answer)).toEqual({
        errors: [
          {
            message: expect.stringContaining('onRequest'),
            extensions: { code: 'BODY_CONSUMED', retryable: false },
          },
        ],
      });
    }
    expect(lines).toEqual(Array(4).fill([{ url: '/graphql' }, expect.stringContaining('already read')]));
    expect(facade?.sandbox?.journal.entries).toEqual([]);
    const parsed = await globalThis.fetch(request(LISTS, {}, `${url}?parsed`));
    expect(await answerOf(parsed)).toMatchObject({ data: { contactLists: { nodes: [{}] } } });
    server.closeAllConnections();
    server.close();
  });

  it('stops the REST calls of a deferred response that is no longer read', async () => {
    const campaign_id = '72f0bd9d-f2af-11e0-abf1-fa163e0bc7ea';
    let ended = 0;
    let onStalled = () => {};
    const stalled = new Promise<void>((resolve) => (onStalled = resolve));
    const upstream = await startUpstream((asked, response) => {
      if (asked.url?.includes('/activities/')) {
        response.on('close', () => (ended += 1));
        onStalled();
        return;
      }
      const campaign_activity_id = '05abed66-8225-11e3-9f57-fa163e6b2b07';
      const campaign_activities = [{ campaign_activity_id, role: 'primary_email' }];
      json(200, { campaign_id, name: 'Fair', current_status: 'Draft', campaign_activities })(asked, response);
    });
    const config = readConfig({
      CONSTANT_CONTACT_API_URL: upstream.url,
      CONSTANT_CONTACT_ACCESS_TOKEN: 'some-token',
    });
    const { fetch } = await open({ config });
    const query = `{ emailCampaign(id: "${campaign_id}") { name ... @defer { primaryActivity { subject } } } }`;
    const parts = partsOf(await fetch(request(query, { accept: 'multipart/mixed' })));
    expect((await parts.next()).value.data).toEqual({ emailCampaign: { name: 'Fair' } });
    await stalled;
    await parts.return();
    await expect.poll(() => ended).toBe(1);
    expect(upstream.calls).toHaveLength(2);
    await upstream.close();
  });

  describe('over HTTP/2, or through fetch without a Host header', () => {
    const MUTATION = 'mutation { createTag(input: { name: "new" }) { tag { name } } }';
    const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
    interface Sent {
      method?: string;
      path?: string;
      headers?: Record<string, string>;
      body?: string;
    }
    const BODIES: Sent[] = [
      { headers: FORM, body: new URLSearchParams({ query: MUTATION }).toString() },
      ...['application/json', 'text/event-stream'].map((accept) => {
        const body = JSON.stringify({ query: MUTATION });
        const length = { 'content-length': String(body.length) };
        return { headers: { 'content-type': 'application/json', accept, ...length }, body };
      }),
    ];

    /** Sends a request for `authority` to the facade, which does not listen itself. */
    async function sender(transport: string, { listener, fetch: send }: Facade) {
      if (transport === 'fetch') {
        const status = async (
          authority: string,
          { method = 'POST', path = '/graphql', headers, body }: Sent,
        ) =>
          (await send(new Request(`http://${authority}${path}`, { method, headers, body: body ?? null })))
            .status;
        return { status, stop: () => undefined };
      }
      const server = createHttp2Server(
        listener as unknown as (request: Http2ServerRequest, response: Http2ServerResponse) => void,
      ).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const session = connectHttp2(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
      const status = async (
        authority: string,
        { method = 'POST', path = '/graphql', headers, body }: Sent,
      ) => {
        const stream = session.request({
          ':method': method,
          ':path': path,
          ':authority': authority,
          ...headers,
        });
        stream.end(body);
        const [answer] = (await once(stream, 'response')) as [Record<string, number>];
        stream.resume();
        await once(stream, 'end');
        return answer[':status'];
      };
      return {
        status,
        stop: () => {
          session.destroy();
          server.close();
        },
      };
    }

    it.each(['HTTP/2', 'fetch'])(
      'only pages of the server itself may send requests: %s',
      async (transport) => {
        const opened = await open();
        const { status, stop } = await sender(transport, opened);
        const from = (origin: string, sent: Sent) =>
          status('app.example', { ...sent, headers: { ...sent.headers, origin } });
        for (const sent of BODIES) {
          for (const origin of ['null', 'https://evil.example', 'http://localhost', 'nonsense', 'file://'])
            expect(await from(origin, sent), origin).toBe(403);
        }
        expect(opened.sandbox?.journal.operations()).toEqual([]);
        for (const sent of BODIES) expect(await from('https://app.example', sent)).toBe(200);
        expect(opened.sandbox?.journal.operations()).toEqual(BODIES.map(() => 'postTag'));
        stop();
      },
    );

    it.each(['HTTP/2', 'fetch'])('credentials are for names of this machine: %s', async (transport) => {
      const opened = await openOverAccount({}, { CONSTANT_CONTACT_ACCESS_TOKEN: 'of-the-server' });
      const { status, stop } = await sender(transport, opened);
      for (const sent of BODIES) expect(await status('evil.example:4000', sent)).toBe(403);
      // Node 24 drops a `host` of HTTP/2 with other characters, so that nothing is left to refuse.
      const other = transport === 'HTTP/2' ? 'localhost.evil.example' : 'localhost@evil.example';
      for (const host of ['evil.example', other]) {
        const [refused] = BODIES.map(({ headers, body }) => ({ headers: { ...headers, host }, body }));
        expect(await status('localhost:4000', refused ?? {}), host).toBeGreaterThanOrEqual(400);
      }
      expect(account?.journal.operations()).toEqual([]);
      for (const sent of BODIES) expect(await status('localhost:4000', sent)).toBe(200);
      stop();
    });
  });

  it('does not use its credentials for callers from a network without a key', async () => {
    const env = { CONSTANT_CONTACT_ACCESS_TOKEN: 'of-the-server' };
    const { fetch } = await openOverAccount({}, env);
    const outside = 'http://facade.example/graphql';
    const refused = await fetch(request(LISTS, {}, outside));
    expect(refused.status).toBe(403);
    expect((await answerOf(refused)).errors[0].message).toContain('ACCESS=open');
    expect(account?.journal.operations()).toEqual([]);
    expect((await fetch(request(LISTS))).status).toBe(200);
    const own = await fetch(`${outside}?query=${encodeURIComponent(LISTS)}`);
    expect((await answerOf(own)).data.contactLists.nodes).toHaveLength(1);
  });
});

describe('credentials per request', () => {
  const sessions: Record<string, string> = { ann: 'token-of-ann', bob: 'token-of-bob' };
  const credentials = (incoming: Request) =>
    Promise.resolve(sessions[incoming.headers.get('x-session') ?? ''] ?? null);

  it('are those that the embedding program returns, whatever the Authorization header', async () => {
    const { fetch } = await openOverAccount({ credentials });
    const ask = (session: string) =>
      fetch(request(LISTS, { 'x-session': session, authorization: 'Basic x' }, 'http://app.example/graphql'));
    await ask('ann');
    await ask('bob');
    expect(account?.journal.entries.map(({ credential }) => credential)).toEqual([
      'token-of-ann',
      'token-of-bob',
    ]);
  });

  it('keep responses out of the caches of browsers, which know only the headers in Vary', async () => {
    const byCookie = ({ headers }: Request) => Promise.resolve(headers.get('cookie'));
    const query = '{ account { organizationName } }';
    const answer = async ({ fetch }: Facade, headers: Record<string, string>) => {
      const response = await fetch(request(query, headers));
      const { data } = await answerOf(response);
      return [data.account.organizationName, response.headers.get('cache-control')];
    };
    account = await createSandbox({
      requestsPerSecond: 0,
      tokens: { 'token-of-ann': { contacts: 1 }, 'token-of-bob': { contacts: 1 } },
    });
    for (const who of ['ann', 'bob'])
      account.account(`token-of-${who}`).profile.summary.organization_name = who;
    const config = readConfig({ CONSTANT_CONTACT_API_URL: account.url, CACHE: 'account=300' });
    const byHost = await open({ config, credentials: byCookie });
    for (const [who, calls] of [
      ['ann', 1],
      ['bob', 1],
      ['ann', 0],
    ] as const) {
      account.journal.clear();
      expect(await answer(byHost, { cookie: `token-of-${who}` })).toEqual([who, 'private, no-store']);
      expect(account.journal.operations()).toHaveLength(calls);
    }
    await byHost.close();
    const byToken = await open({ config });
    expect(await answer(byToken, { authorization: 'Bearer token-of-ann' })).toEqual([
      'ann',
      'private, max-age=300',
    ]);
  });

  it('are missing when the embedding program returns none, even when the server has some', async () => {
    const env = { CONSTANT_CONTACT_ACCESS_TOKEN: 'of-the-server' };
    const { fetch } = await openOverAccount({ credentials }, env);
    const { errors } = await answerOf(await fetch(request(LISTS, { authorization: 'Bearer other' })));
    expect(errors[0].extensions.code).toBe('UNAUTHENTICATED');
    const download = await fetch(
      new Request('http://localhost/exports/8e9e2f4e-1111-4444-8888-12345678.csv'),
    );
    expect(download.status).toBe(401);
    expect(account?.journal.operations()).toEqual([]);
    const health = await fetch(new Request('http://localhost/healthz'));
    expect(await health.json()).toMatchObject({ credentials: 'host' });
  });

  it('explain why they are missing through a GraphQLError, and reveal nothing of any other error', async () => {
    const lines: unknown[] = [];
    const log = (...args: unknown[]) => void lines.push(args);
    const { fetch } = await openOverAccount({
      logger: { info: log, warn: log, error: log },
      credentials: ({ headers }) => {
        if (headers.get('x-session') === 'old') {
          throw new GraphQLError('Your session has ended.', { extensions: { code: 'SESSION_ENDED' } });
        }
        throw new Error('password hunter2 is wrong');
      },
    });
    const ended = await answerOf(await fetch(request(LISTS, { 'x-session': 'old' })));
    expect(ended.errors[0]).toMatchObject({
      message: 'Your session has ended.',
      extensions: { code: 'SESSION_ENDED' },
    });
    const failed = await answerOf(await fetch(request(LISTS)));
    expect(failed.errors[0]).toMatchObject({
      message: 'Unexpected error.',
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    });
    expect(lines.length).toBeGreaterThan(0);
    expect(JSON.stringify([ended, failed, lines])).not.toContain('hunter2');
  });
});

describe('a logger of the embedding program', () => {
  it('receives all events, without tokens, variables or messages of the API', async () => {
    const lines: [details: object, message: string][] = [];
    const log = (details: object, message: string) => void lines.push([details, message]);
    const { fetch } = await openOverAccount({ logger: { info: log, warn: log, error: log } });
    account?.faults.script({ fault: { kind: 'status', status: 403, body: { error_message: 'sesame' } } });
    const query = `query Lists { contactByEmail(email: "ann@example.org") { contactId } }`;
    await fetch(request(query, { authorization: 'Bearer sesame' }));
    expect(lines.map(([, message]) => message)).toContain('operation');
    expect(lines.find(([, message]) => message === 'operation')?.[0]).toMatchObject({ operation: 'Lists' });
    expect(JSON.stringify(lines)).not.toMatch(/sesame|ann@example/);
  });
});

describe('a page size that the API rejects', () => {
  it('is logged once, as a warning', async () => {
    const lines: [details: object, message: string][] = [];
    const ignore = () => undefined;
    const warn = (details: object, message: string) => void lines.push([details, message]);
    const { fetch } = await openOverAccount({ logger: { info: ignore, warn, error: ignore } });
    account?.faults.script({
      query: { limit: '1000' },
      times: Infinity,
      fault: { kind: 'status', status: 400, body: [{ error_key: 'contacts.api.validation.error' }] },
    });
    for (const token of ['one', 'another']) {
      const answer = await answerOf(await fetch(request(LISTS, { authorization: `Bearer ${token}` })));
      expect(answer.errors).toBeUndefined();
    }
    expect(lines).toEqual([
      [
        { operationId: 'getLists', refused: 1_000, accepted: 500 },
        'page size refused by the REST API; using smaller pages',
      ],
    ]);
    expect(account?.journal.operations()).toEqual(['getLists', 'getLists', 'getLists']);
  });
});

describe('a metrics registry of the embedding program', () => {
  it('is used for all metrics, which are then not served at /metrics', async () => {
    const metrics = new Registry();
    const { fetch } = await open({ metrics });
    await fetch(request(LISTS));
    expect(await metrics.metrics()).toContain(
      'constant_contact_graphql_rest_calls_total{operation="getLists",status="200"} 1',
    );
    expect((await fetch(new Request('http://localhost/metrics'))).status).toBe(404);
  });

  it('is for one facade; one that cannot start leaves nothing open', async () => {
    const metrics = new Registry();
    const { fetch } = await open({ metrics });
    // A server that stays open would keep the port.
    const sandbox: SandboxOptions = { contacts: 5, port: await freePort() };
    const options = { config: readConfig({}), logger: silentLogger(), sandbox };
    await expect(createFacade({ ...options, metrics })).rejects.toThrow('each needs one of its own');
    const taken = new Registry();
    collectDefaultMetrics({ register: taken });
    await expect(createFacade({ ...options, metrics: taken })).rejects.toThrow('already been registered');
    expect((await fetch(request(LISTS))).status).toBe(200);
    const other = await createFacade({ ...options, metrics: new Registry() });
    expect((await other.fetch(request(LISTS))).status).toBe(200);
    await other.close();
    const next = await createFacade({ ...options, metrics: new Registry() });
    await next.close();
  });
});
