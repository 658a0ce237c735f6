import type { Api, ReferenceFamily } from '../../constant-contact/api.js';
import type { Page, PageSource } from './pages.js';

export interface Whole<Row> extends PageSource<Row> {
  /** Whether all rows are in hand: read by this request, or kept from an earlier one. Makes no call. */
  held(): boolean;
}

export interface WholeOptions {
  /** What makes the collection stale. */
  family: ReferenceFamily;
  /** Tells it from others of the family, and from itself with other counts. */
  variant: string;
}

/**
 * A reference collection as pages. Its first page is read as large as the API gives it, which is all of it in most
 * accounts and costs no more calls than a small one, and is kept for as long as the reference cache keeps anything. So
 * listing it, looking an id up in it and doing both again later are one call.
 */
export function whole<Row>(api: Api, source: PageSource<Row>, { family, variant }: WholeOptions): Whole<Row> {
  const name = `page:${variant}`;
  const first = () => source.fetch(null, source.maxPage, source.brings);
  return {
    ...source,
    held: () => (source.isRead?.() ?? false) || api.peek<Page<Row>>(family, name)?.next === null,
    fetch: (position, limit, brings) =>
      position === null ? api.reference(family, name, first) : source.fetch(position, limit, brings),
  };
}
