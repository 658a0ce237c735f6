import type { BulkActivity as BulkActivityRow } from '../loaders/bulk-activity.js';
import { BULK_LIMITS as limits } from '../resolvers/bulk-source.js';
import * as resolvers from '../resolvers/bulk-write.js';
import { builder } from './builder.js';
import type { InputFields } from './fields.js';
import { startedJob } from './bulk-activity.js';
import { globalIdsField, payloadType } from './payload.js';
import type { NodeType } from '../resolvers/support/global-id.js';
import { cost } from './cost.js';
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

const AddListMembershipsInput = builder.inputType('AddListMembershipsInput', {
  description: 'Input of `addListMemberships`.',
  fields: (t) => ({
    source: t.field({ type: AddListMembershipsSource, required: true, description: 'Contacts to add.' }),
    excludeContactIds: exclude(t),
    listIds: t.idList({
      required: true,
      ...limited`Lists to add the contacts to, ${{ minItems: 1, maxItems: limits.lists }}. A contact is on at most 50 lists.`,
    }),
  }),
});

const RemoveListMembershipsInput = builder.inputType('RemoveListMembershipsInput', {
  description: 'Input of `removeListMemberships`.',
  fields: (t) => ({
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
});

const AddContactTaggingsInput = builder.inputType('AddContactTaggingsInput', {
  description: 'Input of `addContactTaggings`.',
  fields: (t) => ({
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
});

const RemoveContactTaggingsInput = builder.inputType('RemoveContactTaggingsInput', {
  description: 'Input of `removeContactTaggings`.',
  fields: (t) => ({
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
});

const DeleteContactsInput = builder.inputType('DeleteContactsInput', {
  description: 'Input of `deleteContacts`.',
  fields: (t) => ({
    source: t.field({ type: DeleteContactsSource, required: true, description: 'Contacts to delete.' }),
  }),
});

const idsInput = (mutation: `delete${string}`, what: string, max: number) =>
  builder.inputType(`${mutation.replace(/^d/, 'D')}Input`, {
    description: `Input of \`${mutation}\`.`,
    fields: (t) => ({
      ids: t.idList({
        required: true,
        ...limited`Global IDs or Constant Contact IDs of the ${what}, ${{ minItems: 1, maxItems: max }}.`,
      }),
    }),
  });
const DeleteContactListsInput = idsInput('deleteContactLists', 'lists', limits.deletedLists);
const DeleteTagsInput = idsInput('deleteTags', 'tags', limits.deletedTags);
const DeleteCustomFieldsInput = idsInput('deleteCustomFields', 'custom fields', limits.deletedCustomFields);

const payloadName = (mutation: string) => `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Payload`;
const job = (does: string) => `Background job that ${does}.`;

const started = (mutation: string, does: string) =>
  payloadType<{ bulkActivity: BulkActivityRow }>(
    payloadName(mutation),
    `Return type of \`${mutation}\`.`,
    (t) => startedJob(t, job(does)),
  );
const NO_IDS = { nullWhen: '`source` has no `contactIds`' };
const removing = (mutation: string, does: string) =>
  payloadType<resolvers.StartedRemoval>(payloadName(mutation), `Return type of \`${mutation}\`.`, (t) => ({
    ...startedJob(t, job(does)),
    removedIds: globalIdsField(
      t,
      'Contact',
      'the contacts in `contactIds`',
      (payload) => payload.removedIds,
      NO_IDS,
    ),
  }));
const deleting = (mutation: string, type: NodeType, what: string) =>
  payloadType<resolvers.StartedDeletion>(payloadName(mutation), `Return type of \`${mutation}\`.`, (t) => ({
    ...startedJob(t, job(`deletes ${what}`)),
    deletedIds: globalIdsField(
      t,
      type,
      `the deleted ${what}`,
      (payload) => payload.deletedIds,
      type === 'Contact' ? NO_IDS : {},
    ),
  }));
const AddListMembershipsPayload = started('addListMemberships', 'adds contacts to lists');
const RemoveListMembershipsPayload = removing('removeListMemberships', 'removes contacts from lists');
const AddContactTaggingsPayload = started('addContactTaggings', 'adds tags to contacts');
const RemoveContactTaggingsPayload = removing('removeContactTaggings', 'removes tags from contacts');
const DeleteContactsPayload = deleting('deleteContacts', 'Contact', 'contacts');
const DeleteContactListsPayload = deleting('deleteContactLists', 'ContactList', 'lists');
const DeleteTagsPayload = deleting('deleteTags', 'Tag', 'tags');
const DeleteCustomFieldsPayload = deleting('deleteCustomFields', 'CustomField', 'custom fields');

const JOB = 'Starts a background job.';

builder.mutationFields((t) => ({
  addListMemberships: t.field({
    type: AddListMembershipsPayload,
    description: `Adds contacts to lists. Their permission stays unchanged; unsubscribed contacts are not added. ${JOB}`,
    queryCost: cost.calls(1),
    args: {
      input: t.arg({
        type: AddListMembershipsInput,
        required: true,
        description: 'The contacts and the lists to add them to.',
      }),
    },
    resolve: resolvers.addListMemberships,
  }),
  removeListMemberships: t.field({
    type: RemoveListMembershipsPayload,
    description: `Removes contacts from lists; they stay in the account. ${JOB}`,
    queryCost: cost.calls(1),
    args: {
      input: t.arg({
        type: RemoveListMembershipsInput,
        required: true,
        description: 'The contacts and the lists to remove them from.',
      }),
    },
    resolve: resolvers.removeListMemberships,
  }),
  addContactTaggings: t.field({
    type: AddContactTaggingsPayload,
    description: `Adds tags to contacts. ${JOB}`,
    queryCost: cost.calls(1),
    args: {
      input: t.arg({
        type: AddContactTaggingsInput,
        required: true,
        description: 'The contacts and the tags to add.',
      }),
    },
    resolve: resolvers.addContactTaggings,
  }),
  removeContactTaggings: t.field({
    type: RemoveContactTaggingsPayload,
    description: `Removes tags from contacts; the tags themselves stay. Use it for one contact and one tag as well: the API has no other operation. ${JOB}`,
    queryCost: cost.calls(1),
    args: {
      input: t.arg({
        type: RemoveContactTaggingsInput,
        required: true,
        description: 'The contacts and the tags to remove.',
      }),
    },
    resolve: resolvers.removeContactTaggings,
  }),
  deleteContacts: t.field({
    type: DeleteContactsPayload,
    description: `Deletes contacts, or all members of lists. \`updateContact\` can revive deleted contacts one by one. ${JOB}`,
    queryCost: cost.calls(1),
    args: {
      input: t.arg({ type: DeleteContactsInput, required: true, description: 'The contacts to delete.' }),
    },
    resolve: resolvers.deleteContacts,
  }),
  deleteContactLists: t.field({
    type: DeleteContactListsPayload,
    description: `Deletes contact lists; their members stay in the account. ${JOB}`,
    queryCost: cost.calls(1),
    args: {
      input: t.arg({ type: DeleteContactListsInput, required: true, description: 'The lists to delete.' }),
    },
    resolve: resolvers.deleteContactLists,
  }),
  deleteTags: t.field({
    type: DeleteTagsPayload,
    description: `Deletes tags and removes them from every contact. Use \`removeContactTaggings\` to remove tags from some contacts. ${JOB}`,
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: DeleteTagsInput, required: true, description: 'The tags to delete.' }) },
    resolve: resolvers.deleteTags,
  }),
  deleteCustomFields: t.field({
    type: DeleteCustomFieldsPayload,
    description: `Deletes custom fields, together with their values on contacts. ${JOB}`,
    queryCost: cost.calls(1),
    args: {
      input: t.arg({
        type: DeleteCustomFieldsInput,
        required: true,
        description: 'The custom fields to delete.',
      }),
    },
    resolve: resolvers.deleteCustomFields,
  }),
}));
