import { operations, type OperationId } from '../constant-contact/contract/operations.js';
import { Refusal } from './errors.js';
import { Collection } from './store.js';

/** `_links` of a page body, to be spread into it. */
export interface PageLinks {
  _links?: { next?: { href?: string | null } };
}

/** Forms of the last page. The API uses all three; here each collection has its own. */
const LAST_PAGES: readonly PageLinks[] = [{}, { _links: {} }, { _links: { next: { href: null } } }];
const PAGED = Object.keys(operations).filter((id) => operations[id as OperationId].paging === 'links');

/** Summaries have another name for the cursor. */
const cursorParameter = (operationId: OperationId): string =>
  SUMMARIES.includes(operationId) ? 'next' : 'cursor';
const SUMMARIES: readonly OperationId[] = [
  'getAllBulkEmailCampaignSummaries',
  'getAllBulkSmsCampaignSummaries',
];

interface Start {
  /** Key of the first row of the page. */
  readonly next: string;
  /** Position of that row when the cursor was created, used when the row was removed since. */
  readonly at: number;
}

/**
 * Cursors of one request. A cursor is base64 of a readable query string: the page size, the filters and the
 * key of the next row. There is no state between requests.
 */
export class Page {
  readonly #href: string;
  readonly #parameter: string;
  readonly #filters: URLSearchParams;
  readonly #start: Start | null;
  readonly #last: PageLinks;

  /**
   * @param path of the request, relative to the base URL
   * @param operationId selects the form of the last page
   */
  constructor(operationId: OperationId, path: string, filters: URLSearchParams, start: Start | null) {
    this.#href = `/v3${path}`;
    this.#parameter = cursorParameter(operationId);
    this.#filters = filters;
    this.#start = start;
    this.#last = LAST_PAGES[PAGED.indexOf(operationId) % LAST_PAGES.length] ?? {};
  }

  /** True if the request has no cursor. */
  get first(): boolean {
    return this.#start === null;
  }

  /**
   * One page of rows and the link to the next. `o.limit`: rows per page. `o.where`: filter. `o.key`: key of
   * the rows of an array, required unless `rows` is a collection.
   */
  take<Row extends object>(
    rows: Collection<Row, string> | readonly Row[],
    o: { limit: number; where?: (row: Row) => boolean; key?: (row: Row) => string },
  ): { rows: Row[]; links: PageLinks } {
    const key = o.key ?? (rows instanceof Collection ? (row: Row) => rows.keyOf(row) : null);
    if (!key) throw new Error('an array of rows requires a key');
    const offset = rows instanceof Collection ? 0 : this.#offsetIn(rows, key);
    const source = rows instanceof Collection ? rows.from(this.#start?.next ?? null) : rows.slice(offset);
    const taken: Row[] = [];
    for (const row of source) {
      if (o.where && !o.where(row)) continue;
      if (taken.length === o.limit)
        return { rows: taken, links: this.#next(key(row), offset + o.limit, o.limit) };
      taken.push(row);
    }
    return { rows: taken, links: this.#last };
  }

  #offsetIn<Row>(rows: readonly Row[], key: (row: Row) => string): number {
    if (!this.#start) return 0;
    const { next, at } = this.#start;
    const found = rows.findIndex((row) => key(row) === next);
    return found === -1 ? at : found;
  }

  #next(key: string, at: number, limit: number): PageLinks {
    const cursor = new URLSearchParams(this.#filters);
    cursor.set('limit', String(limit));
    cursor.set('next', key);
    cursor.set('at', String(at));
    const text = Buffer.from(cursor.toString()).toString('base64');
    return { _links: { next: { href: `${this.#href}?${this.#parameter}=${encodeURIComponent(text)}` } } };
  }
}

/**
 * Parses a request's query: the parameters (from the cursor if there is one) and the start of the page.
 * @throws Refusal 400 for a cursor that this sandbox did not create, or one whose other parameters differ
 * from the first request
 */
export function readCursor(
  operationId: OperationId,
  query: URLSearchParams,
): { filters: URLSearchParams; start: Start | null } {
  const parameter = cursorParameter(operationId);
  const cursor = query.get(parameter);
  if (cursor === null) return { filters: query, start: null };
  const filters = new URLSearchParams(Buffer.from(cursor, 'base64').toString());
  const next = filters.get('next');
  const repeats = [...query].every(([name, value]) => name === parameter || filters.get(name) === value);
  if (next === null || !repeats) throw new Refusal(400, 'validation.error', 'The cursor is not valid.');
  const at = Number(filters.get('at'));
  filters.delete('next');
  filters.delete('at');
  return { filters, start: { next, at } };
}
