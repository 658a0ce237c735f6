import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { Certificate } from './certificates.js';
import { freePort } from './free-port.js';
import { tlsArguments, until } from './redis.js';

/** A Redis of several servers, one of which holds all keys of a namespace. */
export interface RedisTopology {
  /** Value of `REDIS_URL`. */
  url: string;
  /** Addresses of single servers: a node or sentinel, and a replica. */
  plainUrl: string;
  replicaUrl: string;
  /** Kills the server that holds the keys. */
  killMaster(): Promise<void>;
  close(): Promise<void>;
}

/** Protection of the servers, besides the password of the default user. */
export interface RedisSecurity {
  /** Only TLS connections, also among the servers. */
  tls?: Certificate;
  /** Rights of a user other than the default one, whose password is `PASSWORD`. */
  acl?: readonly string[];
}

interface Server {
  port: number;
  child: ChildProcess;
  client: Redis;
}

const HOST = '127.0.0.1';
const PASSWORD = 'p@ss/word';
const SENTINEL_PASSWORD = 'another';
const USER = 'facade';
const AUTH = ['--requirepass', PASSWORD, '--masterauth', PASSWORD] as const;

const loginOf = ({ acl }: RedisSecurity) => `${acl ? USER : ''}:${encodeURIComponent(PASSWORD)}@`;
const schemeOf = ({ tls }: RedisSecurity) => (tls ? 'rediss' : 'redis');

/** Servers that stop together, and the directory of their configuration. */
class Servers {
  readonly #all: Server[] = [];
  readonly #directory = mkdtemp(join(tmpdir(), 'redis-'));

  constructor(private readonly security: RedisSecurity) {}

  async start(
    args: readonly string[],
    config?: (port: number) => string,
    password = PASSWORD,
  ): Promise<Server> {
    const port = await freePort();
    const directory = await this.#directory;
    const file = join(directory, `${String(port)}.conf`);
    if (config) await writeFile(file, config(port));
    const { tls } = this.security;
    const listening = tls
      ? [...tlsArguments(port, tls), '--tls-replication', 'yes', '--tls-cluster', 'yes']
      : ['--port', String(port)];
    const common = [...listening, '--bind', HOST, '--dir', directory];
    const storage = config ? [] : ['--save', '', '--appendonly', 'no'];
    const child = spawn('redis-server', [...(config ? [file] : []), ...common, ...storage, ...args], {
      stdio: 'ignore',
    });
    const client = new Redis(port, HOST, {
      password,
      retryStrategy: () => 50,
      ...(tls && { tls: { rejectUnauthorized: false } }),
    });
    client.on('error', () => undefined);
    const server = { port, child, client };
    this.#all.push(server);
    await until(() => client.status === 'ready', 'the start of redis-server');
    const { acl } = this.security;
    if (acl && password === PASSWORD) await client.call('acl', 'setuser', USER, 'on', `>${PASSWORD}`, ...acl);
    return server;
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map(end));
    await rm(await this.#directory, { recursive: true, force: true });
  }
}

async function end({ child, client }: Server): Promise<void> {
  client.disconnect();
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** A master, a replica, and three sentinels, two of which must agree that the master is down. */
export async function startSentinel(security: RedisSecurity = {}): Promise<RedisTopology> {
  const servers = new Servers(security);
  const [scheme, login] = [schemeOf(security), loginOf(security)];
  const master = await servers.start(AUTH);
  const replica = await servers.start([...AUTH, '--replicaof', HOST, String(master.port)]);
  await until(async () => /master_link_status:up/.test(await replica.client.info()), 'the replica');
  const config = () =>
    [
      `sentinel monitor primary ${HOST} ${String(master.port)} 2`,
      `sentinel auth-pass primary ${PASSWORD}`,
      `requirepass ${SENTINEL_PASSWORD}`,
      'sentinel down-after-milliseconds primary 1000',
      'sentinel failover-timeout primary 5000',
    ].join('\n');
  const sentinels = await Promise.all(
    [1, 2, 3].map(() => servers.start(['--sentinel'], config, SENTINEL_PASSWORD)),
  );
  await until(async () => {
    const seen = await Promise.all(
      sentinels.map(({ client }) => client.call('sentinel', 'master', 'primary') as Promise<string[]>),
    );
    const value = (facts: string[], name: string) => facts[facts.indexOf(name) + 1];
    return seen.every(
      (facts) => value(facts, 'num-slaves') === '1' && value(facts, 'num-other-sentinels') === '2',
    );
  }, 'the agreement of the sentinels');
  const hosts = sentinels.map(({ port }) => `${HOST}:${String(port)}`);
  return {
    url: `${scheme}+sentinel://${login}${hosts.join(',')}/primary?sentinelPassword=${SENTINEL_PASSWORD}`,
    plainUrl: `${scheme}://:${SENTINEL_PASSWORD}@${String(hosts[0])}`,
    replicaUrl: `${scheme}://${login}${HOST}:${String(replica.port)}`,
    killMaster: () => end(master),
    close: () => servers.close(),
  };
}

const SLOTS = 16_384;

/** Three masters, and a replica of the one that holds the keys of this namespace. */
export async function startCluster(namespace: string, security: RedisSecurity = {}): Promise<RedisTopology> {
  const servers = new Servers(security);
  const [scheme, login] = [schemeOf(security), loginOf(security)];
  const node = async () => {
    const bus = String(await freePort());
    const started = await servers.start(
      [...AUTH, '--cluster-enabled', 'yes', '--cluster-port', bus, '--cluster-node-timeout', '1000'],
      (port) => `cluster-config-file nodes-${String(port)}.conf\nsave ""\n`,
    );
    return { ...started, bus };
  };
  const nodes = [await node(), await node(), await node(), await node()] as const;
  const [first, ...others] = nodes;
  const masters = nodes.slice(0, 3);
  const part = Math.ceil(SLOTS / 3);
  await Promise.all(
    masters.map(({ client }, at) =>
      client.call('cluster', 'addslotsrange', at * part, Math.min(SLOTS, (at + 1) * part) - 1),
    ),
  );
  for (const { port, bus } of others) await first.client.call('cluster', 'meet', HOST, port, bus);
  const everywhere = (isSo: (info: string) => boolean) => async () =>
    (await Promise.all(nodes.map(({ client }) => client.cluster('INFO')))).every(isSo);
  await until(
    everywhere((info) => /cluster_state:ok/.test(info) && /cluster_known_nodes:4/.test(info)),
    'the cluster',
  );
  const slot = await first.client.cluster('KEYSLOT', `{${namespace}}`);
  const master = masters[Math.floor(slot / part)] ?? first;
  const [, , , replica] = nodes;
  await replica.client.call('cluster', 'replicate', await master.client.cluster('MYID'));
  await until(async () => /master_link_status:up/.test(await replica.client.info()), 'the replica');
  return {
    // One node is enough: the client discovers the others.
    url: `${scheme}+cluster://${login}${HOST}:${String((master === first ? masters[1] : first)?.port)}`,
    plainUrl: `${scheme}://${login}${HOST}:${String(first.port)}`,
    replicaUrl: `${scheme}://${login}${HOST}:${String(replica.port)}`,
    killMaster: () => end(master),
    close: () => servers.close(),
  };
}
