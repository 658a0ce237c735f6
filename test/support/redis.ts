import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import type { Certificate } from './certificates.js';
import { freePort } from './free-port.js';

export interface RedisServer {
  url: string;
  pid(): number | undefined;
  client: Redis;
  /** Kills the server; its data is lost. */
  kill(): Promise<void>;
  /** Restarts it on the same port, empty. */
  start(): Promise<void>;
  /** Keeps its connections open and stops answering until `resume`. */
  freeze(): void;
  resume(): void;
  close(): Promise<void>;
}

/** A Redis on a free port, without persistence. @param tls accepts only TLS connections if given */
export async function startRedis(tls?: Certificate): Promise<RedisServer> {
  const port = await freePort();
  let server: ChildProcess | undefined;
  const client = new Redis(port, '127.0.0.1', {
    lazyConnect: true,
    retryStrategy: () => 50,
    // The test's certificate is not trusted by default.
    ...(tls && { tls: { rejectUnauthorized: false } }),
  });
  client.on('error', () => undefined);
  const start = async () => {
    const listening = tls ? tlsArguments(port, tls) : ['--port', String(port)];
    const args = [...listening, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const started = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    server = started;
    await new Promise<void>((resolve, reject) => {
      started.once('error', () => {
        reject(new Error('There is no redis-server to test with: apt-get install redis-server'));
      });
      started.once('exit', (code) => {
        reject(new Error(`redis-server ended with ${String(code)}.`));
      });
      started.stdout.on('data', (text) => {
        if (String(text).includes('Ready to accept connections')) resolve();
      });
    });
    if (client.status === 'wait') await client.connect();
  };
  const kill = async () => {
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  };
  await start();
  return {
    url: `redis${tls ? 's' : ''}://127.0.0.1:${String(port)}`,
    pid: () => server?.pid,
    client,
    kill,
    start,
    freeze: () => server?.kill('SIGSTOP'),
    resume: () => server?.kill('SIGCONT'),
    close: async () => {
      client.disconnect();
      await kill();
    },
  };
}

/** Arguments of a Redis server that accepts only TLS connections. */
export function tlsArguments(port: number, { ca, certificate, key }: Certificate): string[] {
  return [
    ...['--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no'],
    ...['--tls-ca-cert-file', ca, '--tls-cert-file', certificate, '--tls-key-file', key],
  ];
}

/** Keys that match the pattern, with their contents, of every type that the program uses. */
export async function contentsOf(client: Redis, pattern = '*'): Promise<string> {
  const keys = await client.keys(pattern);
  const contents = await Promise.all(
    keys.map(async (key) => {
      switch (await client.type(key)) {
        case 'none':
          return [];
        case 'string':
          return [await client.getBuffer(key)];
        case 'hash':
          return client
            .hvalsBuffer(key)
            .then(async (values) => [...values, ...(await client.hkeysBuffer(key))]);
        case 'zset':
          return client.zrangeBuffer(key, 0, -1);
        default:
          throw new Error(`${key} is of a type that no test looks into.`);
      }
    }),
  );
  return [...keys, ...contents.flat().map((one) => one?.toString('latin1') ?? '')].join('\n');
}

/** Polls until the condition holds. The default limit only ends what hangs. */
export async function until(isSo: () => unknown, what: string, ms = 60_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`${what} did not happen within ${String(ms)} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
