import type { QueryParams, Schema } from '../../constant-contact/contract/operations.js';
import type { Account } from '../account.js';
import { compact } from '../compact.js';
import { seconds } from '../dates.js';
import { conflict, invalid, notFound } from '../errors.js';
import { csv, type Handlers } from '../handler.js';
import { countMembers } from '../model/contact.js';
import { deleteLists } from '../model/deletion.js';
import type { ListRow } from '../stores/audience.js';

const PAGE = 50;
const MAX_LISTS = 1_000;

export const contactList = {
  getLists: (call) => {
    const { query, account } = call;
    const where = listFilter(query);
    const count = membershipCount(account, query.include_membership_count);
    const sms = query.include_sms_membership_count ? membershipCount(account, 'all') : null;
    const page = call.page.take(account.lists, { limit: query.limit ?? PAGE, where });
    return {
      status: 200,
      body: {
        lists: page.rows.map((row) => listResource(row, sms ?? count)),
        ...(query.include_count ? { lists_count: account.lists.count(where) } : {}),
        ...page.links,
      },
    };
  },

  getList: (call) => {
    const row = find(call.account, call.path.list_id);
    const count = membershipCount(call.account, call.query.include_membership_count);
    return { status: 200, body: listResource(row, count) };
  },

  createList: (call) => {
    const { account, body, now } = call;
    checkName(account, body.name, null);
    if (account.lists.count((row) => row.deleted_at === null) >= MAX_LISTS) {
      throw invalid('An account can have at most 1,000 lists.');
    }
    const row = account.lists.add({
      list_id: account.ids.uuid('list'),
      sequence_id: null,
      name: body.name,
      description: body.description ?? null,
      favorite: body.favorite ?? false,
      channel: 'email',
      created_at: now,
      updated_at: now,
      deleted_at: null,
    });
    return { status: 201, body: listResource(row, null) };
  },

  putList: (call) => {
    const { account, body, now } = call;
    const row = find(account, call.path.list_id);
    if (row.deleted_at !== null) throw notFound('The list is deleted.');
    checkName(account, body.name, row);
    const { favorite } = body;
    if (favorite === undefined) throw invalid('favorite is required.');
    account.lists.update(row, () => {
      row.name = body.name;
      row.description = body.description ?? null;
      row.favorite = favorite;
      row.updated_at = now;
    });
    return { status: 200, body: listResource(row, null) };
  },

  deleteListActivity: (call) => {
    const row = call.account.lists.get(call.path.list_id);
    // Unlike every other operation on a list, this one does not respond with 404.
    if (row?.deleted_at !== null) throw invalid('list_id not found');
    const activity = call.account.jobs.submit(
      {
        operationId: 'deleteListActivity',
        items: 1,
        run: (now) => deleteLists(call.account, [row.list_id], now),
      },
      call.now,
    );
    const location = activity._links?.self?.href ?? '';
    return { status: 202, body: activity, headers: { location } };
  },

  getListIdXrefs: (call) => {
    const ids = [...new Set(csv(call.query.sequence_ids))].sort((a, b) => Number(a) - Number(b));
    const xrefs = ids.flatMap((sequence_id) => {
      const row = call.account.lists.first('sequence', sequence_id);
      return row ? [{ sequence_id, list_id: row.list_id }] : [];
    });
    return { status: 200, body: { xrefs } };
  },
} satisfies Handlers;

function listFilter(query: QueryParams<'getLists'>): (row: ListRow) => boolean {
  const channel = query.channel_type ?? 'email';
  const statuses = query.status === undefined ? ['active'] : csv(query.status);
  if (query.include_sms_membership_count && channel !== 'sms') {
    throw invalid('include_sms_membership_count is for SMS lists only.');
  }
  const name = query.name?.toLowerCase();
  return (row) =>
    row.channel === channel &&
    (statuses.includes('all') || statuses.includes(row.deleted_at === null ? 'active' : 'deleted')) &&
    (name === undefined || row.name.toLowerCase() === name);
}

function membershipCount(
  account: Account,
  kind: 'all' | 'active' | undefined,
): ((list: ListRow) => number) | null {
  return kind === undefined ? null : countMembers(account, kind);
}

function listResource(row: ListRow, count: ((list: ListRow) => number) | null): Schema<'ContactList'> {
  return compact<Schema<'ContactList'>>({
    list_id: row.list_id,
    name: row.name,
    description: row.description,
    favorite: row.favorite,
    created_at: seconds(row.created_at),
    updated_at: seconds(row.updated_at),
    deleted_at: row.deleted_at === null ? null : seconds(row.deleted_at),
    membership_count: count?.(row),
  });
}

function checkName(account: Account, name: string, own: ListRow | null): void {
  if (name.trim() === '') throw invalid('name must not be blank.');
  const holder = account.lists.first('name', name.toLowerCase());
  if (holder && holder !== own) throw conflict('A list with this name exists.');
}

function find(account: Account, id: string): ListRow {
  const row = account.lists.get(id);
  if (!row) throw notFound('list_id does not exist.');
  return row;
}
