import { invalid } from '../errors.js';

/** The page parameters of the events service. */
export interface CursorQuery {
  readonly next?: string | undefined;
  readonly prev?: string | undefined;
}

interface Place {
  /** Filters and order of the first request of the walk. */
  readonly walk: Readonly<Record<string, string>>;
  readonly limit: number;
  /** Key of the first row of the page. */
  readonly key: string;
  /** Position of that row, used when it was removed since. */
  readonly at: number;
}

export interface CursorPage<Row> {
  readonly rows: Row[];
  /** All properties of the body except `records`. */
  readonly rest: {
    total_records: number;
    next_cursor?: string;
    prev_cursor?: string;
    _links: { self: { href: string }; next?: { href: string }; prev?: { href: string } };
  };
}

/**
 * The walk that a request continues: the cursor contains filters, order and page size, which need not be
 * repeated.
 * @throws Refusal 400 for an invalid cursor, and for both directions at once
 */
export function walkOf(query: CursorQuery): Place | null {
  const { next, prev } = query;
  if (next !== undefined && prev !== undefined) throw invalid('next and prev cannot be combined.');
  const cursor = next ?? prev;
  if (cursor === undefined) return null;
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString()) as Place;
  } catch {
    throw invalid('The cursor is not valid.');
  }
}

/** One page of rows with links in both directions, which only events and registrations have. */
export function cursorPage<Row>(
  rows: readonly Row[],
  o: {
    place: Place | null;
    walk: Readonly<Record<string, string>>;
    limit: number;
    key: (row: Row) => string;
    /** Path of the collection, relative to the base URL. */
    path: string;
  },
): CursorPage<Row> {
  const { place, walk, key } = o;
  const limit = place?.limit ?? o.limit;
  const found = place ? rows.findIndex((row) => key(row) === place.key) : 0;
  const start = found === -1 ? Math.min(place?.at ?? 0, rows.length) : found;
  const cursorTo = (at: number): string | undefined => {
    const row = rows[at];
    if (row === undefined) return undefined;
    const to: Place = { walk, limit, key: key(row), at };
    return Buffer.from(JSON.stringify(to)).toString('base64url');
  };
  const next = cursorTo(start + limit);
  const prev = start > 0 ? cursorTo(Math.max(0, start - limit)) : undefined;
  const href = `/v3${o.path}`;
  return {
    rows: rows.slice(start, start + limit),
    rest: {
      total_records: rows.length,
      ...(next !== undefined && { next_cursor: next }),
      ...(prev !== undefined && { prev_cursor: prev }),
      _links: {
        self: { href },
        ...(next !== undefined && { next: { href: `${href}?next=${next}` } }),
        ...(prev !== undefined && { prev: { href: `${href}?prev=${prev}` } }),
      },
    },
  };
}

/** The filters and the order of a query, which belong to the walk. */
export function walkQuery(query: object, names: readonly string[]): Record<string, string> {
  const values = query as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    names.flatMap((name) => (typeof values[name] === 'string' ? [[name, values[name]]] : [])),
  );
}

/**
 * Rows in the requested order.
 * @throws Refusal 400 for a property that cannot be sorted by, or an order other than ASC and DESC
 */
export function sortRows<Row>(
  rows: readonly Row[],
  by: string | undefined,
  order: string | undefined,
  values: Readonly<Record<string, (row: Row) => string | number>>,
): Row[] {
  if (order !== undefined && order !== 'ASC' && order !== 'DESC')
    throw invalid('sort_order must be ASC or DESC.');
  if (by === undefined) return [...rows];
  const value = values[by];
  if (!value) throw invalid(`sort_by must be one of ${Object.keys(values).join(', ')}.`);
  const sign = order === 'DESC' ? -1 : 1;
  return [...rows].sort((a, b) => sign * compare(value(a), value(b)));
}

function compare(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en');
}
