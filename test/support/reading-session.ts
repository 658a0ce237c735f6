import { Coalescer } from '../../src/constant-contact/budget/coalescer.js';
import { Meter } from '../../src/constant-contact/budget/meter.js';
import { Ages } from '../../src/constant-contact/cache/ages.js';
import { ANY_AGE } from '../../src/constant-contact/cache/freshness.js';
import type { ReadCache } from '../../src/constant-contact/cache/read-cache.js';
import { SessionReads } from '../../src/constant-contact/cache/session-reads.js';
import type { Clock } from '../../src/constant-contact/clock.js';
import type { ReadingSession } from '../../src/constant-contact/read-path.js';
import type { Signal } from '../../src/constant-contact/stop.js';

export interface ReadingOptions {
  signal?: Signal;
  meter?: Meter;
  isForMutation?: boolean;
}

/** Sessions that accept data of any age and load reference data without a client, all with one cache. */
export function readingSessions(cache: ReadCache, clock: Clock) {
  const coalescer = new Coalescer();
  const governor = { allowsBackground: () => false };
  const shared = { cache, clock, coalescer, governor };
  const open = ({
    signal = new AbortController().signal,
    meter = new Meter(),
    isForMutation = false,
  }: ReadingOptions = {}): ReadingSession => {
    const reader = new SessionReads(cache, new Ages({}, 60), clock, meter, signal, ANY_AGE);
    reader.isForMutation = isForMutation;
    return { reader, meter, signal, clock, shared } as unknown as ReadingSession;
  };
  return { shared, open };
}
