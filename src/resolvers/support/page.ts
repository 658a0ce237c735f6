import { ConstantContactError } from '../../constant-contact/errors.js';
import type { PageSource } from '../../loaders/makers/page-source.js';
import { walk } from '../../loaders/makers/walk.js';
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

  const {
    position,
    limit,
    index: from,
    brings: known,
  }: Cursor = start ?? { position: null, limit: Math.min(first, source.maxPage), index: 0 };
  const brings = position === null ? source.brings : known;
  /** Rows of several pages; of each, the page that it stands in, and how many rows of that lie before the place after it. */
  const gathered: Row[] = [];
  const pages: Cursor[] = [];
  const indexes: number[] = [];
  let total: number | null = null;
  const read: (readonly Row[])[] = [];
  const extras: unknown[] = [];
  let pageSize = limit;

  /** @param placeOf gives the place after a row */
  const answer = (
    nodes: readonly Row[],
    placeOf: (index: number) => Cursor,
    { more, last }: { more: boolean; last: boolean },
  ): Connection<Row> => {
    let scope: string | undefined;
    const cursorAt = (index: number) =>
      index >= 0 && index < nodes.length
        ? encodeCursor((scope ??= scopeOf(...source.scope)), { ...placeOf(index), brings })
        : null;
    const isWhole = last && start === null;
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
  };

  for await (const { page, position: at, next, isNew } of walk(source, { position, limit, brings })) {
    const { rows } = page;
    if (at === null) pageSize = page.limit;
    const here: Cursor = { position: at, limit: pageSize, index: 0, brings };
    const skipped = read.length === 0 ? from : 0;
    extras.push(page.extra);
    total ??= page.total;
    read.push(rows);
    // The end of a page is the start of the next: from there a client goes on without reading this page again.
    const after = next === null ? null : { ...here, position: next };
    if (read.length === 1 && skipped === 0 && (rows.length >= first || next === null)) {
      // As most answers are of one page, its rows are handed on without going through them.
      const end = rows.length - 1;
      return answer(
        rows.length > first ? rows.slice(0, first) : rows,
        (index) => (index === end && after ? after : { ...here, index: index + 1 }),
        { more: rows.length > first || next !== null, last: next === null },
      );
    }
    let index = 0;
    for (const row of rows) {
      if (gathered.length === first) break;
      index += 1;
      if (index <= skipped || !isNew(row)) continue;
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
    return answer(gathered, (place) => ({ ...(pages[place] as Cursor), index: indexes[place] ?? 0 }), {
      more: !exhausted || next !== null,
      last: next === null,
    });
  }
  throw new Error('a walk has at least one page');
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
