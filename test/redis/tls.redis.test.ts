import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { runCommand, type Command } from '../support/command.js';
import { startRedis, until, type RedisServer } from '../support/redis.js';

let directory: string;
let redis: RedisServer;
let sandbox: Sandbox;
let server: Command | undefined;

const file = (name: string) => join(directory, name);
const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' });

/** A private certificate authority. */
function makeAuthority(name: string): void {
  const basics = ['-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${name}`];
  openssl('req', '-x509', ...basics, '-keyout', `${name}.key`, '-out', `${name}.pem`);
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'redis-tls-'));
  makeAuthority('authority');
  makeAuthority('stranger');
  await writeFile(file('names'), 'subjectAltName=IP:127.0.0.1');
  openssl(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    '/CN=redis',
    '-keyout',
    'redis.key',
    '-out',
    'csr',
  );
  const issuer = ['-CA', 'authority.pem', '-CAkey', 'authority.key', '-CAcreateserial', '-extfile', 'names'];
  openssl('x509', '-req', '-in', 'csr', ...issuer, '-days', '2', '-out', 'redis.pem');
  redis = await startRedis({
    ca: file('authority.pem'),
    certificate: file('redis.pem'),
    key: file('redis.key'),
  });
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
  await rm(directory, { recursive: true, force: true });
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
  await until(async () => (await read()) === status, status, 20_000);
}

it('connects to a Redis whose certificate is signed by a private authority', async () => {
  expect(redis.url).toMatch(/^rediss:/);
  await expectStatus('connected', { REDIS_CA: file('authority.pem') });
});

it.each([
  ['without the authority', {}],
  ['with another authority', { REDIS_CA: 'stranger.pem' }],
])('rejects it %s, and says why', async (_, env: { REDIS_CA?: string }) => {
  await expectStatus('unreachable', env.REDIS_CA === undefined ? {} : { REDIS_CA: file(env.REDIS_CA) });
  await server?.printed(/Redis unreachable/);
  expect(server?.output()).toMatch(/UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED|UNABLE_TO_GET_ISSUER/);
});

it.each([
  [
    'a file that does not exist',
    'absent.pem',
    /REDIS_CA must be the path of a file with certificates.*ENOENT/,
  ],
  ['a file without certificates', 'names', /REDIS_CA must be the path of a file with certificates/],
])('does not start with %s', async (_, name, message) => {
  const command = runCommand(['serve', '--port', '0'], {
    CONSTANT_CONTACT_ACCESS_TOKEN: 'some-token',
    REDIS_URL: redis.url,
    REDIS_CA: file(name),
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
