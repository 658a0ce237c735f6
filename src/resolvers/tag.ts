import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.js';
import type { Tag } from '../loaders/tag.js';
import type { CreateTagInput } from './inputs.js';
import { dropNulls } from './support/drop-nulls.js';
import { inputId, rawId } from './support/global-id.js';
import { mutate } from './support/mutate.js';
import { needsOnlyId } from './support/selection.js';
import { withSent } from './support/write-back.js';

export function tag(
  _parent: unknown,
  args: { id: string },
  { loaders }: Context,
  info: GraphQLResolveInfo,
): Tag | Promise<Tag | null> {
  const tag_id = rawId('Tag', args.id, ['id']);
  return needsOnlyId(info, ['id', 'tagId'], ['contacts']) ? { tag_id } : loaders.tags.named.load(tag_id);
}

/** From the row when it was read with its count, otherwise from one scan of all tags. */
export function contactsCount(
  { contacts_count, tag_id }: Tag,
  { loaders }: Context,
): number | Promise<number | null> | null {
  return contacts_count ?? (tag_id ? countedIn(loaders, tag_id) : null);
}

/** A tag that this operation has read, as it reads all tags, is not read once more: where the answer leaves out the count, it is null. */
async function countedIn({ tags }: Context['loaders'], id: string): Promise<number | null> {
  return (await tags.named.load(id))?.contacts_count ?? null;
}

export const createTag = mutate(async ({ input }: { input: CreateTagInput }, { api }) => {
  const body = { name: input.name, ...dropNulls({ tag_source: input.tagSource }) };
  return { tag: withSent(body, await api.call('postTag', { body })) };
});

export const updateTag = mutate(async ({ input }: { input: { id: string; name: string } }, { api }) => {
  const tag_id = inputId('Tag', input);
  const body = { name: input.name };
  const tag = withSent(body, await api.call('putTag', { path: { tag_id }, body }));
  return { tag: { ...tag, tag_id } };
});

/** Deleting a tag starts an asynchronous job. Its contacts are kept. */
export const deleteTag = mutate(async ({ input }: { input: { id: string } }, { api }) => {
  const tag_id = inputId('Tag', input);
  const bulkActivity = await api.call('deleteTag', { path: { tag_id } });
  return { bulkActivity, deletedId: tag_id };
});
