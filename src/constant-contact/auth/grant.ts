import { randomUUID } from 'node:crypto';
import { fingerprintOf } from './credentials.js';
import type { Tokens } from './oauth.js';
import type { Grant } from './token-codec.js';

/** Maximum time before its expiry at which a token is renewed; a tenth of its lifetime if that is shorter. */
const EARLIEST_MS = 3_600_000;

/** Largest number of configured refresh tokens that are remembered. */
const MAX_BOOTSTRAPS = 20;

/**
 * A login before its first access token.
 * @param previous the login that it replaces
 * @param bootstrap the configured refresh token that is not used any more
 */
export function newGrant(
  clientId: string,
  refreshToken: string | null,
  previous: Grant | null,
  bootstrap: string | null,
): Grant {
  const used = usedBootstraps(previous);
  if (bootstrap !== null) used.push(fingerprintOf(bootstrap));
  return {
    id: randomUUID(),
    revision: (previous?.revision ?? 0) + 1,
    clientId,
    refreshToken,
    accessToken: null,
    obtainedAt: 0,
    expiresAt: 0,
    scopes: [],
    attempts: 0,
    attemptedAt: 0,
    pauseMs: 0,
    endedAt: null,
    bootstrap: used.at(-1) ?? null,
    bootstraps: [...new Set(used)].slice(-MAX_BOOTSTRAPS),
  };
}

/** The login that a configured refresh token becomes. */
export function grantOfBootstrap(clientId: string, refreshToken: string, previous: Grant | null): Grant {
  return {
    ...newGrant(clientId, refreshToken, previous, refreshToken),
    id: idOfBootstrap(refreshToken),
  };
}

/** The id of the login that a configured refresh token becomes: known before it is taken over. */
export function idOfBootstrap(refreshToken: string): string {
  return fingerprintOf(`login\n${refreshToken}`);
}

/** Returns true if a configured refresh token was used for this login or one before it. */
export function wasUsed(bootstrap: string, grant: Grant): boolean {
  return usedBootstraps(grant).includes(fingerprintOf(bootstrap));
}

function usedBootstraps(grant: Grant | null): string[] {
  if (!grant) return [];
  return grant.bootstrap === null ? [...grant.bootstraps] : [...grant.bootstraps, grant.bootstrap];
}

/** The grant with new tokens. A response repeats a long-lived refresh token or leaves it out. */
export function renewed(grant: Grant, tokens: Tokens, now: number): Grant {
  return {
    ...grant,
    revision: grant.revision + 1,
    refreshToken: tokens.refreshToken ?? grant.refreshToken,
    accessToken: tokens.accessToken,
    obtainedAt: now,
    expiresAt: tokens.expiresAt,
    scopes: tokens.scopes.length > 0 ? [...tokens.scopes] : grant.scopes,
    attempts: 0,
    attemptedAt: 0,
    pauseMs: 0,
  };
}

/** Time at which a grant is renewed, in milliseconds since the epoch. */
export function renewAt({ obtainedAt, expiresAt }: Grant): number {
  return expiresAt - Math.min(EARLIEST_MS, (expiresAt - obtainedAt) / 10);
}
