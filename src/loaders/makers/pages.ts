import { sleep } from '../../constant-contact/abort.js';
import type { Api, CallParams } from '../../constant-contact/api.js';
import {
  operations,
  type OperationId,
  type PathParams,
  type QueryParams,
  type ResponseBody,
} from '../../constant-contact/contract/operations.js';
import { ConstantContactError } from '../../constant-contact/errors.js';
import { checkPosition, nextPage } from '../../constant-contact/paging.js';

export interface Page<Row> {
  rows: readonly Row[];
  /** Position of the next page; null when this was the last one. */
  next: string | null;
  /** How many rows the whole collection has, where the answer told it. */
  total: number | null;
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
  rows: (body: ResponseBody<Id>) => readonly Row[] | null | undefined;
  total?: (body: ResponseBody<Id>) => number | null | undefined;
  key?: (row: Row) => string | undefined;
  extra?: (body: ResponseBody<Id>) => unknown;
  /**
   * Called with each page's rows as they come in, for example to prime a by-id loader. `asked` tells whether they bring
   * along what `along` asks for.
   */
  seen?: (rows: readonly Row[], asked: boolean) => void;
}

/** The pages of one paged operation. The page size travels as `limit`. */
export function pages<Id extends OperationId, Row>(
  api: Api,
  id: Id,
  options: PagesOptions<Id, Row>,
): PageSource<Row> {
  const { path, query, along, brings, maxPage, key } = options;
  return {
    maxPage,
    scope: [id, path ?? null, query ?? null],
    ...(key && { key }),
    ...(brings !== undefined && { brings }),
    check: (position) => checkPosition(id, position),
    async fetch(position, limit, known) {
      const params = (position === null
        ? { path, query: { ...query, ...along, ...(takesLimit(id) && { limit }) } }
        : { path, page: position }) as unknown as CallParams<Id>;
      const body = await whenReady(api, id, params);
      const rows = options.rows(body) ?? [];
      options.seen?.(rows, position === null || (known !== undefined && known === brings));
      return {
        rows,
        next: nextPage(id, body, position),
        total: options.total?.(body) ?? null,
        extra: options.extra?.(body),
      };
    },
  };
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
): Promise<ResponseBody<Id>> {
  for (let asked = 0; ; asked += 1) {
    const { status, body } = await api.send(id, params);
    if (status !== 202) return body;
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

/** Reads every page of a collection, `maxPage` rows a call. */
export async function readAll<Row>(source: PageSource<Row>): Promise<Row[]> {
  const rows: Row[] = [];
  const seen = new Set<string>();
  let position: string | null = null;
  do {
    const page: Page<Row> = await source.fetch(position, source.maxPage, source.brings);
    for (const row of page.rows) {
      const key = source.key?.(row);
      if (key !== undefined) {
        if (seen.has(key)) continue;
        seen.add(key);
      }
      rows.push(row);
    }
    position = page.next;
  } while (position !== null);
  return rows;
}

function takesLimit(id: OperationId): boolean {
  return (operations[id].queryParams as readonly string[]).includes('limit');
}
