import { createHash } from 'node:crypto';
import type { errors as JoseErrors } from 'jose';

export interface JwtOptions {
  jwksUrl: string;
  issuer: string;
  audience: string;
  /** Scope that a token needs for mutations; null for none. */
  writeScope: string | null;
}

export interface JwtCaller {
  id: string;
  readOnly: boolean;
}

/** Signature algorithms with public keys. With a shared secret, everyone who can verify a token could issue one. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
/** Tolerated difference between the clocks of the issuer and of this machine, in seconds. */
const CLOCK_TOLERANCE = 30;
const FETCH_TIMEOUT_MS = 5_000;

/** Errors of the token itself. All others are failures to load the keys of the issuer. */
const tokenErrors = (errors: typeof JoseErrors) => [
  errors.JWTExpired,
  errors.JWTClaimValidationFailed,
  errors.JWTInvalid,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
];

/** The keys of the issuer cannot be read now, so no token can be verified. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

/**
 * Verifies tokens with the published keys of their issuer. Keys are loaded at the first token, cached, and loaded again when a
 * token names an unknown one.
 * @returns a function that returns the caller, or null for an invalid token; it throws KeysUnavailable
 */
export function jwtVerifier(options: JwtOptions): (token: string) => Promise<JwtCaller | null> {
  const loading = import('jose').then(({ createRemoteJWKSet, errors, jwtVerify }) => ({
    jwtVerify,
    keys: createRemoteJWKSet(new URL(options.jwksUrl), { timeoutDuration: FETCH_TIMEOUT_MS }),
    tokenErrorClasses: tokenErrors(errors),
  }));
  return async (token) => {
    const { jwtVerify, keys, tokenErrorClasses } = await loading;
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: options.issuer,
        audience: options.audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE,
        requiredClaims: ['exp', 'sub'],
      });
      const { sub, scope, scp } = payload as { sub: string; scope?: unknown; scp?: unknown };
      const { writeScope } = options;
      return {
        // A subject is often an email address, so only its hash is used.
        id: `jwt:${createHash('sha256').update(`${options.issuer}\n${sub}`).digest('hex').slice(0, 16)}`,
        readOnly: writeScope !== null && ![...scopesOf(scope), ...scopesOf(scp)].includes(writeScope),
      };
    } catch (error) {
      if (tokenErrorClasses.some((kind) => error instanceof kind)) return null;
      throw new KeysUnavailable('The keys of the token issuer cannot be read.', { cause: error });
    }
  };
}

/** Scopes are a text or a list, under one name or another. */
function scopesOf(claim: unknown): readonly unknown[] {
  return typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
}
