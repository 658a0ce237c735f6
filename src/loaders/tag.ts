import type { Api } from '../constant-contact/api.js';
import { nullIfNotFound, withRequestedId } from '../constant-contact/by-id.js';
import type { Schema } from '../constant-contact/contract/operations.js';
import { named } from './makers/named.js';
import { pages, readAll, type PageSource } from './makers/pages.js';
import { scan, type Scan } from './makers/scan.js';
import type { ById } from './makers/single.js';
import { whole } from './makers/whole.js';
import type { Wants } from './wants.js';
import type { Costs } from './cost.js';

export type Tag = Schema<'Tag'>;

/** Most tags that `GET /contact_tags` gives at once (contract: `limit`). */
const TAGS_PER_PAGE = 500;

export interface TagLoaders extends Scan<Tag> {
  /** Tags that the query names by id: ONE for a single one, SCAN for several. */
  named: ById<Tag>;
  list(): PageSource<Tag>;
  /** Number of contacts with a tag: one scan answers it for every tag. */
  contactsCount(id: string): Promise<number | null>;
  /** Number of contacts with each tag, by its id. SCAN. */
  counts(): Promise<ReadonlyMap<string, number>>;
}

/** Tags: SCAN, and ONE for a tag that the query names alone. Counts come along with either when they are selected. */
export function tagLoaders(api: Api, wants: Wants): TagLoaders {
  // The count costs nothing, and tells whether all contacts that are wanted can be read together.
  const count = () => wants('Tag', 'contactsCount', 'contacts');
  // Whoever writes a contact changes the counts.
  const place = (counted: boolean) =>
    counted
      ? ({ family: 'contacts', variant: 'tags:counted' } as const)
      : ({ family: 'tags', variant: 'tags:plain' } as const);
  const one = (tag_id: string, counted: boolean) => {
    const { family, variant } = place(counted);
    const query = counted ? { include_count: true } : {};
    return api.reference(family, `${variant}:${tag_id}`, () =>
      withRequestedId('tag_id', tag_id, nullIfNotFound(api.call('getTag', { path: { tag_id }, query }))),
    );
  };
  const source = (counted: boolean) => {
    const tagPages = pages(api, 'getTags', {
      along: counted ? { include_count: true } : {},
      maxPage: TAGS_PER_PAGE,
      rows: (body) => body.tags,
      key: (tag) => tag.tag_id,
    });
    return whole(api, tagPages, place(counted));
  };
  const scanOf = (counted: () => boolean) =>
    scan(api, {
      family: () => place(counted()).family,
      variant: () => place(counted()).variant,
      read: () => readAll(source(counted())),
      key: (tag) => tag.tag_id,
      one: (id) => one(id, counted()),
    });

  /** Whether tags are kept with counts; asked for once, because what is kept may go while it is read. */
  let kept: boolean | undefined;
  // What is read without counts is answered by what is kept with them.
  const orCounted = () => count() || (kept ??= source(true).held());
  const tags = scanOf(orCounted);
  const counts = scanOf(() => true);
  const byName = named(api, {
    scan: tags,
    scanned: () => wants('Contact', 'tags') || tags.held() || source(orCounted()).held(),
    one: (id) => one(id, count()),
  });
  return {
    ...tags,
    named: byName,
    list: () => source(orCounted()),
    counts: async () =>
      new Map(
        (await (count() ? tags : counts).all()).flatMap(({ tag_id, contacts_count = 0 }) =>
          tag_id ? [[tag_id, contacts_count]] : [],
        ),
      ),
    contactsCount: async (id) => (await (count() ? tags : counts).load(id))?.contacts_count ?? null,
    clear: () => {
      kept = undefined;
      tags.clear();
      counts.clear();
      byName.clear();
    },
  };
}

export const tags = {
  cost: { costClass: 'SCAN', rows: 'tags', pageSize: TAGS_PER_PAGE, most: 1_000 },
} as const satisfies Costs;
