import { newOnes, type PageSource } from '../../loaders/makers/pages.js';
import { Walk } from '../../constant-contact/paging.js';
import { ConstantContactError } from '../../constant-contact/errors.js';
import { decodeCursor, encodeCursor, scopeOf, type Cursor } from './cursor.js';
import { InputError } from './input-error.js';

/** Rows a connection gives when `first` is left out. */
export const DEFAULT_FIRST = 50;
/** Most rows one connection gives, whatever the API's page size: 20 calls of 500. */
export const MAX_FIRST = 10_000;

export interface ConnectionArgs {
  first?: number | null | undefined;
  after?: string | null | undefined;
}

export interface Edge<Row> {
  node: Row;
  cursor: () => string;
}

/** What a GraphQL connection is resolved from. Cursors are made only where they are asked for. */
export interface Connection<Row> {
  nodes: readonly Row[];
  edges: () => Edge<Row>[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: () => string | null;
    endCursor: () => string | null;
  };
  totalCount: () => number | null | Promise<number | null>;
  /** What the pages said beside their rows (`Page.extra`), one entry a page. */
  extras: readonly unknown[];
}

export interface PaginateOptions {
  /** Rows when `first` is left out. */
  defaultFirst?: number;
  /** Counts the collection when the page's own answer did not. Called only when `totalCount` is selected. */
  count?: () => Promise<number | null>;
}

/**
 * Answers `first` and `after` from as few upstream pages as hold the rows. `first` may be larger than the
 * API's page: the pages are read one after the other, because each names the next.
 * @throws InputError for a `first` outside 1…10,000 or a cursor that is not of this connection.
 */
export async function paginate<Row>(
  args: ConnectionArgs,
  source: PageSource<Row>,
  options: PaginateOptions = {},
): Promise<Connection<Row>> {
  const first = checkFirst(args.first ?? options.defaultFirst ?? DEFAULT_FIRST);
  const start = args.after == null ? null : startOf(source, args.after);

  let page: Cursor = start ?? { position: null, limit: Math.min(first, source.maxPage), index: 0 };
  // The pages behind a cursor bring what its first page was asked for; only a first page is asked anew.
  const brings = page.position === null ? source.brings : page.brings;
  const nodes: Row[] = [];
  const walk = new Walk(page.position);
  /** Where each row stands: its page, and how many rows of that lie before the place after it. */
  const pages: Cursor[] = [];
  const indexes: number[] = [];
  const isNew = newOnes(source);
  let total: number | null = null;
  const read: (readonly Row[])[] = [];
  let isWhole = false;
  const extras: unknown[] = [];
  let more: boolean;

  for (;;) {
    const {
      rows,
      next: link,
      total: told,
      extra,
      limit,
    } = await source.fetch(page.position, page.limit, brings);
    const next = walk.to(link);
    if (page.position === null) page = { ...page, limit };
    extras.push(extra);
    total ??= told;
    read.push(rows);
    isWhole = next === null && start === null;
    // Only a collection that changes between two pages has a row twice: most answers are of one.
    const mayRepeat = read.length > 1;
    if (read.length === 2) nodes.forEach(isNew);
    let index = page.index;
    for (; index < rows.length && nodes.length < first; index++) {
      const row = rows[index] as Row;
      if (mayRepeat && !isNew(row)) continue;
      nodes.push(row);
      pages.push(page);
      indexes.push(index + 1);
    }
    const exhausted = index >= rows.length;
    if (exhausted && next !== null) {
      page = { position: next, limit: page.limit, index: 0, brings };
      // The end of a page is the start of the next: from there a client goes on without reading this page again.
      if (nodes.length > 0) {
        pages[nodes.length - 1] = page;
        indexes[nodes.length - 1] = 0;
      }
    }
    more = !exhausted || next !== null;
    if (nodes.length >= first || next === null) break;
  }

  let scope: string | undefined;
  const cursorAt = (index: number) => {
    const of = pages[index];
    return of
      ? encodeCursor((scope ??= scopeOf(...source.scope)), { ...of, index: indexes[index] ?? 0, brings })
      : null;
  };
  return {
    nodes,
    edges: () => nodes.map((node, index) => ({ node, cursor: () => cursorAt(index) ?? '' })),
    pageInfo: {
      hasNextPage: more,
      hasPreviousPage: start !== null,
      startCursor: () => cursorAt(0),
      endCursor: () => cursorAt(nodes.length - 1),
    },
    // Whoever has read from the first page to the last knows the total.
    totalCount: () => total ?? (isWhole ? distinct(source, read) : options.count?.()) ?? null,
    extras,
  };
}

/** How many different rows pages hold: one that moves while they are read may come twice. */
function distinct<Row>({ key }: PageSource<Row>, pages: readonly (readonly Row[])[]): number {
  return new Set(pages.flatMap((rows) => rows.map((row) => key?.(row) ?? row))).size;
}

/** A connection over rows that are already in hand, for collections that the API gives whole. */
export function paginateRows<Row>(
  args: ConnectionArgs,
  rows: readonly Row[],
  scope: readonly unknown[],
): Promise<Connection<Row>> {
  return paginate(
    { ...args, first: args.first ?? MAX_FIRST },
    {
      maxPage: MAX_FIRST,
      scope,
      check: () => {
        throw new ConstantContactError('invalidRequest', 'This collection has a single page.');
      },
      fetch: () => Promise.resolve({ rows, next: null, total: rows.length, limit: MAX_FIRST }),
    },
  );
}

function checkFirst(first: number): number {
  if (first < 1 || first > MAX_FIRST) {
    throw new InputError(
      'INVALID',
      `first must lie between 1 and ${String(MAX_FIRST)}. For more, go on with after: pageInfo.endCursor.`,
      ['first'],
    );
  }
  return first;
}

function startOf<Row>(source: PageSource<Row>, after: string): Cursor {
  const cursor = decodeCursor(scopeOf(...source.scope), after, ['after']);
  const damaged = new InputError('INVALID', 'This cursor is damaged. Start again without it.', ['after']);
  if (cursor.limit < 1 || cursor.limit > source.maxPage) throw damaged;
  try {
    return cursor.position === null ? cursor : { ...cursor, position: source.check(cursor.position) };
  } catch (error) {
    if (!(error instanceof ConstantContactError)) throw error;
    throw damaged;
  }
}
