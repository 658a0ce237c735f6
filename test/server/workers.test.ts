import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { runCommand, type Command } from '../support/command.js';
import { openEvents } from '../support/events.js';
import { json, startUpstream } from '../support/plumbing.js';

interface Answer {
  data?: any;
  errors?: { message: string }[];
  extensions: { upstream: { calls: number; cached: number; remainingToday: number } };
}

let sandbox: Sandbox;
let command: Command;
let url: string;

beforeAll(async () => {
  sandbox = await createSandbox({ requestsPerSecond: 4, validate: false });
  command = runCommand(['serve', '--workers', '2'], {
    PORT: '0',
    METRICS: 'on',
    LOG_LEVEL: 'info',
    CONSTANT_CONTACT_API_URL: sandbox.url,
    CONSTANT_CONTACT_ACCESS_TOKEN: sandbox.token,
  });
  [, url = ''] = await command.printed(/(http:\S+)\/graphql\n/);
  await command.printed(/2 processes with one budget/);
}, 60_000);
afterAll(async () => {
  command?.kill('SIGKILL');
  await sandbox?.close();
});

/** On a connection of its own, so that the workers take turns. */
async function ask(query: string): Promise<Answer> {
  const headers = { 'content-type': 'application/json', connection: 'close' };
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as Answer;
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`, { headers: { connection: 'close' } })).text();
  const values = [
    ...text.matchAll(new RegExp(`^constant_contact_graphql_${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm')),
  ];
  return values.reduce((sum, [, value]) => sum + Number(value), 0);
}

it('answers 16 distinct queries at once with one budget, which every worker knows', async () => {
  sandbox.journal.clear();
  const emails = Array.from({ length: 16 }, (_, at) => `reader${String(at)}@example.com`);
  const answers = await Promise.all(
    emails.map((email) => ask(`{ contactByEmail(email: "${email}") { id } }`)),
  );
  expect(answers.flatMap(({ errors = [] }) => errors)).toEqual([]);
  expect(sandbox.journal.count()).toBe(16);
  expect(sandbox.journal.entries.filter(({ status }) => status === 429)).toEqual([]);
  expect(sandbox.journal.busiestSecond()).toBeLessThanOrEqual(4);
  expect(Math.min(...answers.map((answer) => answer.extensions.upstream.remainingToday))).toBe(9_984);
  expect(await metric('rest_calls_total')).toBe(16);
  expect(await metric('budget_used')).toBe(16);
});

it('shares what one worker has read, until any of them writes', async () => {
  const lists = '{ contacts(first: 1) { nodes { lists { name } } } }';
  const names = async () => (await ask(lists)).data.contacts.nodes[0].lists.map((one: any) => one.name);
  sandbox.journal.clear();
  const before = [await names(), await names(), await names(), await names()];
  expect(sandbox.journal.count('getLists')).toBe(1);
  const found = await ask('{ contacts(first: 1) { nodes { lists { id } } } }');
  const id = found.data.contacts.nodes[0].lists[0].id as string;
  const written = await ask(
    `mutation { updateContactList(input: { id: "${id}", name: "Renamed" }) { userErrors { message } } }`,
  );
  expect(written.data.updateContactList.userErrors).toEqual([]);
  expect(before[0]).not.toContain('Renamed');
  for (const after of [await names(), await names(), await names(), await names()])
    expect(after).toContain('Renamed');
  expect(sandbox.journal.count('getLists')).toBe(2);
});

it('reads for the subscribers of all workers once', async () => {
  const job = { operationId: 'contactsCSVImport', items: 1, run: () => ({}) } as const;
  const id = sandbox.account().jobs.submit(job, Date.now()).activity_id;
  const all = await Promise.all(
    Array.from({ length: 10 }, () =>
      openEvents(
        { fetch: (path, init) => fetch(url + path, init) },
        'subscription ($id: ID!) { bulkActivityProgress(id: $id) { state } }',
        { variables: { id }, headers: { connection: 'close' } },
      ),
    ),
  );
  const firsts: Answer[] = await Promise.all(all.map((events) => events.next()));
  const paid = firsts.map(({ extensions }) => extensions.upstream.calls);
  expect(paid.sort()).toEqual([...Array<number>(9).fill(0), 1]);
  await Promise.all(all.map((events) => events.leave()));
});

it('replaces a worker that is killed, and ends with all of them', async () => {
  const serving = () => [...command.output().matchAll(/"pid":(\d+),"msg":"a worker serves"/g)];
  expect(serving()).toHaveLength(2);
  process.kill(Number(serving()[0]?.[1]), 'SIGKILL');
  await command.printed(/a worker ended/);
  // The other one goes on meanwhile.
  expect((await ask('{ contactLists(first: 1) { nodes { name } } }')).errors).toBeUndefined();
  await expect.poll(serving, { timeout: 15_000 }).toHaveLength(3);
  command.kill('SIGTERM');
  expect(await command.exited).toBe(0);
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();
});

it('does not start when the port is taken, and says so', async () => {
  const taken = await startUpstream(json(200, {}));
  const { port } = new URL(taken.url);
  const failed = runCommand(['serve', '--workers', '2', '--port', port]);
  expect(await failed.exited).toBe(1);
  expect(failed.output()).toContain('Set another PORT');
  await taken.close();
});
