import type { Api, Sent } from '../../constant-contact/api.js';
import type { OperationId, ResponseBody } from '../../constant-contact/contract/operations.js';
import { ConstantContactError } from '../../constant-contact/errors.js';
import { parameterOf, resizePosition } from '../../constant-contact/http/position.js';

/** A page: parameters of the first one, or the position of a later one. */
export interface Place {
  query?: object;
  page?: string;
}

/**
 * Reads a page. If the API refuses it and a smaller size may be allowed, this and all further pages of these
 * collections are read in that size.
 * @throws ConstantContactError the first refusal, if the smaller page is refused too: the size was not the
 * reason
 */
export async function readSized<Id extends OperationId>(
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
export function noteShortPage({ pageSizes, sizes }: Api, id: OperationId, place: Place, rows: number): void {
  const asked = sizeOf(id, place);
  if (rows === pageSizes.smallerThan(id, asked))
    pageSizes.remember({ operationId: id, refused: asked, accepted: rows });
  else sizes.notePage(id, { rows, asked });
}

export function isRefusal(error: unknown): boolean {
  return error instanceof ConstantContactError && error.status === 400;
}

/** Page size at this place; 0 when it has none. */
export function sizeOf(id: OperationId, { query, page }: Place): number {
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
