export interface Page<Row> {
  rows: readonly Row[];
  /** Position of the next page; null when this was the last one. */
  next: string | null;
  /** How many rows the whole collection has, where the answer told it: as the API wrote it, which may be no count. */
  total: number | null;
  /** How many rows were asked for: at least as many as the caller wants, more when another one wants more. */
  limit: number;
  /** What the page says beside its rows, where the collection keeps something of it. */
  extra?: unknown;
  /** What tells the rows apart that the API gave, where `rows` leaves some of them out. */
  allKeys?: readonly (string | undefined)[];
}

/** Calls that read so many rows; an empty collection takes one, too. */
export function pagesFor(rows: number, pageSize: number): number {
  return Math.max(1, Math.ceil(rows / pageSize));
}

/** A collection that is read page by page. One call a page. */
export interface PageSource<Row> {
  /** Most rows that the API gives at once. */
  maxPage: number;
  /** What tells this collection and its filters from every other. */
  scope: readonly unknown[];
  /** Reads the page at `position`, or the first one with `limit` rows. */
  fetch(position: string | null, limit: number): Promise<Page<Row>>;
  /** Whether this request has read the first page, and it was all there is. Makes no call. */
  isRead?(): boolean;
  /** Rows of a page there, where the position says so: the API may give fewer than it was asked for. */
  sizeAt?(position: string): number | undefined;
  /**
   * Checks a position that comes back from outside.
   * @param limit rows of a page there, as the position has to say too
   * @throws ConstantContactError `invalidRequest` for a position that this collection, with its filters, cannot have given
   */
  check(position: string, limit: number): string;
  /** Identity of a row. The API may repeat a row on the next page when the collection changes in between; repeated rows are dropped. */
  key?: (row: Row) => string | undefined;
}
