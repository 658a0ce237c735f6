import { tags, type Tag as TagRow } from '../loaders/tag.js';
import { paginate } from '../resolvers/support/page.js';
import * as resolvers from '../resolvers/tag.js';
import { builder } from './builder.js';
import { connectionArgs, connectionType, countedUpTo, edgeField } from './connection.js';
import { deletion } from './deletion.js';
import { entity } from './entity.js';
import { dateTime, globalId, rawIdField, requiredText } from './fields.js';
import { Node } from './node.js';
import { mutation } from './mutation.js';
import { cost, distinct } from './cost.js';
import { limited } from './limits.js';

export const Tag = builder.objectRef<TagRow>('Tag').implement({
  extensions: distinct(tags),
  description: 'A label on contacts. A contact has at most 50 tags.',
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'Tag', 'tag_id'),
    tagId: rawIdField(t, 'tag_id', 'Constant Contact ID (UUID).'),
    name: requiredText(t, 'name', 'Name, unique in the account, at most 255 characters.'),
    tagSource: t.exposeString('tag_source', {
      description: 'Origin of the tag, a text that was set when it was created. It never changes.',
    }),
    contactsCount: t.int({
      description: 'Number of contacts with this tag.',
      queryCost: cost.scan(tags, {
        along: 'contact counts',
        misses: true,
        noneWhen: 'the tag came from `tags` or `tag`, whose reads include the count',
      }),
      resolve: (tag, _args, context) => resolvers.contactsCount(tag, context),
    }),
    createdAt: dateTime(t, 'created_at', 'When the tag was created.'),
    updatedAt: dateTime(t, 'updated_at', 'When the tag was last renamed.'),
  }),
});

entity(Tag, 'Tag', 'tagId', (id, { loaders }) => loaders.tags.named.load(id));

const TagConnection = connectionType('Tag', Tag, {
  of: 'tags',
  totalCount: `Number of tags in the account, not only on this page. ${countedUpTo(tags)}`,
});

builder.queryFields((t) => ({
  tag: t.field({
    type: Tag,
    description: 'A tag by its ID. `null` when it does not exist.',
    queryCost: cost.scan(tags, { misses: true }),
    args: { id: t.arg.id({ required: true, description: 'Global ID or Constant Contact ID of the tag.' }) },
    resolve: resolvers.tag,
  }),
  tags: t.field({
    type: TagConnection,
    description: 'Tags of the account.',
    queryCost: cost.pages(tags),
    args: connectionArgs(t.arg),
    resolve: (_parent, args, { loaders }) => paginate(args, loaders.tags.list()),
  }),
}));

mutation('createTag', {
  description: 'Creates a tag.',
  queryCost: cost.calls(1),
  argument: 'The new tag.',
  input: (t) => ({
    name: t.string({
      required: true,
      ...limited`Name, unique in the account, ${{ minLength: 1, maxLength: 255 }}.`,
    }),
    tagSource: t.string({ description: 'Origin of the tag, as text. It cannot be changed later.' }),
  }),
  payload: (t) => ({
    tag: t.expose('tag', { type: Tag, description: 'The new tag.' }),
    tagEdge: edgeField(t, TagConnection, 'the new tag', (payload) => payload.tag),
  }),
  resolve: resolvers.createTag,
});

mutation('updateTag', {
  description: 'Renames a tag.',
  queryCost: cost.calls(1),
  argument: 'The new name.',
  inputNote: 'Only the name of a tag can be changed.',
  input: (t) => ({
    id: t.id({ required: true, description: 'Global ID or Constant Contact ID of the tag.' }),
    name: t.string({
      required: true,
      ...limited`New name, unique in the account, ${{ minLength: 1, maxLength: 255 }}.`,
    }),
  }),
  payload: (t) => ({ tag: t.expose('tag', { type: Tag, description: 'The renamed tag.' }) }),
  resolve: resolvers.updateTag,
});

deletion('deleteTag', 'Tag', {
  noun: 'tag',
  rawIdField: 'deletedTagId',
  description:
    'Deletes a tag and removes it from every contact; the contacts stay. Starts a background job. Use `deleteTags` to delete several.',
  startsJob: true,
  resolve: resolvers.deleteTag,
});
