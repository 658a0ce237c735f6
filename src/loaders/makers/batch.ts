import { nullIfNotFound } from '../../constant-contact/by-id.js';
import { ConstantContactError, isOverCost } from '../../constant-contact/errors.js';
import type { CostOf } from '../cost.js';
import { chunksOf } from './chunks.js';
import { gathered, type ById } from './keyed.js';
import { keyReader, type Key, type Loader, type Scope } from './loader.js';

/** Response of one call for several IDs. */
export interface BatchAnswer<Row> {
  /** In any order, possibly incomplete. */
  rows: readonly Row[];
  /** True if it comes from the cache and is fresh: then the rows that are missing with a reason are read again. */
  isCached?: boolean;
  /** The reason why the row of an ID is missing, if the response has one. */
  reasonFor?: (id: string) => ConstantContactError | undefined;
}

export interface BatchOptions<Row> {
  /** Plural noun for the objects. */
  noun: string;
  /** Maximum number of IDs per call. */
  size: number;
  /** One call for these ids. */
  read: (scope: Scope, ids: readonly string[]) => Promise<BatchAnswer<Row>>;
  key: Key<Row>;
}

/**
 * Cost class BATCH: one call per `size` IDs. The API answers 404 for a whole call with one bad ID, which is
 * then found by bisection and left out, at log₂(size) + 1 more calls per bad ID. No other row is lost. An ID
 * without a row is null, or fails with the reason in the response.
 */
export function batch<Row>({ noun, size, read, key }: BatchOptions<Row>): Loader<ById<Row>, CostOf<'BATCH'>> {
  const keyOf = keyReader(key);
  return {
    cost: { costClass: 'BATCH', rows: noun, size },
    create: (scope) =>
      gathered(
        scope.api,
        (ids) => {
          const again = () => scope.api.meter.postpone();
          // A failed chunk fails only its own IDs.
          const chunks = chunksOf(ids, size).map((chunk) =>
            readExceptRefused(chunk, (some) => read(scope, some), keyOf, again),
          );
          const chunkOf = new Map(ids.map((id, at) => [id, chunks[Math.floor(at / size)]]));
          return async (id) => (await chunkOf.get(id))?.(id) ?? null;
        },
        true,
      ),
  };
}

/**
 * Reads the IDs and leaves out those that the API refuses.
 * @param again called before a part of a refused call is read, because its cost was counted with that call
 * @returns a function from ID to row, which throws for IDs that were not read because of the operation's cost
 * limit
 */
async function readExceptRefused<Row>(
  ids: readonly string[],
  read: (ids: readonly string[]) => Promise<BatchAnswer<Row>>,
  keyOf: (row: Row) => string | undefined,
  again: () => void,
): Promise<(id: string) => Row | null> {
  const found = new Map<string, Row | null>();
  const reasons = new Map<string, ConstantContactError>();
  let isFirst = true;
  /** Returns true if the API accepts these IDs together; keeps their rows if so. */
  const isAccepted = async (some: readonly string[]): Promise<boolean> => {
    if (!isFirst) again();
    isFirst = false;
    const answer = await nullIfNotFound(read(some));
    if (answer === null) return false;
    const { isCached = false } = answer;
    // The call after a cached response is not a part of it.
    isFirst = isCached;
    for (const id of some) found.set(id, null);
    for (const row of answer.rows) {
      const id = keyOf(row);
      if (id !== undefined) found.set(id, row);
    }
    const failed: string[] = [];
    for (const id of some) {
      const reason = found.get(id) === null ? answer.reasonFor?.(id) : undefined;
      if (!reason) continue;
      reasons.set(id, reason);
      failed.push(id);
    }
    // An answer without any rows is not cached, so each round has fewer IDs.
    if (isCached && failed.length > 0 && failed.length < some.length) await readAgain(failed);
    return true;
  };
  /** Reads what a cached response could not tell. */
  const readAgain = async (failed: readonly string[]): Promise<void> => {
    for (const id of failed) reasons.delete(id);
    try {
      await search(failed, isAccepted);
    } catch (error) {
      if (!(error instanceof ConstantContactError)) throw error;
      for (const id of failed) reasons.set(id, error);
    }
  };
  try {
    await search(ids, isAccepted);
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
  isAccepted: (some: readonly string[]) => Promise<boolean>,
): Promise<void> {
  let remaining = ids;
  while (remaining.length > 0 && !(await isAccepted(remaining))) {
    let suspects = remaining;
    const untried: string[] = [];
    while (suspects.length > 1) {
      const middle = Math.ceil(suspects.length / 2);
      const half = suspects.slice(0, middle);
      if (await isAccepted(half)) {
        suspects = suspects.slice(middle);
      } else {
        untried.push(...suspects.slice(middle));
        suspects = half;
      }
    }
    remaining = untried;
  }
}
