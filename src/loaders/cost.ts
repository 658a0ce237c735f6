import type { OperationId } from '../constant-contact/contract/operations.js';

/**
 * What a loader costs in REST calls. Each declaration carries it as `cost`, made of the figures that the loader itself works with:
 * the query cost of a field and the "Cost:" sentence of its description are made of it.
 */
export type LoaderCost =
  /** The whole collection in one call, once an operation. `readsMissing`: a single row, or one that it lacks, is read by itself. */
  | { readonly costClass: 'WHOLE'; readonly rows: string; readonly readsMissing?: boolean }
  /** The whole collection, `pageSize` rows a call, once an operation. */
  | ({ readonly costClass: 'SCAN'; readonly reads: OperationId; readonly pageSize: number } & Counted)
  /** A page at a time, for each object that has the collection. */
  | { readonly costClass: 'PAGES'; readonly rows: string; readonly pageSize: number }
  /** `size` ids a call. */
  | { readonly costClass: 'BATCH'; readonly rows: string; readonly size: number }
  /** One call for each id. */
  | { readonly costClass: 'ONE'; readonly rows: string }
  /** N ids by N calls or by a scan, whichever is fewer. */
  | ExploredCost;

/** A collection that the account has one of. */
export interface Counted {
  readonly rows: string;
  /** Rows of the collection: its limit, or a guess that few accounts exceed. */
  readonly most: number;
  /** Rows that an ordinary account has; assumed until the account's own number is known. As many as `most` unless said. */
  readonly usual?: number | undefined;
}

export interface ExploredCost extends Counted {
  readonly costClass: 'EXPLORED';
  readonly pageSize: number;
  /** From this many ids on, a scan is tried although the size of the collection is not known. */
  readonly from: number;
  /**
   * Whether the first page reports the size of the collection. If it does, a scan that is given up wastes 1 call; otherwise it wastes
   * at most 1 call per id.
   */
  readonly counted: boolean;
  /** From this many ids on, a smaller collection that is likely to have them may be scanned first, which wastes 2 calls more at most. */
  readonly smallerFrom?: number;
}

/** What every declaration of a loader has. */
export interface Costs<Cost extends LoaderCost = LoaderCost> {
  readonly cost: Cost;
}

export type CostOf<Class extends LoaderCost['costClass']> = Extract<LoaderCost, { costClass: Class }>;
