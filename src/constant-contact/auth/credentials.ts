import { hash } from 'node:crypto';
import { ConstantContactError } from '../errors.js';

/** Credentials of a call. Only `headers()` returns the secret. */
export interface Credentials {
  readonly kind: 'pass-through' | 'token' | 'account' | 'sandbox' | 'partner';
  /** Identifies the credentials without exposing them; separates caches and shared reads. */
  readonly fingerprint: string;
  /** Headers that authenticate a call. Can take time or fail where a token must be renewed first. */
  headers(): Record<string, string> | Promise<Record<string, string>>;
  /**
   * Called when the API answers 401 to these headers.
   * @returns true if `headers()` now returns others, so the call may be repeated
   */
  rejected?(headers: Readonly<Record<string, string>>): Promise<boolean>;
}

/**
 * An OAuth access token.
 * @throws ConstantContactError `unauthenticated` for a text that cannot be a token (empty, spaces, control characters)
 */
export function bearerCredentials(kind: Exclude<Credentials['kind'], 'partner'>, token: string): Credentials {
  assertHeaderValue(token);
  return fixed(kind, token, { authorization: `Bearer ${token}` });
}

/**
 * Credentials of a technology partner. Partner endpoints require the bare token, without the word Bearer, and the key in
 * another header.
 * @throws ConstantContactError `unauthenticated` for a text that cannot be a key or a token
 */
export function partnerCredentials(apiKey: string, token: string): Credentials {
  assertHeaderValue(apiKey);
  assertHeaderValue(token);
  return fixed('partner', `${apiKey}\n${token}`, { 'x-api-key': apiKey, authorization: token });
}

function fixed(kind: Credentials['kind'], secret: string, headers: Record<string, string>): Credentials {
  return { kind, fingerprint: fingerprintOf(secret), headers: () => headers };
}

/** The first 128 bits of a SHA-256, in hex: enough to distinguish secrets, too few to recover one. */
export function fingerprintOf(secret: string): string {
  return hash('sha256', secret, 'hex').slice(0, 32);
}

function assertHeaderValue(text: string): void {
  if (!/^[\x21-\x7e]+$/.test(text)) {
    throw new ConstantContactError(
      'unauthenticated',
      'The access token is empty or contains invalid characters.',
    );
  }
}
