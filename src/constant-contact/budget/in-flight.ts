/** Counts the work of a request in flight, so that IDs that can be read together wait for every response that may add to them. */
export class InFlightTracker {
  #inFlight = 0;
  #waiting: (() => void)[] = [];
  #last: (() => void)[] = [];

  /** Counts the work as in flight until it settles. It must not wait for callbacks of `whenIdle`. */
  track<T>(work: Promise<T>): Promise<T> {
    this.#inFlight += 1;
    const end = () => {
      this.#inFlight -= 1;
      this.#runIfIdle();
    };
    work.then(end, end);
    return work;
  }

  /**
   * Runs the callback as soon as nothing is in flight: at once, or when the last response has started no other call.
   * @param isLast true to run it after all others, including those that they or the response add
   */
  whenIdle(run: () => void, isLast = false): void {
    if (isLast) {
      this.#last.push(run);
      this.#runIfIdle();
    } else if (this.#inFlight === 0) run();
    else this.#waiting.push(run);
  }

  #runIfIdle(): void {
    if (this.#inFlight > 0 || this.#waiting.length + this.#last.length === 0) return;
    // Callbacks of the response run first: they may start other calls.
    setImmediate(() => {
      if (this.#inFlight > 0) return;
      const isLast = this.#waiting.length === 0;
      const runs = isLast ? this.#last : this.#waiting;
      if (isLast) this.#last = [];
      else this.#waiting = [];
      for (const run of runs) run();
      this.#runIfIdle();
    });
  }
}
