import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FAMILIES } from '../../src/constant-contact/cache/ages.js';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { runCommand, type Command } from '../support/command.js';
import { contentsOf, startRedis, type RedisServer } from '../support/redis.js';
import { hammer, markTenants, TENANT_ACCOUNTS, TENANTS } from '../support/tenants.js';

const SECONDS = 10;
const PROCESSES = 3;
const KEY = randomBytes(32).toString('base64');

let redis: RedisServer;
let sandbox: Sandbox;
const commands: Command[] = [];

beforeAll(async () => {
  [redis, sandbox] = await Promise.all([
    startRedis(),
    createSandbox({ tokens: TENANT_ACCOUNTS, requestsPerSecond: 0, requestsPerDay: 0, validate: false }),
  ]);
  markTenants(sandbox);
});
afterAll(async () => {
  for (const command of commands) command.kill('SIGKILL');
  await sandbox.close();
  await redis.close();
});

async function startProcess(): Promise<string> {
  const command = runCommand(['serve'], {
    PORT: '0',
    LOG_LEVEL: 'warn',
    CONSTANT_CONTACT_API_URL: sandbox.url,
    CONSTANT_CONTACT_TOKEN_KEY: KEY,
    CONSTANT_CONTACT_REQUESTS_PER_SECOND: '0',
    CONSTANT_CONTACT_REQUESTS_PER_DAY: '0',
    CACHE: FAMILIES.map((family) => `${family}=5`).join(','),
    STALE: '1h',
    REDIS_URL: redis.url,
  });
  commands.push(command);
  const [url] = await command.printed(/http:\S+\/graphql/);
  return url;
}

it('several processes with one Redis never give one account what is the other’s, and Redis shows nothing of either', async () => {
  const urls = await Promise.all(Array.from({ length: PROCESSES }, startProcess));
  let turn = 0;
  const cached = await hammer(sandbox, SECONDS, async (token, query) => {
    const response = await fetch(urls[(turn += 1) % PROCESSES] as string, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query }),
    });
    return (await response.json()) as { data?: any; errors?: any; extensions: any };
  });
  expect(cached).toBeGreaterThan(0);
  const contents = await contentsOf(redis.client);
  const includes = (text: string) => contents.includes(text);
  expect([':reference:', ':generation:'].every(includes)).toBe(true);
  expect([...Object.keys(TENANTS), ...Object.values(TENANTS)].filter(includes)).toEqual([]);
});
