import type { Api } from '../constant-contact/api.js';
import { nullIfNotFound } from '../constant-contact/by-id.js';
import type { QueryParams, Schema } from '../constant-contact/contract/operations.js';
import { named } from './makers/named.js';
import { pages, readAll, type PageSource } from './makers/pages.js';
import { scan, type Scan } from './makers/scan.js';
import type { ById } from './makers/single.js';
import { whole, type Whole } from './makers/whole.js';
import type { Wants } from './wants.js';
import type { Costs } from './cost.js';

export type ContactList = Schema<'ContactList'>;
export type ContactListFilter = Omit<
  QueryParams<'getLists'>,
  'limit' | 'include_count' | 'include_membership_count' | 'include_sms_membership_count'
>;
/** Which members a list's count covers: all of them, or the mailable ones. One kind a call. */
export type MembershipCount = 'all' | 'active';

/** Most lists that `GET /contact_lists` gives at once (contract: `limit`); an account has at most as many. */
const LISTS_PER_PAGE = 1000;

export interface ContactListLoaders extends Scan<ContactList> {
  /** Lists that the query names by id: ONE for a single one, SCAN for several. */
  named: ById<ContactList>;
  /** Membership count of a list: in its row when it was read along with it, otherwise one scan answers it for every list. */
  membershipCount(list: ContactList, kind: MembershipCount): number | Promise<number | null>;
  /** Whether rows have the number of all their members, if they have any. */
  countsAll(): boolean;
  /** Number of all members of each list for mail, by its id. SCAN. */
  counts(): Promise<ReadonlyMap<string, number>>;
  list(filter: ContactListFilter, options: { count: boolean }): PageSource<ContactList>;
  count(filter: ContactListFilter): Promise<number | null>;
}

/** Lists: SCAN, and ONE for a list that the query names alone. When counts are selected, the scan that brings the names brings them too. */
export function contactListLoaders(api: Api, wants: Wants): ContactListLoaders {
  const counted = (): MembershipCount | undefined =>
    wants('ContactList', 'membershipCount')
      ? 'all'
      : wants('ContactList', 'activeMembershipCount')
        ? 'active'
        : // Costs nothing, and tells whether all members that are wanted can be read together.
          wants('ContactList', 'contacts')
          ? 'all'
          : undefined;
  const flag = (kind: MembershipCount | undefined) => (kind ? { include_membership_count: kind } : {});

  // Whoever writes a contact changes the counts.
  const place = (name: string, kind: MembershipCount | undefined) =>
    ({ family: kind ? 'contacts' : 'lists', variant: `lists:${name}:${kind ?? 'plain'}` }) as const;

  const source = (
    filter: ContactListFilter,
    kind: MembershipCount | undefined,
    count: boolean,
  ): Whole<ContactList> => {
    const listPages = pages(api, 'getLists', {
      query: filter,
      along: {
        // Members of lists for text messages are counted by a flag of their own.
        ...(filter.channel_type === 'sms' && kind === 'all'
          ? { include_sms_membership_count: true }
          : flag(kind)),
        ...(count && { include_count: true }),
      },
      maxPage: LISTS_PER_PAGE,
      rows: (body) => body.lists,
      total: (body) => body.lists_count,
      key: (list) => list.list_id,
    });
    return whole(api, listPages, place(JSON.stringify([filter, count]), kind));
  };
  const one = (list_id: string, kind: MembershipCount | undefined) => {
    const { family, variant } = place(list_id, kind);
    return api.reference(family, variant, () =>
      nullIfNotFound(api.call('getList', { path: { list_id }, query: flag(kind) })),
    );
  };
  const everything = (kind: MembershipCount | undefined) => source({ status: 'all' }, kind, false);
  /** The counts with which lists are kept; asked for once, because what is kept may go while it is read. */
  let kept: MembershipCount | 'none' | undefined;
  /** What is read without counts is answered by what is kept with them. */
  const orCounted = (kind: MembershipCount | undefined): MembershipCount | undefined => {
    if (kind) return kind;
    kept ??= (['all', 'active'] as const).find((counts) => everything(counts).held()) ?? 'none';
    return kept === 'none' ? undefined : kept;
  };
  /** The existing lists: those among all that the scan reads, if a page holds them, so that one read serves both. */
  const existing = (kind: MembershipCount | undefined, count: boolean): PageSource<ContactList> => {
    const alone = source({}, kind, count);
    return {
      ...alone,
      fetch: async (position, limit, brings) => {
        if (position !== null) return alone.fetch(position, limit, brings);
        const all = await everything(orCounted(kind)).fetch(null, limit, brings);
        if (all.next !== null) return alone.fetch(null, limit, brings);
        const rows = [...all.rows].filter(({ deleted_at }) => !deleted_at);
        return { ...all, rows, total: rows.length };
      },
    };
  };
  // Contacts and campaigns go on naming lists that were deleted since, so the scan reads those as well.
  const scanOf = (kind: () => MembershipCount | undefined) =>
    scan(api, {
      family: () => place('', kind()).family,
      variant: () => place('', kind()).variant,
      read: () => readAll(everything(kind())),
      key: (list) => list.list_id,
      // SMS lists are a collection of their own; the few that are asked for are read one by one.
      one: (id) => one(id, kind()),
    });

  const lists = scanOf(() => orCounted(counted()));
  const byName = named(api, {
    scan: lists,
    scanned: () =>
      wants('Contact', 'lists') ||
      wants('EmailRecipients', 'lists') ||
      wants('EmailLink', 'list') ||
      wants('AutomationTrigger', 'lists') ||
      lists.held() ||
      everything(orCounted(counted())).held(),
    one: (id) => one(id, counted()),
  });
  const counts: Record<MembershipCount, Scan<ContactList>> = {
    all: scanOf(() => 'all'),
    active: scanOf(() => 'active'),
  };
  return {
    ...lists,
    named: byName,
    clear: () => {
      kept = undefined;
      lists.clear();
      byName.clear();
      counts.all.clear();
      counts.active.clear();
    },
    membershipCount: (list, kind) => {
      const along = counted() === kind;
      if (along && list.membership_count !== undefined) return list.membership_count;
      return (along ? lists : counts[kind]).load(list.list_id).then((row) => row?.membership_count ?? null);
    },
    countsAll: () => counted() === 'all',
    counts: async () => {
      const rows = await (counted() === 'all' ? lists : counts.all).all();
      return new Map(rows.map(({ list_id, membership_count = 0 }) => [list_id, membership_count]));
    },
    list: (filter, { count }) =>
      Object.keys(filter).length === 0 ? existing(counted(), count) : source(filter, counted(), count),
    count: async (filter) => {
      const body = await api.call('getLists', { query: { ...filter, include_count: true, limit: 1 } });
      return body.lists_count ?? null;
    },
  };
}

export const contactLists = {
  cost: { costClass: 'SCAN', rows: 'contact lists', pageSize: LISTS_PER_PAGE, most: 1_000 },
} as const satisfies Costs;
