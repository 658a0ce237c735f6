import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createFacade } from '../../src/facade.js';
import { readConfig } from '../../src/config.js';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { silentLogger } from '../../src/server/logger.js';
import { startAgentServer, type AgentServer } from '../support/agents.js';
import { CLI } from '../support/build.js';
import { manualClock } from '../support/clock.js';
import { killServers, startServer } from '../support/server-process.js';

describe('ten agents at once, with 4 REST calls a second', () => {
  const clock = manualClock();
  let sandbox: Sandbox;
  let server: AgentServer;
  beforeAll(async () => {
    sandbox = await createSandbox({ contacts: 50, requestsPerSecond: 0, requestsPerDay: 0 });
    const env = {
      SANDBOX: '',
      CONSTANT_CONTACT_API_URL: sandbox.url,
      CONSTANT_CONTACT_ACCESS_TOKEN: sandbox.token,
      CONSTANT_CONTACT_REQUESTS_PER_SECOND: '4',
    };
    server = await startAgentServer(env, { client: { clock, maxWaitMs: 0 } });
  });
  afterAll(async () => {
    await server.close();
    await sandbox.close();
  });

  it('get a result, or the time to retry', async () => {
    const contacts = [...sandbox.account().contacts];
    const agents = await Promise.all(Array.from({ length: 10 }, () => server.connect()));
    const reads = agents.map(
      (agent, at) => () => agent.call('get_contact', { contact_id: contacts[at]?.contact_id }),
    );
    for (let waiting = reads, round = 1; waiting.length > 0; round += 1) {
      const answers = await Promise.all(waiting.map((read) => read()));
      const refused = answers.flatMap(({ successful, error }) => (successful ? [] : [error]));
      expect(refused).toHaveLength(Math.max(0, 10 - 4 * round));
      for (const error of refused)
        expect(error).toMatchObject({
          code: 'RATE_LIMITED',
          retryable: true,
          retryAfterSeconds: expect.any(Number),
          advice: 'Call the tool again after retryAfterSeconds.',
        });
      waiting = waiting.filter((_, at) => !answers[at]?.successful);
      const seconds = refused.map((error) => error.retryAfterSeconds as number);
      await clock.advance(Math.max(0, ...seconds) * 1_000);
    }
    expect(sandbox.journal.operations()).toHaveLength(10);
  });
});

describe('without MCP=on', () => {
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
  ] as const)('and with MCP=%s the program loads the SDK %i times', async (MCP, least) => {
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
    const ofSdk = loaded.filter((path) =>
      readFileSync(path, 'utf8').includes('Server does not support logging'),
    );
    expect(Math.min(ofSdk.length, 1)).toBe(least);
    rmSync(coverage, { recursive: true });
  });
});
