import { SECOND, startOfDay } from './dates.js';

export type QuotaVerdict = 'ok' | 'throttled' | 'quotaExceeded';

/**
 * The two limits of one API key: requests per second, and requests since 00:00 UTC. They apply to all
 * accounts together, as at the vendor. 0 disables a limit. A refused request does not count.
 */
export class Quota {
  readonly #perSecond: number;
  readonly #perDay: number;
  #recent: number[] = [];
  #day = 0;
  #used = 0;

  constructor(perSecond: number, perDay: number) {
    this.#perSecond = perSecond;
    this.#perDay = perDay;
  }

  /** Accepted requests since 00:00 UTC of the day of the last request. */
  get usedToday(): number {
    return this.#used;
  }

  take(now: number): QuotaVerdict {
    const day = startOfDay(now);
    if (day !== this.#day) {
      this.#day = day;
      this.#used = 0;
    }
    if (this.#perDay > 0 && this.#used >= this.#perDay) return 'quotaExceeded';
    if (this.#perSecond > 0) {
      this.#recent = this.#recent.filter((at) => at > now - SECOND && at <= now);
      if (this.#recent.length >= this.#perSecond) return 'throttled';
      this.#recent.push(now);
    }
    this.#used++;
    return 'ok';
  }

  reset(): void {
    this.#recent = [];
    this.#used = 0;
  }
}
