import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.js';
import { createFacade, type Facade } from '../../src/facade.js';
import { silentLogger } from '../../src/server/logger.js';

const HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
const messageOf = (id: number, method: string, params: object = {}) => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
});
const callOf = (id: number, name: string, args: object) =>
  messageOf(id, 'tools/call', { name, arguments: args });
const GUIDE = { uri: 'constant-contact://guides/agents' };

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
