import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../test/support/free-port.js';

interface Ready {
  readonly url: string;
  /** Set when the server is a child of the started process. */
  readonly pid?: number;
}

export interface RunningServer<R extends Ready = Ready> {
  readonly ready: R;
  /** Headers that it requires on every request, besides the caller's token. */
  readonly headers: Readonly<Record<string, string>>;
  /** From the start of the process to its first answer, in milliseconds. */
  readonly startMs: number;
  /** User and system CPU time of the process, in milliseconds. */
  cpuMs(): number;
  /** Current resident memory, in MB. */
  memoryMb(): number;
  stop(): Promise<void>;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TSX = ['--import', 'tsx'];
const EXIT_WITH_PARENT = ['--require', './bench/exit-with-parent.cjs'];
/** Linux reports CPU time in ticks of this length on every architecture. */
const TICK_MS = 10;

/** Access key that the server checks on every request, as in production. */
const ACCESS_KEY = 'ccg_benchmark';

/** Callers with different tokens. Reads are coalesced and reference data is cached for each token separately. */
const CALLERS = 97;

/** Credentials of request number `at`. */
export const authorizationAt = (at: number) => `Bearer caller-${String(at % CALLERS)}`;

/**
 * The core reserved for servers; load and mock share the others. Undefined where cores cannot be assigned.
 */
const serverCore = availableParallelism() > 1 && hasTaskset() ? 0 : undefined;
const otherCores = serverCore === undefined ? undefined : `1-${String(availableParallelism() - 1)}`;

export const pinning =
  serverCore === undefined
    ? 'servers share cores with load and mock: there is one core only, or no taskset'
    : `servers on core ${String(serverCore)}, load and mock on ${String(otherCores)}`;

function hasTaskset(): boolean {
  return spawnSync('taskset', ['-V']).status === 0;
}

/** Moves this process, which generates the load, off the core of the servers. */
export function leaveServerCore(): void {
  if (otherCores) spawnSync('taskset', ['-a', '-p', '-c', otherCores, String(process.pid)]);
}

function start(
  args: readonly string[],
  cores: string | undefined,
  env: NodeJS.ProcessEnv = {},
): ChildProcess {
  const node = [process.execPath, ...EXIT_WITH_PARENT, ...args];
  const [command = '', ...rest] = cores === undefined ? node : ['taskset', '-c', cores, ...node];
  return spawn(command, rest, {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'ignore', process.env['BENCH_DEBUG'] ? 'inherit' : 'ignore', 'ipc'],
  });
}

function running<R extends Ready>(
  child: ChildProcess,
  ready: R,
  startMs: number,
  headers: Record<string, string> = {},
): RunningServer<R> {
  const proc = (file: string) => readFileSync(`/proc/${String(ready.pid ?? child.pid)}/${file}`, 'utf8');
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

/** Starts a program that reports its address by an IPC message. */
async function startReporting<R extends Ready>(
  args: readonly string[],
  cores: string | undefined,
): Promise<RunningServer<R>> {
  const startedAt = performance.now();
  const child = start(args, cores);
  const exit = once(child, 'exit').then(([code]) => {
    throw new Error(`${args.join(' ')} exited with ${String(code)}; BENCH_DEBUG=1 shows why`);
  });
  const [ready] = (await Promise.race([once(child, 'message'), exit])) as [R];
  return running(child, ready, performance.now() - startedAt);
}

export function startMock(): Promise<RunningServer<Ready & { contactIds: string[] }>> {
  return startReporting([...TSX, 'bench/mock.ts'], otherCores);
}

/**
 * A built program, as `serve` runs it in production: access keys, the caller's own token, the reference
 * cache, query cost, time limits and the log. Only the limits of the REST API are off, because they would
 * dominate every measurement.
 *
 * @param dist folder of the build
 */
export async function startFacade(
  dist: string,
  api: string,
  nodeArgs: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<RunningServer> {
  const port = await freePort();
  const startedAt = performance.now();
  const child = start([...nodeArgs, resolve(dist, 'cli.js'), 'serve'], serverCore?.toString(), {
    PORT: String(port),
    CONSTANT_CONTACT_API_URL: api,
    CONSTANT_CONTACT_REQUESTS_PER_SECOND: '0',
    CONSTANT_CONTACT_REQUESTS_PER_DAY: '0',
    ACCESS_KEYS: `benchmark:${createHash('sha256').update(ACCESS_KEY).digest('hex')}`,
    ...env,
  });
  const url = `http://127.0.0.1:${String(port)}/graphql`;
  const headers = { 'x-api-key': ACCESS_KEY };
  for (;;) {
    if (child.exitCode !== null) throw new Error('the facade did not start; BENCH_DEBUG=1 shows why');
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: authorizationAt(0), ...headers },
      body: '{"query":"{ rateLimit { waiting } }"}',
    }).catch(() => null);
    if (answer?.ok) break;
    await setTimeout(5);
  }
  return running(child, { url }, performance.now() - startedAt, headers);
}

/** The same with its read cache. All requests have one caller, because the cache cannot hold the pages of 97. */
export async function startCachingFacade(dist: string, api: string): Promise<RunningServer> {
  const server = await startFacade(dist, api, [], { CACHE: 'contacts=86400' });
  return { ...server, headers: { ...server.headers, authorization: authorizationAt(0) } };
}

/** A server written for the benchmark: `bench/floor.ts` or `bench/bare.ts`. */
export function startOwn(name: 'floor' | 'bare', api: string): Promise<RunningServer> {
  return startReporting([...TSX, `bench/${name}.ts`, api], serverCore?.toString());
}

/** A server of `bench/peers`, which is a package of its own; installs it if it is missing or outdated. */
export async function startPeer(name: 'omnigraph' | 'tailcall', api: string): Promise<RunningServer> {
  installPeers();
  return startReporting([`bench/peers/${name}.js`, api, String(await freePort())], serverCore?.toString());
}

function installPeers(): void {
  const peers = fileURLToPath(new URL('peers', import.meta.url));
  const installed = `${peers}/node_modules/.package-lock.json`;
  const wanted = `${peers}/package-lock.json`;
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) return;
  console.error('Installing the peers (bench/peers) …');
  const { status } = spawnSync('npm', ['ci', '--prefix', peers], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error('npm ci --prefix bench/peers failed');
}
