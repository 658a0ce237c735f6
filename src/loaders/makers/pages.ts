import { sleep } from '../../constant-contact/abort.js';
import type { Api, CallParams, Sent } from '../../constant-contact/api.js';
import { Attached } from '../../constant-contact/attached.js';
import {
  operations,
  type OperationId,
  type PathParams,
  type QueryParams,
  type ResponseBody,
} from '../../constant-contact/contract/operations.js';
import { ConstantContactError } from '../../constant-contact/errors.js';
import { checkPosition, nextPage, Walk } from '../../constant-contact/http/paging.js';

export interface Page<Row> {
  rows: readonly Row[];
  /** Position of the next page; null when this was the last one. */
  next: string | null;
  /** How many rows the whole collection has, where the answer told it. */
  total: number | null;
  /** How many rows were asked for: at least as many as the caller wants, more when another one wants more. */
  limit: number;
  /** What the page says beside its rows, where the collection keeps something of it. */
  extra?: unknown;
}

/** A collection that is read page by page. One call a page. */
export interface PageSource<Row> {
  /** Most rows that the API gives at once. */
  maxPage: number;
  /** What tells this collection and its filters from every other. */
  scope: readonly unknown[];
  /** What the rows of a first page bring along, where that depends on what is selected. */
  brings?: string;
  /**
   * Reads the page at `position`, or the first one with `limit` rows.
   * @param brings what the rows at that position are known to bring along
   */
  fetch(position: string | null, limit: number, brings?: string): Promise<Page<Row>>;
  /** Whether this request has read the first page, and it was all there is. Makes no call. */
  isRead?(): boolean;
  /** @throws ConstantContactError `invalidRequest` for a position that this collection cannot have given. */
  check(position: string): string;
  /** Identity of a row. The API may repeat a row on the next page when the collection changes in between; repeated rows are dropped. */
  key?: (row: Row) => string | undefined;
}

export interface PagesOptions<Id extends OperationId, Row> {
  path?: PathParams<Id>;
  /** The filters and the order: what tells this collection from another. */
  query?: Omit<QueryParams<Id>, 'limit'>;
  /**
   * What the operation has the rows bring along. A cursor may be used by an operation that selects something else;
   * pages behind it then bring what the page brought that it was made of.
   */
  along?: Omit<QueryParams<Id>, 'limit'>;
  brings?: string;
  maxPage: number;
  /** Whether a page has to be of exactly the size that was asked for, because something is told about the page itself. */
  exact?: boolean;
  rows: (body: ResponseBody<Id>) => readonly Row[] | null | undefined;
  total?: (body: ResponseBody<Id>) => number | null | undefined;
  key?: (row: Row) => string | undefined;
  extra?: (body: ResponseBody<Id>) => unknown;
  /**
   * Whether pages are kept for other places of the query that read the same collection; they are unless it says false.
   * Whoever looks through a large collection for a few rows should not hold all of it.
   */
  keep?: boolean;
  /**
   * Called with each page's rows as they come in, for example to prime a by-id loader. `asked` tells whether they bring
   * along what `along` asks for.
   */
  seen?: (rows: readonly Row[], asked: boolean) => void;
}

/** The pages of one paged operation. The page size travels as `limit`. Within one request no page is read twice. */
export function pages<Id extends OperationId, Row>(
  api: Api,
  id: Id,
  options: PagesOptions<Id, Row>,
): PageSource<Row> {
  const { path, query, along = {}, brings, maxPage, key, keep = true, exact = false } = options;
  const scope = [id, path ?? null, query ?? null];
  const reads = readsOf(api);
  const nameOf = (limit: number) => JSON.stringify([scope, brings, ...(exact ? [limit] : [])]);

  const read = async (
    params: unknown,
    position: string | null,
    limit: number,
    asked: boolean,
  ): Promise<Page<Row>> => {
    const { body } = await whenReady(api, id, params as CallParams<Id>);
    const rows = options.rows(body) ?? [];
    options.seen?.(rows, asked);
    return {
      rows,
      next: nextPage(id, body, position),
      total: options.total?.(body) ?? null,
      limit,
      extra: options.extra?.(body),
    };
  };
  const first: PageRead<Row>['begin'] = ({ limit, along: all }) =>
    read({ path, query: { ...query, ...all, ...(takesLimit(id) && { limit }) } }, null, limit, true);

  return {
    maxPage,
    scope,
    ...(key && { key }),
    ...(brings !== undefined && { brings }),
    isRead: () => reads.isAll(nameOf(maxPage), along),
    check: (position) => checkPosition(id, position),
    fetch: (position, limit, known) =>
      api.quiet.during(
        position === null
          ? reads.first(nameOf(limit), {
              limit,
              along,
              keep,
              begin: first,
            })
          : reads.next(JSON.stringify([scope, position, known === brings]), keep, () =>
              read({ path, page: position }, position, limit, known !== undefined && known === brings),
            ),
      ),
  };
}

interface PageRead<Row> {
  limit: number;
  along: object;
  keep: boolean;
  begin: (options: { limit: number; along: object }) => Promise<Page<Row>>;
}

interface FirstRead {
  limit: number;
  along: object;
  begun: boolean;
  page: Promise<Page<unknown>>;
  /** Whether it has come in, and no other follows it. */
  isAll: boolean;
}

/** The pages that one request reads, so that several places of a query share them. */
class PageReads {
  #first = new Map<string, FirstRead>();
  #next = new Map<string, Promise<Page<unknown>>>();

  /** A first page of so many rows: one that this request has read or is reading, or one read for all that want it now. */
  async first<Row>(key: string, wanted: PageRead<Row>): Promise<Page<Row>> {
    const known = this.#first.get(key);
    if (known && disagree(known.along, wanted.along)) {
      return this.first(key + JSON.stringify(wanted.along), wanted);
    }
    if (known?.begun === false) {
      known.limit = Math.max(known.limit, wanted.limit);
      known.along = { ...known.along, ...wanted.along };
      return (await known.page) as Page<Row>;
    }
    if (known && has(known.along, wanted.along)) {
      const page = (await known.page) as Page<Row>;
      // A page that holds all there is holds as many as anybody wants.
      if (known.limit >= wanted.limit || page.next === null) return page;
      if (this.#first.get(key) !== known) return this.first(key, wanted);
    }
    return (await this.#begin(key, wanted).page) as Page<Row>;
  }

  isAll(key: string, along: object): boolean {
    const known = this.#first.get(key);
    return known !== undefined && known.isAll && !disagree(known.along, along) && has(known.along, along);
  }

  next<Row>(key: string, keep: boolean, read: () => Promise<Page<Row>>): Promise<Page<Row>> {
    const known = this.#next.get(key);
    if (known) return known as Promise<Page<Row>>;
    const page = read();
    if (keep) {
      this.#next.set(key, page);
      page.catch(() => this.#next.delete(key));
    }
    return page;
  }

  clear(): void {
    this.#first = new Map();
    this.#next = new Map();
  }

  #begin<Row>(key: string, { limit, along, keep, begin }: PageRead<Row>): FirstRead {
    const begun = new Promise<void>((resolve) => {
      process.nextTick(resolve);
    });
    const read: FirstRead = {
      limit,
      along,
      begun: false,
      isAll: false,
      page: begun.then(async () => {
        read.begun = true;
        const page = await begin(read);
        read.isAll = page.next === null;
        return page;
      }),
    };
    if (!keep) return read;
    this.#first.set(key, read);
    // A failed read is not remembered: the next field of the same request may try again.
    read.page.catch(() => {
      if (this.#first.get(key) === read) this.#first.delete(key);
    });
    return read;
  }
}

/** Whether both ask for something to come along, and for something else. */
function disagree(one: object, other: object): boolean {
  const values = other as Readonly<Record<string, unknown>>;
  return Object.entries(one).some(([name, value]) => name in values && values[name] !== value);
}

/** Whether one asks for all that the other asks for to come along. */
function has(one: object, other: object): boolean {
  return Object.keys(other).every((name) => name in one);
}

const readsOfRequests = new Attached<Api, PageReads>();

function readsOf(api: Api): PageReads {
  const known = readsOfRequests.get(api);
  if (known) return known;
  const reads = new PageReads();
  readsOfRequests.set(api, reads);
  return reads;
}

/** Forgets the pages that a request has read, for after a write. */
export function clearPages(api: Api): void {
  readsOf(api).clear();
}

/** Pauses before a page that is still being computed is asked for again, in milliseconds: about 15 seconds in all. */
const PAUSES = [250, 500, 1_000, 2_000, 4_000, 8_000] as const;

/**
 * Reads a page that the API may have to compute first (members of a segment): until then it answers 202.
 * @throws ConstantContactError `notReady` when it is not done in time
 */
async function whenReady<Id extends OperationId>(
  api: Api,
  id: Id,
  params: CallParams<Id>,
): Promise<Sent<Id>> {
  for (let asked = 0; ; asked += 1) {
    const sent = await api.send(id, params);
    const { status } = sent;
    if (status !== 202) return sent;
    const pause = PAUSES[asked];
    if (pause === undefined) {
      throw new ConstantContactError(
        'notReady',
        'Constant Contact is still computing the answer. Ask again later.',
        {
          operationId: id,
          status,
        },
      );
    }
    api.meter.waitedMs += pause;
    await sleep(api.clock, pause, api.signal);
  }
}

/**
 * What tells the rows of one walk through a collection from those that it had before.
 * @returns a function that notes a row, and gives false for one that was noted already
 */
export function newOnes<Row>({ key }: Pick<PageSource<Row>, 'key'>): (row: Row) => boolean {
  const seen = new Set<string>();
  return (row) => {
    const of = key?.(row);
    if (of === undefined) return true;
    const before = seen.size;
    return seen.add(of).size > before;
  };
}

/**
 * Reads every page of a collection, `maxPage` rows a call.
 * @param first its first page, where that has been read
 */
export async function readAll<Row>(source: PageSource<Row>, first?: Page<Row>): Promise<Row[]> {
  const rows: Row[] = [];
  const isNew = newOnes(source);
  const walk = new Walk();
  let position: string | null = null;
  do {
    const page: Page<Row> =
      first && position === null ? first : await source.fetch(position, source.maxPage, source.brings);
    for (const row of page.rows) if (isNew(row)) rows.push(row);
    position = walk.to(page.next);
  } while (position !== null);
  return rows;
}

function takesLimit(id: OperationId): boolean {
  return (operations[id].queryParams as readonly string[]).includes('limit');
}
