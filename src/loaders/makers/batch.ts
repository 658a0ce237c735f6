import { nullIfNotFound } from '../../constant-contact/by-id.js';
import { isOverCost, type ConstantContactError } from '../../constant-contact/errors.js';
import type { CostOf } from '../cost.js';
import { chunksOf } from './chunks.js';
import { gathered, type ById } from './keyed.js';
import { keyReader, type Key, type Loader, type Scope } from './loader.js';

/** What one call answers for its ids. */
export interface BatchAnswer<Row> {
  /** In any order; some may be missing. */
  rows: readonly Row[];
  /** Why the row of an id is missing, where the answer says so. */
  reasonFor?: (id: string) => ConstantContactError | undefined;
}

export interface BatchOptions<Row> {
  /** What the ids are of, in the plural. */
  noun: string;
  /** Most ids that one call takes. */
  size: number;
  /** One call for these ids. */
  read: (scope: Scope, ids: readonly string[]) => Promise<BatchAnswer<Row>>;
  key: Key<Row>;
}

/**
 * Cost class BATCH: one call for up to `size` ids. One bad id makes the API answer 404 for all of them; then it is
 * searched by halves and left out, at the cost of log₂(size) + 1 more calls for each bad id. No other row is lost.
 * Ids that come back without a row are null, or fail with the reason that came back for them.
 */
export function batch<Row>({ noun, size, read, key }: BatchOptions<Row>): Loader<ById<Row>, CostOf<'BATCH'>> {
  const keyOf = keyReader(key);
  return {
    cost: { costClass: 'BATCH', rows: noun, size },
    create: (scope) =>
      gathered(scope.api, (ids) => {
        const again = () => {
          scope.api.meter.putOff();
        };
        // A failed chunk fails its own ids only.
        const chunks = chunksOf(ids, size).map((chunk) =>
          readAround(chunk, (some) => read(scope, some), keyOf, again),
        );
        const chunkOf = new Map(ids.map((id, at) => [id, chunks[Math.floor(at / size)]]));
        return async (id) => (await chunkOf.get(id))?.(id) ?? null;
      }),
  };
}

/**
 * Reads the ids, around those that the API refuses.
 * @param again called before a part of a refused call is read: it was counted with that call
 * @returns the row of an id; fails for one that was not read because the operation may not make more calls
 */
async function readAround<Row>(
  ids: readonly string[],
  read: (ids: readonly string[]) => Promise<BatchAnswer<Row>>,
  keyOf: (row: Row) => string | undefined,
  again: () => void,
): Promise<(id: string) => Row | null> {
  const found = new Map<string, Row | null>();
  const reasons = new Map<string, ConstantContactError>();
  let isFirst = true;
  /** Whether the API takes these ids together; keeps their rows if so. */
  const takes = async (some: readonly string[]): Promise<boolean> => {
    if (!isFirst) again();
    isFirst = false;
    const answer = await nullIfNotFound(read(some));
    if (answer === null) return false;
    for (const id of some) found.set(id, null);
    for (const row of answer.rows) {
      const id = keyOf(row);
      if (id !== undefined) found.set(id, row);
    }
    for (const id of some) {
      const reason = found.get(id) === null ? answer.reasonFor?.(id) : undefined;
      if (reason) reasons.set(id, reason);
    }
    return true;
  };
  try {
    await search(ids, takes);
  } catch (error) {
    if (found.size === 0 || !isOverCost(error)) throw error;
    return (id) => {
      const row = found.get(id);
      if (row === undefined || reasons.has(id)) throw reasons.get(id) ?? error;
      return row;
    };
  }
  return (id) => {
    const reason = reasons.get(id);
    if (reason) throw reason;
    return found.get(id) ?? null;
  };
}

async function search(
  ids: readonly string[],
  takes: (some: readonly string[]) => Promise<boolean>,
): Promise<void> {
  let remaining = ids;
  while (remaining.length > 0 && !(await takes(remaining))) {
    let suspects = remaining;
    const untried: string[] = [];
    while (suspects.length > 1) {
      const middle = Math.ceil(suspects.length / 2);
      const half = suspects.slice(0, middle);
      if (await takes(half)) {
        suspects = suspects.slice(middle);
      } else {
        untried.push(...suspects.slice(middle));
        suspects = half;
      }
    }
    remaining = untried;
  }
}
