export interface Page<Row> {
  rows: readonly Row[];
  /** Position of the next page; null for the last one. */
  next: string | null;
  /** Size of the whole collection, if the response has it. Unvalidated: it may not be a number. */
  total: number | null;
  /** The requested number of rows: at least that of the caller, more if another caller requested more. */
  limit: number;
  /** Position with which the page was read, if the API refused the requested one. */
  position?: string;
  /** Page data other than rows, if the collection keeps it. */
  extra?: unknown;
  /** Keys of all rows of the response, if `rows` leaves some of them out. */
  allKeys?: readonly (string | undefined)[];
}

/** Number of calls to read this many rows; an empty collection takes one, too. */
export function pagesFor(rows: number, pageSize: number): number {
  return Math.max(1, Math.ceil(rows / pageSize));
}

/** A collection that is read page by page, one call each. */
export interface PageSource<Row> {
  /** Maximum page size of the API. */
  maxPage: number;
  /** Identity of this collection and its filters. */
  scope: readonly unknown[];
  /** Number of rows that the query cost counts; pages of more rows raise it. Default: all. */
  countedRows?: number;
  /** Raises the query cost by a page. */
  extend?(): void;
  /** Reads the page at `position`, or the first one with `limit` rows. */
  fetch(position: string | null, limit: number): Promise<Page<Row>>;
  /** Returns true if this request has read the first page and it is complete. Makes no call. */
  isRead?(): boolean;
  /** Page size at a position, if the position contains it. The API may return fewer rows. */
  sizeAt?(position: string): number | undefined;
  /** The same position with pages of `limit` rows; null where the page size cannot be changed. */
  resize?(position: string, limit: number): string | null;
  /**
   * Validates a position that comes from a client.
   * @param limit page size that the position must have
   * @throws ConstantContactError `invalidRequest` for a position that this collection, with its filters,
   * cannot have returned
   */
  check(position: string, limit: number): string;
  /**
   * Identity of a row. The API may repeat a row on the next page when the collection changes in between;
   * repeated rows are dropped.
   */
  key?: (row: Row) => string | undefined;
}
