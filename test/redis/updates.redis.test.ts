import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { connectSharedState, type SharedState } from '../../src/constant-contact/redis/index.js';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { startFacade, type TestFacade } from '../support/facade.js';
import { startRedis, until, type RedisServer } from '../support/redis.js';
import { stopwatch } from '../support/stopwatch.js';

const ROUNDS = 30;

/** The parts of one process. Two of them in one process share only Redis. */
interface Process {
  state: SharedState;
  facade: TestFacade;
}

let redis: RedisServer;
let sandbox: Sandbox;
let processes: [Process, Process];

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

beforeEach(async () => {
  sandbox = await createSandbox({ contacts: 60, requestsPerSecond: 0, requestsPerDay: 0 });
  processes = [await startProcess(0), await startProcess(0)];
});
afterEach(async () => {
  await Promise.all(processes.map(({ facade }) => facade.close()));
  await Promise.all(processes.map(({ state }) => state.close()));
  await sandbox.close();
});

async function startProcess(requestsPerSecond: number): Promise<Process> {
  const state = connectSharedState({
    url: redis.url,
    namespace: 'updates',
    processes: 2,
    requestsPerSecond,
    requestsPerDay: 0,
    referenceCacheSeconds: 60,
    scope: 'test',
    secret: null,
  });
  await state.started;
  const { governor, reads, locks } = state;
  return { state, facade: startFacade(sandbox.url, { governor, reads, locks }) };
}

const someone = () => [...sandbox.account().contacts].find((row) => !row.deleted_at && row.email)!;

async function run({ facade }: Process, field: string, input: Record<string, unknown>): Promise<void> {
  const type = field.charAt(0).toUpperCase() + field.slice(1);
  const query = `mutation ($input: ${type}Input!) { result: ${field}(input: $input) { userErrors { message } } }`;
  const answer = await facade.query({ query, variables: { input } });
  expect(answer).toMatchObject({ data: { result: { userErrors: [] } } });
}

it('updates in two processes lose nothing in 30 rounds, by id, by address or in a form', async () => {
  const [a, b] = processes;
  const [list, other] = [...sandbox.account().lists].filter(
    (row) => !row.deleted_at && row.channel === 'email',
  );
  const lost: unknown[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { contact_id: id, email } = someone();
    const { address } = email!;
    const text = String(round);
    someone().list_memberships.length = 0;
    // An address may sign up only five times a day.
    sandbox.account().signUps.clear();
    await Promise.all([
      run(a, 'updateContact', { id, firstName: text }),
      run(b, 'updateContact', { id, jobTitle: text, addListIds: [list!.list_id] }),
      run(a, 'upsertContact', { emailAddress: { address }, companyName: text }),
      run(b, 'upsertContact', { emailAddress: { address }, lastName: text }),
      run(a, 'createContactFromSignUpForm', { emailAddress: address, listIds: [other!.list_id] }),
    ]);
    const row = someone();
    const now = [
      row.first_name,
      row.job_title,
      row.company_name,
      row.last_name,
      ...row.list_memberships,
    ].sort();
    if (String(now) !== String([text, text, text, text, list!.list_id, other!.list_id].sort()))
      lost.push(now);
  }
  expect(lost).toEqual([]);
});

it('updates in two processes wait for each other while Redis is slow', async () => {
  const [a, b] = processes;
  const { contact_id: id } = someone();
  for (let round = 0; round < 5; round += 1) {
    sandbox.journal.clear();
    redis.freeze();
    // Longer than a query waits for Redis.
    setTimeout(redis.resume, 400);
    const text = String(round);
    await Promise.all([
      run(a, 'updateContact', { id, firstName: text }),
      run(b, 'updateContact', { id, jobTitle: text }),
    ]);
    expect(sandbox.journal.entries.map(({ method }) => method)).toEqual(['GET', 'PUT', 'GET', 'PUT']);
    expect(someone()).toMatchObject({ first_name: text, job_title: text });
  }
});

it('a write follows its read directly while both processes have queries waiting', async () => {
  const [a, b] = await Promise.all([startProcess(10), startProcess(10)]);
  const ids = [...sandbox.account().contacts].map(({ contact_id }) => contact_id);
  const [id = ''] = ids;
  const queries = ids
    .slice(1, 41)
    .map((one, at) => (at % 2 ? a : b).facade.query({ query: `{ contact(id: "${one}") { firstName } }` }));
  await Promise.all([...queries, run(a, 'updateContact', { id, jobTitle: 'Gardener' })]);
  const seen = sandbox.journal.entries.map(({ method, path }) => `${method} ${path.split('/').pop()!}`);
  // Both slots are taken together: others may use the rest of that second, and no more.
  const between = seen.indexOf(`PUT ${id}`) - seen.indexOf(`GET ${id}`) - 1;
  expect(between).toBeLessThanOrEqual(8);
  expect(sandbox.journal.busiestSecond()).toBeLessThanOrEqual(10);
  await Promise.all([a, b].map(({ facade }) => facade.close()));
  await Promise.all([a, b].map(({ state }) => state.close()));
});

it('the lock of a process that died is released within ten seconds', async () => {
  const dead = await startProcess(0);
  const { contact_id: id } = someone();
  sandbox.faults.script({ operationId: 'putContact', fault: { kind: 'stall' } });
  void dead.facade.query({
    query: `mutation { updateContact(input: { id: "${id}", jobTitle: "Dead" }) { userErrors { code } } }`,
  });
  await until(() => sandbox.journal.count('putContact') === 1, 'the write that hangs');
  await dead.state.close();
  const elapsed = stopwatch([redis.pid()]);
  await run(processes[0], 'updateContact', { id, jobTitle: 'Gardener' });
  expect(elapsed()).toBeLessThan(10_000);
  expect(someone().job_title).toBe('Gardener');
});

it('a process without Redis continues, and keeps its own order of updates', async () => {
  const [a] = processes;
  const { contact_id: id } = someone();
  await redis.kill();
  await Promise.all([
    run(a, 'updateContact', { id, firstName: 'Ada' }),
    run(a, 'updateContact', { id, jobTitle: 'Gardener' }),
  ]);
  expect(someone()).toMatchObject({ first_name: 'Ada', job_title: 'Gardener' });
  await redis.start();
  await until(() => a.state.status().connected, 'the return of Redis');
  await run(a, 'updateContact', { id, firstName: 'Zara' });
});

it('the names of the keys contain no ids', async () => {
  const { contact_id: id, email } = someone();
  await run(processes[0], 'updateContact', { id, firstName: 'Ada' });
  const keys = await redis.client.keys('*');
  expect(keys.some((key) => key.startsWith('constant-contact:{updates}:write:'))).toBe(true);
  for (const key of keys) {
    expect(key).not.toContain(id);
    expect(key).not.toContain(email!.address);
  }
});
