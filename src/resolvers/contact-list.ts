import type { GraphQLResolveInfo } from 'graphql';
import type { Api } from '../constant-contact/api.js';
import type { RequestBody } from '../constant-contact/contract/operations.js';
import type { Context } from '../context.js';
import {
  listsMatching,
  membershipCount as countMembers,
  type ContactList,
  type ContactListFilter,
  type MembershipCount,
} from '../loaders/contact-list.js';
import type { ContactListsFilter, CreateContactListInput, UpdateContactListInput } from './inputs.js';
import { dropNulls } from './support/drop-nulls.js';
import { inputId, rawId } from './support/global-id.js';
import { checkSomeChange, requiredText, v2Ids } from './support/limits.js';
import { mutate } from './support/mutate.js';
import { paginate, type Connection, type ConnectionArgs } from './support/page.js';
import { needsOnlyId, selects } from './support/selection.js';
import { afterWrite, cleared, nameIn, withChanges, withSent, writeBack } from './support/write-back.js';

/** Maximum length of a list name (contract: `ListInput.name`). */
export const LIST_NAME_MAX = 255;
/** Maximum number of V2 IDs in one cross-reference call (vendor guide). */
export const XREFS_MAX = 500;

export interface ContactListsArgs extends ConnectionArgs {
  filter?: ContactListsFilter | null;
}

export function contactList(
  _parent: unknown,
  args: { id: string },
  { loaders }: Context,
  info: GraphQLResolveInfo,
): ContactList | Promise<ContactList | null> {
  const list_id = rawId('ContactList', args.id, ['id']);
  return needsOnlyId(info, ['id', 'listId'], ['contacts'])
    ? ({ list_id } as ContactList)
    : loaders.contactLists.named.load(list_id);
}

export function contactLists(
  _parent: unknown,
  args: ContactListsArgs,
  { api, loaders }: Context,
  info: GraphQLResolveInfo,
): Promise<Connection<ContactList>> {
  const { name, status, channel } = args.filter ?? {};
  if (name != null) requiredText(name, LIST_NAME_MAX, ['filter', 'name']);
  const filter = dropNulls({ name, status, channel_type: channel }) as ContactListFilter;
  const source = listsMatching(loaders.contactLists, filter, {
    api,
    count: selects(info, 'totalCount'),
  });
  // The first page is read with its count; where the answer leaves that out, it is null.
  return paginate(args, source, args.after == null ? {} : { count: () => countLists(filter, api) });
}

async function countLists(filter: ContactListFilter, api: Api): Promise<number | null> {
  const query = { ...filter, include_count: true, limit: 1 };
  return (await api.call('getLists', { query })).lists_count ?? null;
}

/** Number of members of a list. */
export function membershipCount(
  list: ContactList,
  kind: MembershipCount,
  { loaders }: Context,
): number | null | Promise<number | null> {
  return countMembers(loaders.contactLists, list, kind);
}

export interface ContactListXref {
  v2Id: string;
  listId: string;
}

export async function contactListXrefs(
  _parent: unknown,
  args: { v2Ids: readonly string[] },
  { api }: Context,
): Promise<ContactListXref[]> {
  const ids = v2Ids(args.v2Ids, XREFS_MAX, ['v2Ids']);
  const { xrefs } = await api.call('getListIdXrefs', { query: { sequence_ids: ids.join(',') } });
  return (xrefs ?? []).flatMap(({ sequence_id: v2Id, list_id: listId }) =>
    v2Id && listId ? [{ v2Id, listId }] : [],
  );
}

export const createContactList = mutate(async ({ input }: { input: CreateContactListInput }, { api }) => {
  const body = { name: input.name, description: input.description ?? '', favorite: input.favorite ?? false };
  return { contactList: withSent(body, await api.call('createList', { body })) };
});

/** Two calls: the PUT replaces the whole list, so it is read first. */
export const updateContactList = mutate(async ({ input }: { input: UpdateContactListInput }, { api }) => {
  const list_id = inputId('ContactList', input);
  checkSomeChange(input, ['id']);
  const path = { list_id };
  const contactList = await api.exchange(async (exchange) => {
    const current = await api.call('getList', { path, query: {} }, { exchange });
    const body = withChanges<RequestBody<'putList'>>(
      { description: '', favorite: false, ...writeBack('putList', current) },
      {
        name: input.name ?? nameIn(current),
        description: cleared(input.description, ''),
        favorite: cleared(input.favorite, false),
      },
    );
    return afterWrite('putList', current, body, await api.call('putList', { path, body }, { exchange }));
  });
  return { contactList: { ...contactList, list_id } };
});

/** Deleting a list starts an asynchronous job. Its contacts are kept. */
export const deleteContactList = mutate(async ({ input }: { input: { id: string } }, { api }) => {
  const list_id = inputId('ContactList', input);
  const bulkActivity = await api.call('deleteListActivity', { path: { list_id } });
  return { bulkActivity, deletedId: list_id };
});
