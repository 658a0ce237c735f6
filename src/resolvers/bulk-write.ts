import type { BulkActivity } from '../loaders/bulk-activity.js';
import { BULK_LIMITS, wireExclude, wireSource } from './bulk-source.js';
import type {
  AddContactTaggingsInput,
  AddListMembershipsInput,
  DeleteContactsInput,
  RemoveContactTaggingsInput,
  RemoveListMembershipsInput,
} from './inputs.js';
import { rawIds } from './support/global-id.js';
import { convertAll } from './support/limits.js';
import { mutate } from './support/mutate.js';

const SOURCE = ['input', 'source'];

/** A job that deletes objects, and their raw ids where the input names them. */
export interface StartedDeletion {
  bulkActivity: BulkActivity;
  deletedIds: readonly string[] | undefined;
}

/** A job that takes contacts off lists or tags, and their raw ids where the input names them. */
export interface StartedRemoval {
  bulkActivity: BulkActivity;
  removedIds: readonly string[] | undefined;
}

type ListMembershipsInput = AddListMembershipsInput | RemoveListMembershipsInput;

export const addListMemberships = mutate(async ({ input }: { input: ListMembershipsInput }, { api }) => ({
  bulkActivity: await api.call('postListAddContact', { body: listMemberships(input) }),
}));

export const removeListMemberships = mutate(async ({ input }: { input: ListMembershipsInput }, { api }) => {
  const body = listMemberships(input, BULK_LIMITS.removalSourceLists);
  const bulkActivity = await api.call('postListRemoveContact', { body });
  return { bulkActivity, removedIds: body.source.contact_ids };
});

type TaggingsInput = AddContactTaggingsInput | RemoveContactTaggingsInput;

export const addContactTaggings = mutate(async ({ input }: { input: TaggingsInput }, { api }) => ({
  bulkActivity: await api.call('postTagAddContact', { body: taggings(input) }),
}));

export const removeContactTaggings = mutate(async ({ input }: { input: TaggingsInput }, { api }) => {
  const body = taggings(input);
  const bulkActivity = await api.call('postTagRemoveContact', { body });
  return { bulkActivity, removedIds: body.source.contact_ids };
});

export const deleteContacts = mutate(async ({ input }: { input: DeleteContactsInput }, { api }) => {
  const body = wireSource(input.source, SOURCE);
  return { bulkActivity: await api.call('postContactDelete', { body }), deletedIds: body.contact_ids };
});

interface IdsInput {
  ids: readonly string[];
}

export const deleteContactLists = mutate(async ({ input }: { input: IdsInput }, { api }) => {
  const list_ids = rawIds('ContactList', input.ids, ['input', 'ids'], { max: BULK_LIMITS.deletedLists });
  return { bulkActivity: await api.call('postListDelete', { body: { list_ids } }), deletedIds: list_ids };
});

export const deleteTags = mutate(async ({ input }: { input: IdsInput }, { api }) => {
  const tag_ids = rawIds('Tag', input.ids, ['input', 'ids'], { max: BULK_LIMITS.deletedTags });
  return { bulkActivity: await api.call('postTagDelete', { body: { tag_ids } }), deletedIds: tag_ids };
});

export const deleteCustomFields = mutate(async ({ input }: { input: IdsInput }, { api }) => {
  const max = BULK_LIMITS.deletedCustomFields;
  const custom_field_ids = rawIds('CustomField', input.ids, ['input', 'ids'], { max });
  const bulkActivity = await api.call('postCustomFieldDelete', { body: { custom_field_ids } });
  return { bulkActivity, deletedIds: custom_field_ids };
});

function listMemberships(input: ListMembershipsInput, maxSourceLists?: number) {
  const [source, list_ids, exclude] = convertAll(
    () => wireSource(input.source, SOURCE, maxSourceLists),
    () => rawIds('ContactList', input.listIds, ['input', 'listIds'], { max: BULK_LIMITS.lists }),
    () => wireExclude(input.excludeContactIds, input.source),
  );
  return { source, list_ids, ...(exclude && { exclude }) };
}

function taggings(input: TaggingsInput) {
  const [source, tag_ids, exclude] = convertAll(
    () => wireSource(input.source, SOURCE),
    () => rawIds('Tag', input.tagIds, ['input', 'tagIds'], { max: BULK_LIMITS.tags }),
    () => wireExclude(input.excludeContactIds, input.source),
  );
  return { source, tag_ids, ...(exclude && { exclude }) };
}
