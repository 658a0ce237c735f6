import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { afterEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.js';
import { createFacade, type Facade } from '../../src/index.js';
import { createAccess } from '../../src/server/access/access.js';
import { silentLogger } from '../../src/server/logger.js';
import { createMetrics } from '../../src/server/metrics.js';
import { json, startPlumbing, type PlumbingOptions } from '../support/plumbing.js';

const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const KEY = 'ccg_of-the-test';
const access = createAccess({
  keys: `tests:${createHash('sha256').update(KEY).digest('hex')}`,
  keysFile: null,
  jwt: null,
  open: false,
});

let running: Awaited<ReturnType<typeof startPlumbing>> | undefined;
let facade: Facade | undefined;
afterEach(async () => {
  await running?.close();
  await facade?.close();
  running = facade = undefined;
});

/** Response of `/` or another path to a caller. */
async function visit(options: PlumbingOptions, headers: Record<string, string> = {}, path = '/') {
  running = await startPlumbing(options);
  // A server for this machine alone goes by no other name.
  const origin = options.app?.loopbackOnly ? 'http://localhost' : 'http://facade.test';
  const response = await running.app.fetch(origin + path, { headers });
  return { response, text: await response.text(), upstream: running.upstream };
}

describe('the landing page', () => {
  it('is text for a terminal, and costs no call', async () => {
    const { response, text, upstream } = await visit({});
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(text).toContain(`constant-contact-graphql ${version}\n`);
    expect(text).toMatch(/^REST API +127\.0\.0\.1:\d+$/m);
    expect(text).toMatch(/^Budget left +10,000 of 10,000 REST calls, until \d{4}-\d\d-\d\d 00:00 UTC\.$/m);
    expect(text).toMatch(/^GraphiQL +http:\/\/facade\.test\/graphql$/m);
    expect(text).toMatch(/^Schema +http:\/\/facade\.test\/schema\.api\.graphql$/m);
    expect(text).toMatch(/^Subgraph +http:\/\/facade\.test\/schema\.graphql$/m);
    expect(text).not.toContain('Metrics');
    expect(text).not.toContain('server-token');
    expect(upstream.calls).toEqual([]);
  });

  it('is HTML for a browser, with a strict content security policy', async () => {
    const { response, text } = await visit({}, HTML);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('vary')).toBe('Accept, Authorization');
    const style = /<style>([^]*)<\/style>/.exec(text)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(response.headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(text).not.toMatch(/<script|https?:\/\/(?!facade\.test|www\.w3\.org)/);
    expect(text).toContain('<a href="/graphql">GraphiQL</a>');
    expect(text).toContain('aria-valuemin="0" aria-valuemax="10000" aria-valuenow="10000"');
    expect(text).not.toContain('server-token');
  });

  it('answers HEAD like GET, without a body', async () => {
    running = await startPlumbing({});
    const { app } = running;
    for (const path of ['/', '/schema.graphql', '/schema.api.graphql']) {
      const response = await app.fetch(`http://facade.test${path}`, { method: 'HEAD', headers: HTML });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^text\//);
      expect(await response.text()).toBe('');
    }
    expect((await app.fetch('http://facade.test/', { method: 'POST' })).status).toBe(404);
  });

  it('has a first query that runs unchanged', async () => {
    const { text } = await visit({});
    const [, body = ''] = /-d '(.*)'/.exec(text) ?? [];
    const { query } = JSON.parse(body) as { query: string };
    facade = await createFacade({
      config: readConfig({}),
      logger: silentLogger(),
      sandbox: { contacts: 20 },
    });
    const answer = await facade.fetch('http://facade.test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const { data, errors }: any = await answer.json();
    expect(errors).toBeUndefined();
    expect(data.contacts.nodes).toHaveLength(2);
  });

  it.each<[string, PlumbingOptions, RegExp[]]>([
    [
      'a token',
      {},
      [/^Account +The account of the access token/m, /ACCESS=open/, /^authorization +Optional\. /m],
    ],
    [
      'a token, on the loopback interface',
      { app: { loopbackOnly: true } },
      [/^Access +This machine only\. No key is needed\.$/m],
    ],
    [
      'tokens of the callers',
      { token: null },
      [/^Account +Each caller's own/m, /^Access .*access token\.$/m, /-H 'authorization: Bearer </],
    ],
    ['no GraphiQL', { app: { graphiql: false } }, [/^GraphQL +http/m]],
    ['metrics', { app: { metrics: createMetrics(() => ({}) as never) } }, [/^Metrics +http\S+\/metrics$/m]],
    [
      'a manifest of operations',
      { app: { persistedOperations: new Map() } },
      [/only persisted operations.* documentId/],
    ],
  ])('describes the configuration with %s', async (_, options, patterns) => {
    const { text } = await visit(options);
    for (const pattern of patterns) expect(text).toMatch(pattern);
    if (options.app?.persistedOperations) expect(text).not.toContain('curl ');
  });

  it('says when GraphiQL is off', async () => {
    const { text } = await visit({ app: { graphiql: false } }, HTML);
    expect(text).toContain('GraphiQL is off.');
    const options = { graphiql: false, persistedOperations: new Map() };
    const known = await visit({ app: options }, HTML);
    expect(known.text).toContain('GraphiQL is off because only persisted operations run.');
  });

  it.each([
    ['ready', /renews the login automatically/],
    ['loggedOut', /None: nobody is logged in\. Run npx constant-contact-graphql login\./],
    ['ended', /None: the login has ended\./],
    ['unreadable', /cannot be read now: run npx constant-contact-graphql doctor\./],
  ] as const)('reports the state of the login: %s', async (state, expected) => {
    const credentials = { kind: 'account' as const, of: () => null, partner: null };
    const login = () =>
      state === 'unreadable' ? Promise.reject(new Error('the file is broken')) : Promise.resolve(state);
    const { text } = await visit({ app: { credentials, login } });
    expect(text).toMatch(expected);
    expect(text).not.toContain('the file is broken');
  });

  it('of a facade in sandbox mode says that the data is sample data', async () => {
    facade = await createFacade({
      config: readConfig({}),
      logger: silentLogger(),
      sandbox: { contacts: 20 },
    });
    const text = await (await facade.fetch('http://facade.test/')).text();
    expect(text).toMatch(/^Account +A sandbox account with sample data\./m);
    expect(text).toMatch(/^authorization +Not needed for the sandbox account\.$/m);
  });

  it('of a facade in account mode reports its login', async () => {
    const config = readConfig({
      CONSTANT_CONTACT_CLIENT_ID: 'client',
      CONSTANT_CONTACT_TOKEN_FILE: '/nonexistent/tokens.json',
    });
    facade = await createFacade({ config, logger: silentLogger() });
    const text = await (await facade.fetch('http://facade.test/')).text();
    expect(text).toMatch(/^Account +None: nobody is logged in/m);
    expect(text).toMatch(/^REST API +api\.cc\.email$/m);
  });
});

describe('the landing page where callers need a key', () => {
  const guarded: PlumbingOptions = {
    app: { access, metrics: createMetrics(() => ({}) as never) },
    upstream: json(200, {}),
  };

  it.each<Record<string, string>>([{}, HTML, { 'x-api-key': 'wrong' }])(
    'tells a visitor without one (%j) how to send it, and nothing about the server',
    async (headers) => {
      const { response, text, upstream } = await visit(guarded, headers);
      expect(response.status).toBe(200);
      expect(text).toContain('x-api-key');
      expect(text).toContain('/graphql');
      for (const hidden of [
        version,
        'Account',
        'Budget',
        'Metrics',
        'schema.graphql',
        'schema.api.graphql',
        new URL(upstream.url).host,
      ])
        expect(text).not.toContain(hidden);
    },
  );

  it('shows everything to a caller with one', async () => {
    const { text } = await visit(guarded, { 'x-api-key': KEY });
    for (const shown of [
      version,
      'Account',
      'Budget left',
      '/metrics',
      '/schema.graphql',
      '/schema.api.graphql',
    ])
      expect(text).toContain(shown);
    expect(text).toMatch(/^Access +Callers with a key or token of this server, in x-api-key\.$/m);
    expect(text).toContain("-H 'x-api-key: <key or token of this server>'");
    expect(text).not.toContain(KEY);
  });

  it.each(['/schema.graphql', '/schema.api.graphql'])('keeps %s for callers with one', async (path) => {
    expect((await visit(guarded, {}, path)).response.status).toBe(401);
    await running?.close();
    const { response } = await visit(guarded, { 'x-api-key': KEY }, path);
    expect(response.status).toBe(200);
  });
});

describe('the URL in the first query', () => {
  const addressOf = async (headers: Record<string, string>, host = 'facade.test') => {
    running = await startPlumbing({});
    const response = await running.app.fetch(`http://${host}/`, { headers });
    return /^curl (\S+)/m.exec(await response.text())?.[1];
  };

  it('is the one of the request, with https when a proxy says so', async () => {
    expect(await addressOf({ 'x-forwarded-proto': 'https' })).toBe('https://facade.test/graphql');
  });

  it.each(['$(reboot)', "a'b"])('contains no shell syntax: %s is refused as a host', async (host) => {
    running = await startPlumbing({});
    const response = await running.app.fetch(`http://${host}/`, {
      headers: { 'x-forwarded-proto': 'javascript' },
    });
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain(host);
  });

  it('has the scheme of the request when a proxy names none that exists', async () => {
    expect(await addressOf({ 'x-forwarded-proto': 'javascript' })).toBe('http://facade.test/graphql');
  });
});

describe('the schema file', () => {
  it.each(['schema.graphql', 'schema.api.graphql'])('equals the one in the package: %s', async (file) => {
    facade = await createFacade({ config: readConfig({}), logger: silentLogger() });
    const response = await facade.fetch(`http://localhost/${file}`);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await response.text()).toBe(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'));
  });

  it('can be built by tools that do not support federation', async () => {
    const { text } = await visit({}, {}, '/schema.api.graphql');
    expect(buildSchema(text).getQueryType()?.getFields()).toHaveProperty('hello');
  });

  it.each(['/schema.graphql', '/schema.api.graphql'])(
    'is not served at %s when introspection is off',
    async (path) => {
      const options = { app: { introspection: false } };
      expect((await visit(options, {}, path)).response.status).toBe(404);
      await running?.close();
      expect((await visit(options)).text).not.toContain(path);
    },
  );
});
