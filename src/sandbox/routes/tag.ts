import type { Schema } from '../../constant-contact/contract/operations.js';
import type { Account } from '../account.js';
import { compact } from '../compact.js';
import { seconds } from '../dates.js';
import { conflict, notFound } from '../errors.js';
import type { Handlers } from '../handler.js';
import { countTagged } from '../model/contact.js';
import { deleteTags } from '../model/deletion.js';
import type { TagRow } from '../stores/audience.js';

const PAGE = 50;

export const tag = {
  getTags: (call) => {
    const { account, query } = call;
    const page = call.page.take(account.tags, { limit: query.limit ?? PAGE });
    const count = query.include_count ? countTagged(account) : null;
    return { status: 200, body: { tags: page.rows.map((row) => tagResource(row, count)), ...page.links } };
  },

  getTag: (call) => {
    const row = find(call.account, call.path.tag_id);
    return {
      status: 200,
      body: tagResource(row, call.query.include_count ? countTagged(call.account) : null),
    };
  },

  postTag: (call) => {
    const { account, body, now } = call;
    checkName(account, body.name, null);
    const row = account.tags.add({
      tag_id: account.ids.uuid('tag'),
      name: body.name,
      tag_source: body.tag_source ?? 'Contact',
      created_at: now,
      updated_at: now,
    });
    return { status: 201, body: tagResource(row, null) };
  },

  putTag: (call) => {
    const row = find(call.account, call.path.tag_id);
    checkName(call.account, call.body.name, row);
    call.account.tags.update(row, () => {
      row.name = call.body.name;
      row.updated_at = call.now;
    });
    return { status: 200, body: tagResource(row, null) };
  },

  deleteTag: (call) => {
    const { tag_id } = find(call.account, call.path.tag_id);
    const activity = call.account.jobs.submit(
      {
        operationId: 'deleteTag',
        items: 1,
        counters: { items_total_count: 1, items_completed_count: 0 },
        run: () => deleteTags(call.account, [tag_id]),
      },
      call.now,
    );
    return { status: 202, body: activity };
  },
} satisfies Handlers;

function tagResource(row: TagRow, count: ((tagId: string) => number) | null): Schema<'Tag'> {
  return compact<Schema<'Tag'>>({
    tag_id: row.tag_id,
    name: row.name,
    tag_source: row.tag_source,
    created_at: seconds(row.created_at),
    updated_at: seconds(row.updated_at),
    contacts_count: count?.(row.tag_id),
  });
}

function checkName(account: Account, name: string, own: TagRow | null): void {
  const holder = account.tags.first('name', name.toLowerCase());
  if (holder && holder !== own) throw conflict('A tag with this name exists.');
}

function find(account: Account, id: string): TagRow {
  const row = account.tags.get(id);
  if (!row) throw notFound('tag_id does not exist.');
  return row;
}
