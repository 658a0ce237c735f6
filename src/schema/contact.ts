import { tags } from '../loaders/tag.js';
import { contactSmsHistory } from '../loaders/contact-report.js';
import { contactLists } from '../loaders/contact-list.js';
import { contactMembers, PER_FILTER } from '../loaders/contact-members.js';
import { CONTACT_PARTS, contacts, type Contact as ContactRow } from '../loaders/contact.js';
import { MAX_EARLY_READS } from '../loaders/makers/pages.js';
import * as resolvers from '../resolvers/contact.js';
import { byReference } from '../resolvers/support/reference.js';
import { builder } from './builder.js';
import { connectionArgs, connectionType } from './connection.js';
import {
  ContactCustomField,
  ContactEmailAddress,
  ContactSource,
  Note,
  PhoneNumber,
  SmsChannel,
  SmsEngagement,
  StreetAddress,
} from './contact-detail.js';
import { ContactList } from './contact-list.js';
import { enumFields, inputEnum } from './enums.js';
import { date, dateTime, globalId, rawIdField, type InputFields } from './fields.js';
import { Node } from './node.js';
import { Tag } from './tag.js';
import { cost, distinct, type Asked } from './cost.js';

/** A guess at how many lists a contact is on, and how many tags it has. */
const LISTS = { usual: 6, most: 50 };
const TAGS = { usual: 4, most: 50 };

const Birthday = builder.objectRef<resolvers.Birthday>('Birthday');
Birthday.implement({
  description: 'A birthday. Constant Contact keeps no year.',
  fields: (t) => ({
    month: t.exposeInt('month', { nullable: false, description: 'Month, 1 to 12.' }),
    day: t.exposeInt('day', { nullable: false, description: 'Day of the month, 1 to 31.' }),
  }),
});

export const Contact = builder.objectRef<ContactRow>('Contact');
Contact.implement({
  extensions: distinct(contacts),
  description:
    'A person. Sub-resources (lists, tags, custom fields, phone numbers, street addresses, notes) cost nothing beyond the call that reads the contact, except below a segment, where the API leaves them out.',
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'Contact', 'contact_id'),
    contactId: rawIdField(t, 'contact_id', "Constant Contact's own id of the contact (a UUID)."),
    firstName: t.exposeString('first_name', { description: 'Given name, at most 50 characters.' }),
    lastName: t.exposeString('last_name', { description: 'Family name, at most 50 characters.' }),
    jobTitle: t.exposeString('job_title', { description: 'Job title, at most 50 characters.' }),
    companyName: t.exposeString('company_name', { description: 'Employer, at most 50 characters.' }),
    birthday: t.field({
      type: Birthday,
      description: 'Birthday, without a year.',
      resolve: resolvers.birthday,
    }),
    anniversary: t.exposeString('anniversary', {
      description: 'A day of the account holder’s choice, as it was entered.',
    }),
    emailAddress: t.field({
      type: ContactEmailAddress,
      description: 'Email address and permission; null for contacts who are reached by text message only.',
      resolve: resolvers.emailAddress,
    }),
    smsChannel: t.field({
      type: SmsChannel,
      description: 'Number for text messages. The API does not always tell it.',
      resolve: (contact) => contact.sms_channel,
    }),
    ...enumFields(t, 'createSource', 'create_source', ContactSource, 'Who made the contact.'),
    ...enumFields(t, 'updateSource', 'update_source', ContactSource, 'Who changed it last.'),
    createdAt: dateTime(t, 'created_at', 'When the contact was made.'),
    updatedAt: dateTime(
      t,
      'updated_at',
      'When its own details last changed. A change of permission does not move it.',
    ),
    deletedAt: date(
      t,
      'deleted_at',
      'Day on which the contact was deleted; null while it exists. A deleted contact can be revived.',
    ),
    lists: t.field({
      type: [ContactList],
      nullable: { list: true, items: false },
      description: 'Lists the contact is a member of, at most 50.',
      queryCost: cost.scan(contactLists, { rows: LISTS, misses: true, unless: ['id', 'listId'] }),
      resolve: resolvers.lists,
    }),
    tags: t.field({
      type: [Tag],
      nullable: { list: true, items: false },
      description: 'Tags of the contact, at most 50.',
      queryCost: cost.scan(tags, { rows: TAGS, unless: ['id', 'tagId'] }),
      resolve: resolvers.tags,
    }),
    customFields: t.field({
      type: [ContactCustomField],
      nullable: { list: true, items: false },
      description: 'Values in custom fields, at most 25.',
      queryCost: cost.rows(25),
      resolve: resolvers.customFields,
    }),
    phoneNumbers: t.field({
      type: [PhoneNumber],
      nullable: { list: true, items: false },
      description: 'Phone numbers, at most 3.',
      resolve: resolvers.phoneNumbers,
    }),
    streetAddresses: t.field({
      type: [StreetAddress],
      nullable: { list: true, items: false },
      description: 'Street addresses, at most 3.',
      resolve: resolvers.streetAddresses,
    }),
    notes: t.field({
      type: [Note],
      nullable: { list: true, items: false },
      description: 'Notes, newest first, at most 150.',
      resolve: resolvers.notes,
    }),
    smsEngagementHistory: t.field({
      type: [SmsEngagement],
      nullable: { list: true, items: false },
      description: 'Consents to text messages over time.',
      queryCost: cost.one(contactSmsHistory, { rows: 100 }),
      resolve: resolvers.smsEngagementHistory,
    }),
  }),
});

builder.asEntity(Contact, {
  key: [builder.selection<{ id: string }>('id'), builder.selection<{ contactId: string }>('contactId')],
  resolveReference: (key, { loaders }) =>
    byReference('Contact', key, 'contactId', (id) => loaders.contacts.load(id)),
});

builder.objectField(ContactEmailAddress, 'contact', (t) =>
  t.field({
    type: Contact,
    // Not here, but behind a gateway: where another subgraph knows an address that no contact has.
    nullable: true,
    description: 'Whose address it is; null where no contact has it.',
    queryCost: cost.none,
    resolve: ({ contact }) => contact,
  }),
);

// Other systems know people by their address rather than by a contact's id.
builder.asEntity(ContactEmailAddress, {
  key: builder.selection<{ address: string }>('address'),
  resolveReference: (key, context) => resolvers.addressByReference(key, context),
});

export const ContactConnection = connectionType('Contact', Contact, {
  of: 'contacts',
  totalCount:
    'Contacts that match the filter. Null below a segment, which the API cannot count, unless the page reaches from the first member to the last.',
  countCost: cost.calls(1, {
    due: (_n, { parentArgs }) => parentArgs['after'] != null,
    noneWhen: 'it is the first page',
  }),
});

const ContactStatus = inputEnum(
  'ContactStatus',
  'Which contacts to read, by the state of their email permission.',
  {
    ALL: { wire: 'all', description: 'Every contact, deleted ones included.' },
    ACTIVE: { wire: 'active', description: 'Those that can be mailed.' },
    DELETED: { wire: 'deleted', description: 'Deleted ones.' },
    NOT_SET: { wire: 'not_set', description: 'Those whose permission is not known.' },
    PENDING_CONFIRMATION: { wire: 'pending_confirmation', description: 'Those who have not confirmed yet.' },
    TEMP_HOLD: { wire: 'temp_hold', description: 'Those held back for the time being.' },
    UNSUBSCRIBED: { wire: 'unsubscribed', description: 'Those who opted out.' },
  },
);

const SmsStatus = inputEnum(
  'SmsStatus',
  'Which contacts to read, by the state of their consent to text messages.',
  {
    ALL: { wire: 'all', description: 'Everyone with a number.' },
    EXPLICIT: { wire: 'explicit', description: 'Those who asked for messages.' },
    UNSUBSCRIBED: { wire: 'unsubscribed', description: 'Those who opted out.' },
    PENDING_CONFIRMATION: { wire: 'pending_confirmation', description: 'Those who have not confirmed yet.' },
    NOT_SET: { wire: 'not_set', description: 'Those whose consent is not known.' },
  },
);

/** Conditions that the API combines with lists and tags. */
function conditions(t: InputFields) {
  return {
    status: t.field({
      type: [ContactStatus],
      description: 'Any of these states. When left out, all but deleted ones.',
    }),
    email: t.string({ description: 'Exactly this address.' }),
    updatedAfter: t.field({
      type: 'DateTime',
      description: 'Details changed after this time. A change of permission does not count.',
    }),
    updatedBefore: t.field({ type: 'DateTime', description: 'Details last changed before this time.' }),
    createdAfter: t.field({ type: 'DateTime', description: 'Made after this time.' }),
    createdBefore: t.field({ type: 'DateTime', description: 'Made before this time.' }),
    optedOutAfter: t.field({ type: 'DateTime', description: 'Opted out after this time.' }),
    optedOutBefore: t.field({ type: 'DateTime', description: 'Opted out before this time.' }),
    smsStatus: t.field({
      type: [SmsStatus],
      description: 'Any of these states of the consent to text messages.',
    }),
  };
}

const onAnyList = (t: InputFields) =>
  t.idList({ description: `On any of these lists; at most ${String(resolvers.FILTER_LISTS_MAX)}.` });
const withAnyTag = (t: InputFields) =>
  t.idList({ description: `With any of these tags; at most ${String(resolvers.FILTER_TAGS_MAX)}.` });

const ContactsFilter = builder.inputType('ContactsFilter', {
  description:
    'Which contacts to read. Conditions are joined by AND. The API cannot search by name, sort, or read several ids or addresses at once.',
  fields: (t) => ({
    ...conditions(t),
    listIds: onAnyList(t),
    tagIds: withAnyTag(t),
    segmentId: t.id({
      description:
        'In this segment. The API combines it with nothing else, and may need a moment to compute it.',
    }),
  }),
});

const ListContactsFilter = builder.inputType('ContactListContactsFilter', {
  description: 'Which members of a list to read. Conditions are joined by AND.',
  fields: (t) => ({ ...conditions(t), tagIds: withAnyTag(t) }),
});

const TagContactsFilter = builder.inputType('TagContactsFilter', {
  description: 'Which contacts with a tag to read. Conditions are joined by AND.',
  fields: (t) => ({ ...conditions(t), listIds: onAnyList(t) }),
});

const ContactConsentCounts = builder.objectRef<resolvers.ContactConsentCounts>('ContactConsentCounts');
ContactConsentCounts.implement({
  description: 'How many contacts the account has, by the state of their permission.',
  fields: (t) => ({
    total: t.exposeInt('total', { description: 'All contacts that are not deleted.' }),
    explicit: t.exposeInt('explicit', { description: 'Those who asked for mail.' }),
    implicit: t.exposeInt('implicit', { description: 'Those the account holder vouches for.' }),
    pending: t.exposeInt('pending', { description: 'Those who have not confirmed yet.' }),
    unsubscribed: t.exposeInt('unsubscribed', { description: 'Those who opted out.' }),
    newSubscribers: t.int({
      description: 'Those who came in the last 30 days.',
      queryCost: cost.none,
      resolve: ({ new_subscriber }) => new_subscriber,
    }),
  }),
});

const ContactXref = builder.objectRef<resolvers.ContactXref>('ContactXref');
ContactXref.implement({
  description: 'The V3 id of a contact that was known by a V2 id.',
  fields: (t) => ({
    v2Id: t.exposeID('v2Id', { nullable: false, description: 'Id in the V2 API.' }),
    contactId: t.exposeID('contactId', { nullable: false, description: 'Id in the V3 API.' }),
    contact: t.field({
      type: Contact,
      description: 'The contact itself.',
      queryCost: cost.explored(contacts),
      resolve: ({ contactId }, _args, { loaders }) => loaders.contacts.load(contactId),
    }),
  }),
});

/** The API gives members of a segment without their sub-resources. */
const ofSegment = ({ args }: Asked) =>
  (args['filter'] as { segmentId?: unknown } | undefined)?.segmentId != null;

/** Reads of members of a segment while the API still computes them. */
export const earlyReads = (due: (asked: Asked) => boolean) =>
  cost.calls(MAX_EARLY_READS, {
    usually: 0,
    counted: () => 2,
    due: (_n, asked) => due(asked),
    when: 'the API still computes the members of the segment',
  });

builder.queryFields((t) => ({
  contact: t.field({
    type: Contact,
    description:
      'One contact by id; null when it does not exist. When only reports are selected it is not read itself, and they are null then. Several contacts load together.',
    queryCost: cost.calls(2, { usually: 1 }),
    args: { id: t.arg.id({ required: true, description: 'Global or raw id of the contact.' }) },
    resolve: resolvers.contact,
  }),
  contactByEmail: t.field({
    type: Contact,
    description:
      'One contact by its exact address, deleted ones included; null when there is none. Several contacts load together.',
    queryCost: cost.calls(2, { usually: 1 }),
    args: { email: t.arg.string({ required: true, description: 'The address, at most 80 characters.' }) },
    resolve: resolvers.contactByEmail,
  }),
  contacts: t.field({
    type: ContactConnection,
    description: 'Contacts of the account.',
    queryCost: cost.all(
      cost.pages(contacts),
      earlyReads(ofSegment),
      cost.reread(contacts, {
        selects: CONTACT_PARTS.fields,
        due: (_n, asked) => ofSegment(asked),
        when: `\`filter.segmentId\` is given and their sub-resources are selected`,
      }),
    ),
    args: {
      ...connectionArgs(t.arg),
      filter: t.arg({
        type: ContactsFilter,
        description: 'Which contacts; all but deleted ones when left out.',
      }),
    },
    resolve: resolvers.contacts,
  }),
  contactConsentCounts: t.field({
    type: ContactConsentCounts,
    description: 'How many contacts the account has, by permission.',
    queryCost: cost.calls(1),
    resolve: resolvers.contactConsentCounts,
  }),
  contactXrefs: t.field({
    type: [ContactXref],
    nullable: { list: true, items: false },
    description:
      'V3 ids of contacts known by their V2 ids, for migrations; the vendor means to remove it. Unknown ids are left out.',
    queryCost: cost.all(cost.calls(1), cost.rowsOf('v2Ids')),
    args: { v2Ids: t.arg.idList({ required: true, description: 'V2 ids (numbers), at most 500.' }) },
    resolve: resolvers.contactXrefs,
  }),
}));

builder.objectField(ContactList, 'contacts', (t) =>
  t.field({
    type: ContactConnection,
    description:
      'Members of the list, deleted contacts left out. Where all members of several lists are wanted, the lists are read together.',
    queryCost: cost.members({ cost: contactMembers.cost, perFilter: PER_FILTER.lists }, contactLists, {
      along: 'membership counts',
      all: contacts,
    }),
    args: {
      ...connectionArgs(t.arg),
      filter: t.arg({
        type: ListContactsFilter,
        description: 'Which members; all but deleted ones when left out.',
      }),
      status: t.arg({
        type: [ContactStatus],
        description: 'Any of these states.',
        deprecationReason: 'Use `filter.status`.',
      }),
    },
    resolve: resolvers.contactsOfList,
  }),
);

builder.objectField(Tag, 'contacts', (t) =>
  t.field({
    type: ContactConnection,
    description:
      'Contacts with this tag, deleted ones left out. Where all contacts of several tags are wanted, the tags are read together.',
    queryCost: cost.members({ cost: contactMembers.cost, perFilter: PER_FILTER.tags }, tags, {
      along: 'contact counts',
      all: contacts,
    }),
    args: {
      ...connectionArgs(t.arg),
      filter: t.arg({
        type: TagContactsFilter,
        description: 'Which contacts; all but deleted ones when left out.',
      }),
      status: t.arg({
        type: [ContactStatus],
        description: 'Any of these states.',
        deprecationReason: 'Use `filter.status`.',
      }),
    },
    resolve: resolvers.contactsOfTag,
  }),
);
