import { sleep } from '../../constant-contact/abort.js';
import type { Api, CallOptions, CallParams, Sent } from '../../constant-contact/api.js';
import { nameOfKind, type AccountSizes } from '../../constant-contact/cache/account-sizes.js';
import {
  operations,
  type OperationId,
  type PathParams,
  type QueryParams,
  type ResponseBody,
} from '../../constant-contact/contract/operations.js';
import { ConstantContactError } from '../../constant-contact/errors.js';
import { notReady } from '../../constant-contact/http/error-body.js';
import { afterCursor, nextPage } from '../../constant-contact/http/paging.js';
import {
  checkWalk,
  completePosition,
  cursorOf,
  parameterOf,
  resizePosition,
} from '../../constant-contact/http/position.js';
import { renderQuery } from '../../constant-contact/http/request.js';
import type { CostOf } from '../cost.js';
import type { Page, PageSource } from './page-source.js';
import { keyReader, type Key, type Loader, type Scope } from './loader.js';

export type ListQuery<Id extends OperationId> = Omit<QueryParams<Id>, 'limit'>;

/** Properties of a paged operation that are the same for every request. */
export interface PagedOperation<Id extends OperationId, Row> {
  reads: Id;
  /** Maximum page size of the API. */
  pageSize: number;
  /** Number of rows that the query cost counts before it is known that there are more. Default: all. */
  countedRows?: number;
  rows: (body: ResponseBody<Id>) => readonly Row[] | null | undefined;
  total?: (body: ResponseBody<Id>) => number | null | undefined;
  /**
   * The next page's cursor, where the API returns a bare cursor (such as `next`) that a response may have
   * instead of a link.
   */
  cursor?: (body: ResponseBody<Id>) => string | null | undefined;
  extra?: (body: ResponseBody<Id>) => unknown;
  key?: Key<Row>;
}

/** Properties of one request for pages. */
export interface PageRequest<Id extends OperationId, Row> {
  path?: PathParams<Id>;
  /** Filters and order, which identify the collection. */
  query?: ListQuery<Id>;
  /**
   * Parameters that include more with the rows. A cursor may be used by an operation with another selection;
   * pages after it include what the page of the cursor included.
   */
  includeParams?: ListQuery<Id>;
  /** The value of `include` in it, if that depends on the selection. */
  includedParts?: string;
  /**
   * True if a page must have exactly the requested size, because the response describes the page
   * (percentages).
   */
  exact?: boolean;
  /** True if other fields read the first page in the API's maximum size: one page then serves all. */
  isShared?: boolean;
  /** Keeps pages for other places of the query that read the same collection. Default: true. */
  keep?: boolean;
  /** True if the collection continues a connection over several collections, which can end before it. */
  isContinuation?: boolean;
  /** The unfiltered collection, whose size is recorded for query costs. */
  whole?: Whole<Row>;
  /** A part of a collection, whose size is recorded for query costs. */
  part?: { of: string; name: string };
  /** The collection with the row whose members these are; their number is recorded for query costs. */
  membersOf?: string;
  /** Called with the rows of each page. `asked` is true if they include what `includeParams` requests. */
  onPage?: (rows: readonly Row[], asked: boolean) => void;
}

/** A collection that is read without a filter. */
export interface Whole<Row> {
  /** Plural noun for the rows. */
  noun: string;
  /**
   * Number of members of a row, if the response includes it. Rows without it count as the one with the most; nothing is recorded
   * when no other row has members.
   */
  membersOf?: ((row: Row) => number | undefined) | undefined;
  /** The kind of a row, if reads can be filtered by kind and kinds differ in their members. */
  kindOf?: ((row: Row) => string | undefined) | undefined;
}

/** Records the size of a collection of which these are all rows. */
export function noteSize<Row>(
  sizes: AccountSizes,
  { noun, membersOf, kindOf }: Whole<Row>,
  rows: readonly Row[],
  total = rows.length,
): void {
  sizes.note(noun, total);
  if (!membersOf) return;
  const most = rows.reduce((largest, row) => Math.max(largest, membersOf(row) ?? 0), 0);
  const noteGroups = (name: string, of: readonly Row[]) => {
    const groups = of.map((row) => membersOf(row) ?? (most || undefined));
    if (!groups.includes(undefined)) sizes.noteGroups(name, groups as number[]);
  };
  noteGroups(noun, rows);
  if (!kindOf) return;
  for (const kind of new Set(rows.map(kindOf)))
    if (kind !== undefined)
      noteGroups(
        nameOfKind(noun, kind),
        rows.filter((row) => kindOf(row) === kind),
      );
}

/**
 * The pages of one paged operation. The page size is the parameter `limit`. A request never reads a page
 * twice.
 */
export function pagesOf<Id extends OperationId, Row>(
  { api, pageReads }: Scope,
  operation: PagedOperation<Id, Row>,
  request: PageRequest<Id, Row>,
): PageSource<Row> {
  const { reads: id, pageSize, key } = operation;
  const {
    path,
    query,
    includeParams = {},
    includedParts,
    keep = true,
    exact = false,
    isShared = false,
    isContinuation,
    whole,
    part,
    membersOf,
  } = request;
  const scope = [id, path ?? null, query ?? null];
  const nameOf = (limit: number) => JSON.stringify([scope, includedParts, ...(exact ? [limit] : [])]);

  /** Links of the API, by the positions that were completed from them. */
  const links = new Map<string, string>();
  /** @param known position from which links in the page are completed. Default: its own. */
  const read = async (params: Place, limit: number, asked: boolean, known?: string): Promise<Page<Row>> => {
    const { body, place } = await readSized(api, id, params, (at) =>
      fetchWhenReady(api, id, { path, ...at } as CallParams<Id>, {
        isFurtherPage: isContinuation,
        // Positions from clients have passed `check`.
        isFromLink: true,
      }),
    );
    const rows = operation.rows(body) ?? [];
    request.onPage?.(rows, asked);
    const position = place.page ?? null;
    const sent = () => known ?? position ?? renderQuery(id, place.query ?? {});
    const link = nextPage(id, body, position) ?? afterCursor(id, operation.cursor?.(body), sent);
    const next = link === null ? null : completePosition(id, link, sent());
    if (next !== null && link !== null && next !== link) {
      links.set(next, link);
      if (link === cursorOf(next)) api.sizes.noteBareLinks(id, 'completed');
    }
    const total = operation.total?.(body) ?? null;
    if (membersOf !== undefined && total !== null) api.sizes.noteGroup(membersOf, total);
    if (part !== undefined && position === null) notePart(api, part, rows.length, next === null);
    if (next !== null) noteShortPage(api, id, place, rows.length);
    if (whole !== undefined && position === null) {
      if (next === null) noteSize(api.sizes, whole, rows, total ?? rows.length);
      else api.sizes.note(whole.noun, total ?? rows.length, { isLeast: total === null });
    }
    return {
      rows,
      next: next === (known ?? position) ? null : next,
      total,
      limit: Math.min(limit, api.pageSizes.largest(id)),
      extra: operation.extra?.(body),
    };
  };
  const readFirst = ({ limit, includeParams: all }: { limit: number; includeParams: object }) =>
    read({ query: { ...query, ...all, ...(takesLimit(id) && { limit }) } }, limit, true);
  /** Returns true if the rows at a position include everything that the operation selects. */
  const isAsked = (position: string) =>
    includedParts !== undefined && (parameterOf(id, position, 'include') ?? '') === includedParts;

  /** The API's own positions of those that were resized. */
  const originals = new Map<string, string>();
  /** A position as the API linked it; that of a cursor is not known for sure. */
  const linkOf = (position: string): string =>
    links.get(position) ?? (api.sizes.bareLinks(id) ? cursorOf(position) : position);
  /** Reads a page after the first. If the API refuses it because it was resized or completed, it is read as the API linked it. */
  const readNext = async (position: string, limit: number): Promise<Page<Row>> => {
    const original = originals.get(position) ?? position;
    const link = linkOf(original);
    const size = sizeOf(id, { page: original });
    const readLinked = async () => {
      const page = await read({ page: link }, size, isAsked(link), original);
      if (link === cursorOf(original)) api.sizes.noteBareLinks(id, 'asLinked');
      return { ...page, position: original };
    };
    if (link !== original && api.sizes.bareLinks(id) === 'asLinked') return readLinked();
    const ways = [() => read({ page: position }, limit, isAsked(position))];
    if (original !== position)
      ways.push(async () => {
        const page = await read({ page: original }, size, isAsked(original));
        api.sizes.noteFixedLinks(id);
        return { ...page, position: original };
      });
    if (link !== original)
      ways.push(() => {
        // The refused call that this one replaces does not count.
        api.meter.postpone();
        return readLinked();
      });
    let refusal: unknown;
    for (const way of ways) {
      try {
        return await way();
      } catch (error) {
        if (!isRefusal(error)) throw error;
        refusal ??= error;
      }
    }
    throw refusal;
  };

  return {
    maxPage: pageSize,
    scope,
    ...(operation.countedRows !== undefined && {
      countedRows: operation.countedRows,
      extend: () => api.meter.extend(),
    }),
    ...(key && { key: keyReader(key) }),
    isRead: () => pageReads.isAll(nameOf(pageSize), includeParams),
    sizeAt: (position) => {
      const size = Number(parameterOf(id, position, 'limit'));
      return size >= 1 ? size : undefined;
    },
    check: (position, limit) =>
      checkWalk(id, position, { query: query ?? {}, included: includeParams, limit }),
    resize: (position, limit) => {
      if (isNumbered(id) || api.sizes.hasFixedLinks(id)) return null;
      const size = Math.min(limit, api.pageSizes.largest(id));
      if (size <= sizeOf(id, { page: position })) return null;
      const resized = resizePosition(id, position, size);
      if (resized === position) return null;
      originals.set(resized, position);
      return resized;
    },
    fetch: (position, limit) =>
      api.inFlight.track(
        position === null
          ? pageReads.first(nameOf(limit), {
              limit:
                isNumbered(id) || ((isShared || api.sizes.hasFixedLinks(id)) && !exact) ? pageSize : limit,
              includeParams,
              keep,
              read: readFirst,
            })
          : pageReads.next(JSON.stringify([scope, position]), keep, () => readNext(position, limit)),
      ),
  };
}

export interface Paged<Row, Args extends readonly unknown[]> {
  list(...args: Args): PageSource<Row>;
}

/** Cost class PAGES: a connection of its own, one call per page. */
export function paged<Id extends OperationId, Row, Args extends readonly unknown[] = []>({
  noun,
  request,
  ...operation
}: Omit<PagedOperation<Id, Row>, 'reads'> & {
  /** The operation; the request can name another one with the same response. */
  reads?: Id;
  /** Plural noun for the rows. */
  noun: string;
  /** The request for these arguments, and its differences from the declaration. */
  request?: (scope: Scope, ...args: Args) => PageRequest<Id, Row> & Partial<PagedOperation<Id, Row>>;
}): Loader<Paged<Row, Args>, CostOf<'PAGES'>> {
  return {
    cost: {
      costClass: 'PAGES',
      rows: noun,
      reads: operation.reads,
      pageSize: operation.pageSize,
      ...(operation.countedRows !== undefined && { countedRows: operation.countedRows }),
    },
    create: (scope) => ({
      list: (...args) => {
        const asked = request?.(scope, ...args) ?? {};
        return pagesOf(scope, { ...(operation as PagedOperation<Id, Row>), ...asked }, asked);
      },
    }),
  };
}

/** Records the size of a part. The query cost has too few calls for the rows of a part that has grown. */
function notePart(
  { meter, sizes }: Api,
  { of, name }: { of: string; name: string },
  rows: number,
  isAll: boolean,
): void {
  if (rows > (sizes.partOf(of, name) ?? Infinity)) {
    meter.extend(Infinity);
    sizes.forgetPart(of, name);
  }
  if (isAll) sizes.notePart(of, name, rows);
}

/** A page: parameters of the first one, or the position of a later one. */
interface Place {
  query?: object;
  page?: string;
}

/**
 * Reads a page. If the API refuses it and a smaller size may be allowed, this and all further pages of these
 * collections are read in that size.
 * @throws ConstantContactError the first refusal, if the smaller page is refused too: the size was not the
 * reason
 */
async function readSized<Id extends OperationId>(
  api: Api,
  id: Id,
  wanted: Place,
  read: (place: Place) => Promise<Sent<Id>>,
): Promise<{ body: ResponseBody<Id>; place: Place }> {
  const { pageSizes } = api;
  const place = resized(id, wanted, pageSizes.largest(id));
  try {
    return { body: (await read(place)).body, place };
  } catch (error) {
    const refused = sizeOf(id, place);
    const accepted = isRefusal(error) ? pageSizes.smallerThan(id, refused) : null;
    if (accepted === null) throw error;
    api.meter.postpone();
    const smaller = resized(id, place, accepted);
    try {
      const { body } = await read(smaller);
      // The rows of the refused page now take several calls, which the query cost does not include; nor does it
      // include a first page of `contactLists` that turns out to be incomplete.
      api.meter.postpone(Math.ceil(refused / accepted));
      pageSizes.remember({ operationId: id, refused, accepted });
      return { body, place: smaller };
    } catch (again) {
      // The size was not the reason, so both calls count.
      api.meter.postpone(-1);
      throw isRefusal(again) ? error : again;
    }
  }
}

/**
 * Records a page that is smaller than requested although more follow, so that the next operation has the
 * right query cost. This operation makes no extra call; it returns fewer rows. Where the page has the maximum
 * size of another source of the API, further pages are requested in that size.
 */
function noteShortPage({ pageSizes, sizes }: Api, id: OperationId, place: Place, rows: number): void {
  const asked = sizeOf(id, place);
  if (rows === pageSizes.smallerThan(id, asked))
    pageSizes.remember({ operationId: id, refused: asked, accepted: rows });
  else sizes.notePage(id, { rows, asked });
}

function isRefusal(error: unknown): boolean {
  return error instanceof ConstantContactError && error.status === 400;
}

/** Page size at this place; 0 when it has none. */
function sizeOf(id: OperationId, { query, page }: Place): number {
  const size = page === undefined ? (query as { limit?: number }).limit : parameterOf(id, page, 'limit');
  return Number(size ?? 0);
}

function resized(id: OperationId, place: Place, largest: number): Place {
  if (largest === Infinity || sizeOf(id, place) <= largest) return place;
  const { query, page } = place;
  return page === undefined
    ? { query: { ...query, limit: largest } }
    : { page: resizePosition(id, page, largest) };
}

/**
 * Delays before a page that is still being computed is requested again, in milliseconds: about 15 seconds in
 * all.
 */
const RETRY_DELAYS_MS = [250, 500, 1_000, 2_000, 4_000, 8_000] as const;
/** Maximum number of calls before the successful one. */
export const MAX_EARLY_READS = RETRY_DELAYS_MS.length;

/**
 * Reads a page that the API may have to compute first (members of a segment): until then it responds with
 * 202.
 * @throws ConstantContactError `notReady` when it is not ready in time
 */
async function fetchWhenReady<Id extends OperationId>(
  api: Api,
  id: Id,
  params: CallParams<Id>,
  options: CallOptions,
): Promise<Sent<Id>> {
  for (let asked = 0; ; asked += 1) {
    const sent = await api.send(id, params, options);
    const { status } = sent;
    if (status !== 202) return sent;
    const pause = RETRY_DELAYS_MS[asked];
    if (pause === undefined) {
      throw notReady(id, sent, api.clock.now());
    }
    api.meter.postpone();
    const from = api.clock.now();
    api.meter.waited({ from, until: from + pause });
    await sleep(api.clock, pause, api.signal);
  }
}

/** True if pages are numbered: with another page size, the same number is a page of other rows. */
function isNumbered(id: OperationId): boolean {
  return (operations[id].queryParams as readonly string[]).includes('page');
}

function takesLimit(id: OperationId): boolean {
  return (operations[id].queryParams as readonly string[]).includes('limit');
}
