import { LRUCache } from 'lru-cache';
import { upTo } from '../entries.js';
import { dayOf, isSpentAt, quotaExhaustedError, spentUntil } from './rate.js';
import type { Clock } from '../clock.js';
import type { Credentials } from '../auth/credentials.js';

/** Credentials of callers that are remembered at most; the API is asked again for older ones. */
const MAX_CREDENTIALS = 10_000;

/** True if the API key of the credentials is the one whose budget the server keeps. */
export function isOwnKey({ kind }: Credentials): boolean {
  return kind === 'token' || kind === 'account' || kind === 'sandbox';
}

/**
 * Credentials for which the API reported an exhausted quota, although they may belong to another API key: tokens of callers,
 * and those of a partner. Such a report must not stop the calls of others.
 */
export class SpentQuotas {
  readonly #clock: Clock;
  readonly #spentUntil = new LRUCache<string, number>(upTo(MAX_CREDENTIALS));

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * @param sentAt time at which the request left; a report of yesterday does not apply to today
   * @param apiTime now, by the clock of the API
   */
  add({ fingerprint }: Credentials, sentAt: number, apiTime?: number): void {
    const now = this.#clock.now();
    if (dayOf(sentAt) !== dayOf(now)) return;
    this.#spentUntil.set(fingerprint, spentUntil(now, apiTime));
  }

  /** @throws ConstantContactError `quotaExhausted` */
  check({ fingerprint }: Credentials): void {
    const until = this.#spentUntil.get(fingerprint);
    if (until !== undefined && isSpentAt(this.#clock.now(), until)) throw quotaExhaustedError(until);
  }
}
