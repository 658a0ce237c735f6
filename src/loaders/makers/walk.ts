import type { Page, PageSource } from './page-source.js';

/** A page of a walk. */
export interface Step<Row> {
  page: Page<Row>;
  /** Its own position; null for the first page of the collection. */
  position: string | null;
  /** Where the walk goes on; null at its end. */
  next: string | null;
  /** False for a row that an earlier page of the walk had: rows move when the collection changes meanwhile. Call once per row. */
  isNew(row: Row): boolean;
}

interface WalkOptions<Row> {
  /** Where it starts; the first page unless said. */
  position?: string | null;
  /** Rows of the first page; as many as the API gives unless said. */
  limit?: number;
  /** What the rows at `position` are known to include. */
  brings?: string | undefined;
  /** The first page of the collection, where that has been read. */
  first?: Page<Row>;
}

/**
 * Walks through a collection from page to page; a page is read when it is asked for. It ends at the last page, or where a link leads
 * back to a page that it has read: pages that are kept come without waiting for anything, so a circle would block the process.
 */
export async function* walk<Row>(
  source: PageSource<Row>,
  { position: start = null, limit = source.maxPage, brings: known, first }: WalkOptions<Row> = {},
): AsyncGenerator<Step<Row>, void, undefined> {
  const visited = new Set<string | null>([start]);
  // The pages behind a cursor include what its first page was asked for; only a first page is asked anew.
  const brings = start === null ? source.brings : known;
  let position = start;
  let page = first ?? (await source.fetch(position, limit, brings));
  let isNew: Step<Row>['isNew'] = always;
  for (;;) {
    const next = page.next === null || visited.has(page.next) ? null : page.next;
    yield { page, position, next, isNew };
    if (next === null) return;
    visited.add(next);
    // Most walks are of one page, whose rows need not be told apart.
    if (isNew === always) isNew = noveltyAfter(page.rows, source.key);
    position = next;
    page = await source.fetch(position, limit, brings);
  }
}

/** Reads every page of a collection, `maxPage` rows a call. */
export async function readAll<Row>(source: PageSource<Row>, first?: Page<Row>): Promise<readonly Row[]> {
  const pages: (readonly Row[])[] = [];
  for await (const { page, isNew } of walk(source, first && { first })) {
    pages.push(pages.length === 0 ? page.rows : page.rows.filter(isNew));
  }
  return pages.length === 1 ? (pages[0] ?? []) : pages.flat();
}

function always(): boolean {
  return true;
}

function noveltyAfter<Row>(rows: readonly Row[], key: PageSource<Row>['key']): (row: Row) => boolean {
  if (!key) return always;
  const known = new Set(rows.map(key));
  return (row) => {
    const id = key(row);
    if (id === undefined) return true;
    const before = known.size;
    return known.add(id).size > before;
  };
}
