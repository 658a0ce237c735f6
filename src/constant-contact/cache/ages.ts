/** Reads that are cached for the same time, and invalidated together. `CACHE` has an age for each. */
export const FAMILIES = [
  'account',
  'lists',
  'tags',
  'custom-fields',
  'segments',
  'contacts',
  'campaigns',
  'reports',
  'events',
  'social',
  'automations',
  'partner',
] as const;
export type Family = (typeof FAMILIES)[number];

/** Ages in seconds by family, as `CACHE` has them. */
export type CacheSeconds = Readonly<Partial<Record<Family, number>>>;

/** Times for which reads are fresh. */
export class Ages {
  readonly #reads: CacheSeconds;
  readonly #referenceSeconds: number;
  /** Longest of all, in milliseconds. */
  readonly longestMs: number;
  /** True if any single read is cached. */
  readonly hasReads: boolean;

  /** @param referenceSeconds age of reference data of families that have none of their own */
  constructor(reads: CacheSeconds, referenceSeconds: number) {
    this.#reads = reads;
    this.#referenceSeconds = referenceSeconds;
    this.hasReads = Object.values(reads).some((seconds) => seconds > 0);
    this.longestMs = Math.max(...FAMILIES.map((family) => this.reference(family)));
  }

  /** Milliseconds for a single read. */
  read(family: Family): number {
    return (this.#reads[family] ?? 0) * 1_000;
  }

  /** Milliseconds for what is made of several reads, such as a whole collection. */
  reference(family: Family): number {
    return (this.#reads[family] ?? this.#referenceSeconds) * 1_000;
  }
}
