import { nameOfKind, type AccountSizes } from '../constant-contact/cache/account-sizes.js';
import type { OperationId } from '../constant-contact/contract/operations.js';
import type { CostOf, Counted, ExploredCost, LoaderCost } from '../loaders/cost.js';
import { count, perPage } from './cost-words.js';

type Collection = CostOf<'SCAN'> | CostOf<'WHOLE'>;

/** How many objects a list has: no account has more than `most`, and ordinary ones have the usual number. */
export interface Length {
  usual: number;
  most: number;
}

/** What a query cost assumes where the query itself does not say how many objects there are. */
export interface Sizes {
  /** Rows that a collection has. */
  rowsOf(collection: Counted): number;
  /** Rows that a scan of it, or as many pages as are asked for, may have to go through. */
  scannedRowsOf(collection: Counted): number;
  lengthOf(list: Length): number;
  /** Rows of a page of it. */
  pageSizeOf(collection: { readonly pageSize: number; readonly reads?: OperationId }): number;
  /** Members that each row of a collection has, largest number first; undefined where they are not known. */
  groupsOf(collection: string): readonly number[] | undefined;
  /** The same of the rows of one kind. */
  groupsOfKind(collection: string, kind: string): readonly number[] | undefined;
}

/** An account grows between two reads, and some counts leave deleted rows out: one row for so many. */
const GROWTH = 10;

/**
 * What earlier reads have shown of the account, and otherwise what is usual.
 *
 * @param assumed takes the names of the collections of which the latter was used
 */
export function usualSizes(
  known?: Pick<AccountSizes, 'of' | 'groupsOf' | 'hasLongLists' | 'largestPage'>,
  assumed = new Set<string>(),
): Sizes {
  const rowsOf = (rows: string, unlessKnown: number): number => {
    const size = known?.of(rows);
    if (size && !size.isLeast) return grown(size.rows);
    assumed.add(rows);
    return Math.max(unlessKnown, size?.rows ?? 0);
  };
  return {
    rowsOf: ({ rows, most, usual = most }) => rowsOf(rows, usual),
    // Were it fewer than there are, the answer would end early.
    scannedRowsOf: ({ rows, most }) => rowsOf(rows, most),
    lengthOf: ({ usual, most }) => (known?.hasLongLists ? Math.max(usual, most) : usual),
    pageSizeOf: ({ pageSize, reads }) =>
      reads === undefined ? pageSize : Math.min(pageSize, known?.largestPage(reads) ?? Infinity),
    groupsOf: (collection) => {
      const groups = known?.groupsOf(collection);
      if (!groups) assumed.add(collection);
      return known?.hasLongLists ? undefined : groups?.map(grown);
    },
    groupsOfKind: (collection, kind) =>
      known?.hasLongLists ? undefined : known?.groupsOf(nameOfKind(collection, kind))?.map(grown),
  };
}

const grown = (rows: number) => rows + Math.ceil(rows / GROWTH);

/** Calls of a scan, whatever it finds. */
export function scanCalls(collection: Collection | ExploredCost, sizes: Sizes): number {
  if (collection.costClass === 'WHOLE') return 1;
  return Math.max(1, Math.ceil(sizes.scannedRowsOf(collection) / sizes.pageSizeOf(collection)));
}

/** The same in words. */
export function scanned(collection: Collection): string {
  return collection.costClass === 'WHOLE' || collection.most <= collection.pageSize
    ? `1 REST call for all ${collection.rows}`
    : perPage(collection.pageSize, `of all ${collection.rows}`);
}

/** Calls for `n` ids: the least of one call each and a scan, with what finding out which may waste. */
export function exploredCalls(collection: ExploredCost, n: number, sizes: Sizes): number {
  const { from, counted, smallerFrom = Infinity } = collection;
  if (n < from) return n;
  const wasted = counted ? 1 + (n < smallerFrom ? 0 : 2) : n;
  // Fewer than are asked for, which are read one by one, can cost more than a scan of a small account.
  return Math.max(from - 1, Math.min(n + wasted, scanCalls(collection, sizes) + 1));
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

/** When a scan takes the place of one call each, in sentences of their own. */
export function exploring({ rows, pageSize, from }: ExploredCost): string {
  const scan = `From ${count(from)} ${rows} on, all ${rows} are read instead, ${count(pageSize)} a call, where that takes fewer calls.`;
  return `${scan} It never takes more than twice the calls of the cheaper way.`;
}
