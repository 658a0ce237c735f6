import type { Family } from './cache/ages.js';
import type { Generation, Mark, ReadCache, Reader } from './cache/read-cache.js';

/** A value, with the point at which its poll began. */
export interface Poll<T> {
  value: T;
  readAt: number;
  mark: Mark;
}

/** The mark of a value that another process has read, perhaps before the last write. */
export const OUTDATED: Mark = -1;

/** Writes of one owner that concern a watched object. */
export class Writes {
  constructor(
    private readonly cache: ReadCache,
    private readonly owner: string,
    readonly families: readonly Family[],
  ) {}

  mark(): Mark {
    return this.cache.mark();
  }

  /** Mark of the last one, as far as this process knows. */
  last(): Mark {
    return this.cache.invalidatedAt(this.owner, this.families);
  }

  /** Learns of writes of other processes. @returns the generation; undefined without other processes */
  async learn(): Promise<Generation> {
    const [family, ...others] = this.families;
    if (family === undefined) return undefined;
    return this.cache.generationOf({
      owner: this.owner,
      families: [family, ...others],
      variant: '',
      ttlMs: Infinity,
    });
  }

  /** Returns true if a value was read after the mark, and is recent enough for the reader. */
  accepts({ readAt, mark }: Poll<unknown>, since: Mark, reader: Reader): boolean {
    return mark >= since && this.cache.isFresh({ readAt, mark }, reader, Infinity);
  }
}
