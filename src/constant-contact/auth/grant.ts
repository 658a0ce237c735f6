import { randomUUID } from 'node:crypto';
import type { Tokens } from './oauth.js';
import type { Grant } from './token-codec.js';

/** Maximum time before its expiry at which a token is renewed; a tenth of its lifetime if that is shorter. */
const EARLIEST_MS = 3_600_000;

/** A login before its first access token. @param bootstrap fingerprint of the configured refresh token that it uses, if any */
export function newGrant(
  clientId: string,
  refreshToken: string | null,
  revision: number,
  bootstrap: string | null,
): Grant {
  return {
    id: randomUUID(),
    revision,
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
    bootstrap,
  };
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
