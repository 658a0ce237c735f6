import { readFileSync } from 'node:fs';
import { assertSandboxAllowed, ConfigError, type AccessConfig, type Config } from '../../config.js';
import { describeFileError } from '../../config/file-error.js';
import { isLoopback } from '../../config/loopback.js';
import { findAccessKey, parseAccessKeys } from './keys.js';
import { jwtVerifier } from './jwt.js';

/** Identity of the sender of a request. */
export interface Caller {
  /** Identifies the caller for logs and fair queuing; neither secret nor personal. */
  readonly id: string;
  readonly readOnly: boolean;
}

/** Access control. */
export interface Access {
  /** Headers with keys or tokens; browsers must be allowed to send them. */
  readonly headers: readonly string[];
  /**
   * @returns the caller, or null without a valid key or token
   * @throws KeysUnavailable, as a rejection, when that cannot be checked now
   */
  identify(request: Sent): Caller | null | Promise<Caller | null>;
  /** Returns true without a valid key or a token. A token is not checked. */
  isUnknown(request: Sent): boolean;
}

interface Sent {
  headers: Pick<Headers, 'get'>;
}

export const KEY_HEADER = 'x-api-key';

/**
 * Access control by the configured keys and tokens; null without any, which admits every caller.
 *
 * @throws ConfigError when the keys cannot be read
 */
export function createAccess({ keys, keysFile, jwt }: AccessConfig): Access | null {
  const known = [
    ...(keys === null ? [] : parseAccessKeys(keys, 'ACCESS_KEYS')),
    ...(keysFile === null ? [] : parseAccessKeys(readKeysFile(keysFile), 'ACCESS_KEYS_FILE')),
  ];
  if (keys === null && keysFile === null && jwt === null) return null;
  if (known.length === 0 && jwt === null) {
    throw new ConfigError('ACCESS_KEYS and ACCESS_KEYS_FILE have no key, so every caller would be rejected');
  }
  const verify = jwt && jwtVerifier(jwt);
  /** The caller of a key, or the token to verify. */
  const senderOf = ({ headers }: Sent): Caller | string | null => {
    // A request with a wrong key is rejected, even if its token is valid.
    const key = known.length > 0 ? headers.get(KEY_HEADER) : null;
    if (key !== null) {
      const found = findAccessKey(known, key);
      return found && { id: `key:${found.name}`, readOnly: found.readOnly };
    }
    return (jwt && headers.get(jwt.header)?.replace(/^bearer +/i, '')) || null;
  };
  return {
    headers: [...(known.length > 0 ? [KEY_HEADER] : []), ...(jwt ? [jwt.header] : [])],
    identify(request) {
      const sender = senderOf(request);
      if (typeof sender !== 'string') return sender;
      return verify && verify(sender);
    },
    isUnknown: (request) => senderOf(request) === null,
  };
}

/**
 * Refuses to start if any caller from a network could use the credentials, or if the sandbox was not requested.
 *
 * @throws ConfigError that says what to do
 */
export function assertGuarded(config: Config, host: string, hasHost = false): void {
  assertSandboxAllowed(config, host);
  const { access } = config;
  const isGuarded = access.keys !== null || access.keysFile !== null || access.jwt !== null;
  if (isGuarded || access.open || !sharesCredentials(config, hasHost) || isLoopback(host)) return;
  throw new ConfigError(
    [
      `HOST ${host} can be reached from other machines, and any caller could use the Constant Contact credentials that the server holds. Set one of these:`,
      '  ACCESS_KEYS_FILE or ACCESS_KEYS, for keys that callers send as x-api-key ("npx constant-contact-graphql key <name>" makes one)',
      '  ACCESS_JWKS_URL, ACCESS_ISSUER and ACCESS_AUDIENCE, for tokens of an identity provider',
      '  ACCESS=open, when a proxy or gateway in front of this server controls access',
    ].join('\n'),
  );
}

/**
 * Returns true if callers without credentials of their own use those of the server, on real data.
 *
 * @param hasHost true if the embedding program provides the token of each request: then only partner credentials are shared
 */
export function sharesCredentials({ mode, partner }: Config, hasHost = false): boolean {
  if (mode === 'sandbox') return false;
  return partner !== null || (!hasHost && mode !== 'pass-through');
}

function readKeysFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(describeFileError('ACCESS_KEYS_FILE', path, error));
  }
}
