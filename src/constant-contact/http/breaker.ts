import type { Clock } from '../clock.js';
import { ConstantContactError, type ErrorKind } from '../errors.js';

export interface BreakerOptions {
  clock: Clock;
  /** Called when it opens, with the time of the next attempt, and when it closes. */
  onOutage?: ((outage: Outage) => void) | undefined;
}

export type Outage = { state: 'began'; retryAt: number } | { state: 'ended' };

/** Consecutive failures that open it: five seconds at four requests a second. */
const MAX_FAILURES = 20;
const MIN_PAUSE_MS = 5_000;
const MAX_PAUSE_MS = 60_000;
/** Time to retry for other requests while the probe is in flight. */
const SOON_MS = 1_000;

/**
 * Circuit breaker of a host. Broken connections, timeouts and 5xx are failures; any other response, 4xx and 429 included, shows
 * that the host is up. After a pause, one probe is sent: when it fails, the next pause is twice as long.
 */
export class Breaker {
  readonly #clock: Clock;
  readonly #onOutage: BreakerOptions['onOutage'];
  #failures = 0;
  #pauseMs = 0;
  #openUntil = 0;
  #probing = false;

  constructor({ clock, onOutage }: BreakerOptions) {
    this.#clock = clock;
    this.#onOutage = onOutage;
  }

  /**
   * Must be called right before a request is sent.
   *
   * @returns a callback for the result: the kind of the failure, or nothing
   * @throws ConstantContactError `unavailable`, with the time to retry
   */
  enter(): (failure?: ErrorKind) => void {
    const isProbe = this.#pauseMs > 0;
    if (isProbe) {
      const now = this.#clock.now();
      if (this.#probing || now < this.#openUntil) throw down(Math.max(this.#openUntil, now + SOON_MS));
      this.#probing = true;
    }
    return (failure) => {
      if (isProbe) this.#probing = false;
      if (failure === 'aborted') return;
      if (failure !== 'unavailable' && failure !== 'timeout') this.#close();
      // A request that left before the circuit breaker opened proves nothing about the API now.
      else if (isProbe || this.#pauseMs === 0) this.#count();
    };
  }

  #count(): void {
    this.#failures += 1;
    if (this.#failures < MAX_FAILURES) return;
    this.#pauseMs = Math.min(MAX_PAUSE_MS, Math.max(MIN_PAUSE_MS, this.#pauseMs * 2));
    this.#openUntil = this.#clock.now() + this.#pauseMs;
    this.#onOutage?.({ state: 'began', retryAt: this.#openUntil });
  }

  #close(): void {
    const wasOpen = this.#pauseMs > 0;
    this.#failures = 0;
    this.#pauseMs = 0;
    if (wasOpen) this.#onOutage?.({ state: 'ended' });
  }
}

function down(retryAt: number): ConstantContactError {
  return new ConstantContactError(
    'unavailable',
    'Constant Contact keeps failing: the circuit breaker is open, so no call is made. Try again after `retryAt`.',
    { retryAt },
  );
}
