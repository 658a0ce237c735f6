import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig, VARIABLES } from '../../src/config.js';
import { describeVariable, SECTIONS } from '../../src/config/variables.js';

it('each variable has a description and an example value, in the order of its section', () => {
  const described = SECTIONS.flatMap(({ shape }) =>
    Object.entries(shape).map(([name, schema]) => describeVariable(name, schema)),
  );
  expect(described.map(({ name }) => name)).toEqual(VARIABLES);
  expect(described.filter(({ form, summary }) => !form || !/[.:]$/.test(summary))).toEqual([]);
});

describe('the mode', () => {
  it('is the sandbox by default', () => {
    const config = readConfig({});
    expect(config).toEqual({
      mode: 'sandbox',
      sandboxRequested: false,
      apiUrl: null,
      accessToken: null,
      account: null,
      partner: null,
      requestsPerSecond: 4,
      requestsPerDay: 10_000,
      cacheSeconds: {},
      reservedForMutations: 0,
      referenceCacheSeconds: 60,
      staleSeconds: 0,
      host: '127.0.0.1',
      port: 4000,
      allowedOrigins: [],
      allowedHeaders: [],
      access: { keys: null, keysFile: null, jwt: null, open: false },
      redis: null,
      maxQueryCost: 1_000,
      operationTimeoutSeconds: 120,
      introspection: true,
      graphiql: true,
      nodeFields: true,
      persistedOperationsFile: null,
      mcp: { http: false, domains: null, allowMutations: false },
      metrics: false,
      logLevel: 'info',
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('offers agents the configured domains, each once, and no others', () => {
    const { mcp } = readConfig({ MCP: 'on', MCP_TOOLS: 'lists, contacts,lists', MCP_ALLOW_MUTATIONS: 'on' });
    expect(mcp).toEqual({ http: true, domains: ['lists', 'contacts'], allowMutations: true });
    expect(() => readConfig({ MCP_TOOLS: 'lists,contact' })).toThrow(
      'MCP_TOOLS: "contact" is not a domain. Did you mean contacts? The domains are contacts, lists,',
    );
    expect(() => readConfig({ MCP_TOOLS: 'x' })).toThrow('"x" is not a domain. The domains are contacts,');
    const both = { MCP: 'on', PERSISTED_OPERATIONS_FILE: '/operations.json' };
    expect(() => readConfig(both)).toThrow('must not be set together');
  });

  it('disables GraphiQL for persisted operations only, unless it is enabled explicitly', () => {
    const manifest = { PERSISTED_OPERATIONS_FILE: '/operations.json' };
    expect(readConfig(manifest).graphiql).toBe(false);
    expect(readConfig({ ...manifest, GRAPHIQL: 'on' }).graphiql).toBe(true);
    expect(readConfig({ GRAPHIQL: 'off' }).graphiql).toBe(false);
  });

  it('treats empty variables as not set', () => {
    expect(readConfig({ HOST: '', LOG_LEVEL: ' ', PORT: '' })).toEqual(readConfig({}));
  });

  it('has TTLs of cached reads and of stale data', () => {
    const ages = { lists: 60, 'custom-fields': 5, contacts: 0 };
    expect(readConfig({ CACHE: 'lists=60, custom-fields = 5 ,contacts=0', STALE: '90m' })).toMatchObject({
      cacheSeconds: ages,
      staleSeconds: 5_400,
    });
    const stale = ['0', '0s', '45s', '1h', '7d'].map((STALE) => readConfig({ STALE }).staleSeconds);
    expect(stale).toEqual([0, 0, 45, 3_600, 604_800]);
  });

  it('is the real API with a token', () => {
    expect(readConfig({ CONSTANT_CONTACT_ACCESS_TOKEN: 'abc' })).toMatchObject({
      mode: 'token',
      apiUrl: 'https://api.cc.email/v3',
      accessToken: 'abc',
    });
  });

  it('is the account of a login with a client id, before pass-through and after a token', () => {
    const client = { CONSTANT_CONTACT_CLIENT_ID: 'client', XDG_CONFIG_HOME: '/conf' };
    expect(readConfig(client)).toMatchObject({
      mode: 'account',
      apiUrl: 'https://api.cc.email/v3',
      account: {
        clientId: 'client',
        clientSecret: null,
        refreshToken: null,
        tokenFile: '/conf/constant-contact-graphql/tokens-948fe603f61dc036.json',
        formerTokenFile: '/conf/constant-contact-graphql/tokens.json',
        tokenKey: null,
        authUrl: 'https://authz.constantcontact.com/oauth2/default/v1',
      },
    });
    const elsewhere = { ...client, CONSTANT_CONTACT_API_URL: 'http://localhost:4010/v3' };
    expect(readConfig(elsewhere)).toMatchObject({ mode: 'account', apiUrl: 'http://localhost:4010/v3' });
    expect(readConfig({ ...client, CONSTANT_CONTACT_ACCESS_TOKEN: 'abc' }).mode).toBe('token');
  });

  it.each(['conf', '', ' ', './conf'])(
    'ignores a directory for configuration that is not absolute: %j',
    (directory) => {
      const { account } = readConfig({ CONSTANT_CONTACT_CLIENT_ID: 'client', XDG_CONFIG_HOME: directory });
      expect(account?.tokenFile).toBe(
        join(homedir(), '.config/constant-contact-graphql/tokens-948fe603f61dc036.json'),
      );
    },
  );

  it('has paths in the home directory', () => {
    const tokenFileOf = (path: string) =>
      readConfig({ CONSTANT_CONTACT_CLIENT_ID: 'client', CONSTANT_CONTACT_TOKEN_FILE: path }).account
        ?.tokenFile;
    expect(tokenFileOf('~/x.json')).toBe(join(homedir(), 'x.json'));
    expect(tokenFileOf('/~/x.json')).toBe('/~/x.json');
    expect(readConfig({ ACCESS_KEYS_FILE: '~/keys' }).access.keysFile).toBe(join(homedir(), 'keys'));
  });

  it('is pass-through with only an API URL', () => {
    expect(readConfig({ CONSTANT_CONTACT_API_URL: 'http://localhost:4010/v3/' })).toMatchObject({
      mode: 'pass-through',
      apiUrl: 'http://localhost:4010/v3',
      accessToken: null,
    });
  });
});

describe('an invalid value prevents the start and is named', () => {
  it.each<string[]>([
    ['CONSTANT_CONTACT_API_URL', 'api.cc.email', 'must be a URL'],
    ['CONSTANT_CONTACT_API_URL', 'ftp://api.cc.email', 'https://'],
    ['CONSTANT_CONTACT_API_URL', 'https://me:pw@api.cc.email/v3', 'password'],
    ['CONSTANT_CONTACT_API_URL', 'https://api.cc.email/v3?x=1', 'query'],
    ['CONSTANT_CONTACT_ACCESS_TOKEN', 'two words', 'must not contain spaces'],
    ['CONSTANT_CONTACT_CLIENT_ID', 'two words', 'must not contain spaces'],
    ['CONSTANT_CONTACT_TOKEN_KEY', 'a passphrase', 'openssl rand'],
    ['CONSTANT_CONTACT_AUTH_URL', 'authz.constantcontact.com', 'must be a URL'],
    ['CONSTANT_CONTACT_REQUESTS_PER_SECOND', '-1', 'whole number'],
    ['CONSTANT_CONTACT_REQUESTS_PER_SECOND', '4.5', 'whole number'],
    ['CONSTANT_CONTACT_REQUESTS_PER_DAY', 'many', 'whole number'],
    ['BUDGET_RESERVE', '500', 'must be writes=<calls>'],
    ['BUDGET_RESERVE', 'reads=500', 'must be writes=<calls>'],
    ['BUDGET_RESERVE', 'writes', 'must be writes=<calls>'],
    ['BUDGET_RESERVE', 'writes=', 'whole number'],
    ['BUDGET_RESERVE', 'writes=-1', 'whole number'],
    ['BUDGET_RESERVE', 'writes=1e3', 'whole number'],
    ['BUDGET_RESERVE', 'writes=99999999999', 'whole number'],
    ['BUDGET_RESERVE', 'Writes=5', 'must be writes=<calls>'],
    ['BUDGET_RESERVE', 'writes=5%', 'whole number'],
    ['BUDGET_RESERVE', 'writes=500,writes=600', 'whole number'],
    ['BUDGET_RESERVE', 'writes=10000', 'must be less than CONSTANT_CONTACT_REQUESTS_PER_DAY'],
    ['REFERENCE_CACHE_SECONDS', '86401', 'must be a whole number from 0 to 86,400, not "86401"'],
    ['CACHE', 'lists=60,friends=5', '"friends" is not a family. The families are account, lists, '],
    ['CACHE', 'customFields=60', '"customFields" is not a family. Did you mean custom-fields\\?'],
    ['CACHE', 'list=60', '"list" is not a family. Did you mean lists\\? The families are account, '],
    ['CACHE', 'Lists=60', '"Lists" is not a family. Did you mean lists\\?'],
    ['CACHE', 'lists:60', '"lists:60" is not a family. Did you mean lists\\?'],
    ['CACHE', 'toString=5', '"toString" is not a family. The families are'],
    ['CACHE', 'lists=1e3', 'lists must be 0 to 86,400 seconds, without a unit, not 1e3'],
    ['CACHE', 'lists=+5', 'lists must be 0 to 86,400 seconds'],
    ['CACHE', 'lists=6 0', 'lists must be 0 to 86,400 seconds'],
    ['CACHE', 'lists=0x10', 'lists must be 0 to 86,400 seconds'],
    ['CACHE', 'lists=99999999999999999999', 'lists must be 0 to 86,400 seconds'],
    ['CACHE', 'lists=60;tags=5', 'lists must be 0 to 86,400 seconds'],
    ['CACHE', 'lists=60s', 'lists must be 0 to 86,400 seconds, without a unit, not 60s$'],
    ['CACHE', 'nonsense', '=120. "nonsense" is not a family. The families are account, lists'],
    ['CACHE', '60', 'such as lists=60,contacts=120. "60" is not a family. The families are'],
    ['CACHE', ',', 'family=seconds'],
    ['CACHE', 'lists=-1', 'lists must be 0 to 86,400 seconds, without a unit, not -1'],
    ['CACHE', 'lists=1.5', 'lists must be 0 to 86,400 seconds'],
    ['CACHE', 'lists=86401', 'lists must be 0 to 86,400 seconds'],
    ['CACHE', 'lists=1h', 'lists must be 0 to 86,400 seconds'],
    ['CACHE', 'lists=60=5', 'lists must be 0 to 86,400 seconds'],
    ['CACHE', 'lists', 'give lists an age in seconds, such as lists=60'],
    ['CACHE', 'lists=', 'give lists an age in seconds'],
    ['CACHE', 'lists=60,', 'family=seconds'],
    ['CACHE', '=60', 'family=seconds'],
    ['CACHE', 'lists=60,tags=5,lists=60', 'not name lists twice'],
    ...['ACCESS_KEYS', 'ACCESS_JWKS_URL', 'CACHE', 'PERSISTED_OPERATIONS_FILE', 'REDIS_URL'].map((name) => [
      name,
      '',
      'is empty',
    ]),
    ...['""', '"abc"', "'abc'", 'undefined', 'null', '${TOKEN}', 'Bearer'].map((value) => [
      'CONSTANT_CONTACT_ACCESS_TOKEN',
      value,
      'remove quotes, or replace the placeholder',
    ]),
    ['SANBOX', 'off', 'Did you mean SANDBOX'],
    ['METRIC', 'on', 'Did you mean METRICS'],
    ['export CONSTANT_CONTACT_ACCESS_TOKEN', 'abc', 'Did you mean CONSTANT_CONTACT_ACCESS_TOKEN'],
    ['CACHE', ' ', 'is empty'],
    ['STALE', 'long', 'whole number with a unit'],
    ['STALE', '3600', 'whole number with a unit'],
    ['STALE', '-1h', 'whole number with a unit'],
    ['STALE', '8d', 'at most 7d'],
    ['STALE', '1e3s', 'whole number with a unit'],
    ['STALE', '1.5h', 'whole number with a unit'],
    ['STALE', '1h30m', 'whole number with a unit'],
    ['STALE', '1 h', 'whole number with a unit'],
    ['STALE', '999999999d', 'at most 7d'],
    ['PORT', '65536', 'must be a whole number from 0 to 65,535, not "65536"'],
    ['PORT', 'abc', 'whole number from 0 to 65,535, not "abc"'],
    ['HOST', 'http://x', 'host name'],
    ['ALLOWED_ORIGINS', 'https://a.example/path', 'not an origin'],
    ['LOG_LEVEL', 'loud', 'must be one of trace'],
  ])('%s=%s', (name = '', value = '', why = '') => {
    const read = () => readConfig({ [name]: value });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(new RegExp(`^${name}:? .*${why}`));
  });

  it('for a reserve of calls without a daily limit', () => {
    const unlimited = { SANDBOX: 'on', CONSTANT_CONTACT_REQUESTS_PER_DAY: '0', BUDGET_RESERVE: 'writes=1' };
    expect(() => readConfig(unlimited)).toThrow(/^BUDGET_RESERVE .*CONSTANT_CONTACT_REQUESTS_PER_DAY is 0/);
    expect(readConfig({ ...unlimited, BUDGET_RESERVE: 'writes=0' }).reservedForMutations).toBe(0);
    expect(readConfig({ BUDGET_RESERVE: 'writes=9999' }).reservedForMutations).toBe(9_999);
  });

  it('together with all other invalid ones', () => {
    expect(() => readConfig({ PORT: 'x', LOG_LEVEL: 'y' })).toThrow(/PORT .*\nLOG_LEVEL /);
  });

  it('without quoting a secret', () => {
    expect(() => readConfig({ CONSTANT_CONTACT_ACCESS_TOKEN: 'se cret' })).not.toThrow(/cret/);
  });

  it.each(['CONSTANT_CONTACT_CLIENT_SECRET', 'CONSTANT_CONTACT_REFRESH_TOKEN'])(
    'for %s without a client',
    (name) => {
      expect(() => readConfig({ [name]: 'marked' })).toThrow(/^CONSTANT_CONTACT_CLIENT_ID (?!.*marked)/);
    },
  );

  it('for incomplete partner credentials', () => {
    expect(() => readConfig({ CONSTANT_CONTACT_PARTNER_API_KEY: 'k' })).toThrow(
      /^CONSTANT_CONTACT_PARTNER_TOKEN /,
    );
    expect(() => readConfig({ CONSTANT_CONTACT_PARTNER_TOKEN: 't' })).toThrow(
      /^CONSTANT_CONTACT_PARTNER_API_KEY /,
    );
  });
});

it.each([
  ['REDIS_NAMESPACE', 'shop', 'REDIS_URL'],
  ['REDIS_PROCESSES', '2', 'REDIS_URL'],
  ['ACCESS_WRITE_SCOPE', 'write', 'ACCESS_JWKS_URL'],
  ['ACCESS_JWT_HEADER', 'x-jwt', 'ACCESS_JWKS_URL'],
  ['ALLOWED_HEADERS', 'x-tenant', 'ALLOWED_ORIGINS'],
])('%s=%s is rejected without %s', (name, value, required) => {
  expect(() => readConfig({ [name]: value })).toThrow(
    `${required} must be set as well: ${name} applies to it`,
  );
});

it.each(['MCP_TOOLS', 'ALLOWED_ORIGINS', 'ALLOWED_HEADERS'])(
  'a list without entries is rejected: %s',
  (name) => {
    expect(() => readConfig({ [name]: ' , ,' })).toThrow(`${name} must have at least one entry`);
  },
);

it('lists of origins are read', () => {
  expect(readConfig({ ALLOWED_ORIGINS: 'https://a.example, http://localhost:5173' }).allowedOrigins).toEqual([
    'https://a.example',
    'http://localhost:5173',
  ]);
});

const ORIGINS = { ALLOWED_ORIGINS: 'https://a.example' };

it('lists of header names are read', () => {
  const { allowedHeaders } = readConfig({ ...ORIGINS, ALLOWED_HEADERS: 'X-Tenant, x-feature_flags,,_x.y' });
  expect(allowedHeaders).toEqual(['x-tenant', 'x-feature_flags', '_x.y']);
});

it.each(['x-tenant: 1', 'a b', '*', 'é', '"x"'])('an invalid header name is rejected: %s', (name) => {
  const refused = `ALLOWED_HEADERS: "${name.toLowerCase()}" is not`;
  expect(() => readConfig({ ...ORIGINS, ALLOWED_HEADERS: `x-ok,${name}` })).toThrow(refused);
});

describe('access', () => {
  const jwt = {
    ACCESS_JWKS_URL: 'https://id.example.com/keys',
    ACCESS_ISSUER: 'https://id.example.com',
    ACCESS_AUDIENCE: 'graph',
  };

  it('uses tokens when issuer, audience and keys are given', () => {
    expect(readConfig({ ...jwt, ACCESS_WRITE_SCOPE: 'write' }).access.jwt).toEqual({
      jwksUrl: 'https://id.example.com/keys',
      issuer: 'https://id.example.com',
      audience: 'graph',
      header: 'x-access-token',
      writeScope: 'write',
    });
  });

  it.each([
    [{ ACCESS_JWKS_URL: jwt.ACCESS_JWKS_URL }, /ACCESS_ISSUER and ACCESS_AUDIENCE must be set as well/],
    [
      { ...jwt, ACCESS_JWKS_URL: 'http://id.example.com/keys' },
      /ACCESS_JWKS_URL must be a URL that starts with https/,
    ],
    ...['Authorization', 'Content-Type', 'accept', 'cache-control', 'sec-fetch-site', 'traceparent'].map(
      (name): [object, RegExp] => [
        { ...jwt, ACCESS_JWT_HEADER: name },
        /ACCESS_JWT_HEADER must be the name of a header other than/,
      ],
    ),
    [{ ...jwt, ACCESS: 'open' }, /ACCESS=open/],
    [{ ACCESS: 'none' }, /ACCESS must be open/],
    [{ INTROSPECTION: 'yes' }, /INTROSPECTION must be on or off/],
    [{ MAX_QUERY_COST: 'many' }, /MAX_QUERY_COST must be a whole number/],
  ])('%j is rejected', (env, message) => {
    expect(() => readConfig(env as Record<string, string>)).toThrow(message);
  });
});

describe('the Redis configuration', () => {
  it('is used when there is a URL', () => {
    const REDIS_URL = 'rediss://:password@redis.example.com:6380';
    const defaults = { url: REDIS_URL, caFile: null, namespace: null, processes: 4, secret: null };
    expect(readConfig({ REDIS_URL }).redis).toEqual(defaults);
    const more = {
      REDIS_NAMESPACE: 'shop',
      REDIS_PROCESSES: '2',
      REDIS_CA: '/etc/redis/ca.pem',
      CONSTANT_CONTACT_TOKEN_KEY: 'ab'.repeat(32),
    };
    expect(readConfig({ REDIS_URL, CONSTANT_CONTACT_ACCESS_TOKEN: 'abc', ...more }).redis).toEqual({
      url: REDIS_URL,
      caFile: '/etc/redis/ca.pem',
      namespace: 'shop',
      processes: 2,
      secret: Buffer.alloc(32, 0xab),
    });
  });

  it.each([
    [{ REDIS_URL: 'http://:password@localhost' }, /REDIS_URL must be a URL such as redis:/],
    [{ REDIS_URL: 'redis://:password@localhost/name' }, /REDIS_URL must be a URL such as redis:/],
    [{ REDIS_URL: 'redis+sentinel://:password@localhost' }, /REDIS_URL must be a URL such as redis:/],
    [{ REDIS_URL: 'redis+cluster://:password@localhost/2' }, /REDIS_URL must be a URL such as redis:/],
    [{ REDIS_NAMESPACE: '{other}' }, /REDIS_NAMESPACE must be/],
    [{ REDIS_PROCESSES: '0' }, /REDIS_PROCESSES must be a whole number from 1 to 10,000/],
    [{ REDIS_CA: '/ca.pem' }, /REDIS_URL must be set as well/],
    [{ REDIS_CA: '/ca.pem', REDIS_URL: 'redis://:password@localhost' }, /REDIS_URL must start with rediss:/],
  ])('%j is rejected without quoting a password', (env, message) => {
    expect(() => readConfig(env as Record<string, string>)).toThrow(message);
    expect(() => readConfig(env as Record<string, string>)).not.toThrow(/:password@localhost/);
  });
});
