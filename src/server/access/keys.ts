import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { ConfigError } from '../../config.js';

/** An access key: its hash, not the key itself. */
export interface AccessKey {
  name: string;
  /** SHA-256 of the key. */
  hash: Buffer;
  readOnly: boolean;
}

/** Prefix that identifies a key found in a log or a repository. */
const PREFIX = 'ccg_';
const RANDOM_BYTES = 32;
const ENTRY = /^([\w.@-]{1,64}):([0-9a-f]{64})(:read-only)?$/i;

/**
 * Creates a key. It has as many bits as its hash, so a plain hash is safe; a password would need a slow one.
 *
 * @returns the key, for the caller only, and the line for the server
 */
export function generateAccessKey(name: string, readOnly: boolean): { key: string; entry: string } {
  const key = PREFIX + randomBytes(RANDOM_BYTES).toString('base64url');
  const entry = `${name}:${hashOf(key).toString('hex')}${readOnly ? ':read-only' : ''}`;
  if (!ENTRY.test(entry)) {
    throw new ConfigError('The name of a key must have 1 to 64 letters, digits or characters of "_.@-".');
  }
  return { key, entry };
}

/**
 * Parses entries `name:hash` or `name:hash:read-only`, separated by line breaks, commas or spaces; `#` begins a comment.
 * @param source name of the variable or file, for the message
 * @throws ConfigError for an invalid entry, and for a duplicate name or key; no entry is quoted
 */
export function parseAccessKeys(text: string, source: string): AccessKey[] {
  const entries = text
    .split('\n')
    .flatMap((line) => line.replace(/#.*/, '').split(/[\s,]+/))
    .filter(Boolean);
  const keys = entries.map((entry, index): AccessKey => {
    const [, name = '', hash = '', mark] = ENTRY.exec(entry) ?? [];
    if (name) return { name, hash: Buffer.from(hash, 'hex'), readOnly: mark !== undefined };
    throw new ConfigError(
      `${source}: entry ${String(index + 1)} is not "name:<SHA-256 of the key in hex>", optionally followed by ":read-only"`,
    );
  });
  for (const [index, { name, hash }] of keys.entries()) {
    const before = keys.slice(0, index);
    if (before.some((other) => other.name === name)) {
      throw new ConfigError(`${source}: the name ${name} occurs twice`);
    }
    if (before.some((other) => other.hash.equals(hash))) {
      throw new ConfigError(`${source}: ${name} has the same key as another name`);
    }
  }
  return keys;
}

/** The entry of a key, or null. Takes the same time for every key of the same length, so that response times reveal nothing. */
export function findAccessKey(keys: readonly AccessKey[], presented: string): AccessKey | null {
  const hash = hashOf(presented);
  let found: AccessKey | null = null;
  for (const key of keys) if (timingSafeEqual(key.hash, hash)) found = key;
  return found;
}

function hashOf(key: string): Buffer {
  return hash('sha256', key, 'buffer');
}
