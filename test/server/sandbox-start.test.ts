import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { describe, expect, it } from 'vitest';
import { ConfigError, createFacade, readConfig } from '../../src/index.js';
import { runCommand } from '../support/command.js';

const TOKEN_KEY = 'ab'.repeat(32);
type Env = Record<string, string>;

/** Every setting of Constant Contact that does not say whose account it is. */
const INCOMPLETE: [string, Env][] = [
  ['an empty token', { CONSTANT_CONTACT_ACCESS_TOKEN: '' }],
  ['a token of spaces', { CONSTANT_CONTACT_ACCESS_TOKEN: '  ' }],
  ['an empty client id', { CONSTANT_CONTACT_CLIENT_ID: '' }],
  ['an empty secret', { CONSTANT_CONTACT_CLIENT_ID: 'x', CONSTANT_CONTACT_CLIENT_SECRET: '' }],
  [
    'an empty token next to a client id',
    { CONSTANT_CONTACT_CLIENT_ID: 'x', CONSTANT_CONTACT_ACCESS_TOKEN: '' },
  ],
  [
    'an empty token next to an API URL',
    { CONSTANT_CONTACT_API_URL: 'http://x/v3', CONSTANT_CONTACT_ACCESS_TOKEN: '' },
  ],
  ['an empty API URL', { CONSTANT_CONTACT_API_URL: '' }],
  ['an empty partner', { CONSTANT_CONTACT_PARTNER_API_KEY: '', CONSTANT_CONTACT_PARTNER_TOKEN: '' }],
  ['an empty token key', { CONSTANT_CONTACT_TOKEN_KEY: '' }],
  ['a token key alone', { CONSTANT_CONTACT_TOKEN_KEY: TOKEN_KEY }],
  [
    'a token key and an API URL',
    { CONSTANT_CONTACT_TOKEN_KEY: TOKEN_KEY, CONSTANT_CONTACT_API_URL: 'http://x/v3' },
  ],
  ['a token file alone', { CONSTANT_CONTACT_TOKEN_FILE: '/data/tokens.json' }],
  [
    'a token file and an API URL',
    { CONSTANT_CONTACT_TOKEN_FILE: '/t', CONSTANT_CONTACT_API_URL: 'http://x/v3' },
  ],
  ['an authorization server alone', { CONSTANT_CONTACT_AUTH_URL: 'http://x/oauth' }],
  ['a secret alone', { CONSTANT_CONTACT_CLIENT_SECRET: 'x' }],
  ['a refresh token alone', { CONSTANT_CONTACT_REFRESH_TOKEN: 'x' }],
  ['a partner alone', { CONSTANT_CONTACT_PARTNER_API_KEY: 'x', CONSTANT_CONTACT_PARTNER_TOKEN: 'x' }],
  ['limits alone', { CONSTANT_CONTACT_REQUESTS_PER_DAY: '50000' }],
];

/** Misspelt names, and the intended ones. */
const MISSPELT: [string, string][] = [
  ['CONSTANT_CONTACT_ACESS_TOKEN', 'CONSTANT_CONTACT_ACCESS_TOKEN'],
  ['CONSTANT_CONTACT_TOKEN', 'CONSTANT_CONTACT_'],
  ['CONSTANTCONTACT_CLIENT_ID', 'CONSTANT_CONTACT_CLIENT_ID'],
  ['CONSTANT_CONTCT_CLIENT_ID', 'CONSTANT_CONTACT_CLIENT_ID'],
  ['CONSTANT-CONTACT-CLIENT-ID', 'CONSTANT_CONTACT_CLIENT_ID'],
  ['constant_contact_access_token', 'CONSTANT_CONTACT_ACCESS_TOKEN'],
  ['Constant_Contact_Acess_Token', 'CONSTANT_CONTACT_ACCESS_TOKEN'],
  ['CONSTANT_CONTACT_PORT', 'CONSTANT_CONTACT_'],
  ['ACESS_KEYS', 'ACCESS_KEYS'],
  ['ACCESS_KYES', 'ACCESS_KEYS'],
  ['REDIS_ULR', 'REDIS_URL'],
  ['redis_url', 'REDIS_URL'],
  ['PERSISTED_OPERATION_FILE', 'PERSISTED_OPERATIONS_FILE'],
  ['OPERATIONS_TIMEOUT_SECOND', 'OPERATION_TIMEOUT_SECONDS'],
];

/** Variables that shells, Kubernetes, Docker and other software set. */
const FOREIGN: Env = {
  HOSTNAME: 'pod-1',
  host: 'x86_64',
  port: '80',
  REDIS_PORT: 'tcp://10.0.0.1:6379',
  REDIS_HOST: 'redis',
  REDIS_DB: '0',
  REDIS_PASSWORD: 'x',
  REDIS_SERVICE_HOST: '10.0.0.1',
  REDIS_SERVICE_PORT: '6379',
  REDIS_PORT_6379_TCP_ADDR: '10.0.0.1',
  CONSTANT_CONTACT_PORT: 'tcp://10.0.0.1:80',
  CONSTANT_CONTACT_SERVICE_HOST: '10.0.0.1',
  CONSTANT_CONTACT_SERVICE_PORT_HTTP: '80',
  CONSTANT_CONTACT_GRAPHQL_PORT_80_TCP_PROTO: 'tcp',
  ACCESS_KEY_ID: 'x',
  LOGLEVEL: 'info',
  npm_package_name: 'constant-contact-graphql',
  NODE_OPTIONS: '--enable-source-maps',
};

describe('the sandbox does not start by default', () => {
  it.each(INCOMPLETE)('with %s, which is named', (_, env) => {
    expect(() => readConfig(env)).toThrow(ConfigError);
    const [first = ''] = Object.keys(env);
    expect(() => readConfig(env)).toThrow(/CONSTANT_CONTACT_/);
    if (Object.keys(env).length === 1) expect(() => readConfig(env)).toThrow(first);
  });

  it.each<Env>([
    { NODE_ENV: 'production' },
    { NODE_ENV: '"production"' },
    { NODE_ENV: 'prod' },
    { HOST: '0.0.0.0' },
    { HOST: '::' },
    { SANDBOX: 'off' },
  ])('with %j, and the missing variables are named', (env) => {
    const read = () => readConfig(env);
    expect(read).toThrow(ConfigError);
    for (const name of ['CLIENT_ID', 'CLIENT_SECRET', 'REFRESH_TOKEN', 'ACCESS_TOKEN', 'API_URL'])
      expect(read).toThrow(`CONSTANT_CONTACT_${name}`);
    expect(read).toThrow('SANDBOX=on');
  });

  it.each(['127.0.0.1', '127.8.9.1', 'localhost', '::1'])('except on the loopback address %s', (HOST) => {
    expect(readConfig({ HOST })).toMatchObject({ mode: 'sandbox', sandboxRequested: false });
  });
});

describe('SANDBOX=on', () => {
  it('starts it anywhere, with limits of its own', () => {
    const env = { SANDBOX: 'on', HOST: '0.0.0.0', NODE_ENV: 'production' };
    expect(readConfig({ ...env, CONSTANT_CONTACT_REQUESTS_PER_SECOND: '0' })).toMatchObject({
      mode: 'sandbox',
      sandboxRequested: true,
      requestsPerSecond: 0,
    });
  });

  it.each(['ACCESS_TOKEN', 'CLIENT_ID', 'API_URL'])('excludes CONSTANT_CONTACT_%s', (name) => {
    const env = { SANDBOX: 'on', [`CONSTANT_CONTACT_${name}`]: 'http://x/v3' };
    expect(() => readConfig(env)).toThrow(
      new RegExp(`SANDBOX=on serves sample data, so CONSTANT_CONTACT_${name} must not`),
    );
  });
});

describe('an unknown variable name', () => {
  it.each(MISSPELT)('%s prevents the start, with the suggestion %s', (name, meant) => {
    const read = () => readConfig({ [name]: '4000' });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(`${name} is not a variable of this program. Did you mean ${meant}`);
  });

  it('is ignored when other software uses it', () => {
    expect(readConfig(FOREIGN)).toEqual(readConfig({}));
  });

  it('is ignored when the known one is set as well', () => {
    expect(readConfig({ ALLOWED_ORIGINS: 'https://a.example', ALLOWED_ORIGIN: 'x' }).allowedOrigins).toEqual([
      'https://a.example',
    ]);
  });
});

describe('the command line', () => {
  it.each<[string, string[], Env, RegExp]>([
    ['in the environment of the image', ['serve'], { NODE_ENV: 'production', HOST: '0.0.0.0' }, /SANDBOX=on/],
    ['with --host', ['serve', '--host', '0.0.0.0'], {}, /HOST 0\.0\.0\.0 can be reached/],
    [
      'with a misspelt token',
      ['serve'],
      { CONSTANT_CONTACT_ACESS_TOKEN: 'x' },
      /CONSTANT_CONTACT_ACCESS_TOKEN/,
    ],
    ['in workers', ['serve', '--workers', '2'], { CONSTANT_CONTACT_ACCESS_TOKEN: '' }, /it is empty/],
    ['as doctor', ['doctor'], { NODE_ENV: 'production' }, /CONSTANT_CONTACT_CLIENT_ID/],
    ['as login', ['login'], { NODE_ENV: 'production' }, /CONSTANT_CONTACT_CLIENT_ID/],
  ])('refuses to start %s', async (_, args, env, message) => {
    const command = runCommand(args, { PORT: '0', ...env });
    expect(await command.exited).toBe(1);
    expect(command.output()).toMatch(message);
    expect(command.output()).not.toContain('    at ');
  });

  it('starts with a warning for a name similar to a short one, which may belong to other software', async () => {
    const slips = {
      SANDBX: 'SANDBOX',
      METRIC: 'METRICS',
      ACESS: 'ACCESS',
      HOTS: 'HOST',
      Sandboxx: 'SANDBOX',
      OPERATION_TIMEOUT: 'OPERATION_TIMEOUT_SECONDS',
      PERSISTED_OPERATIONS: 'PERSISTED_OPERATIONS_FILE',
    };
    const env = Object.fromEntries(Object.keys(slips).map((name) => [name, 'yes']));
    const command = runCommand(['serve', '--port', '0'], { ...FOREIGN, ...env, POTR: '80' });
    try {
      await command.printed(/http:\S+\/graphql\s/);
      // The two streams may arrive in any order.
      for (const [name, nearest] of Object.entries(slips))
        await command.printed(
          new RegExp(`${name} is not a variable of this program and is ignored; did you mean ${nearest}\\?`),
        );
      // PORT itself is given.
      expect(command.output().match(/did you mean/g)).toHaveLength(Object.keys(slips).length);
    } finally {
      command.kill('SIGTERM');
      await command.exited;
    }
  });

  it('marks every response of a sandbox', async () => {
    const command = runCommand(['serve', '--port', '0'], { SANDBOX: 'on', NODE_ENV: 'production' });
    try {
      const [, url = ''] = await command.printed(/(http:\S+)\/graphql\s/);
      const json = { 'content-type': 'application/json' };
      const body = JSON.stringify({ query: '{ contactLists(first: 1) { nodes { name } } }' });
      const requests: [string, RequestInit?][] = [
        ['/graphql', { method: 'POST', headers: json, body }],
        ['/graphql', { method: 'POST', headers: json, body: '{' }],
        ['/graphql', { method: 'POST', headers: { ...json, accept: 'text/event-stream' }, body }],
        ['/graphql', { method: 'POST', headers: { ...json, authorization: 'Bearer own' }, body }],
        ['/graphql?query={rateLimit{requestsPerDay}}'],
        ['/graphql', { headers: { accept: 'text/html' } }],
        ['/exports/00000000-0000-0000-0000-000000000000.csv'],
        ['/readyz'],
        ['/livez'],
        ['/healthz'],
        ['/schema.graphql'],
        ['/'],
        ['/nowhere'],
      ];
      for (const [path, init] of requests) {
        const response = await fetch(url + path, init);
        await response.arrayBuffer();
        expect(response.headers.get('x-constant-contact-sandbox'), `${path} ${JSON.stringify(init)}`).toBe(
          'true',
        );
      }
      expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: 'ready', sandbox: true });
      const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
      const [upgrade] = (await once(socket, 'upgrade')) as [IncomingMessage];
      expect(upgrade.headers['x-constant-contact-sandbox']).toBe('true');
      socket.terminate();
    } finally {
      command.kill('SIGTERM');
      await command.exited;
    }
  });
});

describe('a program that embeds the facade', () => {
  it('gets no sandbox in production unless it enables it', async () => {
    const { NODE_ENV } = process.env;
    process.env['NODE_ENV'] = 'production';
    try {
      await expect(createFacade({ config: readConfig({}) })).rejects.toThrow(ConfigError);
      const facade = await createFacade({ config: readConfig({ SANDBOX: 'on', LOG_LEVEL: 'silent' }) });
      await facade.close();
    } finally {
      process.env['NODE_ENV'] = NODE_ENV;
    }
  });

  it('cannot serve it beyond this machine unless it enables that', async () => {
    const facade = await createFacade({ config: readConfig({ LOG_LEVEL: 'silent' }) });
    await expect(facade.listen({ host: '0.0.0.0', port: 0 })).rejects.toThrow(/SANDBOX=on/);
    const response = await facade.fetch('http://facade.test/readyz');
    expect(response.headers.get('x-constant-contact-sandbox')).toBe('true');
    await facade.close();
  });
});
