import { hash, hkdfSync } from 'node:crypto';
import { Cipher } from '../auth/cipher.js';

/** Each use has a key of its own, so that the number of values per key stays low. Null without a secret. */
export function cipherFor(secret: Buffer | null, use: string): Cipher | null {
  if (!secret) return null;
  return new Cipher(Buffer.from(hkdfSync('sha256', secret, '', `constant-contact-graphql ${use} 1`, 32)));
}

/** A name for a key, from which its parts cannot be read. */
export function hashOf(...parts: string[]): string {
  return hash('sha256', parts.join('\n'), 'hex').slice(0, 40);
}
