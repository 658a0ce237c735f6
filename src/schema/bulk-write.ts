import type { BulkActivity as BulkActivityRow } from '../loaders/bulk-activity.js';
import { BULK_LIMITS as limits } from '../resolvers/bulk-source.js';
import * as resolvers from '../resolvers/bulk-write.js';
import { builder } from './builder.js';
import { startedJob } from './bulk-activity.js';
import { globalIdsField, payloadType } from './payload.js';
import type { NodeType } from '../resolvers/support/global-id.js';
import { cost } from './cost.js';

type InputFields = PothosSchemaTypes.InputFieldBuilder<(typeof builder)['$inferSchemaTypes'], 'InputObject'>;

const ONE = 'The contacts that are meant: exactly one of these.';

function groups(t: InputFields) {
  return {
    contactIds: t.idList({ description: `These contacts, at most ${limits.contacts}.` }),
    listIds: t.idList({ description: `Members of any of these lists, at most ${limits.lists}.` }),
  };
}

function switches(t: InputFields) {
  return {
    tagIds: t.idList({ description: `Contacts with any of these tags, at most ${limits.tags}.` }),
    allActiveContacts: t.boolean({ description: 'Set to true for everybody who can be mailed.' }),
  };
}

const engagementLevel = (t: InputFields) =>
  t.string({
    description: 'Contacts that engage this much: high, for example. The vendor gives no list of levels.',
  });

const newSubscribers = (t: InputFields) =>
  t.boolean({ description: 'Set to true for those who came in lately.' });

const AddListMembershipsSource = builder.inputType('AddListMembershipsSource', {
  description: ONE,
  isOneOf: true,
  fields: (t) => ({
    ...groups(t),
    ...switches(t),
    segmentId: t.id({ description: 'Contacts in this segment.' }),
    engagementLevel: engagementLevel(t),
  }),
});

const RemoveListMembershipsSource = builder.inputType('RemoveListMembershipsSource', {
  description: ONE,
  isOneOf: true,
  fields: (t) => ({
    ...groups(t),
    ...switches(t),
    engagementLevel: engagementLevel(t),
    newSubscribers: newSubscribers(t),
  }),
});

const ContactTaggingsSource = builder.inputType('ContactTaggingsSource', {
  description: ONE,
  isOneOf: true,
  fields: (t) => ({
    ...groups(t),
    ...switches(t),
    newSubscribers: newSubscribers(t),
  }),
});

const DeleteContactsSource = builder.inputType('DeleteContactsSource', {
  description: ONE,
  isOneOf: true,
  fields: (t) => ({
    contactIds: t.idList({ description: `These contacts, at most ${limits.contacts}.` }),
    listIds: t.idList({
      description: `Every member of these lists, at most ${limits.lists}. The members are deleted, not the lists.`,
    }),
  }),
});

const exclude = (t: InputFields) =>
  t.idList({
    description: `Contacts to leave out, at most ${limits.exclude}. Goes with the sources allActiveContacts and listIds only.`,
  });

const AddListMembershipsInput = builder.inputType('AddListMembershipsInput', {
  description: 'Contacts, and lists to put them on.',
  fields: (t) => ({
    source: t.field({ type: AddListMembershipsSource, required: true, description: 'Which contacts.' }),
    excludeContactIds: exclude(t),
    listIds: t.idList({
      required: true,
      description: `Lists to put them on, 1 to ${limits.lists}. A contact is on at most 50.`,
    }),
  }),
});

const RemoveListMembershipsInput = builder.inputType('RemoveListMembershipsInput', {
  description: 'Contacts, and lists to take them off.',
  fields: (t) => ({
    source: t.field({ type: RemoveListMembershipsSource, required: true, description: 'Which contacts.' }),
    excludeContactIds: exclude(t),
    listIds: t.idList({ required: true, description: `Lists to take them off, 1 to ${limits.lists}.` }),
  }),
});

const AddContactTaggingsInput = builder.inputType('AddContactTaggingsInput', {
  description: 'Contacts, and tags to give them.',
  fields: (t) => ({
    source: t.field({ type: ContactTaggingsSource, required: true, description: 'Which contacts.' }),
    excludeContactIds: exclude(t),
    tagIds: t.idList({
      required: true,
      description: `Tags to give them, 1 to ${limits.tags}. A contact has at most 50.`,
    }),
  }),
});

const RemoveContactTaggingsInput = builder.inputType('RemoveContactTaggingsInput', {
  description: 'Contacts, and tags to take off them.',
  fields: (t) => ({
    source: t.field({ type: ContactTaggingsSource, required: true, description: 'Which contacts.' }),
    excludeContactIds: exclude(t),
    tagIds: t.idList({ required: true, description: `Tags to take off them, 1 to ${limits.tags}.` }),
  }),
});

const DeleteContactsInput = builder.inputType('DeleteContactsInput', {
  description: 'Contacts to delete.',
  fields: (t) => ({
    source: t.field({ type: DeleteContactsSource, required: true, description: 'Which contacts.' }),
  }),
});

const idsInput = (name: string, description: string, what: string, max: number) =>
  builder.inputType(name, {
    description,
    fields: (t) => ({
      ids: t.idList({ required: true, description: `Global or raw ids of the ${what}, 1 to ${max}.` }),
    }),
  });
const DeleteContactListsInput = idsInput(
  'DeleteContactListsInput',
  'Lists to delete.',
  'lists',
  limits.deletedLists,
);
const DeleteTagsInput = idsInput('DeleteTagsInput', 'Tags to delete.', 'tags', limits.deletedTags);
const DeleteCustomFieldsInput = idsInput(
  'DeleteCustomFieldsInput',
  'Custom fields to delete.',
  'fields',
  limits.deletedCustomFields,
);

const payloadName = (mutation: string) => `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Payload`;
const job = (does: string) => `The job that ${does}; it takes a while.`;

const started = (mutation: string, does: string) =>
  payloadType<{ bulkActivity: BulkActivityRow }>(
    payloadName(mutation),
    `What came of \`${mutation}\`.`,
    (t) => startedJob(t, job(does)),
  );
const NO_IDS = { nullWhen: '`source` names no contacts' };
const removing = (mutation: string, does: string) =>
  payloadType<resolvers.StartedRemoval>(payloadName(mutation), `What came of \`${mutation}\`.`, (t) => ({
    ...startedJob(t, job(does)),
    removedIds: globalIdsField(
      t,
      'Contact',
      'the contacts that are taken off',
      (payload) => payload.removedIds,
      NO_IDS,
    ),
  }));
const deleting = (mutation: string, type: NodeType, what: string) =>
  payloadType<resolvers.StartedDeletion>(payloadName(mutation), `What came of \`${mutation}\`.`, (t) => ({
    ...startedJob(t, job(`deletes ${what}`)),
    deletedIds: globalIdsField(
      t,
      type,
      `the ${what} that are being deleted`,
      (payload) => payload.deletedIds,
      type === 'Contact' ? NO_IDS : {},
    ),
  }));
const AddListMembershipsPayload = started('addListMemberships', 'puts contacts on lists');
const RemoveListMembershipsPayload = removing('removeListMemberships', 'takes contacts off lists');
const AddContactTaggingsPayload = started('addContactTaggings', 'gives contacts tags');
const RemoveContactTaggingsPayload = removing('removeContactTaggings', 'takes tags off contacts');
const DeleteContactsPayload = deleting('deleteContacts', 'Contact', 'contacts');
const DeleteContactListsPayload = deleting('deleteContactLists', 'ContactList', 'lists');
const DeleteTagsPayload = deleting('deleteTags', 'Tag', 'tags');
const DeleteCustomFieldsPayload = deleting('deleteCustomFields', 'CustomField', 'custom fields');

const JOB = 'It starts a job.';

builder.mutationFields((t) => ({
  addListMemberships: t.field({
    type: AddListMembershipsPayload,
    description: `Puts contacts on lists; their permission stays as it is, and those who opted out are put on none. ${JOB}`,
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: AddListMembershipsInput, required: true, description: 'Who, and where.' }) },
    resolve: resolvers.addListMemberships,
  }),
  removeListMemberships: t.field({
    type: RemoveListMembershipsPayload,
    description: `Takes contacts off lists; they stay in the account. ${JOB}`,
    queryCost: cost.calls(1),
    args: {
      input: t.arg({ type: RemoveListMembershipsInput, required: true, description: 'Who, and from where.' }),
    },
    resolve: resolvers.removeListMemberships,
  }),
  addContactTaggings: t.field({
    type: AddContactTaggingsPayload,
    description: `Gives contacts tags. ${JOB}`,
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: AddContactTaggingsInput, required: true, description: 'Who, and what.' }) },
    resolve: resolvers.addContactTaggings,
  }),
  removeContactTaggings: t.field({
    type: RemoveContactTaggingsPayload,
    description: `Takes tags off contacts; the tags themselves stay. It serves one contact and one tag as well as many: the API has one operation for both. ${JOB}`,
    queryCost: cost.calls(1),
    args: {
      input: t.arg({ type: RemoveContactTaggingsInput, required: true, description: 'Who, and what.' }),
    },
    resolve: resolvers.removeContactTaggings,
  }),
  deleteContacts: t.field({
    type: DeleteContactsPayload,
    description: `Deletes contacts, or every member of lists. Deleted contacts can be brought back one by one with \`updateContact\`. ${JOB}`,
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: DeleteContactsInput, required: true, description: 'Who.' }) },
    resolve: resolvers.deleteContacts,
  }),
  deleteContactLists: t.field({
    type: DeleteContactListsPayload,
    description: `Deletes lists; their members stay in the account. ${JOB}`,
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: DeleteContactListsInput, required: true, description: 'Which lists.' }) },
    resolve: resolvers.deleteContactLists,
  }),
  deleteTags: t.field({
    type: DeleteTagsPayload,
    description: `Deletes tags, which takes them off every contact. To take tags off some contacts, \`removeContactTaggings\`. ${JOB}`,
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: DeleteTagsInput, required: true, description: 'Which tags.' }) },
    resolve: resolvers.deleteTags,
  }),
  deleteCustomFields: t.field({
    type: DeleteCustomFieldsPayload,
    description: `Deletes custom fields with the values that contacts have in them. ${JOB}`,
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: DeleteCustomFieldsInput, required: true, description: 'Which fields.' }) },
    resolve: resolvers.deleteCustomFields,
  }),
}));
