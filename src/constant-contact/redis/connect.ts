import { Cluster, Redis, type CommonRedisOptions } from 'ioredis';
import { RedisUnusable, type RedisAddress } from './address.js';

export type RedisConnection = Redis | Cluster;

/** Longest pause between two attempts to connect. With it, all processes are back soon after Redis is. */
export const RECONNECT_MS = 500;
const CONNECT_MS = 2_000;

/** @param ca certificates (PEM) to trust instead of the system's */
export function openConnection(address: RedisAddress, ca: string | null): RedisConnection {
  const retryStrategy = (times: number) => Math.min(RECONNECT_MS, times * 50);
  const tls = { ca: ca ?? undefined };
  const options = {
    // Callers decide again about commands that could not be sent at once; sent later, they would do harm.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: null,
    connectTimeout: CONNECT_MS,
    keepAlive: 10_000,
    connectionName: 'constant-contact-graphql',
    retryStrategy,
  } satisfies CommonRedisOptions & { retryStrategy: unknown };
  if (address.kind === 'server') return new Redis(address.url, { ...options, ...(ca !== null && { tls }) });
  const { nodes, username, password } = address;
  if (address.kind === 'cluster') {
    return new Cluster([...nodes], {
      enableOfflineQueue: false,
      clusterRetryStrategy: retryStrategy,
      // A command may have been carried out before its connection broke.
      retryDelayOnFailover: 0,
      retryDelayOnClusterDown: 0,
      slotsRefreshTimeout: CONNECT_MS,
      // Certificates are for names.
      dnsLookup: (name, done) => done(null, name),
      redisOptions: {
        username,
        password,
        connectTimeout: CONNECT_MS,
        keepAlive: options.keepAlive,
        connectionName: options.connectionName,
        ...(address.tls && { tls }),
      },
    });
  }
  return new Redis({
    ...options,
    username,
    password,
    sentinels: [...nodes],
    name: address.master,
    db: address.db,
    sentinelRetryStrategy: retryStrategy,
    sentinelCommandTimeout: CONNECT_MS,
    sentinelPassword: address.sentinelPassword,
    ...(address.tls && { tls, sentinelTLS: tls, enableTLSForSentinelMode: true }),
  });
}

/** Configuration error of a reachable server; null for a master of the configured kind. @param info of `INFO` */
export function problemOf({ kind }: RedisAddress, info: string): RedisUnusable | null {
  if (/^redis_mode:sentinel/m.test(info)) {
    return new RedisUnusable(
      'REDIS_URL names a Redis Sentinel. Write redis+sentinel://host:26379,host:26379/NAME with the name of the master.',
    );
  }
  if (kind === 'server' && /^cluster_enabled:1/m.test(info)) {
    return new RedisUnusable(
      'REDIS_URL names a node of a Redis Cluster. Write redis+cluster://host:6379,host:6379 with some of its nodes.',
    );
  }
  if (kind === 'server' && /^role:slave/m.test(info)) {
    return new RedisUnusable(
      'REDIS_URL names a replica, which is read-only. Write the address of its master, or redis+sentinel://… or redis+cluster://….',
    );
  }
  return null;
}

/** Configuration error behind a failed connection; null when the server may only be unreachable. */
export function connectionProblemOf(address: RedisAddress, error: Error): RedisUnusable | null {
  const { kind } = address;
  const { lastNodeError, command } = error as { lastNodeError?: Error; command?: { name?: string } };
  if (isLoginRefusal(error.message) || isLoginRefusal(lastNodeError?.message)) {
    const isOfSentinel = kind === 'sentinel' && error.message.startsWith('All sentinels are unreachable');
    return loginProblemOf(address, isOfSentinel);
  }
  if (command?.name === 'select' && /^(ERR|NOPERM) /.test(error.message)) {
    return new RedisUnusable(
      'REDIS_URL names a database that the server does not have, or that this user may not select. Write a number below the setting `databases` of the server, or none for database 0.',
    );
  }
  if (kind === 'cluster' && /unknown command|cluster support disabled/i.test(lastNodeError?.message ?? '')) {
    return new RedisUnusable(
      'REDIS_URL starts with redis+cluster://, but the server is not part of a Redis Cluster. Write redis://, or redis+sentinel:// for a Sentinel.',
    );
  }
  if (kind === 'sentinel' && error.message.startsWith('All sentinels are unreachable')) {
    if (/unknown command/i.test(error.message)) {
      return new RedisUnusable(
        'REDIS_URL starts with redis+sentinel://, but the server is not a Redis Sentinel. Write redis:// or redis+cluster://.',
      );
    }
    if (!error.message.includes('Last error')) {
      return new RedisUnusable('No Redis Sentinel of REDIS_URL knows a master of that name.');
    }
  }
  return null;
}

/** Redis 5 and older say "ERR invalid password". */
function isLoginRefusal(message = ''): boolean {
  return /\b(WRONGPASS|NOAUTH|ERR invalid password)\b/.test(message);
}

/** @param isOfSentinel whether a sentinel refuses the login, which has a password of its own */
function loginProblemOf(address: RedisAddress, isOfSentinel: boolean): RedisUnusable {
  if (isOfSentinel) {
    return new RedisUnusable(
      'The Redis Sentinel does not accept the password of REDIS_URL. Append the password of the sentinels as ?sentinelPassword=…, percent-encoded.',
    );
  }
  const { password } = address.kind === 'server' ? new URL(address.url) : address;
  return new RedisUnusable(
    password
      ? 'Redis does not accept the user name and password of REDIS_URL. Correct the part before the @: user:password, or :password for the default user, both percent-encoded.'
      : 'Redis requires a password, and REDIS_URL has none. Write user:password@ before the host, or :password@ for the default user, both percent-encoded.',
  );
}
