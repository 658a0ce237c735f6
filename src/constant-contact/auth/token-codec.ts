import * as z from 'zod';
import { ConstantContactError } from '../errors.js';
import { Cipher } from './cipher.js';
import { fingerprintOf } from './credentials.js';

/**
 * One login, as it is stored. All times are milliseconds since the epoch.
 */
const GRANT = z.object({
  /** Created at login and kept over every refresh; identifies the login. */
  id: z.string(),
  /** Grows with each save, so that the newer of two records is known. */
  revision: z.number(),
  clientId: z.string(),
  /** Null when none was issued, and once it is known to be dead. */
  refreshToken: z.string().nullable(),
  /** Null until the first refresh, when only a refresh token was configured. */
  accessToken: z.string().nullable(),
  obtainedAt: z.number(),
  expiresAt: z.number(),
  scopes: z.array(z.string()),
  /** Refreshes started with this refresh token whose responses were not stored. Written before the request is sent. */
  attempts: z.number(),
  /** Start of the last of them. */
  attemptedAt: z.number(),
  /** Time after it for which the authorization server asked to wait. Earlier releases left it out. */
  pauseMs: z.number().default(0),
  /** Time at which the authorization server responded with `invalid_grant`; null for a live grant. */
  endedAt: z.number().nullable(),
  /** Fingerprint of the configured refresh token that was used last. */
  bootstrap: z.string().nullable(),
  /**
   * Fingerprints of all that were used, so that each is used only once, although another process may still have an older one. Earlier
   * releases left them out.
   */
  bootstraps: z.array(z.string()).default([]),
});

export type Grant = z.infer<typeof GRANT>;

/** `application` is the fingerprint of the client ID; earlier releases left it out. */
const RECORD = z.union([
  z.object({ version: z.literal(1), grant: GRANT }),
  z.object({ version: z.literal(1), encrypted: z.string(), application: z.string().optional() }),
  z.object({ version: z.literal(1), loggedOut: z.literal(true) }),
]);

/** Any other character would end or break the header that carries the token. */
const TOKEN = /^[\x20-\x7e]+$/;

const PURPOSE = 'constant-contact-graphql grant 1';

/**
 * The stored login cannot be used. Only the operator can correct that, so callers get `unavailable` instead of
 * `unauthenticated`.
 */
export class LoginUnreadable extends ConstantContactError {
  /**
   * @param owner application that the login belongs to, if known: only a login of this application may be replaced by a new one
   * @param place location of the login, for logs and the command line
   */
  constructor(
    message: string,
    readonly owner: 'this' | 'other' | 'unknown',
    readonly place: string,
  ) {
    super('unavailable', message);
  }
}

/** Encodes the grants of one application as text for a store, and decodes them. */
export interface TokenCodec {
  encode(grant: Grant): string;
  /**
   * Decodes a record.
   * @param place where the record is stored
   * @returns null for a record of a logout
   * @throws LoginUnreadable for a text that is damaged, encrypted with another key, or of another application
   */
  decode(text: string, place: string): Grant | null;
}

/** Identifies the application in names of files and keys. */
export function applicationOf(clientId: string): string {
  return fingerprintOf(clientId).slice(0, 16);
}

/** A record without tokens. It distinguishes a logout from a lost file. */
export const LOGGED_OUT = JSON.stringify({ version: 1, loggedOut: true });

/**
 * @param secret 32 bytes that encrypt all records (AES-256-GCM, a new nonce each time). Unencrypted records can still be read,
 * so that a key can be added later.
 */
export function createTokenCodec(secret: Buffer | null, clientId: string): TokenCodec {
  const application = applicationOf(clientId);
  const cipher = secret && new Cipher(secret);
  return {
    encode: (grant) => {
      if (!cipher) return JSON.stringify({ version: 1, grant });
      const encrypted = cipher.seal(Buffer.from(JSON.stringify(grant)), PURPOSE).toString('base64');
      return JSON.stringify({ version: 1, encrypted, application });
    },
    decode: (text, place) => {
      const foreign = () =>
        new LoginUnreadable(
          'The stored login of the server belongs to another CONSTANT_CONTACT_CLIENT_ID, so it is neither used nor replaced. Set another CONSTANT_CONTACT_TOKEN_FILE for this application, or set the client ID of the stored login.',
          'other',
          place,
        );
      const ownGrant = (grant: Grant): Grant => {
        if (grant.clientId !== clientId) throw foreign();
        for (const token of [grant.accessToken, grant.refreshToken])
          if (token !== null && !TOKEN.test(token)) {
            throw new LoginUnreadable(
              'A token of the stored login of the server is empty, or contains a line break or another character that tokens do not have. Restore the login, or log in again.',
              'this',
              place,
            );
          }
        return grant;
      };
      const record = RECORD.safeParse(parse(text)).data;
      if (!record)
        throw new LoginUnreadable(
          'The stored login of the server is damaged. Restore it, or log in again.',
          'this',
          place,
        );
      if ('loggedOut' in record) return null;
      if ('grant' in record) return ownGrant(record.grant);
      if (record.application !== undefined && record.application !== application) throw foreign();
      const owner = record.application === undefined ? 'unknown' : 'this';
      if (!cipher)
        throw new LoginUnreadable(
          'The stored login of the server is encrypted, but CONSTANT_CONTACT_TOKEN_KEY is not set.',
          owner,
          place,
        );
      const grant = GRANT.safeParse(parse(decrypt(cipher, record.encrypted))).data;
      if (grant) return ownGrant(grant);
      throw new LoginUnreadable(
        'The stored login of the server cannot be decrypted with CONSTANT_CONTACT_TOKEN_KEY. Set the key that encrypted it, or log in again.',
        owner,
        place,
      );
    },
  };
}

function decrypt(cipher: Cipher, encrypted: string): string {
  try {
    return cipher.open(Buffer.from(encrypted, 'base64'), PURPOSE).toString();
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
