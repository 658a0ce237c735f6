import { BULK_LIMITS as limits } from '../resolvers/bulk-source.js';
import * as resolvers from '../resolvers/bulk-write.js';
import { builder } from './builder.js';
import type { Fields, InputFields } from './fields.js';
import { startedJob } from './bulk-activity.js';
import { globalIdsField } from './payload.js';
import type { NodeType } from '../resolvers/support/global-id.js';
import type { mutate } from '../resolvers/support/mutate.js';
import { cost } from './cost.js';
import { mutation } from './mutation.js';
import { limited } from './limits.js';

const ONE = 'Set exactly one of the fields.';

function groups(t: InputFields, maxLists: number = limits.lists) {
  return {
    contactIds: t.idList(limited`Contacts with these IDs, ${{ minItems: 1, maxItems: limits.contacts }}.`),
    listIds: t.idList(limited`Members of any of these lists, ${{ minItems: 1, maxItems: maxLists }}.`),
  };
}

function switches(t: InputFields) {
  return {
    tagIds: t.idList(limited`Contacts with any of these tags, ${{ minItems: 1, maxItems: limits.tags }}.`),
    allActiveContacts: t.boolean(limited`Must be ${{ const: true }}: all contacts that can be emailed.`),
  };
}

const engagementLevel = (t: InputFields) =>
  t.string(
    limited`Contacts with this engagement level, ${{ minLength: 1 }}, for example high. Constant Contact does not document the levels.`,
  );

const newSubscribers = (t: InputFields) =>
  t.boolean(limited`Must be ${{ const: true }}: contacts that were added recently.`);

const AddListMembershipsSource = builder.inputType('AddListMembershipsSource', {
  description: `Contacts to add to lists. ${ONE}`,
  isOneOf: true,
  fields: (t) => ({
    ...groups(t),
    ...switches(t),
    segmentId: t.id({ description: 'Contacts in this segment.' }),
    engagementLevel: engagementLevel(t),
  }),
});

const RemoveListMembershipsSource = builder.inputType('RemoveListMembershipsSource', {
  description: `Contacts to remove from lists. ${ONE}`,
  isOneOf: true,
  fields: (t) => ({
    ...groups(t, limits.removalSourceLists),
    ...switches(t),
    engagementLevel: engagementLevel(t),
    newSubscribers: newSubscribers(t),
  }),
});

const ContactTaggingsSource = builder.inputType('ContactTaggingsSource', {
  description: `Contacts to add tags to or to remove tags from. ${ONE}`,
  isOneOf: true,
  fields: (t) => ({
    ...groups(t),
    ...switches(t),
    newSubscribers: newSubscribers(t),
  }),
});

const DeleteContactsSource = builder.inputType('DeleteContactsSource', {
  description: `Contacts to delete. ${ONE}`,
  isOneOf: true,
  fields: (t) => ({
    contactIds: t.idList(limited`Contacts with these IDs, ${{ minItems: 1, maxItems: limits.contacts }}.`),
    listIds: t.idList(
      limited`All members of these lists, ${{ minItems: 1, maxItems: limits.lists }}. The members are deleted, not the lists.`,
    ),
  }),
});

const exclude = (t: InputFields) =>
  t.idList(
    limited`Contacts to exclude, ${{ maxItems: limits.exclude }}. Only with the source \`allActiveContacts\` or \`listIds\`.`,
  );

const JOB = 'Starts a background job.';
const NO_IDS = { nullWhen: '`source` has no `contactIds`' };

const removal = (t: Fields<Partial<resolvers.StartedRemoval>>, does: string) => ({
  ...startedJob(t, `Background job that ${does}.`),
  removedIds: globalIdsField(
    t,
    'Contact',
    'the contacts in `contactIds`',
    (payload) => payload.removedIds,
    NO_IDS,
  ),
});

mutation('addListMemberships', {
  description: `Adds contacts to lists. Their permission stays unchanged; unsubscribed contacts are not added. ${JOB}`,
  queryCost: cost.calls(1),
  argument: 'The contacts and the lists to add them to.',
  input: (t) => ({
    source: t.field({ type: AddListMembershipsSource, required: true, description: 'Contacts to add.' }),
    excludeContactIds: exclude(t),
    listIds: t.idList({
      required: true,
      ...limited`Lists to add the contacts to, ${{ minItems: 1, maxItems: limits.lists }}. A contact is on at most 50 lists.`,
    }),
  }),
  payload: (t) => startedJob(t, 'Background job that adds contacts to lists.'),
  resolve: resolvers.addListMemberships,
});

mutation('removeListMemberships', {
  description: `Removes contacts from lists; they stay in the account. ${JOB}`,
  queryCost: cost.calls(1),
  argument: 'The contacts and the lists to remove them from.',
  input: (t) => ({
    source: t.field({
      type: RemoveListMembershipsSource,
      required: true,
      description: 'Contacts to remove.',
    }),
    excludeContactIds: exclude(t),
    listIds: t.idList({
      required: true,
      ...limited`Lists to remove the contacts from, ${{ minItems: 1, maxItems: limits.lists }}.`,
    }),
  }),
  payload: (t) => removal(t, 'removes contacts from lists'),
  resolve: resolvers.removeListMemberships,
});

mutation('addContactTaggings', {
  description: `Adds tags to contacts. ${JOB}`,
  queryCost: cost.calls(1),
  argument: 'The contacts and the tags to add.',
  input: (t) => ({
    source: t.field({
      type: ContactTaggingsSource,
      required: true,
      description: 'Contacts to add tags to.',
    }),
    excludeContactIds: exclude(t),
    tagIds: t.idList({
      required: true,
      ...limited`Tags to add to the contacts, ${{ minItems: 1, maxItems: limits.tags }}. A contact has at most 50 tags.`,
    }),
  }),
  payload: (t) => startedJob(t, 'Background job that adds tags to contacts.'),
  resolve: resolvers.addContactTaggings,
});

mutation('removeContactTaggings', {
  description: `Removes tags from contacts; the tags themselves stay. Use it for one contact and one tag as well: the API has no other operation. ${JOB}`,
  queryCost: cost.calls(1),
  argument: 'The contacts and the tags to remove.',
  input: (t) => ({
    source: t.field({
      type: ContactTaggingsSource,
      required: true,
      description: 'Contacts to remove tags from.',
    }),
    excludeContactIds: exclude(t),
    tagIds: t.idList({
      required: true,
      ...limited`Tags to remove from the contacts, ${{ minItems: 1, maxItems: limits.tags }}.`,
    }),
  }),
  payload: (t) => removal(t, 'removes tags from contacts'),
  resolve: resolvers.removeContactTaggings,
});

mutation('deleteContacts', {
  description: `Deletes contacts, or all members of lists. \`updateContact\` can revive deleted contacts one by one. ${JOB}`,
  queryCost: cost.calls(1),
  argument: 'The contacts to delete.',
  input: (t) => ({
    source: t.field({ type: DeleteContactsSource, required: true, description: 'Contacts to delete.' }),
  }),
  payload: (t) => ({
    ...startedJob(t, 'Background job that deletes contacts.'),
    deletedIds: globalIdsField(t, 'Contact', 'the deleted contacts', (payload) => payload.deletedIds, NO_IDS),
  }),
  resolve: resolvers.deleteContacts,
});

interface DeletionsOptions {
  /** The objects, as in "the deleted tags". */
  nouns: string;
  maxItems: number;
  description: string;
  resolve: ReturnType<typeof mutate<{ input: { ids: readonly string[] } }, resolvers.StartedDeletion>>;
}

/** Declares a mutation that deletes objects by their IDs in a background job. */
function deletions(
  name: string,
  type: NodeType,
  { nouns, maxItems, description, resolve }: DeletionsOptions,
) {
  mutation(name, {
    description: `${description} ${JOB}`,
    queryCost: cost.calls(1),
    argument: `The ${nouns} to delete.`,
    input: (t) => ({
      ids: t.idList({
        required: true,
        ...limited`Global IDs or Constant Contact IDs of the ${nouns}, ${{ minItems: 1, maxItems }}.`,
      }),
    }),
    payload: (t) => ({
      ...startedJob(t, `Background job that deletes ${nouns}.`),
      deletedIds: globalIdsField(t, type, `the deleted ${nouns}`, (payload) => payload.deletedIds),
    }),
    resolve,
  });
}

deletions('deleteContactLists', 'ContactList', {
  nouns: 'lists',
  maxItems: limits.deletedLists,
  description: 'Deletes contact lists; their members stay in the account.',
  resolve: resolvers.deleteContactLists,
});

deletions('deleteTags', 'Tag', {
  nouns: 'tags',
  maxItems: limits.deletedTags,
  description:
    'Deletes tags and removes them from every contact. Use `removeContactTaggings` to remove tags from some contacts.',
  resolve: resolvers.deleteTags,
});

deletions('deleteCustomFields', 'CustomField', {
  nouns: 'custom fields',
  maxItems: limits.deletedCustomFields,
  description: 'Deletes custom fields, together with their values on contacts.',
  resolve: resolvers.deleteCustomFields,
});
