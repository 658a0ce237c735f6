import type { Clock } from '../clock.js';
import { dayOf } from '../budget/rate.js';

/** Requests of all processes today: the count of Redis plus the requests not yet reported to it. */
export class DayCount {
  readonly #clock: Clock;
  /** Clock of Redis minus ours, in milliseconds. */
  #ahead = 0;
  #reported = { run: '', day: 0, used: 0 };
  /** Requests that Redis has not counted, by day. */
  readonly #uncounted = new Map<number, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Now, by the clock of Redis. */
  get now(): number {
    return this.toRedisTime(this.#clock.now());
  }

  /** By the clock of Redis. */
  get today(): number {
    return dayOf(this.now);
  }

  /** A moment of our clock by that of Redis. */
  toRedisTime(now: number): number {
    return now + this.#ahead;
  }

  /** Count of Redis today, as of its last response. */
  get counted(): number {
    return this.#reported.day === this.today ? this.#reported.used : 0;
  }

  get uncounted(): number {
    return this.#uncounted.get(this.today) ?? 0;
  }

  get used(): number {
    return this.counted + this.uncounted;
  }

  /** Requests not yet reported to Redis. */
  get unreported(): readonly [day: number, requests: number][] {
    return [...this.#uncounted];
  }

  /** The last count of Redis with its run: Redis may have lost it since. */
  get known(): readonly [run: string, day: number, used: number] {
    const { run, day, used } = this.#reported;
    return [run, day, used];
  }

  /** @param run undefined for a response without the count */
  setReported(redisTime: number, used: number, run: string | undefined): void {
    this.#ahead = redisTime - this.#clock.now();
    if (run !== undefined) this.#reported = { run, day: dayOf(redisTime), used };
  }

  /** So many requests more, or less, that Redis has not counted. */
  notCounted(day: number, by: number): void {
    const left = (this.#uncounted.get(day) ?? 0) + by;
    if (left > 0) this.#uncounted.set(day, left);
    else this.#uncounted.delete(day);
  }
}
