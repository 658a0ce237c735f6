import { nameOfKind } from '../constant-contact/cache/account-sizes.js';
import { contactLists } from './contact-list.js';
import { contacts, partOfSegment } from './contact.js';
import { emailCampaigns } from './email-campaign.js';
import { events } from './event.js';
import type { Clearable, Loader, Scope } from './makers/loader.js';
import type { PageSource } from './makers/page-source.js';
import { tags } from './tag.js';

function page<Instance extends Clearable>(
  loader: Loader<Instance>,
  list: (instance: Instance) => Pick<PageSource<unknown>, 'fetch' | 'maxPage'>,
  limit?: number,
) {
  return (scope: Scope) => {
    const source = list(scope.use(loader));
    return source.fetch(null, limit ?? source.maxPage);
  };
}

/**
 * Reads that report the size of a collection in one call: a page with a count, or one that is likely
 * complete.
 */
const READS: ReadonlyMap<string, (scope: Scope) => Promise<unknown>> = new Map([
  [contacts.cost.rows, page(contacts, (all) => all.list({ status: 'all' }, { count: true, keep: false }), 1)],
  [contactLists.cost.rows, page(contactLists, (all) => all.list({ variant: 'all' }))],
  [tags.cost.rows, page(tags, (all) => all.list({ variant: 'counted' }))],
  [emailCampaigns.cost.rows, page(emailCampaigns, (all) => all.list({}))],
  [events.cost.rows, page(events, (all) => all.list({}))],
]);

const SEGMENT = nameOfKind(contacts.cost.rows, partOfSegment(''));

/** Reads the first page of a segment, which shows how many contacts it has, if these are few. */
function segmentRead(name: string): ((scope: Scope) => Promise<unknown>) | undefined {
  if (!name.startsWith(SEGMENT)) return undefined;
  const inSegment = { segment_id: name.slice(SEGMENT.length) };
  return page(contacts, (all) => all.list(inSegment));
}

/**
 * Reads the sizes of those of these collections and parts of collections for which one call each is enough, so that a query cost need
 * not assume them. A collection that was read recently is not read again.
 * @returns null when there are none
 */
export function readSizes(scope: Scope, collections: Iterable<string>): Promise<unknown> | null {
  const reads = [...collections].flatMap((name) => {
    const read = READS.get(name) ?? segmentRead(name);
    return read ? [scope.api.sizes.lookUp(name, () => read(scope))] : [];
  });
  return reads.length === 0 ? null : Promise.all(reads);
}
