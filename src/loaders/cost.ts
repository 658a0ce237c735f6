import type { OperationId } from '../constant-contact/contract/operations.js';

/**
 * Cost of a loader in REST calls. Each declaration has it as `cost`, built from the figures that the loader
 * itself uses. The query cost of a field and the "Cost:" sentence of its description are derived from it.
 */
export type LoaderCost =
  /**
   * The whole collection in one call, once per operation. `readsMissing`: a single row, or one that is not in
   * it, is read by ID.
   */
  | { readonly costClass: 'WHOLE'; readonly rows: string; readonly readsMissing?: boolean }
  /**
   * The whole collection, `pageSize` rows per call, once per operation. `isSearched`: the API cannot read a single row, so pages
   * are read until one has it.
   */
  | ({
      readonly costClass: 'SCAN';
      readonly reads: OperationId;
      readonly pageSize: number;
      readonly isSearched: boolean;
    } & Counted &
      CountedInPart)
  /** One page at a time, for each parent object. */
  | ({
      readonly costClass: 'PAGES';
      readonly rows: string;
      readonly pageSize: number;
      /** Undefined when it depends on the field. */
      readonly reads?: OperationId | undefined;
    } & CountedInPart)
  /** `size` IDs per call. */
  | { readonly costClass: 'BATCH'; readonly rows: string; readonly size: number }
  /** One call per ID. */
  | { readonly costClass: 'ONE'; readonly rows: string }
  /** N IDs by N calls or by a scan, whichever takes fewer. */
  | ExploredCost;

/** A collection of which an account has exactly one. */
export interface Counted {
  readonly rows: string;
  /** Number of rows: the documented limit, or a guess that few accounts exceed. */
  readonly most: number;
  /**
   * Number of rows of an ordinary account, assumed until the account's own number is known. Default: `most`.
   */
  readonly usual?: number | undefined;
}

export interface CountedInPart {
  /**
   * Number of rows that a query cost counts until their number is known. Each further page that an operation reads raises its
   * cost by a call.
   */
  readonly countedRows?: number | undefined;
}

export interface ExploredCost extends Counted {
  readonly costClass: 'EXPLORED';
  readonly reads: OperationId;
  readonly pageSize: number;
  /** From this many IDs on, a scan is tried even if the size of the collection is unknown. */
  readonly from: number;
  /**
   * True if the first page reports the size of the collection. If it does, an abandoned scan wastes 1 call;
   * otherwise at most 1 call per ID.
   */
  readonly counted: boolean;
  /**
   * From this many IDs on, a smaller collection that is likely to have them may be scanned first, which
   * wastes at most 2 more calls.
   */
  readonly smallerFrom?: number;
}

/** Common part of all loader declarations. */
export interface Costs<Cost extends LoaderCost = LoaderCost> {
  readonly cost: Cost;
}

export type CostOf<Class extends LoaderCost['costClass']> = Extract<LoaderCost, { costClass: Class }>;
