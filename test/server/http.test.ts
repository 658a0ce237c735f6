import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { json, startPlumbing, type PlumbingOptions } from '../support/plumbing.js';

let running: Awaited<ReturnType<typeof startPlumbing>>;
afterEach(() => running.close());

async function start(options?: PlumbingOptions) {
  running = await startPlumbing(options);
  return running;
}

const HTML = { accept: 'text/html' };

describe('credentials', () => {
  const echo: PlumbingOptions['upstream'] = (request, response) =>
    json(200, { organization_name: request.headers.authorization })(request, response);

  it('prefer the bearer token of the caller to that of the server', async () => {
    const { post } = await start({ upstream: echo });
    expect((await post({ query: '{ account }' })).body.data.account).toBe('Bearer server-token');
    const own = await post({ query: '{ account }' }, { authorization: 'Bearer mine' });
    expect(own.body.data.account).toBe('Bearer mine');
  });

  it('are explained when there is no token at all, and no call is made', async () => {
    const { post, upstream } = await start({ token: null });
    const { status, body } = await post({ query: '{ account hello }' });
    expect(status).toBe(200);
    expect(body.data).toEqual({ account: null, hello: 'hello you' });
    expect(body.errors[0].extensions).toMatchObject({ code: 'UNAUTHENTICATED', retryable: false });
    expect(body.errors[0].message).toContain('Authorization: Bearer');
    expect(upstream.calls).toEqual([]);
  });

  it.each(['Basic dXNlcjpwYXNz', 'Bearer', 'Bearer two tokens', ''])(
    'do not fall back to the token of the server for "%s"',
    async (authorization) => {
      const { post, upstream } = await start();
      const { status, body } = await post({ query: '{ account }' }, { authorization });
      expect(status).toBe(401);
      expect(body.errors[0].extensions.code).toBe('UNAUTHENTICATED');
      expect(upstream.calls).toEqual([]);
    },
  );
});

describe('a response contains', () => {
  it('the cost', async () => {
    const { post } = await start();
    const { body } = await post({ query: '{ account }' });
    expect(body.extensions.upstream).toEqual({
      calls: 1,
      retries: 0,
      coalesced: 0,
      cached: 0,
      waitedMs: 0,
      remainingToday: 9_999,
    });
  });

  it('headers against caching and other sites, and a request id', async () => {
    const { post, app } = await start();
    for (const { headers } of [
      await post({ query: '{ hello }' }),
      await app.fetch('http://facade.test/nowhere'),
    ]) {
      expect(headers.get('cache-control')).toBe('private, no-store');
      expect(headers.get('vary')).toContain('Authorization');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toBe("frame-ancestors 'none'");
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('the request id of the request, if it is a valid one', async () => {
    const { post } = await start();
    const id = async (sent: string) =>
      (await post({ query: '{ hello }' }, { 'x-request-id': sent })).headers.get('x-request-id');
    expect(await id('trace/42:a.b')).toBe('trace/42:a.b');
    expect(await id('<script>')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await id('x'.repeat(129))).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('health', () => {
  it('reports the credentials mode, without secrets and without a call', async () => {
    const { app, upstream } = await start();
    const response = await app.fetch('http://facade.test/healthz');
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(text).not.toContain('server-token');
    expect(JSON.parse(text)).toEqual({
      status: 'ok',
      credentials: 'token',
      api: new URL(upstream.url).host,
      rateLimit: {
        requestsPerSecond: 0,
        requestsPerDay: 10_000,
        remainingToday: 10_000,
        resetsAt: expect.any(String),
      },
    });
    expect(upstream.calls).toEqual([]);
  });

  it('reports pass-through mode', async () => {
    const { app } = await start({ token: null });
    const response = await app.fetch('http://facade.test/healthz');
    expect(await response.json()).toMatchObject({ credentials: 'pass-through' });
  });

  it('answers HEAD as GET, without the body', async () => {
    const { app, upstream } = await start();
    const answers = async () => {
      for (const path of ['/livez', '/healthz', '/readyz']) {
        const [get, head] = await Promise.all(
          ['GET', 'HEAD'].map((method) => app.fetch(`http://facade.test${path}`, { method })),
        );
        expect(head?.status, path).toBe(get?.status);
        expect(head?.headers.get('content-type')).toBe(get?.headers.get('content-type'));
        expect(await head?.text()).toBe('');
      }
    };
    await answers();
    app.drain();
    await answers();
    expect(upstream.calls).toEqual([]);
  });

  it('is ready until shutdown starts, and then refuses requests', async () => {
    const { app, post } = await start();
    const ready = () => app.fetch('http://facade.test/readyz');
    expect((await ready()).status).toBe(200);
    app.drain();
    expect((await ready()).status).toBe(503);
    expect((await app.fetch('http://facade.test/healthz')).status).toBe(200);
    const refused = await post({ query: '{ hello }' });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('connection')).toBe('close');
    expect(refused.body.errors[0].extensions).toEqual({ code: 'SHUTTING_DOWN', retryable: true });
  });
});

it.each(['text/plain', 'application/xml', ''])(
  'says which content type a request of type "%s" should have',
  async (type) => {
    const { post, upstream } = await start();
    const { status, body } = await post({ query: '{ account }' }, { 'content-type': type });
    expect(status).toBe(415);
    expect(body.errors).toMatchObject([
      {
        message: expect.stringContaining('Content-Type: application/json'),
        extensions: { code: 'BAD_REQUEST' },
      },
    ]);
    expect(upstream.calls).toEqual([]);
  },
);

it.each(['gzip', 'br', 'identity, gzip', 'unknown'])(
  'refuses a body that is encoded with %s',
  async (coding) => {
    const { app, post, upstream } = await start();
    const { status, body, headers } = await post({ query: '{ account }' }, { 'content-encoding': coding });
    expect(status).toBe(415);
    expect(headers.get('accept-encoding')).toBe('identity');
    expect(body.errors).toMatchObject([{ message: expect.stringContaining('Content-Encoding') }]);
    const form = new FormData();
    form.set('operations', '{"query":"{ account }"}');
    const upload = { method: 'POST', headers: { 'content-encoding': coding }, body: form };
    expect((await app.fetch('http://facade.test/graphql', upload)).status).toBe(415);
    expect(upstream.calls).toEqual([]);
    expect((await post({ query: '{ account }' }, { 'content-encoding': 'identity' })).status).toBe(200);
  },
);

it.each([
  'APPLICATION/JSON',
  'Application/Json ; Charset=UTF-8',
  'Application/GraphQL+JSON',
  'Application/X-WWW-Form-URLEncoded',
  'Multipart/Form-Data; boundary=xX',
])('accepts bodies of type "%s" on every path', async (type) => {
  const { app, upstream } = await start();
  const operation = '{"query":"{ account }"}';
  const body = type.startsWith('Multipart')
    ? `--xX\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${operation}\r\n--xX--\r\n`
    : type.includes('Form')
      ? 'query={account}'
      : operation;
  for (const path of ['/graphql', '/graphql/', '/graphql?']) {
    const headers = { 'content-type': type };
    const answer = await app.fetch(`http://facade.test${path}`, { method: 'POST', headers, body });
    expect(await answer.json(), path).toMatchObject({ data: { account: 'Acme' } });
  }
  expect(upstream.calls).toHaveLength(3);
});

it('says which methods are allowed', async () => {
  const { app } = await start();
  const response = await app.fetch('http://facade.test/graphql', { method: 'PUT', body: '{}' });
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe('GET, POST');
});

describe('content negotiation', () => {
  const mutation = { query: 'mutation { first second }' };

  it.each([
    'text/plain',
    'text/html, image/*',
    'application/json;charset=latin1',
    'application/json; xcharset=utf-8',
    'multipart/form-data',
  ])('rejects "%s" without running the operation', async (accept) => {
    const { app, post, upstream } = await start();
    const { status, body } = await post(mutation, { accept });
    expect(status).toBe(406);
    const elsewhere = ['/graphql/', '/graphql/?a', '/graphql?'].map((path) =>
      app.fetch(`http://facade.test${path}`, {
        method: 'POST',
        headers: { accept, 'content-type': 'application/json' },
        body: JSON.stringify(mutation),
      }),
    );
    for (const answer of await Promise.all(elsewhere)) expect(answer.status).toBe(406);
    expect(body.errors).toMatchObject([
      {
        message: expect.stringContaining('Accept: application/json'),
        extensions: { code: 'NOT_ACCEPTABLE', retryable: false },
      },
    ]);
    expect(upstream.calls).toEqual([]);
  });

  it.each(['', '*/*;q=0.1', 'text/html, application/*', 'application/json; charset=UTF-8'])(
    'answers "%s"',
    async (accept) => {
      const { post, upstream } = await start();
      const { status, body } = await post(mutation, { accept });
      expect(status).toBe(200);
      expect(body.data).toEqual({ first: expect.any(String), second: expect.any(String) });
      expect(upstream.calls).toHaveLength(2);
    },
  );
});

describe('limits', () => {
  it('reject a query of 1 MB', async () => {
    const { post } = await start();
    const { status, body } = await post({ query: `{ hello #${'x'.repeat(1_000_000)}\n }` });
    expect(status).toBe(413);
    expect(body.errors).toHaveLength(1);
    expect(body.errors[0].extensions.code).toBe('QUERY_TOO_LARGE');
  });

  it('reject a query of more than 10,000 tokens', async () => {
    const { post } = await start();
    const { body } = await post({ query: `{ ${'hello '.repeat(10_001)} }` });
    expect(body.errors).toHaveLength(1);
    expect(body.errors[0].extensions.code).toBe('GRAPHQL_PARSE_FAILED');
    expect(body.errors[0].extensions.retryable).toBe(false);
    expect(body.errors[0].message).toBe(
      'The document has more than 10,000 tokens (names, values and punctuation). Move values to variables, or split the document.',
    );
  });

  it('reject a body of more than 8 MB', async () => {
    const { post } = await start();
    const { status, body } = await post({ query: '{ hello }', variables: { blob: 'x'.repeat(8_000_000) } });
    expect(status).toBe(413);
    expect(body.errors[0].extensions.code).toBe('REQUEST_ENTITY_TOO_LARGE');
  });

  it('accept an upload of 6 MB', async () => {
    const { app } = await start();
    const form = new FormData();
    form.set(
      'operations',
      JSON.stringify({ query: 'mutation($f: File!) { size(file: $f) }', variables: { f: null } }),
    );
    form.set('map', JSON.stringify({ 0: ['variables.f'] }));
    form.set('0', new File(['x'.repeat(6_000_000)], 'contacts.csv'));
    const response = await app.fetch('http://facade.test/graphql', { method: 'POST', body: form });
    expect(await response.json()).toMatchObject({ data: { size: 6_000_000 } });
  });

  it.each([
    ['invalid JSON', '{"query": '],
    ['a batch', '[{"query":"{ hello }"}]'],
    ['variables of a wrong kind', '{"query":"{ hello }","variables":[]}'],
    ['a parameter that does not exist', '{"query":"{ hello }","batch":1}'],
  ])('reject a body with %s', async (_, sent) => {
    const { post } = await start();
    const { status, body } = await post(sent);
    expect(status).toBe(400);
    expect(body.errors[0].extensions.code).toBe('BAD_REQUEST');
  });

  it.each(['variables', 'extensions'])('reject %s in a URL that are not JSON', async (name) => {
    const { app } = await start();
    const response = await app.fetch(`http://facade.test/graphql?query={hello}&${name}={oops`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  });

  it.each(['variables', 'extensions'])('reject %s in a URL that are nested too deep', async (name) => {
    const { app, upstream } = await start();
    const value = `{"a":${'['.repeat(3_000)}${']'.repeat(3_000)}}`;
    const response = await app.fetch(`http://facade.test/graphql?query={hello}&${name}=${value}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
    expect(upstream.calls).toEqual([]);
  });

  it('reject mutations by GET', async () => {
    const { app, upstream } = await start();
    const response = await app.fetch('http://facade.test/graphql?query=mutation{first}');
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    expect(await response.json()).toEqual({
      errors: [
        {
          message: 'Send mutations with POST. GET runs queries only.',
          extensions: { code: 'BAD_REQUEST', retryable: false },
        },
      ],
    });
    expect(upstream.calls).toEqual([]);
  });
});

describe('pages of other origins (CORS)', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const attack = 'query=mutation{first}';

  it('may not run operations', async () => {
    const { app, upstream } = await start();
    const senders: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
    ];
    for (const sender of senders) {
      const headers = { host: 'facade.test', ...form, ...sender };
      const response = await app.fetch('http://facade.test/graphql', {
        method: 'POST',
        headers,
        body: attack,
      });
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    }
    expect(upstream.calls).toEqual([]);
  });

  it('may when they are allowed, or have the origin of the server', async () => {
    const { post, app } = await start({ allowedOrigins: ['https://app.example'] });
    const listed = await post({ query: '{ hello }' }, { origin: 'https://app.example', host: 'facade.test' });
    expect(listed.status).toBe(200);
    expect(listed.headers.get('access-control-allow-origin')).toBe('https://app.example');
    expect(listed.headers.get('access-control-allow-credentials')).not.toBe('true');
    const own = await post({ query: '{ hello }' }, { origin: 'https://facade.test', host: 'facade.test' });
    expect(own.status).toBe(200);
    const preflight = await app.fetch('http://facade.test/graphql', {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    const allowed = preflight.headers.get('access-control-allow-headers')?.split(', ');
    expect(allowed).toEqual(
      expect.arrayContaining([
        'authorization',
        'content-type',
        'traceparent',
        'baggage',
        'x-apollo-operation-name',
        'apollographql-client-name',
        'x-request-id',
      ]),
    );
    expect(allowed).not.toContain('x-tenant');
  });

  it('may send the configured headers', async () => {
    const { app } = await start({
      allowedOrigins: ['https://app.example'],
      app: { allowedHeaders: ['x-tenant'] },
    });
    const preflight = await app.fetch('http://facade.test/graphql', {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers.get('access-control-allow-headers')).toContain('x-tenant');
  });
});

describe('pages', () => {
  const addressesIn = (page: string) =>
    [...page.matchAll(/(?:src|href|data-options)="([^"]+)"/g)].map(([, address = '']) => address);

  it('serves GraphiQL as a small page, with files of its own that are compressed and immutable', async () => {
    const { app } = await start();
    for (const path of ['/graphql', '/graphql/']) {
      const response = await app.fetch(`http://facade.test${path}`, { headers: HTML });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toContain('text/html');
      expect(response.headers.get('content-security-policy')).toContain("script-src 'self';");
      const page = await response.text();
      expect(page.length).toBeLessThan(4_000);
      expect(page).toContain('Constant Contact');
      expect(page).not.toMatch(/<script(?![^>]*src=)/);
      const addresses = addressesIn(page);
      expect(addresses.length).toBeGreaterThan(4);
      for (const address of addresses) {
        expect(address).toMatch(/^\?asset=[\w-]+\.[0-9a-f]{16}\.(js|css|ico|json)$/);
        const url = new URL(address, `http://facade.test${path}`).href;
        const file = await app.fetch(url, { headers: { 'accept-encoding': 'gzip' } });
        expect(file.status).toBe(200);
        expect(Object.fromEntries(file.headers)).toMatchObject({
          'cache-control': 'public, max-age=31536000, immutable',
          'content-encoding': 'gzip',
          vary: 'Accept-Encoding',
          'x-content-type-options': 'nosniff',
        });
        const whole = await app.fetch(url, { headers: { 'accept-encoding': 'identity' } });
        expect(whole.headers.get('content-encoding')).toBeNull();
        expect(Buffer.from(await whole.arrayBuffer()).equals(Buffer.from(await file.arrayBuffer()))).toBe(
          true,
        );
      }
    }
    expect((await app.fetch('http://facade.test/graphql?asset=start.0.js')).status).toBe(404);
  });

  it('opens the examples in tabs, but only the query of a URL that has one', async () => {
    const { app } = await start({
      examples: [{ name: 'first', query: 'query First { hello }', variables: null }],
    });
    const options = async (path: string) => {
      const page = await (await app.fetch(`http://facade.test${path}`, { headers: HTML })).text();
      const address = addressesIn(page).find((one) => one.includes('options'));
      return (await app.fetch(`http://facade.test/graphql${String(address)}`)).text();
    };
    expect(await options('/graphql')).toContain('query First');
    expect(await options('/graphql?query=%7Bhello%7D')).not.toContain('query First');
  });

  it('answers 404 elsewhere, and says where GraphQL is', async () => {
    const { app, upstream } = await start();
    for (const [path, method] of [
      ['/admin', 'GET'],
      ['/graphql/x', 'GET'],
      ['/', 'POST'],
    ] as const) {
      const response = await app.fetch(`http://facade.test${path}`, { method });
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({
        errors: [
          {
            message: expect.stringContaining('GraphQL is at /graphql') as unknown,
            extensions: { code: 'NOT_FOUND', retryable: false },
          },
        ],
      });
    }
    expect((await app.fetch('http://facade.test/livez')).status).toBe(200);
    expect(upstream.calls).toEqual([]);
  });
});

describe('export files', () => {
  const path = '/v3/contact_exports/8e9e2f4e-1111-4444-8888-123456789abc';
  const url = 'http://facade.test/exports/8e9e2f4e-1111-4444-8888-123456789abc.csv';

  it('are streamed with the token of the caller', async () => {
    const { app, upstream } = await start({
      upstream: (request, response) => {
        response.writeHead(200, { 'content-type': 'text/csv' });
        response.write(`token\n${request.headers.authorization}\n`);
        response.end('"a","b"\n');
      },
    });
    const response = await app.fetch(url, { headers: { authorization: 'Bearer mine' } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toContain('attachment');
    expect(await response.text()).toBe('token\nBearer mine\n"a","b"\n');
    expect(upstream.calls).toEqual([path]);
  });

  it.each([
    [404, 'NOT_FOUND', 404],
    [401, 'UNAUTHENTICATED', 401],
    [403, 'FORBIDDEN', 403],
    [500, 'UPSTREAM_UNAVAILABLE', 503],
  ])('rejected by the API with %s are %s', async (status, code, ours) => {
    const { app } = await start({ upstream: json(status, [{ error_key: 'x', error_message: 'secret' }]) });
    const response = await app.fetch(url);
    expect(response.status).toBe(ours);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code } }] });
    // Only the API's message for a 404 is passed on.
    expect(text.includes('secret')).toBe(status === 404);
  });

  it('refused until later say when, in a header that allowed pages may read', async () => {
    const { app, upstream } = await start({
      allowedOrigins: ['https://app.example'],
      upstream: json(429, { error_key: 'quota_exceeded', error_message: 'x' }),
    });
    const response = await app.fetch(url, { headers: { origin: 'https://app.example' } });
    expect(response.status).toBe(429);
    const { errors } = (await response.json()) as { errors: { extensions: Record<string, unknown> }[] };
    const seconds = errors[0]?.extensions['retryAfterSeconds'];
    expect(seconds).toBeGreaterThan(0);
    expect(response.headers.get('retry-after')).toBe(String(seconds));
    expect(response.headers.get('access-control-expose-headers')).toContain('retry-after');
    expect(upstream.calls).toEqual([path]);
  });

  it.each([
    [404, { level: 30, msg: 'download refused', code: 'NOT_FOUND' }],
    [400, { level: 30, msg: 'download refused', code: 'BAD_USER_INPUT' }],
    [500, { level: 40, msg: 'download failed', code: 'UPSTREAM_UNAVAILABLE' }],
  ])(
    'rejected by the API with %s are logged, with a stack only when the caller is not at fault',
    async (status, line) => {
      const lines: any[] = [];
      const logger = pino(
        { level: 'info', base: null },
        { write: (text) => void lines.push(JSON.parse(text)) },
      );
      const { app } = await start({ logger, upstream: json(status, [{ error_key: 'x' }]) });
      await (await app.fetch(url)).text();
      const [logged, ...others] = lines.filter(({ msg }) => String(msg).includes('download'));
      expect(others).toEqual([]);
      expect(logged).toMatchObject(line);
      expect('err' in logged).toBe(status === 500);
      expect(JSON.stringify(logged).includes('stack')).toBe(status === 500);
    },
  );

  it.each(['..%2Fcontacts', 'a%3Fb=c', '%2e%2e', '%ff'])('are not requested by the id %s', async (id) => {
    const { app, upstream } = await start();
    const response = await app.fetch(`http://facade.test/exports/${id}.csv`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    expect(upstream.calls).toEqual([]);
  });
});
