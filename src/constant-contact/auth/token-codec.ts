import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { ConstantContactError } from '../errors.js';

/**
 * One login, as it is stored. All times are milliseconds since the epoch.
 */
const GRANT = z.object({
  /** Made at login and kept over every refresh: tells one login from the next. */
  id: z.string(),
  /** Grows with each save, so that of two records the later one is known. */
  revision: z.number(),
  clientId: z.string(),
  /** Null when none was given, and once it is known to be dead. */
  refreshToken: z.string().nullable(),
  /** Null until the first refresh, when only a refresh token was configured. */
  accessToken: z.string().nullable(),
  obtainedAt: z.number(),
  expiresAt: z.number(),
  scopes: z.array(z.string()),
  /** Refreshes begun with this refresh token of which no answer was stored. Written before the request is sent. */
  attempts: z.number(),
  /** When the last of them began. */
  attemptedAt: z.number(),
  /** When the authorization server said `invalid_grant`; null while there is hope. */
  endedAt: z.number().nullable(),
  /** Fingerprint of the configured refresh token that was taken over, so that it is taken over only once. */
  bootstrap: z.string().nullable(),
});

export type Grant = z.infer<typeof GRANT>;

const RECORD = z.union([
  z.object({ version: z.literal(1), grant: GRANT }),
  z.object({ version: z.literal(1), encrypted: z.string() }),
]);

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Binds the text to its use: one made with the same key for something else does not pass for it. */
const PURPOSE = Buffer.from('constant-contact-graphql grant 1');

/** Writes grants as text for a store, and reads them back. */
export interface TokenCodec {
  /** Whether what it writes is encrypted. */
  readonly encrypts: boolean;
  encode(grant: Grant): string;
  /** @throws ConstantContactError `unauthenticated` for a text that it cannot read: damaged, or of another key */
  decode(text: string): Grant;
}

/**
 * @param secret 32 bytes; with them everything that is written is encrypted (AES-256-GCM, a new nonce each time). What
 *   was written without is still read, so that a key can be given later.
 */
export function createTokenCodec(secret: Buffer | null): TokenCodec {
  return {
    encrypts: secret !== null,
    encode: (grant) => {
      if (!secret) return JSON.stringify({ version: 1, grant });
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(CIPHER, secret, iv).setAAD(PURPOSE);
      const data = Buffer.concat([cipher.update(JSON.stringify(grant)), cipher.final()]);
      const encrypted = Buffer.concat([iv, cipher.getAuthTag(), data]).toString('base64');
      return JSON.stringify({ version: 1, encrypted });
    },
    decode: (text) => {
      const record = RECORD.safeParse(parse(text)).data;
      if (!record) throw unreadable('The stored tokens are damaged. Log in again.');
      if ('grant' in record) return record.grant;
      if (!secret)
        throw unreadable('The stored tokens are encrypted, and CONSTANT_CONTACT_TOKEN_KEY is not set.');
      const grant = GRANT.safeParse(parse(decrypt(secret, Buffer.from(record.encrypted, 'base64')))).data;
      if (grant) return grant;
      throw unreadable(
        'The stored tokens cannot be decrypted with CONSTANT_CONTACT_TOKEN_KEY. Set the key they were stored with, or log in again.',
      );
    },
  };
}

function decrypt(secret: Buffer, bytes: Buffer): string {
  try {
    const decipher = createDecipheriv(CIPHER, secret, bytes.subarray(0, IV_BYTES)).setAAD(PURPOSE);
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)).toString() + decipher.final().toString();
  } catch {
    return '';
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreadable(message: string): ConstantContactError {
  return new ConstantContactError('unauthenticated', message);
}
