import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { runCommand, type Command } from '../support/command.js';
import { generator } from '../support/random.js';
import { startRedis, type RedisServer } from '../support/redis.js';

const ROUNDS = 20;
const KEY = randomBytes(32).toString('base64');

interface Process {
  command: Command;
  url: string;
}

let redis: RedisServer;
let sandbox: Sandbox;
const processes: Process[] = [];

beforeAll(async () => {
  [redis, sandbox] = await Promise.all([
    startRedis(),
    createSandbox({ contacts: 20, requestsPerSecond: 0, requestsPerDay: 0, validate: false }),
  ]);
});
afterAll(async () => {
  for (const { command } of processes) command.kill('SIGKILL');
  await sandbox.close();
  await redis.close();
});

async function startProcess(): Promise<Process> {
  const command = runCommand(['serve'], {
    PORT: '0',
    LOG_LEVEL: 'warn',
    CONSTANT_CONTACT_API_URL: sandbox.url,
    CONSTANT_CONTACT_ACCESS_TOKEN: sandbox.token,
    CONSTANT_CONTACT_TOKEN_KEY: KEY,
    CONSTANT_CONTACT_REQUESTS_PER_SECOND: '0',
    CONSTANT_CONTACT_REQUESTS_PER_DAY: '0',
    CACHE: 'contacts=300',
    STALE: '1h',
    REDIS_URL: redis.url,
    REDIS_NAMESPACE: 'killed',
  });
  const [url] = await command.printed(/http:\S+\/graphql/);
  const started = { command, url };
  processes.push(started);
  return started;
}

/** Null when the process ended before it answered. */
async function ask({ url }: Process, query: string): Promise<any> {
  const body = JSON.stringify({ query });
  const headers = { 'content-type': 'application/json' };
  return fetch(url, { method: 'POST', headers, body }).then(
    (response) => response.json().catch(() => null),
    () => null,
  );
}

it('no caller gets data from before a completed write when a process is killed at any moment', async () => {
  const random = generator(27);
  const [contact] = [...sandbox.account().contacts].filter((row) => !row.deleted_at && row.email);
  const id = contact!.contact_id;
  const byId = `{ contact(id: "${id}") { firstName } }`;
  const rename = (process: Process, name: string) =>
    ask(
      process,
      `mutation { updateContact(input: { id: "${id}", firstName: "${name}" }) { userErrors { message } } }`,
    );
  const wrong: string[] = [];
  let [survivor, victim] = await Promise.all([startProcess(), startProcess()]);
  let [cached, killedInWrite] = [0, 0];
  for (let round = 0; round < ROUNDS; round += 1) {
    const next = startProcess();
    // Both have it, and read it again all the time.
    await Promise.all([ask(survivor, byId), ask(victim, byId)]);
    const around = [survivor, victim, survivor, victim].map((one) => ask(one, byId));
    const names = [`Survivor ${String(round)}`, `Victim ${String(round)}`] as const;
    const first = await rename(survivor, names[0]);
    expect(first).toMatchObject({ data: { updateContact: { userErrors: [] } } });
    const written = rename(victim, names[1]);
    const isDone = await Promise.race([
      written.then((answer) => answer !== null),
      new Promise<boolean>((resolve) => setTimeout(resolve, random() * 15, false)),
    ]);
    victim.command.kill('SIGKILL');
    if (!isDone) killedInWrite += 1;
    // A write that was cut off may have been carried out or not.
    const allowed: string[] = (await written)?.data ? [names[1]] : [...names];
    victim = await next;
    const seen = await Promise.all([survivor, victim, survivor].map((one) => ask(one, byId)));
    await Promise.all(around);
    for (const answer of [...seen, await ask(survivor, byId), await ask(victim, byId)]) {
      const { firstName } = answer.data.contact;
      if (!allowed.includes(firstName as string)) wrong.push(`${allowed.join(' or ')}: ${String(firstName)}`);
      cached += answer.extensions.upstream.cached;
    }
    [survivor, victim] = random() < 0.5 ? [survivor, victim] : [victim, survivor];
  }
  expect(wrong).toEqual([]);
  // And not because nothing was kept, or because each write was over.
  expect(cached).toBeGreaterThan(ROUNDS);
  expect(killedInWrite).toBeGreaterThan(0);
});
