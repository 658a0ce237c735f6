import { nameOfKind, type AccountSizes } from '../constant-contact/cache/account-sizes.js';
import type { OperationId } from '../constant-contact/contract/operations.js';
import type { CostOf, Counted, ExploredCost, LoaderCost } from '../loaders/cost.js';
import { count, perPage } from './cost-words.js';

type Collection = CostOf<'SCAN'> | CostOf<'WHOLE'>;

/** Number of objects in a list: `usual` for an ordinary account, `most` for any account. */
export interface Length {
  usual: number;
  most: number;
  /** Objects that all lists together may have beyond `usual` each: a single list often has, all lists seldom. */
  extra?: number;
}

/** Different ids that a scan does not return: lists for text messages, and objects created since. */
export const MISSES: Length = { usual: 1, most: 100 };

/** Sizes that a query cost assumes where the query itself does not limit the number of objects. */
export interface Sizes {
  /** Rows of a collection. */
  rowsOf(collection: Counted): number;
  /** Rows that a scan, or a walk through the requested pages, may have to read. */
  scannedRowsOf(collection: Counted & { readonly countedRows?: number | undefined }): number;
  lengthOf(list: Length): number;
  /** Page size of a collection. */
  pageSizeOf(collection: { readonly pageSize: number; readonly reads?: OperationId }): number;
  /** Members that each row of a collection has, largest number first; undefined where they are not known. */
  groupsOf(collection: string): readonly number[] | undefined;
  /** `groupsOf` for the rows of one kind. */
  groupsOfKind(collection: string, kind: string): readonly number[] | undefined;
  /** Rows of a part of a collection; undefined where they are not known. */
  partOf(collection: string, part: string): number | undefined;
  /** True if the size of the collection was measured. */
  knows(collection: Counted): boolean;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** An account grows between two reads, and some counts omit deleted rows: one row more per this many rows is assumed. */
const GROWTH = 10;

/**
 * Sizes that earlier reads have observed, and usual sizes otherwise.
 *
 * @param assumed receives the names of the collections whose usual size was used
 */
export function usualSizes(
  known?: Pick<AccountSizes, 'of' | 'groupsOf' | 'partOf' | 'hasLongLists' | 'largestPage' | 'now'>,
  assumed = new Set<string>(),
): Sizes {
  const rowsOf = (rows: string, unlessKnown: number): number => {
    const size = known?.of(rows);
    if (size && !size.isLeast) return grown(size.rows);
    assumed.add(rows);
    return Math.max(unlessKnown, size?.rows ?? 0);
  };
  const lengthOf = ({ usual, most }: Length) => (known?.hasLongLists ? Math.max(usual, most) : usual);
  return {
    rowsOf: ({ rows, most, usual = most }) => rowsOf(rows, usual),
    // If it were too low, the response would end early.
    scannedRowsOf: ({ rows, most, countedRows = most }) =>
      rowsOf(rows, lengthOf({ usual: countedRows, most })),
    lengthOf,
    pageSizeOf: ({ pageSize, reads }) =>
      reads === undefined ? pageSize : Math.min(pageSize, known?.largestPage(reads) ?? Infinity),
    groupsOf: (collection) => {
      const groups = known?.groupsOf(collection);
      if (!groups) assumed.add(collection);
      return known?.hasLongLists ? undefined : groups?.map(grown);
    },
    groupsOfKind: (collection, kind) =>
      known?.hasLongLists ? undefined : known?.groupsOf(nameOfKind(collection, kind))?.map(grown),
    partOf: (collection, name) => {
      const rows = known?.hasLongLists ? undefined : known?.partOf(collection, name);
      if (rows === undefined) assumed.add(nameOfKind(collection, name));
      return rows === undefined ? undefined : grown(rows);
    },
    knows: ({ rows }) => known?.of(rows)?.isLeast === false,
    now: () => known?.now() ?? Date.now(),
  };
}

const grown = (rows: number) => rows + Math.ceil(rows / GROWTH);

/** Calls of a scan of a whole collection. */
export function scanCalls(collection: Collection | ExploredCost, sizes: Sizes): number {
  if (collection.costClass === 'WHOLE') return 1;
  return Math.max(1, Math.ceil(sizes.scannedRowsOf(collection) / sizes.pageSizeOf(collection)));
}

/** `scanCalls` in words. */
export function scanned(collection: Collection): string {
  if (collection.costClass === 'WHOLE' || collection.most <= collection.pageSize)
    return `1 REST call for all ${collection.rows}`;
  const pages = perPage(collection.pageSize, `existing ${collection.rows}`);
  return collection.isSearched ? `up to ${pages}` : pages;
}

/** Calls for `n` ids: the lower of one call each and a scan, plus the calls that finding out which is lower may waste. */
export function exploredCalls(collection: ExploredCost, n: number, sizes: Sizes): number {
  const { from, counted, smallerFrom = Infinity } = collection;
  if (n < from) return n;
  const wasted = counted ? 1 + (n < smallerFrom ? 0 : 2) : n;
  // Fewer ids than `from` are read one by one, which can cost more than a scan of a small account.
  const scan = scanCalls(collection, sizes);
  // In larger accounts the assumed growth covers the calls that the smaller collection may waste.
  const growth = Math.floor(scan / (GROWTH + 1));
  const wastedByScan = Math.min(n, scan) < smallerFrom ? 1 : Math.max(1, 3 - growth);
  return Math.max(from - 1, Math.min(n + wasted, scan + wastedByScan));
}

/** Calls for `n` ids that the query names. */
export function callsById(
  loader: Exclude<LoaderCost, { costClass: 'SCAN' }>,
  n: number,
  sizes: Sizes,
): number {
  switch (loader.costClass) {
    case 'WHOLE':
      return 1;
    case 'EXPLORED':
      return exploredCalls(loader, n, sizes);
    case 'BATCH':
      return Math.ceil(n / loader.size);
    case 'PAGES':
    case 'ONE':
      return n;
  }
}

/** In sentences, when a scan is used instead of one call each. */
export function exploring({ rows, pageSize, from }: ExploredCost): string {
  const scan = `From ${count(from)} ${rows} on, all ${rows} of the account are read instead, ${count(pageSize)} per REST call, when that is estimated to take fewer calls.`;
  return `${scan} A wrong estimate at most doubles the cost.`;
}
