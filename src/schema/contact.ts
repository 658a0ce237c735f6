import { tags } from '../loaders/tag.js';
import { contactSmsHistory } from '../loaders/contact-report.js';
import { contactLists } from '../loaders/contact-list.js';
import { contactMembers } from '../loaders/contact-members.js';
import {
  CONTACT_PARTS,
  contacts,
  FILTER_MAX,
  partOfSegment,
  type Contact as ContactRow,
} from '../loaders/contact.js';
import { MAX_EARLY_READS } from '../loaders/makers/pages.js';
import * as resolvers from '../resolvers/contact.js';
import { CONTACT_REPORTS } from '../resolvers/support/contact-row.js';
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
import { entity } from './entity.js';
import { enumFields } from './enums.js';
import { date, dateTime, globalId, rawIdField } from './fields.js';
import { Node } from './node.js';
import { Tag } from './tag.js';
import { cost, distinct, type Asked } from './cost.js';
import { named } from './named.js';
import { limited } from './limits.js';
import { ContactsFilter, ContactStatus, ListContactsFilter, TagContactsFilter } from './contact-filter.js';

/** Estimated numbers of lists and of tags of a contact. */
const LISTS = { usual: 6, most: 50 };
const TAGS = { usual: 2, extra: 4, most: 50 };

const Birthday = builder.objectRef<resolvers.Birthday>('Birthday').implement({
  description: 'A birthday. Constant Contact stores no year.',
  fields: (t) => ({
    month: t.exposeInt('month', { nullable: false, description: 'Month, 1 to 12.' }),
    day: t.exposeInt('day', { nullable: false, description: 'Day of the month, 1 to 31.' }),
  }),
});

export const Contact = builder.objectRef<ContactRow>('Contact').implement({
  extensions: distinct(contacts),
  description:
    'A person in the account. Its sub-resources (lists, tags, custom fields, phone numbers, street addresses, notes) are read together with the contact, except for contacts of a segment, where the API omits them.',
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'Contact', 'contact_id'),
    contactId: rawIdField(t, 'contact_id', 'Constant Contact ID (UUID).'),
    firstName: t.exposeString('first_name', { description: 'First name, at most 50 characters.' }),
    lastName: t.exposeString('last_name', { description: 'Last name, at most 50 characters.' }),
    jobTitle: t.exposeString('job_title', { description: 'Job title, at most 50 characters.' }),
    companyName: t.exposeString('company_name', { description: 'Employer, at most 50 characters.' }),
    birthday: t.field({
      type: Birthday,
      description: 'Birthday, without a year.',
      resolve: resolvers.birthday,
    }),
    anniversary: t.exposeString('anniversary', {
      description: 'Anniversary, in the format in which it was entered.',
    }),
    emailAddress: t.field({
      type: ContactEmailAddress,
      description:
        'Email address, with its permission. `null` for contacts that are reached by text message only.',
      resolve: resolvers.emailAddress,
    }),
    smsChannel: t.expose('sms_channel', {
      type: SmsChannel,
      description: 'Phone number for text messages. The API does not always include it.',
    }),
    ...enumFields(t, 'createSource', 'create_source', ContactSource, 'Party that created the contact.'),
    ...enumFields(t, 'updateSource', 'update_source', ContactSource, 'Party that last changed the contact.'),
    createdAt: dateTime(t, 'created_at', 'When the contact was created.'),
    updatedAt: dateTime(
      t,
      'updated_at',
      'When details of the contact last changed. A change of permission does not count.',
    ),
    deletedAt: date(
      t,
      'deleted_at',
      'Date on which the contact was deleted. `null` while it exists. A deleted contact can be revived.',
    ),
    lists: t.field({
      type: [ContactList],
      description: 'Lists of the contact, at most 50.',
      queryCost: cost.scan(contactLists, { rows: LISTS, misses: true, unless: ['id', 'listId'] }),
      resolve: resolvers.lists,
    }),
    tags: t.field({
      type: [Tag],
      description: 'Tags of the contact, at most 50.',
      queryCost: cost.scan(tags, { rows: TAGS, unless: ['id', 'tagId'] }),
      resolve: resolvers.tags,
    }),
    customFields: t.field({
      type: [ContactCustomField],
      description: 'Values of custom fields, usually at most 25.',
      queryCost: cost.rows(25),
      resolve: resolvers.customFields,
    }),
    phoneNumbers: t.field({
      type: [PhoneNumber],
      description: 'Phone numbers, at most 3.',
      resolve: resolvers.phoneNumbers,
    }),
    streetAddresses: t.field({
      type: [StreetAddress],
      description: 'Street addresses, at most 3.',
      resolve: resolvers.streetAddresses,
    }),
    notes: t.field({
      type: [Note],
      description: 'Notes, newest first, at most 150.',
      resolve: resolvers.notes,
    }),
    smsEngagementHistory: t.field({
      type: [SmsEngagement],
      description: 'History of the consents to text messages.',
      queryCost: cost.one(contactSmsHistory, { rows: 100 }),
      resolve: resolvers.smsEngagementHistory,
    }),
  }),
});

entity(Contact, 'Contact', 'contactId', (id, { loaders }) => loaders.contacts.load(id));

builder.objectField(ContactEmailAddress, 'contact', (t) =>
  t.expose('contact', {
    type: Contact,
    // Behind a gateway, another subgraph may reference an address that no contact has.
    nullable: true,
    description: 'Contact with this address. `null` when no contact has it.',
    queryCost: cost.none,
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
    'Number of contacts that match the filter, not only on this page. `null` for the contacts of a segment, which the API cannot count, unless one page holds all of them.',
  countCost: cost.calls(1, {
    due: (_n, { parentArgs }) => parentArgs['after'] != null,
    noneWhen: 'the page is the first one',
  }),
});

const ContactConsentCounts = builder.objectRef<resolvers.ContactConsentCounts>('ContactConsentCounts');
ContactConsentCounts.implement({
  description: 'Numbers of contacts in the account, by their permission to receive email.',
  fields: (t) => ({
    total: t.exposeInt('total', { description: 'Contacts that are not deleted.' }),
    explicit: t.exposeInt('explicit', { description: 'Contacts with explicit permission: they opted in.' }),
    implicit: t.exposeInt('implicit', { description: 'Contacts with implied permission.' }),
    pending: t.exposeInt('pending', {
      description: 'Contacts that have not yet confirmed their email address.',
    }),
    unsubscribed: t.exposeInt('unsubscribed', { description: 'Contacts that unsubscribed from email.' }),
    newSubscribers: t.exposeInt('new_subscriber', {
      description: 'Contacts that were added in the last 30 days.',
      queryCost: cost.none,
    }),
  }),
});

const ContactXref = builder.objectRef<resolvers.ContactXref>('ContactXref').implement({
  description: 'The V3 ID of a contact that has a V2 ID.',
  fields: (t) => ({
    v2Id: t.exposeID('v2Id', { nullable: false, description: 'Contact ID in the V2 API.' }),
    contactId: t.exposeID('contactId', {
      nullable: false,
      description: 'Contact ID in the V3 API, which is the `contactId` of the contact.',
    }),
    contact: t.field({
      type: Contact,
      description: 'The contact. `null` when it no longer exists.',
      queryCost: cost.explored(contacts),
      resolve: ({ contactId }, _args, { loaders }) => loaders.contacts.load(contactId),
    }),
  }),
});

/** The API returns members of a segment without their sub-resources. */
const ofSegment = ({ args }: Asked) =>
  (args['filter'] as { segmentId?: unknown } | undefined)?.segmentId != null;

const partOfFilter = ({ args }: Asked) =>
  named('Segment', (args['filter'] as { segmentId?: unknown } | undefined)?.segmentId, partOfSegment);

/** Reads of members of a segment while the API is still computing them. */
export const earlyReads = (due: (asked: Asked) => boolean) =>
  cost.calls(MAX_EARLY_READS, {
    usually: 0,
    counted: () => 1,
    due: (_n, asked) => due(asked),
    when: 'the API is still computing a segment',
  });

builder.queryFields((t) => ({
  contact: t.field({
    type: Contact,
    description:
      'A contact by its ID. `null` when it does not exist. When only reports are selected, the contact itself is not read, and reports of a missing contact are `null`. Several contacts in one query are loaded together.',
    queryCost: cost.calls(2, {
      usually: 1,
      due: (_n, asked) => !asked.has(CONTACT_REPORTS) || !asked.only(['id', 'contactId', ...CONTACT_REPORTS]),
      noneWhen: 'only reports are selected',
    }),
    args: {
      id: t.arg.id({ required: true, description: 'Global ID or Constant Contact ID of the contact.' }),
    },
    resolve: resolvers.contact,
  }),
  contactByEmail: t.field({
    type: Contact,
    description:
      'A contact by its exact email address, also when it is deleted. `null` when it does not exist. Several contacts in one query are loaded together.',
    queryCost: cost.calls(2, { usually: 1 }),
    args: {
      email: t.arg.string({
        required: true,
        ...limited`Email address, ${{ minLength: 1, maxLength: resolvers.EMAIL_MAX }}.`,
      }),
    },
    resolve: resolvers.contactByEmail,
  }),
  contacts: t.field({
    type: ContactConnection,
    description: 'Contacts of the account, optionally filtered.',
    queryCost: cost.all(
      cost.pages(contacts, { part: partOfFilter }),
      earlyReads(ofSegment),
      cost.reread(contacts, {
        part: partOfFilter,
        selects: CONTACT_PARTS.fields,
        due: (_n, asked) => ofSegment(asked),
        when: 'sub-resources are selected with `filter.segmentId`',
      }),
    ),
    args: {
      ...connectionArgs(t.arg),
      filter: t.arg({
        type: ContactsFilter,
        description: 'Filter. Default: all contacts except deleted ones.',
      }),
    },
    resolve: resolvers.contacts,
  }),
  contactConsentCounts: t.field({
    type: ContactConsentCounts,
    description: 'Numbers of contacts in the account, by permission.',
    queryCost: cost.calls(1),
    resolve: resolvers.contactConsentCounts,
  }),
  contactXrefs: t.field({
    type: [ContactXref],
    description:
      'V3 IDs of contacts by their V2 IDs, for migrations from the V2 API. Unknown IDs are omitted. Constant Contact plans to remove this operation.',
    queryCost: cost.all(cost.calls(1), cost.rowsOf('v2Ids')),
    args: {
      v2Ids: t.arg.idList({
        required: true,
        ...limited`V2 IDs (numbers) of contacts, ${{ maxItems: resolvers.XREFS_MAX }}.`,
      }),
    },
    resolve: resolvers.contactXrefs,
  }),
}));

builder.objectField(ContactList, 'contacts', (t) =>
  t.field({
    type: ContactConnection,
    description:
      'Members of the list, by default without deleted contacts. When all members of several lists are requested, the lists are read together.',
    queryCost: cost.members({ cost: contactMembers.cost, perFilter: FILTER_MAX.lists }, contactLists, {
      along: 'membership counts',
      all: contacts,
    }),
    args: {
      ...connectionArgs(t.arg),
      filter: t.arg({
        type: ListContactsFilter,
        description: 'Filter. Default: all members except deleted contacts.',
      }),
      status: t.arg({
        type: [ContactStatus],
        description: 'Statuses of the contacts, any of which matches.',
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
      'Contacts with this tag, by default without deleted ones. When all contacts of several tags are requested, the tags are read together.',
    queryCost: cost.members({ cost: contactMembers.cost, perFilter: FILTER_MAX.tags }, tags, {
      along: 'contact counts',
      all: contacts,
    }),
    args: {
      ...connectionArgs(t.arg),
      filter: t.arg({
        type: TagContactsFilter,
        description: 'Filter. Default: all contacts except deleted ones.',
      }),
      status: t.arg({
        type: [ContactStatus],
        description: 'Statuses of the contacts, any of which matches.',
        deprecationReason: 'Use `filter.status`.',
      }),
    },
    resolve: resolvers.contactsOfTag,
  }),
);
