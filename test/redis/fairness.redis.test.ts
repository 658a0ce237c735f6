import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { generateAccessKey } from '../../src/server/access/keys.js';
import { runCommand, type Command } from '../support/command.js';
import { startRedis, type RedisServer } from '../support/redis.js';
import { stopwatch } from '../support/stopwatch.js';

const PER_SECOND = 4;
/** Of the tenant who has a lot to do, at any moment and in each process. */
const WAITING = 35;

const [busy, calm] = [generateAccessKey('busy', false), generateAccessKey('calm', false)];

let redis: RedisServer;
let sandbox: Sandbox;
let processes: (Command & { url: string })[] = [];

beforeAll(async () => {
  [redis, sandbox] = await Promise.all([
    startRedis(),
    createSandbox({ requestsPerSecond: PER_SECOND, validate: false }),
  ]);
  processes = await Promise.all([1, 2, 3].map(start));
});
afterAll(async () => {
  for (const process of processes) process.kill('SIGKILL');
  await sandbox?.close();
  await redis?.close();
});

async function start() {
  const command = runCommand(['serve'], {
    PORT: '0',
    ACCESS_KEYS: `${busy.entry},${calm.entry}`,
    CONSTANT_CONTACT_API_URL: sandbox.url,
    CONSTANT_CONTACT_ACCESS_TOKEN: sandbox.token,
    REDIS_URL: redis.url,
    REDIS_PROCESSES: '3',
  });
  const [url] = await command.printed(/http:\S+\/graphql(?=\s)/);
  return { ...command, url };
}

let number = 0;
const nextEmail = () => `reader${String((number += 1))}@example.com`;
/** A query that costs one REST call. */
async function ask(url: string, key: string, email = nextEmail()): Promise<any> {
  const query = `{ contactByEmail(email: "${email}") { id } }`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': key },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it('serves a tenant with one query per second while the queries of another pile up in three processes', async () => {
  let isGoing = true;
  const elapsed = stopwatch([redis.pid(), ...processes.map(({ pid }) => pid)]);
  const failed: unknown[] = [];
  const workers = processes.flatMap(({ url }) =>
    Array.from({ length: WAITING }, async () => {
      while (isGoing) {
        const { errors } = await ask(url, busy.key);
        if (errors && isGoing) failed.push(errors);
      }
    }),
  );
  await pause(5_000);
  // Calls of others that are sent first, rather than milliseconds: those also grow when the machine is busy.
  const waits = await Promise.all(
    Array.from({ length: 20 }, async (_, second) => {
      await pause(second * 1_000);
      const email = nextEmail();
      const before = sandbox.journal.count();
      expect(await ask(String(processes[0]?.url), calm.key, email)).not.toHaveProperty('errors');
      const sent = sandbox.journal.entries.findIndex(({ query }) =>
        query.includes(encodeURIComponent(email)),
      );
      expect(sent).toBeGreaterThanOrEqual(before);
      return sent - before;
    }),
  );
  const requests = sandbox.journal.count();
  const seconds = elapsed() / 1_000;
  isGoing = false;
  for (const process of processes) process.kill('SIGKILL');
  await Promise.allSettled(workers);
  waits.sort((a, b) => a - b);
  // Three seconds, of four calls each.
  expect(waits[18]).toBeLessThan(3 * PER_SECOND);
  expect(failed).toEqual([]);
  expect(sandbox.journal.busiestSecond()).toBeLessThanOrEqual(PER_SECOND);
  // Turns cost little: four in 1.05 seconds are the most that is possible.
  expect(requests).toBeGreaterThan((seconds / 1.05) * PER_SECOND * 0.85);
});
