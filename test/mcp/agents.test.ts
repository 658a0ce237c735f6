import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createFacade } from '../../src/facade.js';
import { readConfig } from '../../src/config.js';
import { silentLogger } from '../../src/server/logger.js';
import { startAgentServer, type AgentServer } from '../support/agents.js';
import { CLI } from '../support/build.js';
import { killServers, startServer } from '../support/server-process.js';

describe('ten agents at once, with 4 REST calls a second', () => {
  let server: AgentServer;
  beforeAll(async () => {
    const limits = { CONSTANT_CONTACT_REQUESTS_PER_SECOND: '4', CONSTANT_CONTACT_REQUESTS_PER_DAY: '10000' };
    server = await startAgentServer(limits, { sandbox: { contacts: 50 }, client: { maxWaitMs: 1_500 } });
  });
  afterAll(() => server.close());

  it('are answered, or told when to come back', async () => {
    const agents = await Promise.all(Array.from({ length: 10 }, () => server.connect()));
    const contacts = [...(server.facade.sandbox?.account().contacts ?? [])];
    const answers = await Promise.all(
      agents.map((agent, at) => agent.call('get_contact', { contact_id: contacts[at]?.contact_id })),
    );
    const answered = answers.filter(({ successful }) => successful);
    const refused = answers.filter(({ successful }) => !successful);
    expect(answered.length).toBeGreaterThanOrEqual(4);
    expect(refused.length).toBeGreaterThan(0);
    for (const { error } of refused)
      expect(error).toMatchObject({
        code: 'RATE_LIMITED',
        retryable: true,
        retryAfterSeconds: expect.any(Number),
        advice: 'Call the tool again after retryAfterSeconds.',
      });
    // The REST API refused none of them: what cannot be sent in time is not sent.
    expect(server.calls()).toHaveLength(answered.length);
  });
});

describe('where agents are not answered', () => {
  afterEach(killServers);

  it('there is no endpoint', async () => {
    const facade = await createFacade({ config: readConfig({ SANDBOX: 'on' }), logger: silentLogger() });
    const { status } = await facade.fetch('http://localhost/mcp', { method: 'POST', body: '{}' });
    expect(status).toBe(404);
    await facade.close();
  });

  it.each([
    ['off', 0],
    ['on', 1],
  ] as const)('with MCP=%s the program loads the SDK %i times', async (MCP, least) => {
    const coverage = mkdtempSync(join(tmpdir(), 'coverage-'));
    const env = { MCP, NODE_V8_COVERAGE: coverage };
    const server = await startServer(process.execPath, [CLI, 'serve', '--port', '0'], {
      cwd: tmpdir(),
      env,
      port: /http:\/\/127\.0\.0\.1:(\d+)\/graphql/,
    });
    const { status } = await fetch(`${server.url}/graphql?query={__typename}`);
    expect(status).toBe(200);
    await server.stop();
    const [file = ''] = readdirSync(coverage);
    const { result } = JSON.parse(readFileSync(join(coverage, file), 'utf8')) as {
      result: { url: string }[];
    };
    const loaded = result.filter(({ url }) => url.startsWith('file:')).map(({ url }) => fileURLToPath(url));
    const ofSdk = loaded.filter((path) => readFileSync(path, 'utf8').includes('JSONRPCMessageSchema'));
    expect(Math.min(ofSdk.length, 1)).toBe(least);
    rmSync(coverage, { recursive: true });
  });
});
