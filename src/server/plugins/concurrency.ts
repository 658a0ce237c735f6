/** Limits how many of something are in flight at a time, for each caller and for all of them. */
export class Concurrency {
  readonly #limits: { caller: number; all: number };
  readonly #callers = new Map<string, number>();
  #all = 0;

  constructor(limits: { caller: number; all: number }) {
    this.#limits = limits;
  }

  /**
   * @param caller null if unknown: then only the limit for all applies
   * @returns a function that frees the place, once; or the status of the refusal if there is no place
   */
  take(caller: string | null): (() => void) | 429 | 503 {
    if (this.#all >= this.#limits.all) return 503;
    if (caller !== null && (this.#callers.get(caller) ?? 0) >= this.#limits.caller) return 429;
    this.#add(caller, 1);
    let isTaken = true;
    return () => {
      if (isTaken) this.#add(caller, -1);
      isTaken = false;
    };
  }

  #add(caller: string | null, count: 1 | -1): void {
    this.#all += count;
    if (caller === null) return;
    const left = (this.#callers.get(caller) ?? 0) + count;
    if (left > 0) this.#callers.set(caller, left);
    else this.#callers.delete(caller);
  }
}
