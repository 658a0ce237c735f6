import autocannon from 'autocannon';
import { Pool } from 'undici';
import type { Ask, Rest } from './cases.js';
import { rowsOf } from './cases.js';
import type { Served } from './processes.js';

/** Answers under load. */
export interface Throughput {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Processor time of the server for one answer, in milliseconds: what remains steady on a busy machine. */
  cpuMs: number;
}

/** Time of one request after the other, over one connection. */
export interface Latency {
  p50Ms: number;
  p99Ms: number;
}

/** Prepared requests: enough that none of those under way is like another. */
const PREPARED = 997;

export async function throughput(
  server: Served,
  ask: Ask,
  { connections, seconds }: { connections: number; seconds: number },
): Promise<Throughput> {
  const { pathname } = new URL(server.ready.url);
  const headers = { 'content-type': 'application/json', ...server.headers };
  const requests = Array.from({ length: PREPARED }, (_, at) => ({
    method: 'POST' as const,
    path: pathname,
    headers,
    body: JSON.stringify(ask(at)),
  }));
  return load(server.ready.url, requests, { connections, seconds, cpuMs: server.cpuMs });
}

/** The mock itself under load, for cases of one call: what nothing in between would give. */
export async function restThroughput(
  api: string,
  rest: Rest,
  options: { connections: number; seconds: number },
): Promise<Throughput | null> {
  const paths: string[] = [];
  let calls = 0;
  for (let at = 0; at < PREPARED; at += 1) {
    calls = 0;
    await rest((path) => {
      calls += 1;
      paths.push(path);
      return Promise.resolve({ campaigns: [] });
    }, at);
    if (calls > 1) return null;
  }
  const { pathname } = new URL(api);
  const requests = paths.map((path) => ({ method: 'GET' as const, path: pathname + path }));
  return load(api, requests, { ...options, cpuMs: () => 0 });
}

async function load(
  url: string,
  requests: autocannon.Request[],
  { connections, seconds, cpuMs }: { connections: number; seconds: number; cpuMs: () => number },
): Promise<Throughput> {
  const times: number[] = [];
  let client = 0;
  const cpu = cpuMs();
  let failures = 0;
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const options: autocannon.Options = {
      url: new URL(url).origin,
      connections,
      duration: seconds,
      requests: requests.slice(0, 1),
      setupClient: (one) => {
        // Each connection begins elsewhere, so that no two ask for the same at the same time.
        const from = Math.floor((client++ * requests.length) / connections);
        one.setRequests([...requests.slice(from), ...requests.slice(0, from)]);
      },
    };
    const instance = autocannon(options, (error: unknown, done) => {
      if (error instanceof Error) reject(error);
      else resolve(done);
    });
    instance.on('response', (_client, status, _bytes, ms) => {
      times.push(ms);
      if (status !== 200) failures += 1;
    });
  });
  const used = cpuMs() - cpu;
  if (failures > 0 || result.errors > 0) {
    throw new Error(`${String(failures)} answers of another status, ${String(result.errors)} errors`);
  }
  times.sort((a, b) => a - b);
  return {
    perSecond: times.length / result.duration,
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
    cpuMs: used / times.length,
  };
}

/** One request after the other, each answer read to its end. */
export async function latency(send: (at: number) => Promise<void>, seconds: number): Promise<Latency> {
  const times: number[] = [];
  const end = performance.now() + seconds * 1_000;
  for (let at = 0; at < 20 || performance.now() < end; at += 1) {
    const began = performance.now();
    await send(at);
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  return { p50Ms: quantile(times, 0.5), p99Ms: quantile(times, 0.99) };
}

/** A client of one server; `ask` checks the answer's rows. */
export function graphqlClient(server: Served, connections = 1) {
  const { origin, pathname } = new URL(server.ready.url);
  const pool = new Pool(origin, { connections });
  const post = async (ask: Ask, at: number): Promise<string> => {
    const { statusCode, body } = await pool.request({
      method: 'POST',
      path: pathname,
      headers: { 'content-type': 'application/json', ...server.headers },
      body: JSON.stringify(ask(at)),
    });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`${String(statusCode)}: ${text.slice(0, 300)}`);
    return text;
  };
  return {
    send: async (ask: Ask, at: number): Promise<void> => {
      await post(ask, at);
    },
    rows: async (ask: Ask): Promise<number> => rowsOf(JSON.parse(await post(ask, 0)) as { data?: unknown }),
    close: () => pool.close(),
  };
}

/** A client of the REST API that parses what it gets, as any program would. */
export function restClient(api: string, connections = 64) {
  const { origin, pathname } = new URL(api);
  const pool = new Pool(origin, { connections });
  const get = async (path: string): Promise<unknown> => {
    const { body } = await pool.request({ method: 'GET', path: pathname + path });
    return body.json();
  };
  return {
    send: (rest: Rest, at: number): Promise<void> => rest(get, at),
    close: () => pool.close(),
  };
}

/** Tells the mock something and gives the paths that it was asked since the last time. */
export async function control(api: string, path: string): Promise<string[]> {
  const response = await fetch(`${new URL(api).origin}/bench/${path}`);
  return ((await response.json()) as { calls: string[] }).calls;
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN;
}

export function median(values: readonly number[]): number {
  return quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
}
