import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { Authorities, type Authority, type Certificate } from '../support/certificates.js';
import { runCommand, type Command } from '../support/command.js';
import { startRedis, until, type RedisServer } from '../support/redis.js';

let redis: RedisServer;
let sandbox: Sandbox;
let server: Command | undefined;
let authority: Authority;
let stranger: Authority;
let certificate: Certificate;
const authorities = new Authorities();

beforeAll(async () => {
  authority = await authorities.create('authority');
  stranger = await authorities.create('stranger');
  certificate = await authority.issue(['127.0.0.1']);
  redis = await startRedis(certificate);
  sandbox = await createSandbox({ contacts: 5, campaigns: 1, requestsPerSecond: 0 });
});
afterEach(async () => {
  server?.kill('SIGTERM');
  await server?.exited;
  server = undefined;
});
afterAll(async () => {
  await sandbox.close();
  await redis.close();
  await authorities.close();
});

/** Starts a server, and waits until `/healthz` says this of Redis. */
async function expectStatus(status: string, env: Record<string, string>): Promise<void> {
  server = runCommand(['serve', '--port', '0'], {
    CONSTANT_CONTACT_API_URL: sandbox.url,
    CONSTANT_CONTACT_ACCESS_TOKEN: sandbox.token,
    REDIS_URL: redis.url,
    ...env,
  });
  const [, url = ''] = await server.printed(/(http:\S+)\/graphql\s/);
  const read = async () =>
    ((await (await fetch(`${url}/healthz`)).json()) as { redis: { status: string } }).redis.status;
  await until(async () => (await read()) === status, status);
}

it('connects to a Redis whose certificate is signed by a private authority', async () => {
  expect(redis.url).toMatch(/^rediss:/);
  await expectStatus('connected', { REDIS_CA: authority.ca });
});

it.each([
  ['without the authority', () => ({})],
  ['with another authority', () => ({ REDIS_CA: stranger.ca })],
])('rejects it %s, and says why', async (_, env: () => Record<string, string>) => {
  await expectStatus('unreachable', env());
  await server?.printed(/Redis unreachable/);
  expect(server?.output()).toMatch(/UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED|UNABLE_TO_GET_ISSUER/);
  expect(server?.output()).toContain('signed by an authority that is not trusted. Set REDIS_CA');
});

describe('with a certificate that does not fit', () => {
  const cases: [name: string, issue: () => Promise<Certificate>, code: string, advice: string][] = [
    [
      'that has expired',
      () => authority.issue(['127.0.0.1'], { isExpired: true }),
      'CERT_HAS_EXPIRED',
      'has expired. Renew it',
    ],
    [
      'for another host',
      () => authority.issue(['redis.example', '127.0.0.2']),
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'is for other hosts',
    ],
  ];
  /** Logs of servers that use this one as a server, as a cluster and as sentinels. */
  const outputs = (url: string) =>
    Promise.all(
      [
        ['rediss', ''],
        ['rediss+cluster', ''],
        ['rediss+sentinel', '/primary'],
      ].map(async ([scheme = '', path = '']) => {
        const command = runCommand(['serve', '--port', '0'], {
          CONSTANT_CONTACT_API_URL: sandbox.url,
          CONSTANT_CONTACT_ACCESS_TOKEN: sandbox.token,
          REDIS_CA: authority.ca,
          REDIS_URL: url.replace('rediss', scheme) + path,
        });
        await command.printed(/Redis unreachable/);
        await command.printed(/\/graphql\s/);
        command.kill('SIGTERM');
        await command.exited;
        return command.output();
      }),
    );

  it.each(cases)('%s, says at the start what to correct', async (_, issue, code, advice) => {
    const other = await startRedis(await issue());
    try {
      for (const output of await outputs(other.url)) {
        expect(output).toContain(code);
        expect(output).toContain(advice);
      }
      const doctor = runCommand(['doctor'], {
        CONSTANT_CONTACT_API_URL: sandbox.url,
        CONSTANT_CONTACT_ACCESS_TOKEN: sandbox.token,
        REDIS_CA: authority.ca,
        REDIS_URL: other.url,
      });
      await doctor.exited;
      expect(doctor.output()).toContain(advice);
    } finally {
      await other.close();
    }
  });

  it('says that Redis wants a client certificate', async () => {
    await redis.client.config('SET', 'tls-auth-clients', 'yes');
    try {
      for (const output of await outputs(redis.url))
        expect(output).toContain('Redis requires a client certificate');
    } finally {
      await redis.client.config('SET', 'tls-auth-clients', 'no');
    }
  });
});

it.each([
  [
    'a file that does not exist',
    () => `${authority.ca}.absent`,
    /REDIS_CA must be the path of a file with certificates.*ENOENT/,
  ],
  [
    'a file without certificates',
    () => certificate.key,
    /REDIS_CA must be the path of a file with certificates/,
  ],
])('does not start with %s', async (_, path, message) => {
  const command = runCommand(['serve', '--port', '0'], {
    CONSTANT_CONTACT_ACCESS_TOKEN: 'some-token',
    REDIS_URL: redis.url,
    REDIS_CA: path(),
  });
  expect(await command.exited).toBe(1);
  expect(command.output()).toMatch(message);
});

it('does not start when only one side uses TLS, and says so', async () => {
  const plain = await startRedis();
  try {
    const expectRefusal = async (REDIS_URL: string, message: RegExp) => {
      const command = runCommand(['serve', '--port', '0'], {
        CONSTANT_CONTACT_API_URL: sandbox.url,
        REDIS_URL,
      });
      expect(await command.exited).toBe(1);
      expect(command.output()).toMatch(message);
    };
    const { host } = new URL(plain.url);
    await Promise.all([
      expectRefusal(redis.url.replace('rediss', 'redis'), /the server uses TLS.*Write rediss/),
      expectRefusal(plain.url.replace('redis', 'rediss'), /the server does not use TLS.*Write redis/),
      expectRefusal(`rediss+cluster://${host}`, /the server does not use TLS/),
      expectRefusal(`rediss+sentinel://${host}/primary`, /the server does not use TLS/),
    ]);
  } finally {
    await plain.close();
  }
});
