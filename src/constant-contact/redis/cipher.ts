import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

/** AES-256-GCM with a new nonce each time, bound to the key that the value is stored under. */
export class Cipher {
  readonly #key: Buffer;

  /** @param use what it encrypts: each use has a key of its own, so that the number of values per key stays low */
  constructor(secret: Buffer, use: string) {
    this.#key = Buffer.from(hkdfSync('sha256', secret, '', `constant-contact-graphql ${use} 1`, 32));
  }

  seal(plain: Buffer, purpose: string): Buffer {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv).setAAD(Buffer.from(purpose));
    const data = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), data]);
  }

  /** @throws Error for bytes that were sealed otherwise */
  open(bytes: Buffer, purpose: string): Buffer {
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, 12), { authTagLength: 16 });
    decipher.setAAD(Buffer.from(purpose)).setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
  }
}

/** A name for a key, from which its parts cannot be read. */
export function hashOf(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 40);
}
