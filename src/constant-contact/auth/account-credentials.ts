import type { Clock } from '../clock.js';
import { fingerprintOf, type Credentials } from './credentials.js';
import { ConstantContactError } from '../errors.js';
import { grantOfBootstrap, idOfBootstrap, renewAt, renewed, wasUsed } from './grant.js';
import {
  failureOf,
  loggedOutError,
  loginChanged,
  loginRequiredError,
  notRenewedError,
} from './login-errors.js';
import { OAuthError, type OAuthClient, type Tokens } from './oauth.js';
import type { Grant } from './token-codec.js';
import type { TokenStore } from './token-store.js';

/** State of the login. Contains no secrets. */
export interface AccountStatus {
  /** `ended`: the authorization server rejected the refresh token; a new login is required. */
  state: 'ready' | 'loggedOut' | 'ended';
  scopes: readonly string[];
  /** Expiry of the access token; null when there is none yet. */
  expiresAt: Date | null;
  /** True if there is a refresh token. */
  renewable: boolean;
  /** Start of a refresh whose response was not stored; null when the last one was completed. */
  interruptedAt: Date | null;
}

/** Called for logs when a login is renewed, fails to renew, or ends, and when the stored one becomes unusable or usable again. */
export type AccountEvent =
  | { kind: 'renewed'; expiresAt: Date }
  | { kind: 'renewalFailed'; error: ConstantContactError }
  | { kind: 'ended'; error: ConstantContactError }
  | { kind: 'storeFailed'; error: ConstantContactError; place: string }
  | { kind: 'storeMended'; place: string };

/** Age at which the record of the store is read again: a login or logout by another process is noticed this much later. */
const RECHECK_MS = 60_000;
/** Pause before a failed store is tried again while the login that was read last is still valid. */
const STORE_RETRY_MS = 5_000;
/** Maximum time that one call waits for a renewal that keeps failing. */
const PATIENCE_MS = 15_000;
/** Pauses after failed refreshes, in milliseconds. The first respects the limit of one request a second. */
const FIRST_PAUSE_MS = 1_100;
const MAX_PAUSE_MS = 60_000;
/** Longest pause that the authorization server can request. */
const MAX_REQUESTED_PAUSE_MS = 86_400_000;
/** Pause before a restored login is renewed. */
const RESTORED_PAUSE_MS = RECHECK_MS + 5_000;
/** A token younger than this was not refused because of its age, so a new one would be refused too. */
const YOUNG_MS = 60_000;
/** Maximum time for retries to store new tokens, and the longest pause between two attempts: a store may be failing over. */
const SAVE_PATIENCE_MS = 20_000;
const MAX_SAVE_PAUSE_MS = 1_000;

/** Result of one attempt under the lock of the store. */
type Step = { grant: Grant } | { waitMs: number; error: ConstantContactError };

/**
 * The account of one login. Its access token is renewed before it expires, by the first process that notices. A refresh token
 * may work only once, so:
 *
 * - one process at a time refreshes, after it has read the store: another may have refreshed already;
 * - the start of a refresh is stored before the request is sent, which also proves that the store is writable;
 * - the new refresh token is stored durably before the new access token is used.
 *
 * When a process dies, the next one continues from the stored state. One case cannot be recovered: the server created a new
 * refresh token, but its response was lost because the connection or this process died. The old token is tried once more, which
 * some servers allow for a short time; if it is rejected, a new login is required.
 */
export class AccountCredentials {
  readonly kind = 'account';
  readonly #bootstrap: string | null;
  #grant: Grant | null = null;
  /** Time of the next read of the store, although the last login is still valid. */
  #nextLookAt = -Infinity;
  #isStoreFailing = false;
  #renewal: Promise<Grant> | null = null;
  /** Tokens that could not be stored, and the refresh token that they replaced. */
  #unsaved: { grant: Grant; spent: string } | null = null;

  /** @param bootstrap a configured refresh token: used once, and again only after it was changed */
  constructor(
    private readonly oauth: OAuthClient,
    private readonly store: TokenStore,
    private readonly clock: Clock,
    bootstrap: string | null,
    private readonly onEvent: (event: AccountEvent) => void = () => undefined,
  ) {
    this.#bootstrap = bootstrap;
  }

  /**
   * Credentials of the stored login, for one request. When another login replaces it, they send nothing any more: caches and locks have
   * the login's fingerprint, and the other login may be one to another account.
   */
  bind(): Credentials | Promise<Credentials> {
    if (!this.#isLookDue()) return this.#bound();
    return this.#look().then(
      () => this.#bound(),
      (error: Error) => ({ ...this.#bound(), headers: () => Promise.reject(error) }),
    );
  }

  #bound(): Credentials {
    const id = this.#loginId();
    return {
      kind: this.kind,
      // Stays over refreshes, so that caches outlive tokens but never a change of account.
      fingerprint: fingerprintOf(`account\n${this.oauth.clientId}\n${id ?? ''}`),
      headers: async () => {
        const login = await this.#signedIn();
        if (login.id !== id) throw loginChanged();
        return headersOf(login.accessToken);
      },
      rejected: (headers) => this.#rejected(headers),
    };
  }

  /** The id of the login that calls are made with from now on; null when there is none. */
  #loginId(): string | null {
    const grant = this.#grant;
    if (grant && !this.#isNew(grant)) return grant.id;
    return this.#bootstrap === null ? null : idOfBootstrap(this.#bootstrap);
  }

  /**
   * Renews the login if the API refused these headers although they should be good.
   * @returns whether it is worth asking again with the headers that there are now
   */
  async #rejected(headers: Readonly<Record<string, string>>): Promise<boolean> {
    const grant = this.#grant;
    if (!grant?.accessToken || headers['authorization'] !== headersOf(grant.accessToken)['authorization'])
      return true;
    // A token from the future was obtained before the clock was set back: its age is unknown.
    if (Math.abs(this.clock.now() - grant.obtainedAt) < YOUNG_MS) return false;
    await this.#renew(grant.accessToken);
    return true;
  }

  /** Reads only the store. */
  async status(): Promise<AccountStatus> {
    const known = await this.store.load();
    const waiting = !known && this.#bootstrap !== null;
    return {
      state: known?.endedAt != null ? 'ended' : known || waiting ? 'ready' : 'loggedOut',
      scopes: known?.scopes ?? [],
      expiresAt: known?.accessToken ? new Date(known.expiresAt) : null,
      renewable: waiting || (known?.refreshToken ?? null) !== null,
      interruptedAt: known && known.attempts > 0 ? new Date(known.attemptedAt) : null,
    };
  }

  /** Waits for a renewal in flight: cancelling it would lose its refresh token. */
  async close(): Promise<void> {
    await this.#renewal?.catch(() => undefined);
  }

  async #signedIn(): Promise<SignedIn> {
    if (this.#isLookDue()) await this.#look();
    const now = this.clock.now();
    const grant = this.#grant;
    if (isSignedIn(grant) && now < grant.expiresAt && !this.#isNew(grant)) {
      const isDue = now >= renewAt(grant) && now >= this.#notBefore(grant);
      if (isDue && grant.refreshToken !== null && !(this.#isStoreFailing && this.#isLookRecent(now))) {
        this.#renew(grant.accessToken).catch(() => undefined);
      }
      return grant;
    }
    if (!grant && this.#bootstrap === null) throw loggedOutError();
    if (grant?.refreshToken === null && !this.#isNew(grant)) throw loginRequiredError(grant);
    const next = await this.#renew(grant?.accessToken ?? null);
    if (isSignedIn(next)) return next;
    throw loggedOutError();
  }

  #hasGoodToken(): boolean {
    return isSignedIn(this.#grant) && this.clock.now() < this.#grant.expiresAt;
  }

  #isLookDue(): boolean {
    return !this.#hasGoodToken() || !this.#isLookRecent(this.clock.now());
  }

  /** True until the next read of the store. A clock that was set back must not delay that. */
  #isLookRecent(now: number): boolean {
    return now < this.#nextLookAt && this.#nextLookAt <= now + RECHECK_MS;
  }

  /** Reads the store now and then. When it fails, the last login is used until its token expires. */
  async #look(): Promise<void> {
    const hasGoodToken = this.#hasGoodToken();
    try {
      const stored = await this.store.load();
      const isCurrent = !isLost(stored, this.#grant);
      this.#grant = isCurrent ? (stored ?? null) : await this.store.exclusively(() => this.#load());
      this.#onStore(null);
    } catch (error) {
      this.#onStore(error);
      if (!hasGoodToken) throw error;
    }
  }

  /** Schedules the next read of the store, and reports when the store starts or stops failing. */
  #onStore(error: unknown): void {
    const { place } = this.store;
    this.#nextLookAt = this.clock.now() + (error === null ? RECHECK_MS : STORE_RETRY_MS);
    if (error === null) {
      if (this.#isStoreFailing) this.onEvent({ kind: 'storeMended', place });
      this.#isStoreFailing = false;
    } else if (isUnavailable(error)) {
      if (!this.#isStoreFailing) this.onEvent({ kind: 'storeFailed', error, place });
      this.#isStoreFailing = true;
    }
  }

  #renew(stale: string | null): Promise<Grant> {
    this.#renewal ??= this.#untilRenewed(stale).finally(() => {
      this.#renewal = null;
    });
    return this.#renewal;
  }

  async #untilRenewed(stale: string | null): Promise<Grant> {
    const deadline = this.clock.now() + PATIENCE_MS;
    for (;;) {
      // Failures of the authorization server are returned as a step; only those of the store are thrown.
      const step = await this.store
        .exclusively(() => this.#step(stale))
        .catch((error: unknown) => {
          if (isUnavailable(error)) this.#onStore(error);
          throw error;
        });
      if ('grant' in step) {
        this.#grant = step.grant;
        this.#onStore(null);
        return step.grant;
      }
      if (this.clock.now() + step.waitMs >= deadline) throw step.error;
      await this.clock.sleep(step.waitMs);
    }
  }

  /** One attempt, under the store's lock. @param stale the access token to replace */
  async #step(stale: string | null): Promise<Step> {
    const grant = await this.#current();
    const now = this.clock.now();
    const fresh = grant.accessToken && grant.accessToken !== stale && now < renewAt(grant);
    if (fresh) return { grant };
    if (grant.refreshToken === null) throw loginRequiredError(grant);
    const waitMs = this.#notBefore(grant) - now;
    if (waitMs > 0) return { waitMs, error: notRenewedError(now + waitMs) };

    const attempt = {
      ...grant,
      revision: grant.revision + 1,
      attempts: grant.attempts + 1,
      attemptedAt: now,
      pauseMs: 0,
    };
    await this.store.save(attempt);
    let tokens: Tokens;
    try {
      tokens = await this.oauth.refresh(grant.refreshToken);
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      if (error.final) return this.#end(attempt, error);
      return this.#postpone(attempt, error);
    }
    const next = renewed(attempt, tokens, this.clock.now());
    await this.#keep(next, grant.refreshToken);
    this.onEvent({ kind: 'renewed', expiresAt: new Date(next.expiresAt) });
    return { grant: next };
  }

  /** Stores the pause that the authorization server requested, so that all callers and processes respect it. */
  async #postpone(attempt: Grant, cause: OAuthError): Promise<Step> {
    const now = this.clock.now();
    const requestedMs = Math.min(cause.retryAfterMs, MAX_REQUESTED_PAUSE_MS);
    const pauseMs = requestedMs === 0 ? 0 : now - attempt.attemptedAt + requestedMs;
    const postponed = pauseMs === 0 ? attempt : { ...attempt, revision: attempt.revision + 1, pauseMs };
    const waitMs = Math.max(this.#pauseAfter(attempt), requestedMs);
    const error = failureOf(cause, now + waitMs);
    this.#grant = postponed;
    this.onEvent({ kind: 'renewalFailed', error });
    if (pauseMs > 0) await this.store.save(postponed);
    return { waitMs, error };
  }

  /** Reads the stored login, after completing pending work: tokens not stored yet, a configured refresh token not used yet. */
  async #current(): Promise<Grant> {
    const stored = await this.#load();
    if (this.#unsaved && stored?.refreshToken === this.#unsaved.spent) {
      const { grant, spent } = this.#unsaved;
      await this.#keep(grant, spent);
      return grant;
    }
    this.#unsaved = null;
    if (this.#bootstrap !== null && (!stored || this.#isNew(stored))) {
      const taken = grantOfBootstrap(this.oauth.clientId, this.#bootstrap, stored);
      await this.store.save(taken);
      return taken;
    }
    if (stored) return stored;
    this.#grant = null;
    throw loggedOutError();
  }

  /**
   * Loads the stored login, under the lock. What the store has lost is stored again, because nothing else has its refresh token. Other
   * processes may have a later one, so it is not used before they have noticed as well.
   */
  async #load(): Promise<Grant | null> {
    const stored = await this.store.load();
    const own = this.#grant;
    if (!own || !isLost(stored, own)) return stored ?? null;
    const attempts = Math.max(1, own.attempts);
    const restored = { ...own, attempts, attemptedAt: this.clock.now(), pauseMs: RESTORED_PAUSE_MS };
    await this.store.save(restored);
    return restored;
  }

  /** Returns true if the configured refresh token replaces this grant: it replaces an interactive login only after that has ended. */
  #isNew(grant: Grant): boolean {
    if (this.#bootstrap === null || wasUsed(this.#bootstrap, grant)) return false;
    return grant.bootstrap !== null || grant.endedAt !== null;
  }

  /** Stores new tokens. Must directly follow their arrival. */
  async #keep(grant: Grant, spent: string): Promise<void> {
    this.#unsaved = { grant, spent };
    const deadline = this.clock.now() + SAVE_PATIENCE_MS;
    for (let pauseMs = 100; ; pauseMs = Math.min(MAX_SAVE_PAUSE_MS, pauseMs * 2)) {
      try {
        await this.store.save(grant);
        this.#unsaved = null;
        return;
      } catch (error) {
        if (this.clock.now() + pauseMs > deadline) throw error;
        await this.clock.sleep(pauseMs);
      }
    }
  }

  async #end(grant: Grant, cause: OAuthError): Promise<Step> {
    // A process whose lock was lost with its server may have renewed the login in between, with the same refresh token.
    const stored = await this.store.load();
    if (stored?.id === grant.id && stored.refreshToken !== grant.refreshToken && stored.endedAt === null)
      return { grant: stored };
    const endedAt = this.clock.now();
    const ended = { ...grant, revision: grant.revision + 1, refreshToken: null, endedAt };
    await this.store.save(ended);
    this.#grant = ended;
    const error = loginRequiredError(ended, cause);
    this.onEvent({ kind: 'ended', error });
    throw error;
  }

  /** Earliest time of the next refresh. Stored with the grant, so that all processes respect it together. */
  #notBefore(grant: Grant): number {
    if (grant.attempts === 0) return 0;
    // A clock that was set back must not stop renewals.
    if (grant.attemptedAt > this.clock.now() + MAX_PAUSE_MS) return 0;
    return grant.attemptedAt + this.#pauseAfter(grant);
  }

  #pauseAfter({ attempts, pauseMs: requestedMs }: Grant): number {
    const pauseMs = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempts - 1, 10));
    return Math.max(requestedMs, Math.round(pauseMs * (1 + Math.random() / 4)));
  }
}

/** Returns true if the store had this grant, and has none or an older one. */
function isLost(stored: Grant | null | undefined, known: Grant | null): boolean {
  if (!known || stored === null) return false;
  return stored === undefined || (stored.id === known.id && stored.revision < known.revision);
}

type SignedIn = Grant & { accessToken: string };

function isSignedIn(grant: Grant | null): grant is SignedIn {
  return grant !== null && grant.accessToken !== null;
}

function headersOf(accessToken: string): Record<string, string> {
  return { authorization: `Bearer ${accessToken}` };
}

function isUnavailable(error: unknown): error is ConstantContactError {
  return error instanceof ConstantContactError && error.kind === 'unavailable';
}
