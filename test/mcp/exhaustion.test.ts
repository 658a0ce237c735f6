import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.js';
import { createFacade, type Facade } from '../../src/facade.js';
import { silentLogger, type Logger } from '../../src/server/logger.js';
import { startAgentServer, type AgentServer } from '../support/agents.js';

const HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
const messageOf = (id: number, method: string, params: object = {}) => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
});
const callOf = (id: number, name: string, args: object) =>
  messageOf(id, 'tools/call', { name, arguments: args });
const createOf = (id: number, name: string) => callOf(id, 'create_contact_list', { name });
const SCHEMA = { uri: 'constant-contact://schema' };
const GUIDE = { uri: 'constant-contact://guides/agents' };

describe('a batch', () => {
  let server: AgentServer;
  let logged: unknown[] = [];
  beforeAll(async () => {
    const log = (fields: { code?: unknown }, text: string) => {
      if (text === 'tool called') logged.push(fields.code);
    };
    const logger = { debug: log, info: log, warn: log, error: log } as unknown as Logger;
    server = await startAgentServer({}, { logger });
  });
  afterAll(() => server.close());
  beforeEach(() => {
    server.resetCalls();
    logged = [];
  });

  const post = (messages: unknown, signal?: AbortSignal) =>
    fetch(`${server.url}/mcp`, {
      method: 'POST',
      headers: HEADERS,
      body: JSON.stringify(messages),
      ...(signal && { signal }),
    });

  it.each([
    ['six requests', Array.from({ length: 6 }, (_, id) => createOf(id, `Six ${String(id)}`))],
    ['two resources', [1, 2].map((id) => messageOf(id, 'resources/read', SCHEMA))],
    ['two lists of tools', [1, 2].map((id) => messageOf(id, 'tools/list'))],
    [
      'a resource and a list of tools after a write',
      [createOf(1, 'Large'), messageOf(2, 'tools/list'), messageOf(3, 'resources/read', SCHEMA)],
    ],
  ])('with %s is refused before anything is run', async (_, messages) => {
    const response = await post(messages);
    expect([response.status, await response.json()]).toEqual([
      400,
      { jsonrpc: '2.0', id: null, error: { code: -32_600, message: expect.stringContaining('separately') } },
    ]);
    expect(server.calls()).toEqual([]);
  });

  it('with five requests and a notification gets five responses', async () => {
    const response = await post([
      messageOf(1, 'tools/list'),
      messageOf(2, 'resources/list'),
      messageOf(3, 'prompts/list'),
      createOf(4, 'In a batch'),
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      callOf(5, 'run_query', { query: '{ contactLists(first: 100) { nodes { name } } }' }),
    ]);
    const responses = (await response.json()) as { id: number; result: any }[];
    expect(responses.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
    const { nodes } = responses[4]!.result.structuredContent.data.contactLists;
    expect(nodes.map(({ name }: { name: string }) => name)).toContain('In a batch');
    expect(server.calls()).toEqual(['createList', 'getLists']);
  });

  it('starts a request after the one before it, and none after its client has disconnected', async () => {
    server.facade.sandbox?.faults.script({ operationId: 'createList', fault: { kind: 'stall' } });
    const client = new AbortController();
    const answer = post([createOf(1, 'First'), createOf(2, 'Second')], client.signal);
    await expect.poll(() => server.calls()).toEqual(['createList']);
    // Takes longer than the start of a second request.
    const other = callOf(1, 'run_query', { query: '{ tags { nodes { name } } }' });
    await (await post(other)).json();
    expect(server.calls()).toEqual(['createList', 'getTags']);
    client.abort();
    await expect(answer).rejects.toThrow();
    await expect.poll(() => logged).toEqual([null, 'CANCELLED']);
    await (await post(other)).json();
    expect(server.calls().filter((call) => call === 'createList')).toHaveLength(1);
    expect(logged).toEqual([null, 'CANCELLED', null]);
  });

  it('runs no further request when the responses are large', async () => {
    const query = '{ __schema { types { name description fields { name description } } } }';
    const response = await post([
      callOf(1, 'run_query', { query }),
      callOf(2, 'run_query', { query }),
      createOf(3, 'Last'),
    ]);
    const [first, , last] = (await response.json()) as { result?: any; error?: unknown }[];
    expect(first?.result.structuredContent.successful).toBe(true);
    expect(last?.error).toEqual({ code: -32_600, message: expect.stringContaining('separately') });
    expect(server.calls()).toEqual([]);
  });
});

describe('large work', () => {
  let facade: Facade;
  beforeAll(async () => {
    facade = await createFacade({
      config: readConfig({ MCP: 'on', MCP_TOOLS: 'partners', SANDBOX: 'on' }),
      logger: silentLogger(),
    });
  });
  afterAll(() => facade.close());

  const send = async (message: object) => {
    const body = JSON.stringify(message);
    const request = new Request('http://localhost/mcp', { method: 'POST', headers: HEADERS, body });
    return (await facade.fetch(request)).json();
  };

  // Longer than what starts at once, and invalid, so that it is not run after it was parsed.
  const long = callOf(1, 'run_query', { query: `{ ${'__typename '.repeat(100)}` });
  it.each([
    ['run_query with large documents', long, 'result.structuredContent.error'],
    ['tools/list', messageOf(1, 'tools/list'), 'error'],
    ['resources/read', messageOf(1, 'resources/read', GUIDE), 'error'],
  ])('of %s is done one at a time, and up to a thousand wait', async (_, message, at) => {
    const responses = await Promise.all(Array.from({ length: 1_100 }, () => send(message)));
    const errors = responses.map((response) => at.split('.').reduce((value, key) => value?.[key], response));
    const isRefused = (error: { message: string } | undefined) =>
      error?.message === 'Too many large operations are waiting. Try again later.';
    const refused = errors.filter(isRefused);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThanOrEqual(100);
    const others = new Set(errors.filter((error) => !isRefused(error)).map((error) => error?.code));
    expect([...others]).toEqual(message === long ? ['BAD_USER_INPUT'] : [undefined]);
    if (message === long)
      expect(refused[0]).toMatchObject({ code: 'OVERLOADED', retryable: true, retryAfterSeconds: 1 });
  });
});
