import type { Api } from '../../constant-contact/api.js';
import { pages, type PageSource, type PagesOptions } from './pages.js';

/** Operations whose pages carry a bare cursor besides a link. */
type CursorOperation = 'findEvents' | 'findRegistrationsUsingGET';

/**
 * The pages of the events service. It names the next page by a link and by a bare `next_cursor`; an answer that has only
 * the cursor is followed by asking again with the same filters and `next`.
 */
export function cursorPages<Id extends CursorOperation, Row>(
  api: Api,
  id: Id,
  options: Omit<PagesOptions<Id, Row>, 'extra' | 'total'>,
): PageSource<Row> {
  const source = pages<Id, Row>(api, id, {
    ...options,
    total: (body) => frameOf(body).total_records,
    extra: (body) => frameOf(body).next_cursor,
  });
  return {
    ...source,
    fetch: async (position, limit) => {
      const page = await source.fetch(position, limit);
      const pairs = position?.split('&') ?? pairsOf({ ...options.query, ...options.along, limit });
      return { ...page, next: page.next ?? withCursor(pairs, position, page.extra) };
    },
  };
}

/** What pages of this service have around their rows. */
function frameOf(body: unknown): { total_records?: number; next_cursor?: string | null } {
  return body as ReturnType<typeof frameOf>;
}

/** Position of the page behind a cursor; null when there is none, or when it leads back to where it is. */
function withCursor(pairs: readonly string[], current: string | null, cursor: unknown): string | null {
  if (typeof cursor !== 'string' || cursor === '') return null;
  const next = [
    ...pairs.filter((pair) => !pair.startsWith('next=')),
    `next=${encodeURIComponent(cursor)}`,
  ].join('&');
  return next === current ? null : next;
}

function pairsOf(query: object): string[] {
  return Object.entries(query as Record<string, string | number | null | undefined>).flatMap(
    ([name, value]) =>
      value === undefined || value === null ? [] : [`${name}=${encodeURIComponent(String(value))}`],
  );
}
