import type { Clock } from '../clock.js';
import { fingerprintOf, type Credentials } from './credentials.js';
import { ConstantContactError } from '../errors.js';
import { newGrant, renewAt, renewed } from './grant.js';
import { OAuthError, type OAuthClient, type Tokens } from './oauth.js';
import { LoginUnreadable, type Grant } from './token-codec.js';
import type { TokenStore } from './token-store.js';

/** What is known of the login. Holds nothing secret. */
export interface AccountStatus {
  /** `ended`: the authorization server no longer takes the refresh token; somebody has to log in again. */
  state: 'ready' | 'loggedOut' | 'ended';
  scopes: readonly string[];
  /** When the access token runs out; null when there is none yet. */
  expiresAt: Date | null;
  /** Whether there is a refresh token to get the next one with. */
  renewable: boolean;
  /** When a refresh began of which no answer was stored; null when the last one came to its end. */
  interruptedAt: Date | null;
}

/** Told when a login is renewed, fails to be, or ends, and when the stored one cannot be used or can again; for logs. */
export type AccountEvent =
  | { kind: 'renewed'; expiresAt: Date }
  | { kind: 'renewalFailed'; error: ConstantContactError }
  | { kind: 'ended'; error: ConstantContactError }
  | { kind: 'storeFailed'; error: ConstantContactError; place: string }
  | { kind: 'storeMended'; place: string };

export interface AccountCredentials {
  readonly kind: 'account';
  /**
   * Credentials of the stored login, for one request. When another login replaces it, they send nothing any more: caches and locks have
   * the login's fingerprint, and the other login may be one to another account.
   */
  bind(): Credentials | Promise<Credentials>;
  /** Reads the store; asks nobody. */
  status(): Promise<AccountStatus>;
  /** Waits for a renewal that is in flight: to cut it off is to lose its refresh token. */
  close(): Promise<void>;
}

export interface AccountOptions {
  oauth: OAuthClient;
  store: TokenStore;
  clock: Clock;
  /** A refresh token from the configuration: taken over once, and again only when it is another one. */
  bootstrap?: string | null | undefined;
  /** A number in [0, 1) for the jitter of retries. */
  random?: (() => number) | undefined;
  onEvent?: ((event: AccountEvent) => void) | undefined;
}

/** How long what was read from the store is believed: a login or logout by another process is seen this much later. */
const RECHECK_MS = 60_000;
/** How long after a failure of the store it is tried again, as long as the login that was read last is good. */
const STORE_RETRY_MS = 5_000;
/** How long one call waits for a renewal that keeps failing. */
const PATIENCE_MS = 15_000;
/** Pauses after failed refreshes, in milliseconds. The first keeps to the endpoint's one request a second. */
const FIRST_PAUSE_MS = 1_100;
const LONGEST_PAUSE_MS = 60_000;
/** A token this young that the API refuses is not refused for its age, and another would fare no better. */
const YOUNG_MS = 60_000;
/** How long storing new tokens is tried again, and the longest pause between two attempts: a store may be failing over. */
const SAVE_PATIENCE_MS = 20_000;
const LONGEST_SAVE_PAUSE_MS = 1_000;

/** What one look into the store, under its lock, came to. */
type Step = { grant: Grant } | { waitMs: number; error: ConstantContactError };

/**
 * The account of one login, whose access token is renewed some time before it runs out, by whichever process comes
 * first. A refresh token may work only once, so:
 *
 * - one process at a time refreshes, and looks into the store first: another may have done it already;
 * - that a refresh begins is stored before it is sent, which also proves that the store can be written;
 * - the new refresh token is stored durably before the new access token is used.
 *
 * Whenever the process dies, what is stored then is what the next one goes on with. One thing cannot be had back: a
 * new refresh token that the server made and whose answer never arrived, because the connection or this process died
 * in between. The old token is tried once more, which some servers allow for a short while; if it is refused, somebody
 * has to log in again.
 */
export function accountCredentials(options: AccountOptions): AccountCredentials {
  return new Account(options);
}

/**
 * The stored login of this application that a new one would replace; null when there is none that can be read.
 * @throws LoginUnreadable when what is stored is of another application, or may be
 */
export async function replaceableGrant(store: TokenStore): Promise<Grant | null> {
  try {
    return await store.load();
  } catch (error) {
    if (error instanceof LoginUnreadable && error.owner !== 'this') throw error;
    return null;
  }
}

/**
 * Stores a new login in the place of an earlier one of the same application.
 * @throws LoginUnreadable when what is stored is of another application, or may be
 * @param bootstrap the configured refresh token, which is not taken over any more once somebody logged in
 */
export function storeLogin(
  { store, clock, bootstrap = null }: { store: TokenStore; clock: Clock; bootstrap?: string | null },
  clientId: string,
  tokens: Tokens,
): Promise<void> {
  return store.exclusively(async () => {
    const previous = await replaceableGrant(store);
    const seen = bootstrap === null ? (previous?.bootstrap ?? null) : fingerprintOf(bootstrap);
    const fresh = newGrant(clientId, tokens.refreshToken, (previous?.revision ?? 0) + 1, seen);
    await store.save(renewed(fresh, tokens, clock.now()));
  });
}

class Account implements AccountCredentials {
  readonly kind = 'account';
  readonly #oauth: OAuthClient;
  readonly #store: TokenStore;
  readonly #clock: Clock;
  readonly #bootstrap: string | null;
  readonly #random: () => number;
  readonly #onEvent: (event: AccountEvent) => void;
  #grant: Grant | null = null;
  /** When the store is read again although the login that was read last is good. */
  #nextLookAt = -Infinity;
  #isStoreFailing = false;
  #renewal: Promise<Grant> | null = null;
  /** Tokens that could not be stored, and the refresh token that they cost. */
  #unsaved: { grant: Grant; spent: string } | null = null;

  constructor({ oauth, store, clock, bootstrap, random, onEvent }: AccountOptions) {
    this.#oauth = oauth;
    this.#store = store;
    this.#clock = clock;
    this.#bootstrap = bootstrap ?? null;
    this.#random = random ?? Math.random;
    this.#onEvent = onEvent ?? (() => undefined);
  }

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
      fingerprint: fingerprintOf(`account\n${this.#oauth.clientId}\n${id ?? ''}`),
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
    if (this.#clock.now() < grant.obtainedAt + YOUNG_MS) return false;
    await this.#renew(grant.accessToken);
    return true;
  }

  async status(): Promise<AccountStatus> {
    const known = await this.#store.load();
    const waiting = !known && this.#bootstrap !== null;
    return {
      state: known?.endedAt != null ? 'ended' : known || waiting ? 'ready' : 'loggedOut',
      scopes: known?.scopes ?? [],
      expiresAt: known?.accessToken ? new Date(known.expiresAt) : null,
      renewable: waiting || (known?.refreshToken ?? null) !== null,
      interruptedAt: known && known.attempts > 0 ? new Date(known.attemptedAt) : null,
    };
  }

  async close(): Promise<void> {
    await this.#renewal?.catch(() => undefined);
  }

  async #signedIn(): Promise<SignedIn> {
    if (this.#isLookDue()) await this.#look();
    const now = this.#clock.now();
    const grant = this.#grant;
    if (isSignedIn(grant) && now < grant.expiresAt && !this.#isNew(grant)) {
      const isDue = now >= renewAt(grant) && now >= this.#notBefore(grant);
      if (isDue && grant.refreshToken !== null && !(this.#isStoreFailing && now < this.#nextLookAt)) {
        this.#renew(grant.accessToken).catch(() => undefined);
      }
      return grant;
    }
    if (!grant && this.#bootstrap === null) throw loggedOut();
    if (grant?.refreshToken === null && !this.#isNew(grant)) throw this.#mustLogIn(grant);
    const next = await this.#renew(grant?.accessToken ?? null);
    if (isSignedIn(next)) return next;
    throw loggedOut();
  }

  #hasGoodToken(): boolean {
    return isSignedIn(this.#grant) && this.#clock.now() < this.#grant.expiresAt;
  }

  #isLookDue(): boolean {
    return !this.#hasGoodToken() || this.#clock.now() >= this.#nextLookAt;
  }

  /** Looks into the store; when it fails, what was seen last stands as long as its token is good. */
  async #look(): Promise<void> {
    const hasGoodToken = this.#hasGoodToken();
    try {
      this.#grant = await this.#store.load();
      this.#onStore(null);
    } catch (error) {
      this.#onStore(error);
      if (!hasGoodToken) throw error;
    }
  }

  /** Plans the next look, and reports when the store begins or ceases to fail. */
  #onStore(error: unknown): void {
    const { place } = this.#store;
    this.#nextLookAt = this.#clock.now() + (error === null ? RECHECK_MS : STORE_RETRY_MS);
    if (error === null) {
      if (this.#isStoreFailing) this.#onEvent({ kind: 'storeMended', place });
      this.#isStoreFailing = false;
    } else if (isUnavailable(error)) {
      if (!this.#isStoreFailing) this.#onEvent({ kind: 'storeFailed', error, place });
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
    const deadline = this.#clock.now() + PATIENCE_MS;
    for (;;) {
      const step = await this.#exclusiveStep(stale);
      if ('grant' in step) {
        this.#grant = step.grant;
        this.#onStore(null);
        return step.grant;
      }
      if (this.#clock.now() + step.waitMs >= deadline) throw step.error;
      await this.#clock.sleep(step.waitMs);
    }
  }

  async #exclusiveStep(stale: string | null): Promise<Step> {
    try {
      return await this.#store.exclusively(() => this.#step(stale));
    } catch (error) {
      // What the authorization server says comes as a step, or is no failure of this kind.
      if (isUnavailable(error)) this.#onStore(error);
      throw error;
    }
  }

  /** One attempt, under the store's lock. @param stale the access token that will not do */
  async #step(stale: string | null): Promise<Step> {
    const grant = await this.#current();
    const now = this.#clock.now();
    const fresh = grant.accessToken && grant.accessToken !== stale && now < renewAt(grant);
    if (fresh) return { grant };
    if (grant.refreshToken === null) throw this.#mustLogIn(grant);
    const waitMs = this.#notBefore(grant) - now;
    if (waitMs > 0) return { waitMs, error: notNow(now + waitMs) };

    const attempt = {
      ...grant,
      revision: grant.revision + 1,
      attempts: grant.attempts + 1,
      attemptedAt: now,
    };
    await this.#store.save(attempt);
    let tokens: Tokens;
    try {
      tokens = await this.#oauth.refresh(grant.refreshToken);
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      if (error.final) return this.#end(attempt, error);
      const pauseMs = Math.max(this.#pauseAfter(attempt), error.retryAfterMs);
      const failure = failureOf(error, this.#clock.now() + pauseMs);
      this.#grant = attempt;
      this.#onEvent({ kind: 'renewalFailed', error: failure });
      return { waitMs: pauseMs, error: failure };
    }
    const next = renewed(attempt, tokens, this.#clock.now());
    await this.#keep(next, grant.refreshToken);
    this.#onEvent({ kind: 'renewed', expiresAt: new Date(next.expiresAt) });
    return { grant: next };
  }

  /** What is stored, after what was left undone: tokens that could not be stored, a configured token not yet taken over. */
  async #current(): Promise<Grant> {
    const stored = await this.#store.load();
    if (this.#unsaved && stored?.refreshToken === this.#unsaved.spent) {
      const { grant, spent } = this.#unsaved;
      await this.#keep(grant, spent);
      return grant;
    }
    this.#unsaved = null;
    if (this.#bootstrap !== null && (!stored || this.#isNew(stored))) {
      const revision = (stored?.revision ?? 0) + 1;
      const taken = {
        ...newGrant(this.#oauth.clientId, this.#bootstrap, revision, fingerprintOf(this.#bootstrap)),
        id: idOfBootstrap(this.#bootstrap),
      };
      await this.#store.save(taken);
      return taken;
    }
    if (stored) return stored;
    this.#grant = null;
    throw loggedOut();
  }

  /** Whether the configured refresh token takes the place of this grant: a login by hand gives way only once it has ended. */
  #isNew(grant: Grant): boolean {
    if (this.#bootstrap === null || grant.bootstrap === fingerprintOf(this.#bootstrap)) return false;
    return grant.bootstrap !== null || grant.endedAt !== null;
  }

  /** Stores new tokens. Nothing may come between their arrival and this. */
  async #keep(grant: Grant, spent: string): Promise<void> {
    this.#unsaved = { grant, spent };
    const deadline = this.#clock.now() + SAVE_PATIENCE_MS;
    for (let pauseMs = 100; ; pauseMs = Math.min(LONGEST_SAVE_PAUSE_MS, pauseMs * 2)) {
      try {
        await this.#store.save(grant);
        this.#unsaved = null;
        return;
      } catch (error) {
        if (this.#clock.now() + pauseMs > deadline) throw error;
        await this.#clock.sleep(pauseMs);
      }
    }
  }

  async #end(grant: Grant, cause: OAuthError): Promise<Step> {
    // A process whose lock was lost with its server may have renewed the login meanwhile, with the same refresh token.
    const stored = await this.#store.load();
    if (stored?.id === grant.id && stored.refreshToken !== grant.refreshToken && stored.endedAt === null)
      return { grant: stored };
    const endedAt = this.#clock.now();
    const ended = { ...grant, revision: grant.revision + 1, refreshToken: null, endedAt };
    await this.#store.save(ended);
    this.#grant = ended;
    const error = this.#mustLogIn(ended, cause);
    this.#onEvent({ kind: 'ended', error });
    throw error;
  }

  #mustLogIn(grant: Grant, cause?: OAuthError): ConstantContactError {
    const lost = grant.attempts > 1 ? ' An earlier attempt brought no answer that could be stored.' : '';
    return grant.endedAt === null
      ? new ConstantContactError(
          'unauthenticated',
          'The login has run out, and it came without a refresh token. Log in again.',
          { status: 401 },
        )
      : new ConstantContactError(
          'unauthenticated',
          `The login has ended: Constant Contact no longer takes its refresh token.${lost} Log in again.`,
          { status: 400, errorKeys: ['invalid_grant'], cause },
        );
  }

  /** The earliest time of the next refresh. Stored with the grant, so that all processes together keep to it. */
  #notBefore(grant: Grant): number {
    if (grant.attempts === 0) return 0;
    const pauseMs = this.#pauseAfter(grant);
    // A clock that was put back must not stop renewals.
    return Math.min(grant.attemptedAt, this.#clock.now()) + pauseMs;
  }

  #pauseAfter({ attempts }: Grant): number {
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempts - 1, 10));
    return Math.round(pauseMs * (1 + this.#random() / 4));
  }
}

type SignedIn = Grant & { accessToken: string };

function isSignedIn(grant: Grant | null): grant is SignedIn {
  return grant !== null && grant.accessToken !== null;
}

/** The id of the login that a configured refresh token becomes: known before it is taken over. */
function idOfBootstrap(refreshToken: string): string {
  return fingerprintOf(`login\n${refreshToken}`);
}

function headersOf(accessToken: string): Record<string, string> {
  return { authorization: `Bearer ${accessToken}` };
}

function isUnavailable(error: unknown): error is ConstantContactError {
  return error instanceof ConstantContactError && error.kind === 'unavailable';
}

function loggedOut(): ConstantContactError {
  return new ConstantContactError(
    'unauthenticated',
    'No account is logged in. Run `constant-contact-graphql login`.',
  );
}

function loginChanged(): ConstantContactError {
  return new ConstantContactError(
    'unavailable',
    'The login of the server was replaced during this operation. Send the operation again.',
  );
}

function notNow(retryAt: number): ConstantContactError {
  return new ConstantContactError('unavailable', 'The login could not be renewed just now.', { retryAt });
}

function failureOf(error: OAuthError, retryAt: number): ConstantContactError {
  const errorKeys = error.code === null ? [] : [error.code];
  const { status } = error;
  return new ConstantContactError(
    'unavailable',
    'The login could not be renewed: the authorization server did not give a token.',
    { ...(status !== undefined && { status }), errorKeys, retryAt, cause: error },
  );
}
