import type { SandboxOptions } from '../../src/sandbox/index.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
