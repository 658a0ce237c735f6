/**
 * What a loader costs in REST calls. It stands once, in the loader's declaration: the loader reads pages of this size, and the
 * price of a field and the "Cost:" sentence of its description are made of it.
 */
export type LoaderCost =
  /** The whole collection, once an operation, whoever asks for it. */
  | { readonly costClass: 'SCAN'; readonly rows: string; readonly pageSize: number; readonly most: number }
  /** A page at a time, for each object that has the collection. */
  | { readonly costClass: 'PAGES'; readonly rows: string; readonly pageSize: number }
  /** Many ids a call. */
  | { readonly costClass: 'BATCH'; readonly rows: string; readonly size: number }
  /** A call for each id. */
  | { readonly costClass: 'ONE'; readonly rows: string }
  /** N ids by single reads, or by a scan of `most` rows, whichever is fewer calls; from `from` ids on a scan is tried. */
  | {
      readonly costClass: 'EXPLORED';
      readonly rows: string;
      readonly pageSize: number;
      readonly most: number;
      readonly from: number;
    };
