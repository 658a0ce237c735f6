import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DockerfileParser, type Copy } from 'dockerfile-ast';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createSandbox } from '../../src/sandbox/index.js';
import { generateAccessKey } from '../../src/server/access/keys.js';
import { GRACE_MS } from '../../src/server/listen.js';
import { freePort } from '../support/free-port.js';
import { graphiqlOptions } from '../support/graphiql-options.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const dockerfile = DockerfileParser.parse(readFileSync(join(ROOT, 'Dockerfile'), 'utf8'));

/** Where one stage's file system is kept, and what it ends as. */
interface Stage {
  directory: string;
  workdir: string;
  env: Record<string, string>;
  entrypoint: string[];
  cmd: string[];
  healthcheck: string[];
}

let temporary: string;
let image: Stage;
beforeAll(() => {
  temporary = mkdtempSync(join(tmpdir(), 'image-'));
  image = build(contextOf(join(temporary, 'context')), join(temporary, 'stages'));
}, 900_000);
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

/** Build context: the files that `.dockerignore` includes, in a folder of their own. */
function contextOf(directory: string): string {
  const lines = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
  const allowed = lines.flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
  expect(lines).toContain('*');
  for (const pattern of allowed) copy(join(ROOT, pattern), join(directory, dirname(pattern)) + '/');
  return directory;
}

/** As COPY does: into the folder that ends with a slash, of a folder what is in it. */
function copy(source: string, target: string): void {
  const matches = source.includes('*') ? matching(source) : [source];
  expect(matches, `files that ${source} names`).not.toEqual([]);
  for (const file of matches) cpSync(file, join(target, basename(file)), { recursive: true });
}

function matching(pattern: string): string[] {
  const expression = new RegExp(`^${basename(pattern).replace(/[.+]/g, '\\$&').replaceAll('*', '.*')}$`);
  return readdirSync(dirname(pattern))
    .filter((name) => expression.test(name))
    .map((name) => join(dirname(pattern), name));
}

/** Carries the instructions out, without the images that the stages begin with: Node is the one that runs this. */
function build(context: string, directory: string): Stage {
  const stages = new Map<string, Stage>();
  let stage: Stage | undefined;
  for (const instruction of dockerfile.getInstructions()) {
    const text = instruction.getArgumentsContent() ?? '';
    const keyword = instruction.getKeyword();
    if (keyword === 'FROM') {
      const name = /\sAS\s+(\S+)$/i.exec(text)?.[1] ?? 'final';
      stage = {
        directory: join(directory, name),
        workdir: '/',
        env: {},
        entrypoint: [],
        cmd: [],
        healthcheck: [],
      };
      mkdirSync(stage.directory, { recursive: true });
      stages.set(name, stage);
      continue;
    }
    if (!stage) throw new Error('the Dockerfile does not begin with FROM');
    const here = join(stage.directory, stage.workdir);
    switch (keyword) {
      case 'WORKDIR':
        stage.workdir = text;
        mkdirSync(join(stage.directory, text), { recursive: true });
        break;
      case 'COPY': {
        const from = (instruction as Copy).getFromFlag()?.getValue();
        const [target = '', ...sources] = instruction
          .getArguments()
          .map((argument) => argument.getValue())
          .reverse();
        const origin = from == null ? context : stages.get(from)?.directory;
        if (origin === undefined) throw new Error(`there is no stage ${String(from)}`);
        for (const source of sources) {
          const path = join(origin, source);
          const whole = !source.includes('*') && statSync(path).isDirectory();
          if (whole) cpSync(path, join(here, target), { recursive: true, verbatimSymlinks: true });
          else copy(path, join(here, target));
        }
        break;
      }
      case 'RUN':
        run(text, here);
        break;
      case 'ENV':
        for (const pair of text.split(' ')) stage.env[pair.split('=')[0] ?? ''] = pair.split('=')[1] ?? '';
        break;
      case 'ENTRYPOINT':
        stage.entrypoint = JSON.parse(text) as string[];
        break;
      case 'CMD':
        stage.cmd = JSON.parse(text) as string[];
        break;
      case 'HEALTHCHECK':
        stage.healthcheck = JSON.parse(/^CMD\s+(.*)$/s.exec(text)?.[1] ?? '') as string[];
        break;
      case 'LABEL':
      case 'USER':
      case 'EXPOSE':
        break;
      default:
        throw new Error(`${String(keyword)} is not carried out here`);
    }
  }
  if (!stage) throw new Error('the Dockerfile is empty');
  return stage;
}

function run(command: string, cwd: string): void {
  const { PATH, HOME, npm_config_cache } = process.env;
  const env = { PATH, HOME, ...(npm_config_cache && { npm_config_cache }) };
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', command], { cwd, env, encoding: 'utf8' });
  expect(status, `${command}\n${stdout}${stderr}`).toBe(0);
}

/** Environment of a container, on a port of this machine. */
const environment = (port: number, more: Record<string, string>) => ({
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  ...image.env,
  ...more,
  PORT: String(port),
});

interface Container {
  url: string;
  /** Exit code of its HEALTHCHECK. */
  health(): Promise<number | null>;
  stop(): Promise<{ code: number | null; ms: number }>;
  exited: Promise<number | null>;
  output(): string;
}

async function start(more: Record<string, string> = {}): Promise<Container> {
  const port = await freePort();
  const env = environment(port, more);
  const cwd = join(image.directory, image.workdir);
  const [program = '', ...args] = [...image.entrypoint, ...image.cmd];
  const child = spawn(program, args, { cwd, env });
  running.push(child);
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  const exited = once(child, 'close').then(([code]) => code as number | null);
  const health = async () => {
    const [check = '', ...checkArgs] = image.healthcheck;
    return (await once(spawn(check, checkArgs, { cwd, env }), 'close'))[0] as number | null;
  };
  return {
    url: `http://127.0.0.1:${String(port)}`,
    health,
    exited,
    output: () => output,
    stop: async () => {
      const began = performance.now();
      child.kill('SIGTERM');
      return { code: await exited, ms: performance.now() - began };
    },
  };
}

const healthy = (container: Container) =>
  expect
    .poll(() => container.health(), { timeout: 60_000, interval: 500, message: container.output() })
    .toBe(0);

async function ask(url: string, query: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as { data: any; errors?: any[]; extensions: any };
}

/** Every file with its size and time. */
function snapshot(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const { size, mtimeMs } = statSync(path);
      return `${relative(directory, path)} ${String(size)} ${String(mtimeMs)}`;
    })
    .sort();
}

describe('the image', () => {
  it('contains what the server needs and no build tools', () => {
    const app = join(image.directory, image.workdir);
    expect(readdirSync(app).sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'dist',
      'examples',
      'node_modules',
      'package.json',
      'schema.api.graphql',
      'schema.graphql',
    ]);
    const packages = readdirSync(join(app, 'node_modules'));
    expect(packages).toContain('graphql');
    for (const tool of ['typescript', 'vitest', 'tsx', 'eslint']) expect(packages).not.toContain(tool);
  });

  it('stops without settings, and says how to start the sandbox', async () => {
    const container = await start();
    expect(await container.exited).toBe(1);
    expect(container.output()).toContain('SANDBOX=on');
  });

  it('serves the sandbox, passes its health check, writes no files, and shuts down in time', async () => {
    const before = snapshot(image.directory);
    const container = await start({ SANDBOX: 'on' });
    await healthy(container);
    const { data, errors } = await ask(container.url, '{ contactLists(first: 1) { nodes { name } } }');
    expect(errors).toBeUndefined();
    expect(data.contactLists.nodes).toHaveLength(1);
    expect(await graphiqlOptions(container.url)).toContain('query ContactsWithLists');
    const page = await fetch(container.url, { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('A sandbox account');

    const { code, ms } = await container.stop();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(GRACE_MS);
    expect(await container.health()).toBe(1);
    expect(snapshot(image.directory)).toEqual(before);
  });

  it('does not serve credentials to unauthenticated callers', async () => {
    const container = await start({ CONSTANT_CONTACT_ACCESS_TOKEN: 'secret-token' });
    expect(await container.exited).toBe(1);
    expect(container.output()).toContain('ACCESS_KEYS');
    expect(container.output()).not.toContain('secret-token');
  });
});

describe('the services of the compose file', () => {
  it('share one budget through Redis, with its password, and require a key', async () => {
    const { facade, redis } = parse(readFileSync(join(ROOT, 'deploy/compose.yaml'), 'utf8')).services;
    const filled = (text: string) => text.replace(/\$\{REDIS_PASSWORD:\?[^}]+\}/g, 'abc123');

    const port = await freePort();
    const [program = '', ...args] = (redis.command as string[]).map(filled);
    const data = mkdtempSync(join(temporary, 'redis-'));
    running.push(spawn(program, [...args, '--port', String(port)], { cwd: data, stdio: 'ignore' }));
    const [, ...ping] = redis.healthcheck.test as string[];
    const env = { PATH: process.env['PATH'], REDISCLI_AUTH: filled(redis.environment.REDISCLI_AUTH) };
    const [client = '', ...rest] = ping;
    const pong = () => spawnSync(client, ['-p', String(port), ...rest], { env, encoding: 'utf8' }).stdout;
    await expect.poll(pong, { timeout: 30_000 }).toContain('PONG');

    const sandbox = await createSandbox({ requestsPerSecond: 0, requestsPerDay: 0, contacts: 20 });
    const { key, entry } = generateAccessKey('tests', false);
    const given = Object.entries<string>(facade.environment).map(([name, value]) => [name, filled(value)]);
    const more: Record<string, string> = {
      ...Object.fromEntries(given),
      CONSTANT_CONTACT_ACCESS_TOKEN: sandbox.token,
      CONSTANT_CONTACT_API_URL: sandbox.url,
      CONSTANT_CONTACT_TOKEN_KEY: '0'.repeat(64),
      ACCESS_KEYS: entry,
    };
    more['REDIS_URL'] = (more['REDIS_URL'] ?? '').replace('@redis:6379', `@127.0.0.1:${String(port)}`);
    try {
      const [first, second] = [await start(more), await start(more)];
      await healthy(first);
      await healthy(second);
      const lists = '{ contactLists(first: 1) { nodes { name } } }';
      expect((await ask(first.url, lists)).errors).toHaveLength(1);
      const answer = await ask(first.url, lists, { 'x-api-key': key });
      expect(answer.errors).toBeUndefined();
      expect(answer.extensions.upstream.calls).toBe(1);
      const health = await (await fetch(`${second.url}/healthz`)).json();
      expect(health).toMatchObject({ redis: { status: 'connected' } });
      // Reads of the other process are cached here, and its call counts here, too.
      const other = await ask(second.url, lists, { 'x-api-key': key });
      expect(other.data).toEqual(answer.data);
      expect(other.extensions.upstream).toMatchObject({ calls: 0, cached: 1 });
      const account = await ask(second.url, '{ account { encodedAccountId } }', { 'x-api-key': key });
      expect(account.extensions.upstream).toMatchObject({ calls: 1, remainingToday: 9_998 });
      for (const container of [first, second]) expect((await container.stop()).code).toBe(0);
    } finally {
      await sandbox.close();
    }
  });
});
