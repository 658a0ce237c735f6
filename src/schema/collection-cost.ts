import type { CostOf, ExploredCost } from '../loaders/cost.js';
import { count, perPage } from './cost-words.js';

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

/** When a scan takes the place of one call each, in sentences of their own. */
export function exploring({ rows, pageSize, from }: ExploredCost): string {
  const scan = `From ${count(from)} ${rows} on, all ${rows} are read instead, ${count(pageSize)} a call, where that takes fewer calls.`;
  return `${scan} It never takes more than twice the calls of the cheaper way.`;
}
