import { ConstantContactError } from '../../constant-contact/errors.js';
import type { Page, PageSource } from './page-source.js';

/** A page of a walk. */
export interface Step<Row> {
  page: Page<Row>;
  /** Its own position; null for the first page of the collection. */
  position: string | null;
  /** Position of the next page; null at the end. */
  next: string | null;
  /**
   * False for a row, by index, that an earlier page had: rows move when the collection changes in between.
   */
  isNew(index: number): boolean;
}

interface WalkOptions<Row> {
  /** Start of the walk. Default: the first page. */
  position?: string | null;
  /** Size of the first page. Default: the API's maximum. */
  limit?: number;
  /** The first page of the collection, if loaded. */
  first?: Page<Row>;
}

/** Maximum number of consecutive pages with a next link but without a new row. */
const MAX_STALE_PAGES = 3;
/** Maximum number of pages of one walk: those of a million contacts. */
const MAX_PAGES = 2_000;

/**
 * Walks through the pages of a collection; a page is read when it is requested.
 * @throws ConstantContactError `invalidResponse` for an endless walk: a link to a page that was already read,
 * several consecutive pages without a new row, or too many pages
 */
export async function* walk<Row>(
  source: PageSource<Row>,
  { position: start = null, limit = source.maxPage, first }: WalkOptions<Row> = {},
): AsyncGenerator<Step<Row>, void, undefined> {
  const visited = new Set<string | null>([start]);
  let position = start;
  let page = first ?? (await source.fetch(position, limit));
  const rows = new NewRows(source.key);
  let stale = 0;
  let counted = source.countedRows ?? Infinity;
  for (;;) {
    position = page.position ?? position;
    const { next } = page;
    // Most walks are one page, and nobody asks which of its rows are new.
    const noted = once(() => rows.note(page));
    const isOnly = next === null && visited.size === 1;
    yield { page, position, next, isNew: isOnly ? always : (index) => noted().isNew(index) };
    if (next === null) return;
    const { isNew, isStale } = noted();
    stale = isStale ? stale + 1 : 0;
    if (visited.has(next)) throw endless('the same page twice');
    if (stale >= MAX_STALE_PAGES) throw endless('pages without new rows');
    if (visited.size >= MAX_PAGES) throw endless(`more than ${String(MAX_PAGES)} pages`);
    visited.add(next);
    if (source.extend) {
      // Only full pages of new rows show that the collection is larger than the query cost counts.
      const isFull = page.rows.length >= page.limit && page.rows.every((_, at) => isNew(at));
      counted = isFull ? counted - page.rows.length : Infinity;
      if (counted <= 0) source.extend();
    }
    position = next;
    page = await source.fetch(position, limit);
  }
}

/** Reads every page of a collection, `maxPage` rows per call. */
export async function readAll<Row>(source: PageSource<Row>, first?: Page<Row>): Promise<readonly Row[]> {
  const pages: (readonly Row[])[] = [];
  for await (const { page, isNew } of walk(source, first && { first })) {
    pages.push(pages.length === 0 ? page.rows : page.rows.filter((_, index) => isNew(index)));
  }
  return pages.length === 1 ? (pages[0] ?? []) : pages.flat();
}

function always(): boolean {
  return true;
}

/** Computes a value when it is first needed. */
function once<T>(compute: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: compute() }).value;
}

/** Tracks which rows of a walk are new. */
class NewRows<Row> {
  readonly #keys = new Set<string>();
  #last: string | undefined;

  constructor(private readonly key: PageSource<Row>['key']) {}

  note({ rows, allKeys }: Page<Row>): { isNew: (index: number) => boolean; isStale: boolean } {
    const { key } = this;
    if (!key) return { isNew: always, isStale: this.#isRepeated(rows) };
    const news = rows.map((row) => this.#add(key(row)));
    const isStale = !(allKeys?.map((one) => this.#add(one)) ?? news).includes(true);
    return { isNew: (index) => news[index] === true, isStale };
  }

  #add(key: string | undefined): boolean {
    if (key === undefined) return true;
    const before = this.#keys.size;
    return this.#keys.add(key).size > before;
  }

  /** Returns true if rows without a key equal those of the previous page. */
  #isRepeated(rows: readonly Row[]): boolean {
    if (rows.length === 0) return true;
    const text = JSON.stringify(rows);
    const isSame = text === this.#last;
    this.#last = text;
    return isSame;
  }
}

function endless(what: string): ConstantContactError {
  return new ConstantContactError(
    'invalidResponse',
    `Constant Contact returned an endless sequence of pages: ${what}. Try again later.`,
  );
}
