import type { OperationId, RequestBody } from '../../constant-contact/contract/operations.js';
import { invalid, notFound } from '../errors.js';
import type { Call, Handlers } from '../handler.js';
import type { JobOutcome } from '../jobs.js';
import { softDelete } from '../model/contact.js';
import { checkLists, checkTags } from '../model/contact-parts.js';
import { deleteCustomFields, deleteLists, deleteTags } from '../model/deletion.js';
import { joinLists } from '../model/import.js';
import { givenSources, select, type Selection, type Source } from '../model/selection.js';
import type { ContactRow } from '../stores/audience.js';

const PAGE = 50;
const MAX_TAGS = 50;

/** Bulk activities: reads, and writes that change memberships and taggings or delete. */
export const bulkActivity = {
  getActivityStatusCollection: (call) => {
    const { state, limit } = call.query;
    const rows = call.account.jobs.list(call.now);
    const page = call.page.take(rows, {
      limit: limit ?? PAGE,
      key: (activity) => activity.activity_id,
      where: (activity) => state === undefined || activity.state === state,
    });
    return { status: 200, body: { activities: page.rows, ...page.links } };
  },

  getActivity: (call) => {
    const activity = call.account.jobs.read(call.path.activity_id, call.now);
    if (!activity) throw notFound('activity_id does not exist.');
    return { status: 200, body: activity };
  },

  postContactDelete: (call) => {
    const selection = select(call.account, call.body, undefined, call.now);
    const body = submit(call, 'postContactDelete', selection, {}, (row, now) => softDelete(row, now));
    return { status: 201, body };
  },

  postListAddContact: (call) => {
    const { account, body, now } = call;
    const lists = checkLists(account, body.list_ids);
    if (lists.length === 0) throw invalid('list_ids is empty.');
    const selection = select(account, body.source, body.exclude, now);
    const counters = { list_count: lists.length };
    const add = (row: ContactRow): boolean | void => {
      if (row.email?.permission_to_send === 'unsubscribed') return false;
      joinLists(row, lists);
    };
    return { status: 201, body: submit(call, 'postListAddContact', selection, counters, add) };
  },

  postListRemoveContact: (call) => {
    const { account, body, now } = call;
    const lists = new Set(checkLists(account, body.list_ids));
    if (lists.size === 0) throw invalid('list_ids is empty.');
    const selection = select(account, body.source, body.exclude, now);
    const counters = { list_count: lists.size };
    const remove = (row: ContactRow): void => {
      row.list_memberships = row.list_memberships.filter((id) => !lists.has(id));
    };
    return { status: 201, body: submit(call, 'postListRemoveContact', selection, counters, remove) };
  },

  postTagAddContact: (call) => {
    const tags = tagTargets(call);
    const selection = taggedSelection(call);
    const add = (row: ContactRow): void => {
      row.taggings = [...new Set([...row.taggings, ...tags])].slice(0, MAX_TAGS);
    };
    return { status: 201, body: submit(call, 'postTagAddContact', selection, {}, add) };
  },

  postTagRemoveContact: (call) => {
    const tags = new Set(tagTargets(call));
    const selection = taggedSelection(call);
    const remove = (row: ContactRow): void => {
      row.taggings = row.taggings.filter((id) => !tags.has(id));
    };
    return { status: 201, body: submit(call, 'postTagRemoveContact', selection, {}, remove) };
  },

  postListDelete: (call) => {
    const { account, now } = call;
    const ids = checkLists(account, call.body.list_ids);
    const body = account.jobs.submit(
      {
        operationId: 'postListDelete',
        items: ids.length,
        counters: { list_count: ids.length },
        run: (at) => deleteLists(account, ids, at),
      },
      now,
    );
    return { status: 201, body };
  },

  postTagDelete: (call) => {
    const { account, now } = call;
    const ids = checkTags(account, call.body.tag_ids);
    const counters = { items_total_count: ids.length, items_completed_count: 0 };
    const run = (): JobOutcome => deleteTags(account, ids);
    const plan = { operationId: 'postTagDelete' as const, items: ids.length, counters, run };
    return { status: 201, body: account.jobs.submit(plan, now) };
  },

  postCustomFieldDelete: (call) => {
    const { account, now } = call;
    const ids = call.body.custom_field_ids;
    const unknown = ids.find((id) => !account.customFields.get(id));
    if (unknown !== undefined) throw notFound(`custom_field_id ${unknown} does not exist.`);
    const run = (): JobOutcome => deleteCustomFields(account, ids);
    const plan = { operationId: 'postCustomFieldDelete' as const, items: ids.length, run };
    return { status: 201, body: account.jobs.submit(plan, now) };
  },
} satisfies Handlers;

/**
 * Queues a job that changes each selected contact.
 * @param change returns false for a contact that it does not change
 */
function submit(
  { account, now }: Pick<Call, 'account' | 'now'>,
  operationId: OperationId,
  { rows, missing }: Selection,
  counters: { list_count?: number },
  change: (row: ContactRow, now: number) => boolean | void,
) {
  const total = rows.length + missing.length;
  const run = (at: number): JobOutcome => {
    let done = 0;
    for (const row of rows) if (row.deleted_at === null && change(row, at) !== false) done++;
    return {
      counters: { items_completed_count: done },
      errors: missing.map((id) => `Contact ${id} does not exist.`),
    };
  };
  const started = { items_total_count: total, items_completed_count: 0, ...counters };
  return account.jobs.submit({ operationId, items: total, counters: started, run }, now);
}

type TagCall = Pick<Call<'postTagAddContact'>, 'account' | 'now'> & {
  body: RequestBody<'postTagAddContact'>;
};

function tagTargets({ account, body }: TagCall): string[] {
  const tags = checkTags(account, body.tag_ids);
  if (tags.length === 0) throw invalid('tag_ids is empty.');
  return tags;
}

function taggedSelection({ account, body, now }: TagCall): Selection {
  const source: Source = body.source;
  if (body.exclude && givenSources(source).includes('new_subscriber')) {
    throw invalid('exclude can be combined only with all_active_contacts or list_ids.');
  }
  return select(account, source, body.exclude, now);
}
