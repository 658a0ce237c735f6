import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { openEvents } from '../support/events.js';
import { startRedis, until, type RedisServer } from '../support/redis.js';
import { startWorkers, type WorkersCommand } from '../support/workers.js';

let redis: RedisServer;
let sandbox: Sandbox;
let workers: WorkersCommand;

beforeAll(async () => {
  [redis, sandbox] = await Promise.all([
    startRedis(),
    createSandbox({ requestsPerSecond: 4, validate: false }),
  ]);
  workers = await startWorkers(2, {
    CONSTANT_CONTACT_API_URL: sandbox.url,
    CONSTANT_CONTACT_ACCESS_TOKEN: sandbox.token,
    REDIS_URL: redis.url,
    REDIS_NAMESPACE: 'workers',
    REDIS_PROCESSES: '2',
  });
  await until(() => workers.output().match(/Redis connected/g)?.length === 2, 'the connection of both');
});
afterAll(async () => {
  workers?.kill('SIGKILL');
  await sandbox?.close();
  await redis?.close();
});
beforeEach(() => {
  sandbox.journal.clear();
});

it('share one budget among workers', async () => {
  const emails = Array.from({ length: 16 }, (_, at) => `reader${String(at)}@example.com`);
  const answers = await Promise.all(
    emails.map((email) => workers.ask(`{ contactByEmail(email: "${email}") { id } }`)),
  );
  expect(answers.flatMap(({ errors = [] }) => errors)).toEqual([]);
  expect(sandbox.journal.count()).toBe(16);
  expect(sandbox.journal.entries.filter(({ status }) => status === 429)).toEqual([]);
  expect(sandbox.journal.busiestSecond()).toBeLessThanOrEqual(4);
  expect(Math.min(...answers.map(({ extensions }) => extensions.upstream.remainingToday))).toBe(9_984);
  // Calls are summed over the workers; the budget that they share is not.
  const expectMetric = (name: string, value: number) => expect.poll(() => workers.metric(name)).toBe(value);
  await expectMetric('rest_calls_total', 16);
  await expectMetric('budget_used', 16);
  await expectMetric('budget_remaining', 9_984);
});

it('share one cache among workers, which a write through any of them invalidates', async () => {
  const lists = '{ contacts(first: 1) { nodes { lists { name } } } }';
  const names = async () =>
    (await workers.ask(lists)).data.contacts.nodes[0].lists.map((one: any) => one.name);
  const before = [await names(), await names(), await names(), await names()];
  expect(sandbox.journal.count('getLists')).toBe(1);
  const found = await workers.ask('{ contacts(first: 1) { nodes { lists { id } } } }');
  const id = found.data.contacts.nodes[0].lists[0].id as string;
  const written = await workers.ask(
    `mutation { updateContactList(input: { id: "${id}", name: "Renamed" }) { userErrors { message } } }`,
  );
  expect(written.data.updateContactList.userErrors).toEqual([]);
  expect(before[0]).not.toContain('Renamed');
  for (const after of [await names(), await names(), await names(), await names()])
    expect(after).toContain('Renamed');
  expect(sandbox.journal.count('getLists')).toBe(2);
});

it('poll in one worker for the subscribers of all', async () => {
  const job = { operationId: 'contactsCSVImport', items: 1, run: () => ({}) } as const;
  const id = sandbox.account().jobs.submit(job, Date.now()).activity_id;
  const subscribe = () =>
    openEvents(workers, 'subscription ($id: ID!) { bulkActivityProgress(id: $id) { state } }', {
      variables: { id },
    });
  const first = await subscribe();
  const paid = (await first.next()).extensions.upstream.calls;
  const late = await Promise.all(Array.from({ length: 4 }, subscribe));
  const told = await Promise.all(late.map((events) => events.next()));
  expect(paid).toBe(1);
  expect(told.map(({ extensions }) => extensions.upstream.calls)).toEqual([0, 0, 0, 0]);
  await Promise.all([first, ...late].map((events) => events.leave()));
});
