import { contactLists, type ContactList as ContactListRow } from '../loaders/contact-list.js';
import type { BulkActivity as BulkActivityRow } from '../loaders/bulk-activity.js';
import * as resolvers from '../resolvers/contact-list.js';
import { byReference } from '../resolvers/support/reference.js';
import { startedJob } from './bulk-activity.js';
import { builder } from './builder.js';
import { connectionArgs, connectionType, edgeField } from './connection.js';
import { inputEnum } from './enums.js';
import { dateTime, globalId, rawIdField, requiredText } from './fields.js';
import { Node } from './node.js';
import { deletedIdField, payloadType } from './payload.js';
import { cost, distinct } from './cost.js';
import { KEPT } from './update-words.js';

export const ContactList = builder.objectRef<ContactListRow>('ContactList');

ContactList.implement({
  extensions: distinct(contactLists),
  description:
    'A list that contacts are members of and that campaigns are sent to. An account has at most 1,000.',
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'ContactList', 'list_id'),
    listId: rawIdField(t, 'list_id', "Constant Contact's own id of the list (a UUID)."),
    name: requiredText(t, 'name', 'Name, unique in the account, at most 255 characters.'),
    description: t.exposeString('description', { description: 'Free text for the account owner.' }),
    favorite: t.exposeBoolean('favorite', {
      description: 'Whether the account marks the list as a favourite.',
    }),
    createdAt: dateTime(t, 'created_at', 'When the list was made.'),
    updatedAt: dateTime(t, 'updated_at', 'When its name, description or favourite mark last changed.'),
    deletedAt: dateTime(t, 'deleted_at', 'When the list was deleted; null while it exists.'),
    membershipCount: t.int({
      description: 'Members, mailable or not.',
      queryCost: cost.scan(contactLists, {
        along: 'membership counts',
        misses: true,
        noneWhen:
          'the list came from `contactLists` or `contactList`, whose reads include one of the two counts',
      }),
      resolve: (list, _args, context) => resolvers.membershipCount(list, 'all', context),
    }),
    activeMembershipCount: t.int({
      description: 'Members that can be mailed.',
      queryCost: cost.scan(contactLists, {
        along: 'active membership counts',
        misses: true,
        noneWhen:
          'the list came from `contactLists` or `contactList`, whose reads include one of the two counts',
      }),
      resolve: (list, _args, context) => resolvers.membershipCount(list, 'active', context),
    }),
  }),
});

builder.asEntity(ContactList, {
  key: [builder.selection<{ id: string }>('id'), builder.selection<{ listId: string }>('listId')],
  resolveReference: (key, { loaders }) =>
    byReference('ContactList', key, 'listId', (id) => loaders.contactLists.named.load(id)),
});

const ContactListConnection = connectionType('ContactList', ContactList, {
  of: 'contact lists',
  totalCount: 'Lists that match the filter.',
  countCost: cost.calls(1, {
    due: (_n, { parentArgs }) => parentArgs['after'] != null,
    noneWhen: 'it is the first page',
  }),
});

const ContactListStatus = inputEnum('ContactListStatus', 'Which lists to read.', {
  ALL: { wire: 'all', description: 'Existing and deleted ones.' },
  ACTIVE: { wire: 'active', description: 'Existing ones.' },
  DELETED: { wire: 'deleted', description: 'Deleted ones.' },
});

const ContactListChannel = inputEnum('ContactListChannel', 'What the members of a list are reached by.', {
  EMAIL: { wire: 'email', description: 'Lists for email.' },
  SMS: { wire: 'sms', description: 'Lists for text messages.' },
});

const ContactListsFilter = builder.inputType('ContactListsFilter', {
  description: 'Which lists to read. Conditions are joined by AND.',
  fields: (t) => ({
    name: t.string({ description: 'Only the list with exactly this name.' }),
    status: t.field({ type: ContactListStatus, description: 'ACTIVE when left out.' }),
    channel: t.field({ type: ContactListChannel, description: 'EMAIL when left out.' }),
  }),
});

const ContactListXref = builder.objectRef<resolvers.ContactListXref>('ContactListXref').implement({
  description: 'The V3 id of a list that was known by a V2 id.',
  fields: (t) => ({
    v2Id: t.exposeID('v2Id', { nullable: false, description: 'Id in the V2 API.' }),
    listId: t.exposeID('listId', { nullable: false, description: 'Id in the V3 API.' }),
    contactList: t.field({
      type: ContactList,
      description: 'The list itself.',
      queryCost: cost.scan(contactLists, { misses: true }),
      resolve: ({ listId }, _args, { loaders }) => loaders.contactLists.load(listId),
    }),
  }),
});

builder.queryFields((t) => ({
  contactList: t.field({
    type: ContactList,
    description: 'One list; null when it does not exist.',
    queryCost: cost.scan(contactLists, { misses: true }),
    args: { id: t.arg.id({ required: true, description: 'Global or raw id of the list.' }) },
    resolve: resolvers.contactList,
  }),
  contactLists: t.field({
    type: ContactListConnection,
    description: 'Lists of the account.',
    queryCost: cost.pages(contactLists),
    args: {
      ...connectionArgs(t.arg),
      filter: t.arg({
        type: ContactListsFilter,
        description: 'Which lists; all existing email lists when left out.',
      }),
    },
    resolve: resolvers.contactLists,
  }),
  contactListXrefs: t.field({
    type: [ContactListXref],
    nullable: { list: true, items: false },
    description:
      'V3 ids of lists known by their V2 ids, for migrations; the vendor means to remove it. Unknown ids are left out.',
    queryCost: cost.all(cost.calls(1), cost.rowsOf('v2Ids')),
    args: {
      v2Ids: t.arg.idList({
        required: true,
        description: `V2 ids (numbers), at most ${String(resolvers.XREFS_MAX)}.`,
      }),
    },
    resolve: resolvers.contactListXrefs,
  }),
}));

const CreateContactListInput = builder.inputType('CreateContactListInput', {
  description: 'A new list.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Name, unique in the account, at most 255 characters.' }),
    description: t.string({ description: 'Free text for the account owner.' }),
    favorite: t.boolean({ description: 'Marks the list as a favourite. False when left out.' }),
  }),
});

const UpdateContactListInput = builder.inputType('UpdateContactListInput', {
  description: `Changes to a list. ${KEPT}`,
  fields: (t) => ({
    id: t.id({ required: true, description: 'Global or raw id of the list.' }),
    name: t.string({
      description: 'New name, unique in the account, at most 255 characters. It cannot be emptied.',
    }),
    description: t.string({ description: 'New text; null empties it.' }),
    favorite: t.boolean({ description: 'New mark; null is the same as false.' }),
  }),
});

const DeleteContactListInput = builder.inputType('DeleteContactListInput', {
  description: 'The list to delete.',
  fields: (t) => ({ id: t.id({ required: true, description: 'Global or raw id of the list.' }) }),
});

const CreateContactListPayload = payloadType<{ contactList: ContactListRow }>(
  'CreateContactListPayload',
  'What came of `createContactList`.',
  (t) => ({
    contactList: t.expose('contactList', { type: ContactList, description: 'The new list.' }),
    contactListEdge: edgeField(t, ContactListConnection, 'the new list', (payload) => payload.contactList),
  }),
);

const UpdateContactListPayload = payloadType<{ contactList: ContactListRow }>(
  'UpdateContactListPayload',
  'What came of `updateContactList`.',
  (t) => ({
    contactList: t.expose('contactList', { type: ContactList, description: 'The list after the change.' }),
  }),
);

const DeleteContactListPayload = payloadType<{ bulkActivity: BulkActivityRow; deletedListId: string }>(
  'DeleteContactListPayload',
  'What came of `deleteContactList`.',
  (t) => ({
    ...startedJob(t, 'The job that deletes the list; it takes a while.'),
    deletedId: deletedIdField(
      t,
      'ContactList',
      'the list that is being deleted',
      (payload) => payload.deletedListId,
    ),
    deletedListId: t.id({
      description: 'Raw id of the list that is being deleted.',
      resolve: (payload) => payload.deletedListId,
    }),
  }),
);

builder.mutationFields((t) => ({
  createContactList: t.field({
    type: CreateContactListPayload,
    description: 'Makes a list.',
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: CreateContactListInput, required: true, description: 'The new list.' }) },
    resolve: resolvers.createContactList,
  }),
  updateContactList: t.field({
    type: UpdateContactListPayload,
    description: 'Changes a list. The API replaces lists whole, so the list is read first.',
    queryCost: cost.calls(2),
    args: { input: t.arg({ type: UpdateContactListInput, required: true, description: 'The changes.' }) },
    resolve: resolvers.updateContactList,
  }),
  deleteContactList: t.field({
    type: DeleteContactListPayload,
    description:
      'Deletes a list; its members stay in the account. It starts a job. To delete several, `deleteContactLists`.',
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: DeleteContactListInput, required: true, description: 'The list.' }) },
    resolve: resolvers.deleteContactList,
  }),
}));
