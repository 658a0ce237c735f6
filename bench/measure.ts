import autocannon from 'autocannon';
import { Pool } from 'undici';
import { contentOf, type Content, type RequestAt, type Rest } from './cases.js';
import { authorizationAt, type RunningServer } from './processes.js';

export interface Throughput {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** CPU time of the server per answer, in milliseconds. It stays steady on a busy machine. */
  cpuMs: number;
}

/** Time of sequential requests over one connection. */
export interface Latency {
  p50Ms: number;
  p99Ms: number;
}

/** Prepared requests: enough that no two in flight are identical. A prime, so that every id meets every caller. */
const PREPARED = 997;

export async function throughput(
  server: RunningServer,
  requestAt: RequestAt,
  { connections, seconds }: { connections: number; seconds: number },
): Promise<Throughput> {
  const { pathname } = new URL(server.ready.url);
  const requests = Array.from({ length: PREPARED }, (_, at) => ({
    method: 'POST' as const,
    path: pathname,
    headers: {
      'content-type': 'application/json',
      authorization: authorizationAt(at),
      ...server.headers,
    },
    body: JSON.stringify(requestAt(at)),
  }));
  return load(server.ready.url, requests, { connections, seconds, cpuMs: server.cpuMs });
}

/** Throughput of the mock itself, for cases of one call: the upper bound for any server. */
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
  const requests = paths.map((path, at) => ({
    method: 'GET' as const,
    path: pathname + path,
    headers: { authorization: authorizationAt(at) },
  }));
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
      setupClient: (connection) => {
        // Each connection starts at another index, so that no two send the same request at the same time.
        const from = Math.floor((client++ * requests.length) / connections);
        connection.setRequests([...requests.slice(from), ...requests.slice(0, from)]);
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
    throw new Error(`${String(failures)} answers without status 200, ${String(result.errors)} errors`);
  }
  times.sort((a, b) => a - b);
  return {
    perSecond: times.length / result.duration,
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
    cpuMs: used / times.length,
  };
}

/** Sequential requests, each answer read to its end. */
export async function latency(send: (at: number) => Promise<void>, seconds: number): Promise<Latency> {
  const times: number[] = [];
  const end = performance.now() + seconds * 1_000;
  for (let at = 0; at < 20 || performance.now() < end; at += 1) {
    const startedAt = performance.now();
    await send(at);
    times.push(performance.now() - startedAt);
  }
  times.sort((a, b) => a - b);
  return { p50Ms: quantile(times, 0.5), p99Ms: quantile(times, 0.99) };
}

/** A client of one server, over one connection. */
export function graphqlClient(server: RunningServer) {
  const { origin, pathname } = new URL(server.ready.url);
  const pool = new Pool(origin, { connections: 1 });
  const post = async (requestAt: RequestAt, at: number): Promise<string> => {
    const { statusCode, body } = await pool.request({
      method: 'POST',
      path: pathname,
      headers: {
        'content-type': 'application/json',
        authorization: authorizationAt(at),
        ...server.headers,
      },
      body: JSON.stringify(requestAt(at)),
    });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`${String(statusCode)}: ${text.slice(0, 300)}`);
    return text;
  };
  return {
    send: async (requestAt: RequestAt, at: number): Promise<void> => {
      await post(requestAt, at);
    },
    content: async (requestAt: RequestAt, at: number): Promise<Content> =>
      contentOf(JSON.parse(await post(requestAt, at)) as { data?: unknown }),
    close: () => pool.close(),
  };
}

/** A client of the REST API that parses its responses, as any program would. */
export function restClient(api: string) {
  const { origin, pathname } = new URL(api);
  const pool = new Pool(origin, { connections: 64 });
  return {
    send: (rest: Rest, at: number): Promise<void> =>
      rest(async (path) => {
        const headers = { authorization: authorizationAt(at) };
        const { body } = await pool.request({ method: 'GET', path: pathname + path, headers });
        return body.json();
      }, at),
    close: () => pool.close(),
  };
}

/** Sends a command to the mock. @returns the paths called since the last command */
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
