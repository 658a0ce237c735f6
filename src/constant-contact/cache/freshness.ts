/** Maximum age of an answer, as its caller requests. */
export interface Freshness {
  /** Oldest data that is accepted, in milliseconds; 0 accepts only new reads. */
  readonly maxAgeMs: number;
  /** True if no call may be made. */
  readonly onlyIfCached: boolean;
  /** True if reads must not be cached. */
  readonly noStore: boolean;
  /** Maximum time for which stale data is accepted when the API cannot be read, in milliseconds; undefined leaves it to `STALE`. */
  readonly staleIfErrorMs: number | undefined;
}

/** Whatever is kept. */
export const ANY_AGE: Freshness = {
  maxAgeMs: Infinity,
  onlyIfCached: false,
  noStore: false,
  staleIfErrorMs: undefined,
};

/** Only new reads, even if they fail. */
export const ANEW: Freshness = { ...ANY_AGE, maxAgeMs: 0, staleIfErrorMs: 0 };

/**
 * Parses the `Cache-Control` header of a request (RFC 9111, RFC 5861). Unknown directives are ignored. Seconds that are not a
 * number count as 0, so that a caller who asks for fresher data than usual never gets older data.
 */
export function freshnessOf(header: string | null): Freshness {
  if (header === null) return ANY_AGE;
  let { maxAgeMs, onlyIfCached, noStore, staleIfErrorMs } = ANY_AGE;
  for (const directive of header.split(',')) {
    const [name = '', value] = directive.split('=', 2).map((part) => part.trim());
    switch (name.toLowerCase()) {
      case 'no-cache':
        maxAgeMs = 0;
        staleIfErrorMs = 0;
        break;
      case 'no-store':
        noStore = true;
        break;
      case 'only-if-cached':
        onlyIfCached = true;
        break;
      case 'max-age':
        maxAgeMs = Math.min(maxAgeMs, millisecondsIn(value));
        break;
      case 'stale-if-error':
        staleIfErrorMs = Math.min(staleIfErrorMs ?? Infinity, millisecondsIn(value));
        break;
    }
  }
  return { maxAgeMs, onlyIfCached, noStore, staleIfErrorMs };
}

function millisecondsIn(value: string | undefined): number {
  const [, seconds] = /^"?(\d{1,10})"?$/.exec(value ?? '') ?? [];
  return Number(seconds ?? 0) * 1_000;
}
