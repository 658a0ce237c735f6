import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../support/packed.js';
import { killServers, startServer } from '../support/server-process.js';

const PACKAGES = join(ROOT, 'examples/agents/node_modules');
const CLI = join(ROOT, 'dist/cli.js');
/** The tools below need a newer Node than the program. */
const NODE = join(PACKAGES, '.bin/node');
const CONFORMANCE = join(PACKAGES, '@modelcontextprotocol/conformance/dist/index.js');
const INSPECTOR = join(PACKAGES, '.bin/mcp-inspector');

let url: string;
beforeAll(async () => {
  const sandbox = await startServer(process.execPath, [CLI, 'sandbox', '--port', '0', '--no-limits'], {
    cwd: ROOT,
    port: /http:\/\/127\.0\.0\.1:(\d+)\/v3[^]*Access token/,
  });
  const [, token = ''] = /Access token +(\S+)/.exec(sandbox.output()) ?? [];
  const server = await startServer(process.execPath, [CLI, 'serve'], {
    cwd: ROOT,
    env: {
      MCP: 'on',
      CONSTANT_CONTACT_API_URL: `${sandbox.url}/v3`,
      // With credentials and without keys, as a server on the own machine: it checks by which name it is asked.
      CONSTANT_CONTACT_ACCESS_TOKEN: token,
    },
    port: /http:\/\/127\.0\.0\.1:(\d+)\/mcp/,
  });
  url = `http://localhost:${new URL(server.url).port}/mcp`;
});
afterAll(killServers);

async function run(...args: string[]) {
  const child = spawn(NODE, args, { cwd: ROOT });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  const [code] = (await once(child, 'close')) as [number];
  return { code, stdout, stderr };
}

/** The scenarios of the official suite for what this server has; the others call tools, resources and prompts that a test server makes up. */
describe('the conformance suite', () => {
  it.each([
    'server-initialize',
    'ping',
    'tools-list',
    'resources-list',
    'prompts-list',
    'dns-rebinding-protection',
  ])('%s', async (scenario) => {
    const { code, stdout } = await run(CONFORMANCE, 'server', '--url', url, '--scenario', scenario);
    expect(stdout).toMatch(/Passed: ([1-9]\d*)\/\1, 0 failed/);
    expect(code).toBe(0);
  });
});

describe.each([
  ['HTTP', () => [url, '--transport', 'http']],
  ['standard input and output', () => [process.execPath, CLI, 'mcp']],
] as const)('the inspector over %s', (_, target) => {
  const inspect = (...args: string[]) => run(INSPECTOR, '--cli', ...target(), ...args);

  it('reports no problem with the tools', async () => {
    const { code, stdout, stderr } = await inspect('--method', 'tools/list', '--strict');
    expect(stderr.match(/^(Warning|Error).*/gm) ?? []).toEqual([]);
    const { tools } = JSON.parse(stdout) as { tools: unknown[] };
    expect(tools).toHaveLength(96);
    expect(code).toBe(0);
  });

  it('calls tools, and reads a resource and a prompt', async () => {
    const call = ['--method', 'tools/call', '--tool-name'];
    const read = await inspect(...call, 'list_contacts', '--tool-arg', 'limit=2');
    const { structuredContent } = JSON.parse(read.stdout) as {
      structuredContent: { data: { contacts: { nodes: unknown[] } }; successful: boolean };
    };
    expect(structuredContent.successful).toBe(true);
    expect(structuredContent.data.contacts.nodes).toHaveLength(2);
    const refused = await inspect(...call, 'delete_contact', '--tool-arg', 'contact_id=x');
    expect(refused.stdout).toContain('CONFIRMATION_REQUIRED');
    const resource = await inspect('--method', 'resources/read', '--uri', 'constant-contact://rate-limit');
    expect(resource.stdout).toContain('usedToday');
    const prompt = await inspect(
      ...['--method', 'prompts/get', '--prompt-name', 'monthly_report', '--prompt-args', 'month=2026-03'],
    );
    expect(prompt.stdout).toContain('2026-03');
  });
});
