import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigError, type Config } from '../config.js';
import type { Clock } from '../constant-contact/clock.js';
import { fingerprintOf } from '../constant-contact/auth/credentials.js';
import type { SharedState, SharedStatus } from '../constant-contact/redis/index.js';
import { silentLogger, type Logger } from './logger.js';
import { readRelease } from './release.js';

/**
 * Opens the state that processes share through Redis, if configured. An embedded sandbox account belongs to one
 * process, so it is not shared.
 *
 * @throws ConfigError when the file with the certificate authorities cannot be used
 */
export async function openSharedState(
  config: Config,
  apiUrl: string | null,
  { logger = silentLogger(), clock }: { logger?: Logger; clock?: Clock | undefined } = {},
): Promise<SharedState | null> {
  const { redis, requestsPerSecond, requestsPerDay, reservedForMutations } = config;
  const { cacheSeconds, referenceCacheSeconds, staleSeconds } = config;
  if (!redis || config.mode === 'sandbox') return null;
  const ca = redis.caFile === null ? undefined : readCertificates(redis.caFile);
  if (redis.secret === null)
    logger.warn({}, 'Redis stores client data in plain text; set CONSTANT_CONTACT_TOKEN_KEY to encrypt it');
  const { connectSharedState } = await import('../constant-contact/redis/index.js');
  return connectSharedState({
    ...redis,
    ca,
    namespace: namespaceOf(redis.namespace, config.account?.clientId),
    requestsPerSecond,
    requestsPerDay,
    reservedForMutations,
    cacheSeconds,
    referenceCacheSeconds,
    staleSeconds,
    scope: `${readRelease().version} ${apiUrl ?? ''}`,
    clock,
    onChange: (status) => logChange(logger, status),
  });
}

/** Without this check, TLS would ignore a file without certificates, and then trust no server. */
function readCertificates(path: string): string {
  try {
    const pem = readFileSync(path, 'utf8');
    new X509Certificate(pem);
    return pem;
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new ConfigError(
      `REDIS_CA must be the path of a file with certificates in PEM format; ${path} cannot be read (${code})`,
    );
  }
}

/**
 * Limits apply to an API key, so its fingerprint is the namespace. Without an API key, all processes of this Redis share one
 * budget.
 */
function namespaceOf(configured: string | null, clientId: string | undefined): string {
  return configured ?? (clientId === undefined ? 'default' : fingerprintOf(clientId).slice(0, 16));
}

function logChange(
  logger: Logger,
  { connected, appendOnly, reason, hint, problem, requestsPerSecond }: SharedStatus,
): void {
  if (connected) logger.info({ appendOnly, requestsPerSecond }, 'Redis connected');
  else if (problem !== null) logger.error({ problem, requestsPerSecond }, 'Redis unusable');
  else {
    logger.warn(
      { reason, ...(hint !== null && { hint }), requestsPerSecond },
      'Redis unreachable; using local limits',
    );
  }
}
