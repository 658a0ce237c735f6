import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import { freePort } from './free-port.js';

export interface RedisServer {
  url: string;
  /** A connection of the test's own. */
  client: Redis;
  /** Ends it without warning; what it knew is lost. */
  kill(): Promise<void>;
  /** Starts it again on the same port, empty. */
  start(): Promise<void>;
  /** It keeps its connections and answers nothing, until `resume`. */
  freeze(): void;
  resume(): void;
  close(): Promise<void>;
}

/** Paths of PEM files. */
export interface RedisTls {
  ca: string;
  certificate: string;
  key: string;
}

/** A Redis of its own on a free port, which keeps nothing on the disk. @param tls has it speak TLS only */
export async function startRedis(tls?: RedisTls): Promise<RedisServer> {
  const port = await freePort();
  let server: ChildProcess | undefined;
  const client = new Redis(port, '127.0.0.1', {
    lazyConnect: true,
    retryStrategy: () => 50,
    ...(tls && { tls: { ca: readFileSync(tls.ca) } }),
  });
  client.on('error', () => undefined);
  const start = async () => {
    const listening = tls
      ? ['--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no']
          .concat(['--tls-ca-cert-file', tls.ca, '--tls-cert-file', tls.certificate])
          .concat(['--tls-key-file', tls.key])
      : ['--port', String(port)];
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

/** Waits until something is so. */
export async function until(isSo: () => unknown, what: string, ms = 10_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`${what} did not happen within ${String(ms)} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
