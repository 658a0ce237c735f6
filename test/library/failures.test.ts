import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFacade, createSandbox, readConfig, type Facade, type Sandbox } from '../../src/index.js';

/** Runs the code of docs/testing.md. */
let sandbox: Sandbox;
let facade: Facade;
let now: number;

beforeEach(async () => {
  now = Date.UTC(2026, 5, 1, 12);
  sandbox = await createSandbox({
    contacts: 60,
    activitySeconds: 600,
    clock: { now: () => now },
    requestsPerSecond: 0,
    requestsPerDay: 0,
  });
  facade = await createFacade({
    config: readConfig({
      CONSTANT_CONTACT_API_URL: sandbox.url,
      CONSTANT_CONTACT_ACCESS_TOKEN: sandbox.token,
      CONSTANT_CONTACT_REQUESTS_PER_SECOND: '0',
      CONSTANT_CONTACT_REQUESTS_PER_DAY: '0',
      REFERENCE_CACHE_SECONDS: '0',
      LOG_LEVEL: 'silent',
    }),
  });
});
afterEach(async () => {
  await facade.close();
  await sandbox.close();
});

async function query(document: string, variables: object = {}): Promise<any> {
  const response = await facade.fetch(
    new Request('http://localhost/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: document, variables }),
    }),
  );
  return response.json();
}

describe('a program that runs its tests on the sandbox', () => {
  it('sees a failure that it scripted', async () => {
    sandbox.faults.script({
      operationId: 'getTags',
      times: Infinity,
      fault: { kind: 'status', status: 403 },
    });
    const { data, errors } = await query('{ tags { nodes { name } } contactLists { nodes { name } } }');
    expect(data.tags).toBeNull();
    expect(data.contactLists.nodes).not.toHaveLength(0);
    expect(errors[0].extensions.code).toBe('FORBIDDEN');
  });

  it('counts REST calls and reads the state of the account', async () => {
    await query('mutation { createTag(input: { name: "Patrons" }) { userErrors { code } } }');
    expect(sandbox.journal.operations()).toEqual(['postTag']);
    expect(sandbox.account().tags.first('name', 'patrons')).toBeDefined();
  });

  it('sees a write that was carried out although its response was lost', async () => {
    sandbox.faults.script({ operationId: 'postTag', fault: { kind: 'resetBody' } });
    const { errors } = await query('mutation { createTag(input: { name: "Patrons" }) { tag { name } } }');
    expect(errors[0].extensions).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: false });
    expect(sandbox.account().tags.first('name', 'patrons')).toBeDefined();
  });

  it('sees a job in each of its states', async () => {
    const [tag] = sandbox.account().tags;
    const { data } = await query(
      `mutation { deleteTags(input: { ids: ["${tag?.tag_id}"] }) { bulkActivity { activityId } } }`,
    );
    const id = data.deleteTags.bulkActivity.activityId;
    const state = async () =>
      (await query(`{ bulkActivity(id: "${id}") { state } }`)).data.bulkActivity.state;
    now += 300_000;
    expect(await state()).toBe('PROCESSING');
    now += 600_000;
    expect(await state()).toBe('COMPLETED');
  });
});
