import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { runCommand, type Command } from '../support/command.js';

const GRACE_MS = 10_000;

let sandbox: Sandbox;
const commands: Command[] = [];
beforeEach(async () => {
  sandbox = await createSandbox({ contacts: 200, requestsPerSecond: 0, requestsPerDay: 0 });
});
afterEach(async () => {
  for (const command of commands.splice(0)) command.kill('SIGKILL');
  expect(sandbox.violations).toEqual([]);
  await sandbox.close();
});

interface Server {
  url: string;
  command: Command;
}

/** The program itself in a process of its own, over the sandbox in this one. */
async function serve(): Promise<Server> {
  const command = runCommand(['serve', '--port', '0'], {
    LOG_LEVEL: 'silent',
    CONSTANT_CONTACT_API_URL: sandbox.url,
    CONSTANT_CONTACT_ACCESS_TOKEN: sandbox.token,
    CONSTANT_CONTACT_REQUESTS_PER_SECOND: '0',
    REFERENCE_CACHE_SECONDS: '0',
  });
  commands.push(command);
  const [, url = ''] = await command.printed(/(http:\S+\/graphql)\s/);
  return { url, command };
}

interface Outcome {
  /** 0 where there was no answer. */
  status: number;
  body: any;
}

async function post({ url }: Server, query: string): Promise<Outcome> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    return { status: response.status, body: await response.json() };
  } catch {
    return { status: 0, body: null };
  }
}

describe('SIGTERM under load', () => {
  it('finishes operations in flight, refuses new ones, and exits with 0 in time', async () => {
    const server = await serve();
    const query = '{ contacts(first: 100) { nodes { firstName lists { name } tags { name } } } }';
    const outcomes: Outcome[] = [];
    let over = false;
    const client = async () => {
      while (!over) {
        const outcome = await post(server, query);
        outcomes.push(outcome);
        if (outcome.status !== 200) return;
      }
    };
    const clients = Array.from({ length: 16 }, client);
    while (outcomes.length < 40) await new Promise((resolve) => setTimeout(resolve, 5));

    const began = performance.now();
    server.command.kill('SIGTERM');
    const code = await server.command.exited;
    over = true;
    await Promise.all(clients);
    expect(code).toBe(0);
    expect(performance.now() - began).toBeLessThan(GRACE_MS);

    const whole = outcomes.filter(({ status }) => status === 200);
    expect(
      whole.every(({ body }) => body.errors === undefined && body.data.contacts.nodes.length === 100),
    ).toBe(true);
    const refused = outcomes.filter(({ status }) => status === 503);
    expect(refused.every(({ body }) => body.errors[0].extensions.code === 'SHUTTING_DOWN')).toBe(true);
    // Each client is refused at most once: by a response, or by a closed port.
    expect(outcomes.length - whole.length).toBeLessThanOrEqual(16);
    // Every answer of the REST API was waited for.
    expect(sandbox.journal.entries.every(({ status }) => status === 200)).toBe(true);
  });
});

describe('SIGKILL during a bulk post', () => {
  const mutation = (list: string) =>
    `mutation { importContacts(input: { contacts: [{ email: "ana@garden.example" }], listIds: ["${list}"] }) { bulkActivity { activityId } userErrors { code } } }`;

  it('duplicates nothing: the next process does not send it again, and the job can be found', async () => {
    const list = [...sandbox.account().lists].find(
      (one) => one.deleted_at === null && one.channel === 'email',
    );
    const jobs = () => sandbox.account().jobs.list(Date.now()).length;
    const before = jobs();
    const first = await serve();
    const { faults } = sandbox;
    const next = faults.next.bind(faults);
    // Dies after the request came in and before its answer goes out.
    faults.next = (id) => {
      if (id === 'bulkImportContactsJSON') first.command.kill('SIGKILL');
      return next(id);
    };
    const outcome = await post(first, mutation(list!.list_id));
    expect(outcome.status).toBe(0);
    expect(await first.command.exited).toBeNull();
    faults.next = next;
    expect(sandbox.journal.count('bulkImportContactsJSON')).toBe(1);

    const second = await serve();
    const { body } = await post(second, '{ bulkActivities(first: 50) { nodes { activityId } } }');
    expect(body.data.bulkActivities.nodes).toHaveLength(before + 1);
    expect(jobs()).toBe(before + 1);
    expect(sandbox.journal.count('bulkImportContactsJSON')).toBe(1);
    second.command.kill('SIGTERM');
    expect(await second.command.exited).toBe(0);
  });
});
