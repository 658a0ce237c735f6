import type { SandboxOptions } from '../../src/sandbox/index.js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startAgentServer, type Agent, type AgentServer } from '../support/agents.js';

/** A server whose jobs take a second, and one whose jobs do not end. */
let server: AgentServer;
let slow: AgentServer;
const ended: Record<string, unknown>[] = [];
beforeAll(async () => {
  const logger = {
    info: (details: object) => void ended.push(details as Record<string, unknown>),
    warn: () => undefined,
    error: () => undefined,
  };
  const sandbox: SandboxOptions = { contacts: 50, activitySeconds: 3_600 };
  [server, slow] = await Promise.all([
    startAgentServer({}, { sandbox: { contacts: 50 } }),
    startAgentServer({}, { sandbox, logger }),
  ]);
});
afterAll(() => Promise.all([server.close(), slow.close()]));

async function job(agent: Agent) {
  const { data } = await agent.call('list_contact_lists', { limit: 1 });
  return { source: { allActiveContacts: true }, list_ids: [data.contactLists.nodes[0].listId] };
}

describe('each tool call', () => {
  it('has a line in the log, also without a REST call, with no text of the caller', async () => {
    const agent = await slow.connect();
    ended.length = 0;
    slow.resetCalls();
    await agent.call('delete_contact', { contact_id: '49326799-080a-11ef-9e8d-fa163e66f4ce' });
    await agent.call('list_contacts', { secretArgument: 1 });
    await agent.call('run_query', { query: 'mutation { deleteTag(input: { id: "x" }) { deletedTagId } }' });
    await agent.call('search_actions', { words: 'secretWord' });
    await expect(agent.call('secret_tool')).rejects.toThrow('Unknown tool');
    expect(ended.map(({ tool, code }) => [tool, code])).toEqual([
      ['delete_contact', 'CONFIRMATION_REQUIRED'],
      ['list_contacts', 'BAD_USER_INPUT'],
      ['run_query', 'FORBIDDEN'],
      ['search_actions', null],
      [undefined, 'UNKNOWN_TOOL'],
    ]);
    expect(ended.every(({ requestId, ms }) => typeof requestId === 'string' && typeof ms === 'number')).toBe(
      true,
    );
    expect(JSON.stringify(ended)).not.toContain('secret');
    expect(slow.calls()).toEqual([]);
  });
});

const imported = (listId: string, emails: string[]) => ({
  list_ids: [listId],
  import_data: emails.map((email) => ({ email })),
});

describe('jobs over HTTP', () => {
  it('return at once, or are followed with progress', async () => {
    const agent = await server.connect();
    const args = await job(agent);
    server.resetCalls();
    const started = await agent.call('add_list_memberships', args);
    expect(started.data.addListMemberships.bulkActivity.state).not.toBe('COMPLETED');
    expect(server.calls()).toEqual(['postListAddContact']);

    const seen: number[] = [];
    const onprogress = ({ progress }: { progress: number }) => void seen.push(progress);
    const { activityId } = started.data.addListMemberships.bulkActivity;
    const wait = { activity_id: activityId, wait: true };
    const ended = await agent.call('get_activity_status', wait, { onprogress });
    expect(ended).toMatchObject({ successful: true, data: { bulkActivity: { state: 'COMPLETED' } } });
    expect(seen.at(-1)).toBe(100);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  it.each([
    ['an export', 'export_contacts', (_: string) => ({}), 'exportContacts'],
    [
      'an import',
      'import_contacts_from_json',
      (id: string) => imported(id, ['a@b.example']),
      'importContacts',
    ],
  ])('have all data of get_activity_status in the end: %s', async (_, name, argsFor, field) => {
    const agent = await server.connect();
    const { list_ids } = await job(agent);
    const started = await agent.call(name, { ...argsFor(list_ids[0]), wait: true });
    expect(started).toMatchObject({ successful: true, data: { [field]: { userErrors: [] } } });
    const { bulkActivity } = started.data[field];
    const { activityId } = bulkActivity;
    const later = await agent.call('get_activity_status', { activity_id: activityId });
    expect(bulkActivity).toEqual(later.data.bulkActivity);
    if (name === 'export_contacts') expect(bulkActivity.export.fileExportId).toEqual(expect.any(String));
  });

  it('are done partly, or have failed, when rows have failed', async () => {
    const agent = await server.connect();
    const { list_ids } = await job(agent);
    const run = (emails: string[]) =>
      agent.call('import_contacts_from_json', { ...imported(list_ids[0], emails), wait: true });
    server.resetCalls();
    const some = await run(['good@b.example', 'no address', 'also none@@']);
    expect(some).toMatchObject({
      isError: true,
      successful: false,
      data: { importContacts: { bulkActivity: { state: 'COMPLETED', counters: { errorCount: 2 } } } },
      error: {
        code: 'PARTLY_DONE',
        message: 'The job has ended, but 2 of 3 items failed: see its failures.',
        done: ['importContacts.bulkActivity'],
      },
    });
    expect(some.data.importContacts.bulkActivity.failures).toHaveLength(2);
    expect(new Set(server.calls())).toEqual(new Set(['bulkImportContactsJSON', 'getActivity']));
    const none = await run(['no address']);
    expect(none).toMatchObject({ isError: true, error: { code: 'JOB_FAILED' } });
    expect(none.error).not.toHaveProperty('done');
  });

  it('are reported as still running before the client gives up, also when polls fail', async () => {
    const agent = await slow.connect();
    const args = { ...(await job(agent)), wait: true };
    slow.resetCalls();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const fault = { kind: 'status', status: 500 } as const;
    slow.facade.sandbox?.faults.script({ operationId: 'getActivity', fault, after: 1, times: Infinity });
    try {
      const answer = agent.call('add_list_memberships', args);
      await expect.poll(() => slow.calls()).toContain('getActivity');
      await vi.advanceTimersByTimeAsync(45_000);
      expect(await answer).toMatchObject({
        isError: true,
        data: { addListMemberships: { bulkActivity: { activityId: expect.any(String) } } },
        error: { code: 'STILL_RUNNING', message: expect.stringContaining('45 seconds have passed.') },
      });
    } finally {
      vi.useRealTimers();
      slow.facade.sandbox?.faults.clear();
    }
    expect(slow.calls().filter((operation) => operation === 'postListAddContact')).toHaveLength(1);
  });

  it('are reported as still running when the wait is cancelled, so that they are not started again', async () => {
    const agent = await slow.connect();
    const args = { ...(await job(agent)), wait: true };
    slow.resetCalls();
    const send = (message: object) =>
      fetch(`${slow.url}/mcp`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
        body: JSON.stringify({ jsonrpc: '2.0', ...message }),
      });
    const params = { name: 'add_list_memberships', arguments: args };
    const answer = send({ id: 42, method: 'tools/call', params });
    await expect.poll(() => slow.calls()).toContain('getActivity');
    await send({ method: 'notifications/cancelled', params: { requestId: 42 } });
    const { result } = (await (await answer).json()) as { result: { structuredContent: object } };
    expect(result.structuredContent).toMatchObject({
      data: { addListMemberships: { bulkActivity: { activityId: expect.any(String) } } },
      error: {
        code: 'STILL_RUNNING',
        retryable: false,
        advice: expect.stringContaining('get_activity_status'),
      },
    });
    expect(slow.calls().filter((operation) => operation === 'postListAddContact')).toHaveLength(1);
  });

  it.each([
    ['cancels', (_: Agent, abort: AbortController) => Promise.resolve(abort.abort())],
    ['disconnects', (agent: Agent) => agent.close()],
  ])('are followed no longer when the client %s', async (_, leave) => {
    const agent = await slow.connect();
    const args = { ...(await job(agent)), wait: true };
    slow.resetCalls();
    ended.length = 0;
    const abort = new AbortController();
    const call = agent.call('add_list_memberships', args, {
      onprogress: () => undefined,
      signal: abort.signal,
    });
    const failed = expect(call).rejects.toThrow();
    await expect.poll(() => slow.calls()).toContain('getActivity');
    await leave(agent, abort);
    await failed;
    await expect.poll(() => ended.map(({ operation }) => operation)).toContain('FollowBulkActivity');
  });
});
