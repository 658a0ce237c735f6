import { createHash, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { TimeUp } from '../abort.js';
import type { Clock } from '../clock.js';
import { Stop, type Signal } from '../stop.js';
import { decodeText } from '../http/decode-text.js';
import { retryAfterIn } from '../http/error-body.js';
import { createTransport } from '../http/transport.js';

/** Scopes that the facade requests: those of all fields, and a refresh token. */
export const SCOPES = [
  'account_read',
  'account_update',
  'contact_data',
  'campaign_data',
  'offline_access',
] as const;

/** Tokens of a successful response. */
export interface Tokens {
  accessToken: string;
  /** Null when the response has none: the current one stays valid, or there never was one. */
  refreshToken: string | null;
  /** Milliseconds since the epoch, counted from before the request was sent. */
  expiresAt: number;
  /** Empty when the response has none. */
  scopes: readonly string[];
}

/** Address and code with which a person approves a device. */
export interface DeviceAuthorization {
  deviceCode: string;
  userCode: string;
  verificationUri: string;
  /** Includes the code; null when the response has none. */
  verificationUriComplete: string | null;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  /** Interval between two polls, in milliseconds. */
  intervalMs: number;
}

/** The authorization server issued no tokens. Contains no secret: no token, no code, no text of the response. */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';

  /**
   * @param code OAuth's error code (`invalid_grant`, `authorization_pending`, …), null when the answer had none
   * @param status HTTP status; undefined when there was no answer
   * @param retryAfterMs how long the server asks to wait
   */
  constructor(
    message: string,
    readonly code: string | null,
    readonly status: number | undefined,
    readonly retryAfterMs = 0,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
  }

  /** True if the grant is dead. Other failures can be temporary: gateways respond with empty bodies and HTML. */
  get final(): boolean {
    return this.code === 'invalid_grant';
  }

  /** True if the failure does not depend on the request: no response, one without an error code, too many requests, a failing server. */
  get passing(): boolean {
    return this.code === null || this.status === undefined || this.status === 429 || this.status >= 500;
  }
}

export interface OAuthOptions {
  /** Up to and with the version: `https://authz.constantcontact.com/oauth2/default/v1`. */
  authUrl: string;
  clientId: string;
  /** Null for a public client, which uses PKCE only. */
  clientSecret: string | null;
  clock: Clock;
  /** Replaces the client's own pool; the caller must close it. */
  dispatcher?: Dispatcher | undefined;
}

/**
 * Maximum time of one request, in milliseconds. Longer than the lease of the lock that a refresh holds, which is renewed until
 * the refresh ends.
 */
const TIMEOUT_MS = 25_000;
/** The vendor allows one request a second; the rest is a margin for varying network delays. */
const SPACING_MS = 1_100;
/** Access tokens live 24 hours. A longer lifetime in a response is ignored. */
const MAX_LIFE_S = 86_400;
/** Assumed lifetime when a response has no valid one: that of the shortest-lived tokens that the vendor issues. */
const ASSUMED_LIFE_S = 28_800;
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** A PKCE pair (RFC 7636, method S256) and a state, new for each login. */
export function createProof(): { verifier: string; challenge: string; state: string } {
  const verifier = randomBytes(32).toString('base64url');
  return {
    verifier,
    challenge: createHash('sha256').update(verifier).digest('base64url'),
    state: randomBytes(16).toString('base64url'),
  };
}

/**
 * Client of the authorization server: each method sends one request, at most one a second. Methods throw only `OAuthError`, or
 * the reason of the given signal.
 */
export class OAuthClient {
  readonly clientId: string;
  readonly #options: OAuthOptions;
  readonly #clock: Clock;
  readonly #base: URL;
  readonly #transport: ReturnType<typeof createTransport>;
  #lastAskedAt = 0;
  #nextAt = 0;

  constructor(options: OAuthOptions) {
    this.clientId = options.clientId;
    this.#options = options;
    this.#clock = options.clock;
    this.#base = new URL(options.authUrl.replace(/\/*$/, '/'));
    this.#transport = createTransport({
      origin: this.#base.origin,
      clock: this.#clock,
      dispatcher: options.dispatcher,
    });
  }

  /** Address at which a person approves the login. The scopes are joined with a literal `+`, as the vendor requires. */
  authorizeUrl(request: {
    redirectUri: string;
    scopes: readonly string[];
    state: string;
    challenge: string;
  }): string {
    const url = new URL('authorize', this.#base);
    url.search = new URLSearchParams({
      response_type: 'code',
      client_id: this.clientId,
      redirect_uri: request.redirectUri,
      scope: request.scopes.join(' '),
      state: request.state,
      code_challenge: request.challenge,
      code_challenge_method: 'S256',
    }).toString();
    return url.href;
  }

  /** Exchanges an authorization code, which is valid for five minutes and once, for tokens. */
  exchange(grant: { code: string; redirectUri: string; verifier: string }, signal?: Signal): Promise<Tokens> {
    const form = {
      grant_type: 'authorization_code',
      code: grant.code,
      redirect_uri: grant.redirectUri,
      code_verifier: grant.verifier,
    };
    return this.#tokens(form, signal);
  }

  /** Exchanges a refresh token for new tokens. The server may consume it even when this fails. */
  refresh(refreshToken: string): Promise<Tokens> {
    return this.#tokens({ grant_type: 'refresh_token', refresh_token: refreshToken });
  }

  /** Starts the device flow. It is for public clients: the secret is not sent. */
  async startDevice(scopes: readonly string[], signal?: Signal): Promise<DeviceAuthorization> {
    const asked = this.#clock.now();
    const form = { client_id: this.clientId, scope: scopes.join(' ') };
    const answer = await this.#post('device/authorize', form, {}, signal);
    const deviceCode = textOf(answer['device_code']);
    const userCode = textOf(answer['user_code']);
    const verificationUri = textOf(answer['verification_uri']);
    if (deviceCode === null || userCode === null || verificationUri === null) throw invalidResponseError(200);
    return {
      deviceCode,
      userCode,
      verificationUri,
      verificationUriComplete: textOf(answer['verification_uri_complete']),
      expiresAt: asked + 1_000 * (secondsOf(answer['expires_in']) ?? 600),
      intervalMs: 1_000 * (secondsOf(answer['interval']) ?? 5),
    };
  }

  /**
   * Polls until the person has approved the device, at the interval that the server requests.
   * @throws OAuthError `access_denied`, `expired_token`, or any other permanent code
   */
  async awaitDevice(device: DeviceAuthorization, signal?: Signal): Promise<Tokens> {
    let pause = device.intervalMs;
    let wait = pause;
    for (;;) {
      await this.#clock.sleep(wait, signal);
      try {
        return await this.#tokens({ grant_type: DEVICE_GRANT, device_code: device.deviceCode }, signal);
      } catch (error) {
        if (!(error instanceof OAuthError)) throw error;
        if (error.code === 'slow_down') pause += 5_000;
        else if (!error.passing && error.code !== 'authorization_pending') throw error;
        wait = Math.max(pause, error.retryAfterMs);
        if (this.#clock.now() + wait >= device.expiresAt) {
          throw new OAuthError(
            'The device was not approved in time. Run `login` again.',
            'expired_token',
            error.status,
          );
        }
      }
    }
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  async #tokens(form: Record<string, string>, signal?: Signal): Promise<Tokens> {
    const { clientSecret } = this.#options;
    const isPublic = !clientSecret || form['grant_type'] === DEVICE_GRANT;
    const fields = isPublic ? { ...form, client_id: this.clientId } : form;
    const headers = isPublic ? {} : basicLogin(this.clientId, clientSecret);
    const asked = this.#clock.now();
    const answer = await this.#post('token', fields, headers, signal);
    const accessToken = textOf(answer['access_token']);
    if (accessToken === null || !/^[\x21-\x7e]+$/.test(accessToken)) throw invalidResponseError(200);
    const life = Math.min(secondsOf(answer['expires_in']) ?? ASSUMED_LIFE_S, MAX_LIFE_S);
    return {
      accessToken,
      refreshToken: textOf(answer['refresh_token']),
      expiresAt: asked + 1_000 * life,
      scopes: (textOf(answer['scope']) ?? '').split(' ').filter(Boolean),
    };
  }

  async #post(
    path: string,
    form: Record<string, string>,
    authorization: Record<string, string>,
    signal: Signal | undefined,
  ): Promise<Record<string, unknown>> {
    await this.#turn(signal);
    const answer = await this.#send(path, form, authorization, signal);
    const body = parse(answer.text);
    const told = body?.['error'] ?? body?.['error_key'];
    const code = typeof told === 'string' && CODE.test(told) ? told : null;
    const isSuccess = answer.status >= 200 && answer.status < 300;
    // Tokens are never discarded: the refresh token has been used up.
    if (isSuccess && body && (code === null || textOf(body['access_token']) !== null)) return body;
    if (isSuccess && code === null) throw invalidResponseError(answer.status);
    throw refusal(code, answer, this.#clock.now());
  }

  async #send(
    path: string,
    form: Record<string, string>,
    authorization: Record<string, string>,
    signal: Signal = new Stop(),
  ): Promise<{ status: number; headers: IncomingHttpHeaders; text: string }> {
    const request = {
      method: 'POST',
      path: new URL(path, this.#base).pathname,
      headers: {
        accept: 'application/json',
        'accept-encoding': 'identity',
        'content-type': 'application/x-www-form-urlencoded',
        ...authorization,
      },
      body: new URLSearchParams(form).toString(),
    };
    try {
      const answer = await this.#transport.open(request, { signal, limitMs: TIMEOUT_MS });
      const { status, headers } = answer;
      return await answer.whole((body) => ({ status, headers, text: decodeText(body) }));
    } catch (error) {
      signal.throwIfAborted();
      const { message, code } = error as { message?: string; code?: string };
      throw new OAuthError(
        error instanceof TimeUp
          ? 'The authorization server did not answer in time.'
          : 'The connection to the authorization server failed.',
        null,
        undefined,
        0,
        // A copy, because a parser's error contains a part of the response.
        Object.assign(new Error(message), { code }),
      );
    }
  }

  /** Waits until the next request to the endpoint is allowed. */
  async #turn(signal: Signal | undefined): Promise<void> {
    const now = this.#clock.now();
    // A clock that was set back must not stop requests.
    if (now < this.#lastAskedAt) this.#nextAt = Math.min(this.#nextAt, now + SPACING_MS);
    this.#lastAskedAt = now;
    const at = Math.max(now, this.#nextAt);
    this.#nextAt = at + SPACING_MS;
    if (at > now) await this.#clock.sleep(at - now, signal);
  }
}

function basicLogin(clientId: string, clientSecret: string): Record<string, string> {
  const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

const CODE = /^[\w.:-]{1,100}$/;

const MESSAGES: Readonly<Record<string, string>> = {
  invalid_grant:
    'The authorization server rejected the grant: it was already used, has expired or was revoked.',
  invalid_client: 'The authorization server rejected the client ID or its secret.',
  unauthorized_client:
    'The application is not allowed to log in this way. Check its settings in the developer portal.',
  invalid_scope: 'The application is not allowed to request these scopes.',
  access_denied: 'The request was denied.',
  expired_token: 'The code expired before it was approved.',
};

function refusal(
  code: string | null,
  answer: { status: number; headers: IncomingHttpHeaders },
  now: number,
): OAuthError {
  const { status, headers } = answer;
  const fallback =
    status === 429
      ? 'The authorization server received too many requests.'
      : `The authorization server answered with status ${String(status)}.`;
  const retryAfterMs = retryAfterIn(headers, now) ?? 0;
  return new OAuthError(MESSAGES[code ?? ''] ?? fallback, code, status, retryAfterMs);
}

function invalidResponseError(status: number): OAuthError {
  return new OAuthError(
    'The response of the authorization server has no valid token or device code.',
    null,
    status,
  );
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

const secondsOf = (value: unknown): number | null => {
  const seconds = typeof value === 'string' && /^\s*\d+(?:\.\d+)?\s*$/.test(value) ? Number(value) : value;
  return typeof seconds === 'number' && seconds > 0 && Number.isFinite(seconds) ? seconds : null;
};
