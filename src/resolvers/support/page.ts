import { ConstantContactError, isOverCost } from '../../constant-contact/errors.js';
import type { PageSource } from '../../loaders/makers/page-source.js';
import { walk } from '../../loaders/makers/walk.js';
import { damagedCursor, decodeCursor, encodeCursor, scopeOf, START_CURSOR, type Cursor } from './cursor.js';
import { InputError } from './input-error.js';

/** Default of `first`. */
export const DEFAULT_FIRST = 50;
/** Maximum of `first`, whatever the API's page size: 20 calls of 500. */
export const MAX_FIRST = 10_000;

export interface ConnectionArgs {
  first?: number | null | undefined;
  after?: string | null | undefined;
}

export interface Edge<Row> {
  node: Row;
  cursor: () => string;
}

/** The edge of a new object; null when there is none. */
export function newEdge<Row>(node: Row | null | undefined): Edge<Row> | null {
  return node == null ? null : { node, cursor: () => START_CURSOR };
}

/** The value from which a GraphQL connection is resolved. Cursors are encoded only when selected. */
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
  /** Page data other than rows (`Page.extra`), one entry per page. */
  extras: readonly unknown[];
}

export interface PaginateOptions {
  /** Default of `first`. */
  defaultFirst?: number;
  /**
   * Counts the collection when the response of the page does not. Called only when `totalCount` is selected.
   */
  count?: () => Promise<number | null>;
}

/**
 * Resolves `first` and `after` with the fewest possible upstream pages. `first` may exceed the API's page
 * size; pages are then read in sequence, because each has the position of the next.
 * @throws InputError for a `first` outside 1…10,000 and for a cursor of another connection
 */
export async function paginate<Row>(
  args: ConnectionArgs,
  source: PageSource<Row>,
  options: PaginateOptions = {},
): Promise<Connection<Row>> {
  const first = checkFirst(args.first ?? options.defaultFirst ?? DEFAULT_FIRST);
  const start = args.after == null || args.after === START_CURSOR ? null : startOf(source, args.after);

  const { index: from, ...cursor } = start ?? { position: null, limit: 1, index: 0 };
  const { position, limit } = enlarged(cursor, source, from + first);
  /** Rows of several pages; for each, its page and the number of rows of that page up to and including it. */
  const gathered: Row[] = [];
  const pages: Cursor[] = [];
  const indexes: number[] = [];
  let total: number | null = null;
  const read: (readonly Row[])[] = [];
  const extras: unknown[] = [];
  /** Unread rows before the start. */
  let before = from;
  /** Position after the pages that were read. */
  let resume: Cursor | null = null;

  /** @param placeOf returns the place after a row */
  const answer = (
    nodes: readonly Row[],
    placeOf: (index: number) => Cursor,
    { more, isLast, end }: { more: boolean; isLast: boolean; end?: Cursor },
  ): Connection<Row> => {
    let scope: string | undefined;
    /** Cursors of one page are encoded in sequence, so the last position is kept. */
    let last: { position: string; limit: number | undefined } | undefined;
    const sizeAt = (at: string) => {
      if (last?.position !== at) last = { position: at, limit: source.sizeAt?.(at) };
      return last.limit;
    };
    const textOf = (cursor: Cursor) => {
      const { position, index } = cursor;
      // The pages of an opaque position may have more rows than the first one was requested with.
      const limit = position === null ? cursor.limit : (sizeAt(position) ?? Math.max(cursor.limit, index));
      return encodeCursor((scope ??= scopeOf(...source.scope)), { ...cursor, limit });
    };
    const cursorAt = (index: number) => (index >= 0 && index < nodes.length ? textOf(placeOf(index)) : null);
    const isWhole = isLast && position === null;
    return {
      nodes,
      edges: () => nodes.map((node, index) => ({ node, cursor: () => cursorAt(index) ?? '' })),
      pageInfo: {
        hasNextPage: more,
        hasPreviousPage: start !== null,
        startCursor: () => cursorAt(0),
        endCursor: () => (end ? textOf(end) : cursorAt(nodes.length - 1)),
      },
      // The last page was reached from the first, so the total is known.
      totalCount: () => total ?? (isWhole ? distinct(source, read) : options.count?.()) ?? null,
      extras,
    };
  };
  const placeOf = (row: number): Cursor => ({ ...(pages[row] as Cursor), index: indexes[row] ?? 0 });

  try {
    for await (const { page, position: at, next, isNew } of walk(source, { position, limit })) {
      const { rows } = page;
      const here: Cursor = { position: at, limit: page.limit, index: 0 };
      const skipped = Math.min(before, rows.length);
      // The API may no longer accept the page size of the cursor, so the page may be smaller.
      before = from > Math.min(cursor.limit, page.limit) ? before - skipped : 0;
      extras.push(page.extra);
      total ??= page.total;
      read.push(rows);
      // The end of a page is encoded as the start of the next, so a client can continue without reading this
      // page again.
      const after = next === null ? null : { ...here, position: next };
      resume = after;
      if (read.length === 1 && skipped === 0 && (rows.length >= first || next === null)) {
        // Most responses are one page, whose rows are passed on without iterating over them.
        const end = rows.length - 1;
        return answer(
          rows.length > first ? rows.slice(0, first) : rows,
          (index) => (index === end && after ? after : { ...here, index: index + 1 }),
          { more: rows.length > first || next !== null, isLast: next === null },
        );
      }
      let index = 0;
      for (const row of rows) {
        if (gathered.length === first) break;
        index += 1;
        if (index <= skipped || !isNew(index - 1)) continue;
        gathered.push(row);
        pages.push(here);
        indexes.push(index);
      }
      const exhausted = index === rows.length;
      if (exhausted && after && gathered.length > 0) {
        pages[gathered.length - 1] = after;
        indexes[gathered.length - 1] = 0;
      }
      if (gathered.length < first && next !== null) continue;
      return answer(gathered, placeOf, { more: !exhausted || next !== null, isLast: next === null });
    }
  } catch (error) {
    // Returns the rows so far with a cursor, so the client can read the rest in another operation.
    if (!isOverCost(error) || resume === null) throw error;
    return answer(gathered, placeOf, { more: true, isLast: false, end: resume });
  }
  throw new Error('a walk requires at least one page');
}

/** Number of distinct rows of pages: a row that moves during the walk may occur twice. */
function distinct<Row>({ key }: PageSource<Row>, pages: readonly (readonly Row[])[]): number {
  return new Set(pages.flatMap((rows) => rows.map((row) => key?.(row) ?? row))).size;
}

/** A connection over a collection that the API returns whole. It is read only for valid arguments. */
export function paginateRows<Row>(
  args: ConnectionArgs,
  read: () => Promise<readonly Row[]>,
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
      fetch: async () => {
        const rows = await read();
        return { rows, next: null, total: rows.length, limit: MAX_FIRST };
      },
    },
  );
}

/** Message about a number of rows that is out of range. */
export const FIRST_RANGE = `\`first\` must be between 1 and ${MAX_FIRST.toLocaleString('en')}. For more rows, pass \`pageInfo.endCursor\` as \`after\`.`;

export const isFirst = (first: number): boolean => first >= 1 && first <= MAX_FIRST;

function checkFirst(first: number): number {
  if (!isFirst(first)) throw new InputError('INVALID', FIRST_RANGE, ['first']);
  return first;
}

/**
 * The place of a cursor in pages that hold `rows` rows, as far as the API allows: a cursor of small pages does
 * not make further pages small.
 */
function enlarged<Row>(
  { position, limit }: Omit<Cursor, 'index'>,
  source: PageSource<Row>,
  rows: number,
): Omit<Cursor, 'index'> {
  const larger = Math.min(rows, source.maxPage);
  if (larger <= limit) return { position, limit };
  if (position === null) return { position, limit: larger };
  const resized = source.resize?.(position, larger) ?? null;
  return resized === null ? { position, limit } : { position: resized, limit: larger };
}

function startOf<Row>(source: PageSource<Row>, after: string): Cursor {
  const cursor = decodeCursor(scopeOf(...source.scope), after, ['after']);
  const { position, limit } = cursor;
  // Further pages have the size that the API linked, even if it is above its maximum.
  if (limit < 1 || (position === null && limit > source.maxPage)) throw damagedCursor(['after']);
  try {
    return position === null ? cursor : { ...cursor, position: source.check(position, limit) };
  } catch (error) {
    if (!(error instanceof ConstantContactError)) throw error;
    throw damagedCursor(['after']);
  }
}
