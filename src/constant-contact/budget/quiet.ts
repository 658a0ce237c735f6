/**
 * Knows whether anything of one request is under way, so that what can be asked for together is held back until all
 * that may add to it has come in.
 */
export class Quiet {
  #underWay = 0;
  #waiting: (() => void)[] = [];

  /** Counts the work as under way until it settles. Nothing that waits for quiet may be waited for in it. */
  during<T>(work: Promise<T>): Promise<T> {
    this.#underWay += 1;
    const end = () => {
      this.#underWay -= 1;
      this.#look();
    };
    work.then(end, end);
    return work;
  }

  /** Runs it as soon as nothing is under way: at once, or when what came in last has set nothing else off. */
  when(run: () => void): void {
    if (this.#underWay === 0) {
      run();
      return;
    }
    this.#waiting.push(run);
  }

  #look(): void {
    if (this.#underWay > 0 || this.#waiting.length === 0) return;
    // What follows from the answer that came in runs first: it may begin something new.
    setImmediate(() => {
      if (this.#underWay > 0) return;
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const run of waiting) run();
    });
  }
}
