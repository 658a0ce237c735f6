import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { SECOND } from './dates.js';
import { THROTTLED } from './errors.js';
import { Faults } from './faults.js';
import { render, type RawReply } from './http.js';
import { Quota } from './quota.js';

export interface OAuthSettings {
  /** Lifetime of an access token. Default: 86,400, as at the vendor. */
  accessTokenSeconds?: number;
  /** Issues a new refresh token with each refresh and invalidates the old one. Default: true. */
  rotating?: boolean;
  /** Period in which a used refresh token is accepted once more, as some servers do. Default: 0. */
  graceSeconds?: number;
  /** Minimum interval between polls of a device. Default: 5. */
  deviceSeconds?: number;
  /** Requests per second to the token endpoint. Default: 1; 0 for no limit. */
  requestsPerSecond?: number;
  /** Clients with a secret. Every other client ID is a public client. */
  secrets?: Readonly<Record<string, string>>;
}

/** One request to the authorization server. Contains no token or code. */
export interface OAuthEntry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly path: string;
  /** `grant_type` of a token request, otherwise null. */
  readonly grantType: string | null;
  readonly status: number;
  readonly error: string | null;
}

/** The authorization server of a sandbox. */
export interface SandboxOAuth {
  /** Value for `CONSTANT_CONTACT_AUTH_URL`. */
  readonly url: string;
  readonly journal: readonly OAuthEntry[];
  /** Faults of its responses; `resetBody` and `truncate` happen after a token was used up. */
  readonly faults: Faults;
  /** Number of times that a used refresh token was presented again, which revokes all tokens of its login. */
  readonly reuses: number;
}

export interface OAuthRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
  readonly authorization: string | undefined;
}

/** The tokens of one authorization, which are revoked together. */
interface Family {
  readonly clientId: string;
  readonly scopes: readonly string[];
  dead: boolean;
}

interface Code {
  readonly family: Family;
  readonly redirectUri: string;
  readonly challenge: string | null;
  readonly expiresAt: number;
}

interface Device {
  readonly family: Family;
  readonly userCode: string;
  readonly expiresAt: number;
  approved: boolean;
  askedAt: number;
}

const BASE = '/oauth2/default/v1';
const ACTIVATE = '/activate';
const CODE_LIFE = 300 * SECOND;
const DEVICE_LIFE = 600 * SECOND;
const DAY_SECONDS = 86_400;
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** An error response in OAuth's format. */
class OAuthRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(code);
  }
}

/**
 * The authorization server: authorization code with PKCE, device flow, rotating refresh tokens. It approves
 * every request immediately, and a device as soon as its URL is opened.
 */
export class AuthorizationServer implements SandboxOAuth {
  readonly faults = new Faults();
  readonly #settings: OAuthSettings;
  readonly #origin: string;
  #journal: OAuthEntry[] = [];
  #reuses = 0;
  #codes = new Map<string, Code>();
  #devices = new Map<string, Device>();
  #access = new Map<string, { family: Family; expiresAt: number }>();
  #refresh = new Map<string, { family: Family; usedAt: number | null }>();
  readonly #quota: Quota;

  constructor(origin: string, settings: OAuthSettings = {}) {
    this.#origin = origin;
    this.#settings = settings;
    this.#quota = new Quota(settings.requestsPerSecond ?? 1, 0);
  }

  get url(): string {
    return this.#origin + BASE;
  }

  get journal(): readonly OAuthEntry[] {
    return this.#journal;
  }

  get reuses(): number {
    return this.#reuses;
  }

  /** Returns true if a path belongs to this server. */
  static owns(path: string): boolean {
    return path.startsWith(`${BASE}/`) || path === ACTIVATE;
  }

  /**
   * Returns true if an access token was issued here and is no longer valid. Tokens from elsewhere are not checked.
   */
  refuses(token: string, now: number): boolean {
    const issued = this.#access.get(token);
    return issued !== undefined && (issued.family.dead || now >= issued.expiresAt);
  }

  /** The scopes of an access token that was issued here, otherwise null. */
  scopesOf(token: string): readonly string[] | null {
    return this.#access.get(token)?.family.scopes ?? null;
  }

  handle(request: OAuthRequest, now: number): RawReply {
    const { path, form } = request;
    let reply: RawReply;
    let error: string | null = null;
    try {
      reply = this.#route(request, now);
    } catch (thrown) {
      if (!(thrown instanceof OAuthRefusal)) throw thrown;
      error = thrown.code;
      const body = { error, error_description: `The sandbox rejected the request: ${error}.` };
      reply = render({ status: thrown.status, body: thrown.code === 'throttled' ? THROTTLED : body }, false);
    }
    this.#journal.push({ at: now, path, grantType: form.get('grant_type'), status: reply.status, error });
    return reply;
  }

  reset(): void {
    this.#journal = [];
    this.#reuses = 0;
    this.#codes = new Map();
    this.#devices = new Map();
    this.#access = new Map();
    this.#refresh = new Map();
    this.#quota.reset();
    this.faults.clear();
  }

  #route(request: OAuthRequest, now: number): RawReply {
    const { method, path } = request;
    if (method === 'GET' && path === `${BASE}/authorize`) return this.#authorize(request.query, now);
    if (method === 'GET' && path === ACTIVATE) return this.#activate(request.query, now);
    if (method === 'POST' && path === `${BASE}/device/authorize`) return this.#startDevice(request.form, now);
    if (method === 'POST' && path === `${BASE}/token`) return this.#token(request, now);
    throw new OAuthRefusal(404, 'not_found');
  }

  #authorize(query: URLSearchParams, now: number): RawReply {
    const redirectUri = query.get('redirect_uri') ?? '';
    const clientId = query.get('client_id');
    if (!clientId || !URL.canParse(redirectUri)) throw new OAuthRefusal(400, 'invalid_request');
    const challenge = query.get('code_challenge');
    const answer = new URL(redirectUri);
    const state = query.get('state');
    if (state !== null) answer.searchParams.set('state', state);
    const method = query.get('code_challenge_method');
    if (query.get('response_type') !== 'code' || !state || (challenge !== null && method !== 'S256')) {
      answer.searchParams.set('error', 'invalid_request');
    } else if (challenge === null && !this.#settings.secrets?.[clientId]) {
      answer.searchParams.set('error', 'invalid_request');
    } else {
      const code = randomBytes(16).toString('base64url');
      const family = newFamily(clientId, query.get('scope'));
      this.#codes.set(code, { family, redirectUri, challenge, expiresAt: now + CODE_LIFE });
      answer.searchParams.set('code', code);
    }
    return { status: 302, headers: { location: answer.href }, text: '' };
  }

  #startDevice(form: URLSearchParams, now: number): RawReply {
    this.#limit(now);
    const clientId = form.get('client_id');
    if (!clientId) throw new OAuthRefusal(400, 'invalid_request');
    const deviceCode = randomUUID();
    const userCode = randomBytes(4).toString('hex').toUpperCase();
    const family = newFamily(clientId, form.get('scope'));
    const expiresAt = now + DEVICE_LIFE;
    this.#devices.set(deviceCode, { family, userCode, expiresAt, approved: false, askedAt: now });
    return json(200, {
      device_code: deviceCode,
      user_code: userCode,
      verification_uri: this.#origin + ACTIVATE,
      verification_uri_complete: `${this.#origin}${ACTIVATE}?user_code=${userCode}`,
      expires_in: DEVICE_LIFE / SECOND,
      interval: this.#settings.deviceSeconds ?? 5,
    });
  }

  #activate(query: URLSearchParams, now: number): RawReply {
    const userCode = query.get('user_code');
    for (const device of this.#devices.values()) {
      if (device.userCode === userCode && now < device.expiresAt) {
        device.approved = true;
        return page(200, 'Device approved. Close this window.');
      }
    }
    return page(404, 'No device is waiting for this code.');
  }

  #token(request: OAuthRequest, now: number): RawReply {
    this.#limit(now);
    const { form } = request;
    const clientId = this.#client(request);
    switch (form.get('grant_type')) {
      case 'authorization_code':
        return this.#issue(this.#redeem(form, clientId, now), now);
      case 'refresh_token':
        return this.#renew(form.get('refresh_token') ?? '', clientId, now);
      case DEVICE_GRANT:
        return this.#issue(this.#approved(form.get('device_code') ?? '', clientId, now), now);
      default:
        throw new OAuthRefusal(400, 'unsupported_grant_type');
    }
  }

  /**
   * A client with a secret authenticates by HTTP Basic, one without sends its ID in the form; both together
   * are refused.
   */
  #client({ form, authorization }: OAuthRequest): string {
    const basic = /^Basic (.+)$/.exec(authorization ?? '')?.[1];
    if (basic && form.has('client_id')) throw new OAuthRefusal(400, 'invalid_request');
    const [id, secret] = basic
      ? Buffer.from(basic, 'base64').toString().split(':').map(decodeURIComponent)
      : [form.get('client_id') ?? '', undefined];
    const expected = this.#settings.secrets?.[id ?? ''];
    const isDevice = form.get('grant_type') === DEVICE_GRANT;
    if (!id || (!isDevice && secret !== expected)) throw new OAuthRefusal(401, 'invalid_client');
    return id;
  }

  #redeem(form: URLSearchParams, clientId: string, now: number): Family {
    const text = form.get('code') ?? '';
    const code = this.#codes.get(text);
    this.#codes.delete(text);
    const verifier = form.get('code_verifier') ?? '';
    const proof = createHash('sha256').update(verifier).digest('base64url');
    const good =
      code !== undefined &&
      now < code.expiresAt &&
      code.family.clientId === clientId &&
      code.redirectUri === form.get('redirect_uri') &&
      (code.challenge === null || code.challenge === proof);
    if (!good) throw new OAuthRefusal(400, 'invalid_grant');
    return code.family;
  }

  #approved(deviceCode: string, clientId: string, now: number): Family {
    const device = this.#devices.get(deviceCode);
    if (device?.family.clientId !== clientId) throw new OAuthRefusal(400, 'invalid_grant');
    if (now >= device.expiresAt) throw new OAuthRefusal(400, 'expired_token');
    const early = now < device.askedAt + (this.#settings.deviceSeconds ?? 5) * SECOND;
    device.askedAt = now;
    if (early) throw new OAuthRefusal(400, 'slow_down');
    if (!device.approved) throw new OAuthRefusal(400, 'authorization_pending');
    this.#devices.delete(deviceCode);
    return device.family;
  }

  #renew(refreshToken: string, clientId: string, now: number): RawReply {
    const known = this.#refresh.get(refreshToken);
    if (!known || known.family.dead || known.family.clientId !== clientId) {
      if (known) this.#reuses++;
      throw new OAuthRefusal(400, 'invalid_grant');
    }
    const { graceSeconds = 0, rotating = true } = this.#settings;
    if (known.usedAt !== null && now >= known.usedAt + graceSeconds * SECOND) {
      this.#reuses++;
      known.family.dead = true;
      throw new OAuthRefusal(400, 'invalid_grant');
    }
    if (!rotating) return this.#issue(known.family, now, refreshToken);
    known.usedAt ??= now;
    return this.#issue(known.family, now);
  }

  #issue(family: Family, now: number, refreshToken?: string): RawReply {
    const life = this.#settings.accessTokenSeconds ?? DAY_SECONDS;
    const accessToken = jsonWebToken(family, now, life);
    this.#access.set(accessToken, { family, expiresAt: now + life * SECOND });
    let renewal = refreshToken;
    if (renewal === undefined && family.scopes.includes('offline_access')) {
      renewal = randomBytes(24).toString('base64url');
      this.#refresh.set(renewal, { family, usedAt: null });
    }
    return json(200, {
      token_type: 'Bearer',
      expires_in: life,
      access_token: accessToken,
      scope: family.scopes.join(' '),
      ...(renewal !== undefined && { refresh_token: renewal }),
    });
  }

  #limit(now: number): void {
    if (this.#quota.take(now) !== 'ok') throw new OAuthRefusal(429, 'throttled');
  }
}

function newFamily(clientId: string, scope: string | null): Family {
  return { clientId, scopes: (scope ?? '').split(' ').filter(Boolean), dead: false };
}

/** In the vendor's format, but unsigned: the sandbox keeps its tokens in memory. */
function jsonWebToken({ clientId, scopes }: Family, now: number, life: number): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const issued = Math.floor(now / SECOND);
  const claims = { jti: randomUUID(), cid: clientId, scp: scopes, iat: issued, exp: issued + life };
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.${randomBytes(32).toString('base64url')}`;
}

const json = (status: number, body: unknown): RawReply => render({ status, body }, false);

function page(status: number, text: string): RawReply {
  return {
    status,
    headers: { 'content-type': 'text/html' },
    text: `<html><body><p>${text}</p></body></html>`,
  };
}
