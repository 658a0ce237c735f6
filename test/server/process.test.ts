import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { CLI } from '../support/build.js';
import { json, startUpstream, type Upstream } from '../support/plumbing.js';

let upstream: Upstream | undefined;
let child: ChildProcess | undefined;
afterEach(async () => {
  child?.kill('SIGKILL');
  await upstream?.close();
  child = upstream = undefined;
});

interface Run {
  child: ChildProcess;
  /** Output so far. */
  output: { stdout: string; stderr: string };
  exited: Promise<{ code: number | null }>;
  /** Resolves once standard output has this in it, with the match. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
}

function run(args: string[], env: Record<string, string> = {}): Run {
  const { PATH, HOME } = process.env;
  const started = spawn(process.execPath, [CLI, ...args], {
    env: { PATH, HOME, LOG_LEVEL: 'silent', ...env },
  });
  child = started;
  const output = { stdout: '', stderr: '' };
  started.stdout.on('data', (chunk) => (output.stdout += String(chunk)));
  started.stderr.on('data', (chunk) => (output.stderr += String(chunk)));
  const exited = once(started, 'close').then(([code]) => ({ code: code as number | null }));
  return {
    child: started,
    output,
    exited,
    printed: async (pattern) => {
      for (;;) {
        const found = pattern.exec(output.stdout);
        if (found) return found;
        await Promise.race([
          once(started.stdout, 'data'),
          exited.then(({ code }) => {
            throw new Error(
              `it ended with ${code} before it printed ${pattern}: ${output.stdout}${output.stderr}`,
            );
          }),
        ]);
      }
    },
  };
}

const post = (url: string, query: string) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });

describe('serve', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'finishes operations in flight after %s, and exits with 0',
    async (signal) => {
      let answer = () => {};
      let onCall = () => {};
      const called = new Promise<void>((resolve) => (onCall = resolve));
      upstream = await startUpstream((request, response) => {
        answer = () => json(200, { lists: [], lists_count: 0 })(request, response);
        onCall();
      });
      const env = {
        PORT: '0',
        CONSTANT_CONTACT_API_URL: upstream.url,
        CONSTANT_CONTACT_ACCESS_TOKEN: 'secret-token',
      };
      const server = run([], env);
      const [, url = ''] = await server.printed(/(http:\S+\/graphql)\s/);
      await server.printed(/CONSTANT_CONTACT_ACCESS_TOKEN/);
      const underWay = post(url, '{ contactLists(first: 1) { nodes { name } } }');
      await called;

      server.child.kill(signal);
      const late = async () => (await fetch(url.replace('/graphql', '/readyz'))).status;
      await expect.poll(late).toBe(503);
      answer();
      expect(await (await underWay).json()).toMatchObject({ data: { contactLists: { nodes: [] } } });
      expect(await server.exited).toEqual({ code: 0 });
      expect(server.output.stdout + server.output.stderr).not.toContain('secret-token');
    },
  );

  it('starts the sandbox by default, and says so', async () => {
    const server = run(['serve', '--port', '0']);
    const [, url = ''] = await server.printed(/(http:\S+\/graphql)\s/);
    await server.printed(/sandbox/);
    for (const line of server.output.stdout.trim().split('\n'))
      expect(JSON.parse(line)).toMatchObject({
        level: 30,
        time: expect.any(Number),
        msg: expect.any(String),
      });
    const answer = await post(url, '{ contactLists(first: 1) { nodes { name } } }');
    expect(await answer.json()).toMatchObject({
      data: { contactLists: { nodes: [{ name: expect.any(String) }] } },
    });
    const health = await fetch(url.replace('/graphql', '/healthz'));
    expect(await health.json()).toMatchObject({ status: 'ok', credentials: 'sandbox' });
    server.child.kill('SIGTERM');
    expect(await server.exited).toEqual({ code: 0 });
  });

  it('does not start with an invalid variable, and names it', async () => {
    const server = run([], { PORT: 'http' });
    expect(await server.exited).toEqual({ code: 1 });
    expect(server.output.stderr).toContain('PORT must be a whole number');
    expect(server.output.stderr).not.toContain('    at ');
  });

  it('reports a port in use', async () => {
    upstream = await startUpstream(json(200, {}));
    const { port } = new URL(upstream.url);
    const server = run(['--port', port]);
    expect(await server.exited).toEqual({ code: 1 });
    expect(server.output.stderr).toContain(
      `Another program already listens on 127.0.0.1:${port} (EADDRINUSE).\nStop it, or use another port with --port or PORT.`,
    );
    expect(server.output.stderr).not.toContain('    at ');
  });
});

describe('the sandbox command', () => {
  it('runs alone, as a REST API', async () => {
    const server = run(['sandbox', '--port', '0', '--contacts', '20', '--seed', '7', '--no-limits']);
    const [, url = ''] = await server.printed(/(http:\S+\/v3)\n/);
    const [, token = ''] = await server.printed(/token +(\S+)\n/);
    const response = await fetch(`${url}/contacts?include_count=true`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(response.status).toBe(200);
    server.child.kill('SIGINT');
    expect(await server.exited).toEqual({ code: 0 });
  });
});

describe('the command line', () => {
  it('prints the schema', async () => {
    const command = run(['schema']);
    expect(await command.exited).toEqual({ code: 0 });
    expect(command.output.stdout).toContain('type Query');
    expect(command.output.stdout).toMatch(/^ {2}@key\(/m);
    expect(command.output.stdout).toMatch(/^ {2}nodes\(/m);
  });

  it('exits quietly when its output pipe is closed', async () => {
    const command = run(['schema']);
    await once(command.child.stdout!, 'data');
    command.child.stdout!.destroy();
    expect(await command.exited).toEqual({ code: 0 });
    expect(command.output.stderr).toBe('');
  });

  it('prints the schema for clients, and without node and nodes', async () => {
    const command = run(['schema', '--api', '--no-node-fields']);
    expect(await command.exited).toEqual({ code: 0 });
    expect(command.output.stdout).toContain('type Query');
    expect(command.output.stdout).not.toMatch(/@key|@shareable|@link|^ {2}nodes?\(/m);
  });

  it('writes either schema to a file, and reports when it cannot', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'schema-'));
    const file = join(directory, 'own.graphql');
    for (const [args, committed] of [
      [[], 'schema.graphql'],
      [['--api'], 'schema.api.graphql'],
    ] as const) {
      expect(await run(['schema', ...args, '--output', file]).exited).toEqual({ code: 0 });
      expect(readFileSync(file, 'utf8')).toBe(readFileSync(committed, 'utf8'));
    }
    const nowhere = run(['schema', '--output', join(directory, 'none', 'own.graphql')]);
    expect(await nowhere.exited).toEqual({ code: 1 });
    expect(nowhere.output.stderr).toBe(
      `The directory ${join(directory, 'none')} does not exist. Create it first.\n`,
    );
    rmSync(directory, { recursive: true });
  });

  it.each(['--help', '-h'])('prints the help for %s', async (flag) => {
    const command = run([flag]);
    expect(await command.exited).toEqual({ code: 0 });
    expect(command.output.stdout).toContain('CONSTANT_CONTACT_API_URL');
  });

  it.each([
    ['serve', '--workers N', '--contacts N'],
    ['schema', '--no-node-fields', '--workers'],
    ['doctor', 'suggest fixes', '--port'],
    ['login', 'in a browser', 'Delete'],
    ['key', 'NAME [--read-only]', '--port'],
  ])('prints the help of %s alone', async (name, has, hasNot) => {
    const command = run([name, '--help']);
    expect(await command.exited).toEqual({ code: 0 });
    expect(command.output.stdout).toContain(`constant-contact-graphql`);
    expect(command.output.stdout).toContain(has);
    expect(command.output.stdout).not.toContain(hasNot);
    expect(command.output.stdout).not.toContain('REFERENCE_CACHE_SECONDS');
  });

  it('prints its version', async () => {
    const command = run(['--version']);
    expect(await command.exited).toEqual({ code: 0 });
    expect(command.output.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    [['swerve'], '"swerve" is not a command. Did you mean serve?'],
    [['dance'], '"dance" is not a command. The commands are serve, sandbox'],
    [['serve', '--prot', '1'], '--prot is not an option of this command. Did you mean --port?'],
    [['serve', '--workers', '0'], '--workers must be a whole number from 1 to 64'],
    [['--wrokers=2'], '--wrokers is not an option of this command. Did you mean --workers?'],
    [['doctor', '-x'], '-x is not an option of this command\n'],
    [['sandbox', '--contacts', 'many'], '--contacts must be a whole number from 0 to 1,000,000, not "many"'],
    [['sandbox', '--contacts', '-3'], '--contacts must be a whole number from 0 to 1,000,000, not "-3"'],
    [['sandbox', '--no-limits=5'], '--no-limits takes no value'],
    [['serve', '--port'], '--port needs a value, such as --port 4001.'],
    [['serve', '--port', '--host', 'localhost'], '--port needs a value, such as --port 4001.'],
    [['serve', '--port', 'abc'], '--port must be a whole number from 0 to 65,535, not "abc"'],
    [['key', 'sales', 'team'], 'key takes one name. Write a name without spaces.'],
  ])('rejects %j', async (args, why) => {
    const command = run(args);
    expect(await command.exited).toEqual({ code: 2 });
    expect(command.output.stderr).toContain(why);
    expect(command.output.stderr).toContain('--help');
  });
});
