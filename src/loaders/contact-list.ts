import type { Api } from '../constant-contact/api.js';
import type { QueryParams, Schema } from '../constant-contact/contract/operations.js';
import { idKey } from '../constant-contact/same-id.js';
import { collection, type PagedCollection } from './makers/collection.js';
import type { PageSource } from './makers/page-source.js';
import { pagesOf, type ListQuery } from './makers/pages.js';
import { readAll } from './makers/walk.js';

export type ContactList = Schema<'ContactList'> & {
  /** Set when the list was read as an SMS list. */
  isForSms?: boolean;
  /** The count of an SMS list, named like the flag that requests it. */
  sms_membership_count?: number;
};
export type ContactListFilter = Omit<
  QueryParams<'getLists'>,
  'limit' | 'include_count' | 'include_membership_count' | 'include_sms_membership_count'
>;
/** Members that a list's count covers. The API counts one kind per call. */
export type MembershipCount = 'all' | 'active';

const SMS_LISTS = { channel_type: 'sms', status: 'all' } as const;

function listsIn({ lists }: Schema<'ContactListArray'>): readonly ContactList[] {
  return lists ?? [];
}

/** Lists, with membership counts if those are selected. */
export const contactLists = collection({
  noun: 'contact lists',
  family: 'lists',
  reads: 'getLists',
  // Contacts and campaigns keep references to lists that were deleted.
  query: { status: 'all' },
  rows: listsIn,
  total: (body) => body.lists_count,
  key: 'list_id',
  // Contract: `limit`. Also the maximum number of lists in an account.
  pageSize: 1_000,
  most: 1_000,
  usual: 50,
  // Writing a contact changes the counts.
  variants: {
    plain: {},
    all: {
      includeParams: { include_membership_count: 'all' },
      family: 'contacts',
      membersOf: ({ membership_count }) => membership_count,
      // The count costs nothing, and shows whether all members can be read together.
      when: (wants) =>
        wants('ContactList', 'membershipCount') ||
        (wants('ContactList', 'contacts') && !wants('ContactList', 'activeMembershipCount')),
    },
    active: {
      includeParams: { include_membership_count: 'active' },
      family: 'contacts',
      when: (wants) => wants('ContactList', 'activeMembershipCount'),
    },
    // Members of SMS lists have their own flag; see `listsMatching`.
    sms: { includeParams: { include_sms_membership_count: true }, family: 'contacts' },
  },
  // SMS lists are a separate collection; a single one is read by its ID.
  others: async (scope, includeParams) => {
    const operation = { reads: 'getLists', pageSize: 1_000, rows: listsIn, key: 'list_id' } as const;
    const rows = await readAll(pagesOf(scope, operation, { query: SMS_LISTS, includeParams }));
    return rows.map((row) => ({ ...row, isForSms: true }));
  },
  one: ({ api }, list_id, { include_membership_count }) =>
    api.call('getList', {
      path: { list_id },
      query: include_membership_count ? { include_membership_count } : {},
    }),
  needed: (wants) =>
    wants('Contact', 'lists') ||
    wants('EmailRecipients', 'lists') ||
    wants('EmailLink', 'list') ||
    wants('AutomationTrigger', 'lists'),
});

type ContactLists = PagedCollection<ContactList, ListQuery<'getLists'>, 'plain' | 'sms' | MembershipCount>;

/**
 * Membership count of a list: from its row if included, otherwise from one scan for all lists. Null if the response was asked for the
 * count and omits it, since no other read would have it.
 */
export function membershipCount(
  lists: ContactLists,
  { list_id, membership_count, isForSms }: Pick<ContactList, 'list_id' | 'membership_count' | 'isForSms'>,
  kind: MembershipCount,
): number | null | Promise<number | null> {
  const isWanted = lists.wanted() === kind;
  if (isWanted && membership_count !== undefined) return membership_count;
  if (!list_id) return null;
  if (isForSms) return smsMembershipCount(lists, list_id, kind);
  // A list that this operation has read, as it reads all lists, is not read once more.
  const row = isWanted ? lists.named.load(list_id) : lists.in(kind).load(list_id);
  return row.then((read) => read?.membership_count ?? null);
}

/** The scan of all lists leaves out SMS lists, so these have a scan of their own. */
async function smsMembershipCount(
  lists: ContactLists,
  id: string,
  kind: MembershipCount,
): Promise<number | null> {
  const rows = await readAll(lists.list({ variant: kind, query: SMS_LISTS }));
  return rows.find(({ list_id = '' }) => idKey(list_id) === idKey(id))?.membership_count ?? null;
}

/** SMS lists, whose counts the API may name after the flag that requests them. */
function asSmsLists(source: PageSource<ContactList>): PageSource<ContactList> {
  return {
    ...source,
    fetch: async (position, limit) => {
      const page = await source.fetch(position, limit);
      const rows = page.rows.map(({ sms_membership_count, ...row }) => {
        const membership_count = row.membership_count ?? sms_membership_count;
        return { ...row, isForSms: true, ...(membership_count !== undefined && { membership_count }) };
      });
      return { ...page, rows };
    },
  };
}

/** Lists that match a filter, page by page. */
export function listsMatching(
  lists: ContactLists,
  filter: ContactListFilter,
  { api, count }: { api: Api; count: boolean },
): PageSource<ContactList> {
  const wanted = lists.wanted();
  const matching = lists.list({
    variant: filter.channel_type === 'sms' && wanted === 'all' ? 'sms' : wanted,
    query: filter,
    includeParams: count ? { include_count: true } : {},
  });
  if (filter.channel_type === 'sms') return asSmsLists(matching);
  if (Object.keys(filter).length > 0) return matching;
  return {
    ...matching,
    // Existing lists are taken from the scan of all lists if that fits in a page, so one read serves both.
    fetch: async (position, limit) => {
      if (position !== null || isSeveralPages(api)) return matching.fetch(position, limit);
      const all = await lists.list().fetch(null, limit);
      const rows = all.rows.filter(({ deleted_at }) => !deleted_at);
      if (all.next === null) return { ...all, rows, total: rows.length };
      // The query cost has one first page. Where that is too short, it has too few calls anyway.
      if (rows.length >= limit) api.meter.extend();
      return matching.fetch(null, limit);
    },
  };
}

/** Returns true if a page is known to lack some lists. */
function isSeveralPages({ sizes }: Api): boolean {
  const { rows, pageSize } = contactLists.cost;
  const page = Math.min(pageSize, sizes.largestPage('getLists'));
  const known = sizes.of(rows);
  return known !== undefined && (known.isLeast ? known.rows >= page : known.rows > page);
}
