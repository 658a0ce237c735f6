import type { Turn } from '../watch.js';

interface Kept<Member> {
  /** Who reads for all. Null when that one has left before the end. */
  reader: Member | null;
  /** Grows with each value that is told; 0 while there is none. */
  version: number;
  value: unknown;
  /** Whoever takes part, with the version that it knows. */
  known: Map<Member, number>;
}

/**
 * What several workers watch, of whom one reads for all. What is kept of it goes with the last of them, so that everybody
 * learns of the last value of something that is over.
 */
export class KeptWatches<Member> {
  readonly #watches = new Map<string, Kept<Member>>();

  /** As `SharedWatch.turn`; the first one begins to take part. */
  turn(member: Member, name: string): Turn {
    const watch = this.#watches.get(name) ?? { reader: null, version: 0, value: undefined, known: new Map() };
    this.#watches.set(name, watch);
    watch.reader ??= member;
    const isNew = watch.version > (watch.known.get(member) ?? 0);
    watch.known.set(member, watch.version);
    return { isOurs: watch.reader === member, ...(isNew && { news: { value: watch.value } }) };
  }

  /** Only whoever reads may tell what was read. */
  share(member: Member, name: string, value: unknown): void {
    const watch = this.#watches.get(name);
    if (watch?.reader !== member) return;
    watch.version += 1;
    watch.value = value;
    watch.known.set(member, watch.version);
  }

  /** @param isOver whether there is nothing left to read, so that nobody has to take over */
  leave(member: Member, name: string, isOver: boolean): void {
    const watch = this.#watches.get(name);
    if (!watch?.known.delete(member)) return;
    if (watch.known.size === 0) this.#watches.delete(name);
    else if (watch.reader === member && !isOver) watch.reader = null;
  }

  /** For a member that has gone without a word. */
  leaveAll(member: Member): void {
    for (const name of [...this.#watches.keys()]) this.leave(member, name, false);
  }
}
