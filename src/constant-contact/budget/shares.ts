/** Further callers of a day are not counted, and never over their share. */
const MAX_CALLERS = 10_000;

/** Finds callers that use more of the day than their share: its calls divided by the number of callers. */
export class Shares {
  #day = 0;
  #calls = new Map<string, number>();
  #callers = 0;

  /** Counts a call of this caller. */
  count(caller: string, day: number): void {
    this.#begin(day);
    this.#set(caller, (this.#calls.get(caller) ?? 0) + 1);
  }

  /** Sets the calls of this caller and the number of callers, in all processes. */
  learn(caller: string, day: number, calls: number, callers: number): void {
    this.#begin(day);
    this.#set(caller, calls);
    this.#callers = callers;
  }

  /** Returns true if the caller has used its share of the calls. A single caller never exceeds its share. */
  isOver(caller: string, day: number, calls: number): boolean {
    this.#begin(day);
    const callers = Math.max(1, this.#callers, this.#calls.size);
    return callers > 1 && (this.#calls.get(caller) ?? 0) >= calls / callers;
  }

  #set(caller: string, calls: number): void {
    if (this.#calls.size < MAX_CALLERS || this.#calls.has(caller)) this.#calls.set(caller, calls);
  }

  #begin(day: number): void {
    if (day === this.#day) return;
    this.#day = day;
    this.#calls = new Map();
    this.#callers = 0;
  }
}
