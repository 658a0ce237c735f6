import type { CostOf, ExploredCost } from '../loaders/cost.js';
import { count, perPage, singular } from './cost-words.js';

type Collection = CostOf<'SCAN'> | CostOf<'WHOLE'>;

/** Calls of a scan, whatever it finds. */
export function scanCalls(collection: Collection | ExploredCost): number {
  return collection.costClass === 'WHOLE' ? 1 : Math.ceil(collection.most / collection.pageSize);
}

/** The same in words. */
export function scanned(collection: Collection): string {
  return collection.costClass === 'WHOLE' || scanCalls(collection) === 1
    ? `1 REST call for all ${collection.rows}`
    : perPage(collection.pageSize, `of all ${collection.rows}`);
}

/** Calls for `n` ids: the least of one call each and a scan, with what finding out which may waste. */
export function exploredCalls(collection: ExploredCost, n: number): number {
  const { from, counted, smallerFrom = Infinity } = collection;
  if (n < from) return n;
  const wasted = counted ? 1 + (n < smallerFrom ? 0 : 2) : n;
  return Math.min(n + wasted, scanCalls(collection) + 1);
}

/** The same in words. */
export function exploring({ rows, pageSize, from }: ExploredCost): string {
  const scan = `from ${count(from)} ${rows} on 1 per ${count(pageSize)} of all ${rows} if that is less`;
  return `1 REST call per ${singular(rows)}, or ${scan} (at most twice as many)`;
}
