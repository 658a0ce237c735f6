import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { freePort } from '../test/support/free-port.js';

/** A server of the benchmark, in a process of its own. */
export interface Served<Ready = { url: string }> {
  readonly ready: Ready;
  /** Headers that it wants with every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** From the start of the process to the first answer, in milliseconds. */
  readonly startMs: number;
  /** User and system time of the process so far, in milliseconds. */
  cpuMs(): number;
  /** What it holds of the machine's memory now, in MB. */
  memoryMb(): number;
  stop(): Promise<void>;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TSX = ['--import', 'tsx'];
/** Loaded into every server: none is left behind, not even by a benchmark that fails or is killed. */
const LEASH = ['--require', './bench/leash.cjs'];
/** Of Linux, whatever the machine. */
const TICK_MS = 10;

/** Key of the only caller, so that access is checked for every request as in production. */
const ACCESS_KEY = 'ccg_benchmark';
const TOKEN = 'sandbox';

/** The core that servers have for themselves; load and mock share the others. Undefined where cores cannot be given. */
const serverCore = availableParallelism() > 1 && hasTaskset() ? 0 : undefined;
const otherCores = serverCore === undefined ? undefined : `1-${String(availableParallelism() - 1)}`;

export const pinning =
  serverCore === undefined
    ? 'no core of their own for the servers: there is one core only, or no taskset'
    : `servers on core ${String(serverCore)}, load and mock on ${String(otherCores)}`;

function hasTaskset(): boolean {
  return spawnSync('taskset', ['-V']).status === 0;
}

/** Keeps this process, which makes the load, off the core of the servers. */
export function stepAside(): void {
  if (otherCores) spawnSync('taskset', ['-a', '-p', '-c', otherCores, String(process.pid)]);
}

function run(args: readonly string[], cores: string | undefined, env: NodeJS.ProcessEnv = {}): ChildProcess {
  const node = [process.execPath, ...LEASH, ...args];
  const [command = '', ...rest] = cores === undefined ? node : ['taskset', '-c', cores, ...node];
  return spawn(command, rest, {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'ignore', process.env['BENCH_DEBUG'] ? 'inherit' : 'ignore', 'ipc'],
  });
}

function served<Ready>(
  child: ChildProcess,
  ready: Ready,
  startMs: number,
  headers: Record<string, string> = {},
): Served<Ready> {
  const proc = (file: string) => readFileSync(`/proc/${String(child.pid)}/${file}`, 'utf8');
  return {
    ready,
    startMs,
    headers,
    cpuMs: () => {
      const fields = proc('stat').split(') ')[1]?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
    },
    memoryMb: () => Number(/VmRSS:\s+(\d+)/.exec(proc('status'))?.[1]) / 1024,
    stop: async () => {
      if (child.exitCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** A child that says by a message where it listens. */
async function saysWhere<Ready>(child: ChildProcess): Promise<Ready> {
  const exit = once(child, 'exit').then(([code]) => {
    throw new Error(`a server of the benchmark ended with ${String(code)}; BENCH_DEBUG=1 shows why`);
  });
  const [ready] = (await Promise.race([once(child, 'message'), exit])) as unknown[];
  return ready as Ready;
}

export async function startMock(): Promise<Served<{ url: string; contactIds: string[] }>> {
  const child = run([...TSX, 'bench/mock.ts'], otherCores);
  return served(child, await saysWhere<{ url: string; contactIds: string[] }>(child), 0);
}

/** The built program, as `serve` runs it, with every protection that needs no other service. */
export async function startFacade(api: string, nodeArgs: readonly string[] = []): Promise<Served> {
  const port = await freePort();
  const began = performance.now();
  const child = run([...nodeArgs, 'dist/cli.js', 'serve'], serverCore?.toString(), {
    PORT: String(port),
    CONSTANT_CONTACT_API_URL: api,
    CONSTANT_CONTACT_ACCESS_TOKEN: TOKEN,
    CONSTANT_CONTACT_REQUESTS_PER_SECOND: '0',
    CONSTANT_CONTACT_REQUESTS_PER_DAY: '0',
    REFERENCE_CACHE_SECONDS: '0',
    ACCESS_KEYS: `benchmark:${createHash('sha256').update(ACCESS_KEY).digest('hex')}`,
  });
  const url = `http://127.0.0.1:${String(port)}/graphql`;
  const headers = { 'x-api-key': ACCESS_KEY };
  for (;;) {
    if (child.exitCode !== null) throw new Error('the facade did not start; BENCH_DEBUG=1 shows why');
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{"query":"{ rateLimit { waiting } }"}',
    }).catch(() => null);
    if (answer?.ok) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return served(child, { url }, performance.now() - began, headers);
}

/** One of the servers that are made for the benchmark: `bench/floor.ts`, `bench/bare.ts`. */
export async function startOwn(name: 'floor' | 'bare', api: string): Promise<Served> {
  const began = performance.now();
  const child = run([...TSX, `bench/${name}.ts`, api, TOKEN], serverCore?.toString());
  return served(child, await saysWhere<{ url: string }>(child), performance.now() - began);
}

/** The generated facade, from a package of its own that is installed when it is missing. */
export async function startGenerated(api: string): Promise<Served> {
  const peers = fileURLToPath(new URL('peers', import.meta.url));
  if (!existsSync(`${peers}/node_modules`)) {
    console.error('Installing what is compared with (bench/peers) …');
    const { status } = spawnSync('npm', ['ci', '--prefix', peers], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (status !== 0) throw new Error('npm ci --prefix bench/peers failed');
  }
  const began = performance.now();
  const child = run(['bench/peers/omnigraph.js', api, TOKEN], serverCore?.toString());
  return served(child, await saysWhere<{ url: string }>(child), performance.now() - began);
}
