import { contactLists, type ContactList as ContactListRow } from '../loaders/contact-list.js';
import * as resolvers from '../resolvers/contact-list.js';
import { builder } from './builder.js';
import { connectionArgs, connectionType, edgeField } from './connection.js';
import { deletion } from './deletion.js';
import { entity } from './entity.js';
import { inputEnum } from './enums.js';
import { dateTime, globalId, rawIdField, requiredText } from './fields.js';
import { Node } from './node.js';
import { cost, distinct } from './cost.js';
import { mutation } from './mutation.js';
import { KEPT } from './update-words.js';
import { limited } from './limits.js';

export const ContactList = builder.objectRef<ContactListRow>('ContactList').implement({
  extensions: distinct(contactLists),
  description: 'A list of contacts, which campaigns can be sent to. An account has at most 1,000 lists.',
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'ContactList', 'list_id'),
    listId: rawIdField(t, 'list_id', 'Constant Contact ID (UUID).'),
    name: requiredText(t, 'name', 'Name, unique in the account, at most 255 characters.'),
    description: t.exposeString('description', {
      description: 'Free text about the list, for the account owner.',
    }),
    favorite: t.exposeBoolean('favorite', {
      description: 'True when the list is marked as a favourite.',
    }),
    createdAt: dateTime(t, 'created_at', 'When the list was created.'),
    updatedAt: dateTime(
      t,
      'updated_at',
      'When the name, description or favourite mark of the list last changed.',
    ),
    deletedAt: dateTime(t, 'deleted_at', 'When the list was deleted. `null` while it exists.'),
    membershipCount: t.int({
      description: 'Number of members, including those that cannot be emailed.',
      queryCost: cost.scan(contactLists, {
        along: 'membership counts',
        misses: true,
        noneWhen:
          'the list came from `contactLists` or `contactList`, whose reads include one of the two counts',
      }),
      resolve: (list, _args, context) => resolvers.membershipCount(list, 'all', context),
    }),
    activeMembershipCount: t.int({
      description: 'Number of members that can be emailed.',
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

entity(ContactList, 'ContactList', 'listId', (id, { loaders }) => loaders.contactLists.named.load(id));

const ContactListConnection = connectionType('ContactList', ContactList, {
  of: 'contact lists',
  totalCount: 'Number of lists that match the filter, not only on this page.',
  countCost: cost.calls(1, {
    due: (_n, { parentArgs }) => parentArgs['after'] != null,
    noneWhen: 'the page is the first one',
  }),
});

const ContactListStatus = inputEnum('ContactListStatus', 'Status that contact lists are filtered by.', {
  ALL: { wire: 'all', description: 'Existing and deleted lists.' },
  ACTIVE: { wire: 'active', description: 'Existing lists.' },
  DELETED: { wire: 'deleted', description: 'Deleted lists.' },
});

const ContactListChannel = inputEnum(
  'ContactListChannel',
  'Channel by which the members of a list are reached.',
  {
    EMAIL: { wire: 'email', description: 'Lists for email.' },
    SMS: { wire: 'sms', description: 'Lists for text messages.' },
  },
);

const ContactListsFilter = builder.inputType('ContactListsFilter', {
  description: 'Filters for contact lists. A list matches when it meets all of them.',
  fields: (t) => ({
    name: t.string(
      limited`The list whose name equals this text, ${{ minLength: 1, maxLength: resolvers.LIST_NAME_MAX }}.`,
    ),
    status: t.field({ type: ContactListStatus, description: 'Lists with this status. Default: ACTIVE.' }),
    channel: t.field({ type: ContactListChannel, description: 'Lists for this channel. Default: EMAIL.' }),
  }),
});

const ContactListXref = builder.objectRef<resolvers.ContactListXref>('ContactListXref').implement({
  description: 'The V3 ID of a contact list that has a V2 ID.',
  fields: (t) => ({
    v2Id: t.exposeID('v2Id', { nullable: false, description: 'List ID in the V2 API.' }),
    listId: t.exposeID('listId', {
      nullable: false,
      description: 'List ID in the V3 API, which is the `listId` of the list.',
    }),
    contactList: t.field({
      type: ContactList,
      description: 'The contact list. `null` when it no longer exists.',
      queryCost: cost.scan(contactLists, { misses: true }),
      resolve: ({ listId }, _args, { loaders }) => loaders.contactLists.load(listId),
    }),
  }),
});

builder.queryFields((t) => ({
  contactList: t.field({
    type: ContactList,
    description: 'A contact list by its ID. `null` when it does not exist.',
    queryCost: cost.scan(contactLists, { misses: true }),
    args: { id: t.arg.id({ required: true, description: 'Global ID or Constant Contact ID of the list.' }) },
    resolve: resolvers.contactList,
  }),
  contactLists: t.field({
    type: ContactListConnection,
    description: 'Contact lists of the account.',
    queryCost: cost.pages(contactLists),
    args: {
      ...connectionArgs(t.arg),
      filter: t.arg({
        type: ContactListsFilter,
        description: 'Filter. Default: all existing lists for email.',
      }),
    },
    resolve: resolvers.contactLists,
  }),
  contactListXrefs: t.field({
    type: [ContactListXref],
    description:
      'V3 IDs of contact lists by their V2 IDs, for migrations from the V2 API. Unknown IDs are omitted. Constant Contact plans to remove this operation.',
    queryCost: cost.all(cost.calls(1), cost.rowsOf('v2Ids')),
    args: {
      v2Ids: t.arg.idList({
        required: true,
        ...limited`V2 IDs (numbers) of lists, ${{ minItems: 1, maxItems: resolvers.XREFS_MAX }}.`,
      }),
    },
    resolve: resolvers.contactListXrefs,
  }),
}));

mutation('createContactList', {
  description: 'Creates a contact list.',
  queryCost: cost.calls(1),
  argument: 'The new list.',
  input: (t) => ({
    name: t.string({
      required: true,
      ...limited`Name, unique in the account, ${{ minLength: 1, maxLength: resolvers.LIST_NAME_MAX }}.`,
    }),
    description: t.string({ description: 'Free text about the list, for the account owner.' }),
    favorite: t.boolean({ description: 'True to mark the list as a favourite. Default: false.' }),
  }),
  payload: (t) => ({
    contactList: t.expose('contactList', { type: ContactList, description: 'The new list.' }),
    contactListEdge: edgeField(t, ContactListConnection, 'the new list', (payload) => payload.contactList),
  }),
  resolve: resolvers.createContactList,
});

mutation('updateContactList', {
  description: 'Updates a contact list. The API replaces the whole list, so it is read first.',
  queryCost: cost.calls(2),
  argument: 'The new values.',
  inputNote: KEPT,
  input: (t) => ({
    id: t.id({ required: true, description: 'Global ID or Constant Contact ID of the list.' }),
    name: t.string(
      limited`New name, unique in the account, ${{ minLength: 1, maxLength: resolvers.LIST_NAME_MAX }}. It ${{ nullable: false }}.`,
    ),
    description: t.string({ description: 'New description.' }),
    favorite: t.boolean({
      description: 'True to mark the list as a favourite. `null` is the same as false.',
    }),
  }),
  payload: (t) => ({
    contactList: t.expose('contactList', { type: ContactList, description: 'The updated list.' }),
  }),
  resolve: resolvers.updateContactList,
});

deletion('deleteContactList', 'ContactList', {
  noun: 'list',
  rawIdField: 'deletedListId',
  description:
    'Deletes a contact list; its members stay in the account. Starts a background job. Use `deleteContactLists` to delete several.',
  startsJob: true,
  resolve: resolvers.deleteContactList,
});
