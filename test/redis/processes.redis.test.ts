import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { CLI } from '../support/build.js';
import { startRedis, until, type RedisServer } from '../support/redis.js';
import { stopwatch } from '../support/stopwatch.js';

const NAMESPACE = 'processes';
/** Of a partner's key, so that less time is spent on waiting. */
const PER_SECOND = 10;

/** One facade process. */
interface Process {
  child: ChildProcess;
  url: string;
  log: () => string;
}

interface Answer {
  data?: any;
  errors?: { message: string; extensions: { code: string } }[];
  extensions: { upstream: { calls: number; cached: number } };
}

let redis: RedisServer;
let sandbox: Sandbox;
let processes: Process[] = [];

beforeAll(async () => {
  [redis, sandbox] = await Promise.all([
    startRedis(),
    createSandbox({ requestsPerSecond: PER_SECOND, requestsPerDay: 10_000, validate: false }),
  ]);
  processes = await Promise.all([startProcess(), startProcess(), startProcess()]);
  await until(connected, 'the connection of all processes');
});
afterAll(async () => {
  for (const { child } of processes) child.kill('SIGKILL');
  await sandbox.close();
  await redis.close();
});
beforeEach(() => {
  sandbox.journal.clear();
});

async function startProcess(): Promise<Process> {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [CLI, 'serve'], {
    env: {
      PATH,
      HOME,
      PORT: '0',
      CONSTANT_CONTACT_API_URL: sandbox.url,
      CONSTANT_CONTACT_ACCESS_TOKEN: sandbox.token,
      CONSTANT_CONTACT_REQUESTS_PER_SECOND: String(PER_SECOND),
      REDIS_URL: redis.url,
      REDIS_NAMESPACE: NAMESPACE,
      REDIS_PROCESSES: '3',
    },
  });
  let [out, log] = ['', ''];
  child.stdout.on('data', (text) => (out += String(text)));
  child.stderr.on('data', (text) => (log += String(text)));
  await until(() => /\/graphql/.test(out) || child.exitCode !== null, 'the start');
  const url = /http:\S+\/graphql/.exec(out)?.[0];
  if (!url) throw new Error(log);
  return { child, url, log: () => log };
}

async function health({ url }: Process): Promise<any> {
  return (await fetch(new URL('/healthz', url))).json();
}

async function connected(): Promise<boolean> {
  const answers = await Promise.all(processes.map(health));
  return answers.every(({ redis: { status } }) => status === 'connected');
}

async function ask({ url }: Process, query: string): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as Answer;
}

/** Asks each query of one of the processes, some of them at the same time in each, and gives those answers that have errors. */
async function askAll(queries: string[], atOnce: number): Promise<Answer[]> {
  const failed: Answer[] = [];
  const waiting = [...queries];
  const worker = async (at: Process) => {
    for (let query = waiting.shift(); query !== undefined; query = waiting.shift()) {
      const answer = await ask(at, query);
      if (answer.errors) failed.push(answer);
    }
  };
  await Promise.all(processes.flatMap((at) => Array.from({ length: atOnce }, () => worker(at))));
  return failed;
}

const distinct = (name: string, n: number): string[] =>
  Array.from({ length: n }, (_, at) => `{ contactByEmail(email: "${name}${at}@example.com") { id } }`);

it('sends 200 queries from three processes without a failure, and never more than 10 per second', async () => {
  const elapsed = stopwatch([redis.pid(), ...processes.map(({ child }) => child.pid)]);
  expect(await askAll(distinct('reader', 200), 8)).toEqual([]);
  const seconds = elapsed() / 1_000;
  expect(sandbox.journal.count()).toBe(200);
  expect(sandbox.journal.entries.filter(({ status }) => status === 429)).toEqual([]);
  expect(sandbox.journal.busiestSecond()).toBe(PER_SECOND);
  // The budget is also used: 20 seconds is what it takes at best.
  expect(seconds).toBeLessThan(26);
  const remaining = async (one: Process) => (await health(one)).rateLimit.remainingToday as number;
  await until(
    async () => (await Promise.all(processes.map(remaining))).every((calls) => calls === 9_800),
    'the count of all',
  );
});

it('survives the loss of Redis under load', async () => {
  const run = askAll(distinct('survivor', 120), 4);
  await until(() => sandbox.journal.count() >= 30, 'the first quarter');
  await redis.kill();
  await until(
    async () => (await health(processes[1] as Process)).redis.status === 'unreachable',
    'the alarm',
  );
  expect((await health(processes[1] as Process)).redis).toMatchObject({ requestsPerSecond: 3 });
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  await redis.start();
  await until(connected, 'the return of all processes');
  expect(await run).toEqual([]);
  expect(sandbox.journal.count()).toBe(120);
  expect(sandbox.journal.busiestSecond()).toBeLessThanOrEqual(PER_SECOND);
  for (const { log } of processes) {
    expect(log()).toContain('Redis unreachable');
    expect(log().match(/Redis connected/g)?.length).toBeGreaterThanOrEqual(2);
    expect(log()).not.toContain(redis.url);
  }
});

it('shares reads until any process writes', async () => {
  const [a, b, c] = processes as [Process, Process, Process];
  const lists = '{ contacts(first: 1) { nodes { lists { id name } } } }';
  const scans = () => sandbox.journal.count('getLists');
  const namesIn = async (at: Process): Promise<string[]> => {
    const { data, errors } = await ask(at, lists);
    expect(errors).toBeUndefined();
    return data.contacts.nodes.flatMap((one: any) => one.lists.map(({ name }: { name: string }) => name));
  };
  const before = await namesIn(a);
  expect(before.length).toBeGreaterThan(0);
  expect(scans()).toBe(1);
  expect(await namesIn(b)).toEqual(before);
  expect(await namesIn(c)).toEqual(before);
  expect(scans()).toBe(1);

  const { id } = (await ask(a, lists)).data.contacts.nodes[0].lists[0];
  const made = await ask(
    c,
    `mutation { updateContactList(input: { id: "${id}", name: "Renamed elsewhere" }) { userErrors { message } } }`,
  );
  expect(made).toMatchObject({ data: { updateContactList: { userErrors: [] } } });
  for (const one of [a, b, c]) expect(await namesIn(one)).toContain('Renamed elsewhere');
  expect(scans()).toBe(2);
});

it('has no account data in the names of its keys', async () => {
  const keys = await redis.client.keys('*');
  expect(keys.some((key) => key.includes(':reference:'))).toBe(true);
  for (const key of keys) {
    expect(key).toMatch(/^constant-contact:\{processes\}:[\w:-]+$/);
    expect(key).not.toContain(sandbox.token);
  }
});

it('tells all processes when the API reports the day as spent', async () => {
  const [a, b, c] = processes as [Process, Process, Process];
  sandbox.faults.script({ times: 1, fault: { kind: 'quotaExceeded' } });
  const [query = ''] = distinct('late', 1);
  expect((await ask(a, query)).errors?.[0]?.extensions.code).toBe('QUOTA_EXHAUSTED');
  for (const one of [b, c, a]) {
    const answer = await ask(one, query);
    expect(answer.errors?.[0]?.extensions.code).toBe('QUOTA_EXHAUSTED');
    expect(answer.extensions.upstream.calls).toBe(0);
  }
  expect(sandbox.journal.count()).toBe(1);
  expect((await health(c)).rateLimit.remainingToday).toBe(0);
});

it('warns at the start when Redis holds client data in plain text', () => {
  for (const { log } of processes) expect(log()).toContain('Redis stores client data in plain text');
});

const doctor = async (env: Record<string, string>): Promise<string> => {
  const { PATH, HOME } = process.env;
  const api = { CONSTANT_CONTACT_API_URL: sandbox.url, CONSTANT_CONTACT_CLIENT_ID: 'client' };
  const child = spawn(process.execPath, [CLI, 'doctor'], {
    env: { PATH, HOME, ...api, CONSTANT_CONTACT_AUTH_URL: sandbox.oauth.url, ...env },
  });
  let out = '';
  child.stdout.on('data', (text) => (out += String(text)));
  await once(child, 'close');
  return out;
};

it('lets doctor check Redis', async () => {
  await redis.client.config('SET', 'requirepass', 'right');
  const key = { CONSTANT_CONTACT_TOKEN_KEY: randomBytes(32).toString('base64') };
  const [wrong, right, encrypted] = await Promise.all([
    doctor({ REDIS_URL: redis.url.replace('//', '//:wrong@') }),
    doctor({ REDIS_URL: redis.url.replace('//', '//:right@') }),
    doctor({ REDIS_URL: redis.url.replace('//', '//:right@'), ...key }),
  ]);
  expect(encrypted).toMatch(/ok +Redis +Redis is reachable/);
  expect(encrypted).not.toContain('plain text');
  expect(wrong).toMatch(/problem +Redis +Redis does not accept the user name and password of REDIS_URL/);
  expect(right).toMatch(/ok +Redis +Redis is reachable/);
  expect(right).toMatch(/problem +Redis +Redis stores the login.*\n.*appendonly yes/);
  expect(right).toMatch(
    /note +Redis +Redis stores client data in plain text.*\n.*CONSTANT_CONTACT_TOKEN_KEY/,
  );
  expect(wrong + right).not.toMatch(/:wrong|:right/);
});
