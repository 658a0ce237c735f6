import { FILTER_MAX } from '../loaders/contact.js';
import { EMAIL_MAX } from '../resolvers/contact.js';
import { builder } from './builder.js';
import { inputEnum } from './enums.js';
import type { InputFields } from './fields.js';
import { limited } from './limits.js';

export const ContactStatus = inputEnum(
  'ContactStatus',
  'Status of contacts, by their permission to receive email.',
  {
    ALL: { wire: 'all', description: 'All contacts, including deleted ones.' },
    ACTIVE: { wire: 'active', description: 'Contacts that can be emailed.' },
    DELETED: { wire: 'deleted', description: 'Deleted contacts.' },
    NOT_SET: { wire: 'not_set', description: 'Contacts whose permission is unknown.' },
    PENDING_CONFIRMATION: {
      wire: 'pending_confirmation',
      description: 'Contacts that have not yet confirmed their email address.',
    },
    TEMP_HOLD: { wire: 'temp_hold', description: 'Contacts that are temporarily on hold.' },
    UNSUBSCRIBED: { wire: 'unsubscribed', description: 'Contacts that unsubscribed from email.' },
  },
);

const SmsStatus = inputEnum('SmsStatus', 'Status of contacts, by their consent to text messages.', {
  ALL: { wire: 'all', description: 'All contacts with a phone number for text messages.' },
  EXPLICIT: { wire: 'explicit', description: 'Contacts that opted in to text messages.' },
  UNSUBSCRIBED: { wire: 'unsubscribed', description: 'Contacts that opted out of text messages.' },
  PENDING_CONFIRMATION: {
    wire: 'pending_confirmation',
    description: 'Contacts that have not yet confirmed their consent.',
  },
  NOT_SET: { wire: 'not_set', description: 'Contacts whose consent is unknown.' },
});

/** Conditions that the API combines with lists and tags. */
function conditions(t: InputFields) {
  return {
    status: t.field({
      type: [ContactStatus],
      ...limited`Contacts with any of these statuses, ${{ minItems: 1 }}. Default: all contacts except deleted ones.`,
    }),
    email: t.string(
      limited`The contact whose email address equals this text, ${{ minLength: 1, maxLength: EMAIL_MAX }}.`,
    ),
    updatedAfter: t.field({
      type: 'DateTime',
      description: 'Contacts whose details changed after this time. A change of permission does not count.',
    }),
    updatedBefore: t.field({
      type: 'DateTime',
      description: 'Contacts whose details last changed before this time.',
    }),
    createdAfter: t.field({ type: 'DateTime', description: 'Contacts created after this time.' }),
    createdBefore: t.field({ type: 'DateTime', description: 'Contacts created before this time.' }),
    optedOutAfter: t.field({ type: 'DateTime', description: 'Contacts that unsubscribed after this time.' }),
    optedOutBefore: t.field({
      type: 'DateTime',
      description: 'Contacts that unsubscribed before this time.',
    }),
    smsStatus: t.field({
      type: [SmsStatus],
      description: 'Contacts with any of these statuses of the consent to text messages.',
    }),
  };
}

const onAnyList = (t: InputFields) =>
  t.idList(limited`Contacts on any of these lists, ${{ minItems: 1, maxItems: FILTER_MAX.lists }} IDs.`);
const withAnyTag = (t: InputFields) =>
  t.idList(limited`Contacts with any of these tags, ${{ minItems: 1, maxItems: FILTER_MAX.tags }} IDs.`);

export const ContactsFilter = builder.inputType('ContactsFilter', {
  description:
    'Filters for contacts. A contact matches when it meets all of them. The API cannot search by name, sort contacts, or filter by several IDs or email addresses.',
  fields: (t) => ({
    ...conditions(t),
    listIds: onAnyList(t),
    tagIds: withAnyTag(t),
    segmentId: t.id({
      description:
        'Contacts in this segment. It cannot be combined with other filters, and the API may first take a while to compute the contacts.',
    }),
  }),
});

export const ListContactsFilter = builder.inputType('ContactListContactsFilter', {
  description: 'Filters for members of a list. A member matches when it meets all of them.',
  fields: (t) => ({ ...conditions(t), tagIds: withAnyTag(t) }),
});

export const TagContactsFilter = builder.inputType('TagContactsFilter', {
  description: 'Filters for contacts with a tag. A contact matches when it meets all of them.',
  fields: (t) => ({ ...conditions(t), listIds: onAnyList(t) }),
});
