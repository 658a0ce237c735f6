import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readConfig, type AccessConfig } from '../../src/config.js';
import { createFacade } from '../../src/index.js';
import { createAccess } from '../../src/server/access/access.js';
import { findAccessKey, generateAccessKey, parseAccessKeys } from '../../src/server/access/keys.js';
import { json, startPlumbing, startUpstream, type PlumbingOptions } from '../support/plumbing.js';
import { CLI } from '../support/build.js';

const NONE: AccessConfig = { keys: null, keysFile: null, jwt: null, open: false };
const full = generateAccessKey('app', false);
const reader = generateAccessKey('dashboard', true);

let running: Awaited<ReturnType<typeof startPlumbing>> | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

async function start(access: Partial<AccessConfig>, options: PlumbingOptions = {}) {
  running = await startPlumbing({ ...options, app: { access: createAccess({ ...NONE, ...access }) } });
  return running;
}
const withKeys = (options?: PlumbingOptions) => start({ keys: `${full.entry},${reader.entry}` }, options);

describe('keys', () => {
  it('are not required when none are configured', () => {
    expect(createAccess(NONE)).toBeNull();
  });

  it('are read from lines and lists, with comments', () => {
    const keys = parseAccessKeys(`# ours\n${full.entry} # the app\n\n${reader.entry}, `, 'KEYS');
    expect(keys.map(({ name, readOnly }) => ({ name, readOnly }))).toEqual([
      { name: 'app', readOnly: false },
      { name: 'dashboard', readOnly: true },
    ]);
    expect(findAccessKey(keys, reader.key)?.name).toBe('dashboard');
    expect(findAccessKey(keys, full.key.slice(0, -1))).toBeNull();
    expect(findAccessKey(keys, '')).toBeNull();
  });

  it('are long, random, and stored as hashes only', () => {
    expect(full.key).toMatch(/^ccg_[\w-]{43}$/);
    expect(generateAccessKey('app', false).key).not.toBe(full.key);
    expect(full.entry).toMatch(/^app:[0-9a-f]{64}$/);
    expect(full.entry).not.toContain(full.key);
  });

  it.each([
    ['app', /entry 1 is not/],
    [`app:${'g'.repeat(64)}`, /entry 1 is not/],
    [`${full.entry}:write-only`, /entry 1 is not/],
    [`${full.entry}\n${full.entry.replace('app', 'other')}`, /other has the same key as another name/],
    [`${full.entry}\n${reader.entry.replace('dashboard', 'app')}`, /the name app occurs twice/],
  ])('with a mistake are rejected without being quoted', (text, message) => {
    expect(() => parseAccessKeys(text, 'KEYS')).toThrow(message);
    expect(() => parseAccessKeys(text, 'KEYS')).not.toThrow(/[0-9a-f]{20}/);
  });

  it('can be read from a file', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'access-'));
    const keysFile = join(directory, 'keys');
    writeFileSync(keysFile, `${full.entry}\n`);
    const { post } = await start({ keysFile });
    const answered = await post({ query: '{ hello }' }, { 'x-api-key': full.key });
    expect(answered.status).toBe(200);
    expect(answered.headers.get('vary')).toBe('Accept, Authorization, x-api-key');
    writeFileSync(keysFile, '# none\n');
    expect(() => createAccess({ ...NONE, keysFile })).toThrow(/have no key/);
    rmSync(directory, { recursive: true });
    expect(() => createAccess({ ...NONE, keysFile })).toThrow(
      `ACCESS_KEYS_FILE: the file ${keysFile} does not exist.`,
    );
  });
});

describe('the key command', () => {
  const run = (...args: string[]) => {
    const { PATH, HOME } = process.env;
    const { stdout, stderr, status } = spawnSync(process.execPath, [CLI, 'key', ...args], {
      env: { PATH, HOME },
      encoding: 'utf8',
    });
    return { stdout, stderr, status };
  };

  it('generates a key and the entry that admits it', () => {
    const { stdout, status } = run('dashboard', '--read-only');
    expect(status).toBe(0);
    const [, key = '', , , entry = ''] = stdout.split('\n');
    expect(findAccessKey(parseAccessKeys(entry, 'KEYS'), key)).toMatchObject({
      name: 'dashboard',
      readOnly: true,
    });
  });

  it.each([
    [[], 2],
    [['two words'], 1],
    [['app', '--admin'], 2],
  ])('rejects %j', (args: string[], code: number) => {
    const { stdout, stderr, status } = run(...args);
    expect(status).toBe(code);
    expect(stdout).toBe('');
    expect(stderr).not.toContain('at ');
  });
});

describe('a request', () => {
  it.each([
    ['without a key', {}],
    ['with another key', { 'x-api-key': generateAccessKey('app', false).key }],
    ['with an empty key', { 'x-api-key': '' }],
    ['with the hash of a key', { 'x-api-key': full.entry.split(':')[1] as string }],
    ['with a Constant Contact token', { authorization: 'Bearer mine' }],
    ['with the key as a bearer token', { authorization: `Bearer ${full.key}` }],
  ])('%s is rejected', async (_, headers: Record<string, string>) => {
    const { post, upstream } = await withKeys();
    const { status, body } = await post({ query: '{ account }' }, headers);
    expect(status).toBe(401);
    expect(body.errors[0].extensions).toEqual({ code: 'UNAUTHENTICATED', retryable: false });
    expect(body.errors[0].message).toContain('"x-api-key"');
    expect(upstream.calls).toEqual([]);
  });

  it('with a key is admitted, and uses the credentials of the server or its own', async () => {
    const { post } = await withKeys({
      upstream: (request, response) =>
        json(200, {
          organization_name: `${request.headers.authorization} ${String(request.headers['x-api-key'] ?? '')}`,
        })(request, response),
    });
    const key = { 'x-api-key': full.key };
    expect((await post({ query: '{ account }' }, key)).body.data.account).toBe('Bearer server-token ');
    const own = await post({ query: '{ account }' }, { ...key, authorization: 'Bearer mine' });
    expect(own.body.data.account).toBe('Bearer mine ');
  });

  it('needs a key for everything except the health check and the landing page', async () => {
    const { app, upstream } = await withKeys({
      upstream: (_request, response) => {
        response.setHeader('content-type', 'text/csv');
        response.end('email\n');
      },
    });
    const get = async (path: string, headers = {}) =>
      (await app.fetch(`http://facade.test${path}`, { headers })).status;
    for (const path of ['/graphql?query={account}', '/exports/abc.csv', '/metrics', '/nowhere'])
      expect(await get(path), path).toBe(401);
    for (const path of ['/livez', '/healthz', '/readyz']) expect(await get(path), path).toBe(200);
    expect(await get('/graphql?query={account}', { accept: 'text/html' })).toBe(200);
    expect(upstream.calls).toEqual([]);
    expect(await get('/exports/abc.csv', { 'x-api-key': full.key })).toBe(200);
  });

  it('needs a key for a query through the landing page even when that page is off', async () => {
    running = await startPlumbing({
      app: { graphiql: false, access: createAccess({ ...NONE, keys: full.entry }) },
    });
    const response = await running.app.fetch('http://facade.test/graphql?query={account}', {
      headers: { accept: 'text/html' },
    });
    expect(response.status).toBe(401);
    expect(running.upstream.calls).toEqual([]);
  });

  it('from an allowed origin may have the key', async () => {
    running = await startPlumbing({
      allowedOrigins: ['https://app.example'],
      app: { access: createAccess({ ...NONE, keys: full.entry }) },
    });
    const preflight = await running.app.fetch('http://facade.test/graphql', {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('x-api-key');
  });
});

describe('a read-only key', () => {
  it('admits queries', async () => {
    const { post } = await withKeys();
    const { body } = await post({ query: '{ account }' }, { 'x-api-key': reader.key });
    expect(body.data).toEqual({ account: 'Acme' });
  });

  it.each([
    ['mutation { first }', undefined],
    ['query Q { account } mutation M { first }', 'M'],
    ['mutation M { ...F } fragment F on Mutation { first }', 'M'],
  ])('rejects mutations sent by %s', async (query, operationName) => {
    const { post, upstream } = await withKeys();
    const { status, body } = await post({ query, operationName }, { 'x-api-key': reader.key });
    expect(status).toBe(200);
    expect(body.data).toBeUndefined();
    expect(body.errors[0].extensions).toEqual({ code: 'FORBIDDEN', retryable: false });
    expect(upstream.calls).toEqual([]);
  });

  it('is checked against the operation that runs, not against others in the document', async () => {
    const { post } = await withKeys();
    const { body } = await post(
      { query: 'query Q { account } mutation M { first }', operationName: 'Q' },
      { 'x-api-key': reader.key },
    );
    expect(body.data).toEqual({ account: 'Acme' });
  });

  it('differs from one that may write', async () => {
    const { post } = await withKeys();
    const { body } = await post({ query: 'mutation { first }' }, { 'x-api-key': full.key });
    expect(body.data).toEqual({ first: 'Acme' });
  });
});

describe('tokens of an identity provider', () => {
  const issuer = 'https://id.example.com';
  let keys: Awaited<ReturnType<typeof generateKeyPair>>;
  let stranger: CryptoKey;
  let jwks: Server;
  let jwksUrl: string;
  let status = 200;

  beforeAll(async () => {
    keys = await generateKeyPair('ES256');
    stranger = (await generateKeyPair('ES256')).privateKey;
    const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' };
    jwks = createServer((_, response) => json(status, { keys: [jwk] })(_, response));
    await new Promise<void>((resolve) => jwks.listen(0, '127.0.0.1', resolve));
    jwksUrl = `http://127.0.0.1:${(jwks.address() as AddressInfo).port}/keys`;
  });
  afterEach(() => {
    status = 200;
  });
  afterAll(() => jwks.close());

  const config = (writeScope: string | null = null) => ({
    jwt: { jwksUrl, issuer, audience: 'graph', header: 'x-access-token', writeScope },
  });
  const token = (claims: Record<string, unknown> = {}, key: CryptoKey = keys.privateKey) =>
    new SignJWT({
      iss: issuer,
      aud: 'graph',
      sub: 'ann@example.com',
      exp: Math.floor(Date.now() / 1_000) + 60,
      ...claims,
    })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .sign(key);

  it('are accepted, with or without the word Bearer', async () => {
    const { post } = await start(config());
    const jwt = await token();
    for (const value of [jwt, `Bearer ${jwt}`]) {
      const { body } = await post({ query: '{ account }' }, { 'x-access-token': value });
      expect(body.data).toEqual({ account: 'Acme' });
    }
  });

  it('are rejected with a wrong audience or issuer, when expired or unsigned, and without expiry or subject', async () => {
    const { post, upstream } = await start(config());
    const none = `${btoa('{"alg":"none"}').replace(/=/g, '')}.${btoa(JSON.stringify({ iss: issuer, aud: 'graph', sub: 'x', exp: 9e9 })).replace(/=/g, '')}.`;
    const symmetric = await new SignJWT({ iss: issuer, aud: 'graph', sub: 'x', exp: 9e9 })
      .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
      .sign(new TextEncoder().encode(JSON.stringify(await exportJWK(keys.publicKey))));
    const bad = [
      await token({ aud: 'other' }),
      await token({ iss: 'https://evil.example' }),
      await token({ exp: Math.floor(Date.now() / 1_000) - 60 }),
      await token({ exp: undefined }),
      await token({ sub: undefined }),
      await token({ nbf: Math.floor(Date.now() / 1_000) + 600 }),
      await token({}, stranger),
      none,
      symmetric,
      'not.a.token',
      'x',
      '',
    ];
    for (const value of bad) {
      const answer = await post({ query: '{ account }' }, { 'x-access-token': value });
      expect(answer.status, value).toBe(401);
    }
    expect(upstream.calls).toEqual([]);
  });

  it('are read-only without the write scope', async () => {
    const { post } = await start(config('graph:write'));
    const change = async (claims: object) =>
      (await post({ query: 'mutation { first }' }, { 'x-access-token': await token({ ...claims }) })).body;
    expect((await change({ scope: 'openid' })).errors[0].extensions.code).toBe('FORBIDDEN');
    expect((await change({})).errors[0].extensions.code).toBe('FORBIDDEN');
    expect((await change({ scope: 'openid graph:write' })).data).toEqual({ first: 'Acme' });
    expect((await change({ scp: ['graph:write'] })).data).toEqual({ first: 'Acme' });
  });

  it('cannot be checked while the issuer does not answer, which does not count as a failed attempt', async () => {
    status = 500;
    const { post, upstream } = await start(config());
    const { status: ours, body } = await post({ query: '{ account }' }, { 'x-access-token': await token() });
    expect(ours).toBe(503);
    expect(body.errors[0].extensions).toEqual({ code: 'ACCESS_UNAVAILABLE', retryable: true });
    expect(upstream.calls).toEqual([]);
  });
});

describe('a server that holds credentials', () => {
  const token = { CONSTANT_CONTACT_ACCESS_TOKEN: 'secret-token', LOG_LEVEL: 'silent', PORT: '0' };
  const listenWith = async (env: Record<string, string | undefined>) => {
    const facade = await createFacade({ config: readConfig({ ...token, ...env }) });
    try {
      return await facade.listen().then(({ url }) => url);
    } finally {
      await facade.close();
    }
  };

  it('does not start on a network interface without keys, and says what to do', async () => {
    for (const HOST of ['0.0.0.0', '::', '192.168.1.7', 'facade.example.com']) {
      const failure = await listenWith({ HOST }).catch((error: unknown) => error as Error);
      expect(failure).toMatchObject({ name: 'ConfigError' });
      for (const hint of [HOST, 'ACCESS_KEYS_FILE', 'ACCESS_JWKS_URL', 'ACCESS=open', 'key <name>'])
        expect((failure as Error).message).toContain(hint);
    }
  });

  it('does not start with partner credentials either, even where callers send their own token', async () => {
    const partner = {
      CONSTANT_CONTACT_ACCESS_TOKEN: undefined,
      CONSTANT_CONTACT_API_URL: 'http://127.0.0.1:9/v3',
      CONSTANT_CONTACT_PARTNER_API_KEY: 'k',
      CONSTANT_CONTACT_PARTNER_TOKEN: 't',
    };
    await expect(listenWith({ ...partner, HOST: '0.0.0.0' })).rejects.toThrow(/ACCESS_KEYS_FILE/);
  });

  it('starts on the loopback interface, anywhere with keys, and anywhere when told to', async () => {
    await expect(listenWith({})).resolves.toContain('127.0.0.1');
    await expect(listenWith({ HOST: '0.0.0.0', ACCESS_KEYS: full.entry })).resolves.toContain('localhost');
    await expect(listenWith({ HOST: '0.0.0.0', ACCESS: 'open' })).resolves.toContain('localhost');
  });

  it('needs no key where callers send their own token, and none for sample data', async () => {
    const passThrough = {
      CONSTANT_CONTACT_ACCESS_TOKEN: undefined,
      CONSTANT_CONTACT_API_URL: 'http://127.0.0.1:9/v3',
    };
    await expect(listenWith({ ...passThrough, HOST: '0.0.0.0' })).resolves.toContain('localhost');
    const sandbox = { CONSTANT_CONTACT_ACCESS_TOKEN: undefined, SANDBOX: 'on', HOST: '0.0.0.0' };
    await expect(listenWith(sandbox)).resolves.toContain('localhost');
  });

  it('without a key answers only under loopback host names, which prevents DNS rebinding', async () => {
    const upstream = await startUpstream(json(200, { organization_name: 'Acme' }));
    const facade = await createFacade({
      config: readConfig({ ...token, CONSTANT_CONTACT_API_URL: upstream.url }),
    });
    const { url } = await facade.listen();
    const { request } = await import('node:http');
    const ask = (host: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        request(`${url}/graphql?query={account{organizationName}}`, { headers: { host } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
    expect(await ask('localhost:4000')).toBe(200);
    expect(await ask('evil.example:4000')).toBe(403);
    expect(upstream.calls).toHaveLength(1);
    await facade.close();
    await upstream.close();
  });
});
